#include "sim/queues/rules.h"

#include <algorithm>

#include "sim/core/digest.h"
#include "sim/log/hash.h"
#include "sim/queues/hash_key.h"

namespace nutshell::queues {
namespace {

// A row's settings under the names of its product.
struct Read {
  const Row& row;
  std::int64_t number(std::string_view key) const { return row.settings.get(row.product, key); }
  bool on(std::string_view key) const { return number(key) != 0; }
  Duration time(std::string_view key) const { return row.settings.duration(row.product, key); }
};

void of_kafka(const Read& read, Rules& rules) {
  rules.nodes = Nodes::kafka;
  rules.slots = static_cast<std::int32_t>(read.number("num.partitions"));
  rules.node_count = static_cast<std::int32_t>(read.number("replication.factor"));
  rules.noticed_after = read.time("broker.session.timeout.ms");
  rules.log_retention = read.time("retention.ms");
  rules.max_size = read.number("max.request.size");
  rules.sweep = 5 * kMinute;
  rules.can_replay = true;
}

void of_kafka_log(const Read& read, Rules& rules) {
  of_kafka(read, rules);
  rules.acks = read.number("acks") == 0 ? -1 : read.number("acks") == 1 ? 1 : 0;
  rules.min_in_sync = static_cast<std::int32_t>(read.number("min.insync.replicas"));
  rules.identity = read.on("enable.idempotence") ? Identity::library : Identity::none;
  rules.key_waits = rules.identity == Identity::library;
  rules.key_waits_why = "the library sends what came before it first";
  rules.log_bytes = read.number("retention.bytes");
  rules.gives_up_after = read.time("delivery.timeout.ms");
  rules.backoff = read.time("retry.backoff.ms");
  rules.backoff_max = read.time("retry.backoff.max.ms");
  rules.sweep = read.time("log.retention.check.interval.ms");
  rules.segment_bytes = read.number("segment.bytes");
  rules.batch_overhead = kKafkaBatchOverhead;
  rules.replication = read.time("replica.fetch.delay.ms");
  rules.failover = Failover::group;
  rules.session = read.time("session.timeout.ms");
  rules.heartbeat = read.time("heartbeat.interval.ms");
  rules.poll_interval = read.time("max.poll.interval.ms");
  rules.metadata_age = read.time("metadata.max.age.ms");
  rules.assignor = static_cast<std::int32_t>(read.number("partition.assignment.strategy"));
  rules.eager = rules.assignor != 2;
  rules.reset = static_cast<std::int32_t>(read.number("auto.offset.reset"));
}

// A share group: a mailbox laid over a log.
void of_share_group(const Read& read, Rules& rules) {
  of_kafka(read, rules);
  rules.slots = 1;
  rules.pull = true;
  rules.lease = read.time("group.share.record.lock.duration.ms");
  rules.late_ack = "INVALID_RECORD_STATE";
  rules.late_ack_fails = true;
  rules.dead_when = DeadWhen::deliveries_reach;
  rules.limit = read.number("group.share.delivery.count.limit");
  rules.dead_why = "group.share.delivery.count.limit";
  rules.has_dead_place = read.on("errors.deadletterqueue.topic.name");
  rules.reject_is_final = true;
  rules.notices_closed_connection = true;  // its session ends, and what it had is free
  rules.retention = rules.log_retention;
  rules.log_retention = kNever;
  rules.shares_copies = true;
  rules.can_replay = false;
  rules.no_replay = "the group has no position that could be set back for one service's past";
}

void of_rabbit(const Read& read, Rules& rules) {
  rules.node_count = static_cast<std::int32_t>(read.number("nodes"));
  rules.notices_closed_connection = true;
  rules.silent_connection = read.time("heartbeat");
  rules.replication = read.time("replication delay");
  rules.confirmation = read.time("confirm delay");
  if (read.number("version") == 0) return;
  rules.split = static_cast<Split>(1 + read.number("cluster_partition_handling"));
  rules.wanted_nodes = static_cast<std::uint32_t>(read.number("cluster_partition_handling.pause_if_all_down.nodes"));
  rules.split_heals = rules.split == Split::autoheal || (rules.split == Split::pause_if_all_down &&
                                                         read.on("cluster_partition_handling.pause_if_all_down.recover"));
}

void of_rabbit_queue(const Read& read, Rules& rules) {
  of_rabbit(read, rules);
  rules.unlimited_if_acked_first = true;  // Q7
  rules.max_key = 255;
  rules.confirms = read.on("confirm.select");
  rules.unused = read.time("x-expires");
  rules.single_active = read.on("x-single-active-consumer");
  rules.retention = read.time("x-message-ttl");
  rules.only_head_expires = true;  // Q18
  rules.has_dead_place = rules.expired_is_dead = read.on("x-dead-letter-exchange");
  rules.reject_is_final = true;
  rules.max_length = read.number("x-max-length");
  rules.max_length_bytes = read.number("x-max-length-bytes");
  rules.rejects_when_full = read.number("x-overflow") != 0;
  rules.rejected_is_dead = read.number("x-overflow") == 2 && rules.has_dead_place;
  const std::int64_t exchange = read.number("exchange");
  rules.exchange = static_cast<ExchangeType>(exchange);
  rules.filters = exchange == 1 || exchange == 2 ? Rules::Filters::routing_keys
                  : exchange == 3                ? Rules::Filters::headers
                                                 : Rules::Filters::none;
  rules.mandatory = read.on("mandatory");
  rules.alternate = read.on("alternate-exchange");
  rules.slots = exchange == 4 ? static_cast<std::int32_t>(read.number("queues")) : 1;
  rules.no_replay = "a queue has no such operation: what is acknowledged is gone";
  if (read.number("version") == 0) return;
  rules.lease = read.time("consumer-timeout");  // Q15
  rules.lease_stops_consumer = rules.lease_closes_channel = true;
  rules.late_ack = "its channel was closed: PRECONDITION_FAILED";
}

void of_quorum(const Read& read, Rules& rules) {
  of_rabbit_queue(read, rules);
  rules.nodes = Nodes::majority;
  const bool new_rules = read.number("version") == 0, limited = read.number("x-delivery-limit") >= 0;
  const bool nacks = read.on("return with");
  rules.dead_when = limited ? DeadWhen::failures_exceed : DeadWhen::never;
  rules.limit = read.number("x-delivery-limit");
  rules.dead_why = "delivery_limit";
  rules.give_back_counts = !(new_rules && nacks);                    // Q13
  rules.on_failure = limited ? Back::to_front : Back::to_end;        // Q10
  rules.on_connection = Back::to_front;
  rules.overshoots = true;                                           // Q19
  rules.window_cap = 2000;                                           // Q6
  rules.priorities = new_rules ? 31 : 0;                             // Q21
  rules.plain_priority = new_rules ? 4 : 0;
  if (new_rules) {
    rules.lease = read.time("consumer-timeout");  // Q15
    rules.lease_stops_consumer = true;
    rules.lease_counts = false;
    rules.late_ack = "it was returned when the consumer took too long";
    rules.dead_node_consumers_wait = read.time("consumer-disconnected-timeout");  // Q23
  }
  const std::int64_t type = read.number("x-delayed-retry-type");
  if (type == 0 || !new_rules) return;
  rules.retry_min = read.time("x-delayed-retry-min");  // Q14
  rules.retry_max = read.time("x-delayed-retry-max");
  rules.retry_on_failure = type != 3;
  rules.retry_on_return = type != 2;
}

void of_classic(const Read& read, Rules& rules, Nodes nodes) {
  of_rabbit_queue(read, rules);
  rules.nodes = nodes;
  rules.noticed_after = read.time("node loss noticed after");
  rules.transient = read.on("delivery_mode");
  rules.priorities = static_cast<std::int32_t>(read.number("x-max-priority"));
}

void of_stream(const Read& read, Rules& rules) {
  of_rabbit(read, rules);
  rules.nodes = Nodes::majority;
  rules.slots = static_cast<std::int32_t>(read.number("partitions"));
  rules.failover = Failover::connection;
  const std::int64_t offset = read.number("x-stream-offset");
  rules.reset = offset == 2 ? 3 : static_cast<std::int32_t>(offset);
  rules.log_retention = read.time("x-max-age");
  rules.segment_bytes = read.number("x-stream-max-segment-size-bytes");
  rules.last_segment_stays = true;  // Q26
  rules.log_bytes = read.number("x-max-length-bytes");
  rules.chunk = static_cast<std::int32_t>(read.number("chunk"));
  rules.identity = read.on("name") ? Identity::publishing_id : Identity::none;
  rules.can_replay = true;
}

void of_pubsub(const Read& read, Rules& rules, bool ordered) {
  if (ordered) rules.order = LineOrder::key_held;  // P8, P9
  rules.returns_followers = ordered;
  rules.lease = read.time("ackDeadlineSeconds");
  rules.extension = read.time("maxExtension");
  rules.window_bytes = read.number("maxOutstandingBytes");
  rules.late_ack_fails = read.on("enableExactlyOnceDelivery");
  rules.late_ack = rules.late_ack_fails ? "only the newest ack id works" : "it was handed out again";
  rules.has_dead_place = read.on("deadLetterTopic");
  rules.dead_unread = !read.on("deadLetterSubscription");
  rules.unused = read.time("expirationPolicy");
  rules.dead_when = rules.has_dead_place ? DeadWhen::deliveries_reach : DeadWhen::never;
  rules.limit = read.number("maxDeliveryAttempts");
  rules.dead_why = "maxDeliveryAttempts";
  rules.retry_min = read.time("minimumBackoff");
  rules.retry_max = read.time("maximumBackoff");
  rules.retry_doubles = true;
  rules.retention = read.time("messageRetentionDuration");
  rules.kept_for_replay = read.time("topicMessageRetentionDuration");
  if (read.on("retainAckedMessages")) rules.retained_by_service = rules.retention;  // P13
  rules.can_replay = rules.kept_for_replay > 0 || rules.retained_by_service > 0;
  rules.no_replay = "an acknowledged message is gone: neither the topic nor the subscription retains it";
  rules.filters = Rules::Filters::attributes;  // P15
  rules.has_snapshots = true;
  if (ordered) {
    rules.key_waits = true;  // P10
    rules.key_waits_why = "its key is refused until resumePublish";
    rules.key_bytes_a_second = 1'000'000;
    rules.max_key = 1024;
  }
  rules.shares_copies = true;
}

void of_sqs(const Read& read, Rules& rules, bool fifo) {
  constexpr std::int64_t kMostOfSns = 262'144;  // S13
  rules.pull = rules.pushes_to_queues = true;
  rules.max_size = std::min(kMostOfSns, read.number("MaximumMessageSize"));
  rules.in_flight = read.number("in flight quota");  // S2
  rules.extension_step = read.time("ChangeMessageVisibility");
  rules.extension = rules.extension_step > 0 ? 12 * kHour : 0;  // S3
  rules.retry_min = rules.retry_max = read.time("visibility after a failure");
  rules.envelope = !read.on("RawMessageDelivery");  // S16
  rules.dead_if_not_reached = read.on("subscription RedrivePolicy");
  rules.order = fifo ? LineOrder::group_locked : LineOrder::one_line;
  rules.lease = read.time("VisibilityTimeout");
  rules.late_ack_fails = fifo;  // S4
  rules.late_ack = fifo ? "the receipt handle has expired" : "answered with success, without effect: an old receipt handle";
  if (!fifo) {  // S5
    rules.second_copy_ppm = read.number("second copies ppm");
    rules.fair = read.on("MessageGroupId");
  }
  rules.limit = read.number("maxReceiveCount");
  rules.has_dead_place = rules.limit > 0;
  rules.dead_when = rules.has_dead_place ? DeadWhen::receives_would_exceed : DeadWhen::never;  // S6
  rules.dead_why = "maxReceiveCount";
  rules.retention = read.time("MessageRetentionPeriod");
  rules.dead_retention = read.time("deadLetterRetentionPeriod");
  rules.dead_keeps_age = !fifo;
  rules.delay = read.time("DelaySeconds");
  rules.filters = Rules::Filters::everything;  // S15
  rules.no_replay = "a queue has no such operation: what is deleted is gone";
  if (!fifo) return;
  rules.identity = read.on("ContentBasedDeduplication") ? Identity::body_for_a_while : Identity::id_for_a_while;
  rules.identity_per_key = read.number("DeduplicationScope") == 1;
  rules.look_ahead = read.number("group look-ahead");  // S9
  rules.max_key = 128;
  rules.knows_receives = read.on("ReceiveRequestAttemptId");  // S12
  rules.remembers = 5 * kMinute;  // S10
  rules.calls_a_second = 300;     // S11
  rules.messages_a_call = read.number("SendMessageBatch");
  rules.calls_per_key = rules.identity_per_key && read.number("FifoThroughputLimit") == 1;
  if (!rules.calls_per_key) rules.all_bytes_a_second = 20'000'000;  // S17
  rules.kept_for_replay = read.time("ArchivePolicy");  // S17
  rules.can_replay = rules.kept_for_replay > 0;
  if (!rules.can_replay) rules.no_replay = "the topic has no ArchivePolicy, and what is deleted from a queue is gone";
}

void of_kinesis(const Read& read, Rules& rules) {
  rules.slots = static_cast<std::int32_t>(read.number("ShardCount"));
  rules.log_retention = read.time("RetentionPeriodHours");
  rules.reset = static_cast<std::int32_t>(read.number("InitialPositionInStream"));
  if (read.on("StreamMode")) {  // I16
    rules.slots = 4;
    rules.splits_when_busy = true;
  }
  const std::int64_t readers = read.number("readers");
  rules.failover = readers == 3 ? Failover::connection : readers == 2 ? Failover::none : Failover::leases;
  if (readers == 3) {  // I13: the service calls the function, and learns of it at once when that fails
    rules.notices_closed_connection = rules.batch_tried_again = true;
    rules.silent_connection = 15 * kMinute;
    rules.batch_tries = read.number("MaximumRetryAttempts");
    rules.batch_age = read.time("MaximumRecordAgeInSeconds");
  }
  rules.max_size = read.number("MaxRecordSizeInKiB") * 1024;
  rules.max_key = 256;
  rules.packed = static_cast<std::int32_t>(read.number("AggregationMaxCount"));  // I15
  rules.key_waits = read.on("SequenceNumberForOrdering");                        // I2
  rules.key_waits_why = "what came before it has no sequence number yet";
  rules.kcl = readers == 1 ? 3 : 2;
  rules.lease_time = read.time("failoverTimeMillis");
  rules.parent_poll = read.time("parentShardPollIntervalMillis");
  rules.read_idle = read.time("idleTimeBetweenReadsInMillis");
  rules.pushed = read.number("EnhancedFanOut") != 0;
  rules.records_a_second = 1000;  // I3
  rules.bytes_a_second = 1'000'000;
  rules.can_replay = true;
}

}  // namespace

Rules rules_of(const Row& row) {
  Rules rules;
  rules.product = row.product;
  rules.keeps = product(row.product).keeps;
  const Read read{row};
  switch (row.product) {
    case ProductId::kafka: of_kafka_log(read, rules); break;
    case ProductId::kafka_share: of_share_group(read, rules); break;
    case ProductId::rabbit_quorum: of_quorum(read, rules); break;
    case ProductId::rabbit_classic: of_classic(read, rules, Nodes::single); break;
    case ProductId::rabbit_mirrored: of_classic(read, rules, Nodes::mirrored); break;
    case ProductId::rabbit_stream: of_stream(read, rules); break;
    case ProductId::pubsub: of_pubsub(read, rules, false); break;
    case ProductId::pubsub_ordered: of_pubsub(read, rules, true); break;
    case ProductId::sqs: of_sqs(read, rules, false); break;
    case ProductId::sqs_fifo: of_sqs(read, rules, true); break;
    case ProductId::kinesis: of_kinesis(read, rules); break;
  }
  return rules;
}

Rules rules_of(const Row& row, std::size_t service) {
  Row own;
  own.product = row.product;
  own.settings = row.settings;
  own.settings.take(row.arguments[service].settings);
  return rules_of(own);
}

bool can_filter(const Rules& rules, const Condition& condition) {
  using Is = Condition::Is;
  switch (rules.filters) {
    case Rules::Filters::none: return false;
    case Rules::Filters::routing_keys: return condition.is == Is::any_of;
    case Rules::Filters::headers: return condition.is == Is::any_of || condition.is == Is::exists;
    case Rules::Filters::attributes: return condition.is != Is::at_least && condition.is != Is::at_most;
    case Rules::Filters::everything: return true;
  }
  return false;
}

std::int32_t slot_of(const Rules& rules, std::string_view key, std::int32_t slots) {
  switch (rules.product) {
    case ProductId::kafka:
    case ProductId::kafka_share: return partition_for_key(murmur2(key), slots);
    case ProductId::kinesis: return shard_of(key, slots);
    default: break;
  }
  std::uint64_t digest = 0;
  fold_bytes(digest, key);
  return static_cast<std::int32_t>(avalanche(digest) % static_cast<std::uint64_t>(slots));
}

bool broker_passes(const Rules& rules, const Row& row, const Workload& workload, std::int32_t service, std::int32_t m) {
  const auto s = static_cast<std::size_t>(service);
  const Message& it = workload.messages[static_cast<std::size_t>(m)];
  if (rules.exchange == ExchangeType::default_exchange) return routing_key_of(row, it) == workload.services[s].name;
  if (row.has_filters) return !row.filters[s] || holds(*row.filters[s], it.attributes);
  if (row.has_bindings) {
    const std::string key = routing_key_of(row, it);
    return reaches(rules.exchange, row.exchanges, -1, row.bindings[s], key, it.attributes);
  }
  for (const Condition& each : workload.services[s].filter)
    if (can_filter(rules, each) && !holds(each, it.attributes)) return false;
  return true;
}

}  // namespace nutshell::queues
