// controller.quorum.append.linger.ms: what the active controller decides is its own at once, and everybody's a little later (K5).
#include <doctest/doctest.h>

#include "tests/kafka/controller_story.h"

namespace nutshell {
namespace {

// A topic is wanted, and the active controller has just taken it: nothing of it is written.
const Controller& decide_on(ControllerStory& story, const std::string& topic) {
  const Controller& active = *story.active();
  REQUIRE(active.raft.gathered.empty());
  story.act(CreateTopic{topic, 1, 1});
  REQUIRE(story.until([&] { return !active.raft.gathered.empty(); }, kSecond));
  return active;
}

// No other node has an entry at or above this offset.
bool nobody_has(const ControllerStory& story, const Controller& active, Offset end) {
  const auto lacks = [end](const Raft& raft) { return raft.end_offset() <= end; };
  bool all = true;
  for (const Controller& each : story.world.controllers) all = all && (&each == &active || lacks(each.raft));
  for (const Broker& each : story.world.brokers) all = all && lacks(each.raft);
  return all;
}

}  // namespace

TEST_CASE("records wait for 25 ms after the first of them, are written together, and only then committed") {
  for (const std::int32_t controllers : {1, 3}) {
    CAPTURE(controllers);
    ControllerStory story(controller_setup(controllers, 1, {{1}}));
    REQUIRE(story.ready(1));
    story.run_for(kSecond);
    const Offset before = story.active()->raft.end_offset();
    const Controller& active = decide_on(story, "late");
    const Raft& raft = active.raft;
    const Time first = story.now();
    CHECK(active.working.topics().size() == 2);
    CHECK(active.working.end_offset() == raft.next_offset());
    CHECK(raft.next_offset() == before + 3);  // the topic, its configuration and its partition
    // A block of producer ids is asked for meanwhile: it goes along, and does not put off the others.
    story.act(AddProducer{"p", "t0", Span{kMillisecond}});
    REQUIRE(story.until([&] { return raft.gathered.size() == 4; }, 20 * kMillisecond));
    story.run_to(first + 25 * kMillisecond - 1);
    CHECK(raft.end_offset() == before);
    CHECK(raft.high_watermark == before);
    CHECK(nobody_has(story, active, before));
    CHECK(active.image.topics().size() == 1);
    story.run_to(first + 25 * kMillisecond);
    CHECK(raft.gathered.empty());
    CHECK(raft.end_offset() == before + 4);
    CHECK(raft.high_watermark == (controllers == 1 ? before + 4 : before));  // others have to fetch it first
    story.run_for(2 * kMillisecond);
    CHECK(raft.high_watermark == before + 4);
    CHECK(story.world.brokers[0].image.topics().size() == 2);
  }
}

TEST_CASE("the key says how long; at 0 nothing lingers") {
  for (const Duration linger : {Duration{0}, 7 * kMillisecond, 300 * kMillisecond}) {
    CAPTURE(linger);
    Setup setup = controller_setup(3, 1);
    setup.config.quorum_append_linger = linger;
    ControllerStory story(setup);
    REQUIRE(story.ready());
    story.run_for(kSecond);
    const Controller& active = decide_on(story, "late");
    const Time decided = story.now();
    REQUIRE(story.until([&] { return active.raft.gathered.empty(); }, kSecond));
    CHECK(story.now() - decided == linger);
  }
}

TEST_CASE("what marks a new leader's epoch does not linger") {
  for (const std::int32_t controllers : {1, 3}) {
    ControllerStory story(controller_setup(controllers, 1));
    REQUIRE(story.next<ControllerElected>(10 * kSecond) != nullptr);
    std::size_t leaders = 0;
    for (const Controller& each : story.world.controllers) {
      if (each.raft.role != RaftRole::leader) continue;
      leaders += 1;
      CHECK(each.raft.gathered.empty());
      REQUIRE(each.raft.end_offset() >= 1);
      CHECK(std::holds_alternative<LeaderChangeRecord>(each.raft.log[0].record));
    }
    CHECK(leaders == 1);
  }
}

TEST_CASE("a leader that dies, stops or is deposed meanwhile has written nothing") {
  enum class End { crash, stop, deposed };
  for (const End end : {End::crash, End::stop, End::deposed}) {
    CAPTURE(static_cast<int>(end));
    Setup setup = controller_setup(3, 1);
    setup.config.quorum_append_linger = 10 * kSecond;  // long enough to be deposed in
    ControllerStory story(setup);
    REQUIRE(story.until([&] { return story.active() != nullptr && !story.active()->image.brokers().empty(); }));
    REQUIRE(story.until([&] { return story.active()->raft.gathered.empty(); }));
    const Controller& old = decide_on(story, "late");
    const std::string name = story.name(old.node);
    const Offset before = old.raft.end_offset();
    const Epoch epoch = old.raft.epoch;
    if (end == End::crash) story.act(Crash{name});
    if (end == End::stop) story.act(Stop{name});
    if (end == End::deposed) {
      for (const Controller& each : story.world.controllers)
        if (each.node != old.node) story.act(Cut{name, story.name(each.node), false});
    }
    REQUIRE(story.until([&] { return story.active() != nullptr && story.active()->node != old.node; }, 9 * kSecond));
    CHECK(old.raft.gathered.empty());
    CHECK(old.raft.linger_timer == kNoTimer);
    CHECK(old.raft.end_offset() == before);
    CHECK(old.working.topics().empty());
    CHECK(story.active()->working.topics().empty());
    // The new leader gives the offset to a record of its own.
    REQUIRE(story.active()->raft.end_offset() > before);
    CHECK(story.active()->raft.log[static_cast<std::size_t>(before)].epoch > epoch);
  }
}

}  // namespace nutshell
