// group_classic.json (G7-G11): the coordinator of one broker, held to Kafka's GroupMetadataManager.
//
// Each operation comes from a node of its own, so that none waits behind another's open request; the
// network takes no time. Kafka's clock moved in steps of 100 ms and fired in each step what had become due: even
// a delay of nothing ends with the next step only.
// Left out: static members, and members that join without an id of their own.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/kafka/broker.h"
#include "sim/log/hash.h"
#include "sim/kafka/kinds.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

using Json = nlohmann::json;

constexpr Duration kClockStep = 100 * kMillisecond;
constexpr Duration kSlack = kMillisecond;  // what messages that take no time add up to, at most

// A response as the vectors write it: "join NONE $m1 generation 1 leader $m1 members $m1 $m2".
std::string joined_text(const std::string& error, const std::string& member, std::int32_t generation,
                        const std::string& leader, std::vector<std::string> members) {
  std::string text = "join " + error + " " + member + " generation " + std::to_string(generation);
  if (error != "NONE") return text;
  text += " leader " + leader + " members";
  std::sort(members.begin(), members.end());
  for (const std::string& each : members) text += " " + each;
  return text;
}

std::string expected_text(const Json& completed) {
  const std::string error = completed.at("error");
  const std::string at = std::to_string(completed.at("at_ms").get<std::int64_t>()) + " ms: ";
  if (completed.at("api") == "sync") return at + "sync " + error + " " + completed.at("assignment").get<std::string>();
  return at + joined_text(error, completed.at("member_id"), completed.at("generation"), completed.at("leader"),
                          completed.at("members_in_response"));
}

// Kafka's clock when it did what happens here at `time`.
std::string step_text(Time time) {
  return std::to_string((time + kClockStep - kSlack) / kClockStep * (kClockStep / kMillisecond)) + " ms: ";
}

// Answers of one operation, one a line: their order within an instant means nothing.
std::string sorted_lines(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& each : lines) text += each + "\n";
  return text;
}

// The same, without saying who leads.
std::vector<std::string> without_leader(std::vector<std::string> lines) {
  for (std::string& each : lines) each = each.substr(0, each.find(" leader "));
  return lines;
}

struct Answer {
  Time at;
  Body body;
};

std::string text_or_empty(const Json& value) { return value.is_null() ? "" : value.get<std::string>(); }

class CoordinatorRig {
 public:
  explicit CoordinatorRig(Duration initial_rebalance_delay) {
    fabric_.network.standard.latency = 0;
    fabric_.network.standard.jitter = 0;
    group_ = fabric_.names.intern("g1");
    Env env(fabric_, commons_, facts_);
    broker_.id = 1;
    broker_.node = add_node(fabric_, "broker 1", NodeKind::broker, 0, 1);
    commons_.enlist(1, broker_.node);
    broker_.config.group_initial_rebalance_delay = initial_rebalance_delay;
    start_process(env, broker_.node);
    lead_offsets_partition(env);
  }

  // Runs up to and including `time`; what completes is kept as text.
  void run_to(Time time) {
    while (!fabric_.queue.empty() && fabric_.queue.next_time() <= time + kSlack) take();
    fabric_.now = std::max(fabric_.now, time);
  }
  void ask(const std::string& client, Body body) {
    Env env(fabric_, commons_, facts_);
    const auto index = static_cast<std::int32_t>(fabric_.nodes.size());
    const NodeId node = add_node(fabric_, client + "/" + std::to_string(index), NodeKind::consumer, index);
    start_process(env, node);
    env.request(node, broker_.node, Channel::coordinator, std::move(body), kHour);
    deliver();
  }
  // Members are known by labels; a new one is learned from the answer that gives it its id.
  std::int32_t member(const std::string& label) {
    if (label.empty()) return -1;
    const auto known = ids_.find(label);
    return known != ids_.end() ? known->second : fabric_.names.intern(label);
  }
  std::int32_t group_id() const { return group_; }
  std::int32_t intern(const std::string& text) { return fabric_.names.intern(text); }
  Group* group() { return broker_.groups.groups.empty() ? nullptr : &broker_.groups.groups.front(); }
  const std::string& label(std::int32_t member_id) const {
    static const std::string none;
    const auto known = labels_.find(member_id);
    return known == labels_.end() ? none : known->second;
  }
  void learn(const std::string& label) {
    ids_[label] = unlabelled_;
    labels_[unlabelled_] = label;
  }
  std::vector<Answer> take_answers() { return std::exchange(answers_, {}); }
  // A new id was given that has no label yet.
  std::int32_t unlabelled() const { return labels_.count(unlabelled_) ? -1 : unlabelled_; }

