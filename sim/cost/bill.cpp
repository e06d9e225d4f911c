#include "sim/cost/bill.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/core/text.h"

namespace nutshell {
namespace {

using Wide = __int128;

constexpr Money kMostMoney = 1'000'000'000'000'000'000;
constexpr std::int64_t kGigabyte = 1'000'000'000, kMillion = 1'000'000;
constexpr std::int64_t kTebibyte = std::int64_t{1} << 40, kGibibyte = std::int64_t{1} << 30;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kQueueUnit = 65'536;                // bytes that SQS and SNS count as one request
constexpr std::int64_t kIdlePolls = 3 * 60 * kMonthHours;  // of one consumer that waits 20 s each time
constexpr std::int64_t kShardBytes = kMegabyte, kShardRecords = 1000, kShardReads = 2 * kMegabyte;  // a second
constexpr std::int64_t kPutUnit = 25'000, kFifoPartition = 3000;  // bytes; messages a second in batches

std::int64_t ceil_of(Wide value, Wide by) { return static_cast<std::int64_t>((value + by - 1) / by); }

// quantity x price / per, to the nearest millionth.
Money charge(Wide quantity, Money price, Wide per) {
  const Wide money = (quantity * price + per / 2) / per;
  return static_cast<Money>(std::min<Wide>(money, kMostMoney));
}

// A fraction of whole numbers, so that thirds stay exact.
struct Ratio {
  std::int64_t of = 0, by = 1;
};

// The part that comes from, or goes to, another zone.
Ratio away_of(const Load& load) { return {load.zones - 1, load.zones}; }
// How many copies lie in another zone than the leader, on average: they are spread as evenly as they can be.
Ratio copies_away_of(const Load& load) {
  const std::int64_t each = load.copies / load.zones, more = load.copies % load.zones;
  const std::int64_t together = more * (each + 1) * (each + 1) + (load.zones - more) * each * each;
  return {load.copies * load.copies - together, load.copies};
}

class BillMaker {
 public:
  BillMaker(CostProduct product, const Load& load, const PriceList& prices) : load_(load), prices_(prices) {
    bill_.product = product;
    // Producers of Kafka compress whole batches, and so they are sent, copied, kept and read; others bill messages as they are.
    const bool kafka = product == CostProduct::kafka || product == CostProduct::kafka_managed;
    if (kafka) load_.bytes_per_second = ceil_of(load.bytes_per_second, load.compression);
    load_.compression = 1;
  }

  Bill make() {
    switch (bill_.product) {
      case CostProduct::kafka:
      case CostProduct::kafka_managed: kafka(); break;
      case CostProduct::rabbitmq: rabbitmq(); break;
      case CostProduct::pubsub: pubsub(); break;
      case CostProduct::sqs: queues(Price::sqs_million_requests, Price::sns_million_publishes); break;
      case CostProduct::sqs_fifo: queues(Price::sqs_fifo_million_requests, Price::sns_fifo_million_publishes); break;
      case CostProduct::kinesis: kinesis(); break;
    }
    for (const BillLine& each : bill_.lines) bill_.total = std::min<Wide>(Wide{bill_.total} + each.money, kMostMoney);
    return std::move(bill_);
  }

 private:
  void add(std::string what, std::string formula, Money money) { bill_.lines.push_back({std::move(what), std::move(formula), money}); }

  std::string price(Price which) const { return money_text(prices_.of(which), true); }

  void machines(const char* what, std::int64_t count, Price which) {
    add(what, grouped(count) + " x " + price(which) + "/h", charge(Wide{count} * kMonthHours, prices_.of(which), 1));
  }

  // Gigabytes on disks for so many seconds of writing, so many times.
  std::int64_t disk_gigabytes(std::int64_t seconds, std::int64_t times) const {
    const Wide bytes = Wide{load_.bytes_per_second} * seconds * times * 100 / prices_.of(Measure::disk_fill_percent);
    return static_cast<std::int64_t>((bytes + kGigabyte / 2) / kGigabyte);
  }
  void disks(std::int64_t seconds, std::int64_t times, const std::string& formula) {
    const Wide bytes = Wide{load_.bytes_per_second} * seconds * times * 100 / prices_.of(Measure::disk_fill_percent);
    add("disks",
        formula + ", " + std::to_string(prices_.of(Measure::disk_fill_percent)) +
            " % full = " + grouped(disk_gigabytes(seconds, times)) + " GB x " + price(Price::disk_gb_month),
        charge(bytes, prices_.of(Price::disk_gb_month), kGigabyte));
  }

