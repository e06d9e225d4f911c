// Wires between programs, counted twice: by arithmetic and by drawing them.
#include "sim/scenario/wires.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "sim/scenario/figure_map.h"

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
  for (const auto through : {Wires::Through::nothing, Wires::Through::hubs, Wires::Through::log}) {
    for (int p = 1; p <= kMostServices; ++p) {
      for (int c = 1; c <= kMostServices; ++c) {
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
        {R"({"wires": {"senders": 99}})", "senders"}, {R"({"wires": {"hubs": 6}})", "hubs"}, {R"({"wires": {"down": "z"}})", "a to e"},
        {R"({"wires": {"sender": 3}})", "senders"}, {R"({"wires": 3})", "wires"}, {R"({"wires": {}, "at": "3s"})", "at"},
        {R"({"wires": {}, "scenario": "one-consumer"})", "scenario"}, {R"({})", "scenario"}}) {
    const FigureMapResult bad = read(entry);
    CHECK_MESSAGE(bad.figures.empty(), entry);
    REQUIRE_MESSAGE(!bad.problems.empty(), entry);
    CHECK_MESSAGE(to_text(bad.problems).find(part) != std::string::npos, to_text(bad.problems));
  }
}

}  // namespace nutshell
