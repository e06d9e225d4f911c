#include "sim/queues/simulation.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/core/text.h"

namespace nutshell::queues {
namespace {

std::vector<std::int32_t> intern_keys(const Workload& workload, bool empty_is_one) {
  std::map<std::string, std::int32_t> known;
  std::vector<std::int32_t> keys;
  for (const Message& each : workload.messages) {
    const auto next = static_cast<std::int32_t>(known.size());
    keys.push_back(each.key.empty() && !empty_is_one ? -1 : known.emplace(each.key, next).first->second);
  }
  return keys;
}

// Most breaches that are worth telling.
constexpr std::size_t kMaxBreaches = 20;

}  // namespace

Simulation::Simulation(const Workload& workload, std::size_t row)
    : workload_(workload), row_(workload.rows[row]), rules_(rules_of(row_)), ledger_(workload.messages.size(), workload.services.size()) {
  for (std::size_t i = 0; i < row_.arguments.size(); ++i) queue_rules_.push_back(rules_of(row_, i));
  keys_ = intern_keys(workload_, row_.product == ProductId::sqs_fifo);
  set_up();
}

void Simulation::set_up() {
  const auto nodes = static_cast<std::size_t>(std::max(1, rules_.node_count));
  up_.assign(nodes, true);
  cut_.assign(nodes, false);
  down_since_.assign(nodes, 0);
  if (rules_.keeps == Keeps::log) slots_.resize(static_cast<std::size_t>(rules_.slots));
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    slots_[i].leader = static_cast<std::int32_t>(i % nodes);
    slots_[i].first_key = shard_begin(static_cast<std::int32_t>(i), rules_.slots);
    slots_[i].last_key = i + 1 < slots_.size() ? shard_begin(static_cast<std::int32_t>(i + 1), rules_.slots) - 1 : ~HashKey{0};
  }
  for (std::size_t i = 0; i < workload_.services.size(); ++i) set_up_service(static_cast<std::int32_t>(i));
  for (std::size_t i = 0; i < workload_.messages.size(); ++i) {
    const auto m = static_cast<std::int32_t>(i);
    at(workload_.messages[i].at, {Kind::publish, m}, m);
  }
  for (std::size_t i = 0; i < workload_.faults.size(); ++i) {
    const Fault& fault = workload_.faults[i];
    if (fault.kind == Fault::Kind::lose_answer) answers_to_lose_.push_back(fault.message);
    else if (fault.kind == Fault::Kind::refuse) to_refuse_.push_back(fault.message);
    else if (fault.before < 0) at(fault.at, {Kind::fault, static_cast<std::int32_t>(i)});
  }
  for (std::size_t i = 0; i < workload_.asks.size(); ++i) {
    const auto a = static_cast<std::int32_t>(i);
    if (workload_.asks[i].kind == Ask::Kind::snapshot) at(workload_.asks[i].since, {Kind::ask, a, 1});
    at(workload_.asks[i].at, {Kind::ask, a, 0});
  }
}

