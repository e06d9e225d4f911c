// What processes share: the clock, the event queue, the network with its connections, and the names. A value, like
// everything in the world, and the engine of every system: it knows no protocol.
//
// A handler gets an Env (the fabric, plus where facts go) and the state of its own node. It cannot see another node:
// whatever it learns, it learns from a message.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/event_queue.h"
#include "sim/core/few.h"
#include "sim/core/names.h"
#include "sim/core/random.h"
#include "sim/core/sorted.h"
#include "sim/core/types.h"
#include "sim/net/body.h"
#include "sim/net/facts.h"
#include "sim/net/network.h"

namespace nutshell {

// Numbers of the systems whose processes these are. The engine only passes them on; who defines them says in words what
// they are.
enum class NodeKind : std::uint8_t;   // what kind of process: kafka/kinds.h
enum class TimerKind : std::uint8_t;  // which timer of its node, beside `a` and `b` of its event
enum class Channel : std::uint8_t;    // a client keeps a connection to a server for each
// Which of its clients acts for a process: one that embeds several numbers them from 1 (kafka/hosted.h); 0: the process itself.
using ClientNumber = std::uint8_t;

// A timer in words, for those who look on.
struct TimerWords {
  std::string_view because;  // why its owner acts: "linger.ms is over"
  std::string_view name;     // the key that says how long it runs, or in a few words what it is
  bool in_vain = false;      // it goes off because nothing came: another try, which tells nothing new
};

enum class EventKind : std::uint8_t {
  timer,         // of the node's own
  deliver,       // a = message
  disconnected,  // a = connection, b = its generation: the client learns that the server is gone
  connect,       // a = connection, b = its generation: the client sees whether the connection has come about
  proceed,       // a = connection, b = its generation: the server takes its next waiting request
  control,       // of the world: a = node, b = ControlKind
  request_timeout,  // a = connection: a request in flight on it may have waited too long
};

// What the world itself has planned for a process.
enum class ControlKind : std::int32_t { start, stop, resume };

// A pending event. What has no incarnation of its node any more is silently discarded.
struct Event {
  EventKind kind = EventKind::timer;
  TimerKind timer{};
  bool served = false;  // a slow node has spent its service time
  ClientNumber client = 0;  // that armed the timer
  NodeId node = kNoNode;
  std::int32_t incarnation = 0;
  std::int32_t a = 0;
  std::int32_t b = 0;
  Step cause = kNoStep;  // the step that scheduled it; no part of the value
  void fold_into(std::uint64_t& digest) const;
};

using Timer = EventQueue<Event>::Handle;
inline constexpr Timer kNoTimer = EventQueue<Event>::kNoHandle;

enum class NodeStatus : std::uint8_t { down, running, paused };

// How long attempts to connect lie apart on a channel, if the process has no setting for it.
struct ChannelBackoff {
  Channel channel{};
  Duration first = 0, longest = 0;
};

// How a process makes its connections; read when it starts.
struct ConnectSettings {
  Duration backoff = 50 * kMillisecond;        // reconnect.backoff.ms
  Duration backoff_max = 1 * kSecond;          // reconnect.backoff.max.ms
  Duration setup_timeout = 10 * kSecond;       // socket.connection.setup.timeout.ms
  Duration setup_timeout_max = 30 * kSecond;   // socket.connection.setup.timeout.max.ms
  std::span<const ChannelBackoff> fixed = {};  // a table of the node's kind, and so no part of the value
  NUTSHELL_FIELDS(ConnectSettings, backoff, backoff_max, setup_timeout, setup_timeout_max)
};

// The connections that a process has opened, by whom they lead to and for which of its clients: every message looks one up.
class OpenedConnections {
 public:
  static constexpr std::int32_t kNone = -1;

  std::int32_t find(NodeId server, Channel channel, ClientNumber client) const {
    const std::uint64_t key = key_of(server, channel, client);
    const auto place = place_of(key);
    return place != entries_.end() && place->key == key ? place->index : kNone;
  }
  // REQUIRES there is none yet.
  void add(NodeId server, Channel channel, ClientNumber client, std::int32_t index) {
    const std::uint64_t key = key_of(server, channel, client);
    entries_.insert(place_of(key), {key, index});
  }
  std::vector<std::int32_t> indices() const;  // in the order in which they were opened
  void fold_into(std::uint64_t& digest) const { fold(digest, indices()); }
  std::size_t copy_bytes() const { return entries_.size() * sizeof(Entry); }

 private:
  struct Entry {
    std::uint64_t key;
    std::int32_t index;  // into Fabric::connections
  };
  static std::uint64_t key_of(NodeId server, Channel channel, ClientNumber client) {
    return static_cast<std::uint64_t>(server.number) << 16 | static_cast<std::uint64_t>(client) << 8 | static_cast<std::uint64_t>(channel);
  }
  std::vector<Entry>::const_iterator place_of(std::uint64_t key) const {
    return place_among(entries_.begin(), entries_.end(), key, [](const Entry& each) { return each.key; });
  }

