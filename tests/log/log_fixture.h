// What the tests of logs share: batches made of a word, and replication between two bare logs.
#pragma once

#include "sim/core/require.h"
#include "sim/log/log.h"

namespace nutshell {

inline constexpr LogConfig kDefaults{};

// A batch of `count` records of 100 bytes each, told apart by `content`.
inline Batch batch_of(std::int32_t count, std::uint64_t content, Time timestamp = 0) {
  Batch batch;
  batch.count = count;
  batch.content = content;
  batch.size_in_bytes = 100 * count;
  batch.max_timestamp = timestamp;
  return batch;
}

// Puts a record into the store; returns its number there.
inline std::int64_t store_record(Records& records, Time timestamp, std::int32_t key = -1) {
  Record record;
  record.producer = 0;
  record.key = key;
  record.serial = static_cast<std::uint32_t>(records.size());
  record.timestamp = timestamp;
  record.size_in_bytes = 100;
  records.push_back(record);
  return static_cast<std::int64_t>(records.size()) - 1;
}

inline Batch batch_from(std::int64_t producer_id, std::int16_t producer_epoch, std::int32_t base_sequence,
                        std::int32_t count) {
  Batch batch = batch_of(count, static_cast<std::uint64_t>(base_sequence) + 1);
  batch.producer_id = producer_id;
  batch.producer_epoch = producer_epoch;
  batch.base_sequence = base_sequence;
  return batch;
}

// Appends `records` batches of one record each, with contents counted up from `content`.
inline void lead(Log& log, Epoch epoch, std::int32_t records, std::uint64_t content) {
  for (std::int32_t i = 0; i < records; ++i) {
    log.append_as_leader(batch_of(1, content + static_cast<std::uint64_t>(i)), epoch, kDefaults, 0);
  }
}

// Copies batches of the leader from the follower's log end on, up to `below`, whatever stands before.
inline void copy_tail(const Log& leader, Log& follower, Offset below) {
  const std::optional<std::size_t> first = leader.find(follower.log_end_offset());
  for (std::size_t i = first.value_or(leader.batches().size()); i < leader.batches().size(); ++i) {
    if (leader.batches()[i].next_offset() > below) break;
    follower.append_as_follower(leader.batches()[i], kDefaults, 0);
  }
}

// The follower fetches until it has everything, and cuts where the leader says that the logs diverge
// (L21 `fetch`). Returns the lowest log end it passed through.
inline Offset follow(const Log& leader, Log& follower) {
  Offset lowest = follower.log_end_offset();
  while (const auto diverging = leader.diverging(follower.latest_epoch(), follower.log_end_offset())) {
    NUTSHELL_REQUIRE(!diverging->is_undefined());
    follower.truncate_to(follower.truncation_point_for(*diverging).offset);
    lowest = std::min(lowest, follower.log_end_offset());
  }
  copy_tail(leader, follower, leader.log_end_offset());
  return lowest;
}

}  // namespace nutshell
