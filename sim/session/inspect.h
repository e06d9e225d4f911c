// The inspector's answers about a place: its fields as Kafka names them, its configuration, what it waits for, and
// what a step changed. Pure functions of worlds.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/world.h"
#include "sim/session/place.h"

namespace nutshell {

struct Field {
  std::string name, value;
  friend bool operator==(const Field&, const Field&) = default;
};

// "-" stands for what is not known. Empty: the place does not exist at this moment, or has no fields.
std::vector<Field> fields_of(const World& world, const Place& place);

// A configuration key in the place's scope.
struct Setting {
  std::string key, value, usual;  // usual: Kafka's default
  bool overridden() const { return value != usual; }
};
std::vector<Setting> settings_of(const World& world, const Place& place);

// A timer that runs or a request without an answer.
struct Wait {
  std::string what;
  Time since = -1;  // of requests; -1: a timer
  Time until = 0;
};
// Of the process at the place, the next to come first.
std::vector<Wait> waits_of(const World& world, const Place& place);

struct Change {
  Place place;
  std::string what, before, after;  // a value that is not the same any more; empty: there was none, or there is none
};
// Of one place, or, of none, of all places.
std::vector<Change> changes_between(const World& before, const World& now, const Place& place);

}  // namespace nutshell
