#include "sim/check/judge.h"

#include <algorithm>

#include "sim/check/court.h"

namespace nutshell {

void Judge::observe(const World& world, std::vector<Fact>& facts) {
  const std::size_t known = breaches_.size();
  Court court{world, ledger_, breaches_, trials_};
  judge_simulation(court);
  for (const Fact& each : facts) each.body.visit([&](const auto& body) { judge(court, body); });
  if (breaches_.size() > known) tell(world, breaches_, known, facts);
}

bool Judge::broken(std::int32_t promise) const {
  return std::any_of(breaches_.begin(), breaches_.end(), [&](const Breach& each) { return each.promise == promise; });
}

bool Judge::betrayed(std::int32_t promise) const {
  return std::any_of(breaches_.begin(), breaches_.end(),
                     [&](const Breach& each) { return each.promise == promise && each.promised; });
}

void Judge::fold_into(std::uint64_t& digest) const {
  fold(digest, ledger_);
  fold(digest, breaches_);
  fold(digest, trials_);
}

std::size_t Judge::copy_bytes() const {
  return sizeof *this + ledger_.copy_bytes() + breaches_.capacity() * sizeof(Breach) +
         trials_.capacity() * sizeof(std::uint64_t);
}

void tell(const World& world, const std::vector<Breach>& breaches, std::size_t first, std::vector<Fact>& facts) {
  for (std::size_t i = first; i < breaches.size(); ++i) {
    const Breach& each = breaches[i];
    facts.push_back({world.now(), world.fabric.step, kNoStep, PromiseBroken{each.promise, each.tp, each.node, each.promised}});
  }
}

void judge_simulation(Court& court) {
  const Fabric& fabric = court.world.fabric;
  court.expect(PromiseId::time_never_goes_back, fabric.now >= court.ledger.now, {}, kNoNode,
               [&] { return "time went back from " + std::to_string(court.ledger.now) + " ns to " + std::to_string(fabric.now) + " ns"; });
  court.ledger.now = fabric.now;
  const NetworkCounters& counters = fabric.network.counters;
  const auto in_flight = static_cast<std::int64_t>(fabric.messages.size() - fabric.free_messages.size());
  court.expect(PromiseId::messages_conserved, counters.sent == counters.delivered + counters.dropped + in_flight, {}, kNoNode, [&] {
    return std::to_string(counters.sent) + " messages were sent, but " + std::to_string(counters.delivered) +
           " were delivered, " + std::to_string(counters.dropped) + " dropped, and " + std::to_string(in_flight) + " are in flight";
  });
}

}  // namespace nutshell
