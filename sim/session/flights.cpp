#include "sim/session/flights.h"

#include <algorithm>

namespace nutshell {

namespace {

constexpr std::size_t kMostFlights = 120;
constexpr Step kMostSteps = 4000;

// Fills in what the kind of message does not say. False: it carried nothing.
bool carries(Flight& flight, const Timeline& timeline, Step arrival) {
  const Cargo cargo = cargo_of(timeline, arrival);
  if (cargo.tp.topic >= 0) flight.tp = cargo.tp;
  flight.count += cargo.count;
  if (cargo.refused && flight.kind == TokenKind::accepted) flight.kind = TokenKind::refused;
  if (flight.kind == TokenKind::fetch_reply) return cargo.seen;
  if (flight.kind == TokenKind::metadata && flight.letter == 'M') return cargo.seen;
  return true;
}

void carry(Flight& flight, const Body& body) {
  if (const auto* produce = body.get_if<ProduceRequest>()) {
    for (const auto& each : produce->partitions) flight.count += each.batch.count, flight.tp = each.tp;
  } else if (const auto* fetched = body.get_if<FetchResponse>()) {
    for (const Batch& each : fetched->batches) flight.count += each.count;
    if (!fetched->partitions.empty()) flight.tp = fetched->partitions.front().tp;
  }
}

bool worth_showing(const Flight& flight, const Body& body) {
  if (flight.kind == TokenKind::fetch_reply) return flight.count > 0;
  if (const auto* quorum = body.get_if<QuorumFetchResponse>()) return !quorum->entries.empty();
  return true;
}

float part(Time now, Time from, Time to) {
  return to <= from ? 1.0F : std::clamp(static_cast<float>(now - from) / static_cast<float>(to - from), 0.0F, 1.0F);
}

Flight make_flight(NodeId from, NodeId to, MessageNumber message) {
  const MessageSort sort = sort_of(message);
  Flight flight;
  flight.from = from;
  flight.to = to;
  flight.message = message;
  flight.kind = sort.kind;
  flight.letter = sort.letter;
  return flight;
}

bool is_up(const World& world, NodeId node) {
  return world.fabric.nodes[static_cast<std::size_t>(node)].status != NodeStatus::down;
}

// How far along a flight of the least duration would be by now. An answer sets out when the eye has seen the request come:
// otherwise the two would meet half-way. Below 0: it has not set out yet.
float lagging(const Flight& flight, Time now, const FlightPace& pace) {
  if (pace.least <= 0) return 1;
  const Time begins = flight.sent + (is_response(flight.message) ? pace.least : 0);
  return now + pace.after < begins ? -1.0F : part(now + pace.after, begins, begins + pace.least);
}

// What has been sent and has not arrived.
void add_sent(const World& world, Time now, const FlightPace& pace, bool hidden, std::vector<Flight>& all) {
  std::vector<bool> free(world.fabric.messages.size());
  for (std::int32_t each : world.fabric.free_messages) free[static_cast<std::size_t>(each)] = true;
  for (std::size_t i = 0; i < world.fabric.messages.size() && all.size() < kMostFlights; ++i) {
    const Message& message = world.fabric.messages[i];
    if (free[i] || message.arrives_at < now || message.sent_at > now || message.from == kNoNode) continue;
    Flight flight = make_flight(message.from, message.to, message.body.number());
    if (is_hidden(flight.kind) && !hidden) continue;
    carry(flight, message.body);
    if (!hidden && !worth_showing(flight, message.body)) continue;
    flight.sent = message.sent_at;
    flight.progress = std::min(part(now, message.sent_at, message.arrives_at), lagging(flight, now, pace));
    if (flight.progress < 0) continue;
    flight.dropped = message.dropped;
    all.push_back(flight);
  }
}

// What has arrived quicker than the eye could follow, and is still seen on its way.
void add_lagging(const Timeline& timeline, Time now, const FlightPace& pace, bool hidden, std::vector<Flight>& all) {
  const Step here = timeline.position();
  for (Step step = here; step > pace.settled && here - step < kMostSteps && all.size() < kMostFlights; --step) {
    const StepRecord record = timeline.record_of(step - 1);
    if (record.at + 2 * pace.least <= now + pace.after) break;
    if (record.event != EventKind::deliver || record.message == kNoMessage || record.action >= 0 || record.cause == kNoStep) continue;
    Flight flight = make_flight(record.from, record.node, record.message);
    if (is_hidden(flight.kind) && !hidden) continue;
    flight.sent = timeline.record_of(record.cause).at;
    flight.progress = lagging(flight, now, pace);
    if (flight.progress < 0 || flight.progress >= 1 || !is_up(timeline.world(), flight.from) ||
        !is_up(timeline.world(), flight.to))
      continue;
    if (carries(flight, timeline, step - 1) || hidden) all.push_back(flight);
  }
}

}  // namespace

Flight plain_flight(NodeId from, NodeId to, MessageNumber message) { return make_flight(from, to, message); }

std::vector<Flight> flights(const Timeline& timeline, Time view_time, const FlightPace& pace, bool hidden) {
  std::vector<Flight> all;
  add_sent(timeline.world(), view_time, pace, hidden, all);
  if (pace.least > 0) add_lagging(timeline, view_time, pace, hidden, all);
  return all;
}

}  // namespace nutshell
