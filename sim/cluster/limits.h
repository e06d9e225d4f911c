// What a world can hold, and what a scenario may ask for, so that a hostile file cannot hang or exhaust a build.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/core/bounds.h"
#include "sim/core/types.h"

namespace nutshell {

// of any world
inline constexpr std::int32_t kMostBrokers = 1'000;
inline constexpr std::int32_t kMostReplicasOfPartition = 15;  // BrokerList

// of a scenario
inline constexpr std::size_t kMaxScenarioBytes = 1 << 20;
inline constexpr Duration kMaxUntil = 12 * kHour;
inline constexpr Bounds kSomeTime{0, kMaxUntil};  // of a duration
inline constexpr std::int64_t kMostRecordBytes = 1 << 20;     // of one record of a producer
inline constexpr Duration kMinEvery = 100 * kMicrosecond;   // between two sends of a producer
inline constexpr Duration kMinLatency = 10 * kMicrosecond;  // so that no conversation takes place in no time
inline constexpr std::int64_t kMaxBrokers = 200;
inline constexpr std::int64_t kMaxPartitions = 5'000;  // of a topic
inline constexpr std::int64_t kMaxReplicas = 20'000;   // of all topics
inline constexpr std::int64_t kMaxRecordsAtOnce = 10'000;
inline constexpr std::int64_t kMaxRecords = 10'000'000;  // of a producer, in a run
inline constexpr std::size_t kMaxTopics = 500, kMaxClients = 1'000, kMaxActions = 5'000, kMaxBeats = 1'000,
                             kMaxExpectations = 1'000, kMaxGoals = 20, kMaxHints = 10;
inline constexpr std::size_t kMaxText = 4'000;  // bytes of a text
inline constexpr std::size_t kMaxName = 100;    // of a client or a group

}  // namespace nutshell
