// A query at work, moment by moment: rows come into their topics at given times, tasks read them a little later, and all that
// happens is written down. Any moment can then be shown without running anything again (picture.h).
//
// Two have one: statements and rows without a cluster (film_of), where each record takes one hop from a task to a topic and one
// from a topic to a task, and the ksqlDB servers of a world (cluster/ksql_film.h).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/types.h"
#include "sim/streams/film_setup.h"
#include "sim/streams/task.h"

namespace nutshell::streams {

enum class FilmKind : std::uint8_t {
  written,  // a record stands at the end of a partition
  read,     // a task takes a record
  dropped,  // ... and nothing comes of it
  noted,    // a step of a task did something with a row
  // Only where servers run the tasks:
  assigned,  // a server is given the task, with empty stores
  logged,    // the task has sent what a store holds now to its changelog: a record with this `mark`
  restored,  // a record with this `mark` is read from the changelog into the store
  ready,     // its changelogs are read to their ends
  standing,  // a server keeps a copy of the task's stores; `offset` records are read so far
  closed     // the server gives the task, or its copy, up, or has died
};

struct FilmEvent {
  Time at = 0;
  FilmKind kind = FilmKind::written;
  int row = 0;         // the number of the row that came in and led to it, from 1
  int query = -1;      // of read, dropped, noted, and of what a task has written
  int part = -1;       // the same: of the task
  int partition = -1;  // of the task, or of the topic
  std::string topic;   // of written and read
  std::int64_t offset = -1;
  // As one reads it: of written, the record's key and columns; of noted, the key and what the step holds for it.
  std::string key;
  std::vector<std::string> cells;
  bool deleted = false;
  std::int64_t timestamp = 0;
  std::int64_t window_start = 0, window_end = 0;
  Note note;  // of noted; its row is in key and cells. Of logged and restored: which store
  std::string server;      // where servers run the tasks
  bool restores = false;   // of assigned: changelogs are read first
  std::uint64_t mark = 0;  // of logged, restored
};

enum class TopicRole : std::uint8_t { source, repartition, changelog, sink };

struct FilmTopic {
  std::string name;
  TopicRole role = TopicRole::source;
  int partitions = 1;
  std::vector<std::string> columns;  // of what follows the key
  bool table = false;                // its records are changes of rows
};

struct FilmQuery {
  std::string id, text;
  std::shared_ptr<const Plan> plan;
};

struct Film {
  bool servers = false;  // tasks belong to servers, or to nobody
  std::vector<FilmTopic> topics;
  std::vector<FilmQuery> queries;
  std::vector<FilmEvent> events;      // in the order in which they happen
  std::vector<std::string> row_keys;  // of each row, from 1: the key by which it was grouped or joined; its own if by none
  Time kept_until = kNever;           // what came later is not written down
  std::string problem;                // what is wrong with the statements or a row; then there is nothing else
  const FilmTopic* topic(const std::string& name) const;
  // The last query with that result, in whatever case its name is written; -1: there is none.
  int query_of(std::string_view result) const;
};

Film film_of(const FilmSetup& setup);

}  // namespace nutshell::streams
