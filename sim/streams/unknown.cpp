#include "sim/streams/unknown.h"

#include <vector>

#include "sim/streams/parser.h"

namespace nutshell::streams {

std::string no_such_source(const Catalog& catalog, const std::string& name) {
  std::vector<std::string> names;
  std::string twin;
  for (const auto& each : catalog.sources) {
    names.push_back(each.first);
    if (same_word(each.first, name)) twin = each.first;
  }
  const std::string said = quoted_name(name) + " does not exist: there is no such stream or table.";
  if (twin.empty()) return said + did_you_mean(name, names);
  return said + " There is " + quoted_name(twin) + ": names without backquotes are read in capitals, and backquotes keep the case.";
}

}  // namespace nutshell::streams
