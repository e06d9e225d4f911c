#include "sim/command/connect_scenario.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "sim/connect/connector.h"
#include "sim/core/text.h"
#include "sim/streams/format.h"
#include "sim/workers/rest.h"
#include "sim/workers/sql.h"

namespace nutshell {
namespace {

using connect::Properties;
using connect::Row;
using connect::Table;
using Kind = JsonTree::Kind;

constexpr Time kContentsAt = 1 * kSecond, kConnectorsAt = 2 * kSecond, kOthersAt = 2 * kSecond, kFirstDeedAt = 3 * kSecond;

std::string words_of(const JsonTree& tree) { return tree.is(Kind::text) ? tree.text : compact_json(tree); }

// What a script may say, each with whom it is about.
constexpr std::array<std::string_view, 10> kDeeds = {"kill_worker",      "stop_worker",      "start_worker",   "create_connector",
                                                     "delete_connector", "pause_connector",  "resume_connector", "stop_connector",
                                                     "restart_connector", "produce"};
struct ConnectDeed {
  Time at = 0;
  std::string_view what;
  std::string who;
  Properties properties;
  std::optional<std::string> key, value;
};

// Reads one set-up; the first thing that is wrong stays.
class SetupReader {
 public:
  SetupReader(const std::string& name, const ReadOutside& outside) : outside_(outside) {
    scenario_.name = name;
    scenario_.title = "Kafka Connect: " + name;
    scenario_.until = 10 * kMinute;
    scenario_.view = "connect";
    scenario_.setup.config.offsets_topic_num_partitions = 1;
  }
  bool read(const JsonTree& tree) {
    if (!tree.is(Kind::object)) return wrong("the file is " + std::string(json_kind_name(tree.kind)) + "; write an object");
    for (std::size_t i = 0; i < tree.keys.size() && fine(); ++i) part(tree.keys[i], tree.items[i]);
    if (fine() && workers_.empty()) wrong("\"workers\" is missing; name one or more, as [\"W1\"]");
    if (fine()) build();
    for (const std::string& each : fine() ? problems(scenario_.setup) : std::vector<std::string>()) wrong(each);
    return fine();
  }
  Scenario take() { return std::move(scenario_); }
  const std::string& problem() const { return problem_; }

