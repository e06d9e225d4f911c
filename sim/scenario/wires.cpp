#include "sim/scenario/wires.h"

#include <algorithm>

namespace nutshell {

namespace {

using WireKind = WireEnd::Kind;

std::string counted(int count, const std::string& one) { return std::to_string(count) + " " + one + (count == 1 ? "" : "s"); }

// What stands in the middle: the log is one.
int middles(const Wires& wires) {
  if (wires.through == Wires::Through::hubs) return wires.hubs;
  return wires.through == Wires::Through::log ? 1 : 0;
}

bool is_chain(const Wires& wires) { return wires.through == Wires::Through::chain; }

constexpr std::int64_t kBillion = 1'000'000'000;
// Of three nodes two: 3 a² (1 - a) + a³ with a = 0.999, of kBillion.
constexpr std::int64_t kTwoOfThree = 3 * 999 * 999 * 1 + 999 * 999 * 999;

}  // namespace

const Wires& wires_at(const std::vector<WiresStep>& steps, Time at) {
  const auto later = std::find_if(steps.begin() + 1, steps.end(), [&](const WiresStep& each) { return each.at > at; });
  return (later - 1)->wires;
}

std::vector<Wire> wires_of(const Wires& wires) {
  std::vector<Wire> all;
  if (is_chain(wires)) {
    all.push_back({{WireKind::sender, 0}, {WireKind::receiver, 0}});
    for (int i = 1; i < wires.receivers; ++i) all.push_back({{WireKind::receiver, i - 1}, {WireKind::receiver, i}});
    return all;
  }
  for (int sender = 0; sender < wires.senders; ++sender) {
    for (int to = 0; to < (middles(wires) == 0 ? wires.receivers : middles(wires)); ++to)
      all.push_back({{WireKind::sender, sender}, {middles(wires) == 0 ? WireKind::receiver : WireKind::middle, to}});
  }
  for (int receiver = 0; receiver < wires.receivers; ++receiver) {
    for (int from = 0; from < middles(wires); ++from) all.push_back({{WireKind::middle, from}, {WireKind::receiver, receiver}});
  }
  return all;
}

int count_of(const Wires& wires) {
  if (is_chain(wires)) return wires.receivers;
  if (middles(wires) == 0) return wires.senders * wires.receivers;
  return middles(wires) * (wires.senders + wires.receivers);
}

std::string sum_of(const Wires& wires) {
  if (is_chain(wires)) return "1 + " + std::to_string(wires.receivers - 1) + " = " + std::to_string(wires.receivers);
  const std::string p = std::to_string(wires.senders), c = std::to_string(wires.receivers), total = " = " + std::to_string(count_of(wires));
  if (middles(wires) == 0) return p + " \u00d7 " + c + total;
  if (middles(wires) == 1) return p + " + " + c + total;
  return std::to_string(middles(wires)) + " \u00d7 (" + p + " + " + c + ")" + total;
}

WiresWords outage_of(const Wires& wires) {
  switch (wires.through) {
    case Wires::Through::nothing:
      if (wires.senders == 1) return {"1 sender blocks,", "or drops, or hoards"};
      return {counted(wires.senders, "sender") + " block,", "or drop, or hoard"};
    case Wires::Through::hubs:
      if (wires.hubs == 1) return {"its queue grows,", "in the hub"};
      return {counted(wires.hubs, "queue") + " grow,", "in " + counted(wires.hubs, "hub")};
    case Wires::Through::chain: {
      const int waits = std::max(wires.down, 1);
      return {counted(waits, "program") + (waits == 1 ? " waits:" : " wait:"), "nobody gets an answer"};
    }
    case Wires::Through::log: break;
  }
  return {"nothing waits:", (wires.down > 0 ? receiver_letter(wires.down - 1) + "'s" : "its") + std::string(" marker stands still")};
}

int waiting_of(const Wires& wires) {
  if (wires.down == 0) return 0;
  switch (wires.through) {
    case Wires::Through::nothing: return wires.senders;
    case Wires::Through::hubs: return wires.hubs;
    case Wires::Through::chain: return wires.down;  // who calls it, and all before
    case Wires::Through::log: break;
  }
  return 0;
}

WiresWords one_more_of(const Wires& wires) {
  switch (wires.through) {
    case Wires::Through::chain: return {"1 program changes:", "all wait for one more"};
    case Wires::Through::nothing:
      return {counted(wires.senders, "program") + (wires.senders == 1 ? " changes:" : " change:"), "one more wire each"};
    case Wires::Through::hubs: return {counted(wires.hubs, "subscription") + ",", "from now on"};
    case Wires::Through::log: break;
  }
  return {"1 group,", "with all the past"};
}

std::int64_t up_of(const Wires& wires) {
  if (middles(wires) > 0) {
    std::int64_t up = kBillion;
    for (int i = 0; i < middles(wires); ++i) up = (up * kTwoOfThree + kBillion / 2) / kBillion;
    return up;
  }
  constexpr std::int64_t kFine = 1'000'000;  // more places than are asked for, so that forty roundings do not show
  std::int64_t up = kBillion * kFine;
  for (int i = 0; i < wires.receivers; ++i) up = up / 1000 * 999;
  return (up + kFine / 2) / kFine;
}

std::string up_text(const Wires& wires) {
  const std::int64_t up = up_of(wires);
  const int places = kBillion - up >= kBillion / 10'000 ? 2 : 4;  // of a percentage: as many as tell something
  const std::int64_t unit = places == 2 ? kBillion / 10'000 : kBillion / 1'000'000, scaled = (up + unit / 2) / unit;
  const std::int64_t whole = places == 2 ? 100 : 10'000;
  std::string rest = std::to_string(scaled % whole);
  rest.insert(0, static_cast<std::size_t>(places) - rest.size(), '0');
  return std::to_string(scaled / whole) + "." + rest + " %";
}

std::string up_sum_of(const Wires& wires) {
  if (middles(wires) == 0) return "0.999" + (wires.receivers == 1 ? std::string() : "^" + std::to_string(wires.receivers));
  const std::string one = "3 a\u00b2 (1 - a) + a\u00b3";
  return middles(wires) == 1 ? one : "(" + one + ")^" + std::to_string(middles(wires));
}

WiresWords availability_of(const Wires& wires) {
  const std::string up = "up " + up_text(wires) + ":";
  if (middles(wires) > 1) return {up, "2 of 3 nodes each"};
  if (middles(wires) == 1) return {up, "2 of its 3 nodes"};
  return {up, counted(wires.receivers, "program") + (wires.receivers == 1 ? " answers" : ", all of them")};
}

std::string while_down(const Wires& wires) { return "While " + receiver_letter(wires.down - 1) + " is down"; }

std::vector<WiresWay> ways_of(const Wires& like) {
  const Wires first{Wires::Through::nothing, 3, 1, 1, 0, false};
  Wires direct = like, hub = like, hubs = like, log = like;
  direct.through = Wires::Through::nothing;
  hub.through = hubs.through = Wires::Through::hubs;
  hub.hubs = 1;
  hubs.hubs = 3;
  log.through = Wires::Through::log;
  return {{"First", first}, {"Each to each", direct}, {"One hub", hub}, {"Three hubs", hubs}, {"One log", log}};
}

std::string receiver_letter(int number) {
  const std::string last(1, static_cast<char>('a' + number % 26));
  return number < 26 ? last : receiver_letter(number / 26 - 1) + last;
}

}  // namespace nutshell
