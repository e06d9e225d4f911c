#include <algorithm>

#include "sim/streams/task.h"

namespace nutshell::streams {

Row Task::start(const Step& step) const {
  Row states;
  states.reserve(step.aggregates.size());
  for (const Aggregate& a : step.aggregates) states.push_back(a.kind->start(a));
  return states;
}

Row Task::added(const Step& step, const Row& states, const Row& row, bool undo) const {
  Row result;
  result.reserve(states.size());
  std::size_t at = step.keys;
  for (std::size_t i = 0; i < step.aggregates.size(); ++i) {
    const Aggregate& a = step.aggregates[i];
    const auto from = row.begin() + static_cast<std::ptrdiff_t>(at);
    const List args(from, from + static_cast<std::ptrdiff_t>(step.arguments[i]));
    at += step.arguments[i];
    result.push_back(undo ? a.kind->undo(a, states[i], args) : a.kind->add(a, states[i], args));
  }
  return result;
}

Row Task::outcome(const Step& step, const Row& keys, const Row& states, std::int64_t from, std::int64_t to) const {
  Row row(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(step.keys));
  for (std::size_t i = 0; i < step.aggregates.size(); ++i) {
    const Aggregate& a = step.aggregates[i];
    row.push_back(a.kind->result ? a.kind->result(a, states[i]) : states[i]);
  }
  row.push_back(Value(from));
  row.push_back(Value(to));
  return row;
}

namespace {

// What an aggregate's store holds is the key's columns, then the states.
Row states_in(const Step& step, const Kept& kept) {
  return Row(kept.row.begin() + static_cast<std::ptrdiff_t>(step.keys), kept.row.end());
}

Kept with_keys(const Step& step, const Row& row, Row states, std::int64_t timestamp) {
  states.insert(states.begin(), row.begin(), row.begin() + static_cast<std::ptrdiff_t>(step.keys));
  return Kept{std::move(states), timestamp};
}

}  // namespace

void Task::aggregate(std::size_t at, Event&& event) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  const bool no_key = std::any_of(event.row.begin(), event.row.begin() + static_cast<std::ptrdiff_t>(step.keys),
                                  [](const Value& v) { return v.null(); });
  // P18: neither a null key nor a null value gets here.
  if (no_key || (event.deleted && !event.old)) {
    ++state.skipped;
    return;
  }
  const std::string key = key_bytes(step, event.row);
  if (step.window == WindowKind::session) return aggregate_session(at, event, key);
  if (step.window != WindowKind::none) return aggregate_window(at, event, key);
  aggregate_table(at, std::move(event), key);
}

// Without windows: of a stream, or of the changes of a table (P23).
void Task::aggregate_table(std::size_t at, Event&& event, const std::string& key) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  const auto found = state.rows[0].find(key);
  const bool had = found != state.rows[0].end();
  Row states = had ? states_in(step, found->second) : start(step);
  Event out;
  if (had) out.old = outcome(step, event.row, states, 0, 0);
  out.timestamp = had ? std::max(found->second.timestamp, event.timestamp) : event.timestamp;
  if (event.old && had) states = added(step, states, *event.old, true);
  if (!event.deleted) states = added(step, states, event.row, false);
  if (event.deleted && !had) return;
  out.row = outcome(step, event.row, states, 0, 0);
  const Kept kept = with_keys(step, event.row, std::move(states), out.timestamp);
  if (notes_) note_window(NoteKind::counted, at, out.row, event.timestamp, 0, 0);
  tell(at, key, std::move(out), &kept);
  states_[at].rows[0][key] = kept;
}

// What a store was given: on to the changelog and the next step, or into the cache, where the next for this key takes its
// place (P19).
void Task::tell(std::size_t at, const std::string& key, Event&& event, const Kept* kept) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  const bool windowed = step.window != WindowKind::none;
  const std::string full = key + (windowed ? window_bytes(step.window, event.window_start, event.window_end) : "");
  if (!switches_.cache) {
    log_change(step, 0, full, kept);
    if (!step.final) pass(step, std::move(event));
    return;
  }
  const auto [place, fresh] = state.pending.try_emplace(full);
  Pending& pending = place->second;
  if (!fresh) event.old = std::move(pending.event.old);
  pending.event = std::move(event);
  pending.kept = kept ? std::optional<Kept>(*kept) : std::nullopt;
  pending.order = ++state.arrivals;
}

