// What happens to a record that cannot be converted or transformed (C15, C16): tried again for a while if that may help,
// then skipped or the end of its task, and of a sink's records a copy goes to the dead letters.
#pragma once

#include <optional>
#include <string>

#include "sim/connect/data.h"
#include "sim/connect/failure.h"
#include "sim/connect/settings.h"

namespace nutshell::connect {

struct ErrorPolicy {
  bool tolerate = false;          // errors.tolerance=all
  Duration retry_timeout = 0;     // -1: for ever
  Duration retry_delay_max = 60 * kSecond;
  std::string dead_letter_topic;  // "": none
  std::int64_t dead_letter_replication = 3;
  bool context_headers = false;
};
inline constexpr Duration kFirstRetryDelay = 300 * kMillisecond;

ErrorPolicy read_error_policy(Settings& settings, bool sink);

// How long to wait before it is tried once more, after `attempts` that failed (from 1) and `elapsed` since the first began.
// Nothing: that was the last. Above the longest delay Kafka draws one below it; here it is the longest.
std::optional<Duration> retry_after(const ErrorPolicy& policy, std::int64_t attempts, Duration elapsed);

// Where the failed record came from, as its copy says.
struct Origin {
  std::string connector;
  std::int32_t task = 0;
};
// The copy: key, value and headers as they were, and with context headers ten more that tell what happened.
RawRecord dead_letter(const ErrorPolicy& policy, const RawRecord& record, const Origin& origin, const Failure& failure);

}  // namespace nutshell::connect
