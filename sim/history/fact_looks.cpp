#include "sim/history/fact_looks.h"

#include <array>
#include <iterator>
#include <utility>

namespace nutshell {

namespace {

constexpr std::nullopt_t kSilent = std::nullopt;
constexpr FactLooks kLooks[] = {
    {"node_started", FactKind::fault, 1, false, kSilent},
    {"node_crashed", FactKind::fault, 1, false, Cue::crash},
    {"node_paused", FactKind::fault, 1, false, kSilent},
    {"node_resumed", FactKind::fault, 1, false, kSilent},
    {"node_stopping", FactKind::fault, 1, false, kSilent},
    {"node_stopped", FactKind::fault, 1, false, kSilent},
    {"node_slowed", FactKind::fault, 1, false, kSilent},
    {"clock_set", FactKind::fault, 1, false, kSilent},
    {"link_cut", FactKind::fault, 1, false, kSilent},
    {"link_healed", FactKind::fault, 1, false, kSilent},
    {"link_jammed", FactKind::fault, 1, false, kSilent},
    {"link_released", FactKind::fault, 1, false, kSilent},
    {"link_changed", FactKind::fault, 1, false, kSilent},
    {"segment_lost", FactKind::other, 0, false, kSilent},
    {"message_dropped", FactKind::fault, 0, false, kSilent},
    {"request_timed_out", FactKind::client, 1, false, kSilent},
    {"connection_lost", FactKind::fault, 0, false, kSilent},
    {"election_started", FactKind::election, 1, false, kSilent},
    {"vote_answered", FactKind::election, 0, false, kSilent},
    {"controller_elected", FactKind::election, 1, false, Cue::election},
    {"controller_activated", FactKind::election, 1, false, kSilent},
    {"controller_resigned", FactKind::election, 1, false, kSilent},
    {"metadata_committed", FactKind::other, 0, false, kSilent},
    {"metadata_truncated", FactKind::other, 0, false, kSilent},
    {"broker_registered", FactKind::other, 1, false, kSilent},
    {"broker_fenced", FactKind::fault, 2, false, Cue::crash},
    {"broker_unfenced", FactKind::fault, 1, false, kSilent},
    {"shutdown_started", FactKind::other, 1, false, kSilent},
    {"topic_created", FactKind::other, 1, false, kSilent},
    {"leader_elected", FactKind::election, 2, false, Cue::election},
    {"partition_offline", FactKind::election, 1, false, kSilent},
    {"isr_shrunk", FactKind::isr, 1, false, kSilent},
    {"isr_expanded", FactKind::isr, 1, false, kSilent},
    {"isr_change_proposed", FactKind::isr, 0, false, kSilent},
    {"isr_change_refused", FactKind::isr, 0, false, kSilent},
    {"leader_took_office", FactKind::election, 1, false, kSilent},
    {"follower_started", FactKind::other, 0, false, kSilent},
    {"batch_appended", FactKind::other, 0, false, kSilent},
    {"high_watermark_moved", FactKind::other, 0, false, kSilent},
    {"log_truncated", FactKind::election, 3, true, kSilent},
    {"produce_refused", FactKind::client, 0, false, kSilent},
    {"duplicate_recognised", FactKind::client, 1, false, kSilent},
    {"records_sent", FactKind::client, 0, false, kSilent},
    {"records_acked", FactKind::client, 0, false, kSilent},
    {"records_failed", FactKind::client, 3, true, Cue::loss},
    {"produce_retried", FactKind::client, 0, false, kSilent},
    {"coordinator_loaded", FactKind::other, 0, false, kSilent},
    {"member_joined", FactKind::group, 1, false, kSilent},
    {"member_left", FactKind::group, 1, false, kSilent},
    {"rebalance_started", FactKind::group, 1, false, Cue::rebalance},
    {"generation_started", FactKind::group, 1, false, kSilent},
    {"group_stable", FactKind::group, 1, false, Cue::settled},
    {"group_empty", FactKind::group, 1, false, kSilent},
    {"assignment_decided", FactKind::other, 0, false, kSilent},
    {"partition_assigned", FactKind::group, 1, false, kSilent},
    {"partition_revoked", FactKind::group, 1, false, kSilent},
    {"member_idle", FactKind::group, 1, false, kSilent},
    {"position_set", FactKind::client, 0, false, kSilent},
    {"records_delivered", FactKind::client, 0, false, kSilent},
    {"offset_committed", FactKind::group, 0, false, kSilent},
    {"commit_refused", FactKind::group, 0, false, kSilent},
    {"promise_broken", FactKind::promise, 4, true, Cue::loss},
    {"partitions_created", FactKind::other, 1, false, kSilent},
    {"topic_refused", FactKind::other, 1, false, kSilent},
    {"election_timeout_set", FactKind::election, 1, false, kSilent},
    {"action_refused", FactKind::other, 1, false, kSilent},
    {"position_reset", FactKind::client, 1, false, kSilent},
    {"commit_failed", FactKind::group, 1, false, kSilent},
    {"coordinator_unavailable", FactKind::group, 1, false, kSilent},
    {"consumer_failed", FactKind::client, 3, false, Cue::loss},
    {"topic_missing", FactKind::client, 1, false, kSilent},
    {"admin_failed", FactKind::other, 1, false, kSilent},
    {"log_start_raised", FactKind::other, 2, false, kSilent},
    {"segment_deleted", FactKind::other, 1, false, kSilent},
    {"segment_file_removed", FactKind::other, 0, false, kSilent},
};

template <std::size_t... I>
consteval bool one_for_each_fact(std::index_sequence<I...>) {
  return std::size(kLooks) == sizeof...(I) && ((kLooks[I].fact == std::variant_alternative_t<I, FactBody>::name) && ...);
}
static_assert(one_for_each_fact(std::make_index_sequence<std::variant_size_v<FactBody>>()),
              "kLooks has a row for each fact of FactBody, in its order");

}  // namespace

std::string_view fact_kind_label(FactKind kind) {
  constexpr std::array<std::string_view, kFactKinds> kLabels = {"other",   "elections", "ISR",     "groups",
                                                                "clients", "faults",    "promises"};
  return kLabels[static_cast<std::size_t>(kind)];
}

const FactLooks& looks_of(const FactBody& body) { return kLooks[body.index()]; }

}  // namespace nutshell
