// The sign before a replica's strip: what the replica is, by what is committed and by what its broker believes.
#pragma once

#include <string_view>

#include "sim/cluster/world.h"
#include "viz/ui/canvas.h"

namespace nutshell {

// `rejoining`: out of the ISR, and catching up. `asked`: whether it is in sync is what a question asks, and nobody has answered.
enum class ReplicaSign : std::uint8_t { leader, becoming_leader, stale_leader, follower, out_of_isr, rejoining, offline, asked };

ReplicaSign role_of(const Node& node, const Broker& broker, const Replica* replica, const PartitionRegistration* partition);
// The directory that holds it has failed, while its broker goes on (R22).
bool has_failed_disk(const Broker& broker, const Replica& replica);
// What it was when its broker was up, as far as the controllers know.
ReplicaSign role_before(const PartitionRegistration* partition, BrokerId id);
std::string_view role_text(ReplicaSign role);
// What it means, for whoever points at it.
std::string_view role_meaning(ReplicaSign role);
// Not in sync, on its way back or not.
bool is_out(ReplicaSign role);
// It leads, or somebody thinks that it does.
bool acts(ReplicaSign role);
Color role_color(const Theme& theme, ReplicaSign role);
Color role_words(const Theme& theme, ReplicaSign role);

// What of a role's sign is on its way.
struct RoleMotion {
  float in_sync = -1;      // part of the ring that is closed, by a change of the ISR; -1: it is not changing
  bool crown_flies = false;
};
void draw_role(Canvas& canvas, Point center, float radius, ReplicaSign role, RoleMotion motion);

}  // namespace nutshell
