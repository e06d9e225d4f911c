#include "sim/command/picture.h"

#include <algorithm>

#include "sim/cluster/describe.h"
#include "sim/cluster/process_kind.h"
#include "sim/core/text.h"

namespace nutshell {

namespace {

constexpr std::size_t kNameWidth = 13;
constexpr std::size_t kLogWidth = 17;

std::string padded(std::string text, std::size_t width) {
  if (text.size() >= width) text.resize(width - 1);
  return text + std::string(width - text.size(), ' ');
}

// A line a system, a column a figure.
std::vector<std::string> results(const RivalRuns& runs, Time now, std::size_t width, std::size_t height) {
  std::vector<std::string> lines(1, padded("", kLogWidth));
  for (const RivalColumn& each : runs.columns()) lines[0] += padded(std::string(each.word), kNameWidth);
  for (std::size_t i = 0; i < runs.runs().size(); ++i) {
    lines.push_back(padded(runs.runs()[i].title, kLogWidth));
    for (const RivalColumn& each : runs.columns()) {
      const std::int64_t value = runs.value(i, each, now);
      lines.back() += padded(!each.is_time ? std::to_string(value) : value < 0 ? "-" : format_duration(value), kNameWidth);
    }
  }
  if (lines.size() > height) lines.resize(height);
  for (std::string& line : lines) line.resize(std::min(line.size(), width));
  return lines;
}

std::string status_mark(const Node& node) {
  if (node.status == NodeStatus::down) return node.incarnation == 0 ? " (not started)" : " DOWN";
  return node.status == NodeStatus::paused ? " PAUSED" : "";
}

// "controllers: Q1 leads, Q2, Q3 DOWN"
std::string controllers_line(const World& world) {
  std::string text;
  const std::string leader = describe_value(world, "quorum/LeaderId").value_or("-");
  for (const Controller& each : world.controllers) {
    const Node& node = world.fabric.nodes[static_cast<std::size_t>(each.node)];
    const std::string role =
        std::to_string(node.id) == leader ? " leads (epoch " + std::to_string(each.raft.epoch) + ")" : "";
    text += (text.empty() ? "" : ", ") + node.name + role + status_mark(node);
  }
  return "controllers  " + text;
}

std::string broker_head(const World& world, const Broker& broker) {
  const Node& node = world.fabric.nodes[static_cast<std::size_t>(broker.node)];
  const std::string mark = status_mark(node);
  const bool fenced =
      mark.empty() && describe_value(world, "brokers/" + std::to_string(broker.id) + "/State") == "fenced";
  return node.name + (fenced ? " fenced" : mark);
}

// "L 12 hw 10": the leader, log end and high watermark. "f" follows in sync; "o" is out of the ISR.
std::string log_text(const Broker& broker, const std::vector<std::string>& row, TopicPartition tp) {
  const Replica* replica = broker.replica(tp);
  const std::string id = std::to_string(broker.id);
  const auto has = [&](std::size_t column) {
    return ("," + row[column] + ",").find("," + id + ",") != std::string::npos;
  };
  if (!has(3)) return "";
  const std::string role = row[2] == id ? "L" : has(4) ? "f" : "o";
  if (!replica) return role + " -";
  return role + " " + std::to_string(replica->log.log_end_offset()) + " hw " +
         std::to_string(replica->log.high_watermark());
}

// Brokers that have room beside each other.
std::size_t brokers_shown(const World& world, std::size_t width) {
  const std::size_t room = width > kNameWidth ? (width - kNameWidth) / kLogWidth : 0;
  return std::min(room, world.brokers.size());
}

void add_partitions(const World& world, std::size_t width, std::vector<std::string>& lines) {
  const std::size_t brokers = brokers_shown(world, width);
  std::string head = padded("partition", kNameWidth);
  for (std::size_t i = 0; i < brokers; ++i) head += padded(broker_head(world, world.brokers[i]), kLogWidth);
  if (brokers < world.brokers.size()) head += "+" + std::to_string(world.brokers.size() - brokers);
  lines.push_back(head);
  for (const Table& topic : describe(world, "topics")) {
    for (std::size_t partition = 0; partition < topic.rows.size(); ++partition) {
      const std::vector<std::string>& row = topic.rows[partition];
      const TopicPartition tp{world.topic_id(row[0]), static_cast<std::int32_t>(partition)};
      std::string line = padded(row[0] + "-" + row[1], kNameWidth);
      for (std::size_t i = 0; i < brokers; ++i) line += padded(log_text(world.brokers[i], row, tp), kLogWidth);
      lines.push_back(row[2] == "none" ? line + "no leader" : line);
    }
  }
}

// "orders:0,1;payments:2", as the consumer itself knows.
std::string owned_text(const World& world, const Consumer& consumer) {
  std::string text;
  for (std::size_t i = 0; i < consumer.owned.size(); ++i) {
    const TopicPartition tp = consumer.owned[i].tp;
    const bool same_topic = i > 0 && consumer.owned[i - 1].tp.topic == tp.topic;
    text += same_topic ? "," : (i == 0 ? "" : ";") + std::string(world.fabric.names[tp.topic]) + ":";
    text += std::to_string(tp.partition);
  }
  return text;
}

// What is left to be read by those who own something, as they know; "-" if one of them does not, or nobody owns anything.
std::string lag_text(const World& world, GroupId group) {
  std::int64_t lag = 0;
  bool known = false;
  for (const Consumer& consumer : world.consumers) {
    if (consumer.spec.group != group) continue;
    for (const OwnedPartition& each : consumer.owned) {
      if (each.position < 0 || each.high_watermark < 0) return "-";
      lag += std::max<Offset>(each.high_watermark - each.position, 0);
      known = true;
    }
  }
  return known ? std::to_string(lag) : "-";
}

void add_groups(const World& world, std::vector<std::string>& lines) {
  const std::vector<Table> groups = describe(world, "groups");
  if (groups.empty()) return;
  for (const std::vector<std::string>& row : groups.front().rows) {
    const bool stable = row[3] == "Stable";
    std::string members;
    GroupId group = -1;
    for (const Consumer& each : world.consumers) {
      if (world.fabric.names[each.spec.group] != row[0]) continue;
      group = each.spec.group;
      const Node& node = world.fabric.nodes[static_cast<std::size_t>(each.node)];
      const std::string owned = owned_text(world, each);
      members += " " + node.name + status_mark(node);
      if (node.status != NodeStatus::down) members += "[" + (!owned.empty() ? owned : stable ? "idle" : "-") + "]";
    }
    lines.push_back("group " + row[0] + "  " + row[3] + "  lag " + (group < 0 ? "-" : lag_text(world, group)) + "  " + members);
  }
}

void add_producers(const World& world, std::vector<std::string>& lines) {
  for (const Producer& each : world.producers) {
    const Node& node = world.fabric.nodes[static_cast<std::size_t>(each.node)];
    const ProducerCounters& counters = each.counters;
    lines.push_back("producer " + node.name + status_mark(node) + "  sent " + std::to_string(counters.sent) +
                    ", acked " + std::to_string(counters.acked) + ", failed " + std::to_string(counters.failed));
  }
}

// "probe watcher  answers 12": what a plain kind knows, but for where it stands.
void add_plain(const World& world, std::vector<std::string>& lines) {
  for (const Node& node : world.fabric.nodes) {
    const ProcessKind& kind = kind_of(node);
    if (!kind.plain) continue;
    std::string line = std::string(kind.name) + " " + node.name + status_mark(node);
    kind.fields(world, static_cast<std::size_t>(node.index), [&](std::string_view name, const std::string& value) {
      line += std::string(line.back() == ' ' ? "" : "  ") + std::string(name) + " " + value;
    });
    lines.push_back(line);
  }
}

}  // namespace

std::vector<std::string> picture(const Session& session, std::size_t width, std::size_t height) {
  if (const std::shared_ptr<const RivalRuns> runs = session.rivals()) return results(*runs, session.view_time(), width, height);
  const World& world = session.world();
  std::vector<std::string> partitions;
  add_partitions(world, width, partitions);
  std::vector<std::string> clients;
  add_groups(world, clients);
  add_producers(world, clients);
  add_plain(world, clients);
  const std::size_t below = std::min(clients.size(), height / 3);
  const std::size_t room = height > below + 1 ? height - below - 1 : 0;
  if (partitions.size() > room && room > 0) {
    const std::size_t hidden = partitions.size() - std::max<std::size_t>(room - 1, 1);  // the first line is their head
    partitions.resize(room - 1);
    partitions.push_back("and " + std::to_string(hidden) + " more partitions");
  }
  std::vector<std::string> lines = {controllers_line(world)};
  lines.insert(lines.end(), partitions.begin(), partitions.end());
  lines.insert(lines.end(), clients.begin(), clients.begin() + static_cast<std::ptrdiff_t>(below));
  if (lines.size() > height) lines.resize(height);
  for (std::string& line : lines) {
    if (line.size() > width) line.resize(width);
  }
  return lines;
}

}  // namespace nutshell
