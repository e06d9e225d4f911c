// What RabbitMQ writes on a dead letter that goes on to another queue (Q20): the headers x-death, x-first-death-* and x-last-death-*.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/types.h"

namespace nutshell::queues {

struct Death {
  std::string queue, reason;         // what it left, and why: "rejected", "expired", "maxlen", "delivery_limit"
  std::string exchange, routing_key; // with which it had come to that queue
  std::int32_t count = 1;
  Time time = 0;                     // of the first time
  Duration original_expiration = kNever;  // its own time to live, which it loses
};

struct DeathHeaders {
  std::vector<Death> x_death;         // newest first, one for each queue and reason
  Death first;                        // never changes
  std::string exchange, routing_key;  // with which it has been published since
};

// It has died once more.
void add_death(DeathHeaders& headers, const Death& death);
// Whether it has been in that queue already and was rejected nowhere since then: then it does not get there again.
bool is_cycle(const DeathHeaders& headers, std::string_view queue);
// As a consumer reads them.
std::string to_text(const DeathHeaders& headers);

}  // namespace nutshell::queues
