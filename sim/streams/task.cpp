#include "sim/streams/task.h"

#include <algorithm>

#include "sim/streams/calendar.h"
#include "sim/streams/format.h"
#include "sim/streams/format_schema.h"

namespace nutshell::streams {

Task::Task(std::shared_ptr<const Plan> plan, int part, int partition, Switches switches)
    : plan_(std::move(plan)), part_(part), partition_(partition), switches_(switches), states_(plan_->steps.size()) {}

void Task::process(const std::string& topic, std::int64_t offset, const Record& record, std::int64_t now,
                   std::vector<Output>& out, std::vector<Note>* notes) {
  now_ = now;
  out_ = &out;
  notes_ = notes;
  for (std::size_t i = 0; i < plan_->steps.size(); ++i) {
    const Step& step = plan_->steps[i];
    const bool here = step.next >= 0 && plan_->steps[static_cast<std::size_t>(step.next)].part == part_;
    if (step.kind == StepKind::source && step.part == part_ && step.source.topic == topic) read_source(i, offset, record);
    if (step.kind == StepKind::repartition && here && step.topic == topic) read_repartition(i, record);
  }
  out_ = nullptr;
  notes_ = nullptr;
}

void Task::pass(const Step& step, Event&& event) { deliver(step.next, step.side, std::move(event)); }

void Task::deliver(int to, int side, Event&& event) {
  if (to < 0) return;
  const std::size_t at = static_cast<std::size_t>(to);
  const Step& step = plan_->steps[at];
  switch (step.kind) {
    case StepKind::source: return;
    case StepKind::filter: return filter(step, std::move(event));
    case StepKind::rekey:
    case StepKind::project: return project(step, std::move(event));
    case StepKind::spread: return spread(step, std::move(event));
    case StepKind::group: return group(step, std::move(event));
    case StepKind::repartition: return write_repartition(step, std::move(event));
    case StepKind::aggregate: return aggregate(at, std::move(event));
    case StepKind::stream_table_join: return join_table(at, side, std::move(event));
    case StepKind::stream_stream_join: return join_streams(at, side, std::move(event));
    case StepKind::table_table_join: return join_tables(at, side, std::move(event));
    case StepKind::foreign_key_join: return join_foreign(at, side, std::move(event));
    case StepKind::sink: return sink(step, std::move(event));
  }
}

// P8: the record's time, or a column's. False: the row is dropped.
bool Task::stamp(const Step& step, const Row& row, std::int64_t& timestamp) const {
  const Source& source = step.source;
  if (!source.timestamp_column.empty()) {
    for (std::size_t i = 0; i < source.columns.size(); ++i) {
      if (source.columns[i].name != source.timestamp_column) continue;
      if (row[i].null()) return false;
      if (!row[i].is_text()) {
        timestamp = row[i].whole();
        continue;
      }
      const auto parsed = source.timestamp_format.empty() ? parse_timestamp(row[i].text())
                                                          : parse_by(source.timestamp_format, row[i].text());
      if (!parsed) return false;
      timestamp = *parsed;
    }
  }
  // Later than the year 3,000,000 is no time either: sums with it have to stay within 64 bits.
  return timestamp >= 0 && timestamp < 100'000'000'000'000'000;
}

namespace {

// What a column of headers holds: all of them, or the last one of its name.
Value header_value(const Column& column, const Record& record) {
  List all;
  Value last;
  for (const auto& [name, bytes] : record.headers) {
    const Value value = bytes ? Value(*bytes) : Value();
    if (column.mark == KeyMark::headers) all.emplace_back(List{Value(name), value});
    else if (name == column.header) last = value;
  }
  return column.mark == KeyMark::headers ? Value(std::move(all)) : last;
}

}  // namespace

void Task::read_source(std::size_t at, std::int64_t offset, const Record& record) {
  const Step& step = plan_->steps[at];
  const Source& source = step.source;
  StepState& state = states_[at];
  const std::size_t keys = step.sides[0].size();
  Event event;
  event.timestamp = record.timestamp;
  std::string why;
  if (record.key && keys > 0) {
    std::string bytes = *record.key;
    const bool whole = source.window == WindowKind::none ||
                       split_window(source.window, source.window_size, bytes, event.window_start, event.window_end);
    auto key = whole ? read_row(source.key_format, step.sides[0], true, bytes, why) : std::nullopt;
    if (!key) {
      ++state.skipped;
      return;
    }
    event.row = std::move(*key);
  } else {
    event.row.resize(keys);
  }
  const bool no_key =
      !record.key || (keys > 0 && std::all_of(event.row.begin(), event.row.end(), [](const Value& v) { return v.null(); }));
  if (step.table && no_key) {
    ++state.skipped;
    return;
  }
  event.no_key = !record.key;
  event.deleted = !record.value;
  auto value = record.value ? read_row(source.value_format, step.sides[1], false, *record.value, why)
                            : std::optional<Row>(Row(step.sides[1].size()));
  if (!value) {
    ++state.skipped;
    return;
  }
  event.row.reserve(source.columns.size() + 5);  // and what every row has besides
  auto next = std::make_move_iterator(value->begin());
  for (std::size_t i = keys; i < source.columns.size(); ++i)
    event.row.push_back(source.columns[i].of_headers() ? header_value(source.columns[i], record) : *next++);
  if (!(event.deleted && !source.timestamp_column.empty()) && !stamp(step, event.row, event.timestamp)) {
    ++state.skipped;
    return;
  }
  event.row.push_back(Value(event.timestamp));
  event.row.push_back(Value(static_cast<std::int64_t>(partition_)));
  event.row.push_back(Value(offset));
  if (source.window != WindowKind::none) {
    event.row.push_back(Value(event.window_start));
    event.row.push_back(Value(event.window_end));
  }
  if (step.kept) {
    const std::string key = record.key.value_or("");
    const auto before = state.rows[0].find(key);
    if (before != state.rows[0].end()) event.old = before->second.row;
    const Kept kept{event.row, event.timestamp};
    keep(at, 0, key, event.deleted ? nullptr : &kept);
  }
  pass(step, std::move(event));
}

void Task::filter(const Step& step, Event&& event) {
  const bool now = !event.deleted && holds(step.condition, event.row, now_);
  if (!step.table) {
    if (now) pass(step, std::move(event));
    return;
  }
  // A row that stops matching is deleted; one that never matched was not there (P22).
  const bool before = event.old && holds(step.condition, *event.old, now_);
  if (!now && !before) return;
  if (!before) event.old.reset();
  event.deleted = !now;
  pass(step, std::move(event));
}

void Task::project(const Step& step, Event&& event) {
  const auto projected = [&step, this](const Row& row, bool keys_only) {
    Row result;
    result.reserve(step.values.size());
    for (std::size_t i = 0; i < step.values.size(); ++i) {
      // Without a value there is no key but what comes from the old one.
      const bool kept = !keys_only || (step.lists.empty() ? step.kind == StepKind::rekey || i < step.keys
                                                          : i >= step.lists.size() || step.lists[i] != 0);
      result.push_back(kept ? evaluate(step.values[i], row, now_) : Value());
    }
    return result;
  };
  event.row = projected(event.row, event.deleted);
  if (step.kind == StepKind::rekey) event.no_key = false;
  if (event.old) event.old = projected(*event.old, false);
  pass(step, std::move(event));
}

namespace {

std::size_t known_elements(const List& list) {
  return static_cast<std::size_t>(std::count_if(list.begin(), list.end(), [](const Value& each) { return !each.null(); }));
}

}  // namespace

void Task::spread(const Step& step, Event&& event) {
  if (event.deleted) return;
  std::vector<Value> values;
  std::size_t longest = 0;
  for (std::size_t i = 0; i < step.values.size(); ++i) {
    values.push_back(evaluate(step.values[i], event.row, now_));
    if (step.lists[i] == 1) longest = std::max(longest, values[i].list().size());
    if (step.lists[i] == 2) longest = std::max(longest, std::size_t{1} << std::min<std::size_t>(known_elements(values[i].list()), 12));
  }
  for (std::size_t n = 0; n < longest; ++n) {
    Event each = event;
    each.row.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const List& list = values[i].list();
      if (step.lists[i] == 0) {
        each.row.push_back(values[i]);
      } else if (step.lists[i] == 1) {
        each.row.push_back(n < list.size() ? list[n] : Value());
      } else {
        // What is null is null in all of them.
        List cube;
        std::size_t left = known_elements(list);
        for (const Value& element : list) cube.push_back(!element.null() && ((n >> --left) & 1) != 0 ? element : Value());
        each.row.push_back(Value(std::move(cube)));
      }
    }
    pass(step, std::move(each));
  }
}

