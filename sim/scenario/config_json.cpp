#include "sim/scenario/config_json.h"

#include <algorithm>

#include "sim/core/text.h"

namespace nutshell {
namespace {

std::vector<std::string_view> key_names(ConfigScope scope) {
  std::vector<std::string_view> names;
  for (const ConfigKey& key : config_keys()) {
    if (key.scope == scope) names.push_back(key.name);
  }
  return names;
}

constexpr const char* kIdempotence = "enable.idempotence";

constexpr ConfigScope scope_of(const BrokerConfig&) { return ConfigScope::broker; }
constexpr ConfigScope scope_of(const TopicConfig&) { return ConfigScope::topic; }
constexpr ConfigScope scope_of(const ProducerConfig&) { return ConfigScope::producer; }
constexpr ConfigScope scope_of(const ConsumerConfig&) { return ConfigScope::consumer; }
ConfigScope scope_of(const PlainSettings& config) { return config.scope; }

std::string validate_all(BrokerConfig& config, const Json&) { return validate(config); }
std::string validate_all(TopicConfig& config, const Json&) { return validate(config); }
std::string validate_all(ConsumerConfig& config, const Json&) { return validate(config); }
std::string validate_all(PlainSettings&, const Json&) { return ""; }
std::string validate_all(ProducerConfig& config, const Json& given) {
  return finish(config, given.contains("enable.idempotence"), given.contains("delivery.timeout.ms"));
}

// Sets what is given. False, reported: something of it is wrong.
template <class Config>
bool set_members(JsonSource& reading, const Json& given, const std::string& path, Config& config) {
  bool right = true;
  for (const auto& [key, value] : given.items()) {
    const std::string member = member_path(path, key);
    std::string text;
    std::string wrong;
    if (const std::string unknown = unknown_config(scope_of(config), key); !unknown.empty()) {
      reading.report_key(member, unknown);
      right = false;
    } else {
      wrong = config_text(value, text) ? set_config(config, key, text) : "must be a number, a word, true or false";
    }
    if (!wrong.empty()) reading.report(member, wrong);
    right = right && wrong.empty();
  }
  return right;
}

template <class Config>
void read_keys(ObjectReader& owner, Config& config) {
  const Json none = Json::object();
  const Json* given = owner.find("config");
  if (!given) given = &none;
  const std::string path = owner.path("config");
  if (!ObjectReader(owner.reading(), *given, path).is_object()) return;
  if (!set_members(owner.reading(), *given, path, config)) return;
  const std::string wrong = validate_all(config, *given);
  if (!wrong.empty()) owner.reading().report(path, wrong);
}

// A value as JSON: numbers and truths as such, everything else as text.
nlohmann::ordered_json value_json(const ConfigKey& key, const std::string& text) {
  if (key.type == ConfigType::boolean) return text == "true";
  const std::optional<std::int64_t> number = parse_integer(text);
  if (number && key.type != ConfigType::duration) return *number;
  return text;
}

bool worth_saying(const PlainSettings& config, std::string_view key) {
  return get_config(config, key) != find_config_key(config.scope, key)->default_text;
}

// The key must be written: reading the others would not make it so.
template <class Config>
bool worth_saying(const Config& config, std::string_view key) {
  const bool differs = get_config(config, key) != get_config(Config{}, key);
  if constexpr (requires { config.reconnect_backoff_max_said; }) {
    const bool follows = config.reconnect_backoff != Config{}.reconnect_backoff && config.reconnect_backoff_max == config.reconnect_backoff;
    if (key == "reconnect.backoff.max.ms") return config.reconnect_backoff_max_said || (differs && !follows);
  }
  return differs;
}

template <class Config>
nlohmann::ordered_json different_keys(const Config& config) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const ConfigKey& key : config_keys()) {
    if (key.scope != scope_of(config)) continue;
    if (worth_saying(config, key.name)) object[std::string(key.name)] = value_json(key, get_config(config, key.name));
  }
  return object;
}

// One setting for all clients or topics of a kind, or for one of them.
class Override {
 public:
  Override(const std::string& key, const std::string& value) : value_(value) {
    const std::size_t colon = key.find(':');
    if (colon != std::string::npos) scope_ = key.substr(0, colon);
    key_ = colon == std::string::npos ? key : key.substr(colon + 1);
  }

