#include "sim/check/promises.h"

#include "sim/core/require.h"

namespace nutshell {

namespace {

constexpr std::string_view kUnlessUnclean = "unless an unclean election gave the partition away";

}  // namespace

const std::vector<Promise>& promises() {
  static const std::vector<Promise> kTable = {
      {"log_marks_in_order", "The marks of a log are in order",
       "On every replica: log start <= last stable offset <= high watermark <= log end.", "RULES.md L3", ""},
      {"offsets_are_dense", "Offsets have no gaps",
       "A batch begins where the one before ends, leader epochs never fall along a log, and the epoch history says the same.",
       "RULES.md L1, L19", ""},
      {"logs_agree_below_high_watermark", "Replicas agree on what is committed",
       "Two replicas hold the same records at the same offsets below the lower of their high watermarks.",
       "RULES.md R8, L21", ""},
      {"high_watermark_never_falls", "What is committed stays committed",
       "The high watermark of a leader never falls within an epoch, and a new leader has every record that was committed before.",
       "RULES.md L3, R8, R14", kUnlessUnclean},
      {"followers_do_not_truncate_committed", "A follower keeps what is committed",
       "No replica cuts its log below its own high watermark.", "RULES.md L21", kUnlessUnclean},
      {"isr_members_have_committed_records", "The ISR has every committed record",
       "When the high watermark moves, every running member of the ISR has all records below it.", "RULES.md R7, R8", ""},
      {"only_the_isr_is_waited_for", "A write waits for the ISR only",
       "After a write the high watermark stands where the slowest of the ISR stands, and of those that are about to join it.",
       "RULES.md R8", ""},
      {"isr_within_replicas", "The ISR is part of the replicas",
       "The ISR of a partition is never empty and names only brokers that the partition is assigned to.", "RULES.md R7, R14", ""},
      {"leader_in_isr", "The leader is in sync", "A partition's leader is a member of its ISR, or there is no leader.",
       "RULES.md R7, R14", ""},
      {"no_fenced_broker_in_isr", "No fenced broker is in an ISR",
       "A broker that is fenced or shutting down is in no ISR and leads nothing; only the last member of an ISR without leader stays.",
       "RULES.md R12-R14, KIP-841", ""},
      {"one_leader_per_epoch", "One leader per epoch",
       "In one leader epoch of a partition only the broker takes office, and is followed, that the controller elected.",
       "RULES.md R14, R15", ""},
      {"epochs_increase", "Epochs only rise",
       "Every change of a partition has a higher partition epoch, every change of its leader a higher leader epoch.",
       "RULES.md R7, R15", ""},
      {"acked_records_survive", "An acknowledged record survives",
       "A record that a producer was told is stored (acks=1 or all) is in the log of every later leader, at the same offset.",
       "RULES.md R8, R10",
       "with acks=all, unless an unclean election gave the partition away or min.insync.replicas replicas lost power "
       "together, or the last in-sync replica did"},
      {"acks_all_is_replicated", "acks=all means replicated",
       "acks=all is answered only when the record is below the high watermark, which rests while the ISR is below min.insync.replicas.",
       "RULES.md R8, R10", ""},
      {"send_order_kept", "Records stay in the order sent",
       "In one partition, the records of one producer stand in the order in which they were sent.", "RULES.md C6, C8",
       "with enable.idempotence, or with max.in.flight.requests.per.connection=1, under one producer id and epoch"},
      {"no_duplicates", "No record is stored twice", "No record stands twice in the log of a partition.", "RULES.md C6, C7",
       "with enable.idempotence, under one producer id and epoch"},
      {"records_are_conserved", "Every record has one fate",
       "What a producer has sent is acknowledged, failed or on its way; nothing is acknowledged twice.", "RULES.md C4, C5", ""},
      {"one_controller_per_epoch", "One controller per epoch",
       "In one epoch of the metadata quorum at most one voter wins the election.", "RULES.md K1, K2", ""},
      {"one_vote_per_epoch", "One vote per epoch",
       "A voter votes for one candidate in an epoch, and never in an older epoch.", "RULES.md K1, K2", ""},
      {"committed_metadata_survives", "Committed metadata is never lost",
       "Committed metadata is on a majority of the voters, in the log of every later controller, and never cut.",
       "RULES.md K2, K5", ""},
      {"broker_images_agree", "Every broker sees the same cluster",
       "What a broker knows of the cluster is what a committed beginning of the metadata log says.", "RULES.md K1", ""},
      {"broker_epochs_increase", "Broker epochs only rise", "Every registration of a broker gets a higher broker epoch.",
       "RULES.md R11", ""},
      {"one_owner_per_generation", "A partition has one owner",
       "In one generation of a group no partition is given to two members.", "RULES.md G8, G14", ""},
      {"assignment_covers_subscription", "Every partition has an owner",
       "An assignment gives every partition of the subscribed topics, as its leader knew them, to a member that wants it.",
       "RULES.md G14, G15", ""},
      {"generations_increase", "Generations only rise", "Every stable generation of a group has a higher number.",
       "RULES.md G8", ""},
      {"commits_are_fenced", "Old members cannot commit",
       "A commit comes from the owner of the partition and never replaces one of a later generation.", "RULES.md G10", ""},
      {"committed_offsets_survive", "A committed offset survives",
       "A new owner starts at the committed offset, or beyond, whatever happened to the coordinator.", "RULES.md G1, G2", ""},
      {"committed_offset_within_log", "A committed offset is in the log", "No group commits an offset beyond the log end.",
       "RULES.md G2", kUnlessUnclean},
      {"lag_not_negative", "Lag is never negative", "No group commits an offset beyond the high watermark.", "RULES.md G2, R8", ""},
      {"consumers_see_only_committed", "Consumers see only what is committed",
       "A consumer is given no record at or above the high watermark.", "RULES.md L4, R8", ""},
      {"repeatable_read", "Reading again gives the same",
       "An offset that was read once gives the same record to everyone who reads it later.", "RULES.md L4, R8", kUnlessUnclean},
      {"no_record_skipped", "Reading leaves nothing out",
       "A consumer is given offset after offset; it jumps only when its position is set anew.", "RULES.md G2, G5", ""},
      {"reading_goes_on", "Reading goes on where it stood",
       "What a group is given follows in the log on what it was given before: records are left out or given again only by a "
       "reset that is told.",
       "RULES.md G2, G3", ""},
      {"at_least_once", "Every record is processed at least once",
       "A new owner starts at no offset that the group has not worked off.", "RULES.md G2, G10",
       "if the application commits after it has processed"},
      {"compaction_keeps_newest", "Compaction keeps the newest",
       "Who reads a compacted log from its start finds at least the newest committed record of every key.", "RULES.md L16, L18",
       "unless an unclean election gave the partition away; a replica that was away for longer than delete.retention.ms may miss "
       "tombstones"},
      {"only_committed_is_deleted", "Only what is committed is deleted",
       "No segment is deleted that is not wholly below the high watermark.", "RULES.md L9", ""},
      {"log_start_never_falls", "The start of a log only rises",
       "The log start of a replica never falls, unless its log is cut below it.", "RULES.md L3, L10", ""},
      {"messages_conserved", "No message gets lost unnoticed", "Every message sent is delivered, dropped for a reason, or in flight.",
       "RULES.md N1", ""},
      {"time_never_goes_back", "Time never goes back", "Steps follow one another in time.", "sim/README.md, Order", ""},
      {"flushed_records_survive", "What enough disks hold survives",
       "A record that was acknowledged with acks=all, and that min.insync.replicas replicas have on their disks, is in the log of "
       "every later leader.",
       "RULES.md L7, R8",
       "unless an unclean election gave the partition away, or the last in-sync replica lost it with its power or its disk"},
  };
  NUTSHELL_REQUIRE(kTable.size() == kPromiseCount);
  return kTable;
}

std::int32_t find_promise(std::string_view name) {
  const std::vector<Promise>& table = promises();
  for (std::size_t i = 0; i < table.size(); ++i)
    if (table[i].name == name) return static_cast<std::int32_t>(i);
  return -1;
}

}  // namespace nutshell
