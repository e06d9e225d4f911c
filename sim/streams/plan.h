// What a query does with rows, step by step (P1-P7): a value that no run changes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/streams/aggregate.h"
#include "sim/streams/code.h"
#include "sim/streams/schema.h"

namespace nutshell::streams {

enum class StepKind : std::uint8_t {
  source,       // a topic, read
  filter,       // WHERE, HAVING
  project,      // columns computed from columns; also PARTITION BY
  spread,       // table functions: a row for each element
  group,        // the key of GROUP BY, and what the aggregates take
  rekey,        // a new key before a join
  repartition,  // written to a topic and read again by the task that owns the key
  aggregate,
  stream_table_join,
  stream_stream_join,
  table_table_join,
  foreign_key_join,
  sink,
};

struct Step {
  StepKind kind = StepKind::source;
  // As the plan of ksqlDB names it (P2): "Aggregate".
  std::string name;
  // The step that takes its rows, -1 for none, and as which of its two inputs.
  int next = -1;
  int side = 0;
  // The sub-topology: what runs in one task.
  int part = 0;
  // Rows are changes of a table: they carry what was there before.
  bool table = false;
  // How many columns its rows have; the first `keys` are the key.
  std::size_t width = 0;
  std::size_t keys = 0;
  // How the key is written: in topics, and to order and find it in stores.
  Columns key_columns;
  Format key_format;

  // source, sink; the columns of its two sides, as the topic's records have them.
  Source source;
  Columns sides[2];
  // A table is kept here, to know what was there before.
  bool kept = false;

  // filter
  Code condition;

  // project, group, rekey: the columns that come out. spread: these, of which `lists` says which are lists. Of PARTITION BY
  // `lists` says which parts of the key come from the old one alone.
  std::vector<Code> values;
  std::vector<std::uint8_t> lists;
  // The key stays what it is.
  bool same_key = true;

  // repartition
  std::string topic;
  int partitions = 1;

  // aggregate: its input has `keys` columns, then the arguments of each aggregate in turn.
  std::vector<Aggregate> aggregates;
  std::vector<std::size_t> arguments;
  WindowKind window = WindowKind::none;
  std::int64_t size = 0;
  std::int64_t advance = 0;
  std::int64_t retention = 0;
  std::int64_t grace = 0;
  bool final = false;

  // joins: the row is that of the left, that of the right and, unless by a foreign key, the key.
  JoinSide join = JoinSide::inner;
  std::size_t widths[2] = {0, 0};
  // Where the key is in the rows of each side.
  std::size_t key_at[2] = {0, 0};
  std::int64_t before = 0;
  std::int64_t after = 0;
  // Unmatched rows wait for the end of their grace.
  bool parked = false;
  // Of a foreign key join: what of the left row is the right one's key.
  Code foreign;

  // sink: column of the output that stamps it, or -1.
  int stamp = -1;

  // The names of its stores, "" where there is none.
  std::string stores[3];
};

// What runs in one task: it reads partition p of each of its topics.
struct SubTopology {
  std::vector<std::string> topics;
  int tasks = 1;
};

struct Plan {
  std::string query_id;
  // In front of the names of internal topics (P1).
  std::string application;
  std::vector<Step> steps;
  std::vector<SubTopology> parts;
  // What comes out. A push query's columns are all values.
  Columns output;
  bool table = false;
  WindowKind window = WindowKind::none;
  std::int64_t window_size = 0;
  std::int64_t limit = -1;
  // Names of the sources that it reads.
  std::vector<std::string> reads;
  std::string writes;
};

// The internal topics and stores, as a listing.
std::string plan_text(const Plan& plan);
std::string store_topic(const Plan& plan, const std::string& store);

// How a statement's query is to be carried out.
struct Target {
  std::string query_id;
  // The sink with what WITH says of it; no sink for a push query.
  bool persistent = false;
  Source sink;
  // Formats that WITH named; otherwise they come from the left-most source.
  bool key_format_given = false;
  bool value_format_given = false;
  bool partitions_given = false;
  bool wrap_given = false;
  // INSERT INTO an existing stream: its columns must be met.
  bool existing = false;
  bool table_wanted = false;
  Place at;
  // WITH (TIMESTAMP = ...)
  Place stamp_at;
};

// Plans a query. Fills in what the target's sink comes to be: columns, formats, window, partitions.
Plan plan_query(const Select& select, const Catalog& catalog, Target& target, Complaint& complaint);

// Whether the name stands in the expression.
bool contains_name(const Expression& e, std::string_view name);
// Names that a column may not have (S13).
bool is_pseudo_column(std::string_view name);

}  // namespace nutshell::streams
