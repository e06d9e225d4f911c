// Connections, the two ends: requests go out, answers go back, processes die (N1-N3).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/net/connection_internal.h"

namespace nutshell {

std::uint64_t stream_key(const FabricEnv& env, const Connection& connection, bool response) {
  const std::uint64_t ends = mix(env.self(connection.client).key, env.self(connection.server).key);
  const std::uint64_t key = mix(ends, static_cast<std::uint64_t>(connection.channel) * 2 + response);
  return connection.number == 0 ? key : mix(key, connection.number);
}

void free_message(Fabric& fabric, std::int32_t index) {
  Message& message = fabric.messages[static_cast<std::size_t>(index)];
  message.connection = -1;
  message.body = {};
  fabric.free_messages.push_back(index);
}

void drop(FabricEnv& env, std::int32_t index, DropReason reason, Step because) {
  const Message& message = message_at(env, index);
  env.fabric.network.counters.dropped += 1;
  env.emit(MessageDropped{message.from, message.to, message.body.number(), reason}, because);
  free_message(env.fabric, index);
}

// From the last: few but the present one are ever asked for. nullptr: there is none.
ServerEnd* find_server_end(Connection& connection, std::int32_t generation) {
  for (ServerEnd* each = connection.server_ends.end(); each != connection.server_ends.begin();)
    if ((--each)->generation == generation) return each;
  return nullptr;
}

void drop_stuck(FabricEnv& env, Stream& stream) {
  std::vector<std::int32_t> behind;
  behind.swap(stream.behind);
  stream.stuck = -1;  // its retransmission finds the connection closed
  for (std::int32_t each : behind) drop(env, each, DropReason::connection_closed);
}

void release_next(FabricEnv& env, Stream& stream) {
  stream.stuck = -1;
  if (stream.behind.empty()) return;
  stream.stuck = stream.behind.front();
  stream.behind.erase(stream.behind.begin());
  env.deliver_at(stream.stuck, env.now());
}

void close_client_end(FabricEnv& env, std::int32_t index, std::int32_t timed_out) {
  Connection& connection = connection_at(env, index);
  note_closed(env, connection);
  // At an end where nobody works and nothing waits, nothing is missed: it is made again if a request still arrives there.
  ServerEnd* const end = find_server_end(connection, connection.generation);
  if (end && !end->busy && end->waiting.empty()) connection.server_ends.erase(end);
  connection.generation += 1;
  connection.established = false;
  connection.unsent.clear();
  connection.to_server.last_arrival = 0;  // what is still on its way is of the old connection, and may come later
  connection.to_client.last_arrival = 0;
  connection.response_fault = ResponseFault::none;
  Few<InFlight> failed;
  std::swap(failed, connection.in_flight);
  for (InFlight& each : failed) {
    Response response;
    response.from = connection.server;
    response.channel = connection.channel;
    response.client = connection.number;
    response.outcome = each.correlation == timed_out ? Outcome::timed_out : Outcome::disconnected;
    response.request = each.request;
    response.tag = each.tag;
    response.sent_by = each.sent_by;
    env.failures.push_back({connection.client, response});
  }
  drop_stuck(env, connection.to_server);
  drop_stuck(env, connection.to_client);
}

void watch_deadline(FabricEnv& env, std::int32_t index, Time deadline) {
  Connection& connection = connection_at(env, index);
  if (connection.timer != kNoTimer && connection.timer_at <= deadline) return;
  env.disarm(connection.timer);
  Event event;
  event.kind = EventKind::request_timeout;
  event.node = connection.client;
  event.incarnation = env.self(connection.client).incarnation;
  event.a = index;
  connection.timer = env.schedule(event, std::max(deadline, env.now()), connection.client);
  connection.timer_at = deadline;
}

ServerEnd& server_end(Connection& connection, std::int32_t generation) {
  if (ServerEnd* known = find_server_end(connection, generation)) return *known;
  connection.server_ends.push_back({generation, false, {}});
  return connection.server_ends.back();
}

void lose_connection(FabricEnv& env, std::int32_t index, Step because) {
  const Connection& connection = connection_at(env, index);
  env.emit(ConnectionLost{connection.client, connection.server}, because);
  const bool unheard = connection.in_flight.empty() || connection.attempt.awaited;
  Response response;
  response.from = connection.server;
  response.channel = connection.channel;
  response.client = connection.number;
  response.outcome = Outcome::disconnected;
  response.tag = kConnectionClosed;
  close_client_end(env, index, -1);
  if (unheard) env.failures.push_back({connection_at(env, index).client, response});
}

void notify_client(FabricEnv& env, std::int32_t index) {
  const Connection& connection = connection_at(env, index);
  const Link* link = env.fabric.network.find(connection.server, connection.client);
  if (link && link->cut) return;
  const LinkModel& model = link ? link->model : env.fabric.network.standard;
  env.schedule(event_of_client(env, index, EventKind::disconnected), env.now() + model.latency, connection.server);
}

namespace {

std::int32_t open_connection(FabricEnv& env, NodeId from, NodeId to, Channel channel) {
  OpenedConnections& known = env.self(from).connections;
  if (const std::int32_t found = known.find(to, channel, env.client); found != OpenedConnections::kNone) return found;
  const auto index = static_cast<std::int32_t>(env.fabric.connections.size());
  Connection fresh;
  fresh.client = from;
  fresh.server = to;
  fresh.channel = channel;
  fresh.number = env.client;
  env.fabric.connections.push_back(std::move(fresh));
  known.add(to, channel, env.client, index);
  return index;
}

const Connection* find_connection(const FabricEnv& env, NodeId from, NodeId to, Channel channel) {
  const std::int32_t index = env.self(from).connections.find(to, channel, env.client);
  return index == OpenedConnections::kNone ? nullptr : &env.fabric.connections[static_cast<std::size_t>(index)];
}

std::int32_t new_message(Fabric& fabric) {
  if (fabric.free_messages.empty()) {
    fabric.messages.emplace_back();
    return static_cast<std::int32_t>(fabric.messages.size()) - 1;
  }
  const std::int32_t index = fabric.free_messages.back();
  fabric.free_messages.pop_back();
  return index;
}

// Puts a message on the wire.
void transmit(FabricEnv& env, std::int32_t connection_index, bool response, std::int32_t correlation, std::int32_t generation,
              Body&& body) {
  Connection& connection = connection_at(env, connection_index);
  const std::int32_t index = new_message(env.fabric);
  Message& message = message_at(env, index);
  message.from = response ? connection.server : connection.client;
  message.to = response ? connection.client : connection.server;
  message.connection = connection_index;
  message.generation = generation;
  message.correlation = correlation;
  message.response = response;
  message.dropped = false;
  message.attempt = 0;
  message.incarnation = env.self(message.to).incarnation;
  message.sent_at = env.now();
  message.sent_by = env.fabric.step;
  message.body = std::move(body);
  Network& network = env.fabric.network;
  Stream& stream = stream_of(connection, message);
  message.nth = stream.nth++;
  network.counters.sent += 1;
  const bool size_matters = network.standard.bytes_per_second > 0 || !network.links.empty();
  const std::int64_t bytes = size_matters ? message.body.wire_size() : 0;
  const Time arrives = arrival_time(network, env.fabric.seed, message.from, message.to,
                                    stream_key(env, connection, response), message.nth, bytes, env.now());
  stream.last_arrival = std::max(arrives, stream.last_arrival + 1);
  env.deliver_at(index, stream.last_arrival);
}

// The process that made the connection is gone: the next one begins without its failures.
void forget_luck(FabricEnv& env, Connection& connection) {
  connection.attempt = ConnectAttempt{.draws = connection.attempt.draws};
  env.disarm(connection.timer);
}

// The server is done with a request: it takes the connection's next one, in an event of its own.
void proceed(FabricEnv& env, std::int32_t index, std::int32_t generation) {
  Connection& connection = connection_at(env, index);
  ServerEnd* const end = find_server_end(connection, generation);
  if (!end) return;
  end->busy = false;
  if (end->waiting.empty()) {
    if (generation != connection.generation) connection.server_ends.erase(end);
    return;
  }
  end->busy = true;
  Event event;
  event.kind = EventKind::proceed;
  event.node = connection.server;
  event.incarnation = env.self(connection.server).incarnation;
  event.a = index;
  event.b = generation;
  env.schedule(event, env.now(), connection.server);
}

void forget_server_ends(FabricEnv& env, Connection& connection) {
  for (ServerEnd& end : connection.server_ends)
    for (std::int32_t each : end.waiting) drop(env, each, DropReason::node_down);
  connection.server_ends.clear();
}

}  // namespace

void transmit_request(FabricEnv& env, std::int32_t index, std::int32_t correlation, Body&& body) {
  transmit(env, index, false, correlation, connection_at(env, index).generation, std::move(body));
}

void FabricEnv::deliver_at(std::int32_t index, Time time) {
  Message& message = fabric.messages[static_cast<std::size_t>(index)];
  message.arrives_at = time;
  Event event;
  event.kind = EventKind::deliver;
  event.node = message.to;
  event.incarnation = -1;
  event.a = index;
  schedule(event, time, message.from);
}

void FabricEnv::request(NodeId from, NodeId to, Channel channel, Body body, Duration timeout, std::uint64_t tag) {
  const std::int32_t index = open_connection(*this, from, to, channel);
  Connection& connection = connection_at(*this, index);
  InFlight flight;
  flight.correlation = connection.next_correlation++;
  flight.request = body.number();
  flight.sent_at = now();
  flight.tag = tag;
  flight.deadline = now() + timeout;
  flight.sent_by = fabric.step;
  connection.in_flight.push_back(flight);
  watch_deadline(*this, index, flight.deadline);
  if (connect(*this, index)) transmit(*this, index, false, flight.correlation, connection.generation, std::move(body));
  else connection.unsent.push_back({flight.correlation, std::move(body)});
}

void FabricEnv::send_one_way(NodeId from, NodeId to, Channel channel, Body body) {
  const std::int32_t index = open_connection(*this, from, to, channel);
  Connection& connection = connection_at(*this, index);
  NUTSHELL_REQUIRE(connection.state == ConnectionState::open);
  transmit(*this, index, false, connection.next_correlation++, connection.generation, std::move(body));
}

std::size_t FabricEnv::in_flight(NodeId from, NodeId to, Channel channel) const {
  const Connection* connection = find_connection(*this, from, to, channel);
  return connection ? connection->in_flight.size() : 0;
}

Contact FabricEnv::contact(NodeId from, NodeId to, Channel channel) const {
  const Connection* connection = find_connection(*this, from, to, channel);
  if (!connection) return Contact::none;
  if (connection->established) return Contact::established;
  const ConnectAttempt& attempt = connection->attempt;
  const bool begun = connection->state != ConnectionState::closed && attempt.began_at >= 0;
  if (begun) return Contact::connecting;
  return now() < attempt.not_before ? Contact::backing_off : Contact::none;
}

bool FabricEnv::ready(NodeId from, NodeId to, Channel channel) {
  const std::int32_t index = open_connection(*this, from, to, channel);
  const bool open = connect(*this, index);
  if (!open) connection_at(*this, index).attempt.awaited = true;
  return open;
}

void FabricEnv::reply(const RequestId& request, Body body) {
  Connection& connection = connection_at(*this, request.connection);
  if (connection.generation == request.generation)
    transmit(*this, request.connection, true, request.correlation, request.generation, std::move(body));
  proceed(*this, request.connection, request.generation);
}

void FabricEnv::finish(const RequestId& request) { proceed(*this, request.connection, request.generation); }

void FabricEnv::hang_up(const RequestId& request) {
  Connection& connection = connection_at(*this, request.connection);
  if (connection.generation == request.generation) notify_client(*this, request.connection);
  ServerEnd* const end = find_server_end(connection, request.generation);
  if (!end) return;
  for (std::int32_t each : end->waiting) drop(*this, each, DropReason::connection_closed);
  connection.server_ends.erase(end);
}

NodeId FabricEnv::client_of(const RequestId& request) const {
  return fabric.connections[static_cast<std::size_t>(request.connection)].client;
}

namespace {

// The client's end closes for good; nobody is left to hear of what was under way.
void abandon(FabricEnv& env, std::int32_t index) {
  const std::size_t failures = env.failures.size();
  close_client_end(env, index, -1);
  env.failures.resize(failures);
  forget_luck(env, connection_at(env, index));
}

}  // namespace

void end_client(FabricEnv& env, NodeId node, ClientNumber client) {
  for (std::int32_t index : env.self(node).connections.indices())
    if (connection_at(env, index).number == client) abandon(env, index);
}

void kill_process(FabricEnv& env, NodeId node) {
  Node& self = env.self(node);
  if (self.status == NodeStatus::down) return;
  self.status = NodeStatus::down;
  self.incarnation += 1;
  self.silenced_by = env.fabric.step;
  for (Timer each : self.backlog) {
    const Event& event = env.fabric.queue.payload(each);
    if (event.kind == EventKind::deliver) drop(env, event.a, DropReason::node_down);
    if (event.kind == EventKind::request_timeout) connection_at(env, event.a).timer = kNoTimer;  // went off while it was paused
    env.fabric.queue.release(each);
  }
  self.backlog.clear();
  for (std::size_t i = 0; i < env.fabric.connections.size(); ++i) {
    Connection& connection = env.fabric.connections[i];
    const auto index = static_cast<std::int32_t>(i);
    if (connection.client == node) abandon(env, index);
    if (connection.server != node) continue;
    forget_server_ends(env, connection);
    if (!self.powered_off && connection.state == ConnectionState::open) notify_client(env, index);  // RST
  }
  env.exited.push_back(node);
}

void lose_responses(FabricEnv& env, NodeId client, NodeId server, Channel channel, ResponseFault fault) {
  connection_at(env, open_connection(env, client, server, channel)).response_fault = fault;
  for (std::int32_t index : env.self(client).connections.indices()) {
    Connection& connection = connection_at(env, index);
    if (connection.server == server && connection.channel == channel) connection.response_fault = fault;
  }
}

void drop_message(FabricEnv& env, std::int32_t message) {
  // Its event finds the place empty; the place is freed by that event.
  Message& dropped = message_at(env, message);
  NUTSHELL_REQUIRE(dropped.connection >= 0 && !dropped.dropped);
  dropped.dropped = true;
}

}  // namespace nutshell
