// Reading a log: from where, how far, and what a service can still get that comes later or asks again.
#include <algorithm>
#include <numeric>

#include "sim/queues/simulation.h"

namespace nutshell::queues {

// Readers in their order; where reads are refused, who has waited longest comes first, then who was refused most, so that
// everybody has to wait in turn.
std::vector<std::int32_t> Simulation::longest_unread_first() const {
  std::vector<std::int32_t> order(readers_.size());
  std::iota(order.begin(), order.end(), 0);
  if (rules_.read_idle > 0)
    std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
      const auto rank = [&](std::int32_t r) {
        const Reader& it = readers_[static_cast<std::size_t>(r)];
        return std::pair(it.last_read, -ledger_.tally(it.service).throttled);
      };
      return rank(a) < rank(b);
    });
  return order;
}

// I6: a record is there 70 ms after it was written, and two megabytes a second go to each service.
std::int64_t Simulation::readable_by_push(Hold& mine, const Slot& from) {
  constexpr Duration kPushDelay = 70 * kMillisecond;
  constexpr std::int64_t kPushedBytes = 2'000'000;
  if (mine.pushed_second != now_ / kSecond) mine.pushed_second = now_ / kSecond, mine.pushed_bytes = 0;
  std::int64_t until = std::max(mine.position, from.start);
  for (std::int64_t bytes = mine.pushed_bytes; until < from.visible && from.at(until).at + kPushDelay <= now_; ++until) {
    bytes += from.at(until).bytes;
    if (bytes > kPushedBytes && bytes > from.at(until).bytes) break;
  }
  for (std::int64_t offset = mine.position; offset < until; ++offset) mine.pushed_bytes += from.at(offset).bytes;
  if (until < from.visible) {
    const Time arrives = from.at(until).at + kPushDelay;
    at(arrives > now_ ? arrives : (now_ / kSecond + 1) * kSecond, {Kind::look});
  }
  return until;
}

// I3: up to where a reader may read a shard now. Who polls does so once in a while, and of all services together five times and
// two megabytes a second; a read brings 10,000 records or 10 MiB at most, and what was more than two megabytes is waited off.
std::int64_t Simulation::readable(std::int32_t r, std::int32_t n) {
  constexpr std::int64_t kReads = 5, kBytes = 2'000'000, kMostRecords = 10'000, kMostBytes = 10 << 20;
  Reader& it = reader(r);
  Hold& mine = hold(it.service, n);
  Slot& from = slot(n);
  if (rules_.pushed) return readable_by_push(mine, from);
  if (rules_.read_idle == 0) return from.visible;
  if (now_ < mine.next_read) return mine.position;
  mine.next_read = now_ + rules_.read_idle;
  at(mine.next_read, {Kind::look});
  if (from.read_second != now_ / kSecond) from.read_second = now_ / kSecond, from.reads_of_second = from.read_bytes_of_second = 0;
  if (from.reads_of_second == kReads || from.read_bytes_of_second >= kBytes || now_ < from.reads_refused_until) {
    ++ledger_.tally(it.service).throttled;
    tell_of(it, FactKind::read_refused, -1, n, "ProvisionedThroughputExceededException");
    return mine.position;
  }
  ++from.reads_of_second;
  it.last_read = now_;
  std::int64_t until = std::max(mine.position, from.start), bytes = 0;
  const std::int64_t most = std::min({from.visible, until + kMostRecords, until + it.spec.window});
  while (until < most && (bytes == 0 || bytes + from.at(until).bytes <= kMostBytes)) bytes += from.at(until++).bytes;
  from.read_bytes_of_second += bytes;
  if (bytes > kBytes) from.reads_refused_until = now_ + bytes * kSecond / kBytes;
  return until;
}

