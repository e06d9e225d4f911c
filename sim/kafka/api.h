// Kafka's APIs: a row each. What a message is called, which answer a request has, who serves it, and the type that holds
// any message follow from the table.
//
// A new conversation is: its two structs in messages.h, its row here, the receiver's handler, and its looks
// (history/traffic.cpp). Without one of the latter two it does not compile.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "sim/kafka/messages.h"

namespace nutshell {

// Which part of a process serves a request.
enum class Receiver : std::uint8_t {
  broker,
  coordinator,  // of groups, within a broker
  controller,   // the active one
  voter         // of the metadata quorum: controllers, and brokers as far as they are asked
};

// `Key` is Kafka's own number of the API.
template <std::int16_t Key, class RequestT, class ResponseT, Receiver By>
struct Api {
  using Request = RequestT;
  using Response = ResponseT;
  static constexpr std::int16_t key = Key;
  static constexpr Receiver receiver = By;
};

template <class... Rows>
struct ApiTable {
  static constexpr std::size_t size = sizeof...(Rows);
  static constexpr std::array<std::int16_t, size> keys{Rows::key...};
  static constexpr std::array<Receiver, size> receivers{Rows::receiver...};
  static constexpr std::array<std::string_view, size> names{Rows::Request::name...};

  template <class... Messages>
  static std::variant<Messages...> variant_of(std::tuple<Messages...>);
  // Each response stands behind its request.
  using Body = decltype(variant_of(std::tuple_cat(std::declval<std::tuple<typename Rows::Request, typename Rows::Response>>()...)));

  // Calls visit.template operator()<Row>() for each row until one returns true.
  template <class Visit>
  static bool any(Visit&& visit) {
    return (visit.template operator()<Rows>() || ...);
  }
};

using Apis = ApiTable<
    Api<0, ProduceRequest, ProduceResponse, Receiver::broker>,
    Api<1, FetchRequest, FetchResponse, Receiver::broker>,
    Api<2, ListOffsetsRequest, ListOffsetsResponse, Receiver::broker>,
    Api<22, InitProducerIdRequest, InitProducerIdResponse, Receiver::broker>,
    Api<3, MetadataRequest, MetadataResponse, Receiver::broker>,
    Api<10, FindCoordinatorRequest, FindCoordinatorResponse, Receiver::broker>,
    Api<11, JoinGroupRequest, JoinGroupResponse, Receiver::coordinator>,
    Api<14, SyncGroupRequest, SyncGroupResponse, Receiver::coordinator>,
    Api<12, HeartbeatRequest, HeartbeatResponse, Receiver::coordinator>,
    Api<13, LeaveGroupRequest, LeaveGroupResponse, Receiver::coordinator>,
    Api<8, OffsetCommitRequest, OffsetCommitResponse, Receiver::coordinator>,
    Api<9, OffsetFetchRequest, OffsetFetchResponse, Receiver::coordinator>,
    Api<62, BrokerRegistrationRequest, BrokerRegistrationResponse, Receiver::controller>,
    Api<63, BrokerHeartbeatRequest, BrokerHeartbeatResponse, Receiver::controller>,
    Api<56, AlterPartitionRequest, AlterPartitionResponse, Receiver::controller>,
    Api<19, CreateTopicsRequest, CreateTopicsResponse, Receiver::controller>,
    Api<67, AllocateProducerIdsRequest, AllocateProducerIdsResponse, Receiver::controller>,
    Api<43, ElectLeadersRequest, ElectLeadersResponse, Receiver::controller>,
    Api<44, AlterConfigsRequest, AlterConfigsResponse, Receiver::controller>,  // IncrementalAlterConfigs
    Api<52, VoteRequest, VoteResponse, Receiver::voter>,
    Api<53, BeginQuorumEpochRequest, BeginQuorumEpochResponse, Receiver::voter>,
    Api<54, EndQuorumEpochRequest, EndQuorumEpochResponse, Receiver::voter>,
    Api<1, QuorumFetchRequest, QuorumFetchResponse, Receiver::voter>,  // Kafka's Fetch, of the metadata log
    Api<37, CreatePartitionsRequest, CreatePartitionsResponse, Receiver::controller>,
    Api<23, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse, Receiver::broker>>;

// Any message.
using Body = Apis::Body;

// Index of a message in Body.
template <class T, std::size_t I = 0>
constexpr std::uint8_t body_index() {
  if constexpr (std::is_same_v<std::variant_alternative_t<I, Body>, T>) return static_cast<std::uint8_t>(I);
  else return body_index<T, I + 1>();
}
inline constexpr std::uint8_t kNoMessage = 255;
static_assert(std::variant_size_v<Body> < kNoMessage);

constexpr bool is_response(std::uint8_t message) { return message != kNoMessage && message % 2 == 1; }
// Place of a message's API in the table. REQUIRES message != kNoMessage.
constexpr std::size_t api_of(std::uint8_t message) { return message / 2; }

// The name of a message, which for a request is its API's: "Produce", "FetchResponse". "nothing" for kNoMessage.
std::string_view message_name(const Body& body);
std::string_view message_name(std::uint8_t index);
// kNoMessage if there is none of that name.
std::uint8_t message_index(std::string_view name);

// Bytes on the wire: headers by rule, records by their batches' sizes. Decides transmission times only.
std::int64_t wire_size(const Body& body);

// Bytes of records that a message carries: what a slow disk takes its time for.
std::int64_t record_bytes(const Body& body);

// Hands `body` to the overload of `handler` for it, if `By` serves it; false: another receiver does. A handler that lacks
// one of the requests that are `By`'s does not compile.
template <Receiver By, class BodyT, class Handler>
bool dispatch(BodyT& body, Handler&& handler) {
  return Apis::any([&]<class Row>() {
    if constexpr (Row::receiver == By) {
      if (auto* request = std::get_if<typename Row::Request>(&body)) {
        handler(*request);
        return true;
      }
    }
    return false;
  });
}

// The answer that says only `error` to a request that `By` serves; nullopt: another receiver does. REQUIRES each of By's
// answers has an error of its own.
template <Receiver By>
std::optional<Body> refusal(const Body& request, ErrorCode error) {
  std::optional<Body> answer;
  Apis::any([&]<class Row>() {
    if constexpr (Row::receiver == By) {
      if (std::holds_alternative<typename Row::Request>(request)) {
        typename Row::Response response;
        response.error = error;
        answer = std::move(response);
      }
    }
    return answer.has_value();
  });
  return answer;
}

}  // namespace nutshell
