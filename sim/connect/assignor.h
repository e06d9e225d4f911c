// Who gets which units, as the leader of a group of workers decides in each rebalance: incremental and cooperative (C5-C7).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "sim/connect/units.h"
#include "sim/core/types.h"

namespace nutshell::connect {

// What one member is told.
struct Assignment {
  Units start;   // beside what it has
  Units revoke;  // to be stopped; then it joins again, and they are given to others
  friend bool operator==(const Assignment&, const Assignment&) = default;
};

struct Decision {
  std::map<std::string, Assignment> members;
  Duration delay = 0;  // until all join again, because units are kept for a member that may come back; 0: nothing is kept
  Units lost;          // those units
};

// What the leader remembers from one rebalance to the next. A new leader begins with nothing.
class Assignor {
 public:
  explicit Assignor(Duration max_delay) : max_delay_(max_delay) {}

  // `owned` is what each member has when it joins, `configured` what the config topic asks for. `completed` is the generation in
  // which the member last heard an assignment, `generation` the one that is being formed. REQUIRES members.
  Decision assign(const std::map<std::string, Units>& owned, const Units& configured, Time now, std::int32_t completed,
                  std::int32_t generation);

  Time deadline() const { return deadline_; }  // of what is kept; 0: nothing is

 private:
  using Loads = std::map<std::string, Units>;
  void handle_lost(const Units& lost, Units& fresh, Loads& loads, Time now);
  void reset_delay();
  bool may_revoke(bool uneven, Time now);

  Duration max_delay_;
  Duration delay_ = 0;
  Time deadline_ = 0;
  Units previous_, revoked_;
  std::set<std::string> previous_members_, candidates_;
  std::int32_t previous_generation_ = -1;
  bool revoked_last_ = false;       // the round before revoked for balance
  std::int64_t revoking_rounds_ = 0;
};

}  // namespace nutshell::connect
