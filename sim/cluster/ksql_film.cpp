#include "sim/cluster/ksql_film.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "sim/ksql/bytes.h"
#include "sim/ksql/schemas.h"
#include "sim/ksql/server.h"
#include "sim/streams/film_words.h"

namespace nutshell {

namespace {

using streams::FilmEvent;
using streams::FilmKind;

// A record that stands in a topic.
struct FilmedRecord {
  TopicPartition tp;
  Offset offset = 0;
  std::size_t store = 0;   // where it is kept: records are numbered as they are made
  std::uint64_t mark = 0;  // whose it is: its producer and serial number
  Time at = 0;
  int row = 0;  // 0: not known yet
  FilmEvent event;
};

std::uint64_t mark_of(NodeId producer, std::uint32_t serial) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(producer)) << 32 | serial) + 1;
}

struct FilmedMoment {
  const KsqlServer* server = nullptr;
  const KsqlMoment* moment = nullptr;
};

class KsqlCamera {
 public:
  KsqlCamera(const World& world, std::string_view service) : world_(world) {
    film_.servers = true;
    film_.row_keys.resize(1);
    for (const KsqlServer& each : world.plain.of<KsqlServer>()) {
      if (service.empty()) service = each.config.service;
      if (each.config.service != service) continue;
      servers_.push_back(&each);
      // Who has carried out more commands knows more; of equals, who runs.
      if (known_ && rank(each) <= rank_) continue;
      known_ = each.journal.known.get();
      rank_ = rank(each);
    }
  }

  streams::Film take() {
    if (!known_) return std::move(film_);
    film_.queries = known_->queries;
    film_.topics = streams::film_topics(known_->catalog, film_.queries);
    for (std::size_t i = 0; i < film_.queries.size(); ++i)
      query_numbers_[world_.fabric.names.find(film_.queries[i].id)] = static_cast<int>(i);
    for (const streams::FilmTopic& each : film_.topics) read_topic(each);
    collect_moments();
    number_rows();
    for (FilmedRecord& each : records_) written(each);
    for (const FilmedMoment& each : moments_) happened(each);
    std::stable_sort(film_.events.begin(), film_.events.end(), [](const FilmEvent& a, const FilmEvent& b) { return a.at < b.at; });
    return std::move(film_);
  }

 private:
  static std::pair<std::size_t, bool> rank(const KsqlServer& server) { return {server.journal.known->queries.size(), server.running}; }

  void read_topic(const streams::FilmTopic& topic) {
    const TopicId id = world_.fabric.names.find(topic.name);
    for (std::int32_t partition = 0; id >= 0 && partition < topic.partitions; ++partition) {
      const Replica* leader = nullptr;
      for (const Broker& each : world_.brokers) {
        const Replica* replica = each.replica({id, partition});
        if (replica && replica->role == ReplicaRole::leader && (!leader || replica->leader_epoch > leader->leader_epoch)) leader = replica;
      }
      if (leader) read_partition(topic, {id, partition}, leader->log);
    }
  }

  void read_partition(const streams::FilmTopic& topic, TopicPartition tp, const Log& log) {
    const streams::WindowKind window = window_of(topic.name);
    for (const Batch& batch : log.batches()) {
      std::int64_t nth = 0;
      for_each_record(world_.commons.store.records, batch, [&](Offset offset, const Record& record) {
        FilmedRecord made;
        made.tp = tp;
        made.offset = offset;
        made.store = static_cast<std::size_t>(batch.first_record + nth++);
        made.mark = mark_of(record.producer, record.serial);
        made.at = std::max<Time>(timestamp_of(batch, record), 0);
        streams::Record bytes;
        if (record.key >= 0) bytes.key = from_name(readable(topic.name, true, window, record.key), window);
        if (record.text >= 0) bytes.value = from_name(readable(topic.name, false, streams::WindowKind::none, record.text));
        if (record.text == -1) bytes.value = "";
        bytes.timestamp = std::max<Time>(timestamp_of(batch, record), -1) / kMillisecond;
        FilmEvent& event = made.event;
        event.kind = FilmKind::written;
        event.partition = tp.partition;
        event.topic = topic.name;
        event.offset = offset;
        event.deleted = !bytes.value;
        event.timestamp = bytes.timestamp;
        streams::say_record(known_->catalog, film_.queries, topic.name, bytes, event);
        by_place_[{tp, offset}] = records_.size();
        by_mark_[made.mark] = records_.size();
        records_.push_back(std::move(made));
      });
    }
  }

