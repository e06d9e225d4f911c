// Prints the digest of every shipped scenario, one a line, after running each both ways: straight, and with
// detours (gone back, stepped back, forked, resumed). The test compares the output of builds by different
// compilers, at different levels, and under sanitizers: they must agree to the bit.
//
//   nutshell_digests FOLDER                         prints them
//   nutshell_digests FOLDER EXPECTED                ... and compares them with a file; NUTSHELL_RENEW=1 writes it
//   nutshell_digests FOLDER NAME FROM TO EVERY      the trail of one scenario (sim/history/trail.h)
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/history/timeline.h"
#include "sim/history/trail.h"
#include "sim/scenario/read.h"
#include "sim/scenario/rivals.h"
#include "sim/streams/film.h"

namespace {

using namespace nutshell;

struct Run {
  std::uint64_t digest = 0;
  Step steps = 0;
  Rivals rivals;  // as they are at its end
};

Run straight(const Scenario& scenario) {
  Timeline timeline(scenario.setup, scenario.script);
  timeline.seek_time(scenario.until);
  return {timeline.digest(), timeline.position(), timeline.world().rivals};
}

// What happens where there is no cluster: to a workload on several systems, and to the rows of queries.
void fold_figures(const Scenario& scenario, const Rivals& rivals, std::uint64_t& digest) {
  if (rivals.setup)
    for (const RivalRun& run : runs_of(rivals)->runs()) fold(digest, run.facts);
  for (const WiresStep& each : scenario.wires) {
    fold(digest, each.at);
    fold(digest, std::string(sum_of(each.wires)) + up_text(each.wires));
  }
  if (!scenario.film) return;
  for (const streams::FilmEvent& each : scenario.film->events) {
    for (const std::int64_t number : {std::int64_t{each.at}, std::int64_t{static_cast<int>(each.kind)}, std::int64_t{each.row},
                                      std::int64_t{each.query}, std::int64_t{each.part}, std::int64_t{each.partition}, each.offset,
                                      std::int64_t{each.deleted}, each.timestamp, each.window_start, each.window_end})
      fold(digest, number);
    fold(digest, each.topic);
    fold(digest, each.key);
    fold(digest, each.cells);
  }
}

// The same run for somebody who cannot sit still.
bool same_with_detours(const Scenario& scenario, Step steps, std::uint64_t expected) {
  TimelineOptions options;
  options.checkpoint_every = 512;
  Timeline timeline(scenario.setup, scenario.script, options);
  timeline.seek(steps * 2 / 3);
  timeline.seek(steps / 4);
  for (int i = 0; i < 3; ++i) timeline.step_back();
  timeline.seek(steps / 2);
  Timeline fork = timeline.fork();
  fork.seek_time(scenario.until);
  timeline.step_back();
  timeline.seek_time(scenario.until);
  return timeline.digest() == expected && fork.digest() == expected;
}

std::vector<std::filesystem::path> scenarios_in(const char* folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".json" && entry.path().stem().extension() != ".schema") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// A line a scenario: name, digest, steps. False: one cannot be read, or is not the same with detours.
bool digests(const char* folder, std::string& text) {
  const std::vector<std::filesystem::path> files = scenarios_in(folder);
  bool good = !files.empty();
  for (const auto& file : files) {
    const LoadResult loaded = load_scenario(file.string());
    if (!loaded.scenario) {
      std::fprintf(stderr, "%s cannot be read\n", file.c_str());
      good = false;
      continue;
    }
    const Run run = straight(*loaded.scenario);
    const bool same = same_with_detours(*loaded.scenario, run.steps, run.digest);
    std::uint64_t digest = run.digest;
    fold_figures(*loaded.scenario, run.rivals, digest);
    if (!same) std::fprintf(stderr, "%s: the run with detours differs\n", file.c_str());
    good = good && same;
    char line[40];
    std::snprintf(line, sizeof line, " %016" PRIx64 " %" PRIu64 "\n", digest, run.steps);
    text += file.stem().string() + line;
  }
  return good;
}

int print_trail(const std::string& file, TrailRange range) {
  const LoadResult loaded = load_scenario(file);
  if (!loaded.scenario) return 1;
  Timeline timeline(loaded.scenario->setup, loaded.scenario->script, {.keep = FactLevel::detail});
  timeline.seek_time(loaded.scenario->until);
  range.to = std::min(range.to, timeline.position());
  walk_trail(timeline, range, [](const std::string& line) { std::printf("%s\n", line.c_str()); });
  return 0;
}

std::vector<std::string> lines_of(std::istream&& in) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

int compare(const std::string& found, const char* expected_file) {
  if (std::getenv("NUTSHELL_RENEW") != nullptr) {
    std::ofstream(expected_file) << found;
    return 0;
  }
  const std::vector<std::string> now = lines_of(std::istringstream(found)), then = lines_of(std::ifstream(expected_file));
  if (now == then) return 0;
  for (const std::string& line : now)
    if (std::find(then.begin(), then.end(), line) == then.end()) std::fprintf(stderr, "now:      %s\n", line.c_str());
  for (const std::string& line : then)
    if (std::find(now.begin(), now.end(), line) == now.end()) std::fprintf(stderr, "expected: %s\n", line.c_str());
  std::fprintf(stderr, "Runs are not what %s says. If that is meant, NUTSHELL_RENEW=1 writes it anew; tests/digest/README.md "
               "tells how to find the first step that differs.\n", expected_file);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 6) {
    const TrailRange range{std::strtoull(argv[3], nullptr, 10), std::strtoull(argv[4], nullptr, 10), std::strtoull(argv[5], nullptr, 10)};
    return print_trail(std::string(argv[1]) + "/" + argv[2] + ".json", range);
  }
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: %s FOLDER_OF_SCENARIOS [EXPECTED | NAME FROM TO EVERY]\n", argv[0]);
    return 2;
  }
  std::string text;
  const bool good = digests(argv[1], text);
  std::printf("%s", text.c_str());
  return !good ? 1 : argc == 3 ? compare(text, argv[2]) : 0;
}
