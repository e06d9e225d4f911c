#include "sim/kafka/registry_api.h"

#include <array>

namespace nutshell {

namespace {

constexpr std::int64_t kHttpHead = 300;  // of a small request or answer

template <class T>
constexpr MessageKind registry_row() {
  constexpr int place = kRegistryPlace<T>;
  MessageKind kind = message_kind<T>(static_cast<MessageNumber>(kFirstRegistryMessage + place), place / 2, place % 2 == 1);
  kind.wire_size = [](const void*) -> std::int64_t { return kHttpHead; };
  kind.record_bytes = [](const void*) -> std::int64_t { return 0; };
  return kind;
}

constexpr std::array kRegistryMessages = {registry_row<RegisterSchemaRequest>(), registry_row<RegisterSchemaResponse>(),
                                          registry_row<GetSchemaRequest>(), registry_row<GetSchemaResponse>(),
                                          registry_row<CallRegistryRequest>(), registry_row<CallRegistryResponse>()};

}  // namespace

std::span<const MessageKind> registry_messages() { return kRegistryMessages; }

}  // namespace nutshell
