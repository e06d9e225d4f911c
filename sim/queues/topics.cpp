// What befalls a topic and its subscriptions: queues that it cannot reach, subscriptions that are taken away or forgotten,
// snapshots, dead letters that go back, and answers to receives that are lost.
#include <algorithm>

#include "sim/core/require.h"
#include "sim/queues/simulation.h"

namespace nutshell::queues {
namespace {

// S14: the waits between SNS's tries to reach a queue: three at once, two after a second each, ten that back off from 1 s to
// 20 s, and 100,000 every 20 s.
Duration wait_before_try(std::int32_t nth) {
  if (nth <= 3) return 0;
  if (nth <= 5) return kSecond;
  return std::min<Duration>(20, Duration{1} << std::min(nth - 6, 5)) * kSecond;
}
constexpr std::int32_t kTries = 3 + 2 + 10 + 100'000;

}  // namespace

// A topic pushes into the queue of the service, if it gets there.
void Simulation::push_to_queue(std::int32_t s, std::int32_t m) {
  ServiceState& of = service(s);
  const auto before = key_of(m) < 0 ? of.key_arrives.end() : of.key_arrives.find(key_of(m));
  const bool behind = before != of.key_arrives.end() && before->second > now_;
  if (of.never_reached) {
    tell(FactKind::not_reached, s, -1, m, 0, "an error of the client's, after which nothing is tried again");
    if (rules_.dead_if_not_reached) put_among_dead(s, m, "its queue could not be reached", now_);
    return;
  }
  if (now_ >= of.reached_again && !behind) return store(s, 0, m);
  gain(s, m);
  ++ledger_.tally(s).stored;
  of.on_the_way.push_back(m);
  Time then = now_;
  std::int32_t nth = 1;
  for (; nth <= kTries && then < of.reached_again; ++nth) then += wait_before_try(nth);
  tell(FactKind::not_reached, s, -1, m, 0, "its queue does not answer, and the topic tries again");
  if (behind) then = std::max(then, before->second);
  if (rules_.order == LineOrder::group_locked && key_of(m) >= 0) of.key_arrives[key_of(m)] = then;
  at(then, {Kind::arrive, s, m}, m);
}

// The last of the tries.
void Simulation::arrive(std::int32_t s, std::int32_t m) {
  ServiceState& of = service(s);
  of.on_the_way.erase(std::find(of.on_the_way.begin(), of.on_the_way.end(), m));
  if (!of.never_reached && now_ >= of.reached_again) {
    --ledger_.tally(s).stored;
    store(s, 0, m);
  } else if (rules_.dead_if_not_reached) put_among_dead(s, m, "its queue could not be reached", now_);
  drop(s, m, "its queue could not be reached, and the subscription has no dead-letter queue");
}

void Simulation::make_unreachable(const Fault& fault) {
  if (!rules_.pushes_to_queues)
    return tell(FactKind::fault_impossible, -1, -1, -1, 0, "nothing is pushed to a queue elsewhere: whoever reads comes to the store");
  ServiceState& of = service(fault.service);
  of.never_reached = of.never_reached || fault.for_good;
  if (!fault.for_good) of.reached_again = fault.lasts == kNever ? kNever : std::max(of.reached_again, now_ + fault.lasts);
}

// P16.
void Simulation::detach(std::int32_t s) {
  if (rules_.keeps == Keeps::log || rules_.product == ProductId::kafka_share)
    return tell(FactKind::fault_impossible, -1, -1, -1, 0, "a reader of a log is attached to nothing: it stops reading");
  ServiceState& of = service(s);
  if (of.detached || !of.exists) return;
  of.detached = true;
  const bool with_backlog = rules_.shares_copies;
  tell(FactKind::detached, s, -1, -1, 0, with_backlog ? "detached, and its backlog dropped" : "its queue keeps what it has");
  of.deleted = with_backlog;
  if (with_backlog) delete_store(s, "the subscription was detached");
}

void Simulation::delete_topic() {
  if (topic_deleted_) return;
  topic_deleted_ = true;
  const bool is_log = rules_.keeps == Keeps::log, share = rules_.product == ProductId::kafka_share;
  tell(FactKind::topic_deleted, -1, -1, -1, 0,
       is_log || share       ? "its records are gone"
       : rules_.shares_copies ? "subscriptions keep what they have, and their topic is _deleted-topic_"
                              : "queues keep what they have");
  for (std::size_t i = 0; share && i < services_.size(); ++i) delete_store(static_cast<std::int32_t>(i), "its topic was deleted");
  topic_.clear();
  topic_times_.clear();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& it = slots_[i];
    const std::vector<std::int32_t> unanswered = unconfirmed_;
    for (const std::int32_t p : unanswered) refuse(p, "there is no such topic any more", true);
    for (std::size_t s = 0; s < services_.size(); ++s)
      if (services_[s].exists) move_floor(static_cast<std::int32_t>(s), static_cast<std::int32_t>(i), it.end(), "its topic was deleted");
    it.start = it.visible = it.end();
  }
  pending_.clear();
}

