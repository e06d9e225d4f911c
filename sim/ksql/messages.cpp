#include "sim/ksql/messages.h"

namespace nutshell {

namespace {

constexpr std::int64_t kHttpHead = 300;  // bytes of a small request or answer

template <class T>
constexpr MessageKind ksql_kind() {
  constexpr int place = kKsqlPlace<T>;
  MessageKind kind = message_kind<T>(MessageOf<T>::number, place / 2, place % 2 == 1);
  kind.wire_size = [](const void*) -> std::int64_t { return kHttpHead; };
  kind.record_bytes = [](const void*) -> std::int64_t { return 0; };
  return kind;
}

}  // namespace

constexpr std::array<MessageKind, 2> kKsqlMessages = {ksql_kind<PullRequest>(), ksql_kind<PullResponse>()};

}  // namespace nutshell
