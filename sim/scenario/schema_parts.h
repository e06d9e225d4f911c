// The definitions of the schema that are made from tables.
#pragma once

#include <nlohmann/json.hpp>

#include "sim/kafka/config_keys.h"

namespace nutshell {

nlohmann::ordered_json config_schema(ConfigScope scope);
nlohmann::ordered_json action_schema();
nlohmann::ordered_json where_schema();
nlohmann::ordered_json event_schema();
nlohmann::ordered_json when_schema();
nlohmann::ordered_json test_schema();
nlohmann::ordered_json beat_schema();
nlohmann::ordered_json goal_schema();

// Small schemas.
nlohmann::ordered_json text_schema(const std::string& description);
nlohmann::ordered_json duration_schema(const std::string& description);
nlohmann::ordered_json integer_schema(const std::string& description, std::int64_t low, std::int64_t high);
nlohmann::ordered_json list_schema(const std::string& description, nlohmann::ordered_json items, std::size_t most);
nlohmann::ordered_json object_schema(nlohmann::ordered_json properties, std::vector<std::string> required);
nlohmann::ordered_json reference(const std::string& definition);

}  // namespace nutshell
