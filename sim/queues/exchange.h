// RabbitMQ's exchanges: which bindings a message meets (Q2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nutshell::queues {

// In the order of the words of the key "exchange".
enum class ExchangeType : std::uint8_t { fanout, direct, topic, headers, modulus_hash, default_exchange };

struct Binding {
  std::string key;       // of direct and topic exchanges
  bool any = false;      // x-match: one header is enough
  bool with_x = false;   // headers that begin with "x-" count as well
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;  // without a value: it is there
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// Words are parted by dots; in the pattern `*` stands for one, `#` for any number of them.
bool topic_matches(std::string_view pattern, std::string_view routing_key);
// An empty list is met by all with "all", and by none with "any".
bool headers_match(const Binding& binding, const Headers& headers);
bool meets(ExchangeType type, const Binding& binding, std::string_view routing_key, const Headers& headers);

}  // namespace nutshell::queues