  // `asked` are keys that were given before: what was asked for is not given up silently.
  template <class Config>
  void set(std::string_view kind, const std::string& name, Config& config, Json asked = Json::object()) {
    const bool meant = scope_.empty() || scope_ == kind || (!name.empty() && scope_ == name);
    if (!meant) return;
    in_scope_ = true;
    if (!find_config_key(scope_of(config), key_)) {
      for (std::string_view each : key_names(scope_of(config))) known_.push_back(each);
      return;
    }
    known_here_ = true;
    if (wrong_.empty()) wrong_ = set_config(config, key_, value_);
    asked[key_] = true;
    if (wrong_.empty()) wrong_ = validate_all(config, asked);
  }

  bool sets(std::string_view key) const { return key_ == key; }

  void report(const std::string& key, std::vector<Problem>& problems) const {
    if (!in_scope_) {
      problems.push_back({"--set", 0, 0, key, "there is no '" + scope_ + "' to configure", ""});
    } else if (!known_here_) {
      const std::string whose = scopes_of(key_);
      const std::string what = whose.empty() ? "nothing has a configuration key '" + key_ + "'" : "'" + key_ + "' is " + whose;
      problems.push_back({"--set", 0, 0, key, what, whose.empty() ? nearest_name(key_, known_) : ""});
    } else if (!wrong_.empty()) {
      problems.push_back({"--set", 0, 0, key, wrong_, ""});
    }
  }

 private:
  std::string scope_, key_, value_, wrong_;
  std::vector<std::string_view> known_;
  bool in_scope_ = false;
  bool known_here_ = false;
};

}  // namespace

void read_config(ObjectReader& owner, BrokerConfig& config) { read_keys(owner, config); }
void read_config(ObjectReader& owner, TopicConfig& config) { read_keys(owner, config); }
void read_config(ObjectReader& owner, ProducerConfig& config) { read_keys(owner, config); }

bool asks_for_idempotence(ObjectReader& producer) {
  const Json* config = producer.find("config");
  return config && config->is_object() && config->value(kIdempotence, Json()) == true;
}

void read_config(ObjectReader& owner, ConsumerConfig& config) { read_keys(owner, config); }
void read_config(ObjectReader& owner, PlainSettings& config) { read_keys(owner, config); }

bool config_text(const Json& value, std::string& out) {
  if (value.is_string()) {
    out = value.get<std::string>();
  } else if (value.is_boolean()) {
    out = value.get<bool>() ? "true" : "false";
  } else if (value.is_number()) {
    out = value.dump();
  } else {
    return false;
  }
  return true;
}

bool check_config_key(JsonSource& reading, ConfigScope scope, const std::string& key, const std::string& path) {
  const std::string unknown = unknown_config(scope, key);
  if (!unknown.empty()) reading.report(path, unknown);
  return unknown.empty();
}

nlohmann::ordered_json config_json(const BrokerConfig& config) { return different_keys(config); }
nlohmann::ordered_json config_json(const TopicConfig& config) { return different_keys(config); }
nlohmann::ordered_json config_json(const ProducerConfig& config) { return different_keys(config); }
nlohmann::ordered_json config_json(const ConsumerConfig& config) { return different_keys(config); }
nlohmann::ordered_json config_json(const PlainSettings& config) { return different_keys(config); }

void override_config(Setup& setup, const std::string& key, const std::string& value, std::vector<Problem>& problems) {
  Override each(key, value);
  each.set("brokers", "", setup.config);
  for (TopicSpec& topic : setup.topics) each.set("topics", topic.name, topic.config);
  for (ProducerSetup& producer : setup.producers) {
    Json asked = Json::object();
    if (producer.asks_for_idempotence) asked[kIdempotence] = true;
    each.set("producers", producer.name, producer.spec.config, asked);
    producer.asks_for_idempotence = producer.asks_for_idempotence || (each.sets(kIdempotence) && producer.spec.config.enable_idempotence);
  }
  for (ConsumerSetup& consumer : setup.consumers) each.set("consumers", consumer.name, consumer.spec.config);
  for (PlainSetup& plain : setup.plain) each.set(plain.plural, plain.name, plain.config);
  each.report(key, problems);
}

}  // namespace nutshell
