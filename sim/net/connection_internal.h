// What the two halves of the connection code share: connection.cpp (the ends) and delivery.cpp (what the wire does).
// For the files of this folder only.
#pragma once

#include "sim/net/fabric.h"

namespace nutshell {

inline Connection& connection_at(FabricEnv& env, std::int32_t index) {
  return env.fabric.connections[static_cast<std::size_t>(index)];
}

inline Message& message_at(FabricEnv& env, std::int32_t index) { return env.fabric.messages[static_cast<std::size_t>(index)]; }

inline Stream& stream_of(Connection& connection, const Message& message) {
  return message.response ? connection.to_client : connection.to_server;
}

// What the client of a connection will hear, if it lives until then and the connection is still this one.
inline Event event_of_client(FabricEnv& env, std::int32_t index, EventKind kind) {
  const Connection& connection = connection_at(env, index);
  Event event;
  event.kind = kind;
  event.node = connection.client;
  event.incarnation = env.self(connection.client).incarnation;
  event.a = index;
  event.b = connection.generation;
  return event;
}

// Whose luck a message has: its connection and direction.
std::uint64_t stream_key(const FabricEnv& env, const Connection& connection, bool response);
void free_message(Fabric& fabric, std::int32_t index);
void drop(FabricEnv& env, std::int32_t index, DropReason reason, Step because = kNoStep);
// Messages that were stuck, or waited behind a stuck one, vanish with their connection.
void drop_stuck(FabricEnv& env, Stream& stream);
// What stood in the way has gone: the next message that waited comes now, and those behind it wait for it, as does whatever
// arrives at this very moment.
void release_next(FabricEnv& env, Stream& stream);
// The client's end is gone: every request in flight fails, the next request opens a new generation.
// `timed_out` is the correlation of the request whose time ran out, or -1.
void close_client_end(FabricEnv& env, std::int32_t index, std::int32_t timed_out);
// Sees to it that the connection's timer goes off by then.
void watch_deadline(FabricEnv& env, std::int32_t index, Time deadline);
// The server's end of a generation, made when absent.
ServerEnd& server_end(Connection& connection, std::int32_t generation);
// Tells the client that the server's end is closed, unless that word cannot reach it.
void notify_client(FabricEnv& env, std::int32_t index);
// The client learns that the connection is lost, or has not come about.
void lose_connection(FabricEnv& env, std::int32_t index, Step because);
// Puts a request on the wire. REQUIRES the connection is open.
void transmit_request(FabricEnv& env, std::int32_t index, std::int32_t correlation, Body&& body);

// connecting.cpp: how a connection comes about (N7, N8)

// Begins to connect if the connection is closed. True if it is open.
bool connect(FabricEnv& env, std::int32_t index);
// EventKind::connect: an attempt begins or goes on.
void go_on_connecting(FabricEnv& env, std::int32_t index, std::int32_t generation);
// The client's end has closed: how long the next attempt backs off.
void note_closed(FabricEnv& env, Connection& connection);

}  // namespace nutshell
