#include "sim/queues/products.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell::queues {
namespace {

constexpr std::uint32_t bit(ProductId id) { return 1u << static_cast<unsigned>(id); }

constexpr std::uint32_t kKafka = bit(ProductId::kafka), kShare = bit(ProductId::kafka_share),
                        kQuorum = bit(ProductId::rabbit_quorum), kClassic = bit(ProductId::rabbit_classic),
                        kMirrored = bit(ProductId::rabbit_mirrored), kStream = bit(ProductId::rabbit_stream),
                        kRabbitQueue = kQuorum | kClassic | kMirrored, kRabbit = kRabbitQueue | kStream,
                        kOrdered = bit(ProductId::pubsub_ordered), kPubSub = bit(ProductId::pubsub) | kOrdered,
                        kFifo = bit(ProductId::sqs_fifo), kSqs = bit(ProductId::sqs) | kFifo,
                        kKinesis = bit(ProductId::kinesis);

constexpr Bounds kTruth{0, 1}, kSome{1, 1000}, kAny{0, 1'000'000'000}, kMs{0, 315'360'000'000}, kSeconds{-1, 315'360'000},
    kLimit{-1, 1'000'000'000};

using OneOf = std::vector<std::string_view>;

std::vector<ProductKey> keys_of_kafka() {
  using enum Unit;
  return {
      {kKafka | kShare, "num.partitions", number, 3, kSome, {}, "Partitions of the topic"},
      {kKafka | kShare, "replication.factor", number, 3, {1, 9}, {}, "Copies of each partition"},
      {kKafka, "min.insync.replicas", number, 2, {1, 9}, {}, "Copies that must have a record before acks=all confirms it"},
      {kKafka, "acks", word, 0, {0, 2}, OneOf{"all", "1", "0"}, "Who must have a record before it is confirmed"},
      {kKafka, "enable.idempotence", truth, 1, kTruth, {}, "The library's own retries make no copy"},
      {kKafka, "delivery.timeout.ms", milliseconds, 120'000, kMs, {}, "When the library gives a record up"},
      {kKafka, "retry.backoff.ms", milliseconds, 100, kMs, {}, "The library's first wait before it tries again"},
      {kKafka, "retry.backoff.max.ms", milliseconds, 1000, kMs, {}, "The longest such wait"},
      {kKafka | kShare, "max.request.size", number, 1'048'576, {0, 2'147'483'647}, {}, "Largest request that the library sends, in bytes"},
      {kKafka, "retention.bytes", number, -1, {-1, 1'000'000'000'000}, {}, "How much of a partition is kept; -1: all"},
      {kKafka | kShare, "retention.ms", milliseconds, 604'800'000, {-1, kMs.high}, {}, "How long records are kept; -1: for ever"},
      {kKafka, "segment.bytes", number, 1'073'741'824, {1, 1'073'741'824}, {}, "A segment is deleted as a whole"},
      {kKafka, "log.retention.check.interval.ms", milliseconds, 300'000, {1, kMs.high}, {}, "How often old segments are looked for"},
      {kKafka, "auto.offset.reset", word, 0, {0, 2}, OneOf{"latest", "earliest", "none"}, "Where a group starts that has no position"},
      {kKafka, "session.timeout.ms", milliseconds, 45'000, {1, kMs.high}, {}, "A member that is silent for so long is gone"},
      {kKafka, "heartbeat.interval.ms", milliseconds, 3'000, {1, kMs.high}, {}, "How often a member says that it lives"},
      {kKafka, "max.poll.interval.ms", milliseconds, 300'000, {1, kMs.high}, {}, "A member that handles for longer leaves"},
      {kKafka, "partition.assignment.strategy", word, 0, {0, 2}, OneOf{"range", "roundrobin", "cooperative-sticky"},
       "Which member gets which partitions"},
      {kKafka | kShare, "broker.session.timeout.ms", milliseconds, 9'000, {1, kMs.high}, {},
       "A broker that is silent for so long is fenced"},
      {kKafka, "replica.fetch.delay.ms", milliseconds, 0, kMs, {}, "How far followers are behind (a stand-in for the network)"},
      {kKafka, "metadata.max.age.ms", milliseconds, 300'000, {1, kMs.high}, {}, "When members notice a new partition"},
      {kShare, "group.share.record.lock.duration.ms", milliseconds, 30'000, {1, kMs.high}, {}, "How long a record is out"},
      {kShare, "group.share.delivery.count.limit", number, 5, {1, 100}, {}, "Deliveries of a record before it is archived"},
      {kShare, "errors.deadletterqueue.topic.name", there, 0, kTruth, {}, "What is archived unhandled is copied to a topic"},
      {kShare, "share.auto.offset.reset", word, 0, {0, 1}, OneOf{"latest", "earliest"}, "Where a new group starts"},
  };
}

std::vector<ProductKey> keys_of_rabbit() {
  using enum Unit;
  return {
      {kRabbit, "version", word, 0, {0, 2}, OneOf{"4.3", "4.2", "3.13"}, "Whose rules hold where versions differ"},
      {kRabbit, "nodes", number, 3, {1, 9}, {}, "Nodes of the cluster"},
      {kRabbit, "cluster_partition_handling", word, 0, {0, 3}, OneOf{"ignore", "pause_minority", "autoheal", "pause_if_all_down"},
       "What nodes do that have thought each other gone (before 4.3)"},
      {kRabbit, "cluster_partition_handling.pause_if_all_down.nodes", nodes, 1, {1, 511}, {},
       "A node that reaches none of these stops by itself"},
      {kRabbit, "cluster_partition_handling.pause_if_all_down.recover", word, 0, {0, 1}, OneOf{"ignore", "autoheal"},
       "What nodes do that have thought each other gone and did not stop"},
      {kRabbit, "heartbeat", seconds, 60, {2, 3600}, {}, "A connection silent for so long is closed"},
      {kRabbitQueue, "exchange", word, 0, {0, 5}, OneOf{"fanout", "direct", "topic", "headers", "x-modulus-hash", "default"},
       "Type of the exchange that the publisher sends to"},
      {kRabbitQueue, "queues", number, 1, kSome, {}, "Queues of a service behind an x-modulus-hash exchange"},
      {kRabbitQueue, "confirm.select", truth, 1, kTruth, {}, "The publisher is told what was taken and what was not"},
      {kRabbitQueue, "mandatory", truth, 0, kTruth, {}, "What no queue takes comes back to the publisher"},
      {kRabbitQueue, "alternate-exchange", there, 0, kTruth, {}, "An exchange with a queue catches what no queue takes"},
      {kRabbitQueue, "x-dead-letter-exchange", there, 0, kTruth, {}, "There is a place for dead letters"},
      {kQuorum, "x-dead-letter-strategy", word, 0, {0, 1}, OneOf{"at-most-once", "at-least-once"},
       "Whether that place has to confirm; here it always does"},
      {kRabbitQueue, "x-message-ttl", milliseconds, -1, {-1, kMs.high}, {}, "How long a message may wait; -1: for ever"},
      {kRabbitQueue, "x-expires", milliseconds, -1, {-1, kMs.high}, {}, "A queue without consumers for so long is deleted; -1: never"},
      {kRabbitQueue, "x-max-length", number, -1, kLimit, {}, "Most messages that wait; -1: no limit"},
      {kRabbit, "x-max-length-bytes", number, -1, {-1, 1'000'000'000'000}, {},
       "Most bytes that wait, or that a stream keeps; -1: no limit"},
      {kRabbitQueue, "x-overflow", word, 0, {0, 2}, OneOf{"drop-head", "reject-publish", "reject-publish-dlx"}, "What then"},
      {kRabbitQueue, "x-single-active-consumer", truth, 0, kTruth, {}, "Only one consumer at a time is served"},
      {kClassic | kMirrored, "x-max-priority", number, 0, {0, 255}, {}, "Priorities of the queue; 0: none"},
      {kClassic | kMirrored, "delivery_mode", word, 0, {0, 1}, OneOf{"persistent", "transient"}, "Whether a message outlives a restart"},
      {kQuorum, "x-delivery-limit", number, 20, {-1, 1'000'000}, {}, "Failed deliveries after which a message is dead; -1: no limit"},
      {kRabbitQueue, "return with", word, 0, {0, 1}, OneOf{"basic.reject", "basic.nack"}, "How a consumer gives a message back"},
      {kRabbitQueue, "consumer-timeout", milliseconds, 1'800'000, {-1, kMs.high}, {}, "How long a delivery may stay unacknowledged"},
      {kQuorum, "consumer-disconnected-timeout", milliseconds, 60'000, kMs, {}, "How long 4.3 waits for consumers of a lost node"},
      {kQuorum, "x-delayed-retry-type", word, 0, {0, 3}, OneOf{"disabled", "all", "failed", "returned"},
       "What waits before it is tried again"},
      {kQuorum, "x-delayed-retry-min", milliseconds, 1'000, kMs, {}, "Its shortest wait, times the deliveries so far"},
      {kQuorum, "x-delayed-retry-max", milliseconds, 60'000, kMs, {}, "Its longest wait"},
      {kRabbit, "replication delay", milliseconds, 0, {0, 60'000}, {}, "From the leader to its followers (a stand-in for the network)"},
      {kRabbit, "confirm delay", milliseconds, 0, {0, 60'000}, {}, "From the queue to its publisher (a stand-in for the network)"},
      {kClassic | kMirrored, "node loss noticed after", milliseconds, 15, {0, 60'000}, {}, "Until the others know that a node is gone"},
      {kStream, "partitions", number, 1, kSome, {}, "More than one: a super stream"},
      {kStream, "x-stream-offset", word, 0, {0, 2}, OneOf{"next", "first", "last"}, "Where a consumer starts that has no offset"},
      {kStream, "x-max-age", seconds, -1, kSeconds, {}, "How long segments are kept; -1: for ever"},
      {kStream, "x-stream-max-segment-size-bytes", number, 500'000'000, {1, 3'000'000'000}, {}, "A segment is deleted as a whole"},
      {kStream, "chunk", number, 1, {1, 10'000}, {}, "Messages that the publisher packs into one chunk"},
      {kStream, "name", truth, 0, kTruth, {}, "The publisher has a name, and its messages publishing ids"},
  };
}

std::vector<ProductKey> keys_of_clouds() {
  using enum Unit;
  return {
      // Pub/Sub.
      {kPubSub, "ackDeadlineSeconds", seconds, 10, {10, 600}, {}, "How long a message is out"},
      {kPubSub, "maxExtension", seconds, 0, {0, 86'400}, {}, "How long the client library extends that by itself; 0: it does not"},
      {kPubSub, "maxOutstandingBytes", number, 104'857'600, {1, 1'000'000'000'000}, {},
       "A subscriber that has so many bytes in hand gets no more"},
      {kPubSub, "enableExactlyOnceDelivery", truth, 0, kTruth, {}, "Only the newest ack id works, and others fail visibly"},
      {kPubSub, "deadLetterTopic", there, 0, kTruth, {}, "There is a place for dead letters"},
      {kPubSub, "deadLetterSubscription", truth, 1, kTruth, {}, "Somebody has subscribed to it; else what comes there is lost"},
      {kPubSub, "expirationPolicy", seconds, 2'678'400, kSeconds, {},
       "A subscription that nobody reads for so long is deleted; -1: never"},
      {kPubSub, "maxDeliveryAttempts", number, 5, {5, 100}, {}, "Attempts before a message goes there"},
      {kPubSub, "minimumBackoff", seconds, 0, {0, 600}, {}, "Shortest wait before it is delivered again"},
      {kPubSub, "maximumBackoff", seconds, 600, {0, 600}, {}, "Longest such wait"},
      {kPubSub, "messageRetentionDuration", seconds, 604'800, {600, 2'678'400}, {}, "How long the subscription keeps messages"},
      {kPubSub, "retainAckedMessages", truth, 0, kTruth, {}, "It keeps acknowledged ones as well"},
      {kPubSub, "topicMessageRetentionDuration", seconds, 0, {0, 2'678'400}, {},
       "How long the topic keeps all, for any subscription; 0: not"},
      // SQS, with SNS before it.
      {kSqs, "VisibilityTimeout", seconds, 30, {0, 43'200}, {}, "How long a message is out"},
      {kSqs, "ChangeMessageVisibility", seconds, 0, {0, 43'200}, {},
       "A consumer asks for so long again, each time that it is over; 0: it does not"},
      {kSqs, "visibility after a failure", seconds, 0, {0, 43'200}, {}, "How long what was given back stays hidden"},
      {kSqs, "maxReceiveCount", number, 0, {0, 1000}, {}, "Receives before a message goes to the dead-letter queue; 0: there is none"},
      {kSqs, "MessageRetentionPeriod", seconds, 345'600, {60, 1'209'600}, {}, "How long a message is kept"},
      {kSqs, "deadLetterRetentionPeriod", seconds, 345'600, {60, 1'209'600}, {}, "The same of the dead-letter queue"},
      {kSqs, "MaximumMessageSize", number, 1'048'576, {1024, 1'048'576}, {}, "In bytes; the topic before the queue takes 262144"},
      {kSqs, "in flight quota", number, 120'000, {1, 120'000}, {}, "Most messages of a queue that are out at a time"},
      {kSqs, "subscription RedrivePolicy", there, 0, kTruth, {}, "The topic has a dead-letter queue for what it cannot push"},
      {kSqs, "RawMessageDelivery", truth, 0, kTruth, {}, "A consumer gets the body as it was sent, without an envelope"},
      {kSqs, "DelaySeconds", seconds, 0, {0, 900}, {}, "Until a new message is available"},
      {bit(ProductId::sqs), "second copies ppm", number, 0, {0, 1'000'000}, {}, "Of a million messages, so many are delivered twice"},
      {bit(ProductId::sqs), "MessageGroupId", truth, 0, kTruth, {}, "The messages' keys are sent along: a fair queue, in no order"},
      {kFifo, "ContentBasedDeduplication", truth, 0, kTruth, {}, "Copies are known by their bodies, not by an id"},
      {kFifo, "DeduplicationScope", word, 0, {0, 1}, OneOf{"queue", "messageGroup"}, "Among which messages copies are looked for"},
      {kFifo, "FifoThroughputLimit", word, 0, {0, 1}, OneOf{"perQueue", "perMessageGroupId"},
       "What the limit of 300 calls a second is for"},
      {kFifo, "group look-ahead", number, 120'000, {1, 120'000}, {}, "Groups are looked for among so many of the oldest messages"},
      {kFifo, "ReceiveRequestAttemptId", truth, 0, kTruth, {}, "Who asks again, because no answer came, gets the same"},
      {kFifo, "SendMessageBatch", number, 1, {1, 10}, {}, "Messages that the publisher sends in a call"},
      {kFifo, "ArchivePolicy", days, 0, {0, 365}, {}, "How long the topic keeps messages for a replay; 0: not"},
      // Kinesis.
      {kKinesis, "ShardCount", number, 1, kSome, {}, "Shards of the stream"},
      {kKinesis, "StreamMode", word, 0, {0, 1}, OneOf{"PROVISIONED", "ON_DEMAND"}, "Who sees to it that there are enough shards"},
      {kKinesis, "MaxRecordSizeInKiB", number, 1024, {1024, 10'240}, {}, "Largest record"},
      {kKinesis, "AggregationMaxCount", number, 1, kSome, {}, "Messages of one moment that the library packs into a record"},
      {kKinesis, "SequenceNumberForOrdering", truth, 0, kTruth, {}, "A record waits until the one before it is in"},
      {kKinesis, "RetentionPeriodHours", hours, 24, {24, 8760}, {}, "How long records are kept"},
      {kKinesis, "failoverTimeMillis", milliseconds, 10'000, {1, kMs.high}, {}, "A lease that stands still for so long has expired"},
      {kKinesis, "InitialPositionInStream", word, 0, {0, 1}, OneOf{"LATEST", "TRIM_HORIZON"},
       "Where an application starts that has no checkpoint"},
      {kKinesis, "readers", word, 0, {0, 3}, OneOf{"KCL 2", "KCL 3", "raw", "Lambda"},
       "Who reads: a version of the Kinesis Client Library, nobody's, or functions that the service calls"},
      {kKinesis, "MaximumRetryAttempts", number, -1, {-1, 10'000}, {}, "How often Lambda runs a batch again; -1: until it is too old"},
      {kKinesis, "MaximumRecordAgeInSeconds", seconds, -1, {-1, 604'800}, {},
       "How old a record may be that Lambda tries again; -1: any age"},
      {kKinesis, "idleTimeBetweenReadsInMillis", milliseconds, 0, {0, kMs.high}, {},
       "How long a reader waits between two reads of a shard; 0: no pause, and no limit on reading"},
      {kKinesis, "EnhancedFanOut", truth, 0, kTruth, {}, "Records are pushed to each service, which shares the shard with no other"},
      {kKinesis, "parentShardPollIntervalMillis", milliseconds, 10'000, {1, kMs.high}, {},
       "How often a reader asks whether the parent shard is done"},
  };
}

}  // namespace

const std::vector<Product>& products() {
  static constexpr std::string_view kHidden = "its nodes are the provider's: there is none that one could lose";
  static const std::vector<Product> kProducts = {
      {ProductId::kafka, "kafka", "Kafka", Keeps::log, ""},
      {ProductId::kafka_share, "kafka-share", "Kafka share group", Keeps::mailbox, ""},
      {ProductId::rabbit_quorum, "rabbit-quorum", "RabbitMQ quorum queue", Keeps::mailbox, ""},
      {ProductId::rabbit_classic, "rabbit-classic", "RabbitMQ classic queue", Keeps::mailbox, ""},
      {ProductId::rabbit_stream, "rabbit-stream", "RabbitMQ stream", Keeps::log, ""},
      {ProductId::pubsub, "pubsub", "Pub/Sub", Keeps::mailbox, kHidden},
      {ProductId::pubsub_ordered, "pubsub-ordered", "Pub/Sub with ordering keys", Keeps::mailbox, kHidden},
      {ProductId::sqs, "sqs", "SNS + SQS", Keeps::mailbox, kHidden},
      {ProductId::sqs_fifo, "sqs-fifo", "SNS + SQS FIFO", Keeps::mailbox, kHidden},
      {ProductId::kinesis, "kinesis", "Kinesis", Keeps::log, kHidden},
      {ProductId::rabbit_mirrored, "rabbit-mirrored", "RabbitMQ mirrored classic queue", Keeps::mailbox, ""},
  };
  return kProducts;
}

const Product& product(ProductId id) { return products()[static_cast<std::size_t>(id)]; }

const Product* find_product(std::string_view name) {
  for (const Product& each : products())
    if (each.name == name) return &each;
  return nullptr;
}

const std::vector<ProductKey>& product_keys() {
  static const std::vector<ProductKey> kKeys = [] {
    std::vector<ProductKey> all = keys_of_kafka();
    for (const auto& more : {keys_of_rabbit(), keys_of_clouds()}) all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return kKeys;
}

std::vector<std::string_view> key_names(ProductId id) {
  std::vector<std::string_view> names;
  for (const ProductKey& each : product_keys())
    if (each.products & bit(id)) names.push_back(each.name);
  return names;
}

const ProductKey* find_key(ProductId id, std::string_view name) {
  for (const ProductKey& each : product_keys())
    if ((each.products & bit(id)) && each.name == name) return &each;
  return nullptr;
}

void Settings::set(const ProductKey& key, std::int64_t value) {
  const auto place = static_cast<std::size_t>(&key - product_keys().data());
  for (auto& [known, old] : values_) {
    if (known != place) continue;
    old = value;
    return;
  }
  values_.emplace_back(place, value);
}

void Settings::take(const Settings& other) {
  for (const auto& [place, value] : other.values_) set(product_keys()[place], value);
}

bool Settings::has(ProductId id, std::string_view name) const {
  const ProductKey* key = find_key(id, name);
  if (!key) return false;
  const auto place = static_cast<std::size_t>(key - product_keys().data());
  return std::any_of(values_.begin(), values_.end(), [&](const auto& each) { return each.first == place; });
}

std::int64_t Settings::get(ProductId id, std::string_view name) const {
  const ProductKey* key = find_key(id, name);
  NUTSHELL_REQUIRE(key != nullptr);
  const auto place = static_cast<std::size_t>(key - product_keys().data());
  for (const auto& [known, value] : values_)
    if (known == place) return value;
  return key->fallback;
}

Duration Settings::duration(ProductId id, std::string_view name) const {
  const std::int64_t value = get(id, name);
  if (value < 0) return kNever;
  switch (find_key(id, name)->unit) {
    case Unit::milliseconds: return value * kMillisecond;
    case Unit::seconds: return value * kSecond;
    case Unit::hours: return value * kHour;
    case Unit::days: return value * 24 * kHour;
    default: return value;
  }
}

std::string_view Settings::word(ProductId id, std::string_view name) const {
  return find_key(id, name)->words[static_cast<std::size_t>(get(id, name))];
}

}  // namespace nutshell::queues
