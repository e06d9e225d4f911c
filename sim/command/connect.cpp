// nutshell connect: a group of Connect workers between tables, files and topics, and what comes of it.
#include "sim/command/command_line.h"

#include <fstream>

#include "sim/command/commands.h"
#include "sim/command/connect_setup.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/core/text.h"
#include "sim/sqlite/sqlite.h"

namespace nutshell {
namespace {

using connect::Database;
using connect::Simulation;

struct ConnectOptions {
  CommonOptions common;
  std::string file, record;
  std::vector<std::string> store, out;  // NAME=FILE
};

void write_contents(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw Failure("the file '" + path + "' cannot be written; name a place where there is room", kExitNoOutput);
}

// "NAME=FILE" into its two halves.
std::pair<std::string, std::string> halves(const std::string& option, const std::string& text) {
  const std::size_t equal = text.find('=');
  if (equal == 0 || equal == std::string::npos || equal + 1 == text.size())
    throw Failure(option + " '" + text + "' is no pair; write NAME=FILE");
  return {text.substr(0, equal), text.substr(equal + 1)};
}

void print_story(const Simulation& run, Output& out) {
  for (const connect::Fact& fact : run.facts()) {
    const std::string time = format_time(fact.at);
    out.line(printable(std::string(time.size() < 10 ? 10 - time.size() : 0, ' ') + time + "  " + fact.text),
             fact.kind == connect::FactKind::rebalance || fact.kind == connect::FactKind::worker ? Style::bold : Style::plain);
  }
}

void print_end(const Simulation& run, Output& out) {
  out.line("");
  for (const auto& [unit, status] : run.status()) {
    const std::string where = status.worker.empty() ? "" : " on " + status.worker;
    const std::string why = status.trace.empty() ? "" : ": " + status.trace;
    out.line(printable(unit + ": " + std::string(connect::unit_state_name(status.state)) + where + why));
  }
  for (const auto& [place, log] : run.topics())
    out.line(printable("topic " + place.first + "-" + std::to_string(place.second) + ": " + std::to_string(log.size()) + " records"));
  for (const auto& [name, database] : run.databases()) {
    for (const auto& [table, rows] : database.tables)
      out.line(printable("table " + name + "." + table + ": " + std::to_string(rows.size()) + " rows"));
  }
  for (const auto& [name, text] : run.sink_files()) out.line(printable("file " + name + ": " + std::to_string(text.size()) + " bytes"));
}

void print_json(const Simulation& run, Output& out) {
  for (const connect::Fact& fact : run.facts()) {
    out.line("{\"at\":" + std::to_string(fact.at) + ",\"fact\":\"" + std::string(connect::fact_name(fact.kind)) + "\",\"who\":" +
             quoted_json(fact.who) + ",\"text\":" + quoted_json(fact.text) + ",\"count\":" + std::to_string(fact.count) + "}");
  }
}

// Asked for before the run: what cannot be written is said before anything is.
void check_names(const ConnectOptions& options, const connect::Setup& setup) {
  for (const std::string& each : options.store) {
    const std::string name = halves("--store", each).first;
    if (!setup.databases.count(name)) throw Failure("--store names the database '" + name + "', which the set-up does not have");
  }
  for (const std::string& each : options.out) halves("--out", each);
}

void write_ends(const ConnectOptions& options, const Simulation& run) {
  for (const std::string& each : options.store) {
    const auto [name, path] = halves("--store", each);
    std::string problem;
    if (!write_sqlite(path, run.databases().at(name), problem)) throw Failure(problem, kExitNoOutput);
  }
  for (const std::string& each : options.out) {
    const auto [name, path] = halves("--out", each);
    const auto text = run.sink_files().find(name);
    write_contents(path, text == run.sink_files().end() ? "" : text->second);
  }
}

int run_connect(const ConnectOptions& options, Output& out) {
  JsonTree tree;
  const connect::Setup setup = read_connect_setup(options.file, tree);
  check_names(options, setup);
  if (!options.record.empty()) {
    const std::string text = compact_json(tree) + "\n";
    if (text.size() > kMaxTreeBytes) throw Failure("what was read is longer than a megabyte, and could not be replayed; take fewer rows");
    write_contents(options.record, text);
  }
  Simulation run(setup);
  run.run();
  if (options.common.json) {
    print_json(run, out);
  } else {
    if (const JsonTree* about = tree.find("about")) out.line(printable(about->text), Style::caption);
    print_story(run, out);
    print_end(run, out);
  }
  write_ends(options, run);
  return kExitFine;
}

}  // namespace

void add_connect(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("connect", "Run Kafka Connect between tables, files and topics, with workers that die");
  auto options = std::make_shared<ConnectOptions>();
  command.operand("FILE", options->file, "The set-up: workers, connectors, databases, files, and what happens when");
  command.option("--store", options->store, "NAME=FILE", "Write the tables of a database to a file of SQLite at the end");
  command.option("--out", options->out, "NAME=FILE", "Write what a file sink has written to a file");
  command.option("--record", options->record, "FILE", "Write the set-up with all that was read, to be replayed without the files");
  add_common(command, options->common, Has::output_only);
  command.footer(
      "A database { \"sqlite\": \"shop.db\" } and a file { \"read\": \"in.txt\" } are read before the run. Nothing outside is written\n"
      "unless --store, --out or --record says so.\n"
      "\n"
      "Example:\n"
      "  nutshell connect assets/connect/table-to-table.json --store copy=copy.db");
  command.on_chosen(job, options, run_connect);
}

}  // namespace nutshell
