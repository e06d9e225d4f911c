// Kafka's APIs: a row each. What a message is called, its number, which answer a request has and who serves it follow
// from the table.
//
// A new conversation is: its two structs in messages.h, its row here, the receiver's handler, the askers' handlers, and its
// looks (history/traffic.cpp). Without one of the latter it does not compile.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sim/kafka/messages.h"
#include "sim/net/body.h"

namespace nutshell {

// Which part of a process serves a request.
enum class Receiver : std::uint8_t {
  broker,
  coordinator,  // of groups, within a broker
  controller,   // the active one
  voter         // of the metadata quorum: controllers, and brokers as far as they are asked
};

// Who may ask, and hears of what came of it.
enum class Asker : std::uint8_t { broker, voter, producer, consumer, admin };

// `Key` is Kafka's own number of the API.
template <std::int16_t Key, class RequestT, class ResponseT, Receiver By, Asker... Askers>
struct Api {
  static_assert(sizeof...(Askers) > 0, "somebody asks");
  using Request = RequestT;
  using Response = ResponseT;
  static constexpr std::int16_t key = Key;
  static constexpr Receiver receiver = By;
  static constexpr bool asked_by(Asker who) { return ((Askers == who) || ...); }
};

template <class... Rows>
struct ApiTable {
  static constexpr std::size_t size = sizeof...(Rows);
  static constexpr std::array<std::int16_t, size> keys{Rows::key...};
  static constexpr std::array<Receiver, size> receivers{Rows::receiver...};
  static constexpr std::array<std::string_view, size> names{Rows::Request::name...};

  // Number of a message: each response comes behind its request. kNoMessage: T is no message of the table.
  template <class T>
  static constexpr MessageNumber number_of() {
    MessageNumber number = kNoMessage, next = 0;
    ((number = std::is_same_v<T, typename Rows::Request>    ? next
               : std::is_same_v<T, typename Rows::Response> ? static_cast<MessageNumber>(next + 1)
                                                            : number,
      next = static_cast<MessageNumber>(next + 2)),
     ...);
    return number;
  }