  void between_zones(const char* what, Ratio part, const std::string& formula) {
    const Wide bytes = Wide{load_.bytes_per_second} * kMonthSeconds * part.of;
    add(what, formula + " of " + rate_text(load_.bytes_per_second) + " x " + price(Price::zone_gb) + "/GB",
        charge(bytes, prices_.of(Price::zone_gb), Wide{part.by} * kGigabyte));
  }

  // Machines for so much written, sent and kept, and at least as many as there are copies.
  std::int64_t brokers(std::int64_t copies, std::int64_t kept_seconds) const {
    const Wide written = Wide{load_.bytes_per_second} * copies, sent = Wide{load_.bytes_per_second} * load_.services;
    return std::max({std::int64_t{3}, load_.copies, ceil_of(written, Wide{prices_.of(Measure::broker_disk_mb_per_second)} * kMegabyte),
                     ceil_of(written + sent, Wide{prices_.of(Measure::broker_network_mb_per_second)} * kMegabyte),
                     ceil_of(disk_gigabytes(kept_seconds, copies), prices_.of(Measure::broker_disk_gb)),
                     ceil_of(Wide{load_.partitions} * load_.copies, prices_.of(Measure::broker_partitions))});
  }

  std::string zones_text(std::int64_t bytes) const { return rate_text(bytes) + " between zones"; }

  void kafka() {
    const std::int64_t count = brokers(load_.copies, load_.keep_seconds);
    const bool managed = bill_.product == CostProduct::kafka_managed;
    machines("brokers", count, Price::vm_hour);
    if (!managed) machines("controllers", 3, Price::small_vm_hour);
    if (!managed && load_.zookeeper) machines("ZooKeeper", 3, Price::small_vm_hour);
    disks(load_.keep_seconds, load_.copies, period_text(load_.keep_seconds) + " x " + std::to_string(load_.copies) + " copies");
    if (load_.counted) {
      kafka_zones_counted(managed);
    } else {
      between_zones("between zones: to the leader", away(), away_text());
      if (!managed) between_zones("between zones: copies", copies_away(), copies_text());
      if (!load_.follower_fetching)
        between_zones("between zones: readers", {load_.services * away().of, away().by},
                      std::to_string(load_.services) + " x " + away_text());
    }
    bill_.needs = grouped(count) + " brokers, 3 controllers" + (load_.zookeeper ? ", 3 ZooKeeper" : "") + "; " +
                  zones_text(zone_traffic(load_).all());
  }

  // So many bytes for each that was written, as a run has it.
  void kafka_zones_counted(bool managed) {
    const CountedTraffic& run = *load_.counted;
    const auto line = [&](const char* what, std::int64_t bytes) {
      between_zones(what, {bytes, run.written}, grouped(bytes) + "/" + grouped(run.written) + " (counted)");
    };
    line("between zones: to the leader", run.to_leaders);
    if (!managed) line("between zones: copies", run.to_copies);
    line("between zones: readers", run.to_readers);
    if (!managed) line("between zones: the rest", run.other);
  }

  void rabbitmq() {
    const std::int64_t queues =
        std::max<std::int64_t>(1, ceil_of(messages_per_second(), prices_.of(Measure::quorum_queue_messages_per_second)));
    const std::int64_t nodes = brokers(load_.copies * load_.services, load_.backlog_seconds);
    machines("nodes", nodes, Price::vm_hour);
    disks(load_.backlog_seconds, load_.copies * load_.services,
          period_text(load_.backlog_seconds) + " unread x " + std::to_string(load_.services) + " queues x " +
              std::to_string(load_.copies) + " copies");
    const std::int64_t services = load_.services;
    between_zones("between zones: in and out", {2 * services * away().of, away().by},
                  std::to_string(services) + " queues x 2 x " + away_text());
    between_zones("between zones: copies", {services * copies_away().of, copies_away().by},
                  std::to_string(services) + " queues x " + copies_text());
    Load uncounted = load_;  // what was counted is Kafka's
    uncounted.counted.reset();
    const ZoneTraffic one = zone_traffic(uncounted);
    bill_.needs = grouped(nodes) + " nodes, " + grouped(queues) + (queues == 1 ? " quorum queue" : " quorum queues") + " a service; " +
                  zones_text(services * (2 * one.to_leaders + one.to_copies));
  }

