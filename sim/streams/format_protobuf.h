// What both files about Protobuf know of its types. For format_protobuf*.cpp only.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/schema/protobuf.h"
#include "sim/streams/type.h"

namespace nutshell::streams {

inline constexpr int kDeepestMessage = 32;

// How a scalar stands on the wire.
enum class ProtoWire : std::uint8_t { varint = 0, eight = 1, counted = 2, four = 5 };

struct ProtoScalar {
  std::string_view name;
  Base base;
  ProtoWire wire;
  bool zigzag = false;
  bool narrow = false;  // 32 bits
};
// nullptr: it is none.
const ProtoScalar* proto_scalar(std::string_view word);

// Messages that everybody knows, which stand for one column: `base` is its type. Of a wrapper its field `value` is.
struct ProtoKnown {
  std::string_view name;
  Base base;
  std::string_view message;  // in known_messages()
};
// nullptr: it is none.
const ProtoKnown* proto_known(std::string_view word);
const ProtoFile& known_messages();

}  // namespace nutshell::streams
