#include "sim/session/completion.h"

#include <algorithm>

#include "sim/cluster/action.h"
#include "sim/cluster/process_kind.h"
#include "sim/core/text.h"
#include "sim/kafka/config_keys.h"
#include "sim/session/image.h"

namespace nutshell {

namespace {

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& each : made) each = each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  return made;
}

ConfigScope scope_of(const World& world, const std::string& target) {
  const Node* node = world.find_node(target);
  if (node) return kind_of(*node).scope.value_or(ConfigScope::broker);
  return target == "brokers" ? ConfigScope::broker : ConfigScope::topic;
}

// Empty: it is not known.
std::string value_now(const World& world, const std::string& target, std::string_view key) {
  if (const Node* node = world.find_node(target)) {
    const ProcessKind& kind = kind_of(*node);
    return kind.get ? kind.get(world, static_cast<std::size_t>(node->index), key) : "";
  }
  if (target == "brokers") return world.brokers.empty() ? "" : get_config(world.brokers.front().config, key);
  const MetadataImage* image = committed_image(world);
  const TopicRegistration* topic = image ? image->topic(world.topic_id(target)) : nullptr;
  return topic ? get_config(topic->config, key) : "";
}

// As people write it: "5s" for 5000 of a key in .ms.
std::string for_people(const ConfigKey& key, const std::string& value) {
  const std::optional<std::int64_t> number = parse_integer(value);
  const bool in_ms = key.type == ConfigType::duration && key.name.size() > 3 && key.name.substr(key.name.size() - 3) == ".ms";
  if (!in_ms || !number || *number < 0 || *number > kForEver / kMillisecond) return value;
  return format_duration(*number * kMillisecond);
}

std::vector<Completion> values_of(const World& world, const std::string& target, const ConfigKey& key, std::string_view typed) {
  const std::string now = for_people(key, value_now(world, target, key.name)), usual = for_people(key, key.default_text);
  std::vector<std::string> values(key.choices.begin(), key.choices.end());
  if (values.empty()) values = {now, usual};
  std::vector<Completion> all;
  for (const std::string& each : values) {
    const std::string text = std::string(key.name) + "=" + each;
    const auto same = [&](const Completion& other) { return other.text == text; };
    if (each.empty() || each.substr(0, typed.size()) != typed || std::any_of(all.begin(), all.end(), same)) continue;
    all.push_back({text, each == now ? "as it is now" : each == usual ? "as usual" : ""});
  }
  return all;
}

}  // namespace

std::vector<Completion> config_completions(const World& world, const std::string& target, std::string_view typed) {
  const ConfigScope scope = scope_of(world, target);
  if (const std::size_t equals = typed.find('='); equals != std::string_view::npos) {
    const ConfigKey* key = find_config_key(scope, typed.substr(0, equals));
    return key ? values_of(world, target, *key, typed.substr(equals + 1)) : std::vector<Completion>();
  }
  std::vector<Completion> begin_so, have_it;
  for (const ConfigKey& each : config_keys()) {
    if (each.scope != scope) continue;
    const std::size_t found = each.name.find(typed);
    if (found == std::string_view::npos) continue;
    const std::string value = value_now(world, target, each.name), now = for_people(each, value);
    // A broker that runs takes only what Kafka changes dynamically.
    if (!refusal(world, SetConfig{target, std::string(each.name), value.empty() ? each.default_text : value}).empty()) continue;
    (found == 0 ? begin_so : have_it).push_back({std::string(each.name) + "=", now.empty() ? "" : "now " + now});
  }
  begin_so.insert(begin_so.end(), have_it.begin(), have_it.end());
  return begin_so;
}

std::string config_example(const World& world, const std::string& target) {
  static const std::vector<std::pair<ConfigScope, std::pair<const char*, const char*>>> kExamples = {
      {ConfigScope::broker, {"min.insync.replicas", "2"}},      {ConfigScope::broker, {"min.insync.replicas", "1"}},
      {ConfigScope::topic, {"min.insync.replicas", "1"}},       {ConfigScope::topic, {"min.insync.replicas", "2"}},
      {ConfigScope::producer, {"acks", "1"}},                   {ConfigScope::producer, {"acks", "all"}},
      {ConfigScope::consumer, {"session.timeout.ms", "10s"}},   {ConfigScope::consumer, {"session.timeout.ms", "20s"}}};
  for (const auto& [scope, setting] : kExamples) {
    if (scope != scope_of(world, target)) continue;
    const SetConfig action{target, setting.first, setting.second};
    if (impossible(world, action).empty() && refusal(world, action).empty() && pointless(world, action).empty())
      return action.key + "=" + action.value;
  }
  return "";
}

std::string with_name_completed(const World& world, std::string_view typed) {
  std::vector<std::string> names = user_topics(world);
  for (const Node& each : world.fabric.nodes) names.push_back(each.name);
  // The longest end of what is typed with which a name begins, at the beginning of a word.
  for (std::size_t at = 0; at < typed.size(); ++at) {
    if (at > 0 && typed[at - 1] != ' ') continue;
    const std::string_view end = typed.substr(at);
    for (const std::string& each : names) {
      if (each.size() > end.size() && lower(each.substr(0, end.size())) == lower(end)) return std::string(typed.substr(0, at)) + each;
    }
  }
  return "";
}

}  // namespace nutshell
