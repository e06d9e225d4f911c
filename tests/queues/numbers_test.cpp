// The shipped workloads with other numbers: whatever stands in a file is refused in a sentence, or runs to its end on every
// product with the books kept.
#include <doctest/doctest.h>

#include <cctype>
#include <fstream>
#include <sstream>
#include <string>

#include "sim/core/random.h"
#include "sim/scenario/workload_json.h"
#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

std::string file_text(const std::string& name) {
  std::ifstream in(std::string(NUTSHELL_SOURCE_DIR) + "/assets/rivals/" + name + ".json");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// Another number now and then, wherever one stands by itself or at the beginning of a text.
std::string with_other_numbers(const std::string& text, std::uint64_t seed) {
  std::string other;
  std::uint64_t nth = 0;
  for (std::size_t i = 0; i < text.size();) {
    const bool apart = i > 0 && (text[i - 1] == ' ' || text[i - 1] == '"' || text[i - 1] == '[');
    const bool begins = apart && std::isdigit(static_cast<unsigned char>(text[i]));
    if (!begins) {
      other += text[i++];
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
    const std::uint64_t luck = draw(seed, Purpose::fuzz, 11, nth++);
    const std::int64_t small = between(draw(seed, Purpose::fuzz, 12, nth), 0, 60);
    const bool whole = end >= text.size() || text[end] != '.';
    other += whole && chance(luck, 150'000) ? std::to_string(small) : text.substr(i, end - i);
    i = end;
  }
  return other;
}

}  // namespace

TEST_CASE("workloads with other numbers are refused in a sentence, or keep the books on every product") {
  std::size_t ran = 0, refused = 0;
  for (const char* name : {"acknowledge-first-or-last", "always-too-slow", "consumer-on-the-lost-node", "dead-letters-die", "equal-bodies",
                           "fan-out", "growing", "node-lost", "orders", "poison", "replay", "sent-again-later", "slower-than-the-limit"}) {
    const std::string text = file_text(name);
    REQUIRE(!text.empty());
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      const WorkloadResult loaded = parse_workload(with_other_numbers(text, seed), std::string(name) + ".json");
      CAPTURE(std::string(name));
      CAPTURE(seed);
      if (!loaded.workload) {
        CHECK(!loaded.problems.empty());
        ++refused;
        continue;
      }
      for (std::size_t row = 0; row < loaded.workload->rows.size(); ++row) {
        CAPTURE(loaded.workload->rows[row].name);
        Simulation run(*loaded.workload, row);
        run.run();
        CHECK(first_breach(run) == "");
        ++ran;
      }
    }
  }
  CHECK(ran > 100);
  CHECK(refused > 0);
}

}  // namespace nutshell::queues::testing
