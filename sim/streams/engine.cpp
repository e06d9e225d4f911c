#include "sim/streams/engine.h"

#include <algorithm>

#include "sim/streams/format.h"
#include "sim/streams/format_schema.h"
#include "sim/streams/parser.h"
#include "sim/streams/unknown.h"

namespace nutshell::streams {

void Engine::execute(const Statement& s, Complaint& complaint, std::string& out) {
  switch (s.verb) {
    case Verb::create_source: return create_source(s, complaint, out);
    case Verb::create_as: return create_as(s, complaint, out);
    case Verb::insert_select: return insert_select(s, complaint, out);
    case Verb::insert_values: return insert_values(s, complaint);
    case Verb::select: {
      const Table table = select(*s.select, complaint);
      if (complaint.any()) return;
      for (const Row& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? " | " : "") + value_text(row[i], table.columns[i].type);
        out += "\n";
      }
      if (table.limit_reached) out += "Limit Reached\n";
      return;
    }
    case Verb::drop: return drop(s, complaint, out);
    case Verb::terminate:
    case Verb::pause:
    case Verb::resume: return end_query(s, complaint, out);
    case Verb::create_type: {
      if (catalog.types.count(s.name) > 0 && !s.lenient)
        complaint.say("E18", s.name_at, "There is a type " + s.name + " already; DROP TYPE it first.");
      const Type type = resolved(s.type, catalog, s.name_at, complaint);
      if (!complaint.any()) catalog.types.emplace(s.name, type);
      return;
    }
    case Verb::drop_type:
      if (catalog.types.erase(s.name) == 0 && !s.lenient) complaint.say("E4", s.name_at, "There is no type " + s.name + ".");
      return;
    case Verb::set:
      catalog.settings[s.name] = s.word;
      out += "Successfully changed local property '" + s.name + "' to '" + s.word + "'. Use the UNSET command to revert your change.\n";
      return;
    case Verb::unset: {
      const auto was = catalog.settings.find(s.name);
      if (was == catalog.settings.end())
        return complaint.say("E4", s.name_at, "Nothing is set for '" + s.name + "'; SHOW PROPERTIES lists what is.");
      out += "Successfully unset local property '" + s.name + "' (value was '" + was->second + "').\n";
      catalog.settings.erase(was);
      return;
    }
    case Verb::show: return show(s, out);
    case Verb::describe: return describe(s, complaint, out);
    case Verb::explain: return explain(s, complaint, out);
    case Verb::print: return print(s, complaint, out);
    case Verb::alter: complaint.say("E1", s.at, "ALTER is not possible here; CREATE OR REPLACE adds columns."); return;
    case Verb::connector: complaint.say("E1", s.at, "There are no connectors here: they run on Connect workers."); return;
    case Verb::define:
    case Verb::undefine:
    case Verb::assert_something: return;
  }
}