 private:
  void lead_offsets_partition(Env& env) {
    const TopicPartition tp{fabric_.names.intern(kOffsetsTopic), coordinator_partition("g1", 50)};
    broker_.image.apply(0, TopicRecord{tp.topic, 50});
    for (std::int32_t each = 0; each < 50; ++each) broker_.image.apply(each + 1, PartitionRecord{{tp.topic, each}, {}});
    Replica replica;
    replica.tp = tp;
    replica.role = ReplicaRole::leader;
    replica.leader = 1;
    replica.leader_epoch = 0;
    replica.assigned.push_back(1);
    replica.isr.push_back(1);
    replica.log.assign_epoch_start_offset(0);
    broker_.replica_keys.add(replica.tp);
    broker_.replicas.push_back(std::move(replica));
    coordinator_elected(env, broker_, tp.partition);
  }
  // Messages only: what is due at this very moment waits for the next step of the clock.
  void deliver() {
    while (fabric_.queue.next_time() <= fabric_.now + kSlack) {
      const auto entry = fabric_.queue.pop_detached();
      const bool waits = entry.payload.kind == EventKind::timer;
      fabric_.queue.reattach(entry.handle, entry.time + (waits ? kClockStep / 10 : 0), entry.order);
      if (!waits) take();
    }
  }
  void take() {
    fabric_.step += 1;
    Env env(fabric_, commons_, facts_);
    Arrival arrival = take_event(env);
    if (arrival.kind == Arrival::Kind::request) on_request(env, broker_, arrival.request, arrival.body);
    if (arrival.kind == Arrival::Kind::timer) on_timer(env, broker_, arrival.event);
    if (arrival.kind != Arrival::Kind::response) return;
    const auto* join = arrival.body.get_if<JoinGroupResponse>();
    if (join && join->error == ErrorCode::member_id_required) unlabelled_ = join->member_id;
    answers_.push_back({fabric_.now, arrival.body});
  }

  Fabric fabric_;
  Commons commons_;
  Broker broker_;
  std::vector<Fact> facts_;
  std::int32_t group_ = -1;
  std::map<std::string, std::int32_t> ids_;
  std::map<std::int32_t, std::string> labels_;
  std::int32_t unlabelled_ = -1;
  std::vector<Answer> answers_;
};

JoinGroupRequest join_request(CoordinatorRig& rig, const Json& op) {
  JoinGroupRequest join;
  join.group = rig.group_id();
  join.member_id = rig.member(op.at("member_id"));
  join.session_timeout = op.at("session_timeout_ms").get<std::int64_t>() * kMillisecond;
  join.rebalance_timeout = op.at("rebalance_timeout_ms").get<std::int64_t>() * kMillisecond;
  // Protocols and metadata count as one subscription: only whether it changes matters.
  join.topics = {rig.intern(op.at("metadata_tag").get<std::string>() + op.at("protocols").dump())};
  return join;
}

SyncGroupRequest sync_request(CoordinatorRig& rig, const Json& op) {
  SyncGroupRequest sync;
  sync.group = rig.group_id();
  sync.member_id = rig.member(op.at("member_id"));
  sync.generation = op.at("generation");
  for (const std::string each : op.at("assignments_for")) {
    const std::int32_t member = rig.member(each);
    sync.assignments.push_back({member, {{member, sync.generation}}});
  }
  return sync;
}

void perform(CoordinatorRig& rig, const Json& op) {
  const std::string kind = op.at("op");
  if (kind == "join") {
    rig.ask(op.at("client"), join_request(rig, op));
  } else if (kind == "sync") {
    rig.ask(op.at("client"), sync_request(rig, op));
  } else if (kind == "heartbeat") {
    rig.ask(op.at("client"), HeartbeatRequest{rig.group_id(), op.at("generation"), rig.member(op.at("member_id"))});
  } else if (kind == "leave") {
    rig.ask(op.at("client"), LeaveGroupRequest{rig.group_id(), rig.member(op.at("member_id"))});
  } else {
    REQUIRE(kind == "advance");
    rig.run_to(op.at("now_ms").get<std::int64_t>() * kMillisecond);
  }
}