  void pubsub() {
    const std::int64_t batch_bytes = load_.batch * load_.message_bytes;
    const std::int64_t counted = std::max(batch_bytes, prices_.of(Measure::pubsub_least_bytes));
    const Wide written = Wide{load_.bytes_per_second} * kMonthSeconds;
    const Wide published = written * counted / batch_bytes, delivered = written * load_.services;
    const Wide free = std::min<Wide>(published + delivered, Wide{prices_.of(Measure::pubsub_free_gib)} * kGibibyte);
    const std::string by = " GB x " + price(Price::pubsub_tib) + "/TiB";
    const auto gigabytes = [](Wide bytes) { return grouped(static_cast<std::int64_t>((bytes + kGigabyte / 2) / kGigabyte)); };
    add("publishing", gigabytes(published) + by, charge(published, prices_.of(Price::pubsub_tib), kTebibyte));
    add("delivering", std::to_string(load_.services) + " x " + gigabytes(written) + by,
        charge(delivered, prices_.of(Price::pubsub_tib), kTebibyte));
    add("free", "the first " + std::to_string(prices_.of(Measure::pubsub_free_gib)) + " GiB",
        -charge(free, prices_.of(Price::pubsub_tib), kTebibyte));
    bill_.needs =
        counted > batch_bytes ? "each request counts as " + std::to_string(counted) + " bytes: publish in batches" : "nothing to size";
  }

  // A topic of SNS and a queue of SQS a service.
  void queues(Price request, Price publish) {
    const std::int64_t messages = messages_per_month(load_);
    const std::int64_t units = ceil_of(load_.message_bytes, kQueueUnit);
    const std::int64_t batch_units = ceil_of(Wide{load_.batch} * load_.message_bytes, kQueueUnit);
    const Wide batches = ceil_of(messages, load_.batch);
    const Wide receives = std::max<Wide>(batches * batch_units, kIdlePolls);
    add("SNS publishes", grouped(messages) + " x " + std::to_string(units) + " units x " + price(publish) + "/million",
        charge(Wide{messages} * units, prices_.of(publish), kMillion));
    add("SQS receives",
        std::to_string(load_.services) + " x " + grouped(static_cast<std::int64_t>(receives)) + " x " + price(request) + "/million",
        charge(receives * load_.services, prices_.of(request), kMillion));
    add("SQS deletes",
        std::to_string(load_.services) + " x " + grouped(static_cast<std::int64_t>(batches)) + " x " + price(request) + "/million",
        charge(batches * load_.services, prices_.of(request), kMillion));
    bill_.needs = "nothing to size";
    if (bill_.product == CostProduct::sqs_fifo)
      bill_.needs =
          grouped(std::max<std::int64_t>(1, ceil_of(messages_per_second(), kFifoPartition))) + " hidden partitions of 3,000 messages/s";
  }

  void kinesis() {
    const std::int64_t bytes = load_.bytes_per_second;
    const std::int64_t record = load_.packed_bytes > 0 ? std::max(load_.packed_bytes, load_.message_bytes) : load_.message_bytes;
    const std::int64_t by_reading = load_.fan_out ? 1 : ceil_of(Wide{load_.services} * bytes, kShardReads);
    const std::int64_t shards =
        std::max({std::int64_t{1}, ceil_of(bytes, kShardBytes), ceil_of(bytes, Wide{record} * kShardRecords), by_reading});
    const Wide records = Wide{bytes} * kMonthSeconds / record;
    const std::int64_t units = ceil_of(record, kPutUnit);
    add("shards", grouped(shards) + " x " + price(Price::kinesis_shard_hour) + "/h",
        charge(Wide{shards} * kMonthHours, prices_.of(Price::kinesis_shard_hour), 1));
    add("PUT units",
        grouped(static_cast<std::int64_t>(records)) + " records x " + std::to_string(units) + " x " +
            price(Price::kinesis_million_put_units) + "/million",
        charge(records * units, prices_.of(Price::kinesis_million_put_units), kMillion));
    if (load_.keep_seconds > kDay)
      add("kept longer than a day", grouped(shards) + " shards x " + price(Price::kinesis_retention_shard_hour) + "/h",
          charge(Wide{shards} * kMonthHours, prices_.of(Price::kinesis_retention_shard_hour), 1));
    if (load_.fan_out) {
      add("fan-out",
          std::to_string(load_.services) + " readers x " + grouped(shards) + " shards x " + price(Price::kinesis_fan_out_shard_hour) +
              "/h",
          charge(Wide{load_.services} * shards * kMonthHours, prices_.of(Price::kinesis_fan_out_shard_hour), 1));
      add("fan-out, read", std::to_string(load_.services) + " x " + rate_text(bytes) + " x " + price(Price::kinesis_fan_out_gb) + "/GB",
          charge(Wide{load_.services} * bytes * kMonthSeconds, prices_.of(Price::kinesis_fan_out_gb), kGigabyte));
    }
    bill_.needs =
        grouped(shards) + (shards == 1 ? " shard" : " shards") +
        (ceil_of(bytes, Wide{record} * kShardRecords) > ceil_of(bytes, kShardBytes) ? ": 1,000 records/s bind, not the bytes" : "");
  }

