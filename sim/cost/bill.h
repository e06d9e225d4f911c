// What one workload costs a month with each product (T1-T6): formulas over whole numbers, shown with their result.
//
// A month has 730 hours; MB, GB and TB are powers of ten, TiB and GiB of two. People who run it are in no formula.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/types.h"
#include "sim/cost/prices.h"

namespace nutshell {

inline constexpr std::int64_t kMonthHours = 730;
inline constexpr std::int64_t kMonthSeconds = kMonthHours * 3600;
inline constexpr std::int64_t kMegabyte = 1'000'000;

// Bytes that a run has counted between zones, beside those that were written in it.
struct CountedTraffic {
  std::int64_t written = 0, to_leaders = 0, to_copies = 0, to_readers = 0, other = 0;
  friend bool operator==(const CountedTraffic&, const CountedTraffic&) = default;
};

// Limits: what is_load() checks.
struct Load {
  std::int64_t bytes_per_second = kMegabyte;  // written, in all
  std::int64_t message_bytes = 1000;
  std::int64_t services = 2;  // that read everything
  std::int64_t copies = 3;    // replication factor
  std::int64_t zones = 3;
  std::int64_t keep_seconds = 7 * 86'400;  // retention
  std::int64_t batch = 10;                 // messages in a publish, a receive, a delete
  std::int64_t packed_bytes = 0;           // messages packed into records of so many bytes (Kinesis); 0: each alone
  std::int64_t partitions = 0;             // 0: not asked
  std::int64_t backlog_seconds = 0;        // that waits unread in queues
  bool zookeeper = false;                  // three small machines more
  bool follower_fetching = false;          // readers fetch from a replica in their zone
  bool fan_out = false;                    // Kinesis: readers do not share a shard's two megabytes a second
  std::int64_t compression = 1;            // Kafka: so many times smaller than its messages is a batch, on wires and disks
  std::optional<CountedTraffic> counted;   // Kafka: what crosses zones, in place of the formulas; written > 0
  friend bool operator==(const Load&, const Load&) = default;
};
// "" or which number makes no sense.
std::string load_problem(const Load& load);
std::int64_t messages_per_month(const Load& load);

enum class CostProduct : std::uint8_t { kafka, kafka_managed, rabbitmq, pubsub, sqs, sqs_fifo, kinesis };
inline constexpr CostProduct kProducts[] = {CostProduct::kafka, CostProduct::kafka_managed, CostProduct::rabbitmq, CostProduct::pubsub,
                                            CostProduct::sqs,   CostProduct::sqs_fifo,      CostProduct::kinesis};
std::string_view product_name(CostProduct product);  // "Kafka", "SNS + SQS"
std::string_view product_key(CostProduct product);   // "kafka", "sns_sqs": for programs
// Pays for what is used, and nothing but that.
bool is_pay_per_use(CostProduct product);

struct BillLine {
  std::string what;     // "brokers"
  std::string formula;  // "3 x 0.10 $/h"
  Money money = 0;
};
struct Bill {
  CostProduct product = CostProduct::kafka;
  std::vector<BillLine> lines;
  std::string needs;  // "3 brokers, 3 controllers; 4.00 MB/s between zones"
  Money total = 0;
};
// REQUIRES load_problem(load).empty().
Bill bill_of(CostProduct product, const Load& load, const PriceList& prices);

// 1250000 as "1.25", and as "1.25 MB/s"; what is less than ten kilobytes a second as "677 bytes/s".
std::string megabytes_of(std::int64_t bytes);
std::string rate_text(std::int64_t bytes_per_second);

// Bytes a second between zones: to the leaders, to the copies, to the readers (T2); and the rest, if they were counted.
struct ZoneTraffic {
  std::int64_t to_leaders = 0, to_copies = 0, to_readers = 0, other = 0;
  std::int64_t all() const { return to_leaders + to_copies + to_readers + other; }
};
ZoneTraffic zone_traffic(const Load& load);

}  // namespace nutshell
