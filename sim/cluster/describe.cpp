#include "sim/cluster/describe.h"

#include <algorithm>

#include "sim/cluster/describe_tables.h"

namespace nutshell {

namespace {

std::vector<NamedTable> tables_of(const World& world, std::string_view subject, InternalTopics internal) {
  if (subject == "topics") return topics_tables(world, internal);
  if (subject == "groups") return groups_tables(world);
  if (subject == "members") return members_tables(world);
  if (subject == "quorum") return quorum_tables(world);
  if (subject == "brokers") return brokers_tables(world);
  if (subject == "logs") return logs_tables(world, internal);
  if (subject == "zones") return zones_tables(world);
  return {};
}

// Characters as they are seen: the continuation bytes of UTF-8 do not count.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

void append_line(std::string& text, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    text += cells[i];
    if (i + 1 < cells.size()) text.append(widths[i] - width_of(cells[i]) + 2, ' ');
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  text += '\n';
}

// "  Topic: orders  Partition: 0  Leader: 1"
void append_labelled(std::string& text, const Table& table) {
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text += "  " + table.columns[i] + ": " + row[i];
    text += '\n';
  }
}

// "LeaderId:               3001"
void append_list(std::string& text, const Table& table) {
  constexpr std::size_t kValues = 24;
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string name = table.columns[i] + ":";
      text += name + std::string(kValues - std::min(name.size(), kValues - 1), ' ') + row[i] + '\n';
    }
  }
}

void append_table(std::string& text, const Table& table) {
  if (!table.title.empty()) text += table.title + '\n';
  if (table.layout == TableLayout::labelled) return append_labelled(text, table);
  if (table.layout == TableLayout::list) return append_list(text, table);
  std::vector<std::size_t> widths;
  for (const std::string& column : table.columns) widths.push_back(width_of(column));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  append_line(text, table.columns, widths);
  for (const auto& row : table.rows) append_line(text, row, widths);
}

// The column that `path` names in the row called `name`: what follows "name/".
std::string_view column_in_row(std::string_view path, std::string_view name) {
  if (name.empty()) return path;
  if (path.size() <= name.size() + 1 || path.substr(0, name.size()) != name || path[name.size()] != '/') return "";
  return path.substr(name.size() + 1);
}

// The last row that fits: of two members of one client, the one that joined later.
std::optional<std::string> find_value(const NamedTable& named, std::string_view path) {
  for (const auto& [name, value] : named.values) {
    if (name == path) return value;
  }
  const Table& table = named.table;
  for (std::size_t row = table.rows.size(); row-- > 0;) {
    for (const std::string& name : named.names[row]) {
      const auto column = std::find(table.columns.begin(), table.columns.end(), column_in_row(path, name));
      if (column != table.columns.end())
        return table.rows[row][static_cast<std::size_t>(column - table.columns.begin())];
    }
  }
  return std::nullopt;
}

}  // namespace

const std::vector<std::string_view>& describe_subjects() {
  static const std::vector<std::string_view> kSubjects = {"topics", "groups", "members", "quorum", "brokers", "logs", "zones"};
  return kSubjects;
}

std::vector<Table> describe(const World& world, std::string_view subject, InternalTopics internal) {
  std::vector<Table> tables;
  for (NamedTable& each : tables_of(world, subject, internal)) tables.push_back(std::move(each.table));
  return tables;
}

std::string to_text(const std::vector<Table>& tables) {
  std::string text;
  for (const Table& each : tables) {
    if (!text.empty()) text += '\n';
    append_table(text, each);
  }
  return text;
}

std::optional<std::string> describe_value(const World& world, std::string_view path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  for (const NamedTable& each : tables_of(world, path.substr(0, slash), InternalTopics::show)) {
    if (std::optional<std::string> value = find_value(each, path.substr(slash + 1))) return value;
  }
  return std::nullopt;
}

}  // namespace nutshell
