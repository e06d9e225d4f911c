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

Record order_time() {
  Record record;
  record.value = {plain_schema(Type::int64), number(0)};
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
  CHECK(text_of(done(one("ReplaceField$Value", {{"renames", " id:a b , item:c"}}), plain_order()).value) == "{a b=1, c=pear}");
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

TEST_CASE("headers: inserted behind those that there are, made of fields that stay or go, dropped by name") {
  Record with = order();
  with.headers = {{"trace", "1"}};
  const Record inserted = done(one("InsertHeader", {{"header", "trace"}, {"value.literal", "2"}}), with);
  CHECK(inserted.headers == std::vector<Header>{{"trace", "1"}, {"trace", "2"}});
  CHECK(done(one("DropHeaders", {{"headers", "trace"}}), inserted).headers.empty());
  CHECK(done(one("DropHeaders", {{"headers", "other"}}), inserted).headers.size() == 2);
  const Record copied = done(one("HeaderFrom$Value", {{"fields", "id"}, {"headers", "key"}, {"operation", "copy"}}), order());
  CHECK(copied.headers == std::vector<Header>{{"key", "1"}});
  CHECK(copied.value == order().value);
  const auto move = one("HeaderFrom$Value", {{"fields", "item,id"}, {"headers", "a,b"}, {"operation", "move"}});
  const Record moved = done(move, order());
  CHECK(moved.headers == std::vector<Header>{{"a", "pear"}, {"b", "1"}});
  CHECK(moved.value.schema->fields.empty());
  CHECK(text_of(done(move, plain_order()).value) == "{}");
  CHECK(failed(one("HeaderFrom$Value", {{"fields", "colour"}, {"headers", "a"}, {"operation", "copy"}}), order()).message.find("colour") !=
        std::string::npos);
  const Properties uneven = {{"transforms", "h"}, {"transforms.h.type", "HeaderFrom$Value"}, {"transforms.h.fields", "a,b"},
                             {"transforms.h.headers", "a"}, {"transforms.h.operation", "copy"}};
  CHECK(problem(uneven).find("a header for each field") != std::string::npos);
}

TEST_CASE("SetSchemaMetadata names the schema; without one it fails, and nothing at all passes") {
  const auto name = one("SetSchemaMetadata$Value", {{"schema.name", "shop.Order"}, {"schema.version", "3"}});
  const Record record = done(name, order());
  CHECK(record.value.schema->name == "shop.Order");
  CHECK(record.value.schema->version == 3);
  CHECK(record.value.value == order().value.value);
  CHECK(record.value.schema->fields.size() == 2);
  CHECK(failed(name, plain_order()).message.find("with schemas") != std::string::npos);
  Record tombstone = order();
  tombstone.value = {};
  CHECK(done(name, tombstone).value.value.null());
  CHECK(problem({{"transforms", "a"}, {"transforms.a.type", "SetSchemaMetadata$Value"}}).find("sets nothing") != std::string::npos);
}

// 1969-12-31T18:00:00.250Z: before 1970, so that what is rounded shows which way.
TEST_CASE("TimestampConverter: each form as each other one, of the whole value and of a field") {
  constexpr std::int64_t kSixHoursBefore = -6ll * 3600 * 1000 + 250;
  Record whole;
  whole.value.value = Value(kSixHoursBefore);
  const auto as = [&](const std::string& type, const Properties& more = {}) {
    Properties all = more;
    all["target.type"] = type;
    return one("TimestampConverter$Value", all);
  };
  const Properties pattern = {{"format", "yyyy-MM-dd HH:mm:ss.SSS"}};
  Record told = done(as("string", pattern), whole);
  CHECK(told.value == Data{nullptr, text("1969-12-31 18:00:00.250")});
  CHECK(done(as("unix", pattern), told).value.value == Value(kSixHoursBefore));
  CHECK(done(as("Date"), whole).value.value == number(-1));
  CHECK(done(as("Time"), whole).value.value == number(18 * 3600 * 1000 + 250));
  CHECK(done(as("unix", {{"unix.precision", "microseconds"}}), [&] {
          Record stamped;
          stamped.value = {done(as("Timestamp"), order_time()).value.schema, Value(std::int64_t{1'500})};
          return stamped;
        }()).value.value == number(1'500'000));
  // With a schema the field gets that of its new form, and keeps that it may be null.
  Record row = order();
  const auto field = [&](const Record& record) { return record.value.schema->find("at")->schema; };
  row.value = {struct_schema({{"at", plain_schema(Type::int64, true)}}), Value(Members{{"at", number(86'400'000)}})};
  const Record dated = done(as("Date", {{"field", "at"}}), row);
  CHECK(dated.value.value.find("at")->whole() != nullptr);
  CHECK(*dated.value.value.find("at") == number(1));
  CHECK(field(dated)->name == "org.apache.kafka.connect.data.Date");
  CHECK(field(dated)->type == Type::int32);
  CHECK(field(dated)->optional);
  CHECK(*done(as("Timestamp", {{"field", "at"}}), dated).value.value.find("at") == number(86'400'000));
  row.value.value = Value(Members{{"at", Value()}});
  CHECK(done(as("Timestamp", {{"field", "at"}}), row).value.value.find("at")->null());
  CHECK(done(as("Date", {{"field", "elsewhere"}}), dated).value == dated.value);
  told.value.value = text("yesterday");
  CHECK(failed(as("unix", pattern), told).message.find("yesterday") != std::string::npos);
  const Properties no_format = {
      {"transforms", "a"}, {"transforms.a.type", "TimestampConverter$Key"}, {"transforms.a.target.type", "string"}};
  CHECK(problem(no_format).find("transforms.a.format") != std::string::npos);
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
