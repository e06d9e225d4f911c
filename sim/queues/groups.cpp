// Who reads which slot of a log: Kafka's groups, the leases of the Kinesis Client Library (I10), the single
// active consumer of a stream, and readers without any of that.
#include <algorithm>

#include "sim/queues/simulation.h"

namespace nutshell::queues {

bool Simulation::form_groups(std::int32_t s) {
  ServiceState& of = service(s);
  bool moved = false;
  for (const std::int32_t r : of.readers) {
    Reader& it = reader(r);
    if (!it.works() || it.busy || !it.buffer.empty()) continue;
    if (!it.member) {
      // It had been too slow, and finds out when it polls.
      begin_rebalance(s);
      it.unacked.clear();
      it.member = it.rejoined = moved = true;
    } else if (of.rebalancing && it.hears && !it.rejoined) {
      settle_all(it);
      for (std::size_t n = 0; rules_.eager && n < slots_.size(); ++n)
        if (hold(s, static_cast<std::int32_t>(n)).owner == r) release_slot(s, static_cast<std::int32_t>(n));
      it.rejoined = moved = true;
    }
  }
  return end_rebalance(s) || moved;
}

void Simulation::begin_rebalance(std::int32_t s) {
  ServiceState& of = service(s);
  if (of.rebalancing) return;
  of.rebalancing = true;
  for (const std::int32_t r : of.readers) {
    Reader& it = reader(r);
    it.rejoined = it.hears = false;
    if (!it.member || it.crashed) continue;
    const Duration beat = rules_.heartbeat;
    at(it.joined_at + (now_ - it.joined_at + beat - 1) / beat * beat, {Kind::hears, r});
  }
}

// When all members that are known have joined again, and there is one.
bool Simulation::end_rebalance(std::int32_t s) {
  ServiceState& of = service(s);
  if (!of.rebalancing) return false;
  std::vector<std::int32_t> members;
  for (const std::int32_t r : of.readers) {
    if (!reader(r).member) continue;
    if (!reader(r).rejoined) return false;
    members.push_back(r);
  }
  of.rebalancing = false;
  if (members.empty()) return false;
  of.formed = true;
  const std::vector<std::int32_t> owners = assignment(s, members);
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto n = static_cast<std::int32_t>(i);
    if (hold(s, n).owner == owners[i]) continue;
    release_slot(s, n);
    take_slot(s, n, owners[i]);
  }
  return true;
}

std::vector<std::int32_t> Simulation::assignment(std::int32_t s, const std::vector<std::int32_t>& members) const {
  const std::size_t slots = slots_.size(), count = members.size();
  std::vector<std::int32_t> owners(slots, -1);
  if (rules_.assignor == 1) {
    for (std::size_t i = 0; i < slots; ++i) owners[i] = members[i % count];
    return owners;
  }
  if (rules_.assignor == 0) {
    for (std::size_t i = 0, at_member = 0, left = 0; i < slots; ++i, --left) {
      if (i == 0) left = slots / count + (slots % count > 0);
      else if (left == 0) ++at_member, left = slots / count + (at_member < slots % count);
      owners[i] = members[at_member];
    }
    return owners;
  }
  // Who has a slot keeps it, up to a fair share.
  std::vector<std::size_t> has(count, 0);
  std::size_t larger = slots % count;
  for (std::size_t i = 0; i < slots; ++i) {
    const auto found = std::find(members.begin(), members.end(), service(s).holds[i].owner);
    if (found == members.end()) continue;
    const auto at_member = static_cast<std::size_t>(found - members.begin());
    const bool one_more = has[at_member] == slots / count && larger > 0;
    if (has[at_member] >= slots / count && !one_more) continue;
    larger -= one_more;
    ++has[at_member];
    owners[i] = *found;
  }
  for (std::int32_t& each : owners) {
    if (each >= 0) continue;
    const auto least = std::min_element(has.begin(), has.end());
    ++*least;
    each = members[static_cast<std::size_t>(least - has.begin())];
  }
  return owners;
}

void Simulation::member_gone(std::int32_t r, const std::string& how) {
  Reader& it = reader(r);
  if (!it.member) return;
  it.member = it.rejoined = false;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Hold& of = hold(it.service, static_cast<std::int32_t>(i));
    if (of.owner != r) continue;
    of.owner = -1;
    ++of.changes;
  }
  if (it.crashed) notice(it, how);
  else tell_of(it, FactKind::consumer_left, -1, 0, how);
  begin_rebalance(it.service);
}

