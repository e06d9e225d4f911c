// Where the files are that come with the program.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nutshell {

// Beside the program (../share/nutshell), in the source tree that it was built from, and where it was to be installed.
std::vector<std::filesystem::path> data_folders();

// Of a workload that comes with the program, by its name; empty: there is none.
std::string shipped_workload(const std::string& name);
// All of their names.
std::vector<std::string> shipped_workload_names();

}  // namespace nutshell
