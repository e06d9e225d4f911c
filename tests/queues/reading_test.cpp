// Workload files: what is read, what is refused and how that is said, and that no text whatever does harm.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "sim/core/random.h"
#include "sim/scenario/workload_json.h"
#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

const std::string kSmall = R"({
  "title": "Small", "until": "10s",
  "messages": [{"name": "m", "count": 3, "every": "1s", "key": ["A", "B"]}],
  "services": [{"name": "work", "consumers": [{"name": "c1", "handle": "100ms"}]}],
  "rows": [{"product": "kafka"}, {"product": "sqs", "config": {"VisibilityTimeout": "2m"}}]
})";

std::string with(const std::string& was, const std::string& is) {
  std::string text = kSmall;
  const std::size_t at = text.find(was);
  REQUIRE(at != std::string::npos);
  return text.replace(at, was.size(), is);
}

std::string problems_of(const std::string& text) { return to_text(parse_workload(text, "small.json").problems); }

bool says(const std::string& text, const std::string& words) {
  const std::string problems = problems_of(text);
  INFO(problems);
  return problems.find(words) != std::string::npos && !parse_workload(text, "small.json").workload;
}

}  // namespace

TEST_CASE("a workload is read as it is written") {
  const WorkloadResult result = parse_workload(kSmall, "folder/small.json");
  REQUIRE_MESSAGE(result.workload.has_value(), to_text(result.problems));
  CHECK(result.workload->name == "small");
  REQUIRE(result.workload->messages.size() == 3);
  CHECK(result.workload->messages[2].name == "m3");
  CHECK(result.workload->messages[2].at == 2 * kSecond);
  CHECK(result.workload->messages[1].key == "B");
  CHECK(result.workload->rows[1].settings.get(ProductId::sqs, "VisibilityTimeout") == 120);
}

TEST_CASE("a mistake is said at its place, with what was meant") {
  CHECK(says(with("\"VisibilityTimeout\"", "\"VisibilityTimout\""), "small.json:5"));
  CHECK(says(with("\"VisibilityTimeout\"", "\"VisibilityTimout\""), "did you mean 'VisibilityTimeout'?"));
  CHECK(says(with("\"VisibilityTimeout\"", "\"x-message-ttl\""), "there is no key of sqs named 'x-message-ttl'"));
  CHECK(says(with("\"product\": \"kafka\"", "\"product\": \"kafkaa\""), "did you mean 'kafka'?"));
  CHECK(says(with("\"handle\"", "\"handel\""), "did you mean 'handle'?"));
  CHECK(says(with("\"2m\"", "\"2\""), "rows[1].config.VisibilityTimeout"));
  CHECK(says(with("\"2m\"", "\"1.5s\""), "must be a whole number of 1s"));
  CHECK(says(with("\"2m\"", "-1"), "must be from 0 to 43200"));
  CHECK(says(with("\"100ms\"", "\"0s\""), "services[0].consumers[0].handle"));
  CHECK(says(with("\"handle\": \"100ms\"", "\"slow\": {\"m7\": \"1s\"}"), "m7"));
  CHECK(says(with("\"handle\": \"100ms\"", "\"from\": \"5s\", \"crash_at\": \"2s\""), "crashes before it comes"));
  CHECK(says(with("\"title\": \"Small\", ", ""), "title"));
  CHECK(says(with("{\"product\": \"kafka\"}", "{\"product\": \"sqs\"}"), "there are two rows named 'sqs'"));
  CHECK(says(with("\"rows\"", "\"poison\": [{\"service\": \"wrok\", \"message\": \"m1\"}], \"rows\""), "did you mean 'work'?"));
  CHECK(says(with("\"rows\"", "\"faults\": [{\"kill\": \"leader\"}], \"rows\""), "must say when"));
  CHECK(says(with("\"rows\"", "\"faults\": [{\"at\": \"1s\"}], \"rows\""), "exactly one of"));
  CHECK(says(with("\"count\": 3", "\"count\": 100001"), "100000"));
  CHECK(says("", "small.json"));
  CHECK(says("[]", "must be an object"));
}

