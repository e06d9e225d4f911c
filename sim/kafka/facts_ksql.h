// Facts of ksqlDB servers. For facts.h only. Times of windows are those of rows, in milliseconds since 1970.
#pragma once

#include "sim/kafka/fact_reasons.h"

namespace nutshell {

struct StatementRefused {  // by the server at which it was typed
  NodeId server = kNoNode;
  NameRef why = -1;
  NUTSHELL_FACT("statement_refused", story) NUTSHELL_FIELDS(StatementRefused, server, why)
};
struct QueryStarted {  // a server has read of it in the command topic, and has found its topics
  NodeId server = kNoNode;
  NameRef query = -1;
  NUTSHELL_FACT("query_started", story) NUTSHELL_FIELDS(QueryStarted, server, query)
};
struct QueryEnded {
  NodeId server = kNoNode;
  NameRef query = -1;
  bool failed = false;
  NUTSHELL_FACT("query_ended", story) NUTSHELL_FIELDS(QueryEnded, server, query, failed)
};
struct TaskAssigned {  // of a query; its stores are empty until they are restored
  NodeId server = kNoNode;
  NameRef query = -1;
  std::int32_t part = 0, partition = 0;  // the task's name: 1_2
  bool restores = false;
  bool stands_by = false;  // only a copy of its stores, for a server that runs it
  NUTSHELL_FACT("task_assigned", story) NUTSHELL_FIELDS(TaskAssigned, server, query, part, partition, restores, stands_by)
};
struct TaskRestored {  // its changelogs are read to their ends
  NodeId server = kNoNode;
  NameRef query = -1;
  std::int32_t part = 0, partition = 0;
  std::int64_t records = 0;
  NUTSHELL_FACT("task_restored", story) NUTSHELL_FIELDS(TaskRestored, server, query, part, partition, records)
};
struct TaskClosed {
  NodeId server = kNoNode;
  NameRef query = -1;
  std::int32_t part = 0, partition = 0;
  bool lost = false;
  NUTSHELL_FACT("task_closed", story) NUTSHELL_FIELDS(TaskClosed, server, query, part, partition, lost)
};
struct RowLate {  // the window of a row is closed already: it counts nowhere
  NodeId server = kNoNode;
  NameRef query = -1;
  TopicPartition tp;
  Offset offset = 0;
  NUTSHELL_FACT("row_late", story) NUTSHELL_FIELDS(RowLate, server, query, tp, offset)
};
struct RowSkipped {  // not understood, or without what it needs
  NodeId server = kNoNode;
  NameRef query = -1;
  TopicPartition tp;
  Offset offset = 0;
  NUTSHELL_FACT("row_skipped", story) NUTSHELL_FIELDS(RowSkipped, server, query, tp, offset)
};
struct WindowChanged {  // a row has entered; `opened`: it is the first of this key in this window
  NodeId server = kNoNode;
  NameRef query = -1, key = -1, value = -1;  // of the aggregate, as its changelog has it
  std::int64_t start = 0, end = 0;
  bool opened = false;
  NUTSHELL_FACT("window_changed", detail) NUTSHELL_FIELDS(WindowChanged, server, query, key, value, start, end, opened)
};
struct WindowClosed {  // stream time of a task has passed its end and its grace; no row enters any more
  NodeId server = kNoNode;
  NameRef query = -1;
  std::int32_t part = 0, partition = 0;
  std::int64_t end = 0;
  std::int32_t keys = 0;
  NUTSHELL_FACT("window_closed", story) NUTSHELL_FIELDS(WindowClosed, server, query, part, partition, end, keys)
};
struct ResultEmitted {  // a row goes to the sink
  NodeId server = kNoNode;
  NameRef query = -1, key = -1, value = -1;  // value -1: a deletion
  TopicId topic = -1;
  NUTSHELL_FACT("result_emitted", detail) NUTSHELL_FIELDS(ResultEmitted, server, query, key, value, topic)
};
struct QueryCommitted {  // caches are empty, producers flushed, and now the offsets: a crash repeats nothing of what was before
  NodeId server = kNoNode;
  NameRef query = -1;
  NUTSHELL_FACT("query_committed", protocol) NUTSHELL_FIELDS(QueryCommitted, server, query)
};

}  // namespace nutshell