 private:
  bool fine() const { return problem_.empty(); }
  bool wrong(std::string sentence) {
    if (problem_.empty()) problem_ = std::move(sentence);
    return false;
  }
  bool expect(const JsonTree& tree, Kind kind, const std::string& place) {
    if (tree.is(kind)) return true;
    return wrong(place + " is " + std::string(json_kind_name(tree.kind)) + "; write " + std::string(json_kind_name(kind)));
  }
  bool unknown(const std::string& place, const std::string& key, const std::vector<std::string_view>& known) {
    const std::string near = nearest_name(key, known);
    return wrong(place + " has no \"" + key + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
  }
  Time time(const JsonTree& tree, const std::string& place) {
    const auto span = tree.is(Kind::text) ? parse_duration(tree.text) : std::nullopt;
    if (!span || *span < 0) wrong(place + " is no time; " + kDurationHelp);
    return span.value_or(0);
  }

  void part(const std::string& key, const JsonTree& tree) {
    constexpr std::array<std::string_view, 9> kParts = {"workers",    "settings", "topics", "databases", "files",
                                                        "connectors", "script",   "until",  "about"};
    if (key == "workers") workers(tree);
    else if (key == "settings") settings_ = properties(tree, "settings");
    else if (key == "topics") topics(tree);
    else if (key == "databases") each(tree, "databases", [&](const std::string& name, const JsonTree& inner) { database(name, inner); });
    else if (key == "files") each(tree, "files", [&](const std::string& name, const JsonTree& inner) { file(name, inner); });
    else if (key == "connectors")
      each(tree, "connectors", [&](const std::string& name, const JsonTree& inner) {
        connectors_[name] = properties(inner, "connectors." + name);
      });
    else if (key == "script") script(tree);
    else if (key == "until") scenario_.until = time(tree, "until");
    else if (key == "about") scenario_.about = words_of(tree);
    else unknown("the file", key, {kParts.begin(), kParts.end()});
  }
  template <class Visit>
  void each(const JsonTree& tree, const std::string& place, Visit visit) {
    if (!expect(tree, Kind::object, place)) return;
    for (std::size_t i = 0; i < tree.keys.size(); ++i) visit(tree.keys[i], tree.items[i]);
  }

  void workers(const JsonTree& tree) {
    if (!expect(tree, Kind::list, "workers")) return;
    for (const JsonTree& item : tree.items) {
      if (!expect(item, Kind::text, "a name in workers")) return;
      if (std::count(workers_.begin(), workers_.end(), item.text)) wrong("workers has \"" + item.text + "\" twice");
      workers_.push_back(item.text);
    }
    if (workers_.size() > 100) wrong("there are more than 100 workers");
  }
  Properties properties(const JsonTree& tree, const std::string& place) {
    Properties all;
    each(tree, place, [&](const std::string& key, const JsonTree& value) {
      if (value.is(Kind::list) || value.is(Kind::object) || value.is(Kind::null)) wrong(place + "." + key + " is no plain value");
      all[key] = value.is(Kind::truth) ? (value.truth ? "true" : "false") : words_of(value);
    });
    return all;
  }
  void topics(const JsonTree& tree) {
    each(tree, "topics", [&](const std::string& name, const JsonTree& count) {
      if (!count.whole || count.integer < 1 || count.integer > 1000)
        wrong("topics." + name + " is no number of partitions; write 1 to 1000");
      else topics_[name] = static_cast<std::int32_t>(count.integer);
    });
  }
  void database(const std::string& name, const JsonTree& tree) {
    const std::string place = "databases." + name;
    std::map<std::string, Table>& tables = databases_[name];
    each(tree, place, [&](const std::string& key, const JsonTree& inner) {
      if (key == "tables")
        each(inner, place + ".tables", [&](const std::string& table, const JsonTree& told) { read_table(tables, table, told, place); });
      else if (key == "sqlite" && expect(inner, Kind::text, place + ".sqlite")) from_outside(tables, inner.text, place);
      else if (key != "changes") unknown(place, key, {"tables", "sqlite", "changes"});
    });
    if (const JsonTree* changes = tree.find("changes"); changes && expect(*changes, Kind::list, place + ".changes")) {
      for (const JsonTree& change : changes->items) read_change(name, change, place + ".changes");
    }
  }
  void from_outside(std::map<std::string, Table>& tables, const std::string& file, const std::string& place) {
    const auto read = outside_.databases.find(file);
    if (read == outside_.databases.end()) wrong(place + ".sqlite names " + file + ", which was not read");
    else for (const auto& [name, table] : read->second.tables) tables[name] = table;
  }
  void read_table(std::map<std::string, Table>& tables, const std::string& name, const JsonTree& tree, const std::string& above) {
    const std::string place = above + ".tables." + name;
    Table table;
    table.name = name;
    each(tree, place, [&](const std::string& key, const JsonTree& inner) {
      if (key == "columns") {
        each(inner, place + ".columns", [&](const std::string& column, const JsonTree& sql) {
          if (expect(sql, Kind::text, place + ".columns." + column)) table.columns.push_back(connect::column_from_sql(column, sql.text));
        });
      } else if (key == "primary_key" && expect(inner, Kind::list, place + ".primary_key")) {
        for (const JsonTree& column : inner.items) table.primary_key.push_back(words_of(column));
      } else if (key != "rows") {
        unknown(place, key, {"columns", "primary_key", "rows"});
      }
    });
    if (table.columns.empty()) wrong(place + " has no columns; write { \"columns\": { \"id\": \"INTEGER NOT NULL\" } }");
    for (const std::string& key : table.primary_key) {
      if (!table.column(key)) wrong(place + ".primary_key names \"" + key + "\", which is no column");
    }
    if (const JsonTree* rows = tree.find("rows"); rows && problem_.empty() && expect(*rows, Kind::list, place + ".rows")) {
      for (const JsonTree& row : rows->items) {
        std::string why;
        const Row read = read_row(table, row, place + ".rows");
        if (problem_.empty() && !table.insert(read, why)) wrong(place + ".rows: " + why);
      }
    }
    tables[name] = std::move(table);
  }
  Row read_row(const Table& table, const JsonTree& tree, const std::string& place) {
    Row row;
    if (!expect(tree, Kind::list, "a row in " + place)) return row;
    if (tree.items.size() != table.columns.size()) {
      wrong("a row in " + place + " has " + std::to_string(tree.items.size()) + " values, and " + table.name + " has " +
            std::to_string(table.columns.size()) + " columns");
      return row;
    }
    for (std::size_t i = 0; i < tree.items.size(); ++i) row.push_back(read_cell(table.columns[i], tree.items[i]));
    return row;
  }
  static connect::Value read_cell(const connect::Column& column, const JsonTree& tree) {
    using connect::Type;
    using connect::Value;
    if (tree.is(Kind::null)) return Value();
    if (tree.is(Kind::truth)) return Value(tree.truth);
    if (tree.is(Kind::number)) return column.type == Type::float64 || !tree.whole ? Value(tree.real) : Value(tree.integer);
    if (column.type == Type::bytes && tree.is(Kind::text)) {
      const auto bytes = streams::from_base64(tree.text);
      if (bytes) return Value(connect::Bytes{*bytes});
    }
    return Value(words_of(tree));
  }
  void read_change(const std::string& where, const JsonTree& tree, const std::string& place) {
    constexpr std::array<std::string_view, 4> kChanges = {"insert", "upsert", "update", "delete"};
    if (!expect(tree, Kind::object, "an item of " + place)) return;
    std::string called;
    std::string_view what;
    const JsonTree* cells = nullptr;
    Time at = 0;
    for (std::size_t i = 0; i < tree.keys.size(); ++i) {
      const auto change = std::find(kChanges.begin(), kChanges.end(), tree.keys[i]);
      if (tree.keys[i] == "at") at = time(tree.items[i], place + ".at");
      else if (tree.keys[i] == "table") called = words_of(tree.items[i]);
      else if (change == kChanges.end()) unknown(place, tree.keys[i], {"at", "table", "insert", "upsert", "update", "delete"});
      else cells = &tree.items[i], what = *change;
    }
    const auto table = databases_[where].find(called);
    if (table == databases_[where].end()) return void(wrong(place + " names the table \"" + called + "\", which is not there"));
    if (!cells) return void(wrong(place + " says nothing that happens; write insert, upsert, update or delete with a row"));
    const Row row = read_row(table->second, *cells, place);
    const bool by_key = what == "update" || what == "delete";
    if (by_key && table->second.primary_key.empty()) wrong(place + ": " + called + " has no primary key, so that no row can be found");
    if (fine()) act(std::max(at, kContentsAt), Sql{where, statement(table->second, what, row)});
  }
  static std::string statement(const Table& table, std::string_view what, const Row& row) {
    const std::string name = sql_name(table.name);
    if (what == "insert") return "INSERT INTO " + name + " VALUES " + sql_row(row);
    if (what == "upsert") return "INSERT OR REPLACE INTO " + name + " VALUES " + sql_row(row);
    std::string cells, keys;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = sql_name(table.columns[i].name) + " = " + sql_value(row[i]);
      const bool key = std::count(table.primary_key.begin(), table.primary_key.end(), table.columns[i].name) > 0;
      if (key) keys += (keys.empty() ? " WHERE " : " AND ") + cell;
      else cells += (cells.empty() ? " SET " : ", ") + cell;
    }
    return what == "delete" ? "DELETE FROM " + name + keys : "UPDATE " + name + cells + keys;
  }

