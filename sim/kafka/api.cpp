#include "sim/kafka/api.h"

#include <array>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/core/fields.h"

namespace nutshell {

namespace {

consteval bool rows_differ() {
  for (std::size_t i = 0; i < Apis::size; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (Apis::names[i] == Apis::names[j] || (Apis::keys[i] == Apis::keys[j] && Apis::receivers[i] == Apis::receivers[j])) return false;
  return true;
}
static_assert(rows_differ(), "no two rows of Apis have the same name, or the same number at the same receiver");

constexpr std::int64_t kHeader = 60;  // frame, header and fixed fields of a small message

std::int64_t payload(const ProduceRequest& request) {
  std::int64_t bytes = 0;
  for (const ProducePartition& each : request.partitions) bytes += 30 + each.batch.size_in_bytes;
  return bytes;
}
std::int64_t payload(const FetchRequest& request) {
  return 40 * static_cast<std::int64_t>(request.partitions.size());
}
std::int64_t payload(const FetchResponse& response) {
  std::int64_t bytes = 50 * static_cast<std::int64_t>(response.partitions.size());
  for (const Batch& each : response.batches) bytes += each.size_in_bytes;
  return bytes;
}
std::int64_t payload(const MetadataResponse& response) {
  return 30 * static_cast<std::int64_t>(response.brokers.size() + response.partitions.size());
}
std::int64_t payload(const QuorumFetchResponse& response) {
  return 80 * static_cast<std::int64_t>(response.entries.size());
}

template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;

// Of all others: so much for each element of their lists. What holds none fits into the header.
constexpr std::int64_t kElement = 30;

template <class T>
std::int64_t payload(const T& message) {
  std::int64_t bytes = 0;
  for_each_field(message, [&](std::string_view, const auto& field) {
    if constexpr (kIsList<std::remove_cvref_t<decltype(field)>>) bytes += kElement * static_cast<std::int64_t>(field.size());
  });
  return bytes;
}

}  // namespace

std::string_view message_name(const Body& body) {
  return std::visit([](const auto& each) { return each.name; }, body);
}

namespace {
template <std::size_t... I>
constexpr std::array<std::string_view, sizeof...(I)> names_of(std::index_sequence<I...>) {
  return {std::variant_alternative_t<I, Body>::name...};
}
constexpr auto kNames = names_of(std::make_index_sequence<std::variant_size_v<Body>>());
}  // namespace

std::uint8_t message_index(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<std::uint8_t>(i);
  return kNoMessage;
}

std::string_view message_name(std::uint8_t index) { return index < kNames.size() ? kNames[index] : "nothing"; }

std::int64_t wire_size(const Body& body) {
  return kHeader + std::visit([](const auto& each) { return payload(each); }, body);
}

std::int64_t record_bytes(const Body& body) {
  std::int64_t bytes = 0;
  if (const auto* produce = std::get_if<ProduceRequest>(&body))
    for (const ProducePartition& each : produce->partitions) bytes += each.batch.size_in_bytes;
  if (const auto* fetched = std::get_if<FetchResponse>(&body))
    for (const Batch& each : fetched->batches) bytes += each.size_in_bytes;
  return bytes;
}

}  // namespace nutshell
