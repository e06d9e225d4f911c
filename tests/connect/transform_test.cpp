// Each transform with its edge.
#include <doctest/doctest.h>

#include "sim/connect/transform.h"
#include "tests/connect/fixture.h"

namespace nutshell::connect {
namespace {

std::vector<Transform> transforms(const Properties& properties) {
  Settings settings(properties);
  auto all = read_transforms(settings);
  CHECK_MESSAGE(settings.problem().empty(), settings.problem());
  return all;
}

std::string problem(const Properties& properties) {
  Settings settings(properties);
  read_transforms(settings);
  return settings.problem();
}

// One transform "t" of that type.
std::vector<Transform> one(const std::string& type, Properties more = {}) {
  Properties properties = {{"transforms", "t"}, {"transforms.t.type", "org.apache.kafka.connect.transforms." + type}};
  for (const auto& [key, value] : more) properties["transforms.t." + key] = value;
  return transforms(properties);
}


Record order() {
  Record record;
  record.topic = "orders";
  record.partition = 2;
  record.offset = 7;
  record.timestamp = 1'590'969'600'000;  // 2020-06-01 in UTC
  record.value = {struct_schema({{"id", plain_schema(Type::int64)}, {"item", plain_schema(Type::string)}}),
                  Value(Members{{"id", number(1)}, {"item", text("pear")}})};
  return record;
}

Record plain_order() {
  Record record = order();
  record.value.schema = nullptr;
  return record;
}

Record done(const std::vector<Transform>& all, Record record) {
  bool dropped = false;
  Failure failure;
  CHECK_MESSAGE(transform(all, record, dropped, failure), failure.message);
  CHECK_FALSE(dropped);
  return record;
}

Failure failed(const std::vector<Transform>& all, Record record) {
  bool dropped = false;
  Failure failure;
  CHECK_FALSE(transform(all, record, dropped, failure));
  CHECK(failure.stage == Stage::transformation);
  return failure;
}

TEST_CASE("InsertField adds where the record came from; a tombstone passes") {
  const auto insert = one("InsertField$Value", {{"topic.field", "t"}, {"partition.field", "p"}, {"offset.field", "o"},
                                                 {"timestamp.field", "ts"}, {"static.field", "s"}, {"static.value", "shop"}});
  const Record record = done(insert, order());
  CHECK(text_of(record.value) == "Struct{id=1,item=pear,t=orders,p=2,o=7,ts=1590969600000,s=shop}");
  CHECK(record.value.schema->find("ts")->schema->name == "org.apache.kafka.connect.data.Timestamp");
  CHECK(record.value.schema->find("o")->schema->type == Type::int64);
  Record tombstone = order();
  tombstone.value = {};
  CHECK(done(insert, tombstone).value.value.null());
  Record of_source = order();
  of_source.offset = -1;
  CHECK(failed(insert, of_source).message.find("only records of sinks") != std::string::npos);
  Record bare = order();
  bare.value = {plain_schema(Type::string), text("pear")};
  CHECK(failed(insert, bare).message.find("has to be a struct") != std::string::npos);
}

TEST_CASE("MaskField blanks, or replaces numbers and texts") {
  CHECK(text_of(done(one("MaskField$Value", {{"fields", "id,item"}}), order()).value) == "Struct{id=0,item=}");
  CHECK(text_of(done(one("MaskField$Value", {{"fields", "item"}, {"replacement", "***"}}), plain_order()).value) == "{id=1, item=***}");
  Record bytes = plain_order();
  bytes.value.value = Value(Members{{"id", Value(Bytes{"x"})}});
  CHECK(failed(one("MaskField$Value", {{"fields", "id"}}), bytes).exception == "org.apache.kafka.connect.errors.DataException");
}

TEST_CASE("ExtractField takes one field; null passes, with a schema the field has to be there") {
  const Record record = done(one("ExtractField$Value", {{"field", "item"}}), order());
  CHECK(record.value == Data{plain_schema(Type::string), text("pear")});
  CHECK(failed(one("ExtractField$Value", {{"field", "colour"}}), order()).exception == "java.lang.IllegalArgumentException");
  CHECK(done(one("ExtractField$Value", {{"field", "colour"}}), plain_order()).value.value.null());
  CHECK(done(one("ExtractField$Key", {{"field", "id"}}), order()).key.value.null());
}

TEST_CASE("ValueToKey makes a key of fields; a tombstone fails unless a predicate guards it") {
  const Record record = done(one("ValueToKey", {{"fields", "id"}}), order());
  CHECK(text_of(record.key) == "Struct{id=1}");
  CHECK(record.value == order().value);
  Record tombstone = order();
  tombstone.value = {};
  CHECK(failed(one("ValueToKey", {{"fields", "id"}}), tombstone).message.find("null") != std::string::npos);
  const auto guarded = transforms({{"transforms", "k"}, {"transforms.k.type", "ValueToKey"}, {"transforms.k.fields", "id"},
                                   {"transforms.k.predicate", "gone"}, {"transforms.k.negate", "true"}, {"predicates", "gone"},
                                   {"predicates.gone.type", "org.apache.kafka.connect.transforms.predicates.RecordIsTombstone"}});
  CHECK(done(guarded, tombstone).key.value.null());
  CHECK(text_of(done(guarded, order()).key) == "Struct{id=1}");
}

TEST_CASE("RegexRouter renames if the whole name matches; the partition stays") {
  const auto route = one("RegexRouter", {{"regex", "(.*)ers"}, {"replacement", "shop-$1s"}});
  const Record record = done(route, order());
  CHECK(record.topic == "shop-ords");
  CHECK(record.partition == 2);
  CHECK(done(one("RegexRouter", {{"regex", "order"}, {"replacement", "x"}}), order()).topic == "orders");
  CHECK(done(one("RegexRouter", {{"regex", ".*"}, {"replacement", "all"}}), order()).topic == "all");
}

TEST_CASE("TimestampRouter puts the day behind the name; a record without a time fails") {
  CHECK(done(one("TimestampRouter"), order()).topic == "orders-20200601");
  CHECK(done(one("TimestampRouter", {{"topic.format", "${timestamp}.${topic}"}, {"timestamp.format", "yyyy-MM"}}), order()).topic ==
        "2020-06.orders");
  Record timeless = order();
  timeless.timestamp.reset();
  CHECK(failed(one("TimestampRouter"), timeless).message.find("no timestamp") != std::string::npos);
}

TEST_CASE("Filter drops what its predicate holds of") {
  const Properties by_name = {{"transforms", "f"}, {"transforms.f.type", "Filter"}, {"transforms.f.predicate", "p"}, {"predicates", "p"},
                              {"predicates.p.type", "TopicNameMatches"}, {"predicates.p.pattern", "ord.*"}};
  Record record = order();
  bool dropped = false;
  Failure failure;
  CHECK(transform(transforms(by_name), record, dropped, failure));
  CHECK(dropped);
  Properties by_header = by_name;
  by_header["predicates.p.type"] = "HasHeaderKey";
  by_header["predicates.p.name"] = "test";
  CHECK(transform(transforms(by_header), record, dropped, failure));
  CHECK_FALSE(dropped);
  record.headers.push_back({"test", "1"});
  CHECK(transform(transforms(by_header), record, dropped, failure));
  CHECK(dropped);
}

TEST_CASE("ReplaceField, HoistField, Cast and Flatten, in the order in which they are listed") {
  CHECK(text_of(done(one("ReplaceField$Value", {{"exclude", "id"}, {"renames", "item:name"}}), order()).value) == "Struct{name=pear}");
  CHECK(text_of(done(one("ReplaceField$Value", {{"include", "id"}}), plain_order()).value) == "{id=1}");
  CHECK(text_of(done(one("HoistField$Value", {{"field", "order"}}), order()).value) == "Struct{order=Struct{id=1,item=pear}}");
  const Record cast = done(one("Cast$Value", {{"spec", "id:string"}}), order());
  CHECK(cast.value.value.find("id")->text() != nullptr);
  CHECK(cast.value.schema->find("id")->schema->type == Type::string);
  CHECK(failed(one("Cast$Value", {{"spec", "item:int32"}}), order()).message.find("pear") != std::string::npos);
  const auto both = transforms({{"transforms", "h,f"}, {"transforms.h.type", "HoistField$Value"}, {"transforms.h.field", "a"},
                                {"transforms.f.type", "Flatten$Value"}, {"transforms.f.delimiter", "_"}});
  CHECK(text_of(done(both, order()).value) == "Struct{a_id=1,a_item=pear}");
  CHECK(text_of(done(both, plain_order()).value) == "{a_id=1, a_item=pear}");
}

TEST_CASE("what is mistyped is said with its key") {
  CHECK(problem({{"transforms", "a"}}).find("transforms.a.type") != std::string::npos);
  CHECK(problem({{"transforms", "a"}, {"transforms.a.type", "InsertField"}}).find("$Value") != std::string::npos);
  CHECK(problem({{"transforms", "a"}, {"transforms.a.type", "InsertField$Value"}}).find("inserts nothing") != std::string::npos);
  const Properties unclosed = {{"transforms", "a"}, {"transforms.a.type", "RegexRouter"}, {"transforms.a.regex", "(a"}};
  CHECK(problem(unclosed).find("no pattern") != std::string::npos);
  CHECK(problem({{"transforms", "a"}, {"transforms.a.type", "Filter"}, {"transforms.a.predicate", "p"}}).find("\"predicates\"") !=
        std::string::npos);
}

}  // namespace
}  // namespace nutshell::connect
