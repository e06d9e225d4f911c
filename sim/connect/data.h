// What connectors, transforms and sinks see: a value and, if it has one, its schema. A STRUCT with a schema and a map without
// one are both members in their order; maps have texts as keys, others are refused. A value without a schema is what plain
// JSON can say: its whole numbers are int64.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nutshell::connect {

enum class Type : std::uint8_t { int8, int16, int32, int64, float32, float64, boolean, string, bytes, array, map, structure };
// As Kafka writes it: "INT32", "STRUCT".
std::string_view type_name(Type type);
inline bool is_whole(Type type) { return type <= Type::int64; }
inline bool is_real(Type type) { return type == Type::float32 || type == Type::float64; }

class Value;
struct Member;
struct Bytes {
  std::string bytes;
  friend bool operator==(const Bytes&, const Bytes&) = default;
};
using List = std::vector<Value>;
using Members = std::vector<Member>;

class Value {
 public:
  Value() = default;
  explicit Value(bool yes) : is_(yes) {}
  explicit Value(std::int64_t number) : is_(number) {}
  explicit Value(double number) : is_(number) {}
  explicit Value(std::string text) : is_(std::move(text)) {}
  explicit Value(Bytes bytes) : is_(std::move(bytes)) {}
  explicit Value(List list);
  explicit Value(Members members);

  bool null() const { return is_.index() == 0; }
  const bool* truth() const { return std::get_if<bool>(&is_); }
  const std::int64_t* whole() const { return std::get_if<std::int64_t>(&is_); }
  const double* real() const { return std::get_if<double>(&is_); }
  const std::string* text() const { return std::get_if<std::string>(&is_); }
  const Bytes* bytes() const { return std::get_if<Bytes>(&is_); }
  const List* list() const;
  const Members* members() const;
  // The member of that name; nullptr: there is none, or it has no members.
  const Value* find(std::string_view name) const;

  friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Bytes, std::shared_ptr<const List>,
               std::shared_ptr<const Members>>
      is_;
};

struct Member {
  std::string name;
  Value value;
  friend bool operator==(const Member&, const Member&) = default;
};

struct Schema;
using SchemaPtr = std::shared_ptr<const Schema>;
struct Field {
  std::string name;
  SchemaPtr schema;
};
struct Schema {
  Type type = Type::string;
  bool optional = false;
  std::string name;                   // of a logical type or a struct; "" is none
  std::optional<std::int64_t> version;
  std::optional<Value> fallback;      // what stands for null
  std::vector<Field> fields = {};     // of a struct
  SchemaPtr item = nullptr;           // of an array, and of a map's values

  const Field* find(std::string_view field) const;
};
bool same_schema(const SchemaPtr& a, const SchemaPtr& b);
SchemaPtr plain_schema(Type type, bool optional = false);
SchemaPtr struct_schema(std::vector<Field> fields, std::string name = "", bool optional = false);

struct Data {
  SchemaPtr schema = nullptr;
  Value value = {};
  friend bool operator==(const Data& a, const Data& b) { return same_schema(a.schema, b.schema) && a.value == b.value; }
};

// As Java prints it: what StringConverter writes and file sinks append. Bytes are hexadecimal; there it is an address.
std::string text_of(const Data& data);
// Of a value: its field of that name with the schema that it has there. Nothing: it has none of that name.
std::optional<Data> field_of(const Data& data, std::string_view name);
// What the value is without a schema, in Kafka's words: "MAP", "null".
std::string_view kind_of(const Value& value);

// A record between a connector and the converters.
struct Header {
  std::string key, value;
  friend bool operator==(const Header&, const Header&) = default;
};
struct Record {
  std::string topic;
  std::int32_t partition = -1;  // -1: whoever sends it decides
  std::int64_t offset = -1;     // of a sink's record
  Data key = {}, value = {};
  std::optional<std::int64_t> timestamp = std::nullopt;  // ms
  std::vector<Header> headers = {};
};
// A record as it lies in a topic.
struct RawRecord {
  std::string topic;
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  std::optional<std::string> key = std::nullopt, value = std::nullopt;
  std::optional<std::int64_t> timestamp = std::nullopt;
  std::vector<Header> headers = {};
  friend bool operator==(const RawRecord&, const RawRecord&) = default;
};

}  // namespace nutshell::connect
