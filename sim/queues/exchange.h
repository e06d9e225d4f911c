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
  std::int32_t source = -1;  // place in the row's exchanges; -1: the one that the publisher sends to
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// An exchange that gets what other exchanges pass on to it.
struct Exchange {
  std::string name;
  ExchangeType type = ExchangeType::fanout;
  std::vector<Binding> bindings;  // to their sources
};

// Words are parted by dots; in the pattern `*` stands for one, `#` for any number of them.
bool topic_matches(std::string_view pattern, std::string_view routing_key);
// An empty list is met by all with "all", and by none with "any".
bool headers_match(const Binding& binding, const Headers& headers);
bool meets(ExchangeType type, const Binding& binding, std::string_view routing_key, const Headers& headers);
// Whether what comes to the exchange `from` meets one of a queue's bindings, there or where it is passed on to (Q1): each exchange
// is asked once, however they are bound in circles. `first` is the type of the one that the publisher sends to, -1.
bool reaches(ExchangeType first, const std::vector<Exchange>& others, std::int32_t from, const std::vector<Binding>& queue,
             std::string_view routing_key, const Headers& headers);

}  // namespace nutshell::queues
