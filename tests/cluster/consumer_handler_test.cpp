// Handlers that fail, and what an application makes of it: it blocks, skips, or writes dead letters of its own (G29).
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

// Five orders, a second each; mails begins when they are there. The dead letters lie on broker 2.
struct Mails {
  Setup setup;
  ConsumerConfig& config() { return setup.consumers[0].spec.config; }

  Mails() {
    setup.controllers = 1;
    setup.config.offsets_topic_num_partitions = 1;
    setup.config.offsets_topic_replication_factor = 1;
    setup.topics = {topic("orders", {1}), topic("dead", {2})};
    setup.producers = {producer("shop", "orders")};
    setup.consumers = {consumer("mails", "mails", "orders")};
    setup.consumers[0].start = 20 * kSecond;
    setup.consumers[0].spec.processing = kSecond;
    config().enable_auto_commit = false;
    config().handler_fails = "o3";
    config().handler_tries = 3;
    config().dead_letter_topic = "dead";
    config().on_handler_failure = OnHandlerFailure::dead_letter;
  }
  void send(Cluster& c, int count = 5) {
    c.run_to(10 * kSecond);
    for (int i = 1; i <= count; ++i) c.send("shop", "o" + std::to_string(i));
  }
};

std::vector<Time> commits(const Cluster& c, Offset offset) {
  return c.times("offset_committed", {{"group", "mails"}, {"topic", "orders"}, {"offset", std::to_string(offset)}});
}

// How often the handler has begun with each offset: "1 1 3 1 1".
std::string begun(const Cluster& c, int count = 5) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += (i == 0 ? "" : " ") + std::to_string(c.count("handler_began", {{"consumer", "mails"}, {"offset", std::to_string(i)}}));
  return text;
}

}  // namespace

TEST_CASE("G29: a dead letter is written after so many tries, and only when it is acknowledged the application goes on and commits") {
  Mails mails;
  mails.config().commit_every = 1;
  Cluster c(mails.setup);
  mails.send(c);
  c.run_to(kMinute);
  CHECK(begun(c) == "1 1 3 1 1");
  const std::vector<Time> failed = c.times("handler_failed", {{"consumer", "mails"}, {"offset", "2"}, {"skipped", "false"}});
  REQUIRE(failed.size() == 3);
  CHECK(failed[2] - failed[0] == 2 * kSecond);
  const std::vector<Time> written = c.times("dead_letter_written", {{"offset", "2"}, {"attempt", "3"}, {"dead_letters", "dead"}});
  REQUIRE(written.size() == 1);
  REQUIRE(commits(c, 3).size() == 1);
  CHECK(failed[2] < written[0]);
  CHECK(written[0] < commits(c, 3)[0]);
  const Time fourth = c.times("handler_began", {{"offset", "3"}}).at(0);
  CHECK(fourth >= commits(c, 3)[0]);
  CHECK(c.texts(2, "dead") == "o3");
  CHECK(c.value("groups/mails/orders/0/LAG") == "0");
  CHECK(c.betrayals() == "");
}

TEST_CASE("G29: while the dead letter cannot be written the application waits, and commits nothing beyond it") {
  Mails mails;
  mails.config().commit_every = 1;
  Cluster c(mails.setup);
  mails.send(c);
  c.run_to(15 * kSecond);
  c.crash("broker 2");
  c.run_to(80 * kSecond);
  CHECK(begun(c) == "1 1 3 0 0");
  CHECK_FALSE(c.happened("dead_letter_written"));
  CHECK(commits(c, 2).size() == 1);
  CHECK(commits(c, 3).empty());
  c.start("broker 2");
  c.until("dead_letter_written", {{"offset", "2"}});
  c.run_for(10 * kSecond);
  CHECK(c.texts(2, "dead") == "o3");
  CHECK(c.value("groups/mails/orders/0/LAG") == "0");
  CHECK(c.betrayals() == "");
}

TEST_CASE("G29: nobody takes the dead letter: the record is tried again from the first try on, and nothing is lost") {
  Mails mails;
  Cluster c(mails.setup);
  mails.send(c);
  c.run_to(15 * kSecond);
  c.crash("broker 2");
  c.until("records_failed", {{"topic", "dead"}}, 5 * kMinute);
  c.run_for(10 * kSecond);
  CHECK(begun(c) == "1 1 6 0 0");
  CHECK(commits(c, 3).empty());
  c.start("broker 2");
  c.until("dead_letter_written", {{"offset", "2"}}, 5 * kMinute);
  CHECK(c.betrayals() == "");
}

