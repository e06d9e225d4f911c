// The registry of configuration keys: what config.h holds, with type, default, range and meaning, and as text.
//
// A value as text is a plain number in the unit of the key (.ms, .seconds, .minutes, .hours), a duration with its
// unit ("9s"), true or false, a word, words with commas between, or a ratio in decimals ("0.5"). What is
// wrong is told in one sentence that names the key.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/fields.h"
#include "sim/kafka/config.h"

namespace nutshell {

// Durations that are longer than this, 73 years, are taken for this; as text it is Java's Long.MAX_VALUE. A moment may
// be so long after another, twice over, and is still representable.
inline constexpr Duration kForEver = kNever / 4;

// Those of plain kinds of process (plain_kinds.h) come after these.
enum class ConfigScope : std::uint8_t { broker, topic, producer, consumer };
inline constexpr std::size_t kOwnScopes = 4;
// All, in that order.
std::vector<ConfigScope> config_scopes();
enum class ConfigType : std::uint8_t { duration, integer, boolean, choice, list, ratio, text };  // list: of choices

struct ConfigKey {
  ConfigScope scope = ConfigScope::broker;
  ConfigType type = ConfigType::integer;
  std::string_view name;
  std::string default_text;
  // Bounds of numbers and durations, in the unit of the key.
  std::int64_t minimum = std::numeric_limits<std::int64_t>::min();
  std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
  std::vector<std::string_view> choices;  // words, the usual spelling of each; for booleans true and false
  std::string allowed;                    // "at least 0 (milliseconds)", "all, 0 or 1"
  std::string_view doc;                   // one sentence
  std::string_view note;                  // how versions of Kafka differ; may be empty
};

// All keys, by scope, in the order of config.h.
const std::vector<ConfigKey>& config_keys();
// nullptr if there is no such key.
const ConfigKey* find_config_key(ConfigScope scope, std::string_view name);
// "broker", "topic", "producer", "consumer", or the name of a plain kind.
std::string_view scope_name(ConfigScope scope);

// Whether Kafka changes the broker key while the broker runs (DynamicBrokerConfig); the others it reads when it starts.
bool is_dynamic(std::string_view broker_key);
// Why there is no such key there, in one sentence that says what is meant or near; empty: there is.
std::string unknown_config(ConfigScope scope, std::string_view key);
// Whose key it is: "a producer's and a consumer's"; empty: nobody's, neither here nor in Kafka.
std::string scopes_of(std::string_view key);
// Why the key does not take the value; empty: it does. REQUIRES there is such a key.
std::string wrong_value(ConfigScope scope, std::string_view key, std::string_view text);

// Sets a key from text. Returns an empty text, or what is wrong; then nothing is set.
std::string set_config(BrokerConfig& config, std::string_view key, std::string_view text);
std::string set_config(TopicConfig& config, std::string_view key, std::string_view text);
std::string set_config(ProducerConfig& config, std::string_view key, std::string_view text);
std::string set_config(ConsumerConfig& config, std::string_view key, std::string_view text);

// The value as text that set_config() reads; empty if there is no such key.
std::string get_config(const BrokerConfig& config, std::string_view key);
std::string get_config(const TopicConfig& config, std::string_view key);
std::string get_config(const ProducerConfig& config, std::string_view key);
std::string get_config(const ConsumerConfig& config, std::string_view key);

// Of a plain kind: `config` is its Config.
std::string set_plain_config(ConfigScope scope, void* config, std::string_view key, std::string_view text);
std::string get_plain_config(ConfigScope scope, const void* config, std::string_view key);

// What a scenario file says of a plain kind's configuration: keys as text, those that are not as usual.
struct PlainSettings {
  ConfigScope scope{};
  std::vector<std::pair<std::string, std::string>> given;
  NUTSHELL_FIELDS(PlainSettings, scope, given)
};
std::string set_config(PlainSettings& config, std::string_view key, std::string_view text);
std::string get_config(const PlainSettings& config, std::string_view key);

// What Kafka would refuse to start with although each key is right by itself; empty if nothing.
std::string validate(const BrokerConfig& config);
std::string validate(const TopicConfig& config);
std::string validate(const ProducerConfig& config);
std::string validate(const ConsumerConfig& config);

// Completes a producer's configuration as Kafka's client does, then validates it: idempotence is dropped
// where another key rules it out, unless it was asked for (C6), and delivery.timeout.ms grows to linger.ms +
// request.timeout.ms, unless it was set.
std::string finish(ProducerConfig& config, bool idempotence_explicit, bool delivery_timeout_explicit = true);

}  // namespace nutshell
