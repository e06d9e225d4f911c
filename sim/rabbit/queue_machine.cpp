#include "sim/rabbit/queue_machine.h"

#include <algorithm>

namespace nutshell::rabbit {

using queues::Back;
using queues::DeadWhen;
using queues::Rules;

void QueueMachine::apply(const Rules& rules, const Command& command, Time at, std::vector<Effect>& effects) {
  Call call{rules, at, effects};
  Effect done{.kind = EffectKind::applied, .channel = command.channel, .node = command.node, .sequence = command.sequence};
  if (command.channel != 0) {
    std::int32_t& last = sequences_[command.channel];
    if (command.sequence <= last) return effects.push_back(done);
    last = command.sequence;
  }
  switch (command.kind) {
    case CommandKind::noop: break;
    case CommandKind::enqueue: enqueue(call, command); break;
    case CommandKind::consume:
      consumers_.push_back({command.channel, command.node, command.prefetch, command.priority, 1, command.no_ack, false, {}, {}});
      break;
    case CommandKind::settle:
    case CommandKind::give_back:
    case CommandKind::discard: verdict(call, command); break;
    case CommandKind::cancel:
      if (Consumer* it = find(command.channel)) it->cancelled = true;
      break;
    case CommandKind::down:
    case CommandKind::node_down:
      for (std::size_t i = 0; i < consumers_.size();) {
        const bool named =
            command.kind == CommandKind::down ? consumers_[i].channel == command.channel : consumers_[i].node == command.node;
        if (named) close(call, i, command.counts);
        else ++i;
      }
      break;
    case CommandKind::tick: tick(call); break;
    case CommandKind::restart: restart(call, command.counts); break;
  }
  serve(call);
  const bool refused = std::any_of(effects.begin(), effects.end(), [](const Effect& each) { return each.kind == EffectKind::rejected; });
  if (!refused && command.channel != 0) effects.push_back(done);
}

void QueueMachine::enqueue(Call& call, const Command& command) {
  expire_heads(call);
  const auto waiting = static_cast<std::int64_t>(returns_.size() + ready_.size());
  if (call.rules.max_length >= 0 && call.rules.rejects_when_full && waiting >= call.rules.max_length + call.rules.overshoots)
    return call.effects.push_back({.kind = EffectKind::rejected, .channel = command.channel, .node = command.node,
                                   .sequence = command.sequence, .message = command.message});
  Item fresh;
  fresh.message = command.message;
  fresh.priority = command.priority;
  fresh.place = places_++;
  if (command.life != kNever) fresh.expires = call.at + std::max<Duration>(command.life, 1);  // 0: who is free gets it, or nobody
  items_.push_back(fresh);
  call.effects.push_back({.kind = EffectKind::stored, .message = command.message});
  make_ready(static_cast<std::int32_t>(items_.size()) - 1);
  make_room(call);
}

// A consumer has said something about what it has. What is not its own any more is too late (Q15).
void QueueMachine::verdict(Call& call, const Command& command) {
  Consumer* from = find(command.channel);
  for (const std::int32_t tag : command.tags) {
    if (!from) {
      call.effects.push_back({.kind = EffectKind::late, .channel = command.channel, .tag = tag});
      continue;
    }
    const auto held = std::find_if(from->out.begin(), from->out.end(), [&](const Held& each) { return each.tag == tag; });
    std::erase(from->overdue, tag);
    if (held == from->out.end()) {
      call.effects.push_back({.kind = EffectKind::late, .channel = command.channel, .tag = tag});
      continue;
    }
    const std::int32_t number = held->item;
    from->out.erase(held);
    verdict_on(call, command, *from, number);
  }
}

void QueueMachine::verdict_on(Call& call, const Command& command, Consumer& from, std::int32_t number) {
  if (command.kind == CommandKind::give_back) {
    const bool waits = command.counts ? call.rules.retry_on_failure : call.rules.retry_on_return;
    return come_back(call, number, command.counts, call.rules.on_failure, waits, "given back");
  }
  if (command.kind == CommandKind::discard) return bury(call, number, "rejected");
  item(number).state = State::gone;
  call.effects.push_back({.kind = EffectKind::settled, .channel = from.channel, .message = item(number).message});
}

// All that it had comes back, in the order of delivery (Q11).
void QueueMachine::close(Call& call, std::size_t number, bool counts) {
  const std::vector<Held> had = std::move(consumers_[number].out);
  consumers_.erase(consumers_.begin() + static_cast<std::ptrdiff_t>(number));
  if (turn_ > number) --turn_;
  for (const Held& each : had)
    come_back(call, each.item, counts, call.rules.on_connection, counts && call.rules.retry_on_failure,
              "the connection of its consumer is closed");
}

void QueueMachine::tick(Call& call) {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i].state != State::delayed || items_[i].due > call.at) continue;
    items_[i].due = kNever;
    make_ready(static_cast<std::int32_t>(i));
  }
  for (Consumer& each : consumers_) overdue(call, each);
  expire_heads(call);
}

