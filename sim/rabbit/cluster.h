// A cluster of RabbitMQ with its clients, under a workload: real processes on the engine of sim/net, where the model of
// sim/queues has one process that knows everything. Both run the same rows of the same files, and have to agree.
//
// Network time is nought but for what the row says ("replication delay", "confirm delay"). A run is a value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/queues/picture.h"
#include "sim/queues/simulation.h"
#include "sim/rabbit/clients.h"
#include "sim/rabbit/node.h"

namespace nutshell::rabbit {

// Why this row cannot run here; empty: it can.
std::string cannot_run(const queues::Workload& workload, const queues::Row& row);

class Cluster {
 public:
  // `row` is a place in workload.rows. REQUIRES that it can run.
  Cluster(const queues::Workload& workload, std::size_t row);
  // The next event or fault. False: the run is over.
  bool step();
  void run();
  // All events of one microsecond. False: the run is over.
  bool step_instant();
  // Does now what a workload may ask for at a time.
  void act(const queues::Fault& fault);

  Time now() const { return fabric_.now; }
  const Fabric& fabric() const { return fabric_; }
  const Commons& commons() const { return commons_; }
  const RabbitNode& node(std::int32_t number) const { return nodes_[static_cast<std::size_t>(number)]; }
  bool is_up(std::int32_t number) const;
  // Of a quorum queue: the node that leads it in the newest term; -1: none that runs.
  std::int32_t leader_of(std::int32_t queue) const;
  const queues::Tally& tally(std::size_t service) const { return ledger_.tally(static_cast<std::int32_t>(service)); }
  const queues::SystemTally& system() const { return system_; }
  std::int32_t elections() const { return elections_; }
  // Sentences about promises that did not hold; there should be none.
  const std::vector<std::string>& breaches() const { return breaches_; }
  std::uint64_t digest() const { return digest_; }
  queues::Outcome outcome() const;
  // What happened, in the vocabulary of all products; and what is to be seen of it.
  const std::vector<queues::Fact>& facts() const { return told_; }
  queues::Picture picture() const;

 private:
  // What a queue has come to, whoever of its members was the first to know.
  struct Truth {
    QueueMachine machine;
    std::int32_t applied = 0;
    std::vector<std::uint64_t> commands, digests;  // by index
  };
  struct Deed {
    Time at = 0;
    enum class Kind : std::uint8_t { fault, added, look } kind = Kind::fault;
    std::int32_t number = 0;
  };

  void set_up();
  void set_up_clients();
  std::int32_t safe_node() const;
  void add_queues(std::int32_t box);
  void do_deed(Env& env, const Deed& deed);
  void do_fault(Env& env, const queues::Fault& fault);
  void kill(Env& env, std::int32_t node);
  void restart(Env& env, std::int32_t node);
  void cut(Env& env, const queues::Fault& fault, const std::vector<std::int32_t>& nodes);
  // What nodes do by themselves that do not hear each other, or again (rules.split).
  void settle_split(Env& env, std::vector<Fact>& facts);
  void stop_by_itself(Env& env, std::int32_t node, std::string why);
  void look_again_later(std::int32_t node);
  void look_for_others(Env& env, std::int32_t node);
  bool hear_each_other(std::int32_t a, std::int32_t b) const;
  std::vector<std::int32_t> winning_side(std::int32_t a, std::int32_t b) const;
  void grow(Env& env);
  void dispatch(Env& env, Arrival& arrival);
  void respond(Env& env, NodeId to, const Response& response);
  void finish_step(Env& env, std::vector<Fact>& facts);
  void consumer_ends(std::size_t consumer);

  Time next_time();

  // telling.cpp
  void tell(queues::FactKind kind, std::int32_t service, std::int32_t consumer, std::int32_t message, std::int64_t number = 0,
            std::string why = "");
  void tell_fact(const Fact& fact);
  void tell_effect(const Fact& fact, const Effect& effect);
  std::int32_t consumer_at(NodeId client) const { return consumers_[consumer_number(client)].index; }
  std::size_t consumer_number(NodeId client) const {
    return static_cast<std::size_t>(fabric_.nodes[static_cast<std::size_t>(client)].index);
  }
  queues::LaneView lane_of(std::int32_t queue) const;
  std::int64_t stored_on(std::int32_t node, std::size_t queue) const;
  queues::NodeView node_view(std::int32_t node, std::int32_t service) const;
  queues::WorkerView worker_of(std::size_t consumer) const;

  // watching.cpp
  void observe(const Fact& fact);
  void observe_applied(const Fact& fact);
  void observe_effect(const Fact& fact, const Effect& effect);
  void observe_consumer(const Fact& fact);
  void observe_publisher(const Fact& fact);
  void accept(std::int32_t message, Time sent);
  void gain(std::int32_t service, std::int32_t message);
  void drop(std::int32_t service, std::int32_t message);
  void drop_carried(ChannelId channel, std::int32_t queue, std::int32_t tag);
  std::vector<bool> stored_in(std::int32_t service) const;
  void check();
  void finish();
  void breach(std::string text);
  Time whole() const { return fabric_.now / kMicrosecond * kMicrosecond; }  // without what events of one instant lie apart
  std::int32_t key_of(std::int32_t message) const { return keys_[static_cast<std::size_t>(message)]; }
  std::int32_t service_of(std::int32_t queue) const { return commons_.queues[static_cast<std::size_t>(queue)].service; }
  bool wants(std::int32_t service, std::int32_t message) const {
    return wants_[static_cast<std::size_t>(service)][static_cast<std::size_t>(message)];
  }
  bool gets(std::int32_t service, std::int32_t message) const;

  Fabric fabric_;
  Commons commons_;
  std::vector<RabbitNode> nodes_;
  Publisher publisher_;
  std::vector<ConsumerApp> consumers_;
  std::vector<Deed> deeds_;   // to come, in their order
  std::size_t done_ = 0;
  std::vector<bool> stopped_;  // by itself: it looks once a second whether the others are there again
  std::vector<Fact> splits_;   // of this step: nodes that are alone, or apart
  bool finished_ = false;
  std::int64_t steps_ = 0;

  std::vector<std::int32_t> keys_;
  std::vector<std::vector<bool>> wants_;
  std::vector<Truth> truths_;   // by queue
  std::vector<std::vector<std::int32_t>> copies_;  // by service and message
  // Acknowledged by being sent, and not handled yet: by channel, queue and tag.
  std::map<std::tuple<ChannelId, std::int32_t, std::int32_t>, std::int32_t> carried_;
  std::vector<Time> crashed_at_;  // by consumer
  std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> leaders_;  // by queue and term: who was elected
  std::map<std::int32_t, std::int32_t> newest_;
  queues::Ledger ledger_;
  queues::SystemTally system_;
  std::int32_t elections_ = 0;
  std::uint64_t digest_ = 0;
  std::vector<std::string> breaches_;
  std::vector<queues::Fact> told_;
};

}  // namespace nutshell::rabbit
