#include "sim/command/connect_setup.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/command/connect_scenario.h"
#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/scenario/read.h"
#include "sim/scenario/write.h"
#include "sim/sqlite/sqlite.h"

namespace nutshell {
namespace {

std::string contents_of(const std::filesystem::path& path) {
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, error))
    throw Failure("the source file '" + path.string() + "' cannot be read; name a file that is there");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// What the set-up names: a run, and a replay of what was recorded, need nothing from outside.
ReadOutside read_outside(const JsonTree& tree, const std::filesystem::path& folder) {
  ReadOutside read;
  const auto each_named = [&](const char* section, const char* key, auto&& take) {
    const JsonTree* all = tree.find(section);
    for (const JsonTree& item : all ? all->items : std::vector<JsonTree>()) {
      const JsonTree* path = item.find(key);
      if (path && path->is(JsonTree::Kind::text)) take(path->text);
    }
  };
  each_named("files", "read", [&](const std::string& path) { read.files[path] = contents_of(folder / path); });
  each_named("databases", "sqlite", [&](const std::string& path) {
    std::string problem;
    if (!read_sqlite((folder / path).string(), read.databases[path], problem)) throw Failure(problem);
  });
  return read;
}

bool is_scenario(const JsonTree& tree) { return tree.find("cluster") || tree.find("connect_workers") || tree.find("title"); }

}  // namespace

Scenario read_connect(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return load(file, {});
  const std::string text = text_of_file(file);
  const JsonTreeResult read = parse_json_tree(text);
  // The reader of scenarios says more of what is wrong with them, and takes longer ones.
  if ((!read.tree && text.size() > kMaxTreeBytes) || (read.tree && is_scenario(*read.tree))) return load(file, {});
  if (!read.tree) throw Failure(file + ": " + read.problem);
  std::string problem;
  const ReadOutside outside = read_outside(*read.tree, std::filesystem::path(file).parent_path());
  auto scenario = connect_scenario(*read.tree, bare_name(file), outside, problem);
  if (!scenario) throw Failure(file + ": " + problem);
  // Read again as the scenario that --record would write: what no cluster can do is said before it runs.
  if (const std::string written = write_scenario(*scenario); written.size() <= kMaxScenarioBytes) {
    const LoadResult checked = parse_scenario(written, file);
    if (!checked.scenario) throw Failure(file + ": " + checked.problems.front().what);
  }
  return std::move(*scenario);
}

}  // namespace nutshell
