#include "sim/workers/messages.h"

namespace nutshell {

namespace {

constexpr std::int64_t kConnectHeader = 60, kConnectRecord = 100;  // bytes

std::int64_t size_of(const SelectResponse& rows) {
  std::int64_t count = 0;
  for (const auto& [name, table] : rows.contents.is->database.tables) count += static_cast<std::int64_t>(table.size());
  return kConnectHeader + count;
}
std::int64_t size_of(const PutRequest& put) {
  return kConnectHeader + kConnectRecord * static_cast<std::int64_t>(put.batch.is->records.size());
}
template <class T>
std::int64_t size_of(const T&) {
  return kConnectHeader;
}

template <class T>
constexpr MessageKind connect_kind() {
  constexpr int place = kConnectPlace<T>;
  MessageKind kind = message_kind<T>(MessageOf<T>::number, place / 2, place % 2 == 1);
  kind.wire_size = [](const void* message) { return size_of(*static_cast<const T*>(message)); };
  kind.record_bytes = [](const void*) -> std::int64_t { return 0; };
  return kind;
}

}  // namespace

constexpr std::array<MessageKind, 6> kConnectMessages = {connect_kind<SelectRequest>(), connect_kind<SelectResponse>(),
                                                         connect_kind<PutRequest>(),    connect_kind<PutResponse>(),
                                                         connect_kind<RestRequest>(),   connect_kind<RestResponse>()};

}  // namespace nutshell
