#include <algorithm>

#include "sim/streams/format.h"
#include "sim/streams/task.h"

namespace nutshell::streams {
namespace {

// Appends a row, or as many nulls.
void append(Row& to, const Row* row, std::size_t width) {
  if (row) {
    to.insert(to.end(), row->begin(), row->end());
  } else {
    to.resize(to.size() + width);
  }
}

}  // namespace

// `side` says whose row `own` is.
Row Task::joined_row(const Step& step, int side, const Row* own, const Row* other, const Value& key) const {
  Row row;
  row.reserve(step.width);
  append(row, side == 0 ? own : other, step.widths[0]);
  append(row, side == 0 ? other : own, step.widths[1]);
  if (step.kind != StepKind::foreign_key_join) row.push_back(key);
  return row;
}

// P24: only rows of the stream come out, with the table's row of this moment.
void Task::join_table(std::size_t at, int side, Event&& event) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  const Value key = event.row[step.key_at[side]];
  std::string bytes = key.null() ? "" : write_row(step.key_format, step.key_columns, true, {key}).value_or("");
  if (step.window != WindowKind::none) bytes += window_bytes(step.window, event.window_start, event.window_end);
  if (side == 1) {
    const Kept kept{event.row, event.timestamp};
    keep(at, 1, bytes, event.deleted ? nullptr : &kept);
    return;
  }
  if (event.deleted) return;
  const auto found = key.null() ? state.rows[1].end() : state.rows[1].find(bytes);
  const bool present = found != state.rows[1].end();
  if (notes_)
    notes_->push_back({present ? NoteKind::paired : NoteKind::alone, static_cast<int>(at), side, event.row, event.timestamp, 0, 0, 0,
                       present ? found->second.timestamp : 0});
  if (!present && step.join == JoinSide::inner) return;
  event.row = joined_row(step, 0, &event.row, present ? &found->second.row : nullptr, key);
  pass(step, std::move(event));
}

// P25: each change of either side is looked up on the other.
void Task::join_tables(std::size_t at, int side, Event&& event) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  const Value key = event.row[step.key_at[side]];
  if (key.null()) return;
  const std::string bytes = write_row(step.key_format, step.key_columns, true, {key}).value_or("");
  const auto before = state.rows[side].find(bytes);
  std::optional<Row> own_before;
  if (before != state.rows[side].end()) own_before = before->second.row;
  const Kept kept{event.row, event.timestamp};
  keep(at, side, bytes, event.deleted ? nullptr : &kept);
  const auto found = state.rows[1 - side].find(bytes);
  const Kept* other = found == state.rows[1 - side].end() ? nullptr : &found->second;
  const bool keeps_own = step.join == JoinSide::full || step.join == (side == 0 ? JoinSide::left : JoinSide::right);
  const bool keeps_other = step.join == JoinSide::full || step.join == (side == 0 ? JoinSide::right : JoinSide::left);
  // What a row of one's own comes to, if anything.
  const auto pair = [&](const Row* own) -> std::optional<Row> {
    const bool there = own ? (other || keeps_own) : (other && keeps_other);
    if (!there) return std::nullopt;
    return joined_row(step, side, own, other ? &other->row : nullptr, key);
  };
  std::optional<Row> now = pair(event.deleted ? nullptr : &kept.row);
  Event out;
  out.old = pair(own_before ? &*own_before : nullptr);
  const bool silent = other ? false : !keeps_own || (!now && !own_before);
  if (!now && silent) return;
  out.deleted = !now;
  out.row = now ? std::move(*now) : joined_row(step, side, nullptr, nullptr, key);
  out.timestamp = other ? std::max(event.timestamp, other->timestamp) : event.timestamp;
  pass(step, std::move(out));
}

