#include <algorithm>
#include <deque>
#include <limits>

#include "sim/log/hash.h"
#include "sim/streams/engine.h"
#include "sim/streams/format.h"
#include "sim/streams/format_schema.h"
#include "sim/streams/parser.h"
#include "sim/streams/pull.h"
#include "sim/streams/unknown.h"

namespace nutshell::streams {
namespace {

int partition_of(std::string_view key, int partitions) { return partition_for_key(murmur2(key), partitions); }

}  // namespace

Query Engine::started(Plan plan) const {
  Query query;
  query.id = plan.query_id;
  query.plan = std::make_shared<const Plan>(std::move(plan));
  for (std::size_t part = 0; part < query.plan->parts.size(); ++part) {
    const int tasks = one_partition ? 1 : query.plan->parts[part].tasks;
    for (int p = 0; p < tasks; ++p) query.tasks.emplace_back(query.plan, static_cast<int>(part), p, switches_);
  }
  return query;
}

void Engine::produce(const std::string& topic, int partition, const std::optional<std::string>& route, Record record) {
  TopicLog& log = topics[topic];
  const auto known = catalog.topics.find(topic);
  const int partitions = one_partition ? 1 : known == catalog.topics.end() ? 1 : known->second;
  const std::size_t wanted = static_cast<std::size_t>(std::max(partitions, partition + 1));
  if (log.partitions.size() < wanted) {
    log.partitions.resize(wanted);
    log.arrivals.resize(wanted);
  }
  // A record without key goes to partition 0: which one is the producer's choice, and any will do.
  if (partition < 0) partition = route ? partition_of(*route, partitions) : 0;
  log.partitions[static_cast<std::size_t>(partition)].push_back(std::move(record));
  log.arrivals[static_cast<std::size_t>(partition)].push_back(arrivals_++);
}

// Rows of push queries into `rows`; the rest to topics and, by way of them, to the query's own tasks.
void Engine::carry(Query& query, std::vector<Output>& outputs, std::vector<Output>* rows) {
  std::deque<Output> waiting(std::make_move_iterator(outputs.begin()), std::make_move_iterator(outputs.end()));
  while (!waiting.empty()) {
    Output output = std::move(waiting.front());
    waiting.pop_front();
    if (output.kind == OutputKind::row) {
      if (rows) rows->push_back(std::move(output));
      continue;
    }
    if (output.kind == OutputKind::repartition) {
      std::vector<Output> more;
      for (Task& task : query.tasks) {
        const SubTopology& part = query.plan->parts[static_cast<std::size_t>(task.part())];
        const int partitions = one_partition ? 1 : part.tasks;
        const int partition = output.route ? partition_of(*output.route, partitions) : 0;
        const bool reads = std::find(part.topics.begin(), part.topics.end(), output.topic) != part.topics.end();
        if (reads && task.partition() == partition) task.process(output.topic, 0, output.record, now, more);
      }
      waiting.insert(waiting.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
      continue;
    }
    produce(output.topic, -1, output.route, std::move(output.record));
  }
}

void Engine::feed_query(Query& query, const std::string& topic, int partition, std::size_t offset, const Record& record,
                        std::vector<Output>* rows) {
  std::vector<Output> outputs;
  for (Task& task : query.tasks) {
    if (!one_partition && task.partition() != partition) continue;
    const auto& reads = query.plan->parts[static_cast<std::size_t>(task.part())].topics;
    if (std::find(reads.begin(), reads.end(), topic) == reads.end()) continue;
    task.process(topic, static_cast<std::int64_t>(offset), record, now, outputs);
  }
  carry(query, outputs, rows);
}

void Engine::feed(std::size_t query, const std::string& topic, int partition, std::size_t offset, const Record& record) {
  feed_query(queries_[query], topic, partition, offset, record, nullptr);
}

// The record that came first of all that the query has not read.
bool Engine::next_record(const Query& query, std::string& topic, int& partition) const {
  std::uint64_t best = std::numeric_limits<std::uint64_t>::max();
  for (const SubTopology& part : query.plan->parts) {
    for (const std::string& name : part.topics) {
      const auto log = topics.find(name);
      if (log == topics.end()) continue;
      for (std::size_t p = 0; p < log->second.partitions.size(); ++p) {
        const auto next = query.next.find({name, static_cast<int>(p)});
        const std::size_t at = next == query.next.end() ? 0 : next->second;
        if (at >= log->second.partitions[p].size() || log->second.arrivals[p][at] >= best) continue;
        best = log->second.arrivals[p][at];
        topic = name;
        partition = static_cast<int>(p);
      }
    }
  }
  return best != std::numeric_limits<std::uint64_t>::max();
}

void Engine::run() {
  for (bool more = true; more;) {
    more = false;
    for (Query& query : queries_) {
      std::string topic;
      int partition = 0;
      if (query.paused || !next_record(query, topic, partition)) continue;
      const std::size_t at = query.next[{topic, partition}]++;
      const Record record = topics[topic].partitions[static_cast<std::size_t>(partition)][at];
      feed_query(query, topic, partition, at, record, nullptr);
      more = true;
    }
  }
}

Engine::Table Engine::select(const Select& select, Complaint& complaint) {
  if (select.emit != Emit::none) return push(select, complaint);
  return pull(select, complaint);
}

// S30: from the beginning; a deletion is a row of which only the key is known.
Engine::Table Engine::push(const Select& select, Complaint& complaint) {
  Table table;
  Target target;
  target.query_id = "0";
  Plan plan = plan_query(select, catalog, target, complaint);
  if (complaint.any()) return table;
  table.columns = plan.output;
  for (const Column& c : plan.output) table.names.push_back(c.name);
  const std::int64_t limit = plan.limit;
  Query query = started(std::move(plan));
  std::vector<Output> rows;
  std::string topic;
  int partition = 0;
  while ((limit < 0 || static_cast<std::int64_t>(rows.size()) < limit) && next_record(query, topic, partition)) {
    const std::size_t at = query.next[{topic, partition}]++;
    const Record record = topics[topic].partitions[static_cast<std::size_t>(partition)][at];
    feed_query(query, topic, partition, at, record, &rows);
  }
  for (Output& row : rows) {
    if (limit >= 0 && static_cast<std::int64_t>(table.rows.size()) >= limit) break;
    table.rows.push_back(std::move(row.row));
  }
  table.limit_reached = limit >= 0 && static_cast<std::int64_t>(table.rows.size()) >= limit;
  return table;
}

// S31: a table's rows as its task has them now; a stream from its beginning to its end.
Engine::Table Engine::pull(const Select& select, Complaint& complaint) {
  Table table;
  Target target;
  target.query_id = "0";
  Select as_push = select;
  as_push.emit = Emit::changes;
  as_push.limit.reset();
  const Source* source = catalog.find(select.from.name);
  if (source && refuses_pull(select, *source, catalog, complaint)) return table;
  Plan plan = plan_query(as_push, catalog, target, complaint);
  if (complaint.any()) return table;
  as_push.limit = select.limit;
  if (!source->table) return push(as_push, complaint);
  table.columns = plan.output;
  for (const Column& c : plan.output) table.names.push_back(c.name);
  // The last row of each key, by partition and key, is what the store has; of windows those that it still shows.
  const auto log = topics.find(source->topic);
  std::int64_t hidden = kNoTime;
  for (const Query& q : queries_) {
    if (q.id != source->query) continue;
    for (const Task& task : q.tasks) {
      for (std::size_t i = 0; i < q.plan->steps.size(); ++i) {
        const Step& step = q.plan->steps[i];
        const StepState& state = task.state(i);
        if (step.kind == StepKind::aggregate && step.window != WindowKind::none && state.newest != kNoTime)
          hidden = std::max(hidden, state.newest - step.retention);
      }
    }
  }
  for (std::size_t p = 0; log != topics.end() && p < log->second.partitions.size(); ++p) {
    std::map<std::string, Record> last;
    for (const Record& record : log->second.partitions[p]) {
      if (record.key) last[*record.key] = record;
    }
    Query reader = started(plan);
    for (const auto& [key, record] : last) {
      std::string raw = key;
      std::int64_t start = 0;
      std::int64_t end = 0;
      const bool windowed =
          source->window != WindowKind::none && split_window(source->window, source->window_size, raw, start, end);
      const bool gone = windowed && hidden != kNoTime && (source->window == WindowKind::session ? end : start) <= hidden;
      if (!record.value || gone) continue;
      std::vector<Output> rows;
      feed_query(reader, source->topic, static_cast<int>(p), 0, record, &rows);
      for (Output& row : rows) table.rows.push_back(std::move(row.row));
    }
  }
  if (select.limit && static_cast<std::int64_t>(table.rows.size()) > *select.limit)
    table.rows.resize(static_cast<std::size_t>(*select.limit));
  return table;
}

namespace {

// The value for a column, as the column's type (S32).
Value value_for(const Expression& e, const Column& column, const Catalog& catalog, Complaint& complaint) {
  const Scope nothing;
  const Code code = compile(e, nothing, catalog, "VALUES", complaint);
  if (complaint.any()) return {};
  const Value value = evaluate(code, Row());
  const bool text_to_other = code.type.base == Base::text && !is_number(column.type) && column.type.base != Base::boolean;
  const bool fits = widens(code.type, column.type) || (text_to_other && can_cast(code.type, column.type)) ||
                    (is_nested(code.type) && can_cast(code.type, column.type)) ||
                    (is_number(code.type) && column.type.base == Base::decimal) ||
                    (code.type.base == Base::decimal && column.type.base == Base::real);
  bool failed = false;
  Value result = fits ? cast_value(value, code.type, column.type, failed) : Value();
  if (!fits || failed)
    complaint.say("E15", e.at,
                  "Column " + column.name + " is " + type_text(column.type) + ", but the value is " + type_text(code.type) +
                      "; write one that fits, or CAST it.");
  return result;
}

}  // namespace

std::optional<std::string> Engine::looked_up_key(const Select& select) const {
  const Source* source = catalog.find(select.from.name);
  if (!source || !select.where || key_count(source->columns) != 1) return std::nullopt;
  const Column& key = source->columns[0];
  const Expression& where = *select.where;
  const bool several = where.node == Node::logic && where.text == "AND";
  for (const Expression& each : several ? where.args : std::vector<Expression>{where}) {
    if (each.node != Node::compare || each.text != "=") continue;
    for (const std::size_t side : {0u, 1u}) {
      const Expression &name = each.args[side], &literal = each.args[1 - side];
      if (name.node != Node::name || name.text != key.name || literal.node > Node::text_literal) continue;
      Complaint complaint;
      const Value value = value_for(literal, key, catalog, complaint);
      if (!complaint.any()) return write_row(source->key_format, Columns{key}, true, Row{value});
    }
  }
  return std::nullopt;
}

void Engine::insert_values(const Statement& s, Complaint& complaint) {
  const Source* source = catalog.find(s.name);
  if (!source) {
    complaint.say("E4", s.name_at, no_such_source(catalog, s.name));
    return;
  }
  if (source->source_only)
    complaint.say("E15", s.name_at, s.name + " is a SOURCE, which is read only; nothing is written to it.");
  if (source->window != WindowKind::none)
    complaint.say("E15", s.name_at,
                  "The keys of " + s.name + " carry windows; rows come from its query, not from INSERT VALUES.");
  Columns wanted;
  for (const std::string& name : s.names) {
    const auto found =
        std::find_if(source->columns.begin(), source->columns.end(), [&](const Column& c) { return c.name == name; });
    std::vector<std::string> known = {"ROWTIME"};
    for (const Column& c : source->columns) known.push_back(c.name);
    if (name == "ROWTIME") wanted.push_back({name, simple(Base::bigint), false, KeyMark::none, ""});
    else if (found == source->columns.end())
      complaint.say("E5", s.name_at,
                    "INSERT: " + s.name + " has no column " + quoted_name(name) + " to be given." + did_you_mean(name, known));
    else wanted.push_back(*found);
  }
  if (s.names.empty()) wanted = source->columns;
  for (const Column& c : wanted)
    if (c.of_headers())
      complaint.say("E15", s.name_at,
                    "The column " + c.name + " is filled from the headers of a record, which INSERT cannot give; name the other columns.");
  if (wanted.size() != s.values.size() && !complaint.any()) {
    complaint.say("E15", s.at,
                  "There are " + std::to_string(s.values.size()) + " values for " + std::to_string(wanted.size()) +
                      " columns, (" + columns_text(wanted, source->table) + ").");
  }
  Row row(source->columns.size());
  Record record;
  record.timestamp = now;
  for (std::size_t i = 0; i < wanted.size() && !complaint.any(); ++i) {
    const Value value = value_for(s.values[i], wanted[i], catalog, complaint);
    if (wanted[i].name == "ROWTIME") record.timestamp = value.whole();
    for (std::size_t j = 0; j < source->columns.size(); ++j) {
      if (source->columns[j].name == wanted[i].name) row[j] = value;
    }
  }
  if (complaint.any()) return;
  const std::size_t keys = key_count(source->columns);
  const auto middle = source->columns.begin() + static_cast<std::ptrdiff_t>(keys);
  const auto middle_value = row.begin() + static_cast<std::ptrdiff_t>(keys);
  if (source->table && std::any_of(row.begin(), middle_value, [](const Value& v) { return v.null(); })) {
    complaint.say("E15", s.at, "A table's row has its key: give a value for " + source->columns[0].name + ".");
    return;
  }
  record.key = write_row(source->key_format, Columns(source->columns.begin(), middle), true, Row(row.begin(), middle_value));
  Row values;
  for (std::size_t i = keys; i < row.size(); ++i)
    if (!source->columns[i].of_headers()) values.push_back(row[i]);
  record.value = write_row(source->value_format, columns_of_side(*source, false), false, values);
  if (source->value_schema.id > 0 && record.value) *record.value = as_given(*source, false, *record.value);
  const std::optional<std::string> route = record.key;
  produce(source->topic, -1, route, std::move(record));
}

}  // namespace nutshell::streams