namespace {

// Reserved, and twice the same (E18).
void check_columns(const Statement& s, Complaint& complaint) {
  for (std::size_t i = 0; i < s.columns.size(); ++i) {
    const ColumnClause& c = s.columns[i];
    if (is_pseudo_column(c.name))
      complaint.say("E18", c.at, c.name + " is a name that every source has for itself; name the column otherwise.");
    for (std::size_t j = 0; j < i; ++j) {
      if (s.columns[j].name == c.name) complaint.say("E18", c.at, "There are two columns " + c.name + "; name one otherwise.");
    }
    if (s.table && c.mark == KeyMark::key) {
      complaint.say("E18", c.at,
                    "A table has a PRIMARY KEY, one row for each; write " + quoted_name(c.name) + " " + type_text(c.type) +
                        " PRIMARY KEY.");
    }
    if (!s.table && c.mark == KeyMark::primary_key) {
      complaint.say(
          "E18", c.at,
          "A stream has a KEY, which many rows may share; write " + quoted_name(c.name) + " " + type_text(c.type) + " KEY.");
    }
    if (c.type.base == Base::map && c.mark == KeyMark::key)
      complaint.say("E17", c.at, "A key cannot be a MAP, whose order is not defined.");
  }
  const bool keyed =
      std::any_of(s.columns.begin(), s.columns.end(), [](const ColumnClause& c) { return c.mark == KeyMark::primary_key; });
  if (s.table && !keyed && !complaint.any()) {
    const std::string example =
        s.columns.empty() ? "ID VARCHAR" : quoted_name(s.columns[0].name) + " " + type_text(s.columns[0].type);
    complaint.say("E18", s.name_at, "A table needs a PRIMARY KEY; write " + example + " PRIMARY KEY.");
  }
}

// Names of streams and tables are letters, digits, _ and - even in quotes (S2).
void check_source_name(const Statement& s, Complaint& complaint) {
  const bool fine = std::all_of(s.name.begin(), s.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!fine || s.name.empty())
    complaint.say(
        "E18", s.name_at,
        "The name of a stream or table has letters, digits, _ and - only, even in quotes; '" + s.name + "' has others.");
}

// A column of headers has the type that headers have.
void check_header(const Column& column, Place at, Complaint& complaint) {
  if (!column.of_headers()) return;
  Type pair = simple(Base::structure);
  pair.names = {"KEY", "VALUE"};
  pair.of = {simple(Base::text), simple(Base::bytes)};
  const bool all = column.mark == KeyMark::headers;
  if (!(column.type == (all ? array_of(pair) : simple(Base::bytes))))
    complaint.say("E19", at,
                  (all ? "HEADERS is ARRAY<STRUCT<key STRING, value BYTES>>" : "A HEADER is BYTES") + std::string(", not ") +
                      type_text(column.type) + ".");
}

Columns columns_of(const Statement& s, const Catalog& catalog, Complaint& complaint) {
  Columns columns;
  for (const bool keys : {true, false}) {
    for (const ColumnClause& c : s.columns) {
      const bool key = c.mark == KeyMark::key || c.mark == KeyMark::primary_key;
      if (key != keys) continue;
      columns.push_back({c.name, resolved(c.type, catalog, c.at, complaint), key, c.mark, c.header});
      check_header(columns.back(), c.at, complaint);
    }
  }
  return columns;
}

void check_stamp(const Properties& with, Complaint& complaint) {
  const Source& source = with.source;
  if (source.timestamp_column.empty()) return;
  std::vector<std::string> names;
  for (const Column& c : source.columns) {
    names.push_back(c.name);
    if (c.name != source.timestamp_column) continue;
    const bool text = c.type.base == Base::text;
    if (text && source.timestamp_format.empty())
      complaint.say(
          "E19", with.stamp_at,
          "TIMESTAMP is the VARCHAR column " + c.name + "; say how to read it, as TIMESTAMP_FORMAT='yyyy-MM-dd HH:mm:ss'.");
    if (!text && !source.timestamp_format.empty())
      complaint.say("E19", with.stamp_at,
                    "TIMESTAMP_FORMAT is for a VARCHAR column; " + c.name + " is " + type_text(c.type) + ".");
    if (!text && c.type.base != Base::bigint && c.type.base != Base::timestamp) {
      complaint.say("E19", with.stamp_at,
                    "TIMESTAMP wants a BIGINT, TIMESTAMP or VARCHAR column; " + c.name + " is " + type_text(c.type) + ".");
    }
    return;
  }
  complaint.say(
      "E5", with.stamp_at,
      "TIMESTAMP names no column of it: " + source.timestamp_column + "." + did_you_mean(source.timestamp_column, names));
}

void check_source(const Statement& s, Properties& with, Complaint& complaint) {
  Source& source = with.source;
  const std::size_t keys = key_count(source.columns);
  const Columns key_columns(source.columns.begin(), source.columns.begin() + static_cast<std::ptrdiff_t>(keys));
  const Columns value_columns = columns_of_side(source, false);
  if (!with.topic)
    complaint.say("E16", s.name_at, "Say which topic holds the rows: WITH (KAFKA_TOPIC='" + lower(s.name) + "', ...).");
  if (!with.value_format) complaint.say("E16", s.name_at, "VALUE_FORMAT is missing; add VALUE_FORMAT='JSON' to WITH.");
  if (keys == 0) {
    // A format that is given waits for a query that makes a key.
    if (!with.key_format) source.key_format.kind = FormatKind::none;
    if (source.window != WindowKind::none)
      complaint.say("E16", s.name_at, "Windows are part of the key, but no column is the key; mark one KEY.");
  }
  if (with.wrap && value_columns.size() != 1)
    complaint.say(
        "E16", s.name_at,
        "WRAP_SINGLE_VALUE is for one value column, but there are " + std::to_string(value_columns.size()) + "; leave it out.");
  if (with.wrap && !source.value_format.wrapped && source.value_format.kind == FormatKind::protobuf)
    complaint.say("E16", s.name_at, "PROTOBUF has messages only, so that no value stands alone; leave WRAP_SINGLE_VALUE=false out.");
  if (with.wrap && source.value_format.wrapped && !is_structured(source.value_format.kind))
    complaint.say("E16", s.name_at, "WRAP_SINGLE_VALUE is for the formats JSON, JSON_SR and AVRO; leave it out.");
  std::string wrong = unsupported(source.key_format, key_columns, true);
  if (wrong.empty()) wrong = unsupported(source.value_format, value_columns, false);
  if (!wrong.empty()) complaint.say("E17", s.name_at, wrong);
  if (!may_unwrap(source.value_format.kind)) source.value_format.wrapped = true;
  check_stamp(with, complaint);
}

}  // namespace

