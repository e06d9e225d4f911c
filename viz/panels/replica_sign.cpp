#include "viz/panels/replica_sign.h"

#include "viz/panels/stage_motion.h"
#include "viz/ui/signs.h"

namespace nutshell {

bool has_failed_disk(const Broker& broker, const Replica& replica) {
  const auto number = static_cast<std::size_t>(replica.directory);
  return number < broker.directories.size() && broker.directories[number].offline;
}

ReplicaSign role_of(const Node& node, const Broker& broker, const Replica* replica, const PartitionRegistration* partition) {
  if (node.status == NodeStatus::down || !replica || !partition || has_failed_disk(broker, *replica)) return ReplicaSign::offline;
  const BrokerId id = broker.id;
  const bool chosen = partition->leader == id;
  if (replica->role == ReplicaRole::leader) return chosen ? ReplicaSign::leader : ReplicaSign::stale_leader;
  if (chosen) return ReplicaSign::becoming_leader;
  return partition->isr.contains(static_cast<std::int16_t>(id)) ? ReplicaSign::follower : ReplicaSign::out_of_isr;
}

ReplicaSign role_before(const PartitionRegistration* partition, BrokerId id) {
  if (!partition) return ReplicaSign::follower;
  if (partition->leader == id) return ReplicaSign::leader;
  return partition->isr.contains(static_cast<std::int16_t>(id)) ? ReplicaSign::follower : ReplicaSign::out_of_isr;
}

std::string_view role_text(ReplicaSign role) {
  switch (role) {
    case ReplicaSign::leader: return "leader";
    case ReplicaSign::becoming_leader: return "new leader";
    case ReplicaSign::stale_leader: return "still leads?";
    case ReplicaSign::follower: return "follower";
    case ReplicaSign::out_of_isr: return "out of ISR";
    case ReplicaSign::rejoining: return "rejoining";
    case ReplicaSign::offline: return "offline";
    case ReplicaSign::asked: return "in sync?";
  }
  return "";
}

std::string_view role_meaning(ReplicaSign role) {
  switch (role) {
    case ReplicaSign::leader: return "all who write to the partition, and all who read it, talk to this copy";
    case ReplicaSign::becoming_leader: return "the controllers have chosen it, and its broker has not heard of it yet";
    case ReplicaSign::stale_leader: return "it still thinks that it leads, but another one has been chosen";
    case ReplicaSign::follower: return "a copy that is in sync: it fetches from the leader and may take its place";
    case ReplicaSign::out_of_isr: return "a copy that has fallen behind: confirmations do not wait for it";
    case ReplicaSign::rejoining: return "a copy that is out of the ISR and fetches again: it is let in when it has caught up";
    case ReplicaSign::offline: return "its broker does not answer, or the disk that it is on has failed";
    case ReplicaSign::asked: return "this is what is asked";
  }
  return "";
}

bool is_out(ReplicaSign role) { return role == ReplicaSign::out_of_isr || role == ReplicaSign::rejoining; }

bool acts(ReplicaSign role) {
  return role == ReplicaSign::leader || role == ReplicaSign::becoming_leader || role == ReplicaSign::stale_leader;
}

namespace {

// nullptr: none, as for a follower that is in sync.
const Hue* role_hue(const Theme& theme, ReplicaSign role) {
  switch (role) {
    case ReplicaSign::leader:
    case ReplicaSign::becoming_leader: return &theme.hue(HueName::yellow);
    case ReplicaSign::stale_leader:
    case ReplicaSign::rejoining:
    case ReplicaSign::out_of_isr: return &theme.hue(HueName::orange);
    case ReplicaSign::offline: return &theme.hue(HueName::red);
    case ReplicaSign::follower:
    case ReplicaSign::asked: return nullptr;
  }
  return nullptr;
}

}  // namespace

Color role_color(const Theme& theme, ReplicaSign role) {
  const Hue* hue = role_hue(theme, role);
  return hue ? hue->stroke : theme.text2;
}

Color role_words(const Theme& theme, ReplicaSign role) {
  const Hue* hue = role_hue(theme, role);
  return hue ? hue->words : theme.text2;
}

namespace {

// A ring that opens into dashes when its replica leaves the ISR, and closes when it comes back.
void draw_changing_ring(Canvas& canvas, Point center, float radius, float closed) {
  const Theme& theme = canvas.theme;
  const Color out = theme.hue(HueName::orange).stroke, in = theme.text2;
  const Color color = blend(out, in, static_cast<int>(closed * 256));
  for (int i = 0; i < 8; ++i) {
    const float at = static_cast<float>(i) / 8;
    canvas.arc(center, radius, at, at + 0.07F + 0.055F * closed, color, canvas.big(2, 3));
  }
  const Faded faded(canvas, closed);
  canvas.circle({center.x, center.y + (1 - closed) * radius * 1.6F}, canvas.big(2.5F, 4), color);
}

}  // namespace

void draw_role(Canvas& canvas, Point center, float radius, ReplicaSign role, RoleMotion motion) {
  const Theme& theme = canvas.theme;
  const Color color = role_color(theme, role);
  if (role == ReplicaSign::asked) return draw_hidden(canvas, {center.x - radius, center.y - radius, 2 * radius, 2 * radius});
  if (motion.in_sync >= 0 && (role == ReplicaSign::follower || is_out(role)))
    return draw_changing_ring(canvas, center, radius, motion.in_sync);
  if (role == ReplicaSign::leader && theme.light) canvas.circle(center, radius, theme.hue(HueName::yellow).fill);
  if (is_out(role) || role == ReplicaSign::becoming_leader || role == ReplicaSign::stale_leader) {
    for (int i = 0; i < 8; ++i) {
      const float at = static_cast<float>(i) / 8;
      canvas.arc(center, radius, at, at + 0.07F, color, 2);
    }
  } else {
    canvas.ring(center, radius, color, canvas.big(1.75F, 3));
  }
  if (acts(role) && !motion.crown_flies) draw_crown(canvas, center, radius * 0.58F, theme.light ? theme.ink : color);
  if (role == ReplicaSign::follower) canvas.circle(center, canvas.big(2.5F, 4), color);
  if (role == ReplicaSign::rejoining) canvas.ring(center, canvas.big(2.5F, 4), color, canvas.big(1.5F, 2.5F));
  if (role == ReplicaSign::offline) draw_cross(canvas, center, radius * 0.4F, color, canvas.big(1.75F, 3));
}

}  // namespace nutshell
