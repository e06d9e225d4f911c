// Wires between programs, counted twice: by arithmetic and by drawing them.
#include "sim/scenario/wires.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/figure_map.h"
#include "sim/scenario/read.h"
#include "sim/scenario/wires_json.h"
#include "sim/scenario/write.h"

namespace nutshell {
namespace {

using WireKind = WireEnd::Kind;

Wires wired(Wires::Through through, int senders, int receivers, int hubs = 1, int down = 0) {
  return {through, senders, receivers, hubs, down, false};
}

std::set<std::pair<int, int>> ends(const std::vector<Wire>& wires, WireKind from, WireKind to) {
  std::set<std::pair<int, int>> found;
  for (const Wire& each : wires) {
    if (each.from.kind == from && each.to.kind == to) found.insert({each.from.number, each.to.number});
  }
  return found;
}

}  // namespace

TEST_CASE("as many wires are drawn as arithmetic says, none twice, and each sender reaches each receiver") {
  const std::vector<int> numbers = {1, 2, 3, 5, 12, 13, 14, 15, 26, 27, 28, 29, 39, kMostServices};
  for (const auto through : {Wires::Through::nothing, Wires::Through::hubs, Wires::Through::log}) {
    for (const int p : numbers) {
      for (const int c : numbers) {
        for (int h = 1; h <= kMostHubs; ++h) {
          const Wires wires = wired(through, p, c, h);
          const std::vector<Wire> drawn = wires_of(wires);
          const auto direct = ends(drawn, WireKind::sender, WireKind::receiver);
          const auto in = ends(drawn, WireKind::sender, WireKind::middle), out = ends(drawn, WireKind::middle, WireKind::receiver);
          REQUIRE(static_cast<int>(drawn.size()) == count_of(wires));
          REQUIRE(direct.size() + in.size() + out.size() == drawn.size());
          for (int i = 0; i < p; ++i) {
            for (int j = 0; j < c; ++j) {
              bool reaches = direct.contains({i, j});
              for (int k = 0; k < kMostHubs; ++k) reaches = reaches || (in.contains({i, k}) && out.contains({k, j}));
              REQUIRE(reaches);
            }
          }
        }
      }
    }
  }
}

TEST_CASE("wires of the talk: 3, 25, 10, 30, 10; and from where on a hub has fewer") {
  using enum Wires::Through;
  CHECK(sum_of(wired(nothing, 3, 1)) == "3 \u00d7 1 = 3");
  CHECK(sum_of(wired(nothing, 5, 5)) == "5 \u00d7 5 = 25");
  CHECK(sum_of(wired(hubs, 5, 5)) == "5 + 5 = 10");
  CHECK(sum_of(wired(hubs, 5, 5, 3)) == "3 \u00d7 (5 + 5) = 30");
  CHECK(sum_of(wired(log, 5, 5)) == "5 + 5 = 10");
  CHECK(count_of(wired(hubs, 10, 10, 3)) == 60);
  for (int p = 1; p <= kMostServices; ++p) {
    for (int c = 1; c <= kMostServices; ++c) {
      const bool fewer = count_of(wired(hubs, p, c)) < count_of(wired(nothing, p, c));
      CHECK(fewer == ((p - 1) * (c - 1) > 1));
    }
  }
}

TEST_CASE("E4: a chain of calls has a wire a call, is up aⁿ of the time, and all before the one that is down wait") {
  using enum Wires::Through;
  // RIVALS E4, and 0.999 to the 1st, 3rd and 40th by hand (40: 1 - 40/1000 + 780/10^6 - 9880/10^9 + ... = 0.960770).
  const std::vector<std::pair<int, const char*>> rows = {{1, "99.90 %"},  {3, "99.70 %"},  {5, "99.50 %"},
                                                         {10, "99.00 %"}, {20, "98.02 %"}, {40, "96.08 %"}};
  for (const auto& [calls, up] : rows) {
    const Wires calling = wired(chain, 1, calls);
    CHECK(up_text(calling) == up);
    CHECK(count_of(calling) == calls);
    const std::vector<Wire> drawn = wires_of(calling);
    CHECK(static_cast<int>(drawn.size()) == calls);
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      CHECK(drawn[i].from == (i == 0 ? WireEnd{WireKind::sender, 0} : drawn[i - 1].to));
      CHECK(drawn[i].to == WireEnd{WireKind::receiver, static_cast<int>(i)});
    }
    // Who sends to each at once and waits for all needs as many.
    CHECK(up_of(wired(nothing, 3, calls)) == up_of(calling));
  }
  CHECK(waiting_of(wired(chain, 1, 5, 1, 4)) == 4);
  CHECK(outage_of(wired(chain, 1, 5, 1, 4)).words == "4 programs wait:");
  CHECK(outage_of(wired(chain, 1, 5, 1, 1)).words == "1 program waits:");
  CHECK(up_sum_of(wired(chain, 1, 5)) == "0.999^5");
  CHECK(up_sum_of(wired(chain, 1, 20)) == "0.999^20");
}

TEST_CASE("E4: a hub or a log is up while two of its three nodes are, and who sends needs no receiver") {
  using enum Wires::Through;
  // Counted over all moments of three nodes, each down one of a thousand, in thousandths: at least two of them are up.
  std::int64_t up = 0;
  for (int mask = 0; mask < 8; ++mask) {
    std::int64_t share = 1;
    int works = 0;
    for (int node = 0; node < 3; ++node) share *= (mask >> node & 1) ? (++works, 999) : 1;
    if (works >= 2) up += share;
  }
  for (const int receivers : {1, 5, 40}) {
    CHECK(up_of(wired(hubs, 5, receivers)) == up);
    CHECK(up_of(wired(log, 5, receivers)) == up);
  }
  CHECK(up_text(wired(hubs, 5, 5)) == "99.9997 %");
  CHECK(up_text(wired(hubs, 5, 5, 3)) == "99.9991 %");
  CHECK(up_text(wired(log, 5, 5)) == "99.9997 %");
}

