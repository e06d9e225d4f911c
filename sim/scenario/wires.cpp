#include "sim/scenario/wires.h"

namespace nutshell {

namespace {

using WireKind = WireEnd::Kind;

std::string counted(int count, const std::string& one) { return std::to_string(count) + " " + one + (count == 1 ? "" : "s"); }

// What stands in the middle: the log is one.
int middles(const Wires& wires) {
  return wires.through == Wires::Through::nothing ? 0 : wires.through == Wires::Through::log ? 1 : wires.hubs;
}

}  // namespace

std::vector<Wire> wires_of(const Wires& wires) {
  std::vector<Wire> all;
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
  if (middles(wires) == 0) return wires.senders * wires.receivers;
  return middles(wires) * (wires.senders + wires.receivers);
}

std::string sum_of(const Wires& wires) {
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
    case Wires::Through::log: break;
  }
  return {"nothing waits:", (wires.down > 0 ? receiver_letter(wires.down - 1) + "'s" : "its") + std::string(" marker stands still")};
}

WiresWords one_more_of(const Wires& wires) {
  switch (wires.through) {
    case Wires::Through::nothing:
      return {counted(wires.senders, "program") + (wires.senders == 1 ? " changes:" : " change:"), "one more wire each"};
    case Wires::Through::hubs: return {counted(wires.hubs, "subscription") + ",", "from now on"};
    case Wires::Through::log: break;
  }
  return {"1 group,", "with all the past"};
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

std::string receiver_letter(int number) { return std::string(1, static_cast<char>('a' + number % 26)); }

}  // namespace nutshell