// What a consumer has had for too long is taken from it; before 4.3 with all else on its channel, which closes (Q15).
void QueueMachine::overdue(Call& call, Consumer& consumer) {
  std::vector<Held> taken, kept;
  for (const Held& each : consumer.out) (item(each.item).due <= call.at ? taken : kept).push_back(each);
  if (taken.empty()) return;
  if (call.rules.lease_closes_channel) {
    taken = std::move(consumer.out);
    kept.clear();
    consumer.cancelled = true;
    call.effects.push_back({.kind = EffectKind::closed, .channel = consumer.channel, .node = consumer.node});
  }
  consumer.out = std::move(kept);
  for (const Held& each : taken) {
    consumer.overdue.push_back(each.tag);
    come_back(call, each.item, call.rules.lease_counts,
              call.rules.lease_closes_channel ? call.rules.on_connection : Back::to_place, call.rules.retry_on_failure,
              "its consumer took too long");
  }
}

// A classic queue is on its node's disk, and nobody is connected to it any more (Q24).
void QueueMachine::restart(Call& call, bool transient) {
  while (!consumers_.empty()) {
    const std::vector<Held> had = std::move(consumers_.back().out);
    consumers_.pop_back();
    for (const Held& each : had) come_back(call, each.item, false, Back::to_place, false, "its node restarted");
  }
  sequences_.clear();
  turn_ = 0;
  if (!transient) return;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i].state == State::gone) continue;
    unready(static_cast<std::int32_t>(i));
    items_[i].state = State::gone;
    call.effects.push_back({.kind = EffectKind::dropped, .message = items_[i].message, .why = "it was transient, and its node restarted"});
  }
}

void QueueMachine::come_back(Call& call, std::int32_t number, bool counts, Back back, bool waits, std::string_view why) {
  Item& it = item(number);
  it.due = kNever;
  it.failures += counts;
  const bool dead = call.rules.dead_when == DeadWhen::failures_exceed && it.failures > call.rules.limit;
  if (dead) return bury(call, number, call.rules.dead_why);
  call.effects.push_back({.kind = EffectKind::returned, .message = it.message, .why = why});
  if (back == Back::to_front) {
    it.returned = true;
    it.priority = 0;
  } else if (back == Back::to_end) {
    it.returned = false;
    it.place = places_++;
  }
  const bool delayed = waits && call.rules.retry_min > 0;
  if (delayed) {  // Q14
    it.state = State::delayed;
    it.due = call.at + std::min(call.rules.retry_min * std::max(1, it.deliveries), call.rules.retry_max);
    return;
  }
  make_ready(number);
  make_room(call);
}

void QueueMachine::bury(Call& call, std::int32_t number, std::string_view why) {
  Item& it = item(number);
  unready(number);
  it.state = State::gone;
  const EffectKind kind = call.rules.has_dead_place ? EffectKind::dead_lettered : EffectKind::dropped;
  call.effects.push_back({.kind = kind, .message = it.message, .why = why});
}

void QueueMachine::make_ready(std::int32_t number) {
  Item& it = item(number);
  it.state = State::ready;
  if (it.returned) returns_.push_back(number);
  else ready_.emplace(std::pair(-it.priority, it.place), number);
}

void QueueMachine::unready(std::int32_t number) {
  const Item& it = item(number);
  if (it.state != State::ready) return;
  if (it.returned) std::erase(returns_, number);
  else ready_.erase(std::pair(-it.priority, it.place));
}

// Q19: what waits counts, and the next in turn goes.
void QueueMachine::make_room(Call& call) {
  if (call.rules.max_length < 0 || call.rules.rejects_when_full) return;
  while (static_cast<std::int64_t>(returns_.size() + ready_.size()) > call.rules.max_length) bury(call, head(), "maxlen");
}

// Q18: only what is next in turn is looked at.
void QueueMachine::expire_heads(Call& call) {
  for (std::int32_t next = head(); next >= 0 && item(next).expires <= call.at; next = head()) bury(call, next, "expired");
}

std::int32_t QueueMachine::head() const {
  if (!returns_.empty()) return returns_.front();
  return ready_.empty() ? -1 : ready_.begin()->second;
}

bool QueueMachine::can_take(const Rules& rules, const Consumer& it) const {
  if (it.cancelled || !it.overdue.empty()) return false;
  if (it.no_ack && rules.unlimited_if_acked_first) return true;  // Q7
  return static_cast<std::int32_t>(it.out.size()) < it.prefetch;
}

