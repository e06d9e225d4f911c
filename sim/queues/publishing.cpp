// From the publisher to the stores.
#include <algorithm>

#include "sim/core/random.h"
#include "sim/queues/simulation.h"

namespace nutshell::queues {

// Whether the broker passes it on to this service. What a service asks for and the broker cannot, it gets all the same.
bool Simulation::gets(std::int32_t s, std::int32_t m) const {
  if (!service(s).exists || service(s).detached) return false;
  return broker_passes(rules_, row_, workload_, s, m);
}

void Simulation::do_faults_before(std::int32_t m) {
  for (const Fault& each : workload_.faults)
    if (each.before == m && each.kind != Fault::Kind::lose_answer) do_fault(each);
}

// Calls of the publisher in this second (S11): a call carries several messages, and no more bytes than a single one may have (S2). Or
// bytes in this second, of a key (P8) or of all (S17). Why it is refused; empty: it is not.
std::string Simulation::over_the_limit(std::int32_t m) {
  const std::int64_t second = now_ / kSecond;
  if (rules_.calls_a_second >= 0) {
    Calls& calls = calls_[{rules_.calls_per_key ? key_of(m) : -1, second}];
    const bool fits = calls.count > 0 && calls.messages < rules_.messages_a_call && calls.bytes + message(m).size <= rules_.max_size;
    if (!fits && calls.count == rules_.calls_a_second)
      return "throttled: more than " + std::to_string(rules_.calls_a_second) + " calls a second";
    if (!fits) calls = {calls.count + 1, 0, 0};
    ++calls.messages;
    calls.bytes += message(m).size;
  }
  if (rules_.all_bytes_a_second >= 0) {
    std::int64_t& sent = sent_[{-1, second}];
    if (sent + message(m).size > rules_.all_bytes_a_second)
      return "throttled: more than " + std::to_string(rules_.all_bytes_a_second / 1'000'000) + " MB a second come to the topic";
    sent += message(m).size;
  }
  if (rules_.key_bytes_a_second >= 0 && key_of(m) >= 0) {
    std::int64_t& sent = sent_[{key_of(m), second}];
    if (sent + message(m).size > rules_.key_bytes_a_second) return "more than a megabyte a second of one ordering key";
    sent += message(m).size;
  }
  return "";
}

// What no second try would help: S2, S13, I3, P8.
std::string Simulation::out_of_bounds(std::int32_t m) const {
  const Message& it = message(m);
  if (topic_deleted_) return "there is no such topic any more";
  if (rules_.max_size >= 0 && it.size > rules_.max_size) return "it is larger than " + std::to_string(rules_.max_size) + " bytes";
  if (has_no_segment(rules_, it)) return "no segment holds it (RECORD_LIST_TOO_LARGE)";
  if (rules_.max_key >= 0 && static_cast<std::int64_t>(it.key.size()) > rules_.max_key)
    return "its key is longer than " + std::to_string(rules_.max_key) + " bytes";
  return "";
}

// P10, I2: after a refusal the messages of its key wait until the publisher begins with it anew.
bool Simulation::waits_for_its_key(std::int32_t p) {
  const std::int32_t m = publications_[static_cast<std::size_t>(p)].message;
  const auto found = waiting_keys_.find(key_of(m));
  if (found == waiting_keys_.end()) return false;
  found->second.push_back(p);
  refuse(p, std::string(rules_.key_waits_why));
  return true;
}

bool Simulation::is_copy(std::int32_t m, bool again, std::string& why) {
  std::string identity;
  switch (rules_.identity) {
    case Identity::none: return false;
    case Identity::library: why = "the partition has this sequence already"; identity = again ? message(m).name : ""; break;
    case Identity::publishing_id: why = "its publishing id is known"; identity = message(m).name; break;
    case Identity::id_for_a_while: why = "its deduplication id is known"; identity = message(m).name; break;
    case Identity::body_for_a_while: why = "a body like this came within 5 min"; identity = message(m).body; break;
  }
  if (rules_.identity == Identity::library) return false;  // see resend()
  if (rules_.identity_per_key) identity = message(m).key + '\n' + identity;
  const auto [known, fresh] = remembered_.emplace(identity, now_);
  if (fresh) return false;
  if (rules_.remembers == kNever || now_ - known->second < rules_.remembers) return true;
  known->second = now_;
  return false;
}

void Simulation::publish(std::int32_t m, bool again) {
  const auto p = static_cast<std::int32_t>(publications_.size());
  publications_.push_back({m, now_});
  publications_.back().again = again;
  if (const std::string why = out_of_bounds(m); !why.empty()) return refuse(p, why, true);
  if (waits_for_its_key(p)) return;
  if (std::erase(to_refuse_, m) > 0) return refuse(p, "an error of the service");
  if (const std::string why = over_the_limit(m); !why.empty()) return refuse(p, why);
  std::string why;
  if (is_copy(m, again, why)) {
    tell(FactKind::copy_suppressed, -1, -1, m, 0, why);
    return confirm(p);
  }
  unconfirmed_.push_back(p);
  if (rules_.keeps == Keeps::log) route_to_log(p);
  else route_to_queues(p);
}

// A refused or unanswered one once more. With an identity of the library's own, what is stored is known as that.
void Simulation::resend(std::int32_t p) {
  const std::int32_t m = publications_[static_cast<std::size_t>(p)].message;
  if (const auto waiting = waiting_keys_.find(key_of(m)); waiting != waiting_keys_.end() && waiting->second.front() == p) {
    const std::vector<std::int32_t> all = std::move(waiting->second);
    waiting_keys_.erase(waiting);
    for (const std::int32_t each : all) publish(publications_[static_cast<std::size_t>(each)].message, true);
    return;
  }
  if (rules_.identity == Identity::library && publications_[static_cast<std::size_t>(p)].again) {
    for (const Slot& slot : slots_) {
      for (const Record& each : slot.records) {
        if (each.message != m) continue;
        tell(FactKind::copy_suppressed, -1, -1, m, 0, "the partition has this sequence already");
        return confirm(p);
      }
    }
  }
  publish(m, true);
}

void Simulation::route_to_queues(std::int32_t p) {
  const std::int32_t m = publications_[static_cast<std::size_t>(p)].message;
  std::vector<std::pair<std::int32_t, std::int32_t>> places;
  bool on_dead_node = false, full = false;
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const auto s = static_cast<std::int32_t>(i);
    if (!gets(s, m)) continue;
    const std::int32_t box = slot_of(rules_, message(m).key, static_cast<std::int32_t>(services_[i].queues.size()));
    const Queue& to = queue(s, box);
    if (to.down && now_ < to.leaderless_until) on_dead_node = true;
    if (to.down) continue;
    if (is_full(s, box, message(m).size)) {  // Q4: one queue that rejects is enough for a nack, and the others take it
      full = true;
      if (rules_at(s).rejected_is_dead) put_among_dead(s, m, "maxlen", now_);
    } else {
      places.emplace_back(s, box);
    }
  }
  if (on_dead_node) return refuse(p, "the node of the queue is gone");
  if (!snapshots_.empty()) arrivals_.emplace_back(m, now_);
  if (rules_.can_replay) {
    topic_.push_back(m);
    topic_times_.push_back(now_);
  }
  Publication& publication = publications_[static_cast<std::size_t>(p)];
  if (places.empty() && !full && rules_.alternate) return catch_unroutable(p);
  if (places.empty() && !full && rules_.mandatory) {
    ++system_.returned;
    std::erase(unconfirmed_, p);
    return tell(FactKind::message_returned, -1, -1, m, 0, "no queue takes it (mandatory)");
  }
  const bool shared = rules_.shares_copies && (!places.empty() || rules_.kept_for_replay > 0);
  if (!places.empty()) note_arrival(m);
  system_.copies += rules_.shares_copies ? shared : static_cast<std::int64_t>(places.size());
  publication.to_confirm = static_cast<std::int32_t>(places.size());
  if (full) refuse(p, "a queue is as long as it may be");
  for (const auto& [s, box] : places) {
    if (rules_.nodes == Nodes::majority) append_to(s, box, p);
    else if (rules_.pushes_to_queues) push_to_queue(s, m);
    else store(s, box, m);
  }
  if (full) return;
  if (rules_.nodes == Nodes::majority && !places.empty()) return;
  if (rules_.confirmation > 0) at(now_ + rules_.confirmation, {Kind::confirmed, p}, p);
  else confirm(p);
}

