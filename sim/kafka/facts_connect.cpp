// What Connect's workers do, in words.
#include "sim/core/text.h"
#include "sim/kafka/facts_say.h"

namespace nutshell {

namespace {

std::string worker_at_start(NodeId worker, const Namer& n) { return node_at_start(n.node(worker)); }
std::string so_many(std::int64_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

}  // namespace

std::string say(const ConnectRefused& f, const Namer& n) { return worker_at_start(f.worker, n) + " refuses a call: " + n.name(f.why); }
std::string say(const ConnectShared& f, const Namer& n) {
  const std::string begin = worker_at_start(f.worker, n) + " divides connectors and tasks anew";
  if (f.lost == 0) return begin + ".";
  const Duration whole = f.delay < kSecond ? f.delay : (f.delay + kSecond / 2) / kSecond * kSecond;
  return begin + "; " + so_many(f.lost, "unit") + (f.lost == 1 ? " waits " : " wait ") + format_duration(whole) +
         " for a worker that may come back.";
}
std::string say(const ConnectUnit& f, const Namer& n) {
  return worker_at_start(f.worker, n) + ": " + n.name(f.unit) + " is " + n.name(f.state) + (f.why < 0 ? "." : ": " + n.name(f.why));
}
std::string say(const SourceSent& f, const Namer& n) {
  return worker_at_start(f.worker, n) + ": " + n.name(f.task) + " reads and sends " + so_many(f.records, "row") + ".";
}
std::string say(const SourceNoted& f, const Namer& n) {
  return worker_at_start(f.worker, n) + ": " + n.name(f.task) + " notes its place " + n.name(f.place) + ".";
}
std::string say(const SinkWrote& f, const Namer& n) {
  return worker_at_start(f.worker, n) + ": " + n.name(f.task) + " has written " + so_many(f.records, "record") + ".";
}
std::string say(const ConnectSkipped& f, const Namer& n) {
  const std::string which = f.offset < 0 ? "a record" : "offset " + std::to_string(f.offset) + " of " + n.partition(f.tp);
  return worker_at_start(f.worker, n) + ": " + n.name(f.task) + " skips " + which +
         (f.dead_letter ? ", a copy goes to the dead letters: " : ": ") + n.name(f.why);
}
std::string say(const StoreChanged& f, const Namer& n) { return node_at_start(n.node(f.store)) + ": " + n.name(f.what) + "."; }

}  // namespace nutshell
