// The steps of a server that its files share. For the files of this folder only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ksql/server.h"

namespace nutshell {

// server.cpp

inline constexpr ClientNumber kKsqlAdmin = 1, kKsqlCommandWriter = 2, kKsqlCommandReader = 3, kFirstFreeClient = 4;
// A number that no client of the server has; 0: there is none left.
ClientNumber free_client(const KsqlServer& server);
std::string command_topic(const KsqlServer& server);
std::int64_t wall_clock(const Env& env, const KsqlServer& server);  // ms
// Writes a record; the writer is started when it is first used.
struct KsqlRecord {
  std::string key, value;  // as names
  bool has_key = false, has_value = false;
  std::int32_t partition = -1;
  std::int64_t timestamp = -1;  // ms; -1: now
};
void write(Env& env, KsqlServer& server, KsqlWriter& writer, const KsqlRecord& record);
// Writes down what a task did (journal.h), if there is room: the parts of the moment that are not given are said here.
void note_down(const Env& env, KsqlServer& server, const KsqlQuery& query, const KsqlTask& task, KsqlMoment moment);
// nullptr: no client number is left.
KsqlWriter* writer_for(KsqlServer& server, std::vector<KsqlWriter>& writers, TopicId topic);
// The topic's partitions are known; else they are asked for.
bool topic_is_known(Env& env, KsqlServer& server, const std::string& topic);

// statements.cpp

// The statement is over: done, or refused because of the complaint.
void finish(Env& env, KsqlServer& server, KsqlStatement& typed, const streams::Complaint& complaint, std::string printed);
// Carries out what has come by the command topic, and takes the next step of what users have typed. True if anything was done.
bool go_on_with_statements(Env& env, KsqlServer& server);
// Asks for the topics that a query writes to.
void create_topics(Env& env, KsqlServer& server, const streams::Plan& plan);

// schemas.cpp: topics whose format has its schemas in the registry

// The answer to a question of the server to the registry.
void on_schema(Env& env, KsqlServer& server, const Response& response);
// The latest schemas of the subjects that the statement is about are known, or known to be missing. False: not yet, or nobody can
// be asked, and that is said.
bool schemas_are_answered(Env& env, KsqlServer& server, const streams::Statement& s, streams::Complaint& complaint);
// The schemas that the statement names by their ids are in the catalog. False: not yet, or the registry gives none, and that is said.
bool given_schemas_are_known(Env& env, KsqlServer& server, const streams::Statement& s, streams::Complaint& complaint);
// Those that rows of the source are written with have their ids. False: not yet, or refused, and that is said.
bool schemas_are_registered(Env& env, KsqlServer& server, const streams::Source& source, streams::Complaint& complaint, streams::Place at);
// The statement with the columns that it has come to have, for everybody who reads the command topic.
std::string with_columns(const streams::Statement& s, const streams::Source& source);
// Makes JSON of the first record of the inlet. False: the registry has still to say with which schema it was written.
bool deserialize_first(Env& env, KsqlServer& server, KsqlInlet& inlet);
// Makes of a record's JSON what its topic holds; `route`: the key's bytes. REQUIRES schemas_are_registered.
void serialize(Env& env, const KsqlServer& server, const streams::Source& source, KsqlRecord& record, std::optional<std::string>& route);

// asks.cpp

// SELECT and PRINT: something is printed, and nothing changes.
bool is_asked(const streams::Statement& s);
void ask(Env& env, KsqlServer& server, KsqlStatement& typed, const streams::Statement& s, streams::Complaint& complaint);
// A row of a push query has come.
void print_row(Env& env, KsqlServer& server, KsqlQuery& query, const streams::Output& output);
// A push query is over, and why; the last that is printed.
void end_push(Env& env, KsqlServer& server, KsqlQuery& query, std::string_view last);
// As ksqlDB's CLI lays a table out.
std::string table_head(const std::vector<std::string>& names);
std::string table_line(const std::vector<std::string>& cells);
void end_statement(Env& env, KsqlStatement& typed, std::string_view last);
// TERMINATE of a push query or PRINT by its id; false: there is none of that name.
bool end_asked(Env& env, KsqlServer& server, const std::string& name);
bool go_on_printing(Env& env, KsqlServer& server);

// pulls.cpp

// A look-up that other servers help to answer: here it waits for them, there it is answered.
void pull(Env& env, KsqlServer& server, KsqlStatement& typed, const streams::Statement& s, streams::Complaint& complaint);
PullResponse answer_pull(Env& env, const KsqlServer& server, const PullRequest& asked);
void on_pulled(Env& env, KsqlServer& server, const Response& response);

// hosts.cpp

// A task, and whoever of the group's members has it, or a copy of it.
struct KsqlTaskHost {
  int part = 0, partition = 0;
  std::size_t member = 0;
  bool copy = false;
};
// What a member says of itself when it joins.
TopicPartition server_mark(Env& env, const KsqlServer& server);
// Adds to what each member is given who has which task.
void tell_hosts(const Env& env, const KsqlQuery& query, const std::vector<KsqlTaskHost>& hosts,
                std::vector<std::vector<TopicPartition>>& given);
// Other servers that have the task, by the last assignment: whoever runs it, then those with a copy.
std::vector<NodeId> hosts_of(const Env& env, const KsqlServer& server, const KsqlQuery& query, int part, int partition);

// query.cpp

void add_query(Env& env, KsqlServer& server, const streams::Query& planned, bool from_earliest);
// The query ends here; its group goes on elsewhere, if others have it still.
void end_query(Env& env, KsqlServer& server, const std::string& id);
bool go_on_with_query(Env& env, KsqlServer& server, KsqlQuery& query);
// Commits and closes; true once its clients have ended.
bool close_query(Env& env, KsqlServer& server, KsqlQuery& query);

// tasks.cpp

// Who gets which tasks (P34, simpler): whoever had one keeps it as far as the load stays even.
void assign_tasks(Env& env, const KsqlServer& server, KsqlQuery& query);
// The group has given it these partitions.
void take_tasks(Env& env, KsqlServer& server, KsqlQuery& query, const std::vector<TopicPartition>& partitions);
void lose_tasks(Env& env, KsqlServer& server, KsqlQuery& query, bool lost);
// Reads changelogs.
void go_on_restoring(Env& env, KsqlServer& server, KsqlQuery& query);
streams::Record record_of(const Env& env, const HostedRecord& record, streams::WindowKind window);

// work.cpp

// Buffers what poll() has returned, then processes what may be processed (P9). True if there was anything.
bool work(Env& env, KsqlServer& server, KsqlQuery& query);
// Empties the caches.
void empty_caches(Env& env, KsqlServer& server, KsqlQuery& query);
std::vector<CommitPartition> offsets_of(const KsqlQuery& query);

}  // namespace nutshell
