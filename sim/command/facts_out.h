// Facts and times as commands print them.
#pragma once

#include <string>

#include "sim/kafka/facts.h"

namespace nutshell {

// "    12.345s  Broker 2 leads orders-0 from epoch 1 on.", in a column with room for every time up to `until`.
std::string timed(Time at, std::string_view text, Time until = 0);

// {"at": ns, "time": "12.345s", "step": 7, "fact": "leader_elected", "level": "story", "fields": {...},
//  "sentence": "..."}; a TopicPartition is written as "topic" and "partition".
std::string fact_json(const Fact& fact, const Namer& namer);

std::string_view level_name(FactLevel level);

}  // namespace nutshell
