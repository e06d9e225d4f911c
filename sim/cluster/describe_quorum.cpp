// The metadata quorum as `kafka-metadata-quorum describe` shows it, and the brokers as controllers see them; zones.
#include <algorithm>
#include <string>

#include "sim/cluster/describe_tables.h"
#include "sim/cluster/zones.h"
#include "sim/core/text.h"

namespace nutshell {

namespace {

const Node& node_of(const World& world, NodeId node) { return world.fabric.nodes[static_cast<std::size_t>(node)]; }

std::string id_of(const World& world, NodeId node) { return std::to_string(node_of(world, node).id); }

// "[{"id": 3001}, {"id": 3002}]": as Kafka prints nodes whose directories and endpoints are not known.
std::string ids_text(const World& world, const std::vector<NodeId>& nodes) {
  std::string text;
  for (NodeId each : nodes) text += (text.empty() ? "" : ", ") + ("{\"id\": " + id_of(world, each)) + "}";
  return "[" + text + "]";
}

std::vector<NodeId> observers_of(const Raft& leader) {
  std::vector<NodeId> observers;
  for (const RaftProgress& each : leader.progress) {
    if (!each.voter) observers.push_back(each.node);
  }
  std::sort(observers.begin(), observers.end());
  return observers;
}

Offset max_follower_lag(const Raft& leader) {
  Offset lag = 0;
  for (const RaftProgress& each : leader.progress) {
    if (each.voter) lag = std::max(lag, leader.end_offset() - each.end_offset);
  }
  return lag;
}

// Since when the voter that is furthest behind is so: -1 if it never was caught up, 0 if that is the leader itself.
std::int64_t max_follower_lag_ms(const World& world, const Raft& leader) {
  const RaftProgress* last = nullptr;
  for (const RaftProgress& each : leader.progress) {
    if (each.voter && each.end_offset < (last ? last->end_offset : leader.end_offset())) last = &each;
  }
  if (!last) return 0;
  return last->last_caught_up < 0 ? -1 : (world.now() - last->last_caught_up) / kMillisecond;
}

NamedTable status_table(const World& world, const Raft* leader) {
  NamedTable named;
  named.table.layout = TableLayout::list;
  named.table.columns = {"LeaderId",       "LeaderEpoch",          "HighWatermark",
                         "MaxFollowerLag", "MaxFollowerLagTimeMs", "CurrentVoters", "CurrentObservers"};
  const std::string voters = ids_text(world, world.commons.voters);
  if (!leader) {
    named.add_row({""}, {"-", "-", "-", "-", "-", voters, "-"});
    return named;
  }
  named.add_row({""},
                {id_of(world, leader->node), std::to_string(leader->epoch), std::to_string(leader->high_watermark),
                 std::to_string(max_follower_lag(*leader)),
                 std::to_string(max_follower_lag_ms(world, *leader)), voters, ids_text(world, observers_of(*leader))});
  return named;
}

std::string time_or_dash(Time time) { return time < 0 ? "-" : format_time(time); }

// The leader counts as having fetched from itself just now.
RaftProgress own_progress(const World& world, const Raft& leader) {
  RaftProgress progress;
  progress.node = leader.node;
  progress.voter = true;
  progress.end_offset = leader.end_offset();
  progress.last_fetch = progress.last_caught_up = world.now();
  return progress;
}

NamedTable replication_table(const World& world, const Raft* leader) {
  NamedTable named;
  named.table.columns = {"NodeId", "LogEndOffset", "Lag", "LastFetchTimestamp", "LastCaughtUpTimestamp", "Status"};
  if (!leader) return named;
  std::vector<RaftProgress> all = {own_progress(world, *leader)};
  all.insert(all.end(), leader->progress.begin(), leader->progress.end());
  std::stable_sort(all.begin() + 1, all.end(), [](const RaftProgress& a, const RaftProgress& b) {
    return a.voter != b.voter ? a.voter : a.node < b.node;
  });
  for (const RaftProgress& each : all) {
    const std::string id = id_of(world, each.node);
    const std::string status = each.node == leader->node ? "Leader" : each.voter ? "Follower" : "Observer";
    named.add_row({id, node_of(world, each.node).name},
                  {id, std::to_string(each.end_offset), std::to_string(leader->end_offset() - each.end_offset),
                   time_or_dash(each.last_fetch), time_or_dash(each.last_caught_up), status});
  }
  return named;
}

std::string process_text(NodeStatus status) {
  switch (status) {
    case NodeStatus::down: return "down";
    case NodeStatus::running: return "running";
    case NodeStatus::paused: break;
  }
  return "paused";
}

std::string state_text(const BrokerRegistration* registration) {
  if (!registration) return "unregistered";
  if (registration->fenced) return "fenced";
  return registration->in_controlled_shutdown ? "shutting down" : "active";
}

// Kafka's LeaderCount, PartitionCount and UnderReplicatedPartitions, by the committed metadata.
struct BrokerCounts {
  std::int64_t leaders = 0, partitions = 0, under_replicated = 0;
};

BrokerCounts counts_of(const MetadataImage& image, BrokerId broker) {
  BrokerCounts counts;
  for (const auto& topic : image.topics()) {
    for (std::size_t i = 0; i < topic->partitions.size(); ++i) {
      const PartitionRegistration& each = topic->partitions[i];
      if (each.replicas.contains(static_cast<std::int16_t>(broker))) ++counts.partitions;
      if (each.leader != broker) continue;
      ++counts.leaders;
      if (each.isr.size() < each.replicas.size()) ++counts.under_replicated;
    }
  }
  return counts;
}

std::string rack_text(const World& world, const BrokerRegistration* registration) {
  return registration && registration->rack.value != RackId{} ? rack_name(world.fabric.names, registration->rack) : "-";
}

std::vector<std::string> traffic_cells(const ZoneFlow& traffic) {
  std::vector<std::string> cells;
  for (std::int64_t each : {traffic.produce, traffic.replicate, traffic.consume, traffic.other, traffic.total()})
    cells.push_back(std::to_string(each));
  return cells;
}

}  // namespace

std::vector<NamedTable> zones_tables(const World& world) {
  if (zone_names(world).empty()) return {};
  NamedTable all, pairs;
  all.table.columns = {"Produce", "Replicate", "Consume", "Other", "Bytes"};
  pairs.table.columns = {"From", "To", "Produce", "Replicate", "Consume", "Other", "Bytes"};
  all.table.layout = TableLayout::list;
  all.add_row({""}, traffic_cells(total_flow(world)));
  for (const ZoneFlow& each : zone_flows(world)) {
    std::vector<std::string> cells = traffic_cells(each);
    cells.insert(cells.begin(), {each.from, each.to});
    pairs.add_row({each.from + "/" + each.to}, std::move(cells));
  }
  return {std::move(all), std::move(pairs)};
}

const Controller* quorum_leader(const World& world) {
  const Controller* found = nullptr;
  for (const Controller& each : world.controllers) {
    if (each.raft.role != RaftRole::leader || !is_running(world, each.node)) continue;
    if (!found || each.raft.epoch > found->raft.epoch) found = &each;
  }
  return found;
}

std::vector<NamedTable> quorum_tables(const World& world) {
  const Controller* leader = quorum_leader(world);
  const Raft* raft = leader ? &leader->raft : nullptr;
  return {status_table(world, raft), replication_table(world, raft)};
}

std::vector<NamedTable> brokers_tables(const World& world) {
  NamedTable named;
  named.table.columns = {"Broker",         "State",       "Process",        "BrokerEpoch",
                         "MetadataOffset", "LeaderCount", "PartitionCount", "UnderReplicatedPartitions", "Rack"};
  const MetadataImage& image = visible_image(world);
  for (const Broker& each : world.brokers) {
    const BrokerRegistration* registration = image.broker(each.id);
    const BrokerCounts counts = counts_of(image, each.id);
    const NodeStatus status = node_of(world, each.node).status;
    const std::string id = std::to_string(each.id);
    named.add_row({id}, {id, state_text(registration), process_text(status),
                         registration ? std::to_string(registration->broker_epoch) : "-",
                         status == NodeStatus::down ? "-" : std::to_string(each.image.end_offset()),
                         std::to_string(counts.leaders), std::to_string(counts.partitions),
                         std::to_string(counts.under_replicated), rack_text(world, registration)});
  }
  return {named};
}

}  // namespace nutshell
