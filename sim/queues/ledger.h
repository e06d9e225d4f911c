// What became of every message, service by service, and the figures that say so.
//
// A message is counted by the workload's own name for it: two copies that a product knows by two ids are one message. The
// ledger hears what happens; what is stored it is told by the stores, so that one can be held against the other: what was
// confirmed is done, dead, still stored or lost, and nothing else (`breach`).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/types.h"

namespace nutshell::queues {

// The figures of one service.
struct Tally {
  std::int64_t confirmed = 0;     // that it is to get
  std::int64_t attempts = 0;      // runs of a handler
  std::int64_t done = 0;          // messages handled
  std::int64_t repeated = 0;      // handled although they had been
  std::int64_t overtaken = 0;     // first handled after a later one of their key
  std::int64_t stepped_back = 0;  // handled, first or again, after a later one of their key
  std::int64_t dead = 0;
  std::int64_t stuck = 0;         // stored, and neither done nor dead
  std::int64_t lost = 0;
  std::int64_t late = 0;          // what a service that came later could still get
  std::int64_t delivered = 0;     // messages that reached a consumer, wanted or not
  std::int64_t discarded = 0;     // of those, not asked for
  std::int64_t wanted = 0;        // messages that reached a consumer and were asked for
  std::int64_t concurrent = 0;    // begun while an earlier one of their key was being handled
  std::int64_t again = 0;         // delivered again because somebody asked
  std::int64_t stored = 0;        // copies that came in and were not lost
  std::int64_t idle = 0;          // consumers that never had anything to do
  std::int64_t throttled = 0;     // reads that were refused, because too many read the same
  Time last = 0;                  // of the last message handled
  Duration noticed = -1;          // from a crash until what the consumer had was free again; -1: there was none
};

// A figure under its name, as tables, files and programs know it. Of `last` and `noticed` the number is a time.
struct Figure {
  std::string_view name;
  std::int64_t Tally::*value;
  std::string_view about;  // for whoever reads a table
};
const std::vector<Figure>& figures();
// nullptr: there is none of this name.
const Figure* find_figure(std::string_view name);

class Ledger {
 public:
  Ledger(std::size_t messages, std::size_t services);

  // The service is to get this message: it has been confirmed, or is in its store.
  void owe(std::int32_t service, std::int32_t message);
  void confirm(std::int32_t message) { confirmed_[static_cast<std::size_t>(message)] = true; }
  bool is_confirmed(std::int32_t message) const { return confirmed_[static_cast<std::size_t>(message)]; }
  void begin(std::int32_t service, std::int32_t message, std::int32_t key);
  // A handler has come to an end, or was cut off.
  void end(std::int32_t service, std::int32_t message, std::int32_t key);
  // REQUIRES that it has ended.
  void succeed(std::int32_t service, std::int32_t message, std::int32_t key, Time now);
  void bury(std::int32_t service, std::int32_t message);
  // The dead letter is gone too.
  void unbury(std::int32_t service, std::int32_t message);
  // A copy is gone. True: it was the last one, and the message is lost. `stored`: whether there is another.
  bool vanish(std::int32_t service, std::int32_t message, bool stored);
  // It is there again.
  void find_again(std::int32_t service, std::int32_t message);
  // How often a handler has begun with it.
  std::int32_t attempts_of(std::int32_t service, std::int32_t message) const { return fate(service, message).attempts; }
  bool is_done(std::int32_t service, std::int32_t message) const { return fate(service, message).done; }
  bool is_dead(std::int32_t service, std::int32_t message) const { return fate(service, message).dead > 0; }
  bool is_lost(std::int32_t service, std::int32_t message) const { return fate(service, message).lost; }

  Tally& tally(std::int32_t service) { return tallies_[static_cast<std::size_t>(service)]; }
  const Tally& tally(std::int32_t service) const { return tallies_[static_cast<std::size_t>(service)]; }
  // Counts anew, given which messages the store of the service holds. What does not add up is said in a sentence.
  std::string breach(std::int32_t service, const std::vector<bool>& stored, std::string_view name);

 private:
  struct Fate {
    bool owed = false, done = false, lost = false;
    std::int32_t dead = 0, running = 0, attempts = 0;
  };
  Fate& fate(std::int32_t service, std::int32_t message) {
    return fates_[static_cast<std::size_t>(service)][static_cast<std::size_t>(message)];
  }
  const Fate& fate(std::int32_t service, std::int32_t message) const {
    return fates_[static_cast<std::size_t>(service)][static_cast<std::size_t>(message)];
  }

  std::vector<bool> confirmed_;
  std::vector<std::vector<Fate>> fates_;                        // service, message
  std::vector<std::map<std::int32_t, std::int32_t>> newest_;    // service: key, latest message done
  std::vector<std::map<std::int32_t, std::vector<std::int32_t>>> running_;  // service: key, messages being handled
  std::vector<Tally> tallies_;
};

}  // namespace nutshell::queues
