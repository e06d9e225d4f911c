#include "sim/session/ksql_console.h"

#include <algorithm>
#include <array>

#include "sim/ksql/server.h"
#include "sim/streams/problem.h"

namespace nutshell {

namespace {

constexpr std::size_t kMostWords = 7;

// Of the language, in the order of the alphabet.
constexpr auto kKsqlWords = std::to_array<std::string_view>({
    "ADVANCE BY",  "AND",       "AS SELECT", "AVG(",         "BEGINNING",   "BETWEEN",    "BIGINT",       "BOOLEAN",  "CASE",
    "CAST(",       "CHANGES",   "COUNT(*)",  "CREATE STREAM", "CREATE TABLE", "DESCRIBE", "DOUBLE",       "DROP",     "ELSE",
    "EMIT CHANGES", "EMIT FINAL", "END",     "EXPLAIN",      "FROM",        "FULL OUTER JOIN", "GRACE PERIOD", "GROUP BY", "HAVING",
    "HOPPING (SIZE", "INNER JOIN", "INSERT INTO", "INT",     "IS NOT NULL", "JOIN",       "KAFKA_TOPIC",  "KEY",      "LEFT JOIN",
    "LIKE",        "LIMIT",     "MAX(",      "MIN(",         "MINUTE",      "NOT",        "ON",           "OR",       "PARTITION BY",
    "PARTITIONS",  "PAUSE",     "PRIMARY KEY", "PRINT",      "QUERIES",     "RESUME",     "RETENTION",    "RIGHT JOIN", "ROWTIME",
    "SECONDS",     "SELECT",    "SESSION (", "SHOW",         "SUM(",        "TERMINATE",  "THEN",         "TUMBLING (SIZE", "VALUE_FORMAT",
    "VALUES",      "VARCHAR",   "WHEN",      "WHERE",        "WINDOW"});

const std::string& node_name(const World& world, const KsqlServer& server) {
  return world.fabric.nodes[static_cast<std::size_t>(server.node)].name;
}

const KsqlServer* server_named(const World& world, std::string_view name) {
  for (const KsqlServer& each : world.plain.of<KsqlServer>())
    if (node_name(world, each) == name) return &each;
  return nullptr;
}

bool is_word_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

bool begins_with(std::string_view whole, std::string_view part) {
  return whole.size() > part.size() && streams::upper(whole.substr(0, part.size())) == streams::upper(part);
}

// Whether the text names it, as a word by itself.
bool speaks_of(std::string_view typed, std::string_view name) {
  const std::string text = streams::upper(typed);
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const bool before = at == 0 || !is_word_letter(text[at - 1]);
    const std::size_t end = at + name.size();
    if (before && (end == text.size() || !is_word_letter(text[end]))) return true;
  }
  return false;
}

std::vector<Completion> first_statements(const streams::Catalog& catalog) {
  std::vector<Completion> all = {{"SHOW STREAMS;", "what there is"}, {"SHOW TABLES;", ""}, {"SHOW QUERIES;", "what runs"}};
  for (const auto& [name, source] : catalog.sources) {
    if (all.size() + 2 > kMostWords) break;
    if (source.table && !source.query.empty()) all.push_back({"SELECT * FROM " + name + ";", "the rows of the table, now"});
    if (!source.query.empty()) all.push_back({"EXPLAIN " + source.query + ";", "its steps, as a picture"});
  }
  return all;
}

}  // namespace

std::vector<std::string> ksql_servers(const World& world) {
  std::vector<std::string> all;
  for (const KsqlServer& each : world.plain.of<KsqlServer>()) all.push_back(node_name(world, each));
  return all;
}

std::string ksql_server_for(const World& world, std::string_view wanted) {
  const std::vector<std::string> all = ksql_servers(world);
  if (std::find(all.begin(), all.end(), wanted) != all.end()) return std::string(wanted);
  for (const KsqlServer& each : world.plain.of<KsqlServer>())
    if (each.running) return node_name(world, each);
  return all.empty() ? "" : all.front();
}

std::vector<ConsoleEntry> console_entries(const World& world, std::string_view server) {
  std::vector<ConsoleEntry> all;
  const KsqlServer* asked = server_named(world, server);
  if (!asked) return all;
  for (const KsqlStatement& each : asked->statements) {
    const bool answered = each.state != KsqlStatement::State::waiting && each.state != KsqlStatement::State::sent;
    all.push_back({each.text, each.printed, each.state == KsqlStatement::State::refused, answered,
                   each.state == KsqlStatement::State::runs ? each.query : ""});
  }
  return all;
}

std::vector<Completion> ksql_completions(const World& world, std::string_view server, std::string_view typed) {
  const KsqlServer* asked = server_named(world, server);
  if (!asked) return {};
  const streams::Catalog& catalog = asked->engine.catalog;
  if (typed.find_first_not_of(' ') == std::string_view::npos) return first_statements(catalog);
  std::size_t from = typed.size();
  while (from > 0 && is_word_letter(typed[from - 1])) --from;
  const std::string_view word = typed.substr(from);
  // Within quotes stands what nobody can guess.
  if (word.empty() || std::count(typed.begin(), typed.end(), '\'') % 2 != 0) return {};
  std::vector<Completion> all;
  const auto add = [&](std::string_view whole, std::string about) {
    if (all.size() >= kMostWords || !begins_with(whole, word)) return;
    const bool small = word[0] >= 'a' && word[0] <= 'z';
    std::string text = std::string(typed.substr(0, from)) + (small ? streams::lower(whole) : std::string(whole));
    const auto same = [&](const Completion& each) { return each.text == text; };
    if (std::none_of(all.begin(), all.end(), same)) all.push_back({std::move(text), std::move(about)});
  };
  for (const auto& [name, source] : catalog.sources) {
    if (!speaks_of(typed, name)) continue;
    for (const streams::Column& each : source.columns) add(each.name, "column of " + name);
  }
  for (const auto& [name, source] : catalog.sources) add(name, source.table ? "table" : "stream");
  for (const std::string_view each : kKsqlWords) add(each, "");
  return all;
}

}  // namespace nutshell
