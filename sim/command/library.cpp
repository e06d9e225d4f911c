#include "sim/command/library.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "sim/command/failure.h"
#include "sim/core/text.h"
#include "sim/scenario/read.h"
#include "sim/scenario/shipped.h"

namespace nutshell {

namespace fs = std::filesystem;

namespace {

bool is_scenario_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return path.extension() == ".json" && path.stem().extension() != ".schema" && name.front() != '.';
}

// The name without the number that puts the files in order: "12-order" is "order" as well.
std::string without_number(const std::string& name) {
  const std::size_t end = name.find_first_not_of("0123456789");
  if (end == 0 || end == std::string::npos || name[end] != '-') return name;
  return name.substr(end + 1);
}

// Every scenario in the folder and below it. An unreadable folder has none.
std::vector<std::string> scenarios_in(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error) && is_scenario_file(at->path())) files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

[[noreturn]] void fail_to_find(const std::string& name, const std::vector<std::string>& files) {
  if (name.find('/') != std::string::npos || name.find(".json") != std::string::npos)
    throw Failure("there is no file '" + name + "'; 'nutshell list scenarios' shows those that come with Nutshell");
  std::vector<std::string> names;
  for (const std::string& file : files) names.push_back(without_number(bare_name(file)));
  const std::string near = nearest_name(name, {names.begin(), names.end()});
  throw Failure("there is no scenario '" + name + "'; " +
                (near.empty() ? "'nutshell list scenarios' shows what there is" : "did you mean '" + near + "'?"));
}

}  // namespace

std::string bare_name(const std::string& path) {
  if (is_share_code(path)) {
    const ShareResult read = read_share_code(path);
    return read.share ? read.share->name : "share code";
  }
  return fs::path(path).stem().string();
}

std::string lesson_name(const std::string& path) { return without_number(bare_name(path)); }

std::vector<std::string> shipped_scenarios() {
  for (const fs::path& folder : data_folders()) {
    std::vector<std::string> files = scenarios_in(folder / "scenarios");
    if (!files.empty()) return files;
  }
  return {};
}

std::string find_shipped_file(const std::string& name) {
  std::error_code error;
  for (const fs::path& folder : data_folders()) {
    if (fs::is_regular_file(folder / name, error)) return (folder / name).string();
  }
  throw Failure("'" + name + "', which comes with Nutshell, is not there; install it again, or run it from its folder");
}

std::string text_of_file(const std::string& path) {
  constexpr std::size_t kMost = 2 << 20;
  std::error_code error;
  if (fs::is_directory(path, error)) throw Failure("'" + path + "' is a folder; name a file in it");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Failure("'" + path + "' cannot be opened; is the name right?");
  std::string text(kMost + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) throw Failure("'" + path + "' cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMost) throw Failure("'" + path + "' is larger than two megabytes; no sensible file of this kind is");
  return text;
}

std::string find_scenario_file(const std::string& name) {
  std::error_code error;
  if (fs::is_directory(name, error)) throw Failure("'" + name + "' is a folder; name one scenario file in it");
  if (fs::exists(name, error)) return name;
  const std::vector<std::string> files = shipped_scenarios();
  const auto found = std::find_if(files.begin(), files.end(), [&](const std::string& file) {
    return bare_name(file) == name || without_number(bare_name(file)) == name;
  });
  if (found == files.end()) fail_to_find(name, files);
  return *found;
}

std::vector<std::string> shipped_workloads() {
  for (const fs::path& folder : data_folders()) {
    std::vector<std::string> files = scenarios_in(folder / "assets" / "rivals");
    if (!files.empty()) return files;
  }
  return {};
}

std::string find_workload_file(const std::string& name) {
  std::error_code error;
  if (fs::is_directory(name, error)) throw Failure("'" + name + "' is a folder; name one workload file in it");
  if (fs::exists(name, error)) return name;
  std::vector<std::string> names;
  for (const std::string& file : shipped_workloads()) {
    if (bare_name(file) == name) return file;
    names.push_back(bare_name(file));
  }
  const std::string near = nearest_name(name, {names.begin(), names.end()});
  throw Failure("there is no workload '" + name + "'; " +
                (near.empty() ? "'nutshell rivals' lists those that come with Nutshell" : "did you mean '" + near + "'?"));
}

std::vector<std::string> find_scenario_files(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    std::error_code error;
    if (!fs::is_directory(name, error)) {
      files.push_back(find_scenario_file(name));
      continue;
    }
    const std::vector<std::string> inside = scenarios_in(name);
    if (inside.empty()) throw Failure("there are no scenarios (*.json) in the folder '" + name + "'");
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

Scenario load(const std::string& name, const Overrides& overrides) {
  if (is_share_code(name)) {
    const OpenedShare opened = open_share(name, overrides);
    if (!opened.warning.empty()) std::cerr << "nutshell: " << opened.warning << "\n";
    return with_deeds(opened.scenario, opened.share.course.deeds);
  }
  LoadResult result = load_scenario(find_scenario_file(name), overrides);
  if (!result.scenario) throw Failure(to_text(result.problems));
  return std::move(*result.scenario);
}

Timeline run_to_end(const Scenario& scenario, FactLevel keep) {
  Timeline timeline = timeline_of(scenario, keep);
  const RunLimits limits;
  if (!run_to(timeline, scenario.until, limits)) {
    throw Failure(scenario.file + ": the run needs more than " + std::to_string(limits.steps) +
                      " steps and was given up at " + format_time(timeline.now()) + "; --until stops it earlier",
                  kExitFailed);
  }
  timeline.seek_time(scenario.until);
  return timeline;
}

}  // namespace nutshell
