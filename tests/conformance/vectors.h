// Reads the vector files: tests/vectors/README.md says what is in them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace nutshell {

// The cases of a vector file, from the folder that the environment variable NUTSHELL_VECTORS names or
// else from tests/vectors. A file that is missing, is no JSON or has no case fails the test case.
nlohmann::json vector_cases(const std::string& file_name);

}  // namespace nutshell