// In turn among those with credit, a higher priority first (Q6); or only the first that is there, in a quorum queue of the highest
// priority (Q16). -1: nobody.
std::int32_t QueueMachine::choose(const Rules& rules) const {
  std::int32_t best = -1;
  if (rules.single_active) {
    const bool ranks = rules.nodes == queues::Nodes::majority;
    for (std::size_t i = 0; i < consumers_.size(); ++i) {
      if (consumers_[i].cancelled) continue;
      const bool first = best < 0 || (ranks && consumers_[i].priority > consumers_[static_cast<std::size_t>(best)].priority);
      if (first) best = static_cast<std::int32_t>(i);
    }
    if (best < 0 || !can_take(rules, consumers_[static_cast<std::size_t>(best)])) return -1;
    // Another that was served before settles first what it has.
    const auto has_some = [&](const Consumer& each) {
      return !each.cancelled && &each != &consumers_[static_cast<std::size_t>(best)] && !each.out.empty();
    };
    return ranks && std::any_of(consumers_.begin(), consumers_.end(), has_some) ? -1 : best;
  }
  for (std::size_t i = 0; i < consumers_.size(); ++i) {
    const std::size_t place = (turn_ + i) % consumers_.size();
    const Consumer& it = consumers_[place];
    if (!can_take(rules, it)) continue;
    if (best < 0 || it.priority > consumers_[static_cast<std::size_t>(best)].priority) best = static_cast<std::int32_t>(place);
  }
  return best;
}

void QueueMachine::serve(Call& call) {
  for (;;) {
    expire_heads(call);
    const std::int32_t number = head();
    const std::int32_t to = number < 0 ? -1 : choose(call.rules);
    if (to < 0) return;
    Consumer& consumer = consumers_[static_cast<std::size_t>(to)];
    turn_ = static_cast<std::size_t>(to) + 1;
    unready(number);
    Item& it = item(number);
    ++it.deliveries;
    const std::int32_t tag = consumer.next_tag++;
    call.effects.push_back({.kind = EffectKind::deliver, .channel = consumer.channel, .node = consumer.node, .tag = tag,
                            .message = it.message, .deliveries = it.deliveries, .no_ack = consumer.no_ack});
    if (consumer.no_ack) {
      it.state = State::gone;
      continue;
    }
    it.state = State::out;
    it.due = call.rules.lease == kNever ? kNever : call.at + call.rules.lease;
    if (call.rules.lease_closes_channel && it.due != kNever) it.due = (it.due + kMinute - 1) / kMinute * kMinute;
    if (it.due != kNever) it.due += kMicrosecond - 1;  // who is through at that time is in time
    consumer.out.push_back({tag, number});
  }
}

Time QueueMachine::next_due(const Rules& rules) const {
  Time next = kNever;
  for (const Item& each : items_)
    if (each.state == State::delayed || each.state == State::out) next = std::min(next, each.due);
  if (const std::int32_t first = head(); first >= 0 && rules.only_head_expires) next = std::min(next, item(first).expires);
  return next;
}

std::vector<Effect> QueueMachine::outstanding() const {
  std::vector<Effect> all;
  for (const Consumer& each : consumers_)
    for (const Held& held : each.out)
      all.push_back({.kind = EffectKind::deliver, .channel = each.channel, .node = each.node, .tag = held.tag,
                     .message = item(held.item).message, .deliveries = item(held.item).deliveries});
  return all;
}

std::vector<std::int32_t> QueueMachine::messages() const {
  std::vector<std::int32_t> all;
  for (const Item& each : items_)
    if (each.state != State::gone) all.push_back(each.message);
  return all;
}

QueueMachine::Consumer* QueueMachine::find(ChannelId channel) {
  for (Consumer& each : consumers_)
    if (each.channel == channel) return &each;
  return nullptr;
}

bool QueueMachine::has_consumer(ChannelId channel) const {
  return std::any_of(consumers_.begin(), consumers_.end(), [&](const Consumer& each) { return each.channel == channel; });
}

bool QueueMachine::has_consumer_at(NodeId node) const {
  return std::any_of(consumers_.begin(), consumers_.end(), [&](const Consumer& each) { return each.node == node; });
}

std::uint64_t QueueMachine::digest() const {
  std::uint64_t digest = 0;
  fold(digest, items_);
  for (const std::int32_t each : returns_) fold(digest, each);
  fold(digest, places_);
  fold(digest, consumers_);
  fold(digest, turn_);
  for (const auto& [channel, sequence] : sequences_)
    digest = mix(mix(digest, static_cast<std::uint64_t>(channel)), static_cast<std::uint64_t>(sequence));
  return digest;
}

std::vector<QueueMachine::Seen> QueueMachine::seen() const {
  std::vector<Seen> all;
  for (const Item& each : items_) all.push_back({each.message, each.deliveries, each.state, 0});
  for (const Consumer& consumer : consumers_)
    for (const Held& each : consumer.out) all[static_cast<std::size_t>(each.item)].channel = consumer.channel;
  return all;
}

}  // namespace nutshell::rabbit
