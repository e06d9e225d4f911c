// No inert key: whoever sets one sees a difference. For each member of the configuration structs some source of the engine
// reads it; a key that is added and that nobody reads is found here.
#include <doctest/doctest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "sim/kafka/config_keys.h"

namespace nutshell {
namespace {

const std::string kSources = std::string(NUTSHELL_SOURCE_DIR) + "/sim/";

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What the engine is made of, without the files that only name, print or check configuration.
std::string engine() {
  std::string text;
  for (const char* folder : {"log", "kafka", "ksql", "workers", "registry", "connect", "cluster"}) {
    if (!std::filesystem::is_directory(kSources + folder)) continue;
    for (const auto& entry : std::filesystem::directory_iterator(kSources + folder)) {
      const std::string name = entry.path().filename().string();
      const bool about_keys = name.find("config") == 0 || name == "log_config.h" || name == "timers.cpp" || name.find("describe") == 0;
      if (!about_keys) text += text_of(entry.path());
    }
  }
  return text;
}

struct Member {
  std::string key, name;
};

// The rows of each_field in config.h, f("linger.ms", &C::linger), and of plain kinds' configurations.
std::vector<Member> members() {
  const std::regex row(R"re(f\("([^"]+)", &(?:C|Config)::(\w+)\))re");
  std::vector<Member> found;
  for (const auto& entry : std::filesystem::directory_iterator(kSources + "kafka")) {
    if (entry.path().extension() != ".h") continue;
    const std::string text = text_of(entry.path());
    for (auto at = std::sregex_iterator(text.begin(), text.end(), row); at != std::sregex_iterator(); ++at)
      found.push_back({(*at)[1], (*at)[2]});
  }
  return found;
}

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// ".member" somewhere, and not only to assign to it.
bool is_read(const std::string& sources, const std::string& member) {
  for (std::size_t at = sources.find(member); at != std::string::npos; at = sources.find(member, at + 1)) {
    const std::size_t end = at + member.size();
    if (at == 0 || (sources[at - 1] != '.' && sources[at - 1] != '>') || (end < sources.size() && is_of_name(sources[end]))) continue;
    const std::size_t next = sources.find_first_not_of(' ', end);
    const bool assigned = next != std::string::npos && sources[next] == '=' && sources[next + 1] != '=';
    if (!assigned) return true;
  }
  return false;
}

// "TimerKind::kind" somewhere, and not only in a case or a comparison.
bool is_armed(const std::string& sources, const std::string& kind) {
  const std::string name = "TimerKind::" + kind;
  for (std::size_t at = sources.find(name); at != std::string::npos; at = sources.find(name, at + 1)) {
    const std::string before = sources.substr(at < 5 ? 0 : at - 5, at < 5 ? at : 5);
    if (is_of_name(sources[at + name.size()]) || before == "case " || before.find("==") != std::string::npos) continue;
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("every configuration key is read by the engine") {
  const std::vector<Member> all = members();
  CHECK(all.size() == config_keys().size());
  const std::string sources = engine();
  for (const Member& each : all) CHECK_MESSAGE(is_read(sources, each.name), each.key << " (" << each.name << ")");
}

// Nor an inert timer: one that is taken when it goes off, and never armed.
TEST_CASE("every kind of timer is armed somewhere") {
  const std::string header = text_of(kSources + "kafka/timers.h");
  const std::size_t begin = header.find("enum class TimerKind");
  const std::string list = header.substr(begin, header.find("};", begin) - begin);
  const std::string kinds = std::regex_replace(list.substr(list.find('{') + 1), std::regex("//[^\n]*"), "");
  const std::string sources = engine();
  const std::regex word("[a-z_]+");
  std::size_t count = 0;
  for (auto at = std::sregex_iterator(kinds.begin(), kinds.end(), word); at != std::sregex_iterator(); ++at, ++count)
    CHECK_MESSAGE(is_armed(sources, at->str()), at->str());
  CHECK(count > 30);
}

TEST_CASE("a key that nobody reads would be found") {
  CHECK(is_read("if (config.linger > 0)", "linger"));
  CHECK_FALSE(is_read("config.linger_of_another; linger", "linger"));
  CHECK_FALSE(is_read("config.linger = 3;", "linger"));
  CHECK_FALSE(is_read(engine(), "no_such_member"));
  CHECK(is_armed("env.arm(node, TimerKind::linger, 5);", "linger"));
  CHECK_FALSE(is_armed("case TimerKind::linger: if (kind == TimerKind::linger) arm(TimerKind::lingering);", "linger"));
}

}  // namespace nutshell
