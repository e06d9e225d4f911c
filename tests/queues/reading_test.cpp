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
  CHECK(says(with("\"rows\"", "\"faults\": [{\"lose_receive\": \"work\", \"at\": \"1s\"}], \"rows\""), "of"));
  CHECK(says(with("\"rows\"", "\"faults\": [{\"detach\": \"wrok\", \"at\": \"1s\"}], \"rows\""), "did you mean 'work'?"));
  CHECK(says(with("\"rows\"", "\"asks\": [{\"at\": \"1s\", \"service\": \"work\"}], \"rows\""), "exactly one of"));
  CHECK(says(with("\"rows\"", "\"asks\": [{\"at\": \"1s\", \"service\": \"work\", \"snapshot\": \"2s\"}], \"rows\""),
             "before it was taken"));
  CHECK(says("[]", "must be an object"));
}

TEST_CASE("I6: a stream pushes to twenty services") {
  const auto with_services = [](int count) {
    std::string services;
    for (int i = 1; i <= count; ++i) services += std::string(i > 1 ? ", " : "") + "{\"name\": \"s" + std::to_string(i) + "\"}";
    return R"({"title": "t", "until": "9s", "messages": [{"name": "m"}], "services": [)" + services +
           R"(], "rows": [{"product": "kinesis", "config": {"EnhancedFanOut": true}}]})";
  };
  CHECK(problems_of(with_services(20)) == "");
  CHECK(says(with_services(21), "20 consumers of a stream at most"));
}

TEST_CASE("what a product calls a setting is known, even where a workload says it in another place, and so are its limits") {
  const auto row = [](const std::string& product, const std::string& config) {
    return problems_of(with("{\"product\": \"kafka\"}",
                            "{\"product\": \"" + product + "\", \"name\": \"x\", \"config\": {" + config + "}}"));
  };
  struct Case {
    const char *product, *config, *said;
  };
  for (const Case& each : {Case{"kafka", R"("max.poll.records": 500)", "is said with \"window\""},
                           {"rabbit-quorum", R"("x-queue-type": "quorum")", "is said with \"product\""},
                           {"rabbit-quorum", R"("x-max-priority": 10)", "has the priorities 0 to 31 by itself"},
                           {"rabbit-classic", R"("x-delivery-limit": 10)", "is of quorum queues"},
                           {"rabbit-stream", R"("x-message-ttl": 10)", "say \"x-max-age\""},
                           {"pubsub", R"("enableMessageOrdering": true)", "pubsub-ordered"},
                           {"pubsub", R"("ackDeadlineSeconds": 9)", "must be from 10 to 600"},
                           {"pubsub", R"("ackDeadlineSeconds": "11m")", "must be from 10s to 10m"},
                           {"pubsub", R"("messageRetentionDuration": "32d")", "must be from 10m to 31d"},
                           {"pubsub", R"("maxDeliveryAttempts": 4, "deadLetterTopic": true)", "must be from 5 to 100"},
                           {"pubsub", R"("maxDeliveryAttempts": 7)", "does nothing without \"deadLetterTopic\""},
                           {"pubsub", R"("minimumBackoff": 20, "maximumBackoff": 10)", "is more than \"maximumBackoff\""},
                           {"sqs", R"("FifoQueue": true)", "sqs-fifo"},
                           {"sqs", R"("ContentBasedDeduplication": true)", "is of FIFO queues"},
                           {"sqs-fifo", R"("MessageGroupId": true)", "is the \"key\" of messages"},
                           {"sqs", R"("MessageGroupId": "tenant")", "must be"},
                           {"sqs", R"("ReceiveMessageWaitTimeSeconds": 20)", "consumers poll without pause"},
                           {"sqs", R"("MessageRetentionPeriod": "15d")", "must be from 1m to 14d"},
                           {"sqs", R"("VisibilityTimeout": "13h")", "must be from 0s to 12h"},
                           {"sqs", R"("DelaySeconds": "16m")", "must be from 0s to 15m"},
                           {"sqs", R"("MaximumMessageSize": 1048577)", "must be from 1024 to 1048576"},
                           {"sqs-fifo", R"("FifoThroughputLimit": "perMessageGroupId")", "needs \"DeduplicationScope\""},
                           {"kinesis", R"("MaxRecordSizeInKiB": 10241)", "must be from 1024 to 10240"},
                           {"kinesis", R"("RetentionPeriodHours": "366d")", "must be from 1d to 365d"},
                           {"kinesis", R"("StreamMode": "ON_DEMAND", "ShardCount": 2)", "is of PROVISIONED streams"},
                           {"kinesis", R"("StreamMode": "ONDEMAND")", "ON_DEMAND"},
                           {"kinesis", R"("readers": "Lambda", "MaximumRecordAgeInSeconds": 59)", "at least a minute"},
                           {"kinesis", R"("MaximumRecordAgeInSeconds": "2m")", "does nothing without \"readers\": Lambda"},
                           {"pubsub", R"("maxOutstandingBytes": 0)", "must be from 1 to"},
                           {"kafka", R"("acks": "1", "enable.idempotence": true)", "must be false, or \"acks\" all"},
                           {"kafka", R"("min.insync.replicas": 4)", "is more than \"replication.factor\""},
                           {"rabbit-quorum", R"("x-max-length": 3, "x-overflow": "reject-publish-dlx")", "is of classic queues"},
                           {"rabbit-quorum", R"("x-overflow": "reject-publish")", "does nothing without \"x-max-length\""},
                           {"rabbit-quorum", R"("x-dead-letter-exchange": "dlx", "x-dead-letter-strategy": "at-least-once")",
                            "at-least-once needs"},
                           {"rabbit-quorum", R"("x-dead-letter-exchange": 5)", "must be"},
                           {"rabbit-quorum", R"("x-delivery-limits": 5)", "did you mean 'x-delivery-limit'?"}}) {
    const std::string said = row(each.product, each.config);
    CAPTURE(std::string(each.config));
    CAPTURE(said);
    CHECK(said.find(each.said) != std::string::npos);
  }
  CHECK(row("rabbit-quorum", R"("x-dead-letter-exchange": "dlx")").empty());
  WorkloadResult set = parse_workload(kSmall, "small.json");
  std::vector<Problem> problems;
  override_workload(*set.workload, "max.poll.records", "5", problems);
  override_workload(*set.workload, "min.insync.replicas", "5", problems);
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].what.find("is said with") != std::string::npos);
  CHECK(problems[1].what.find("is more than") != std::string::npos);
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
