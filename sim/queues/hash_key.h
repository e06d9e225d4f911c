// Where a key stands on the ring of Kinesis, by MD5 (core/md5.h).
#pragma once

#include <cstdint>
#include <string_view>

namespace nutshell::queues {

// A place on the ring of Kinesis: 0 to 2^128 - 1.
using HashKey = unsigned __int128;
HashKey hash_key(std::string_view partition_key);

// The first hash key of a shard, of so many of equal width (I1). REQUIRES 0 <= shard < shards.
HashKey shard_begin(std::int32_t shard, std::int32_t shards);
// The shard of a key among them; what the division leaves over is the last one's.
std::int32_t shard_of(std::string_view partition_key, std::int32_t shards);

}  // namespace nutshell::queues
