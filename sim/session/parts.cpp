#include "sim/session/parts.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace nutshell {

namespace {

std::vector<std::string_view> texts_of(const Scenario& scenario) {
  std::vector<std::string_view> texts = {scenario.about, scenario.corrects};
  for (const Beat& beat : scenario.beats) {
    texts.insert(texts.end(), {beat.say, beat.ask});
    for (const Choice& choice : beat.choices) texts.push_back(choice.text);
  }
  return texts;
}

// Some of its records have keys that are chosen: by the file, or by who sends.
bool has_keys(const Scenario& scenario) {
  const auto names_keys = [](const ProducerSetup& each) { return !each.keys.empty(); };
  const auto sends_key = [](const Action& each) {
    const auto* send = std::get_if<Send>(&each.body);
    return send && !send->key.empty();
  };
  return std::any_of(scenario.setup.producers.begin(), scenario.setup.producers.end(), names_keys) ||
         std::any_of(scenario.script.begin(), scenario.script.end(), sends_key);
}

}  // namespace

bool is_to_be_built(const Scenario& scenario) { return scenario.setup.brokers == 0 && scenario.beats.empty(); }

Parts parts_of(const Scenario& scenario) {
  if (scenario.beats.empty() || scenario.is_puzzle() || scenario.setup.brokers == 0) return {};
  const std::vector<std::string_view> texts = texts_of(scenario);
  const auto names = [&](std::initializer_list<std::string_view> words) {
    return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
      return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
    });
  };
  Parts parts;
  parts.controllers = scenario.setup.controllers > 1 || names({"controller", "epoch"});
  parts.watermarks = parts.controllers || names({"high watermark"});
  parts.groups = parts.controllers || names({"coordinator", "rebalanc", "heartbeat", "session", "generation", "commit"});
  parts.offset_reset = names({"auto.offset.reset"});
  parts.keys = has_keys(scenario) && !parts.controllers && names({" key"});
  parts.page_cache = names({"page cache", "flush"});
  return parts;
}

}  // namespace nutshell