// The first time, all that are there get their share; later, what is free goes to whoever has least.
bool Simulation::share_out(std::int32_t s) {
  ServiceState& of = service(s);
  std::vector<std::int32_t> workers;
  for (const std::int32_t r : of.readers)
    if (reader(r).works()) workers.push_back(r);
  if (workers.empty() || !of.exists) return false;
  bool moved = false;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto n = static_cast<std::int32_t>(i);
    if (hold(s, n).owner >= 0 || hold(s, n).ready_at > now_) continue;
    std::int32_t to = workers[i % workers.size()];
    const bool child = slot(n).parent >= 0, stream = rules_.failover == Failover::connection;
    if (of.formed && rules_.failover == Failover::leases && !child) continue;  // see scan()
    if (of.formed && (child || stream) && rules_.failover != Failover::none) {
      const auto slots_of = [&](std::int32_t r) {
        return std::count_if(of.holds.begin(), of.holds.end(), [&](const Hold& each) {
          const auto place = static_cast<std::size_t>(&each - of.holds.data());
          return each.owner == r && (slots_[place].open || each.floor < slots_[place].end());
        });
      };
      for (const std::int32_t r : workers)
        if (slots_of(r) < slots_of(to) || (slots_of(r) == slots_of(to) && r < to)) to = r;
    }
    take_slot(s, n, to);
    moved = true;
  }
  if (!of.formed) of.leader = workers.front();
  of.formed = true;
  return moved;
}

// How often the owner of a lease has renewed it.
std::int64_t Simulation::renewals(const Hold& of) const {
  if (of.owner < 0) return -1;
  const Reader& owner = readers_[static_cast<std::size_t>(of.owner)];
  const Time until = owner.crashed ? std::min(now_, owner.crashed_at) : now_;
  const Duration every = std::max<Duration>(1, rules_.lease_time / 3 - 25 * kMillisecond);
  return (until - of.leased_at) / every;
}

// A worker looks through the leases; what has stood still since it looked is free.
void Simulation::scan(std::int32_t r) {
  Reader& it = reader(r);
  if (!it.works()) return;
  at(now_ + 2 * (rules_.lease_time + 25 * kMillisecond), {Kind::scan, r});
  ServiceState& of = service(it.service);
  if (!of.formed) return;
  if (rules_.kcl == 3 && of.leader != r) {
    if (of.leader >= 0 && reader(of.leader).works()) return;
    if (it.leader_seen < 0) it.leader_seen = now_;
    if (now_ - it.leader_seen < 120 * kSecond) return;  // until its lock has lapsed
    of.leader = r;
  }
  std::vector<std::int32_t> free;
  std::map<std::int32_t, std::vector<std::int32_t>> leases;  // of workers that renew theirs
  leases[r];
  std::int32_t count = 0;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const auto n = static_cast<std::int32_t>(i);
    const Hold& each = hold(it.service, n);
    if (each.ready_at > now_ || (!slot(n).open && each.floor >= slot(n).end())) continue;
    ++count;
    const std::int64_t counter = renewals(each) + std::int64_t{each.changes} * 1'000'000'000;
    const auto [seen, first] = it.seen.emplace(n, Reader::Seen{counter, now_, false});
    if (!first && seen->second.counter != counter) seen->second = {counter, now_, true};
    const bool expired = each.owner != r && now_ - seen->second.since >= rules_.lease_time;
    if (each.owner < 0 || expired) free.push_back(n);
    else leases[each.owner].push_back(n);
  }
  if (rules_.kcl == 3)
    for (const std::int32_t other : of.readers)
      if (reader(other).works()) leases[other];
  const std::size_t target = (static_cast<std::size_t>(count) + leases.size() - 1) / leases.size();
  for (const std::int32_t n : free) {
    std::int32_t to = r;
    if (rules_.kcl == 3)
      for (const auto& [worker, has] : leases)
        if (has.size() < leases[to].size()) to = worker;
    if (rules_.kcl == 2 && leases[r].size() >= target) break;
    release_slot(it.service, n);
    take_slot(it.service, n, to);
    leases[to].push_back(n);
  }
  if (!free.empty()) return;
  std::int32_t fullest = r, emptiest = r;
  for (const auto& [worker, has] : leases) {
    if (has.size() > leases[fullest].size()) fullest = worker;
    if (has.size() < leases[emptiest].size()) emptiest = worker;
  }
  const std::int32_t to = rules_.kcl == 3 ? emptiest : r;
  if (leases[fullest].size() < leases[to].size() + 2) return;
  const std::int32_t stolen = leases[fullest].front();  // one at a time, and only from an owner that is seen to live
  if (!it.seen[stolen].moved) return;
  release_slot(it.service, stolen);
  take_slot(it.service, stolen, to);
}

}  // namespace nutshell::queues
