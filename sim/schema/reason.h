// Why one schema does not read what another wrote: the place, what is wrong there, and what to do.
#pragma once

#include <string>
#include <vector>

namespace nutshell {

struct SchemaReason {
  std::string where;  // "Order.lines[].price"; empty: the whole
  std::string what;
  std::string remedy;
  friend bool operator==(const SchemaReason&, const SchemaReason&) = default;
};
using SchemaReasons = std::vector<SchemaReason>;

// Whoever may still change: its remedies are about the new schema only.
enum class NewSide : bool { reader, writer };

}  // namespace nutshell
