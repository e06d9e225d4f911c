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
  return kMetadataRecordBytes * static_cast<std::int64_t>(response.entries.size());
}
std::int64_t payload(const FetchSnapshotResponse& response) { return response.bytes; }

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

// Bytes of records: only two messages bring any.
template <class T>
std::int64_t bytes_of_records(const T& message) {
  std::int64_t bytes = 0;
  if constexpr (std::is_same_v<T, ProduceRequest>)
    for (const ProducePartition& each : message.partitions) bytes += each.batch.size_in_bytes;
  if constexpr (std::is_same_v<T, FetchResponse>)
    for (const Batch& each : message.batches) bytes += each.size_in_bytes;
  return bytes;
}

template <class T>
constexpr MessageKind kind(std::uint16_t api, bool response) {
  MessageKind row = message_kind<T>(Apis::number_of<T>(), api, response);
  row.wire_size = [](const void* message) { return kHeader + payload(*static_cast<const T*>(message)); };
  row.record_bytes = [](const void* message) { return bytes_of_records(*static_cast<const T*>(message)); };
  return row;
}

template <class... Rows>
constexpr std::array<MessageKind, 2 * sizeof...(Rows)> kinds(ApiTable<Rows...>) {
  std::array<MessageKind, 2 * sizeof...(Rows)> all;
  std::uint16_t api = 0;
  ((all[2 * api] = kind<typename Rows::Request>(api, false), all[2 * api + 1] = kind<typename Rows::Response>(api, true), ++api), ...);
  return all;
}

}  // namespace

constexpr std::array<MessageKind, 2 * Apis::size> kKafkaMessages = kinds(Apis{});

}  // namespace nutshell