// P31: a row of the left finds the right one's by a value of its own; a change of the right finds all that point to it.
void Task::join_foreign(std::size_t at, int side, Event&& event) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  const auto right_of = [&](const Row& left) -> const Kept* {
    const Value key = evaluate(step.foreign, left);
    if (key.null()) return nullptr;
    const auto found = state.rows[1].find(encode(key));
    return found == state.rows[1].end() ? nullptr : &found->second;
  };
  const auto tell = [&](const Row& left, bool deleted, const Kept* right, std::int64_t timestamp, std::optional<Row> old,
                        bool was_there) {
    Event out;
    out.deleted = deleted || (!right && step.join == JoinSide::inner);
    out.old = std::move(old);
    if (out.deleted && !out.old && !was_there) return;
    out.row = joined_row(step, 0, &left, right ? &right->row : nullptr, Value());
    out.timestamp = right ? std::max(timestamp, right->timestamp) : timestamp;
    pass(step, std::move(out));
  };
  const auto joined_before = [&](const Row& left, const Kept* right) -> std::optional<Row> {
    if (!right && step.join == JoinSide::inner) return std::nullopt;
    return joined_row(step, 0, &left, right ? &right->row : nullptr, Value());
  };
  if (side == 0) {
    const std::string bytes = key_bytes(step, event.row);
    const auto found = state.rows[0].find(bytes);
    std::optional<Row> old;
    const bool was_there = found != state.rows[0].end();
    if (was_there) old = joined_before(found->second.row, right_of(found->second.row));
    const Kept kept{event.row, event.timestamp};
    keep(at, 0, bytes, event.deleted ? nullptr : &kept);
    tell(event.row, event.deleted, event.deleted ? nullptr : right_of(event.row), event.timestamp, std::move(old), was_there);
    return;
  }
  const Value key = event.row[step.key_at[1]];
  const std::string bytes = encode(key);
  const auto found = state.rows[1].find(bytes);
  std::optional<Kept> before;
  if (found != state.rows[1].end()) before = found->second;
  const Kept kept{event.row, event.timestamp};
  keep(at, 1, bytes, event.deleted ? nullptr : &kept);
  std::vector<Kept> pointing;
  for (const auto& [left_key, left] : state.rows[0]) {
    const Value points = evaluate(step.foreign, left.row);
    if (!points.null() && compare_values(points, key) == 0) pointing.push_back(left);
  }
  for (const Kept& left : pointing) {
    tell(left.row, false, event.deleted ? nullptr : &kept, std::max(left.timestamp, event.timestamp),
         joined_before(left.row, before ? &*before : nullptr), false);
  }
}

void Task::emit_pair(const Step& step, int side, const Event& own, const Row* other, const Value& key, std::int64_t timestamp) {
  Event out;
  out.row = joined_row(step, side, &own.row, other, key);
  out.window_start = own.window_start;
  out.window_end = own.window_end;
  out.timestamp = timestamp;
  if (notes_ && !other)
    notes_->push_back({NoteKind::alone, static_cast<int>(&step - plan_->steps.data()), side, own.row, own.timestamp, 0, 0, 0, 0});
  pass(step, std::move(out));
}

void Task::hold(std::size_t at, int side, const std::string& key, std::int64_t timestamp, const Row& row) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  state.held_newest[side] = std::max(state.held_newest[side], timestamp);
  const std::int64_t expired = state.held_newest[side] - step.retention;
  if (notes_) notes_->push_back({NoteKind::held, static_cast<int>(at), side, row, timestamp, 0, 0, state.stream_time, 0});
  auto& held = state.held[side][key];
  if (timestamp > expired) {
    held[{timestamp, state.arrivals}] = row;
    if (switches_.changelog) {
      const Kept kept{row, timestamp};
      log_change(step, side, key + window_bytes(WindowKind::session, static_cast<std::int64_t>(state.arrivals), timestamp),
                 &kept);
    }
  }
  while (!held.empty() && held.begin()->first.first <= expired) held.erase(held.begin());
  if (held.empty()) state.held[side].erase(key);
}

