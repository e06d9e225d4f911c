// Facts of Connect's workers and of what they read and write. For facts.h only.
#pragma once

#include "sim/kafka/fact_reasons.h"

namespace nutshell {

struct ConnectRefused {  // a worker answers a call of its REST interface with an error
  NodeId worker = kNoNode;
  NameRef why = -1;
  NUTSHELL_FACT("connect_refused", story) NUTSHELL_FIELDS(ConnectRefused, worker, why)
};
struct ConnectShared {  // the leader has divided connectors and tasks; `lost` of them wait for a worker that may come back
  NodeId worker = kNoNode;
  std::int32_t generation = 0, lost = 0;
  Duration delay = 0;  // until they wait no more
  NUTSHELL_FACT("connect_shared", story) NUTSHELL_FIELDS(ConnectShared, worker, generation, lost, delay)
};
struct ConnectUnit {  // a connector or a task, by what its worker writes into the status topic
  NodeId worker = kNoNode;
  NameRef unit = -1;   // "orders-source", or "orders-source-0"
  NameRef state = -1;  // "RUNNING"
  NameRef why = -1;    // of FAILED
  NUTSHELL_FACT("connect_unit", story) NUTSHELL_FIELDS(ConnectUnit, worker, unit, state, why)
};
struct SourceSent {  // a source task hands rows to its producer
  NodeId worker = kNoNode;
  NameRef task = -1;
  std::int64_t records = 0;
  NUTSHELL_FACT("source_sent", story) NUTSHELL_FIELDS(SourceSent, worker, task, records)
};
struct SourceNoted {  // the offset topic is told how far a source was acknowledged
  NodeId worker = kNoNode;
  NameRef task = -1;
  NameRef place = -1;  // {"incrementing":12}
  NUTSHELL_FACT("source_noted", story) NUTSHELL_FIELDS(SourceNoted, worker, task, place)
};
struct SinkWrote {  // what a sink task has put is written at the other end
  NodeId worker = kNoNode;
  NameRef task = -1;
  std::int64_t records = 0;
  NUTSHELL_FACT("sink_wrote", story) NUTSHELL_FIELDS(SinkWrote, worker, task, records)
};
struct ConnectSkipped {  // errors.tolerance=all: a record that cannot be converted or transformed
  NodeId worker = kNoNode;
  NameRef task = -1;
  TopicPartition tp;  // of a sink's
  Offset offset = -1;
  bool dead_letter = false;  // a copy goes to the dead letters
  NameRef why = -1;
  NUTSHELL_FACT("connect_skipped", story) NUTSHELL_FIELDS(ConnectSkipped, worker, task, tp, offset, dead_letter, why)
};
struct StoreChanged {  // a database has carried out statements, or a file has grown
  NodeId store = kNoNode;
  NameRef what = -1;
  NUTSHELL_FACT("store_changed", story) NUTSHELL_FIELDS(StoreChanged, store, what)
};

}  // namespace nutshell
