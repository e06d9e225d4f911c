// What the wire does to messages between two processes: loss, duplicates, order, cuts and jams, each alone, held against a
// second computation from the keyed draws and TCP's retransmission time-outs.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "sim/net/fabric.h"

namespace nutshell {
namespace {

// A family of messages of the test's own: the engine knows none.
struct Ask {
  static constexpr std::string_view name = "Ask";
  NUTSHELL_FIELDS(Ask)
};
struct Answer {
  static constexpr std::string_view name = "Answer";
  NUTSHELL_FIELDS(Answer)
};

constexpr std::int64_t kBytes = 60;  // on the wire, of both

template <class T>
MessageKind row_of(MessageNumber number, bool response) {
  MessageKind row = message_kind<T>(number, 0, response);
  row.wire_size = [](const void*) { return kBytes; };
  row.record_bytes = [](const void*) -> std::int64_t { return 0; };
  return row;
}

const MessageKind kAsk = row_of<Ask>(0, false), kAnswer = row_of<Answer>(1, true);

}  // namespace

template <>
struct MessageOf<Ask> {
  static const MessageKind& kind() { return kAsk; }
};
template <>
struct MessageOf<Answer> {
  static const MessageKind& kind() { return kAnswer; }
};

namespace {

constexpr Channel kChannel{0};

class WireEnv final : public FabricEnv {
 public:
  WireEnv(Fabric& shared, std::vector<WireFact>& facts) : FabricEnv(shared), facts_(facts) {}

 private:
  void tell(const WireFact& fact, Step) override { facts_.push_back(fact); }

  std::vector<WireFact>& facts_;
};

struct Got {
  NodeId node = kNoNode;
  Time at = 0;
  std::int64_t number = 0;  // of a request in its connection, or of the response's request
};

struct Lost {
  Time at = 0;
  Outcome outcome = Outcome::answered;
};

// Processes that send requests to a server, which answers each at once.
struct Wire {
  explicit Wire(const LinkModel& model, std::uint64_t seed = 11) {
    fabric.seed = seed;
    fabric.network.standard = model;
    server = add_node(fabric, "server", NodeKind{}, 0);
    client = add_node(fabric, "client", NodeKind{}, 1);
    other = add_node(fabric, "other", NodeKind{}, 2);
    for (NodeId each : {server, client, other}) with([&](FabricEnv& env) { start_process(env, each); });
  }

  Fabric fabric;
  NodeId server = kNoNode, client = kNoNode, other = kNoNode;
  std::vector<WireFact> facts;
  std::vector<Got> requests, responses;  // in the order in which they came
  std::vector<Lost> lost;

  template <class F>
  void with(F act) {
    fabric.step += 1;
    WireEnv env(fabric, facts);
    act(env);
    note_failures(env);
  }
  // Everything up to then happens; then it is that time.
  void run_to(Time time) {
    while (!fabric.queue.empty() && fabric.queue.next_time() <= time) {
      fabric.step += 1;
      WireEnv env(fabric, facts);
      const Arrival arrival = take_event(env);
      if (arrival.kind == Arrival::Kind::request) {
        requests.push_back({env.client_of(arrival.request), fabric.now, arrival.request.correlation});
        env.reply(arrival.request, Answer{});
      }
      if (arrival.kind == Arrival::Kind::response)
        responses.push_back({arrival.node, fabric.now, static_cast<std::int64_t>(arrival.response.tag)});
      note_failures(env);
    }
    fabric.now = time;
  }
  void send(NodeId from, Time at, Duration timeout = 10 * kMinute) {
    run_to(at);
    with([&](FabricEnv& env) { env.request(from, server, kChannel, Ask{}, timeout, static_cast<std::uint64_t>(sent++)); });
  }
  // Messages of the client, one each `pause` from a second on; then all that comes of them.
  std::vector<Time> send_many(std::size_t count, Duration pause) {
    std::vector<Time> times;
    for (std::size_t i = 0; i < count; ++i) {
      times.push_back(kSecond + static_cast<Duration>(i) * pause);
      send(client, times.back());
    }
    run_to(times.back() + 9 * kMinute);
    return times;
  }
  // Whose luck a message of the client's connection has.
  std::uint64_t key(bool response = false) const {
    const auto of = [&](NodeId node) { return fabric.nodes[static_cast<std::size_t>(node)].key; };
    return mix(mix(of(client), of(server)), static_cast<std::uint64_t>(kChannel) * 2 + (response ? 1 : 0));
  }
  bool lucky(Purpose purpose, std::uint64_t whose, std::uint64_t nth, std::int64_t ppm) const {
    return static_cast<std::int64_t>(below(draw(fabric.seed, purpose, whose, nth), 1'000'000)) < ppm;
  }
  std::size_t segments_lost(bool by_cut) const {
    return static_cast<std::size_t>(std::count_if(facts.begin(), facts.end(), [by_cut](const WireFact& each) {
      const auto* fact = std::get_if<SegmentLost>(&each);
      return fact && fact->by_cut == by_cut;
    }));
  }
  std::int64_t sent = 0;

