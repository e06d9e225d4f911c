// Brokers and controllers that come and go at random: whatever happens, the metadata is sound (R7, R12-R14).
#include <doctest/doctest.h>

#include "tests/kafka/controller_story.h"

namespace nutshell {
namespace {

// What must hold of every image, whatever happened.
void check_image(const MetadataImage& image) {
  for (const auto& topic : image.topics()) {
    for (std::size_t i = 0; i < topic->partitions.size(); ++i) {
      const PartitionRegistration& each = topic->partitions[i];
      CHECK(!each.isr.empty());
      for (std::int16_t member : each.isr) CHECK(each.replicas.contains(member));
      if (each.leader == kNoBroker) continue;
      CHECK(each.isr.contains(static_cast<std::int16_t>(each.leader)));
      CHECK(image.active(each.leader));
    }
  }
}

bool anybody_stops(const ControllerStory& story) {
  return std::any_of(story.world.brokers.begin(), story.world.brokers.end(),
                     [](const Broker& each) { return each.state == BrokerState::controlled_shutdown; });
}

TEST_CASE("brokers and controllers that come and go at random leave every image sound") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    Setup setup = controller_setup(3, 4, {{1, 2, 3}, {2, 3}, {4}, {3, 4, 1}});
    setup.seed = seed;
    setup.config.unclean_leader_election_enable = seed % 2 == 0;
    ControllerStory story(setup);
    REQUIRE(story.ready(4));
    std::uint64_t nth = 0;
    const auto pick = [&](std::uint64_t bound) { return below(draw(seed, Purpose::fuzz, 8, nth++), bound); };
    for (int round = 0; round < 25; ++round) {
      const std::string broker = "broker " + std::to_string(1 + pick(4));
      const std::string voter = "Q" + std::to_string(1 + pick(3));
      switch (pick(8)) {
        case 0: story.act(Crash{broker}); break;
        case 1: story.act(Stop{broker}); break;
        case 2:
        case 3: story.act(Start{broker}); break;
        case 4: story.act(Cut{broker, voter, false}); break;
        case 5: story.act(Crash{voter}); break;
        case 6: story.act(Heal{"", ""}); break;
        default: story.act(Start{voter}); break;
      }
      const Time end = story.now() + static_cast<Duration>(pick(8000)) * kMillisecond;
      while (story.now() < end) {
        story.run_for(500 * kMillisecond);
        if (const Controller* active = story.active()) {
          check_image(active->working);
          check_image(active->image);
        }
      }
    }
    story.act(Heal{"", ""});
    for (const char* voter : {"Q1", "Q2", "Q3"}) story.act(Start{voter});
    // Who was about to stop could not while there was no controller to let it go (R13).
    REQUIRE(story.until([&] { return story.active() && !anybody_stops(story); }, 3 * kMinute));
    for (const Node& each : std::vector<Node>(story.world.fabric.nodes)) story.act(Start{each.name});
    REQUIRE(story.ready(4));
    // With all brokers there, every partition has a leader at once (R14) and soon all of its replicas (R6).
    for (std::int32_t t = 0; t < 4; ++t) CHECK(story.state("t" + std::to_string(t)).leader != kNoBroker);
    story.run_for(30 * kSecond);
    for (std::int32_t t = 0; t < 4; ++t) {
      const PartitionRegistration state = story.state("t" + std::to_string(t));
      CHECK(state.leader != kNoBroker);
      CHECK(state.isr.size() == state.replicas.size());
    }
    check_image(story.active()->image);
  }
}

}  // namespace
}  // namespace nutshell
