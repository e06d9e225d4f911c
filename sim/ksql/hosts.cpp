// Who has which task: the assignor tells every member (in Streams, the partitions by host), so that any server can answer for a key
// or pass the question on (S31).
#include <algorithm>

#include "sim/ksql/server_steps.h"

namespace nutshell {

namespace {

// Beside what it reads, a member is told of a "topic" that is a server's name: its n-th partition is the n-th task, which that server
// runs; from kCopies on, a task of which it keeps a copy; kItself, the server itself, whether it has a task or not.
constexpr std::int32_t kCopies = 1'000'000, kItself = 2'000'000;
constexpr std::string_view kServer = "server ";

NodeId node_of_mark(const Env& env, TopicPartition mark) {
  const std::string name = env.fabric.names[mark.topic];
  if (name.substr(0, kServer.size()) != kServer) return kNoNode;
  const auto& nodes = env.fabric.nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].name == name.substr(kServer.size())) return static_cast<NodeId>(i);
  return kNoNode;
}

std::int32_t place_of(const streams::Plan& plan, int part, int partition) {
  std::int32_t place = partition;
  for (int before = 0; before < part; ++before) place += plan.parts[static_cast<std::size_t>(before)].tasks;
  return place;
}

}  // namespace

TopicPartition server_mark(Env& env, const KsqlServer& server) {
  const std::string& name = env.fabric.nodes[static_cast<std::size_t>(server.node)].name;
  return {env.fabric.names.intern(std::string(kServer) + name), kItself};
}

void tell_hosts(const Env& env, const KsqlQuery& query, const std::vector<KsqlTaskHost>& hosts,
                std::vector<std::vector<TopicPartition>>& given) {
  std::vector<TopicPartition> marks;
  for (const JoinedMember& each : query.reader.members) {
    const auto& claim = each.claim.partitions;
    const auto is_mark = [&env](TopicPartition tp) { return tp.partition == kItself && node_of_mark(env, tp) != kNoNode; };
    const auto found = std::find_if(claim.begin(), claim.end(), is_mark);
    marks.push_back(found == claim.end() ? TopicPartition{} : *found);
  }
  std::vector<TopicPartition> known;
  for (const KsqlTaskHost& each : hosts)
    if (marks[each.member].partition == kItself)
      known.push_back({marks[each.member].topic, place_of(*query.plan, each.part, each.partition) + (each.copy ? kCopies : 0)});
  for (std::size_t member = 0; member < given.size(); ++member) {
    if (marks[member].partition == kItself) given[member].push_back(marks[member]);
    given[member].insert(given[member].end(), known.begin(), known.end());
  }
}

std::vector<NodeId> hosts_of(const Env& env, const KsqlServer& server, const KsqlQuery& query, int part, int partition) {
  std::vector<NodeId> hosts;
  const std::int32_t place = place_of(*query.plan, part, partition);
  for (const std::int32_t wanted : {place, place + kCopies})
    for (TopicPartition each : query.reader.host.beside)
      if (const NodeId node = each.partition == wanted ? node_of_mark(env, each) : kNoNode; node != kNoNode && node != server.node)
        hosts.push_back(node);
  return hosts;
}

}  // namespace nutshell
