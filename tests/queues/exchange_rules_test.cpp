// RabbitMQ's exchanges that are bound to exchanges, and dead letters that go on to other queues: small stories worked out by hand
// from Q1 and Q20.
#include <doctest/doctest.h>

#include "sim/queues/death.h"
#include "sim/scenario/workload_json.h"
#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

using enum ProductId;

Binding from_exchange(std::int32_t source, std::string key = "") {
  Binding it;
  it.source = source;
  it.key = std::move(key);
  return it;
}

// Services beside "work", and a row without bindings.
Lab with_services(std::initializer_list<const char*> names) {
  Lab lab;
  for (const char* each : names) lab.workload.services.push_back({each});
  return lab;
}

Row& bound_row(Lab& lab, ProductId product, Config config = {}) {
  Row& row = lab.row(product, config);
  row.has_bindings = true;
  row.bindings.resize(lab.workload.services.size());
  row.arguments.resize(lab.workload.services.size());
  return row;
}

void argue(Row& row, std::size_t service, std::string_view key, std::int64_t value) {
  row.arguments[service].settings.set(*find_key(row.product, key), value);
}

// Its dead letters go on to the default exchange under this key; none: the one with which they came.
void goes_on(Row& row, std::size_t service, std::string exchange, std::optional<std::string> key = std::nullopt) {
  argue(row, service, "x-dead-letter-exchange", 1);
  row.arguments[service].dead_letter_exchange = std::move(exchange);
  row.arguments[service].dead_letter_routing_key = std::move(key);
}

// What stands on the nth delivery to a service.
std::string headers_of(const Simulation& run, std::int32_t service, int nth) {
  for (const Fact& each : run.facts())
    if (each.kind == FactKind::delivered && each.service == service && --nth == 0) return each.why;
  return "no such delivery";
}

WorkloadResult read_row(const std::string& row) {
  return parse_workload(R"({"title": "t", "until": "60s", "messages": [{"name": "m", "count": 2, "attributes": {"type": ["a", "b"]}}],
    "services": [{"name": "work", "consumers": [{"name": "c"}]}, {"name": "audit"}, {"name": "parking"}],
    "rows": [{"name": "r", "product": "rabbit-quorum", )" + row + "}]}", "w.json");
}

