// What a film (film.h) is taken of: statements, and the rows that come into their topics.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/types.h"

namespace nutshell::streams {

// A row that is put into a topic: key and value as JSON has them, whatever the topic's format; no value at all is a tombstone.
struct FilmRow {
  Time at = 0;
  std::string topic;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::int64_t timestamp = 0;  // of the record, ms
  int partition = -1;          // -1: by its key
  NUTSHELL_FIELDS(FilmRow, at, topic, key, value, timestamp, partition)
};

struct FilmSetup {
  std::vector<std::string> statements;  // pieces of a script, of any length
  std::vector<FilmRow> rows;
  // Rows that the script inserts itself come after these, one each so often.
  Duration pace = 2 * kSecond;
  Duration hop = 250 * kMillisecond;  // from a topic to a task, and from a task to a topic
  // Names of results: what their queries tell of each row is shown, side by side. None: the last query, with its tasks.
  std::vector<std::string> beside;
  NUTSHELL_FIELDS(FilmSetup, statements, rows, pace, hop, beside)
};

inline constexpr std::size_t kMostFilmRows = 200, kMostBeside = 4;

}  // namespace nutshell::streams
