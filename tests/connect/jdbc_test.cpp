// C20-C24: what each mode of the JDBC source sees and misses, and what a sink's statements do to a table.
#include <doctest/doctest.h>

#include "sim/connect/jdbc.h"
#include "tests/connect/fixture.h"

namespace nutshell::connect {
namespace {

std::int64_t whole(const Value* value) { return value && value->whole() ? *value->whole() : -99; }

Table orders() {
  Table table;
  table.name = "orders";
  table.columns = {{"id", Type::int64, false, false}, {"ts", Type::int64, false, true}, {"item", Type::string, true, false}};
  table.primary_key = {"id"};
  return table;
}
Row row(std::int64_t id, std::int64_t ts_seconds, const std::string& item) { return {number(id), number(ts_seconds * 1000), text(item)}; }

JdbcSourceConfig source_config(const std::string& mode, Properties more = {}) {
  Properties properties = {{"connection.url", "jdbc:sqlite:shop.db"}, {"mode", mode}, {"topic.prefix", "shop-"}};
  if (mode.find("incr") != std::string::npos) properties["incrementing.column.name"] = "id";
  if (mode.find("time") != std::string::npos) properties["timestamp.column.name"] = "ts";
  for (const auto& each : more) properties.insert(each);
  Settings settings(properties);
  const JdbcSourceConfig config = read_jdbc_source(settings);
  CHECK_MESSAGE(settings.problem().empty(), settings.problem());
  return config;
}

// Items and the times that are noted with them.
std::string told(const std::vector<SourceRecord>& batch) {
  std::string all;
  for (const SourceRecord& each : batch) {
    all += (all.empty() ? "" : " ") + *each.record.value.value.find("item")->text();
    for (const auto& [name, place] : each.offset) all += "@" + std::to_string(name == "timestamp" ? place / 1000 : place);
  }
  return all;
}

// C21: rows A(5), B(7), C(7).
Database three_rows() {
  Database database;
  database.tables["orders"] = orders();
  std::string problem;
  for (const Row& each : {row(1, 5, "A"), row(2, 7, "B"), row(3, 7, "C")}) CHECK(database.tables["orders"].insert(each, problem));
  return database;
}

TEST_CASE("timestamp mode: of rows of one time only the last moves the noted time") {
  Database database = three_rows();
  const JdbcSourceConfig config = source_config("timestamp");
  JdbcSource source(config, {"orders"}, {});
  CHECK(source.check(database).empty());
  CHECK(told(source.poll(database, 10 * kSecond)) == "A@5 B@5 C@7");
  // A crash after B: the noted time is 5, so B and C come again.
  JdbcSource again(config, {"orders"}, {{{{"table", "orders"}}, {{"timestamp", 5000}}}});
  CHECK(told(again.poll(database, 10 * kSecond)) == "B@5 C@7");
}

TEST_CASE("timestamp mode never reads a row whose time is not later; with an id too it does") {
  std::string problem;
  Database database = three_rows();
  JdbcSource by_time(source_config("timestamp"), {"orders"}, {});
  JdbcSource by_both(source_config("timestamp+incrementing"), {"orders"}, {});
  by_time.poll(database, 10 * kSecond);
  CHECK(told(by_both.poll(database, 10 * kSecond)) == "A@1@5 B@2@7 C@3@7");
  database.tables["orders"].insert(row(4, 7, "D"), problem);
  CHECK(told(by_time.poll(database, 15 * kSecond)).empty());
  CHECK(told(by_both.poll(database, 15 * kSecond)) == "D@4@7");
  // F(12) is read; E, stamped 8 by a transaction that commits at 20, is lost to both.
  database.tables["orders"].insert(row(5, 12, "F"), problem);
  CHECK(told(by_time.poll(database, 20 * kSecond)) == "F@12");
  CHECK(told(by_both.poll(database, 20 * kSecond)) == "F@5@12");
  database.tables["orders"].insert(row(6, 8, "E"), problem);
  CHECK(told(by_time.poll(database, 25 * kSecond)).empty());
  CHECK(told(by_both.poll(database, 25 * kSecond)).empty());
}

TEST_CASE("a delay as long as the longest transaction keeps the row that commits late") {
  std::string problem;
  Database database = three_rows();
  JdbcSource source(source_config("timestamp", {{"timestamp.delay.interval.ms", "12000"}}), {"orders"}, {});
  database.tables["orders"].insert(row(5, 12, "F"), problem);
  CHECK(told(source.poll(database, 20 * kSecond)) == "A@5 B@5 C@7");
  database.tables["orders"].insert(row(6, 8, "E"), problem);
  CHECK(told(source.poll(database, 25 * kSecond)) == "E@8 F@12");
}

TEST_CASE("incrementing sees inserts in the order of ids, never updates, and not a lower id that comes later") {
  std::string problem;
  Database database = three_rows();
  JdbcSource source(source_config("incrementing"), {"orders"}, {});
  CHECK(told(source.poll(database, 0)) == "A@1 B@2 C@3");
  CHECK(source.poll(database, 4 * kSecond).empty());
  CHECK(source.next_poll(4 * kSecond) == 5 * kSecond);
  database.tables["orders"].update(row(2, 9, "B2"), problem);
  database.tables["orders"].insert(row(5, 9, "five"), problem);
  CHECK(told(source.poll(database, 5 * kSecond)) == "five@5");
  database.tables["orders"].insert(row(4, 9, "four"), problem);
  CHECK(source.poll(database, 10 * kSecond).empty());
}

TEST_CASE("bulk reads the whole table each time and notes nothing; a question's rows come in batches") {
  Database database = three_rows();
  JdbcSource source(source_config("bulk", {{"batch.max.rows", "2"}}), {"orders"}, {});
  CHECK(told(source.poll(database, 0)) == "A B");
  CHECK(told(source.poll(database, 0)) == "C");
  CHECK(source.poll(database, 1 * kSecond).empty());
  CHECK(source.poll(database, 5 * kSecond).size() == 2);
}

TEST_CASE("columns that order the rows have to be there and not null, and tables are spread over tasks") {
  Database database = three_rows();
  database.tables["orders"].columns[0].nullable = true;
  CHECK(JdbcSource(source_config("incrementing"), {"orders"}, {}).check(database).find("NOT NULL") != std::string::npos);
  CHECK(JdbcSource(source_config("incrementing", {{"validate.non.null", "false"}}), {"orders"}, {}).check(database).empty());
  CHECK(JdbcSource(source_config("timestamp"), {"gone"}, {}).check(database).find("no table gone") != std::string::npos);
  for (const char* name : {"a", "b", "c"}) database.tables[name] = orders();
  const auto spread = spread_tables(source_config("bulk"), database, 3);
  CHECK(spread == std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}, {"orders"}});
  CHECK(spread_tables(source_config("bulk"), database, 9).size() == 4);
}

