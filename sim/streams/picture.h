// One moment of a film as a picture, without a pixel: topics, tasks with their clocks and windows, who was late and why, the
// table that comes of it. A pure function of the film and the time, so it can be shown forwards and backwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/streams/film.h"

namespace nutshell::streams {

// A record in a topic.
struct PictureRow {
  int row = 0;  // the number of the row that came in
  std::int64_t offset = 0;
  std::string key;
  std::vector<std::string> cells;
  bool deleted = false;
  std::int64_t timestamp = 0;
  std::int64_t window_start = 0, window_end = 0;
  Time written = 0;
  Time read = kNever;  // by the task of the query that is shown
};

struct PictureTopic {
  std::string name;
  TopicRole role = TopicRole::source;
  bool table = false;
  int column = 0;  // from left to right, among topics: 0 is read first
  std::vector<std::vector<PictureRow>> partitions;
};

enum class WindowStatus : std::uint8_t {
  open,
  closed,  // stream time has passed its end and the grace: no row counts any more (P14)
  expired  // older than the retention: it is no longer looked up (P16)
};

struct PictureWindow {
  std::string key;
  std::int64_t start = 0, end = 0;  // of a session, the times of its first and last row
  WindowStatus status = WindowStatus::open;
  std::vector<int> rows;            // the numbers of those that it counts, in the order in which they came
  std::vector<std::int64_t> times;  // of each
  std::vector<std::string> results;
  bool told = false;  // by EMIT FINAL
  Time changed = 0;
};

struct PictureLate {
  int row = 0;
  std::string key;
  std::int64_t timestamp = 0, window_start = 0, window_end = 0;
  std::int64_t stream_time = 0;  // when it came
  Time at = 0;
};

// What a task keeps: a table, or one side of a join.
struct PictureStored {
  int step = 0, side = 0, row = 0;
  std::string key;
  std::vector<std::string> cells;
  std::int64_t timestamp = 0;
  Time changed = 0;
};

struct PicturePair {
  int row = 0, side = 0;
  std::string key;
  std::int64_t timestamp = 0, partner = 0;
  bool alone = false;  // told without a partner, or, of an inner join, not at all
  Time at = 0;
};

// Of a task, where servers run them.
enum class TaskStatus : std::uint8_t { running, restoring, nobodys };
std::string_view status_text(TaskStatus status);  // "running", "restoring", "nobody's"

// A copy of a task's stores on another server, that follows the changelogs.
struct PictureStandby {
  std::string server;
  std::int64_t records = 0;  // read so far
};

struct PictureTask {
  int part = 0, partition = 0;
  TaskStatus status = TaskStatus::running;
  std::string server;         // that runs it, or was the last to do so; "": there are none
  std::int64_t restored = 0;  // records of changelogs, since it was assigned last
  std::vector<PictureStandby> standbys;
  std::vector<std::string> does;       // "re-key by REGIONID"
  std::int64_t stream_time = kNoTime;  // of its window or join; kNoTime: no row has moved it
  std::vector<PictureWindow> windows;  // by start, then key
  std::vector<PictureLate> late;
  std::vector<PictureStored> stored;
  std::vector<PictureStored> held;  // by joins of streams
  std::vector<PicturePair> pairs;
  int rows = 0, dropped = 0;  // read, and of these those of which nothing came
  int last_row = 0;
  Time last_at = -1;
  std::string name() const { return std::to_string(part) + "_" + std::to_string(partition); }
};

struct Picture {
  Time at = 0;
  const Film* film = nullptr;
  const FilmQuery* query = nullptr;
  const Step* windowed = nullptr;  // the step with windows, else nullptr
  const Step* counting = nullptr;  // the aggregate, with windows or without
  const Step* join = nullptr;
  std::vector<PictureTopic> topics;  // by column
  std::vector<PictureTask> tasks;    // by part, then partition
  int columns = 1;                   // of tasks: how many parts rows pass through
  std::vector<PictureRow> changes;   // what the sink was given, in order; of any partition
  std::vector<PictureRow> table;     // its last row of each key, in the order of keys
  // The sum. `placed`: a row counts once for each of its windows.
  int read = 0, dropped = 0, under_way = 0, counted = 0, late = 0;
  std::vector<int> counts;  // of each window, expired ones too
  std::string sum_text() const;
  std::string counts_text() const;
  const PictureTask* task(int part, int partition) const;
};

// The last query of the film, or the one of that number.
Picture picture_of(const Film& film, Time at, int query = -1);

// Why a window holds what it holds, in sentences, each with the time of what it tells: which rows count, which were late and by what
// rule. Empty: there is no such window.
struct WindowReason {
  Time at = 0;
  std::string text;
};
std::vector<WindowReason> why_window(const Picture& picture, std::string_view key, std::int64_t start);
// A window by its key and start, in ms.
struct WindowName {
  std::string key;
  std::int64_t start = 0;
  friend bool operator==(const WindowName&, const WindowName&) = default;
};
// That which a row came to last, in time or too late; nullopt: none did.
std::optional<WindowName> last_window(const Picture& picture);

// A part of the picture as text, by its path: "windows/eu/60/rows" (start in seconds), "late", "counted", "clocks/1_0" (seconds),
// "table/eu/60/0" (of a table without windows "table/eu/0"), "changes", "changes/3"; where servers run the tasks "tasks/1_0/server",
// "tasks/1_0/state", "tasks/1_0/restored", "tasks/1_0/standbys". Nothing: there is no such thing.
std::optional<std::string> picture_value(const Picture& picture, std::string_view path);

// "61 s", "0.25 s"
std::string seconds_text(std::int64_t ms);

}  // namespace nutshell::streams
