// The leader epoch history of one replica (L19, L20): at which offset each epoch began.
//
// Kafka keeps it in LeaderEpochFileCache and the file leader-epoch-checkpoint. Entries ascend in epoch
// and in start offset. With it replicas find out where their logs part, without comparing records.
#pragma once

#include <optional>
#include <vector>

#include "sim/core/fields.h"
#include "sim/core/types.h"
#include "sim/log/batch.h"

namespace nutshell {

struct EpochEntry {
  Epoch epoch = 0;
  Offset start_offset = 0;
  friend bool operator==(const EpochEntry&, const EpochEntry&) = default;
  NUTSHELL_FIELDS(EpochEntry, epoch, start_offset)
};

// The answer to "where does this epoch end?": an epoch and the offset above its last record.
// -1 and -1: undefined.
struct EpochEnd {
  Epoch epoch = kNoEpoch;
  Offset end_offset = -1;
  bool is_undefined() const { return end_offset == -1; }
  friend bool operator==(const EpochEnd&, const EpochEnd&) = default;
  NUTSHELL_FIELDS(EpochEnd, epoch, end_offset)
};

class LeaderEpochs {
 public:
  const std::vector<EpochEntry>& entries() const { return entries_; }

  // Enters that `epoch` begins at `start_offset`, and first removes the entries with an epoch or a start
  // that is not lower. Nothing changes if `epoch` is the latest one and began no later.
  // REQUIRES epoch >= 0 and start_offset >= 0.
  void assign(Epoch epoch, Offset start_offset) {
    if (!entries_.empty() && entries_.back().epoch == epoch && entries_.back().start_offset <= start_offset) return;
    insert(epoch, start_offset);
  }

  // L20. `log_end_offset` is where the latest epoch ends.
  EpochEnd end_offset_for(Epoch epoch, Offset log_end_offset) const;

  // kNoEpoch if there is none.
  Epoch latest_epoch() const { return entries_.empty() ? kNoEpoch : entries_.back().epoch; }
  // The entry of exactly this epoch.
  std::optional<EpochEntry> entry_of(Epoch epoch) const;
  // The largest known epoch below, and the smallest above.
  std::optional<Epoch> previous_epoch(Epoch epoch) const;
  std::optional<Epoch> next_epoch(Epoch epoch) const;
  // The epoch of the record at this offset, by the history alone (also above the log end).
  std::optional<Epoch> epoch_for_offset(Offset offset) const;

  // Removes the epochs that began at `offset` or later.
  void truncate_from_end(Offset offset);
  // Forgets what lies below `offset`: the last entry at or below it now starts there.
  void truncate_from_start(Offset offset);
  void clear() { entries_.clear(); }

  friend bool operator==(const LeaderEpochs&, const LeaderEpochs&) = default;
  template <class F>
  static constexpr void each_field(F&& f) {
    f("entries", &LeaderEpochs::entries_);
  }

 private:
  void insert(Epoch epoch, Offset start_offset);

  std::vector<EpochEntry> entries_;
};

}  // namespace nutshell
