#include <doctest/doctest.h>

#include <algorithm>

#include "tests/history/small_run.h"

namespace nutshell {
namespace {

template <class F>
std::size_t last_fact(const Timeline& timeline) {
  std::size_t found = timeline.facts().size();
  for (std::size_t i = 0; i < timeline.facts().size(); ++i)
    if (timeline.facts()[i].body.is<F>()) found = i;
  REQUIRE(found < timeline.facts().size());
  return found;
}

std::string told(const std::vector<Cause>& chain) {
  std::string text;
  for (const Cause& each : chain) text += each.sentence + "\n";
  return text;
}

}  // namespace

TEST_CASE("a new leader takes office because the old one was killed") {
  const Timeline timeline = run_until(30 * kSecond);
  const std::vector<Cause> chain = timeline.why(last_fact<LeaderTookOffice>(timeline));
  INFO(told(chain));
  REQUIRE(chain.size() >= 3);
  CHECK(chain.front().sentence.find("takes office") != std::string::npos);
  CHECK(chain.back().sentence == "Broker 1 is killed.");
  CHECK(chain.back().root);
  CHECK(chain.back().at == 15 * kSecond);
}

TEST_CASE("a fenced broker was killed: the fence names what silenced it") {
  const Timeline timeline = run_until(30 * kSecond);
  const std::vector<Cause> chain = timeline.why(last_fact<BrokerFenced>(timeline));
  INFO(told(chain));
  CHECK(chain.back().sentence == "Broker 1 is killed.");
  CHECK(chain.size() <= 3);
}

TEST_CASE("every chain is short, runs back in time, and ends at a root") {
  const Timeline timeline = run_until(34 * kSecond);
  std::size_t checked = 0;
  for (std::size_t i = 0; i < timeline.facts().size(); i += 7) {
    const std::vector<Cause> chain = timeline.why(i);
    REQUIRE_FALSE(chain.empty());
    CHECK(chain.size() <= kMaxCauses);
    CHECK(chain.back().root);
    for (std::size_t link = 1; link < chain.size(); ++link) {
      CHECK(chain[link].step <= chain[link - 1].step);
      CHECK(chain[link].at <= chain[link - 1].at);
      CHECK_FALSE(chain[link].sentence.empty());
      if (link + 1 < chain.size()) CHECK_FALSE(chain[link].root);
    }
    ++checked;
  }
  CHECK(checked > 100);
}

TEST_CASE("why can be asked of the future that is known, from the past that knows fewer names") {
  Timeline timeline = run_until(14 * kSecond);
  REQUIRE(timeline.act(AddConsumer{"latecomer", "late", "orders"}) == "");
  timeline.seek_time(22 * kSecond);
  const std::size_t fact = last_fact<PartitionAssigned>(timeline);
  const std::string from_the_front = told(timeline.why(fact));
  timeline.seek(5);
  CHECK(told(timeline.why(fact)) == from_the_front);
}

TEST_CASE("a step explains itself by its most telling fact") {
  const Timeline timeline = run_until(16 * kSecond);
  const Fact& crash = timeline.facts()[last_fact<NodeCrashed>(timeline)];
  CHECK(sentence_of(timeline, crash.step) == "Broker 1 is killed.");
  CHECK(timeline.why_step(crash.step).size() == 1);
}

}  // namespace nutshell
