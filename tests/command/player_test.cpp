#include "sim/command/player.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "sim/cluster/describe.h"
#include "sim/command/screen.h"
#include "sim/scenario/read.h"
#include "tests/command/program.h"

namespace nutshell {
namespace {

Player player_of(const std::string& text) {
  LoadResult loaded = parse_scenario(text, "small.json");
  for (const Problem& each : loaded.problems) MESSAGE(to_text(each));
  REQUIRE(loaded.scenario);
  Timeline timeline = timeline_of(*loaded.scenario, needed_facts(*loaded.scenario));
  REQUIRE(run_to(timeline, loaded.scenario->until));
  return Player(std::move(*loaded.scenario), std::move(timeline));
}

// Playing, since somebody has pressed space.
Player playing(Player player) {
  player.press(Key::play_pause);
  return player;
}

Player failover_player() { return playing(player_of(testing::failover_scenario())); }

// Plays on until it stops by itself, at most so long.
void watch(Player& player, Duration wall) {
  for (Duration passed = 0; passed < wall && player.playing() && !player.asking(); passed += 50 * kMillisecond)
    player.pass(50 * kMillisecond);
}

std::string text_of(const std::vector<ScreenLine>& lines) {
  std::string text;
  for (const ScreenLine& line : lines) text += line.text + "\n";
  return text;
}

// When a process started.
Time start_of(const Player& player, std::string_view name) {
  const World& world = player.timeline().world();
  for (const Fact& fact : player.timeline().facts()) {
    const auto* started = std::get_if<NodeStarted>(&fact.body);
    if (started && world.fabric.nodes[static_cast<std::size_t>(started->node)].name == name) return fact.at;
  }
  return kNever;
}

// Rounded down: "0.226s".
std::string milliseconds(Time at) {
  const std::string fraction = std::to_string(1000 + at / kMillisecond % 1000);
  return std::to_string(at / kSecond) + "." + fraction.substr(1) + "s";
}

bool shows(const Player& player, const std::string& part) {
  return text_of(draw_screen(player, 80, 24)).find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a story opens where the scenario says, stands until it is to play, and waits at a question") {
  Player player = player_of(testing::failover_scenario());
  CHECK_FALSE(player.playing());
  const Step opening = player.timeline().position();
  player.pass(kMinute);
  CHECK(player.timeline().position() == opening);
  player.press(Key::play_pause);
  CHECK(player.playing());
  CHECK(player.timeline().now() <= 2 * kSecond);
  CHECK(player.caption() == nullptr);
  watch(player, kMinute);
  CHECK(player.asking());
  CHECK(player.caption()->text == "Who leads in the end?");
  CHECK(player.timeline().now() <= 4 * kSecond);
  CHECK(shows(player, "B) Broker 2"));
  CHECK(!shows(player, "is right"));
  // Time alone does not answer.
  const std::size_t shown = player.shown();
  player.pass(kMinute);
  CHECK(player.shown() == shown);
}

TEST_CASE("an answer is revealed, and playing goes on to the pause of a beat and to the end") {
  Player player = failover_player();
  watch(player, kMinute);
  player.press(Key::answer_d);  // there are two choices only
  CHECK(player.asking());
  player.press(Key::answer_a);
  CHECK(!player.asking());
  CHECK(shows(player, "No: the answer is B."));
  CHECK(player.playing());
  watch(player, 5 * kMinute);
  CHECK(!player.playing());
  CHECK(player.caption()->text == "Broker 2 has taken over.");
  CHECK(describe_value(player.timeline().world(), "topics/orders/0/Leader") == "2");
  player.press(Key::play_pause);
  watch(player, 5 * kMinute);
  CHECK(player.at_end());
  CHECK(player.shown() == player.lines().size());
  CHECK(player.timeline().now() <= 20 * kSecond);
  CHECK(player.timeline().now() > 19 * kSecond);
}

TEST_CASE("space pauses, and at a question shows the answer") {
  Player player = failover_player();
  player.press(Key::play_pause);
  const std::size_t shown = player.shown();
  player.pass(kMinute);
  CHECK(player.shown() == shown);
  player.press(Key::play_pause);
  watch(player, kMinute);
  REQUIRE(player.asking());
  player.press(Key::play_pause);
  CHECK(!player.asking());
  CHECK(!player.playing());
  CHECK(shows(player, "The answer is B."));
}

TEST_CASE("stepping back and forth through the story shows the same moments") {
  Player player = failover_player();
  player.press(Key::first);
  CHECK(player.timeline().position() == 0);
  std::vector<std::uint64_t> digests;
  while (player.shown() < player.lines().size()) {
    player.press(Key::forward);
    digests.push_back(player.timeline().digest());
    CHECK(!player.playing());
  }
  REQUIRE(digests.size() == player.lines().size());
  // From the last line, not the end of the run behind it.
  for (std::size_t i = digests.size() - 1; i-- > 0;) {
    player.press(Key::back);
    CHECK(player.shown() == i + 1);
    CHECK(player.timeline().digest() == digests[i]);
  }
  player.press(Key::back);
  player.press(Key::back);
  CHECK(player.timeline().position() == 0);
}

TEST_CASE("single events step forward and back") {
  Player player = failover_player();
  player.press(Key::last);
  const Step end = player.timeline().position();
  const std::uint64_t digest = player.timeline().digest();
  player.press(Key::event);
  CHECK(player.timeline().position() == end);
  for (int i = 0; i < 100; ++i) player.press(Key::event_back);
  CHECK(player.timeline().position() == end - 100);
  for (int i = 0; i < 100; ++i) player.press(Key::event);
  CHECK(player.timeline().position() == end);
  CHECK(player.timeline().digest() == digest);
  CHECK(player.shown() == player.lines().size());
  CHECK(shows(player, "last event: "));
}

TEST_CASE("beats can be leafed through") {
  Player player = failover_player();
  player.press(Key::next_beat);
  CHECK(player.caption()->text == "Broker 1 leads.");
  player.press(Key::next_beat);
  CHECK(player.caption()->text == "Who leads in the end?");
  CHECK(player.asking());
  player.press(Key::next_beat);
  CHECK(player.caption()->text == "Broker 2 has taken over.");
  CHECK(player.beats_shown() == player.beats());
  player.press(Key::previous_beat);
  CHECK(player.caption()->text == "Who leads in the end?");
  player.press(Key::previous_beat);
  CHECK(player.caption()->text == "Broker 1 leads.");
  player.press(Key::previous_beat);
  CHECK(player.caption() == nullptr);
}

TEST_CASE("speed changes within bounds, and fast playing is not slower") {
  Player slow = failover_player();
  Player fast = failover_player();
  for (int i = 0; i < 20; ++i) fast.press(Key::faster);
  CHECK(fast.speed_text() == "x32");
  for (int i = 0; i < 20; ++i) slow.press(Key::slower);
  CHECK(slow.speed_text() == "x1/8");
  for (int i = 0; i < 20; ++i) {
    slow.pass(100 * kMillisecond);
    fast.pass(100 * kMillisecond);
  }
  CHECK(fast.shown() > slow.shown());
}

TEST_CASE("while a line stands the clock goes on, but never beyond the next line") {
  Player player = failover_player();
  for (int i = 0; i < 4000 && !player.at_end(); ++i) {
    if (player.asking()) player.press(Key::answer_b);
    if (!player.playing()) player.press(Key::play_pause);
    player.pass(20 * kMillisecond);
    if (player.shown() < player.lines().size())
      CHECK(player.timeline().position() <= player.lines()[player.shown()].position);
  }
  CHECK(player.at_end());
}

TEST_CASE("the screen fits every terminal and shows the cluster") {
  Player player = failover_player();
  player.press(Key::next_beat);
  for (const auto& [width, height] : {std::pair<std::size_t, std::size_t>{80, 24}, {40, 10}, {200, 60}, {20, 8}}) {
    const std::vector<ScreenLine> lines = draw_screen(player, width, height);
    CHECK(lines.size() == height);
    for (const ScreenLine& line : lines) CHECK(clipped(line.text, width) == line.text);
  }
  CHECK(shows(player, "A small failover"));
  CHECK(shows(player, "orders-0     L "));
  CHECK(shows(player, "broker 2"));
  CHECK(shows(player, "Broker 1 leads."));
  CHECK(shows(player, "producer shop"));
  CHECK(shows(player, "\n    " + milliseconds(start_of(player, "shop")) + "  shop starts."));
  player.press(Key::last);
  CHECK(shows(player, "broker 1 DOWN"));
}

TEST_CASE("members are shown with what they own, and the lag is what they have not read yet") {
  Player player = player_of(R"({"title": "One reader", "until": "20s",
    "cluster": {"brokers": 1, "controllers": 1, "config": {"offsets.topic.replication.factor": 1}},
    "topics": [{"name": "orders", "partitions": 1}],
    "producers": [{"name": "shop", "topic": "orders", "every": "500ms", "stop": "15s"}],
    "consumers": [{"name": "kitchen", "group": "cooks", "topics": ["orders"], "config": {"enable.auto.commit": false}},
                  {"name": "spare", "group": "cooks", "topics": ["orders"]}]})");
  player.press(Key::last);
  const Consumer& kitchen = player.timeline().world().consumers[0];
  const Consumer& spare = player.timeline().world().consumers[1];
  REQUIRE(kitchen.owned.size() + spare.owned.size() == 1);
  const bool first = !kitchen.owned.empty();
  CHECK(shows(player, first ? "kitchen[orders:0]" : "spare[orders:0]"));
  CHECK(shows(player, first ? "spare[idle]" : "kitchen[idle]"));
  // All is read, though perhaps nothing is committed.
  CHECK(shows(player, "Stable  lag 0"));
}

TEST_CASE("a scenario without beats plays to its end") {
  Player player = playing(player_of(R"({"title": "Quiet", "until": "3s", "cluster": {"brokers": 1, "controllers": 1}})"));
  CHECK(player.beats() == 0);
  watch(player, 5 * kMinute);
  CHECK(player.at_end());
  player.press(Key::play_pause);
  CHECK(!player.playing());
  player.press(Key::quit);
  CHECK(player.quit());
}

}  // namespace nutshell
