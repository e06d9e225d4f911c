// What a message says: a value of any type that a family of messages has a row for.
//
// The engine carries it, folds it and asks how long it is; what it means, only its family knows. A family (Kafka's is
// kafka/api.h) numbers its messages and specialises MessageOf for each. A message is a copyable struct with a field list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sim/core/digest.h"

namespace nutshell {

// Which message it is, for ever: the numbers are in digests. The upper byte is the family's, 0 for Kafka's.
using MessageNumber = std::uint16_t;
inline constexpr MessageNumber kNoMessage = 0xffff;

// The row of a message: what the engine has to know of it, and what it is called.
struct MessageKind {
  MessageNumber number = kNoMessage;
  std::uint16_t api = 0;  // place of its conversation in the family's table
  bool response = false;
  std::string_view name;  // "Produce", "ProduceResponse"
  std::size_t size = 0;   // bytes of the struct, without what it owns
  void* (*clone)(const void* message) = nullptr;
  void (*destroy)(void* message) = nullptr;
  void (*fold)(std::uint64_t& digest, const void* message) = nullptr;
  std::int64_t (*wire_size)(const void* message) = nullptr;     // bytes on the wire: transmission times, traffic between zones
  std::int64_t (*record_bytes)(const void* message) = nullptr;  // of records in it: what a slow disk takes its time for
};

// Each family has, for its messages: static const MessageKind& kind().
template <class T>
struct MessageOf;

template <class T>
concept IsMessage = requires { MessageOf<T>::kind(); };

// What is the same in every row. The two sizes are the family's.
template <class T>
constexpr MessageKind message_kind(MessageNumber number, std::uint16_t api, bool response) {
  return {.number = number,
          .api = api,
          .response = response,
          .name = T::name,
          .size = sizeof(T),
          .clone = [](const void* message) -> void* { return new T(*static_cast<const T*>(message)); },
          .destroy = [](void* message) { delete static_cast<T*>(message); },
          .fold = [](std::uint64_t& digest, const void* message) { nutshell::fold(digest, *static_cast<const T*>(message)); }};
}

// One message, or none. A move is the move of a pointer.
class Body {
 public:
  Body() = default;
  template <class T>
    requires IsMessage<std::remove_cvref_t<T>>
  Body(T&& message)
      : kind_(&MessageOf<std::remove_cvref_t<T>>::kind()), message_(new std::remove_cvref_t<T>(std::forward<T>(message))) {}
  Body(const Body& other) : kind_(other.kind_), message_(other.kind_ ? other.kind_->clone(other.message_) : nullptr) {}
  Body(Body&& other) noexcept : kind_(std::exchange(other.kind_, nullptr)), message_(std::exchange(other.message_, nullptr)) {}
  Body& operator=(Body other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(message_, other.message_);
    return *this;
  }
  ~Body() {
    if (kind_) kind_->destroy(message_);
  }

  explicit operator bool() const { return kind_ != nullptr; }
  MessageNumber number() const { return kind_ ? kind_->number : kNoMessage; }
  std::uint16_t api() const { return kind_ ? kind_->api : 0; }
  std::string_view name() const { return kind_ ? kind_->name : "nothing"; }
  std::int64_t wire_size() const { return kind_ ? kind_->wire_size(message_) : 0; }
  std::int64_t record_bytes() const { return kind_ ? kind_->record_bytes(message_) : 0; }
  std::size_t memory_bytes() const { return kind_ ? kind_->size : 0; }

  template <IsMessage T>
  bool is() const {
    return kind_ == &MessageOf<T>::kind();
  }
  // The message as a T; nullptr: it is another.
  template <IsMessage T>
  T* get_if() {
    return is<T>() ? static_cast<T*>(message_) : nullptr;
  }
  template <IsMessage T>
  const T* get_if() const {
    return is<T>() ? static_cast<const T*>(message_) : nullptr;
  }

  void fold_into(std::uint64_t& digest) const {
    digest = mix(digest, number());
    if (kind_) kind_->fold(digest, message_);
  }

 private:
  const MessageKind* kind_ = nullptr;
  void* message_ = nullptr;
};

}  // namespace nutshell