 private:
  void note_failures(FabricEnv& env) {
    for (const FabricEnv::Failure& each : env.failures) lost.push_back({fabric.now, each.response.outcome});
  }
};

LinkModel plain_wire() {
  LinkModel model;
  model.latency = 10 * kMillisecond;
  model.jitter = 0;
  return model;
}

// TCP's time-outs before the attempt that gets through, by the rule: 200 ms, doubled each time, at most two minutes.
Duration waited(std::size_t attempts) {
  Duration sum = 0, next = 200 * kMillisecond;
  for (std::size_t i = 0; i < attempts; ++i) {
    sum += next;
    next = std::min(next * 2, 2 * kMinute);
  }
  return sum;
}

}  // namespace

TEST_CASE("on a steady link every request arrives after the latency, in order, and so does its answer") {
  Wire wire(plain_wire());
  const std::vector<Time> sent = wire.send_many(200, kMillisecond);
  REQUIRE(wire.requests.size() == sent.size());
  REQUIRE(wire.responses.size() == sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    CHECK(wire.requests[i].at == sent[i] + 10 * kMillisecond);
    CHECK(wire.responses[i].at == sent[i] + 20 * kMillisecond);
    CHECK(wire.responses[i].number == static_cast<std::int64_t>(i));
  }
  const NetworkCounters& counters = wire.fabric.network.counters;
  CHECK(counters.sent == 400);
  CHECK(counters.delivered == 400);
  CHECK(counters.dropped + counters.lost + counters.cut + counters.duplicated + counters.reordered + counters.jammed == 0);
}

TEST_CASE("loss alone: what is lost comes after TCP's time-outs, as often as its draws say") {
  LinkModel model = plain_wire();
  for (const std::int32_t ppm : {50'000, 500'000}) {
    CAPTURE(ppm);
    Wire wire(model);
    wire.fabric.network.at(wire.client, wire.server).model.loss_ppm = ppm;  // answers come through
    const std::vector<Time> sent = wire.send_many(300, 7 * kMinute);  // none waits behind another
    REQUIRE(wire.requests.size() == sent.size());
    std::int64_t losses = 0;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      std::size_t attempts = 0;
      while (wire.lucky(Purpose::loss, wire.key() + attempts, i, ppm)) ++attempts;
      losses += static_cast<std::int64_t>(attempts);
      CAPTURE(i);
      CHECK(wire.requests[i].at == sent[i] + model.latency + waited(attempts));
      CHECK(wire.responses[i].at == wire.requests[i].at + model.latency);
    }
    CHECK(losses > 0);
    CHECK(wire.fabric.network.counters.lost == losses);
    CHECK(wire.segments_lost(false) == static_cast<std::size_t>(losses));
    CHECK(wire.fabric.network.counters.dropped == 0);
    // Within five standard deviations of what a geometric distribution gives.
    const double p = ppm / 1e6, mean = 300 * p / (1 - p), variance = mean / (1 - p);
    CHECK((static_cast<double>(losses) - mean) * (static_cast<double>(losses) - mean) <= 25 * variance);
  }
}

