// The inspector: configuration keys, and what a process waits for.
#include <algorithm>

#include "sim/kafka/config_keys.h"
#include "viz/session/image.h"
#include "viz/session/inspect.h"

namespace nutshell {

namespace {

template <class Config>
std::vector<Setting> settings(ConfigScope scope, const Config& config) {
  std::vector<Setting> all;
  for (const ConfigKey& each : config_keys()) {
    if (each.scope != scope) continue;
    all.push_back({std::string(each.name), get_config(config, each.name), each.default_text});
  }
  return all;
}

// The key that says how long the timer runs, or in a few words what it is.
std::string_view timer_name(TimerKind timer) {
  switch (timer) {
    case TimerKind::request_timeout: return "request.timeout.ms";
    case TimerKind::quorum_fetch_timeout: return "controller.quorum.fetch.timeout.ms";
    case TimerKind::quorum_election_timeout: return "controller.quorum.election.timeout.ms";
    case TimerKind::quorum_backoff: return "controller.quorum.election.backoff.max.ms";
    case TimerKind::quorum_check: return "check of the majority";
    case TimerKind::quorum_fetch_wait: return "a waiting Fetch of metadata";
    case TimerKind::quorum_retry: return "retry: quorum";
    case TimerKind::broker_session: return "broker.session.timeout.ms";
    case TimerKind::leader_balance: return "leader.imbalance.check.interval.seconds";
    case TimerKind::unclean_check: return "check for partitions without a leader";
    case TimerKind::controller_linger: return "controller.quorum.append.linger.ms";
    case TimerKind::registration_retry: return "retry: registration";
    case TimerKind::broker_heartbeat: return "broker.heartbeat.interval.ms";
    case TimerKind::isr_check: return "check for lagging followers";
    case TimerKind::high_watermark_checkpoint: return "replica.high.watermark.checkpoint.interval.ms";
    case TimerKind::recovery_point_checkpoint: return "log.flush.offset.checkpoint.interval.ms";
    case TimerKind::fetch_wait: return "a waiting Fetch: fetch.max.wait.ms";
    case TimerKind::fetch_backoff: return "replica.fetch.backoff.ms";
    case TimerKind::produce_wait: return "a waiting Produce: request.timeout.ms";
    case TimerKind::isr_retry: return "retry: AlterPartition";
    case TimerKind::shutdown_timeout: return "controlled shutdown";
    case TimerKind::join_delay: return "group.initial.rebalance.delay.ms";
    case TimerKind::join_phase: return "join phase: max.poll.interval.ms";
    case TimerKind::sync_phase: return "sync phase: max.poll.interval.ms";
    case TimerKind::member_session: return "session.timeout.ms of a member";
    case TimerKind::next_record: return "the application's next record";
    case TimerKind::linger: return "linger.ms";
    case TimerKind::batch_expiry: return "delivery.timeout.ms";
    case TimerKind::producer_retry: return "retry.backoff.ms";
    case TimerKind::producer_metadata:
    case TimerKind::consumer_metadata: return "metadata.max.age.ms";
    case TimerKind::poll: return "the application calls poll()";
    case TimerKind::consumer_heartbeat: return "heartbeat.interval.ms";
    case TimerKind::consumer_fetch: return "retry: Fetch";
    case TimerKind::auto_commit: return "auto.commit.interval.ms";
    case TimerKind::max_poll: return "max.poll.interval.ms";
    case TimerKind::consumer_retry: return "retry: coordinator";
    case TimerKind::log_retention: return "log.retention.check.interval.ms";
    case TimerKind::file_delete: return "file.delete.delay.ms";
    case TimerKind::disk_write: return "its disk writes";
    case TimerKind::admin_retry: break;
  }
  return "retry: admin client";
}

// Whose process it is that waits; kNoNode: nobody's.
NodeId process_of(const World& world, const Place& place) {
  if (place.kind != PlaceKind::partition && place.kind != PlaceKind::group) return place.node;
  const MetadataImage* image = committed_image(world);
  const PartitionRegistration* partition = place.kind == PlaceKind::partition && image ? image->partition(place.tp) : nullptr;
  if (partition && partition->leader != kNoBroker) return world.find_broker(partition->leader)->node;
  for (const Broker& broker : world.brokers) {
    for (const Group& each : broker.groups.groups) {
      if (place.kind == PlaceKind::group && each.group == place.group) return broker.node;
    }
  }
  return kNoNode;
}

}  // namespace

std::vector<Setting> settings_of(const World& world, const Place& place) {
  if (place.tp.topic >= 0) {
    const MetadataImage* image = committed_image(world);
    const TopicRegistration* topic = image ? image->topic(place.tp.topic) : nullptr;
    return topic ? settings(ConfigScope::topic, topic->config) : std::vector<Setting>{};
  }
  for (const Broker& each : world.brokers) {
    if (each.node == place.node) return settings(ConfigScope::broker, each.config);
  }
  for (const Controller& each : world.controllers) {
    if (each.node == place.node) return settings(ConfigScope::broker, each.config);
  }
  for (const Producer& each : world.producers) {
    if (each.node == place.node) return settings(ConfigScope::producer, each.spec.config);
  }
  for (const Consumer& each : world.consumers) {
    if (each.node == place.node) return settings(ConfigScope::consumer, each.spec.config);
  }
  return {};
}

std::vector<Wait> waits_of(const World& world, const Place& place) {
  std::vector<Wait> all;
  const NodeId node = process_of(world, place);
  if (node == kNoNode) return all;
  for (const Connection& each : world.fabric.connections) {
    if (each.client != node) continue;
    const std::string& server = world.fabric.nodes[static_cast<std::size_t>(each.server)].name;
    for (const InFlight& request : each.in_flight)
      all.push_back({"answer to " + std::string(message_name(request.request)) + " from " + server, request.sent_at, request.deadline});
  }
  const std::size_t requests = all.size();
  world.fabric.queue.for_each_pending([&](const auto& entry) {
    const Event& event = entry.payload;
    const bool watches = event.timer == TimerKind::request_timeout;  // each request has its deadline above
    if (event.kind == EventKind::timer && event.node == node && !watches)
      all.push_back({std::string(timer_name(event.timer)), -1, entry.time});
  });
  const auto sooner = [](const Wait& a, const Wait& b) { return a.until < b.until; };
  std::stable_sort(all.begin() + static_cast<std::ptrdiff_t>(requests), all.end(), sooner);
  return all;
}

}  // namespace nutshell
