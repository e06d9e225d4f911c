// What is wrong with a file is found, at its place, with the name that was probably meant.
#include "sim/scenario/read.h"

#include <doctest/doctest.h>

#include "sim/core/text.h"
#include "tests/scenario/scenario_texts.h"

namespace nutshell {

TEST_CASE("a small scenario is read as it is written") {
  const LoadResult result = parse_scenario(R"({
    // Comments are allowed,
    "title": "Ein kurzer Überblick", "until": "1.5m", "opens": "10s", "seed": 7, /* of both kinds */
    "cluster": {"brokers": 4, "controllers": 1, "config": {"broker.session.timeout.ms": "3s", "min.insync.replicas": 2}},
    "network": {"latency": "1ms", "loss_ppm": 100},
    "topics": [{"name": "orders", "assignment": [[1, 2], [2, 3]], "config": {"segment.ms": 1000}}],
    "producers": [{"name": "shop", "topic": "orders", "every": "10ms", "keys": ["a", "b"], "config": {"acks": "all"}}],
    "consumers": [{"name": "c1", "group": "g", "topics": ["orders"], "commit": "never", "start": "5s"}],
    "script": [{"at": "12s", "do": "set_link", "latency": "5ms"}]
  })",
                                           "folder/over.view.json");
  REQUIRE_MESSAGE(result.scenario, to_text(result.problems));
  const Scenario& scenario = *result.scenario;
  CHECK(scenario.name == "over.view");
  CHECK(scenario.title == "Ein kurzer Überblick");
  CHECK(scenario.until == 90 * kSecond);
  CHECK(scenario.opens == 10 * kSecond);
  CHECK(scenario.setup.seed == 7);
  CHECK(scenario.setup.brokers == 4);
  CHECK(scenario.setup.config.broker_session_timeout == 3 * kSecond);
  CHECK(scenario.setup.config.min_insync_replicas == 2);
  CHECK(scenario.setup.network.latency == kMillisecond);
  CHECK(scenario.setup.topics.at(0).partitions == 2);
  CHECK(scenario.setup.topics.at(0).replication_factor == 2);
  CHECK(scenario.setup.topics.at(0).config.segment_time == kSecond);
  CHECK(scenario.setup.producers.at(0).spec.key_choice == KeyChoice::cycle);
  CHECK(scenario.setup.consumers.at(0).spec.commit == CommitMode::never);
  CHECK(scenario.setup.consumers.at(0).start == 5 * kSecond);
  const auto* link = std::get_if<SetLink>(&scenario.script.at(0).body);
  REQUIRE(link);
  CHECK(scenario.script[0].at == 12 * kSecond);
  CHECK(link->latency.ns == 5 * kMillisecond);
  CHECK(link->jitter.ns == -1);
}

TEST_CASE("every mistake of a file is reported, in the order of the file") {
  const std::vector<std::string> found = mistakes(R"({
  "title": 5,
  "untill": "10s",
  "cluster": {"brokers": -1, "config": {"broker.session.timout.ms": 9000}},
  "topics": [{"name": "orders", "replication_factor": 2}],
  "producers": [{"name": "shop", "topic": "order"}],
  "script": [{"at": "5", "do": "crash", "node": "broker 4"},
             {"at": "6s", "do": "chrash", "node": "broker 1"}],
  "expect": [{"holds": "acked_record_survives"}]
})");
  const std::vector<std::string> wanted = {
      "f.json:1:1: needs \"until\"",
      "f.json:2:12: title: must be text, but is a number",
      "f.json:3:3: untill: is not a known key here; did you mean 'until'?",
      "f.json:4:26: cluster.brokers: must be from 0 to 200, but is -1",
      "f.json:4:41: cluster.config.broker.session.timout.ms: there is no broker configuration key named "
      "'broker.session.timout.ms'; did you mean 'broker.session.timeout.ms'?",
      "f.json:6:43: producers[0].topic: there is no topic named 'order'; did you mean 'orders'?",
      std::string("f.json:7:21: script[0].at: is no duration: \"5\"; ") + kDurationHelp,
      "f.json:7:49: script[0].node: there is no node named 'broker 4'; did you mean 'broker 1'?",
      "f.json:8:33: script[1].do: there is no action named 'chrash'; did you mean 'crash'?",
      "f.json:9:24: expect[0].holds: there is no promise named 'acked_record_survives'; did you mean "
      "'acked_records_survive'?"};
  CHECK(found == wanted);
}