  void file(const std::string& name, const JsonTree& tree) {
    const std::string place = "files." + name;
    has_files_ = true;
    if (tree.is(Kind::text)) {
      if (!tree.text.empty()) act(kContentsAt, WriteFile{kFileStore, name, tree.text});
      return;
    }
    if (const JsonTree* path = tree.find("read"); path && tree.items.size() == 1) {
      const auto read = outside_.files.find(words_of(*path));
      if (read == outside_.files.end()) wrong(place + ".read names " + words_of(*path) + ", which was not read");
      else if (!read->second.empty()) act(kContentsAt, WriteFile{kFileStore, name, read->second});
      return;
    }
    if (!expect(tree, Kind::list, place)) return;
    for (const JsonTree& item : tree.items) {
      const JsonTree* at = item.find("at");
      const JsonTree* text = item.find("text");
      if (!at || !text || !text->is(Kind::text) || item.keys.size() != 2)
        wrong(place + " wants pieces like { \"at\": \"5s\", \"text\": \"a line\\n\" }");
      else act(std::max(time(*at, place + ".at"), kContentsAt), WriteFile{kFileStore, name, text->text});
    }
  }

  void script(const JsonTree& tree) {
    if (!expect(tree, Kind::list, "script")) return;
    for (const JsonTree& item : tree.items) {
      if (expect(item, Kind::object, "a deed of the script")) deed(item);
    }
  }
  void deed(const JsonTree& tree) {
    std::vector<std::string_view> known = {"at", "with", "key", "value"};
    known.insert(known.end(), kDeeds.begin(), kDeeds.end());
    ConnectDeed deed;
    for (std::size_t i = 0; i < tree.keys.size(); ++i) {
      const std::string& key = tree.keys[i];
      const auto at = std::find(known.begin(), known.end(), key);
      if (at == known.end()) return void(unknown("a deed of the script", key, known));
      if (key == "at") deed.at = time(tree.items[i], "script.at");
      else if (key == "with") deed.properties = properties(tree.items[i], "script.with");
      else if (key == "key" && !tree.items[i].is(Kind::null)) deed.key = words_of(tree.items[i]);
      else if (key == "value" && !tree.items[i].is(Kind::null)) deed.value = words_of(tree.items[i]);
      if (at - known.begin() < 4) continue;
      deed.what = *at;
      deed.who = words_of(tree.items[i]);
    }
    if (deed.what.empty())
      wrong("a deed of the script says nothing that is done; write for example { \"at\": \"80s\", \"kill_worker\": \"W1\" }");
    deed.at = std::max(deed.at, kFirstDeedAt);
    deeds_.push_back(std::move(deed));
  }

