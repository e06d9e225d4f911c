// A workload on several systems beside each other, in the place of a cluster: every run to its end, each moment of them within
// reach, and their figures as expectations name them.
//
// What is done by hand is part of what is run, so a run is a function of Rivals (cluster/rivals.h) and of nothing else; up to
// a moment, it is a function of what was done until then.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/cluster/rivals.h"
#include "sim/queues/picture.h"
#include "sim/queues/simulation.h"
#include "sim/rabbit/cluster.h"

namespace nutshell {

// When a figure of a service came to have a value, from the first one that is not 0 on.
struct FigureChange {
  Time at = 0;
  std::int64_t value = 0;
};

// A run at a moment: the model of a product; or, where something befalls nodes of RabbitMQ, these nodes (rabbit/cluster.h).
using RivalState = std::variant<queues::Simulation, rabbit::Cluster>;

// One system under the workload, from its beginning to its end.
struct RivalRun {
  std::string name;                 // as paths of values name it: "PubSub"
  std::string title;                // as it is written over it: "Pub/Sub"
  std::size_t row = 0;              // of the workload
  std::vector<Time> instants;       // at which something happens, in order
  std::vector<queues::Fact> facts;
  queues::Outcome end;
  std::vector<RivalState> kept;     // after every kInstantsApart instants, from none on
  // By service and figure (queues::figures()).
  std::vector<std::vector<std::vector<FigureChange>>> changes;
  std::vector<std::vector<FigureChange>> system_changes;  // of the system as such

};
inline constexpr std::size_t kInstantsApart = 64;

// A column of the table of results.
struct RivalColumn {
  std::string_view name;       // as files write it
  std::string_view word;       // as people read it
  bool of_system = false;      // else of the service that is shown
  std::size_t figure = 0;      // of queues::figures(), or of the system's own
  bool is_time = false;
};
// All there are.
const std::vector<RivalColumn>& rival_columns();

class RivalRuns {
 public:
  // REQUIRES the setup has been read without problems.
  explicit RivalRuns(const Rivals& rivals);

  const queues::Workload& workload() const { return workload_; }
  const std::vector<RivalRun>& runs() const { return runs_; }
  std::size_t service() const { return service_; }  // whom the figures are about
  // The columns that its table has.
  const std::vector<RivalColumn>& columns() const { return columns_; }
  const std::vector<FigureChange>& changes(std::size_t which, const RivalColumn& column) const;
  // What stands in a cell of it then; -1 of a time: nothing yet.
  std::int64_t value(std::size_t which, const RivalColumn& column, Time at) const;
  // What there is to be seen of a system. REQUIRES which < runs().size()
  queues::Picture picture(std::size_t which, Time at) const;
  // The first moment after `at` at which something happens on any of them, or the last one before; kNever, -1: none.
  Time next_instant(Time at) const;
  Time previous_instant(Time at) const;
  // The last thing worth telling of it until then; nullptr: there is none.
  const queues::Fact* last_story(std::size_t which, Time at) const;

 private:
  std::vector<RivalColumn> columns_of(const RivalsSetup& setup) const;
  RivalState state(std::size_t which, Time at) const;

  queues::Workload workload_;
  std::size_t service_ = 0;
  std::vector<RivalRun> runs_;
  std::vector<RivalColumn> columns_;
};

// Of these rivals, run once and kept for as long as others are not asked for. REQUIRES there are some.
std::shared_ptr<const RivalRuns> runs_of(const Rivals& rivals);

// Whether a fact is one that changes what people would say of the run.
bool is_story(const queues::Fact& fact);

// "systems/RabbitMQ/billing/done", "systems/RabbitMQ/copies", or of the service that is shown "systems/RabbitMQ/noticed_ms": a
// number as text; nullopt: it leads nowhere.
std::optional<std::string> rival_value(const Rivals& rivals, Time at, std::string_view path);
// What is wrong with the path; empty: nothing.
std::string wrong_rival_path(const RivalsSetup& setup, std::string_view path);
inline bool is_rival_path(std::string_view path) { return path.substr(0, 8) == "systems/"; }

// Whether the key of the system's product can have the value, of a setting; a sentence if not.
std::string wrong_setting(const RivalsSetup& setup, const RivalSetting& setting);

}  // namespace nutshell
