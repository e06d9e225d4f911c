// What a member of a group of the classic protocol says of itself when it joins, beside its topics: the
// assignors that it can run, and the partitions that it holds (G7, G12, G16).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/types.h"

namespace nutshell {

enum class AssignorName : std::uint8_t { range, roundrobin, sticky, cooperative_sticky };  // as in assignors()
inline constexpr std::size_t kAssignorCount = 4;

// partition.assignment.strategy: assignors, each once, the preferred one first. The default is Kafka's.
class AssignorList {
 public:
  constexpr AssignorList() : AssignorList({AssignorName::range, AssignorName::cooperative_sticky}) {}
  constexpr AssignorList(AssignorName only) { add(only); }
  // REQUIRES none of them twice.
  constexpr AssignorList(std::initializer_list<AssignorName> names) {
    for (AssignorName each : names) add(each);
  }
  static constexpr AssignorList none() {
    AssignorList list;
    list.names_ = {};
    list.count_ = 0;
    return list;
  }
  constexpr void add(AssignorName name) { names_[count_++] = name; }
  constexpr const AssignorName* begin() const { return names_.data(); }
  constexpr const AssignorName* end() const { return names_.data() + count_; }
  constexpr bool empty() const { return count_ == 0; }
  constexpr bool has(AssignorName name) const {
    for (AssignorName each : *this)
      if (each == name) return true;
    return false;
  }
  // A member rebalances cooperatively if each of its assignors allows it (G12).
  constexpr bool cooperative() const { return count_ == 1 && names_[0] == AssignorName::cooperative_sticky; }
  friend constexpr bool operator==(const AssignorList&, const AssignorList&) = default;
  void fold_into(std::uint64_t& digest) const {
    std::uint64_t word = 0;
    for (AssignorName each : *this) word = word * (kAssignorCount + 1) + static_cast<std::uint64_t>(each) + 1;
    digest = mix(digest, word);
  }

 private:
  std::array<AssignorName, kAssignorCount> names_{};
  std::uint8_t count_ = 0;
};

// The protocol type of a group, and what a member of another type than consumers says of itself: the coordinator knows
// nothing of it but whether it has changed (G7).
enum class ProtocolType : std::uint8_t { consumer, connect };
struct GroupProtocol {
  ProtocolType type = ProtocolType::consumer;
  std::int32_t metadata = -1;  // bytes, interned; -1: a consumer, whose metadata are its topics and its claim
  friend bool operator==(const GroupProtocol&, const GroupProtocol&) = default;
  NUTSHELL_FIELDS(GroupProtocol, type, metadata)
};

// Partitions that a member holds, or held when it was last assigned any; and where it stands.
struct PartitionClaim {
  std::vector<TopicPartition> partitions;
  std::int32_t generation = -1;  // in which; -1: none
  Rare<RackId> rack;             // client.rack (KIP-881)
  friend bool operator==(const PartitionClaim&, const PartitionClaim&) = default;
  NUTSHELL_FIELDS(PartitionClaim, partitions, generation, rack)
};

}  // namespace nutshell