  // What was read, as a scenario.
  void act(Time at, ActionBody body) { scenario_.script.push_back({at, std::move(body)}); }
  void build() {
    // The first one leads: what waits for a lost worker is known to it alone.
    for (const std::string& each : workers_) worker(each, each == workers_.front() ? 0 : kOthersAt);
    for (const auto& [name, partitions] : topics_) topic(name, partitions);
    for (const auto& [name, tables] : databases_) {
      std::string all;
      for (const auto& [table, rows] : tables) all += (all.empty() ? "" : "; ") + sql_of(rows);
      if (!all.empty()) scenario_.script.insert(scenario_.script.begin(), {kContentsAt, Sql{name, all}});
    }
    for (const auto& [name, given] : connectors_) create(kConnectorsAt, name, given, "connectors." + name);
    std::stable_sort(deeds_.begin(), deeds_.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    for (const ConnectDeed& each : deeds_) build(each);
    if (has_files_) databases_[kFileStore];
    for (const auto& [name, tables] : databases_) {
      PlainSettings config;
      config.scope = plain_scope<DataStoreKind>();
      scenario_.setup.plain.push_back({std::string(DataStoreKind::plural), name, config});
    }
    std::stable_sort(scenario_.script.begin(), scenario_.script.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  }
  void worker(const std::string& name, Time start) {
    PlainSettings config;
    config.scope = plain_scope<ConnectWorkerKind>();
    for (const auto& [key, text] : settings_) {
      const std::string why = set_config(config, key, text);
      if (!why.empty()) wrong("settings." + key + ": " + why);
    }
    scenario_.setup.plain.push_back({std::string(ConnectWorkerKind::plural), name, config, "", start});
    alive_.push_back(name);
    known_.insert(name);
  }
  void topic(const std::string& name, std::int32_t partitions) {
    TopicSpec spec;
    spec.name = name;
    spec.partitions = partitions;
    scenario_.setup.topics.push_back(std::move(spec));
  }
  void call(Time at, const std::string& text) {
    if (alive_.empty()) wrong("the script calls " + text.substr(0, 60) + " when no worker is alive; start one before");
    else act(at, Rest{alive_.front(), text});
  }
  void create(Time at, const std::string& name, Properties given, const std::string& place) {
    std::string why;
    const auto config = connect::read_connector(name, given, {}, why);
    if (!config) return void(wrong(place + ": " + why));
    const auto* source = std::get_if<connect::JdbcSourceConfig>(&config->plugin);
    const auto* sink = std::get_if<connect::JdbcSinkConfig>(&config->plugin);
    const std::string url = source ? source->url : sink ? sink->url : "";
    if (!url.empty() && !databases_.count(url))
      wrong(place + ": \"connection.url\" is \"" + url + "\", which is no database of this file; name one of \"databases\"");
    if (url.empty()) {
      has_files_ = true;
      given["file"] = std::string(kFileStore) + "/" + given["file"];
    }
    made_.insert(name);
    call(at, config_call(name, given));
  }
  void build(const ConnectDeed& deed) {
    const bool about_worker = deed.what.find("worker") != std::string_view::npos;
    const auto alive = std::find(alive_.begin(), alive_.end(), deed.who);
    const std::string path = "/connectors/" + deed.who;
    if (deed.what == "create_connector") return create(deed.at, deed.who, deed.properties, "script.with");
    if (deed.what == "produce") return produce(deed);
    if (deed.what == "start_worker" && !known_.count(deed.who)) return worker(deed.who, deed.at);
    if (about_worker && !known_.count(deed.who)) wrong("the script has \"" + deed.who + "\", which is no worker of this file");
    if (!about_worker && !made_.count(deed.who)) wrong("the script has \"" + deed.who + "\", which is no connector of this file");
    if (!fine()) return;
    if (deed.what == "start_worker") {
      if (alive == alive_.end()) alive_.push_back(deed.who);
      return act(deed.at, Start{deed.who});
    }
    if (about_worker) {
      if (alive != alive_.end()) alive_.erase(alive);
      return deed.what == "kill_worker" ? act(deed.at, Crash{deed.who}) : act(deed.at, Stop{deed.who});
    }
    if (deed.what == "delete_connector") return call(deed.at, "DELETE " + path);
    if (deed.what == "restart_connector") return call(deed.at, "POST " + path + "/restart?includeTasks=true&onlyFailed=true");
    call(deed.at, "PUT " + path + "/" + std::string(deed.what.substr(0, deed.what.find('_'))));
  }
  // A producer that sends what it is told to, for each topic.
  void produce(const ConnectDeed& deed) {
    const std::string name = "to-" + deed.who;
    if (!topics_.count(deed.who)) topic(deed.who, topics_[deed.who] = 1);
    const std::vector<ProducerSetup>& all = scenario_.setup.producers;
    if (std::none_of(all.begin(), all.end(), [&](const ProducerSetup& each) { return each.name == name; })) {
      ProducerSetup producer;
      producer.name = name;
      producer.topic = deed.who;
      scenario_.setup.producers.push_back(std::move(producer));
    }
    Send send;
    send.producer = name;
    if (deed.key) static_cast<std::string&>(send.key) = *deed.key;
    if (deed.value) static_cast<std::string&>(send.value) = *deed.value;
    send.tombstone = !deed.value;
    act(deed.at, send);
  }

  const ReadOutside& outside_;
  Scenario scenario_;
  std::vector<std::string> workers_, alive_;
  Properties settings_;
  std::map<std::string, std::int32_t> topics_;
  std::map<std::string, std::map<std::string, Table>> databases_;
  std::map<std::string, Properties> connectors_;
  std::vector<ConnectDeed> deeds_;
  std::set<std::string> known_, made_;  // workers, connectors
  bool has_files_ = false;
  std::string problem_;
};

}  // namespace

std::optional<Scenario> connect_scenario(const JsonTree& tree, const std::string& name, const ReadOutside& outside, std::string& problem) {
  SetupReader reader(name, outside);
  if (reader.read(tree)) return reader.take();
  problem = reader.problem();
  return std::nullopt;
}

}  // namespace nutshell