TEST_CASE("the wires of a lesson are those of the last step, and values and mistakes are told") {
  const auto read = [](const std::string& wires, const std::string& more) {
    return parse_scenario(R"({"title": "t", "until": "10s", "wires": )" + wires + more + "}", "wires.json");
  };
  const std::string two = R"([{"at": "0s"}, {"at": "4s", "through": "chain", "receivers": 20, "down": "t"}])";
  const LoadResult good = read(two, "");
  REQUIRE_MESSAGE(good.scenario, to_text(good.problems));
  const std::vector<WiresStep>& steps = good.scenario->wires;
  CHECK(wires_value(steps, "wires/links", 0) == "25");
  CHECK(wires_value(steps, "wires/links", 4 * kSecond - 1) == "25");
  CHECK(wires_value(steps, "wires/links", 4 * kSecond) == "20");
  CHECK(wires_value(steps, "wires/up", 5 * kSecond) == "98.02 %");
  CHECK(wires_value(steps, "wires/waiting", 5 * kSecond) == "20");
  CHECK_FALSE(wires_value(steps, "wires/lost", 0));
  // What is written is read as the same.
  const LoadResult again = parse_scenario(write_scenario(*good.scenario), "wires.json");
  REQUIRE(again.scenario);
  REQUIRE(again.scenario->wires.size() == 2);
  CHECK(again.scenario->wires[1].wires == steps[1].wires);
  CHECK(again.scenario->wires[1].at == steps[1].at);
  for (const auto& [wires, more, part] : std::vector<std::array<std::string, 3>>{
           {"[]", "", "is empty"},
           {R"([{"at": "1s"}, {"at": "1s"}])", "", "no later"},
           {R"([{"through": "ring"}])", "", "hubs"},
           {R"([{"receivers": 41}])", "", "receivers"},
           {R"([{"receivers": 30, "down": "ae"}])", "", "a to ad"},
           {R"([{}])", R"(, "cluster": {"brokers": 1})", "cluster"},
           {R"([{}])", R"(, "script": [])", "script"},
           {R"([{}])", R"(, "expect": [{"value": "wires/wires", "equals": 1}])", "wires/links"}}) {
    const LoadResult bad = read(wires, more);
    CHECK_MESSAGE(!bad.scenario, wires << more);
    CHECK_MESSAGE(to_text(bad.problems).find(part) != std::string::npos, to_text(bad.problems));
  }
  const LoadResult none = parse_scenario(
      R"({"title": "t", "until": "1s", "cluster": {"brokers": 1}, "expect": [{"value": "wires/links", "equals": 1}]})", "none.json");
  CHECK(to_text(none.problems).find("here there are none") != std::string::npos);
}

TEST_CASE("an outage holds up as many as there are places to wait at, and of a log none") {
  using enum Wires::Through;
  CHECK(outage_of(wired(nothing, 5, 5, 1, 4)).words == "5 senders block,");
  CHECK(outage_of(wired(nothing, 1, 5, 1, 4)).words == "1 sender blocks,");
  CHECK(outage_of(wired(hubs, 5, 5, 3, 4)).words == "3 queues grow,");
  CHECK(outage_of(wired(log, 5, 5, 1, 4)).rest == "d's marker stands still");
  CHECK(one_more_of(wired(nothing, 5, 5)).words == "5 programs change:");
  CHECK(one_more_of(wired(hubs, 5, 5, 3)).words == "3 subscriptions,");
  CHECK(one_more_of(wired(log, 5, 5)).rest == "with all the past");
}

TEST_CASE("the map of a deck has wires instead of a scenario, and says what is wrong with them") {
  const auto read = [](const std::string& entry) { return parse_figure_map("{\"a.png\": " + entry + "}", "talk.figures.json"); };
  const FigureMapResult good =
      read(R"({"wires": {"through": "hubs", "hubs": 3, "senders": 4, "receivers": 6, "down": "f"}, "plays": true})");
  REQUIRE(good.figures.size() == 1);
  CHECK(count_of(*good.figures[0].wires) == 30);
  CHECK(comes_to_an_end(good.figures[0]));
  CHECK(wires_shown(good.figures[0], false).down == 0);
  CHECK(wires_shown(good.figures[0], true).down == 6);
  CHECK(read(R"({"wires": {"through": "all"}})").figures.at(0).wires->all_ways);
  for (const auto& [entry, part] :
       {std::pair{R"({"wires": {"through": "hub"}})", "hubs"}, {R"({"wires": {"senders": 0}})", "senders"},
        {R"({"wires": {"senders": 41}})", "senders"}, {R"({"wires": {"hubs": 6}})", "hubs"}, {R"({"wires": {"down": "z"}})", "a to e"},
        {R"({"wires": {"sender": 3}})", "senders"}, {R"({"wires": 3})", "wires"}, {R"({"wires": {}, "at": "3s"})", "at"},
        {R"({"wires": {}, "scenario": "one-consumer"})", "scenario"}, {R"({})", "scenario"}}) {
    const FigureMapResult bad = read(entry);
    CHECK_MESSAGE(bad.figures.empty(), entry);
    REQUIRE_MESSAGE(!bad.problems.empty(), entry);
    CHECK_MESSAGE(to_text(bad.problems).find(part) != std::string::npos, to_text(bad.problems));
  }
}

}  // namespace nutshell