TEST_CASE("text that is no JSON is reported where it goes wrong") {
  CHECK(mistake("{\n  \"title\": \"t\",\n  \"until\" \"1s\"\n}").find("f.json:3:14: syntax error") == 0);
  CHECK(mistake("").find("f.json:1:1: ") == 0);
  CHECK(mistake("{\"title\": \"\xff\"}") == "f.json:1:12: is no UTF-8 text from here on");
  CHECK(mistake("[]") == "f.json:1:1: must be an object, but is a list");
}

// 61 bytes of a batch, 8 and 100 of a record.
TEST_CASE("segments that no batch of the topic's producer fits into are refused with both sizes") {
  const auto problem = [](const std::string& bytes) {
    const LoadResult read = parse_scenario(R"({"title": "t", "until": "9s", "cluster": {"brokers": 1},
      "topics": [{"name": "orders", "config": {"segment.bytes": )" + bytes + R"(}}], "producers": [{"name": "shop", "topic": "orders"}]})",
                                           "f.json");
    return read.problems.empty() ? "" : read.problems[0].what;
  };
  CHECK(problem("169") == "");
  CHECK(problem("168") == "topic 'orders' has segments of 168 bytes (segment.bytes), but a record of producer 'shop' takes 169 with its "
                          "batch: make the segments larger");
}

TEST_CASE("a key given twice is reported, although JSON libraries take the last") {
  CHECK(mistake("{ \"title\": \"t\", \"until\": \"1s\",\n  \"title\": \"u\" }") ==
        "f.json:2:3: title: is given twice; the first is in line 1");
  CHECK(mistake("{ \"title\": \"t\", \"until\": \"1s\",\n  \"t\\u0069tle\": \"u\" }") ==
        "f.json:2:3: title: is given twice; the first is in line 1");
}

TEST_CASE("columns count characters, not bytes") {
  CHECK(mistake("{ \"title\": \"Übergröße\", \"untli\": \"1s\", \"until\": \"1s\" }") ==
        "f.json:1:25: untli: is not a known key here; did you mean 'until'?");
}

TEST_CASE("numbers are whole and fit, whatever they are for") {
  CHECK(mistake(scenario_text("\"seed\": 1.5")) ==
        "f.json:2:9: seed: numbers here are whole; durations are text, as \"1500ms\"");
  CHECK(mistake(scenario_text("\"seed\": 1e400")) ==
        "f.json:2:9: seed: numbers here are whole; durations are text, as \"1500ms\"");
  CHECK(mistake(scenario_text("\"seed\": 99999999999999999999")) ==
        "f.json:2:9: seed: the number does not fit 64 bits");
  CHECK(mistake(scenario_text("\"seed\": -1")) == "f.json:2:9: seed: must be at least 0, but is -1");
}

