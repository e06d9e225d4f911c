// The table of looks: a row for each fact says how it shows, and who reads it.
//
// No column has a default, and a reader that is not ready for a fact which the table gives it does not compile: who
// adds a fact answers all of it here, and hears of the readers that have more to do.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sim/history/place_kind.h"
#include "sim/kafka/facts.h"

namespace nutshell {

// How lists sort facts for people.
enum class FactKind : std::uint8_t { other, election, isr, group, client, fault, promise };
inline constexpr int kFactKinds = 7;
// "elections", "ISR".
std::string_view fact_kind_label(FactKind kind);

// What of a run is worth a sound, if somebody wants any.
enum class Cue : std::uint8_t { crash, election, rebalance, settled, loss, question, right, wrong };
inline constexpr int kCues = 8;

// What stands on the axis of time. Facts make elections, rebalances, changes of the ISR and promises.
enum class MarkKind : std::uint8_t { action, election, rebalance, isr, promise, beat, question };
struct FactMark {
  MarkKind kind;
  std::string_view text;  // as FactLooks::label
};

// How what has happened moves while time passes, and what of a Transition says more.
enum class TransitionKind : std::uint8_t {
  append, high_watermark, truncated,   // broker, tp, offsets from .. to
  committed, position,                 // node (a consumer), tp, offsets from .. to
  crashed, joined, left, star,         // node
  fenced,                              // broker
  isr_shrunk, isr_expanded, office,    // broker, tp
  crown,                               // broker, previous, tp, epoch
  revoked, assigned,                   // node (a consumer), tp
  dropped                              // node to `to`, message
};
inline constexpr int kTransitionKinds = 17;

// What a fact says of the message whose arrival brought it about.
enum class CargoKind : std::uint8_t {
  none,
  records,  // it carried `count` records of `tp`
  refusal,  // a write of `tp` was not accepted
  progress  // its sender has what is below the high watermark of a leader
};

// Who reads a fact beyond its looks, and what it is besides.
enum FactFlag : unsigned {
  kPlain = 0,
  kGrave = 1,       // a promise broke, or records were lost
  kStates = 2,      // it changes a state (states.cpp)
  kSeenLater = 4,   // what it names is seen some messages after it was decided (scenario/effect.cpp)
  kOffsets = 8,     // it tells of a stretch of a log: offsets_of() says which
  kMeasured = 16    // charts count or measure it (session/history_*.cpp)
};

// Has no default, so that a row which lacks a column does not compile.
struct FactFlags {
  constexpr FactFlags(unsigned all) : bits(all) {}
  unsigned bits;
};

struct FactLooks {
  std::string_view fact;
  FactKind kind;
  std::uint8_t weight;     // of several facts of a step, the heaviest gives it its words on tracks; 0: none
  std::string_view label;  // a few words beside its point, with fields: "fences broker {broker}"; empty: none
  std::optional<Cue> cue;
  std::optional<FactMark> mark;
  std::optional<TransitionKind> move;
  CargoKind cargo;
  std::uint32_t explains;  // of which places it is the reason for what they are: see by()
  FactFlags flags;

