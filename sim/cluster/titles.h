// Titles: nodes named by what they are at the moment, so that a script survives another seed.
//
//   "leader of orders-0"      the broker that leads the partition, as the controller has it
//   "follower of orders-0"    the first replica in the ISR that does not lead ("a follower of orders-0" is the same)
//   "coordinator of cooks"    the broker that coordinates the group: the leader of its __consumer_offsets partition
//   "active controller"
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/cluster/world.h"

namespace nutshell {

struct Title {
  enum class Kind : std::uint8_t { leader, follower, coordinator, active_controller } kind = Kind::leader;
  std::string of;               // the topic, or the group
  std::int32_t partition = -1;  // of the topic
};

// nullopt: the text is no title; then it is a node's name. A partition below 0: it has none ("leader of orders").
std::optional<Title> parse_title(std::string_view text);

// Who bears the title now; nullptr: nobody.
const Node* bearer(const World& world, const Title& title);

// The action with the names of those who bear the titles now. `vacant`, if it is empty, says which one nobody bears: it
// stays.
ActionBody with_bearers(const World& world, ActionBody body, std::string& vacant);

// Whether a title stands in the action.
bool has_title(const ActionBody& body);

}  // namespace nutshell