TEST_CASE("G29: a crash between dead letter and commit gives a second dead letter") {
  Mails mails;  // commits once for the poll, which brings all five
  Cluster c(mails.setup);
  mails.send(c);
  c.until("dead_letter_written", {}, 2 * kMinute);
  c.crash("mails");
  c.run_for(kSecond);
  CHECK(commits(c, 3).empty());
  c.start("mails");
  c.run_for(2 * kMinute);
  CHECK(c.count("dead_letter_written", {{"offset", "2"}}) == 2);
  CHECK(c.texts(2, "dead") == "o3 o3");
  CHECK(begun(c) == "2 2 6 2 1");  // it had just begun with the fourth
  CHECK(c.value("groups/mails/orders/0/LAG") == "0");
  CHECK(c.betrayals() == "");
}

TEST_CASE("G29: who blocks tries for ever; a release that can handle the record lets the partition go on") {
  Mails mails;
  mails.config().on_handler_failure = OnHandlerFailure::block;
  mails.config().commit_every = 1;
  Cluster c(mails.setup);
  mails.send(c);
  const Time first = c.until("handler_failed", {{"offset", "2"}, {"attempt", "1"}});
  c.run_to(first + 30 * kSecond);
  CHECK(c.count("handler_failed", {{"offset", "2"}}) == 31);
  CHECK(begun(c) == "1 1 32 0 0");
  CHECK(commits(c, 2).size() == 1);
  CHECK(commits(c, 3).empty());
  c.act(SetConfig{"mails", "nutshell.handler.fails", ""});
  c.run_for(10 * kSecond);
  CHECK(begun(c) == "1 1 32 1 1");
  CHECK(c.value("groups/mails/orders/0/LAG") == "0");
  CHECK(c.texts(2, "dead") == "");
  CHECK(c.betrayals() == "");
}

TEST_CASE("G29: who skips goes on behind the record, and nothing is left of it but the log") {
  Mails mails;
  mails.config().on_handler_failure = OnHandlerFailure::skip;
  Cluster c(mails.setup);
  mails.send(c);
  c.run_to(kMinute);
  CHECK(begun(c) == "1 1 3 1 1");
  CHECK(c.count("handler_failed", {{"offset", "2"}, {"skipped", "true"}}) == 1);
  CHECK(c.count("handler_failed", {{"offset", "2"}}) == 3);
  CHECK(c.texts(2, "dead") == "");
  CHECK(c.value("groups/mails/orders/0/LAG") == "0");
}

TEST_CASE("G29: a record may work after some tries, and be named by its key or by who sent it") {
  Mails mails;
  mails.config().handler_fails = "o2:2, key=user-8, shop#3:1";
  Cluster c(mails.setup);
  c.run_to(10 * kSecond);
  c.send("shop", "o1");
  c.send("shop", "o2");
  c.act(Send{"shop", "user-8", "x"});
  c.act(Send{"shop", "user-4", {}});  // its fourth record, without a text
  c.run_to(2 * kMinute);
  CHECK(begun(c, 4) == "1 3 3 2");
  CHECK(c.texts(2, "dead") == "x");
}

TEST_CASE("G29: commits after so many records, over several polls, and for the rest when it closes") {
  Mails mails;
  mails.config().handler_fails.clear();
  mails.config().max_poll_records = 1;
  mails.config().commit_every = 3;
  Cluster c(mails.setup);
  mails.send(c, 7);
  c.run_to(kMinute);
  for (Offset offset = 1; offset <= 7; ++offset) CHECK(commits(c, offset).size() == (offset % 3 == 0 ? 1u : 0u));
  c.stop("mails");
  c.run_for(kSecond);
  CHECK(commits(c, 7).size() == 1);
  CHECK(c.betrayals() == "");
}

TEST_CASE("G29: who is told to stop ends after the try at hand, and has committed what it is done with") {
  Mails mails;
  mails.config().on_handler_failure = OnHandlerFailure::block;
  Cluster c(mails.setup);
  mails.send(c);
  c.until("handler_failed", {{"offset", "2"}, {"attempt", "2"}});
  c.stop("mails");
  c.until("node_stopped", {{"node", "mails"}}, 5 * kSecond);
  CHECK(commits(c, 2).size() == 1);
  CHECK(c.count("offset_committed", {{"group", "mails"}}) == 1);
}

TEST_CASE("G29: keys that would do nothing are refused") {
  ConsumerConfig config;
  config.commit_every = 2;
  CHECK(validate(config).find("needs enable.auto.commit=false") != std::string::npos);
  config.enable_auto_commit = false;
  CHECK(validate(config).empty());
  config.on_handler_failure = OnHandlerFailure::dead_letter;
  CHECK(validate(config).find("set nutshell.dead.letter.topic") != std::string::npos);
  config.dead_letter_topic = "dead";
  CHECK(validate(config).empty());
}

}  // namespace nutshell
