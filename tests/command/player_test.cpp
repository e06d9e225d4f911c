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
  return Player(std::move(*loaded.scenario), timeline);
}

// Playing, since somebody has pressed space.
Player playing(Player player) {
  player.press(Key::play_pause);
  return player;
}

Player failover_player() { return player_of(testing::failover_scenario()); }

bool asks(const Player& player) { return player.session().asking(); }
std::string caption_of(const Player& player) { return player.session().beat() ? player.session().beat()->text : ""; }
Step position_of(const Player& player) { return player.session().timeline().position(); }

// Plays on until it stops by itself, at most so long.
void watch(Player& player, Duration wall) {
  for (Duration passed = 0; passed < wall && player.session().playing(); passed += 50 * kMillisecond) player.pass(50 * kMillisecond);
}

// On the way to a caption, until it is there.
void ride(Player& player) {
  while (player.session().gliding()) player.pass(50 * kMillisecond);
}

// Questions on the way are answered by whoever asks for the end again.
void go_to_end(Player& player) {
  for (int i = 0; i < 10 && !player.session().at_end(); ++i) {
    if (asks(player)) player.press(Key::play_pause);
    player.press(Key::last);
  }
  REQUIRE(player.session().at_end());
}

std::string text_of(const std::vector<ScreenLine>& lines) {
  std::string text;
  for (const ScreenLine& line : lines) text += line.text + "\n";
  return text;
}

