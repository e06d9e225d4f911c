// A database with its tables, and files, on a server of their own beside Kafka. What is written is on disk: a crash loses nothing.
// Source and sink tasks reach it by messages, so an answer may be lost of what was carried out.
#pragma once

#include <string>
#include <string_view>

#include "sim/kafka/connect_kinds.h"
#include "sim/kafka/env.h"
#include "sim/workers/messages.h"

namespace nutshell {

struct DataStore {
  using Kind = DataStoreKind;
  NodeId node = kNoNode;
  Kind::Config config;
  bool stopping = false;
  SharedContents contents;
  struct Shown {
    std::int64_t rows = 0, lines = 0, reads = 0, writes = 0;
    NUTSHELL_FIELDS(Shown, rows, lines, reads, writes)
  } shown;
  NUTSHELL_FIELDS(DataStore, node, stopping, contents, shown)
};

void start(Env& env, DataStore& store);
void stop(Env& env, DataStore& store);
void forget(Env& env, DataStore& store, ProcessEnd end);
void on_request(Env& env, DataStore& store, const RequestId& request, Body& body);
void on_response(Env& env, DataStore& store, const Response& response);
void on_timer(Env& env, DataStore& store, const Event& timer);

// Somebody's own statements and lines. REQUIRES its process runs, and that run_sql() takes the statements.
void carry_out_sql(Env& env, DataStore& store, std::string_view text);
void append_to_file(Env& env, DataStore& store, const std::string& file, std::string_view text);

}  // namespace nutshell
