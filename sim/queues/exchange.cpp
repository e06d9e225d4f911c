#include "sim/queues/exchange.h"

#include <algorithm>

namespace nutshell::queues {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t dot = text.find('.');
    words.push_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return words;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool topic_matches(std::string_view pattern, std::string_view routing_key) {
  const std::vector<std::string_view> asked = words_of(pattern);
  const std::vector<std::string_view> words = routing_key.empty() ? std::vector<std::string_view>{} : words_of(routing_key);
  // met[j]: what of the pattern has been looked at meets the first j words.
  std::vector<bool> met(words.size() + 1, false);
  met[0] = true;
  for (const std::string_view each : asked) {
    if (each.empty() && words.empty()) continue;
    std::vector<bool> next(words.size() + 1, false);
    for (std::size_t j = 0; j <= words.size(); ++j) {
      if (each == "#") next[j] = met[j] || (j > 0 && next[j - 1]);
      else if (j > 0) next[j] = met[j - 1] && (each == "*" || each == words[j - 1]);
    }
    met = next;
  }
  return met.back();
}

bool headers_match(const Binding& binding, const Headers& headers) {
  const auto holds = [&](const std::pair<std::string, std::optional<std::string>>& asked) {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& header) {
      return header.first == asked.first && (!asked.second || *asked.second == header.second);
    });
  };
  const auto counts = [&](const auto& asked) { return binding.with_x || asked.first.rfind("x-", 0) != 0; };
  if (binding.any) {
    return std::any_of(binding.headers.begin(), binding.headers.end(), [&](const auto& each) { return counts(each) && holds(each); });
  }
  return std::all_of(binding.headers.begin(), binding.headers.end(), [&](const auto& each) { return !counts(each) || holds(each); });
}

bool meets(ExchangeType type, const Binding& binding, std::string_view routing_key, const Headers& headers) {
  switch (type) {
    case ExchangeType::fanout:
    case ExchangeType::modulus_hash: return true;
    case ExchangeType::direct:
    case ExchangeType::default_exchange: return binding.key == routing_key;
    case ExchangeType::topic: return topic_matches(binding.key, routing_key);
    case ExchangeType::headers: return headers_match(binding, headers);
  }
  return false;
}

bool reaches(ExchangeType first, const std::vector<Exchange>& others, std::int32_t from, const std::vector<Binding>& queue,
             std::string_view routing_key, const Headers& headers) {
  std::vector<bool> reached(others.size() + 1, false);  // the publisher's first
  const auto place = [](std::int32_t exchange) { return static_cast<std::size_t>(exchange + 1); };
  const auto met = [&](const Binding& each) {
    const ExchangeType type = each.source < 0 ? first : others[static_cast<std::size_t>(each.source)].type;
    return reached[place(each.source)] && meets(type, each, routing_key, headers);
  };
  reached[place(from)] = true;
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < others.size(); ++i)
      if (!reached[i + 1] && std::any_of(others[i].bindings.begin(), others[i].bindings.end(), met)) reached[i + 1] = more = true;
  }
  return std::any_of(queue.begin(), queue.end(), met);
}

}  // namespace nutshell::queues
