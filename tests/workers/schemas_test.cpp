// From a real database to a topic to a real database, with tables of any shape: what arrives is what a plain map of the rows says, worker
// killed or not. Values are the ones that go wrong: nulls, empty texts and blobs, quotes, backslashes, umlauts, the largest numbers.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "sim/core/random.h"
#include "sim/sqlite/sqlite.h"
#include "sim/workers/sql.h"
#include "tests/workers/connect_lab.h"

namespace nutshell {
namespace {

using connect::Column;
using connect::Type;
using connect::Value;

struct AnyTable {
  std::uint64_t seed, drawn = 0;
  connect::Table table;
  std::map<std::int64_t, connect::Row> model;  // by id
  std::int64_t next_id = 1;

  explicit AnyTable(std::uint64_t which) : seed(which) {
    table.name = pick(2) ? "orders" : "Aufträge \"2026\"";
    const std::vector<std::string> names = {"id", "at", "a", "größe", "has space", "from", "e"};
    const std::vector<Type> types = {Type::int64, Type::string, Type::float64, Type::bytes, Type::boolean};
    table.columns = {{"id", Type::int64, false, false}, {"at", Type::int64, false, true}};
    for (std::size_t i = 2; i < names.size(); ++i) {
      const Type type = types[static_cast<std::size_t>(pick(5))];
      table.columns.push_back({names[i], type, pick(2) == 0, type == Type::int64 && pick(2) == 0});
    }
    // One column or two, in any order.
    table.primary_key = {"id"};
    if (pick(2)) {
      table.columns[2].nullable = false;
      table.primary_key.insert(table.primary_key.begin() + pick(2), "a");
    }
  }
  std::int64_t pick(std::int64_t count) {
    return static_cast<std::int64_t>(below(draw(seed, Purpose::fuzz, 23, drawn++), static_cast<std::uint64_t>(count)));
  }
  Value value(const Column& column) {
    if (column.nullable && pick(4) == 0) return Value();
    static const std::vector<std::int64_t> kWhole = {0, -1, 1, 9'007'199'254'740'993, INT64_MAX, INT64_MIN, 1'590'969'600'123};
    static const std::vector<double> kReal = {0.0, -0.5, 0.1, 1e-300, 1.7976931348623157e308, 3.0, -12345678.9};
    static const std::vector<std::string> kText = {"",        "pear", "it's \"so\"", "Größe €\n", "\\h\\0\\",
                                                   "a,b\t|", "null", "{\"x\":1}",   "日本"};
    static const std::vector<std::string> kBytes = {"", std::string("\0\xff\x80", 3), "plain", std::string("\\x\0", 3), "\xc3"};
    switch (column.type) {
      case Type::string: return Value(kText[static_cast<std::size_t>(pick(9))]);
      case Type::float64: return Value(kReal[static_cast<std::size_t>(pick(7))]);
      case Type::bytes: return Value(connect::Bytes{kBytes[static_cast<std::size_t>(pick(5))]});
      case Type::boolean: return Value(pick(2) == 0);
      default: return Value(kWhole[static_cast<std::size_t>(pick(7))]);
    }
  }
  connect::Row row(std::int64_t id, std::int64_t at) {
    connect::Row made = {Value(id), Value(at)};
    for (std::size_t i = 2; i < table.columns.size(); ++i) made.push_back(value(table.columns[i]));
    // Who changes a row does not change its key.
    if (table.primary_key.size() == 2 && model.count(id)) made[2] = model[id][2];
    return model[id] = made;
  }
  std::map<std::int64_t, connect::Row> rows_of(const connect::Table& of) const {
    std::map<std::int64_t, connect::Row> all;
    for (const connect::Row& each : of.rows()) all[*each[*of.column("id")].whole()] = each;
    return all;
  }
};

// As the next program finds it in a file.
connect::Database through_a_file(const connect::Database& database) {
  const std::string path = (std::filesystem::temp_directory_path() / ("nutshell-any-" + std::to_string(getpid()) + ".db")).string();
  std::string problem;
  connect::Database read;
  CHECK_MESSAGE(write_sqlite(path, database, problem), problem);
  CHECK_MESSAGE(read_sqlite(path, read, problem), problem);
  std::filesystem::remove(path);
  return read;
}

std::string text_of_row(const connect::Row& row) { return sql_row(row); }

}  // namespace

TEST_CASE("tables of any shape arrive as they are, with workers killed on the way (C9, C20, C22)") {
  constexpr std::uint64_t kShapes = 40;
  for (std::uint64_t seed = 1; seed <= kShapes; ++seed) {
    CAPTURE(seed);
    AnyTable any(seed);
    ConnectLab lab(1, {{"scheduled.rebalance.max.delay.ms", "0"}, {"offset.flush.interval.ms", "2000"},
                       {"consumer.session.timeout.ms", "6000"}, {"session.timeout.ms", "6000"}});
    connect::Table first = any.table;
    std::string problem;
    for (int i = 0; i < 6; ++i) CHECK_MESSAGE(first.insert(any.row(any.next_id++, 1'000 + i), problem), problem);
    connect::Database made;
    made.tables[first.name] = first;
    const connect::Database read = through_a_file(made);
    REQUIRE(read.tables.count(first.name) == 1);
    CHECK(any.rows_of(read.tables.at(first.name)) == any.model);
    lab.sql(sql_of(read.tables.at(first.name)));
    std::string keys;
    for (const std::string& each : any.table.primary_key) keys += (keys.empty() ? "" : ",") + each;
    lab.call(R"(PUT /connectors/source/config {"connector.class": "JdbcSource", "connection.url": "shop", "topic.prefix": "",
      "mode": "timestamp+incrementing", "timestamp.column.name": "at", "incrementing.column.name": "id", "poll.interval.ms": "700",
      "batch.max.rows": "3", "transforms": "t", "transforms.t.type": "RegexRouter", "transforms.t.regex": ".*",
      "transforms.t.replacement": "rows"})");
    lab.call(R"(PUT /connectors/sink/config {"connector.class": "JdbcSink", "connection.url": "copy", "topics": "rows",
      "auto.create": "true", "insert.mode": "upsert", "pk.mode": "record_value", "pk.fields": ")" + keys + R"("})");
    for (int round = 0; round < 4; ++round) {
      lab.run_for((500 + any.pick(4000)) * kMillisecond);
      const std::int64_t now = lab.now / kMillisecond, id = any.pick(2) ? 1 + any.pick(any.next_id - 1) : any.next_id++;
      lab.sql("INSERT OR REPLACE INTO " + sql_name(any.table.name) + " VALUES " + sql_row(any.row(id, now)));
      if (any.pick(3) > 0) continue;
      lab.act(Crash{"W1"});
      lab.run_for(kSecond);
      lab.act(Start{"W1"});
    }
    lab.run_for(60 * kSecond);
    CAPTURE(lab.refusals());
    CHECK(lab.count<ActionRefused>() == 0);
    const connect::Database& written = lab.store(1).contents.is->database;
    REQUIRE(written.tables.count("rows") == 1);
    const connect::Database copy = through_a_file(written);
    const connect::Table& table = copy.tables.at("rows");
    CHECK(table.primary_key == any.table.primary_key);
    const auto arrived = any.rows_of(table);
    CHECK(arrived.size() == any.model.size());
    for (const auto& [id, row] : any.model) {
      REQUIRE(arrived.count(id) == 1);
      // Its key stands in front: columns by their names.
      for (std::size_t i = 0; i < row.size(); ++i) {
        const auto place = table.column(any.table.columns[i].name);
        REQUIRE(place);
        CHECK_MESSAGE(arrived.at(id)[*place] == row[i], any.table.columns[i].name << " of " << text_of_row(row));
        CHECK(table.columns[*place].type == any.table.columns[i].type);
        CHECK(table.columns[*place].timestamp == any.table.columns[i].timestamp);
      }
    }
  }
}

}  // namespace nutshell
