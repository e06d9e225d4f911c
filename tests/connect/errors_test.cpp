// C15, C16: what is tried again, for how long, and what a dead letter says. C18, C19: files. And what connectors are refused for, C10
// and C11 among it.
#include <doctest/doctest.h>

#include "sim/connect/connector.h"

namespace nutshell::connect {
namespace {

ErrorPolicy policy(Properties properties) {
  Settings settings(properties);
  const ErrorPolicy read = read_error_policy(settings, true);
  CHECK_MESSAGE(settings.problem().empty(), settings.problem());
  return read;
}

TEST_CASE("C15: tries double from 300 ms up to the longest delay, until the time is over") {
  CHECK_FALSE(retry_after(policy({}), 1, 0));
  const ErrorPolicy two_seconds = policy({{"errors.retry.timeout", "2000"}});
  CHECK(retry_after(two_seconds, 1, 0) == 300 * kMillisecond);
  CHECK(retry_after(two_seconds, 2, 300 * kMillisecond) == 600 * kMillisecond);
  CHECK(retry_after(two_seconds, 3, 900 * kMillisecond) == 1100 * kMillisecond);  // 1200 would be past the end
  CHECK_FALSE(retry_after(two_seconds, 4, 2000 * kMillisecond));
  const ErrorPolicy endless = policy({{"errors.retry.timeout", "-1"}, {"errors.retry.delay.max.ms", "1000"}});
  CHECK(retry_after(endless, 50, 10 * kHour) == kSecond);
}

TEST_CASE("C16: a dead letter is the record as it was, with ten headers more if that is asked for") {
  RawRecord record{"orders", 3, 17, "k", "{broken", 5, {{"trace", "abc"}}};
  Failure failure{Stage::value_converter, "org.apache.kafka.connect.json.JsonConverter"};
  failure.data("no JSON");
  const RawRecord bare = dead_letter(policy({{"errors.deadletterqueue.topic.name", "dead"}}), record, {"copy", 2}, failure);
  CHECK(bare.topic == "dead");
  CHECK(bare.value == "{broken");
  CHECK(bare.headers == record.headers);
  const Properties with_headers = {{"errors.deadletterqueue.topic.name", "dead"},
                                   {"errors.deadletterqueue.context.headers.enable", "true"}};
  const RawRecord told = dead_letter(policy(with_headers), record, {"copy", 2}, failure);
  REQUIRE(told.headers.size() == 11);
  CHECK(told.headers[2] == Header{"__connect.errors.partition", "3"});
  CHECK(told.headers[5] == Header{"__connect.errors.task.id", "2"});
  CHECK(told.headers[6] == Header{"__connect.errors.stage", "VALUE_CONVERTER"});
}

std::vector<std::string> lines(const std::vector<SourceRecord>& batch) {
  std::vector<std::string> all;
  for (const SourceRecord& each : batch) all.push_back(text_of(each.record.value));
  return all;
}

FileSource reader(const std::string& format, std::int64_t position = 0) {
  Properties properties = {{"file", "in"}, {"topic", "t"}, {"file.format", format}};
  Settings settings(properties);
  return FileSource(read_file_source(settings), {{{{"filename", "in"}}, {{"position", position}}}});
}

TEST_CASE("C18: a line counts once its end is there; all three ends are known; positions are bytes") {
  FileSource source = reader("lines");
  std::string problem;
  CHECK(lines(source.poll("one\r\ntwo\rthr", 0, problem)) == std::vector<std::string>{"one", "two"});
  CHECK(source.position() == 9);
  CHECK(source.poll("one\r\ntwo\rthr", 0, problem).empty());
  // A lone \r at the end might be the half of an end.
  CHECK(source.poll("one\r\ntwo\rthree\r", 0, problem).empty());
  CHECK(lines(source.poll("one\r\ntwo\rthree\r\nf\xc3\xbcnf\n", 0, problem)) == std::vector<std::string>{"three", "f\xc3\xbcnf"});
  CHECK(source.position() == 22);
  CHECK(lines(reader("lines", 16).poll("one\r\ntwo\rthree\r\nf\xc3\xbcnf\n", 0, problem)) == std::vector<std::string>{"f\xc3\xbcnf"});
  // A file that was cut is not noticed.
  CHECK(source.poll("x\n", 0, problem).empty());
}

TEST_CASE("JSON lines and CSV are records with members; what is neither is said with its place") {
  std::string problem;
  FileSource json = reader("json");
  CHECK(lines(json.poll("{\"id\":1}\n{broken\n", 0, problem)) == std::vector<std::string>{"{id=1}"});
  CHECK(problem.find("byte 9 of in") != std::string::npos);
  problem.clear();
  FileSource csv = reader("csv");
  CHECK(lines(csv.poll("id,item\n1,\"a, \"\"b\"\"\"\n", 0, problem)) == std::vector<std::string>{"Struct{id=1,item=a, \"b\"}"});
  csv.poll("id,item\n1,\"a, \"\"b\"\"\"\n2\n", 0, problem);
  CHECK(problem.find("at byte 21 of in, a line of CSV has 1 cells") != std::string::npos);
  for (const auto& [line, part] : std::vector<std::pair<std::string, std::string>>{
           {"1,\"open", "the quote of cell 2 is not closed"}, {"\"1\"x,a", "cell 1 goes on behind its closing quote"}}) {
    problem.clear();
    CHECK(reader("csv").poll("id,item\n" + line + "\n", 0, problem).empty());
    CHECK_MESSAGE(problem.find("at byte 8 of in, " + part) != std::string::npos, problem);
  }
  for (const char* first : {"id,id", "id,", "", "id,\"open"}) {
    CAPTURE(first);
    problem.clear();
    CHECK(reader("csv").poll(std::string(first) + "\n1,2\n", 0, problem).empty());
    CHECK(problem.find("at byte 0 of in, ") == 0);
  }
  // A quote within a cell that does not begin with one is a letter like others.
  problem.clear();
  CHECK(lines(reader("csv").poll("id,item\n1,5\" nail\n", 0, problem)) == std::vector<std::string>{"Struct{id=1,item=5\" nail}"});
  CHECK(problem.empty());
}

TEST_CASE("C19: a file sink writes the value's text and an end of line; null is a word") {
  Record record;
  record.value.value = Value(std::string("pear"));
  CHECK(file_line({"out"}, record) == "pear\n");
  record.value = {};
  CHECK(file_line({"out"}, record) == "null\n");
  record.value.value = Value(Members{{"id", Value(std::int64_t{1})}, {"item", Value(std::string("a,b"))}});
  CHECK(file_line({"out", FileFormat::csv}, record) == "1,\"a,b\"\n");
  CHECK(file_line({"out", FileFormat::json}, record) == "{\"id\":1,\"item\":\"a,b\"}\n");
}

TEST_CASE("C8: a place counts when it and all before it are acknowledged") {
  Submitted sent;
  const SourcePartition file = {{"filename", "in"}};
  for (const std::int64_t position : {10, 20, 30}) sent.submit({Record{}, file, {{"position", position}}});
  sent.acknowledge(0);
  sent.acknowledge(2);
  CHECK(sent.take().at(file).at("position") == 10);
  CHECK(sent.take().empty());
  sent.acknowledge(1);
  CHECK(sent.take().at(file).at("position") == 30);
  CHECK(sent.waiting() == 0);
  CHECK(offset_key("c", file) == "[\"c\",{\"filename\":\"in\"}]");
  CHECK(read_offset(offset_value({{"position", 30}}))->at("position") == 30);
  CHECK_FALSE(read_offset("no"));
}

std::string refused(Properties properties) {
  std::string problem;
  CHECK_FALSE(read_connector("c", properties, {}, problem));
  return problem;
}

TEST_CASE("a connector is refused for a key that nobody knows, a class that is not here, and what is missing") {
  const Properties sink = {{"connector.class", "FileStreamSink"}, {"file", "out"}, {"topics", "t"}};
  std::string problem;
  CHECK(read_connector("c", sink, {}, problem));
  Properties mistyped = sink;
  mistyped["task.max"] = "2";
  CHECK(refused(mistyped).find("did you mean \"tasks.max\"") != std::string::npos);
  CHECK(refused({{"connector.class", "S3Sink"}}).find("JdbcSourceConnector") != std::string::npos);
  CHECK(refused({{"connector.class", "FileStreamSink"}, {"file", "out"}}).find("\"topics\" is missing") != std::string::npos);
  CHECK(refused({{"connector.class", "FileStreamSource"}, {"file", "in"}, {"topic", "t"}, {"errors.deadletterqueue.topic.name", "dead"}})
            .find("for sinks only") != std::string::npos);
  Properties converter = sink;
  converter["value.converter"] = "JsonConvertor";
  CHECK(refused(converter).find("write JsonConverter") != std::string::npos);
  const Properties source = {{"connector.class", "JdbcSource"}, {"connection.url", "shop"}, {"mode", "bulk"}};
  const std::vector<std::pair<Properties, std::string>> kWrong = {
      {{{"tasks.max", "0"}}, "write a whole number from 1 to 1000"},
      {{{"exactly.once.support", "required"}}, "no transactions here yet"},
      {{{"transaction.boundary", "interval"}}, "wants transactions"},
      {{{"query", "SELECT 1"}}, "table.whitelist"},
      {{{"table.whitelist", "a"}, {"table.blacklist", "b"}}, "leave one of them out"},
      {{{"mode", "incrementing"}}, "\"incrementing.column.name\" is missing"},
      {{{"mode", "incremental"}}, "write bulk, incrementing, timestamp or timestamp+incrementing"},
      {{{"topic.creation.default.partitions", "1"}}, "\"topic.creation.default.replication.factor\" is missing"},
      {{{"topic.creation.default.partitions", "1"}, {"topic.creation.default.replication.factor", "1"}, {"topic.creation.groups", "g"}},
       "\"topic.creation.g.include\" is missing"},
      {{{"topic.creation.default.partition", "1"},
        {"topic.creation.default.partitions", "1"},
        {"topic.creation.default.replication.factor", "1"}},
       "did you mean \"topic.creation.default.partitions\""},
      {{{"transforms", "x"}}, "transforms.x.type"},
  };
  for (const auto& [more, part] : kWrong) {
    Properties all = source;
    for (const auto& [key, value] : more) all[key] = value;
    CAPTURE(part);
    CHECK_MESSAGE(refused(all).find(part) != std::string::npos, refused(all));
  }
  CHECK(refused({}).find("\"connector.class\" is missing") != std::string::npos);
  const std::vector<std::pair<Properties, std::string>> kWrongSink = {
      {{{"topics.regex", "t.*"}}, "leave one of them out"},
      {{{"topics", ""}, {"topics.regex", "("}}, "no pattern"},
      {{{"errors.deadletterqueue.topic.name", "t"}}, "which the sink reads as well"},
      {{{"topics", ""}, {"topics.regex", "d.*"}, {"errors.deadletterqueue.topic.name", "dead"}}, "which the sink reads as well"},
      {{{"consumer.override.max.poll.records", "0"}}, "from 1 to 100000"},
      {{{"consumer.override.group.id", "g"}}, "is no key of this connector"},
  };
  for (const auto& [more, part] : kWrongSink) {
    Properties all = sink;
    for (const auto& [key, value] : more) all[key] = value;
    CHECK_MESSAGE(refused(all).find(part) != std::string::npos, refused(all));
  }
}

TEST_CASE("C15: with tolerance a source skips what it cannot convert, and else fails") {
  Properties properties = {{"connector.class", "FileStreamSource"}, {"file", "in"}, {"topic", "t"}, {"value.converter", "LongConverter"}};
  Record record;
  record.value = {plain_schema(Type::string), Value(std::string("pear"))};
  std::string problem;
  CHECK(pass_source(*read_connector("c", properties, {}, problem), record).how == Passage::failed);
  properties["errors.tolerance"] = "all";
  const Passed passed = pass_source(*read_connector("c", properties, {}, problem), record);
  CHECK(passed.how == Passage::skipped);
  CHECK(passed.failure->stage == Stage::value_converter);
}

}  // namespace
}  // namespace nutshell::connect
