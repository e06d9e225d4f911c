// The source tree keeps the rules of the house. Each finding is printed as `path:line: what`.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "tests/tidy/pages.h"
#include "tests/tidy/rules.h"

namespace nutshell::tidy {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = NUTSHELL_SOURCE_DIR;

bool is_local(const std::string& name) {  // what .gitignore keeps out of the tree
  return name == "build" || name.substr(0, 6) == "build-" || name == "compile_commands.json" ||
         name == "CMakeUserPresets.json" || name == "__pycache__";
}

bool is_text(const fs::path& path) {
  static const std::set<std::string> kText = {".h", ".cpp", ".txt", ".md", ".json", ".sh", ".cmake", ""};
  return kText.count(path.extension().string()) > 0;
}

Source read_source(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE_MESSAGE(in.good(), path.string());
  return make_source(fs::relative(path, kRoot).generic_string(), {std::istreambuf_iterator<char>(in), {}});
}

void collect(const fs::path& folder, std::set<fs::path>& files) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (is_local(name) || name == ".git" || name == ".cache") continue;
    if (entry.is_directory()) {
      collect(entry.path(), files);
    } else if (is_text(entry.path()) && name != "LICENSE") {
      files.insert(entry.path());
    }
  }
}

std::vector<Source> read_tree() {
  std::set<fs::path> files;
  collect(kRoot, files);
  std::vector<Source> sources;
  for (const fs::path& path : files) sources.push_back(read_source(path));
  return sources;
}

Graph read_graph() {
  return module_graph(read_source(kRoot / "sim/CMakeLists.txt").text + read_source(kRoot / "viz/CMakeLists.txt").text);
}

std::set<std::string> folders_in(const char* name) {
  std::set<std::string> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(kRoot / name)) {
    if (entry.is_directory() && !is_local(entry.path().filename().string())) folders.insert(entry.path().filename().string());
  }
  return folders;
}

void report(const Findings& findings) {
  for (const Finding& each : findings) {
    FAIL_CHECK(each.path << ":" << each.line << ": " << each.what);
  }
}

}  // namespace

TEST_CASE("every file of the tree keeps the rules") {
  const std::vector<Source> sources = read_tree();
  std::set<std::string> paths;
  for (const Source& source : sources) paths.insert(source.path);
  REQUIRE(paths.count("sim/core/types.h") == 1);

  const Graph graph = read_graph();
  for (const Source& source : sources) report(check_source(source, graph, paths));
  report(check_exceptions(sources, exceptions()));
  report(check_private_headers(sources));
  // Connect has a book of its own: its letters are Kafka's, too.
  std::vector<Source> of_connect, of_kafka;
  for (const Source& source : sources) {
    (is_under(source.path, {"sim/connect/", "tests/connect/", "sim/workers/", "tests/workers/"}) ? of_connect : of_kafka).push_back(source);
  }
  report(check_rules(read_source(kRoot / "sim/kafka/RULES.md"), of_kafka));
  report(check_rules(read_source(kRoot / "sim/connect/RULES.md"), of_connect));
  report(check_switches({read_source(kRoot / "tests/README.md"), read_source(kRoot / "README.md")}, sources));
}

TEST_CASE("every folder has its line in the include graph, and its row in the map") {
  const Graph graph = read_graph();
  for (const char* half : {"sim", "viz"}) {
    const std::set<std::string> folders = folders_in(half);
    for (const std::string& folder : folders) CHECK_MESSAGE(graph.count(folder) == 1, half << "/" << folder);
    report(check_map(read_source(kRoot / half / "README.md"), folders, &graph));
  }
  report(check_map(read_source(kRoot / "tests/README.md"), folders_in("tests"), nullptr));
}

TEST_CASE("the top level holds what it is meant to hold") {
  for (const fs::directory_entry& entry : fs::directory_iterator(kRoot)) {
    const std::string name = entry.path().filename().string();
    if (name.front() == '.' || is_local(name)) continue;
    CHECK_MESSAGE(top_level().count(name) == 1, name);
  }
}

}  // namespace nutshell::tidy
