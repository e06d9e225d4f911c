// nutshell connect: a group of Connect workers between tables, files and topics, and what comes of it.
#include "sim/command/command_line.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "sim/command/commands.h"
#include "sim/command/connect_scenario.h"
#include "sim/command/connect_setup.h"
#include "sim/command/facts_out.h"
#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/core/text.h"
#include "sim/scenario/write.h"
#include "sim/sqlite/sqlite.h"
#include "sim/workers/data_store.h"
#include "sim/workers/worker.h"

namespace nutshell {
namespace {

struct ConnectOptions {
  CommonOptions common;
  std::string file, record, at;
  std::vector<std::string> store, out;  // NAME=FILE
  std::vector<std::string> rest;        // calls
};

// Of a file that is there already all of it stays, unless all of the new one could be written.
void write_contents(const std::string& path, const std::string& text) {
  namespace fs = std::filesystem;
  std::error_code failed;
  const bool beside = !fs::exists(path, failed) || fs::is_regular_file(path, failed);  // else it is a pipe, say
  const std::string part = beside ? path + ".part" : path;
  std::ofstream file(part, std::ios::binary);
  file << text;
  file.close();
  failed.clear();
  if (file && beside) fs::rename(part, path, failed);
  if (file && !failed) return;
  if (beside) fs::remove(part, failed);
  throw Failure("the file '" + path + "' cannot be written; name a place where there is room", kExitNoOutput);
}

// "NAME=FILE" into its two halves.
std::pair<std::string, std::string> halves(const std::string& option, const std::string& text) {
  const std::size_t equal = text.find('=');
  if (equal == 0 || equal == std::string::npos || equal + 1 == text.size())
    throw Failure(option + " '" + text + "' is no pair; write NAME=FILE");
  return {text.substr(0, equal), text.substr(equal + 1)};
}

std::vector<std::string_view> stores_in(const Scenario& scenario) {
  std::vector<std::string_view> all;
  for (const PlainSetup& each : scenario.setup.plain)
    if (each.plural == DataStoreKind::plural) all.push_back(each.name);
  return all;
}

// "copy/out.txt" is a file of the store copy; "out.txt" one of the store of a set-up's files.
std::pair<std::string, std::string> store_and_file(const std::string& name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return {kFileStore, name};
  return {name.substr(0, slash), name.substr(slash + 1)};
}

// Asked for before the run: what cannot be written is said before anything is.
void check_names(const ConnectOptions& options, const Scenario& scenario) {
  const std::vector<std::string_view> stores = stores_in(scenario);
  const auto check = [&](const std::string& option, const std::string& store) {
    if (std::count(stores.begin(), stores.end(), store) > 0) return;
    const std::string near = nearest_name(store, stores);
    throw Failure(option + " names the store '" + store + "', which the file does not have" +
                  (near.empty() ? "" : "; did you mean '" + near + "'?"));
  };
  for (const std::string& each : options.store) check("--store", halves("--store", each).first);
  for (const std::string& each : options.out) check("--out", store_and_file(halves("--out", each).first).first);
}

template <class F, class... T>
inline constexpr bool kIsOneOf = (std::is_same_v<F, T> || ...);

// What workers and stores do, and what befalls them: the rest of the cluster has its own commands.
bool is_told(const Fact& fact, const World& world) {
  const auto one_of = [&](NodeId node) {
    if (node == kNoNode) return false;
    const NodeKind kind = world.fabric.nodes[static_cast<std::size_t>(node)].kind;
    return kind == plain_node_kind<ConnectWorkerKind>() || kind == plain_node_kind<DataStoreKind>();
  };
  return fact.body.visit([&]<class F>(const F& body) {
    if constexpr (kIsOneOf<F, ConnectRefused, ConnectShared, ConnectUnit, SourceSent, SourceNoted, SinkWrote, ConnectSkipped,
                           StoreChanged, ActionRefused>)
      return true;
    else if constexpr (kIsOneOf<F, NodeStarted, NodeStopped, NodeCrashed>)
      return one_of(body.node);
    else
      return false;
  });
}

void print_run(const Timeline& timeline, Time until, Output& out) {
  const WorldNamer namer(timeline.world());
  for (const Fact& fact : timeline.facts()) {
    if (!is_told(fact, timeline.world())) continue;
    const bool heavy = fact.body.is<ConnectShared>() || fact.body.is<NodeCrashed>();
    out.line(printable(timed(fact.at, sentence(fact.body, namer), until)), heavy ? Style::bold : Style::plain);
  }
}

// As the status topic has it: the last word of each unit counts, whoever is gone since.
std::map<std::string, ConnectUnit> last_states(const Timeline& timeline) {
  const WorldNamer namer(timeline.world());
  std::map<std::string, ConnectUnit> last;
  for (const Fact& fact : timeline.facts())
    if (const auto* unit = fact.body.as<ConnectUnit>()) last[namer.name(unit->unit)] = *unit;
  return last;
}

void print_states(const Timeline& timeline, Output& out) {
  const WorldNamer namer(timeline.world());
  for (const auto& [unit, told] : last_states(timeline)) {
    const std::string state = namer.name(told.state);
    if (state == connect::unit_state_name(connect::UnitState::destroyed)) continue;
    out.line(printable(unit + ": " + state + " on " + namer.node(told.worker) + (told.why < 0 ? "" : ": " + namer.name(told.why))));
  }
}

// Of each partition what its leader has.
void print_topics(const World& world, Output& out) {
  std::map<std::string, std::int64_t> records;
  for (const Broker& broker : world.brokers)
    for (const Replica& each : broker.replicas)
      if (each.role == ReplicaRole::leader)
        records[std::string(world.fabric.names[each.tp.topic]) + "-" + std::to_string(each.tp.partition)] =
            each.log.log_end_offset() - each.log.log_start_offset();
  const std::vector<ConnectWorker>& workers = world.plain.of<ConnectWorker>();
  const auto of_a_group = [&](const std::string& name) {
    return std::any_of(workers.begin(), workers.end(), [&](const auto& each) { return name.rfind(each.config.group + "-", 0) == 0; });
  };
  for (const auto& [name, count] : records)
    if (!of_a_group(name) && name.rfind("__", 0) != 0) out.line(printable("topic " + name + ": " + std::to_string(count) + " records"));
}

// Calls of the script that only read.
void print_answers(const World& world, Output& out) {
  for (const ConnectWorker& worker : world.plain.of<ConnectWorker>())
    for (const ConnectCall& each : worker.calls)
      if (!each.answer.empty())
        out.line(printable(world.fabric.nodes[static_cast<std::size_t>(worker.node)].name + " answers " + each.text + ": " + each.answer));
}

void print_end(const Timeline& timeline, Output& out) {
  const World& world = timeline.world();
  out.line("");
  print_answers(world, out);
  print_states(timeline, out);
  print_topics(world, out);
  for (const DataStore& store : world.plain.of<DataStore>()) {
    const std::string& name = world.fabric.nodes[static_cast<std::size_t>(store.node)].name;
    for (const auto& [table, rows] : store.contents.is->database.tables)
      out.line(printable("table " + name + "." + table + ": " + std::to_string(rows.size()) + " rows"));
    for (const auto& [file, text] : store.contents.is->files)
      out.line(printable("file " + name + "/" + file + ": " + std::to_string(text.size()) + " bytes"));
  }
}

void print_json(const Timeline& timeline, Output& out) {
  const WorldNamer namer(timeline.world());
  for (const Fact& fact : timeline.facts())
    if (is_told(fact, timeline.world())) out.line(fact_json(fact, namer));
}

const StoreContents& contents_of_store(const World& world, const std::string& name) {
  const Node* node = world.find_node(name);
  return *world.plain.of<DataStore>()[static_cast<std::size_t>(node->index)].contents.is;
}

void write_ends(const ConnectOptions& options, const Timeline& timeline) {
  const World& world = timeline.world();
  for (const std::string& each : options.store) {
    const auto [name, path] = halves("--store", each);
    std::string problem;
    if (!write_sqlite(path, contents_of_store(world, name).database, problem)) throw Failure(problem, kExitNoOutput);
  }
  for (const std::string& each : options.out) {
    const auto [name, path] = halves("--out", each);
    const auto [store, file] = store_and_file(name);
    const auto& files = contents_of_store(world, store).files;
    const auto text = files.find(file);
    write_contents(path, text == files.end() ? "" : text->second);
  }
  // Somebody goes on with what was written: that it may lack something is told.
  if (options.store.empty() && options.out.empty()) return;
  const WorldNamer namer(world);
  for (const auto& [unit, told] : last_states(timeline)) {
    if (namer.name(told.state) != connect::unit_state_name(connect::UnitState::failed)) continue;
    throw Failure("what there was is written, but " + unit + " has failed: " + namer.name(told.why), kExitFailed);
  }
}

// The first that runs; nullptr: none does.
const ConnectWorker* running_worker(const World& world) {
  for (const ConnectWorker& each : world.plain.of<ConnectWorker>())
    if (each.running && !each.stopping) return &each;
  return nullptr;
}

// Calls a worker as the run stands, lets it go on until there is an answer, and prints that and nothing else, as curl would.
void call_and_print(Timeline& timeline, const std::string& call, Output& out) {
  const ConnectWorker* worker = running_worker(timeline.world());
  if (!worker) throw Failure("no worker runs that could be called; name another moment with --at");
  const NodeId node = worker->node;
  const std::string problem = timeline.act(Rest{timeline.world().fabric.nodes[static_cast<std::size_t>(node)].name, call});
  if (!problem.empty()) throw Failure("--rest: " + problem);
  constexpr int kPatience = 300;
  for (int tenth = 0; tenth < kPatience; ++tenth) {
    const auto index = static_cast<std::size_t>(timeline.world().fabric.nodes[static_cast<std::size_t>(node)].index);
    const std::vector<ConnectCall>& calls = timeline.world().plain.of<ConnectWorker>()[index].calls;
    const auto asked = std::find_if(calls.rbegin(), calls.rend(), [&](const ConnectCall& each) { return each.text == call; });
    if (asked != calls.rend() && asked->state == ConnectCall::State::refused) throw Failure(asked->why, kExitFailed);
    if (asked != calls.rend() && asked->state == ConnectCall::State::done) {
      if (!asked->answer.empty()) out.line(printable(asked->answer));
      return;
    }
    timeline.seek_time(timeline.now() + 100 * kMillisecond);
  }
  throw Failure("the worker has not answered for 30 s; name another moment with --at");
}

int run_connect(const ConnectOptions& options, Output& out) {
  Scenario scenario = read_connect(options.file);
  const std::vector<PlainSetup>& plain = scenario.setup.plain;
  if (std::none_of(plain.begin(), plain.end(), [](const PlainSetup& each) { return each.plural == ConnectWorkerKind::plural; }))
    throw Failure(options.file + " has no Connect workers; name some in \"connect_workers\"");
  check_names(options, scenario);
  if (!options.record.empty()) {
    const std::string text = write_scenario(scenario);
    if (text.size() > kMaxScenarioBytes)
      throw Failure("what was read is longer than a megabyte, and could not be replayed; take fewer rows");
    write_contents(options.record, text);
  }
  if (!options.at.empty()) scenario.until = time_option("--at", options.at);
  Timeline timeline = run_to_end(scenario, FactLevel::story);
  for (const std::string& each : options.rest) call_and_print(timeline, each, out);
  if (!options.rest.empty()) {
    // Only what was asked for.
  } else if (options.common.json) {
    print_json(timeline, out);
  } else {
    if (!scenario.about.empty()) out.line(printable(scenario.about), Style::caption);
    print_run(timeline, scenario.until, out);
    print_end(timeline, out);
  }
  write_ends(options, timeline);
  return kExitFine;
}

}  // namespace

void add_connect(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("connect", "Run Kafka Connect between tables, files and topics, with workers that die");
  auto options = std::make_shared<ConnectOptions>();
  command.operand("FILE", options->file,
                  "A set-up: workers, connectors, databases, files, and what happens when; or a scenario with Connect workers");
  command.option("--store", options->store, "NAME=FILE", "Write the tables of a data store to a file of SQLite at the end");
  command.option("--out", options->out, "NAME=FILE", "Write a file of a data store to a file: STORE/NAME=FILE, or of a set-up NAME=FILE");
  command.option("--rest", options->rest, "CALL",
                 "Call a worker's REST interface at the end, such as \"GET /connectors/NAME/status\", and print only its answer");
  command.option("--at", options->at, "TIME", "End there, before the run's own end");
  command.option("--record", options->record, "FILE", "Write it as a scenario with all that was read, to be replayed without the files");
  add_common(command, options->common, Has::output_only);
  command.footer(
      "A database { \"sqlite\": \"shop.db\" } and a file { \"read\": \"in.txt\" } are read before the run. Nothing outside is written\n"
      "unless --store, --out or --record says so. What --record writes is a scenario: run, play and open take it too.\n"
      "\n"
      "Examples:\n"
      "  nutshell connect assets/connect/table-to-table.json --store copy=copy.db\n"
      "  nutshell connect assets/connect/poison-row.json --at 80s --rest \"GET /connectors/strict/status\"\n"
      "  nutshell connect poison-and-dead-letters");
  command.on_chosen(job, options, run_connect);
}

}  // namespace nutshell
