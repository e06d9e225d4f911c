#include "viz/session/flights.h"

#include <algorithm>

namespace nutshell {

namespace {

constexpr std::size_t kMostFlights = 120;

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
  if (const auto* produce = std::get_if<ProduceRequest>(&body)) {
    for (const auto& each : produce->partitions) flight.count += each.batch.count, flight.tp = each.tp;
  } else if (const auto* fetched = std::get_if<FetchResponse>(&body)) {
    for (const Batch& each : fetched->batches) flight.count += each.count;
    if (!fetched->partitions.empty()) flight.tp = fetched->partitions.front().tp;
  }
}

bool worth_showing(const Flight& flight, const Body& body) {
  if (flight.kind == TokenKind::fetch_reply) return flight.count > 0;
  if (const auto* quorum = std::get_if<QuorumFetchResponse>(&body)) return !quorum->entries.empty();
  return true;
}

float part(Time now, Time from, Time to) {
  return to <= from ? 1.0F : std::clamp(static_cast<float>(now - from) / static_cast<float>(to - from), 0.0F, 1.0F);
}

Flight make_flight(NodeId from, NodeId to, std::uint8_t message) {
  const MessageSort sort = sort_of(message);
  Flight flight;
  flight.from = from;
  flight.to = to;
  flight.message = message;
  flight.kind = sort.kind;
  flight.letter = sort.letter;
  return flight;
}

// What has been sent and has not arrived.
void add_sent(const World& world, Time now, Duration least, bool hidden, std::vector<Flight>& all) {
  std::vector<bool> free(world.fabric.messages.size());
  for (std::int32_t each : world.fabric.free_messages) free[static_cast<std::size_t>(each)] = true;
  for (std::size_t i = 0; i < world.fabric.messages.size() && all.size() < kMostFlights; ++i) {
    const Message& message = world.fabric.messages[i];
    if (free[i] || message.arrives_at < now || message.from == kNoNode) continue;
    Flight flight = make_flight(message.from, message.to, static_cast<std::uint8_t>(message.body.index()));
    if (is_hidden(flight.kind) && !hidden) continue;
    carry(flight, message.body);
    if (!hidden && !worth_showing(flight, message.body)) continue;
    flight.progress = part(now, std::min(message.sent_at, message.arrives_at - least), message.arrives_at);
    flight.dropped = message.dropped;
    all.push_back(flight);
  }
}

// What will have been sent and arrived before a stretched flight would be over.
void add_soon(const Timeline& timeline, Time now, Duration least, bool hidden, std::vector<Flight>& all) {
  const Step here = timeline.position();
  for (Step step = here; step < timeline.furthest() && all.size() < kMostFlights; ++step) {
    const StepRecord record = timeline.record_of(step);
    if (record.at > now + least) break;
    const bool sent_later = record.cause != kNoStep && record.cause >= here;
    if (record.event != EventKind::deliver || record.message == kNoMessage || record.action >= 0 || !sent_later) continue;
    Flight flight = make_flight(record.from, record.node, record.message);
    if (is_hidden(flight.kind) && !hidden) continue;
    if (!carries(flight, timeline, step) && !hidden) continue;
    flight.progress = part(now, record.at - least, record.at);
    all.push_back(flight);
  }
}

}  // namespace

Flight plain_flight(NodeId from, NodeId to, std::uint8_t message) { return make_flight(from, to, message); }

std::vector<Flight> flights(const Timeline& timeline, Time view_time, Duration least, bool hidden) {
  std::vector<Flight> all;
  add_sent(timeline.world(), view_time, least, hidden, all);
  add_soon(timeline, view_time, least, hidden, all);
  return all;
}

}  // namespace nutshell
