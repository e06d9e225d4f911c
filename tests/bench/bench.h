// A small harness for benchmarks. A case runs several times and its best time counts; a case and its
// reference take turns, so that both see the same machine. Rates differ between machines and days;
// ratios to the calibration loop and to a reference within one run can be compared.
//
// The table: `M ops/s` and `ns/op` of the best run; `x calib`, the cost of an operation in units of one
// step of the calibration loop (smaller is better); `x ref`, how many times faster than the reference
// of the row (larger is better), `-` without one.
//
// A small bench only sees that every case works: two short runs of each, whose digests must agree; its times mean nothing.
#pragma once

#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <string>

#include "sim/core/digest.h"

namespace nutshell {

// Times the part of a case between start() and stop(), so that preparing is left out. It counts the
// processor time of this program: what other programs take does not matter, what they do to caches does.
class Stopwatch {
 public:
  void start() { started_ = std::clock(); }
  void stop() { nanoseconds_ = std::int64_t{std::clock() - started_} * (1'000'000'000 / CLOCKS_PER_SEC); }
  std::int64_t nanoseconds() const { return nanoseconds_; }

 private:
  std::clock_t started_ = 0;
  std::int64_t nanoseconds_ = 0;
};

struct BenchResult {
  std::string name;
  std::int64_t operations = 0;   // in one run
  std::int64_t nanoseconds = 0;  // of the best run
  std::uint64_t digest = 0;      // of what was computed, which also keeps it from being optimised away

  // In thousandths, so that the table needs no floating point.
  std::int64_t picoseconds_per_operation() const { return nanoseconds * 1000 / std::max<std::int64_t>(operations, 1); }
};

class Bench {
 public:
  enum class Size : std::uint8_t { full, small };

  // Runs the calibration loop and prints the head of the table.
  explicit Bench(Size size = Size::full) : runs_(size == Size::full ? 5 : 2), small_(size == Size::small) {
    std::printf("%-44s %10s %10s %9s %8s\n", "", "M ops/s", "ns/op", "x calib", "x ref");
    const std::int64_t steps = scaled(20'000'000);
    calibration_ = run("calibration: one mixing step", steps, [steps](Stopwatch& watch) {
      std::uint64_t x = 1;
      watch.start();
      for (std::int64_t i = 0; i < steps; ++i) x = avalanche(x + 0x9e3779b97f4a7c15ull);
      watch.stop();
      return x;
    });
  }

  // How much of `full` a case is to do: all of it, or a hundredth.
  std::int64_t scaled(std::int64_t full) const { return small_ ? (full + 99) / 100 : full; }

  // Runs and prints one case. `body(Stopwatch&)` does `operations` operations between start() and
  // stop() and returns a digest of what it did, the same each time. `than`: a case before, to be compared with.
  template <class Body>
  BenchResult run(const std::string& name, std::int64_t operations, Body body, const BenchResult* than = nullptr) {
    BenchResult result = begin(name, operations);
    for (int i = 0; i < runs_; ++i) run_once(result, body);
    print(result, than);
    return result;
  }

  // Runs a case and a reference that does the same work, in turns, and prints both. Ends the program
  // if their digests differ: then they did not do the same work.
  template <class Body, class ReferenceBody>
  void compare(const std::string& name, const std::string& reference_name, std::int64_t operations, Body body,
               ReferenceBody reference_body) {
    BenchResult result = begin(name, operations);
    BenchResult reference = begin(reference_name, operations);
    for (int i = 0; i < runs_; ++i) {
      run_once(result, body);
      run_once(reference, reference_body);
    }
    require_same(result.name, result.digest, reference.digest);
    print(result, &reference);
    print(reference, nullptr);
  }

 private:
  static BenchResult begin(const std::string& name, std::int64_t operations) {
    return {name, operations, std::numeric_limits<std::int64_t>::max(), 0};
  }

  template <class Body>
  static void run_once(BenchResult& result, Body& body) {
    const bool first = result.nanoseconds == std::numeric_limits<std::int64_t>::max();
    Stopwatch watch;
    const std::uint64_t digest = body(watch);
    if (!first) require_same(result.name, result.digest, digest);
    result.digest = digest;
    result.nanoseconds = std::min(result.nanoseconds, watch.nanoseconds());
  }

  static void require_same(const std::string& name, std::uint64_t a, std::uint64_t b) {
    if (a == b) return;
    std::fprintf(stderr, "%s: digests differ: %016" PRIx64 " and %016" PRIx64 "\n", name.c_str(), a, b);
    std::exit(1);
  }

  // A number of thousandths with `decimals` <= 3 of them shown.
  static std::string decimal(std::int64_t thousandths, int decimals) {
    char text[40];
    std::snprintf(text, sizeof text, "%" PRId64 ".%03" PRId64, thousandths / 1000, thousandths % 1000);
    const std::string whole = text;
    return whole.substr(0, whole.size() - static_cast<std::size_t>(3 - decimals));
  }

  void print(const BenchResult& result, const BenchResult* reference) const {
    const std::int64_t cost = std::max<std::int64_t>(result.picoseconds_per_operation(), 1);
    const std::int64_t unit = calibration_.operations == 0 ? cost : calibration_.picoseconds_per_operation();
    const std::string ratio = reference ? decimal(reference->picoseconds_per_operation() * 1000 / cost, 2) : "-";
    std::printf("%-44s %10s %10s %9s %8s\n", result.name.c_str(), decimal(1'000'000'000 / cost, 2).c_str(),
                decimal(cost, 1).c_str(), decimal(cost * 1000 / std::max<std::int64_t>(unit, 1), 2).c_str(),
                ratio.c_str());
    std::fflush(stdout);
  }

  int runs_;
  bool small_;
  BenchResult calibration_;
};

}  // namespace nutshell