void Task::group(const Step& step, Event&& event) {
  const auto grouped = [&step, this](const Row& row) -> std::optional<Row> {
    Row result;
    result.reserve(step.values.size());
    for (std::size_t i = 0; i < step.values.size(); ++i) {
      result.push_back(evaluate(step.values[i], row, now_));
      if (i < step.keys && result.back().null()) return std::nullopt;
    }
    return result;
  };
  std::optional<Row> now = event.deleted ? std::nullopt : grouped(event.row);
  std::optional<Row> before = event.old ? grouped(*event.old) : std::nullopt;
  if (!now && !before) return;
  const auto same_group = [&] {
    return std::equal(now->begin(), now->begin() + static_cast<std::ptrdiff_t>(step.keys), before->begin());
  };
  if (now && before && !same_group()) {
    // First out of the old group, then into the new one (P23).
    Event out = event;
    out.row = *before;
    out.deleted = true;
    out.old = std::move(before);
    before.reset();
    pass(step, std::move(out));
  }
  event.deleted = !now;
  event.row = now ? std::move(*now) : *before;
  event.old = std::move(before);
  pass(step, std::move(event));
}

void Task::write_repartition(const Step& step, Event&& event) {
  Output output;
  output.kind = OutputKind::repartition;
  output.topic = step.topic;
  const bool absent = step.keys > 0 && event.row[0].null();
  if (!absent) output.record.key = key_bytes(step, event.row);
  if (step.table) {
    output.record.value =
        "[" + (event.deleted ? std::string("null") : encode(event.row)) + "," + (event.old ? encode(*event.old) : "null") + "]";
  } else if (!event.deleted) {
    output.record.value = encode(event.row);
  }
  output.record.timestamp = event.timestamp;
  output.route = output.record.key;
  out_->push_back(std::move(output));
}

