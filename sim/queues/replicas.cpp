// The partitions of Kafka and of streams: which node leads them, who has a record, and how a publisher waits for that.
#include <algorithm>

#include "sim/queues/simulation.h"

namespace nutshell::queues {

bool Simulation::is_fenced(std::int32_t node) const {
  const auto n = static_cast<std::size_t>(node);
  return !up_[n] && (rules_.nodes != Nodes::kafka || now_ >= down_since_[n] + rules_.noticed_after);
}

std::int32_t Simulation::in_sync() const {
  std::int32_t count = 0;
  for (std::size_t node = 0; node < up_.size(); ++node) count += !is_fenced(static_cast<std::int32_t>(node));
  return count;
}

// I3, and I15: records that the library packs into one are one for the limit, and taken or refused as one.
bool Simulation::fits_into_second(Slot& where, std::int32_t bytes) {
  constexpr std::int64_t kBusy = 500'000;
  constexpr Duration kSplitAfter = 15 * kMinute;
  const bool room = where.bytes_of_second + bytes <= rules_.bytes_a_second;
  const bool packed = rules_.packed > 1 && where.packed_at == now_ && where.in_pack < rules_.packed && (room || !where.pack_taken);
  if (!packed) {
    where.packed_at = now_;
    where.in_pack = 0;
    where.pack_taken = room && where.records_of_second < rules_.records_a_second;
    where.records_of_second += where.pack_taken;
  }
  ++where.in_pack;
  if (where.pack_taken) where.bytes_of_second += bytes;
  if (rules_.splits_when_busy && !where.is_busy && where.bytes_of_second > kBusy) {
    where.is_busy = true;  // I16
    at(now_ + kSplitAfter, {Kind::divide, static_cast<std::int32_t>(&where - slots_.data())});
  }
  return where.pack_taken;
}

void Simulation::route_to_log(std::int32_t p) {
  Publication& publication = publications_[static_cast<std::size_t>(p)];
  const std::int32_t m = publication.message;
  const Message& it = message(m);
  std::int32_t to = it.key.empty() ? m % static_cast<std::int32_t>(slots_.size())
                                   : slot_of(rules_, it.key, static_cast<std::int32_t>(slots_.size()));
  if (rules_.product == ProductId::kinesis) to = shard_for(m);
  Slot& where = slot(to);
  if (rules_.nodes != Nodes::hidden && (where.leaderless_until > 0 || !up_[static_cast<std::size_t>(where.leader)])) {
    if (rules_.acks == 0) return confirm(p);
    pending_.push_back(p);
    return;
  }
  if (rules_.nodes == Nodes::kafka && rules_.acks == -1 && in_sync() < rules_.min_in_sync) {
    pending_.push_back(p);
    return plan_flush();
  }
  if (rules_.records_a_second >= 0) {
    if (where.second != now_ / kSecond) where.second = now_ / kSecond, where.records_of_second = where.bytes_of_second = 0;
    if (!fits_into_second(where, it.size)) return refuse(p, "ProvisionedThroughputExceededException");
  }
  Record record{m, now_, it.size, 0, 0, p};
  record.sequence = ++written_;  // I2
  if (!where.records.empty()) {
    const Record& last = where.records.back();
    const bool full = rules_.segment_bytes > 0 && where.segment_size + it.size > rules_.segment_bytes;
    record.segment = last.segment + full;
    if (full) where.segment_size = 0;
    where.in_chunk = where.in_chunk >= rules_.chunk ? 0 : where.in_chunk;
    record.chunk = last.chunk + (where.in_chunk == 0);
  }
  ++where.in_chunk;
  where.segment_size += it.size;
  where.records.push_back(record);
  ++system_.copies;
  note_arrival(m);
  for (std::size_t i = 0; i < services_.size(); ++i) {
    if (!services_[i].exists) continue;
    gain(static_cast<std::int32_t>(i), m);
    ++ledger_.tally(static_cast<std::int32_t>(i)).stored;
  }
  plan_sweep(to);
  if (rules_.acks == 1 || rules_.acks == 0) confirm(p);
  if (rules_.replication > 0) at(now_ + rules_.replication, {Kind::replicated, to});
  show(to);
}

// What all in sync have may be read, and is confirmed to whoever asked for all.
void Simulation::show(std::int32_t number) {
  bool all = true;  // that are in sync answer
  for (std::size_t node = 0; node < up_.size(); ++node) all = all && (up_[node] || is_fenced(static_cast<std::int32_t>(node)));
  if (slot(number).leaderless_until > 0 || (rules_.nodes != Nodes::hidden && !all)) return;
  std::int64_t& visible = slot(number).visible;
  while (visible < slot(number).end() && (in_sync() == 1 || slot(number).at(visible).at + rules_.replication <= now_)) {
    Record& record = slot(number).records[static_cast<std::size_t>(visible)];
    record.replicated = true;
    ++visible;
    if (rules_.acks == -1 && !publications_[static_cast<std::size_t>(record.publication)].confirmed) confirm_one(record.publication);
  }
}

// What only the lost leader had is gone; who was promised nothing yet sends it again.
void Simulation::lose_slot_leader(std::int32_t number) {
  Slot& it = slot(number);
  if (rules_.nodes == Nodes::kafka) {
    it.leaderless_until = now_ + rules_.noticed_after;
  } else {
    it.leaderless_until = now_ + election_time(-1, number, false);
    at(it.leaderless_until, {Kind::node_noticed, it.leader});
  }
  std::vector<std::int32_t> again;
  while (it.end() > it.visible && up_.size() > 1) {
    const Record last = it.records.back();
    it.records.pop_back();
    if (std::find(unconfirmed_.begin(), unconfirmed_.end(), last.publication) != unconfirmed_.end()) again.push_back(last.publication);
    for (std::size_t i = 0; i < services_.size(); ++i) {
      const auto s = static_cast<std::int32_t>(i);
      if (services_[i].exists && services_[i].copies[static_cast<std::size_t>(last.message)] > 0)
        drop(s, last.message, "only the lost leader had it");
    }
  }
  pending_.insert(pending_.end(), again.rbegin(), again.rend());
}

// It is known that the node is gone: its partitions get another leader, and nobody waits for it any more.
void Simulation::fence(std::int32_t node) {
  if (up_[static_cast<std::size_t>(node)]) return;
  const std::size_t alive = static_cast<std::size_t>(std::count(up_.begin(), up_.end(), true));
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& it = slots_[i];
    if (it.leader == node && alive > 0 && (rules_.nodes == Nodes::kafka || alive * 2 > up_.size())) {
      const auto n = static_cast<std::int32_t>(up_.size());
      while (!up_[static_cast<std::size_t>(it.leader)]) it.leader = (it.leader + 1) % n;
      it.leaderless_until = 0;
      tell(FactKind::leader_elected, -1, -1, -1, it.leader, "partition " + std::to_string(i));
    }
    show(static_cast<std::int32_t>(i));
  }
  if (rules_.nodes == Nodes::kafka) plan_flush();
  else flush_pending();
}

