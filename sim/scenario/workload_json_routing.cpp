// RabbitMQ's routing in the rows of a workload: exchanges, what is bound to them, and queues with arguments of their own.
#include <algorithm>

#include "sim/scenario/workload_json_parts.h"

namespace nutshell::queues {
namespace {

constexpr std::size_t kMostExchanges = 20, kMostBindings = 100;

// In the order of ExchangeType: what an exchange can be that others are bound to.
const std::vector<std::string_view> kTypes = {"fanout", "direct", "topic", "headers"};

// {"x-match": "any", "type": "paid", "urgent": null}
void read_arguments(JsonSource& reading, const Json& value, const std::string& path, Binding& out) {
  for (const auto& [name, each] : value.items()) {
    const std::string where = member_path(path, name);
    std::string text;
    if (name == "x-match") {
      const std::vector<std::string_view> known = {"all", "any", "all-with-x", "any-with-x"};
      if (!read_text(reading, each, where, text)) continue;
      if (std::find(known.begin(), known.end(), text) == known.end()) reading.report_unknown(where, "value", text, known);
      out.any = text.rfind("any", 0) == 0;
      out.with_x = text.size() > 3;
    } else if (each.is_null()) {
      out.headers.emplace_back(name, std::nullopt);
    } else {
      const std::vector<std::string> values = read_texts(reading, each, where);
      if (!values.empty()) out.headers.emplace_back(name, values.front());
    }
  }
}

// "order.*", headers, or of another exchange than the publisher's {"source": "audit", "routing_key": "order.*"}, with "arguments" if
// they are headers.
Binding read_binding(JsonSource& reading, const Json& value, const std::string& path, const std::vector<Exchange>& exchanges) {
  Binding it;
  if (!value.is_object()) {
    read_text(reading, value, path, it.key);
  } else if (exchanges.empty() || !value.contains("source")) {
    read_arguments(reading, value, path, it);
  } else {
    ObjectReader object(reading, value, path);
    it.source = named(object, "source", "exchange", exchanges);
    object.text("routing_key", it.key);
    if (const Json* arguments = object.find("arguments")) {
      if (ObjectReader(reading, *arguments, object.path("arguments")).is_object())
        read_arguments(reading, *arguments, object.path("arguments"), it);
    }
    object.finish();
  }
  return it;
}

// "exchanges": {"audit": "fanout"}
void read_exchanges(ObjectReader& object, Row& row, const std::vector<Service>& services) {
  const Json* exchanges = object.find("exchanges");
  if (!exchanges) return;
  JsonSource& reading = object.reading();
  const std::string path = object.path("exchanges");
  if (!ObjectReader(reading, *exchanges, path).is_object()) return;
  for (const auto& [name, type] : exchanges->items()) {
    const std::string where = member_path(path, name);
    Exchange it;
    it.name = name;
    std::string word;
    if (!read_text(reading, type, where, word)) continue;
    const auto found = std::find(kTypes.begin(), kTypes.end(), word);
    if (found == kTypes.end()) reading.report_unknown(where, "type", word, kTypes);
    it.type = static_cast<ExchangeType>(std::min(found - kTypes.begin(), std::ptrdiff_t{3}));
    const auto same = [&](const Service& each) { return each.name == it.name; };
    if (name.empty() || name.rfind("amq.", 0) == 0)
      reading.report_key(where, "is a name that RabbitMQ keeps for itself (none, or one that begins with \"amq.\"); give it another");
    else if (std::any_of(services.begin(), services.end(), same))
      reading.report_key(where, "is the name of a service, whose queue is called so; give the exchange another");
    row.exchanges.push_back(std::move(it));
  }
  if (row.exchanges.size() > kMostExchanges)
    reading.report(path, "has more than " + std::to_string(kMostExchanges) + " exchanges");
  const std::string_view first = row.settings.word(row.product, "exchange");
  if (first == "default" || first == "x-modulus-hash")
    reading.report(path, "does not go with \"exchange\": " + std::string(first) + ", to which no exchange is bound here");
  else if (!object.find("bindings"))
    reading.report(path, "does nothing without \"bindings\" that lead to these exchanges and on to queues");
}

// {"x-message-ttl": "5s", "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "work"}
QueueArguments read_arguments_of(JsonSource& reading, const Json& value, const std::string& path, const Row& row) {
  QueueArguments it;
  ObjectReader object(reading, value, path);
  if (!object.is_object()) return it;
  std::string text, name;
  if (object.text("x-dead-letter-routing-key", text)) it.dead_letter_routing_key = text;
  for (const auto& [argument, each] : value.items()) {
    const ProductKey* key = find_key(row.product, argument);
    if (!key || argument.rfind("x-", 0) != 0) continue;
    object.find(argument);
    std::int64_t set = 0;
    if (read_setting(reading, *key, each, object.path(argument), set)) it.settings.set(*key, set);
    if (argument == "x-dead-letter-exchange" && each.is_string()) it.dead_letter_exchange = each.get<std::string>();
  }
  object.finish();
  Settings both = row.settings;
  both.take(it.settings);
  if (const std::string wrong = contradiction(row.product, both, name); !wrong.empty())
    reading.report(value.contains(name) ? object.path(name) : path, value.contains(name) ? wrong : name + " " + wrong);
  if (it.dead_letter_routing_key && !it.dead_letter_exchange)
    reading.report(object.path("x-dead-letter-routing-key"),
                   "does nothing without \"x-dead-letter-exchange\" by its name, or \"\" for the default one");
  if (it.dead_letter_exchange && row.product == ProductId::rabbit_quorum && both.get(row.product, "x-dead-letter-strategy") != 0)
    reading.report(object.path("x-dead-letter-exchange"),
                   "is published to at-most-once here: leave \"x-dead-letter-strategy\" out, or say true for a place without consumers");
  return it;
}

// "arguments": {"retry": {...}}: of the queue of one service.
void read_queue_arguments(ObjectReader& object, Row& row, const std::vector<Service>& services) {
  JsonSource& reading = object.reading();
  const Json* config = object.find("config");
  const Json* dead = config && config->is_object() && config->contains("x-dead-letter-exchange") ? &(*config)["x-dead-letter-exchange"]
                                                                                                 : nullptr;
  const auto same = [&](const Exchange& each) { return dead && dead->is_string() && each.name == dead->get<std::string>(); };
  if (std::any_of(row.exchanges.begin(), row.exchanges.end(), same))
    reading.report(member_path(object.path("config"), "x-dead-letter-exchange"),
                   "is one of the row's \"exchanges\": say it in \"arguments\", of each queue whose dead letters go on to it");
  const Json* arguments = object.find("arguments");
  if (!arguments) return;
  row.arguments.resize(services.size());
  ObjectReader inner(reading, *arguments, object.path("arguments"));
  for (std::size_t i = 0; inner.is_object() && i < services.size(); ++i)
    if (const Json* of = inner.find(services[i].name))
      row.arguments[i] = read_arguments_of(reading, *of, inner.path(services[i].name), row);
  inner.finish();
}

}  // namespace

// "bindings": {"S2": ["*.paid"], "S3": [{"x-match": "any", "type": "paid", "urgent": null}], "audit": ["order.#"],
// "S4": [{"source": "audit"}]}
void read_routing(ObjectReader& object, Row& row, const std::vector<Service>& services) {
  JsonSource& reading = object.reading();
  for (const std::string_view each : {"bindings", "routing_key", "exchanges", "arguments"}) {
    if (find_key(row.product, "exchange") || !object.find(each)) continue;
    return reading.report(object.path(each), "is for queues of RabbitMQ; other products have filters");
  }
  if (const Json* key = object.find("routing_key")) row.routing_key = read_texts(reading, *key, object.path("routing_key"));
  read_exchanges(object, row, services);
  read_queue_arguments(object, row, services);
  const Json* bindings = object.find("bindings");
  if (!bindings) return;
  row.has_bindings = true;
  row.bindings.resize(services.size());
  ObjectReader inner(reading, *bindings, object.path("bindings"));
  const auto read_of = [&](const std::string& destination, std::vector<Binding>& out) {
    inner.each(destination, kMostBindings, [&](const Json& each, const std::string& path) {
      out.push_back(read_binding(reading, each, path, row.exchanges));
    });
  };
  for (std::size_t i = 0; inner.is_object() && i < services.size(); ++i) read_of(services[i].name, row.bindings[i]);
  for (std::size_t i = 0; inner.is_object() && i < row.exchanges.size(); ++i) read_of(row.exchanges[i].name, row.exchanges[i].bindings);
  inner.finish();
}

}  // namespace nutshell::queues
