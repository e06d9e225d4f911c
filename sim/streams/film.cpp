#include "sim/streams/film.h"

#include <algorithm>
#include <map>
#include <utility>

#include "sim/log/hash.h"
#include "sim/streams/engine.h"
#include "sim/streams/film_words.h"
#include "sim/streams/format.h"
#include "sim/streams/parser.h"
#include "sim/streams/problem.h"

namespace nutshell::streams {

namespace {

// What happens next: a record is written, or a task reads one.
struct Due {
  bool reads = false;
  int row = 0;
  int query = -1;
  std::size_t task = 0;
  std::string topic;
  int partition = 0;
  std::int64_t offset = 0;
  Record record;
};

class Camera {
 public:
  explicit Camera(const FilmSetup& setup) : setup_(setup), engine_(switches()) {}

  Film take() {
    carry_out();
    for (std::size_t i = 0; i < setup_.rows.size() && film_.problem.empty(); ++i) bring_in(static_cast<int>(i) + 1, setup_.rows[i]);
    film_.row_keys.resize(setup_.rows.size() + static_cast<std::size_t>(inserted_) + 1);
    while (!due_.empty() && film_.problem.empty()) {
      const auto first = due_.begin();
      now_ = first->first.first;
      const Due next = std::move(first->second);
      due_.erase(first);
      if (next.reads)
        read(next);
      else
        write(next);
    }
    if (film_.problem.empty()) return std::move(film_);
    Film none;
    none.problem = std::move(film_.problem);
    return none;
  }

 private:
  static Switches switches() {
    Switches all;
    all.changelog = true;
    return all;
  }

  void carry_out() {
    Complaint complaint;
    std::string printed, script;
    for (const std::string& each : setup_.statements) script += each + "\n";
    for (const Statement& each : parse_script(script, engine_.variables, complaint)) {
      if (complaint.any()) break;
      // What only asks has no picture.
      if (each.verb == Verb::select) continue;
      engine_.execute(each, complaint, printed);
      if (each.verb == Verb::insert_values && !complaint.any()) bring_in_inserted();
    }
    if (complaint.any()) {
      film_.problem = say(complaint.first());
      return;
    }
    if (engine_.queries().empty()) film_.problem = "no statement keeps a query; CREATE STREAM or TABLE ... AS SELECT does";
    for (const Query& each : engine_.queries()) {
      film_.queries.push_back({each.id, each.text, each.plan});
      tasks_.emplace_back();
      for (std::size_t part = 0; part < each.plan->parts.size(); ++part) {
        for (int p = 0; p < each.plan->parts[part].tasks; ++p)
          tasks_.back().emplace_back(each.plan, static_cast<int>(part), p, switches());
      }
    }
    film_.topics = film_topics(engine_.catalog, film_.queries);
  }

  // What an INSERT VALUES has just put into a topic of the engine is taken out of it, and comes when its turn is.
  void bring_in_inserted() {
    for (auto& [name, log] : engine_.topics) {
      for (std::size_t p = 0; p < log.partitions.size(); ++p) {
        if (log.partitions[p].empty()) continue;
        Time last = 0;
        for (const FilmRow& each : setup_.rows) last = std::max(last, each.at);
        const int number = static_cast<int>(setup_.rows.size()) + ++inserted_;
        add(last + inserted_ * setup_.pace, Due{false, number, -1, 0, name, static_cast<int>(p), 0, std::move(log.partitions[p].back())});
        log.partitions[p].clear();
        log.arrivals[p].clear();
      }
    }
  }

  void bring_in(int number, const FilmRow& row) {
    const Source* source = film_source(engine_.catalog, row.topic);
    const std::string where = "row " + std::to_string(number) + ": ";
    if (!source) {
      film_.problem = where + "no statement speaks of the topic '" + row.topic + "'";
      return;
    }
    Due due{false, number, -1, 0, row.topic, row.partition, 0, {std::nullopt, std::nullopt, row.timestamp}};
    for (const bool key : {true, false}) {
      const std::optional<std::string>& text = key ? row.key : row.value;
      if (!text) continue;
      const auto json = parse_json(*text);
      if (!json) {
        film_.problem = where + (key ? "its key" : "its value") + " is no JSON";
        return;
      }
      (key ? due.record.key : due.record.value) = bytes_from_json(*json, *source, key);
    }
    if (row.partition >= source->partitions) {
      film_.problem = where + "the topic '" + row.topic + "' has no partition " + std::to_string(row.partition);
      return;
    }
    if (row.partition < 0) due.partition = partition_of(due.record.key, source->partitions);
    add(row.at, std::move(due));
  }

