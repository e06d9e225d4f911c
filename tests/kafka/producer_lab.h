// A producer client among brokers that the test itself plays: they answer, refuse or keep silent as it says.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/kafka/env.h"
#include "sim/kafka/kinds.h"
#include "sim/kafka/producer.h"

namespace nutshell {

class ProducerLab {
 public:
  // Brokers 1..`brokers`; partition p of "orders" is led by broker 1 + p mod brokers, in epoch 0.
  ProducerLab(std::int32_t brokers, std::int32_t partitions);

  // A produce request that no broker has answered.
  struct Held {
    RequestId id;
    BrokerId broker = kNoBroker;
    ProduceRequest request;
  };
  // A batch as a broker got it, in the order of arrival.
  struct Got {
    BrokerId broker = kNoBroker;
    std::int32_t partition = -1;
    Batch batch;
    Time at = 0;
  };

  void start();
  void stop();
  void run_until(Time time);
  void run_for(Duration duration) { run_until(fabric.now + duration); }
  void send(std::int32_t records = 1, std::int32_t partition = -1, std::int32_t key = -1);
  // Answers the oldest request held: every batch gets `error`.
  void answer(ErrorCode error = ErrorCode::none);
  void crash(BrokerId broker);
  void lead(std::int32_t partition, BrokerId broker);  // a new leader, in the next epoch
  bool exited() const;

  template <class F>
  std::vector<F> all() const {
    std::vector<F> found;
    for (const Fact& each : facts)
      if (const F* fact = each.body.as<F>()) found.push_back(*fact);
    return found;
  }
  // Serial numbers of the records that were written, in order: "0 1 2".
  std::string log(std::int32_t partition) const;

  Fabric fabric;
  Commons commons;
  Producer producer;
  std::vector<Fact> facts;
  std::vector<Held> held;
  std::vector<Got> got;
  std::vector<PartitionMetadata> partitions;
  std::int32_t metadata_requests = 0;
  std::int32_t id_requests = 0;

  // What brokers do.
  bool topic_exists = true;
  bool hold = false;     // keep produce requests unanswered, without writing them
  bool swallow = false;  // write, but never answer
  ErrorCode id_error = ErrorCode::none;
  // Decides on a batch; by default everything is written.
  std::function<ErrorCode(const Got&)> verdict;

 private:
  void step();
  void dispatch(Env& env, Arrival& arrival);
  void serve(Env& env, BrokerId broker, const RequestId& id, Body& body);
  void serve_produce(Env& env, BrokerId broker, const RequestId& id, ProduceRequest& request);
  void after(Env& env);

  std::vector<std::vector<Batch>> logs_;
};

}  // namespace nutshell