  constexpr bool is(FactFlag flag) const { return (flags.bits & flag) != 0; }
  constexpr bool explains_place(PlaceKind place) const { return ((explains >> static_cast<unsigned>(place)) & 1u) != 0; }
};

namespace looks {

// Own words depend on what the fact says: they are made in tracks.cpp.
inline constexpr std::string_view kNoWords = "", kOwnWords = "*";
inline constexpr std::nullopt_t kSilent = std::nullopt, kNoMark = std::nullopt, kStill = std::nullopt;
inline constexpr std::uint32_t kNothing = 0;

constexpr std::optional<FactMark> on_axis(MarkKind kind, std::string_view text) { return FactMark{kind, text}; }

template <class... Kinds>
constexpr std::uint32_t by(Kinds... kinds) {
  return ((1u << static_cast<unsigned>(kinds)) | ...);
}
// What befalls a process; its replicas are told by it while it is dead.
inline constexpr std::uint32_t kLife = by(PlaceKind::controller, PlaceKind::broker, PlaceKind::producer, PlaceKind::consumer,
                                          PlaceKind::process, PlaceKind::replica, PlaceKind::lag);

inline constexpr FactLooks kTable[] = {
    // fact, kind, weight, label, cue, mark, move, cargo, explains, flags
    {"node_started", FactKind::fault, 1, kNoWords, kSilent, kNoMark, TransitionKind::joined, CargoKind::none, kLife, kStates | kMeasured},
    {"node_crashed", FactKind::fault, 1, kNoWords, Cue::crash, kNoMark, TransitionKind::crashed, CargoKind::none, kLife, kStates},
    {"node_paused", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kLife, kStates},
    {"node_resumed", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kLife, kStates},
    {"node_stopping", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kLife, kStates},
    {"node_stopped", FactKind::fault, 1, kNoWords, kSilent, kNoMark, TransitionKind::left, CargoKind::none, kLife, kStates},
    {"node_slowed", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kLife, kPlain},
    {"clock_set", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kLife, kPlain},
    {"link_cut", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::link), kPlain},
    {"link_healed", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::link), kPlain},
    {"link_jammed", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::link), kPlain},
    {"link_released", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::link), kPlain},
    {"link_changed", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::link), kPlain},
    {"segment_lost", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"message_dropped", FactKind::fault, 0, kNoWords, kSilent, kNoMark, TransitionKind::dropped, CargoKind::none, kNothing, kPlain},
    {"request_timed_out", FactKind::client, 1, "gives up waiting", kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"connection_lost", FactKind::fault, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"election_started", FactKind::election, 1, kOwnWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::controller), kStates},
    {"vote_answered", FactKind::election, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"controller_elected", FactKind::election, 1, "elected, epoch {epoch}", Cue::election,
     on_axis(MarkKind::election, "{node} leads the quorum"),
     TransitionKind::star, CargoKind::none, by(PlaceKind::controller), kStates | kSeenLater},
    {"controller_activated", FactKind::election, 1, kNoWords, kSilent, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::controller), kStates},
    {"controller_resigned", FactKind::election, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::controller), kStates},
    {"metadata_committed", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"metadata_truncated", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"broker_registered", FactKind::other, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::broker), kSeenLater},
    {"broker_fenced", FactKind::fault, 2, "fences broker {broker}", Cue::crash, kNoMark,
     TransitionKind::fenced, CargoKind::none, by(PlaceKind::broker), kStates | kSeenLater},
    {"broker_unfenced", FactKind::fault, 1, "unfences broker {broker}", kSilent, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::broker), kStates | kSeenLater},
    {"shutdown_started", FactKind::other, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::broker), kPlain},
    {"topic_created", FactKind::other, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::partition), kStates | kSeenLater | kMeasured},
    {"leader_elected", FactKind::election, 2, "{tp}: elects broker {leader}", Cue::election,
     on_axis(MarkKind::election, "{tp}: broker {leader} is elected"), kStill, CargoKind::none,
     by(PlaceKind::partition, PlaceKind::replica), kStates | kSeenLater | kMeasured},
    {"partition_offline", FactKind::election, 1, "{tp} has no leader", kSilent, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::partition), kStates | kSeenLater},
    {"isr_shrunk", FactKind::isr, 1, "broker {broker} leaves the ISR", kSilent, on_axis(MarkKind::isr, "{tp}: the ISR shrinks"),
     TransitionKind::isr_shrunk, CargoKind::none, by(PlaceKind::replica), kStates | kSeenLater | kMeasured},
    {"isr_expanded", FactKind::isr, 1, "broker {broker} joins the ISR", kSilent, on_axis(MarkKind::isr, "{tp}: the ISR grows"),
     TransitionKind::isr_expanded, CargoKind::none, by(PlaceKind::replica), kStates | kSeenLater | kMeasured},
    {"isr_change_proposed", FactKind::isr, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"isr_change_refused", FactKind::isr, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"leader_took_office", FactKind::election, 1, kNoWords, kSilent, kNoMark,
     TransitionKind::office, CargoKind::none, by(PlaceKind::replica, PlaceKind::epoch), kStates | kMeasured},
    {"follower_started", FactKind::other, 0, kNoWords, kSilent, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::replica, PlaceKind::epoch), kStates},
    {"batch_appended", FactKind::other, 0, kNoWords, kSilent, kNoMark,
     TransitionKind::append, CargoKind::records, by(PlaceKind::log_end, PlaceKind::record), kOffsets | kMeasured},
    {"high_watermark_moved", FactKind::other, 0, kNoWords, kSilent, kNoMark,
     TransitionKind::high_watermark, CargoKind::progress, by(PlaceKind::high_watermark, PlaceKind::lag), kOffsets | kMeasured},
    {"log_truncated", FactKind::election, 3, "cuts its log at {to}", kSilent, kNoMark,
     TransitionKind::truncated, CargoKind::none,
     by(PlaceKind::replica, PlaceKind::high_watermark, PlaceKind::log_end), kGrave | kOffsets | kMeasured},
    {"produce_refused", FactKind::client, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"duplicate_recognised", FactKind::client, 1, "knows that batch", kSilent, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::producer), kPlain},
    {"records_sent", FactKind::client, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::producer), kMeasured},
    {"records_acked", FactKind::client, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::records,
     by(PlaceKind::producer), kOffsets | kMeasured},
    {"records_failed", FactKind::client, 3, "told: failed", Cue::loss, kNoMark,
     kStill, CargoKind::refusal, by(PlaceKind::producer), kGrave},
    {"produce_retried", FactKind::client, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::refusal, by(PlaceKind::producer), kPlain},
    {"coordinator_loaded", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kStates},
    {"member_joined", FactKind::group, 1, "{consumer} joins", kSilent, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::consumer, PlaceKind::group), kPlain},
    {"member_left", FactKind::group, 1, kOwnWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::consumer), kPlain},
    {"rebalance_started", FactKind::group, 1, "rebalance", Cue::rebalance, on_axis(MarkKind::rebalance, "group {group} rebalances"),
     kStill, CargoKind::none, by(PlaceKind::group), kStates},
    {"generation_started", FactKind::group, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::group), kStates},
    {"group_stable", FactKind::group, 1, "Stable, generation {generation}", Cue::settled, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::group), kStates | kSeenLater},
    {"group_empty", FactKind::group, 1, "Empty", kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::group), kStates},
    {"assignment_decided", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"partition_assigned", FactKind::group, 1, kNoWords, kSilent, kNoMark,
     TransitionKind::assigned, CargoKind::none,
     by(PlaceKind::partition, PlaceKind::consumer, PlaceKind::position, PlaceKind::lag), kStates},
    {"partition_revoked", FactKind::group, 1, kNoWords, kSilent, kNoMark,
     TransitionKind::revoked, CargoKind::none, by(PlaceKind::partition, PlaceKind::consumer), kStates},
    {"member_idle", FactKind::group, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::consumer), kStates},
    {"position_set", FactKind::client, 0, kNoWords, kSilent, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::position, PlaceKind::lag, PlaceKind::committed), kPlain},
    {"records_delivered", FactKind::client, 0, kNoWords, kSilent, kNoMark,
     TransitionKind::position, CargoKind::records, by(PlaceKind::position, PlaceKind::lag), kOffsets | kMeasured},
    {"offset_committed", FactKind::group, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::committed), kSeenLater | kMeasured},
    {"commit_refused", FactKind::group, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"promise_broken", FactKind::promise, 4, "a promise breaks", Cue::loss, on_axis(MarkKind::promise, "{promise}"),
     kStill, CargoKind::none, kNothing, kGrave},
    {"partitions_created", FactKind::other, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     kNothing, kStates | kSeenLater | kMeasured},
    {"topic_refused", FactKind::other, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"election_timeout_set", FactKind::election, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"action_refused", FactKind::other, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"position_reset", FactKind::client, 1, kOwnWords, kSilent, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::consumer, PlaceKind::position), kPlain},
    {"commit_failed", FactKind::group, 1, "cannot commit", kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::consumer), kPlain},
    {"coordinator_unavailable", FactKind::group, 1, "finds no coordinator", kSilent, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::consumer), kPlain},
    {"consumer_failed", FactKind::client, 3, "{consumer} fails", Cue::loss, kNoMark,
     kStill, CargoKind::none, by(PlaceKind::consumer), kPlain},
    {"topic_missing", FactKind::client, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"admin_failed", FactKind::other, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"log_start_raised", FactKind::other, 2, "log starts at {to}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::replica, PlaceKind::record), kOffsets},
    {"segment_deleted", FactKind::other, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::replica), kPlain},
    {"segment_file_removed", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"log_cleaning_started", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::replica), kPlain},
    {"log_cleaned", FactKind::other, 2, "compacts up to {to}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::replica, PlaceKind::record), kPlain},
    {"record_compacted", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::record), kOffsets},
    {"topic_deleted", FactKind::other, 2, "{topic} is deleted", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::partition), kStates | kSeenLater},
    {"log_deleted", FactKind::other, 2, "deletes {tp}", kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::replica), kStates},
    {"log_files_removed", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"offsets_forgotten", FactKind::group, 1, "forgets what was committed", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::committed), kPlain},
    {"damage_found", FactKind::fault, 3, "{tp}: a damaged batch", Cue::loss, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::replica, PlaceKind::log_end, PlaceKind::consumer), kGrave},
    {"batch_damaged", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::replica, PlaceKind::record), kPlain},
    {"flushes_lie", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::broker), kPlain},
    {"disk_stalled", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::broker), kPlain},
    {"disk_replaced", FactKind::fault, 2, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::broker, PlaceKind::replica), kPlain},
    {"disk_copied", FactKind::fault, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"disk_set_back", FactKind::fault, 2, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::broker, PlaceKind::replica), kPlain},
    {"directory_broken", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::broker), kPlain},
    {"directory_limited", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::broker), kPlain},
    {"directory_failed", FactKind::fault, 3, "a log directory fails", Cue::crash, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::broker, PlaceKind::replica), kPlain},
    {"directories_offline", FactKind::fault, 2, "hears of a failed directory of broker {broker}", kSilent, kNoMark, kStill,
     CargoKind::none, by(PlaceKind::broker), kPlain},
    {"broker_halted", FactKind::fault, 3, "ends by itself", kSilent, kNoMark, kStill, CargoKind::none, kLife, kPlain},
    {"statement_refused", FactKind::client, 2, "refuses a statement", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"query_started", FactKind::client, 1, "runs {query}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"query_ended", FactKind::client, 1, "ends {query}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"task_assigned", FactKind::group, 1, "task {part}_{partition}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"task_restored", FactKind::group, 2, "restored: {records} records", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"task_closed", FactKind::group, 1, "task {part}_{partition} goes", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"row_late", FactKind::client, 2, "a late row", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"row_skipped", FactKind::client, 1, "skips a row", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"window_changed", FactKind::client, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"window_closed", FactKind::client, 1, "windows close", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"result_emitted", FactKind::client, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"query_committed", FactKind::client, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"read_replica_changed", FactKind::client, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::position, PlaceKind::lag), kPlain},
    {"zone_lost", FactKind::fault, 3, "zone {zone} is lost", kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"zone_restored", FactKind::fault, 2, "zone {zone} is back", kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"zone_latency_set", FactKind::fault, 1, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"connect_refused", FactKind::client, 2, "refuses a call", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"connect_shared", FactKind::group, 2, "divides the work: {lost} wait", Cue::rebalance, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"connect_unit", FactKind::client, 1, "{unit} {state}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"source_sent", FactKind::client, 1, "{task} sends {records}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"source_noted", FactKind::client, 1, "{task} notes {place}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"sink_wrote", FactKind::client, 1, "{task} writes {records}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"connect_skipped", FactKind::client, 2, "{task} skips a record", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"store_changed", FactKind::client, 1, "{what}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"registry_elected", FactKind::election, 1, "{registry} is primary", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"schema_registered", FactKind::client, 2, "{subject}: version {version} is id {id}", Cue::settled,
     kNoMark, kStill, CargoKind::none, by(PlaceKind::process, PlaceKind::producer), kPlain},
    {"schema_refused", FactKind::client, 3, "refuses a schema ({status})", Cue::loss, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process, PlaceKind::producer), kPlain},
    {"schema_learned", FactKind::client, 0, "keeps schema {id}", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::producer, PlaceKind::consumer), kPlain},
    {"record_not_serialized", FactKind::client, 2, "cannot serialise", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::producer), kPlain},
    {"record_not_deserialized", FactKind::client, 3, "cannot read offset {offset}", Cue::loss, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::consumer, PlaceKind::position, PlaceKind::lag), kPlain},
    {"value_deserialized", FactKind::client, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::consumer), kPlain},
    {"metadata_snapshot_taken", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"metadata_snapshot_fetched", FactKind::other, 1, "snapshot to {end_offset}", kSilent, kNoMark, kStill, CargoKind::none,
     kNothing, kPlain},
    {"metadata_log_start_raised", FactKind::other, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, kNothing, kPlain},
    {"registry_called", FactKind::client, 2, "does as it is told", kSilent, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::process), kPlain},
    {"group_loaded", FactKind::group, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::group), kStates},
    {"handler_began", FactKind::client, 0, kNoWords, kSilent, kNoMark, kStill, CargoKind::none, by(PlaceKind::consumer), kPlain},
    {"handler_failed", FactKind::client, 3, "fails at offset {offset}", Cue::loss, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::consumer, PlaceKind::position, PlaceKind::lag), kPlain},
    {"dead_letter_written", FactKind::client, 3, "offset {offset} to {dead_letters}", Cue::settled, kNoMark, kStill, CargoKind::none,
     by(PlaceKind::consumer), kPlain},
};

