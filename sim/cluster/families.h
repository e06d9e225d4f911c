// The families of messages that processes of a world may send: a row each, found by the upper byte of a message's number.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sim/net/body.h"

namespace nutshell {

// RabbitMQ's has a number, and worlds of its own (rabbit/messages.h).
enum class MessageFamily : std::uint8_t { kafka, rabbitmq, connect, schema_registry, ksqldb };

std::span<const MessageKind> messages_of(MessageFamily family);
constexpr MessageFamily family_of(MessageNumber number) { return static_cast<MessageFamily>(number >> 8); }

// nullptr for kNoMessage.
const MessageKind* message_kind(MessageNumber number);
inline bool is_response(MessageNumber number) { return message_kind(number) && message_kind(number)->response; }

// The name of a message, which for a request of Kafka is its API's: "Produce", "FetchResponse". "nothing" for kNoMessage.
std::string_view message_name(MessageNumber number);
// kNoMessage if there is none of that name.
MessageNumber message_number(std::string_view name);
// All of them, by number.
std::vector<std::string_view> message_names();

}  // namespace nutshell
