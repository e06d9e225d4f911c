#include "sim/kafka/config_keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <type_traits>

#include "sim/core/text.h"
#include "sim/kafka/config_docs.h"
#include "sim/kafka/config_words.h"
#include "sim/kafka/plain_kinds.h"
#include "sim/kafka/real_keys.h"
#include "sim/schema/avro_idl.h"

namespace nutshell {

namespace {

template <class Config>
constexpr ConfigScope scope_of_config() {
  if constexpr (std::is_same_v<Config, BrokerConfig>) return ConfigScope::broker;
  else if constexpr (std::is_same_v<Config, TopicConfig>) return ConfigScope::topic;
  else if constexpr (std::is_same_v<Config, ProducerConfig>) return ConfigScope::producer;
  else if constexpr (std::is_same_v<Config, ConsumerConfig>) return ConfigScope::consumer;
  ConfigScope scope{};
  PlainKinds::each([&]<class Kind>() {
    if (std::is_same_v<Config, typename Kind::Config>) scope = plain_scope<Kind>();
  });
  return scope;
}
template <class Config>
constexpr ConfigScope kScopeOf = scope_of_config<Config>();

constexpr int kLongestText = 1000;  // of a value that is a text

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// The unit of a key that holds a duration; 0: it holds none.
Duration unit_of(std::string_view key) {
  if (ends_with(key, ".ms")) return kMillisecond;
  if (ends_with(key, ".seconds")) return kSecond;
  if (ends_with(key, ".minutes")) return kMinute;
  if (ends_with(key, ".hours")) return kHour;
  return 0;
}

std::string_view unit_name(Duration unit) {
  if (unit == kMillisecond) return "milliseconds";
  if (unit == kSecond) return "seconds";
  return unit == kMinute ? "minutes" : "hours";
}

constexpr std::string_view kByDuration = "by_duration:";

// --- values to text

std::string text_of(std::int64_t value, std::string_view key) {
  const Duration unit = unit_of(key);
  if (value >= kForEver && unit != 0) return std::to_string(std::numeric_limits<std::int64_t>::max());
  if (value == kAsBroker) return std::string(key.substr(0, 4) == "log." ? kUnset : kInherited);
  if (unit == 0 || value % unit == 0) return std::to_string(unit == 0 ? value : value / unit);
  return format_duration(value);
}

[[maybe_unused]] std::string text_of(const std::string& value, std::string_view) { return value; }
std::string text_of(const SchemaText& value, std::string_view) { return value.text; }

std::string text_of(Ratio value, std::string_view) {
  std::string decimals = std::to_string(1'000'000 + value.ppm % 1'000'000).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return std::to_string(value.ppm / 1'000'000) + (decimals.empty() ? "" : "." + decimals);
}

std::string text_of(AutoOffsetReset value, std::string_view) {
  for (const auto& word : kResetWords)
    if (word.value == value.to) return std::string(word.text);
  return std::string(kByDuration) + format_iso_duration(value.back);
}

template <class Value>
std::string text_of(Value value, std::string_view) {
  for (const auto& word : words_for(value))
    if (word.value == value) return std::string(word.text);
  return "";
}

std::string text_of(const AssignorList& list, std::string_view key) {
  std::string text;
  for (AssignorName each : list) text += (text.empty() ? "" : ", ") + text_of(each, key);
  return text;
}

// --- text to values

std::string in_quotes(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string refuse(const ConfigKey& key, std::string_view text) {
  return std::string(key.name) + " must be " + key.allowed + ", not " + in_quotes(text);
}

// A number, or a duration in nanoseconds.
std::optional<std::int64_t> read_number(const ConfigKey& key, std::string_view text) {
  const Duration unit = unit_of(key.name);
  const std::optional<std::int64_t> number = parse_integer(text);
  if (unit == 0) return number;
  const std::int64_t most = kForEver / unit;
  if (number) return *number > most ? kForEver : std::max(*number, -most) * unit;
  const std::optional<Duration> duration = parse_duration(text);
  return duration ? std::min(*duration, kForEver) : duration;
}

bool in_range(const ConfigKey& key, std::int64_t value) {
  const Duration unit = unit_of(key.name);
  if (unit == 0) return value >= key.minimum && value <= key.maximum;
  const bool bounded = key.maximum <= kNever / unit;
  return (key.minimum == kLowest || value >= key.minimum * unit) && (!bounded || value <= key.maximum * unit);
}

std::string assign(std::int64_t& value, const ConfigKey& key, std::string_view text) {
  if ((text == kInherited || text == kUnset) && key.default_text == text) {
    value = kAsBroker;
    return "";
  }
  const std::optional<std::int64_t> number = read_number(key, text);
  if (!number || !in_range(key, *number)) return refuse(key, text);
  value = *number;
  return "";
}

[[maybe_unused]] std::string assign(std::string& value, const ConfigKey& key, std::string_view text) {
  if (text.size() > static_cast<std::size_t>(kLongestText)) return refuse(key, text);
  value = text;
  return "";
}

std::string assign(SchemaText& value, const ConfigKey& key, std::string_view text) {
  if (text.size() > static_cast<std::size_t>(kLongestText)) return refuse(key, text.substr(0, 20));
  std::string problem;
  if (!text.empty()) {
    const AvroIdlResult json = avro_json_of(text);
    problem = json.problem.empty() ? read_avro(json.json).problem : json.problem;
  }
  if (!problem.empty()) return std::string(key.name) + " is no schema: " + problem;
  value.text = text;
  return "";
}

std::string assign(Ratio& value, const ConfigKey& key, std::string_view text) {
  const std::optional<std::int64_t> ppm = parse_ppm(text);
  if (!ppm) return refuse(key, text);
  value.ppm = *ppm;
  return "";
}

std::string assign(AutoOffsetReset& value, const ConfigKey& key, std::string_view text) {
  for (const auto& word : kResetWords)
    if (word.text == text) return value = word.value, "";
  if (text.substr(0, kByDuration.size()) != kByDuration) return refuse(key, text);
  const std::optional<Duration> back = parse_iso_duration(text.substr(kByDuration.size()));
  if (!back || *back < 0) return refuse(key, text);
  value = {OffsetReset::by_duration, *back};
  return "";
}

std::string assign(Guarantee& value, const ConfigKey& key, std::string_view text) {
  if (text.substr(0, 12) == "exactly_once")
    return std::string(key.name) + " = " + std::string(text) + " needs transactions, which are not simulated yet; use at_least_once";
  if (text != kGuaranteeWords[0].text) return refuse(key, text);
  value = Guarantee::at_least_once;
  return "";
}

std::string assign(ExactlyOnceSource& value, const ConfigKey& key, std::string_view text) {
  if (text == "enabled" || text == "preparing")
    return std::string(key.name) + " = " + std::string(text) + " needs transactions, which are not simulated yet; leave it disabled: what "
           "a source has read since its last note comes again after a crash";
  if (text != kExactlyOnceWords[0].text) return refuse(key, text);
  value = ExactlyOnceSource::disabled;
  return "";
}

template <class Value>
std::string assign(Value& value, const ConfigKey& key, std::string_view text) {
  for (const auto& word : words_for(value)) {
    if (word.text != text) continue;
    value = word.value;
    return "";
  }
  return refuse(key, text);
}

// "CooperativeStickyAssignor", its whole class name and "cooperative-sticky" are all "cooperativesticky".
std::string plain_assignor_name(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot != std::string_view::npos) text.remove_prefix(dot + 1);
  if (ends_with(text, "Assignor")) text.remove_suffix(std::string_view("Assignor").size());
  std::string name;
  for (char c : text)
    if (c != '-' && c != '_') name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

// nullptr: there is none of that name.
const Word<AssignorName>* find_assignor_word(std::string_view text) {
  const std::string wanted = plain_assignor_name(text);
  for (const Word<AssignorName>& word : kAssignorWords)
    if (plain_assignor_name(word.text) == wanted) return &word;
  return nullptr;
}

// The words of "range, cooperative-sticky" or "[\"range\", \"cooperative-sticky\"]".
std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view kAround = " []\"'";
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string_view word = text.substr(begin, end - begin);
    word.remove_prefix(std::min(word.find_first_not_of(kAround), word.size()));
    word = word.substr(0, word.find_last_not_of(kAround) + 1);
    words.push_back(word);
    begin = end + 1;
  }
  return words;
}

std::string assign(CleanupPolicy& policy, const ConfigKey& key, std::string_view text) {
  bool deletes = false, compacts = false;
  const std::vector<std::string_view> words = words_of(text);
  for (std::string_view each : words) {
    if (each.empty() && words.size() == 1) break;
    bool* named = each == "delete" ? &deletes : each == "compact" ? &compacts : nullptr;
    if (!named) return refuse(key, text);
    if (*named) return std::string(key.name) + " names " + in_quotes(each) + " twice";
    *named = true;
  }
  policy = compacts ? (deletes ? CleanupPolicy::compacts_and_deletes : CleanupPolicy::compacts)
                    : (deletes ? CleanupPolicy::deletes : CleanupPolicy::neither);
  return "";
}

std::string assign(AssignorList& list, const ConfigKey& key, std::string_view text) {
  AssignorList read = AssignorList::none();
  for (std::string_view each : words_of(text)) {
    const Word<AssignorName>* word = find_assignor_word(each);
    if (!word) return refuse(key, text);
    if (read.has(word->value)) return std::string(key.name) + " names " + in_quotes(word->text) + " twice";
    read.add(word->value);
  }
  list = read;
  return "";
}

template <class Config>
std::string set_in(Config& config, std::string_view name, std::string_view text) {
  const ConfigKey* key = find_config_key(kScopeOf<Config>, name);
  if (!key) return unknown_config(kScopeOf<Config>, name);
  std::string problem;
  for_each_field(config, [&](std::string_view each, auto& value) {
    if (each == name) problem = assign(value, *key, text);
  });
  return problem;
}

// N8: who sets only reconnect.backoff.ms turns the doubling off (CommonClientConfigs.postProcessReconnectBackoffConfigs).
// Of retry.backoff.ms Kafka knows no such rule.
template <class Config>
std::string set_of_client(Config& config, std::string_view name, std::string_view text) {
  const std::string problem = set_in(config, name, text);
  if (!problem.empty()) return problem;
  if (name == "reconnect.backoff.max.ms") config.reconnect_backoff_max_said = true;
  if (name == "reconnect.backoff.ms" && !config.reconnect_backoff_max_said) config.reconnect_backoff_max = config.reconnect_backoff;
  return "";
}

template <class Config>
std::string get_from(const Config& config, std::string_view name) {
  std::string text;
  for_each_field(config, [&](std::string_view each, const auto& value) {
    if (each == name) text = text_of(value, name);
  });
  return text;
}

// --- the registry

template <class Value>
ConfigType type_of(std::string_view key) {
  if constexpr (std::is_same_v<Value, std::int64_t>)
    return unit_of(key) != 0 ? ConfigType::duration : ConfigType::integer;
  else if constexpr (std::is_same_v<Value, std::string> || std::is_same_v<Value, SchemaText>)
    return ConfigType::text;
  else if constexpr (std::is_same_v<Value, bool> || std::is_same_v<Value, std::int8_t>)
    return ConfigType::boolean;
  else if constexpr (std::is_same_v<Value, AssignorList> || std::is_same_v<Value, CleanupPolicy>)
    return ConfigType::list;
  else if constexpr (std::is_same_v<Value, Ratio>)
    return ConfigType::ratio;
  else
    return ConfigType::choice;
}

// "all, 0 or 1"
std::string list_of(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string range_of(const ConfigKey& key) {
  const Duration unit = unit_of(key.name);
  std::string text =
      unit == 0 ? "a number" : "a time in " + std::string(unit_name(unit)) + ", or with a unit such as 9s";
  if (key.minimum != kLowest && key.maximum != kHighest)
    text += ", from " + std::to_string(key.minimum) + " to " + std::to_string(key.maximum);
  else if (key.minimum != kLowest)
    text += ", at least " + std::to_string(key.minimum);
  return text;
}

// nullptr: the table has no row for it, which a test finds.
const ConfigDoc* find_doc(ConfigScope scope, std::string_view name) {
  for (const ConfigDoc& each : config_docs())
    if (each.scope == scope && each.name == name) return &each;
  return nullptr;
}

template <class Value>
ConfigKey make_key(ConfigScope scope, std::string_view name, const Value& usual) {
  const ConfigDoc* doc = find_doc(scope, name);
  ConfigKey key;
  key.scope = scope;
  key.type = type_of<Value>(name);
  key.name = name;
  key.default_text = text_of(usual, name);
  if (doc) {
    key.minimum = doc->minimum;
    key.maximum = doc->maximum;
    key.doc = doc->doc;
    key.note = doc->note;
  }
  if constexpr (std::is_same_v<Value, std::int64_t>) {
    key.allowed = range_of(key);
  } else if constexpr (std::is_same_v<Value, std::string>) {
    key.allowed = "a text of at most " + std::to_string(kLongestText) + " characters";
  } else if constexpr (std::is_same_v<Value, SchemaText>) {
    key.allowed = "a schema of Avro, as JSON or as IDL, of at most " + std::to_string(kLongestText) + " characters";
  } else if constexpr (std::is_same_v<Value, Ratio>) {
    key.allowed = "a part of the whole from 0 to 1, such as 0.5, with at most six decimals";
  } else if constexpr (std::is_same_v<Value, CleanupPolicy>) {
    for (const auto& word : kPolicyWords) key.choices.push_back(word.text);
    key.allowed = "delete, compact, both with a comma between, or nothing";
  } else if constexpr (std::is_same_v<Value, AutoOffsetReset>) {
    for (const auto& word : kResetWords) key.choices.push_back(word.text);
    key.choices.push_back("by_duration:PT1H");
    key.allowed = "latest, earliest, none or by_duration: with a duration as in by_duration:PT1H30M";
  } else if constexpr (std::is_same_v<Value, AssignorList>) {
    for (const auto& word : kAssignorWords) key.choices.push_back(word.text);
    key.allowed = list_of(key.choices) + ", or several of them with commas between";
  } else {
    for (const auto& word : words_for(usual))
      if (text_of(word.value, name) == word.text) key.choices.push_back(word.text);
    key.allowed = list_of(key.choices);
  }
  return key;
}

template <class Config>
void add_keys(std::vector<ConfigKey>& all) {
  for_each_field(Config{}, [&](std::string_view name, const auto& usual) {
    all.push_back(make_key(kScopeOf<Config>, name, usual));
  });
}

std::vector<ConfigKey> all_keys() {
  std::vector<ConfigKey> all;
  add_keys<BrokerConfig>(all);
  add_keys<TopicConfig>(all);
  add_keys<ProducerConfig>(all);
  add_keys<ConsumerConfig>(all);
  PlainKinds::each([&]<class Kind>() { add_keys<typename Kind::Config>(all); });
  return all;
}

}  // namespace

const std::vector<ConfigKey>& config_keys() {
  static const std::vector<ConfigKey> kAll = all_keys();
  return kAll;
}

const ConfigKey* find_config_key(ConfigScope scope, std::string_view name) {
  for (const ConfigKey& each : config_keys())
    if (each.scope == scope && each.name == name) return &each;
  return nullptr;
}

std::vector<ConfigScope> config_scopes() {
  std::vector<ConfigScope> all;
  for (std::size_t i = 0; i < kOwnScopes + PlainKinds::size; ++i) all.push_back(static_cast<ConfigScope>(i));
  return all;
}

std::string_view scope_name(ConfigScope scope) {
  constexpr std::array<std::string_view, kOwnScopes> kNames = {"broker", "topic", "producer", "consumer"};
  const auto index = static_cast<std::size_t>(scope);
  std::string_view name = index < kOwnScopes ? kNames[index] : "";
  PlainKinds::each([&]<class Kind>() {
    if (scope == plain_scope<Kind>()) name = Kind::name;
  });
  return name;
}

std::string unknown_config(ConfigScope scope, std::string_view key) {
  if (find_config_key(scope, key)) return "";
  if (is_real_key(scope, key))
    return in_quotes(key) + " is a real Kafka " + std::string(scope_name(scope)) + " key, but Nutshell does not simulate it (yet)";
  if (const std::string elsewhere = scopes_of(key); !elsewhere.empty())
    return in_quotes(key) + " is no key of a " + std::string(scope_name(scope)) + ", it is " + elsewhere;
  const std::string what = "there is no " + std::string(scope_name(scope)) + " configuration key named " + in_quotes(key);
  std::vector<std::string_view> names;
  for (const ConfigKey& each : config_keys())
    if (each.scope == scope) names.push_back(each.name);
  const std::string nearest = nearest_name(key, names);
  return nearest.empty() ? what : what + "; did you mean " + in_quotes(nearest) + "?";
}

std::string wrong_value(ConfigScope scope, std::string_view key, std::string_view text) {
  const auto set = [&](auto config) { return set_config(config, key, text); };
  switch (scope) {
    case ConfigScope::broker: return set(BrokerConfig{});
    case ConfigScope::topic: return set(TopicConfig{});
    case ConfigScope::producer: return set(ProducerConfig{});
    case ConfigScope::consumer: return set(ConsumerConfig{});
  }
  std::string wrong;
  PlainKinds::each([&]<class Kind>() {
    if (typename Kind::Config config; scope == plain_scope<Kind>()) wrong = set_in(config, key, text);
  });
  return wrong;
}

std::string set_plain_config(ConfigScope scope, [[maybe_unused]] void* config, std::string_view key, std::string_view text) {
  std::string wrong = unknown_config(scope, key);
  PlainKinds::each([&]<class Kind>() {
    if (scope == plain_scope<Kind>()) wrong = set_in(*static_cast<typename Kind::Config*>(config), key, text);
  });
  return wrong;
}

std::string get_plain_config(ConfigScope scope, [[maybe_unused]] const void* config, std::string_view key) {
  std::string text;
  PlainKinds::each([&]<class Kind>() {
    if (scope == plain_scope<Kind>()) text = get_from(*static_cast<const typename Kind::Config*>(config), key);
  });
  return text;
}

std::string set_config(PlainSettings& config, std::string_view key, std::string_view text) {
  const std::string wrong = wrong_value(config.scope, key, text);
  if (!wrong.empty()) return wrong;
  const auto is_it = [&](const auto& each) { return each.first == key; };
  config.given.erase(std::remove_if(config.given.begin(), config.given.end(), is_it), config.given.end());
  config.given.emplace_back(key, text);
  return "";
}

std::string get_config(const PlainSettings& config, std::string_view key) {
  for (const auto& [name, value] : config.given)
    if (name == key) return value;
  const ConfigKey* known = find_config_key(config.scope, key);
  return known ? known->default_text : "";
}

std::string set_config(BrokerConfig& config, std::string_view key, std::string_view text) {
  return set_in(config, key, text);
}
std::string set_config(TopicConfig& config, std::string_view key, std::string_view text) {
  return set_in(config, key, text);
}
std::string set_config(ProducerConfig& config, std::string_view key, std::string_view text) {
  return set_of_client(config, key, text);
}
std::string set_config(ConsumerConfig& config, std::string_view key, std::string_view text) {
  return set_of_client(config, key, text);
}

std::string get_config(const BrokerConfig& config, std::string_view key) { return get_from(config, key); }
std::string get_config(const TopicConfig& config, std::string_view key) { return get_from(config, key); }
std::string get_config(const ProducerConfig& config, std::string_view key) { return get_from(config, key); }
std::string get_config(const ConsumerConfig& config, std::string_view key) { return get_from(config, key); }

}  // namespace nutshell
