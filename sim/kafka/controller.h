// The controller: the active one turns requests into metadata records and answers when they are
// committed; standbys replay (K8, R7, R11-R15, R17, R19).
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/digest.h"
#include "sim/kafka/config.h"
#include "sim/kafka/env.h"
#include "sim/kafka/kinds.h"
#include "sim/kafka/metadata.h"
#include "sim/kafka/raft.h"

namespace nutshell {

// The active controller's view of a broker's liveness: it lasts from registration until the broker has not
// been heard of for broker.session.timeout.ms, or has been permitted to stop.
struct BrokerSession {
  BrokerId broker = kNoBroker;
  Time last_heartbeat = 0;
  Offset metadata_offset = 0;   // end of what the broker has applied
  Offset shutdown_offset = -1;  // end of the metadata log when its controlled shutdown began (R13); -1: it has not
  Timer timer = kNoTimer;
  NUTSHELL_FIELDS(BrokerSession, broker, last_heartbeat, metadata_offset, shutdown_offset, timer)
};

// An answer that waits until the metadata log is committed up to `offset`.
struct PendingAnswer {
  RequestId request;
  Offset offset = 0;
  Body body;
  NUTSHELL_FIELDS(PendingAnswer, request, offset, body)
};

struct Controller {
  NUTSHELL_VALUE(Controller)

  NodeId node = kNoNode;
  BrokerConfig config;
  Raft raft;
  MetadataImage image;     // committed
  MetadataImage working;   // with what is not yet committed; meaningful while active
  bool active = false;     // leads the quorum and has committed a record of its own epoch
  bool stopping = false;   // has resigned, and ends as soon as its vote is no longer needed
  std::vector<BrokerSession> sessions;  // by broker id; those that are alive
  std::vector<PendingAnswer> answers;   // by offset
  Timer balance_timer = kNoTimer;
  Timer unclean_timer = kNoTimer;
  NUTSHELL_FIELDS(Controller, node, config, raft, image, working, active, stopping, sessions, answers, balance_timer,
                  unclean_timer)
};

void start(Env& env, Controller& controller);
// Graceful: the leader of a quorum resigns and stays to vote for its successor; when it knows one, or would
// have to campaign itself, the process ends. Others end at once.
void stop(Env& env, Controller& controller);
void forget(Env& env, Controller& controller, ProcessEnd end);          // the process died
void on_request(Env& env, Controller& controller, const RequestId& request, Body& body);
void on_response(Env& env, Controller& controller, const Response& response);
void on_timer(Env& env, Controller& controller, const Event& timer);

}  // namespace nutshell
