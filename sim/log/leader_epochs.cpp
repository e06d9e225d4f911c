#include "sim/log/leader_epochs.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell {

namespace {

using Entries = std::vector<EpochEntry>;

// The first entry with an epoch above `epoch`, or the end.
Entries::const_iterator first_above(const Entries& entries, Epoch epoch) {
  return std::upper_bound(entries.begin(), entries.end(), epoch,
                          [](Epoch e, const EpochEntry& entry) { return e < entry.epoch; });
}

// The first entry that starts above `offset`, or the end.
Entries::const_iterator first_starting_above(const Entries& entries, Offset offset) {
  return std::upper_bound(entries.begin(), entries.end(), offset,
                          [](Offset o, const EpochEntry& entry) { return o < entry.start_offset; });
}

}  // namespace

void LeaderEpochs::insert(Epoch epoch, Offset start_offset) {
  NUTSHELL_REQUIRE(epoch >= 0 && start_offset >= 0);
  while (!entries_.empty() && (entries_.back().epoch >= epoch || entries_.back().start_offset >= start_offset)) {
    entries_.pop_back();
  }
  entries_.push_back({epoch, start_offset});
}

EpochEnd LeaderEpochs::end_offset_for(Epoch epoch, Offset log_end_offset) const {
  if (epoch == kNoEpoch || entries_.empty()) return {};
  if (epoch == latest_epoch()) return {epoch, log_end_offset};
  const auto above = first_above(entries_, epoch);
  if (above == entries_.end()) return {};
  if (above == entries_.begin()) return {epoch, above->start_offset};
  return {std::prev(above)->epoch, above->start_offset};
}

std::optional<EpochEntry> LeaderEpochs::entry_of(Epoch epoch) const {
  const auto above = first_above(entries_, epoch);
  if (above == entries_.begin() || std::prev(above)->epoch != epoch) return std::nullopt;
  return *std::prev(above);
}

std::optional<Epoch> LeaderEpochs::previous_epoch(Epoch epoch) const {
  const auto at_least = first_above(entries_, epoch - 1);
  if (at_least == entries_.begin()) return std::nullopt;
  return std::prev(at_least)->epoch;
}

std::optional<Epoch> LeaderEpochs::next_epoch(Epoch epoch) const {
  const auto above = first_above(entries_, epoch);
  if (above == entries_.end()) return std::nullopt;
  return above->epoch;
}

std::optional<Epoch> LeaderEpochs::epoch_for_offset(Offset offset) const {
  const auto above = first_starting_above(entries_, offset);
  if (above == entries_.begin()) return std::nullopt;
  return std::prev(above)->epoch;
}

void LeaderEpochs::truncate_from_end(Offset offset) {
  while (!entries_.empty() && entries_.back().start_offset >= offset) entries_.pop_back();
}

void LeaderEpochs::truncate_from_start(Offset offset) {
  const auto above = first_starting_above(entries_, offset);
  if (above == entries_.begin()) return;
  const auto last_at_or_below = entries_.begin() + (above - entries_.cbegin() - 1);
  last_at_or_below->start_offset = offset;
  entries_.erase(entries_.begin(), last_at_or_below);
}

}  // namespace nutshell
