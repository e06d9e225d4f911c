#include "sim/check/court.h"

#include "sim/cluster/plain_processes.h"

#include <algorithm>
#include <type_traits>

namespace nutshell {

namespace {

// A group of which __consumer_offsets has lost something counts its generations from an older one on.
bool is_excused(const Court& court, PromiseId promise, GroupId group) {
  const bool of_generations = promise >= PromiseId::one_owner_per_generation && promise <= PromiseId::commits_are_fenced;
  const auto& all = court.ledger.groups;
  return of_generations && std::any_of(all.begin(), all.end(), [group](const GroupLedger& each) {
           return each.group == group && each.set_back;
         });
}

}  // namespace

// One that was not promised does not speak for one that was.
void Court::report(PromiseId promise, TopicPartition tp, NodeId node, std::string why, bool given) {
  const auto index = static_cast<std::int32_t>(promise);
  const NodeId to = client == kNoNode && (producer(node) || consumer(node)) ? node : client;
  const std::int32_t of = group < 0 && consumer(to) ? consumer(to)->spec.group : group;
  const bool promised = given && !is_excused(*this, promise, of);
  const PartitionLedger* partition = ledger.find(tp);
  const Step since = partition ? partition->office_step : kNoStep;
  const bool known = std::any_of(breaches.begin(), breaches.end(), [&](const Breach& each) {
    const bool same = each.promise == index && each.tp == tp && each.node == node && each.group == of && (each.promised || !promised);
    return same && (since == kNoStep || each.step == kNoStep || each.step >= since);
  });
  if (known) return;
  breaches.push_back({index, world.now(), world.fabric.step, tp, node, to, of, promised, std::move(why)});
}

namespace {

// The state of a node of this kind, out of those in `all`.
template <class State>
const State* state_of(const World& world, const std::vector<State>& all, NodeKind kind, NodeId node) {
  if (node < 0 || node >= static_cast<NodeId>(world.fabric.nodes.size())) return nullptr;
  const Node& found = world.fabric.nodes[static_cast<std::size_t>(node)];
  return found.kind == kind ? &all[static_cast<std::size_t>(found.index)] : nullptr;
}

}  // namespace

bool owns_it(const Consumer& consumer, TopicPartition tp) {
  return consumer.running &&
         std::any_of(consumer.owned.begin(), consumer.owned.end(), [tp](const OwnedPartition& each) { return each.tp == tp; });
}

const Producer* Court::producer(NodeId node) const { return state_of(world, world.producers, NodeKind::producer, node); }

const Consumer* Court::consumer(NodeId node, GroupId of, TopicPartition owns) const {
  if (const Consumer* own = state_of(world, world.consumers, NodeKind::consumer, node)) return own;
  const Consumer* found = nullptr;
  world.plain.each_client([&](const auto& each) {
    if constexpr (std::is_same_v<std::decay_t<decltype(each)>, Consumer>)
      if (each.node == node && each.spec.group == of && !each.host.alone && (!found || owns_it(each, owns))) found = &each;
  });
  return found;
}

bool Court::knows_present(const Consumer* found, TopicPartition tp) const {
  const Incarnation present = ledger.image.incarnation(tp.topic);
  if (present == 0) return true;  // there was never another
  if (!found || !ledger.image.topic(tp.topic)) return false;
  return std::any_of(found->owned.begin(), found->owned.end(),
                     [&](const OwnedPartition& each) { return each.tp == tp && each.reads == present; });
}

const Raft* Court::raft(NodeId node) const {
  if (const Controller* found = state_of(world, world.controllers, NodeKind::controller, node)) return &found->raft;
  const Broker* found = state_of(world, world.brokers, NodeKind::broker, node);
  return found ? &found->raft : nullptr;
}

const Log* Court::leader_log(const PartitionLedger& partition) const {
  const Replica* found = replica(partition.office.winner, partition.tp);
  if (!found) return nullptr;
  // One whose disk has lost something leads no more until it is elected again, also when it is back: others may have it all.
  const bool leads = found->role == ReplicaRole::leader && broker(partition.office.winner)->state > BrokerState::starting;
  return !leads && leader_lost(partition, found->log.log_end_offset() + 1) ? nullptr : &found->log;
}

std::string Court::record(std::int64_t index) const {
  const Record* known = find_record(world.commons.store.records, index);
  if (!known) return "a record that nobody holds any more";
  const Record& found = *known;
  const std::string key = found.key < 0 ? "" : "key " + names.name(found.key) + ", ";
  if (found.producer == kNoNode) return key + "written by a group coordinator";
  if (found.is_tombstone()) return key + "a tombstone";
  const std::string text = found.text < 0 ? names.node(found.producer) + " #" + std::to_string(found.serial) : names.name(found.text);
  return key + "'" + text + "'";
}

std::string Court::record(const Batch& batch, Offset offset) const {
  return record(record_index(world.commons.store.records, batch, offset));
}

bool is_lost(const PartitionLedger& partition, Offset offset) {
  return std::any_of(partition.lost.begin(), partition.lost.end(),
                     [offset](const LostRange& each) { return offset >= each.from && offset < each.to; });
}

bool is_hole(const Court& court, const Log* log, Offset from, Offset to) {
  const Records& records = court.world.commons.store.records;
  const std::optional<std::size_t> first = log ? log->find(from) : std::nullopt;
  if (!first) return false;
  const BatchView batches = log->batches();
  for (std::size_t i = *first; i < batches.size() && batches[i].base_offset < to; ++i)
    if (records_below(records, batches[i], to) > records_below(records, batches[i], from)) return false;
  return true;
}

bool agree_below(const Log& a, const Log& b, Offset offset) {
  const std::optional<std::uint64_t> left = a.chain_at(offset);
  const std::optional<std::uint64_t> right = b.chain_at(offset);
  return (left && left == right) || same_prefix(a, b, offset);
}

}  // namespace nutshell
