#include "viz/panels/connect_picture.h"

#include <algorithm>
#include <map>
#include <set>

#include "sim/streams/json.h"
#include "sim/workers/data_store.h"
#include "sim/workers/worker.h"

namespace nutshell {

namespace {

constexpr std::size_t kMostCells = 60;

// The worker that has read most of the config topic; nullptr: none has begun.
const ConnectWorker* best_informed(const World& world) {
  const ConnectWorker* best = nullptr;
  for (const ConnectWorker& each : world.plain.of<ConnectWorker>())
    if (!best || each.configured.offset > best->configured.offset) best = &each;
  return best;
}

const Log* log_of(const World& world, TopicPartition tp) {
  for (const Broker& each : world.brokers)
    if (const Replica* replica = each.replica(tp); replica && replica->role == ReplicaRole::leader) return &replica->log;
  return nullptr;
}

template <class Visit>
void each_record(const World& world, TopicId topic, Visit visit) {
  for (std::int32_t p = 0; topic >= 0; ++p) {
    const Log* log = log_of(world, {topic, p});
    if (!log) return;
    for (const Batch& batch : log->batches())
      for_each_record(world.commons.store.records, batch, [&](Offset offset, const Record& record) {
        visit(TopicPartition{topic, p}, offset, record);
      });
  }
}

connect::RawRecord raw_of(const World& world, TopicPartition tp, Offset offset, const Record& record) {
  return raw_record(world.fabric.names, {tp, offset, kNoEpoch, record.key, record.text, record.timestamp});
}

std::string unit_of_key(const std::string& key) {
  for (const std::string_view front : {"status-connector-", "status-task-"})
    if (key.rfind(front, 0) == 0) return key.substr(front.size());
  return "";
}

struct Said {
  std::string state, worker;
};
// What the status topic says of each unit: the last word counts.
std::map<std::string, Said> status_of(const World& world, const ConnectWorker& worker) {
  std::map<std::string, Said> all;
  each_record(world, world.topic_id(topic_of_group(worker, "status")), [&](TopicPartition tp, Offset offset, const Record& record) {
    const connect::RawRecord raw = raw_of(world, tp, offset, record);
    const std::string unit = unit_of_key(raw.key.value_or(""));
    const auto json = raw.value ? streams::parse_json(*raw.value) : std::nullopt;
    if (!json) all.erase(unit);
    else if (json->find("state") && json->find("worker_id")) all[unit] = {json->find("state")->text, json->find("worker_id")->text};
  });
  return all;
}

void add_units(const ConnectWorker& worker, ConnectWorkerPicture& picture) {
  for (const std::string& name : worker.has.connectors) {
    const auto instance = worker.instances.find(name);
    const bool failed = instance != worker.instances.end() && instance->second.state == connect::UnitState::failed;
    picture.units.push_back(
        {name, instance == worker.instances.end() ? "" : std::string(connect::unit_state_name(instance->second.state)), true, failed});
    if (failed) picture.trace = instance->second.trace;
  }
  for (const connect::TaskId& id : worker.has.tasks) {
    const ConnectTask* task = worker.task(id);
    const bool failed = task && task->failed;
    const char* state = !task                                  ? ""
                        : failed                               ? "FAILED"
                        : task->paused                         ? "PAUSED"
                        : task->phase == ConnectPhase::running ? "RUNNING"
                                                               : "starts";
    picture.units.push_back({connect::text_of(id), state, true, failed});
    if (failed) picture.trace = task->trace;
  }
}

std::vector<ConnectWorkerPicture> workers_of(const World& world, const std::map<std::string, Said>& status) {
  std::vector<ConnectWorkerPicture> all;
  for (const ConnectWorker& each : world.plain.of<ConnectWorker>()) {
    const Node& node = world.fabric.nodes[static_cast<std::size_t>(each.node)];
    ConnectWorkerPicture picture;
    picture.node = each.node;
    picture.name = node.name;
    picture.alive = node.status == NodeStatus::running;
    if (!picture.alive) picture.status = node.status == NodeStatus::paused ? "PAUSED" : "DOWN";
    picture.leads = picture.alive && each.leader == each.node;
    if (picture.alive) add_units(each, picture);
    // The dead do not report: what they had is theirs for the status topic until it starts elsewhere (C4).
    for (const auto& [unit, said] : status)
      if (!picture.alive && said.worker == node.name && said.state != "UNASSIGNED")
        picture.units.push_back({unit, said.state, false, false});
    all.push_back(std::move(picture));
  }
  return all;
}

std::vector<std::string> text_lines(const std::string& text) {
  std::vector<std::string> all(1);
  for (const char c : text) {
    if (c == '\n') all.emplace_back();
    else all.back() += c;
  }
  if (all.back().empty()) all.pop_back();
  return all;
}

std::size_t letters_in(const std::string& text) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

// Rows as lines, column under column.
std::vector<std::string> row_lines(const connect::Table& table) {
  std::vector<std::size_t> widths(table.columns.size(), 0);
  std::vector<std::vector<std::string>> cells;
  for (const auto& [number, row] : table.stored()) {
    std::vector<std::string>& line = cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      line.push_back(connect::text_of(connect::Data{nullptr, row[i]}));
      widths[i] = std::max(widths[i], letters_in(line.back()));
    }
  }
  std::vector<std::string> lines;
  for (const std::vector<std::string>& each : cells) {
    std::string& line = lines.emplace_back();
    for (std::size_t i = 0; i < each.size(); ++i)
      line += (i == 0 ? "" : "  ") + each[i] + (i + 1 < each.size() ? std::string(widths[i] - letters_in(each[i]), ' ') : "");
  }
  return lines;
}

// {"incrementing":6} of the offset topic, in words; empty: nothing is noted.
std::string noted_of(const World& world, const ConnectWorker& worker, const std::string& connector) {
  std::string noted;
  each_record(world, world.topic_id(topic_of_group(worker, "offsets")), [&](TopicPartition tp, Offset offset, const Record& record) {
    const connect::RawRecord raw = raw_of(world, tp, offset, record);
    if (raw.key.value_or("").rfind("[\"" + connector + "\"", 0) != 0) return;
    noted.clear();
    if (const auto place = connect::read_offset(raw.value.value_or("")))
      for (const auto& [name, number] : *place) noted += (noted.empty() ? "" : ", ") + name + " " + std::to_string(number);
  });
  return noted;
}

struct EndName {
  std::string store, what;
  friend auto operator<=>(const EndName&, const EndName&) = default;
};

void add_ends(const World& world, const EndName& name, const std::string& note, std::vector<ConnectEnd>& ends) {
  for (const DataStore& store : world.plain.of<DataStore>()) {
    const Node& node = world.fabric.nodes[static_cast<std::size_t>(store.node)];
    if (node.name != name.store) continue;
    const StoreContents& contents = *store.contents.is;
    if (!name.what.empty()) {
      const auto file = contents.files.find(name.what);
      ends.push_back({store.node, name.what, "file of " + node.name,
                      file == contents.files.end() ? std::vector<std::string>{} : text_lines(file->second), note,
                      file != contents.files.end() && !file->second.empty() && file->second.back() != '\n'});
      continue;
    }
    for (const auto& [called, table] : contents.database.tables) {
      ends.push_back({store.node, called, "table in " + node.name, row_lines(table), note});
    }
    if (contents.database.tables.empty()) ends.push_back({store.node, node.name, "no table yet", {}, ""});
  }
}

EndName end_name(const connect::ConnectorConfig& config) {
  std::string path;
  if (const auto* each = std::get_if<connect::JdbcSourceConfig>(&config.plugin)) return {each->url, ""};
  if (const auto* each = std::get_if<connect::JdbcSinkConfig>(&config.plugin)) return {each->url, ""};
  if (const auto* each = std::get_if<connect::FileSourceConfig>(&config.plugin)) path = each->file;
  if (const auto* each = std::get_if<connect::FileSinkConfig>(&config.plugin)) path = each->file;
  return {path.substr(0, path.find('/')), path.substr(path.find('/') + 1)};
}

// The dead know nothing any more: then it is what the config topic says.
connect::ConfigState configured_of(const World& world, const ConnectWorker& worker) {
  if (worker.running) return worker.configured;
  connect::ConfigState said;
  each_record(world, world.topic_id(topic_of_group(worker, "configs")), [&](TopicPartition tp, Offset offset, const Record& record) {
    const connect::RawRecord raw = raw_of(world, tp, offset, record);
    std::string problem;
    said.read(offset, {raw.key.value_or(""), raw.value}, problem);
  });
  return said;
}

void read_connectors(const World& world, const ConnectWorker& worker, ConnectPicture& picture, std::set<std::string>& dead_letters) {
  std::set<std::pair<bool, EndName>> seen;
  const connect::ConfigState configured = configured_of(world, worker);
  for (const auto& [name, connector] : configured.connectors) {
    std::string problem;
    const auto config = connect::read_connector(name, connector.properties, defaults_of(worker), problem);
    if (!config) continue;
    if (!config->errors.dead_letter_topic.empty()) dead_letters.insert(config->errors.dead_letter_topic);
    if (!seen.insert({config->sink(), end_name(*config)}).second) continue;
    const std::string noted = config->sink() ? "" : noted_of(world, worker, name);
    const std::string note = config->sink() ? "" : noted.empty() ? "no place noted yet" : "noted: " + noted;
    add_ends(world, end_name(*config), note, config->sink() ? picture.sinks : picture.sources);
  }
  // Before the first connector is there: what stands there.
  if (configured.connectors.empty())
    for (const DataStore& store : world.plain.of<DataStore>())
      add_ends(world, {world.fabric.nodes[static_cast<std::size_t>(store.node)].name, ""}, "",
               picture.sources.empty() ? picture.sources : picture.sinks);
}

// The first word that tells records apart: of JSON an id, of a line its beginning.
std::string cell_word(const connect::RawRecord& record) {
  if (!record.value) return "null";
  const std::string& text = *record.value;
  const std::size_t id = text.rfind("\"id\":");
  if (id == std::string::npos) return text.substr(0, std::min<std::size_t>(4, text.find(' ')));
  const std::size_t from = std::min(text.find_first_not_of(' ', id + 5), text.size());
  return text.substr(from, text.find_first_of(",}", from) - from);
}

std::vector<ConnectMark> marks_on(const World& world, TopicPartition tp) {
  std::map<std::string, Offset> marks;
  for (const Broker& broker : world.brokers)
    for (const Group& group : broker.groups.groups)
      for (const CommittedOffset& each : group.offsets)
        if (each.tp == tp) marks[std::string(world.fabric.names[group.group])] = each.offset;
  std::vector<ConnectMark> all;
  for (const auto& [group, offset] : marks) all.push_back({group, offset});
  return all;
}

// Topics that carry rows: not those of the group of workers, nor Kafka's own.
std::vector<TopicPartition> data_topics(const World& world, const ConnectWorker& worker) {
  std::set<TopicPartition> all;
  for (const Broker& broker : world.brokers)
    for (const Replica& each : broker.replicas) {
      const std::string name(world.fabric.names[each.tp.topic]);
      if (name.rfind(worker.config.group + "-", 0) != 0 && name.rfind("__", 0) != 0) all.insert(each.tp);
    }
  return {all.begin(), all.end()};
}

ConnectTopicPicture topic_picture(const World& world, TopicPartition tp, const std::set<std::string>& poison) {
  ConnectTopicPicture picture;
  picture.tp = tp;
  picture.title = std::string(world.fabric.names[tp.topic]) + "-" + std::to_string(tp.partition);
  picture.marks = marks_on(world, tp);
  const Log* log = log_of(world, tp);
  if (!log) return picture;
  std::set<std::string> seen;
  for (const Batch& batch : log->batches())
    for_each_record(world.commons.store.records, batch, [&](Offset offset, const Record& record) {
      const connect::RawRecord raw = raw_of(world, tp, offset, record);
      const std::string value = raw.value.value_or("");
      picture.cells.push_back({cell_word(raw), !seen.insert(value).second, poison.count(value) > 0});
      picture.headers.clear();
      for (const connect::Header& each : raw.headers) picture.headers.push_back(each.key + " = " + each.value);
      if (picture.cells.size() == 1) picture.first = offset;
    });
  if (picture.cells.size() > kMostCells) {
    picture.first += static_cast<Offset>(picture.cells.size() - kMostCells);
    picture.cells.erase(picture.cells.begin(), picture.cells.end() - kMostCells);
  }
  return picture;
}

void read_delay(const World& world, ConnectPicture& picture, const std::map<std::string, Said>& status) {
  for (const ConnectWorker& each : world.plain.of<ConnectWorker>()) {
    if (!each.running || each.delay_until <= world.now() || each.shown.waiting == 0 || each.leader != each.node) continue;
    picture.delay_until = each.delay_until;
    picture.delay = each.config.max_delay;
  }
  if (picture.delay_until == 0) return;
  connect::Units held;
  for (const ConnectWorker& each : world.plain.of<ConnectWorker>())
    if (each.running) held.add(each.has);
  for (const auto& [unit, said] : status) {
    const bool task = std::any_of(held.tasks.begin(), held.tasks.end(), [&](const auto& each) { return connect::text_of(each) == unit; });
    if (!task && held.connectors.count(unit) == 0) picture.lost.push_back(unit);
  }
}

}  // namespace

bool has_connect(const World& world) { return !world.plain.of<ConnectWorker>().empty(); }

ConnectPicture connect_picture(const World& world) {
  ConnectPicture picture;
  picture.now = world.now();
  const ConnectWorker* worker = best_informed(world);
  if (!worker) return picture;
  std::set<std::string> dead_letters, poison;
  read_connectors(world, *worker, picture, dead_letters);
  for (const std::string& each : dead_letters)
    each_record(world, world.topic_id(each), [&](TopicPartition tp, Offset offset, const Record& record) {
      poison.insert(raw_of(world, tp, offset, record).value.value_or(""));
    });
  const std::map<std::string, Said> status = status_of(world, *worker);
  picture.workers = workers_of(world, status);
  read_delay(world, picture, status);
  for (TopicPartition each : data_topics(world, *worker)) picture.topics.push_back(topic_picture(world, each, poison));
  return picture;
}

}  // namespace nutshell