  // Calls visit.template operator()<Row>() for each row until one returns true.
  template <class Visit>
  static bool any(Visit&& visit) {
    return (visit.template operator()<Rows>() || ...);
  }
};

using Apis = ApiTable<
    Api<0, ProduceRequest, ProduceResponse, Receiver::broker, Asker::producer>,
    Api<1, FetchRequest, FetchResponse, Receiver::broker, Asker::broker, Asker::consumer>,
    Api<2, ListOffsetsRequest, ListOffsetsResponse, Receiver::broker, Asker::consumer>,
    Api<22, InitProducerIdRequest, InitProducerIdResponse, Receiver::broker, Asker::producer>,
    Api<3, MetadataRequest, MetadataResponse, Receiver::broker, Asker::producer, Asker::consumer>,
    Api<10, FindCoordinatorRequest, FindCoordinatorResponse, Receiver::broker, Asker::consumer>,
    Api<11, JoinGroupRequest, JoinGroupResponse, Receiver::coordinator, Asker::consumer>,
    Api<14, SyncGroupRequest, SyncGroupResponse, Receiver::coordinator, Asker::consumer>,
    Api<12, HeartbeatRequest, HeartbeatResponse, Receiver::coordinator, Asker::consumer>,
    Api<13, LeaveGroupRequest, LeaveGroupResponse, Receiver::coordinator, Asker::consumer>,
    Api<8, OffsetCommitRequest, OffsetCommitResponse, Receiver::coordinator, Asker::consumer>,
    Api<9, OffsetFetchRequest, OffsetFetchResponse, Receiver::coordinator, Asker::consumer>,
    Api<62, BrokerRegistrationRequest, BrokerRegistrationResponse, Receiver::controller, Asker::broker>,
    Api<63, BrokerHeartbeatRequest, BrokerHeartbeatResponse, Receiver::controller, Asker::broker>,
    Api<56, AlterPartitionRequest, AlterPartitionResponse, Receiver::controller, Asker::broker>,
    Api<19, CreateTopicsRequest, CreateTopicsResponse, Receiver::controller, Asker::broker, Asker::admin>,
    Api<67, AllocateProducerIdsRequest, AllocateProducerIdsResponse, Receiver::controller, Asker::broker>,
    Api<43, ElectLeadersRequest, ElectLeadersResponse, Receiver::controller, Asker::admin>,
    Api<44, AlterConfigsRequest, AlterConfigsResponse, Receiver::controller, Asker::admin>,  // IncrementalAlterConfigs
    Api<52, VoteRequest, VoteResponse, Receiver::voter, Asker::voter>,
    Api<53, BeginQuorumEpochRequest, BeginQuorumEpochResponse, Receiver::voter, Asker::voter>,
    Api<54, EndQuorumEpochRequest, EndQuorumEpochResponse, Receiver::voter, Asker::voter>,
    Api<1, QuorumFetchRequest, QuorumFetchResponse, Receiver::voter, Asker::voter>,  // Kafka's Fetch, of the metadata log
    Api<37, CreatePartitionsRequest, CreatePartitionsResponse, Receiver::controller, Asker::admin>,
    Api<23, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse, Receiver::broker, Asker::consumer, Asker::broker>,
    Api<20, DeleteTopicsRequest, DeleteTopicsResponse, Receiver::controller, Asker::admin>,
    Api<21, DeleteRecordsRequest, DeleteRecordsResponse, Receiver::broker, Asker::admin>,
    Api<73, AssignReplicasToDirsRequest, AssignReplicasToDirsResponse, Receiver::controller, Asker::broker>,
    Api<59, FetchSnapshotRequest, FetchSnapshotResponse, Receiver::voter, Asker::voter>>;

// The rows of all messages, by number.
extern const std::array<MessageKind, 2 * Apis::size> kKafkaMessages;

template <class T>
  requires(Apis::number_of<T>() != kNoMessage)
struct MessageOf<T> {
  static constexpr MessageNumber number = Apis::number_of<T>();
  static const MessageKind& kind() { return kKafkaMessages[number]; }
};

template <IsMessage T>
constexpr MessageNumber number_of() {
  return MessageOf<T>::number;
}

// Hands `body` to the overload of `handler` for it, if `By` serves it; false: another receiver does. A handler that lacks
// one of the requests that are `By`'s does not compile.
template <Receiver By, class BodyT, class Handler>
bool dispatch(BodyT& body, Handler&& handler) {
  return Apis::any([&]<class Row>() {
    if constexpr (Row::receiver == By) {
      if (auto* request = body.template get_if<typename Row::Request>()) {
        handler(*request);
        return true;
      }
    }
    return false;
  });
}

// What came of a request of that kind: an answer, or none.
template <class RequestT>
struct OutcomeOf {};

// Hands what came of a request to the overload of `handler` for OutcomeOf it, if `Who` may ask it; false: it may not. A
// handler that lacks one of the requests that `Who` may ask does not compile.
template <Asker Who, class Handler>
bool dispatch_outcome(MessageNumber request, Handler&& handler) {
  return Apis::any([&]<class Row>() {
    if constexpr (Row::asked_by(Who)) {
      if (request == number_of<typename Row::Request>()) {
        handler(OutcomeOf<typename Row::Request>{});
        return true;
      }
    }
    return false;
  });
}

// Makes an answer to a request that `By` serves say `error`, if it is one and has a word for it.
template <Receiver By>
void say_error(Body& answer, ErrorCode error) {
  Apis::any([&]<class Row>() {
    if constexpr (Row::receiver == By && requires(typename Row::Response response) { response.error; }) {
      if (auto* response = answer.get_if<typename Row::Response>()) response->error = error;
    }
    return false;
  });
}

// The answer that says only `error` to a request that `By` serves; empty: another receiver does. REQUIRES each of By's
// answers has an error of its own.
template <Receiver By>
Body refusal(const Body& request, ErrorCode error) {
  Body answer;
  Apis::any([&]<class Row>() {
    if constexpr (Row::receiver == By) {
      if (request.template is<typename Row::Request>()) {
        typename Row::Response response;
        response.error = error;
        answer = std::move(response);
      }
    }
    return static_cast<bool>(answer);
  });
  return answer;
}

}  // namespace nutshell