void Task::commit(std::int64_t now, std::vector<Output>& out) {
  now_ = now;
  out_ = &out;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const Step& step = plan_->steps[i];
    std::map<std::uint64_t, std::pair<std::string, Pending>> by_order;
    for (auto& [key, pending] : states_[i].pending) by_order[pending.order] = {key, std::move(pending)};
    states_[i].pending.clear();
    for (auto& [order, each] : by_order) {
      Pending& pending = each.second;
      log_change(step, 0, each.first, pending.kept ? &*pending.kept : nullptr);
      // A deletion of what nobody below has heard of is none.
      if (!step.final && !(pending.event.deleted && !pending.event.old)) pass(step, std::move(pending.event));
    }
  }
  out_ = nullptr;
}

void Task::expire_windows(StepState& state, std::int64_t last) const {
  while (!state.windows.empty() && state.windows.begin()->first.first <= last) state.windows.erase(state.windows.begin());
}

void Task::aggregate_window(std::size_t at, const Event& event, const std::string& key) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  state.stream_time = std::max(state.stream_time, event.timestamp);
  const std::int64_t close = state.stream_time - step.grace;
  // P12: each start that is a multiple of ADVANCE, from the oldest.
  std::int64_t first = event.timestamp - step.size + step.advance;
  first = std::max<std::int64_t>(first, 0) / step.advance * step.advance;
  for (std::int64_t begin = first; begin <= event.timestamp; begin += step.advance) {
    const std::int64_t end = begin + step.size;
    if (end <= event.timestamp) continue;
    if (end <= close) {
      ++state.late;
      if (notes_) note_window(NoteKind::late, at, event.row, event.timestamp, begin, end);
      continue;
    }
    const bool hidden = state.newest != kNoTime && begin < state.newest - step.retention;
    const auto found = state.windows.find({begin, key});
    const bool had = !hidden && found != state.windows.end();
    Event out;
    out.window_start = begin;
    out.window_end = end;
    out.timestamp = had ? std::max(found->second.timestamp, event.timestamp) : event.timestamp;
    Row states = had ? states_in(step, found->second) : start(step);
    if (had) out.old = outcome(step, event.row, states, begin, end);
    states = added(step, states, event.row, false);
    out.row = outcome(step, event.row, states, begin, end);
    Kept kept = with_keys(step, event.row, std::move(states), out.timestamp);
    state.newest = std::max(state.newest, begin);
    if (notes_) note_window(NoteKind::counted, at, out.row, event.timestamp, begin, end);
    tell(at, key, std::move(out), &kept);
    if (!hidden) state.windows[{begin, key}] = std::move(kept);
  }
  if (!(step.final && switches_.final_by_buffer)) expire_windows(state, state.newest - step.retention - 1);
  if (step.final) tell_final(at);
}

bool Task::may_look(StepState& state, std::int64_t interval) {
  if (interval == 0) return true;
  if (now_ < state.next_look) return false;
  if (state.next_look == 0) state.next_look = now_;
  state.next_look += interval;
  return true;
}

// P20: each closed window once, by start and key.
void Task::tell_final(std::size_t at) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  const std::int64_t last = state.stream_time - step.grace - step.size;
  if (last < 0 || last <= state.told || !may_look(state, switches_.final_interval)) return;
  const std::int64_t after = state.told;
  state.told = last;
  for (auto it = after == kNoTime ? state.windows.begin() : state.windows.lower_bound({after + 1, ""});
       it != state.windows.end() && it->first.first <= last; ++it) {
    Event out;
    const Kept& kept = it->second;
    out.row = outcome(step, kept.row, states_in(step, kept), it->first.first, it->first.first + step.size);
    out.window_start = it->first.first;
    out.window_end = it->first.first + step.size;
    out.timestamp = kept.timestamp;
    if (notes_) note_window(NoteKind::told, at, out.row, out.timestamp, out.window_start, out.window_end);
    pass(step, std::move(out));
  }
  if (switches_.final_by_buffer) expire_windows(state, std::min(last, state.newest - step.retention));
}