// A consumer that has nothing asks one of its slots for as many as its window. It stays with a slot while that has more;
// a worker of Kinesis gives each shard its turn.
bool Simulation::poll(std::int32_t r) {
  Reader& it = reader(r);
  if (!it.works() || it.busy || !it.buffer.empty()) return false;
  cancel(it.poll_timer);
  if (rules_.failover == Failover::group && (!it.member || (it.rejoined && service(it.service).rebalancing && rules_.eager))) return false;
  const auto count = static_cast<std::int32_t>(slots_.size());
  const std::int32_t first = rules_.product == ProductId::kinesis ? it.last_slot + 1 : std::max(it.last_slot, 0);
  for (std::int32_t i = 0; i < count; ++i) {
    const std::int32_t n = (first + i) % count;
    Hold& mine = hold(it.service, n);
    Slot& from = slot(n);
    if (mine.owner != r || mine.position < 0 || from.leaderless_until > 0) continue;
    if (mine.position < from.start) {
      if (rules_.reset == 2) continue;
      mine.position = rules_.reset == 0 && rules_.failover == Failover::group ? from.visible : from.start;
      move_floor(it.service, n, mine.position, "its position was out of range");
    }
    const std::int64_t until = readable(r, n);
    if (mine.position >= from.visible) {
      if (!from.open) shard_done(it.service, n);
      continue;
    }
    if (until <= mine.position) continue;
    const std::int64_t before = mine.position;
    while (mine.position < until && static_cast<std::int32_t>(it.buffer.size()) < it.spec.window) {
      it.buffer.push_back({n, mine.position, from.at(mine.position).message, mine.changes, 0, it.spec.every == kAcksFirst});
      tell_of(it, FactKind::delivered, it.buffer.back().message, 1);
      ++mine.position;
    }
    if (it.spec.every == kAcksFirst) {
      move_floor(it.service, n, before, "passed over");
      mine.committed = mine.floor = mine.position;  // whoever has them in hand keeps the copies
    }
    it.last_slot = n;
    ++it.polls;
    if (rules_.failover == Failover::group && rules_.poll_interval != kNever)
      it.poll_timer = at(now_ + rules_.poll_interval, {Kind::poll_end, r, it.polls});
    return true;
  }
  return false;
}

// Where a slot is read from that nobody has a position for.
std::int64_t Simulation::start_of(std::int32_t s, std::int32_t n, const Reader& it) {
  const Hold& of = hold(s, n);
  const Slot& from = slot(n);
  if (of.committed >= 0) return of.committed;
  if (from.parent >= 0) return from.start;
  if (rules_.reset == 2) return -1;
  if (rules_.reset == 1) return std::max(from.start, std::min(of.floor, from.visible));
  if (rules_.reset == 3) {
    std::int64_t at_chunk = from.visible;
    while (at_chunk > from.start && (at_chunk == from.visible || from.at(at_chunk - 1).chunk == from.at(at_chunk).chunk)) --at_chunk;
    return at_chunk;
  }
  const auto place = static_cast<std::size_t>(n);
  if (it.joined_at == now_) return place < it.ends_at_start.size() ? it.ends_at_start[place] : from.start;
  return from.visible;
}

void Simulation::take_slot(std::int32_t s, std::int32_t n, std::int32_t r) {
  Hold& of = hold(s, n);
  Reader& to = reader(r);
  for (const std::int32_t other : service(s).readers)
    if (reader(other).crashed) notice(reader(other), "what it read is read by another");
  of.owner = r;
  ++of.changes;
  of.leased_at = now_;
  of.position = start_of(s, n, to);
  if (of.position >= 0) move_floor(s, n, std::max(of.position, of.floor), "before the position where it starts");
  tell_of(to, FactKind::slot_taken_over, -1, n, rules_.product == ProductId::kinesis ? "shard" : "partition");
}

// Its owner forgets what it has of it and has not begun.
void Simulation::release_slot(std::int32_t s, std::int32_t n) {
  Hold& of = hold(s, n);
  if (of.owner < 0) return;
  Reader& from = reader(of.owner);
  of.owner = -1;
  ++of.changes;
  if (from.crashed) return;
  std::deque<Delivery> kept;
  for (const Delivery& each : from.buffer) {
    if (each.box != n) kept.push_back(each);
    else if (each.acked) drop(s, each.message, "acknowledged before it was handled");
  }
  from.buffer = std::move(kept);
}

// What is before is not this service's any more: handled, or not.
void Simulation::move_floor(std::int32_t s, std::int32_t n, std::int64_t to, const std::string& why) {
  Hold& of = hold(s, n);
  for (std::int64_t offset = std::max(of.floor, slot(n).start); offset < std::min(to, slot(n).end()); ++offset) {
    const std::int32_t m = slot(n).at(offset).message;
    of.floor = offset + 1;
    drop(s, m, why);
  }
  of.floor = std::max(of.floor, to);
}

void Simulation::commit(Reader& it, const Delivery& delivery) {
  Hold& of = hold(it.service, delivery.box);
  const auto r = static_cast<std::int32_t>(&it - readers_.data());
  if (of.owner != r || of.changes != delivery.receipt) {
    const char* why = rules_.failover == Failover::group ? "UNKNOWN_MEMBER_ID" : "it reads this no more";
    return tell_of(it, FactKind::late_ack_ignored, delivery.message, 0, why);
  }
  of.committed = std::max(of.committed, delivery.item + 1);
  tell_of(it, FactKind::acknowledged, delivery.message);
  move_floor(it.service, delivery.box, of.committed, "passed over without being handled");
}

