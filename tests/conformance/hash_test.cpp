// murmur2.json (C1) and coordinator_partition.json (G1).
#include "sim/log/hash.h"

#include <doctest/doctest.h>

#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

std::string bytes_of_hex(const std::string& hex) {
  REQUIRE(hex.size() % 2 == 0);
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

TEST_CASE("conformance: murmur2") {
  for (const nlohmann::json& test : vector_cases("murmur2.json")) {
    const std::string hex = test.at("hex");
    CAPTURE(hex);
    const std::int32_t hash = murmur2(bytes_of_hex(hex));
    CHECK(hash == test.at("murmur2").get<std::int32_t>());
    REQUIRE(!test.at("partition").empty());
    for (const auto& [key, partition] : test.at("partition").items()) {
      const std::int32_t partitions = std::stoi(key);
      CAPTURE(partitions);
      CHECK(partition_for_key(hash, partitions) == partition.get<std::int32_t>());
    }
  }
}

TEST_CASE("conformance: coordinator_partition") {
  for (const nlohmann::json& test : vector_cases("coordinator_partition.json")) {
    const std::string id = test.at("id");
    CAPTURE(id);
    const std::int32_t hash = java_string_hash(id);
    CHECK(hash == test.at("java_hash_code").get<std::int32_t>());
    CHECK(kafka_abs(hash) == test.at("abs").get<std::int32_t>());
    REQUIRE(!test.at("partition").empty());
    for (const auto& [key, partition] : test.at("partition").items()) {
      const std::int32_t partitions = std::stoi(key);
      CAPTURE(partitions);
      CHECK(coordinator_partition(id, partitions) == partition.get<std::int32_t>());
    }
  }
}

}  // namespace
}  // namespace nutshell
