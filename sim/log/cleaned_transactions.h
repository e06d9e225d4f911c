// What a cleaner knows of transactions while it goes through a log (L15-L17), from its oldest batch on.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "sim/core/types.h"
#include "sim/log/record.h"

namespace nutshell {

// A transaction that was aborted, as the transaction index of a log names it: from its first record to its marker.
struct AbortedTransaction {
  std::int64_t producer_id = kNoProducerId;
  Offset first_offset = 0;
  Offset last_offset = 0;
  friend bool operator==(const AbortedTransaction&, const AbortedTransaction&) = default;
};

class CleanedTransactions {
 public:
  // REQUIRES `aborted` ascends by last offset. Of those whose marker lies below the log start nothing is known any more.
  CleanedTransactions(const std::vector<AbortedTransaction>& aborted, Offset log_start);

  // Goes on to the batch; REQUIRES it follows on those read before. True: nothing of it is needed any more. Of data, that its
  // transaction was aborted; of a marker, that no data of its transaction was seen.
  bool read(const Records& records, const Batch& batch);
  // Those whose marker is kept because of data that was seen, by last offset.
  const std::vector<AbortedTransaction>& still_needed() const { return still_needed_; }

 private:
  struct Ongoing {
    AbortedTransaction transaction;
    bool seen = false;
  };
  bool read_marker(const Records& records, const Batch& batch);
  void begin_up_to(Offset offset);

  std::vector<AbortedTransaction> to_come_;  // by first offset
  std::size_t next_ = 0;
  std::map<std::int64_t, Ongoing> aborted_;  // by producer id
  std::set<std::int64_t> committed_;         // producers with data that is not aborted
  std::vector<AbortedTransaction> still_needed_;
};

}  // namespace nutshell
