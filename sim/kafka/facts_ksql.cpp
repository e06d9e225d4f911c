// What ksqlDB servers do, in words.
#include "sim/core/text.h"
#include "sim/kafka/facts_say.h"

namespace nutshell {

namespace {

std::string figure(std::int64_t value) { return std::to_string(value); }
std::string task_name(std::int32_t part, std::int32_t partition) { return "task " + figure(part) + "_" + figure(partition); }
// Times of rows, as windows are thought of: "1m30s" after 1970, or a plain number of milliseconds if that is long ago.
std::string moment_of(std::int64_t ms) {
  constexpr std::int64_t kDay = 86'400'000;
  return ms >= 0 && ms < kDay ? format_duration(ms * kMillisecond) : figure(ms) + " ms";
}

}  // namespace

std::string say(const StatementRefused& f, const Namer& n) {
  return node_at_start(n.node(f.server)) + " refuses a statement: " + n.name(f.why);
}
std::string say(const QueryStarted& f, const Namer& n) { return node_at_start(n.node(f.server)) + " runs query " + n.name(f.query) + "."; }
std::string say(const QueryEnded& f, const Namer& n) {
  return node_at_start(n.node(f.server)) + (f.failed ? " stops query " : " ends query ") + n.name(f.query) +
         (f.failed ? ": it has failed (ERROR)." : ".");
}
std::string say(const TaskAssigned& f, const Namer& n) {
  if (f.stands_by)
    return node_at_start(n.node(f.server)) + " stands by for " + task_name(f.part, f.partition) + " of " + n.name(f.query) +
           ": it keeps a copy of its stores.";
  return node_at_start(n.node(f.server)) + " gets " + task_name(f.part, f.partition) + " of " + n.name(f.query) +
         (f.restores ? "; first it reads the changelogs of its stores." : ".");
}
std::string say(const TaskRestored& f, const Namer& n) {
  return node_at_start(n.node(f.server)) + " has restored " + task_name(f.part, f.partition) + " of " + n.name(f.query) + " from " +
         (f.records == 1 ? "1 record." : figure(f.records) + " records.");
}
std::string say(const TaskClosed& f, const Namer& n) {
  const std::string verb = f.lost ? " has lost " : " gives up ";
  return node_at_start(n.node(f.server)) + verb + task_name(f.part, f.partition) + " of " + n.name(f.query) + ".";
}
std::string say(const RowLate& f, const Namer& n) {
  return node_at_start(n.node(f.server)) + ": offset " + figure(f.offset) + " of " + n.partition(f.tp) +
         " comes too late, its window is closed; it counts nowhere.";
}
std::string say(const RowSkipped& f, const Namer& n) {
  return node_at_start(n.node(f.server)) + " skips offset " + figure(f.offset) + " of " + n.partition(f.tp) +
         ": no row can be made of it.";
}
std::string say(const WindowChanged& f, const Namer& n) {
  return node_at_start(n.node(f.server)) + (f.opened ? " opens the window " : " counts in the window ") + moment_of(f.start) + " to " +
         moment_of(f.end) + " of " + n.name(f.key) + ": " + n.name(f.value) + ".";
}
std::string say(const WindowClosed& f, const Namer& n) {
  return node_at_start(n.node(f.server)) + ": windows up to " + moment_of(f.end) + " are closed in " + task_name(f.part, f.partition) +
         " of " + n.name(f.query) + ", with " + (f.keys == 1 ? "1 key." : figure(f.keys) + " keys.");
}
std::string say(const ResultEmitted& f, const Namer& n) {
  return node_at_start(n.node(f.server)) + " writes to " + n.name(f.topic) + ": " + n.name(f.key) + " = " +
         (f.value < 0 ? "deleted" : n.name(f.value)) + ".";
}
std::string say(const QueryCommitted& f, const Namer& n) {
  return node_at_start(n.node(f.server)) + " commits " + n.name(f.query) + ": what came before is counted once.";
}

}  // namespace nutshell