  static int partition_of(const std::optional<std::string>& key, int partitions) {
    return key ? partition_for_key(murmur2(*key), partitions) : 0;
  }

  void add(Time at, Due due) { due_.emplace(std::pair{at, order_++}, std::move(due)); }

  void write(const Due& due) {
    if (film_.events.size() > kMostEvents) {
      film_.problem = "more happens than can be shown; a query may read what it writes";
      return;
    }
    std::int64_t& end = ends_[{due.topic, due.partition}];
    FilmEvent event;
    event.at = now_;
    event.kind = FilmKind::written;
    event.row = due.row;
    event.query = due.query;
    event.partition = due.partition;
    event.topic = due.topic;
    event.offset = end++;
    event.deleted = !due.record.value;
    event.timestamp = due.record.timestamp;
    say_record(engine_.catalog, film_.queries, due.topic, due.record, event);
    film_.events.push_back(event);
    for (std::size_t q = 0; q < tasks_.size(); ++q) {
      for (std::size_t t = 0; t < tasks_[q].size(); ++t) {
        const Task& task = tasks_[q][t];
        const auto& reads = task.plan().parts[static_cast<std::size_t>(task.part())].topics;
        if (task.partition() != due.partition || std::find(reads.begin(), reads.end(), due.topic) == reads.end()) continue;
        Due next = due;
        next.reads = true;
        next.query = static_cast<int>(q);
        next.task = t;
        next.offset = event.offset;
        add(now_ + setup_.hop, std::move(next));
      }
    }
  }

  void read(const Due& due) {
    Task& task = tasks_[static_cast<std::size_t>(due.query)][due.task];
    std::vector<Output> outputs;
    std::vector<Note> notes;
    task.process(due.topic, due.offset, due.record, kStart + now_ / kMillisecond, outputs, &notes);
    FilmEvent event;
    event.at = now_;
    event.kind = FilmKind::read;
    event.row = due.row;
    event.query = due.query;
    event.part = task.part();
    event.partition = task.partition();
    event.topic = due.topic;
    event.offset = due.offset;
    event.timestamp = due.record.timestamp;
    film_.events.push_back(event);
    event.kind = FilmKind::dropped;
    if (outputs.empty() && notes.empty()) film_.events.push_back(event);
    for (Note& note : notes) film_.events.push_back(noted(event, task.plan(), std::move(note)));
    for (Output& output : outputs) add(now_ + setup_.hop, written(due, task, std::move(output)));
  }

  FilmEvent noted(FilmEvent event, const Plan& plan, Note note) {
    say_note(plan, std::move(note), event);
    std::string& known = film_.row_keys[static_cast<std::size_t>(event.row)];
    if (known.empty() && event.note.kind != NoteKind::told) known = event.key;
    return event;
  }

  Due written(const Due& from, const Task& task, Output output) const {
    Due due{false, from.row, from.query, 0, output.topic, 0, 0, std::move(output.record)};
    const FilmTopic* topic = film_.topic(output.topic);
    // A changelog has a partition for each task.
    if (output.kind == OutputKind::changelog)
      due.partition = task.partition();
    else
      due.partition = partition_of(output.route, topic ? topic->partitions : 1);
    return due;
  }

  static constexpr std::size_t kMostEvents = 20'000;
  // The clock that queries may read: some moment after 1970.
  static constexpr std::int64_t kStart = 1'500'000'000'000;

  const FilmSetup& setup_;
  Engine engine_;
  Film film_;
  std::vector<std::vector<Task>> tasks_;  // of each query
  std::map<std::pair<Time, std::uint64_t>, Due> due_;
  std::uint64_t order_ = 0;
  int inserted_ = 0;
  std::map<std::pair<std::string, int>, std::int64_t> ends_;
  Time now_ = 0;
};

}  // namespace

const FilmTopic* Film::topic(const std::string& name) const {
  const auto found = std::find_if(topics.begin(), topics.end(), [&](const FilmTopic& each) { return each.name == name; });
  return found == topics.end() ? nullptr : &*found;
}

int Film::query_of(std::string_view result) const {
  for (std::size_t i = queries.size(); i-- > 0;) {
    if (upper(queries[i].plan->writes) == upper(result)) return static_cast<int>(i);
  }
  return -1;
}

Film film_of(const FilmSetup& setup) { return Camera(setup).take(); }

}  // namespace nutshell::streams
