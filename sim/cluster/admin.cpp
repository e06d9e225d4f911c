#include "sim/cluster/admin.h"

#include <algorithm>

#include "sim/cluster/processes.h"
#include "sim/core/require.h"

namespace nutshell {

namespace {

constexpr Duration kRetry = 100 * kMillisecond;
constexpr Duration kRequestTimeout = 30 * kSecond;
constexpr Duration kApiTimeout = 60 * kSecond;  // default.api.timeout.ms

// What an answer says.
struct AdminHears {
  const AdminRequest& request;
  const Response& response;
  ErrorCode& error;

  // NONE also for a topic of the setup that is there already.
  void operator()(OutcomeOf<CreateTopicsRequest>) const {
    read<CreateTopicsResponse>();
    if (error == ErrorCode::topic_already_exists && !request.by_hand()) error = ErrorCode::none;
  }
  void operator()(OutcomeOf<ElectLeadersRequest>) const { read<ElectLeadersResponse>(); }
  void operator()(OutcomeOf<AlterConfigsRequest>) const { read<AlterConfigsResponse>(); }
  void operator()(OutcomeOf<CreatePartitionsRequest>) const { read<CreatePartitionsResponse>(); }
  void operator()(OutcomeOf<DeleteTopicsRequest>) const { read<DeleteTopicsResponse>(); }
  void operator()(OutcomeOf<DeleteRecordsRequest>) const { read<DeleteRecordsResponse>(); }

  template <class ResponseT>
  void read() const {
    if (const auto* answer = response.as<ResponseT>()) error = answer->error;
  }
};

ErrorCode error_of(const AdminRequest& request, const Response& response) {
  ErrorCode error = response.outcome == Outcome::timed_out ? ErrorCode::request_timed_out : ErrorCode::network_exception;
  NUTSHELL_REQUIRE(dispatch_outcome<Asker::admin>(response.request, AdminHears{request, response, error}));
  return error;
}

// The brokers that a topic wants are up, and have only not registered yet: a person would ask again in a moment.
bool waits_for_brokers(const Fabric& fabric, const AdminRequest& request, ErrorCode error) {
  const auto* create = request.body.get_if<CreateTopicsRequest>();
  if (!create || error != ErrorCode::invalid_replication_factor) return false;
  const auto up = std::count_if(fabric.nodes.begin(), fabric.nodes.end(), [](const Node& each) {
    return each.kind == NodeKind::broker && each.status == NodeStatus::running;
  });
  return up >= std::max(create->replication_factor, 1);
}

// Not the active controller, or nobody heard: another try may succeed. A topic of the setup also waits for its brokers.
bool may_pass(const Fabric& fabric, const AdminRequest& request, ErrorCode error) {
  if (!request.by_hand() || waits_for_brokers(fabric, request, error)) return true;
  return error == ErrorCode::not_controller || error == ErrorCode::not_leader_or_follower || error == ErrorCode::request_timed_out ||
         error == ErrorCode::network_exception;
}

std::int32_t topic_of(const Body& body) {
  if (const auto* create = body.get_if<CreateTopicsRequest>()) return create->topic;
  if (const auto* elect = body.get_if<ElectLeadersRequest>()) return elect->tp.topic;
  if (const auto* alter = body.get_if<AlterConfigsRequest>()) return alter->topic;
  if (const auto* gone = body.get_if<DeleteTopicsRequest>()) return gone->topic;
  if (const auto* remove = body.get_if<DeleteRecordsRequest>()) return remove->tp.topic;
  return body.get_if<CreatePartitionsRequest>()->topic;
}

void tell_failure(Env& env, const Admin& admin, const AdminRequest& request, ErrorCode error) {
  const TopicId topic = topic_of(request.body);
  if (request.body.is<CreateTopicsRequest>()) env.emit(TopicRefused{topic, error, admin.node});
  else env.emit(AdminFailed{request.body.number(), topic, error});
}

// A topic of the setup that cannot be had yet holds up nothing that is asked for by hand.
void let_hands_pass(Admin& admin, ErrorCode error) {
  auto& requests = admin.requests;
  if (requests.front().by_hand() || error == ErrorCode::not_controller) return;
  const auto next = std::find_if(requests.begin(), requests.end(), [](const AdminRequest& each) { return each.by_hand(); });
  if (next != requests.end()) std::rotate(requests.begin(), next, next + 1);
}

NodeId nth(const std::vector<NodeId>& nodes, std::int32_t number) { return nodes[static_cast<std::size_t>(number) % nodes.size()]; }

// Who leads, or any broker: it will say who does.
NodeId leader_for(const Env& env, const Admin& admin) {
  const NodeId known = env.broker_node(admin.requests.front().leader);
  if (known != kNoNode) return known;
  std::vector<NodeId> brokers;
  for (NodeId each : env.commons.broker_nodes)
    if (each != kNoNode) brokers.push_back(each);
  return nth(brokers, admin.next_voter);
}

// True if the first request has come to its end, good or bad.
bool settle(Env& env, Admin& admin, const Response& response) {
  const AdminRequest& first = admin.requests.front();
  const ErrorCode error = error_of(first, response);
  const bool given_up = env.now() >= first.give_up_at;
  if (error != ErrorCode::none && may_pass(env.fabric, first, error) && !given_up) {
    const auto* answer = response.as<DeleteRecordsResponse>();
    admin.requests.front().leader = answer ? answer->current_leader : kNoBroker;
    let_hands_pass(admin, error);
    return false;
  }
  if (error != ErrorCode::none) {
    const bool in_vain = error != ErrorCode::invalid_replication_factor && may_pass(env.fabric, first, error);
    tell_failure(env, admin, first, in_vain ? ErrorCode::request_timed_out : error);
  }
  admin.requests.erase(admin.requests.begin());
  return true;
}

}  // namespace

void start(Env& env, Admin& admin) { admin_proceed(env, admin); }

void ask_by_hand(Env& env, Admin& admin, Body request, BrokerId leader) {
  admin.requests.push_back({std::move(request), env.now() + kApiTimeout, leader});
  admin_proceed(env, admin);
}

void admin_proceed(Env& env, Admin& admin) {
  if (admin.in_flight || admin.retry != kNoTimer || admin.requests.empty()) return;
  const AdminRequest& first = admin.requests.front();
  admin.in_flight = true;
  const Duration left = std::max<Duration>(first.give_up_at - env.now(), kMillisecond);
  const bool of_leader = first.body.is<DeleteRecordsRequest>();
  env.request(admin.node, of_leader ? leader_for(env, admin) : nth(env.commons.voters, admin.next_voter),
              of_leader ? Channel::data : Channel::controller, first.body, std::min(kRequestTimeout, left));
}

void on_response(Env& env, Admin& admin, const Response& response) {
  if (response.tag == kConnectionClosed) return;
  admin.in_flight = false;
  if (settle(env, admin, response)) return admin_proceed(env, admin);
  admin.next_voter += 1;
  admin.retry = env.arm(admin.node, TimerKind::admin_retry, kRetry);
}

void on_timer(Env& env, Admin& admin, const Event&) {
  admin.retry = kNoTimer;
  admin_proceed(env, admin);
}

void mark_ready_clients(Env& env, World& world) {
  Admin& admin = world.admin;
  const auto of_setup = [](const AdminRequest& each) { return !each.by_hand(); };
  if (admin.waiting_clients.empty() || std::any_of(admin.requests.begin(), admin.requests.end(), of_setup)) return;
  for (NodeId each : admin.waiting_clients) plan(env, world, each, ControlKind::start, env.now());
  admin.waiting_clients.clear();
}

}  // namespace nutshell
