#include "sim/core/names.h"

#include <algorithm>
#include <bit>

#include "sim/core/digest.h"

namespace nutshell {

// The index is a row of sorted runs, as long as the powers of two of which its length is the sum, the longest first. So a name
// comes in by a few merges on average, and nothing but the length says where runs begin.

std::int32_t Names::find(std::string_view name) const {
  const auto before = [this](std::int32_t id, std::string_view wanted) { return (*table_)[static_cast<std::size_t>(id)] < wanted; };
  auto run = sorted_->begin();
  for (std::size_t left = sorted_->size(); left > 0;) {
    const std::size_t length = std::bit_floor(left);
    const auto end = run + static_cast<std::ptrdiff_t>(length);
    const auto at = std::lower_bound(run, end, name, before);
    if (at != end && (*this)[*at] == name) return *at;
    run = end;
    left -= length;
  }
  return -1;
}

std::int32_t Names::intern(std::string_view name) {
  if (const std::int32_t known = find(name); known >= 0) return known;
  const std::int32_t id = size();
  // What no copy shares is changed where it is. Tables that are made here are not const themselves; the first, empty one is.
  const bool alone = id > 0 && table_.use_count() == 1 && sorted_.use_count() == 1;
  const auto table = alone ? std::const_pointer_cast<Table>(table_) : std::make_shared<Table>(*table_);
  using Index = std::vector<std::int32_t>;
  const auto sorted = alone ? std::const_pointer_cast<Index>(sorted_) : std::make_shared<Index>(*sorted_);
  table->emplace_back(name);
  sorted->push_back(id);
  const auto earlier = [&table](std::int32_t a, std::int32_t b) {
    return (*table)[static_cast<std::size_t>(a)] < (*table)[static_cast<std::size_t>(b)];
  };
  for (std::size_t length = 1; (static_cast<std::size_t>(id) & length) != 0; length *= 2) {
    const auto middle = sorted->end() - static_cast<std::ptrdiff_t>(length);
    std::inplace_merge(middle - static_cast<std::ptrdiff_t>(length), middle, sorted->end(), earlier);
  }
  table_ = table;
  sorted_ = sorted;
  return id;
}

void Names::fold_into(std::uint64_t& digest) const { fold(digest, *table_); }

}  // namespace nutshell
