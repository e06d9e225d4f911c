#include <algorithm>
#include <charconv>

#include "sim/core/text.h"
#include "sim/streams/picture.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {

namespace {

std::string number_text(std::int64_t ms) {
  std::string text = seconds_text(ms);
  text.resize(text.size() - 2);
  return text;
}

std::string bounds_text(std::int64_t start, std::int64_t end, bool session) {
  return "[" + number_text(start) + ", " + number_text(end) + (session ? "]" : ")");
}

// "of second 10 and 50", "of second 10".
std::string times_text(const std::vector<std::int64_t>& times) {
  std::string text = "of second ";
  for (std::size_t i = 0; i < times.size(); ++i)
    text += (i == 0 ? "" : i + 1 == times.size() ? " and " : ", ") + number_text(times[i]);
  return text;
}

// The rule by which a row was late, with its numbers (P14).
std::string late_text(const Step& step, const PictureLate& late) {
  const bool session = step.window == WindowKind::session;
  std::string text =
      "The row of second " + number_text(late.timestamp) + " came when stream time was " + seconds_text(late.stream_time) + ": ";
  if (session)
    return text + "its session ends at " + number_text(late.window_end) + ", before " + number_text(late.stream_time) + " - gap " +
           number_text(step.size) + " - grace " + number_text(step.grace) + ". It is late.";
  return text + "the end " + number_text(late.window_end) + " is not later than " + number_text(late.stream_time) + " - grace " +
         number_text(step.grace) + ". It is late, and does not count.";
}

// Rows that a window counts more than once: their task read them again after it had been restored (P32).
void say_again(const PictureWindow& window, std::vector<WindowReason>& lines) {
  for (std::size_t i = 0; i < window.rows.size(); ++i) {
    const auto from = window.rows.begin(), here = from + static_cast<std::ptrdiff_t>(i);
    if (std::find(from, here, *here) != here) continue;
    const auto times = std::count(here, window.rows.end(), *here);
    if (times == 1) continue;
    lines.push_back({window.changed, "The row of second " + number_text(window.times[i]) + " counts " + std::to_string(times) +
                                         " times: its task was restored with it, and read it again, since that had not been committed."});
  }
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 0 || number > 1'000'000'000'000) return std::nullopt;
  return number;
}

std::optional<std::string> window_value(const Picture& picture, std::string_view key, std::string_view start,
                                        std::string_view what) {
  const auto from = whole(start);
  if (!from) return std::nullopt;
  for (const PictureTask& task : picture.tasks) {
    for (const PictureWindow& each : task.windows) {
      if (each.key != key || each.start != *from * 1000) continue;
      if (what == "rows") return std::to_string(each.rows.size());
      if (what == "end") return number_text(each.end);
      if (what == "status") {
        constexpr std::string_view kWords[] = {"open", "closed", "expired"};
        return std::string(kWords[static_cast<std::size_t>(each.status)]);
      }
      return std::nullopt;
    }
  }
  return what == "rows" ? std::optional<std::string>("0") : std::nullopt;
}

std::optional<std::string> table_value(const Picture& picture, const std::vector<std::string_view>& words) {
  const bool windowed = picture.windowed != nullptr;
  if (words.size() != (windowed ? 4U : 3U)) return std::nullopt;
  const auto column = whole(words.back());
  const auto start = windowed ? whole(words[2]) : std::optional<std::int64_t>(0);
  if (!column || !start) return std::nullopt;
  for (const PictureRow& each : picture.table) {
    if (each.key != words[1] || (windowed && each.window_start != *start * 1000)) continue;
    if (static_cast<std::size_t>(*column) >= each.cells.size()) return std::nullopt;
    return each.cells[static_cast<std::size_t>(*column)];
  }
  return "none";
}

// "eu@0=2", "alice=3,4", "bob deleted".
std::string change_text(const Picture& picture, const PictureRow& row) {
  std::string text = row.key;
  if (picture.windowed) text += "@" + number_text(row.window_start);
  return row.deleted ? text + " deleted" : text + "=" + joined(row.cells, ",");
}

}  // namespace

