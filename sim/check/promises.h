// The table of promises: what Kafka promises its clients and itself.
//
// A promise is one row here (promises.cpp) and one check where it can be broken (judge_*.cpp). It is
// judged in every run; some promises Kafka gives only under a condition, and the row says which. A
// breach without that condition is no fault of the cluster: it is reported, marked as not promised.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace nutshell {

// In the order of the table.
enum class PromiseId : std::int8_t {
  // one replica
  log_marks_in_order,
  offsets_are_dense,
  // replicas of a partition
  logs_agree_below_high_watermark,
  high_watermark_never_falls,
  followers_do_not_truncate_committed,
  isr_members_have_committed_records,
  only_the_isr_is_waited_for,
  // what the controller decides
  isr_within_replicas,
  leader_in_isr,
  no_fenced_broker_in_isr,
  one_leader_per_epoch,
  epochs_increase,
  // producers
  acked_records_survive,
  acks_all_is_replicated,
  send_order_kept,
  no_duplicates,
  records_are_conserved,
  // metadata quorum
  one_controller_per_epoch,
  one_vote_per_epoch,
  committed_metadata_survives,
  broker_images_agree,
  broker_epochs_increase,
  // groups and consumers
  one_owner_per_generation,
  assignment_covers_subscription,
  generations_increase,
  commits_are_fenced,
  committed_offsets_survive,
  committed_offset_within_log,
  lag_not_negative,
  consumers_see_only_committed,
  repeatable_read,
  no_record_skipped,
  reading_goes_on,
  at_least_once,
  // what logs let go of
  compaction_keeps_newest,
  only_committed_is_deleted,
  log_start_never_falls,
  // the simulation itself
  messages_conserved,
  time_never_goes_back,
  // disks
  flushed_records_survive,
};
inline constexpr std::size_t kPromiseCount = static_cast<std::size_t>(PromiseId::flushed_records_survive) + 1;

struct Promise {
  std::string_view name;    // "acked_records_survive"
  std::string_view title;   // "An acknowledged record survives"
  std::string_view about;   // one sentence for people
  std::string_view source;  // "RULES.md R8, R10", which is sim/kafka/RULES.md
  std::string_view given;   // under which condition Kafka gives it; empty: always
};

// All promises, in a fixed order; PromiseBroken::promise indexes it.
const std::vector<Promise>& promises();
// Index by name; -1: none.
std::int32_t find_promise(std::string_view name);

}  // namespace nutshell
