// What applications do with records at which their handler fails, in words.
#include "sim/core/text.h"
#include "sim/kafka/facts_say.h"

namespace nutshell {

namespace {

template <class F>
std::string record_of(const F& f, const Namer& n) {
  return "offset " + std::to_string(f.offset) + " of " + n.partition(f.tp);
}

std::string after_tries(std::int32_t tries) { return std::to_string(tries) + (tries == 1 ? " try" : " tries"); }

}  // namespace

std::string say(const HandlerBegan& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + " works on " + record_of(f, n) +
         (f.attempt > 1 ? ", try " + std::to_string(f.attempt) : "") + ".";
}
std::string say(const HandlerFailed& f, const Namer& n) {
  return "The handler of " + n.node(f.consumer) + " has failed at " + record_of(f, n) +
         (f.skipped ? ", which is skipped after " + after_tries(f.attempt) : ", try " + std::to_string(f.attempt)) + ".";
}
std::string say(const DeadLetterWritten& f, const Namer& n) {
  return node_at_start(n.node(f.consumer)) + " has put " + record_of(f, n) + " among the dead letters of " + n.name(f.dead_letters) +
         " after " + after_tries(f.attempt) + ": the write is acknowledged.";
}

}  // namespace nutshell