void apply_settings(Properties& with, const std::map<std::string, std::string>& settings) {
  const auto named = [&settings](const char* name, FormatKind& kind) {
    const auto found = settings.find(name);
    if (found == settings.end()) return false;
    for (const FormatKind each : kFormatKinds) {
      if (!same_word(found->second, format_name(each))) continue;
      kind = each;
      return true;
    }
    return false;
  };
  if (!with.value_format) with.value_format = named("ksql.persistence.default.format.value", with.source.value_format.kind);
  if (!with.key_format) with.key_format = named("ksql.persistence.default.format.key", with.source.key_format.kind);
}

namespace {

// Whether one value column is to stand bare although the statement does not say so.
bool unwraps(const Source& source, bool said, const std::map<std::string, std::string>& settings) {
  const auto found = settings.find("ksql.persistence.wrap.single.values");
  const bool single = source.columns.size() == key_count(source.columns) + 1 && may_unwrap(source.value_format.kind);
  return !said && single && found != settings.end() && same_word(found->second, "false");
}

}  // namespace

bool Engine::may_create(const Statement& s, Complaint& complaint, std::string& out) {
  check_source_name(s, complaint);
  const Source* there = catalog.find(s.name);
  if (s.replace && s.source_only)
    complaint.say("E18", s.at,
                  "A SOURCE is read only and cannot be replaced; leave OR REPLACE out, and DROP it first if it is there.");
  if (!there || complaint.any()) return !complaint.any();
  if (s.lenient) {
    out += "There is a " + std::string(there->table ? "table " : "stream ") + s.name + " already; nothing is done.\n";
    return false;
  }
  if (s.replace) {
    if (there->table != s.table)
      complaint.say("E18", s.name_at,
                    s.name + " is a " + (there->table ? "table" : "stream") + ", which cannot become the other.");
    if (there->source_only)
      complaint.say("E18", s.name_at, s.name + " is a SOURCE, which is read only; it cannot be replaced.");
    return !complaint.any();
  }
  complaint.say("E18", s.name_at,
                "There is a " + std::string(there->table ? "table " : "stream ") + s.name +
                    " already; DROP it first, write CREATE OR REPLACE, or another name.");
  return false;
}

// How many partitions the topic has, made if it has to be (E16).
int Engine::ensure_topic(const std::string& topic, int asked, bool must_ask, Place at, Complaint& complaint) {
  auto found = catalog.topics.find(topic);
  if (found == catalog.topics.end() && catalog.partitions_of_unknown_topics > 0 && asked == 0) {
    found = catalog.topics.emplace(topic, catalog.partitions_of_unknown_topics).first;
  }
  if (found == catalog.topics.end()) {
    if (asked == 0 && must_ask) {
      complaint.say("E16", at, "Topic '" + topic + "' does not exist; to have it made add PARTITIONS=1, or more, to WITH.");
      return 1;
    }
    return catalog.topics.emplace(topic, std::max(asked, 1)).first->second;
  }
  if (asked != 0 && asked != found->second) {
    complaint.say("E16", at,
                  "Topic '" + topic + "' has " + std::to_string(found->second) + " partitions, not " + std::to_string(asked) +
                      "; leave PARTITIONS out, or name another topic.");
  }
  return found->second;
}

void Engine::create_source(const Statement& given, Complaint& complaint, std::string& out) {
  if (!may_create(given, complaint, out)) return;
  Properties with = read_properties(given.properties, true, complaint);
  apply_settings(with, catalog.settings);
  Statement s = given;
  if (!complaint.any()) take_given_schemas(s, with.source, catalog, complaint);
  if (!complaint.any()) infer_columns(s, with.source, catalog, complaint);
  check_columns(s, complaint);
  if (!s.has_columns || s.columns.empty()) {
    complaint.say("E18", s.name_at,
                  "There are no columns; write CREATE " + std::string(s.table ? "TABLE " : "STREAM ") + s.name +
                      " (ID VARCHAR " + (s.table ? "PRIMARY KEY" : "KEY") + ", ...).");
  }
  if (complaint.any()) return;
  Source& source = with.source;
  source.name = s.name;
  source.table = s.table;
  source.columns = columns_of(s, catalog, complaint);
  source.source_only = s.source_only;
  source.text = s.text;
  if (complaint.any()) return;
  if (unwraps(source, with.wrap, catalog.settings)) source.value_format.wrapped = false;
  check_source(s, with, complaint);
  if (complaint.any()) return;
  source.partitions = ensure_topic(source.topic, with.partitions ? source.partitions : 0, true, s.name_at, complaint);
  if (!complaint.any()) register_schemas(source, s.name_at, catalog.registry, complaint);
  if (complaint.any()) return;
  catalog.sources[s.name] = source;
  ++commands_;
  out += (s.table ? "Table " : "Stream ") + s.name + " created\n";
}