void Task::aggregate_session(std::size_t at, const Event& event, const std::string& key) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  state.stream_time = std::max(state.stream_time, event.timestamp);
  const std::int64_t t = event.timestamp;
  auto& sessions = state.sessions[key];
  std::int64_t from = t;
  std::int64_t to = t;
  std::vector<std::pair<std::int64_t, std::int64_t>> absorbed;
  Row states = start(step);
  for (const auto& [bounds, kept] : sessions) {
    const auto& [end, begin] = bounds;
    const bool hidden = end <= state.newest - step.retention;
    if (hidden || end < t - step.size || begin > t + step.size) continue;
    absorbed.push_back(bounds);
    from = std::min(from, begin);
    to = std::max(to, end);
    for (std::size_t i = 0; i < states.size(); ++i) {
      states[i] = step.aggregates[i].kind->merge(step.aggregates[i], states[i], kept.row[step.keys + i]);
    }
  }
  if (to < state.stream_time - step.grace - step.size) {
    ++state.late;
    if (notes_) note_window(NoteKind::late, at, event.row, t, from, to);
    if (sessions.empty()) state.sessions.erase(key);
    return tell_final_sessions(at);
  }
  std::optional<Row> same;
  for (const auto& bounds : absorbed) {
    const Kept& kept = sessions[bounds];
    const Row before = states_in(step, kept);
    if (from == t && to == t) {
      same = outcome(step, event.row, before, from, to);
      continue;
    }
    Event gone;
    gone.deleted = true;
    gone.row = outcome(step, event.row, before, bounds.second, bounds.first);
    gone.old = gone.row;
    gone.window_start = bounds.second;
    gone.window_end = bounds.first;
    gone.timestamp = bounds.first;
    sessions.erase(bounds);
    if (notes_) note_window(NoteKind::absorbed, at, gone.row, t, gone.window_start, gone.window_end);
    tell(at, key, std::move(gone), nullptr);
  }
  states = added(step, states, event.row, false);
  Event out;
  out.row = outcome(step, event.row, states, from, to);
  out.old = std::move(same);
  out.window_start = from;
  out.window_end = to;
  out.timestamp = to;
  state.newest = std::max(state.newest, to);
  const Kept kept = with_keys(step, event.row, std::move(states), to);
  if (notes_) note_window(NoteKind::counted, at, out.row, t, from, to);
  tell(at, key, std::move(out), &kept);
  sessions[{to, from}] = kept;
  expire_sessions(step, state);
  if (step.final) tell_final_sessions(at);
}

// What is too old to be merged is hidden at once; it goes when all of its segment of the store does (P21).
void Task::expire_sessions(const Step& step, StepState& state) const {
  const std::int64_t segment = std::max<std::int64_t>(step.retention / 2, 60'000);
  const std::int64_t oldest = (state.newest - step.retention) / segment;
  if (state.newest < step.retention || oldest <= state.oldest_segment) return;
  state.oldest_segment = oldest;
  for (auto it = state.sessions.begin(); it != state.sessions.end();) {
    auto& sessions = it->second;
    while (!sessions.empty() && sessions.begin()->first.first / segment < oldest) sessions.erase(sessions.begin());
    it = sessions.empty() ? state.sessions.erase(it) : std::next(it);
  }
}

void Task::tell_final_sessions(std::size_t at) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  const std::int64_t before = state.stream_time - step.grace - step.size;
  if (!step.final || before <= state.told || !may_look(state, switches_.final_interval)) return;
  const std::int64_t after = state.told;
  state.told = before;
  std::map<std::tuple<std::int64_t, std::string, std::int64_t>, const Kept*> closed;
  for (const auto& [key, sessions] : state.sessions) {
    for (const auto& [bounds, kept] : sessions) {
      const bool due = bounds.first < before && (after == kNoTime || bounds.first >= after);
      if (due) closed[{bounds.second, key, bounds.first}] = &kept;
    }
  }
  for (const auto& [place, kept] : closed) {
    Event out;
    out.window_start = std::get<0>(place);
    out.window_end = std::get<2>(place);
    out.row = outcome(step, kept->row, states_in(step, *kept), out.window_start, out.window_end);
    out.timestamp = kept->timestamp;
    if (notes_) note_window(NoteKind::told, at, out.row, out.timestamp, out.window_start, out.window_end);
    pass(step, std::move(out));
  }
}

}  // namespace nutshell::streams
