#include "sim/history/traffic.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "sim/history/fact_looks.h"

namespace nutshell {

namespace {

// Of each API, what its request and its response look like. Those that nobody watches are `other`.
struct Looks {
  std::string_view api;
  MessageSort request, response;
};

constexpr MessageSort kUnseen{};
constexpr Looks kApiLooks[] = {
    {"Produce", {TokenKind::produce, 0}, {TokenKind::accepted, 0}},
    {"Fetch", {TokenKind::fetch, 0}, {TokenKind::fetch_reply, 0}},
    {"ListOffsets", kUnseen, kUnseen},
    {"InitProducerId", kUnseen, kUnseen},
    {"Metadata", kUnseen, kUnseen},
    {"FindCoordinator", kUnseen, kUnseen},
    {"JoinGroup", {TokenKind::group, 'J'}, {TokenKind::group, 'J'}},
    {"SyncGroup", {TokenKind::group, 'S'}, {TokenKind::group, 'S'}},
    {"Heartbeat", {TokenKind::heartbeat, 0}, {TokenKind::heartbeat, 0}},
    {"LeaveGroup", {TokenKind::group, 'L'}, kUnseen},
    {"OffsetCommit", {TokenKind::group, 'C'}, kUnseen},
    {"OffsetFetch", kUnseen, kUnseen},
    {"BrokerRegistration", {TokenKind::metadata, 'R'}, kUnseen},
    {"BrokerHeartbeat", {TokenKind::heartbeat, 0}, {TokenKind::heartbeat, 0}},
    {"AlterPartition", {TokenKind::metadata, 'A'}, kUnseen},
    {"CreateTopics", kUnseen, kUnseen},
    {"AllocateProducerIds", kUnseen, kUnseen},
    {"ElectLeaders", kUnseen, kUnseen},
    {"AlterConfigs", kUnseen, kUnseen},
    {"Vote", {TokenKind::vote, 'V'}, {TokenKind::vote, 'V'}},
    {"BeginQuorumEpoch", {TokenKind::vote, 'B'}, kUnseen},
    {"EndQuorumEpoch", kUnseen, kUnseen},
    {"QuorumFetch", {TokenKind::quorum_fetch, 0}, {TokenKind::metadata, 'M'}},
    {"CreatePartitions", kUnseen, kUnseen},
    {"OffsetForLeaderEpoch", kUnseen, kUnseen},
    {"DeleteTopics", kUnseen, kUnseen},
    {"DeleteRecords", kUnseen, kUnseen},
    {"AssignReplicasToDirs", {TokenKind::metadata, 'D'}, kUnseen},
    {"FetchSnapshot", {TokenKind::quorum_fetch, 'S'}, {TokenKind::metadata, 'S'}}};

// Of a schema registry's, by the place of the conversation.
constexpr Looks kRegistryLooks[] = {{"RegisterSchema", {TokenKind::metadata, 'S'}, {TokenKind::metadata, 'S'}},
                                    {"GetSchema", {TokenKind::metadata, 'S'}, {TokenKind::metadata, 'S'}},
                                    {"CallRegistry", {TokenKind::metadata, 'S'}, kUnseen}};

consteval bool one_for_each_api() {
  if (std::size(kApiLooks) != Apis::size) return false;
  for (std::size_t i = 0; i < Apis::size; ++i)
    if (kApiLooks[i].api != Apis::names[i]) return false;
  return true;
}
static_assert(one_for_each_api(), "kApiLooks has a row for each row of Apis, in its order");

// Of Connect: a question and its rows, a batch and its end, a call.
constexpr MessageSort kConnectLooks[] = {{TokenKind::fetch, 0},    {TokenKind::fetch_reply, 0}, {TokenKind::produce, 0},
                                         {TokenKind::accepted, 0}, {TokenKind::metadata, 'R'},  {TokenKind::metadata, 'R'}};

class Reader {
 public:
  explicit Reader(Cargo& cargo) : cargo_(cargo) {}

  template <class F>
  void operator()(const F& f) {
    constexpr CargoKind kind = kLooksOf<F>.cargo;
    if constexpr (kind == CargoKind::progress) {
      cargo_.advanced = cargo_.advanced || f.as_leader;
    } else if constexpr (kind != CargoKind::none) {
      cargo_.seen = true;
      cargo_.tp = f.tp;
      if constexpr (kind == CargoKind::records) cargo_.count += f.count;
      else cargo_.refused = true;
    } else if constexpr (F::level != FactLevel::detail) {
      cargo_.seen = true;
    }
  }