  std::vector<Entry> entries_;  // by key
};

// A process on a machine of its own.
struct Node {
  std::string name;            // "broker 1", "Q1", "orders-app"
  NodeKind kind{};
  std::int32_t index = 0;      // among the processes of its kind
  std::int32_t id = -1;        // by which its system knows it: node.id of Kafka's servers; -1: none
  NodeStatus status = NodeStatus::down;
  std::int32_t incarnation = 0;  // counts starts and stops; events of an older one are dead
  std::uint64_t key = 0;         // hash of the name: whose luck it is
  std::uint64_t events = 0;      // scheduled so far by this node; orders simultaneous ones
  Duration clock_offset = 0;     // its own clock shows now + this
  Duration service_time = 0;     // per message, one at a time ("slow"); 0: none
  Time busy_until = 0;
  bool crashed = false;        // its last end was no clean stop
  bool powered_off = false;    // the machine is dark: not even its kernel answers
  Step silenced_by = kNoStep;  // the step that crashed, paused or isolated it, for "why?"
  Step slowed_by = kNoStep;    // likewise the step that made it slow
  std::vector<Timer> backlog;    // events that came while it was paused
  OpenedConnections connections;
  ConnectSettings connect;
  NUTSHELL_FIELDS(Node, name, kind, index, id, status, incarnation, key, events, clock_offset, service_time,
                  busy_until, crashed, powered_off, backlog, connections, connect)
};

// A request that has not been answered. `tag` is the client's own.
struct InFlight {
  std::int32_t correlation = 0;
  MessageNumber request = 0;
  Time sent_at = 0;
  Time deadline = 0;  // then the client gives up
  std::uint64_t tag = 0;
  Step sent_by = kNoStep;  // the step that sent it; no part of the value
  NUTSHELL_FIELDS(InFlight, correlation, request, sent_at, deadline, tag)
};

// One direction of a connection: TCP keeps order, so what follows a stuck segment waits behind it, and then for its turn.
struct Stream {
  std::uint64_t nth = 0;        // messages sent so far
  Time last_arrival = 0;
  std::int32_t stuck = -1;      // message that all others wait for: its segment is being retransmitted, or comes now; -1: none
  std::vector<std::int32_t> behind;
  NUTSHELL_FIELDS(Stream, nth, last_arrival, stuck, behind)
};

// The server's end of one generation of a connection: one request at a time (N1). It outlives the
// client's end: requests that have arrived are worked off although nobody hears the answers.
struct ServerEnd {
  std::int32_t generation = 0;
  bool busy = false;
  std::vector<std::int32_t> waiting;  // messages that have arrived and wait their turn
  NUTSHELL_FIELDS(ServerEnd, generation, busy, waiting)
};

// What happens to responses on a connection, by a fault.
enum class ResponseFault : std::uint8_t { none, lost, lost_and_closed };

// Where a connection stands, as its client sees it.
enum class ConnectionState : std::uint8_t { closed, connecting, open };

// What a request waits in until its connection is open.
struct UnsentRequest {
  std::int32_t correlation = 0;
  Body body;
  NUTSHELL_FIELDS(UnsentRequest, correlation, body)
};

// An attempt to connect, and the luck of those before it (N7, N8).
struct ConnectAttempt {
  Time not_before = 0;          // the next one backs off until then
  Time began_at = -1;           // -1: it still backs off
  Time give_up_at = 0;          // the set-up time-out of this one
  std::int32_t knocks = 0;      // that nobody has answered: TCP knocks again after 1 s, 2 s, 4 s, ...
  std::int32_t failures = 0;    // lost or failed connections since it was open; decides the back-off
  std::int32_t timeouts = 0;    // attempts in a row that came to nothing; decides the set-up time-out
  std::uint64_t draws = 0;
  bool awaited = false;         // the client has asked whether it may send, and wants to hear what comes of it
  NUTSHELL_FIELDS(ConnectAttempt, not_before, began_at, give_up_at, knocks, failures, timeouts, draws, awaited)
};

struct Connection {
  NodeId client = kNoNode;
  NodeId server = kNoNode;
  Channel channel{};
  Rare<ClientNumber> number;  // which of the client's clients
  ConnectionState state = ConnectionState::closed;
  ResponseFault response_fault = ResponseFault::none;
  bool established = false;     // the server has answered since the last re-connection
  std::int32_t generation = 0;  // counts re-connections
  std::int32_t next_correlation = 0;
  Stream to_server, to_client;
  // One timer watches all deadlines: it goes off at the earliest it knew of, and looks again.
  Timer timer = kNoTimer;
  Time timer_at = 0;
  Few<InFlight> in_flight;              // oldest first
  Few<ServerEnd> server_ends;           // by generation
  std::vector<UnsentRequest> unsent;    // until it is open
  ConnectAttempt attempt;
  NUTSHELL_FIELDS(Connection, client, server, channel, number, state, response_fault, established, generation, next_correlation,
                  to_server, to_client, timer, timer_at, in_flight, server_ends, unsent, attempt)
};

struct Message {
  NodeId from = kNoNode;
  NodeId to = kNoNode;
  std::int32_t connection = -1;
  std::int32_t generation = 0;
  std::int32_t correlation = 0;
  bool response = false;
  bool dropped = false;      // by hand: vanishes instead of arriving
  std::int32_t attempt = 0;  // retransmissions so far
  std::int32_t incarnation = 0;  // of the receiver when it was sent: a new process does not get it
  std::uint64_t nth = 0;         // in its stream
  Time sent_at = 0;
  Time arrives_at = 0;
  Step sent_by = kNoStep;  // the step that sent it; no part of the value
  Body body;
  void fold_into(std::uint64_t& digest) const;
};

// Names a request to be answered, now or later.
struct RequestId {
  std::int32_t connection = -1;
  std::int32_t generation = 0;
  std::int32_t correlation = 0;
  NUTSHELL_FIELDS(RequestId, connection, generation, correlation)
};

// Tag of a Response that tells of a connection on which nothing was in flight: it was lost (the server has died, or
// closed it as what a producer with acks=0 sees of an error), or it did not come about.
inline constexpr std::uint64_t kConnectionClosed = ~0ull;
// Tag of a Response that tells a client whose ready() was false that it may send now.
inline constexpr std::uint64_t kConnectionOpened = ~0ull - 1;

enum class Outcome : std::uint8_t { answered, timed_out, disconnected };

// What became of a request. REQUIRES body only if answered.
struct Response {
  NodeId from = kNoNode;
  Channel channel{};
  ClientNumber client = 0;  // whose request it was
  Outcome outcome = Outcome::answered;
  MessageNumber request = kNoMessage;  // which one it was; kNoMessage: the Response tells of a connection only
  std::uint64_t tag = 0;
  Body* body = nullptr;
  Step sent_by = kNoStep;  // the step that sent the request, if there is no answer
  // The response as T, or nullptr when there is none.
  template <class T>
  T* as() const { return body ? body->get_if<T>() : nullptr; }
};

// How near a client is to a server, the nearest last (N7).
enum class Contact : std::uint8_t { backing_off, none, connecting, established };

struct Fabric {
  NUTSHELL_VALUE(Fabric)