consteval bool one_for_each_fact() {
  std::size_t row = 0;
  bool all = std::size(kTable) == FactKinds::size;
  FactKinds::each([&]<class F>(const F&) { all = all && kTable[row++].fact == F::name; });
  return all;
}
static_assert(one_for_each_fact(), "kTable has a row for each of FactKinds, in its order");

}  // namespace looks

constexpr const FactLooks& looks_of(const FactBody& body) { return looks::kTable[body.index()]; }
// The row of a kind of fact.
template <class F>
inline constexpr const FactLooks& kLooksOf = looks::kTable[FactKinds::number_of<F>()];

template <class Reader, class F>
concept ReadsFact = requires(Reader& reader, const F& fact) { reader(fact); };

// Gives the fact to the reader's overload for it; `otherwise` for a fact that it does not read. It has to read those that
// have the flag in the table, and no others: else this does not compile.
template <FactFlag Flag, class Reader, class Result>
Result read_fact(const FactBody& body, Reader&& reader, Result otherwise) {
  return body.visit([&]<class F>(const F& fact) -> Result {
    static_assert(kLooksOf<F>.is(Flag) == ReadsFact<Reader, F>, "the reader and the table of looks say different things");
    if constexpr (ReadsFact<Reader, F>) return reader(fact);
    else return otherwise;
  });
}

// A label or the text of a mark with the fact's fields put in; `partition` says how partitions are called.
std::string spell(std::string_view text, const FactBody& body, const Namer& namer,
                  const std::function<std::string(TopicPartition)>& partition);

// Offsets that a fact tells of: from where something was to where it is now, which is less where a log was cut.
struct FactOffsets {
  Offset from = -1, to = -1;
  bool holds(Offset offset) const { return offset >= std::min(from, to) && offset < std::max(from, to); }
};
// nullopt: it tells of none.
std::optional<FactOffsets> offsets_of(const FactBody& body);

}  // namespace nutshell
