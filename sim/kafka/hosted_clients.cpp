// Producers and admin clients whose application is the process that embeds them.
#include <algorithm>
#include <utility>

#include "sim/core/require.h"
#include "sim/kafka/hosted.h"
#include "sim/kafka/producer_parts.h"

namespace nutshell {

void end_within(Env& env, Producer& producer) {
  producer.running = false;
  for (Timer* each : {&producer.next_record, &producer.retry, &producer.id_retry, &producer.expiry, &producer.metadata.timer})
    env.disarm(*each);
  for (ProducerQueue& each : producer.queues) env.disarm(each.open.linger);
  end_client(env, producer.node, env.client);
}

Producer hosted_producer(NodeId node, TopicId topic, ProducerConfig config, std::vector<BrokerId> bootstrap) {
  Producer producer;
  producer.node = node;
  producer.spec.topic = topic;
  producer.spec.config = std::move(config);
  producer.metadata.bootstrap = std::move(bootstrap);
  producer.host.value.hosted = true;
  return producer;
}

void send_record(Env& env, Producer& producer, const HostedSend& what) {
  NUTSHELL_REQUIRE(producer.running && !producer.closing);
  producer.spec.record_bytes = what.bytes;
  send(env, producer, {{.key = what.key, .text = what.text, .timestamp = what.timestamp}, what.partition});
  go_on(env, producer);
}

void flush(Env& env, Producer& producer) {
  if (!producer.running || settled(producer)) return;
  producer.host.value.flushing = true;
  send_all(env, producer);
  go_on(env, producer);
}

bool is_flushed(const Producer& producer) { return settled(producer); }

void close(Env& env, Producer& producer) { stop(env, producer); }

// --- the admin client

namespace {

constexpr Duration kRetry = 100 * kMillisecond;

ClientSettings settings_of(const HostedAdmin& admin) {
  ClientSettings settings;
  settings.node = admin.node;
  return settings;
}

// Another try may succeed: not the active controller, nobody heard, or the brokers have not registered yet.
bool may_pass(ErrorCode error) {
  return error == ErrorCode::not_controller || error == ErrorCode::request_timed_out || error == ErrorCode::network_exception ||
         error == ErrorCode::invalid_replication_factor;
}

void ask(Env& env, HostedAdmin& admin) {
  if (!admin.running || admin.in_flight || admin.retry != kNoTimer || admin.creations.empty()) return;
  admin.in_flight = true;
  const std::vector<NodeId>& voters = env.commons.voters;
  const NodeId voter = voters[static_cast<std::size_t>(admin.next_voter) % voters.size()];
  CreateTopicsRequest request = admin.creations.front();
  env.request(admin.node, voter, Channel::controller, std::move(request), settings_of(admin).request_timeout);
}

void on_created(Env& env, HostedAdmin& admin, const Response& response) {
  admin.in_flight = false;
  if (admin.creations.empty()) return;
  const auto* answer = response.as<CreateTopicsResponse>();
  const ErrorCode error = answer ? answer->error : ErrorCode::network_exception;
  const TopicId topic = admin.creations.front().topic;
  if (error != ErrorCode::none && error != ErrorCode::topic_already_exists && may_pass(error)) {
    admin.next_voter += 1;
    admin.retry = env.arm(admin.node, TimerKind::admin_retry, kRetry);
    return;
  }
  admin.creations.erase(admin.creations.begin());
  if (error == ErrorCode::none || error == ErrorCode::topic_already_exists) {
    watch_topic(env, admin, topic);
  } else {
    admin.refused.emplace_back(topic, error);
    env.emit(TopicRefused{topic, error, admin.node});
  }
  ask(env, admin);
}

}  // namespace

bool HostedAdmin::is_creating(TopicId topic) const {
  return std::any_of(creations.begin(), creations.end(), [topic](const CreateTopicsRequest& each) { return each.topic == topic; });
}

void start(Env& env, HostedAdmin& admin) {
  admin.running = true;
  if (!admin.metadata.topics.empty()) refresh_metadata(env, admin.metadata, settings_of(admin));
  ask(env, admin);
}

void forget(HostedAdmin& admin) {
  HostedAdmin fresh;
  fresh.node = admin.node;
  fresh.metadata.bootstrap = std::move(admin.metadata.bootstrap);
  fresh.metadata.requests = admin.metadata.requests;
  admin = std::move(fresh);
}

void on_response(Env& env, HostedAdmin& admin, const Response& response) {
  if (!admin.running) return;
  if (response.request == number_of<CreateTopicsRequest>()) on_created(env, admin, response);
  if (response.request == number_of<MetadataRequest>()) on_metadata_response(env, admin.metadata, settings_of(admin), response);
}

void on_timer(Env& env, HostedAdmin& admin, const Event& timer) {
  if (!admin.running) return;
  if (timer.timer == TimerKind::producer_metadata) return on_metadata_timer(env, admin.metadata, settings_of(admin));
  admin.retry = kNoTimer;
  ask(env, admin);
}

void create_topic(Env& env, HostedAdmin& admin, CreateTopicsRequest request) {
  if (admin.is_creating(request.topic)) return;
  admin.creations.push_back(std::move(request));
  ask(env, admin);
}

void watch_topic(Env& env, HostedAdmin& admin, TopicId topic) {
  std::vector<std::int32_t>& topics = admin.metadata.topics;
  const bool known = std::find(topics.begin(), topics.end(), topic) != topics.end();
  if (!known) topics.push_back(topic);
  if (!known || admin.partitions_of(topic) == 0) refresh_metadata(env, admin.metadata, settings_of(admin));
}

}  // namespace nutshell
