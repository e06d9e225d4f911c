#include "tests/conformance/vectors.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

namespace nutshell {
namespace {

std::string vector_folder() {
  const char* chosen = std::getenv("NUTSHELL_VECTORS");
  return chosen != nullptr && *chosen != '\0' ? chosen : NUTSHELL_VECTORS_DIR;
}

}  // namespace

nlohmann::json vector_cases(const std::string& file_name) {
  const std::string path = vector_folder() + "/" + file_name;
  std::ifstream stream(path);
  if (!stream) {
    FAIL("There is no vector file ", path, ". NUTSHELL_VECTORS names the folder; unset, it is tests/vectors.");
  }
  const nlohmann::json document = nlohmann::json::parse(stream, nullptr, false);
  if (document.is_discarded()) FAIL("The vector file ", path, " is not JSON.");
  nlohmann::json cases = document.value("cases", nlohmann::json::array());
  if (cases.empty()) FAIL("The vector file ", path, " has no cases.");
  MESSAGE(file_name, ": ", cases.size(), " cases");
  return cases;
}

}  // namespace nutshell
