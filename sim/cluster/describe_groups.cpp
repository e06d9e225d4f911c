// Consumer groups as `kafka-consumer-groups --describe` shows them, with --state and with --members --verbose.
#include <algorithm>
#include <string>

#include "sim/cluster/describe_tables.h"
#include "sim/kafka/assignor.h"
#include "sim/log/hash.h"

namespace nutshell {

namespace {

// What can be learnt of one group.
struct GroupView {
  std::string name;
  BrokerId coordinator = kNoBroker;
  bool answers = false;          // there is a coordinator, and it has loaded the group's partition
  const Group* group = nullptr;  // nullptr: it does not answer, or does not know the group
  std::string state() const {
    if (!answers) return "-";
    return std::string(group_state_name(group ? group->state : GroupState::dead));
  }
};

const Group* find_group(const GroupCoordinator& coordinator, GroupId group) {
  for (const Group& each : coordinator.groups) {
    if (each.group == group) return &each;
  }
  return nullptr;
}

// Every group that a coordinator keeps or a consumer belongs to, by name.
std::vector<std::int32_t> group_ids(const World& world) {
  std::vector<std::int32_t> ids;
  for (const Broker& broker : world.brokers) {
    for (const Group& each : broker.groups.groups) ids.push_back(each.group);
  }
  for (const Consumer& each : world.consumers) ids.push_back(each.spec.group);
  const Names& names = world.fabric.names;
  std::stable_sort(ids.begin(), ids.end(), [&](std::int32_t a, std::int32_t b) { return names[a] < names[b]; });
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

// G1: the leader of the group's partition of __consumer_offsets.
GroupView view_of(const World& world, GroupId group) {
  GroupView view;
  view.name = world.fabric.names[group];
  const TopicRegistration* offsets = visible_image(world).topic(world.topic_id(kOffsetsTopic));
  if (!offsets || offsets->partitions.empty()) return view;
  const auto count = static_cast<std::int32_t>(offsets->partitions.size());
  const std::int32_t partition = coordinator_partition(view.name, count);
  view.coordinator = offsets->partitions[static_cast<std::size_t>(partition)].leader;
  const Broker* broker = world.find_broker(view.coordinator);
  if (!broker || !is_running(world, broker->node)) return view;
  const std::vector<std::int32_t>& loaded = broker->groups.partitions;
  view.answers = std::find(loaded.begin(), loaded.end(), partition) != loaded.end();
  if (view.answers) view.group = find_group(broker->groups, group);
  return view;
}

std::vector<GroupView> views_of(const World& world) {
  std::vector<GroupView> views;
  for (std::int32_t id : group_ids(world)) views.push_back(view_of(world, id));
  return views;
}

NamedTable state_table(const std::vector<GroupView>& views) {
  NamedTable named;
  named.table.columns = {"GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "#MEMBERS"};
  for (const GroupView& each : views) {
    const std::string id = std::to_string(each.coordinator);
    const bool members = each.group && !each.group->members.empty();
    named.add_row({each.name},
                  {each.name, each.coordinator == kNoBroker ? "-" : "broker " + id + " (" + id + ")",
                   members ? std::string(assignor(each.group->protocol).name) : "-",
                   each.state(), each.answers ? std::to_string(each.group ? each.group->members.size() : 0) : "-"});
  }
  return named;
}

// While a group rebalances, nobody has an assignment that counts. What a member is told of topics to which it does not subscribe is
// no assignment, but a message to its host (ConsumerHost::beside).
std::vector<TopicPartition> assignment_of(const Group& group, const GroupMember& member) {
  std::vector<TopicPartition> assigned;
  if (group.state != GroupState::stable) return assigned;
  for (TopicPartition each : member.assignment)
    if (std::find(member.topics.begin(), member.topics.end(), each.topic) != member.topics.end()) assigned.push_back(each);
  return assigned;
}

const GroupMember* owner_of(const Group& group, TopicPartition tp) {
  for (const GroupMember& each : group.members) {
    const std::vector<TopicPartition> assigned = assignment_of(group, each);
    if (std::find(assigned.begin(), assigned.end(), tp) != assigned.end()) return &each;
  }
  return nullptr;
}

// Partitions with a committed offset or an owner, by topic name and number.
std::vector<TopicPartition> partitions_of(const World& world, const Group& group) {
  std::vector<TopicPartition> all;
  for (const CommittedOffset& each : group.offsets) all.push_back(each.tp);
  for (const GroupMember& each : group.members) {
    const std::vector<TopicPartition> assigned = assignment_of(group, each);
    all.insert(all.end(), assigned.begin(), assigned.end());
  }
  const Names& names = world.fabric.names;
  std::stable_sort(all.begin(), all.end(), [&](TopicPartition a, TopicPartition b) {
    return a.topic != b.topic ? names[a.topic] < names[b.topic] : a.partition < b.partition;
  });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::optional<Offset> committed_offset(const Group& group, TopicPartition tp) {
  for (const CommittedOffset& each : group.offsets) {
    if (each.tp == tp) return each.offset;
  }
  return std::nullopt;
}

// CONSUMER-ID, HOST and CLIENT-ID. Every process has a machine of its own here, named like the client.
std::vector<std::string> identity(const World& world, const GroupMember* member) {
  if (!member) return {"-", "-", "-"};
  const std::string& client = world.fabric.nodes[static_cast<std::size_t>(member->client)].name;
  return {world.fabric.names[member->member_id], "/" + client, client};
}

void add_partition(const World& world, const Group& group, TopicPartition tp, NamedTable& named) {
  const std::string& name = world.fabric.names[group.group];
  const std::string& topic = world.fabric.names[tp.topic];
  const std::string number = std::to_string(tp.partition);
  const std::optional<Offset> current = committed_offset(group, tp);
  const std::optional<Offset> end = latest_offset(world, tp);
  std::optional<Offset> lag;
  // Below 0 when what was committed lies beyond the end: of a log that was cut, or of a new topic of the old name.
  if (current && end) lag = *end - *current;
  std::vector<std::string> row = {name, topic, number, or_dash(current), or_dash(end), or_dash(lag)};
  for (std::string& cell : identity(world, owner_of(group, tp))) row.push_back(std::move(cell));
  named.add_row({name + "/" + topic + "/" + number}, std::move(row));
}

// A member without a partition is shown as well.
void add_idle_member(const World& world, const Group& group, const GroupMember& member, NamedTable& named) {
  std::vector<std::string> row = {world.fabric.names[group.group], "-", "-", "-", "-", "-"};
  for (std::string& cell : identity(world, &member)) row.push_back(std::move(cell));
  named.add_row({}, std::move(row));
}

std::string title_of(const GroupView& view) {
  const std::string group = "Consumer group '" + view.name + "'";
  if (!view.answers) return group + ": its coordinator does not answer.";
  if (!view.group) return group + " does not exist.";
  switch (view.group->state) {
    case GroupState::empty: return group + " has no active members.";
    case GroupState::preparing_rebalance:
    case GroupState::completing_rebalance: return "Warning: " + group + " is rebalancing.";
    case GroupState::dead: return group + " does not exist.";
    case GroupState::stable: break;
  }
  return group;
}

NamedTable offsets_table(const World& world, const GroupView& view) {
  NamedTable named;
  named.table.title = title_of(view);
  named.table.columns = {"GROUP",       "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG",
                         "CONSUMER-ID", "HOST",  "CLIENT-ID"};
  if (!view.group) return named;
  for (TopicPartition tp : partitions_of(world, *view.group)) add_partition(world, *view.group, tp, named);
  for (const GroupMember& each : view.group->members) {
    if (assignment_of(*view.group, each).empty()) add_idle_member(world, *view.group, each, named);
  }
  return named;
}

// "orders:0,1;payments:2", "-" for none.
std::string assignment_text(const World& world, std::vector<TopicPartition> assigned) {
  if (assigned.empty()) return "-";
  const Names& names = world.fabric.names;
  std::stable_sort(assigned.begin(), assigned.end(), [&](TopicPartition a, TopicPartition b) {
    return a.topic != b.topic ? names[a.topic] < names[b.topic] : a.partition < b.partition;
  });
  std::string text;
  for (std::size_t i = 0; i < assigned.size(); ++i) {
    const bool same_topic = i > 0 && assigned[i].topic == assigned[i - 1].topic;
    text += same_topic ? "," : (i == 0 ? "" : ";") + names[assigned[i].topic] + ":";
    text += std::to_string(assigned[i].partition);
  }
  return text;
}

}  // namespace

std::vector<NamedTable> groups_tables(const World& world) {
  const std::vector<GroupView> views = views_of(world);
  std::vector<NamedTable> tables = {state_table(views)};
  for (const GroupView& each : views) tables.push_back(offsets_table(world, each));
  return tables;
}

std::vector<NamedTable> members_tables(const World& world) {
  NamedTable named;
  named.table.columns = {"GROUP", "CONSUMER-ID", "HOST", "CLIENT-ID", "#PARTITIONS",
                         "CURRENT-EPOCH", "CURRENT-ASSIGNMENT", "TARGET-EPOCH", "TARGET-ASSIGNMENT"};
  for (const GroupView& view : views_of(world)) {
    if (!view.group) continue;
    for (const GroupMember& each : view.group->members) {
      const std::vector<TopicPartition> assigned = assignment_of(*view.group, each);
      std::vector<std::string> row = {view.name};
      for (std::string& cell : identity(world, &each)) row.push_back(std::move(cell));
      const std::vector<std::string> names = {view.name + "/" + row[1], view.name + "/" + row[3]};
      row.push_back(std::to_string(assigned.size()));
      // Epochs and targets are of groups of the consumer protocol (KIP-848); in a classic group there are none.
      for (const std::string& cell : {std::string("-"), assignment_text(world, assigned), std::string("-"), std::string("-")})
        row.push_back(cell);
      named.add_row(names, std::move(row));
    }
  }
  return {named};
}

}  // namespace nutshell
