#include "sim/core/names.h"

#include <algorithm>

#include "sim/core/digest.h"

namespace nutshell {

namespace {
auto position(const std::vector<std::string>& table, const std::vector<std::int32_t>& sorted, std::string_view name) {
  return std::lower_bound(sorted.begin(), sorted.end(), name, [&](std::int32_t id, std::string_view wanted) {
    return table[static_cast<std::size_t>(id)] < wanted;
  });
}
}  // namespace

std::int32_t Names::find(std::string_view name) const {
  const auto at = position(*table_, *sorted_, name);
  return at != sorted_->end() && (*this)[*at] == name ? *at : -1;
}

std::int32_t Names::intern(std::string_view name) {
  if (const std::int32_t known = find(name); known >= 0) return known;
  const std::int32_t id = size();
  auto table = std::make_shared<Table>(*table_);
  auto sorted = std::make_shared<std::vector<std::int32_t>>(*sorted_);
  sorted->insert(sorted->begin() + (position(*table_, *sorted_, name) - sorted_->begin()), id);
  table->emplace_back(name);
  table_ = std::move(table);
  sorted_ = std::move(sorted);
  return id;
}

void Names::fold_into(std::uint64_t& digest) const { fold(digest, *table_); }

}  // namespace nutshell
