#include "sim/kafka/config_docs.h"

#include "sim/kafka/plain_kinds.h"

namespace nutshell {

namespace {

constexpr std::int64_t kInt32 = 2147483647;  // Kafka's "int" keys

// Where a minimum of 1 stands on a time although Kafka has none, zero would mean "at once, for ever".
constexpr ConfigDoc kBrokerDocs[] = {
    {ConfigScope::broker, "broker.heartbeat.interval.ms", 1, kInt32,
     "How often a broker tells the controller that it is alive.", ""},
    {ConfigScope::broker, "broker.session.timeout.ms", 1, kInt32,
     "How long the controller waits for a heartbeat before it fences a broker and moves its leaderships.",
     "With ZooKeeper, zookeeper.session.timeout.ms played this part (6 s, since 2.5 18 s)."},
    {ConfigScope::broker, "controller.quorum.fetch.timeout.ms", 1, kInt32,
     "How long a voter goes without a successful fetch from the active controller before it stands for election.", ""},
    {ConfigScope::broker, "controller.quorum.election.timeout.ms", 1, kInt32,
     "How long a candidate waits for votes before the election counts as failed.", ""},
    {ConfigScope::broker, "controller.quorum.election.backoff.max.ms", 1, kInt32,
     "The longest pause after a failed election; its length is drawn, so that candidates do not block each other.", ""},
    {ConfigScope::broker, "controller.quorum.request.timeout.ms", 1, kInt32,
     "How long a voter waits for the answer of another one before it asks again.", ""},
    {ConfigScope::broker, "controller.quorum.append.linger.ms", 0, kInt32,
     "How long the active controller collects records of the metadata log before it writes them as one batch. Kafka collects "
     "for 25 ms; here all it decides in one step is written at once unless this is set.", ""},
    {ConfigScope::broker, "replica.lag.time.max.ms", 1, kHighest,
     "How long a follower may go without having reached the leader's log end before it leaves the ISR.",
     "10 s before 2.5; up to 0.8 a number of messages (replica.lag.max.messages) counted too."},
    {ConfigScope::broker, "replica.fetch.wait.max.ms", 0, kInt32,
     "How long the leader may hold back the answer to a follower's fetch while there is nothing new.", ""},
    {ConfigScope::broker, "replica.fetch.backoff.ms", 1, kInt32,
     "How long a follower pauses fetching a partition after an error.", ""},
    {ConfigScope::broker, "replica.socket.timeout.ms", 1, kInt32,
     "How long a follower waits for the answer to a fetch before it gives the connection up.", ""},
    {ConfigScope::broker, "replica.fetch.max.bytes", 0, kInt32,
     "How many bytes of one partition a follower fetches at once; a larger first batch is returned all the same.", ""},
    {ConfigScope::broker, "replica.fetch.response.max.bytes", 0, kInt32,
     "How many bytes the answer to a follower's fetch holds in all.", ""},
    {ConfigScope::broker, "replica.high.watermark.checkpoint.interval.ms", 1, kHighest,
     "How often a broker writes its high watermarks to disk; after a restart it begins with these.", ""},
    {ConfigScope::broker, "request.timeout.ms", 1, kInt32,
     "How long a broker waits for the answer to a request of its own, for instance to the controller.", ""},
    {ConfigScope::broker, "socket.connection.setup.timeout.ms", 1, kHighest,
     "How long a broker waits for a connection of its own to come about; each time it fails, twice as long.", "New in 2.7."},
    {ConfigScope::broker, "socket.connection.setup.timeout.max.ms", 1, kHighest,
     "The longest that a broker waits for a connection of its own to come about.", "New in 2.7."},
    {ConfigScope::broker, "controlled.shutdown.enable", kLowest, kHighest,
     "Whether a broker that is stopped hands its leaderships over before it goes.", ""},
    {ConfigScope::broker, "unclean.leader.election.enable", kLowest, kHighest,
     "Whether a replica outside the ISR may lead when no other lives: available sooner, with loss of records.",
     "true before 0.11."},
    {ConfigScope::broker, "min.insync.replicas", 1, kInt32,
     "How many in-sync replicas a write with acks=all needs; with fewer it is refused.", ""},
    {ConfigScope::broker, "num.partitions", 1, kInt32, "How many partitions a topic gets that does not say.", ""},
    {ConfigScope::broker, "default.replication.factor", 1, 15, "How many replicas a topic gets that does not say.", ""},
    {ConfigScope::broker, "offsets.topic.num.partitions", 1, 1000,
     "How many partitions __consumer_offsets has; each consumer group belongs to one of them.", ""},
    {ConfigScope::broker, "offsets.topic.replication.factor", 1, 15,
     "How many replicas the partitions of __consumer_offsets have.", "Enforced since 0.11."},
    {ConfigScope::broker, "offsets.commit.timeout.ms", 1, kInt32,
     "How long a commit waits to be replicated before it fails.", ""},
    {ConfigScope::broker, "group.initial.rebalance.delay.ms", 0, kInt32,
     "How long an empty group waits for more members before its first rebalance.", "New in 0.11."},
    {ConfigScope::broker, "group.min.session.timeout.ms", 1, kInt32,
     "The shortest session.timeout.ms that a member may ask for.", ""},
    {ConfigScope::broker, "group.max.session.timeout.ms", 1, kInt32,
     "The longest session.timeout.ms that a member may ask for.", ""},
    {ConfigScope::broker, "auto.leader.rebalance.enable", kLowest, kHighest,
     "Whether the controller gives leaderships back to preferred replicas from time to time.", ""},
    {ConfigScope::broker, "leader.imbalance.check.interval.seconds", 1, kHighest,
     "How often the controller looks for partitions that are not led by their preferred replica.", ""},
    {ConfigScope::broker, "log.flush.offset.checkpoint.interval.ms", 1, kInt32,
     "How often a broker notes how far its logs are safely on disk.", ""},
    {ConfigScope::broker, "log.retention.check.interval.ms", 1, kHighest,
     "How often a broker looks for segments that are too old or too many.", ""},
    {ConfigScope::broker, "log.initial.task.delay.ms", 0, kHighest,
     "How long after its start a broker looks for such segments for the first time.", "Always 30 s before 3.6."},
    {ConfigScope::broker, "log.retention.ms", -1, kHighest,
     "How old a segment may become before it is deleted, -1 for ever; topics can say it for themselves.", ""},
    {ConfigScope::broker, "log.retention.minutes", -1, kInt32, "The same in minutes; counts if log.retention.ms is not set.", ""},
    {ConfigScope::broker, "log.retention.hours", -1, kInt32,
     "The same in hours; counts if neither log.retention.ms nor log.retention.minutes is set.", ""},
    {ConfigScope::broker, "log.retention.bytes", -1, kHighest,
     "How large a log may be before its oldest segments are deleted, -1 without a limit; topics can say it for themselves.", ""},
    {ConfigScope::broker, "log.segment.delete.delay.ms", 0, kHighest,
     "How long the file of a deleted segment stays on disk; topics can say it for themselves.", ""},
    {ConfigScope::broker, "log.flush.interval.messages", 1, kHighest,
     "After how many records of a partition a broker forces them to disk; topics can say it for themselves.", ""},
    {ConfigScope::broker, "log.flush.interval.ms", 0, kHighest,
     "How long records may wait before a broker forces them to disk, by its look every log.flush.scheduler.interval.ms; topics can "
     "say it for themselves.", ""},
    {ConfigScope::broker, "log.flush.scheduler.interval.ms", 1, kHighest,
     "How often a broker looks for logs that are to be forced to disk; without it flush.ms and log.flush.interval.ms mean nothing.", ""},
    {ConfigScope::broker, "log.dirs", 1, kMostLogDirs,
     "How many directories, on disks of their own, a broker has for its logs; the first also holds the metadata log. Kafka's key lists "
     "their paths.", ""},
    {ConfigScope::broker, "log.dir.failure.timeout.ms", 1, kHighest,
     "How long a broker with a failed directory tries to tell the controller before it gives up and ends.", "New in 3.7."},
};

constexpr ConfigDoc kTopicDocs[] = {
    {ConfigScope::topic, "min.insync.replicas", 1, kInt32,
     "How many in-sync replicas a write with acks=all needs; inherited from the brokers unless set.", ""},
    {ConfigScope::topic, "unclean.leader.election.enable", kLowest, kHighest,
     "Whether a replica outside the ISR may lead this topic's partitions; inherited from the brokers unless set.", ""},
    {ConfigScope::topic, "segment.bytes", 14, kInt32, "The size at which a log begins a new segment file.",
     "Kafka 4.0 raised the minimum from 14 bytes to 1 MiB."},
    {ConfigScope::topic, "segment.ms", 1, kHighest,
     "The age at which a log begins a new segment file although the old one is not full.", ""},
    {ConfigScope::topic, "segment.index.bytes", 4, kInt32,
     "The size of a segment's index; a full index begins a new segment too.", ""},
    {ConfigScope::topic, "index.interval.bytes", 0, kInt32,
     "How many bytes of the log lie between two entries of its index.", ""},
    {ConfigScope::topic, "max.message.bytes", 0, kInt32, "The largest batch that the topic takes.",
     "1000012 before 2.5."},
    {ConfigScope::topic, "message.timestamp.type", kLowest, kHighest,
     "Whether a record carries the time of its producer or that of its append.", ""},
    {ConfigScope::topic, "message.timestamp.before.max.ms", 0, kHighest,
     "How far a record's time may lie behind the broker's clock when it is appended; else the batch is refused.", "New in 3.6."},
    {ConfigScope::topic, "message.timestamp.after.max.ms", 0, kHighest,
     "How far a record's time may lie ahead of the broker's clock when it is appended; else the batch is refused.",
     "New in 3.6; without a limit before 4.0."},
    {ConfigScope::topic, "retention.ms", -1, kHighest,
     "How old a segment may become, by its newest record, before it is deleted; -1 for ever.", ""},
    {ConfigScope::topic, "retention.bytes", -1, kHighest,
     "How large a partition may be before its oldest segments are deleted; -1 without a limit.", ""},
    {ConfigScope::topic, "file.delete.delay.ms", 0, kHighest,
     "How long the file of a deleted segment stays on disk.", ""},
    {ConfigScope::topic, "flush.messages", 1, kHighest,
     "After how many records of a partition they are forced to disk; 1: after every write.", ""},
    {ConfigScope::topic, "flush.ms", 0, kHighest,
     "How long records may wait before they are forced to disk; brokers look every log.flush.scheduler.interval.ms only.", ""},
};

constexpr ConfigDoc kProducerDocs[] = {
    {ConfigScope::producer, "acks", kLowest, kHighest,
     "Who must have a record before it counts as sent: nobody (0), the leader (1) or all in-sync replicas (all).",
     "1 before 3.0."},
    {ConfigScope::producer, "enable.idempotence", kLowest, kHighest,
     "Whether batches are numbered, so that the client's own retries make neither duplicates nor disorder.",
     "false before 3.0."},
    {ConfigScope::producer, "linger.ms", 0, kHighest, "How long a batch waits for more records before it is sent.",
     "0 before 4.0 (KIP-1030)."},
    {ConfigScope::producer, "batch.size", 0, kInt32,
     "The size in bytes at which a batch is full; a batch never waits once it is.", ""},
    {ConfigScope::producer, "buffer.memory", 0, kHighest,
     "The memory for records that are not acknowledged yet; without room send() blocks.", ""},
    {ConfigScope::producer, "max.block.ms", 0, kHighest,
     "How long send() waits for metadata or memory before it fails.", ""},
    {ConfigScope::producer, "max.request.size", 0, kInt32,
     "The largest request, and so the largest record, that the producer sends.", ""},
    {ConfigScope::producer, "max.in.flight.requests.per.connection", 1, kInt32,
     "How many requests to one broker may wait for their answers; without idempotence more than 1 can reorder records.",
     ""},
    {ConfigScope::producer, "retries", 0, kInt32, "How often a batch is sent again after an error that may pass.",
     "0 before 2.1."},
    {ConfigScope::producer, "retry.backoff.ms", 0, kHighest,
     "The pause before the first retry; each further one is twice as long.", "Always the same pause before 3.7."},
    {ConfigScope::producer, "retry.backoff.max.ms", 0, kHighest, "The longest pause before a retry.", "New in 3.7."},
    {ConfigScope::producer, "request.timeout.ms", 0, kInt32,
     "How long the producer waits for an answer before it closes the connection and retries.", ""},
    {ConfigScope::producer, "delivery.timeout.ms", 0, kInt32,
     "How long a record may take from send() to its acknowledgement, retries included, before it counts as failed.",
     "New in 2.1."},
    {ConfigScope::producer, "metadata.max.age.ms", 1, kHighest,
     "How often the producer asks for leaders and partitions although no error made it ask.", ""},
    {ConfigScope::producer, "reconnect.backoff.ms", 0, kHighest,
     "The pause before a connection that was lost or did not come about is tried again; each time it fails, twice as long, "
     "but not if this key is set and reconnect.backoff.max.ms is not.", ""},
    {ConfigScope::producer, "reconnect.backoff.max.ms", 0, kHighest, "The longest pause before a connection is tried again.", ""},
    {ConfigScope::producer, "socket.connection.setup.timeout.ms", 1, kHighest,
     "How long the producer waits for a connection to come about; each time it fails, twice as long.", "New in 2.7."},
    {ConfigScope::producer, "socket.connection.setup.timeout.max.ms", 1, kHighest,
     "The longest that the producer waits for a connection to come about.", "New in 2.7."},
    {ConfigScope::producer, "nutshell.batch.split", kLowest, kHighest,
     "What becomes of a batch that the broker finds too large: it is cut at batch.size, and again, now into halves, if it "
     "was cut before; or it is cut at batch.size every time, which makes a batch that was smaller no smaller.",
     "Not a key of Kafka: halves is what producers do since 4.2, batch.size what they did until 4.1 (KAFKA-8350)."},
    {ConfigScope::producer, "partitioner.class", kLowest, kHighest,
     "Who chooses a partition: the built-in sticky partitioner, or one partition after the other.",
     "Before 2.4 records without key went round-robin; the built-in partitioner is that of KIP-794 since 3.3."},
    {ConfigScope::producer, "partitioner.adaptive.partitioning.enable", kLowest, kHighest,
     "Whether the sticky partitioner prefers partitions whose queue in the producer is short.", "New in 3.3."},
    {ConfigScope::producer, "partitioner.ignore.keys", kLowest, kHighest,
     "Whether a record's key plays no part in the choice of its partition.", "New in 3.3."},
};

constexpr ConfigDoc kConsumerDocs[] = {
    {ConfigScope::consumer, "session.timeout.ms", 1, kInt32,
     "How long the group coordinator waits for a heartbeat before it expels a member.", "10 s before 3.0."},
    {ConfigScope::consumer, "heartbeat.interval.ms", 1, kInt32,
     "How often a member tells the group coordinator that it is alive, and learns of rebalances.", ""},
    {ConfigScope::consumer, "max.poll.interval.ms", 1, kInt32,
     "How long an application may work between two calls of poll() before its consumer leaves the group.", ""},
    {ConfigScope::consumer, "max.poll.records", 1, kInt32, "How many records one poll() returns at most.", ""},
    {ConfigScope::consumer, "partition.assignment.strategy", kLowest, kHighest,
     "How partitions are divided among the members of a group: assignors, the preferred one first.",
     "With cooperative-sticky alone, members keep reading while the group rebalances (2.4). The default behaves as range "
     "while all members offer it; it was range alone before 3.0."},
    {ConfigScope::consumer, "enable.auto.commit", kLowest, kHighest,
     "Whether poll() commits by itself, now and then, what earlier polls returned.", ""},
    {ConfigScope::consumer, "auto.commit.interval.ms", 0, kInt32, "How often poll() commits by itself.", ""},
    {ConfigScope::consumer, "auto.offset.reset", kLowest, kHighest,
     "Where to begin without a committed offset, or when that offset is gone: at the end, at the beginning, or not at "
     "all.",
     "by_duration is new in 4.0 (KIP-1106)."},
    {ConfigScope::consumer, "fetch.max.wait.ms", 0, kInt32,
     "How long a broker may hold back the answer to a fetch while it has less than fetch.min.bytes.", ""},
    {ConfigScope::consumer, "fetch.min.bytes", 0, kInt32,
     "How many bytes a broker waits for before it answers a fetch.", ""},
    {ConfigScope::consumer, "fetch.max.bytes", 0, kInt32, "How many bytes the answer to a fetch holds in all.", ""},
    {ConfigScope::consumer, "max.partition.fetch.bytes", 0, kInt32,
     "How many bytes of one partition the answer to a fetch holds; a larger first batch is returned all the same.", ""},
    {ConfigScope::consumer, "request.timeout.ms", 0, kInt32,
     "How long the consumer waits for an answer before it closes the connection and retries.", "305 s before 2.0."},
    {ConfigScope::consumer, "default.api.timeout.ms", 0, kInt32,
     "How long commitSync() tries before the application is told that it has failed.", "New in 2.0."},
    {ConfigScope::consumer, "retry.backoff.ms", 0, kHighest,
     "The pause before the first retry; each further one is twice as long.", "Always the same pause before 3.7."},
    {ConfigScope::consumer, "retry.backoff.max.ms", 0, kHighest, "The longest pause before a retry.", "New in 3.7."},
    {ConfigScope::consumer, "metadata.max.age.ms", 1, kHighest,
     "How often the consumer asks for leaders and partitions although no error made it ask.", ""},
    {ConfigScope::consumer, "reconnect.backoff.ms", 0, kHighest,
     "The pause before a connection that was lost or did not come about is tried again; each time it fails, twice as long, "
     "but not if this key is set and reconnect.backoff.max.ms is not.", ""},
    {ConfigScope::consumer, "reconnect.backoff.max.ms", 0, kHighest, "The longest pause before a connection is tried again.", ""},
    {ConfigScope::consumer, "socket.connection.setup.timeout.ms", 1, kHighest,
     "How long the consumer waits for a connection to come about; each time it fails, twice as long.", "New in 2.7."},
    {ConfigScope::consumer, "socket.connection.setup.timeout.max.ms", 1, kHighest,
     "The longest that the consumer waits for a connection to come about.", "New in 2.7."},
};

std::vector<ConfigDoc> all_docs() {
  std::vector<ConfigDoc> all;
  all.insert(all.end(), std::begin(kBrokerDocs), std::end(kBrokerDocs));
  all.insert(all.end(), std::begin(kTopicDocs), std::end(kTopicDocs));
  all.insert(all.end(), std::begin(kProducerDocs), std::end(kProducerDocs));
  all.insert(all.end(), std::begin(kConsumerDocs), std::end(kConsumerDocs));
  PlainKinds::each([&]<class Kind>() {
    for (const KeyDoc& each : Kind::docs) all.push_back({plain_scope<Kind>(), each.name, each.minimum, each.maximum, each.doc, ""});
  });
  return all;
}

}  // namespace

const std::vector<ConfigDoc>& config_docs() {
  static const std::vector<ConfigDoc> kAll = all_docs();
  return kAll;
}

}  // namespace nutshell
