#include "sim/queues/ledger.h"

#include <algorithm>

#include "sim/core/require.h"

namespace nutshell::queues {

const std::vector<Figure>& figures() {
  static const std::vector<Figure> kFigures = {
      {"attempts", &Tally::attempts, "runs of a handler"},
      {"done", &Tally::done, "messages handled"},
      {"repeated", &Tally::repeated, "handled once more, though they had been"},
      {"overtaken", &Tally::overtaken, "handled for the first time after a later one of their key"},
      {"stepped_back", &Tally::stepped_back, "handled, first or again, after a later one of their key"},
      {"dead", &Tally::dead, "among the dead letters"},
      {"stuck", &Tally::stuck, "stored, and neither done nor dead"},
      {"lost", &Tally::lost, "confirmed to the publisher, and neither done, dead nor stored"},
      {"late", &Tally::late, "what a service that came later could still get of the past"},
      {"again", &Tally::again, "delivered again because somebody asked"},
      {"delivered", &Tally::delivered, "messages that reached a consumer, asked for or not"},
      {"wanted", &Tally::wanted, "of those, what the service asks for"},
      {"discarded", &Tally::discarded, "of those, what its consumers threw away"},
      {"concurrent", &Tally::concurrent, "begun while an earlier one of their key was being handled"},
      {"idle", &Tally::idle, "consumers that never had anything to do"},
      {"throttled", &Tally::throttled, "reads that were refused, because too many read the same"},
      {"confirmed", &Tally::confirmed, "messages that the service is to get"},
      {"stored", &Tally::stored, "copies that came in and were not lost"},
      {"last", &Tally::last, "when the last message was handled"},
      {"noticed", &Tally::noticed, "from the first crash until what that consumer had was free again"},
  };
  return kFigures;
}

const Figure* find_figure(std::string_view name) {
  for (const Figure& each : figures())
    if (each.name == name) return &each;
  return nullptr;
}

Ledger::Ledger(std::size_t messages, std::size_t services)
    : confirmed_(messages), fates_(services, std::vector<Fate>(messages)), newest_(services), running_(services), tallies_(services) {}

void Ledger::owe(std::int32_t service, std::int32_t message) {
  Fate& it = fate(service, message);
  if (it.owed) return;
  it.owed = true;
  ++tally(service).confirmed;
}

void Ledger::begin(std::int32_t service, std::int32_t message, std::int32_t key) {
  ++tally(service).attempts;
  std::vector<std::int32_t>& running = running_[static_cast<std::size_t>(service)][key];
  if (key >= 0 && std::any_of(running.begin(), running.end(), [&](std::int32_t each) { return each < message; }))
    ++tally(service).concurrent;
  running.push_back(message);
  ++fate(service, message).running;
  ++fate(service, message).attempts;
}

void Ledger::end(std::int32_t service, std::int32_t message, std::int32_t key) {
  std::vector<std::int32_t>& running = running_[static_cast<std::size_t>(service)][key];
  const auto found = std::find(running.begin(), running.end(), message);
  NUTSHELL_REQUIRE(found != running.end());
  running.erase(found);
  --fate(service, message).running;
}

void Ledger::succeed(std::int32_t service, std::int32_t message, std::int32_t key, Time now) {
  owe(service, message);  // even if its copy has gone meanwhile, unconfirmed
  Fate& it = fate(service, message);
  Tally& count = tally(service);
  auto [newest, first_of_key] = newest_[static_cast<std::size_t>(service)].emplace(key, message);
  const bool behind = key >= 0 && newest->second > message;
  newest->second = std::max(newest->second, message);
  count.stepped_back += behind;
  if (it.done) ++count.repeated;
  else {
    ++count.done;
    count.overtaken += behind;
  }
  it.done = true;
  if (it.lost) --count.lost, ++count.stored;
  it.lost = false;
  count.last = now;
}

void Ledger::bury(std::int32_t service, std::int32_t message) {
  owe(service, message);
  tally(service).stored += fate(service, message).lost;
  find_again(service, message);
  if (fate(service, message).dead++ == 0) ++tally(service).dead;
}

void Ledger::unbury(std::int32_t service, std::int32_t message) {
  if (--fate(service, message).dead == 0) --tally(service).dead;
}

bool Ledger::vanish(std::int32_t service, std::int32_t message, bool stored) {
  Fate& it = fate(service, message);
  if (stored || it.done || it.dead > 0 || it.lost || !it.owed) return false;
  if (!is_confirmed(message)) {
    it.owed = false;
    --tally(service).confirmed;
    return false;
  }
  it.lost = true;
  ++tally(service).lost;
  return true;
}

void Ledger::find_again(std::int32_t service, std::int32_t message) {
  Fate& it = fate(service, message);
  if (it.lost) --tally(service).lost;
  it.lost = false;
}

std::string Ledger::breach(std::int32_t service, const std::vector<bool>& stored, std::string_view name) {
  Tally& count = tally(service);
  const std::vector<Fate>& fates = fates_[static_cast<std::size_t>(service)];
  std::int64_t owed = 0, done = 0, dead = 0, both = 0, lost = 0;
  count.stuck = 0;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    const Fate& it = fates[i];
    owed += it.owed;
    done += it.done;
    dead += it.dead > 0;
    both += it.done && it.dead > 0;
    lost += it.lost;
    count.stuck += stored[i] && !it.done && it.dead == 0;
    if (it.lost && stored[i]) return std::string(name) + ": message " + std::to_string(i) + " is said to be lost and is stored";
    if (it.lost && (it.done || it.dead > 0)) return std::string(name) + ": message " + std::to_string(i) + " is said to be lost and is not";
    const bool somewhere = it.done || it.dead > 0 || it.lost || stored[i];
    if (it.owed != somewhere)
      return std::string(name) + ": message " + std::to_string(i) + (it.owed ? " is nowhere" : " is there and was never owed");
  }
  if (done != count.done || dead != count.dead || lost != count.lost || owed != count.confirmed)
    return std::string(name) + ": the ledger has miscounted";
  if (owed != done + dead + count.stuck + lost - both) return std::string(name) + ": confirmed is not done + dead + stuck + lost";
  return "";
}

}  // namespace nutshell::queues
