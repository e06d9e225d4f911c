#include <algorithm>

#include "sim/streams/format.h"
#include "sim/streams/task.h"

namespace nutshell::streams {
namespace {

std::string eight_bytes(std::int64_t number) {
  std::string bytes;
  for (int i = 7; i >= 0; --i)
    bytes += static_cast<char>(static_cast<unsigned char>(static_cast<std::uint64_t>(number) >> (8 * i)));
  return bytes;
}

std::int64_t number_of(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = (number << 8) | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(number);
}

}  // namespace

std::string window_bytes(WindowKind window, std::int64_t start, std::int64_t end) {
  return window == WindowKind::session ? eight_bytes(end) + eight_bytes(start) : eight_bytes(start);
}

bool split_window(WindowKind window, std::int64_t size, std::string& key, std::int64_t& start, std::int64_t& end) {
  const std::size_t bytes = window == WindowKind::session ? 16 : 8;
  if (key.size() < bytes) return false;
  const std::string tail = key.substr(key.size() - bytes);
  key.resize(key.size() - bytes);
  start = number_of(std::string_view(tail).substr(bytes - 8));
  end = window == WindowKind::session ? number_of(std::string_view(tail).substr(0, 8)) : start + size;
  return true;
}

std::string Task::key_bytes(const Step& step, const Row& row) const {
  if (step.key_columns.empty()) return "";
  const Row key(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(step.key_columns.size()));
  return write_row(step.key_format, step.key_columns, true, key).value_or("");
}

// Everything that the step's store holds and still shows (P16) goes on to the next step, as if it were new.
void Task::deliver_stored(std::size_t at) {
  const Step& step = plan_->steps[at];
  const StepState& state = states_[at];
  const auto pass_on = [&](const Kept& kept, std::int64_t start, std::int64_t end) {
    Event event;
    event.timestamp = kept.timestamp;
    event.window_start = start;
    event.window_end = end;
    const auto keys = kept.row.begin() + static_cast<std::ptrdiff_t>(step.keys);
    event.row = step.kind == StepKind::aggregate ? outcome(step, kept.row, Row(keys, kept.row.end()), start, end) : kept.row;
    pass(step, std::move(event));
  };
  const std::int64_t hidden = state.newest == kNoTime ? kNoTime : state.newest - step.retention;
  for (const auto& [key, kept] : state.rows[0]) pass_on(kept, 0, 0);
  for (const auto& [place, kept] : state.windows)
    if (hidden == kNoTime || place.first > hidden) pass_on(kept, place.first, place.first + step.size);
  for (const auto& [key, sessions] : state.sessions)
    for (const auto& [bounds, kept] : sessions)
      if (hidden == kNoTime || bounds.first > hidden) pass_on(kept, bounds.second, bounds.first);
}

std::vector<Record> Task::table(std::int64_t now) const {
  Task copy = *this;  // what is below a store may write, and must not
  copy.switches_ = Switches{};
  std::vector<Output> outputs;
  copy.out_ = &outputs;
  copy.now_ = now;
  const auto& steps = plan_->steps;
  const auto is_here = [&](StepKind kind, const Step& step) {
    return step.part == part_ && step.kind == kind && (kind == StepKind::aggregate || step.kept);
  };
  const bool aggregates = std::any_of(steps.begin(), steps.end(), [&](const Step& each) { return is_here(StepKind::aggregate, each); });
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (is_here(aggregates ? StepKind::aggregate : StepKind::source, steps[i])) copy.deliver_stored(i);
  std::map<std::string, Record> last;
  for (Output& each : outputs)
    if (each.kind == OutputKind::sink && each.record.key && each.record.value) last[*each.record.key] = std::move(each.record);
  std::vector<Record> rows;
  for (auto& [key, record] : last) rows.push_back(std::move(record));
  return rows;
}

void Task::log_change(const Step& step, int store, std::string key, const Kept* kept) {
  if (!switches_.changelog || !out_ || step.stores[store].empty()) return;
  Output output;
  output.kind = OutputKind::changelog;
  output.topic = store_topic(*plan_, step.stores[store]);
  output.record.key = std::move(key);
  if (kept) {
    output.record.value = encode(kept->row);
    output.record.timestamp = kept->timestamp;
  }
  out_->push_back(std::move(output));
}

void Task::keep(std::size_t at, int store, const std::string& key, const Kept* kept) {
  auto& rows = states_[at].rows[store];
  if (kept) {
    rows[key] = *kept;
  } else {
    rows.erase(key);
  }
  log_change(plan_->steps[at], store, key, kept);
  if (!notes_) return;
  Note note{NoteKind::kept, static_cast<int>(at), store, {}, kept ? kept->timestamp : 0, 0, 0, 0, 0};
  note.row.push_back(Value(key));
  if (kept) note.row.insert(note.row.end(), kept->row.begin(), kept->row.end());
  notes_->push_back(std::move(note));
}

void Task::note_window(NoteKind kind, std::size_t at, Row row, std::int64_t timestamp, std::int64_t start, std::int64_t end) {
  notes_->push_back({kind, static_cast<int>(at), 0, std::move(row), timestamp, start, end, states_[at].stream_time, 0});
}

void Task::restore(const std::string& topic, const Record& record) {
  if (!record.key) return;
  std::optional<Kept> kept;
  if (record.value) kept = Kept{decode(*record.value).list(), record.timestamp};
  for (std::size_t i = 0; i < plan_->steps.size(); ++i) {
    for (int store = 0; store < 3; ++store) {
      const std::string& name = plan_->steps[i].stores[store];
      if (plan_->steps[i].part == part_ && !name.empty() && store_topic(*plan_, name) == topic &&
          restore_store(i, store, *record.key, kept))
        return;
    }
  }
}

bool Task::restore_store(std::size_t at, int store, const std::string& key, const std::optional<Kept>& kept) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  if (step.kind == StepKind::stream_stream_join) {
    std::string raw = key;
    std::int64_t time = 0;
    std::int64_t arrival = 0;
    if (!split_window(WindowKind::session, 0, raw, arrival, time)) return true;
    const std::uint64_t number = static_cast<std::uint64_t>(arrival);
    state.arrivals = std::max(state.arrivals, number + 1);
    if (store < 2) {
      state.held_newest[store] = std::max(state.held_newest[store], time);
      if (kept) state.held[store][raw][{time, number}] = kept->row;
      return true;
    }
    const int order = raw.empty() ? 0 : raw[0] - '0';
    const auto place = std::make_tuple(time, order, raw.substr(std::min<std::size_t>(1, raw.size())), number);
    if (kept) state.parked[place] = kept->row;
    else state.parked.erase(place);
    state.parked_known = !state.parked.empty();
    if (state.parked_known) state.oldest_parked = std::get<0>(state.parked.begin()->first);
    return true;
  }
  if (step.kind != StepKind::aggregate || step.window == WindowKind::none) {
    auto& rows = state.rows[store];
    if (kept) rows[key] = *kept;
    else rows.erase(key);
    return true;
  }
  std::string raw = key;
  std::int64_t start = 0;
  std::int64_t end = 0;
  if (!split_window(step.window, step.size, raw, start, end)) return true;
  const bool session = step.window == WindowKind::session;
  state.newest = std::max(state.newest, session ? end : start);
  if (session && kept) state.sessions[raw][{end, start}] = *kept;
  if (session && !kept) state.sessions[raw].erase({end, start});
  if (!session && kept) state.windows[{start, raw}] = *kept;
  if (!session && !kept) state.windows.erase({start, raw});
  return true;
}

}  // namespace nutshell::streams