  std::uint64_t seed = 1;
  Time now = 0;
  Step step = kNoStep;        // the step being taken, or the last one taken
  std::uint64_t digest = 0;   // rolling: every event and every story fact
  EventQueue<Event> queue;
  Network network;
  Names names;
  std::vector<Node> nodes;
  std::vector<Connection> connections;
  std::vector<Message> messages;             // a slab
  std::vector<std::int32_t> free_messages;   // free places in it
  void fold_into(std::uint64_t& digest) const;
};

// The fabric in one step, and where facts go: each system has its own, with what its handlers need besides. Lives for one
// step only; never stored.
class FabricEnv {
 public:
  explicit FabricEnv(Fabric& shared) : fabric(shared) {}
  FabricEnv(const FabricEnv&) = delete;
  FabricEnv& operator=(const FabricEnv&) = delete;

  Fabric& fabric;
  ClientNumber client = 0;  // that acts: its timers, connections and luck are its own; see AsClient

  Time now() const { return fabric.now; }
  Time local_time(NodeId node) const { return fabric.now + self(node).clock_offset; }
  Node& self(NodeId node) { return fabric.nodes[static_cast<std::size_t>(node)]; }
  const Node& self(NodeId node) const { return fabric.nodes[static_cast<std::size_t>(node)]; }

  // A draw for `node`; two draws never stand in one expression.
  std::uint64_t random(NodeId node, Purpose purpose, std::uint64_t nth) const {
    const std::uint64_t key = self(node).key;
    return draw(fabric.seed, purpose, client == 0 ? key : mix(key, client), nth);
  }

  // Arms a timer of `node`. The handle is dead once the timer has fired: its handler forgets it.
  Timer arm(NodeId node, TimerKind kind, Duration delay, std::int32_t a = 0, std::int32_t b = 0);
  // Cancels and forgets; does nothing for kNoTimer.
  void disarm(Timer& timer);
  // disarm, then arm.
  void rearm(Timer& timer, NodeId node, TimerKind kind, Duration delay, std::int32_t a = 0, std::int32_t b = 0);

