#include "viz/session/flights.h"

#include <algorithm>
#include <array>

namespace nutshell {

namespace {

constexpr std::size_t kMostFlights = 120;

struct KindOf {
  std::uint8_t message;
  TokenKind kind;
  char letter;
};

// How a message looks when nothing else is known of it.
KindOf kind_of(std::uint8_t message) {
  static const std::array kKinds = {
      KindOf{body_index<ProduceRequest>(), TokenKind::produce, 0},
      KindOf{body_index<ProduceResponse>(), TokenKind::accepted, 0},
      KindOf{body_index<FetchRequest>(), TokenKind::fetch, 0},
      KindOf{body_index<FetchResponse>(), TokenKind::fetch_reply, 0},
      KindOf{body_index<JoinGroupRequest>(), TokenKind::group, 'J'},
      KindOf{body_index<JoinGroupResponse>(), TokenKind::group, 'J'},
      KindOf{body_index<SyncGroupRequest>(), TokenKind::group, 'S'},
      KindOf{body_index<SyncGroupResponse>(), TokenKind::group, 'S'},
      KindOf{body_index<LeaveGroupRequest>(), TokenKind::group, 'L'},
      KindOf{body_index<OffsetCommitRequest>(), TokenKind::group, 'C'},
      KindOf{body_index<HeartbeatRequest>(), TokenKind::heartbeat, 0},
      KindOf{body_index<HeartbeatResponse>(), TokenKind::heartbeat, 0},
      KindOf{body_index<BrokerHeartbeatRequest>(), TokenKind::heartbeat, 0},
      KindOf{body_index<BrokerHeartbeatResponse>(), TokenKind::heartbeat, 0},
      KindOf{body_index<BrokerRegistrationRequest>(), TokenKind::metadata, 'R'},
      KindOf{body_index<AlterPartitionRequest>(), TokenKind::metadata, 'A'},
      KindOf{body_index<QuorumFetchRequest>(), TokenKind::quorum_fetch, 0},
      KindOf{body_index<QuorumFetchResponse>(), TokenKind::metadata, 'M'},
      KindOf{body_index<VoteRequest>(), TokenKind::vote, 'V'},
      KindOf{body_index<VoteResponse>(), TokenKind::vote, 'V'},
      KindOf{body_index<BeginQuorumEpochRequest>(), TokenKind::vote, 'B'}};
  for (const KindOf& each : kKinds) {
    if (each.message == message) return each;
  }
  return {message, TokenKind::other, 0};
}

bool is_hidden(TokenKind kind) {
  return kind == TokenKind::heartbeat || kind == TokenKind::fetch || kind == TokenKind::quorum_fetch ||
         kind == TokenKind::other;
}

// What its arrival did: fills in what the kind of message does not say. False: it carried nothing.
class Effect {
 public:
  explicit Effect(Flight& flight) : flight_(flight) {}
  bool seen = false;

  template <class F>
  void operator()(const F&) {
    if constexpr (F::level != FactLevel::detail) seen = true;
  }
  void operator()(const BatchAppended& f) { note(f.tp, f.count); }
  void operator()(const RecordsDelivered& f) { note(f.tp, f.count); }
  void operator()(const RecordsAcked& f) { note(f.tp, f.count); }
  void operator()(const ProduceRetried& f) { refuse(f.tp); }
  void operator()(const RecordsFailed& f) { refuse(f.tp); }

 private:
  void note(TopicPartition tp, std::int32_t count) {
    seen = true;
    flight_.tp = tp;
    flight_.count += count;
  }
  void refuse(TopicPartition tp) {
    seen = true;
    flight_.tp = tp;
    if (flight_.kind == TokenKind::accepted) flight_.kind = TokenKind::refused;
  }
  Flight& flight_;
};

// Whether a reply that may be empty is.
bool carries(Flight& flight, const Timeline& timeline, Step arrival) {
  const auto [first, last] = timeline.facts_of(arrival);
  Effect effect(flight);
  for (std::size_t i = first; i < last; ++i) std::visit(effect, timeline.facts()[i].body);
  if (flight.kind == TokenKind::fetch_reply) return effect.seen;
  if (flight.kind == TokenKind::metadata && flight.letter == 'M') return effect.seen;
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
  const KindOf kind = kind_of(message);
  Flight flight;
  flight.from = from;
  flight.to = to;
  flight.kind = kind.kind;
  flight.letter = kind.letter;
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
