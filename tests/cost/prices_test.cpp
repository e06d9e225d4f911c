#include "sim/cost/prices.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/cost/example_prices.h"

namespace nutshell::price_lists {
namespace {

std::string with(std::string from, std::string to) {
  std::string text = testing::example_prices_text();
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}
std::string problem(const std::string& text) { return read_prices(text).problem; }

TEST_CASE("money is read and written in whole millionths") {
  CHECK(parse_money("0.10") == 100'000);
  CHECK(parse_money("40") == 40'000'000);
  CHECK(parse_money("0.000001") == 1);
  CHECK(parse_money("999999.999999") == 999'999'999'999);
  for (const char* wrong : {"", ".5", "1.", "-1", "1e3", "0.0000001", "1000000", "1,5", "x"})
    CHECK_FALSE_MESSAGE(parse_money(wrong), wrong);
  CHECK(money_text(1'147'499'999) == "1,147 $");
  CHECK(money_text(1'147'500'000) == "1,148 $");
  CHECK(money_text(100'000, true) == "0.10 $");
  CHECK(money_text(14'000, true) == "0.014 $");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(grouped(999) == "999");
}

TEST_CASE("T7: the example prices, and that they say what they are") {
  const PriceList list = testing::example_prices();
  CHECK(list.about.find("example") != std::string::npos);
  CHECK_FALSE(list.date.empty());
  CHECK(list.of(Price::vm_hour) == 100'000);
  CHECK(list.of(Price::small_vm_hour) == 20'000);
  CHECK(list.of(Price::disk_gb_month) == 80'000);
  CHECK(list.of(Price::zone_gb) == 20'000);
  CHECK(list.of(Price::pubsub_tib) == 40 * kDollar);
  CHECK(list.of(Price::sqs_million_requests) == 400'000);
  CHECK(list.of(Price::sqs_fifo_million_requests) == 500'000);
  CHECK(list.of(Price::sns_million_publishes) == 500'000);
  CHECK(list.of(Price::sns_fifo_million_publishes) == 300'000);
  CHECK(list.of(Price::kinesis_shard_hour) == 15'000);
  CHECK(list.of(Price::kinesis_million_put_units) == 14'000);
  CHECK(list.of(Price::kinesis_retention_shard_hour) == 20'000);
  CHECK(list.of(Price::kinesis_fan_out_shard_hour) == 15'000);
  CHECK(list.of(Price::kinesis_fan_out_gb) == 13'000);
  CHECK(list.of(Measure::pubsub_free_gib) == 10);
  CHECK(list.of(Measure::pubsub_least_bytes) == 1000);
}

TEST_CASE("a price list with a mistake is refused with its place and remedy") {
  CHECK(problem(with("\"vm_hour\"", "\"vm_hours\"")) == "prices: there is no 'vm_hours'; did you mean 'vm_hour'?");
  CHECK(problem(with("\"zone_gb\": 0.02,", "")) ==
        "prices: 'zone_gb' is missing; it is in dollars, such as 0.10, with six decimals at most");
  CHECK(problem(with("0.08", "-0.08")).find("prices.disk_gb_month: -0.08 will not do") == 0);
  CHECK(problem(with("0.08", "\"0.08\"")).find("prices.disk_gb_month: \"0.08\" will not do") == 0);
  CHECK(problem(with("\"disk_fill_percent\": 60", "\"disk_fill_percent\": 101")) ==
        "measures.disk_fill_percent: no disk is fuller than 100");
  CHECK(problem(with("\"broker_disk_gb\": 20000", "\"broker_disk_gb\": 0")).find("measures.broker_disk_gb: 0 will not do") == 0);
  CHECK(problem(with("\"date\"", "\"dated\"")).find("\"date\"") == 0);
  CHECK(problem("[]").find("a price list is an object") == 0);
  CHECK(problem("{").find("this is no JSON") != std::string::npos);
}

}  // namespace
}  // namespace nutshell::price_lists