  // Sends a request, as soon as the connection is open. Its outcome comes as a Response to the node, always, unless
  // the node dies first. A time-out or a disconnect closes the connection: everything in flight on it comes back (N2).
  void request(NodeId from, NodeId to, Channel channel, Body body, Duration timeout, std::uint64_t tag = 0);
  // Requests of `from` to `to` on `channel` that have no outcome yet.
  std::size_t in_flight(NodeId from, NodeId to, Channel channel) const;
  Contact contact(NodeId from, NodeId to, Channel channel) const;
  // Whether a request would leave at once. If not, the connection is being made: a Response with the tag
  // kConnectionOpened or kConnectionClosed says what came of it.
  bool ready(NodeId from, NodeId to, Channel channel);
  // A request that expects no answer (produce with acks=0): there will be no Response to it. REQUIRES ready().
  void send_one_way(NodeId from, NodeId to, Channel channel, Body body);
  // Answers a request; harmless if the client has gone. The connection's next request proceeds.
  void reply(const RequestId& request, Body body);
  // acks=0: there is no answer, the connection's next request proceeds.
  void finish(const RequestId& request);
  // The server closes the connection (acks=0 and an error).
  void hang_up(const RequestId& request);
  // Who asks. REQUIRES the request is being worked on.
  NodeId client_of(const RequestId& request) const;

  // A fact of the engine's own; `because` names an earlier step that explains it better than this one.
  void emit(const WireFact& fact, Step because = kNoStep) { tell(fact, because); }

  // For the fabric's own functions.
  Timer schedule(const Event& event, Time time, NodeId scheduler);
  std::uint64_t order_for(EventKind kind, NodeId node);
  void deliver_at(std::int32_t message, Time time);

  // Left for the world to do when the handler has returned.
  std::vector<NodeId> exited;  // processes that ended: their volatile state is forgotten
  struct Failure {
    NodeId node;
    Response response;
  };
  std::vector<Failure> failures;  // responses that will never come; several may come of one event

 protected:
  ~FabricEnv() = default;

 private:
  virtual void tell(const WireFact& fact, Step because) = 0;
};

// While it lives, what a process does is done by this client of its own.
class AsClient {
 public:
  AsClient(FabricEnv& env, ClientNumber client) : env_(env), before_(env.client) { env.client = client; }
  ~AsClient() { env_.client = before_; }
  AsClient(const AsClient&) = delete;
  AsClient& operator=(const AsClient&) = delete;

 private:
  FabricEnv& env_;
  ClientNumber before_;
};

// A client of the process is no more: its connections close, and nobody hears of its requests. Its timers are its own to disarm.
void end_client(FabricEnv& env, NodeId node, ClientNumber client);

// the fabric's own side: called by the world's step, not by protocols

// What the owner of the event's node has to handle.
struct Arrival {
  enum class Kind : std::uint8_t { nothing, request, response, timer, control } kind = Kind::nothing;
  NodeId node = kNoNode;
  RequestId request;
  Response response;
  Event event;                // as it was pending
  MessageNumber message = kNoMessage;  // what arrived
  Body body;                  // of the request or response
};

// Takes the next event and does the network's part of it; what failed is in env.failures.
// REQUIRES the queue is not empty. Sets now; the caller has set the step.
Arrival take_event(FabricEnv& env);

// Adds a process that is down. `name` is unique.
NodeId add_node(Fabric& fabric, std::string name, NodeKind kind, std::int32_t index, std::int32_t id = -1);

// Process control. None of them touches protocol state; the world forgets it for env.exited.
void start_process(FabricEnv& env, NodeId node);
void kill_process(FabricEnv& env, NodeId node);
void pause_process(FabricEnv& env, NodeId node);
void resume_process(FabricEnv& env, NodeId node);

// Link control, one direction.
void cut_link(FabricEnv& env, NodeId from, NodeId to);
void heal_link(FabricEnv& env, NodeId from, NodeId to);
void jam_link(FabricEnv& env, NodeId from, NodeId to);
void release_link(FabricEnv& env, NodeId from, NodeId to);

// The next response from `server` to `client` on `channel` is lost, and all that follow on that connection
// until the client gives up; or the connection is closed at that moment.
void lose_responses(FabricEnv& env, NodeId client, NodeId server, Channel channel, ResponseFault fault);

// Drops the message, wherever it is. REQUIRES it is in flight.
void drop_message(FabricEnv& env, std::int32_t message);

// Why `node` was silent towards `other`: the step that crashed, paused or cut it off; kNoStep when
// nothing did. For facts about time-outs.
Step cause_of_silence(const FabricEnv& env, NodeId node, NodeId other);

}  // namespace nutshell
