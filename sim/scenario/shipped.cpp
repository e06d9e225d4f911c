#include "sim/scenario/shipped.h"

#include <algorithm>

namespace nutshell {

namespace fs = std::filesystem;

std::vector<fs::path> data_folders() {
  std::vector<fs::path> folders;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) folders.push_back(program.parent_path().parent_path() / "share" / "nutshell");
  folders.emplace_back(NUTSHELL_SOURCE_DIR);
  folders.emplace_back(NUTSHELL_DATA_DIR);
  return folders;
}

std::string shipped_workload(const std::string& name) {
  std::error_code error;
  if (name.empty() || name.find('/') != std::string::npos) return "";
  for (const fs::path& folder : data_folders()) {
    const fs::path file = folder / "assets" / "rivals" / (name + ".json");
    if (fs::is_regular_file(file, error)) return file.string();
  }
  return "";
}

std::vector<std::string> shipped_workload_names() {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::path& folder : data_folders()) {
    for (fs::directory_iterator at(folder / "assets" / "rivals", error), end; !error && at != end; at.increment(error))
      if (at->path().extension() == ".json") names.push_back(at->path().stem().string());
    if (!names.empty()) break;
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace nutshell
