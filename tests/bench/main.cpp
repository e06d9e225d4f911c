// bench: figures and their ratios, in one run. `bench GROUP` runs one group; `bench --small` only sees that all works.
#include <cstdio>
#include <string>
#include <string_view>

#include "tests/bench/cases.h"

namespace {

struct Group {
  std::string_view name;
  void (*run)(nutshell::Bench&);
};
constexpr Group kGroups[] = {
    {"queue", nutshell::bench_queue}, {"cluster", nutshell::bench_cluster}, {"messages", nutshell::bench_messages},
    {"worlds", nutshell::bench_worlds},
    {"log", nutshell::bench_log},
    {"history", nutshell::bench_history}, {"rivals", nutshell::bench_rivals},
    {"streams", nutshell::bench_streams},
#ifdef NUTSHELL_VIZ
    {"session", nutshell::bench_session}, {"frame", nutshell::bench_frame}, {"slides", nutshell::bench_slides},
#endif
};

}  // namespace

int main(int argc, char** argv) {
  const bool small = argc > 1 && std::string_view(argv[1]) == "--small";
  const std::string_view wanted = argc > 1 + small ? argv[1 + small] : "all";
  bool known = wanted == "all";
  for (const Group& group : kGroups) known = known || wanted == group.name;
  if (!known) {
    std::string names;
    for (const Group& group : kGroups) names += (names.empty() ? "" : "|") + std::string(group.name);
    std::fprintf(stderr, "usage: %s [--small] [%s]\n", argv[0], names.c_str());
    return 2;
  }
  nutshell::Bench bench(small ? nutshell::Bench::Size::small : nutshell::Bench::Size::full);
  for (const Group& group : kGroups) {
    if (wanted == "all" || wanted == group.name) group.run(bench);
  }
  return 0;
}
