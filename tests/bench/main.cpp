// bench: figures and their ratios, in one run. `bench GROUP` runs one group.
#include <cstdio>
#include <string_view>

#include "tests/bench/cases.h"

namespace {

struct Group {
  std::string_view name;
  void (*run)(nutshell::Bench&);
};
constexpr Group kGroups[] = {
    {"queue", nutshell::bench_queue}, {"cluster", nutshell::bench_cluster}, {"history", nutshell::bench_history},
#ifdef NUTSHELL_VIZ
    {"session", nutshell::bench_session}, {"frame", nutshell::bench_frame},
#endif
};

}  // namespace

int main(int argc, char** argv) {
  const std::string_view wanted = argc > 1 ? argv[1] : "all";
  bool known = wanted == "all";
  for (const Group& group : kGroups) known = known || wanted == group.name;
  if (!known) {
    std::fprintf(stderr, "usage: %s [queue|cluster|history|session|frame]\n", argv[0]);
    return 2;
  }
  nutshell::Bench bench;
  for (const Group& group : kGroups) {
    if (wanted == "all" || wanted == group.name) group.run(bench);
  }
  return 0;
}
