#include "tests/kafka/producer_lab.h"

#include <doctest/doctest.h>

namespace nutshell {

ProducerLab::ProducerLab(std::int32_t brokers, std::int32_t partition_count) {
  logs_.resize(static_cast<std::size_t>(partition_count));
  producer.spec.topic = fabric.names.intern("orders");
  for (BrokerId id = 1; id <= brokers; ++id) {
    commons.enlist(id, add_node(fabric, "broker " + std::to_string(id), NodeKind::broker, id - 1, id));
    producer.metadata.bootstrap.push_back(id);
  }
  for (std::int32_t i = 0; i < partition_count; ++i)
    partitions.push_back({{producer.spec.topic, i}, 1 + i % brokers, 0});
  producer.node = add_node(fabric, "app", NodeKind::producer, 0);
  Env env(fabric, commons, facts);
  for (NodeId node = 0; node < producer.node; ++node) start_process(env, node);
}

void ProducerLab::start() {
  Env env(fabric, commons, facts);
  start_process(env, producer.node);
  nutshell::start(env, producer);
}

void ProducerLab::stop() {
  Env env(fabric, commons, facts);
  nutshell::stop(env, producer);
  after(env);
}

void ProducerLab::crash(BrokerId broker) {
  Env env(fabric, commons, facts);
  kill_process(env, env.broker_node(broker));
  after(env);
}

void ProducerLab::lead(std::int32_t partition, BrokerId broker) {
  PartitionMetadata& changed = partitions[static_cast<std::size_t>(partition)];
  changed.leader = broker;
  changed.leader_epoch += 1;
}

bool ProducerLab::exited() const {
  return fabric.nodes[static_cast<std::size_t>(producer.node)].status == NodeStatus::down;
}

void ProducerLab::send(std::int32_t records, std::int32_t partition, std::int32_t key) {
  Env env(fabric, commons, facts);
  for (std::int32_t i = 0; i < records; ++i) send_record(env, producer, key, -1, partition);
  after(env);
}

void ProducerLab::run_until(Time time) {
  while (fabric.queue.next_time() <= time) step();
  fabric.now = time;
}

void ProducerLab::step() {
  fabric.step += 1;
  Env env(fabric, commons, facts);
  Arrival arrival = take_event(env);
  dispatch(env, arrival);
  after(env);
}

void ProducerLab::dispatch(Env& env, Arrival& arrival) {
  if (arrival.kind == Arrival::Kind::request) {
    serve(env, env.self(arrival.node).id, arrival.request, arrival.body);
  } else if (arrival.kind == Arrival::Kind::response) {
    arrival.response.body = &arrival.body;
    on_response(env, producer, arrival.response);
  } else if (arrival.kind == Arrival::Kind::timer) {
    on_timer(env, producer, arrival.event);
  }
}

// What the world does after each step.
void ProducerLab::after(Env& env) {
  for (std::size_t i = 0; i < env.failures.size(); ++i) {
    const Env::Failure failure = env.failures[i];
    if (!exited()) on_response(env, producer, failure.response);
  }
  for (NodeId node : env.exited)
    if (node == producer.node) forget(env, producer, ProcessEnd::clean);
}

void ProducerLab::serve(Env& env, BrokerId broker, const RequestId& id, Body& body) {
  if (body.is<MetadataRequest>()) {
    metadata_requests += 1;
    MetadataResponse response;
    for (NodeId node = 0; node < producer.node; ++node)
      if (env.self(node).status == NodeStatus::running) response.brokers.push_back(env.self(node).id);
    if (topic_exists)
      response.partitions = partitions;
    else
      response.unknown_topics = {producer.spec.topic};
    env.reply(id, std::move(response));
  } else if (body.is<InitProducerIdRequest>()) {
    id_requests += 1;
    env.reply(id, InitProducerIdResponse{id_error, 1000 + id_requests, 0});
  } else if (auto* produce = body.get_if<ProduceRequest>()) {
    if (hold)
      held.push_back({id, broker, std::move(*produce)});
    else
      serve_produce(env, broker, id, *produce);
  }
}

void ProducerLab::serve_produce(Env& env, BrokerId broker, const RequestId& id, ProduceRequest& request) {
  ProduceResponse response;
  bool refused = false;
  for (const ProducePartition& part : request.partitions) {
    got.push_back({broker, part.tp.partition, part.batch, env.now()});
    const PartitionMetadata& now = partitions[static_cast<std::size_t>(part.tp.partition)];
    ProducedPartition result;
    result.tp = part.tp;
    result.error = now.leader != broker ? ErrorCode::not_leader_or_follower : ErrorCode::none;
    if (result.error != ErrorCode::none) {
      result.current_leader = now.leader;
      result.current_leader_epoch = now.leader_epoch;
    } else if (verdict) {
      result.error = verdict(got.back());
    }
    if (result.error == ErrorCode::none) {
      auto& log = logs_[static_cast<std::size_t>(part.tp.partition)];
      result.base_offset = log.empty() ? 0 : log.back().next_offset();
      log.push_back(part.batch);
      log.back().base_offset = result.base_offset;
    }
    refused |= result.error != ErrorCode::none;
    response.partitions.push_back(result);
  }
  if (swallow) return;
  if (request.acks == Acks::none) return refused ? env.hang_up(id) : env.finish(id);
  env.reply(id, std::move(response));
}

void ProducerLab::answer(ErrorCode error) {
  REQUIRE_FALSE(held.empty());
  Held oldest = std::move(held.front());
  held.erase(held.begin());
  Env env(fabric, commons, facts);
  if (error == ErrorCode::none) {
    serve_produce(env, oldest.broker, oldest.id, oldest.request);
  } else {
    ProduceResponse response;
    for (const ProducePartition& part : oldest.request.partitions) response.partitions.push_back({part.tp, error});
    env.reply(oldest.id, std::move(response));
  }
  after(env);
}

std::string ProducerLab::log(std::int32_t partition) const {
  std::string text;
  for (const Batch& batch : logs_[static_cast<std::size_t>(partition)])
    for (std::int32_t i = 0; i < batch.count; ++i) {
      const auto index = static_cast<std::size_t>(batch.first_record + i);
      text += (text.empty() ? "" : " ") + std::to_string(commons.store.records[index].serial);
    }
  return text;
}

}  // namespace nutshell