// A closed shard is read to its end (I9, I11).
void Simulation::shard_done(std::int32_t s, std::int32_t n) {
  Hold& of = hold(s, n);
  if (of.owner >= 0) settle_all(reader(of.owner));
  if (of.floor < slot(n).end() && of.committed < slot(n).end()) return;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& child = slots_[i];
    const auto c = static_cast<std::int32_t>(i);
    if ((child.parent != n && child.other_parent != n) || hold(s, c).ready_at != kNever) continue;
    const auto done = [&](std::int32_t parent) { return parent < 0 || hold(s, parent).floor >= slot(parent).end(); };
    if (!done(child.parent) || !done(child.other_parent)) continue;
    hold(s, c).ready_at = kNever - 1;
    const Duration poll = rules_.parent_poll;
    at((now_ + poll - 1) / poll * poll, {Kind::child_ready, s, c});
  }
}

void Simulation::grow(std::int32_t for_message) {
  if (rules_.keeps == Keeps::mailbox) {
    if (service(0).queues.size() == 1 && rules_.slots == 1)
      return tell(FactKind::fault_impossible, -1, -1, -1, 0, "there is nothing that one could have more of");
    for (ServiceState& each : services_) {
      Queue more{Mailbox(rules_.order, rules_.fair)};
      more.node = 0;
      more.logs.resize(up_.size());
      more.matched.assign(up_.size(), 0);
      more.mirror_has.resize(up_.size());
      more.member_synced.assign(up_.size(), true);
      each.queues.push_back(std::move(more));
    }
    return tell(FactKind::grown, -1, -1, -1, static_cast<std::int64_t>(service(0).queues.size()), "queue");
  }
  const std::int32_t count = static_cast<std::int32_t>(slots_.size());
  if (rules_.product != ProductId::kinesis) {
    slots_.emplace_back().leader = count % static_cast<std::int32_t>(up_.size());
    for (ServiceState& each : services_) each.holds.emplace_back().ready_at = 0;
    for (std::size_t i = 0; i < services_.size(); ++i)
      if (rules_.failover == Failover::group && services_[i].formed) {
        for (const std::int32_t r : services_[i].readers)
          if (reader(r).works()) at(now_ + rules_.metadata_age, {Kind::hears, r, 1});
      }
    return tell(FactKind::grown, -1, -1, -1, count + 1, "partition");
  }
  split(shard_for(for_message));
}

// In the middle (I8).
void Simulation::split(std::int32_t parent) {
  const HashKey first = slot(parent).first_key, last = slot(parent).last_key;
  const HashKey middle = first + (last - first) / 2 + 1;
  slot(parent).open = false;
  add_shard(parent, -1, first, middle - 1);
  add_shard(parent, -1, middle, last);
  tell(FactKind::grown, -1, -1, -1, static_cast<std::int64_t>(slots_.size()), "shard");
}

// Two shards beside each other become one (I8): the one of the message's key, and the next.
void Simulation::shrink(std::int32_t for_message) {
  if (rules_.product != ProductId::kinesis)
    return tell(FactKind::fault_impossible, -1, -1, -1, 0,
                rules_.keeps == Keeps::log ? "partitions are not taken away" : "there is nothing that one could have less of");
  const std::int32_t one = shard_for(for_message);
  std::int32_t other = -1;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& each = slots_[i];
    const auto follows = [](const Slot& a, const Slot& b) { return b.first_key > 0 && a.last_key + 1 == b.first_key; };
    const bool beside = follows(slot(one), each) || follows(each, slot(one));
    const bool itself = static_cast<std::int32_t>(i) == one;
    if (!itself && each.open && beside && (other < 0 || each.first_key > slot(other).first_key)) other = static_cast<std::int32_t>(i);
  }
  if (other < 0) return tell(FactKind::fault_impossible, -1, -1, -1, 0, "there is only one shard");
  slot(one).open = slot(other).open = false;
  add_shard(one, other, std::min(slot(one).first_key, slot(other).first_key), std::max(slot(one).last_key, slot(other).last_key));
  tell(FactKind::grown, -1, -1, -1, static_cast<std::int64_t>(slots_.size()), "shard, of two that are merged,");
}

// The open one of the message's key; of the first key there is, if no message is in question.
std::int32_t Simulation::shard_for(std::int32_t m) const {
  const HashKey place = m < 0 ? 0 : hash_key(message(m).key.empty() ? message(m).name : message(m).key);
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].open && slots_[i].first_key <= place && place <= slots_[i].last_key) return static_cast<std::int32_t>(i);
  return 0;
}

void Simulation::add_shard(std::int32_t parent, std::int32_t other_parent, HashKey first, HashKey last) {
  Slot& it = slots_.emplace_back();
  it.parent = parent;
  it.other_parent = other_parent;
  it.leader = 0;
  it.first_key = first;
  it.last_key = last;
  for (ServiceState& each : services_) each.holds.emplace_back().ready_at = rules_.failover == Failover::none ? 0 : kNever;
}

