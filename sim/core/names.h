// Interned names: topics, groups, record keys and texts are known inside the world by small numbers.
// Copies share one table; interning a new name makes a new table, which happens rarely.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nutshell {

class Names {
 public:
  // The number of `name`, new or known.
  std::int32_t intern(std::string_view name);
  // The number of `name`, or -1 when it was never interned.
  std::int32_t find(std::string_view name) const;
  // What is not known yet, because its time is still to come, is "-".
  const std::string& operator[](std::int32_t id) const {
    static const std::string kUnknown = "-";
    return id >= 0 && id < size() ? (*table_)[static_cast<std::size_t>(id)] : kUnknown;
  }
  std::int32_t size() const { return static_cast<std::int32_t>(table_->size()); }
  void fold_into(std::uint64_t& digest) const;

 private:
  using Table = std::vector<std::string>;
  std::shared_ptr<const Table> table_ = std::make_shared<const Table>();
  std::shared_ptr<const std::vector<std::int32_t>> sorted_ = std::make_shared<const std::vector<std::int32_t>>();
};

}  // namespace nutshell
