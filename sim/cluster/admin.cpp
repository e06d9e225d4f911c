#include "sim/cluster/admin.h"

#include <algorithm>

#include "sim/cluster/processes.h"

namespace nutshell {

namespace {

constexpr Duration kRetry = 100 * kMillisecond;
constexpr Duration kRequestTimeout = 30 * kSecond;

// Not the active controller, not enough brokers yet: another try may succeed.
bool settled(const AdminRequest& request, const Response& response) {
  if (const auto* created = response.as<CreateTopicsResponse>())
    return created->error == ErrorCode::none || created->error == ErrorCode::topic_already_exists;
  if (const auto* elected = response.as<ElectLeadersResponse>()) return elected->error != ErrorCode::not_controller;
  if (const auto* altered = response.as<AlterConfigsResponse>()) return altered->error != ErrorCode::not_controller;
  if (const auto* grown = response.as<CreatePartitionsResponse>())
    return grown->error != ErrorCode::not_controller && grown->error != ErrorCode::invalid_replication_factor;
  return request.body.index() == body_index<ElectLeadersRequest>() && response.outcome == Outcome::timed_out;
}

// Says once what the controller has against a topic that a hand wants; what else is asked for comes first then.
void put_off(Env& env, Admin& admin, const Response& response) {
  const auto* created = response.as<CreateTopicsResponse>();
  AdminRequest& first = admin.requests.front();
  if (!created || created->error == ErrorCode::not_controller || !first.by_hand) return;
  if (!first.refused) env.emit(TopicRefused{created->topic, created->error});
  first.refused = true;
  std::rotate(admin.requests.begin(), admin.requests.begin() + 1, admin.requests.end());
}

}  // namespace

void start_admin(Env& env, Admin& admin) { admin_proceed(env, admin); }

void admin_proceed(Env& env, Admin& admin) {
  if (admin.in_flight || admin.retry != kNoTimer || admin.requests.empty()) return;
  const std::vector<NodeId>& voters = env.fabric.voters;
  const NodeId voter = voters[static_cast<std::size_t>(admin.next_voter) % voters.size()];
  admin.in_flight = true;
  env.request(admin.node, voter, Channel::controller, admin.requests.front().body, kRequestTimeout);
}

void on_response(Env& env, Admin& admin, const Response& response) {
  if (response.tag == kConnectionClosed) return;
  admin.in_flight = false;
  if (settled(admin.requests.front(), response)) {
    admin.requests.erase(admin.requests.begin());
    return admin_proceed(env, admin);
  }
  put_off(env, admin, response);
  admin.next_voter += 1;
  admin.retry = env.arm(admin.node, TimerKind::admin_retry, kRetry);
}

void on_timer(Env& env, Admin& admin, const Event&) {
  admin.retry = kNoTimer;
  admin_proceed(env, admin);
}

void mark_ready_clients(Env& env, World& world) {
  Admin& admin = world.admin;
  if (admin.waiting_clients.empty() || !admin.requests.empty()) return;
  for (NodeId each : admin.waiting_clients) plan(env, world, each, ControlKind::start, env.now());
  admin.waiting_clients.clear();
}

}  // namespace nutshell
