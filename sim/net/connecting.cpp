// How a connection comes about (N7, N8). The handshake takes no time of its own: a connection opens along with its first
// request if the server's machine answers. If it does not, TCP knocks again until
// socket.connection.setup.timeout.ms is over; the next attempt backs off for reconnect.backoff.ms.
#include <algorithm>

#include "sim/net/connection_internal.h"

namespace nutshell {

namespace {

constexpr Duration kFirstKnockAgain = 1 * kSecond;  // TCP: initial retransmission time-out, doubled each time

enum class Answer : std::uint8_t { yes, refused, none };

Duration latency(const Link* link, const Network& network) { return (link ? link->model : network.standard).latency; }

struct Handshake {
  Answer answer;
  Duration round_trip;
};

// A machine answers as long as it has power, whatever its process does; without a process it refuses. A link that is
// cut in the other direction only takes the answers to requests: that is what one-way cuts are for. In a jam it is the
// first request that waits.
Handshake shake_hands(FabricEnv& env, const Connection& connection) {
  const Network& network = env.fabric.network;
  const Link* there = network.find(connection.client, connection.server);
  const Link* back = network.find(connection.server, connection.client);
  const Duration round_trip = latency(there, network) + latency(back, network);
  const Node& server = env.self(connection.server);
  const bool late = round_trip >= connection.attempt.give_up_at - connection.attempt.began_at;
  if ((there && there->cut) || late || (server.status == NodeStatus::down && server.powered_off))
    return {Answer::none, round_trip};
  return {server.status == NodeStatus::down ? Answer::refused : Answer::yes, round_trip};
}

std::uint64_t next_draw(FabricEnv& env, Connection& connection) {
  return draw(env.fabric.seed, Purpose::reconnect, stream_key(env, connection, false), connection.attempt.draws++);
}

struct BackoffRange {
  Duration first, longest;
};

BackoffRange backoff_range(const Node& client, Channel channel) {
  for (const ChannelBackoff& each : client.connect.fixed)
    if (each.channel == channel) return {each.first, each.longest};
  return {client.connect.backoff, client.connect.backoff_max};
}

void look_again(FabricEnv& env, std::int32_t index, Time at) {
  const Event event = event_of_client(env, index, EventKind::connect);
  env.schedule(event, at, event.node);
}

void begin_attempt(FabricEnv& env, Connection& connection) {
  const ConnectSettings& settings = env.self(connection.client).connect;
  ConnectAttempt& attempt = connection.attempt;
  attempt.began_at = env.now();
  attempt.knocks = 0;
  attempt.give_up_at = env.now() + backoff(next_draw(env, connection), settings.setup_timeout, settings.setup_timeout_max,
                                           attempt.timeouts);
}

void try_once(FabricEnv& env, std::int32_t index) {
  Connection& connection = connection_at(env, index);
  ConnectAttempt& attempt = connection.attempt;
  if (attempt.began_at < 0) begin_attempt(env, connection);
  const Handshake handshake = shake_hands(env, connection);
  if (handshake.answer == Answer::yes) {
    connection.state = ConnectionState::open;
    attempt.failures = 0;
    attempt.timeouts = 0;
    return;
  }
  const bool refused = handshake.answer == Answer::refused;
  const Time refused_at = attempt.began_at + std::max(handshake.round_trip, kMicrosecond);
  const Time over = refused ? refused_at : attempt.give_up_at;
  if (env.now() >= over) {
    lose_connection(env, index, cause_of_silence(env, connection.server, connection.client));
    return;
  }
  look_again(env, index, refused ? over : std::min(over, env.now() + (kFirstKnockAgain << std::min(attempt.knocks++, 20))));
}

void tell_opened(FabricEnv& env, const Connection& connection) {
  Response response;
  response.from = connection.server;
  response.channel = connection.channel;
  response.client = connection.number;
  response.tag = kConnectionOpened;
  env.failures.push_back({connection.client, response});
}

}  // namespace

bool connect(FabricEnv& env, std::int32_t index) {
  Connection& connection = connection_at(env, index);
  if (connection.state == ConnectionState::closed) {
    connection.state = ConnectionState::connecting;
    connection.attempt.began_at = -1;
    if (env.now() < connection.attempt.not_before) look_again(env, index, connection.attempt.not_before);
    else try_once(env, index);
  }
  return connection.state == ConnectionState::open;
}

void go_on_connecting(FabricEnv& env, std::int32_t index, std::int32_t generation) {
  Connection& connection = connection_at(env, index);
  if (connection.generation != generation || connection.state != ConnectionState::connecting) return;
  try_once(env, index);
  if (connection.state != ConnectionState::open) return;
  std::vector<UnsentRequest> waiting;
  waiting.swap(connection.unsent);
  for (UnsentRequest& each : waiting) transmit_request(env, index, each.correlation, std::move(each.body));
  if (connection.attempt.awaited) tell_opened(env, connection);
  connection.attempt.awaited = false;
}

void note_closed(FabricEnv& env, Connection& connection) {
  ConnectAttempt& attempt = connection.attempt;
  const bool backed_off = connection.state == ConnectionState::connecting && attempt.began_at < 0;
  if (connection.state != ConnectionState::closed && !backed_off) {
    const BackoffRange range = backoff_range(env.self(connection.client), connection.channel);
    attempt.timeouts = connection.state == ConnectionState::connecting ? attempt.timeouts + 1 : 0;
    attempt.not_before = env.now() + backoff(next_draw(env, connection), range.first, range.longest, attempt.failures++);
  }
  connection.state = ConnectionState::closed;
  attempt.awaited = false;
}

}  // namespace nutshell
