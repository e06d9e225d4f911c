// Every sum of the rules T2 to T10, with the example prices of T7.
#include "sim/cost/bill.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "sim/cost/curve.h"
#include "tests/cost/example_prices.h"

namespace nutshell::bills {
namespace {

using testing::example_prices;

std::int64_t dollars(Money money) { return (money + kDollar / 2) / kDollar; }
std::int64_t total(CostProduct product, const Load& load) { return dollars(bill_of(product, load, example_prices()).total); }
Money total_money(CostProduct product, const Load& load) { return bill_of(product, load, example_prices()).total; }
Money line(CostProduct product, const Load& load, const std::string& what) {
  for (const BillLine& each : bill_of(product, load, example_prices()).lines) {
    if (each.what == what) return each.money;
  }
  FAIL("there is no line '" << what << "'");
  return 0;
}

// T8: one megabyte a second as messages of a kilobyte, two services, a week.
Load small() { return {}; }
// T10: a million messages of a hundred bytes a second, two services, a day.
Load talk() {
  Load load;
  load.bytes_per_second = 100 * kMegabyte;
  load.message_bytes = 100;
  load.keep_seconds = 86'400;
  return load;
}

TEST_CASE("T1: a megabyte a second is 2628 gigabytes a month") {
  CHECK(kMonthSeconds * kMegabyte == 2628 * std::int64_t{1'000'000'000});
  CHECK(messages_per_month(small()) == 2'628'000'000);
}

TEST_CASE("T2: between zones go four times what is written, with two services") {
  CHECK(zone_traffic(small()).all() == 4 * kMegabyte);
  Load load = small();
  load.bytes_per_second = 300 << 20;
  CHECK(zone_traffic(load).all() == std::int64_t{1200} << 20);
  load.follower_fetching = true;
  CHECK(zone_traffic(load).to_readers == 0);
  load = small();
  load.services = 5;
  CHECK(zone_traffic(load).all() == 6 * kMegabyte);
}

// A run that has written a million bytes: what crossed zones is paid by the byte, whatever the formulas say.
TEST_CASE("T2: what a run has counted between zones is billed in place of the formulas, to Kafka alone") {
  Load load = small();
  const Bill before = bill_of(CostProduct::rabbitmq, load, example_prices());
  load.counted = CountedTraffic{1'000'000, 250'000, 2'100'000, 0, 50'000};
  CHECK(zone_traffic(load).all() == 2'400'000);
  CHECK(line(CostProduct::kafka, load, "between zones: to the leader") == 2628 * 250 * kDollar * 2 / 100 / 1000);
  CHECK(line(CostProduct::kafka, load, "between zones: copies") == 2628 * 2100 * kDollar * 2 / 100 / 1000);
  CHECK(line(CostProduct::kafka, load, "between zones: readers") == 0);
  CHECK(line(CostProduct::kafka, load, "between zones: the rest") == 2628 * 50 * kDollar * 2 / 100 / 1000);
  for (const BillLine& each : bill_of(CostProduct::kafka_managed, load, example_prices()).lines)
    CHECK(each.what != "between zones: copies");
  CHECK(bill_of(CostProduct::rabbitmq, load, example_prices()).total == before.total);
}

TEST_CASE("copies in one zone cost no traffic, in two zones a part of it") {
  Load load = small();
  load.zones = 1;
  CHECK(zone_traffic(load).all() == 0);
  // Three copies on two zones, 2 + 1: the leader is one of the two in two cases of three, and alone in one.
  load.zones = 2;
  CHECK(zone_traffic(load).to_copies == (1 * kMegabyte * 2 + 2 * kMegabyte * 1 + 1) / 3);
  CHECK(zone_traffic(load).to_leaders == kMegabyte / 2);
}

TEST_CASE("T3: a cluster cannot go to zero; pay-per-use does, but for polling") {
  Load load = small();
  load.bytes_per_second = 0;
  CHECK(total(CostProduct::kafka, load) == 263);
  CHECK(bill_of(CostProduct::pubsub, load, example_prices()).total == 0);
  CHECK(total(CostProduct::kinesis, load) == 11 + 15);  // the shard, and what it keeps for longer than a day
  load.keep_seconds = 86'400;
  CHECK(total(CostProduct::kinesis, load) == 11);
  // T5: two idle consumers that wait 20 s each time, 131,400 requests a month each: eleven cents.
  CHECK(bill_of(CostProduct::sqs, load, example_prices()).total == 105'120);
  load.zookeeper = true;
  CHECK(total(CostProduct::kafka, load) == 263 + 44);
}

TEST_CASE("T8: one megabyte a second") {
  CHECK(dollars(line(CostProduct::kafka, small(), "brokers") + line(CostProduct::kafka, small(), "controllers")) == 263);
  CHECK(dollars(line(CostProduct::kafka, small(), "disks")) == 242);
  const auto zones = [](const char* what) { return line(CostProduct::kafka, small(), what); };
  CHECK(dollars(zones("between zones: to the leader") + zones("between zones: copies") + zones("between zones: readers")) == 210);
  CHECK(total(CostProduct::kafka, small()) == 715);

  // 287 before the ten gigabytes that are free, which are 39 cents.
  const Money free = line(CostProduct::pubsub, small(), "free");
  CHECK(dollars(bill_of(CostProduct::pubsub, small(), example_prices()).total - free) == 287);
  CHECK(free == -390'625);
  Load one_by_one = small();
  one_by_one.message_bytes = 100;
  one_by_one.batch = 1;
  CHECK(total(CostProduct::pubsub, one_by_one) == 1147);

  CHECK(dollars(line(CostProduct::kinesis, small(), "shards")) == 11);
  CHECK(dollars(line(CostProduct::kinesis, small(), "PUT units")) == 37);
  CHECK(dollars(line(CostProduct::kinesis, small(), "kept longer than a day")) == 15);
  CHECK(total(CostProduct::kinesis, small()) == 62);
  Load three = small();
  three.services = 3;  // share a shard's two megabytes a second: two shards
  CHECK(total(CostProduct::kinesis, three) == 88);

  CHECK(dollars(line(CostProduct::sqs, small(), "SNS publishes")) == 1314);
  CHECK(dollars(line(CostProduct::sqs, small(), "SQS receives") + line(CostProduct::sqs, small(), "SQS deletes")) == 420);
  CHECK(total(CostProduct::sqs, small()) == 1734);
  Load unbatched = small();
  unbatched.batch = 1;
  CHECK(total(CostProduct::sqs, unbatched) == 5519);
}

TEST_CASE("T6: RabbitMQ copies a message for every queue, so its traffic grows with the services") {
  Load load = small();
  const auto zones = [&] {
    return line(CostProduct::rabbitmq, load, "between zones: in and out") + line(CostProduct::rabbitmq, load, "between zones: copies");
  };
  // 6.7 and 16.7 times what is written, at 2628 GB x 0.02 $ each.
  CHECK(zones() == std::int64_t{20} * 2628 * 20'000 / 3);
  load.services = 5;
  CHECK(zones() == std::int64_t{50} * 2628 * 20'000 / 3);
  CHECK(line(CostProduct::rabbitmq, load, "disks") == 0);
  load.backlog_seconds = 3600;  // 3.6 GB x 15 copies at 60 %
  CHECK(line(CostProduct::rabbitmq, load, "disks") == 90 * 80'000);
}

TEST_CASE("T2: a managed Kafka does not bill its copies' way") {
  const Money less = bill_of(CostProduct::kafka, small(), example_prices()).total -
                     bill_of(CostProduct::kafka_managed, small(), example_prices()).total;
  CHECK(less == 2 * 2628 * 20'000 + 3 * 730 * 20'000);
}

// The page's formulas once more, in floating point and in one line each: every product of many loads.
TEST_CASE("T2, T4, T5, T6: bills of other loads, zones, copies, readers and days are what the formulas say") {
  for (const std::int64_t zones : {1, 2, 3})
    for (const std::int64_t services : {1, 2, 7})
      for (const std::int64_t days : {1, 7, 30})
        for (const std::int64_t size : {100, 1000, 70'000}) {
          Load load;
          load.bytes_per_second = 7 * kMegabyte;
          load.message_bytes = size;
          load.services = services;
          load.zones = zones;
          load.copies = zones == 1 ? 1 : 3;
          load.keep_seconds = days * 86'400;
          const double z = static_cast<double>(zones), f = static_cast<double>(services), d = static_cast<double>(days);
          const double w = 7, gb = 2628 * w, bytes = static_cast<double>(size);
          const double copies = static_cast<double>(load.copies), away = (z - 1) / z;
          // In two zones three copies lie 2 + 1: a leader of the two has one elsewhere, that of the one has two.
          const double copies_away = zones == 1 ? 0 : zones == 2 ? 2.0 / 3 * 1 + 1.0 / 3 * 2 : copies - 1;
          const double stored = w * 1e6 * 86'400 * d * copies / 0.6 / 1e9;
          const Bill kafka = bill_of(CostProduct::kafka, load, example_prices());
          const double crossing_gb = gb * (away + copies_away + f * away);
          CAPTURE(zones);
          CAPTURE(services);
          CAPTURE(days);
          CAPTURE(size);
          const auto close = [](Money money, double expected) {
            return std::abs(static_cast<double>(money) / 1e6 - expected) < 0.01 + expected * 1e-6;
          };
          CHECK(close(kafka.total - line(CostProduct::kafka, load, "brokers"), 3 * 0.02 * 730 + stored * 0.08 + crossing_gb * 0.02));
          const double request = std::max(1.0, 1000.0 / (10.0 * bytes));
          CHECK(close(total_money(CostProduct::pubsub, load), (gb * 1e9 * (request + f) / 1099511627776.0 - 10.0 / 1024) * 40));
          const double messages = w * 1e6 * 2'628'000 / bytes;
          const double each_units = std::ceil(bytes / 65'536), batch_units = std::ceil(10.0 * bytes / 65'536);
          CHECK(close(total_money(CostProduct::sqs, load),
                      (messages * each_units * 0.5 + f * messages / 10 * (batch_units + 1) * 0.4) / 1e6));
          const double shards = std::max({w, std::ceil(w * 1e6 / bytes / 1000), std::ceil(f * w / 2)});
          const double put_units = std::ceil(bytes / 25'000) * messages / 1e6 * 0.014;
          CHECK(close(total_money(CostProduct::kinesis, load), shards * 730 * (0.015 + (days > 1 ? 0.02 : 0)) + put_units));
        }
}

TEST_CASE("what Kafka compresses is sent, copied, kept and read compressed; the others bill messages as they are") {
  Load load = small();
  load.compression = 4;
  const auto variable = [](const Load& of) {
    return bill_of(CostProduct::kafka, of, example_prices()).total - line(CostProduct::kafka, of, "brokers") -
           line(CostProduct::kafka, of, "controllers");
  };
  CHECK(variable(load) * 4 == variable(small()));
  CHECK(zone_traffic(load).all() == kMegabyte);
  for (const CostProduct each : {CostProduct::rabbitmq, CostProduct::pubsub, CostProduct::sqs, CostProduct::sqs_fifo, CostProduct::kinesis})
    CHECK(bill_of(each, load, example_prices()).total == total_money(each, small()));
  load.compression = 0;
  CHECK(load_problem(load) == "0 times smaller will not do; give a number from 1 to 1,000");
}

TEST_CASE("T9: where a cluster and Pub/Sub cost the same") {
  const auto at = [](std::int64_t services, std::int64_t days) {
    Load load = small();
    load.services = services;
    load.keep_seconds = days * 86'400;
    return crossing(CostProduct::kafka, CostProduct::pubsub, load, example_prices(), 40 * kMegabyte);
  };
  const auto tenths = [](std::optional<std::int64_t> bytes) { return bytes ? (*bytes + 50'000) / 100'000 : -1; };
  CHECK(tenths(at(2, 1)) == 63);
  CHECK(tenths(at(5, 1)) == 12);
  CHECK((*at(5, 7) + kMegabyte / 2) / kMegabyte == 16);
  CHECK_FALSE(at(2, 7));
  // By the formula: fixed costs over the difference of what a megabyte costs; the free ten gigabytes are fixed as well.
  const double fixed = 262.8 + 40.0 * 10 / 1024, per_megabyte = 2628e9 * 6 / 1099511627776.0 * 40 - (34.56 + 315.36);
  CHECK(std::abs(static_cast<double>(*at(5, 1)) - fixed / per_megabyte * 1e6) < 2000);
}

TEST_CASE("the curve: the cluster begins above nothing, and what it is made of adds up") {
  Load load = small();
  load.services = 5;
  load.keep_seconds = 86'400;
  const std::vector<CurvePoint> curve = cost_curve({CostProduct::kafka, CostProduct::pubsub}, load, example_prices(), 3 * kMegabyte, 3);
  REQUIRE(curve.size() == 4);
  CHECK(dollars(curve[0].totals[0]) == 263);
  CHECK(curve[0].totals[1] == 0);
  CHECK(curve[2].bytes_per_second == 2 * kMegabyte);
  CHECK(dollars(curve[2].totals[0]) == 963);
  CHECK(dollars(curve[2].totals[1]) == 1147);
  load.bytes_per_second = 2 * kMegabyte;
  const auto part = [&](const char* what) { return dollars(line(CostProduct::kafka, load, what)); };
  CHECK(part("brokers") == 219);
  CHECK(part("controllers") == 44);
  CHECK(part("disks") == 69);
  CHECK(part("between zones: to the leader") == 70);
  CHECK(part("between zones: copies") == 210);
  CHECK(part("between zones: readers") == 350);
}

TEST_CASE("T10: a million messages a second") {
  const Load load = talk();
  CHECK(messages_per_month(load) == 1'000'000 * kMonthSeconds);
  const Bill kafka = bill_of(CostProduct::kafka, load, example_prices());
  CHECK(kafka.needs.find("6 brokers") == 0);
  CHECK(dollars(line(CostProduct::kafka, load, "brokers") + line(CostProduct::kafka, load, "controllers")) == 482);
  CHECK(dollars(line(CostProduct::kafka, load, "disks")) == 3456);
  CHECK(zone_traffic(load).all() == 400 * kMegabyte);
  CHECK(dollars(kafka.total) == 482 + 3456 + 21'024);

  CHECK(line(CostProduct::rabbitmq, load, "between zones: in and out") + line(CostProduct::rabbitmq, load, "between zones: copies") ==
        35'040 * kDollar);
  CHECK(bill_of(CostProduct::rabbitmq, load, example_prices()).needs.find("34 quorum queues a service") != std::string::npos);

  CHECK((total(CostProduct::pubsub, load) + 50) / 100 == 287);
  Load one_by_one = load;
  one_by_one.batch = 1;
  CHECK((total(CostProduct::pubsub, one_by_one) + 50) / 100 == 1147);

  const Bill kinesis = bill_of(CostProduct::kinesis, load, example_prices());
  CHECK(kinesis.needs == "1,000 shards: 1,000 records/s bind, not the bytes");
  CHECK(dollars(line(CostProduct::kinesis, load, "shards")) == 10'950);
  CHECK(dollars(line(CostProduct::kinesis, load, "PUT units")) == 36'792);
  Load packed = load;
  packed.packed_bytes = 25'000;
  CHECK(bill_of(CostProduct::kinesis, packed, example_prices()).needs == "100 shards");
  CHECK((total(CostProduct::kinesis, packed) + 5) / 10 == 124);

  CHECK(dollars(line(CostProduct::sqs, load, "SNS publishes")) == 1'314'000);
  CHECK(dollars(line(CostProduct::sqs, load, "SQS receives") + line(CostProduct::sqs, load, "SQS deletes")) == 420'480);
  CHECK(bill_of(CostProduct::sqs_fifo, load, example_prices()).needs.find("334 hidden partitions") == 0);
}

TEST_CASE("the talk's limits: an offset has 63 bits") {
  // A million records a second: 2^63 / 86,400,000,000 days, almost 300,000 years.
  CHECK(days_of_offsets(std::int64_t{1'000'000} * 86'400) / 365 == 292'471);
  // If offsets counted bytes, as those of the first versions did: a terabyte a day for 9.2 million days, a TiB a day for 2^23;
  // the four million days that are told of it are half of that, 2^62.
  CHECK(days_of_offsets(1'000'000'000'000) == 9'223'372);
  CHECK(days_of_offsets(std::int64_t{1} << 40) == (1 << 23) - 1);
  CHECK((std::int64_t{1} << 62) / (std::int64_t{1} << 40) == 4'194'304);
}

TEST_CASE("numbers without sense are refused, and the largest that have one do not overflow") {
  Load load = small();
  load.services = -1;
  CHECK(load_problem(load) == "-1 services will not do; give a number from 0 to 1,000");
  load = small();
  load.message_bytes = 0;
  CHECK(load_problem(load).find("0 bytes of a message") == 0);
  load = {1'000'000'000'000,           1,    1000,  100, 100, std::int64_t{3650} * 86'400, 1, 1, 10'000'000,
          std::int64_t{3650} * 86'400, true, false, true};
  REQUIRE(load_problem(load).empty());
  PriceList dear = example_prices();
  dear.prices.fill(999'999'999'999);
  for (const CostProduct each : kProducts) {
    const Bill bill = bill_of(each, load, dear);
    CHECK(bill.total > 0);
    for (const BillLine& part : bill.lines) CHECK((part.money >= 0 || part.what == "free"));
  }
}

}  // namespace
}  // namespace nutshell::bills
