// Prints the digest of every shipped scenario, one a line, after running each both ways: straight, and with
// detours (gone back, stepped back, forked, resumed). The test compares the output of builds by different
// compilers, at different levels, and under sanitizers: they must agree to the bit.
#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/history/timeline.h"
#include "sim/scenario/read.h"

namespace {

using namespace nutshell;

std::uint64_t straight(const Scenario& scenario, Step& steps) {
  Timeline timeline(scenario.setup, scenario.script);
  timeline.seek_time(scenario.until);
  steps = timeline.position();
  return timeline.digest();
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER_OF_SCENARIOS\n", argv[0]);
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1]))
    if (entry.path().extension() == ".json" && entry.path().stem().extension() != ".schema") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  bool good = !files.empty();
  for (const auto& file : files) {
    const LoadResult loaded = load_scenario(file.string());
    if (!loaded.scenario) {
      std::fprintf(stderr, "%s cannot be read\n", file.c_str());
      good = false;
      continue;
    }
    Step steps = 0;
    const std::uint64_t digest = straight(*loaded.scenario, steps);
    const bool same = same_with_detours(*loaded.scenario, steps, digest);
    good = good && same;
    std::printf("%s %016" PRIx64 " after %" PRIu64 " steps%s\n", file.stem().c_str(), digest, steps,
                same ? "" : ", but not when run with detours");
  }
  return good ? 0 : 1;
}
