#include "sim/kafka/real_keys.h"

#include <algorithm>
#include <iterator>

namespace nutshell {

namespace {

// By name, for the eye that looks for one.

constexpr std::string_view kBrokerKeys[] = {
    "advertised.listeners", "alter.config.policy.class.name", "alter.log.dirs.replication.quota.window.num",
    "alter.log.dirs.replication.quota.window.size.seconds", "authorizer.class.name", "auto.create.topics.enable",
    "background.threads", "broker.id", "client.quota.callback.class", "compression.gzip.level",
    "compression.lz4.level", "compression.type", "compression.zstd.level",
    "connection.failed.authentication.delay.ms", "connections.max.idle.ms", "connections.max.reauth.ms",
    "controlled.shutdown.max.retries", "controller.listener.names", "controller.performance.always.log.threshold.ms",
    "controller.performance.sample.period.ms", "controller.quorum.auto.join.enable",
    "controller.quorum.bootstrap.servers", "controller.quorum.retry.backoff.ms", "controller.quorum.voters",
    "controller.quota.window.num", "controller.quota.window.size.seconds", "controller.socket.timeout.ms",
    "create.topic.policy.class.name", "delete.records.purgatory.purge.interval.requests", "delete.topic.enable",
    "early.start.listeners", "eligible.leader.replicas.version", "fetch.max.bytes",
    "fetch.purgatory.purge.interval.requests", "group.consumer.assignors", "group.consumer.heartbeat.interval.ms",
    "group.consumer.max.heartbeat.interval.ms", "group.consumer.max.session.timeout.ms", "group.consumer.max.size",
    "group.consumer.migration.policy", "group.consumer.min.heartbeat.interval.ms",
    "group.consumer.min.session.timeout.ms", "group.consumer.regex.refresh.interval.ms",
    "group.consumer.session.timeout.ms", "group.coordinator.append.linger.ms", "group.coordinator.new.enable",
    "group.coordinator.rebalance.protocols", "group.coordinator.threads", "group.max.size", "group.share.assignors",
    "group.share.delivery.count.limit", "group.share.enable", "group.share.heartbeat.interval.ms",
    "group.share.max.groups", "group.share.max.heartbeat.interval.ms", "group.share.max.record.lock.duration.ms",
    "group.share.max.session.timeout.ms", "group.share.max.share.sessions", "group.share.max.size",
    "group.share.min.heartbeat.interval.ms", "group.share.min.record.lock.duration.ms",
    "group.share.min.session.timeout.ms", "group.share.partition.max.record.locks",
    "group.share.record.lock.duration.ms", "group.share.session.timeout.ms", "group.streams.heartbeat.interval.ms",
    "group.streams.max.size", "group.streams.num.standby.replicas", "group.streams.session.timeout.ms",
    "initial.broker.registration.timeout.ms", "inter.broker.listener.name", "inter.broker.protocol.version",
    "kafka.metrics.polling.interval.secs", "kafka.metrics.reporters", "leader.imbalance.per.broker.percentage",
    "listener.security.protocol.map", "listeners",
    "log.cleaner.delete.retention.ms",
    "log.cleaner.max.compaction.lag.ms",
    "log.cleaner.min.cleanable.ratio", "log.cleaner.min.compaction.lag.ms",
    "log.cleanup.policy", "log.dir", "log.flush.start.offset.checkpoint.interval.ms",
    "log.index.interval.bytes", "log.index.size.max.bytes", "log.local.retention.bytes",
    "log.local.retention.ms", "log.message.format.version", "log.message.timestamp.after.max.ms",
    "log.message.timestamp.before.max.ms", "log.message.timestamp.type", "log.preallocate",
    "log.roll.hours", "log.roll.jitter.hours", "log.roll.jitter.ms", "log.roll.ms", "log.segment.bytes",
    "max.connection.creation.rate", "max.connections", "max.connections.per.ip",
    "max.connections.per.ip.overrides", "max.incremental.fetch.session.cache.slots",
    "max.request.partition.size.limit", "message.max.bytes", "metadata.log.dir", "metadata.log.segment.bytes",
    "metadata.log.segment.ms", "metadata.max.idle.interval.ms", "metric.reporters", "metrics.num.samples",
    "metrics.recording.level", "metrics.sample.window.ms", "node.id", "num.io.threads", "num.network.threads",
    "num.recovery.threads.per.data.dir", "num.replica.alter.log.dirs.threads", "num.replica.fetchers",
    "offset.metadata.max.bytes", "offsets.commit.required.acks", "offsets.load.buffer.size",
    "offsets.topic.compression.codec",
    "principal.builder.class", "process.roles",
    "producer.id.expiration.check.interval.ms", "producer.id.expiration.ms",
    "producer.purgatory.purge.interval.requests", "queued.max.request.bytes", "queued.max.requests",
    "quota.window.num", "quota.window.size.seconds", "replica.fetch.min.bytes",
    "replica.socket.receive.buffer.bytes", "replication.quota.window.num", "replication.quota.window.size.seconds",
    "reserved.broker.max.id", "security.inter.broker.protocol", "security.providers", "server.max.startup.time.ms",
    "share.coordinator.append.linger.ms", "share.coordinator.snapshot.update.records.per.snapshot",
    "share.coordinator.state.topic.num.partitions", "share.coordinator.state.topic.replication.factor",
    "share.coordinator.threads", "socket.listen.backlog.size", "socket.receive.buffer.bytes", "socket.request.max.bytes",
    "socket.send.buffer.bytes", "telemetry.max.bytes", "transaction.abort.timed.out.transaction.cleanup.interval.ms",
    "transaction.max.timeout.ms", "transaction.partition.verification.enable",
    "transaction.remove.expired.transaction.cleanup.interval.ms", "transaction.state.log.load.buffer.size",
    "transaction.state.log.min.isr", "transaction.state.log.num.partitions",
    "transaction.state.log.replication.factor", "transaction.state.log.segment.bytes",
    "transaction.two.phase.commit.enable", "transaction.version", "transactional.id.expiration.ms",
    "unclean.leader.election.interval.ms", "unstable.api.versions.enable", "unstable.feature.versions.enable"};

constexpr std::string_view kTopicKeys[] = {
    "compression.gzip.level", "compression.lz4.level", "compression.type", "compression.zstd.level",
    "follower.replication.throttled.replicas", "internal.segment.bytes", "leader.replication.throttled.replicas",
    "local.retention.bytes", "local.retention.ms", "message.downconversion.enable",
    "message.format.version", "message.timestamp.difference.max.ms", "preallocate",
    "remote.copy.disable", "remote.log.delete.on.disable", "remote.storage.enable"};

// Of every client.
constexpr std::string_view kClientKeys[] = {
    "bootstrap.servers", "client.dns.lookup", "client.id", "config.providers", "connections.max.idle.ms",
    "enable.metrics.push", "interceptor.classes", "metadata.recovery.rebootstrap.trigger.ms",
    "metadata.recovery.strategy", "metric.reporters", "metrics.num.samples", "metrics.recording.level",
    "metrics.sample.window.ms", "receive.buffer.bytes", "security.protocol", "security.providers", "send.buffer.bytes"};

constexpr std::string_view kProducerKeys[] = {
    "compression.gzip.level", "compression.lz4.level", "compression.type", "compression.zstd.level", "key.serializer",
    "metadata.max.idle.ms", "partitioner.availability.timeout.ms", "transaction.timeout.ms",
    "transaction.two.phase.commit.enable", "transactional.id"};

constexpr std::string_view kConsumerKeys[] = {
    "allow.auto.create.topics", "check.crcs", "exclude.internal.topics",
    "group.id", "group.instance.id", "group.protocol", "group.remote.assignor", "isolation.level", "key.deserializer",
    "share.acknowledgement.mode", "share.acquire.mode"};

// Whole families that have to do with security and tiered storage.
constexpr std::string_view kFamilies[] = {"delegation.token.", "listener.name.", "remote.log.", "sasl.", "ssl.", "zookeeper."};

template <class Keys>
bool has(const Keys& keys, std::string_view key) {
  return std::find(std::begin(keys), std::end(keys), key) != std::end(keys);
}

bool is_of_family(std::string_view key) {
  return std::any_of(std::begin(kFamilies), std::end(kFamilies), [&](std::string_view each) {
    return key.size() > each.size() && key.substr(0, each.size()) == each;
  });
}

}  // namespace

bool is_real_key(ConfigScope scope, std::string_view key) {
  const bool secure = is_of_family(key) && (key.substr(0, 5) == "sasl." || key.substr(0, 4) == "ssl.");
  const bool of_client = has(kClientKeys, key) || secure;
  switch (scope) {
    case ConfigScope::broker: return has(kBrokerKeys, key) || is_of_family(key);
    case ConfigScope::topic: return has(kTopicKeys, key);
    case ConfigScope::producer: return has(kProducerKeys, key) || of_client;
    case ConfigScope::consumer: return has(kConsumerKeys, key) || of_client;
  }
  return false;  // of a plain kind
}

}  // namespace nutshell
