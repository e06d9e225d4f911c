// Consumers at work: they begin, they finish, they acknowledge, give back or crash.
#include <algorithm>

#include "sim/core/random.h"
#include "sim/queues/simulation.h"

namespace nutshell::queues {

// What is free to be delivered is, until nothing moves any more. Then the instant is over.
void Simulation::dispatch() {
  for (bool moved = true; moved;) {
    moved = false;
    for (Reader& each : readers_)
      if (each.spec.every == kAcksLast && each.works() && !each.busy && each.buffer.empty() && !each.unacked.empty()) settle_all(each);
    for (std::size_t i = 0; i < services_.size(); ++i) {
      const auto s = static_cast<std::int32_t>(i);
      if (rules_.keeps == Keeps::log) moved |= rules_.failover == Failover::group ? form_groups(s) : share_out(s);
      for (std::size_t box = 0; !rules_.pull && box < services_[i].queues.size(); ++box) moved |= push(s, static_cast<std::int32_t>(box));
    }
    for (const std::int32_t r : longest_unread_first()) {
      if (rules_.keeps == Keeps::log) moved |= poll(r);
      else if (rules_.pull) moved |= pull(r);
    }
    moved |= begin_handlers();
  }
}

bool Simulation::begin_handlers() {
  bool moved = false;
  for (std::size_t r = 0; r < readers_.size(); ++r) {
    Reader& it = readers_[r];
    while (it.works() && !it.busy && !it.buffer.empty()) {
      moved = true;
      it.current = it.buffer.front();
      it.buffer.pop_front();
      Tally& tally = ledger_.tally(it.service);
      const std::int32_t m = it.current.message;
      const bool wanted = service(it.service).wants[static_cast<std::size_t>(m)];
      if (it.current.tries == 0) {
        ++tally.delivered;
        tally.wanted += wanted;
      }
      ++it.begun;
      if (!wanted) {
        ++tally.discarded;
        tell_of(it, FactKind::discarded, m);
        if (it.current.acked) drop(it.service, m, "");
        settle(it, it.current);
        continue;
      }
      it.busy = true;
      ++it.current.tries;
      Duration takes = it.spec.handle;
      for (const auto& [slow, duration] : it.spec.slow)
        if (slow == m) takes = duration;
      ledger_.begin(it.service, m, key_of(m));
      it.completion = at(now_ + takes, {Kind::completed, static_cast<std::int32_t>(r)}, m);
    }
  }
  return moved;
}

OnError Simulation::on_error(const Reader& it) const { return row_.on_error.value_or(service(it.service).spec.on_error); }

bool Simulation::is_poison(const Reader& it, const Delivery& delivery) const {
  const std::int32_t ppm = service(it.service).spec.fails_ppm;
  if (ppm > 0) {
    const std::uint64_t whom = (static_cast<std::uint64_t>(it.service) << 32) | static_cast<std::uint32_t>(delivery.message);
    const auto nth = static_cast<std::uint64_t>(ledger_.attempts_of(it.service, delivery.message));
    if (chance(draw(workload_.seed, Purpose::workload, whom, nth), ppm)) return true;
  }
  for (const Poison& each : workload_.poison) {
    if (each.service != it.service || each.message != delivery.message) continue;
    const bool in_mail = rules_.keeps == Keeps::mailbox && delivery.tries <= 1;
    if (!in_mail) return each.until_try == 0 || delivery.tries < each.until_try;
    const Mailbox& mail = service(it.service).queues[static_cast<std::size_t>(delivery.box)].mail;
    const Item& item = mail.item(static_cast<std::int32_t>(delivery.item));
    const std::int32_t before = item.death < 0 ? item.deliveries : ledger_.attempts_of(it.service, item.message);
    return each.until_try == 0 || before < each.until_try;
  }
  return false;
}

void Simulation::complete(std::int32_t r) {
  Reader& it = reader(r);
  it.completion = -1;
  it.busy = false;
  const std::int32_t m = it.current.message;
  ledger_.end(it.service, m, key_of(m));
  if (is_poison(it, it.current)) {
    tell_of(it, FactKind::failed, m, it.current.tries);
    return fail(it);
  }
  ledger_.succeed(it.service, m, key_of(m), now_);
  tell_of(it, FactKind::handled, m);
  ++it.handled;
  if (it.current.acked) drop(it.service, m, "");
  if (it.spec.crash_after >= 0 && it.handled == it.spec.crash_after) {
    if (!it.current.acked) it.unacked.push_back(it.current);
    return crash(r);
  }
  settle(it, it.current);
}

void Simulation::fail(Reader& it) {
  OnError does = on_error(it);
  const std::int32_t most = row_.tries > 0 ? row_.tries : service(it.service).spec.tries;
  const bool log = rules_.keeps == Keeps::log;
  if (does == OnError::throws && !log) does = OnError::give_back;
  if (log && (does == OnError::give_back || does == OnError::silent || does == OnError::reject)) does = OnError::block;
  if (it.current.acked && does != OnError::block && does != OnError::dead_letter)
    return drop(it.service, it.current.message, "acknowledged, and then it failed");
  switch (does) {
    case OnError::give_back: return give_back(it, it.current);
    case OnError::silent:
      if (rules_.lease != kNever && !rules_.lease_stops_consumer) return;
      it.unacked.push_back(it.current);  // nobody takes it away
      it.unacked.back().silent = true;
      return;
    case OnError::skip: return settle(it, it.current);
    case OnError::reject: return refuse_for_good(it, it.current, "rejected", false);
    case OnError::throws:
      if (rules_.batch_tried_again && (rules_.batch_tries < 0 || it.current.tries <= rules_.batch_tries) && !is_batch_too_old(it)) {
        it.buffer.push_front(it.current);  // I13: Lambda runs all of the batch again
        for (std::size_t i = it.unacked.size(); i-- > 0;) it.buffer.push_front(it.unacked[i]);
        return it.unacked.clear();
      }
      // I13: the rest of the batch is skipped with it.
      settle(it, it.current);
      while (!it.buffer.empty()) {
        const Delivery next = it.buffer.front();
        it.buffer.pop_front();
        settle(it, next);
      }
      return;
    case OnError::dead_letter:
      if (it.current.tries >= most)
        return refuse_for_good(it, it.current, "the application gave up after " + std::to_string(most) + " tries", true);
      break;
    case OnError::block: break;
  }
  it.buffer.push_front(it.current);
}

// I13: of the batch of which a record has failed, the oldest.
bool Simulation::is_batch_too_old(const Reader& it) {
  const Delivery& first = it.unacked.empty() ? it.current : it.unacked.front();
  return rules_.batch_age != kNever && now_ - slot(first.box).at(first.item).at > rules_.batch_age;
}

// Through with it: acknowledged now, or with others later.
void Simulation::settle(Reader& it, const Delivery& delivery) {
  if (delivery.acked) return;
  it.unacked.push_back(delivery);
  const auto handled = std::count_if(it.unacked.begin(), it.unacked.end(), [](const Delivery& each) { return !each.silent; });
  if (it.spec.every != kAcksLast && handled >= std::max(1, it.spec.every)) settle_all(it);
}

void Simulation::settle_all(Reader& it) {
  const std::vector<Delivery> all = std::move(it.unacked);
  it.unacked.clear();
  for (const Delivery& each : all)
    if (each.silent) it.unacked.push_back(each);
    else acknowledge(it, each);
  if (it.stopped && !it.busy && it.buffer.empty() && it.unacked.empty()) it.stopped = false;
}

void Simulation::acknowledge(Reader& it, const Delivery& delivery) {
  if (rules_.keeps == Keeps::log) return commit(it, delivery);
  const auto number = static_cast<std::int32_t>(delivery.item);
  Queue& from = queue(it.service, delivery.box);
  const Item& item = from.mail.item(number);
  const bool mine = item.receipt == delivery.receipt && item.is_stored();
  const bool late = item.state != Item::State::out;
  if (!mine || from.down || (late && (rules_.late_ack_fails || rules_.lease_stops_consumer)))
    return tell_of(it, FactKind::late_ack_ignored, delivery.message, 0,
                   from.down ? "the node of the queue is gone" : std::string(rules_.late_ack));
  take_out(it.service, delivery.box, number, Item::State::done);
  tell_of(it, FactKind::acknowledged, delivery.message);
  drop(it.service, delivery.message, "acknowledged without being handled");
}

void Simulation::give_back(Reader& it, const Delivery& delivery) {
  const auto number = static_cast<std::int32_t>(delivery.item);
  Queue& from = queue(it.service, delivery.box);
  const Item& item = from.mail.item(number);
  if (item.receipt != delivery.receipt || item.state != Item::State::out || from.down)
    return tell_of(it, FactKind::late_ack_ignored, delivery.message, 0, std::string(rules_.late_ack));
  const Rules& rules = rules_at(it.service);
  come_back(it.service, delivery.box, number, "given back", rules.give_back_counts, rules.on_failure,
            rules.give_back_counts ? rules.retry_on_failure : rules.retry_on_return);
}

// To a dead-letter place: of the product, if it is one where a consumer may refuse; or of the application.
void Simulation::refuse_for_good(Reader& it, const Delivery& delivery, const std::string& why, bool by_application) {
  const std::int32_t m = delivery.message;
  if (by_application) {
    service(it.service).dead.push_back({m, service(it.service).buried++});
    ledger_.bury(it.service, m);
    tell_of(it, FactKind::dead_lettered, m, 0, why);
    if (delivery.acked) return drop(it.service, m, why);
    return settle(it, delivery);
  }
  if (!rules_.reject_is_final) return give_back(it, delivery);
  const auto number = static_cast<std::int32_t>(delivery.item);
  const Item& item = queue(it.service, delivery.box).mail.item(number);
  if (item.receipt == delivery.receipt && item.state == Item::State::out) bury(it.service, delivery.box, number, why);
}

void Simulation::crash(std::int32_t r) {
  Reader& it = reader(r);
  if (!it.present) it.crashed = it.noticed = true;  // before it came: it never does
  if (!it.works()) return;
  it.crashed = true;
  it.crashed_at = now_;
  cancel(it.completion);
  watch_use(it.service);
  const bool with_its_node =
      it.spec.node >= 0 && static_cast<std::size_t>(it.spec.node) < up_.size() && !up_[static_cast<std::size_t>(it.spec.node)];
  const char* how = it.spec.how == HowGone::process ? "its connections close" : "nobody is told";
  tell_of(it, FactKind::crashed, -1, 0, with_its_node ? "it was connected to the node" : how);
  std::vector<Delivery> in_hand(it.buffer.begin(), it.buffer.end());
  if (it.busy) {
    ledger_.end(it.service, it.current.message, key_of(it.current.message));
    in_hand.insert(in_hand.begin(), it.current);
  }
  it.busy = false;
  for (const Delivery& each : in_hand)
    if (each.acked) drop(it.service, each.message, "acknowledged before it was handled");
  it.buffer.clear();
  for (const Delivery& each : in_hand)
    if (!each.acked) it.buffer.push_back(each);
  const Duration beat = std::max<Duration>(rules_.heartbeat, 1);
  if (rules_.failover == Failover::group && it.member) {
    cancel(it.poll_timer);
    at(it.joined_at + (now_ - it.joined_at) / beat * beat + rules_.session, {Kind::session_end, r});
  }
  if (!rules_.notices_closed_connection || with_its_node) return;
  if (it.spec.how == HowGone::process) return connection_lost(r, true);
  if (rules_.silent_connection == kNever) return;
  // Q11: frames every half of the timeout; dead after two that did not come.
  const Duration half = std::max<Duration>(rules_.silent_connection / 2, 1);
  at(std::max(now_, it.joined_at + (now_ - it.joined_at) / half * half + 2 * half), {Kind::connection_lost, r, 1});
}

void Simulation::leave(std::int32_t r) {
  Reader& it = reader(r);
  if (!it.works()) return;
  tell_of(it, FactKind::consumer_left, -1);
  settle_all(it);
  if (it.busy) {
    ledger_.end(it.service, it.current.message, key_of(it.current.message));
    cancel(it.completion);
    if (it.current.acked) drop(it.service, it.current.message, "acknowledged before it was handled");
    else it.buffer.push_front(it.current);
    it.busy = false;
  }
  for (const Delivery& each : it.buffer)
    if (each.acked) drop(it.service, each.message, "acknowledged before it was handled");
  it.present = false;
  cancel(it.poll_timer);
  if (rules_.failover == Failover::group) {
    it.buffer.clear();
    return member_gone(r, "it leaves");
  }
  // Q12: a client that closes in good order cancels first, and so others are given what is next before its own comes back.
  const bool pushes = rules_.notices_closed_connection && !rules_.pull;
  for (std::size_t box = 0; pushes && box < service(it.service).queues.size(); ++box)
    push(it.service, static_cast<std::int32_t>(box));
  connection_lost(r, false);
  watch_use(it.service);
}

void Simulation::join(std::int32_t r) {
  Reader& it = reader(r);
  if (it.crashed) return;
  it.present = true;
  it.joined_at = now_;
  for (const Slot& each : slots_) it.ends_at_start.push_back(each.visible);
  if (rules_.failover == Failover::group) {
    begin_rebalance(it.service);
    it.member = it.rejoined = true;
  } else if (rules_.failover == Failover::leases) {
    at(now_, {Kind::scan, r});
  }
}

}  // namespace nutshell::queues
