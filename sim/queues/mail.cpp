// Delivery from mailboxes: who gets what, how long it is theirs, and what becomes of what comes back.
#include <algorithm>
#include <tuple>

#include "sim/core/require.h"
#include "sim/queues/simulation.h"

namespace nutshell::queues {
namespace {

using State = Item::State;

// Whoever has a later one of its key in hand that has come back acknowledges it too late.
void void_receipts_behind(Mailbox& mail, std::int32_t number) {
  for (std::size_t i = static_cast<std::size_t>(number) + 1; i < mail.items().size(); ++i) {
    Item& other = mail.item(static_cast<std::int32_t>(i));
    if (other.key == mail.item(number).key && other.state == State::waiting && other.deliveries > 0) ++other.receipt;
  }
}

}  // namespace

// A host that is gone without anybody having noticed is given messages like any other.
bool Simulation::can_take(const Reader& it, std::int32_t box) const {
  const bool there = it.present && (!it.crashed || (rules_.notices_closed_connection && !it.noticed));
  if (!there || it.stopped) return false;
  const ServiceState& of = service(it.service);
  if (of.queues.size() > 1 && static_cast<std::size_t>(box) % of.readers.size() != static_cast<std::size_t>(it.index)) return false;
  if (it.spec.every == kAcksFirst && rules_.unlimited_if_acked_first) return true;
  if (rules_.window_bytes >= 0 && bytes_in_hand(it) >= rules_.window_bytes) return false;  // P17
  if (of.queues.size() == 1) return static_cast<std::int32_t>(it.buffer.size() + it.unacked.size()) + it.busy < it.spec.window;
  // Credit is given to each queue by itself (Q6).
  const auto of_box = [&](const Delivery& each) { return each.box == box; };
  const auto had = std::count_if(it.buffer.begin(), it.buffer.end(), of_box) + std::count_if(it.unacked.begin(), it.unacked.end(), of_box);
  return had + (it.busy && of_box(it.current)) < it.spec.window;
}

std::int64_t Simulation::bytes_in_hand(const Reader& it) const {
  std::int64_t bytes = it.busy ? message(it.current.message).size : 0;
  for (const Delivery& each : it.buffer) bytes += message(each.message).size;
  for (const Delivery& each : it.unacked) bytes += message(each.message).size;
  return bytes;
}

// -1: nobody can take it.
std::int32_t Simulation::choose(std::int32_t s, std::int32_t box, std::int32_t item) {
  ServiceState& of = service(s);
  if (rules_at(s).single_active) {  // Q16: the first that has come, in a quorum queue of the highest priority
    std::int32_t first = -1;
    const bool ranks = rules_.nodes == Nodes::majority;
    const auto standing = [&](std::int32_t r) { return std::pair(ranks ? -reader(r).spec.priority : 0, reader(r).joined_at); };
    const auto is_there = [&](std::int32_t r) { return reader(r).present && !(reader(r).crashed && reader(r).noticed); };
    for (const std::int32_t r : of.readers)
      if (is_there(r) && (first < 0 || standing(r) < standing(first))) first = r;
    if (first < 0 || !can_take(reader(first), box)) return -1;
    // Another that was served before settles first what it has.
    const auto has_some = [&](std::int32_t r) {
      const Reader& it = reader(r);
      const auto unsettled = [](const Delivery& each) { return !each.acked; };
      return r != first && is_there(r) && (!it.unacked.empty() || (it.busy && !it.current.acked) ||
                                           std::any_of(it.buffer.begin(), it.buffer.end(), unsettled));
    };
    return ranks && std::any_of(of.readers.begin(), of.readers.end(), has_some) ? -1 : first;
  }
  const std::int32_t last =
      of.queues[static_cast<std::size_t>(box)].mail.last_of(of.queues[static_cast<std::size_t>(box)].mail.item(item).key);
  if (rules_.order == LineOrder::key_held && last >= 0 && can_take(reader(last), box)) return last;
  // In turn, in the order of their coming; a higher priority first (Q6).
  std::int32_t best = -1;
  const auto standing = [&](std::int32_t r) {
    const std::pair came{reader(r).joined_at, r};
    return std::tuple(-reader(r).spec.priority, came <= of.served, came);
  };
  for (const std::int32_t r : of.readers)
    if (can_take(reader(r), box) && (best < 0 || standing(r) < standing(best))) best = r;
  return best;
}

bool Simulation::push(std::int32_t s, std::int32_t box) {
  bool moved = false;
  for (;;) {
    Queue& from = queue(s, box);
    if (from.down || from.leaderless_until > 0) return moved;
    expire_head(s, box);
    std::vector<bool> full(readers_.size(), true);
    for (const std::int32_t r : service(s).readers) full[static_cast<std::size_t>(r)] = !can_take(reader(r), box);
    std::int32_t to = -1;
    const std::int32_t item = from.mail.next(full, to);
    if (item < 0) return moved;
    if (to < 0) to = choose(s, box, item);
    if (to < 0) return moved;
    service(s).served = {reader(to).joined_at, to};
    hand_out(reader(to), box, item);
    moved = true;
  }
}

bool Simulation::pull(std::int32_t r) {
  Reader& it = reader(r);
  if (!it.works() || it.busy || !it.buffer.empty()) return false;
  if (receive_again(it)) return true;
  bool moved = false;
  std::int32_t line = -1;
  const std::int32_t every = it.spec.every;
  if (it.receives_to_lose > 0) it.spec.every = 1;  // what it does not hear of it does not acknowledge
  while (static_cast<std::int32_t>(it.buffer.size()) < it.spec.window) {
    Queue& from = queue(it.service, 0);
    if (from.down || (rules_.in_flight >= 0 && from.mail.out() >= rules_.in_flight)) break;  // S2
    std::int32_t item = -1;
    if (line != -1) item = from.mail.next_for(r, line);
    if (item < 0) item = rules_.fair ? from.mail.next_fair(now_) : from.mail.next_for(r);
    if (item < 0 || (rules_.look_ahead >= 0 && !from.mail.is_among_first(item, rules_.look_ahead))) break;  // S9
    moved = true;
    if (rules_.dead_when == DeadWhen::receives_would_exceed && from.mail.item(item).deliveries >= rules_.limit) {
      bury(it.service, 0, item, std::string(rules_.dead_why));
      continue;
    }
    if (rules_.order == LineOrder::group_locked) line = from.mail.item(item).key;
    hand_out(it, 0, item);
  }
  it.spec.every = every;
  if (it.receives_to_lose > 0 && !it.buffer.empty()) {
    --it.receives_to_lose;
    for (const Delivery& each : it.buffer) tell_of(it, FactKind::receive_lost, each.message);
    it.not_heard_of.assign(it.buffer.begin(), it.buffer.end());
    it.buffer.clear();
  }
  return moved;
}

void Simulation::hand_out(Reader& to, std::int32_t box, std::int32_t number) {
  const std::int32_t r = static_cast<std::int32_t>(&to - readers_.data());
  Mailbox& mail = queue(to.service, box).mail;
  mail.hand_out(number, r);
  Item& item = mail.item(number);
  item.handed_at = now_;
  if (rules_.returns_followers && item.key >= 0 && item.deliveries > 1) {  // P8
    followers_come_back(to.service, box, number);
    void_receipts_behind(mail, number);
  }
  Delivery delivery{box, number, item.message, item.receipt};
  tell_of(to, FactKind::delivered, item.message, item.deliveries,
          item.death < 0 ? "" : to_text(deaths_[static_cast<std::size_t>(item.death)]));
  if (to.spec.every == kAcksFirst) {
    delivery.acked = true;  // it keeps the copy that the store no longer has
    take_out(to.service, box, number, State::done);
    if (to.crashed) drop(to.service, delivery.message, "acknowledged before it was handled");
    else to.buffer.push_back(delivery);
    return;
  }
  to.buffer.push_back(delivery);
  const bool extends = rules_.extension > 0 && !rules_.pull;
  const Duration lease =
      extends ? std::min(std::max(rules_.lease, rules_.extension_step), std::max(rules_.lease, rules_.extension)) : rules_.lease;
  if (lease == kNever) return;
  lease_until(to.service, box, number, rules_.lease_closes_channel ? (now_ + lease + kMinute - 1) / kMinute * kMinute : now_ + lease);
}

void Simulation::lease_until(std::int32_t s, std::int32_t box, std::int32_t number, Time until) {
  Item& item = queue(s, box).mail.item(number);
  cancel(item.lease);
  item.lease_since = now_;
  item.lease_until = until;
  item.lease = at(until, {Kind::lease_end, s, box, number, item.receipt}, item.message);
}

// A lease is over, or is extended by the library.
void Simulation::lease_end(std::int32_t s, std::int32_t box, std::int32_t number, std::int32_t receipt) {
  Item& item = queue(s, box).mail.item(number);
  item.lease = -1;
  if (item.state != State::out || item.receipt != receipt) return;
  Reader& holder = reader(item.consumer);
  if (rules_.extension > 0 && holder.works()) {
    const auto held = [&](const Delivery& each) { return each.box == box && each.item == number && each.receipt == receipt; };
    const Duration left = item.handed_at + rules_.extension - now_;
    const bool in_hand = (holder.busy && held(holder.current)) || std::any_of(holder.buffer.begin(), holder.buffer.end(), held) ||
                         std::any_of(holder.unacked.begin(), holder.unacked.end(), held);
    if (in_hand && left > 0) {
      const Duration step = rules_.pull ? rules_.extension_step : std::max(rules_.lease, rules_.extension_step);
      return lease_until(s, box, number, now_ + std::min(left, step));
    }
  }
  if (rules_.lease_stops_consumer) holder.stopped = holder.works();
  if (rules_.lease_closes_channel) return connection_lost(item.consumer, true, true);
  notice(holder, "what it had is free again");
  come_back(s, box, number, rules_.lease_stops_consumer ? "its consumer took too long" : "its time is over", rules_.lease_counts,
            Back::to_place, rules_at(s).retry_on_failure);
}

// All that it had comes back, in the order of delivery (Q11).
void Simulation::connection_lost(std::int32_t r, bool counts, bool channel_alone) {
  Reader& it = reader(r);
  notice(it, "its connection is closed");
  watch_use(it.service);
  if (it.crashed) it.noticed = true;
  std::vector<Delivery> had = std::move(it.unacked);
  if (channel_alone && it.busy) had.push_back(it.current);
  had.insert(had.end(), it.buffer.begin(), it.buffer.end());
  it.unacked.clear();
  it.buffer.clear();
  if (rules_.keeps == Keeps::log) {
    for (std::size_t i = 0; i < slots_.size(); ++i)
      if (hold(it.service, static_cast<std::int32_t>(i)).owner == r) release_slot(it.service, static_cast<std::int32_t>(i));
    return;
  }
  if (!rules_.notices_closed_connection) return;
  for (const Delivery& each : had) {
    const auto number = static_cast<std::int32_t>(each.item);
    const Item& item = queue(it.service, each.box).mail.item(number);
    if (item.state != State::out || item.receipt != each.receipt || queue(it.service, each.box).down) continue;
    come_back(it.service, each.box, number, "the connection of its consumer is closed", counts, rules_.on_connection,
              counts && rules_at(it.service).retry_on_failure);
  }
}

void Simulation::come_back(std::int32_t s, std::int32_t box, std::int32_t number, const std::string& why, bool counts, Back back,
                           bool waits) {
  Mailbox& mail = queue(s, box).mail;
  Item& item = mail.item(number);
  cancel(item.lease);
  item.failures += counts;
  const Rules& rules = rules_at(s);
  const bool dead = (rules.dead_when == DeadWhen::failures_exceed && item.failures > rules.limit) ||
                    (rules.dead_when == DeadWhen::deliveries_reach && item.deliveries >= rules.limit);
  if (dead) return bury(s, box, number, std::string(rules.dead_why));
  Duration wait = 0;
  if (waits && rules.retry_min > 0) {
    wait = rules.retry_min;
    if (rules.retry_doubles)
      for (std::int32_t i = 1; i < item.deliveries && wait < rules.retry_max; ++i) wait *= 2;
    else wait *= std::max(1, item.deliveries);
    wait = std::min(wait, rules.retry_max);
  }
  tell(FactKind::returned, s, -1, item.message, 0, why);
  mail.put_back(number, back, wait > 0);
  if (wait > 0) at(now_ + wait, {Kind::available, s, box, number, item.receipt});
  if (rules_.returns_followers) followers_come_back(s, box, number);
  if (wait == 0) make_room(s, box);
}

// P8: what of this key was delivered after it is delivered again, acknowledged or not.
void Simulation::followers_come_back(std::int32_t s, std::int32_t box, std::int32_t number) {
  Mailbox& mail = queue(s, box).mail;
  const Item& first = mail.item(number);
  if (first.key < 0) return;
  for (std::size_t i = static_cast<std::size_t>(number) + 1; i < mail.items().size(); ++i) {
    const auto other = static_cast<std::int32_t>(i);
    Item& item = mail.item(other);
    if (item.key != first.key || item.deliveries == 0 || (item.state != State::out && item.state != State::done)) continue;
    const bool gone = item.state == State::done;
    cancel(item.lease);
    tell(FactKind::returned, s, -1, item.message, 0, "an earlier one of its key is delivered again");
    mail.put_back(other, Back::to_place, false);
    if (!gone) continue;
    gain(s, item.message);
    if (item.expires > now_ && item.expires != kNever) item.expiry = at(item.expires, {Kind::expire, s, box, other});
  }
}

// Away from where it is; its timers with it.
void Simulation::take_out(std::int32_t s, std::int32_t box, std::int32_t number, State state) {
  Mailbox& mail = queue(s, box).mail;
  cancel(mail.item(number).lease);
  cancel(mail.item(number).expiry);
  mail.leave(number, state);
}

// To the place for dead letters, if there is one; else it is dropped in silence.
void Simulation::bury(std::int32_t s, std::int32_t box, std::int32_t number, const std::string& why) {
  const Item item = queue(s, box).mail.item(number);
  take_out(s, box, number, State::dead);
  const Rules& rules = rules_at(s);
  const QueueArguments* route = rules.has_dead_place ? dead_letter_route(s) : nullptr;
  const bool stays = rules.has_dead_place && !rules.dead_unread && !route;
  if (stays) put_among_dead(s, item.message, why, rules.dead_keeps_age ? item.entered : now_);
  else if (!route || !publish_dead_letter(s, item, *route, why)) tell(FactKind::dropped, s, -1, item.message, 0, why);
  drop(s, item.message,
       why + (rules.dead_unread ? ", and nobody has subscribed to the dead-letter topic"
              : route           ? ", and no queue takes it from the exchange for dead letters"
                                : ", and there is no place for dead letters"));
}

void Simulation::put_among_dead(std::int32_t s, std::int32_t m, const std::string& why, Time since) {
  ServiceState& of = service(s);
  of.dead.push_back({m, of.buried++});
  ledger_.bury(s, m);
  tell(FactKind::dead_lettered, s, -1, m, 0, why);
  if (rules_.dead_retention != kNever)
    at(std::max(now_, since + rules_.dead_retention), {Kind::dead_expire, s, m, of.dead.back().number});
}

void Simulation::expire(std::int32_t s, std::int32_t box, std::int32_t number) {
  Item& item = queue(s, box).mail.item(number);
  item.expiry = -1;
  if (rules_.only_head_expires) return expire_head(s, box);
  if (!item.is_stored()) return;
  const std::int32_t m = item.message;
  take_out(s, box, number, State::gone);
  tell(FactKind::expired, s, -1, m, 0, "deleted in silence");
  drop(s, m, "too old");
}

// Q18: only what is next in turn is looked at.
void Simulation::expire_head(std::int32_t s, std::int32_t box) {
  if (!rules_.only_head_expires || queue(s, box).down) return;
  for (;;) {
    const std::int32_t head = queue(s, box).mail.head();
    if (head < 0 || queue(s, box).mail.item(head).expires > now_) return;
    const std::int32_t m = queue(s, box).mail.item(head).message;
    tell(FactKind::expired, s, -1, m, 0, "expired at the head of the queue");
    bury(s, box, head, "expired");
  }
}

}  // namespace nutshell::queues
