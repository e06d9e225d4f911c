// Configuration as JSON: {"acks": "all", "linger.ms": 5, "request.timeout.ms": "10s"}, under Kafka's own keys.
#pragma once

#include <string>
#include <string_view>

#include "sim/kafka/config_keys.h"
#include "sim/scenario/json_reader.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

// Reads the member "config" of `owner`, if there is one. Numbers are in the unit of the key.
void read_config(ObjectReader& owner, BrokerConfig& config);
void read_config(ObjectReader& owner, TopicConfig& config);
void read_config(ObjectReader& owner, ProducerConfig& config);
void read_config(ObjectReader& owner, ConsumerConfig& config);
void read_config(ObjectReader& owner, PlainSettings& config);

// Whether the producer's "config" says enable.idempotence=true itself.
bool asks_for_idempotence(ObjectReader& producer);

// A number, a word, true or false as the text that set_config() reads. False: it is something else.
bool config_text(const Json& value, std::string& out);

// Reports a key that the scope does not have. False: it has not.
bool check_config_key(JsonSource& reading, ConfigScope scope, const std::string& key, const std::string& path);

// The keys that differ from Kafka's defaults; durations as text, the rest as they are.
nlohmann::ordered_json config_json(const BrokerConfig& config);
nlohmann::ordered_json config_json(const TopicConfig& config);
nlohmann::ordered_json config_json(const ProducerConfig& config);
nlohmann::ordered_json config_json(const ConsumerConfig& config);
nlohmann::ordered_json config_json(const PlainSettings& config);

// Sets a key wherever it is known, or where the scope before ':' says (Overrides::set).
void override_config(Setup& setup, const std::string& key, const std::string& value, std::vector<Problem>& problems);

}  // namespace nutshell
