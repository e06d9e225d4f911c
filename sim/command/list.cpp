// nutshell list: what there is.
#include <algorithm>

#include "sim/check/judge.h"
#include "sim/cluster/describe.h"
#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/facts_out.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/core/text.h"
#include "sim/history/fact_pattern.h"
#include "sim/kafka/config_keys.h"
#include "sim/scenario/action_json.h"
#include "sim/scenario/transcript.h"

namespace nutshell {
namespace {

struct ListOptions {
  CommonOptions common;
  std::string what;
  std::string word;
};

using Cells = std::vector<std::string>;

constexpr std::size_t kWidth = 100;

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& each : parts) text += (text.empty() ? "" : ", ") + each;
  return text;
}

Table list_scenarios() {
  Table table{"", {"scenario", "title", "chapter", "goals", "file"}, {}};
  for (const std::string& file : shipped_scenarios()) {
    const LoadResult loaded = load_scenario(file);
    const bool fine = loaded.scenario.has_value();
    table.rows.push_back(Cells{bare_name(file), fine ? loaded.scenario->title : "(has mistakes: see nutshell validate)",
                               fine ? loaded.scenario->chapter : "",
                               fine && loaded.scenario->is_puzzle() ? std::to_string(loaded.scenario->goals.size()) : "", file});
  }
  return table;
}

Table list_actions() {
  Table table{"", {"action", "fields", "meaning"}, {}};
  for (const ActionShape& action : action_shapes()) {
    std::vector<std::string> fields;
    for (const ActionField& field : action.fields)
      fields.push_back(std::string(field.name) + (field.required ? "" : "?"));
    table.rows.push_back(Cells{std::string(action.name), join(fields), std::string(action.help)});
  }
  return table;
}

Table list_facts() {
  Table table{"", {"fact", "level", "fields"}, {}};
  for (const FactShape& fact : fact_shapes()) {
    std::vector<std::string> fields;
    for (const FieldShape& field : fact.fields) fields.emplace_back(field.name);
    table.rows.push_back(Cells{std::string(fact.name), std::string(level_name(fact.level)), join(fields)});
  }
  return table;
}

Table list_promises() {
  Table table{"", {"promise", "title", "meaning", "source"}, {}};
  for (const Promise& each : promises()) {
    table.rows.push_back(
        Cells{std::string(each.name), std::string(each.title), std::string(each.about), std::string(each.source)});
  }
  return table;
}

Table list_configs() {
  Table table{"", {"scope", "key", "default", "meaning", "note"}, {}};
  for (const ConfigKey& key : config_keys()) {
    table.rows.push_back(Cells{std::string(scope_name(key.scope)), std::string(key.name), key.default_text,
                               std::string(key.doc), std::string(key.note)});
  }
  return table;
}

Table table_of(const std::string& what) {
  if (what == "scenarios") return list_scenarios();
  if (what == "actions") return list_actions();
  if (what == "facts") return list_facts();
  if (what == "promises") return list_promises();
  if (what == "configs") return list_configs();
  const std::string near = nearest_name(what, {"scenarios", "actions", "facts", "promises", "configs"});
  throw Failure(
      "there is no list of '" + what + "'; " +
      (near.empty() ? "there are scenarios, actions, facts, promises and configs" : "did you mean '" + near + "'?"));
}

// The column that names a row.
std::size_t name_column(const Table& table) { return table.columns.front() == "scope" ? 1 : 0; }

// Keeps the rows of which a cell contains the word; first those that have it in their names.
void keep_rows(Table& table, const std::string& word) {
  const std::size_t name = name_column(table);
  std::vector<Cells> named, kept;
  for (Cells& row : table.rows) {
    bool found = false;
    for (const std::string& cell : row) found = found || cell.find(word) != std::string::npos;
    if (found) (row[name].find(word) != std::string::npos ? named : kept).push_back(std::move(row));
  }
  named.insert(named.end(), kept.begin(), kept.end());
  std::stable_partition(named.begin(), named.end(), [&](const Cells& row) { return row[name] == word; });
  table.rows = std::move(named);
}

// One entry as people read it: what it is called in one line, what it means below.
void print_entry(const Table& table, const Cells& row, Output& out) {
  const std::size_t name = name_column(table);
  std::string aside;
  std::vector<std::string> below;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& column = table.columns[i];
    if (i == name || row[i].empty()) continue;
    if (column == "meaning" || column == "note" || column == "title") below.push_back(row[i]);
    else aside += (aside.empty() ? "" : "; ") + (column == "scope" ? "" : column + ": ") + row[i];
  }
  out.line(row[name] + (aside.empty() ? "" : "  (" + aside + ")"), Style::bold);
  for (const std::string& text : below) out.text("    " + wrap(text, kWidth - 4, 4));
}

void print_json(const ListOptions& options, const Table& table, Output& out) {
  std::vector<std::string> rows;
  for (const Cells& row : table.rows) {
    JsonObject object;
    for (std::size_t i = 0; i < row.size(); ++i) object.text(table.columns[i], row[i]);
    rows.push_back(object.done());
  }
  out.text(JsonObject().json(options.what, json_list(rows)).done());
}

int print_list(const ListOptions& options, Output& out) {
  Table table = table_of(options.what);
  if (!options.word.empty()) keep_rows(table, options.word);
  if (options.common.json) {
    print_json(options, table, out);
    return kExitFine;
  }
  if (options.what == "scenarios") {  // the file is for programs
    table.columns.pop_back();
    for (Cells& row : table.rows) row.pop_back();
  }
  const bool short_rows = options.what == "scenarios" || options.what == "facts";
  if (table.rows.empty()) {
    out.line("There are none.");
  } else if (short_rows) {
    out.text(to_text({table}));
  } else {
    for (const Cells& row : table.rows) print_entry(table, row, out);
  }
  return kExitFine;
}

}  // namespace

void add_list(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("list", "List scenarios, actions, facts, promises or configuration keys");
  auto options = std::make_shared<ListOptions>();
  command.operand("WHAT", options->what, "scenarios, actions, facts, promises or configs");
  command.operand("WORD", options->word, "Only what contains this word", Need::optional);
  add_common(command, options->common, Has::output_only);
  command.footer(
      "Examples:\n"
      "  nutshell list scenarios\n"
      "  nutshell list configs acks\n"
      "  nutshell list facts --json");
  command.on_chosen(job, options, print_list);
}

}  // namespace nutshell
