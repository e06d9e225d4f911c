// Connections: requests, responses, and what TCP does to them (N1-N3).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/fabric.h"

namespace nutshell {

namespace {

Connection& connection_at(Env& env, std::int32_t index) {
  return env.fabric.connections[static_cast<std::size_t>(index)];
}

Message& message_at(Env& env, std::int32_t index) { return env.fabric.messages[static_cast<std::size_t>(index)]; }

Stream& stream_of(Connection& connection, const Message& message) {
  return message.response ? connection.to_client : connection.to_server;
}

// Whose luck a message has: its connection and direction.
std::uint64_t stream_key(const Env& env, const Connection& connection, bool response) {
  const std::uint64_t ends = mix(env.self(connection.client).key, env.self(connection.server).key);
  return mix(ends, static_cast<std::uint64_t>(connection.channel) * 2 + response);
}

std::int32_t open_connection(Env& env, NodeId from, NodeId to, Channel channel) {
  std::vector<std::int32_t>& known = env.self(from).connections;
  for (std::int32_t index : known) {
    const Connection& connection = connection_at(env, index);
    if (connection.server == to && connection.channel == channel) return index;
  }
  const auto index = static_cast<std::int32_t>(env.fabric.connections.size());
  Connection fresh;
  fresh.client = from;
  fresh.server = to;
  fresh.channel = channel;
  env.fabric.connections.push_back(std::move(fresh));
  known.push_back(index);
  return index;
}

const Connection* find_connection(const Env& env, NodeId from, NodeId to, Channel channel) {
  for (std::int32_t index : env.self(from).connections) {
    const Connection& connection = env.fabric.connections[static_cast<std::size_t>(index)];
    if (connection.server == to && connection.channel == channel) return &connection;
  }
  return nullptr;
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

void free_message(Fabric& fabric, std::int32_t index) {
  Message& message = fabric.messages[static_cast<std::size_t>(index)];
  message.connection = -1;
  message.body = Body{};
  fabric.free_messages.push_back(index);
}

void drop(Env& env, std::int32_t index, DropReason reason, Step because = kNoStep) {
  const Message& message = message_at(env, index);
  env.fabric.network.counters.dropped += 1;
  env.emit(MessageDropped{message.from, message.to, static_cast<std::uint8_t>(message.body.index()), reason}, because);
  free_message(env.fabric, index);
}

// Puts a message on the wire.
void transmit(Env& env, std::int32_t connection_index, bool response, std::int32_t correlation, std::int32_t generation,
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
  const std::int64_t bytes = size_matters ? wire_size(message.body) : 0;
  const Time arrives = arrival_time(network, env.fabric.seed, message.from, message.to,
                                    stream_key(env, connection, response), message.nth, bytes, env.now());
  stream.last_arrival = std::max(arrives, stream.last_arrival + 1);
  env.deliver_at(index, stream.last_arrival);
}

// Messages that were stuck, or waited behind a stuck one, vanish with their connection.
void drop_stuck(Env& env, Stream& stream) {
  std::vector<std::int32_t> behind;
  behind.swap(stream.behind);
  stream.stuck = -1;  // its retransmission finds the connection closed
  for (std::int32_t each : behind) drop(env, each, DropReason::connection_closed);
}

// The client's end is gone: every request in flight fails, the next request opens a new generation.
// `timed_out` is the correlation of the request whose time ran out, or -1.
void close_client_end(Env& env, std::int32_t index, std::int32_t timed_out) {
  Connection& connection = connection_at(env, index);
  connection.generation += 1;
  connection.response_fault = ResponseFault::none;
  std::vector<InFlight> failed;
  failed.swap(connection.in_flight);
  for (InFlight& each : failed) {
    env.disarm(each.timeout);
    Response response;
    response.from = connection.server;
    response.channel = connection.channel;
    response.outcome = each.correlation == timed_out ? Outcome::timed_out : Outcome::disconnected;
    response.request = each.request;
    response.tag = each.tag;
    env.failures.push_back({connection.client, response});
  }
  drop_stuck(env, connection.to_server);
  drop_stuck(env, connection.to_client);
}

ServerEnd& server_end(Connection& connection, std::int32_t generation) {
  for (ServerEnd& each : connection.server_ends)
    if (each.generation == generation) return each;
  connection.server_ends.push_back({generation, false, {}});
  return connection.server_ends.back();
}

// The server is done with a request: it takes the connection's next one, in an event of its own.
void proceed(Env& env, std::int32_t index, std::int32_t generation) {
  Connection& connection = connection_at(env, index);
  auto& ends = connection.server_ends;
  const auto end = std::find_if(ends.begin(), ends.end(), [&](const ServerEnd& e) { return e.generation == generation; });
  if (end == ends.end()) return;
  end->busy = false;
  if (end->waiting.empty()) {
    if (generation != connection.generation) ends.erase(end);
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

// Tells the client that the server's end is closed, unless that word cannot reach it.
void notify_client(Env& env, std::int32_t index) {
  const Connection& connection = connection_at(env, index);
  const Link* link = env.fabric.network.find(connection.server, connection.client);
  if (link && link->cut) return;
  const LinkModel& model = link ? link->model : env.fabric.network.standard;
  Event event;
  event.kind = EventKind::disconnected;
  event.node = connection.client;
  event.incarnation = env.self(connection.client).incarnation;
  event.a = index;
  event.b = connection.generation;
  env.schedule(event, env.now() + model.latency, connection.server);
}

void forget_server_ends(Env& env, Connection& connection) {
  for (ServerEnd& end : connection.server_ends)
    for (std::int32_t each : end.waiting) drop(env, each, DropReason::node_down);
  connection.server_ends.clear();
}

Arrival request_arrives(Env& env, std::int32_t index) {
  Message& message = message_at(env, index);
  Arrival arrival;
  arrival.kind = Arrival::Kind::request;
  arrival.node = message.to;
  arrival.request = {message.connection, message.generation, message.correlation};
  arrival.message = static_cast<std::uint8_t>(message.body.index());
  arrival.body = std::move(message.body);
  free_message(env.fabric, index);
  return arrival;
}

Arrival response_arrives(Env& env, std::int32_t index) {
  Message& message = message_at(env, index);
  Connection& connection = connection_at(env, message.connection);
  auto& in_flight = connection.in_flight;
  const auto found = std::find_if(in_flight.begin(), in_flight.end(),
                                  [&](const InFlight& each) { return each.correlation == message.correlation; });
  NUTSHELL_REQUIRE(found != in_flight.end());
  env.disarm(found->timeout);
  Arrival arrival;
  arrival.kind = Arrival::Kind::response;
  arrival.node = message.to;
  arrival.response.from = message.from;
  arrival.response.channel = connection.channel;
  arrival.response.request = found->request;
  arrival.response.tag = found->tag;
  arrival.message = static_cast<std::uint8_t>(message.body.index());
  arrival.body = std::move(message.body);
  in_flight.erase(found);
  free_message(env.fabric, index);
  return arrival;
}

// The segment did not get through; TCP sends it again later, and what follows waits behind it.
void retransmit(Env& env, std::int32_t index, bool by_cut, Step because) {
  Message& message = message_at(env, index);
  Stream& stream = stream_of(connection_at(env, message.connection), message);
  stream.stuck = index;
  auto& counters = env.fabric.network.counters;
  (by_cut ? counters.cut : counters.lost) += 1;
  env.emit(SegmentLost{message.from, message.to, static_cast<std::uint8_t>(message.body.index()), by_cut, message.attempt},
           because);
  env.deliver_at(index, env.now() + retransmission_timeout(message.attempt++));
}

// What the wire does to a message that would arrive now. True if it gets through.
bool gets_through(Env& env, std::int32_t index) {
  Message& message = message_at(env, index);
  Connection& connection = connection_at(env, message.connection);
  Stream& stream = stream_of(connection, message);
  if (stream.stuck >= 0 && stream.stuck != index) {
    stream.behind.push_back(index);
    return false;
  }
  Network& network = env.fabric.network;
  const Link* link = network.find(message.from, message.to);
  if (link && link->jammed) {
    network.counters.jammed += 1;
    network.at(message.from, message.to).held.push_back(index);
    return false;
  }
  if (link && link->cut) {
    retransmit(env, index, true, link->cut_by);
    return false;
  }
  const LinkModel& model = link ? link->model : network.standard;
  const std::uint64_t key = stream_key(env, connection, message.response) + static_cast<std::uint64_t>(message.attempt);
  if (model.loss_ppm > 0 && chance(draw(env.fabric.seed, Purpose::loss, key, message.nth), model.loss_ppm)) {
    retransmit(env, index, false, kNoStep);
    return false;
  }
  if (model.duplicate_ppm > 0 && chance(draw(env.fabric.seed, Purpose::duplicate, key, message.nth), model.duplicate_ppm))
    network.counters.duplicated += 1;
  if (stream.stuck == index) {
    stream.stuck = -1;
    std::vector<std::int32_t> behind;
    behind.swap(stream.behind);
    for (std::int32_t each : behind) env.deliver_at(each, env.now());
  }
  return true;
}

// A fault swallows responses on this connection. True if this one is swallowed.
bool response_swallowed(Env& env, std::int32_t index) {
  const Message& message = message_at(env, index);
  const std::int32_t connection_index = message.connection;
  const ResponseFault fault = connection_at(env, connection_index).response_fault;
  if (fault == ResponseFault::none) return false;
  env.fabric.network.counters.responses_lost += 1;
  drop(env, index, DropReason::response_lost);
  if (fault == ResponseFault::lost_and_closed) {
    env.emit(ConnectionLost{connection_at(env, connection_index).client, connection_at(env, connection_index).server});
    close_client_end(env, connection_index, -1);
  }
  return true;
}

// A message that cannot arrive any more: its receiver is gone, or its connection, or someone dropped it.
// True if it was dropped.
bool dropped_on_arrival(Env& env, std::int32_t index) {
  const Message& arriving = message_at(env, index);
  const std::int32_t connection_index = arriving.connection;
  const bool response = arriving.response;
  Connection& connection = connection_at(env, connection_index);
  const Node& receiver = env.self(arriving.to);
  const bool closed = arriving.generation != connection.generation;
  Stream& stream = stream_of(connection, arriving);
  const bool was_stuck = stream.stuck == index;
  if (arriving.dropped) {
    drop(env, index, DropReason::by_hand);
  } else if (receiver.status == NodeStatus::down || receiver.incarnation != arriving.incarnation) {
    drop(env, index, DropReason::node_down, receiver.silenced_by);
    if (!response && !closed && !receiver.powered_off) notify_client(env, connection_index);
  } else if (closed && (response || arriving.attempt > 0)) {
    drop(env, index, DropReason::connection_closed);
  } else {
    return false;
  }
  if (was_stuck) drop_stuck(env, stream);
  return true;
}

Arrival deliver(Env& env, std::int32_t index) {
  if (dropped_on_arrival(env, index)) return {};
  Message& message = message_at(env, index);
  Connection& connection = connection_at(env, message.connection);
  if (!gets_through(env, index)) return {};
  if (message.response && response_swallowed(env, index)) return {};
  env.fabric.network.counters.delivered += 1;
  if (message.response) return response_arrives(env, index);
  ServerEnd& end = server_end(connection, message.generation);
  if (end.busy) {
    end.waiting.push_back(index);
    return {};
  }
  end.busy = true;
  return request_arrives(env, index);
}

Arrival take_waiting(Env& env, std::int32_t index, std::int32_t generation) {
  ServerEnd& end = server_end(connection_at(env, index), generation);
  if (end.waiting.empty()) return {};
  const std::int32_t message = end.waiting.front();
  end.waiting.erase(end.waiting.begin());
  return request_arrives(env, message);
}

void disconnected(Env& env, std::int32_t index, std::int32_t generation) {
  const Connection& connection = connection_at(env, index);
  if (connection.generation != generation) return;
  env.emit(ConnectionLost{connection.client, connection.server}, env.self(connection.server).silenced_by);
  const bool idle = connection.in_flight.empty();
  const NodeId client = connection.client;
  close_client_end(env, index, -1);
  if (!idle) return;
  Response response;
  response.from = connection_at(env, index).server;
  response.channel = connection_at(env, index).channel;
  response.outcome = Outcome::disconnected;
  response.request = body_index<ProduceRequest>();
  response.tag = kConnectionClosed;
  env.failures.push_back({client, response});
}

void request_timed_out(Env& env, std::int32_t index, std::int32_t correlation) {
  Connection& connection = connection_at(env, index);
  for (InFlight& each : connection.in_flight) {
    if (each.correlation != correlation) continue;
    each.timeout = kNoTimer;  // it has just fired
    env.emit(RequestTimedOut{connection.client, connection.server, each.request},
             cause_of_silence(env, connection.server, connection.client));
  }
  close_client_end(env, index, correlation);
}

// A slow node needs time for each message, one after the other. True if the event has to wait.
bool waits_for_service(Env& env, Timer handle, const Event& event) {
  Node& node = env.self(event.node);
  if (event.kind != EventKind::deliver || event.served) return false;
  if (node.service_time == 0 && node.disk_bytes_per_second == 0) return false;
  Duration cost = node.service_time;
  if (node.disk_bytes_per_second > 0)
    cost += record_bytes(message_at(env, event.a).body) * kSecond / node.disk_bytes_per_second;
  if (cost == 0) return false;
  node.busy_until = std::max(node.busy_until, env.now()) + cost;
  env.fabric.queue.payload(handle).served = true;
  env.fabric.queue.reattach(handle, node.busy_until, env.order_for(EventKind::deliver, event.node));
  return true;
}

void fold_event(Fabric& fabric, Time time, std::uint64_t order, const Event& event) {
  fabric.digest = mix(fabric.digest, static_cast<std::uint64_t>(time));
  fabric.digest = mix(fabric.digest, order ^ static_cast<std::uint64_t>(event.timer) << 48);
  if (event.kind == EventKind::deliver)
    fabric.digest = mix(fabric.digest, fabric.messages[static_cast<std::size_t>(event.a)].body.index());
}

}  // namespace

void Env::deliver_at(std::int32_t index, Time time) {
  Message& message = fabric.messages[static_cast<std::size_t>(index)];
  message.arrives_at = time;
  Event event;
  event.kind = EventKind::deliver;
  event.node = message.to;
  event.incarnation = -1;
  event.a = index;
  schedule(event, time, message.from);
}

void Env::request(NodeId from, NodeId to, Channel channel, Body body, Duration timeout, std::uint64_t tag) {
  const std::int32_t index = open_connection(*this, from, to, channel);
  Connection& connection = connection_at(*this, index);
  InFlight flight;
  flight.correlation = connection.next_correlation++;
  flight.request = static_cast<std::uint8_t>(body.index());
  flight.sent_at = now();
  flight.tag = tag;
  flight.timeout = arm(from, TimerKind::request_timeout, timeout, index, flight.correlation);
  connection.in_flight.push_back(flight);
  transmit(*this, index, false, flight.correlation, connection.generation, std::move(body));
}

void Env::send_one_way(NodeId from, NodeId to, Channel channel, Body body) {
  const std::int32_t index = open_connection(*this, from, to, channel);
  Connection& connection = connection_at(*this, index);
  transmit(*this, index, false, connection.next_correlation++, connection.generation, std::move(body));
}

std::size_t Env::in_flight(NodeId from, NodeId to, Channel channel) const {
  const Connection* connection = find_connection(*this, from, to, channel);
  return connection ? connection->in_flight.size() : 0;
}

void Env::reply(const RequestId& request, Body body) {
  Connection& connection = connection_at(*this, request.connection);
  if (connection.generation == request.generation)
    transmit(*this, request.connection, true, request.correlation, request.generation, std::move(body));
  proceed(*this, request.connection, request.generation);
}

void Env::finish(const RequestId& request) { proceed(*this, request.connection, request.generation); }

void Env::hang_up(const RequestId& request) {
  Connection& connection = connection_at(*this, request.connection);
  if (connection.generation == request.generation) notify_client(*this, request.connection);
  auto& ends = connection.server_ends;
  for (auto end = ends.begin(); end != ends.end(); ++end) {
    if (end->generation != request.generation) continue;
    for (std::int32_t each : end->waiting) drop(*this, each, DropReason::connection_closed);
    ends.erase(end);
    return;
  }
}

NodeId Env::client_of(const RequestId& request) const {
  return fabric.connections[static_cast<std::size_t>(request.connection)].client;
}

void kill_process(Env& env, NodeId node) {
  Node& self = env.self(node);
  if (self.status == NodeStatus::down) return;
  self.status = NodeStatus::down;
  self.incarnation += 1;
  self.silenced_by = env.fabric.step;
  for (Timer each : self.backlog) {
    const Event& event = env.fabric.queue.payload(each);
    if (event.kind == EventKind::deliver) drop(env, event.a, DropReason::node_down);
    env.fabric.queue.release(each);
  }
  self.backlog.clear();
  for (std::size_t i = 0; i < env.fabric.connections.size(); ++i) {
    Connection& connection = env.fabric.connections[i];
    const auto index = static_cast<std::int32_t>(i);
    if (connection.client == node) {
      const std::size_t failures = env.failures.size();
      close_client_end(env, index, -1);
      env.failures.resize(failures);  // nobody is left to hear of them
    }
    if (connection.server != node) continue;
    forget_server_ends(env, connection);
    if (!self.powered_off && !connection.in_flight.empty()) notify_client(env, index);
  }
  env.exited.push_back(node);
}

void lose_responses(Env& env, NodeId client, NodeId server, Channel channel, ResponseFault fault) {
  connection_at(env, open_connection(env, client, server, channel)).response_fault = fault;
}

void drop_message(Env& env, std::int32_t message) {
  // Its event finds the place empty; the place is freed by that event.
  Message& dropped = message_at(env, message);
  NUTSHELL_REQUIRE(dropped.connection >= 0 && !dropped.dropped);
  dropped.dropped = true;
}

namespace {

Arrival handle_event(Env& env, const Event& event) {
  Arrival arrival;
  switch (event.kind) {
    case EventKind::deliver: return deliver(env, event.a);
    case EventKind::proceed: return take_waiting(env, event.a, event.b);
    case EventKind::disconnected: disconnected(env, event.a, event.b); return arrival;
    case EventKind::control: arrival.kind = Arrival::Kind::control; return arrival;
    case EventKind::timer: break;
  }
  if (event.timer == TimerKind::request_timeout) request_timed_out(env, event.a, event.b);
  else arrival.kind = Arrival::Kind::timer;
  return arrival;
}

}  // namespace

Arrival take_event(Env& env) {
  auto& queue = env.fabric.queue;
  const auto entry = queue.pop_detached();
  const Event event = entry.payload;
  env.fabric.now = entry.time;
  Node& node = env.self(event.node);
  fold_event(env.fabric, entry.time, entry.order, event);
  Arrival arrival;
  const bool dead = event.incarnation >= 0 && event.incarnation != node.incarnation;
  if (!dead && node.status == NodeStatus::paused) {
    node.backlog.push_back(entry.handle);
  } else if (dead || !waits_for_service(env, entry.handle, event)) {
    queue.release(entry.handle);
    if (!dead) arrival = handle_event(env, event);
  }
  arrival.node = event.node;
  arrival.event = event;
  return arrival;
}

}  // namespace nutshell
