// builtin_partitioner.json (C2): which partition comes next for records without a key.
#include <doctest/doctest.h>

#include <algorithm>

#include "sim/kafka/producer_parts.h"
#include "tests/conformance/vectors.h"

namespace nutshell {
namespace {

// Plays the operations of one case, and counts the choices that were compared.
class Partitioner {
 public:
  explicit Partitioner(const nlohmann::json& vector)
      : partitions_(vector["partitions"]), batch_size_(vector["sticky_batch_size"]) {
    for (std::int32_t i = 0; i < partitions_; ++i)
      if (std::find(vector["leaderless"].begin(), vector["leaderless"].end(), i) == vector["leaderless"].end())
        with_leader_.push_back({i, 0});
    loads_ = with_leader_;
  }

  void load_stats(const nlohmann::json& operation) {
    adaptive_ = !operation["cumulative_table"].is_null();
    loads_.clear();
    if (!adaptive_) return;
    for (std::size_t i = 0; i < operation["partition_ids"].size(); ++i)
      loads_.push_back({operation["partition_ids"][i], operation["queue_sizes"][i]});
  }

  void append(const nlohmann::json& operation) {
    if (current_ < 0) current_ = choose(operation["random_if_no_current"]);
    CHECK(current_ == operation["partition"].get<std::int32_t>());
    bytes_ += operation["bytes"].get<std::int64_t>();
    const bool switches = enough_for_sticky(bytes_, batch_size_, operation["enable_switch"]);
    CHECK(switches == operation["switched"].get<bool>());
    if (switches) {
      current_ = choose(operation["random_for_switch"]);
      bytes_ = 0;
    }
    CHECK(current_ == operation["next_partition"].get<std::int32_t>());
  }

 private:
  std::int32_t choose(std::int32_t random) const {
    return choose_sticky_partition(adaptive_ ? loads_ : with_leader_, partitions_, adaptive_, random);
  }

  std::int32_t partitions_;
  std::int64_t batch_size_;
  std::vector<PartitionLoad> with_leader_;
  std::vector<PartitionLoad> loads_;
  bool adaptive_ = false;
  std::int32_t current_ = -1;
  std::int64_t bytes_ = 0;
};

TEST_CASE("conformance: builtin_partitioner") {
  for (const auto& vector : vector_cases("builtin_partitioner.json")) {
    CAPTURE(vector["id"]);
    Partitioner partitioner(vector);
    for (const auto& operation : vector["ops"]) {
      if (operation["op"] == "load_stats")
        partitioner.load_stats(operation);
      else
        partitioner.append(operation);
    }
  }
}

}  // namespace
}  // namespace nutshell