  std::int64_t messages_per_second() const { return ceil_of(load_.bytes_per_second, load_.message_bytes); }
  Ratio away() const { return away_of(load_); }
  std::string away_text() const { return std::to_string(load_.zones - 1) + "/" + std::to_string(load_.zones); }
  Ratio copies_away() const { return copies_away_of(load_); }
  std::string copies_text() const {
    const Ratio part = copies_away();
    return part.of % part.by == 0 ? std::to_string(part.of / part.by) : std::to_string(part.of) + "/" + std::to_string(part.by);
  }
  static std::string period_text(std::int64_t seconds) { return format_duration(seconds * kSecond); }

  Load load_;
  const PriceList& prices_;
  Bill bill_;
};

struct Row {
  std::string_view key, name;
  bool pay_per_use;
};
constexpr Row kRows[] = {{"kafka", "Kafka", false},       {"kafka_managed", "Kafka, managed", false},
                         {"rabbitmq", "RabbitMQ", false}, {"pubsub", "Pub/Sub", true},
                         {"sns_sqs", "SNS + SQS", true},  {"sns_sqs_fifo", "SNS + SQS FIFO", true},
                         {"kinesis", "Kinesis", false}};

struct Limit {
  std::string_view name;
  std::int64_t Load::*member;
  std::int64_t least, most;
};
constexpr Limit kLimits[] = {{"bytes a second", &Load::bytes_per_second, 0, 1'000'000'000'000},
                             {"bytes of a message", &Load::message_bytes, 1, 1'000'000'000},
                             {"services", &Load::services, 0, 1000},
                             {"copies", &Load::copies, 1, 100},
                             {"zones", &Load::zones, 1, 100},
                             {"seconds kept", &Load::keep_seconds, 0, 3650 * kDay},
                             {"messages in a batch", &Load::batch, 1, 1'000'000},
                             {"bytes packed", &Load::packed_bytes, 0, 1'000'000},
                             {"partitions", &Load::partitions, 0, 10'000'000},
                             {"seconds of backlog", &Load::backlog_seconds, 0, 3650 * kDay},
                             {"times smaller", &Load::compression, 1, 1000}};

}  // namespace

std::string megabytes_of(std::int64_t bytes) {
  const std::int64_t hundredths = (bytes + 5'000) / 10'000;
  return grouped(hundredths / 100) + "." + std::to_string(100 + hundredths % 100).substr(1);
}

std::string rate_text(std::int64_t bytes_per_second) {
  constexpr std::int64_t kFew = 10'000;
  if (bytes_per_second < kFew) return grouped(bytes_per_second) + " bytes/s";
  return megabytes_of(bytes_per_second) + " MB/s";
}

std::string load_problem(const Load& load) {
  for (const Limit& each : kLimits) {
    const std::int64_t value = load.*each.member;
    if (value < each.least || value > each.most)
      return std::to_string(value) + " " + std::string(each.name) + " will not do; give a number from " + grouped(each.least) + " to " +
             grouped(each.most);
  }
  return "";
}

std::int64_t messages_per_month(const Load& load) {
  return static_cast<std::int64_t>(Wide{load.bytes_per_second} * kMonthSeconds / load.message_bytes);
}

std::string_view product_name(CostProduct product) { return kRows[static_cast<std::size_t>(product)].name; }
std::string_view product_key(CostProduct product) { return kRows[static_cast<std::size_t>(product)].key; }
bool is_pay_per_use(CostProduct product) { return kRows[static_cast<std::size_t>(product)].pay_per_use; }

Bill bill_of(CostProduct product, const Load& load, const PriceList& prices) {
  NUTSHELL_REQUIRE(load_problem(load).empty());
  return BillMaker(product, load, prices).make();
}

ZoneTraffic zone_traffic(const Load& load) {
  const auto part = [&](Ratio ratio) {
    const Wide sent = ceil_of(load.bytes_per_second, load.compression);
    return static_cast<std::int64_t>((sent * ratio.of + ratio.by / 2) / ratio.by);
  };
  if (const auto& run = load.counted)
    return {part({run->to_leaders, run->written}), part({run->to_copies, run->written}), part({run->to_readers, run->written}),
            part({run->other, run->written})};
  ZoneTraffic traffic;
  traffic.to_leaders = part(away_of(load));
  traffic.to_copies = part(copies_away_of(load));
  if (!load.follower_fetching) traffic.to_readers = part({load.services * away_of(load).of, away_of(load).by});
  return traffic;
}

}  // namespace nutshell