// Into the queue of the alternate exchange: not where it was to go, but it can be found there.
void Simulation::catch_unroutable(std::int32_t p) {
  const std::int32_t m = publications_[static_cast<std::size_t>(p)].message;
  ++system_.copies;
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const auto s = static_cast<std::int32_t>(i);
    if (!gets(s, m) || !services_[i].wants[static_cast<std::size_t>(m)]) continue;
    put_among_dead(s, m, "the alternate exchange has caught it", now_);
  }
  confirm(p);
}

// Whether a later one of its key has come before it.
void Simulation::note_arrival(std::int32_t m) {
  auto [newest, first] = newest_.emplace(key_of(m), m);
  if (!first && newest->second > m) ++system_.inversions;
  newest->second = std::max(newest->second, m);
}

// An item comes into the mailbox of a service.
void Simulation::store(std::int32_t s, std::int32_t box, std::int32_t m, std::int32_t death) {
  const Message& it = message(m);
  const Rules& rules = rules_at(s);
  Item item;
  item.death = death;
  item.message = m;
  item.key = key_of(m);
  item.size = it.size;
  item.entered = now_;
  if (rules.priorities > 0) item.priority = std::min(it.priority < 0 ? rules.plain_priority : it.priority, rules.priorities);
  Duration life = std::min(rules.retention, death < 0 ? it.expires_after : kNever);  // Q20: its own time is taken away
  if (life == 0) life = 1;  // Q18: who is free gets it at this moment, or nobody
  if (life != kNever) item.expires = now_ + life;
  if (rules_.delay > 0) item.state = Item::State::delayed;
  Queue& to = queue(s, box);
  const std::int32_t number = to.mail.add(item);
  gain(s, m);
  ++ledger_.tally(s).stored;
  if (life != kNever) to.mail.item(number).expiry = at(item.expires, {Kind::expire, s, box, number});
  if (rules_.delay > 0) at(now_ + rules_.delay, {Kind::available, s, box, number, 0});
  for (std::size_t node = 0; node < to.mirror_has.size(); ++node) {
    to.mirror_has[node].resize(to.mail.items().size(), false);
    to.mirror_has[node].back() = up_[node];
  }
  make_room(s, box);
  const auto nth = static_cast<std::uint64_t>(service(s).copies[static_cast<std::size_t>(m)]);
  const std::uint64_t whom = (static_cast<std::uint64_t>(s) << 32) | static_cast<std::uint32_t>(m);
  if (rules_.second_copy_ppm > 0 && nth == 1 && chance(draw(workload_.seed, Purpose::duplicate, whom, 0), rules_.second_copy_ppm))
    store(s, box, m);
}

