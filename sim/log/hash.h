// Kafka's own hash functions, exact to the bit: they decide which partition a key goes to (C1) and
// which broker coordinates a group (G1).
#pragma once

#include <cstdint>
#include <string_view>

namespace nutshell {

// The murmur2 of Kafka's clients (seed 0x9747b28c) over the bytes of a serialised key (C1).
std::int32_t murmur2(std::string_view bytes);

// Java's String.hashCode() of a text given as UTF-8. Java counts UTF-16 code units, so a character
// outside the basic plane contributes two. A malformed byte counts as U+FFFD.
std::int32_t java_string_hash(std::string_view utf8);

// Kafka's Utils.abs: the absolute value, with 0 for the smallest integer, which has none (G1).
std::int32_t kafka_abs(std::int32_t value);

// The partition of a record with a key: (hash & 0x7fffffff) mod all partitions (C1), where `hash`
// is the murmur2 of the key. REQUIRES partitions > 0.
std::int32_t partition_for_key(std::int32_t hash, std::int32_t partitions);

// The partition of __consumer_offsets that holds a group, and of __transaction_state that holds a
// transactional.id; its leader is the coordinator (G1). REQUIRES partitions > 0.
std::int32_t coordinator_partition(std::string_view id, std::int32_t partitions);

}  // namespace nutshell
