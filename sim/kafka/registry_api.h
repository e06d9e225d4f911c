// What clients and a schema registry say to each other: a family of messages of its own, as its interface is HTTP's and no
// API of Kafka's (M1, M3).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sim/net/body.h"
#include "sim/schema/registry.h"

namespace nutshell {

// As HTTP says it, with the registry's own numbers where one status stands for several things.
enum class SchemaStatus : std::int32_t {
  ok = 200,
  not_found = 404,
  incompatible = 409,
  invalid_schema = 422,
  cannot_write = 500,     // "Error while registering schema": the store does not take it
  no_primary = 50004,     // nobody to forward to
};

// POST /subjects/<subject>/versions, or with `looks_up` /subjects/<subject>: the id of a schema there.
struct RegisterSchemaRequest {
  std::int32_t subject = -1, schema = -1;  // interned; the schema as text
  bool looks_up = false;                   // auto.register.schemas=false
  bool forwarded = false;                  // by another registry, for `client`
  NodeId client = kNoNode;
  SchemaFormat format = SchemaFormat::avro;
  friend bool operator==(const RegisterSchemaRequest&, const RegisterSchemaRequest&) = default;
  static constexpr std::string_view name = "RegisterSchema";
  NUTSHELL_FIELDS(RegisterSchemaRequest, subject, schema, looks_up, forwarded, client, format)
};
struct RegisterSchemaResponse {
  SchemaStatus status = SchemaStatus::ok;
  std::int32_t id = 0, version = 0;
  std::int32_t reason = -1;  // interned, if it is refused
  static constexpr std::string_view name = "RegisterSchemaResponse";
  NUTSHELL_FIELDS(RegisterSchemaResponse, status, id, version, reason)
};
// GET /schemas/ids/<id>, or /subjects/<subject>/versions/latest.
struct GetSchemaRequest {
  std::int32_t id = 0;        // 0: the latest version of `subject`
  std::int32_t subject = -1;
  friend bool operator==(const GetSchemaRequest&, const GetSchemaRequest&) = default;
  static constexpr std::string_view name = "GetSchema";
  NUTSHELL_FIELDS(GetSchemaRequest, id, subject)
};
struct GetSchemaResponse {
  SchemaStatus status = SchemaStatus::ok;
  std::int32_t id = 0;
  std::int32_t schema = -1;  // interned text
  std::int32_t reason = -1;
  SchemaFormat format = SchemaFormat::avro;
  static constexpr std::string_view name = "GetSchemaResponse";
  NUTSHELL_FIELDS(GetSchemaResponse, status, id, schema, reason, format)
};

// A call of the operator that another registry forwards: what it says stands in registry/store.h.
struct CallRegistryRequest {
  std::int32_t call = -1;  // interned
  static constexpr std::string_view name = "CallRegistry";
  NUTSHELL_FIELDS(CallRegistryRequest, call)
};
struct CallRegistryResponse {
  SchemaStatus status = SchemaStatus::ok;  // ok: the primary has it, and will tell what comes of it
  static constexpr std::string_view name = "CallRegistryResponse";
  NUTSHELL_FIELDS(CallRegistryResponse, status)
};

// Numbers have 2 in the upper byte, and are in digests for ever.
inline constexpr MessageNumber kFirstRegistryMessage = 0x300;
std::span<const MessageKind> registry_messages();

template <class T>
inline constexpr int kRegistryPlace = -1;
template <>
inline constexpr int kRegistryPlace<RegisterSchemaRequest> = 0;
template <>
inline constexpr int kRegistryPlace<RegisterSchemaResponse> = 1;
template <>
inline constexpr int kRegistryPlace<GetSchemaRequest> = 2;
template <>
inline constexpr int kRegistryPlace<GetSchemaResponse> = 3;

template <>
inline constexpr int kRegistryPlace<CallRegistryRequest> = 4;
template <>
inline constexpr int kRegistryPlace<CallRegistryResponse> = 5;

template <class T>
  requires(kRegistryPlace<T> >= 0)
struct MessageOf<T> {
  static const MessageKind& kind() { return registry_messages()[static_cast<std::size_t>(kRegistryPlace<T>)]; }
};

// Whether a request was one of these.
constexpr bool is_for_registry(MessageNumber number) { return number >> 8 == kFirstRegistryMessage >> 8; }

}  // namespace nutshell