// A service that comes later: from now on, or with the past where the product has kept one.
void Simulation::add_service(std::int32_t s) {
  ServiceState& it = service(s);
  it.exists = true;
  watch_use(s);
  Tally& tally = ledger_.tally(s);
  if (rules_.keeps == Keeps::log) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const auto n = static_cast<std::int32_t>(i);
      const bool earliest = rules_.reset == 1 || slot(n).parent >= 0;
      Hold& of = hold(s, n);
      of.floor = earliest ? slot(n).start : slot(n).visible;
      if (rules_.reset == 3) of.floor = start_of(s, n, Reader{});
      for (std::int64_t offset = of.floor; offset < slot(n).end(); ++offset) {
        const std::int32_t m = slot(n).at(offset).message;
        tally.late += it.wants[static_cast<std::size_t>(m)] && it.copies[static_cast<std::size_t>(m)] == 0;
        gain(s, m);
        ++tally.stored;
      }
    }
  } else if (it.spec.from_start) {
    if (rules_.kept_for_replay == 0) {
      const std::string why = rules_.can_replay ? "a subscription retains nothing from before it was there" : std::string(rules_.no_replay);
      return tell(FactKind::replay_impossible, s, -1, -1, 0, why);
    }
    const std::int64_t before = tally.confirmed;
    replay_mail(s, 0);
    tally.late = tally.confirmed - before;
    tally.again = 0;
  }
}

void Simulation::ask(const Ask& ask) {
  if (ask.kind == Ask::Kind::redrive) return redrive(ask.service);
  if (!service(ask.service).exists) return tell(FactKind::replay_impossible, ask.service, -1, -1, 0, "the service is not there yet");
  if (!rules_.can_replay) return tell(FactKind::replay_impossible, ask.service, -1, -1, 0, std::string(rules_.no_replay));
  if (rules_.keeps == Keeps::log) replay_log(ask.service, ask.since);
  else replay_mail(ask.service, ask.since);
}

// P14: published before, acknowledged; after, not: as far as it is still kept.
void Simulation::replay_mail(std::int32_t s, Time since) {
  std::int64_t again = 0;
  for (std::size_t b = 0; b < service(s).queues.size(); ++b) {
    const auto box = static_cast<std::int32_t>(b);
    for (std::size_t i = 0; i < queue(s, box).mail.items().size(); ++i) {
      const auto number = static_cast<std::int32_t>(i);
      const Item item = queue(s, box).mail.item(number);
      if (!item.is_stored() || item.entered >= since) continue;
      take_out(s, box, number, Item::State::done);
      drop(s, item.message, "a seek passed over it");
    }
  }
  for (std::size_t i = 0; i < topic_.size(); ++i) {
    const std::int32_t m = topic_[i];
    const Duration age = now_ - topic_times_[i];
    const bool own = age < rules_.retained_by_service && topic_times_[i] >= service(s).spec.added_at;
    const bool kept = topic_times_[i] >= since && (age < rules_.kept_for_replay || own);
    if (!kept || !gets(s, m) || service(s).copies[static_cast<std::size_t>(m)] > 0) continue;
    store(s, slot_of(rules_, message(m).key, static_cast<std::int32_t>(service(s).queues.size())), m);
    ++again;
  }
  ledger_.tally(s).again += again;
  tell(FactKind::replay_started, s, -1, -1, again);
}

// Positions go back to what was written since then. A timestamp finds the chunk that holds it.
void Simulation::replay_log(std::int32_t s, Time since) {
  std::int64_t again = 0;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto n = static_cast<std::int32_t>(i);
    Slot& from = slot(n);
    Hold& of = hold(s, n);
    std::int64_t to = from.start;
    while (to < from.visible && from.at(to).at < since) ++to;
    while (rules_.chunk > 1 && to > from.start && to < from.visible && from.at(to - 1).chunk == from.at(to).chunk) --to;
    const std::int64_t read = of.position >= 0 ? of.position : of.floor;
    if (of.owner >= 0) {
      Reader& owner = reader(of.owner);
      const std::int32_t r = of.owner;
      release_slot(s, n);
      of.owner = r;
      std::erase_if(owner.unacked, [&](const Delivery& each) { return each.box == n; });
    }
    move_floor(s, n, to, "a seek passed over it");
    for (std::int64_t offset = to; offset < of.floor; ++offset) gain(s, from.at(offset).message);
    of.floor = of.position = of.committed = to;
    again += std::max<std::int64_t>(0, read - to);
  }
  ledger_.tally(s).again += again;
  tell(FactKind::replay_started, s, -1, -1, again);
}

}  // namespace nutshell::queues
