// What the run comes to: the same ledger as of the other products, told by what the nodes and clients did; and what Raft owes.
#include <algorithm>

#include "sim/rabbit/cluster.h"

namespace nutshell::rabbit {
namespace {

constexpr std::size_t kMaxBreaches = 20;

}  // namespace

void Cluster::breach(std::string text) {
  if (breaches_.size() < kMaxBreaches) breaches_.push_back("at " + std::to_string(fabric_.now) + " ns, " + std::move(text));
}

bool Cluster::gets(std::int32_t service, std::int32_t message) const {
  return commons_.exists[static_cast<std::size_t>(service)] &&
         queues::broker_passes(commons_.rules, commons_.row, commons_.workload, service, message);
}

void Cluster::observe(const Fact& fact) {
  digest_ = mix(digest_, static_cast<std::uint64_t>(fact.kind) << 32 | static_cast<std::uint32_t>(fact.message));
  digest_ = mix(digest_, static_cast<std::uint64_t>(fabric_.now) ^ fact.digest);
  tell_fact(fact);
  switch (fact.kind) {
    case FactKind::applied: return observe_applied(fact);
    case FactKind::leader_elected: {
      ++elections_;
      const auto [known, fresh] = leaders_.emplace(std::pair(fact.queue, fact.term), fact.node);
      if (!fresh && known->second != fact.node) breach("two nodes lead queue " + std::to_string(fact.queue) + " in one term");
      return;
    }
    case FactKind::published:
    case FactKind::confirmed:
    case FactKind::refused:
    case FactKind::returned:
    case FactKind::answer_lost:
    case FactKind::caught: return observe_publisher(fact);
    case FactKind::alone:
    case FactKind::apart: return splits_.push_back(fact);
    default: return observe_consumer(fact);
  }
}

// All members of a queue do the same, in the same order, and come to the same.
void Cluster::observe_applied(const Fact& fact) {
  Truth& truth = truths_[static_cast<std::size_t>(fact.queue)];
  std::uint64_t command = mix(digest_of(fact.command), static_cast<std::uint64_t>(fact.term));
  command = mix(command, static_cast<std::uint64_t>(fact.at));
  if (fact.index <= truth.applied) {
    const auto place = static_cast<std::size_t>(fact.index) - 1;
    if (truth.commands[place] != command || truth.digests[place] != fact.digest)
      breach("the members of queue " + std::to_string(fact.queue) + " differ at " + std::to_string(fact.index));
    return;
  }
  if (fact.index != truth.applied + 1) return breach("a member of queue " + std::to_string(fact.queue) + " has skipped something");
  std::vector<Effect> effects;
  truth.machine.apply(commons_.rules, fact.command, fact.at, effects);
  truth.applied = fact.index;
  truth.commands.push_back(command);
  truth.digests.push_back(truth.machine.digest());
  if (truth.digests.back() != fact.digest) breach("a member of queue " + std::to_string(fact.queue) + " has something of its own");
  for (const Effect& each : effects) {
    tell_effect(fact, each);
    observe_effect(fact, each);
  }
  if (fact.command.kind != CommandKind::down && fact.command.kind != CommandKind::node_down) return;
  for (std::size_t i = 0; i < consumers_.size(); ++i) {
    const Node& client = fabric_.nodes[static_cast<std::size_t>(commons_.nodes) + i];
    const NodeId id = static_cast<std::int32_t>(commons_.nodes) + static_cast<std::int32_t>(i);
    const bool named = fact.command.kind == CommandKind::down ? client_of(fact.command.channel) == id
                                                              : consumers_[i].spec.node == fact.command.node;
    Duration& noticed = ledger_.tally(consumers_[i].service).noticed;
    if (!named || client.status != NodeStatus::down || crashed_at_[i] < 0 || noticed >= 0) continue;
    noticed = whole() - crashed_at_[i];
    tell(queues::FactKind::noticed, consumers_[i].service, consumers_[i].index, -1, 0,
         noticed == 0 ? "its connection is closed" : "its heartbeats are missed");
  }
}

void Cluster::observe_effect(const Fact& fact, const Effect& effect) {
  const std::int32_t service = service_of(fact.queue), m = effect.message;
  switch (effect.kind) {
    case EffectKind::stored: {
      ++system_.copies;
      ++ledger_.tally(service).stored;
      std::int32_t first = 0;
      while (first < service && !gets(first, m)) ++first;
      if (first == service) {
        auto [newest, fresh] = newest_.emplace(key_of(m), m);
        if (!fresh && newest->second > m) ++system_.inversions;
        newest->second = std::max(newest->second, m);
      }
      return gain(service, m);
    }
    case EffectKind::deliver:
      if (effect.no_ack) carried_[{effect.channel, fact.queue, effect.tag}] = m;
      if (effect.no_ack && fabric_.nodes[static_cast<std::size_t>(client_of(effect.channel))].status != NodeStatus::running)
        drop_carried(effect.channel, fact.queue, effect.tag);
      return;
    case EffectKind::dead_lettered: ledger_.bury(service, m); return drop(service, m);
    case EffectKind::settled:
    case EffectKind::dropped: return drop(service, m);
    default: return;
  }
}

void Cluster::observe_consumer(const Fact& fact) {
  queues::Tally& tally = ledger_.tally(fact.service);
  const std::int32_t m = fact.message;
  switch (fact.kind) {
    case FactKind::begun:
      if (fact.tries == 1) {
        ++tally.delivered;
        ++tally.wanted;
      }
      return ledger_.begin(fact.service, m, key_of(m));
    case FactKind::handled:
      ledger_.end(fact.service, m, key_of(m));
      ledger_.succeed(fact.service, m, key_of(m), whole());
      if (fact.acked) drop_carried(fact.channel, fact.queue, fact.tag);
      return;
    case FactKind::failed: return ledger_.end(fact.service, m, key_of(m));
    case FactKind::thrown_away:
      if (!wants(fact.service, m)) {
        ++tally.delivered;
        ++tally.discarded;
      }
      if (fact.acked) drop_carried(fact.channel, fact.queue, fact.tag);
      return;
    case FactKind::cut_off:
      ledger_.end(fact.service, m, key_of(m));
      if (fact.acked) drop_carried(fact.channel, fact.queue, fact.tag);
      return;
    case FactKind::buried:
      ledger_.bury(fact.service, m);
      if (fact.acked) drop_carried(fact.channel, fact.queue, fact.tag);
      return;
    default: {  // consumer_gone: what it had been sent is in no hands any more
      std::vector<std::tuple<ChannelId, std::int32_t, std::int32_t>> gone;
      for (const auto& [place, message] : carried_)
        if (client_of(std::get<0>(place)) == fact.node) gone.push_back(place);
      for (const auto& [channel, queue, tag] : gone) drop_carried(channel, queue, tag);
    }
  }
}

void Cluster::observe_publisher(const Fact& fact) {
  switch (fact.kind) {
    case FactKind::confirmed:
      system_.accepted += fabric_.now < kSecond;
      system_.longest_wait = std::max(system_.longest_wait, (fabric_.now - fact.at) / kMicrosecond * kMicrosecond);
      return accept(fact.message, fact.at);
    case FactKind::refused:
      ++system_.refused;
      if (commons_.row.on_refused == queues::OnRefused::ignore) accept(fact.message, fact.at);
      return;
    case FactKind::returned: ++system_.returned; return;
    case FactKind::caught:
      ++system_.copies;
      for (std::size_t i = 0; i < copies_.size(); ++i) {
        const auto service = static_cast<std::int32_t>(i);
        if (gets(service, fact.message) && wants(service, fact.message)) ledger_.bury(service, fact.message);
      }
      return;
    default: return;
  }
}

void Cluster::accept(std::int32_t m, Time) {
  ledger_.confirm(m);
  for (std::size_t i = 0; i < copies_.size(); ++i) {
    const auto service = static_cast<std::int32_t>(i);
    if (!gets(service, m) || !wants(service, m)) continue;
    ledger_.owe(service, m);
    ledger_.vanish(service, m, copies_[i][static_cast<std::size_t>(m)] > 0);
  }
}

void Cluster::gain(std::int32_t service, std::int32_t m) {
  ++copies_[static_cast<std::size_t>(service)][static_cast<std::size_t>(m)];
  if (wants(service, m)) ledger_.owe(service, m);
  ledger_.find_again(service, m);
}

void Cluster::drop(std::int32_t service, std::int32_t m) {
  std::int32_t& copies = copies_[static_cast<std::size_t>(service)][static_cast<std::size_t>(m)];
  if (--copies < 0) breach("message " + std::to_string(m) + " has left more often than it came");
  if (ledger_.vanish(service, m, copies > 0)) --ledger_.tally(service).stored;
}

void Cluster::drop_carried(ChannelId channel, std::int32_t queue, std::int32_t tag) {
  const auto found = carried_.find({channel, queue, tag});
  if (found == carried_.end()) return;
  const std::int32_t m = found->second;
  carried_.erase(found);
  const std::int32_t service = service_of(queue);
  drop(service, m);
  // It may go before its publisher has heard of it.
  const bool in_vain = !ledger_.is_confirmed(m) && !ledger_.is_done(service, m) && !ledger_.is_dead(service, m);
  if (in_vain && copies_[static_cast<std::size_t>(service)][static_cast<std::size_t>(m)] == 0) --ledger_.tally(service).stored;
}

std::vector<bool> Cluster::stored_in(std::int32_t service) const {
  std::vector<bool> stored(commons_.workload.messages.size(), false);
  const auto mark = [&](std::int32_t m) { stored[static_cast<std::size_t>(m)] = wants(service, m); };
  for (std::size_t i = 0; i < truths_.size(); ++i) {
    if (service_of(static_cast<std::int32_t>(i)) != service) continue;
    for (const std::int32_t m : truths_[i].machine.messages()) mark(m);
  }
  for (const auto& [place, message] : carried_)
    if (service_of(std::get<1>(place)) == service) mark(message);
  return stored;
}

void Cluster::check() {
  if (commons_.workload.messages.size() > 500 && !finished_) return;  // each check looks at all messages
  for (std::size_t i = 0; i < copies_.size(); ++i) {
    const auto service = static_cast<std::int32_t>(i);
    const std::string text = ledger_.breach(service, stored_in(service), commons_.workload.services[i].name);
    if (!text.empty()) breach(text);
  }
}

void Cluster::finish() {
  check();
  for (const ConsumerApp& each : consumers_)
    if (each.present && each.begun == 0) ++ledger_.tally(each.service).idle;
  for (std::size_t i = 0; i < keys_.size(); ++i) system_.confirmed += ledger_.is_confirmed(static_cast<std::int32_t>(i));
  digest_ = mix(digest_, fabric_.digest);
}

}  // namespace nutshell::rabbit
