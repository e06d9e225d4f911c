#include "sim/history/trigger.h"

#include "sim/core/text.h"

namespace nutshell {

namespace {

std::string delivery_sentence(const StepRecord& record, const Namer& namer) {
  if (record.message == kNoMessage)
    return "A message from " + namer.node(record.from) + " to " + namer.node(record.node) + " does not get through.";
  return node_at_start(namer.node(record.node)) + " receives " + std::string(message_name(record.message)) + " from " +
         namer.node(record.from) + ".";
}

}  // namespace

std::string trigger_sentence(const StepRecord& record, const Namer& namer) {
  switch (record.event) {
    case EventKind::deliver: return delivery_sentence(record, namer);
    case EventKind::disconnected: return node_at_start(namer.node(record.node)) + " learns that a connection was closed.";
    case EventKind::connect: return node_at_start(namer.node(record.node)) + " tries to connect.";
    case EventKind::proceed: return node_at_start(namer.node(record.node)) + " takes the next request that waited.";
    case EventKind::control: return "What was planned for this time happens.";
    case EventKind::request_timeout:
      return node_at_start(namer.node(record.node)) + ": a request has waited too long for its answer.";
    case EventKind::timer: break;
  }
  return node_at_start(namer.node(record.node)) + ": " + std::string(timer_words(record.timer).because) + ".";
}

}  // namespace nutshell