TEST_CASE("deep nesting is refused before it can do harm") {
  const std::string deep(100'000, '[');
  CHECK(mistake(scenario_text("\"notes\": " + deep)).find("is nested more than 64 levels deep") != std::string::npos);
}

TEST_CASE("wrong types name what is wanted") {
  CHECK(mistake(scenario_text("\"cluster\": []")) == "f.json:2:12: cluster: must be an object, but is a list");
  CHECK(mistake(scenario_text("\"topics\": {}")) == "f.json:2:11: topics: must be a list, but is an object");
  CHECK(mistake(scenario_text("\"notes\": [null]")) == "f.json:2:11: notes[0]: must be text, but is null");
  CHECK(mistake(scenario_text("\"about\": \"a\\u001bb\"")) == "f.json:2:10: about: holds control characters");
  CHECK(mistake(scenario_text("\"opens\": 10")) ==
        "f.json:2:10: opens: must be a duration as text, such as \"500ms\" or \"9s\", but is a number");
}

TEST_CASE("impossible clusters are refused") {
  CHECK(mistake(scenario_text("\"cluster\": {\"controllers\": 2}")) ==
        "f.json:2:28: cluster.controllers: must be 1, 3 or 5, but is 2");
  CHECK(mistake(scenario_text("\"topics\": [{\"name\": \"a\", \"replication_factor\": 4}]")) ==
        "f.json:2:48: topics[0].replication_factor: is 4, but there are only 3 brokers");
  CHECK(mistake(scenario_text("\"topics\": [{\"name\": \"a\"}, {\"name\": \"a\"}]")) ==
        "f.json:2:36: topics[1].name: there is already a topic named 'a'");
  CHECK(mistake(scenario_text("\"topics\": [{\"name\": \"a b\"}]")).find("is no name that Kafka allows") !=
        std::string::npos);
  CHECK(mistake(scenario_text("\"topics\": [{\"name\": \"a\", \"assignment\": [[1, 4]]}]")) ==
        "f.json:2:45: topics[0].assignment[0][1]: must be from 1 to 3, but is 4");
  CHECK(mistake(scenario_text("\"topics\": [{\"name\": \"a\", \"assignment\": [[1, 1]]}]")) ==
        "f.json:2:45: topics[0].assignment[0][1]: names broker 1 a second time");
  CHECK(mistake(scenario_text("\"topics\": [{\"name\": \"a\", \"partitions\": 2, \"assignment\": [[1]]}]")) ==
        "f.json:2:57: topics[0].assignment: is for 1 partitions, but there are 2");
}

TEST_CASE("what would take too long or too much memory is refused") {
  CHECK(mistake(scenario_text(
                    "\"topics\": [{\"name\": \"a\", \"partitions\": 5000}, {\"name\": \"b\", \"partitions\": 5000, "
                    "\"replication_factor\": 3}]"))
            .find("topics: have 20150 replicas in all, at most 20000 are allowed") != std::string::npos);
  const auto producer = [](const std::string& rate) {
    return scenario_text("\"topics\": [{\"name\": \"a\"}], \"producers\": [{\"name\": \"p\", \"topic\": \"a\", " +
                         rate + "}]");
  };
  CHECK(mistakes(producer("\"every\": \"1ms\", \"records\": 500")).empty());
  CHECK(mistake(producer("\"every\": \"1ms\", \"records\": 501"))
            .find("producers[0].every: makes 10020000 records until the end") != std::string::npos);
  CHECK(mistakes(producer("\"every\": \"1ms\", \"records\": 501, \"limit\": 1000")).empty());
  CHECK(mistakes(producer("\"every\": \"1ms\", \"records\": 501, \"stop\": \"2s\"")).empty());
}

TEST_CASE("a producer may be for a partition that the script creates, whenever that is") {
  const auto mistakes_of = [](const std::string& topics, std::int64_t partition, const std::string& script) {
    return mistakes(scenario_text("\"topics\": [" + topics + "], \"producers\": [{\"name\": \"p\", \"topic\": \"a\", \"partition\": " +
                                  std::to_string(partition) + "}], \"script\": [" + script + "]"));
  };
  const std::string one = R"({"name": "a"})", grows = R"({"at": "5s", "do": "add_partitions", "topic": "a", "count": 3})";
  const std::string when = R"({"when": {"fact": "records_acked"}, "do": "add_partitions", "topic": "a", "count": 3})";
  const std::string create = R"({"at": "5s", "do": "create_topic", "topic": "a", "partitions": 2})";
  CHECK(mistakes_of(one, 2, grows).empty());
  CHECK(mistakes_of(one, 2, when).empty());
  CHECK(mistakes_of("", 1, create).empty());
  CHECK(mistakes_of("", 2, create + ", " + R"({"at": "6s", "do": "add_partitions", "topic": "a", "count": 3})").empty());
  const std::string other = R"({"at": "5s", "do": "add_partitions", "topic": "b", "count": 9})";
  REQUIRE(mistakes_of(one + R"(, {"name": "b"})", 2, other).size() == 1);
  CHECK(mistakes_of(one + R"(, {"name": "b"})", 2, other)[0].find("is 2, but 'a' has 1 partitions") != std::string::npos);
  REQUIRE(mistakes_of(one, 3, grows).size() == 1);
  CHECK(mistakes_of(one, 3, grows)[0].find("is 3, but 'a' has 3 partitions, and the script adds no more") != std::string::npos);
  CHECK(mistakes_of("", 2, create).size() == 1);
}

TEST_CASE("clients have names of their own, and topics that exist") {
  const std::string topics = "\"topics\": [{\"name\": \"a\"}], ";
  CHECK(mistake(scenario_text(topics + "\"producers\": [{\"name\": \"Q1\", \"topic\": \"a\"}]"))
            .find("producers[0].name: there is already a node named 'Q1'") != std::string::npos);
  CHECK(mistake(scenario_text(topics + "\"producers\": [{\"name\": \"p\", \"topic\": \"a\", \"partition\": 1}]"))
            .find("producers[0].partition: is 1, but 'a' has 1 partitions") != std::string::npos);
  CHECK(mistake(scenario_text(topics + "\"producers\": [{\"name\": \"p\", \"topic\": \"a\", \"limit\": 1}]"))
            .find("producers[0].limit: means nothing without \"every\"") != std::string::npos);
  CHECK(mistake(scenario_text(topics + "\"consumers\": [{\"name\": \"c\", \"group\": \"g\", \"topics\": []}]"))
            .find("consumers[0].topics: names no topic") != std::string::npos);
  CHECK(mistake(scenario_text(topics + "\"consumers\": [{\"name\": \"c\", \"topics\": [\"a\"]}]"))
            .find("consumers[0]: needs \"group\"") != std::string::npos);
  CHECK(mistake(scenario_text("\"producers\": [{\"name\": \"p\", \"topic\": \"a\"}]"))
            .find("there is no topic named 'a'; there is none at all") != std::string::npos);
}

TEST_CASE("configuration is checked by Kafka's own rules") {
  const auto with = [](const std::string& config) {
    return scenario_text(
        "\"topics\": [{\"name\": \"a\"}], \"producers\": [{\"name\": \"p\", \"topic\": \"a\", \"config\": " + config +
        "}]");
  };
  CHECK(mistakes(
            with("{\"acks\": \"all\", \"linger.ms\": 20, \"retry.backoff.ms\": \"1s\", \"enable.idempotence\": true}"))
            .empty());
  CHECK(mistake(with("{\"acks\": 2}")).find("producers[0].config.acks: ") != std::string::npos);
  CHECK(mistake(with("{\"ack\": 1}")).find("named 'ack'; did you mean 'acks'?") != std::string::npos);
  CHECK(mistake(with("{\"linger.ms\": [1]}")).find("must be a number, a word, true or false") != std::string::npos);
  CHECK(mistake(with("{\"acks\": 1, \"enable.idempotence\": true}")).find("producers[0].config: ") !=
        std::string::npos);
  CHECK(mistake(with("{\"session.timeout.ms\": 1000}")).find("is no key of a producer, it is a consumer's") !=
        std::string::npos);
  CHECK(mistake(with("{\"compression.type\": \"lz4\"}")).find("is a real Kafka producer key, but Nutshell does not simulate it") !=
        std::string::npos);
}

TEST_CASE("actions are checked against their fields and the cluster") {
  const auto script = [](const std::string& action) { return small_cluster("\"script\": [" + action + "]"); };
  CHECK(mistakes(script(R"({"at": "1s", "do": "cut", "from": "broker 1"})")).empty());
  CHECK(mistakes(
            script(R"({"at": "1s", "do": "set_config", "target": "orders", "key": "min.insync.replicas", "value": 2})"))
            .empty());
  CHECK(
      mistakes(script(R"({"at": "1s", "do": "add_broker", "id": 7}, {"at": "2s", "do": "crash", "node": "broker 7"})"))
          .empty());
  CHECK(mistake(script(R"({"at": "1s", "do": "crash"})")) == "f.json:2:12: script[0]: needs \"node\"");
  CHECK(mistake(script(R"({"at": "21s", "do": "crash", "node": "Q1"})")) ==
        "f.json:2:19: script[0].at: is later than \"until\", so it would never happen");
  CHECK(mistake(script(R"({"at": "1s", "do": "crash", "node": "Q1", "power": true})")) ==
        "f.json:2:54: script[0].power: is not a known key here; did you mean 'power_loss'?");
  CHECK(
      mistake(script(R"({"at": "1s", "do": "pause", "node": "c2", "duration": "-1s"})").substr(0)).find("2 problems") ==
      0);
  CHECK(mistake(script(R"({"at": "1s", "do": "send", "producer": "c1"})"))
            .find("script[0].producer: there is no producer named 'c1'; there is 'shop'") != std::string::npos);
  CHECK(mistake(script(R"({"at": "1s", "do": "set_config", "target": "orders", "key": "acks", "value": "1"})"))
            .find("script[0].key: 'acks' is no key of a topic, it is a producer's") != std::string::npos);
  CHECK(mistake(script(R"({"at": "1s", "do": "set_config", "target": "shop", "key": "acks", "value": "9"})"))
            .find("script[0].value: ") != std::string::npos);
  CHECK(mistake(script(R"({"at": "1s", "do": "drop_message", "from": "broker 1", "to": "Q1", "message": "Fetsh"})"))
            .find("did you mean 'Fetch'?") != std::string::npos);
  CHECK(mistake(script(R"({"at": "1s", "do": "add_consumer", "consumer": "shop", "group": "g", "topic": "orders"})"))
            .find("there is a node 'shop' already") != std::string::npos);
}

TEST_CASE("beats and expectations are checked too") {
  const auto beat = [](const std::string& text) { return small_cluster("\"beats\": [" + text + "]"); };
  const auto expect = [](const std::string& text) { return small_cluster("\"expect\": [" + text + "]"); };
  CHECK(
      mistakes(
          beat(
              R"({"on": "leader_elected", "where": {"topic": "orders", "leader": 2}, "say": "x", "focus": "orders-0"})"))
          .empty());
  CHECK(mistake(beat(R"({"on": "leader_elect", "say": "x"})")).find("did you mean 'leader_elected'?") !=
        std::string::npos);
  CHECK(mistake(beat(R"({"on": "leader_elected", "where": {"brker": 1}, "say": "x"})"))
            .find("there is no field of leader_elected named 'brker'") != std::string::npos);
  CHECK(mistake(beat(R"({"on": "leader_elected", "where": {"leader": 9}, "say": "x"})"))
            .find("beats[0].where.leader: there is no broker 9") != std::string::npos);
  CHECK(mistake(beat(R"({"on": "broker_fenced", "where": {"reason": "session_expire"}, "say": "x"})"))
            .find("did you mean 'session_expired'?") != std::string::npos);
  CHECK(mistake(beat(R"({"say": "x"})")).find("needs \"on\"") != std::string::npos);
  CHECK(mistake(beat(R"({"at": "1s"})")).find("needs \"say\", \"ask\" or \"focus\"") != std::string::npos);
  CHECK(mistake(beat(R"({"at": "1s", "ask": "Who?"})")).find("needs \"choices\", two at least") != std::string::npos);
  CHECK(mistake(beat(R"({"at": "1s", "focus": "order-0"})")).find("named 'order-0'; did you mean 'orders'?") !=
        std::string::npos);
  CHECK(mistakes(
            expect(R"({"value": "groups/g/orders/0/LAG", "at_most": 3, "at": {"happens": "group_stable", "nth": 2}})"))
            .empty());
  CHECK(mistake(expect(R"({"value": "topic/orders/0/Isr", "equals": 1})")).find("did you mean 'topics'?") !=
        std::string::npos);
  CHECK(mistake(expect(R"({"value": "topics/ordres/0/Isr", "equals": 1})")).find("did you mean 'orders'?") !=
        std::string::npos);
  CHECK(mistake(expect(R"({"value": "topics/orders/0/Isr"})")).find("needs \"equals\"") != std::string::npos);
  CHECK(mistake(expect(R"({"holds": "acked_records_survive", "breaks": "acked_records_survive"})"))
            .find("cannot stand beside \"holds\"") != std::string::npos);
  CHECK(mistake(expect(R"({"happens": "isr_shrunk", "within": "9s"})")).find("needs \"of\"") != std::string::npos);
  CHECK(mistake(expect(R"({"happens": "isr_shrunk", "after": "9s", "before": "3s"})")).find("is sooner than") !=
        std::string::npos);
}

TEST_CASE("overrides change a scenario, or say why they do not") {
  const std::string text = small_cluster("\"seed\": 3");
  Overrides overrides;
  overrides.seed = 8;
  overrides.until = 5 * kSecond;
  overrides.set = {{"acks", "1"}, {"brokers:request.timeout.ms", "1s"}, {"c1:max.poll.records", "7"}};
  const LoadResult result = parse_scenario(text, "f.json", overrides);
  REQUIRE_MESSAGE(result.scenario, to_text(result.problems));
  const Setup& setup = result.scenario->setup;
  CHECK(setup.seed == 8);
  CHECK(result.scenario->until == 5 * kSecond);
  CHECK(setup.producers[0].spec.config.acks == Acks::leader);
  CHECK_FALSE(setup.producers[0].spec.config.enable_idempotence);
  CHECK(setup.config.request_timeout == kSecond);
  CHECK(setup.producers[0].spec.config.request_timeout == 30 * kSecond);
  CHECK(setup.consumers[0].spec.config.max_poll_records == 7);

  const auto wrong = [&](const std::string& key, const std::string& value) {
    Overrides one;
    one.set = {{key, value}};
    return to_text(parse_scenario(text, "f.json", one).problems);
  };
  CHECK(wrong("ackz", "1") == "--set: ackz: nothing has a configuration key 'ackz'; did you mean 'acks'?\n");
  CHECK(wrong("acks", "3").find("--set: acks: ") == 0);
  CHECK(wrong("preallocate", "3") == "--set: preallocate: 'preallocate' is a topic's (not simulated yet)\n");
  CHECK(wrong("nobody:acks", "1") == "--set: nobody:acks: there is no 'nobody' to configure\n");
}

TEST_CASE("idempotence that a file asks for is not given up for acks=1 (C6)") {
  const std::string asks = scenario_text(R"("topics": [{"name": "a"}],
    "producers": [{"name": "p", "topic": "a", "config": {"enable.idempotence": true}}])");
  Overrides overrides;
  overrides.set = {{"acks", "1"}};
  const std::string what = to_text(parse_scenario(asks, "f.json", overrides).problems);
  CHECK(what == "--set: acks: enable.idempotence=true needs acks=all, not acks=1 (ConfigException)\n");
  // Asked for on the command line it is no less asked for.
  overrides.set = {{"enable.idempotence", "true"}, {"acks", "0"}};
  const std::string plain = scenario_text(R"("topics": [{"name": "a"}], "producers": [{"name": "p", "topic": "a"}])");
  CHECK(to_text(parse_scenario(plain, "f.json", overrides).problems).find("(ConfigException)") != std::string::npos);
}

TEST_CASE("one broker, and three copies of the offsets topic: a poor cluster, but no broken file") {
  CHECK(mistakes(small_cluster("\"cluster\": {\"brokers\": 1}")).empty());
}

TEST_CASE("paths of values are checked before anything runs") {
  const auto path = [](const std::string& text) {
    const std::vector<std::string> all = mistakes(small_cluster(R"("expect": [{"value": ")" + text + R"(", "equals": "1"}])"));
    return all.empty() ? "" : all[0].substr(all[0].find("expect[0]"));
  };
  for (const char* right : {"topics/orders/0/Isr", "topics/__consumer_offsets/3/Leader", "topics/orders/Configs", "groups/g/orders/2/LAG",
                            "groups/g/STATE", "members/g/c1/#PARTITIONS", "quorum/LeaderId", "quorum/Q2/Lag", "quorum/3001/Status",
                            "brokers/3/LeaderCount", "logs/1/orders/0/LogEndOffset"}) {
    CHECK_MESSAGE(path(right) == "", right);
  }
  CHECK(path("topics/orders/0/Isrr") == "expect[0].value: there is no column 'Isrr'; did you mean 'Isr'?");
  CHECK(path("topics/orders/x/Isr") == "expect[0].value: 'x' is no number of a partition");
  CHECK(path("topics/ordres/0/Isr") == "expect[0].value: there is no topic named 'ordres'; did you mean 'orders'?");
  CHECK(path("groups/h/orders/0/LAG").find("there is no group named 'h'") != std::string::npos);
  CHECK(path("brokers/4/State").find("there is no broker named '4'") != std::string::npos);
  CHECK(path("logs/1/orders/LogEndOffset") ==
        "expect[0].value: leads to no value; write logs/BROKER/TOPIC/PARTITION/LogStartOffset");
  CHECK(path("groups/g/LAG").find("there is no column 'LAG'; there are GROUP, COORDINATOR (ID)") != std::string::npos);
}

TEST_CASE("sums and promises with somebody in mind are checked") {
  const auto expect = [](const std::string& text) { return small_cluster("\"expect\": [" + text + "]"); };
  CHECK(mistakes(expect(R"({"sum": "count", "over": "records_acked", "where": {"producer": "shop"}, "at_least": 3})")).empty());
  CHECK(mistake(expect(R"({"sum": "cuont", "over": "records_acked", "equals": 3})")).find("did you mean 'count'?") != std::string::npos);
  CHECK(mistake(expect(R"({"sum": "count", "equals": 3})")).find("needs \"over\"") != std::string::npos);
  CHECK(mistake(expect(R"({"sum": "count", "over": "records_acked"})")).find("needs \"equals\", \"at_least\" or \"at_most\"") !=
        std::string::npos);
  CHECK(mistakes(expect(R"({"breaks": "at_least_once", "where": {"group": "g"}})")).empty());
  CHECK(mistake(expect(R"({"breaks": "at_least_once", "where": {"group": "h"}})")).find("there is no group named 'h'") !=
        std::string::npos);
  CHECK(mistake(expect(R"({"breaks": "at_least_once", "where": {"brker": 1}})"))
            .find("there is no field of a broken promise named 'brker'") != std::string::npos);
}

TEST_CASE("a file that is not there is a problem, not a crash") {
  CHECK(to_text(load_scenario("no/such/file.json").problems) == "no/such/file.json: cannot be read\n");
}

}  // namespace nutshell
