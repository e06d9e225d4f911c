// The steps of a worker that its files share. For the files of this folder only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/workers/rest.h"
#include "sim/workers/worker.h"

namespace nutshell {

// worker.cpp

inline constexpr ClientNumber kConnectAdmin = 1, kConnectMember = 2, kConfigReader = 3, kConfigWriter = 4, kOffsetWriter = 5,
                              kStatusWriter = 6, kStatusReader = 7, kFirstTaskClient = 8;
// A number that no client of the worker has; 0: there is none left.
ClientNumber free_number(const ConnectWorker& worker);
// The topic's partitions are known; else they are asked for.
bool knows_topic(Env& env, ConnectWorker& worker, const std::string& topic);
// Writes a record; the writer is started when it is first used.
void write(Env& env, ConnectWorker& worker, HostedWriter& writer, const connect::RawRecord& record);
HostedWriter new_writer(Env& env, const ConnectWorker& worker, const std::string& topic, ClientNumber number);
bool reads_to_end(const Consumer& reader);
// The process that is its store; kNoNode: there is none of that name.
NodeId store_of(const Env& env, const connect::ConnectorConfig& config);
// Asks and puts go out under a tag that says who waits.
enum class ConnectErrand : std::uint8_t { task_rows = 1, task_put, connector_tables, call, coordinator, group_offsets };
constexpr std::uint64_t errand(ConnectErrand what, std::int32_t number) {
  return static_cast<std::uint64_t>(what) << 32 | static_cast<std::uint32_t>(number);
}
inline constexpr Duration kStoreTimeout = 10 * kSecond, kAskAgain = kSecond;
// Says it to the status topic, and as a fact.
void tell_state(Env& env, ConnectWorker& worker, const std::string& connector, std::optional<std::int32_t> task, connect::UnitState state,
                const std::string& trace = "");
// The status topic is told, once, that a task uses a topic (KIP-558).
void tell_topic(Env& env, ConnectWorker& worker, const connect::TaskId& task, const std::string& topic);

// herder.cpp

// What the config topic says anew; then what the group says. True if anything was done.
bool read_config(Env& env, ConnectWorker& worker);
bool go_on_with_group(Env& env, ConnectWorker& worker);
void begin_membership(Env& env, ConnectWorker& worker);
void on_tables(Env& env, ConnectWorker& worker, std::int32_t number, const SelectResponse* rows);
ConnectTask* running_task(ConnectWorker& worker, const connect::TaskId& id);  // nullptr: it runs no such task
void restart(Env& env, ConnectWorker& worker, const connect::TaskId& id);
NodeId node_named(const Env& env, std::string_view name);

// calls.cpp

bool go_on_with_calls(Env& env, ConnectWorker& worker);
void on_called(Env& env, ConnectWorker& worker, std::int32_t number, const RestResponse* answer);
void on_coordinator_found(Env& env, ConnectWorker& worker, std::int32_t number, const FindCoordinatorResponse* answer);
void on_group_offsets(Env& env, ConnectWorker& worker, std::int32_t number, const OffsetFetchResponse* answer);
// `why` is empty: it is done.
void answer_call(Env& env, ConnectWorker& worker, ConnectCall& call, const std::string& why);

// answers.cpp

// What is answered at once, in Connect's JSON; nothing if it has to be asked for first (offsets), or `problem` says why not.
std::optional<std::string> answer_of(const ConnectWorker& worker, const RestCall& call, std::string& problem);
std::string answer_of_places(const connect::SourceOffsets& places);
std::string answer_of_group(const Names& names, const OffsetFetchResponse& offsets);

// tasks.cpp

void start_task(Env& env, ConnectWorker& worker, const connect::TaskId& id);
// In order: what can be noted or committed is.
void stop_task(Env& env, ConnectWorker& worker, ConnectTask& task);
void pause_task(Env& env, ConnectWorker& worker, ConnectTask& task, bool pause);
void fail(Env& env, ConnectWorker& worker, ConnectTask& task, const connect::Failure& failure);
bool go_on_with_task(Env& env, ConnectWorker& worker, ConnectTask& task);
bool has_ended(const ConnectTask& task);  // all its clients have
void on_poll_due(Env& env, ConnectWorker& worker, ConnectTask& task);

// places.cpp

// Reads the offset topic from its beginning; read_places() is true once it is read to its end, and closes the reader.
Consumer places_reader(Env& env, const ConnectWorker& worker, ClientNumber number);
bool read_places(Env& env, Consumer& reader, ClientNumber number, const std::string& connector, connect::SourceOffsets& noted);
// Nothing: the place is forgotten.
void note_place(Env& env, ConnectWorker& worker, const std::string& connector, const connect::SourcePartition& partition,
                const std::optional<connect::SourceOffset>& offset);
// Reads all places of a connector: to answer the call of that number with them, or to forget them. False: no client is free.
bool begin_places(Env& env, ConnectWorker& worker, const std::string& connector, std::optional<std::size_t> call);
bool go_on_with_places(Env& env, ConnectWorker& worker);

// source.cpp and sink.cpp

bool go_on_with_source(Env& env, ConnectWorker& worker, ConnectTask& task);
void ask_for_rows(Env& env, ConnectWorker& worker, ConnectTask& task);
void on_rows(Env& env, ConnectWorker& worker, ConnectTask& task, const SelectResponse* rows);
bool go_on_with_sink(Env& env, ConnectWorker& worker, ConnectTask& task);
void put_again(Env& env, ConnectWorker& worker, ConnectTask& task);
void on_put(Env& env, ConnectWorker& worker, ConnectTask& task, const PutResponse* answer);
void start_sink(Env& env, ConnectWorker& worker, ConnectTask& task);
void pause_sink(Env& env, ConnectTask& task);
void arm_poll(Env& env, const ConnectWorker& worker, ConnectTask& task, Duration delay);

// wire.cpp

// A record's value and headers as one name, which has to be readable: headers follow the value, each behind "\h".
std::string value_name(const std::optional<std::string>& value, const std::vector<connect::Header>& headers);
// What members and their leader tell each other, as JSON.
struct MemberSays {
  std::string worker;
  std::int64_t offset = -1;  // of the config topic, read so far
  connect::Units has;
};
std::string to_text(const MemberSays& says);
MemberSays member_says(std::string_view text);
struct LeaderSays {
  std::string leader;
  std::int64_t generation = -1;
  std::int64_t offset = -1;
  Duration delay = 0;
  std::int64_t lost = 0;
  connect::Assignment told;
};
std::string to_text(const LeaderSays& says);
LeaderSays leader_says(std::string_view text);

}  // namespace nutshell
