// What RabbitMQ's nodes and their clients say to each other: a family of messages beside Kafka's (net/body.h). Numbers have
// 1 in the upper byte, and are in digests for ever.
//
// What a client sends is answered with Taken, which only says that it has arrived; what became of it comes in a message of
// its own (PublisherConfirm, QueueApplied), as frames of AMQP do.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/net/body.h"
#include "sim/rabbit/queue_machine.h"

namespace nutshell::rabbit {

// An entry in the log of a quorum queue.
struct Entry {
  std::int32_t term = 0;
  Time at = 0;  // the leader's clock: all replicas let messages expire by it
  Command command;
  NUTSHELL_FIELDS(Entry, term, at, command)
};

// Clients, who name their connection by `session`: each new one is another.
struct BasicPublish {
  ChannelId session = 0;
  std::int32_t sequence = 0, message = -1;
  static constexpr std::string_view name = "BasicPublish";
  NUTSHELL_FIELDS(BasicPublish, session, sequence, message)
};
struct BasicConsume {
  ChannelId session = 0;
  std::int32_t queue = 0, prefetch = 0, priority = 0;
  bool no_ack = false;
  static constexpr std::string_view name = "BasicConsume";
  NUTSHELL_FIELDS(BasicConsume, session, queue, prefetch, priority, no_ack)
};
struct BasicAck {  // basic.ack, basic.nack and basic.reject
  ChannelId session = 0;
  std::int32_t queue = 0;
  CommandKind verdict = CommandKind::settle;
  bool counts = false;
  std::vector<std::int32_t> tags;
  static constexpr std::string_view name = "BasicAck";
  NUTSHELL_FIELDS(BasicAck, session, queue, verdict, counts, tags)
};
struct ConnectionClose {
  ChannelId session = 0;
  static constexpr std::string_view name = "ConnectionClose";
  NUTSHELL_FIELDS(ConnectionClose, session)
};
struct Heartbeat {
  ChannelId session = 0;
  static constexpr std::string_view name = "Heartbeat";
  NUTSHELL_FIELDS(Heartbeat, session)
};

// To clients.
struct BasicDeliver {
  ChannelId session = 0;
  std::int32_t queue = 0, tag = 0, message = -1, deliveries = 0;
  static constexpr std::string_view name = "BasicDeliver";
  NUTSHELL_FIELDS(BasicDeliver, session, queue, tag, message, deliveries)
};
enum class Confirm : std::uint8_t { ack, nack, returned };
struct PublisherConfirm {
  ChannelId session = 0;
  std::int32_t sequence = 0;
  Confirm outcome = Confirm::ack;
  static constexpr std::string_view name = "PublisherConfirm";
  NUTSHELL_FIELDS(PublisherConfirm, session, sequence, outcome)
};
struct ChannelClose {  // or opened, so that either end hears at once that the other is gone
  ChannelId session = 0;
  bool opened = false;
  static constexpr std::string_view name = "ChannelClose";
  NUTSHELL_FIELDS(ChannelClose, session, opened)
};

// Between nodes.
struct QueueCommand {
  std::int32_t queue = 0;
  Command command;
  static constexpr std::string_view name = "QueueCommand";
  NUTSHELL_FIELDS(QueueCommand, queue, command)
};
struct QueueApplied {
  std::int32_t queue = 0;
  ChannelId channel = 0;
  std::int32_t sequence = 0;
  bool rejected = false;
  static constexpr std::string_view name = "QueueApplied";
  NUTSHELL_FIELDS(QueueApplied, queue, channel, sequence, rejected)
};
struct QueueDelivery {
  ChannelId channel = 0;
  std::int32_t queue = 0, tag = 0, message = -1, deliveries = 0;
  static constexpr std::string_view name = "QueueDelivery";
  NUTSHELL_FIELDS(QueueDelivery, channel, queue, tag, message, deliveries)
};
struct QueueClosed {  // the channel has broken a rule of the queue
  ChannelId channel = 0;
  static constexpr std::string_view name = "QueueClosed";
  NUTSHELL_FIELDS(QueueClosed, channel)
};
struct AppendEntries {
  std::int32_t queue = 0, term = 0, previous = 0, previous_term = 0, commit = 0;
  std::vector<Entry> entries;
  static constexpr std::string_view name = "AppendEntriesRpc";
  NUTSHELL_FIELDS(AppendEntries, queue, term, previous, previous_term, commit, entries)
};
struct AppendResult {
  std::int32_t queue = 0, term = 0, last = 0;
  bool success = false;
  static constexpr std::string_view name = "AppendEntriesReply";
  NUTSHELL_FIELDS(AppendResult, queue, term, last, success)
};
struct RequestVote {
  std::int32_t queue = 0, term = 0, last = 0, last_term = 0;
  bool pre = false;
  static constexpr std::string_view name = "RequestVoteRpc";
  NUTSHELL_FIELDS(RequestVote, queue, term, last, last_term, pre)
};
struct VoteResult {
  std::int32_t queue = 0, term = 0;
  bool pre = false, granted = false;
  static constexpr std::string_view name = "RequestVoteResult";
  NUTSHELL_FIELDS(VoteResult, queue, term, pre, granted)
};
struct Ping {  // of the failure detector
  bool nothing = false;
  static constexpr std::string_view name = "Ping";
  NUTSHELL_FIELDS(Ping, nothing)
};
struct Taken {
  bool nothing = false;
  static constexpr std::string_view name = "Taken";
  NUTSHELL_FIELDS(Taken, nothing)
};

// The table. Append only: a message's place is its number.
template <class... Messages>
struct MessageTable {
  template <class T>
  static constexpr std::uint16_t place_of() {
    std::uint16_t place = 0, next = 0;
    ((place = std::is_same_v<T, Messages> ? next : place, ++next), ...);
    return place;
  }
  template <class T>
  static constexpr bool has = (std::is_same_v<T, Messages> || ...);
};
using Messages = MessageTable<BasicPublish, BasicConsume, BasicAck, ConnectionClose, Heartbeat, BasicDeliver, PublisherConfirm,
                              ChannelClose, QueueCommand, QueueApplied, QueueDelivery, QueueClosed, AppendEntries, AppendResult,
                              RequestVote, VoteResult, Ping, Taken>;
template <class T>
inline constexpr bool is_answer =
    std::is_same_v<T, AppendResult> || std::is_same_v<T, VoteResult> || std::is_same_v<T, Taken>;
inline constexpr MessageNumber kFirstMessage = 0x100;

}  // namespace nutshell::rabbit

namespace nutshell {

template <class T>
  requires(rabbit::Messages::has<T>)
struct MessageOf<T> {
  static const MessageKind& kind() {
    static constexpr MessageKind kKind = [] {
      constexpr std::uint16_t place = rabbit::Messages::place_of<T>();
      MessageKind kind = message_kind<T>(static_cast<MessageNumber>(rabbit::kFirstMessage + place), place, rabbit::is_answer<T>);
      kind.wire_size = [](const void*) -> std::int64_t { return static_cast<std::int64_t>(sizeof(T)); };
      kind.record_bytes = [](const void*) -> std::int64_t { return 0; };
      return kind;
    }();
    return kKind;
  }
};

}  // namespace nutshell