TEST_CASE("what follows a lost segment waits behind it: TCP keeps order, at the price of all") {
  LinkModel model = plain_wire();
  Wire wire(model);
  wire.fabric.network.at(wire.client, wire.server).model.loss_ppm = 100'000;
  const std::vector<Time> sent = wire.send_many(2'000, kMillisecond);
  REQUIRE(wire.requests.size() == sent.size());
  Time before = 0;
  std::size_t waited_behind = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    CAPTURE(i);
    CHECK(wire.requests[i].number == static_cast<std::int64_t>(i));
    // It is looked at when it would arrive, and again at each of TCP's attempts; but not before those in front are through.
    Time at = std::max(sent[i] + model.latency, before);
    for (std::size_t attempt = 0; wire.lucky(Purpose::loss, wire.key() + attempt, i, 100'000); ++attempt)
      at += waited(attempt + 1) - waited(attempt);
    CHECK(wire.requests[i].at == at);
    waited_behind += before > sent[i] + model.latency ? 1 : 0;
    before = at;
  }
  CHECK(waited_behind > 500);
}

TEST_CASE("jitter does not change the order of a stream: who would be early comes just after the one before") {
  LinkModel model = plain_wire();
  model.jitter = 20 * kMillisecond;
  Wire wire(model);
  const std::vector<Time> sent = wire.send_many(1'000, kMillisecond);
  REQUIRE(wire.requests.size() == sent.size());
  Time last = 0;
  std::size_t early = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const Time alone = sent[i] + model.latency + exponential(draw(wire.fabric.seed, Purpose::latency, wire.key(), i), model.jitter);
    early += alone <= last ? 1 : 0;
    last = std::max(alone, last + 1);
    CAPTURE(i);
    CHECK(wire.requests[i].at == last);
    CHECK(wire.requests[i].number == static_cast<std::int64_t>(i));
  }
  CHECK(early > 500);
}

TEST_CASE("reordering: messages of another connection overtake the one that is held back, those of its own do not") {
  LinkModel model = plain_wire();
  Wire wire(model);
  LinkModel& held_back = wire.fabric.network.at(wire.client, wire.server).model;
  held_back.reorder_ppm = 200'000;
  held_back.reorder_delay = 50 * kMillisecond;
  std::vector<Time> sent;
  for (int i = 0; i < 200; ++i) {
    sent.push_back(kSecond + i * 10 * kMillisecond);
    wire.send(wire.client, sent.back());
    wire.send(wire.other, sent.back());
  }
  wire.run_to(kMinute);
  REQUIRE(wire.requests.size() == 400);
  std::vector<Time> own, others;
  for (const Got& each : wire.requests) (each.node == wire.client ? own : others).push_back(each.at);
  REQUIRE(own.size() == sent.size());
  Time last = 0;
  std::size_t overtaken = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    CHECK(others[i] == sent[i] + model.latency);
    const bool late = wire.lucky(Purpose::reorder, wire.key(), i, 200'000);
    last = std::max(sent[i] + model.latency + (late ? held_back.reorder_delay : 0), last + 1);
    CHECK(own[i] == last);
    if (i + 1 < sent.size() && own[i] > others[i + 1]) ++overtaken;
  }
  CHECK(overtaken > 50);
}

TEST_CASE("duplicates: the receiver's TCP throws the copy away, and it is counted as often as the draws say") {
  for (const std::int32_t ppm : {0, 300'000, kAlways}) {
    CAPTURE(ppm);
    Wire wire(plain_wire());
    wire.fabric.network.at(wire.client, wire.server).model.duplicate_ppm = ppm;
    const std::vector<Time> sent = wire.send_many(500, kMillisecond);
    CHECK(wire.requests.size() == sent.size());
    CHECK(wire.responses.size() == sent.size());
    std::int64_t copies = 0;
    for (std::size_t i = 0; i < sent.size(); ++i) copies += wire.lucky(Purpose::duplicate, wire.key(), i, ppm) ? 1 : 0;
    CHECK(wire.fabric.network.counters.duplicated == copies);
    CHECK((copies == 0) == (ppm == 0));
  }
}

TEST_CASE("bandwidth: a message takes its bytes' time on the wire, one after the other") {
  LinkModel model = plain_wire();
  Wire wire(model);
  wire.fabric.network.at(wire.client, wire.server).model.bytes_per_second = 10'000;
  const Duration each = kBytes * 100 * kMicrosecond;
  REQUIRE(each > 2 * kMillisecond);
  const std::vector<Time> sent = wire.send_many(100, kMillisecond);
  REQUIRE(wire.requests.size() == sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    CHECK(wire.requests[i].at == sent[0] + static_cast<Duration>(i + 1) * each + model.latency);
    CHECK(wire.responses[i].at == wire.requests[i].at + model.latency);  // the way back is not limited
  }
}

TEST_CASE("a cut lets nothing through; what was sent comes at TCP's first attempt after it is healed") {
  LinkModel model = plain_wire();
  Wire wire(model);
  wire.send(wire.client, kSecond);
  wire.run_to(2 * kSecond);
  REQUIRE(wire.responses.size() == 1);
  wire.with([&](FabricEnv& env) { cut_link(env, wire.client, wire.server); });
  for (int i = 0; i < 3; ++i) wire.send(wire.client, 2 * kSecond + i * 100 * kMillisecond);
  const Time healed = 5 * kSecond;
  wire.run_to(healed);
  CHECK(wire.requests.size() == 1);
  wire.with([&](FabricEnv& env) { heal_link(env, wire.client, wire.server); });
  wire.run_to(kMinute);
  std::size_t attempts = 0;
  while (2 * kSecond + model.latency + waited(attempts) < healed) ++attempts;
  REQUIRE(wire.requests.size() == 4);
  for (std::size_t i = 1; i < 4; ++i) CHECK(wire.requests[i].at == 2 * kSecond + model.latency + waited(attempts));
  for (std::size_t i = 0; i < 4; ++i) CHECK(wire.requests[i].number == static_cast<std::int64_t>(i));
  CHECK(wire.responses.size() == 4);
  CHECK(wire.fabric.network.counters.cut == static_cast<std::int64_t>(attempts));
  CHECK(wire.segments_lost(true) == attempts);
  CHECK(wire.fabric.network.counters.dropped == 0);
}

TEST_CASE("a one-way cut takes the answers only; whoever waits gives up at the deadline") {
  Wire wire(plain_wire());
  wire.send(wire.client, kSecond);
  wire.run_to(2 * kSecond);
  wire.with([&](FabricEnv& env) { cut_link(env, wire.server, wire.client); });
  wire.send(wire.client, 2 * kSecond, 3 * kSecond);
  wire.send(wire.client, 3 * kSecond, kMinute);
  wire.send(wire.other, 3 * kSecond);
  wire.run_to(2 * kMinute);
  CHECK(wire.requests.size() == 4);   // the server has worked on all of them
  CHECK(wire.responses.size() == 2);  // the first one, and the other client's
  REQUIRE(wire.lost.size() == 2);
  CHECK(wire.lost[0].at == 5 * kSecond);  // 3 s after it was sent, and the connection is closed
  CHECK(wire.lost[0].outcome == Outcome::timed_out);
  CHECK(wire.lost[1].at == 5 * kSecond);
  CHECK(wire.lost[1].outcome == Outcome::disconnected);
  const NetworkCounters& counters = wire.fabric.network.counters;
  CHECK(counters.sent == counters.delivered + counters.dropped);
}

TEST_CASE("however often a connection is opened anew, no ends of old ones are left at the server") {
  Wire wire(plain_wire());
  wire.with([&](FabricEnv& env) { cut_link(env, wire.server, wire.client); });
  for (int i = 1; i <= 30; ++i) wire.send(wire.client, i * kMinute, 3 * kSecond);
  wire.run_to(kHour);
  CHECK(wire.lost.size() == 30);
  REQUIRE(wire.fabric.connections.size() == 1);
  CHECK(wire.fabric.connections[0].server_ends.size() <= 1);
}

TEST_CASE("a jam holds everything back, and lets all of it go at once, in order") {
  LinkModel model = plain_wire();
  Wire wire(model);
  wire.with([&](FabricEnv& env) { jam_link(env, wire.client, wire.server); });
  for (int i = 0; i < 10; ++i) wire.send(wire.client, kSecond + i * kMillisecond);
  wire.send(wire.other, kSecond + 20 * kMillisecond);
  const Time released = 5 * kSecond + kMicrosecond;
  wire.run_to(released);
  REQUIRE(wire.requests.size() == 1);
  CHECK(wire.requests[0].node == wire.other);
  wire.with([&](FabricEnv& env) { release_link(env, wire.client, wire.server); });
  wire.run_to(kMinute);
  REQUIRE(wire.requests.size() == 11);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(wire.requests[i + 1].at == released);
    CHECK(wire.requests[i + 1].number == static_cast<std::int64_t>(i));
  }
  CHECK(wire.responses.size() == 11);
  CHECK(wire.fabric.network.counters.jammed == 10);
  CHECK(wire.fabric.network.counters.dropped == 0);
}

TEST_CASE("what arrives just when a jam ends comes after what the jam held back") {
  LinkModel model = plain_wire();
  Wire wire(model);
  wire.with([&](FabricEnv& env) { jam_link(env, wire.client, wire.server); });
  for (int i = 0; i < 10; ++i) wire.send(wire.client, kSecond + i * kMillisecond);
  wire.send(wire.client, 2 * kSecond - model.latency);
  wire.run_to(2 * kSecond - 1);
  wire.fabric.now = 2 * kSecond;  // an action comes before the events of its time
  wire.with([&](FabricEnv& env) { release_link(env, wire.client, wire.server); });
  wire.run_to(kMinute);
  REQUIRE(wire.requests.size() == 11);
  for (std::size_t i = 0; i < 11; ++i) {
    CHECK(wire.requests[i].at == 2 * kSecond);
    CHECK(wire.requests[i].number == static_cast<std::int64_t>(i));
  }
}

TEST_CASE("a process that stands still takes nothing, and all of it when it goes on") {
  Wire wire(plain_wire());
  wire.send(wire.client, kSecond);
  wire.run_to(2 * kSecond);
  wire.with([&](FabricEnv& env) { pause_process(env, wire.server); });
  for (int i = 0; i < 5; ++i) wire.send(wire.client, 2 * kSecond + i * kMillisecond);
  wire.run_to(9 * kSecond);
  CHECK(wire.requests.size() == 1);
  wire.with([&](FabricEnv& env) { resume_process(env, wire.server); });
  wire.run_to(kMinute);
  REQUIRE(wire.requests.size() == 6);
  for (std::size_t i = 1; i < 6; ++i) {
    CHECK(wire.requests[i].at == 9 * kSecond);
    CHECK(wire.requests[i].number == static_cast<std::int64_t>(i));
  }
}

TEST_CASE("responses that are lost: the server has done the work, and the client does not know") {
  for (const ResponseFault fault : {ResponseFault::lost, ResponseFault::lost_and_closed}) {
    CAPTURE(static_cast<int>(fault));
    Wire wire(plain_wire());
    wire.send(wire.client, kSecond);
    wire.run_to(2 * kSecond);
    wire.with([&](FabricEnv& env) { lose_responses(env, wire.client, wire.server, kChannel, fault); });
    wire.send(wire.client, 2 * kSecond, 5 * kSecond);
    wire.run_to(10 * kSecond);
    CHECK(wire.requests.size() == 2);
    CHECK(wire.responses.size() == 1);
    CHECK(wire.fabric.network.counters.responses_lost == 1);
    REQUIRE(wire.lost.size() == 1);
    const bool closed = fault == ResponseFault::lost_and_closed;
    CHECK(wire.lost[0].at == (closed ? 2 * kSecond + 20 * kMillisecond : 7 * kSecond));
    CHECK(wire.lost[0].outcome == (closed ? Outcome::disconnected : Outcome::timed_out));
    // The next connection is sound.
    wire.send(wire.client, 20 * kSecond);
    wire.run_to(30 * kSecond);
    CHECK(wire.responses.size() == 2);
  }
}

TEST_CASE("a message that is dropped by hand is gone for good, and those behind it come") {
  Wire wire(plain_wire());
  wire.send(wire.client, kSecond);
  wire.run_to(2 * kSecond);
  wire.send(wire.client, 2 * kSecond, kMinute);
  wire.with([&](FabricEnv& env) {
    for (std::size_t i = 0; i < wire.fabric.messages.size(); ++i)
      if (wire.fabric.messages[i].connection >= 0) drop_message(env, static_cast<std::int32_t>(i));
  });
  wire.send(wire.client, 3 * kSecond, 2 * kMinute);
  wire.run_to(30 * kSecond);
  CHECK(wire.requests.size() == 2);
  CHECK(wire.fabric.network.counters.dropped == 1);
  wire.run_to(2 * kMinute);
  REQUIRE(wire.lost.size() == 1);
  CHECK(wire.lost[0].at == 2 * kSecond + kMinute);
}

}  // namespace nutshell
