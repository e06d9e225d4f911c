#include "sim/session/variations.h"

#include <array>

#include "sim/core/text.h"
#include "sim/kafka/config_keys.h"
#include "sim/scenario/read.h"
#include "sim/scenario/write.h"

namespace nutshell {

namespace {

struct Alternative {
  std::string_view key, value;
};

// Values worth trying, for keys that tell a story. Those that a scenario has already are no alternatives.
constexpr std::array<Alternative, 21> kAlternatives = {{
    {"acks", "1"},
    {"acks", "all"},
    {"acks", "0"},
    {"min.insync.replicas", "1"},
    {"min.insync.replicas", "2"},
    {"enable.idempotence", "false"},
    {"enable.idempotence", "true"},
    {"unclean.leader.election.enable", "true"},
    {"unclean.leader.election.enable", "false"},
    {"partition.assignment.strategy", "cooperative-sticky"},
    {"partition.assignment.strategy", "range"},
    {"partition.assignment.strategy", "roundrobin"},
    {"partitioner.class", "round_robin"},
    {"auto.offset.reset", "earliest"},
    {"auto.offset.reset", "latest"},
    {"session.timeout.ms", "10s"},
    {"broker.session.timeout.ms", "3s"},
    {"replica.lag.time.max.ms", "10s"},
    {"linger.ms", "100ms"},
    {"retries", "0"},
    {"enable.auto.commit", "false"},
}};

// The first value of the key that the scenario's parts have; empty: none of them knows it.
std::string value_now(const Setup& setup, std::string_view key) {
  for (const auto& each : setup.producers) {
    if (const std::string text = get_config(each.spec.config, key); !text.empty()) return text;
  }
  for (const auto& each : setup.consumers) {
    if (const std::string text = get_config(each.spec.config, key); !text.empty()) return text;
  }
  for (const auto& each : setup.topics) {
    if (const std::string text = get_config(each.config, key); !text.empty() && text != "inherited") return text;
  }
  return get_config(setup.config, key);
}

// Of a list the first counts as long as everybody has the same.
bool means_the_same(const std::string& value, const std::string& now) { return now == value || now.rfind(value + ",", 0) == 0; }

}  // namespace

std::string setting_now(const Scenario& scenario, const std::string& key) {
  if (key == "seed") return std::to_string(scenario.setup.seed);
  const std::string now = value_now(scenario.setup, key);
  const bool is_time = key.size() > 3 && key.substr(key.size() - 3) == ".ms";
  const bool is_number = !now.empty() && now.find_first_not_of("0123456789") == std::string::npos;
  if (is_number && now.size() > 9) return "";
  return is_time && is_number ? format_duration(std::stoll(now) * kMillisecond) : now;
}

Scenario varied(const Scenario& scenario, const std::string& key, const std::string& value, std::string& problem) {
  Scenario made = scenario;
  std::vector<Problem> problems;
  if (key != "seed") {
    apply_overrides({std::nullopt, std::nullopt, {{key, value}}}, made, problems);
  } else if (value.empty()) {
    ++made.setup.seed;
  } else {
    const std::int64_t seed = parse_integer(value).value_or(-1);
    if (seed < 0) problems.push_back({.what = "the seed is '" + value + "'; give a whole number from 0 on"});
    else made.setup.seed = static_cast<std::uint64_t>(seed);
  }
  problem = problems.empty() ? "" : problems.front().what;
  if (!problem.empty()) return made;
  const std::vector<std::string> impossible_setup = nutshell::problems(made.setup);
  if (!impossible_setup.empty()) problem = impossible_setup.front();
  else if (write_scenario(made) == write_scenario(scenario)) problem = key + " is " + value + " already: the two would be the same";
  return made;
}

std::vector<Variation> variations(const Scenario& scenario) {
  std::vector<Variation> all;
  for (const Alternative& each : kAlternatives) {
    const std::string key(each.key), value(each.value), now = value_now(scenario.setup, key);
    if (now.empty() || means_the_same(value, now)) continue;
    std::string problem;
    const Scenario other = varied(scenario, key, value, problem);
    if (!problem.empty()) continue;
    const std::string known = setting_now(scenario, key);
    all.push_back({key + "=" + value + (known.empty() ? "" : " instead of " + known), key, value});
  }
  all.push_back({"another seed: the same cluster, other luck", "seed", ""});
  return all;
}

}  // namespace nutshell