 private:
  Cargo& cargo_;
};

}  // namespace

MessageSort sort_of(MessageNumber message) {
  const MessageKind* kind = message_kind(message);
  if (!kind) return {};
  if (family_of(message) == MessageFamily::connect) return kConnectLooks[message & 0xff];
  if (family_of(message) == MessageFamily::ksqldb) return {TokenKind::metadata, 'Q'};  // a look-up, and its rows
  const Looks& looks = family_of(message) == MessageFamily::schema_registry ? kRegistryLooks[kind->api] : kApiLooks[kind->api];
  return kind->response ? looks.response : looks.request;
}

bool is_hidden(TokenKind kind) {
  return kind == TokenKind::heartbeat || kind == TokenKind::fetch || kind == TokenKind::quorum_fetch ||
         kind == TokenKind::other;
}

Cargo cargo_of(const Timeline& timeline, Step arrival) {
  Cargo cargo;
  Reader reader(cargo);
  const auto [first, last] = timeline.facts_of(arrival);
  for (std::size_t i = first; i < last; ++i) timeline.facts()[i].body.visit(reader);
  return cargo;
}

void PassageReader::read(Step step) {
  const StepRecord record = timeline_.record_of(step);
  Waiting here;
  bool brought = record.event == EventKind::deliver && record.action < 0 && record.from != kNoNode;
  if (brought) here = origin(record);
  const auto [first, last] = timeline_.facts_of(step);
  for (std::size_t i = first; i < last; ++i) {
    const FactBody& body = timeline_.facts()[i].body;
    if (const auto* drop = body.as<MessageDropped>()) {
      const bool own = brought && record.message == kNoMessage && drop->from == record.from && drop->to == record.node;
      add(own ? here : taken(drop->from, drop->to, record.at), step, drop->message, Fate::dropped);
      brought = brought && !own;
    } else if (const auto* lost = body.as<SegmentLost>(); lost && brought) {
      add(here, step, lost->message, Fate::lost, lost->attempt > 0);
      brought = false;
    }
  }
  if (record.event == EventKind::proceed && record.message != kNoMessage)
    return add(taken(kNoNode, record.node, record.at), step, record.message, Fate::arrived);
  if (!brought) return;
  if (record.message == kNoMessage) waiting_.push_back(here);
  else add(here, step, record.message, Fate::arrived);
}

// Where what is delivered now came from. What was held up on its way is delivered by an event of its own.
PassageReader::Waiting PassageReader::origin(const StepRecord& record) {
  for (auto each = waiting_.begin(); each != waiting_.end(); ++each) {
    if (each->cause != record.cause || each->from != record.from || each->to != record.node) continue;
    const Waiting found = *each;
    waiting_.erase(each);
    return found;
  }
  Waiting fresh{record.from, record.node, record.cause, record.at, record.at, record.cause};
  if (record.cause == kNoStep) return fresh;
  const StepRecord cause = timeline_.record_of(record.cause);
  const bool released = cause.node == record.node || has_released(record.cause);
  if (!released) {
    fresh.sent_at = cause.at;
  } else if (cause.from == record.from && cause.event == EventKind::deliver && cause.message == kNoMessage) {
    // Sent again some time after the last attempt: it takes as long as any message takes.
    fresh.sent_at = std::max(cause.at, record.at - timeline_.setup().network.latency);
  } else {
    Waiting held = taken(record.from, record.node, record.at);
    held.cause = record.cause;
    return held;
  }
  return fresh;
}

bool PassageReader::has_released(Step step) const {
  const auto [first, last] = timeline_.facts_of(step);
  for (std::size_t i = first; i < last; ++i)
    if (timeline_.facts()[i].body.is<LinkReleased>()) return true;
  return false;
}

// The one that waits longest; `from` kNoNode: whoever sent it.
PassageReader::Waiting PassageReader::taken(NodeId from, NodeId to, Time now) {
  for (auto each = waiting_.begin(); each != waiting_.end(); ++each) {
    if (each->to != to || (from != kNoNode && each->from != from)) continue;
    const Waiting found = *each;
    waiting_.erase(each);
    return found;
  }
  return {from, to, kNoStep, std::max<Time>(now - timeline_.setup().network.latency, 0), now, kNoStep};
}

void PassageReader::add(const Waiting& way, Step step, MessageNumber message, Fate fate, bool again) {
  if (way.from == kNoNode || way.to == kNoNode) return;
  const MessageSort sort = sort_of(message);
  Passage passage{way.sent, step, way.sent_at, way.came_at, way.from, way.to, {}, 0, message, sort.kind, sort.letter, fate, again};
  if (fate == Fate::arrived) load(passage);
  all_.push_back(passage);
}

void PassageReader::load(Passage& passage) const {
  const Cargo cargo = cargo_of(timeline_, passage.ended);
  passage.tp = cargo.tp;
  passage.count = cargo.count;
  if (cargo.refused && passage.kind == TokenKind::accepted) passage.kind = TokenKind::refused;
  const bool reply = passage.kind == TokenKind::fetch_reply || passage.message == number_of<QuorumFetchResponse>();
  if (reply) passage.idle = !cargo.seen;
  else if (passage.kind == TokenKind::fetch) passage.idle = !cargo.advanced;
  else passage.idle = is_hidden(passage.kind);
}

}  // namespace nutshell
