// Connections, the wire: what becomes of a message on its way, and what arrives (N1-N3).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/net/connection_internal.h"

namespace nutshell {

namespace {

constexpr std::size_t kCacheLine = 64;

void count_arrival(FabricEnv& env, const Message& message) {
  Network& network = env.fabric.network;
  network.counters.delivered += 1;
  if (!network.zones.apart(message.from, message.to)) return;
  const auto asker = static_cast<std::uint8_t>(env.self(connection_at(env, message.connection).client).kind);
  network.zones.count(message.from, message.to, message.body.api(), asker, message.body.wire_size());
}

Arrival request_arrives(FabricEnv& env, std::int32_t index) {
  count_arrival(env, message_at(env, index));
  Message& message = message_at(env, index);
  Arrival arrival{.kind = Arrival::Kind::request,
                  .node = message.to,
                  .request = {message.connection, message.generation, message.correlation},
                  .message = message.body.number(),
                  .body = std::move(message.body)};
  free_message(env.fabric, index);
  return arrival;
}

Arrival response_arrives(FabricEnv& env, std::int32_t index) {
  count_arrival(env, message_at(env, index));
  Message& message = message_at(env, index);
  Connection& connection = connection_at(env, message.connection);
  auto& in_flight = connection.in_flight;
  const auto found = std::find_if(in_flight.begin(), in_flight.end(),
                                  [&](const InFlight& each) { return each.correlation == message.correlation; });
  NUTSHELL_REQUIRE(found != in_flight.end());
  Arrival arrival{.kind = Arrival::Kind::response,
                  .node = message.to,
                  .response = {.from = message.from,
                               .channel = connection.channel,
                               .client = connection.number,
                               .request = found->request,
                               .tag = found->tag},
                  .message = message.body.number(),
                  .body = std::move(message.body)};
  connection.established = true;
  in_flight.erase(found);
  free_message(env.fabric, index);
  return arrival;
}

// The segment did not get through; TCP sends it again later, and what follows waits behind it.
void retransmit(FabricEnv& env, std::int32_t index, bool by_cut, Step because) {
  Message& message = message_at(env, index);
  Stream& stream = stream_of(connection_at(env, message.connection), message);
  stream.stuck = index;
  auto& counters = env.fabric.network.counters;
  (by_cut ? counters.cut : counters.lost) += 1;
  env.emit(SegmentLost{message.from, message.to, message.body.number(), by_cut, message.attempt},
           because);
  env.deliver_at(index, env.now() + retransmission_timeout(message.attempt++));
}

// What the wire does to a message that would arrive now. True if it gets through.
bool gets_through(FabricEnv& env, std::int32_t index) {
  Message& message = message_at(env, index);
  Connection& connection = connection_at(env, message.connection);
  Stream& stream = stream_of(connection, message);
  const bool closed = message.generation != connection.generation;  // then no other message waits for this one
  if (!closed && stream.stuck >= 0 && stream.stuck != index) {
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
    if (closed) drop(env, index, DropReason::connection_closed, link->cut_by);
    else retransmit(env, index, true, link->cut_by);
    return false;
  }
  const LinkModel& model = link ? link->model : network.standard;
  const auto befalls = [&](Purpose purpose, std::int32_t ppm) {
    if (ppm <= 0) return false;
    const std::uint64_t key = stream_key(env, connection, message.response) + static_cast<std::uint64_t>(message.attempt);
    return chance(draw(env.fabric.seed, purpose, key, message.nth), ppm);
  };
  if (befalls(Purpose::loss, model.loss_ppm)) {
    if (closed) drop(env, index, DropReason::connection_closed);
    else retransmit(env, index, false, kNoStep);
    return false;
  }
  if (befalls(Purpose::duplicate, model.duplicate_ppm))
    network.counters.duplicated += 1;
  if (stream.stuck == index) release_next(env, stream);
  return true;
}

// A fault swallows responses on this connection. True if this one is swallowed.
bool response_swallowed(FabricEnv& env, std::int32_t index) {
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
bool dropped_on_arrival(FabricEnv& env, std::int32_t index) {
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
    if (was_stuck) release_next(env, stream);
    return true;
  }
  if (receiver.status == NodeStatus::down || receiver.incarnation != arriving.incarnation) {
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

Arrival deliver(FabricEnv& env, std::int32_t index) {
  if (dropped_on_arrival(env, index)) return {};
  Message& message = message_at(env, index);
  Connection& connection = connection_at(env, message.connection);
  if (!gets_through(env, index)) return {};
  if (message.response && response_swallowed(env, index)) return {};
  if (message.response) return response_arrives(env, index);
  ServerEnd& end = server_end(connection, message.generation);
  if (end.busy) {
    end.waiting.push_back(index);
    return {};
  }
  end.busy = true;
  return request_arrives(env, index);
}

Arrival take_waiting(FabricEnv& env, std::int32_t index, std::int32_t generation) {
  ServerEnd& end = server_end(connection_at(env, index), generation);
  if (end.waiting.empty()) return {};
  const std::int32_t message = end.waiting.front();
  end.waiting.erase(end.waiting.begin());
  return request_arrives(env, message);
}

void disconnected(FabricEnv& env, std::int32_t index, std::int32_t generation) {
  const Connection& connection = connection_at(env, index);
  if (connection.generation == generation) lose_connection(env, index, env.self(connection.server).silenced_by);
}

void check_deadlines(FabricEnv& env, std::int32_t index) {
  Connection& connection = connection_at(env, index);
  connection.timer = kNoTimer;
  Time next = kNever;
  for (const InFlight& each : connection.in_flight) {
    if (each.deadline <= env.now()) {
      env.emit(RequestTimedOut{connection.client, connection.server, each.request},
               cause_of_silence(env, connection.server, connection.client));
      close_client_end(env, index, each.correlation);
      return;
    }
    next = std::min(next, each.deadline);
  }
  if (next != kNever) watch_deadline(env, index, next);
}

// A slow node needs time for each message, one after the other. True if the event has to wait.
bool waits_for_service(FabricEnv& env, Timer handle, const Event& event) {
  Node& node = env.self(event.node);
  if (event.kind != EventKind::deliver || event.served || node.service_time == 0) return false;
  node.busy_until = std::max(node.busy_until, env.now()) + node.service_time;
  env.fabric.queue.payload(handle).served = true;
  env.fabric.queue.reattach(handle, node.busy_until, env.order_for(EventKind::deliver, event.node));
  return true;
}

void fold_event(Fabric& fabric, Time time, std::uint64_t order, const Event& event) {
  fabric.digest = mix(fabric.digest, static_cast<std::uint64_t>(time));
  fabric.digest = mix(fabric.digest, order ^ static_cast<std::uint64_t>(event.timer) << 48 ^
                                         static_cast<std::uint64_t>(event.client) << 56);
  if (event.kind == EventKind::deliver)
    fabric.digest = mix(fabric.digest, fabric.messages[static_cast<std::size_t>(event.a)].body.number());
}

Arrival handle_event(FabricEnv& env, const Event& event) {
  if (event.kind == EventKind::deliver) return deliver(env, event.a);
  if (event.kind == EventKind::proceed) return take_waiting(env, event.a, event.b);
  Arrival arrival;
  switch (event.kind) {
    case EventKind::deliver:
    case EventKind::proceed: break;
    case EventKind::disconnected: disconnected(env, event.a, event.b); break;
    case EventKind::connect: go_on_connecting(env, event.a, event.b); break;
    case EventKind::request_timeout: check_deadlines(env, event.a); break;
    case EventKind::control: arrival.kind = Arrival::Kind::control; break;
    case EventKind::timer: arrival.kind = Arrival::Kind::timer; break;
  }
  return arrival;
}

// In a large cluster nearly all that an event is about has been out of the cache for long. What the next one will look at is
// on its way while this one is handled.
void fetch_for_next(const Fabric& fabric) {
  const Event* next = fabric.queue.upcoming();
  if (!next) return;
  __builtin_prefetch(&fabric.nodes[static_cast<std::size_t>(next->node)].status);
  if (next->kind != EventKind::deliver) return;
  const std::int32_t index = fabric.messages[static_cast<std::size_t>(next->a)].connection;
  if (index < 0) return;
  const void* connection = &fabric.connections[static_cast<std::size_t>(index)];
  for (std::size_t at = 0; at < sizeof(Connection); at += kCacheLine) __builtin_prefetch(static_cast<const char*>(connection) + at);
}

}  // namespace

Arrival take_event(FabricEnv& env) {
  auto& queue = env.fabric.queue;
  const auto entry = queue.pop_detached();
  const Event event = entry.payload;
  env.fabric.now = entry.time;
  Node& node = env.self(event.node);
  fetch_for_next(env.fabric);
  fold_event(env.fabric, entry.time, entry.order, event);
  const bool dead = event.incarnation >= 0 && event.incarnation != node.incarnation;
  bool now = !dead;
  if (!dead && node.status == NodeStatus::paused) {
    node.backlog.push_back(entry.handle);
    now = false;
  } else if (!dead && waits_for_service(env, entry.handle, event)) {
    now = false;
  } else {
    queue.release(entry.handle);
  }
  Arrival arrival = now ? handle_event(env, event) : Arrival{};
  arrival.node = event.node;
  arrival.event = event;
  return arrival;
}

}  // namespace nutshell
