#include "tests/tidy/house.h"

#include <sstream>

namespace nutshell::tidy {
namespace {

// What steps the world: integers only, nothing from outside.
const std::vector<std::string_view> kEngine = {"sim/core/",    "sim/net/",   "sim/log/",    "sim/kafka/",
                                               "sim/cluster/", "sim/check/", "sim/history/", "sim/queues/", "sim/rabbit/", "sim/adapter/",
                                               "sim/json/",    "sim/schema/", "sim/cost/", "sim/streams/", "sim/connect/", "sim/workers/"};
// The engine, and the files that it is fed with.
const std::vector<std::string_view> kDecides = {"sim/core/",    "sim/net/",   "sim/log/",     "sim/kafka/",
                                                "sim/cluster/", "sim/check/", "sim/history/", "sim/scenario/", "sim/queues/",
                                                "sim/rabbit/",  "sim/adapter/",
                                                "sim/json/",    "sim/schema/", "sim/cost/", "sim/streams/", "sim/connect/", "sim/workers/"};
// Where numbers with fractions decide nothing, but are what is described: JSON has them, Avro's float and double, and rows of ksqlDB.
const std::vector<std::string_view> kWhole = {"sim/core/",    "sim/net/",   "sim/log/",     "sim/kafka/", "sim/cluster/",
                                              "sim/check/",   "sim/history/", "sim/scenario/", "sim/queues/",
                                              "sim/rabbit/",  "sim/adapter/", "sim/cost/", "sim/workers/"};

}  // namespace

const std::vector<Ban>& bans() {
  static const std::vector<Ban> kBans = {
      {kWhole,
       {"float", "double", "<cmath>", "<math.h>", "strtod", "strtof", "std::stod", "std::stof", "atof"},
       "only integers decide (floating point differs between compilers)"},
      {{"sim/streams/", "sim/connect/"},
       {"float", "<cmath>", "<math.h>", "strtod", "strtof", "std::stod", "std::stof", "atof"},
       "a DOUBLE is computed by real.h and read by <charconv>, bit by bit the same everywhere"},
      {kDecides, {"long", "time_t", "wchar_t"}, "its width differs between platforms; use a type of <cstdint>"},
      {kDecides,
       {"<random>", "rand", "srand", "std::random_device", "std::mt19937", "std::mt19937_64", "std::shuffle",
        "std::sample"},
       "randomness is keyed: use sim/core/random.h"},
      {kDecides,
       {"unordered_map", "unordered_set", "unordered_multimap", "unordered_multiset", "<unordered_map>",
        "<unordered_set>"},
       "its order differs between libraries; use a sorted container"},
      {kDecides, {"std::hash"}, "it differs between libraries; use sim/core/digest.h"},
      {kDecides,
       {"<chrono>", "std::chrono", "<ctime>", "<time.h>", "<sys/time.h>", "std::time", "std::clock", "time(nullptr)",
        "time(NULL)", "time(0)", "clock_gettime", "gettimeofday"},
       "there is no wall clock in the simulation"},
      {kDecides,
       {"getenv", "secure_getenv", "<locale>", "std::locale", "setlocale"},
       "a run depends on nothing but the scenario, the seed and the version"},
      {kDecides,
       {"<thread>", "<mutex>", "<atomic>", "<future>", "<condition_variable>", "thread_local"},
       "one world, one thread"},
      {kDecides, {"<coroutine>", "co_await", "co_yield", "co_return"}, "waiting is explicit data"},
      {kEngine, {"<filesystem>", "std::filesystem", "<fstream>", "<iostream>"}, "the engine reads and writes no files"},
      {kEngine, {"throw", "try", "catch", "<stdexcept>"}, "the engine has no exceptions"},
      {kEngine, {"<cassert>", "<assert.h>", "assert"}, "it vanishes in release; use NUTSHELL_REQUIRE"},
      {kEngine,
       {"reinterpret_cast", "uintptr_t", "intptr_t", "std::less<void*>"},
       "an address may not become a number"},
      {{"sim/net/"},
       {"Kafka", "BrokerId", "kNoBroker", "TopicPartition", "Offset", "Epoch", "ErrorCode", "FactBody"},
       "the engine of all systems knows no protocol: what it has to know comes as rows"},
      {{"sim/"}, {"<format>", "<expected>", "std::views", "<ranges>"}, "not in g++ 12 or clang 14"},
  };
  return kBans;
}

const std::vector<Library>& libraries() {
  static const std::vector<Library> kLibraries = {
      {"nlohmann/", {"sim/scenario/", "sim/json/", "viz/app/settings.cpp", "tests/"}},
      {"zlib.h", {"sim/scenario/"}},
      {"md4c.h", {"sim/deck/"}},
      {"pcre2.h", {"sim/regex/"}},
      {"sqlite3.h", {"sim/sqlite/"}},
      {"CLI/", {"sim/command/command_line.cpp"}},
      {"malloc.h", {"tests/allocations.cpp"}},
      {"mimalloc.h", {"sim/command/"}},
      {"doctest/", {"tests/"}},
      {"imgui", {"viz/", "tests/viz/", "tests/bench/"}},
      {"backends/imgui_", {"viz/window/"}},
      {"GL/", {"viz/window/"}},
      {"stb/", {"viz/window/", "viz/slides/", "tests/viz/"}},
      {"cairo", {"viz/paper/", "viz/svg/"}},
      {"librsvg/", {"viz/svg/"}},
      {"ft2build.h", {"viz/paper/"}},
      {"GLFW/", {"viz/window/"}},
      {"SDL2/", {"viz/window/", "tests/viz/"}},
      {"sys/", {"sim/command/", "viz/window/", "tests/"}},
      {"unistd.h", {"sim/command/", "viz/window/", "tests/"}},
      {"termios.h", {"sim/command/", "tests/"}},
      {"poll.h", {"sim/command/", "tests/"}},
  };
  return kLibraries;
}

const std::vector<Exception>& exceptions() {
  static const std::vector<Exception> kExceptions = {
      {"sim/check/promises.cpp", "promises", 110, "one table, a row a promise"},
      {"tests/kafka/producer_test.cpp", "", 800, "one protocol, its rules in order"},
  };
  return kExceptions;
}

const std::set<std::string>& top_level() {
  static const std::set<std::string> kNames = {
      "CMakeLists.txt",  "CMakePresets.json", "sim",       "viz",     "scenarios", "assets",  "tests", "slides",
      "CONTRIBUTING.md", "CHANGELOG.md",      "README.md", "LICENSE", "test",      "nutshell"};
  return kNames;
}

Graph module_graph(std::string_view cmake) {
  Graph graph;
  for (std::string_view line : lines_of(cmake)) {
    for (std::string_view call : {"nutshell_module(", "nutshell_program(", "nutshell_viz_module("}) {
      if (line.substr(0, call.size()) != call) continue;
      std::istringstream words(std::string(line.substr(call.size(), line.find(')') - call.size())));
      std::string module;
      words >> module;
      for (std::string linked; words >> linked;) graph[module].insert(linked);
      graph[module].insert(module);
    }
  }
  // What a module links may be included through it: close the graph.
  for (bool grown = true; grown;) {
    grown = false;
    for (auto& [module, linked] : graph) {
      const std::set<std::string> before = linked;
      for (const std::string& each : before) linked.insert(graph[each].begin(), graph[each].end());
      grown = grown || linked.size() != before.size();
    }
  }
  return graph;
}

bool is_under(std::string_view path, const std::vector<std::string_view>& folders) {
  for (std::string_view folder : folders) {
    if (path.substr(0, folder.size()) == folder) return true;
  }
  return false;
}

}  // namespace nutshell::tidy