std::vector<WindowReason> why_window(const Picture& picture, std::string_view key, std::int64_t start) {
  std::vector<WindowReason> lines;
  if (!picture.windowed) return lines;
  const Step& step = *picture.windowed;
  const bool session = step.window == WindowKind::session;
  for (const PictureTask& task : picture.tasks) {
    for (const PictureWindow& each : task.windows) {
      if (each.key != key || each.start != start) continue;
      const std::size_t count = each.rows.size();
      lines.push_back({each.changed, "Window " + bounds_text(each.start, each.end, session) + " of " + each.key + " counts " +
                                         std::to_string(count) + ": the row" + (count == 1 ? " " : "s ") + times_text(each.times) + "."});
      say_again(each, lines);
    }
    for (const PictureLate& each : task.late) {
      const bool here =
          each.key == key && (session ? each.window_start <= start && start <= each.window_end : each.window_start == start);
      if (!here) continue;
      if (lines.empty())
        lines.push_back(
            {each.at, "Window " + bounds_text(each.window_start, each.window_end, session) + " of " + each.key + " holds no row."});
      lines.push_back({each.at, late_text(step, each)});
      lines.push_back({each.at, "Had it come before stream time reached " +
                                    seconds_text(session ? each.window_end + step.size + step.grace + 1 : each.window_end + step.grace) +
                                    ", it would have counted."});
    }
  }
  return lines;
}

std::optional<WindowName> last_window(const Picture& picture) {
  std::optional<WindowName> last;
  Time at = -1;
  const auto take = [&](Time when, const std::string& key, std::int64_t start) {
    if (when < at) return;
    at = when;
    last = {key, start};
  };
  for (const PictureTask& task : picture.tasks) {
    for (const PictureWindow& each : task.windows) take(each.changed, each.key, each.start);
    for (const PictureLate& each : task.late) take(each.at, each.key, each.window_start);
  }
  return last;
}

std::optional<std::string> picture_value(const Picture& picture, std::string_view path) {
  const std::vector<std::string_view> words = nutshell::split(path, '/');
  if (!picture.query) return std::nullopt;
  if (words.size() == 1) {
    if (words[0] == "read") return std::to_string(picture.read);
    if (words[0] == "counted") return std::to_string(picture.counted);
    if (words[0] == "late") return std::to_string(picture.late);
    if (words[0] == "dropped") return std::to_string(picture.dropped);
    if (words[0] == "changes") return std::to_string(picture.changes.size());
    if (words[0] == "table") return std::to_string(picture.table.size());
  }
  if (words[0] == "tasks" && words.size() == 3) {
    for (const PictureTask& task : picture.tasks) {
      if (task.name() != words[1]) continue;
      if (words[2] == "server") return task.status == TaskStatus::nobodys ? "none" : task.server;
      if (words[2] == "state") return std::string(status_text(task.status));
      if (words[2] == "restored") return std::to_string(task.restored);
      if (words[2] == "standbys") return std::to_string(task.standbys.size());
    }
  }
  if (words[0] == "windows" && words.size() == 4) return window_value(picture, words[1], words[2], words[3]);
  if (words[0] == "table") return table_value(picture, words);
  if (words[0] == "changes" && words.size() == 2) {
    const auto number = whole(words[1]);
    if (!number || *number < 1) return std::nullopt;
    if (static_cast<std::size_t>(*number) > picture.changes.size()) return "none";
    return change_text(picture, picture.changes[static_cast<std::size_t>(*number) - 1]);
  }
  if (words[0] == "clocks" && words.size() == 2) {
    for (const PictureTask& task : picture.tasks) {
      if (task.name() == words[1]) return task.stream_time == kNoTime ? "none" : number_text(task.stream_time);
    }
  }
  return std::nullopt;
}

}  // namespace nutshell::streams