  // With the schemas that a server has asked for.
  std::string readable(const std::string& topic, bool key, streams::WindowKind window, std::int32_t text) const {
    const std::string& name = world_.fabric.names[text];
    for (const auto& [own, source] : known_->catalog.sources) {
      const streams::FormatKind kind = key ? source.key_format.kind : source.value_format.kind;
      if (source.topic != topic || !streams::has_schema(kind)) continue;
      for (const KsqlServer* server : servers_) {
        const std::string json = readable_name(world_.fabric.names, server->schemas, kind, window, name);
        if (json != name) return json;
      }
    }
    return name;
  }

  streams::WindowKind window_of(const std::string& topic) const {
    for (const streams::FilmQuery& each : film_.queries)
      if (const streams::WindowKind window = window_of_topic(*each.plan, topic); window != streams::WindowKind::none) return window;
    return streams::WindowKind::none;
  }

  // What all servers did, in the order in which it was done.
  void collect_moments() {
    for (const KsqlServer* server : servers_) {
      for (const KsqlMoment& each : server->journal.moments) moments_.push_back({server, &each});
      if (!server->journal.open()) film_.kept_until = std::min(film_.kept_until, server->journal.moments.back().at);
    }
    std::stable_sort(moments_.begin(), moments_.end(),
                     [](const FilmedMoment& a, const FilmedMoment& b) { return a.moment->at < b.moment->at; });
  }

  // Rows are numbered as they are made; what a task writes bears the number of the row that it has read.
  void number_rows() {
    std::map<std::uint64_t, bool> sent;
    for (const FilmedMoment& each : moments_) {
      const bool by_task = each.moment->deed == KsqlDeed::sent;
      if (!by_task && each.moment->deed != KsqlDeed::inserted) continue;
      const std::uint64_t mark = mark_of(each.server->node, each.moment->serial);
      sent[mark] = by_task;
      if (const auto found = by_mark_.find(mark); found != by_mark_.end()) records_[found->second].at = each.moment->at;
    }
    std::map<std::size_t, FilmedRecord*> fresh;
    for (FilmedRecord& each : records_) {
      const auto found = sent.find(each.mark);
      if (found == sent.end() ? !is_of_server(each) : !found->second) fresh[each.store] = &each;
    }
    for (auto& [store, each] : fresh) {
      each->row = static_cast<int>(film_.row_keys.size());
      film_.row_keys.push_back(each->event.key);
      keyed_.push_back(false);
    }
    follow_rows();
  }

  // What a task sends is of the row at hand; out of its cache, of the last row that counted in the window.
  void follow_rows() {
    using TaskPlace = std::tuple<std::int32_t, int, int>;
    std::map<TaskPlace, int> read;
    std::map<std::tuple<TaskPlace, std::string, std::int64_t>, int> counted;
    for (const FilmedMoment& each : moments_) {
      const KsqlMoment& m = *each.moment;
      const TaskPlace task{m.query, m.part, m.partition};
      const auto query = query_numbers_.find(m.query);
      if (m.deed == KsqlDeed::read) read[task] = row_at(m.tp, m.offset);
      if (m.deed == KsqlDeed::noted && m.note.kind == streams::NoteKind::counted && query != query_numbers_.end()) {
        FilmEvent said;
        streams::say_note(*film_.queries[static_cast<std::size_t>(query->second)].plan, m.note, said);
        counted[{task, said.key, said.window_start}] = read[task];
      }
      const auto found = m.deed == KsqlDeed::sent ? by_mark_.find(mark_of(each.server->node, m.serial)) : by_mark_.end();
      if (found == by_mark_.end()) continue;
      FilmedRecord& record = records_[found->second];
      if (query != query_numbers_.end()) record.event.query = query->second;
      const auto of_window = counted.find({task, record.event.key, record.event.window_start});
      record.row = of_window != counted.end() && !record.event.deleted ? of_window->second : read[task];
    }
  }

  // What a server wrote and has not written down came after the end of its journal.
  bool is_of_server(const FilmedRecord& record) const {
    return std::any_of(servers_.begin(), servers_.end(), [&](const KsqlServer* each) {
      return mark_of(each->node, 0) >> 32 == (record.mark - 1) >> 32;
    });
  }

  int row_at(TopicPartition tp, Offset offset) const {
    const auto found = by_place_.find({tp, offset});
    return found == by_place_.end() ? 0 : records_[found->second].row;
  }

  void written(FilmedRecord& record) {
    record.event.at = record.at;
    record.event.row = record.row;
    film_.events.push_back(record.event);
  }