void Task::read_repartition(std::size_t at, const Record& record) {
  const Step& step = plan_->steps[at];
  Event event;
  event.timestamp = record.timestamp;
  const Value value = record.value ? decode(*record.value) : Value();
  if (step.table) {
    const List& pair = value.list();
    if (pair.size() != 2) return;
    event.deleted = pair[0].null();
    if (!pair[1].null()) event.old = pair[1].list();
    event.row = event.deleted && event.old ? *event.old : pair[0].list();
  } else {
    event.deleted = value.null();
    event.row = value.list();
  }
  event.row.resize(step.width);
  pass(step, std::move(event));
}

void Task::sink(const Step& step, Event&& event) {
  Output output;
  output.record.timestamp = event.timestamp;
  const auto middle = event.row.begin() + static_cast<std::ptrdiff_t>(step.keys);
  if (plan_->writes.empty()) {
    output.kind = OutputKind::row;
    if (event.deleted && !step.table) return;
    output.row = std::move(event.row);
    if (!event.deleted) output.record.value = "";
    out_->push_back(std::move(output));
    return;
  }
  const Source& source = step.source;
  output.topic = source.topic;
  output.route = write_row(source.key_format, step.sides[0], true, Row(event.row.begin(), middle));
  if (event.no_key) output.route.reset();
  output.record.key = output.route;
  if (output.record.key && step.window != WindowKind::none)
    *output.record.key += window_bytes(step.window, event.window_start, event.window_end);
  if (step.stamp >= 0 && !event.deleted) {
    const Value& stamp = event.row[static_cast<std::size_t>(step.stamp)];
    const auto ms = stamp.is_text() ? parse_by(source.timestamp_format, stamp.text())
                    : stamp.null()  ? std::nullopt
                                    : std::optional<std::int64_t>(stamp.whole());
    if (!ms || *ms < 0) return;
    output.record.timestamp = *ms;
  }
  if (!event.deleted) output.record.value = write_row(source.value_format, step.sides[1], false, Row(middle, event.row.end()));
  if (source.value_schema.id > 0 && output.record.value) *output.record.value = as_given(source, false, *output.record.value);
  out_->push_back(std::move(output));
}

}  // namespace nutshell::streams
