// What a step of the cluster hands to its processes: the fabric, what all of them know of the workload, and where facts go.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/net/fabric.h"
#include "sim/queues/rules.h"
#include "sim/queues/workload.h"
#include "sim/rabbit/messages.h"

namespace nutshell::rabbit {

inline constexpr NodeKind kNodeKind{64}, kPublisherKind{65}, kConsumerKind{66};

// A client opens one connection for what it says, its node another for what it is pushed: the engine's connections have one
// end that asks. Both close together.
inline constexpr Channel kAmqp{1}, kPush{2}, kCluster{3};

// Of a node: `a` is a queue, a peer or the place of a channel.
inline constexpr TimerKind kElection{1}, kAten{2}, kQueueDue{3}, kLossKnown{4}, kPeerStaysAway{5}, kChannelSilent{6};
// Of a client: `a` is a message.
inline constexpr TimerKind kPublish{16}, kPublishAgain{17}, kReconnect{18}, kJoin{19}, kHandled{20}, kBeat{21}, kCrash{22}, kLeave{23};

struct QueueSpec {
  std::int32_t service = 0, box = 0;
  NUTSHELL_FIELDS(QueueSpec, service, box)
};

// Declared in all of the cluster; who has it is no node's secret.
struct Commons {
  queues::Workload workload;
  queues::Row row;
  queues::Rules rules;
  std::int32_t nodes = 3;                 // of RabbitMQ: their NodeIds are 0 to nodes - 1
  std::vector<QueueSpec> queues;
  std::vector<bool> exists;               // by service
  std::vector<std::vector<std::int32_t>> attempts;  // by service and message: whose luck a try is (keyed randomness)
  std::int32_t boxes() const { return static_cast<std::int32_t>(queues.size() / workload.services.size()); }
  bool is_quorum() const { return rules.nodes == queues::Nodes::majority; }
  const queues::Message& message(std::int32_t m) const { return workload.messages[static_cast<std::size_t>(m)]; }
};

enum class FactKind : std::uint8_t {
  applied,         // by a node: a command of a queue, the `index`-th
  leader_elected,  // of a queue
  published, confirmed, refused, returned, answer_lost, caught,  // a message; caught: by the alternate exchange
  begun, handled, failed, thrown_away, cut_off, buried, consumer_gone,  // by a consumer
  alone,           // a node sees no majority any more
  apart,           // a node hears another again, `index`, and each has thought the other gone
};

struct Fact {
  FactKind kind = FactKind::applied;
  NodeId node = kNoNode;
  std::int32_t queue = -1, index = 0, term = 0;
  std::int32_t service = -1, message = -1, tag = 0, tries = 0;
  ChannelId channel = 0;
  bool acked = false;             // before it was handled
  std::uint64_t digest = 0;       // of the machine afterwards
  Time at = 0;                    // of the command
  Command command = {};
};

class Env final : public FabricEnv {
 public:
  Env(Fabric& shared, Commons& known, std::vector<Fact>& told) : FabricEnv(shared), commons(known), facts(told) {}
  Commons& commons;
  std::vector<Fact>& facts;
  void tell_of(Fact fact) { facts.push_back(std::move(fact)); }

 private:
  void tell(const WireFact&, Step) override {}
};

// Nothing goes unanswered for longer between nodes (net_ticktime); between a client and its node heartbeats decide.
inline constexpr Duration kNetTick = 60 * kSecond;
inline constexpr Duration kNoTimeout = 1000 * 24 * kHour;

}  // namespace nutshell::rabbit