  void happened(const FilmedMoment& each) {
    const KsqlMoment& m = *each.moment;
    const auto query = query_numbers_.find(m.query);
    if (query == query_numbers_.end()) return;
    FilmEvent event;
    event.at = m.at;
    event.query = query->second;
    event.part = m.part;
    event.partition = m.partition;
    event.offset = m.offset;
    event.server = world_.fabric.nodes[static_cast<std::size_t>(each.server->node)].name;
    int& row = rows_[{event.query, event.part, event.partition}];
    switch (m.deed) {
      case KsqlDeed::assigned:
        event.kind = FilmKind::assigned;
        event.restores = m.flag;
        break;
      case KsqlDeed::read:
        row = row_at(m.tp, m.offset);
        event.kind = FilmKind::read;
        event.topic = world_.fabric.names[m.tp.topic];
        if (const auto found = by_place_.find({m.tp, m.offset}); found != by_place_.end())
          event.timestamp = records_[found->second].event.timestamp;
        break;
      case KsqlDeed::dropped: event.kind = FilmKind::dropped; break;
      case KsqlDeed::noted: streams::say_note(*film_.queries[static_cast<std::size_t>(event.query)].plan, m.note, event); break;
      case KsqlDeed::sent:
        if (!m.flag || !of_changelog(mark_of(each.server->node, m.serial), FilmKind::logged, event)) return;
        break;
      case KsqlDeed::restored: {
        const auto found = by_place_.find({m.tp, m.offset});
        if (found == by_place_.end() || !of_changelog(records_[found->second].mark, FilmKind::restored, event)) return;
        break;
      }
      case KsqlDeed::ready: event.kind = FilmKind::ready; break;
      case KsqlDeed::standing: event.kind = FilmKind::standing; break;
      case KsqlDeed::closed: event.kind = FilmKind::closed; break;
      case KsqlDeed::inserted: return;
    }
    event.row = row;
    if (event.kind == FilmKind::noted && event.note.kind != streams::NoteKind::told) remember_key(row, event.key);
    film_.events.push_back(std::move(event));
  }

  // The key by which a row is first grouped or joined.
  void remember_key(int row, const std::string& key) {
    if (row <= 0 || keyed_[static_cast<std::size_t>(row) - 1] || key.empty()) return;
    keyed_[static_cast<std::size_t>(row) - 1] = true;
    film_.row_keys[static_cast<std::size_t>(row)] = key;
  }

  // What the record of a changelog says of a store; false: it has not arrived.
  bool of_changelog(std::uint64_t mark, FilmKind kind, FilmEvent& event) const {
    const auto found = by_mark_.find(mark);
    if (found == by_mark_.end()) return false;
    const FilmEvent& record = records_[found->second].event;
    const streams::TopicOwner owner = streams::owner_of(film_.queries, record.topic);
    if (!owner.query) return false;
    event.kind = kind;
    event.mark = mark;
    event.key = record.key;
    event.cells = record.cells;
    event.deleted = record.deleted;
    event.timestamp = record.timestamp;
    event.window_start = record.window_start;
    event.window_end = record.window_end;
    event.note.step = owner.step;
    event.note.side = owner.store;
    return true;
  }

  const World& world_;
  std::vector<const KsqlServer*> servers_;
  const KsqlKnown* known_ = nullptr;
  std::pair<std::size_t, bool> rank_;
  streams::Film film_;
  std::map<std::int32_t, int> query_numbers_;
  std::vector<FilmedRecord> records_;
  std::map<std::pair<TopicPartition, Offset>, std::size_t> by_place_;
  std::map<std::uint64_t, std::size_t> by_mark_;
  std::vector<FilmedMoment> moments_;
  std::vector<bool> keyed_;  // of each row, from 0
  std::map<std::tuple<int, int, int>, int> rows_;  // of each task: the row at hand
};

}  // namespace

streams::Film ksql_film(const World& world, std::string_view service) { return KsqlCamera(world, service).take(); }

std::uint64_t ksql_film_stamp(const World& world) {
  std::uint64_t stamp = 0;
  for (const KsqlServer& each : world.plain.of<KsqlServer>()) {
    fold(stamp, each.running);
    fold(stamp, each.journal.moments.size());
    for (const streams::FilmQuery& query : each.journal.known->queries) fold(stamp, query.id), fold(stamp, query.text);
    for (const auto& [name, source] : each.journal.known->catalog.sources) fold(stamp, name), fold(stamp, source.text);
  }
  for (const Broker& broker : world.brokers) {
    for (const Replica& each : broker.replicas) {
      if (each.role != ReplicaRole::leader) continue;
      fold(stamp, each.tp);
      fold(stamp, each.leader_epoch);
      fold(stamp, each.log.log_start_offset());
      fold(stamp, each.log.log_end_offset());
    }
  }
  return stamp;
}

}  // namespace nutshell
