#include "sim/session/film_lanes.h"

#include <algorithm>

#include "sim/log/hash.h"
#include "sim/streams/picture.h"

namespace nutshell {

using streams::Film;
using streams::FilmEvent;
using streams::FilmKind;
using streams::NoteKind;

namespace {

// "1 u1 eu 10": its number, key, first column and second.
std::string row_text(const FilmEvent& event) {
  std::string text = std::to_string(event.row);
  if (!event.key.empty()) text += "  " + event.key;
  if (event.deleted)
    text += " (no value)";
  else if (!event.cells.empty())
    text += " " + event.cells[0];
  const std::string seconds = streams::seconds_text(event.timestamp);
  return text + " " + seconds.substr(0, seconds.size() - 2);
}

Lane rows_lane(const Film& film, Time until) {
  Lane lane{"rows in", {}, {}};
  for (const FilmEvent& event : film.events) {
    const streams::FilmTopic* topic = film.topic(event.topic);
    if (event.kind == FilmKind::written && topic && topic->role == streams::TopicRole::source) {
      if (!lane.stretches.empty()) lane.stretches.back().to = event.at;
      const std::string& key = film.row_keys[static_cast<std::size_t>(event.row)];
      lane.stretches.push_back({event.at, until, StretchKind::epoch, partition_for_key(murmur2(key), 4), row_text(event)});
    }
  }
  return lane;
}

bool has_clock(const streams::Plan& plan, int part) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const streams::Step& step) {
    const bool windowed = step.kind == streams::StepKind::aggregate && step.window != streams::WindowKind::none;
    return step.part == part && (windowed || step.kind == streams::StepKind::stream_stream_join);
  });
}

Lane clock_lane(const Film& film, int query, int part, int partition, Time until) {
  Lane lane{"task " + std::to_string(part) + "_" + std::to_string(partition), {}, {}};
  std::int64_t clock = streams::kNoTime;
  for (const FilmEvent& event : film.events) {
    if (event.kind != FilmKind::noted || event.query != query || event.part != part || event.partition != partition) continue;
    if (event.note.stream_time <= clock) continue;
    clock = event.note.stream_time;
    if (!lane.stretches.empty()) lane.stretches.back().to = event.at;
    lane.stretches.push_back({event.at, until, StretchKind::calm, 0, "clock " + streams::seconds_text(clock)});
  }
  return lane;
}

}  // namespace

std::vector<Lane> film_lanes(const Film& film, Time until) {
  std::vector<Lane> lanes = {rows_lane(film, until)};
  const int query = static_cast<int>(film.queries.size()) - 1;
  if (query < 0) return lanes;
  const streams::Plan& plan = *film.queries.back().plan;
  for (std::size_t part = 0; part < plan.parts.size(); ++part) {
    for (int p = 0; has_clock(plan, static_cast<int>(part)) && p < plan.parts[part].tasks; ++p)
      lanes.push_back(clock_lane(film, query, static_cast<int>(part), p, until));
  }
  return lanes;
}

}  // namespace nutshell