TEST_CASE("what a row expects is held against what came") {
  const auto said = [](const std::string& expect) {
    const WorkloadResult result =
        parse_workload(with("{\"product\": \"kafka\"}", "{\"product\": \"kafka\", \"expect\": " + expect + "}"), "t.json");
    REQUIRE_MESSAGE(result.workload.has_value(), to_text(result.problems));
    Simulation run(*result.workload, 0);
    run.run();
    const std::vector<std::string> all = disappointments(run.outcome(false), *result.workload);
    return all.empty() ? "" : all.front();
  };
  CHECK(said(R"({"work": {"done": 3, "last": "2.1s"}})") == "");
  CHECK(said(R"({"work": {"done": 4}})") == "done of work is 3, and 4 was expected");
  CHECK(said(R"({"work": {"last": "2s"}})") == "last of work is 2.1s, and 2s was expected");
  CHECK(says(with("{\"product\": \"kafka\"}", "{\"product\": \"kafka\", \"expect\": {\"work\": {\"doen\": 1}}}"), "did you mean 'done'?"));
}

TEST_CASE("S15: policies of SNS in their own words, and what SNS does not take") {
  const auto stored = [](const std::string& policy) {
    const std::string text = R"({"title": "T", "until": "5s", "messages": [
      {"name": "m", "count": 6, "attributes": {"type": ["paid", "open", "cancelled"], "amount": [50, 120, 100, 0, 150, 99]}},
      {"name": "bare"}],
      "services": [{"name": "S"}], "rows": [{"product": "sqs", "filters": {"S": )" +
                             policy + "}}]}";
    const WorkloadResult result = parse_workload(text, "t.json");
    REQUIRE_MESSAGE(result.workload.has_value(), to_text(result.problems));
    Simulation run(*result.workload, 0);
    run.run();
    return run.tally(0).stored;
  };
  CHECK(stored("{}") == 7);
  CHECK(stored(R"({"type": ["paid"]})") == 2);
  CHECK(stored(R"({"type": ["paid", {"prefix": "can"}]})") == 4);
  CHECK(stored(R"({"type": [{"anything-but": ["paid", "open"]}]})") == 2);
  CHECK(stored(R"({"amount": [{"numeric": [">=", 100]}]})") == 3);
  CHECK(stored(R"({"amount": [{"numeric": [">", 0, "<", 100]}, 0]})") == 3);
  CHECK(stored(R"({"amount": [{"numeric": ["=", 99]}]})") == 1);
  CHECK(stored(R"({"type": [{"exists": false}]})") == 1);
  CHECK(stored(R"({"type": ["open"], "amount": [{"numeric": [">", 130]}]})") == 1);
  const auto refused = [](const std::string& filters) {
    return problems_of(
        with("{\"product\": \"kafka\"}", "{\"product\": \"sqs\", \"name\": \"x\", \"filters\": {\"work\": " + filters + "}}"));
  };
  CHECK(refused(R"({"type": "paid"})").find("must be a list of values") != std::string::npos);
  CHECK(refused(R"({"a": [{"numerik": ["=", 1]}]})").find("did you mean 'numeric'?") != std::string::npos);
  CHECK(refused(R"({"a": [{"numeric": ["~", 1]}]})").find("no comparison named '~'") != std::string::npos);
  CHECK(refused(R"({"a": [1], "b": [1], "c": [1], "d": [1], "e": [1], "f": [1]})").find("more than 5 names") != std::string::npos);
  CHECK(problems_of(with("{\"product\": \"kafka\"}", R"({"product": "kafka", "filters": {}})")).find("is for Pub/Sub and SNS") !=
        std::string::npos);
}

TEST_CASE("a text that is damaged somewhere is read or refused, and what is read runs") {
  int read = 0;
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    std::string text = kSmall;
    const auto roll = [&](std::uint64_t nth, std::size_t below_this) {
      return static_cast<std::size_t>(below(draw(seed, Purpose::fuzz, 2, nth), below_this));
    };
    for (std::uint64_t i = 0, n = 1 + roll(0, 3); i < n; ++i) {
      const std::size_t at = roll(1 + i * 3, text.size());
      switch (roll(2 + i * 3, 4)) {
        case 0: text.erase(at, 1 + roll(3 + i * 3, 8)); break;
        case 1: text.insert(at, 1, "{}[]\",:0-9x"[roll(3 + i * 3, 11)]); break;
        case 2: text[at] = static_cast<char>(roll(3 + i * 3, 256)); break;
        default: text += text.substr(at, roll(3 + i * 3, 60));
      }
    }
    const WorkloadResult result = parse_workload(text, "small.json");
    CHECK(result.workload.has_value() == result.problems.empty());
    for (std::size_t row = 0; result.workload && row < result.workload->rows.size(); ++row) {
      Simulation run(*result.workload, row);
      run.run();
      CHECK(first_breach(run) == "");
      ++read;
    }
  }
  CHECK(read > 50);
}

}  // namespace nutshell::queues::testing
