// What Connect's workers say to the stores at both ends and to each other: a family of messages beside Kafka's (net/body.h).
// Numbers have 2 in the upper byte, and are in digests for ever.
//
// A driver's questions and statements stand for what they come to: a question is answered with the whole of the store as it is
// at that moment, of which the asker reads what it asked for; a batch is carried out as one transaction.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/connect/file.h"
#include "sim/connect/jdbc.h"
#include "sim/net/body.h"

namespace nutshell {

// What a store holds. `digest` tells contents apart that came about in different ways.
struct StoreContents {
  connect::Database database;
  std::map<std::string, std::string> files;
  std::uint64_t digest = 0;
};
// Values that nobody changes any more; a question's answer and the store share them.
struct SharedContents {
  std::shared_ptr<const StoreContents> is = std::make_shared<StoreContents>();
  void fold_into(std::uint64_t& out) const { out = mix(out, is->digest); }
};

struct PutBatch {
  std::variant<connect::JdbcSinkConfig, connect::FileSinkConfig> config;
  std::vector<connect::Record> records;
};
struct SharedBatch {
  std::shared_ptr<const PutBatch> is;
  void fold_into(std::uint64_t& out) const { out = mix(out, is ? is->records.size() : 0); }
};

struct SelectRequest {
  bool nothing = false;
  static constexpr std::string_view name = "Select";
  NUTSHELL_FIELDS(SelectRequest, nothing)
};
struct SelectResponse {
  SharedContents contents;
  static constexpr std::string_view name = "Rows";
  NUTSHELL_FIELDS(SelectResponse, contents)
};
struct PutRequest {
  SharedBatch batch;
  std::int32_t number = 0;  // of the task's try
  static constexpr std::string_view name = "Put";
  NUTSHELL_FIELDS(PutRequest, batch, number)
};
struct PutResponse {
  std::int32_t why = -1;  // interned; -1: it is written
  bool retriable = false;
  static constexpr std::string_view name = "PutDone";
  NUTSHELL_FIELDS(PutResponse, why, retriable)
};
// A call of the REST interface, which workers pass on to their leader.
struct RestRequest {
  std::int32_t call = -1;  // interned
  static constexpr std::string_view name = "Rest";
  NUTSHELL_FIELDS(RestRequest, call)
};
struct RestResponse {
  std::int32_t why = -1;  // interned; -1: it is done
  bool not_leader = false;
  static constexpr std::string_view name = "RestAnswer";
  NUTSHELL_FIELDS(RestResponse, why, not_leader)
};

inline constexpr MessageNumber kFirstConnectMessage = 0x200;
extern const std::array<MessageKind, 6> kConnectMessages;

template <class T>
inline constexpr int kConnectPlace = std::is_same_v<T, SelectRequest>    ? 0
                                     : std::is_same_v<T, SelectResponse> ? 1
                                     : std::is_same_v<T, PutRequest>     ? 2
                                     : std::is_same_v<T, PutResponse>    ? 3
                                     : std::is_same_v<T, RestRequest>    ? 4
                                     : std::is_same_v<T, RestResponse>   ? 5
                                                                         : -1;
template <class T>
  requires(kConnectPlace<T> >= 0)
struct MessageOf<T> {
  static constexpr MessageNumber number = kFirstConnectMessage + kConnectPlace<T>;
  static const MessageKind& kind() { return kConnectMessages[kConnectPlace<T>]; }
};

}  // namespace nutshell
