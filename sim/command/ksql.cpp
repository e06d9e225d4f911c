// nutshell ksql: a script of ksqlDB's statements, carried out without a cluster.
#include "sim/command/command_line.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/ksql_shell.h"
#include "sim/command/library.h"
#include "sim/core/text.h"
#include "sim/ksql/server.h"
#include "sim/streams/engine.h"
#include "sim/streams/parser.h"

namespace nutshell {
namespace {

struct KsqlOptions {
  CommonOptions common;
  std::string file;
  bool interactive = false;
};

std::string script_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Failure("the file '" + file + "' cannot be read; name a file of statements");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Columns under their names, as wide as the widest value.
void print_table(const streams::Engine::Table& table, Output& out) {
  std::vector<std::vector<std::string>> cells = {table.names};
  for (const streams::Row& row : table.rows) {
    std::vector<std::string> line;
    for (std::size_t i = 0; i < row.size(); ++i) line.push_back(streams::value_text(row[i], table.columns[i].type));
    cells.push_back(std::move(line));
  }
  std::vector<std::size_t> widths(table.names.size(), 0);
  for (const auto& line : cells) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string rule = "+";
  for (const std::size_t width : widths) rule += std::string(width + 2, '-') + "+";
  out.line(rule);
  for (std::size_t n = 0; n < cells.size(); ++n) {
    std::string text = "|";
    for (std::size_t i = 0; i < cells[n].size(); ++i)
      text += " " + cells[n][i] + std::string(widths[i] - cells[n][i].size(), ' ') + " |";
    out.line(printable(text), n == 0 ? Style::bold : Style::plain);
    if (n == 0) out.line(rule);
  }
  out.line(rule);
  if (table.limit_reached) out.line("Limit Reached");
}

void print_lines(std::string_view text, Style style, Output& out) {
  if (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (text.empty()) return;
  for (const std::string_view line : split(text, '\n')) out.line(line, style);
}

// What users have typed at the servers of a scenario, and the rows that came of it.
int run_cluster(const std::string& file, Output& out) {
  const Scenario scenario = load(file, {});
  const Timeline timeline = run_to_end(scenario, FactLevel::story);
  const std::vector<KsqlServer>& servers = timeline.world().plain.of<KsqlServer>();
  if (servers.empty()) throw Failure(file + " has no ksqlDB server; name one in \"ksqldb_servers\"");
  std::map<std::string, std::vector<KsqlResult>> results;
  for (const KsqlServer& server : servers) {
    for (const KsqlStatement& each : server.statements) {
      print_lines("ksql> " + each.text, Style::bold, out);
      print_lines(each.printed, Style::plain, out);
    }
    for (const KsqlQuery& query : server.queries)
      results[query.id].insert(results[query.id].end(), query.results.begin(), query.results.end());
  }
  for (auto& [query, rows] : results) {
    std::stable_sort(rows.begin(), rows.end(), [](const KsqlResult& a, const KsqlResult& b) { return a.at < b.at; });
    out.line(printable(query + " has written:"), Style::bold);
    for (const KsqlResult& row : rows)
      out.line(printable(format_time(row.at) + "  rowtime: " + std::to_string(row.timestamp) + ", key: " + row.key +
                         ", value: " + row.value + ", partition: " + std::to_string(row.partition)));
  }
  return kExitFine;
}

int run_shell(const KsqlOptions& options, Output& out) {
  Timeline timeline = options.file.empty() ? Timeline(ksql_shell_setup(), {}) : timeline_of(load(options.file, {}));
  if (timeline.world().plain.of<KsqlServer>().empty())
    throw Failure(options.file + " has no ksqlDB server to type at; name one in \"ksqldb_servers\", or name no file");
  const bool prompts = ::isatty(STDIN_FILENO) != 0;
  if (prompts) out.line("help says what can be typed; exit ends it.", Style::dim);
  return run_ksql_shell(timeline, std::cin, prompts, out);
}

int run_script(const KsqlOptions& options, Output& out) {
  if (options.interactive) return run_shell(options, out);
  if (options.file.empty()) throw Failure("ksql takes a FILE of statements or a scenario, or --interactive");
  if (options.file.size() > 5 && options.file.substr(options.file.size() - 5) == ".json") return run_cluster(options.file, out);
  streams::Switches switches;
  switches.final_interval = 0;
  switches.join_interval = 0;
  streams::Engine engine(switches);
  streams::Complaint complaint;
  const std::string script = script_of(options.file);
  const std::vector<streams::Statement> statements = streams::parse_script(script, engine.variables, complaint);
  for (const streams::Statement& s : statements) {
    std::string printed;
    if (s.verb == streams::Verb::select) {
      const streams::Engine::Table table = engine.select(*s.select, complaint);
      if (!complaint.any()) print_table(table, out);
    } else {
      engine.execute(s, complaint, printed);
      if (!complaint.any()) engine.run();
    }
    if (complaint.any()) break;
    if (!printed.empty()) out.text(printed);
  }
  if (!complaint.any()) return kExitFine;
  out.flush();
  throw Failure(options.file + ": " + streams::say(complaint.first()));
}

}  // namespace

void add_ksql(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("ksql", "Carry out statements of ksqlDB on rows that they insert themselves");
  auto options = std::make_shared<KsqlOptions>();
  command.operand("FILE", options->file,
                  "A script: statements, each with its semicolon; or a scenario (.json) with ksqlDB servers", Need::optional);
  command.flag("-i,--interactive", options->interactive,
               "Type statements at the ksqlDB servers of the scenario FILE; without one, of a cluster that is ready");
  add_common(command, options->common, Has::output_only);
  command.footer(
      "CREATE, INSERT, SELECT, DESCRIBE, EXPLAIN, PRINT and the others, without a cluster: every query reads from the "
      "beginning\n"
      "and has caught up before the next statement. A SELECT ... EMIT CHANGES ends when there is nothing more to read.\n"
      "\n"
      "Example:\n"
      "  nutshell ksql pageviews.sql\n"
      "  nutshell ksql --interactive                     # statements, run 10s, help\n"
      "  nutshell shot pageviews.sql -o topology.png     # EXPLAIN as a picture; --at 3s: with its first rows\n"
      "  nutshell open pageviews.sql                     # the same, with its rows passing through");
  command.on_chosen(job, options, run_script);
}

}  // namespace nutshell