// Nobody has anything of it any more; what consumers have in hand they may bring to an end.
void Simulation::delete_store(std::int32_t s, const std::string& why) {
  for (std::size_t b = 0; b < service(s).queues.size(); ++b) {
    const auto box = static_cast<std::int32_t>(b);
    queue(s, box).expected.clear();
    for (std::size_t i = 0; i < queue(s, box).mail.items().size(); ++i) {
      const auto number = static_cast<std::int32_t>(i);
      const Item item = queue(s, box).mail.item(number);
      if (!item.is_stored()) continue;
      take_out(s, box, number, Item::State::gone);
      drop(s, item.message, why);
    }
  }
}

// Q18 (`x-expires`), P13: what nobody reads for so long is deleted, and nothing of it is a dead letter.
void Simulation::watch_use(std::int32_t s) {
  const Duration unused = rules_at(s).unused;
  if (unused == kNever) return;
  service(s).used = now_;
  at(now_ + unused, {Kind::unused, s});
}

void Simulation::look_whether_used(std::int32_t s) {
  ServiceState& of = service(s);
  const auto reads = [&](std::int32_t r) {
    return reader(r).works() || (reader(r).present && rules_.notices_closed_connection && !reader(r).noticed);
  };
  if (of.detached || now_ < of.used + rules_at(s).unused || std::any_of(of.readers.begin(), of.readers.end(), reads)) return;
  of.detached = of.deleted = true;
  tell(FactKind::detached, s, -1, -1, 0, "nobody has read from it for too long, and it is deleted");
  delete_store(s, "deleted with its queue, which nobody read from");
}

// S6: to where they came from, 500 a second, the oldest first, as new messages.
void Simulation::redrive(std::int32_t s) {
  constexpr std::int64_t kASecond = 500;
  if (!rules_.pushes_to_queues)
    return tell(FactKind::replay_impossible, s, -1, -1, 0, "dead letters are moved back by a program of one's own");
  tell(FactKind::redriven, s, -1, -1, static_cast<std::int64_t>(service(s).dead.size()));
  std::int64_t nth = 0;
  for (const DeadLetter& each : service(s).dead) at(now_ + nth++ * kSecond / kASecond, {Kind::arrive, s, each.message, each.number});
}

void Simulation::move_back(std::int32_t s, std::int32_t number) {
  std::vector<DeadLetter>& all = service(s).dead;
  const auto found = std::find_if(all.begin(), all.end(), [&](const DeadLetter& each) { return each.number == number; });
  if (found == all.end()) return;  // it has expired meanwhile
  const std::int32_t m = found->message;
  all.erase(found);
  store(s, 0, m);
  ledger_.unbury(s, m);
}

