#include <algorithm>

#include "sim/core/random.h"
#include "sim/core/require.h"
#include "sim/rabbit/clients.h"

namespace nutshell::rabbit {
namespace {

using queues::OnError;

struct ConsumerAt {
  Env& env;
  ConsumerApp& it;
  NodeId self;
};

void send(const ConsumerAt& at, Body body) {
  at.env.request(at.self, at.it.link.at, kAmqp, std::move(body), kNoTimeout, static_cast<std::uint64_t>(at.it.link.sessions));
}

void tell(const ConsumerAt& at, FactKind kind, const Handed& of) {
  at.env.tell_of({.kind = kind, .node = at.self, .queue = of.queue, .service = at.it.service, .message = of.message, .tag = of.tag,
                  .tries = of.tries, .channel = of.session, .acked = at.it.acks_first()});
}

void say(const ConsumerAt& at, const Handed& of, CommandKind verdict, bool counts) {
  if (of.session == at.it.link.session(at.self)) send(at, BasicAck{of.session, of.queue, verdict, counts, {of.tag}});
}

void settle_all(const ConsumerAt& at) {
  const std::vector<Handed> all = std::move(at.it.unacked);
  at.it.unacked.clear();
  for (const Handed& each : all)
    if (each.silent) at.it.unacked.push_back(each);
    else say(at, each, CommandKind::settle, false);
}

void settle(const ConsumerAt& at, const Handed& of) {
  if (at.it.acks_first()) return;
  at.it.unacked.push_back(of);
  const auto handled = std::count_if(at.it.unacked.begin(), at.it.unacked.end(), [](const Handed& each) { return !each.silent; });
  if (at.it.spec.every != queues::kAcksLast && handled >= std::max(1, at.it.spec.every)) settle_all(at);
}

void open(const ConsumerAt& at) {
  ++at.it.link.sessions;
  at.it.wants_channel = false;
  consume(at.env, at.it, at.self, 0);
  const Duration half = std::max<Duration>(at.env.commons.rules.silent_connection / 2, 1);
  send(at, Heartbeat{at.it.link.session(at.self)});
  at.env.arm(at.self, kBeat, half, at.it.link.sessions);
}

bool wants(const ConsumerAt& at, std::int32_t m) {
  return queues::matches(at.env.commons.workload.services[static_cast<std::size_t>(at.it.service)].filter, at.env.commons.message(m));
}

void begin_next(const ConsumerAt& at) {
  ConsumerApp& it = at.it;
  while (!it.busy && !it.buffer.empty() && at.env.now() < at.env.commons.workload.until) {
    it.current = it.buffer.front();
    it.buffer.pop_front();
    ++it.begun;
    if (!wants(at, it.current.message)) {
      tell(at, FactKind::thrown_away, it.current);
      settle(at, it.current);
      continue;
    }
    it.busy = true;
    ++it.current.tries;
    ++at.env.commons.attempts[static_cast<std::size_t>(it.service)][static_cast<std::size_t>(it.current.message)];
    Duration takes = it.spec.handle;
    for (const auto& [slow, duration] : it.spec.slow)
      if (slow == it.current.message) takes = duration;
    tell(at, FactKind::begun, it.current);
    it.ends_at = at.env.now() + takes;
    it.completion = at.env.arm(at.self, kHandled, takes);
  }
  if (it.spec.every == queues::kAcksLast && !it.busy && it.buffer.empty() && !it.unacked.empty()) settle_all(at);
  if (it.wants_channel && !it.busy) open(at);
}

bool fails(const ConsumerAt& at) {
  const Commons& commons = at.env.commons;
  const auto service = static_cast<std::size_t>(at.it.service);
  const std::int32_t ppm = commons.workload.services[service].fails_ppm;
  const std::uint64_t whom = (static_cast<std::uint64_t>(at.it.service) << 32) | static_cast<std::uint32_t>(at.it.current.message);
  const auto nth = static_cast<std::uint64_t>(commons.attempts[service][static_cast<std::size_t>(at.it.current.message)]);
  if (ppm > 0 && chance(draw(commons.workload.seed, Purpose::workload, whom, nth), ppm)) return true;
  for (const queues::Poison& each : commons.workload.poison) {
    if (each.service != at.it.service || each.message != at.it.current.message) continue;
    const std::int32_t tried = at.it.current.tries <= 1 ? at.it.current.deliveries : at.it.current.tries;
    return each.until_try == 0 || tried < each.until_try;
  }
  return false;
}

void fail(const ConsumerAt& at) {
  ConsumerApp& it = at.it;
  const Commons& commons = at.env.commons;
  const queues::Service& of = commons.workload.services[static_cast<std::size_t>(it.service)];
  OnError does = commons.row.on_error.value_or(of.on_error);
  if (does == OnError::throws) does = OnError::give_back;
  const std::int32_t most = commons.row.tries > 0 ? commons.row.tries : of.tries;
  tell(at, FactKind::failed, it.current);
  if (it.acks_first() && does != OnError::block && does != OnError::dead_letter) return tell(at, FactKind::thrown_away, it.current);
  switch (does) {
    case OnError::throws:
    case OnError::give_back: return say(at, it.current, CommandKind::give_back, commons.rules.give_back_counts);
    case OnError::silent:
      if (commons.rules.lease != kNever && !commons.rules.lease_stops_consumer) return;
      it.unacked.push_back(it.current);
      it.unacked.back().silent = true;
      return;
    case OnError::skip: return settle(at, it.current);
    case OnError::reject: return say(at, it.current, CommandKind::discard, false);
    case OnError::dead_letter:
      if (it.current.tries < most) break;
      tell(at, FactKind::buried, it.current);
      return settle(at, it.current);
    case OnError::block: break;
  }
  it.buffer.push_front(it.current);
}

void crash(const ConsumerAt& at) {
  at.env.self(at.self).powered_off = at.it.spec.how == queues::HowGone::host;
  kill_process(at.env, at.self);
}

void complete(const ConsumerAt& at) {
  ConsumerApp& it = at.it;
  it.completion = kNoTimer;
  it.busy = false;
  if (fails(at)) {
    fail(at);
    return begin_next(at);
  }
  tell(at, FactKind::handled, it.current);
  ++it.handled;
  if (it.spec.crash_after >= 0 && it.handled == it.spec.crash_after) return crash(at);
  settle(at, it.current);
  begin_next(at);
}

// The channel is gone, and with it what was not begun; what is being handled is handled to its end, in vain.
void lose_channel(const ConsumerAt& at) {
  at.it.buffer.clear();
  at.it.unacked.clear();
  at.it.wants_channel = at.it.present;
  begin_next(at);
}

void leave(const ConsumerAt& at) {
  ConsumerApp& it = at.it;
  settle_all(at);
  if (it.busy) {
    tell(at, FactKind::cut_off, it.current);
    at.env.disarm(it.completion);
    it.busy = false;
  }
  tell(at, FactKind::consumer_gone, it.current);
  it.buffer.clear();
  it.present = false;
  send(at, ConnectionClose{it.link.session(at.self)});
}

}  // namespace

void consume(Env& env, ConsumerApp& it, NodeId self, std::int32_t first_box) {
  const ConsumerAt at{env, it, self};
  const std::int32_t boxes = env.commons.boxes();
  for (std::int32_t queue = 0; queue < static_cast<std::int32_t>(env.commons.queues.size()); ++queue) {
    const QueueSpec& spec = env.commons.queues[static_cast<std::size_t>(queue)];
    if (spec.service != it.service || spec.box < first_box) continue;
    const auto consumers = static_cast<std::int32_t>(env.commons.workload.services[static_cast<std::size_t>(it.service)].consumers.size());
    const std::int32_t count = env.commons.row.consumers < 0 ? consumers : std::min(consumers, env.commons.row.consumers);
    if (boxes > 1 && spec.box % count != it.index) continue;
    send(at, BasicConsume{it.link.session(self), queue, it.spec.window, it.spec.priority, it.acks_first()});
  }
}

void start_consumer(Env& env, ConsumerApp& it, NodeId self) {
  const Time from = std::max(it.spec.from, env.commons.workload.services[static_cast<std::size_t>(it.service)].added_at);
  env.arm(self, kJoin, from);
  if (it.spec.crash_at != kNever) env.arm(self, kCrash, it.spec.crash_at);
  if (it.spec.to != kNever) env.arm(self, kLeave, it.spec.to);
}

void on_consumer_request(Env& env, ConsumerApp& it, NodeId self, const RequestId& request, Body& body) {
  const ConsumerAt at{env, it, self};
  env.reply(request, Taken{});
  if (const auto* given = body.get_if<BasicDeliver>()) {
    if (!it.present || given->session != it.link.session(self)) return;
    it.link.tried = 0;
    it.buffer.push_back({given->session, given->queue, given->tag, given->message, given->deliveries, 0});
    begin_next(at);
  } else if (const auto* close = body.get_if<ChannelClose>()) {
    if (!close->opened && close->session == it.link.session(self)) lose_channel(at);
  }
}

void on_consumer_response(Env& env, ConsumerApp& it, NodeId self, const Response& response) {
  const bool of_this = response.from == it.link.at &&
                       (response.tag == kConnectionClosed || response.tag == static_cast<std::uint64_t>(it.link.sessions));
  if (response.outcome == Outcome::answered || !of_this || !it.present) return;
  it.link.at = (it.link.at + 1) % env.commons.nodes;
  ++it.link.sessions;  // answers of the old one are of no interest any more
  it.buffer.clear();
  it.unacked.clear();
  env.arm(self, kReconnect, ++it.link.tried < env.commons.nodes ? 0 : kSecond, it.link.sessions);
}

void on_consumer_timer(Env& env, ConsumerApp& it, NodeId self, const Event& timer) {
  const ConsumerAt at{env, it, self};
  if (timer.timer == kHandled) {
    complete(at);
  } else if (timer.timer == kJoin) {
    it.present = true;
    it.joined_at = env.now();
    open(at);
  } else if (timer.timer == kBeat) {
    if (!it.present || timer.a != it.link.sessions) return;
    send(at, Heartbeat{it.link.session(self)});
    env.arm(self, kBeat, std::max<Duration>(env.commons.rules.silent_connection / 2, 1), it.link.sessions);
  } else if (timer.timer == kReconnect) {
    if (it.present && timer.a == it.link.sessions) open(at);
  } else if (timer.timer == kCrash) {
    if (it.busy && it.ends_at == env.now()) {  // what ends comes before
      env.disarm(it.completion);
      complete(at);
    }
    if (env.self(self).status == NodeStatus::running) crash(at);
  } else {
    NUTSHELL_REQUIRE(timer.timer == kLeave);
    if (it.present) leave(at);
  }
}

}  // namespace nutshell::rabbit
