// What ksqlDB servers say to each other: a family of messages beside Kafka's (net/body.h), HTTP's requests in truth. Numbers have 4
// in the upper byte, and are in digests for ever.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "sim/net/body.h"

namespace nutshell {

// A pull query, forwarded to a server that has the task of one partition (S31).
struct PullRequest {
  std::int32_t statement = -1, query = -1;  // interned: its text, and the id of the query that keeps the table
  std::int32_t part = -1, partition = -1;   // the task
  static constexpr std::string_view name = "PullQuery";
  NUTSHELL_FIELDS(PullRequest, statement, query, part, partition)
};
struct PullResponse {
  std::int32_t rows = -1;  // interned: a list of rows, as streams::encode() writes it
  std::int32_t why = -1;   // interned, if it cannot be answered there
  static constexpr std::string_view name = "PullQueryRows";
  NUTSHELL_FIELDS(PullResponse, rows, why)
};

inline constexpr MessageNumber kFirstKsqlMessage = 0x400;
extern const std::array<MessageKind, 2> kKsqlMessages;

template <class T>
inline constexpr int kKsqlPlace = std::is_same_v<T, PullRequest> ? 0 : std::is_same_v<T, PullResponse> ? 1 : -1;
template <class T>
  requires(kKsqlPlace<T> >= 0)
struct MessageOf<T> {
  static constexpr MessageNumber number = kFirstKsqlMessage + kKsqlPlace<T>;
  static const MessageKind& kind() { return kKsqlMessages[kKsqlPlace<T>]; }
};

}  // namespace nutshell
