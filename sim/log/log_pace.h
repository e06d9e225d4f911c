// How fast a log grows, and how long its offsets last: they are numbered with 63 bits, from 0 on, and never given again.
#pragma once

#include <cstdint>
#include <string>

#include "sim/core/types.h"
#include "sim/log/log.h"
#include "sim/log/record.h"

namespace nutshell {

struct LogPace {
  std::int64_t records_per_day = 0;
  std::int64_t bytes_per_day = 0;  // as they are stored, of one replica
  std::int64_t days_left = 0;      // until offset 2^63 - 1, at this pace; 0: it stands still
};

// By what has been written in the last ten seconds before `now`, by the times of the records.
LogPace pace_of(const Log& log, const Records& records, Time now);

// "9.2 million": two digits at least; below a million the number itself.
std::string large_number(std::int64_t number);
// "1.05 TB"
std::string large_bytes(std::int64_t bytes);

}  // namespace nutshell