// P26-P30.
void Task::join_streams(std::size_t at, int side, Event&& event) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  const Value key = event.row[step.key_at[side]];
  const bool outer = step.join == JoinSide::full || step.join == (side == 0 ? JoinSide::left : JoinSide::right);
  if (event.deleted) return;
  if (key.null()) {
    if (outer) emit_pair(step, side, event, nullptr, key, event.timestamp);
    return;
  }
  std::string bytes = write_row(step.key_format, step.key_columns, true, {key}).value_or("");
  if (step.window != WindowKind::none) bytes += window_bytes(step.window, event.window_start, event.window_end);
  const std::int64_t t = event.timestamp;
  state.stream_time = std::max(state.stream_time, t);
  ++state.arrivals;
  if (t == state.stream_time) sweep(at);

  // Of a right join the bounds count from the right row, as the streams are exchanged and they are not.
  const bool forward = (side == 0) != (step.join == JoinSide::right);
  const std::int64_t from = t - (forward ? step.before : step.after);
  const std::int64_t to = t + (forward ? step.after : step.before);
  const int other = 1 - side;
  std::vector<std::pair<std::int64_t, Row>> partners;
  const auto held = state.held[other].find(bytes);
  if (held != state.held[other].end()) {
    const std::int64_t expired = state.held_newest[other] - step.retention;
    for (auto it = held->second.lower_bound({std::max(from, expired + 1), 0});
         it != held->second.end() && it->first.first <= to; ++it) {
      partners.emplace_back(it->first.first, it->second);
    }
  }
  for (const auto& [time, row] : partners) {
    // Whoever waited has found somebody.
    const int order = other == 1 ? 0 : 1;
    auto waiting = state.parked.lower_bound({time, order, bytes, 0});
    while (waiting != state.parked.end() && std::get<0>(waiting->first) == time && std::get<1>(waiting->first) == order &&
           std::get<2>(waiting->first) == bytes) {
      log_change(step, 2,
                 std::string(order == 0 ? "0" : "1") + bytes +
                     window_bytes(WindowKind::session, static_cast<std::int64_t>(std::get<3>(waiting->first)), time),
                 nullptr);
      waiting = state.parked.erase(waiting);
    }
    if (notes_) notes_->push_back({NoteKind::paired, static_cast<int>(at), side, event.row, t, 0, 0, state.stream_time, time});
    emit_pair(step, side, event, &row, key, std::max(t, time));
  }
  if (partners.empty() && outer) {
    if (!step.parked || to < state.stream_time) {
      emit_pair(step, side, event, nullptr, key, t);
    } else {
      const int order = side == 1 ? 0 : 1;
      state.oldest_parked = state.parked_known ? std::min(state.oldest_parked, t) : t;
      state.parked_known = true;
      state.parked[{t, order, bytes, state.arrivals}] = event.row;
      const Kept kept{event.row, t};
      log_change(step, 2,
                 std::string(order == 0 ? "0" : "1") + bytes +
                     window_bytes(WindowKind::session, static_cast<std::int64_t>(state.arrivals), t),
                 &kept);
    }
  }
  hold(at, side, bytes, t, event.row);
}

// Those that waited until nobody can come any more, from the oldest (P28).
void Task::sweep(std::size_t at) {
  const Step& step = plan_->steps[at];
  StepState& state = states_[at];
  if (step.join == JoinSide::inner || !step.parked) return;
  if (state.parked_known && state.oldest_parked >= state.stream_time - std::max(step.after, step.before) - step.grace &&
      step.after == step.before)
    return;
  if (!may_look(state, switches_.join_interval)) return;
  std::vector<std::pair<int, Event>> due;
  const bool swapped = step.join == JoinSide::right;
  for (auto it = state.parked.begin(); it != state.parked.end();) {
    const auto& [time, order, key, arrival] = it->first;
    const bool left = order == 1;
    const std::int64_t back = left != swapped ? step.after : step.before;
    if (time + back + step.grace >= state.stream_time) {
      ++it;
      continue;
    }
    Event event;
    event.row = it->second;
    event.timestamp = time;
    std::string raw = key;
    if (step.window != WindowKind::none) split_window(step.window, step.size, raw, event.window_start, event.window_end);
    due.emplace_back(left ? 0 : 1, std::move(event));
    log_change(
        step, 2,
        std::string(order == 0 ? "0" : "1") + key + window_bytes(WindowKind::session, static_cast<std::int64_t>(arrival), time),
        nullptr);
    it = state.parked.erase(it);
  }
  state.parked_known = !state.parked.empty();
  if (state.parked_known) state.oldest_parked = std::get<0>(state.parked.begin()->first);
  for (const auto& [side, event] : due) emit_pair(step, side, event, nullptr, event.row[step.key_at[side]], event.timestamp);
}

}  // namespace nutshell::streams
