#include "sim/log/hash.h"

#include <doctest/doctest.h>

#include <limits>

namespace nutshell {
namespace {

TEST_CASE("C1: murmur2 of the keys that Kafka's documentation and tests use") {
  CHECK(murmur2("21") == -973932308);
  CHECK(murmur2("foobar") == -790332482);
  CHECK(murmur2("abc") == 479470107);
  CHECK(murmur2("hello") == 2132663229);
  CHECK(murmur2("kafka") == -798503068);
  CHECK(murmur2("key") == -1079937367);
}

TEST_CASE("C1: bytes above 127 are unsigned") { CHECK(murmur2("\xc3\xe4") == -1276953061); }

TEST_CASE("C1: a fourth partition moves user-3") {
  CHECK(partition_for_key(murmur2("user-3"), 3) == 2);
  CHECK(partition_for_key(murmur2("user-3"), 4) == 3);
  CHECK(partition_for_key(murmur2("user-1"), 4) == 0);
}

TEST_CASE("C1: a negative hash loses its sign bit, it is not negated") {
  CHECK(partition_for_key(-1, 10) == 7);
  CHECK(partition_for_key(std::numeric_limits<std::int32_t>::min(), 10) == 0);
}

TEST_CASE("G1: the partition of __consumer_offsets that holds a group") {
  CHECK(coordinator_partition("my-group", 50) == 12);
  CHECK(coordinator_partition("test", 50) == 48);
  CHECK(coordinator_partition("orders-service", 50) == 17);
  CHECK(coordinator_partition("payments", 50) == 13);
  CHECK(coordinator_partition("g1", 50) == 42);
}

TEST_CASE("G1: the smallest integer has no absolute value, so it counts as 0") {
  const std::int32_t smallest = std::numeric_limits<std::int32_t>::min();
  CHECK(java_string_hash("polygenelubricants") == smallest);
  CHECK(kafka_abs(smallest) == 0);
  CHECK(kafka_abs(-5) == 5);
  CHECK(kafka_abs(5) == 5);
  CHECK(coordinator_partition("polygenelubricants", 50) == 0);
}

TEST_CASE("G1: Java hashes UTF-16 code units") {
  CHECK(java_string_hash("") == 0);
  CHECK(java_string_hash("\xc3\xa9") == 0xe9);
  CHECK(java_string_hash("\xe2\x82\xac") == 0x20ac);
  CHECK(java_string_hash("\xf0\x9f\x98\x80") == 31 * 0xd83d + 0xde00);
}

TEST_CASE("G1: malformed UTF-8 counts as U+FFFD") {
  CHECK(java_string_hash("\xff") == 0xfffd);
  CHECK(java_string_hash("\xc3") == 0xfffd);
  CHECK(java_string_hash("\xc3"
                         "a") == 31 * 0xfffd + 'a');
}

}  // namespace
}  // namespace nutshell
