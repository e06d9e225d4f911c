// bench: figures and their ratios, in one run. `bench queue` or `bench cluster` runs one group.
#include <cstdio>
#include <string_view>

#include "tests/bench/cases.h"

int main(int argc, char** argv) {
  const std::string_view wanted = argc > 1 ? argv[1] : "all";
  if (wanted != "all" && wanted != "queue" && wanted != "cluster") {
    std::fprintf(stderr, "usage: %s [queue|cluster]\n", argv[0]);
    return 2;
  }
  nutshell::Bench bench;
  if (wanted != "cluster") nutshell::bench_queue(bench);
  if (wanted != "queue") nutshell::bench_cluster(bench);
  return 0;
}
