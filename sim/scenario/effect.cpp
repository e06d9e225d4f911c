#include "sim/scenario/effect.h"

#include <algorithm>

#include "sim/cluster/image.h"
#include "sim/history/fact_looks.h"

namespace nutshell {
namespace {

// The copy of a partition at a broker that is up; nullptr: there is none.
const Replica* working_replica(const World& world, BrokerId id, TopicPartition tp) {
  const Broker* broker = world.find_broker(id);
  if (!broker || world.fabric.nodes[static_cast<std::size_t>(broker->node)].status == NodeStatus::down) return nullptr;
  return broker->replica(tp);
}

bool leads(const World& world, BrokerId id, TopicPartition tp, Epoch epoch) {
  const Replica* replica = working_replica(world, id, tp);
  return replica && replica->role == ReplicaRole::leader && replica->leader_epoch >= epoch;
}

// By kind of fact.
class Effect {
 public:
  explicit Effect(const World& world) : world_(world), image_(committed_image(world)) {}

  bool operator()(const BrokerRegistered& f) const {
    const BrokerRegistration* known = registration(f.broker);
    return known && known->broker_epoch >= f.broker_epoch;
  }
  bool operator()(const BrokerFenced& f) const {
    const BrokerRegistration* known = registration(f.broker);
    return known && known->fenced;
  }
  bool operator()(const BrokerUnfenced& f) const {
    const BrokerRegistration* known = registration(f.broker);
    return known && !known->fenced;
  }
  bool operator()(const TopicCreated& f) const { return has_partitions(f.topic, f.partitions); }
  bool operator()(const PartitionsCreated& f) const { return has_partitions(f.topic, f.partitions); }
  // No replica of it is left at a broker that is up.
  bool operator()(const TopicDeleted& f) const {
    const auto has = [&](const Broker& each) {
      const bool up = world_.fabric.nodes[static_cast<std::size_t>(each.node)].status == NodeStatus::running;
      return up && std::any_of(each.replicas.begin(), each.replicas.end(), [&](const Replica& replica) {
        return replica.tp.topic == f.topic && (!image_ || replica.incarnation != image_->incarnation(f.topic));
      });
    };
    return std::none_of(world_.brokers.begin(), world_.brokers.end(), has);
  }

  // In office for all that it has been given: one fencing elects many leaders at once.
  bool operator()(const LeaderElected& f) const {
    const PartitionRegistration* mine = partition(f.tp);
    if (!mine || mine->leader_epoch < f.leader_epoch) return false;
    for (const auto& topic : image_->topics()) {
      for (std::size_t i = 0; i < topic->partitions.size(); ++i) {
        const PartitionRegistration& each = topic->partitions[i];
        const TopicPartition tp{topic->topic, static_cast<std::int32_t>(i)};
        if (each.leader == f.leader && !leads(world_, f.leader, tp, each.leader_epoch)) return false;
      }
    }
    return true;
  }
  bool operator()(const PartitionOffline& f) const {
    const PartitionRegistration* known = partition(f.tp);
    return known && known->leader_epoch >= f.leader_epoch;
  }
  bool operator()(const IsrShrunk& f) const { return has_applied(f.tp, f.partition_epoch); }
  bool operator()(const IsrExpanded& f) const { return has_applied(f.tp, f.partition_epoch); }

  bool operator()(const ControllerElected& f) const {
    return std::any_of(world_.controllers.begin(), world_.controllers.end(),
                       [&](const Controller& each) { return each.node == f.node && each.active; });
  }

  // All members know what is theirs.
  bool operator()(const GroupStable& f) const {
    const auto knows = [&](const Consumer& each) {
      return each.spec.group == f.group && each.state == MemberState::stable && each.generation >= f.generation;
    };
    return std::count_if(world_.consumers.begin(), world_.consumers.end(), knows) >= f.members;
  }
  // The member has been told. It may have lost the partition since.
  bool operator()(const OffsetCommitted& f) const {
    for (const Consumer& each : world_.consumers) {
      for (const OwnedPartition& owned : each.owned) {
        if (each.node == f.consumer && owned.tp == f.tp) return owned.committed >= f.offset;
      }
    }
    return true;
  }

 private:
  const BrokerRegistration* registration(BrokerId broker) const { return image_ ? image_->broker(broker) : nullptr; }
  const PartitionRegistration* partition(TopicPartition tp) const { return image_ ? image_->partition(tp) : nullptr; }

  bool has_partitions(TopicId topic, std::int32_t count) const {
    const TopicRegistration* known = image_ ? image_->topic(topic) : nullptr;
    if (!known || static_cast<std::int32_t>(known->partitions.size()) < count) return false;
    for (std::int32_t i = 0; i < count; ++i) {
      const PartitionRegistration& each = known->partitions[static_cast<std::size_t>(i)];
      if (each.leader != kNoBroker && !leads(world_, each.leader, {topic, i}, each.leader_epoch)) return false;
    }
    return true;
  }

  // By the controllers, and by the leader, if there is one.
  bool has_applied(TopicPartition tp, std::int32_t partition_epoch) const {
    const PartitionRegistration* known = partition(tp);
    if (!known || known->partition_epoch < partition_epoch) return false;
    const Replica* leader = working_replica(world_, known->leader, tp);
    return !leader || leader->partition_epoch >= partition_epoch;
  }

  const World& world_;
  const MetadataImage* image_;
};

}  // namespace

bool has_taken_effect(const FactBody& body, const World& world) { return read_fact<kSeenLater>(body, Effect(world), true); }

bool takes_effect_later(const FactBody& body) { return looks_of(body).is(kSeenLater); }

}  // namespace nutshell