bool says(const std::string& row, const std::string& words) {
  const WorkloadResult read = read_row(row);
  INFO(to_text(read.problems));
  return !read.workload && to_text(read.problems).find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("Q1: exchanges pass on to exchanges, in one pass; a queue that is reached twice gets one copy") {
  Lab lab = with_services({"audit", "both"});
  lab.messages(4, 0, {"order.paid", "order.open", "mail.sent", "order.paid.late"});
  Row& row = bound_row(lab, rabbit_quorum, {{"exchange", 2}});  // a topic exchange
  // The publisher's passes "order.#" on to a fanout exchange, that passes all on to a topic exchange, and that one back to the first.
  row.exchanges = {{"orders", ExchangeType::fanout, {from_exchange(-1, "order.#"), from_exchange(1, "#")}},
                   {"late", ExchangeType::topic, {from_exchange(0)}}};
  row.bindings[0] = {from_exchange(1, "*.*.late")};
  row.bindings[1] = {from_exchange(0, "whatever")};
  row.bindings[2] = {from_exchange(-1, "#"), from_exchange(0), from_exchange(1, "order.*")};
  const Simulation run = lab.run();
  CHECK(run.tally(0).stored == 1);
  CHECK(run.tally(1).stored == 3);
  CHECK(run.tally(2).stored == 4);
  CHECK(run.system().copies == 8);
  // What no queue takes behind any exchange comes back to its publisher.
  row.bindings[2] = {};
  row.settings.set(*find_key(rabbit_quorum, "mandatory"), 1);
  CHECK(lab.run().system().returned == 1);  // mail.sent
  // A direct exchange behind a topic exchange asks for the whole key.
  row.exchanges[0].type = ExchangeType::direct;
  row.bindings[1] = {from_exchange(0, "order.paid")};
  CHECK(lab.run().tally(1).stored == 1);
}

TEST_CASE("Q1: exchanges and bindings are read, and what is wrong with them is said") {
  const WorkloadResult good = read_row(R"("config": {"exchange": "topic"}, "routing_key": "type",
    "exchanges": {"some": "headers", "all": "fanout"},
    "bindings": {"work": ["a"], "all": ["#"], "some": [{"source": "all"}],
                 "audit": [{"source": "some", "arguments": {"x-match": "any", "type": "b"}}], "parking": [{"source": "all"}]})");
  REQUIRE_MESSAGE(good.workload.has_value(), to_text(good.problems));
  Simulation run(*good.workload, 0);
  run.run();
  CHECK(run.tally(0).stored == 1);
  CHECK(run.tally(1).stored == 1);
  CHECK(run.tally(2).stored == 2);
  const std::string bound = R"("bindings": {"work": ["a"]})";
  CHECK(says(R"("exchanges": {"work": "fanout"}, )" + bound, "is the name of a service"));
  CHECK(says(R"("exchanges": {"amq.audit": "fanout"}, )" + bound, "keeps for itself"));
  CHECK(says(R"("exchanges": {"all": "fan"}, )" + bound, "fanout"));
  CHECK(says(R"("exchanges": {"all": "fanout"})", "does nothing without \"bindings\""));
  CHECK(says(R"("exchanges": {"all": "fanout"}, "config": {"exchange": "default"}, )" + bound, "does not go with \"exchange\": default"));
  CHECK(says(R"("exchanges": {"all": "fanout"}, "bindings": {"work": [{"source": "al"}]})", "did you mean 'all'?"));
  CHECK(says(R"("exchanges": {"all": "fanout"}, "bindings": {"alls": ["a"]})", "did you mean 'all'?"));
  CHECK(says(R"("exchanges": {"all": "fanout"}, "bindings": {"work": [{"source": "all", "routing_kei": "a"}]})", "routing_key"));
}

TEST_CASE("Q20: rejected to a queue that lets it expire and sends it back: what x-death says each time") {
  for (const ProductId product : {rabbit_classic, rabbit_quorum}) {
    Lab lab = with_services({"retry"});
    lab.messages(1).poison(1);
    lab.workload.poison[0].until_try = 3;
    lab.workload.services[0].on_error = OnError::reject;
    lab.consumer(kSecond);
    Row& row = bound_row(lab, product);
    row.bindings[0] = {{"K"}};
    goes_on(row, 0, "", "retry");
    goes_on(row, 1, "", "work");
    argue(row, 1, "x-message-ttl", 5000);
    const Simulation run = lab.run();
    CHECK(first_breach(run) == "");
    // Fails at 1 s, waits until 6 s, fails at 7 s, waits until 12 s.
    CHECK(when(run, FactKind::delivered, 1, 2) == 6 * kSecond);
    CHECK(when(run, FactKind::handled, 1) == 13 * kSecond);
    CHECK(headers_of(run, 0, 1) == "");
    CHECK(headers_of(run, 0, 2) ==
          "x-death: [{count: 1, reason: expired, queue: retry, time: 6.000s, exchange: \"\", routing-keys: [\"retry\"]}, "
          "{count: 1, reason: rejected, queue: work, time: 1.000s, exchange: \"amq.fanout\", routing-keys: [\"K\"]}], "
          "x-first-death-queue: work, x-first-death-reason: rejected, x-first-death-exchange: \"amq.fanout\", "
          "x-last-death-queue: retry, x-last-death-reason: expired, x-last-death-exchange: \"\"");
    const std::string third = headers_of(run, 0, 3);
    CHECK(third.find("{count: 2, reason: expired, queue: retry, time: 6.000s") != std::string::npos);
    CHECK(third.find("{count: 2, reason: rejected, queue: work, time: 1.000s, exchange: \"\"") == std::string::npos);
    CHECK(third.find("{count: 2, reason: rejected, queue: work, time: 1.000s, exchange: \"amq.fanout\"") != std::string::npos);
    CHECK(third.find("x-first-death-queue: work") != std::string::npos);
    // It has come back each time: no dead letter of work, but one of the queue that it waited in.
    CHECK(run.tally(0).done == 1);
    CHECK(run.tally(0).dead == 0);
    CHECK(run.tally(0).attempts == 3);
    CHECK(run.tally(1).dead == 1);
    CHECK(run.tally(1).stuck + run.tally(1).lost == 0);
  }
}

TEST_CASE("Q20: a message that comes to a queue again and was rejected nowhere on its way is dropped") {
  Lab lab = with_services({"other"});
  lab.messages(1, 0, {"work"});
  Row& row = bound_row(lab, rabbit_classic, {{"x-message-ttl", 2000}});
  row.bindings[0] = {{"#"}};
  goes_on(row, 0, "");  // with the key that it came with, which is the name of its own queue
  const Simulation alone = lab.run();
  CHECK(first_breach(alone) == "");
  CHECK(when(alone, FactKind::lost, 1) == 2 * kSecond);
  CHECK(count(alone, FactKind::expired) == 1);
  goes_on(row, 0, "", "other");
  goes_on(row, 1, "", "work");
  const Simulation around = lab.run();
  CHECK(first_breach(around) == "");
  CHECK(when(around, FactKind::dead_lettered, 1) == 2 * kSecond);  // of work
  CHECK(when(around, FactKind::dropped, 1) == 4 * kSecond);
  CHECK(around.tally(0).dead == 1);
  CHECK(around.tally(1).lost == 1);
  // Three queues: a rejection anywhere in the circle lets it go round, and only one before the circle does not.
  DeathHeaders headers;
  add_death(headers, {"before", "rejected", "", "", 1, 0});
  add_death(headers, {"a", "expired", "", "", 1, 1});
  add_death(headers, {"b", "maxlen", "", "", 1, 2});
  CHECK(is_cycle(headers, "a"));
  CHECK(is_cycle(headers, "b"));
  CHECK_FALSE(is_cycle(headers, "c"));
  CHECK_FALSE(is_cycle(headers, "before"));
  add_death(headers, {"b", "rejected", "", "", 1, 3});
  CHECK_FALSE(is_cycle(headers, "a"));
  CHECK_FALSE(is_cycle(headers, "b"));
  CHECK(headers.first.queue == "before");
}

TEST_CASE("Q20: why a letter is dead, where it goes by exchange and key, and that it loses its own time to live") {
  Lab lab = with_services({"parking", "other"});
  lab.messages(3);
  lab.workload.messages[0].expires_after = 3 * kSecond;
  lab.consumer(kSecond, 20 * kSecond, 1);
  Row& row = bound_row(lab, rabbit_quorum);
  row.exchanges = {{"dlx", ExchangeType::direct, {}}};
  row.bindings = {{{"K"}}, {from_exchange(0, "K")}, {from_exchange(0, "late")}};
  goes_on(row, 0, "dlx");
  argue(row, 0, "x-max-length", 2);
  Simulation run = lab.run();
  CHECK(first_breach(run) == "");
  // The third pushes the first out, by the key that it came with.
  CHECK(run.tally(1).stored == 1);
  CHECK(run.tally(1).done == 1);  // at 21 s, long after its own three seconds
  CHECK(headers_of(run, 1, 1).find("reason: maxlen, queue: work, time: 0.000s, exchange: \"amq.fanout\", routing-keys: [\"K\"], "
                                   "original-expiration: 3000}") != std::string::npos);
  CHECK(run.tally(0).dead == 1);
  CHECK(run.tally(0).stuck == 2);
  row.arguments[0].dead_letter_routing_key = "late";
  CHECK(lab.run().tally(2).stuck == 1);
  // An exchange that is not there, or that leads nowhere: dropped, and nobody is told.
  for (const char* nowhere : {"dlxx", "dlx"}) {
    row.arguments[0].dead_letter_exchange = nowhere;
    row.arguments[0].dead_letter_routing_key = "nowhere";
    run = lab.run();
    CHECK(first_breach(run) == "");
    CHECK(run.tally(0).lost == 1);
    CHECK(run.system().confirmed == 3);
  }
  // Failed too often.
  goes_on(row, 0, "dlx", "K");
  argue(row, 0, "x-max-length", -1);
  argue(row, 0, "x-delivery-limit", 1);
  lab.workload.messages[0].expires_after = kNever;

  lab.poison(2).consumer(kSecond);
  run = lab.run();
  CHECK(run.tally(0).attempts == 4);
  CHECK(headers_of(run, 1, 1).find("reason: delivery_limit") != std::string::npos);
}

TEST_CASE("queues have arguments of their own, which are read with what they need") {
  const WorkloadResult good = read_row(R"("bindings": {"work": [""], "audit": [""]}, "config": {"x-message-ttl": "1s"},
    "arguments": {"audit": {"x-message-ttl": "9s", "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "parking"}})");
  REQUIRE_MESSAGE(good.workload.has_value(), to_text(good.problems));
  Workload workload = *good.workload;
  workload.services[0].consumers[0].from = 5 * kSecond;
  Simulation run(workload, 0);
  run.run();
  CHECK(run.tally(0).lost == 2);  // a second is for all that say nothing else
  CHECK(run.tally(1).dead == 2);
  CHECK(run.tally(2).lost == 2);  // a second after the nine
  CHECK(says(R"("arguments": {"work": {"x-dead-letter-routing-key": "audit"}})", "does nothing without \"x-dead-letter-exchange\""));
  CHECK(says(R"("arguments": {"work": {"heartbeat": 10}})", "heartbeat"));
  CHECK(says(R"("arguments": {"wrok": {}})", "did you mean 'work'?"));
  CHECK(says(R"("arguments": {"work": {"x-overflow": "reject-publish"}})", "does nothing without \"x-max-length\""));
  CHECK(says(R"("config": {"x-dead-letter-exchange": "dlx"}, "exchanges": {"dlx": "fanout"}, "bindings": {"work": [""]})",
             "say it in \"arguments\""));
  CHECK(says(R"("config": {"x-max-length": 5, "x-overflow": "reject-publish", "x-dead-letter-strategy": "at-least-once",
                           "x-dead-letter-exchange": true}, "arguments": {"work": {"x-dead-letter-exchange": ""}})", "at-most-once"));
}

}  // namespace nutshell::queues::testing