void Simulation::set_up_service(std::int32_t s) {
  ServiceState state;
  state.spec = workload_.services[static_cast<std::size_t>(s)];
  state.copies.assign(workload_.messages.size(), 0);
  for (const Message& each : workload_.messages) state.wants.push_back(matches(state.spec.filter, each));
  const auto nodes = static_cast<std::size_t>(std::max(1, rules_.node_count));
  if (rules_.keeps == Keeps::log) {
    state.holds.resize(slots_.size());
    for (Hold& each : state.holds) each.ready_at = 0;
  } else {
    for (std::int32_t i = 0; i < rules_.slots; ++i) {
      Queue queue{Mailbox(rules_.order, rules_.fair)};
      queue.node = 0;
      queue.logs.resize(nodes);
      queue.matched.assign(nodes, 0);
      queue.mirror_has.resize(nodes);
      queue.member_synced.assign(nodes, true);
      state.queues.push_back(std::move(queue));
    }
  }
  const std::size_t most = row_.consumers < 0 ? state.spec.consumers.size() : static_cast<std::size_t>(row_.consumers);
  for (std::size_t i = 0; i < std::min(most, state.spec.consumers.size()); ++i) {
    Reader reader;
    reader.service = s;
    reader.index = static_cast<std::int32_t>(i);
    reader.spec = state.spec.consumers[i];
    if (row_.every) reader.spec.every = *row_.every;
    if (row_.window) reader.spec.window = *row_.window;
    if (rules_.window_cap >= 0) reader.spec.window = std::min(reader.spec.window, rules_.window_cap);
    if (rules_.batch_tried_again) reader.spec.every = kAcksLast;
    const auto r = static_cast<std::int32_t>(readers_.size());
    readers_.push_back(reader);
    state.readers.push_back(r);
    at(std::max(reader.spec.from, state.spec.added_at), {Kind::joins, r});
    if (reader.spec.crash_at != kNever) at(reader.spec.crash_at, {Kind::crash, r});
    if (reader.spec.to != kNever) at(reader.spec.to, {Kind::leaves, r});
  }
  state.exists = state.spec.added_at == 0;
  services_.push_back(std::move(state));
  if (!services_.back().exists) at(services_.back().spec.added_at, {Kind::added, s});
  else watch_use(s);
}

Simulation::Handle Simulation::at(Time time, Event event, std::int32_t number) {
  if (time >= kNever) return -1;
  const std::uint64_t order = (static_cast<std::uint64_t>(event.kind) << 56) |
                              (static_cast<std::uint64_t>(static_cast<std::uint32_t>(number) & 0xffffff) << 32) | sequence_++;
  return events_.schedule(std::max(time, now_), order, event);  // what should have been is now
}

void Simulation::cancel(std::int32_t& handle) {
  if (handle >= 0) events_.cancel(handle);
  handle = -1;
}

void Simulation::run() {
  while (step()) {}
}

bool Simulation::step() {
  if (finished_) return false;
  if (steps_ == kMaxSteps || events_.empty() || events_.next_time() > workload_.until) {
    if (steps_ < kMaxSteps) now_ = workload_.until;
    finished_ = true;
    finish();
    return false;
  }
  now_ = events_.next_time();
  while (!events_.empty() && events_.next_time() == now_ && steps_ < kMaxSteps) {
    handle(events_.pop().payload);
    ++steps_;
    check();
  }
  if (now_ < workload_.until) dispatch();
  return true;
}

void Simulation::handle(const Event& event) {
  switch (event.kind) {
    case Kind::completed: return complete(event.a);
    case Kind::crash: return crash(event.a);
    case Kind::leaves: return leave(event.a);
    case Kind::session_end: return member_gone(event.a, "its session has timed out");
    case Kind::poll_end:
      if (reader(event.a).works() && reader(event.a).member && reader(event.a).polls == event.b) {
        reader(event.a).poll_timer = -1;
        member_gone(event.a, "it has not polled for max.poll.interval.ms, and leaves");
      }
      return;
    case Kind::joins: return join(event.a);
    case Kind::added: return add_service(event.a);
    case Kind::look: return;  // somebody may read on: dispatch() sees to it
    case Kind::hears:
      if (event.b == 1 && reader(event.a).works() && reader(event.a).member) begin_rebalance(reader(event.a).service);
      reader(event.a).hears = service(reader(event.a).service).rebalancing;
      return;
    case Kind::scan: return scan(event.a);
    case Kind::child_ready: hold(event.a, event.b).ready_at = now_; return;
    case Kind::sweep:
      slot(event.a).sweep = -1;
      return sweep(event.a);
    case Kind::fault: return do_fault(workload_.faults[static_cast<std::size_t>(event.a)]);
    case Kind::publish:
      do_faults_before(event.a);
      return publish(event.a, false);
    case Kind::resend: return resend(event.a);
    case Kind::ask:
      if (event.b == 1) return take_snapshot(event.a);
      if (workload_.asks[static_cast<std::size_t>(event.a)].kind == Ask::Kind::snapshot) return restore_snapshot(event.a);
      return ask(workload_.asks[static_cast<std::size_t>(event.a)]);
    case Kind::arrive: return event.c < 0 ? arrive(event.a, event.b) : move_back(event.a, event.c);
    case Kind::unused: return look_whether_used(event.a);
    case Kind::divide:
      if (slot(event.a).open) split(event.a);
      return;
    default: return handle_delivery(event);
  }
}

