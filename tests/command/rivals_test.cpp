// `nutshell rivals`: the shipped workloads, one of one's own, and what it says to a mistake.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

using Json = nlohmann::json;

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("rivals lists its workloads, and runs one") {
  const Result list = run({"rivals"});
  CHECK(list.exit_code == 0);
  CHECK(has(list.out, "orders"));
  const Result table = run({"rivals", "orders", "--on", "kafka,sqs"});
  CHECK(table.exit_code == 0);
  CHECK(has(table.out, "Service billing"));
  CHECK(has(table.out, "kafka, reset earliest"));
  CHECK(has(table.out, "stepped_back"));
  CHECK_FALSE(has(table.out, "pubsub"));
  const Result row = run({"rivals", "orders", "--on", "kafka, reset latest", "--on", "sqs"});
  CHECK(row.exit_code == 0);
  CHECK(has(row.out, "kafka, reset latest"));
  CHECK_FALSE(has(row.out, "kafka, reset earliest"));
  CHECK(has(run({"rivals", "node-lost", "--on", "sqs"}).out, "there is none that one could lose"));
}

TEST_CASE("rivals tells a story, and prints JSON") {
  const Result story = run({"rivals", "orders", "--on", "rabbit-quorum", "--trace"});
  CHECK(story.exit_code == 0);
  CHECK(has(story.out, "o7 is a dead letter of billing: delivery_limit."));
  const Result result = run({"rivals", "orders", "--on", "rabbit-quorum", "--json"});
  CHECK(result.exit_code == 0);
  const Json json = Json::parse(result.out);
  REQUIRE(json["rows"].size() == 1);
  CHECK(json["rows"][0]["product"] == "rabbit-quorum");
  CHECK(json["rows"][0]["services"][0]["name"] == "billing");
  CHECK(json["rows"][0]["services"][0]["attempts"] == 19);
  CHECK(json["rows"][0]["breaches"].empty());
  CHECK(json["rows"][0]["digest"] == Json::parse(run({"rivals", "orders", "--on", "rabbit-quorum", "--json"}).out)["rows"][0]["digest"]);
}

TEST_CASE("S16: a trace says what a consumer reads: SNS' envelope, or the body as it was sent") {
  const std::string file = write_file("envelope.json", R"({"title": "Mine", "until": "5s",
    "messages": [{"name": "m1", "body": "say \"hi\"", "attributes": {"type": "paid"}}],
    "services": [{"name": "s", "consumers": [{"name": "c"}]}],
    "rows": [{"product": "sqs"}, {"name": "raw", "product": "sqs", "config": {"RawMessageDelivery": true}}, {"product": "kafka"}]})");
  const std::string enveloped = run({"rivals", file, "--on", "sqs,raw", "--trace"}).out;
  const std::string raw = run({"rivals", file, "--on", "raw", "--trace"}).out;
  CHECK(has(enveloped, R"("Type": "Notification")"));
  CHECK(has(enveloped, R"("Message": "say \"hi\"")"));
  CHECK(has(raw, R"(It reads "say \"hi\"")"));
  CHECK_FALSE(has(raw, "Notification"));
}

TEST_CASE("rivals fails when a row does not come out as expected") {
  CHECK(run({"rivals", "poison"}).exit_code == 0);
  const Result changed = run({"rivals", "poison", "--on", "sqs", "--set", "maxReceiveCount=4"});
  CHECK(changed.exit_code == 1);
  CHECK(has(changed.out, "sqs, silent: attempts of work is 15, and 14 was expected"));
}

TEST_CASE("rivals with another setting") {
  // Two receives of o7 instead of five.
  const Json json = Json::parse(run({"rivals", "orders", "--on", "sqs", "--set", "maxReceiveCount=2", "--json"}).out);
  CHECK(json["rows"][0]["services"][0]["attempts"] == 3 + 11 + 2);
  // The crash is noticed when the first of the three is free again, at 1 min.
  const Json later = Json::parse(run({"rivals", "orders", "--on", "sqs", "--set", "VisibilityTimeout=1m", "--json"}).out);
  CHECK(later["rows"][0]["services"][0]["noticed"] == 57'500'000'000);
}

TEST_CASE("a workload of days can be run for days") {
  const Result result = run({"rivals", "away-too-long", "--on", "kafka", "--until", "27h"});
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
}

TEST_CASE("rivals says what is wrong in one sentence") {
  struct Mistake {
    std::vector<std::string> arguments;
    std::string says;
  };
  const std::string file = write_file("mine.json", R"({"title": "Mine", "until": "5s", "messages": [{"name": "m", "kye": "A"}],
    "services": [{"name": "s"}], "rows": [{"product": "sqs"}]})");
  for (const Mistake& each : {Mistake{{"rivals", "ordres"}, "did you mean 'orders'?"},
                              {{"rivals", "orders", "--on", "kafkaa"}, "did you mean 'kafka'?"},
                              {{"rivals", "orders", "--set", "acks=2"}, "there is no value named"},
                              {{"rivals", "orders", "--set", "VisibilityTimeot=5"}, "did you mean 'VisibilityTimeout'?"},
                              {{"rivals", "orders", "--set", "VisibilityTimeout=x"}, "--set VisibilityTimeout=x"},
                              {{"rivals", "orders", "--until", "soon"}, "--until 'soon' is no time"},
                              {{"rivals", "orders", "--until", "1000d"}, "--until 1000d is too late; a run ends at 400d at the latest"},
                              {{"rivals", "--on", "kafka"}, "are about a workload, and none is given"},
                              {{"rivals", "--trace"}, "are about a workload, and none is given"},
                              {{"rivals", file}, "did you mean 'key'?"},
                              {{"rivals", "no/such.json"}, "there is no workload"}}) {
    const Result result = run(each.arguments);
    CAPTURE(each.says);
    CHECK(result.exit_code == 2);
    CHECK(has(result.err, each.says));
    CHECK(result.out.empty());
  }
}

}  // namespace nutshell::testing
