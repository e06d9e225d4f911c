#include "sim/kafka/facts_say.h"

#include "sim/core/text.h"
#include "sim/kafka/api.h"

namespace nutshell {

std::string_view fact_name(const FactBody& body) {
  return body.visit([](const auto& each) { return each.name; });
}

FactLevel fact_level(const FactBody& body) {
  return body.visit([](const auto& each) { return each.level; });
}

std::string_view Namer::message(MessageNumber number) const {
  return number < kKafkaMessages.size() ? kKafkaMessages[number].name : "nothing";
}

std::string Namer::partition(TopicPartition tp) const {
  return tp.partition < 0 ? name(tp.topic) : name(tp.topic) + "-" + std::to_string(tp.partition);
}

namespace {

std::string number(std::int64_t value) { return std::to_string(value); }
std::string broker(BrokerId id) { return id == kNoBroker ? "nobody" : "broker " + number(id); }
std::string error(ErrorCode code) { return std::string(error_name(code)); }

std::string records(std::int64_t count) { return count == 1 ? "1 record" : number(count) + " records"; }
std::string members(std::int64_t count) { return count == 1 ? "1 member" : number(count) + " members"; }
std::string offsets(Offset first, std::int64_t count) {
  return count == 1 ? "offset " + number(first) : "offsets " + number(first) + "-" + number(first + count - 1);
}

std::string ends(NodeId from, NodeId to, bool one_way, const Namer& n) {
  if (to == kNoNode) return from == kNoNode ? "all links" : "every link of " + n.node(from);
  if (from == kNoNode) return "every link of " + n.node(to);
  return "the link " + (one_way ? "from " + n.node(from) + " to " + n.node(to) : "between " + n.node(from) + " and " + n.node(to));
}

std::string_view removal_text(RemovalReason reason) {
  switch (reason) {
    case RemovalReason::time: return "older than the topic's retention allows";
    case RemovalReason::size: return "the log was larger than the topic's retention allows";
    case RemovalReason::below_log_start: return "below the start of the log";
    case RemovalReason::requested: return "as was asked for";
    case RemovalReason::messages: return "the log had more messages than the topic keeps";
    case RemovalReason::leader: break;
  }
  return "as on the leader";
}
std::string_view drop_text(DropReason reason) {
  switch (reason) {
    case DropReason::node_down: return "the receiver is down";
    case DropReason::connection_closed: return "the connection is closed";
    case DropReason::response_lost: return "the response is lost on the way";
    case DropReason::by_hand: break;
  }
  return "it was dropped by hand";
}

std::string_view fence_text(FenceReason reason) {
  switch (reason) {
    case FenceReason::session_expired: return "its session has expired";
    case FenceReason::shut_down: return "it has shut down";
    case FenceReason::new_registration: break;
  }
  return "it has registered anew";
}

std::string_view rebalance_text(RebalanceReason reason) {
  switch (reason) {
    case RebalanceReason::member_joined: return "a member joined";
    case RebalanceReason::member_left: return "a member left";
    case RebalanceReason::session_expired: return "a member's session expired";
    case RebalanceReason::leader_rejoined: return "the group leader joined again";
    case RebalanceReason::sync_timed_out: return "a member did not sync in time";
    case RebalanceReason::subscription_changed: return "a subscription changed";
    case RebalanceReason::partitions_given_up: return "a member has given up partitions and joins again";
    case RebalanceReason::assignment_not_written: return "its assignment could not be written to __consumer_offsets";
    case RebalanceReason::join_timed_out: break;
  }
  return "a member did not join again in time";
}

std::string failure_text(SendFailure reason, ErrorCode code) {
  switch (reason) {
    case SendFailure::refused: return error(code);
    case SendFailure::expired: return error(code) + " (delivery.timeout.ms is over)";
    case SendFailure::buffer_exhausted: return "buffer.memory had no room for max.block.ms (BufferExhaustedException)";
    case SendFailure::not_serialized: return "its value could not be serialised (SerializationException)";
    case SendFailure::metadata_missing: break;
  }
  return error(code) + " (no metadata for max.block.ms)";
}

std::string asker(const std::string& node) { return node == "admin" ? "the operator" : node; }

std::string say(const NodeStarted& f, const Namer& n) { return node_at_start(n.node(f.node)) + " starts."; }
std::string say(const NodeCrashed& f, const Namer& n) {
  return node_at_start(n.node(f.node)) + (f.power_loss ? " loses power: what it had not flushed is gone." : " is killed.");
}
std::string say(const NodePaused& f, const Namer& n) { return node_at_start(n.node(f.node)) + " freezes."; }
std::string say(const NodeResumed& f, const Namer& n) {
  return node_at_start(n.node(f.node)) + " wakes up and goes on as if nothing had happened.";
}
std::string say(const NodeStopping& f, const Namer& n) { return node_at_start(n.node(f.node)) + " is asked to stop."; }
std::string say(const NodeStopped& f, const Namer& n) { return node_at_start(n.node(f.node)) + " has stopped."; }
std::string say(const NodeSlowed& f, const Namer& n) {
  if (f.per_message == 0 && f.disk_bytes_per_second == 0) return node_at_start(n.node(f.node)) + " is fast again.";
  std::string text = node_at_start(n.node(f.node)) + " becomes slow:";
  if (f.per_message > 0) text += " " + format_duration(f.per_message) + " a message";
  if (f.disk_bytes_per_second > 0)
    text += std::string(f.per_message > 0 ? "," : "") + " its disk writes " + number(f.disk_bytes_per_second) + " bytes a second";
  return text + ".";
}
std::string say(const ClockSet& f, const Namer& n) {
  return "The clock of " + n.node(f.node) + " is off by " + format_duration(f.offset) + ".";
}
std::string say(const LinkCut& f, const Namer& n) { return capital(ends(f.from, f.to, f.one_way, n)) + " is cut."; }
std::string say(const LinkHealed& f, const Namer& n) {
  const bool several = f.from == kNoNode && f.to == kNoNode;
  return capital(ends(f.from, f.to, false, n)) + (several ? " are whole again." : " is whole again.");
}
std::string say(const LinkJammed& f, const Namer& n) { return capital(ends(f.from, f.to, f.one_way, n)) + " is jammed."; }
std::string say(const LinkReleased& f, const Namer& n) {
  return capital(ends(f.from, f.to, false, n)) + " lets go of " + number(f.messages) +
         (f.messages == 1 ? " message." : " messages at once.");
}
std::string say(const LinkChanged& f, const Namer& n) { return capital(ends(f.from, f.to, false, n)) + " changes."; }
std::string say(const SegmentLost& f, const Namer& n) {
  return "A segment of " + std::string(n.message(f.message)) + " from " + n.node(f.from) + " to " + n.node(f.to) +
         (f.by_cut ? " meets the cut" : " is lost") + "; TCP will send it again.";
}
std::string say(const MessageDropped& f, const Namer& n) {
  return std::string(n.message(f.message)) + " from " + n.node(f.from) + " to " + n.node(f.to) + " vanishes: " +
         std::string(drop_text(f.reason)) + ".";
}
std::string say(const RequestTimedOut& f, const Namer& n) {
  return node_at_start(n.node(f.client)) + " gives up waiting for " + n.node(f.server) + " to answer " +
         std::string(n.message(f.message)) + ", and closes the connection.";
}
std::string say(const ConnectionLost& f, const Namer& n) {
  return node_at_start(n.node(f.client)) + " notices that " + n.node(f.server) + " is gone.";
}

std::string say(const ElectionStarted& f, const Namer& n) {
  return n.node(f.node) + (f.pre_vote ? " asks whether it could win an election (pre-vote, epoch " : " stands for election (epoch ") +
         number(f.epoch) + ").";
}
std::string say(const VoteAnswered& f, const Namer& n) {
  return n.node(f.voter) + (f.granted ? " votes for " : " refuses ") + n.node(f.candidate) +
         (f.pre_vote ? " (pre-vote, epoch " : " (epoch ") + number(f.epoch) + ").";
}
std::string say(const ControllerElected& f, const Namer& n) {
  return n.node(f.node) + " wins the election of the metadata quorum, epoch " + number(f.epoch) + ".";
}
std::string say(const ControllerActivated& f, const Namer& n) { return n.node(f.node) + " is the active controller."; }
std::string say(const ControllerResigned& f, const Namer& n) {
  return n.node(f.node) + " no longer leads the metadata quorum (epoch " + number(f.epoch) + ").";
}
std::string say(const MetadataCommitted& f, const Namer& n) {
  return "Metadata is committed up to offset " + number(f.high_watermark) + " (" + n.node(f.node) + ").";
}
std::string say(const MetadataTruncated& f, const Namer& n) {
  return n.node(f.node) + " cuts its metadata log from " + number(f.from) + " back to " + number(f.to) + ".";
}
std::string say(const BrokerRegistered& f, const Namer&) {
  return capital(broker(f.broker)) + " is registered (broker epoch " + number(f.broker_epoch) + "), still fenced.";
}
std::string say(const BrokerFenced& f, const Namer&) {
  return "The controller fences " + broker(f.broker) + ": " + std::string(fence_text(f.reason)) + ".";
}
std::string say(const BrokerUnfenced& f, const Namer&) { return capital(broker(f.broker)) + " is unfenced and may lead."; }
std::string say(const ShutdownStarted& f, const Namer&) {
  return "The controller lets " + broker(f.broker) + " shut down: its leaderships move first.";
}
std::string say(const TopicCreated& f, const Namer& n) {
  return "Topic " + n.name(f.topic) + " is created: " + number(f.partitions) + (f.partitions == 1 ? " partition" : " partitions") +
         ", replication factor " + number(f.replication_factor) + ".";
}
std::string say(const PartitionsCreated& f, const Namer& n) {
  return "Topic " + n.name(f.topic) + " grows from " + number(f.previous) + (f.previous == 1 ? " partition to " : " partitions to ") +
         number(f.partitions) + ".";
}
std::string say(const TopicDeleted& f, const Namer& n) {
  return "Topic " + n.name(f.topic) + " is deleted, with its partitions and its configuration.";
}
std::string say(const LogDeleted& f, const Namer& n) {
  return capital(broker(f.broker)) + " deletes its log of " + n.partition(f.tp) + ", which ended at " + number(f.log_end) +
         "; its files go later.";
}
std::string say(const LogFilesRemoved& f, const Namer& n) {
  return capital(broker(f.broker)) + " removes the files of what was its log of " + n.partition(f.tp) + ", " + number(f.size_in_bytes) +
         " bytes.";
}
std::string say(const OffsetsForgotten& f, const Namer& n) {
  return "What group " + n.name(f.group) + " had committed of topic " + n.name(f.topic) +
         (f.expired ? " has expired: the group was empty for offsets.retention.minutes." : " goes with the topic.");
}
std::string say(const DamageFound& f, const Namer& n) {
  const std::string finder = n.node(f.finder), owner = broker(f.broker);
  const std::string what = "the batch at offset " + number(f.offset) + " of " + n.partition(f.tp);
  if (finder == owner) return capital(owner) + " looks through its log after an unclean end: " + what + " is damaged. The log ends there.";
  return node_at_start(finder) + " gets " + what + " from " + owner + " and does not take it: its checksum is wrong.";
}
std::string say(const BatchDamaged& f, const Namer& n) {
  return "The batch at offset " + number(f.offset) + " of " + n.partition(f.tp) + " is damaged on the disk of " + broker(f.broker) + ".";
}
std::string say(const FlushesLie& f, const Namer&) {
  return "The disk of " + broker(f.broker) +
         (f.lie ? " says from now on that it has flushed, and has not." : " flushes from now on when it says so.");
}
std::string say(const ZoneLost& f, const Namer& n) {
  return "Zone " + n.name(f.zone) + (f.cut_off ? " is cut off from the rest." : " loses power: all that stands in it is dark.");
}
std::string say(const ZoneRestored& f, const Namer& n) { return "Zone " + n.name(f.zone) + " is back."; }
std::string say(const ZoneLatencySet& f, const Namer& n) {
  return "Messages between zone " + n.name(f.zone) + " and " + (f.to == NameRef{-1} ? "the others" : "zone " + n.name(f.to)) +
         (f.latency == 0 ? " are as fast as others again." : " take " + format_duration(f.latency) + " more each way.");
}
std::string say(const DiskStalled& f, const Namer&) {
  return "The disk of " + broker(f.broker) + " does nothing for " + format_duration(f.duration) + ".";
}
std::string say(const DiskReplaced& f, const Namer&) {
  return capital(broker(f.broker)) + " gets a new, empty disk: " + number(f.logs) + (f.logs == 1 ? " log is gone." : " logs are gone.");
}
std::string say(const DiskCopied& f, const Namer&) {
  return "A copy is made of the disk of " + broker(f.broker) + ", with " + number(f.logs) + (f.logs == 1 ? " log." : " logs.");
}
std::string say(const DiskSetBack& f, const Namer&) {
  return "The disk of " + broker(f.broker) + " is as it was when it was copied: " + number(f.logs) +
         (f.logs == 1 ? " log is shorter." : " logs are shorter.");
}
std::string directory(std::int32_t number, BrokerId of) { return "log directory " + std::to_string(number) + " of " + broker(of); }
std::string say(const DirectoryBroken& f, const Namer&) { return "The disk of " + directory(f.directory, f.broker) + " breaks."; }
std::string say(const DirectoryLimited& f, const Namer&) {
  const std::string left = " has room for " + number(f.free_bytes) + " bytes more.";
  return capital(directory(f.directory, f.broker)) + (f.free_bytes == 0 ? " is full." : left);
}
std::string say(const DirectoryFailed& f, const Namer&) {
  return capital(directory(f.directory, f.broker)) + " has failed: " + number(f.replicas) +
         (f.replicas == 1 ? " replica is offline." : " replicas are offline.");
}
std::string say(const DirectoriesOffline& f, const Namer&) {
  return "The controller hears that " + (f.directories == 1 ? std::string("a log directory") : number(f.directories) + " log directories") +
         " of " + broker(f.broker) + " failed: its replicas there leave their ISRs.";
}
std::string say(const BrokerHalted& f, const Namer&) {
  const std::string who = capital(broker(f.broker)) + " ends by itself: ";
  switch (f.reason) {
    case HaltReason::all_directories: return who + "all its log directories have failed.";
    case HaltReason::metadata_directory: return who + "the directory of its metadata log has failed.";
    case HaltReason::controller_not_told: break;
  }
  return who + "it could not tell the controller of a failed directory within log.dir.failure.timeout.ms.";
}
std::string say(const TopicRefused& f, const Namer& n) {
  if (f.error == ErrorCode::request_timed_out)
    return "Nobody has created topic " + n.name(f.topic) + " within default.api.timeout.ms: the operator gives up.";
  return "The controller refuses to create topic " + n.name(f.topic) + ", which " + asker(n.node(f.client)) + " wants: " +
         error(f.error) + ".";
}
std::string say(const AdminFailed& f, const Namer& n) {
  const std::string what = std::string(n.message(f.message)) + (f.topic < 0 ? "" : " for " + n.name(f.topic));
  if (f.error == ErrorCode::request_timed_out)
    return "Nobody has answered " + what + " within default.api.timeout.ms: the operator gives up.";
  return "The controller refuses the operator's " + what + ": " + error(f.error) + ".";
}
std::string say(const ElectionTimeoutSet& f, const Namer& n) {
  return node_at_start(n.node(f.node)) + " campaigns in " + format_duration(f.timeout) + ", if it hears of no leader until then.";
}

std::string say(const ActionRefused& f, const Namer& n) {
  return "Nothing comes of " + n.name(f.action) + ": " + n.name(f.reason) +
         (f.error == ErrorCode::none ? "." : " (" + error(f.error) + ").");
}

std::string say(const LeaderElected& f, const Namer& n) {
  return capital(broker(f.leader)) + " becomes leader of " + n.partition(f.tp) + " (epoch " + number(f.leader_epoch) + ")" +
         (f.unclean ? ", an unclean election: it may lack committed records." : ".");
}
std::string say(const PartitionOffline& f, const Namer& n) {
  return n.partition(f.tp) + " has no leader: no replica that may lead is alive.";
}
std::string say(const IsrShrunk& f, const Namer& n) {
  return capital(broker(f.broker)) + " leaves the ISR of " + n.partition(f.tp) + ", " + members(f.isr_size) + " left" +
         (f.by_leader ? " (the leader found it too slow)." : ".");
}
std::string say(const IsrExpanded& f, const Namer& n) {
  return capital(broker(f.broker)) + " joins the ISR of " + n.partition(f.tp) + ", " + members(f.isr_size) + " now.";
}
std::string say(const IsrChangeProposed& f, const Namer& n) {
  return capital(broker(f.leader)) + " proposes that " + broker(f.broker) + (f.joins ? " joins" : " leaves") + " the ISR of " +
         n.partition(f.tp) + ".";
}
std::string say(const IsrChangeRefused& f, const Namer& n) {
  return "The controller refuses the ISR of " + n.partition(f.tp) + " that " + broker(f.leader) + " proposed: " + error(f.error) + ".";
}
std::string say(const LeaderTookOffice& f, const Namer& n) {
  return capital(broker(f.broker)) + " takes office as leader of " + n.partition(f.tp) + ": epoch " + number(f.leader_epoch) +
         " begins at offset " + number(f.epoch_start) + ".";
}
std::string say(const FollowerStarted& f, const Namer& n) {
  return capital(broker(f.broker)) + " follows " + broker(f.leader) + " in " + n.partition(f.tp) + " (epoch " +
         number(f.leader_epoch) + ").";
}
std::string say(const BatchAppended& f, const Namer& n) {
  return capital(broker(f.broker)) + (f.as_leader ? " appends " : " copies ") + offsets(f.base_offset, f.count) + " of " +
         n.partition(f.tp) + " (epoch " + number(f.leader_epoch) + ").";
}
std::string say(const HighWatermarkMoved& f, const Namer& n) {
  return "High watermark of " + n.partition(f.tp) + " on " + broker(f.broker) + (f.as_leader ? " (leader): " : ": ") + number(f.from) +
         " to " + number(f.to) + ".";
}
std::string say(const LogTruncated& f, const Namer& n) {
  return capital(broker(f.broker)) + " cuts " + n.partition(f.tp) + " from log end " + number(f.from) + " back to " + number(f.to) + ": " +
         records(f.from - f.to) + " removed.";
}
std::string say(const LogStartRaised& f, const Namer& n) {
  return "The log of " + n.partition(f.tp) + " on " + broker(f.broker) + " begins at offset " + number(f.to) + " now: " +
         records(f.to - f.from) + " " + (f.to - f.from == 1 ? "is" : "are") + " gone, " + std::string(removal_text(f.reason)) + ".";
}
std::string say(const SegmentDeleted& f, const Namer& n) {
  return capital(broker(f.broker)) + " deletes the segment " + number(f.base_offset) + " of " + n.partition(f.tp) + ", " +
         number(f.size_in_bytes) + " bytes up to offset " + number(f.end_offset - 1) + ": " + std::string(removal_text(f.reason)) + ".";
}
std::string say(const SegmentFileRemoved& f, const Namer& n) {
  return "The file of the deleted segment " + number(f.base_offset) + " of " + n.partition(f.tp) + " leaves the disk of " +
         broker(f.broker) + ": " + number(f.size_in_bytes) + " bytes are free.";
}
std::string say(const LogCleaningStarted& f, const Namer& n) {
  return capital(broker(f.broker)) + " begins to compact " + n.partition(f.tp) + ": of " + number(f.dirty_bytes + f.clean_bytes) +
         " bytes, " + number(f.dirty_bytes) + " up to offset " + number(f.to - 1) + " are dirty.";
}
std::string say(const LogCleaned& f, const Namer& n) {
  std::string text = capital(broker(f.broker)) + " has compacted " + n.partition(f.tp) + " up to offset " + number(f.to - 1) + ": " +
                     records(f.removed) + " gone, " + number(f.left) + " left, " + number(f.bytes_after) + " of " +
                     number(f.bytes_before) + " bytes.";
  if (f.tombstones == 0) return text;
  return text + (f.tombstones == 1 ? " A tombstone stays" : " " + number(f.tombstones) + " tombstones stay") +
         " until a cleaning after delete.retention.ms.";
}
std::string say(const RecordCompacted& f, const Namer& n) {
  const std::string gone = "Offset " + number(f.offset) + " of " + n.partition(f.tp) + " is compacted away on " + broker(f.broker) + ": ";
  switch (f.reason) {
    case CompactionReason::superseded: return gone + "offset " + number(f.newer) + " has a newer record with its key.";
    case CompactionReason::tombstone_expired: return gone + "it was a tombstone, and delete.retention.ms is over.";
    case CompactionReason::aborted: return gone + "its transaction was aborted.";
    case CompactionReason::marker: return gone + "it was a marker, and nothing of its transaction is left.";
    case CompactionReason::no_key: break;
  }
  return gone + "it has no key.";
}
std::string say(const ProduceRefused& f, const Namer& n) {
  return capital(broker(f.broker)) + " refuses a write of " + n.node(f.producer) + " to " + n.partition(f.tp) + ": " + error(f.error) + ".";
}
std::string say(const DuplicateRecognised& f, const Namer& n) {
  return capital(broker(f.broker)) + " has that batch of " + n.node(f.producer) + " already, at offset " + number(f.base_offset) + " of " +
         n.partition(f.tp) + ": it writes nothing and answers the same.";
}

std::string say(const RecordsSent& f, const Namer& n) {
  return node_at_start(n.node(f.producer)) + " sends " + records(f.count) + " to " + n.partition(f.tp) +
         (f.attempt > 0 ? " again (attempt " + number(f.attempt + 1) + ")." : ".");
}
std::string say(const RecordsAcked& f, const Namer& n) {
  const std::string acks = f.acks < 0 ? "all" : number(f.acks);
  if (f.base_offset < 0) return node_at_start(n.node(f.producer)) + " takes " + records(f.count) + " for sent (acks=0).";
  return node_at_start(n.node(f.producer)) + " is told: " + offsets(f.base_offset, f.count) + " of " + n.partition(f.tp) +
         " stored (acks=" + acks + ").";
}
std::string say(const RecordsFailed& f, const Namer& n) {
  return node_at_start(n.node(f.producer)) + " is told: " + records(f.count) + " for " + n.partition(f.tp) + " failed, " +
         failure_text(f.reason, f.error) + ".";
}
std::string say(const ProduceRetried& f, const Namer& n) {
  return node_at_start(n.node(f.producer)) + " will try again with " + n.partition(f.tp) + ": " + error(f.error) + ".";
}

std::string say(const CoordinatorLoaded& f, const Namer& n) {
  return capital(broker(f.broker)) + " coordinates the groups of " + n.partition(f.tp) + ".";
}
std::string say(const GroupLoaded& f, const Namer& n) {
  return capital(broker(f.broker)) + " finds group " + n.name(f.group) + " in its log, " +
         (f.members > 0 ? "Stable in generation " + number(f.generation) + " with " + members(f.members)
                        : "Empty after generation " + number(f.generation)) + ".";
}
std::string say(const MemberJoined& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + " joins group " + n.name(f.group) + ".";
}
std::string say(const MemberLeft& f, const Namer& n) {
  const std::string group = "group " + n.name(f.group);
  switch (f.reason) {
    case LeaveReason::closed: return node_at_start(n.node(f.consumer)) + " leaves " + group + ".";
    case LeaveReason::poll_expired:
      return node_at_start(n.node(f.consumer)) + " leaves " + group + ": its application did not poll for max.poll.interval.ms.";
    case LeaveReason::session_expired:
      return node_at_start(n.node(f.consumer)) + " is removed from " + group + ": its session has expired.";
    case LeaveReason::join_timed_out:
      return node_at_start(n.node(f.consumer)) + " is removed from " + group + ": it did not join again in time.";
    case LeaveReason::sync_timed_out: break;
  }
  return node_at_start(n.node(f.consumer)) + " is removed from " + group + ": it did not ask for its assignment in time.";
}
std::string say(const RebalanceStarted& f, const Namer& n) {
  return "Group " + n.name(f.group) + " rebalances: " + std::string(rebalance_text(f.reason)) + ".";
}
std::string say(const GenerationStarted& f, const Namer& n) {
  return "Group " + n.name(f.group) + " begins generation " + number(f.generation) + " with " + members(f.members) + ".";
}
std::string say(const GroupStable& f, const Namer& n) {
  return "Group " + n.name(f.group) + " is Stable in generation " + number(f.generation) + " with " + members(f.members) + ".";
}
std::string say(const GroupEmpty& f, const Namer& n) { return "Group " + n.name(f.group) + " is Empty."; }
std::string say(const AssignmentDecided& f, const Namer& n) {
  return n.partition(f.tp) + " goes to " + n.name(f.member_id) + " (generation " + number(f.generation) + ").";
}
std::string say(const PartitionAssigned& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + " gets " + n.partition(f.tp) + " (generation " + number(f.generation) + ").";
}
std::string say(const PartitionRevoked& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + (f.lost ? " has lost " : " gives up ") + n.partition(f.tp) + ".";
}
std::string say(const MemberIdle& f, const Namer& n) {
  const std::string idle = node_at_start(n.node(f.consumer)) + " is idle: group " + n.name(f.group);
  if (f.cooperative) return idle + " gives it no partition in generation " + number(f.generation) + ".";
  return idle + " has no partition left for it.";
}
std::string say(const PositionSet& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + " reads " + n.partition(f.tp) + " from offset " + number(f.position) +
         (f.diverged ? " (where the logs part)." : f.reset ? " (auto.offset.reset)." : " (committed).");
}
std::string say(const PositionReset& f, const Namer& n) {
  const std::string who = node_at_start(n.node(f.consumer));
  const std::string of = " of " + n.partition(f.tp);
  if (f.policy == ResetPolicy::divergence)
    return who + " goes back from offset " + number(f.from) + " to " + number(f.to) + of +
           ": what it has read from there on is gone, the new leader's log has other records or none.";
  const std::string cause = f.from < 0 ? "no offset of it is committed" : "offset " + number(f.from) + " is out of range";
  const std::string word = f.policy == ResetPolicy::latest ? "latest" : f.policy == ResetPolicy::by_duration ? "by_duration" : "earliest";
  const std::string policy = ": " + cause + ", and auto.offset.reset is " + word + ".";
  if (f.skipped > 0) return who + " skips " + records(f.skipped) + of + ", " + offsets(f.to - f.skipped, f.skipped) + policy;
  if (f.repeated > 0) return who + " reads " + records(f.repeated) + of + " again, " + offsets(f.to, f.repeated) + policy;
  return who + " goes from offset " + number(f.from) + " to " + number(f.to) + of + policy;
}
std::string say(const ReadReplicaChanged& f, const Namer& n) {
  const std::string who = node_at_start(n.node(f.consumer)) + " reads " + n.partition(f.tp);
  return f.broker == kNoBroker ? who + " from its leader again."
                               : who + " from " + broker(f.broker) + " from now on: a follower in its rack.";
}
std::string say(const RecordsDelivered& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + " receives " + offsets(f.first, f.last - f.first + 1) + " of " + n.partition(f.tp) + ".";
}
std::string say(const OffsetCommitted& f, const Namer& n) {
  return "Group " + n.name(f.group) + " has committed offset " + number(f.offset) + " of " + n.partition(f.tp) + ".";
}
std::string say(const CommitRefused& f, const Namer& n) {
  return "A commit of " + n.node(f.consumer) + " for group " + n.name(f.group) + " is refused: " + error(f.error) + ".";
}
std::string say(const CommitFailed& f, const Namer& n) {
  const std::string what = "A commit of " + n.node(f.consumer) + " for group " + n.name(f.group) + " fails";
  if (!f.sent) return what + ": it is no member any more (CommitFailedException).";
  if (f.error == ErrorCode::request_timed_out) return what + ": it has waited long enough (TimeoutException).";
  return what + ": " + error(f.error) + ".";
}
std::string say(const CoordinatorUnavailable& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + " finds no coordinator for group " + n.name(f.group) + ": " + error(f.error) +
         ". It asks again and again.";
}
std::string say(const ConsumerFailed& f, const Namer& n) {
  const std::string who = node_at_start(n.node(f.consumer));
  const std::string none = ", and auto.offset.reset is none ";
  switch (f.reason) {
    case ConsumerFailure::refused: return who + " is refused by group " + n.name(f.group) + " and ends: " + error(f.error) + ".";
    case ConsumerFailure::no_offset:
      return who + " ends: group " + n.name(f.group) + " has committed no offset of " + n.partition(f.tp) + none +
             "(NoOffsetForPartitionException).";
    case ConsumerFailure::out_of_range:
      return who + " ends: its position in " + n.partition(f.tp) + " is out of range" + none + "(OffsetOutOfRangeException).";
    case ConsumerFailure::damaged:
      return who + " ends: the next batch of " + n.partition(f.tp) + " is damaged, its checksum is wrong (CorruptRecordException).";
    case ConsumerFailure::log_truncated: break;
  }
  return who + " ends: what it has read of " + n.partition(f.tp) + " is gone" + none + "(LogTruncationException).";
}
std::string say(const TopicMissing& f, const Namer& n) {
  return node_at_start(n.node(f.client)) + " is told that there is no topic " + n.name(f.topic) + ": " + error(f.error) +
         ". It asks again and again.";
}
std::string say(const PromiseBroken&, const Namer&) { return "A promise is broken."; }

}  // namespace

std::string sentence(const FactBody& body, const Namer& namer) {
  return body.visit([&](const auto& each) { return say(each, namer); });
}

}  // namespace nutshell