JdbcSinkConfig sink_config(Properties more) {
  more.insert({"connection.url", "jdbc:sqlite:copy.db"});
  Settings settings(more);
  const JdbcSinkConfig config = read_jdbc_sink(settings);
  CHECK_MESSAGE(settings.problem().empty(), settings.problem());
  return config;
}

Record record(std::int64_t id, std::optional<std::string> item, std::int64_t offset = 0) {
  Record one;
  one.topic = "orders";
  one.partition = 0;
  one.offset = offset;
  one.key = {plain_schema(Type::int64), number(id)};
  if (item) {
    one.value = {struct_schema({{"id", plain_schema(Type::int64)}, {"item", plain_schema(Type::string, true)}}),
                 Value(Members{{"id", number(id)}, {"item", text(*item)}})};
  }
  return one;
}

TEST_CASE("a redelivered insert breaks the key and takes its batch with it; an upsert is the same twice") {
  Database insert, upsert;
  const auto inserting = sink_config({{"pk.mode", "record_value"}, {"pk.fields", "id"}, {"auto.create", "true"}});
  const auto upserting = sink_config(
      {{"pk.mode", "record_value"}, {"pk.fields", "id"}, {"auto.create", "true"}, {"insert.mode", "upsert"}});
  CHECK_FALSE(put(inserting, insert, {record(1, "pear")}).failure);
  const PutResult again = put(inserting, insert, {record(2, "fig"), record(1, "pear")});
  REQUIRE(again.failure);
  CHECK(again.failure->retriable);
  CHECK(again.failure->message.find("orders.id") != std::string::npos);
  CHECK(insert.tables["orders"].size() == 1);  // fig was of the same transaction
  CHECK(put(upserting, upsert, {record(1, "pear")}).inserted == 1);
  CHECK(put(upserting, upsert, {record(1, "pear")}).replaced == 1);
  CHECK(upsert.tables["orders"].size() == 1);
  CHECK(upsert.tables["orders"].rows()[0][1] == text("pear"));
}

