#include "sim/session/lost.h"

#include <algorithm>

namespace nutshell {

namespace {

bool has_lost_something(const Judge& judge) { return judge.broken(static_cast<std::int32_t>(PromiseId::acked_records_survive)); }

// The leader's log has other records at that place, or none.
bool is_lost(const World& world, const RecordsAcked& fact) {
  const Replica* leader = serving_leader(world, fact.tp);
  if (!leader || fact.base_offset < leader->log.log_start_offset()) return false;
  const Batch* batch = leader->log.batch_at(fact.base_offset);
  const bool compacted = batch ? !batch->is_dense() : fact.base_offset < leader->log.log_end_offset();
  if (compacted) return false;
  return !batch || record_index(world.commons.store.records, *batch, fact.base_offset) != fact.first_record;
}

}  // namespace

const Replica* serving_leader(const World& world, TopicPartition tp) {
  const Replica* leader = nullptr;
  for (const Broker& each : world.brokers) {
    if (world.fabric.nodes[static_cast<std::size_t>(each.node)].status == NodeStatus::down) continue;
    const Replica* other = each.replica(tp);
    if (other && other->role == ReplicaRole::leader && (!leader || other->leader_epoch > leader->leader_epoch)) leader = other;
  }
  return leader;
}

ToldAndLost told_and_lost(const Timeline& timeline, NodeId producer) {
  ToldAndLost lost;
  if (timeline.position() == 0 || !has_lost_something(timeline.judge())) return lost;
  const World& world = timeline.world();
  const Facts& facts = timeline.facts();
  const std::size_t end = timeline.facts_of(timeline.position() - 1).second;
  std::int64_t last = -1;
  for (std::size_t i = 0; i < end; ++i) {
    const auto* acked = facts[i].body.as<RecordsAcked>();
    if (!acked || acked->producer != producer || acked->base_offset < 0 || acked->acks == 0 || !is_lost(world, *acked)) continue;
    lost.records += acked->count;
    last = acked->first_record + acked->count - 1;
  }
  if (last < 0) return lost;
  const Record* record = find_record(world.commons.store.records, last);
  if (record && record->text >= 0) lost.last = world.fabric.names[record->text];
  return lost;
}

}  // namespace nutshell
