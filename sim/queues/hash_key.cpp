#include "sim/queues/hash_key.h"

#include <algorithm>

#include "sim/core/md5.h"

namespace nutshell::queues {

HashKey hash_key(std::string_view partition_key) {
  HashKey key = 0;
  for (const std::uint8_t byte : md5(partition_key)) key = (key << 8) | byte;
  return key;
}

namespace {
// 2^128 itself does not fit: with more than one shard, the floor of its share does.
HashKey width_of(std::int32_t shards) {
  const auto n = static_cast<HashKey>(shards);
  const HashKey most = ~HashKey{0};
  return most / n + (most % n == n - 1 ? 1 : 0);
}
}  // namespace

HashKey shard_begin(std::int32_t shard, std::int32_t shards) {
  return shards == 1 ? 0 : width_of(shards) * static_cast<HashKey>(shard);
}

std::int32_t shard_of(std::string_view partition_key, std::int32_t shards) {
  if (shards == 1) return 0;
  const HashKey place = hash_key(partition_key) / width_of(shards);
  return static_cast<std::int32_t>(std::min(place, static_cast<HashKey>(shards - 1)));
}

}  // namespace nutshell::queues