namespace {

void fill_target(Target& target, const Properties& with) {
  target.sink = with.source;
  target.key_format_given = with.key_format;
  target.value_format_given = with.value_format;
  target.partitions_given = with.partitions;
  target.stamp_at = with.stamp_at;
  target.wrap_given = with.wrap;
}

}  // namespace

void Engine::create_as(const Statement& s, Complaint& complaint, std::string& out) {
  if (!may_create(s, complaint, out)) return;
  const Properties with = read_properties(s.properties, false, complaint);
  if (complaint.any()) return;
  Target target;
  fill_target(target, with);
  target.persistent = true;
  target.table_wanted = s.table;
  target.at = s.name_at;
  target.query_id = (s.table ? "CTAS_" : "CSAS_") + s.name + "_" + std::to_string(commands_ + 1);
  Source& sink = target.sink;
  sink.name = s.name;
  sink.text = s.text;
  sink.query = target.query_id;
  const auto prefix = catalog.settings.find("ksql.output.topic.name.prefix");
  if (!with.topic) sink.topic = (prefix == catalog.settings.end() ? "" : prefix->second) + s.name;
  Plan plan = plan_query(*s.select, catalog, target, complaint);
  if (complaint.any()) return;
  if (with.source.retention_ms >= 0 && s.table && sink.window == WindowKind::none) {
    complaint.say("E16", s.name_at,
                  "RETENTION_MS is for streams and windowed tables; a table keeps the last row of each key. Leave it out.");
    return;
  }
  const Source* there = catalog.find(s.name);
  if (there && !there->query.empty()) {
    queries_.erase(std::remove_if(queries_.begin(), queries_.end(), [&](const Query& q) { return q.id == there->query; }),
                   queries_.end());
    plan.query_id = sink.query = there->query;
  }
  const bool known = catalog.topics.count(sink.topic) > 0;
  sink.partitions = ensure_topic(sink.topic, known && !with.partitions ? 0 : sink.partitions, false, s.name_at, complaint);
  if (complaint.any()) return;
  if (unwraps(sink, with.wrap, catalog.settings)) sink.value_format.wrapped = false;
  take_given_schemas(s, sink, catalog, complaint);
  if (!complaint.any()) register_schemas(sink, s.name_at, catalog.registry, complaint);
  if (complaint.any()) return;
  plan.steps.back().source = sink;
  catalog.sources[s.name] = sink;
  start(s, std::move(plan), out);
}

void Engine::insert_select(const Statement& s, Complaint& complaint, std::string& out) {
  const Source* sink = catalog.find(s.name);
  if (!sink) {
    complaint.say("E4", s.name_at, no_such_source(catalog, s.name));
    return;
  }
  if (sink->table)
    complaint.say(
        "E15", s.name_at,
        "INSERT INTO adds rows to a stream, but " + s.name + " is a table, whose rows come from its own query or topic.");
  if (sink->source_only)
    complaint.say("E15", s.name_at, s.name + " is a SOURCE, which is read only; nothing is written to it.");
  if (complaint.any()) return;
  Target target;
  target.persistent = true;
  target.existing = true;
  target.at = s.name_at;
  target.sink = *sink;
  target.query_id = "INSERTQUERY_" + std::to_string(commands_ + 1);
  for (const Property& p : s.properties) {
    if (p.name == "QUERY_ID" && p.value.node == Node::text_literal) target.query_id = upper(p.value.text);
    else complaint.say("E16", p.at, "WITH of an INSERT INTO knows QUERY_ID only.");
  }
  target.key_format_given = true;
  Plan plan = plan_query(*s.select, catalog, target, complaint);
  if (!complaint.any()) start(s, std::move(plan), out);
}

void Engine::start(const Statement& s, Plan plan, std::string& out) {
  ++commands_;
  Query query = started(std::move(plan));
  query.text = s.text;
  out += "Created query with ID " + query.id + "\n";
  queries_.push_back(std::move(query));
}

}  // namespace nutshell::streams
