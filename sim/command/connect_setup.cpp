#include "sim/command/connect_setup.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/command/failure.h"
#include "sim/sqlite/sqlite.h"

namespace nutshell {
namespace {

std::string contents_of(const std::filesystem::path& path, const char* what) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Failure(std::string("the ") + what + " '" + path.string() + "' cannot be read; name a file that is there");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

JsonTree text_tree(std::string text) {
  JsonTree tree;
  tree.kind = JsonTree::Kind::text;
  tree.text = std::move(text);
  return tree;
}

// A run, and a replay of what was recorded, need nothing from outside.
void take_in(JsonTree& tree, const std::filesystem::path& folder) {
  for (std::size_t i = 0; i < tree.keys.size(); ++i) {
    const bool databases = tree.keys[i] == "databases", files = tree.keys[i] == "files";
    if (!databases && !files) continue;
    for (JsonTree& item : tree.items[i].items) {
      const JsonTree* path = item.find(databases ? "sqlite" : "read");
      if (!path || item.keys.size() != 1 || !path->is(JsonTree::Kind::text)) continue;
      if (files) {
        item = text_tree(contents_of(folder / path->text, "source file"));
        continue;
      }
      connect::Database database;
      std::string problem;
      if (!read_sqlite((folder / path->text).string(), database, problem)) throw Failure(problem);
      item.keys = {"tables"};
      item.items = {connect::tables_json(database)};
    }
  }
}

}  // namespace

connect::Setup read_connect_setup(const std::string& file, JsonTree& tree) {
  const std::filesystem::path path = file;
  JsonTreeResult read = parse_json_tree(contents_of(path, "set-up"));
  if (!read.tree) throw Failure(file + ": " + read.problem);
  tree = std::move(*read.tree);
  take_in(tree, path.parent_path());
  std::string problem;
  auto setup = connect::read_setup(tree, problem);
  if (!setup) throw Failure(file + ": " + problem);
  return std::move(*setup);
}

}  // namespace nutshell