// When the library tries the oldest waiting record again; the others wait behind it, in order.
void Simulation::plan_flush() {
  if (pending_.empty() || flush_ >= 0) return;
  Time next = publications_[static_cast<std::size_t>(pending_.front())].sent;
  for (Duration wait = std::max<Duration>(rules_.backoff, 1); next <= now_;
       wait = std::min(wait * 2, std::max<Duration>(rules_.backoff_max, 1)))
    next += wait;
  flush_ = at(next, {Kind::elected, -1});
}

void Simulation::flush_pending() {
  const std::vector<std::int32_t> waiting = std::move(pending_);
  pending_.clear();
  for (const std::int32_t p : waiting) {
    const Publication& it = publications_[static_cast<std::size_t>(p)];
    if (rules_.gives_up_after != kNever && now_ - it.sent >= rules_.gives_up_after) {
      std::erase(unconfirmed_, p);
      tell(FactKind::publisher_gave_up, -1, -1, it.message, 0, "delivery.timeout.ms is over");
      continue;
    }
    route_to_log(p);
  }
}

// Whether what comes behind that is as much as may be kept already.
bool Simulation::is_too_big(const Slot& it, std::int64_t last) const {
  if (rules_.log_bytes < 0) return false;
  std::int64_t bytes = 0;
  for (std::int64_t offset = last + 1; offset < it.end(); ++offset) bytes += it.at(offset).bytes;
  return bytes >= rules_.log_bytes;
}

// Whole segments, or record by record; what a service had not read is lost to it.
void Simulation::sweep(std::int32_t number) {
  Slot& it = slot(number);
  const auto last_of_segment = [&](std::int64_t offset) {
    while (offset + 1 < it.end() && rules_.segment_bytes > 0 && it.at(offset + 1).segment == it.at(offset).segment) ++offset;
    return offset;
  };
  while (it.start < it.end()) {
    const std::int64_t last = last_of_segment(it.start);
    const bool too_old = rules_.sweep > 0 ? now_ - it.at(last).at > rules_.log_retention : now_ - it.at(last).at >= rules_.log_retention;
    if ((!too_old && !is_too_big(it, last)) || (rules_.last_segment_stays && last + 1 == it.end())) break;
    for (std::size_t i = 0; i < services_.size(); ++i)
      if (services_[i].exists) move_floor(static_cast<std::int32_t>(i), number, last + 1, "deleted by retention before it was read");
    it.start = last + 1;
  }
  it.visible = std::max(it.visible, it.start);
  plan_sweep(number);
}

void Simulation::plan_sweep(std::int32_t number) {
  Slot& it = slot(number);
  if (it.start == it.end()) return;
  Time when = rules_.log_retention == kNever ? kNever : std::max(now_, it.at(it.start).at + rules_.log_retention);
  if (rules_.log_bytes >= 0 && it.at(it.start).segment != it.records.back().segment) when = now_;
  if (when == kNever) return;
  if (rules_.sweep > 0) when = (when / rules_.sweep + 1) * rules_.sweep;
  if (when <= now_) when = now_ + std::max<Duration>(rules_.sweep, kSecond);
  if (rules_.last_segment_stays && it.at(it.start).segment == it.records.back().segment) return;
  if (it.sweep >= 0 && it.sweep_at <= when) return;
  cancel(it.sweep);
  it.sweep_at = when;
  it.sweep = at(when, {Kind::sweep, number});
}

}  // namespace nutshell::queues
