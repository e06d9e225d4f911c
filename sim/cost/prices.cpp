#include "sim/cost/prices.h"

#include <vector>

#include "sim/core/text.h"
#include "sim/json/json_tree.h"

namespace nutshell {
namespace {

constexpr std::string_view kPriceNames[kPrices] = {"vm_hour",
                                                   "small_vm_hour",
                                                   "disk_gb_month",
                                                   "zone_gb",
                                                   "pubsub_tib",
                                                   "sqs_million_requests",
                                                   "sqs_fifo_million_requests",
                                                   "sns_million_publishes",
                                                   "sns_fifo_million_publishes",
                                                   "kinesis_shard_hour",
                                                   "kinesis_million_put_units",
                                                   "kinesis_retention_shard_hour",
                                                   "kinesis_fan_out_shard_hour",
                                                   "kinesis_fan_out_gb"};
constexpr std::string_view kMeasureNames[kMeasures] = {"pubsub_free_gib",
                                                       "pubsub_least_bytes",
                                                       "disk_fill_percent",
                                                       "broker_disk_mb_per_second",
                                                       "broker_network_mb_per_second",
                                                       "broker_disk_gb",
                                                       "broker_partitions",
                                                       "quorum_queue_messages_per_second"};
constexpr std::int64_t kMostMeasure = 1'000'000'000;
constexpr std::size_t kDecimals = 6;

std::string read_text(const JsonTree& tree, const char* key, std::string& out) {
  const JsonTree* text = tree.find(key);
  if (!text || !text->is(JsonTree::Kind::text) || text->text.empty())
    return std::string("\"") + key + "\": it is a text, such as \"2026-05\"";
  out = text->text;
  return "";
}

// Each name of the table from the object `key`, by `parse`; nothing else may stand there.
template <std::size_t Count, class Parse>
std::string read_numbers(const JsonTree& tree, const char* key, const std::string_view (&names)[Count],
                         std::array<std::int64_t, Count>& out, const char* help, Parse parse) {
  const JsonTree* object = tree.find(key);
  if (!object || !object->is(JsonTree::Kind::object))
    return std::string("\"") + key + "\" is missing; it is an object of names and numbers";
  const std::vector<std::string_view> known(names, names + Count);
  for (const std::string& each : object->keys) {
    bool is_known = false;
    for (const std::string_view name : known) is_known = is_known || name == each;
    const std::string near = nearest_name(each, known);
    if (!is_known)
      return std::string(key) + ": there is no '" + each + "'" + (near.empty() ? "; remove it" : "; did you mean '" + near + "'?");
  }
  for (std::size_t i = 0; i < Count; ++i) {
    const JsonTree* number = object->find(names[i]);
    if (!number) return std::string(key) + ": '" + std::string(names[i]) + "' is missing; " + help;
    const std::optional<std::int64_t> value = number->is(JsonTree::Kind::number) ? parse(number->text) : std::nullopt;
    if (!value) return std::string(key) + "." + std::string(names[i]) + ": " + compact_json(*number) + " will not do; " + help;
    out[i] = *value;
  }
  return "";
}

}  // namespace

std::string_view price_name(Price price) { return kPriceNames[static_cast<std::size_t>(price)]; }
std::string_view measure_name(Measure measure) { return kMeasureNames[static_cast<std::size_t>(measure)]; }

PriceListResult read_prices(std::string_view text) {
  const JsonTreeResult json = parse_json_tree(text);
  if (!json.tree) return {std::nullopt, json.problem};
  if (!json.tree->is(JsonTree::Kind::object)) return {std::nullopt, "a price list is an object, as assets/prices/example.json is"};
  PriceList list;
  const auto measure = [](std::string_view written) -> std::optional<std::int64_t> {
    const std::optional<std::int64_t> value = parse_integer(written);
    return value && *value >= 1 && *value <= kMostMeasure ? value : std::nullopt;
  };
  std::string problem = read_text(*json.tree, "about", list.about);
  if (problem.empty()) problem = read_text(*json.tree, "date", list.date);
  if (problem.empty())
    problem = read_numbers(*json.tree, "prices", kPriceNames, list.prices, "it is in dollars, such as 0.10, with six decimals at most",
                           parse_money);
  if (problem.empty())
    problem = read_numbers(*json.tree, "measures", kMeasureNames, list.measures, "it is a whole number from 1 to a thousand million",
                           measure);
  if (problem.empty() && list.of(Measure::disk_fill_percent) > 100) problem = "measures.disk_fill_percent: no disk is fuller than 100";
  if (!problem.empty()) return {std::nullopt, std::move(problem)};
  return {std::move(list), ""};
}

std::optional<Money> parse_money(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string digits(point == std::string_view::npos ? std::string_view() : text.substr(point + 1));
  if (whole.empty() || whole.size() > kDecimals || digits.size() > kDecimals || (point != std::string_view::npos && digits.empty()))
    return std::nullopt;
  digits.resize(kDecimals, '0');
  Money money = 0;
  for (const char c : std::string(whole) + digits) {
    if (c < '0' || c > '9') return std::nullopt;
    money = money * 10 + (c - '0');
  }
  return money;
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t sign = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > sign + 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string money_text(Money money, bool cents) {
  if (!cents) return grouped((money + kDollar / 2) / kDollar) + " $";
  std::string rest = std::to_string(kDollar + money % kDollar).substr(1);
  while (rest.size() > 2 && rest.back() == '0') rest.pop_back();
  return grouped(money / kDollar) + "." + rest + " $";
}

}  // namespace nutshell
