// The disk of a broker: how fast it takes what is written, and until when it is busy with that.
//
// Without a rate it takes all at once: Kafka writes into the page cache, and what lies there and not on the disk a power
// loss takes (Log::unflushed_bytes); a flush brings it there, unless the disk lies. With a rate the cache is taken to be
// full, so that a write lasts as long as the disk needs, after all that it was given before.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/core/digest.h"
#include "sim/core/fields.h"
#include "sim/core/types.h"

namespace nutshell {

struct Disk {
  std::int64_t bytes_per_second = 0;  // 0: as fast as asked
  Time busy_until = 0;
  Rare<bool> lies;   // it says that it has flushed, and has not
  Rare<bool> tears;  // the power is about to go while it writes
  NUTSHELL_FIELDS(Disk, bytes_per_second, busy_until, lies, tears)

  bool takes_time() const { return bytes_per_second > 0; }
  // Does nothing for so long, after what it does already.
  void stall(Duration duration, Time now) { busy_until = std::max(busy_until, now) + duration; }
  // Takes so many bytes; returns when they are written. REQUIRES bytes >= 0.
  Time write(std::int64_t bytes, Time now) {
    busy_until = std::max(busy_until, now) + (takes_time() ? bytes * kSecond / bytes_per_second : 0);
    return busy_until;
  }
  // What was under way is lost with the process.
  void forget() {
    busy_until = 0;
    tears = false;
  }
};

// One directory for logs, on a disk of its own.
struct LogDirectory {
  bool broken = false;          // whatever is read or written there fails
  bool offline = false;         // the broker has noticed, and uses it no more
  std::int64_t capacity = -1;   // bytes; -1: room for all
  NUTSHELL_FIELDS(LogDirectory, broken, offline, capacity)
};

}  // namespace nutshell