// When a process started.
Time start_of(const Player& player, std::string_view name) {
  const World& world = player.session().world();
  for (const Fact& fact : player.session().timeline().facts()) {
    const auto* started = fact.body.as<NodeStarted>();
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

TEST_CASE("a story opens at its first caption, stands until it is to play, and waits at a question") {
  Player player = failover_player();
  CHECK_FALSE(player.session().playing());
  CHECK(caption_of(player) == "Broker 1 leads.");
  const Step opening = position_of(player);
  player.pass(kMinute);
  CHECK(position_of(player) == opening);
  player.press(Key::play_pause);
  CHECK(player.session().playing());
  CHECK(player.session().view_time() <= 3 * kSecond);
  watch(player, kMinute);
  CHECK(asks(player));
  CHECK(caption_of(player) == "Who leads in the end?");
  CHECK(player.session().view_time() <= 4 * kSecond);
  CHECK(shows(player, "B) Broker 2"));
  CHECK(!shows(player, "is right"));
  // Time alone does not answer.
  const std::size_t shown = player.shown();
  player.pass(kMinute);
  CHECK(player.shown() == shown);
}

TEST_CASE("an answer is revealed, and playing goes on to the pause of a beat and to the end") {
  Player player = playing(failover_player());
  watch(player, kMinute);
  player.press(Key::answer_d);  // there are two choices only
  CHECK(asks(player));
  player.press(Key::answer_a);
  CHECK(!asks(player));
  CHECK(shows(player, "No: the answer is B."));
  CHECK(player.session().playing());
  watch(player, 5 * kMinute);
  CHECK(!player.session().playing());
  CHECK(caption_of(player) == "Broker 2 has taken over.");
  CHECK(describe_value(player.session().world(), "topics/orders/0/Leader") == "2");
  player.press(Key::play_pause);
  watch(player, 5 * kMinute);
  CHECK(player.session().at_end());
  CHECK(player.shown() == player.lines().size());
  CHECK(player.session().view_time() == 20 * kSecond);
}

TEST_CASE("space pauses, and at a question shows the answer") {
  Player player = playing(failover_player());
  player.press(Key::play_pause);
  const std::size_t shown = player.shown();
  player.pass(kMinute);
  CHECK(player.shown() == shown);
  player.press(Key::play_pause);
  watch(player, kMinute);
  REQUIRE(asks(player));
  player.press(Key::play_pause);
  CHECK(!asks(player));
  CHECK(!player.session().playing());
  CHECK(shows(player, "The answer is B."));
}

TEST_CASE("stepping back and forth through the story shows the same moments") {
  Player player = playing(failover_player());
  for (int i = 0; i < 1000 && position_of(player) > 0; ++i) player.press(Key::back);
  REQUIRE(position_of(player) == 0);
  std::vector<std::uint64_t> digests;
  for (int i = 0; i < 1000 && player.shown() < player.lines().size(); ++i) {
    const std::size_t shown = player.shown();
    const bool asked = asks(player);
    player.press(Key::forward);
    CHECK(!player.session().playing());
    if (asked) continue;  // the answer takes the key
    CHECK(player.shown() > shown);
    digests.push_back(player.session().timeline().digest());
  }
  REQUIRE(player.shown() == player.lines().size());
  REQUIRE(digests.size() > 5);
  // From the last line, not the end of the run behind it.
  for (std::size_t i = digests.size() - 1; i-- > 0;) {
    player.press(Key::back);
    CHECK(player.session().timeline().digest() == digests[i]);
  }
  player.press(Key::back);
  CHECK(position_of(player) == 0);
}

TEST_CASE("single events step forward and back") {
  Player player = failover_player();
  go_to_end(player);
  const Step end = position_of(player);
  const std::uint64_t digest = player.session().timeline().digest();
  player.press(Key::event);
  CHECK(position_of(player) == end);
  for (int i = 0; i < 100; ++i) player.press(Key::event_back);
  CHECK(position_of(player) == end - 100);
  for (int i = 0; i < 100; ++i) player.press(Key::event);
  CHECK(position_of(player) == end);
  CHECK(player.session().timeline().digest() == digest);
  CHECK(player.shown() == player.lines().size());
  CHECK(shows(player, "last event: "));
}

TEST_CASE("beats can be leafed through: on the way time runs fast, and the key again is there at once") {
  Player player = failover_player();
  CHECK(caption_of(player) == "Broker 1 leads.");
  player.press(Key::next_beat);
  CHECK(player.session().gliding());
  ride(player);
  CHECK(caption_of(player) == "Who leads in the end?");
  CHECK(asks(player));
  player.press(Key::next_beat);
  CHECK(shows(player, "The answer is B."));
  player.press(Key::next_beat);
  player.press(Key::next_beat);
  CHECK(caption_of(player) == "Broker 2 has taken over.");
  CHECK(player.session().told() == player.session().beats().size());
  player.press(Key::previous_beat);
  CHECK(caption_of(player) == "Who leads in the end?");
  player.press(Key::previous_beat);
  CHECK(caption_of(player) == "Broker 1 leads.");
  player.press(Key::previous_beat);
  CHECK(caption_of(player).empty());
  CHECK(player.session().view_time() == 2 * kSecond);
}

TEST_CASE("speed changes within bounds, and fast playing is not slower") {
  Player slow = playing(failover_player());
  Player fast = playing(failover_player());
  for (int i = 0; i < 20; ++i) fast.press(Key::faster);
  CHECK(fast.speed_text() == std::string("x") + speeds().back().text);
  for (int i = 0; i < 20; ++i) slow.press(Key::slower);
  CHECK(slow.speed_text() == std::string("x") + speeds().front().text);
  for (int i = 0; i < 20; ++i) {
    slow.pass(100 * kMillisecond);
    fast.pass(100 * kMillisecond);
  }
  CHECK(fast.session().view_time() > slow.session().view_time());
}

TEST_CASE("while it plays the clock never goes beyond the next caption without telling it") {
  Player player = failover_player();
  const Session& session = player.session();
  for (int i = 0; i < 4000 && !session.at_end(); ++i) {
    if (session.asking()) player.press(Key::answer_b);
    if (!session.playing()) player.press(Key::play_pause);
    player.pass(20 * kMillisecond);
    if (session.told() < session.beats().size()) CHECK(position_of(player) <= session.beats()[session.told()].position);
  }
  CHECK(session.at_end());
}

TEST_CASE("the screen fits every terminal and shows the cluster") {
  Player player = failover_player();
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
  go_to_end(player);
  CHECK(shows(player, "broker 1 DOWN"));
}

TEST_CASE("members are shown with what they own, and the lag is what they have not read yet") {
  Player player = player_of(R"({"title": "One reader", "until": "20s",
    "cluster": {"brokers": 1, "controllers": 1, "config": {"offsets.topic.replication.factor": 1}},
    "topics": [{"name": "orders", "partitions": 1}],
    "producers": [{"name": "shop", "topic": "orders", "every": "500ms", "stop": "15s"}],
    "consumers": [{"name": "kitchen", "group": "cooks", "topics": ["orders"], "config": {"enable.auto.commit": false}},
                  {"name": "spare", "group": "cooks", "topics": ["orders"]}]})");
  go_to_end(player);
  const Consumer& kitchen = player.session().world().consumers[0];
  const Consumer& spare = player.session().world().consumers[1];
  REQUIRE(kitchen.owned.size() + spare.owned.size() == 1);
  const bool first = !kitchen.owned.empty();
  CHECK(shows(player, first ? "kitchen[orders:0]" : "spare[orders:0]"));
  CHECK(shows(player, first ? "spare[idle]" : "kitchen[idle]"));
  // All is read, though perhaps nothing is committed.
  CHECK(shows(player, "Stable  lag 0"));
}

TEST_CASE("a scenario without beats plays to its end, and again from its beginning") {
  Player player = playing(player_of(R"({"title": "Quiet", "until": "3s", "cluster": {"brokers": 1, "controllers": 1}})"));
  CHECK(player.session().beats().empty());
  watch(player, 5 * kMinute);
  CHECK(player.session().at_end());
  player.press(Key::play_pause);
  CHECK(player.session().playing());
  CHECK(player.session().view_time() == 0);
  player.press(Key::quit);
  CHECK(player.quit());
}

}  // namespace nutshell
