#include "sim/cluster/difference.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "sim/cluster/describe.h"

namespace nutshell {
namespace {

// Columns that say which row it is, and those that say nothing here.
constexpr std::array<std::string_view, 8> kKeys = {"Topic", "Partition", "GROUP", "TOPIC", "PARTITION", "Broker", "NodeId", "CONSUMER-ID"};
constexpr std::array<std::string_view, 2> kAlways = {"LastFetchTimestamp", "LastCaughtUpTimestamp"};

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// " orders 0". A partition is the same row whoever reads it.
std::string key_of(const Table& table, const std::vector<std::string>& row) {
  std::string key;
  bool partition = false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string& column = table.columns[i];
    if (!is_in(kKeys, column) || row[i] == "-" || (column == "CONSUMER-ID" && partition)) continue;
    partition = partition || column == "PARTITION";
    key += " " + row[i];
  }
  return key;
}

const std::vector<std::string>* row_of(const Table& table, const std::string& key) {
  for (const auto& row : table.rows) {
    if (key_of(table, row) == key) return &row;
  }
  return nullptr;
}

void compare_rows(const std::string& subject, const Table& left, const Table& right, std::vector<Difference>& all) {
  for (const auto& row : left.rows) {
    const std::string key = key_of(left, row);
    const std::vector<std::string>* other = row_of(right, key);
    if (!other) all.push_back({subject + key, "there", "-"});
    for (std::size_t i = 0; other && i < row.size(); ++i) {
      if (row[i] == (*other)[i] || is_in(kAlways, left.columns[i])) continue;
      all.push_back({subject + key + ": " + left.columns[i], row[i], (*other)[i]});
    }
  }
  for (const auto& row : right.rows) {
    const std::string key = key_of(right, row);
    if (!row_of(left, key)) all.push_back({subject + key, "-", "there"});
  }
}

// Tables are of one kind if their columns are; of several of a kind, rows are told apart by their keys.
std::vector<Table> by_kind(const World& world, std::string_view subject) {
  std::vector<Table> kinds;
  for (Table& each : describe(world, subject)) {
    const auto same = std::find_if(kinds.begin(), kinds.end(), [&](const Table& other) { return other.columns == each.columns; });
    if (same == kinds.end()) kinds.push_back(std::move(each));
    else same->rows.insert(same->rows.end(), each.rows.begin(), each.rows.end());
  }
  return kinds;
}

}  // namespace

std::vector<Difference> differences(const World& left, const World& right) {
  std::vector<Difference> all;
  for (std::string_view subject : describe_subjects()) {
    if (subject == "zones") continue;  // sums of bytes differ always, and say nothing
    std::vector<Table> ours = by_kind(left, subject), theirs = by_kind(right, subject);
    const auto like = [](const Table& kind) { return [&kind](const Table& each) { return each.columns == kind.columns; }; };
    for (const Table& each : theirs) {
      if (std::none_of(ours.begin(), ours.end(), like(each))) ours.push_back({"", each.columns, {}});
    }
    for (const Table& each : ours) {
      const auto other = std::find_if(theirs.begin(), theirs.end(), like(each));
      compare_rows(std::string(subject), each, other == theirs.end() ? Table{"", each.columns, {}} : *other, all);
    }
  }
  return all;
}

}  // namespace nutshell
