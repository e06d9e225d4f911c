#include "sim/connect/setup_json.h"

#include <algorithm>
#include <array>

#include "sim/core/text.h"
#include "sim/streams/format.h"
#include "sim/streams/real.h"

namespace nutshell::connect {
namespace {

using Kind = JsonTree::Kind;

std::string words_of(const JsonTree& tree) {
  return tree.is(Kind::text) ? tree.text : compact_json(tree);
}

JsonTree json_of(Kind kind, std::string text = "") {
  JsonTree tree;
  tree.kind = kind;
  tree.text = std::move(text);
  return tree;
}

// Reads one set-up; the first thing that is wrong stays.
class SetupReader {
 public:
  bool read(const JsonTree& tree) {
    if (!tree.is(Kind::object)) return wrong("the file is " + std::string(json_kind_name(tree.kind)) + "; write an object");
    for (std::size_t i = 0; i < tree.keys.size() && problem_.empty(); ++i) part(tree.keys[i], tree.items[i]);
    if (problem_.empty() && setup_.workers.empty()) wrong("\"workers\" is missing; name one or more, as [\"W1\"]");
    std::stable_sort(setup_.script.begin(), setup_.script.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    for (const ScriptedDeed& deed : setup_.script) check(deed);
    return problem_.empty();
  }
  Setup take() { return std::move(setup_); }
  const std::string& problem() const { return problem_; }

 private:
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
    else if (key == "settings") settings(tree);
    else if (key == "topics") topics(tree);
    else if (key == "databases") each(tree, "databases", [&](const std::string& name, const JsonTree& inner) { database(name, inner); });
    else if (key == "files") each(tree, "files", [&](const std::string& name, const JsonTree& inner) { file(name, inner); });
    else if (key == "connectors") each(tree, "connectors", [&](const std::string& name, const JsonTree& inner) { connector(name, inner); });
    else if (key == "script") script(tree);
    else if (key == "until") setup_.until = time(tree, "until");
    else if (key != "about") unknown("the file", key, {kParts.begin(), kParts.end()});
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
      if (std::count(setup_.workers.begin(), setup_.workers.end(), item.text)) wrong("workers has \"" + item.text + "\" twice");
      setup_.workers.push_back(item.text);
    }
    if (setup_.workers.size() > 100) wrong("there are more than 100 workers");
  }
  Properties properties(const JsonTree& tree, const std::string& place) {
    Properties all;
    each(tree, place, [&](const std::string& key, const JsonTree& value) {
      if (value.is(Kind::list) || value.is(Kind::object) || value.is(Kind::null)) wrong(place + "." + key + " is no plain value");
      all[key] = value.is(Kind::truth) ? (value.truth ? "true" : "false") : words_of(value);
    });
    return all;
  }
  void settings(const JsonTree& tree) {
    const Properties given = properties(tree, "settings");
    Settings read(given);
    setup_.rebalance_delay = read.span("scheduled.rebalance.max.delay.ms", setup_.rebalance_delay);
    setup_.session_timeout = read.span("session.timeout.ms", setup_.session_timeout);
    setup_.consumer_session = read.span("consumer.session.timeout.ms", setup_.consumer_session);
    setup_.flush_interval = read.span("offset.flush.interval.ms", setup_.flush_interval);
    setup_.max_poll_records = read.whole("consumer.max.poll.records", setup_.max_poll_records, 1, 100'000);
    if (setup_.flush_interval < kMillisecond) wrong("settings.offset.flush.interval.ms is 0; write 1 or more");
    setup_.defaults.key = read_converter(read, "key.converter", setup_.defaults.key);
    setup_.defaults.value = read_converter(read, "value.converter", setup_.defaults.value);
    read.refuse_unread();
    if (!read.problem().empty()) wrong("settings: " + read.problem());
  }
  void topics(const JsonTree& tree) {
    each(tree, "topics", [&](const std::string& name, const JsonTree& count) {
      if (!count.whole || count.integer < 1 || count.integer > 1000)
        wrong("topics." + name + " is no number of partitions; write 1 to 1000");
      else setup_.partitions[name] = static_cast<std::int32_t>(count.integer);
    });
  }
  void connector(const std::string& name, const JsonTree& tree) {
    setup_.connectors[name] = properties(tree, "connectors." + name);
    check_connector(name, setup_.connectors[name]);
  }
  void check_connector(const std::string& name, const Properties& given) {
    std::string why;
    if (!read_connector(name, given, setup_.defaults, why)) wrong("connectors." + name + ": " + why);
  }

  void database(const std::string& name, const JsonTree& tree) {
    const std::string place = "databases." + name;
    Database& database = setup_.databases[name];
    each(tree, place, [&](const std::string& key, const JsonTree& inner) {
      if (key != "tables" && key != "changes") return void(unknown(place, key, {"tables", "changes"}));
      if (key == "changes") return;
      each(inner, place + ".tables", [&](const std::string& table, const JsonTree& told) { read_table(database, table, told, place); });
    });
    if (const JsonTree* changes = tree.find("changes"); changes && expect(*changes, Kind::list, place + ".changes")) {
      for (const JsonTree& change : changes->items) read_change(database, change, place + ".changes");
    }
    std::stable_sort(database.changes.begin(), database.changes.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  }
  void read_table(Database& database, const std::string& name, const JsonTree& tree, const std::string& above) {
    const std::string place = above + ".tables." + name;
    Table table;
    table.name = name;
    each(tree, place, [&](const std::string& key, const JsonTree& inner) {
      if (key == "columns") {
        each(inner, place + ".columns", [&](const std::string& column, const JsonTree& sql) {
          if (expect(sql, Kind::text, place + ".columns." + column)) table.columns.push_back(column_from_sql(column, sql.text));
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
    database.tables[name] = std::move(table);
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
  static Value read_cell(const Column& column, const JsonTree& tree) {
    if (tree.is(Kind::null)) return Value();
    if (tree.is(Kind::truth)) return Value(tree.truth);
    if (tree.is(Kind::number)) return column.type == Type::float64 || !tree.whole ? Value(tree.real) : Value(tree.integer);
    if (column.type == Type::bytes && tree.is(Kind::text)) {
      const auto bytes = streams::from_base64(tree.text);
      if (bytes) return Value(Bytes{*bytes});
    }
    return Value(words_of(tree));
  }
  void read_change(Database& database, const JsonTree& tree, const std::string& place) {
    constexpr std::array<std::string_view, 4> kDeeds = {"insert", "upsert", "update", "delete"};
    if (!expect(tree, Kind::object, "an item of " + place)) return;
    Change change;
    const JsonTree* row = nullptr;
    for (std::size_t i = 0; i < tree.keys.size(); ++i) {
      const auto deed = std::find(kDeeds.begin(), kDeeds.end(), tree.keys[i]);
      if (tree.keys[i] == "at") change.at = time(tree.items[i], place + ".at");
      else if (tree.keys[i] == "table") change.table = words_of(tree.items[i]);
      else if (deed == kDeeds.end()) unknown(place, tree.keys[i], {"at", "table", "insert", "upsert", "update", "delete"});
      else row = &tree.items[i], change.deed = static_cast<Deed>(deed - kDeeds.begin());
    }
    const auto table = database.tables.find(change.table);
    if (table == database.tables.end()) wrong(place + " names the table \"" + change.table + "\", which is not there");
    else if (!row) wrong(place + " says nothing that happens; write insert, upsert, update or delete with a row");
    else change.row = read_row(table->second, *row, place);
    database.changes.push_back(std::move(change));
  }

  void file(const std::string& name, const JsonTree& tree) {
    const std::string place = "files." + name;
    FileText& file = setup_.files[name];
    if (tree.is(Kind::text)) {
      file.written = tree.text;
      return;
    }
    if (!expect(tree, Kind::list, place)) return;
    for (const JsonTree& item : tree.items) {
      const JsonTree* at = item.find("at");
      const JsonTree* text = item.find("text");
      if (!at || !text || !text->is(Kind::text) || item.keys.size() != 2)
        wrong(place + " wants pieces like { \"at\": \"5s\", \"text\": \"a line\\n\" }");
      else file.pieces.push_back({time(*at, place + ".at"), text->text});
    }
    std::stable_sort(file.pieces.begin(), file.pieces.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  }

  void script(const JsonTree& tree) {
    if (!expect(tree, Kind::list, "script")) return;
    for (const JsonTree& item : tree.items) {
      if (expect(item, Kind::object, "a deed of the script")) deed(item);
    }
  }
  void deed(const JsonTree& tree) {
    std::vector<std::string_view> known = {"at", "with", "key", "value"};
    for (int kind = 0; kind <= static_cast<int>(DeedKind::produce); ++kind) known.push_back(deed_name(static_cast<DeedKind>(kind)));
    ScriptedDeed deed;
    bool said = false;
    for (std::size_t i = 0; i < tree.keys.size(); ++i) {
      const std::string& key = tree.keys[i];
      const auto at = std::find(known.begin(), known.end(), key);
      if (at == known.end()) return void(unknown("a deed of the script", key, known));
      if (key == "at") deed.at = time(tree.items[i], "script.at");
      else if (key == "with") deed.properties = properties(tree.items[i], "script.with");
      else if (key == "key" && !tree.items[i].is(Kind::null)) deed.key = words_of(tree.items[i]);
      else if (key == "value" && !tree.items[i].is(Kind::null)) deed.value = words_of(tree.items[i]);
      if (at - known.begin() < 4) continue;
      deed.kind = static_cast<DeedKind>(at - known.begin() - 4);
      deed.who = words_of(tree.items[i]);
      said = true;
    }
    if (!said) wrong("a deed of the script says nothing that is done; write for example { \"at\": \"80s\", \"kill_worker\": \"W1\" }");
    setup_.script.push_back(std::move(deed));
  }
  // Whom it is about has to be there, or to be made by an earlier deed.
  void check(const ScriptedDeed& deed) {
    if (deed.kind == DeedKind::create_connector) {
      check_connector(deed.who, deed.properties);
      made_.insert(deed.who);
    } else if (deed.kind == DeedKind::kill_worker || deed.kind == DeedKind::stop_worker) {
      if (!std::count(setup_.workers.begin(), setup_.workers.end(), deed.who) && !made_.count("worker " + deed.who))
        wrong("the script has \"" + deed.who + "\", which is no worker of this file");
    } else if (deed.kind == DeedKind::start_worker) {
      made_.insert("worker " + deed.who);
    } else if (deed.kind != DeedKind::produce && !setup_.connectors.count(deed.who) && !made_.count(deed.who)) {
      wrong("the script has \"" + deed.who + "\", which is no connector of this file");
    }
  }

  Setup setup_;
  std::set<std::string> made_;
  std::string problem_;
};

JsonTree cell_json(const Value& value) {
  if (value.null()) return json_of(Kind::null);
  if (value.truth()) {
    JsonTree tree = json_of(Kind::truth);
    tree.truth = *value.truth();
    return tree;
  }
  if (value.whole()) {
    JsonTree tree = json_of(Kind::number, std::to_string(*value.whole()));
    tree.whole = true;
    tree.integer = *value.whole();
    return tree;
  }
  if (value.real()) {
    JsonTree tree = json_of(Kind::number, streams::real_text(*value.real()));
    tree.real = *value.real();
    return tree;
  }
  return json_of(Kind::text, value.bytes() ? streams::to_base64(value.bytes()->bytes) : *value.text());
}

void add_member(JsonTree& object, std::string key, JsonTree item) {
  object.keys.push_back(std::move(key));
  object.items.push_back(std::move(item));
}

}  // namespace

std::optional<Setup> read_setup(const JsonTree& tree, std::string& problem) {
  SetupReader reader;
  if (reader.read(tree)) return reader.take();
  problem = reader.problem();
  return std::nullopt;
}

JsonTree tables_json(const Database& database) {
  JsonTree all = json_of(Kind::object);
  for (const auto& [name, table] : database.tables) {
    JsonTree columns = json_of(Kind::object), keys = json_of(Kind::list), rows = json_of(Kind::list), told = json_of(Kind::object);
    for (const Column& column : table.columns) add_member(columns, column.name, json_of(Kind::text, column_sql(column)));
    for (const std::string& key : table.primary_key) keys.items.push_back(json_of(Kind::text, key));
    for (const Row& row : table.rows()) {
      JsonTree cells = json_of(Kind::list);
      for (const Value& value : row) cells.items.push_back(cell_json(value));
      rows.items.push_back(std::move(cells));
    }
    add_member(told, "columns", std::move(columns));
    add_member(told, "primary_key", std::move(keys));
    add_member(told, "rows", std::move(rows));
    add_member(all, name, std::move(told));
  }
  return all;
}

std::string column_sql(const Column& column) {
  const std::string type = column.timestamp                ? "TIMESTAMP"
                           : column.type == Type::string   ? "TEXT"
                           : column.type == Type::bytes    ? "BLOB"
                           : column.type == Type::boolean  ? "BOOLEAN"
                           : column.type == Type::float64  ? "REAL"
                                                           : "INTEGER";
  return type + (column.nullable ? "" : " NOT NULL");
}

// By the words that SQLite goes by, and TIMESTAMP, DATETIME and BOOLEAN besides.
Column column_from_sql(const std::string& name, const std::string& sql) {
  std::string words;
  for (const char c : sql) words += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  const auto has = [&](std::string_view word) { return words.find(word) != std::string::npos; };
  Column column;
  column.name = name;
  column.nullable = !has("NOT NULL") && !has("PRIMARY KEY");
  column.timestamp = has("TIMESTAMP") || has("DATETIME");
  column.type = column.timestamp || (has("INT") && !has("POINT"))             ? Type::int64
                : has("CHAR") || has("CLOB") || has("TEXT")                   ? Type::string
                : has("BOOL")                                                 ? Type::boolean
                : has("REAL") || has("FLOA") || has("DOUB")                   ? Type::float64
                : has("BLOB")                                                 ? Type::bytes
                                                                              : Type::string;
  return column;
}

}  // namespace nutshell::connect