void Simulation::handle_delivery(const Event& event) {
  switch (event.kind) {
    case Kind::connection_lost: return connection_lost(event.a, event.b != 0);
    case Kind::lease_end: return lease_end(event.a, event.b, event.c, event.d);
    case Kind::expire: return expire(event.a, event.b, event.c);
    case Kind::dead_expire:
      if (std::erase_if(service(event.a).dead, [&](const DeadLetter& each) { return each.number == event.c; }) == 0) return;
      ledger_.unbury(event.a, event.b);
      tell(FactKind::expired, event.a, -1, event.b, 0, "deleted from the dead-letter place");
      if (ledger_.vanish(event.a, event.b, service(event.a).copies[static_cast<std::size_t>(event.b)] > 0))
        tell(FactKind::lost, event.a, -1, event.b, 0, "its dead letter is gone");
      return;
    case Kind::available: {
      Item& item = queue(event.a, event.b).mail.item(event.c);
      if (item.state == Item::State::delayed && item.receipt == event.d) queue(event.a, event.b).mail.make_available(event.c);
      return;
    }
    case Kind::replicated:
      if (rules_.keeps == Keeps::mailbox) return replicate(event.a, event.b, event.c, static_cast<std::size_t>(event.d));
      return show(event.a);
    case Kind::confirmed: return confirm(event.a);
    case Kind::node_noticed: return fence(event.a);
    case Kind::elected: return elect(event.a, event.b);
    default: NUTSHELL_REQUIRE(false);
  }
}

void Simulation::tell(FactKind kind, std::int32_t s, std::int32_t consumer, std::int32_t m, std::int64_t number, std::string why) {
  facts_.push_back({now_, kind, s, consumer, m, number, std::move(why)});
}

void Simulation::tell_of(const Reader& reader, FactKind kind, std::int32_t m, std::int64_t number, std::string why) {
  tell(kind, reader.service, reader.index, m, number, std::move(why));
}

// A copy is in the service's store.
void Simulation::gain(std::int32_t s, std::int32_t m) {
  ++service(s).copies[static_cast<std::size_t>(m)];
  if (service(s).wants[static_cast<std::size_t>(m)]) ledger_.owe(s, m);
  ledger_.find_again(s, m);
}

// A copy has left it, or whoever had it in hand: done with, or not.
void Simulation::drop(std::int32_t s, std::int32_t m, const std::string& why) {
  std::int32_t& copies = service(s).copies[static_cast<std::size_t>(m)];
  NUTSHELL_REQUIRE(copies > 0);
  --copies;
  if (!ledger_.vanish(s, m, copies > 0)) return;
  --ledger_.tally(s).stored;
  tell(FactKind::lost, s, -1, m, 0, why);
}

void Simulation::notice(Reader& reader, const std::string& how) {
  if (!reader.crashed || reader.noticed) return;
  reader.noticed = true;
  Duration& noticed = ledger_.tally(reader.service).noticed;
  if (noticed < 0) noticed = now_ - reader.crashed_at;
  tell_of(reader, FactKind::noticed, -1, 0, how);
}