// Q19: what is waiting counts. A quorum queue looks afterwards, and so takes one more.
bool Simulation::is_full(std::int32_t s, std::int32_t box, std::int32_t bytes) const {
  const Rules& rules = rules_at(s);
  const Mailbox& mail = service(s).queues[static_cast<std::size_t>(box)].mail;
  if (!rules.rejects_when_full) return false;
  const std::int32_t more = rules.overshoots ? 0 : 1, more_bytes = rules.overshoots ? 0 : bytes;
  return (rules.max_length >= 0 && mail.waiting() + more > rules.max_length) ||
         (rules.max_length_bytes >= 0 && mail.waiting_bytes() + more_bytes > rules.max_length_bytes);
}

// The oldest goes.
void Simulation::make_room(std::int32_t s, std::int32_t box) {
  const Rules& rules = rules_at(s);
  const Mailbox& mail = queue(s, box).mail;
  const auto too_much = [&] {
    return (rules.max_length >= 0 && mail.waiting() > rules.max_length) ||
           (rules.max_length_bytes >= 0 && mail.waiting_bytes() > rules.max_length_bytes);
  };
  while (!rules.rejects_when_full && too_much()) bury(s, box, mail.head(), "maxlen");
}

void Simulation::confirm_one(std::int32_t p) {
  Publication& publication = publications_[static_cast<std::size_t>(p)];
  if (--publication.to_confirm > 0) return;
  if (rules_.confirmation > 0) at(now_ + rules_.confirmation, {Kind::confirmed, p}, p);
  else confirm(p);
}

