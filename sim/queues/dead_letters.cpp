// Dead letters of RabbitMQ that go on to other queues through an exchange, with what is written on them (Q20).
#include <algorithm>

#include "sim/core/text.h"
#include "sim/queues/death.h"
#include "sim/queues/simulation.h"

namespace nutshell::queues {
namespace {

// The exchange that the publisher sends to has no name in a workload; it is called as RabbitMQ calls its own of that type.
std::string name_of_first(ExchangeType type) {
  constexpr std::string_view kNames[] = {"amq.fanout", "amq.direct", "amq.topic", "amq.headers", "x-modulus-hash", ""};
  return std::string(kNames[static_cast<std::size_t>(type)]);
}

}  // namespace

void add_death(DeathHeaders& headers, const Death& death) {
  Death now = death;
  const auto known = std::find_if(headers.x_death.begin(), headers.x_death.end(),
                                  [&](const Death& each) { return each.queue == death.queue && each.reason == death.reason; });
  if (headers.x_death.empty()) headers.first = death;
  if (known != headers.x_death.end()) {
    now = *known;
    ++now.count;
    headers.x_death.erase(known);
  }
  headers.x_death.insert(headers.x_death.begin(), now);
}

bool is_cycle(const DeathHeaders& headers, std::string_view queue) {
  for (const Death& each : headers.x_death) {
    if (each.reason == "rejected") return false;
    if (each.queue == queue) return true;
  }
  return false;
}

std::string to_text(const DeathHeaders& headers) {
  std::string text = "x-death: [";
  for (const Death& each : headers.x_death) {
    text += (&each == headers.x_death.data() ? "{" : ", {");
    text += "count: " + std::to_string(each.count) + ", reason: " + each.reason + ", queue: " + each.queue +
            ", time: " + format_time(each.time) + ", exchange: \"" + each.exchange + "\", routing-keys: [\"" + each.routing_key + "\"]";
    if (each.original_expiration != kNever) text += ", original-expiration: " + std::to_string(each.original_expiration / kMillisecond);
    text += "}";
  }
  const auto ends = [](const std::string& which, const Death& it) {
    const std::string name = ", x-" + which + "-death-";
    return name + "queue: " + it.queue + name + "reason: " + it.reason + name + "exchange: \"" + it.exchange + "\"";
  };
  return text + "]" + ends("first", headers.first) + ends("last", headers.x_death.front());
}

// Where dead letters of this queue go on to; nullptr: they stay in a place of their own, if there is one.
const QueueArguments* Simulation::dead_letter_route(std::int32_t s) const {
  if (row_.arguments.empty()) return nullptr;
  const QueueArguments& own = row_.arguments[static_cast<std::size_t>(s)];
  return own.dead_letter_exchange ? &own : nullptr;
}

// Whether an exchange passes what comes to it on to the queue of this service.
bool Simulation::exchange_leads_to(const std::string& exchange, const std::string& routing_key, std::int32_t m, std::int32_t to) const {
  if (exchange.empty()) return service(to).spec.name == routing_key;
  std::int32_t from = -2;
  if (exchange == name_of_first(rules_.exchange)) from = -1;
  for (std::size_t i = 0; i < row_.exchanges.size(); ++i)
    if (row_.exchanges[i].name == exchange) from = static_cast<std::int32_t>(i);
  if (from == -2 || !row_.has_bindings) return false;
  return reaches(rules_.exchange, row_.exchanges, from, row_.bindings[static_cast<std::size_t>(to)], routing_key, message(m).attributes);
}

// A dead letter is published anew, without its own time to live and with more headers; what no queue takes is dropped, and nobody is
// told. Its old queue counts it as dead until it comes back there. True: a queue has taken it.
bool Simulation::publish_dead_letter(std::int32_t s, const Item& item, const QueueArguments& route, const std::string& reason) {
  const std::int32_t m = item.message;
  DeathHeaders headers;
  if (item.death >= 0) headers = deaths_[static_cast<std::size_t>(item.death)];
  else headers = {{}, {}, name_of_first(rules_.exchange), routing_key_of(row_, message(m))};
  Death death{service(s).spec.name, reason, headers.exchange, headers.routing_key, 1, now_};
  if (item.death < 0) death.original_expiration = message(m).expires_after;
  add_death(headers, death);
  headers.exchange = *route.dead_letter_exchange;
  headers.routing_key = route.dead_letter_routing_key.value_or(headers.routing_key);
  std::vector<std::pair<std::int32_t, std::int32_t>> places;
  for (std::size_t i = 0; i < services_.size(); ++i) {
    const auto to = static_cast<std::int32_t>(i);
    if (!services_[i].exists || services_[i].detached || !exchange_leads_to(headers.exchange, headers.routing_key, m, to)) continue;
    const std::int32_t box = slot_of(rules_, message(m).key, static_cast<std::int32_t>(services_[i].queues.size()));
    const bool again = is_cycle(headers, services_[i].spec.name);
    if (again) tell(FactKind::dropped, to, -1, m, 0, "it has been in this queue already, and was rejected nowhere since then");
    if (!again && !queue(to, box).down && !is_full(to, box, message(m).size)) places.emplace_back(to, box);
  }
  if (places.empty()) return false;
  std::string where;
  for (const auto& [to, box] : places) where += (where.empty() ? "" : " and ") + service(to).spec.name;
  ledger_.bury(s, m);
  ++service(s).went_on[m];
  tell(FactKind::dead_lettered, s, -1, m, 0, reason + ", and goes on to the queue of " + where);
  deaths_.push_back(headers);
  const auto number = static_cast<std::int32_t>(deaths_.size() - 1);
  for (const auto& [to, box] : places) {
    const auto back = service(to).went_on.find(m);
    if (back != service(to).went_on.end() && back->second > 0) {
      --back->second;
      ledger_.unbury(to, m);
    }
    ++system_.copies;
    store(to, box, m, number);
  }
  return true;
}

}  // namespace nutshell::queues
