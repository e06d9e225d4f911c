// A store whose messages stay: one partition, shard or stream. Readers have positions; what is old leaves at the front.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/types.h"
#include "sim/queues/hash_key.h"

namespace nutshell::queues {

struct Record {
  std::int32_t message = -1;
  Time at = 0;
  std::int32_t bytes = 0;
  std::int32_t segment = 0;
  std::int32_t chunk = 0;
  std::int32_t publication = -1;
  std::int64_t sequence = 0;  // of Kinesis: one for all shards, so that each shard's have gaps
  bool replicated = false;  // and so visible
};

struct Slot {
  std::vector<Record> records;   // by offset, from 0; those before `start` are gone
  std::int64_t start = 0;
  std::int64_t visible = 0;      // what is before may be read
  std::int64_t segment_size = 0;
  std::int32_t in_chunk = 0;
  std::int32_t leader = -1;      // node
  Time leaderless_until = 0;
  std::int32_t sweep = -1;       // timer
  Time sweep_at = 0;
  // Of a shard.
  HashKey first_key = 0, last_key = 0;
  std::int32_t parent = -1, other_parent = -1;
  bool open = true;
  std::int64_t second = -1, records_of_second = 0, bytes_of_second = 0;
  Time packed_at = -1;           // the pack that is being filled: its moment, and how many it has
  std::int32_t in_pack = 0;
  bool pack_taken = false;
  bool is_busy = false;          // ... and to be split for it
  std::int64_t read_second = -1, reads_of_second = 0, read_bytes_of_second = 0;  // of all who poll
  Time reads_refused_until = 0;
  std::int64_t end() const { return static_cast<std::int64_t>(records.size()); }
  const Record& at(std::int64_t offset) const { return records[static_cast<std::size_t>(offset)]; }
};

}  // namespace nutshell::queues