void Simulation::confirm(std::int32_t p) {
  Publication& publication = publications_[static_cast<std::size_t>(p)];
  const std::int32_t m = publication.message;
  const bool waited = std::erase(unconfirmed_, p) > 0;
  if (publication.confirmed || publication.refused || (!waited && rules_.confirmation > 0)) return;
  publication.confirmed = true;
  system_.accepted += now_ < kSecond;
  for (const Fault& each : workload_.faults) {
    if (each.kind != Fault::Kind::lose_answer || each.message != m || std::erase(answers_to_lose_, m) == 0) continue;
    tell(FactKind::answer_lost, -1, -1, m);
    publications_.push_back({m, now_});
    const auto next = static_cast<std::int32_t>(publications_.size() - 1);
    publications_.back().again = !each.by_application;
    if (!each.by_application && each.again_after > rules_.gives_up_after)
      return tell(FactKind::publisher_gave_up, -1, -1, m, 0, "delivery.timeout.ms is over");
    at(now_ + each.again_after, {Kind::resend, next});
    return;
  }
  system_.longest_wait = std::max(system_.longest_wait, now_ - publication.sent);
  ledger_.confirm(m);
  tell(FactKind::message_accepted, -1, -1, m);
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const auto s = static_cast<std::int32_t>(i);
    if (!gets(s, m) || !services_[i].wants[static_cast<std::size_t>(m)]) continue;
    ledger_.owe(s, m);
    if (ledger_.vanish(s, m, services_[i].copies[static_cast<std::size_t>(m)] > 0))
      tell(FactKind::lost, s, -1, m, 0,
           rules_.identity == Identity::body_for_a_while ? "it was taken for a copy" : "confirmed, and stored nowhere");
  }
}

// What a publisher takes for stored that does not hear, or does not look.
void Simulation::believe_stored(std::int32_t m, const std::string& why) {
  ledger_.confirm(m);
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const auto s = static_cast<std::int32_t>(i);
    if (!gets(s, m) || !services_[i].wants[static_cast<std::size_t>(m)]) continue;
    ledger_.owe(s, m);
    if (ledger_.vanish(s, m, services_[i].copies[static_cast<std::size_t>(m)] > 0)) tell(FactKind::lost, s, -1, m, 0, why);
  }
}

// `for_good`: it would be refused as often as it is sent.
void Simulation::refuse(std::int32_t p, const std::string& why, bool for_good) {
  Publication& publication = publications_[static_cast<std::size_t>(p)];
  const std::int32_t m = publication.message;
  std::erase(unconfirmed_, p);
  publication.refused = true;
  ++system_.refused;
  tell(FactKind::message_refused, -1, -1, m, 0, why);
  const bool library = rules_.nodes == Nodes::kafka && !for_good;  // that tries again by itself
  if (row_.on_refused == OnRefused::ignore || !rules_.confirms) {
    return believe_stored(m, rules_.confirms ? "the refusal was not looked at" : "nobody told the publisher");
  }
  if (for_good) return;
  const bool resends = row_.on_refused == OnRefused::resend || library;
  publication.again = resends;
  bool first = true;
  if (rules_.key_waits && key_of(m) >= 0 && (resends || rules_.order == LineOrder::key_held)) {
    std::vector<std::int32_t>& waiting = waiting_keys_[key_of(m)];
    first = waiting.empty();
    if (first) waiting.push_back(p);
  }
  if (resends && first) at(now_ + (library ? std::max<Duration>(rules_.backoff, kMillisecond) : row_.resend_after), {Kind::resend, p}, m);
}

}  // namespace nutshell::queues