// P14: a snapshot holds what is not acknowledged, and all that comes later.
void Simulation::take_snapshot(std::int32_t number) {
  const std::int32_t s = workload_.asks[static_cast<std::size_t>(number)].service;
  std::vector<bool>& kept = snapshots_[number];
  kept.assign(workload_.messages.size(), false);
  for (const Queue& each : service(s).queues)
    for (const Item& item : each.mail.items())
      if (item.is_stored()) kept[static_cast<std::size_t>(item.message)] = true;
}

void Simulation::restore_snapshot(std::int32_t number) {
  constexpr Duration kLives = 7 * 24 * kHour;
  const Ask& ask = workload_.asks[static_cast<std::size_t>(number)];
  const std::int32_t s = ask.service;
  const auto no = [&](const std::string& why) { tell(FactKind::replay_impossible, s, -1, -1, 0, why); };
  if (!rules_.has_snapshots) return no(rules_.can_replay ? "it knows no snapshots: ask for a time" : std::string(rules_.no_replay));
  if (!service(s).exists || service(s).detached) return no("the subscription is not there");
  std::vector<bool>& kept = snapshots_[number];
  if (kept.empty()) return no("no snapshot had been taken");
  Time oldest = ask.since;
  for (std::size_t m = 0; m < kept.size(); ++m)
    if (kept[m]) oldest = std::min(oldest, message(static_cast<std::int32_t>(m)).at);
  const Duration lives = kLives - (ask.since - oldest);
  if (lives < kHour) return no("a snapshot that would live for less than an hour is refused");
  if (now_ - ask.since >= lives) return no("the snapshot has expired");
  for (std::size_t i = 0; i < arrivals_.size(); ++i)
    if (arrivals_[i].second >= ask.since) kept[static_cast<std::size_t>(arrivals_[i].first)] = true;
  Queue& from = queue(s, 0);
  std::int64_t again = 0;
  for (std::size_t i = 0; i < from.mail.items().size(); ++i) {
    const auto n = static_cast<std::int32_t>(i);
    const Item item = from.mail.item(n);
    if (!item.is_stored() || kept[static_cast<std::size_t>(item.message)]) continue;
    take_out(s, 0, n, Item::State::done);
    drop(s, item.message, "a seek passed over it");
  }
  for (std::size_t m = 0; m < kept.size(); ++m) {
    const auto number_of = static_cast<std::int32_t>(m);
    if (!kept[m] || service(s).copies[m] > 0 || !gets(s, number_of)) continue;
    store(s, 0, number_of);
    ++again;
  }
  ledger_.tally(s).again += again;
  tell(FactKind::replay_started, s, -1, -1, again);
}

void Simulation::lose_receive(const Fault& fault) {
  if (rules_.keeps == Keeps::log)
    return tell(FactKind::fault_impossible, -1, -1, -1, 0, "a read whose answer is lost is made again: reading has changed nothing");
  if (!rules_.pull)
    return tell(FactKind::fault_impossible, -1, -1, -1, 0, "nobody asks for messages here: what is lost on a connection is lost with it");
  for (const std::int32_t r : service(fault.service).readers)
    if (reader(r).index == fault.consumer) ++reader(r).receives_to_lose;
}

// S12: who asks a second time under the same ReceiveRequestAttemptId gets the same, with the same handles and all of the time.
bool Simulation::receive_again(Reader& it) {
  const std::vector<Delivery> same = std::move(it.not_heard_of);
  it.not_heard_of.clear();
  if (!rules_.knows_receives) return false;
  for (const Delivery& each : same) {
    const auto number = static_cast<std::int32_t>(each.item);
    const Item& item = queue(it.service, each.box).mail.item(number);
    if (item.state != Item::State::out || item.receipt != each.receipt) continue;
    it.buffer.push_back(each);
    tell_of(it, FactKind::delivered, each.message, item.deliveries);
    lease_until(it.service, each.box, number, now_ + rules_.lease);
  }
  return !it.buffer.empty();
}

}  // namespace nutshell::queues
