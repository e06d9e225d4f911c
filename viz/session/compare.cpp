#include "viz/session/compare.h"
#include "viz/session/image.h"

#include <algorithm>
#include <array>

#include "sim/cluster/describe.h"

namespace nutshell {

namespace {

template <class T>
const T* find(const std::vector<T>& all, NodeId node) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T& each) { return each.node == node; });
  return found == all.end() ? nullptr : &*found;
}

bool nodes_differ(const World& left, const World& right, NodeId id) {
  const auto index = static_cast<std::size_t>(id);
  const std::vector<Node>&a = left.fabric.nodes, &b = right.fabric.nodes;
  if (index >= a.size() || index >= b.size()) return index < a.size() || index < b.size();
  return a[index].status != b[index].status || a[index].incarnation != b[index].incarnation;
}

bool replicas_differ(const Broker* left, const Broker* right, TopicPartition tp) {
  const Replica* a = left ? left->replica(tp) : nullptr;
  const Replica* b = right ? right->replica(tp) : nullptr;
  if (!a || !b) return a != b;
  return a->role != b->role || a->leader_epoch != b->leader_epoch || a->log.high_watermark() != b->log.high_watermark() ||
         a->log.log_end_offset() != b->log.log_end_offset();
}

bool differ(const Consumer* left, const Consumer* right) {
  if (!left || !right) return left != right;
  const auto same = [](const OwnedPartition& a, const OwnedPartition& b) {
    return a.tp == b.tp && a.position == b.position && a.committed == b.committed;
  };
  return left->state != right->state ||
         !std::equal(left->owned.begin(), left->owned.end(), right->owned.begin(), right->owned.end(), same);
}

bool differ(const Producer* left, const Producer* right) {
  if (!left || !right) return left != right;
  return left->counters.acked != right->counters.acked || left->counters.failed != right->counters.failed;
}

bool differ(const Controller* left, const Controller* right) {
  if (!left || !right) return left != right;
  return left->raft.role != right->raft.role || left->raft.epoch != right->raft.epoch || left->active != right->active;
}

bool groups_differ(const World& left, const World& right, std::int32_t group) {
  const Group* a = coordinated_group(left, group).group;
  const Group* b = coordinated_group(right, group).group;
  if (!a || !b) return a != b;
  return a->state != b->state || a->generation != b->generation || a->members.size() != b->members.size();
}

// Columns that say which row it is.
bool is_key(std::string_view column) {
  constexpr std::array<std::string_view, 10> kKeys = {"Topic", "Partition", "GROUP", "TOPIC", "PARTITION", "Broker",
                                                      "NodeId", "CONSUMER-ID", "Id", "BrokerId"};
  return std::find(kKeys.begin(), kKeys.end(), column) != kKeys.end();
}

std::string key_of(const Table& table, const std::vector<std::string>& row) {
  std::string key;
  for (std::size_t i = 0; i < row.size() && i < table.columns.size(); ++i) {
    if (is_key(table.columns[i])) key += " " + row[i];
  }
  return key;
}

const std::vector<std::string>* row_of(const Table& table, const std::string& key) {
  for (const auto& row : table.rows) {
    if (key_of(table, row) == key) return &row;
  }
  return nullptr;
}

void compare_rows(const std::string& subject, const Table& left, const Table& right, std::vector<Difference>& all) {
  for (const auto& row : left.rows) {
    const std::string key = key_of(left, row);
    const std::vector<std::string>* other = row_of(right, key);
    if (!other) all.push_back({subject + key, "there", "-"});
    for (std::size_t i = 0; other && i < row.size() && i < other->size() && i < left.columns.size(); ++i) {
      if (row[i] != (*other)[i]) all.push_back({subject + key + ": " + left.columns[i], row[i], (*other)[i]});
    }
  }
  for (const auto& row : right.rows) {
    const std::string key = key_of(right, row);
    if (!row_of(left, key)) all.push_back({subject + key, "-", "there"});
  }
}

}  // namespace

bool differs(const World& left, const World& right, const Place& place) {
  const Broker *a = find(left.brokers, place.node), *b = find(right.brokers, place.node);
  switch (place.kind) {
    case PlaceKind::controller:
      return nodes_differ(left, right, place.node) || differ(find(left.controllers, place.node), find(right.controllers, place.node));
    case PlaceKind::broker: return nodes_differ(left, right, place.node);
    case PlaceKind::replica: return replicas_differ(a, b, place.tp);
    case PlaceKind::producer:
      return nodes_differ(left, right, place.node) || differ(find(left.producers, place.node), find(right.producers, place.node));
    case PlaceKind::consumer:
      return nodes_differ(left, right, place.node) || differ(find(left.consumers, place.node), find(right.consumers, place.node));
    case PlaceKind::group: return groups_differ(left, right, place.group);
    default: return false;
  }
}

std::vector<Difference> differences(const World& left, const World& right) {
  std::vector<Difference> all;
  for (std::string_view subject : describe_subjects()) {
    const std::vector<Table> a = describe(left, subject), b = describe(right, subject);
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
      const Table none;
      const Table &one = i < a.size() ? a[i] : none, &other = i < b.size() ? b[i] : none;
      if (!one.columns.empty() && !other.columns.empty() && one.columns != other.columns) continue;
      compare_rows(std::string(subject), one, other, all);
    }
  }
  return all;
}

}  // namespace nutshell
