// What things cost, as a file says it (T7): examples with a date, to be edited.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nutshell {

using Money = std::int64_t;  // in millionths of a dollar
inline constexpr Money kDollar = 1'000'000;

// In the order of the table in prices.cpp, which has their names in the file.
enum class Price : std::uint8_t {
  vm_hour,
  small_vm_hour,
  disk_gb_month,
  zone_gb,
  pubsub_tib,
  sqs_million_requests,
  sqs_fifo_million_requests,
  sns_million_publishes,
  sns_fifo_million_publishes,
  kinesis_shard_hour,
  kinesis_million_put_units,
  kinesis_retention_shard_hour,
  kinesis_fan_out_shard_hour,
  kinesis_fan_out_gb
};
inline constexpr std::size_t kPrices = 14;

// What is no price and decides nevertheless: what a machine manages, what is free.
enum class Measure : std::uint8_t {
  pubsub_free_gib,
  pubsub_least_bytes,
  disk_fill_percent,
  broker_disk_mb_per_second,
  broker_network_mb_per_second,
  broker_disk_gb,
  broker_partitions,
  quorum_queue_messages_per_second
};
inline constexpr std::size_t kMeasures = 8;

struct PriceList {
  std::string about, date;
  std::array<Money, kPrices> prices{};
  std::array<std::int64_t, kMeasures> measures{};

  Money of(Price price) const { return prices[static_cast<std::size_t>(price)]; }
  std::int64_t of(Measure measure) const { return measures[static_cast<std::size_t>(measure)]; }
};
std::string_view price_name(Price price);
std::string_view measure_name(Measure measure);

struct PriceListResult {
  std::optional<PriceList> list;
  std::string problem;
};
PriceListResult read_prices(std::string_view text);

// "0.10" in millionths; nothing if it is no such number, has more than six decimals, or is a million dollars or more.
std::optional<Money> parse_money(std::string_view text);
// "1,147 $"; with `cents`, "0.10 $", and more decimals where there are any.
std::string money_text(Money money, bool cents = false);
// 12345 as "12,345".
std::string grouped(std::int64_t number);

}  // namespace nutshell