// By message, walking through the stores: the second way to know what the ledger says.
std::vector<bool> Simulation::stored_in(std::int32_t s) const {
  std::vector<bool> stored(workload_.messages.size(), false);
  const ServiceState& state = service(s);
  const auto mark = [&](std::int32_t m) { stored[static_cast<std::size_t>(m)] = state.wants[static_cast<std::size_t>(m)]; };
  for (const Queue& each : state.queues)
    for (const Item& item : each.mail.items())
      if (item.is_stored()) mark(item.message);
  for (const std::int32_t m : state.on_the_way) mark(m);
  for (std::size_t i = 0; state.exists && i < slots_.size(); ++i)
    for (std::int64_t offset = std::max(slots_[i].start, state.holds[i].floor); offset < slots_[i].end(); ++offset)
      mark(slots_[i].at(offset).message);
  for (const std::int32_t r : state.readers) {
    const Reader& reader = readers_[static_cast<std::size_t>(r)];
    if (reader.crashed) continue;
    if (reader.busy && reader.current.acked) mark(reader.current.message);
    for (const Delivery& each : reader.buffer)
      if (each.acked) mark(each.message);
  }
  return stored;
}

void Simulation::check() {
  if (workload_.messages.size() > 5000 && !events_.empty()) return;  // each check looks at all messages
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const auto s = static_cast<std::int32_t>(i);
    const std::string breach = ledger_.breach(s, stored_in(s), services_[i].spec.name);
    if (!breach.empty() && breaches_.size() < kMaxBreaches) breaches_.push_back("at " + std::to_string(now_) + " ns, " + breach);
  }
}

void Simulation::finish() {
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const auto s = static_cast<std::int32_t>(i);
    const std::string breach = ledger_.breach(s, stored_in(s), services_[i].spec.name);
    if (!breach.empty()) breaches_.push_back("at the end, " + breach);
  }
  for (const Reader& each : readers_) {
    if (!each.present || each.crashed || each.begun > 0) continue;
    ++ledger_.tally(each.service).idle;
    tell_of(each, FactKind::idle, -1);
  }
  for (std::size_t i = 0; i < workload_.messages.size(); ++i) system_.confirmed += ledger_.is_confirmed(static_cast<std::int32_t>(i));
}

std::vector<std::string> Simulation::notes() const {
  std::vector<std::string> notes;
  if (steps_ == kMaxSteps)
    notes.push_back("the run was cut off at " + format_time(now_) + ", after " + std::to_string(kMaxSteps) +
                    " events: end it sooner with \"until\"");
  std::int64_t without_segment = 0, largest = 0;
  for (const Message& each : workload_.messages) {
    if (!has_no_segment(rules_, each)) continue;
    ++without_segment;
    largest = std::max(largest, each.size + rules_.batch_overhead);
  }
  if (without_segment > 0)
    notes.push_back(std::to_string(without_segment) + " of " + std::to_string(workload_.messages.size()) +
                    " messages are refused with RECORD_LIST_TOO_LARGE, because no segment of " + std::to_string(rules_.segment_bytes) +
                    " bytes holds them with their batch: set segment.bytes to at least " + std::to_string(largest));
  for (const Fact& each : facts_) {
    const bool worth = each.kind == FactKind::fault_impossible || each.kind == FactKind::replay_impossible;
    if (worth && std::find(notes.begin(), notes.end(), each.why) == notes.end()) notes.push_back(each.why);
  }
  return notes;
}

std::vector<std::string> disappointments(const Outcome& outcome, const Workload& workload) {
  std::vector<std::string> all;
  for (const Expectation& each : outcome.row.expect) {
    const auto s = static_cast<std::size_t>(each.service);
    const Figure* figure = find_figure(each.figure);
    const std::int64_t value = outcome.services[s].*figure->value;
    const bool time = each.figure == "last" || each.figure == "noticed";
    if (value == each.value) continue;
    const auto text = [&](std::int64_t number) { return time ? format_duration(number) : std::to_string(number); };
    all.push_back(each.figure + " of " + workload.services[s].name + " is " + text(value) + ", and " + text(each.value) + " was expected");
  }
  return all;
}

std::uint64_t Simulation::digest() const { return digest_of(facts_); }

Outcome Simulation::outcome(bool with_facts) const {
  Outcome all{row_, {}, system_, notes(), breaches_, digest(), {}};
  for (std::size_t i = 0; i < services_.size(); ++i) all.services.push_back(tally(i));
  if (with_facts) all.facts = facts_;
  return all;
}

}  // namespace nutshell::queues