// The answers in the words of the vectors; Heartbeat and LeaveGroup answer in the operation itself.
std::vector<std::string> completed_texts(CoordinatorRig& rig, const Json& op) {
  std::vector<std::string> texts;
  for (const auto& [at, body] : rig.take_answers()) {
    if (const auto* join = body.get_if<JoinGroupResponse>()) {
      std::vector<std::string> members;
      for (const JoinedMember& each : join->members) members.push_back(rig.label(each.member_id));
      texts.push_back(step_text(at) + joined_text(std::string(error_name(join->error)), rig.label(join->member_id),
                                                  join->generation, rig.label(join->leader), members));
    } else if (const auto* sync = body.get_if<SyncGroupResponse>()) {
      std::string text = step_text(at) + "sync " + std::string(error_name(sync->error)) + " ";
      if (!sync->assignment.empty())
        text += "asg-" + rig.label(sync->assignment[0].topic) + "-g" + std::to_string(sync->assignment[0].partition);
      texts.push_back(text);
    } else if (const auto* heartbeat = body.get_if<HeartbeatResponse>()) {
      CHECK(error_name(heartbeat->error) == op.at("error").get<std::string>());
    } else if (const auto* leave = body.get_if<LeaveGroupResponse>()) {
      CHECK(error_name(leave->error) == op.at("error").get<std::string>());
    }
  }
  return texts;
}

void check_group(CoordinatorRig& rig, const Json& expected) {
  Group* group = rig.group();
  REQUIRE((group != nullptr) == !expected.is_null());
  if (!group) return;
  CHECK(group_state_name(group->state) == expected.at("state").get<std::string>());
  CHECK(group->generation == expected.at("generation").get<std::int32_t>());
  CHECK(rig.label(group->leader) == text_or_empty(expected.at("leader")));
  std::vector<std::string> members;
  for (const GroupMember& each : group->members) members.push_back(rig.label(each.member_id));
  std::sort(members.begin(), members.end());
  CHECK(members == expected.at("members").get<std::vector<std::string>>());
}

// Which of the others leads when the leader has gone is not determined by Kafka (a hash map's order).
void adopt_leader(CoordinatorRig& rig, const std::string& leader) {
  Group* group = rig.group();
  if (!group || leader.empty()) return;
  for (const GroupMember& each : group->members)
    if (rig.label(each.member_id) == leader) group->leader = each.member_id;
}

// The group has got another leader in this operation, as the answers or the state after it tell.
bool leader_replaced(const Json& op, const std::string& former, const std::string& leader) {
  if (former.empty()) return false;
  const Json& completed = op.at("completed");
  return (!leader.empty() && leader != former) || std::any_of(completed.begin(), completed.end(), [&](const Json& each) {
    return each.at("api") == "join" && each.at("error") == "NONE" && each.at("leader") != former;
  });
}

void check_case(const Json& test) {
  CoordinatorRig rig(test.at("initial_rebalance_delay_ms").get<std::int64_t>() * kMillisecond);
  std::string former_leader;
  for (const Json& op : test.at("events")) {
    const std::string text = op.dump();
    CAPTURE(text);
    perform(rig, op);
    for (const Json& each : op.at("completed"))
      if (each.at("error") == "MEMBER_ID_REQUIRED" && rig.unlabelled() != -1) rig.learn(each.at("member_id"));
    const Json& expected = op.at("group");
    const std::string leader = expected.is_null() ? "" : text_or_empty(expected.at("leader"));
    const bool replaced = leader_replaced(op, former_leader, leader);
    if (replaced) adopt_leader(rig, leader);
    former_leader = leader;
    std::vector<std::string> completed;
    for (const Json& each : op.at("completed")) completed.push_back(expected_text(each));
    std::vector<std::string> answered = completed_texts(rig, op);
    if (replaced) {
      completed = without_leader(std::move(completed));
      answered = without_leader(std::move(answered));
    }
    CHECK(sorted_lines(answered) == sorted_lines(completed));
    check_group(rig, expected);
  }
}

bool is_modelled(const Json& test) {
  const Json& events = test.at("events");
  return test.at("member_id_required").get<bool>() && std::all_of(events.begin(), events.end(), [](const Json& op) {
    return op.at("op") != "client_restart" && (!op.contains("instance_id") || op.at("instance_id").is_null());
  });
}

TEST_CASE("conformance: group_classic") {
  std::int32_t held = 0;
  for (const Json& test : vector_cases("group_classic.json")) {
    if (!is_modelled(test)) continue;
    const std::int32_t id = test.at("id");
    CAPTURE(id);
    check_case(test);
    ++held;
  }
  CHECK(held >= 10);
}

}  // namespace
}  // namespace nutshell
