// What the products do not take together, and what they call a setting while a workload says it in another place.
#include "sim/queues/products.h"

namespace nutshell::queues {
namespace {

using enum ProductId;

struct Elsewhere {
  std::string_view product;  // the beginning of its name
  std::string_view key, where;
};

constexpr std::string_view kWindow = "is said with \"window\", of a consumer or of the row",
                           kByDeath = "is said with \"tries\" and \"on_error\"",
                           kNoWaiting = "does nothing here: consumers poll without pause, as with the longest of polls",
                           kNoSize = "does nothing here: messages are handed over one by one",
                           kReplay = "is asked for in \"asks\"";
constexpr Elsewhere kElsewhere[] = {
    {"kafka", "max.poll.records", kWindow},
    {"kafka", "group.id", "is the service's name"},
    {"kafka", "client.id", "is the consumer's name"},
    {"kafka", "enable.auto.commit", "is said with \"ack\": here it is the consumer that says when"},
    {"kafka", "auto.commit.interval.ms", "is said with \"ack\": here it is the consumer that says when"},
    {"kafka", "linger.ms", kNoSize},
    {"kafka", "batch.size", kNoSize},
    {"kafka", "fetch.min.bytes", kNoSize},
    {"kafka", "fetch.max.wait.ms", kNoWaiting},
    {"kafka", "retries", "is bounded by \"delivery.timeout.ms\""},
    {"kafka", "max.in.flight.requests.per.connection", "does nothing here: an idempotent producer keeps its order with up to five"},
    {"kafka", "errors.deadletterqueue.topic.name", kByDeath},
    {"rabbit", "x-queue-type", "is said with \"product\": rabbit-quorum, rabbit-classic or rabbit-stream"},
    {"rabbit", "x-queue-mode", "does nothing since 3.12: classic queues keep little in memory"},
    {"rabbit", "x-queue-version", "does nothing here: both versions keep the same promises"},
    {"rabbit", "durable", "is so of every queue here; of messages say \"delivery_mode\""},
    {"rabbit", "exclusive", "is so of no queue here: a service's consumers share it"},
    {"rabbit", "auto-delete", "is so of no queue here; say \"x-expires\""},
    {"rabbit", "prefetch", kWindow},
    {"rabbit", "prefetch_count", kWindow},
    {"rabbit", "basic.qos", kWindow},
    {"rabbit", "x-priority", "is the \"priority\" of a consumer"},
    {"rabbit", "priority", "is the \"priority\" of messages"},
    {"rabbit", "expiration", "is said with \"expires\" of messages"},
    {"rabbit", "autoAck", "is said with \"ack\": \"first\""},
    {"rabbit", "x-dead-letter-routing-key", "is said in the row's \"arguments\", of a queue whose dead letters go on to another"},
    {"rabbit", "exchange-type", "is \"exchange\""},
    {"rabbit", "x-quorum-initial-group-size", "is \"nodes\": every node has a member"},
    {"rabbit", "x-initial-cluster-size", "is \"nodes\": every node has a member"},
    {"rabbit-quorum", "x-max-priority", "is of classic queues: a quorum queue has the priorities 0 to 31 by itself"},
    {"rabbit-quorum", "delivery_mode", "is of classic queues: what a quorum queue takes is persistent"},
    {"rabbit-classic", "x-delivery-limit", "is of quorum queues: a classic queue has no limit"},
    {"rabbit-mirrored", "x-delivery-limit", "is of quorum queues: a classic queue has no limit"},
    {"rabbit-classic", "x-dead-letter-strategy", "is of quorum queues"},
    {"rabbit-stream", "x-message-ttl", "is not of streams: say \"x-max-age\""},
    {"rabbit-stream", "x-dead-letter-exchange", "is not of streams: nothing leaves them"},
    {"rabbit-stream", "x-max-length", "is not of streams: say \"x-max-length-bytes\" or \"x-max-age\""},
    {"rabbit-stream", "x-single-active-consumer", "is so of every partition here"},
    {"pubsub", "enableMessageOrdering", "is said with \"product\": pubsub-ordered"},
    {"pubsub", "filter", "is said with the row's \"filters\""},
    {"pubsub", "maxOutstandingMessages", kWindow},
    {"pubsub", "maxAckExtensionPeriod", "is \"maxExtension\""},
    {"pubsub", "maxDurationPerAckExtension", "is 60 s here, from which the library starts"},
    {"pubsub", "pushConfig", "is not built: subscribers pull, as the client libraries do"},
    {"pubsub", "pushEndpoint", "is not built: subscribers pull, as the client libraries do"},
    {"pubsub", "bigqueryConfig", "is not built: subscribers pull, as the client libraries do"},
    {"pubsub", "seek", kReplay},
    {"pubsub", "snapshot", kReplay},
    {"pubsub", "retryPolicy", "is \"minimumBackoff\" and \"maximumBackoff\""},
    {"pubsub", "deadLetterPolicy", "is \"deadLetterTopic\" and \"maxDeliveryAttempts\""},
    {"sqs", "FifoQueue", "is said with \"product\": sqs-fifo"},
    {"sqs", "FifoTopic", "is said with \"product\": sqs-fifo"},
    {"sqs-fifo", "MessageGroupId", "is the \"key\" of messages"},
    {"sqs", "MessageDeduplicationId", "is the message's name, or its body with \"ContentBasedDeduplication\""},
    {"sqs", "RedrivePolicy", "is \"maxReceiveCount\", and of the topic's subscription \"subscription RedrivePolicy\""},
    {"sqs", "deadLetterTargetArn", "is there as soon as \"maxReceiveCount\" is more than 0"},
    {"sqs", "MaxNumberOfMessages", kWindow},
    {"sqs", "ReceiveMessageWaitTimeSeconds", kNoWaiting},
    {"sqs", "WaitTimeSeconds", kNoWaiting},
    {"sqs", "FilterPolicy", "is said with the row's \"filters\""},
    {"sqs", "FilterPolicyScope", "is MessageAttributes here: bodies are texts that nobody looks into"},
    {"sqs", "ReplayPolicy", kReplay},
    {"kinesis", "ShardLevelMetrics", "does nothing here: everything can be seen"},
    {"kinesis", "maxRecords", kWindow},
    {"kinesis", "BatchSize", kWindow},
    {"kinesis", "StartingPosition", "is \"InitialPositionInStream\""},
    {"kinesis", "initialPositionInStreamExtended", kReplay},
    {"kinesis", "AggregationEnabled", "is \"AggregationMaxCount\" of more than 1"},
    {"kinesis", "applicationName", "is the service's name"},
};

bool is_fifo_only(std::string_view name) { return find_key(sqs_fifo, name) != nullptr && find_key(sqs, name) == nullptr; }

// What does nothing unless another key has a value that is not its first.
struct Needs {
  std::string_view key, other, sentence;
};
constexpr Needs kNeeds[] = {
    {"maxDeliveryAttempts", "deadLetterTopic", "does nothing without \"deadLetterTopic\""},
    {"deadLetterSubscription", "deadLetterTopic", "does nothing without \"deadLetterTopic\""},
    {"deadLetterRetentionPeriod", "maxReceiveCount", "does nothing without \"maxReceiveCount\""},
    {"x-dead-letter-strategy", "x-dead-letter-exchange", "does nothing without \"x-dead-letter-exchange\""},
    {"x-delayed-retry-min", "x-delayed-retry-type", "does nothing while \"x-delayed-retry-type\" is disabled"},
    {"x-delayed-retry-max", "x-delayed-retry-type", "does nothing while \"x-delayed-retry-type\" is disabled"},
};

}  // namespace

std::string_view said_elsewhere(ProductId id, std::string_view name) {
  const std::string_view own = product(id).name;
  for (const Elsewhere& each : kElsewhere)
    if (each.key == name && own.substr(0, each.product.size()) == each.product) return each.where;
  if (id == sqs && is_fifo_only(name)) return "is of FIFO queues: say \"product\": sqs-fifo";
  return "";
}

std::string contradiction(ProductId id, const Settings& settings, std::string& name) {
  const auto has = [&](std::string_view key) { return settings.has(id, key); };
  const auto get = [&](std::string_view key) { return settings.get(id, key); };
  const auto wrong = [&](std::string_view key, std::string_view sentence) {
    name = std::string(key);
    return std::string(sentence);
  };
  for (const Needs& each : kNeeds)
    if (has(each.key) && get(each.other) == 0) return wrong(each.key, each.sentence);
  if (has("cluster_partition_handling") && get("version") == 0)
    return wrong("cluster_partition_handling", "has no effect since 4.3: say \"version\": \"4.2\" or \"3.13\"");
  for (const std::string_view each : {"nodes", "recover"}) {
    const std::string key = "cluster_partition_handling.pause_if_all_down." + std::string(each);
    if (!has(key)) continue;
    if (get("cluster_partition_handling") != 3)
      return wrong(key, "does nothing without \"cluster_partition_handling\": pause_if_all_down");
    if (each == "nodes" && get(key) >= 1 << get("nodes"))
      return wrong(key, "names a node that is not there: \"nodes\" counts them from 0 on");
  }
  switch (id) {
    case kafka:
      if (has("min.insync.replicas") && get("min.insync.replicas") > get("replication.factor"))
        return wrong("min.insync.replicas", "is more than \"replication.factor\": nothing would ever be confirmed");
      if (get("heartbeat.interval.ms") >= get("session.timeout.ms"))
        return wrong("heartbeat.interval.ms", "must be less than \"session.timeout.ms\"");
      if (has("enable.idempotence") && get("enable.idempotence") != 0 && has("acks") && get("acks") != 0)
        return wrong("enable.idempotence", "must be false, or \"acks\" all");
      break;
    case rabbit_quorum:
      if (get("x-overflow") == 2) return wrong("x-overflow", "reject-publish-dlx is of classic queues: say reject-publish");
      if (get("x-dead-letter-strategy") == 1 && get("x-overflow") != 1)
        return wrong("x-dead-letter-strategy", "at-least-once needs \"x-overflow\": reject-publish");
      if (get("x-delayed-retry-min") > get("x-delayed-retry-max"))
        return wrong("x-delayed-retry-min", "is more than \"x-delayed-retry-max\"");
      [[fallthrough]];
    case rabbit_classic:
    case rabbit_mirrored:
      if (has("queues") && get("exchange") != 4) return wrong("queues", "does nothing without \"exchange\": x-modulus-hash");
      if (has("x-overflow") && get("x-max-length") < 0 && get("x-max-length-bytes") < 0)
        return wrong("x-overflow", "does nothing without \"x-max-length\" or \"x-max-length-bytes\"");
      break;
    case pubsub:
    case pubsub_ordered:
      if (get("minimumBackoff") > get("maximumBackoff")) return wrong("minimumBackoff", "is more than \"maximumBackoff\"");
      if (has("maximumBackoff") && get("minimumBackoff") == 0) return wrong("maximumBackoff", "does nothing without \"minimumBackoff\"");
      if (get("expirationPolicy") >= 0 && get("expirationPolicy") < 86'400)
        return wrong("expirationPolicy", "must be at least a day, or -1 for never");
      if (get("topicMessageRetentionDuration") > 0 && get("topicMessageRetentionDuration") < 600)
        return wrong("topicMessageRetentionDuration", "must be at least ten minutes, or 0 for none");
      break;
    case sqs_fifo:
      if (get("FifoThroughputLimit") == 1 && get("DeduplicationScope") != 1)
        return wrong("FifoThroughputLimit", "perMessageGroupId needs \"DeduplicationScope\": messageGroup");
      break;
    case kinesis:
      if (has("ShardCount") && get("StreamMode") == 1)
        return wrong("ShardCount", "is of PROVISIONED streams: ON_DEMAND ones begin with four");
      if (has("MaximumRetryAttempts") && get("readers") != 3)
        return wrong("MaximumRetryAttempts", "does nothing without \"readers\": Lambda");
      if (has("MaximumRecordAgeInSeconds") && get("readers") != 3)
        return wrong("MaximumRecordAgeInSeconds", "does nothing without \"readers\": Lambda");
      if (get("MaximumRecordAgeInSeconds") >= 0 && get("MaximumRecordAgeInSeconds") < 60)
        return wrong("MaximumRecordAgeInSeconds", "must be at least a minute, or -1 for any age");
      break;
    default: break;
  }
  return "";
}

}  // namespace nutshell::queues