TEST_CASE("a tombstone deletes by the record's key, in the order of the batch; without delete.enabled it fails the task") {
  Database database;
  const auto deleting = sink_config({{"pk.mode", "record_key"}, {"pk.fields", "id"}, {"insert.mode", "upsert"}, {"auto.create", "true"},
                                     {"delete.enabled", "true"}});
  const PutResult result = put(deleting, database, {record(1, "pear"), record(1, std::nullopt), record(1, "plum"), record(2, "fig"),
                                                    record(2, std::nullopt)});
  CHECK_FALSE(result.failure);
  CHECK(result.deleted == 2);
  REQUIRE(database.tables["orders"].size() == 1);
  CHECK(database.tables["orders"].rows()[0][1] == text("plum"));
  const auto keeping = sink_config({{"pk.mode", "record_key"}, {"pk.fields", "id"}, {"insert.mode", "upsert"}});
  const PutResult failed = put(keeping, database, {record(1, std::nullopt)});
  REQUIRE(failed.failure);
  CHECK_FALSE(failed.failure->retriable);
  Properties impossible = {{"connection.url", "x"}, {"delete.enabled", "true"}, {"pk.mode", "kafka"}};
  Settings settings(impossible);
  read_jdbc_sink(settings);
  CHECK(settings.problem().find("record_key") != std::string::npos);
}

TEST_CASE("tables and columns are made only if that is asked for, and new columns may be null") {
  Database database;
  CHECK(put(sink_config({}), database, {record(1, "pear")}).failure->message.find("auto.create") != std::string::npos);
  CHECK(database.tables.empty());
  CHECK_FALSE(put(sink_config({{"auto.create", "true"}, {"pk.mode", "kafka"}}), database, {record(1, "pear", 4)}).failure);
  CHECK(database.tables["orders"].primary_key == std::vector<std::string>{"__connect_topic", "__connect_partition", "__connect_offset"});
  Record wider = record(2, "fig", 5);
  wider.value = {struct_schema({{"id", plain_schema(Type::int64)}, {"colour", plain_schema(Type::string, true)}}),
                 Value(Members{{"id", number(2)}, {"colour", text("green")}})};
  CHECK(put(sink_config({{"pk.mode", "kafka"}}), database, {wider}).failure->message.find("auto.evolve") != std::string::npos);
  CHECK_FALSE(put(sink_config({{"pk.mode", "kafka"}, {"auto.evolve", "true"}}), database, {wider}).failure);
  CHECK(database.tables["orders"].column("colour"));
  CHECK(database.tables["orders"].rows()[0].back().null());
  // A column that has to have a value is not added: the rows that are there would have none.
  Record required = record(4, "plum", 7);
  required.value = {struct_schema({{"id", plain_schema(Type::int64)}, {"size", plain_schema(Type::int64)}}),
                    Value(Members{{"id", number(4)}, {"size", number(9)}})};
  const Database before = database;
  CHECK(put(sink_config({{"pk.mode", "kafka"}, {"auto.evolve", "true"}}), database, {required}).failure->message.find("may be null") !=
        std::string::npos);
  CHECK(database == before);
  Record plain = record(3, "kiwi", 6);
  plain.value.schema = nullptr;
  CHECK(put(sink_config({}), database, {plain}).failure->message.find("schemas.enable") != std::string::npos);
}

TEST_CASE("a windowed table: its refinements want an upsert by region and start of the window") {
  // C24: eu's first window grows from 1 to 2.
  const auto refinement = [](std::int64_t count, std::int64_t start = 0) {
    Record one;
    one.topic = "pageviews_per_region_per_minute";
    one.key = {struct_schema({{"REGIONID", plain_schema(Type::string)}, {"WINDOWSTART", plain_schema(Type::int64)}}),
               Value(Members{{"REGIONID", text("eu")}, {"WINDOWSTART", number(start)}})};
    one.value = {struct_schema({{"N", plain_schema(Type::int64)}}), Value(Members{{"N", number(count)}})};
    return one;
  };
  const Properties keyed = {{"pk.mode", "record_key"}, {"pk.fields", "REGIONID,WINDOWSTART"}, {"auto.create", "true"}};
  Database inserted, upserted;
  CHECK(put(sink_config(keyed), inserted, {refinement(1), refinement(2)}).failure);
  Properties upsert = keyed;
  upsert["insert.mode"] = "upsert";
  CHECK_FALSE(put(sink_config(upsert), upserted, {refinement(1), refinement(2)}).failure);
  const Table& table = upserted.tables.begin()->second;
  REQUIRE(table.size() == 1);
  CHECK(whole(&table.rows()[0][*table.column("N")]) == 2);
  CHECK(table.primary_key == std::vector<std::string>{"REGIONID", "WINDOWSTART"});
  // The next window of eu is another row, and so it is in insert mode.
  CHECK_FALSE(put(sink_config(upsert), upserted, {refinement(7, 60'000)}).failure);
  CHECK(table.size() == 2);
  CHECK_FALSE(put(sink_config(keyed), inserted, {refinement(1), refinement(7, 60'000)}).failure);
}

}  // namespace
}  // namespace nutshell::connect
