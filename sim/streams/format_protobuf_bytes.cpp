// Rows as the bytes of a Protobuf message, and back (M1).
#include <algorithm>
#include <cstring>
#include <map>

#include "sim/schema/wire.h"
#include "sim/streams/calendar.h"
#include "sim/streams/format_protobuf.h"
#include "sim/streams/format_schema.h"
#include "sim/streams/format_schema_types.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

Json json_number(std::int64_t number) {
  Json json;
  json.kind = JsonKind::number;
  json.text = std::to_string(number);
  return json;
}
Json json_text_of(std::string text) {
  Json json;
  json.kind = JsonKind::text;
  json.text = std::move(text);
  return json;
}

constexpr std::int64_t kSecondMs = 1000, kMinuteMs = 60 * kSecondMs, kHourMs = 60 * kMinuteMs, kNanosOfMs = 1'000'000;

// A column's value as the members of the message that stands for it.
std::optional<Json> members_of(const ProtoKnown& known, const Json& json) {
  Json all;
  all.kind = JsonKind::object;
  const auto add = [&all](const char* name, Json value) {
    all.names.emplace_back(name);
    all.items.push_back(std::move(value));
  };
  const std::optional<std::int64_t> number = json_whole(json);
  switch (known.base) {
    case Base::date: {
      if (!number) return std::nullopt;
      const Civil date = civil_from_days(*number);
      add("year", json_number(date.year)), add("month", json_number(date.month)), add("day", json_number(date.day));
      return all;
    }
    case Base::time:
      if (!number) return std::nullopt;
      add("hours", json_number(*number / kHourMs)), add("minutes", json_number(*number / kMinuteMs % 60));
      add("seconds", json_number(*number / kSecondMs % 60)), add("nanos", json_number(*number % kSecondMs * kNanosOfMs));
      return all;
    case Base::timestamp:
      if (!number) return std::nullopt;
      add("seconds", json_number(floor_div(*number, kSecondMs)));
      add("nanos", json_number((*number - floor_div(*number, kSecondMs) * kSecondMs) * kNanosOfMs));
      return all;
    case Base::decimal: {
      const std::optional<Decimal> decimal = parse_decimal(json.text);
      if (!decimal || json.kind == JsonKind::null) return std::nullopt;
      add("value", json_text_of(to_base64(bytes_of_unscaled(decimal->unscaled()))));
      add("scale", json_number(decimal->scale));
      return all;
    }
    default: add("value", json); return all;
  }
}

// And back, as text.
std::optional<std::string> value_of_members(const ProtoKnown& known, std::string_view text) {
  const std::optional<Json> all = parse_json(text);
  if (!all) return std::nullopt;
  const auto number = [&all](const char* name) {
    const Json* found = all->find(name);
    const std::int64_t value = found ? json_whole(*found).value_or(0) : 0;
    return std::clamp<std::int64_t>(value, -1'000'000'000'000, 1'000'000'000'000);
  };
  const Json* value = all->find("value");
  switch (known.base) {
    case Base::date:
      if (number("month") < 1 || number("month") > 12 || number("year") > 9'999'999 || number("year") < -9'999'999) return std::nullopt;
      return std::to_string(days_from_civil({number("year"), static_cast<int>(number("month")), 1}) + number("day") - 1);
    case Base::time:
      return std::to_string(number("hours") * kHourMs + number("minutes") * kMinuteMs + number("seconds") * kSecondMs +
                            number("nanos") / kNanosOfMs);
    case Base::timestamp: return std::to_string(number("seconds") * kSecondMs + number("nanos") / kNanosOfMs);
    case Base::decimal: {
      const std::optional<std::string> bytes = value ? from_base64(value->text) : std::nullopt;
      if (!bytes || bytes->size() > 16 || number("scale") < 0 || number("scale") > 38) return std::nullopt;
      return decimal_text(Decimal(unscaled_of_bytes(*bytes), static_cast<int>(number("scale"))));
    }
    default: return value ? json_text(*value) : std::optional<std::string>();
  }
}

void put_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>((number & 0x7f) | 0x80);
  out += static_cast<char>(number);
}
void put_little_endian(std::string& out, std::uint64_t bits, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(bits >> (8 * i) & 0xff);
}

// What a value comes to on the wire.
struct ProtoValue {
  ProtoWire wire = ProtoWire::counted;
  std::uint64_t bits = 0;
  std::string bytes;
  bool is_nothing() const { return bits == 0 && bytes.empty(); }

  void write(std::string& out) const {
    if (wire == ProtoWire::varint) return put_varint(out, bits);
    if (wire != ProtoWire::counted) return put_little_endian(out, bits, wire == ProtoWire::four ? 4 : 8);
    put_varint(out, bytes.size());
    out += bytes;
  }
  void write(std::string& out, std::int32_t number) const {
    put_varint(out, static_cast<std::uint64_t>(number) << 3 | static_cast<std::uint64_t>(wire));
    write(out);
  }
};

class ToProto {
 public:
  explicit ToProto(const ProtoFile& file) : file_(file) {}

  std::optional<std::string> message(const std::string& name, const Json& json, int depth) const {
    if (json.kind != JsonKind::object || depth > kDeepestMessage) return std::nullopt;
    std::string bytes;
    for (const ProtoField& field : file_.messages.at(name).fields) {
      const Json* member = member_of(json, field.name);
      if (!member || member->kind == JsonKind::null) continue;
      if (!put(bytes, name, field, *member, depth)) return std::nullopt;
    }
    return bytes;
  }

 private:
  bool put(std::string& out, const std::string& scope, const ProtoField& field, const Json& json, int depth) const {
    if (!field.key_type.empty()) return entries(out, scope, field, json, depth);
    if (field.label == ProtoField::Label::repeated) return elements(out, scope, field, json, depth);
    const std::optional<ProtoValue> made = value(scope, field.type, json, depth);
    const bool told = field.optional || !field.one_of.empty() || field.label == ProtoField::Label::required || !is_plain(scope, field.type);
    if (made && (told || !made->is_nothing())) made->write(out, field.number);
    return made.has_value();
  }
  bool entries(std::string& out, const std::string& scope, const ProtoField& field, const Json& json, int depth) const {
    if (json.kind != JsonKind::object) return false;
    for (std::size_t i = 0; i < json.items.size(); ++i) {
      const std::optional<ProtoValue> key = value(scope, field.key_type, json_text_of(json.names[i]), depth);
      const std::optional<ProtoValue> item = one(scope, field.type, json.items[i], depth);
      if (!key || !item) return false;
      ProtoValue entry;
      key->write(entry.bytes, 1);
      item->write(entry.bytes, 2);
      entry.write(out, field.number);
    }
    return true;
  }
  // Numbers in one piece, everything else one by one.
  bool elements(std::string& out, const std::string& scope, const ProtoField& field, const Json& json, int depth) const {
    if (json.kind != JsonKind::list) return false;
    ProtoValue packed;
    for (const Json& each : json.items) {
      const std::optional<ProtoValue> made = one(scope, field.type, each, depth);
      if (!made) return false;
      if (made->wire == ProtoWire::counted) made->write(out, field.number);
      else made->write(packed.bytes);
    }
    if (!packed.bytes.empty()) packed.write(out, field.number);
    return true;
  }
  bool is_plain(const std::string& scope, const std::string& type) const {
    return proto_scalar(type) || file_.enums.count(proto_type_name(file_, scope, type)) > 0;
  }
  // Within a list or map there is no null: it becomes nothing of its type.
  std::optional<ProtoValue> one(const std::string& scope, const std::string& type, const Json& json, int depth) const {
    if (json.kind != JsonKind::null) return value(scope, type, json, depth);
    ProtoValue nothing;
    const ProtoScalar* scalar = proto_scalar(type);
    nothing.wire = scalar ? scalar->wire : is_plain(scope, type) ? ProtoWire::varint : ProtoWire::counted;
    return nothing;
  }
  std::optional<ProtoValue> value(const std::string& scope, const std::string& type, const Json& json, int depth) const {
    if (const ProtoScalar* plain = proto_scalar(type)) return scalar(*plain, json);
    ProtoValue made;
    const std::string name = proto_type_name(file_, scope, type);
    if (const auto known = file_.enums.find(name); known != file_.enums.end()) {
      made.wire = ProtoWire::varint;
      for (const auto& [symbol, number] : known->second) {
        if (symbol != json.text) continue;
        made.bits = static_cast<std::uint64_t>(static_cast<std::int64_t>(number));
        return made;
      }
      return std::nullopt;
    }
    std::optional<std::string> bytes;
    if (file_.messages.count(name) > 0) {
      bytes = message(name, json, depth + 1);
    } else if (const ProtoKnown* known = proto_known(type)) {
      const std::optional<Json> members = members_of(*known, json);
      if (members) bytes = ToProto(known_messages()).message(std::string(known->message), *members, depth + 1);
    }
    if (!bytes) return std::nullopt;
    made.bytes = std::move(*bytes);
    return made;
  }
  static std::optional<ProtoValue> scalar(const ProtoScalar& type, const Json& json) {
    ProtoValue made;
    made.wire = type.wire;
    if (type.base == Base::text || type.base == Base::bytes) {
      if (json.kind != JsonKind::text) return std::nullopt;
      std::optional<std::string> bytes = type.base == Base::text ? json.text : from_base64(json.text);
      made.bytes = bytes.value_or("");
      return bytes ? std::optional<ProtoValue>(std::move(made)) : std::nullopt;
    }
    if (type.base == Base::boolean) {
      made.bits = json.truth || same_word(json.text, "true");
      return json.kind == JsonKind::truth || json.kind == JsonKind::text ? std::optional<ProtoValue>(made) : std::nullopt;
    }
    if (type.base == Base::real) {
      const std::optional<double> number = parse_real(json.text);
      if (!number) return std::nullopt;
      if (type.wire == ProtoWire::eight) std::memcpy(&made.bits, &*number, sizeof made.bits);
      else made.bits = float_bits(*number);
      return made;
    }
    // The key of a map is text wherever it stands.
    const std::optional<std::int64_t> number = json.kind == JsonKind::text ? parse_whole(json.text) : json_whole(json);
    if (!number || (type.narrow && *number != static_cast<std::int32_t>(*number))) return std::nullopt;
    made.bits = static_cast<std::uint64_t>(*number);
    if (type.zigzag) made.bits = (made.bits << 1) ^ static_cast<std::uint64_t>(*number >> 63);
    return made;
  }

  const ProtoFile& file_;
};

bool take_varint(std::string_view& bytes, std::uint64_t& number) {
  number = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// What stands under one number; `bytes` of what is counted.
struct ProtoPart {
  ProtoWire wire = ProtoWire::varint;
  std::uint64_t bits = 0;
  std::string_view bytes;
};

bool take_part(std::string_view& from, ProtoWire wire, ProtoPart& part) {
  part.wire = wire;
  if (wire == ProtoWire::varint) return take_varint(from, part.bits);
  std::uint64_t length = wire == ProtoWire::four ? 4 : 8;
  if (wire == ProtoWire::counted && !take_varint(from, length)) return false;
  if (length > from.size()) return false;
  part.bytes = from.substr(0, static_cast<std::size_t>(length));
  from.remove_prefix(static_cast<std::size_t>(length));
  for (std::size_t i = part.bytes.size(); wire != ProtoWire::counted && i-- > 0;)
    part.bits = part.bits << 8 | static_cast<unsigned char>(part.bytes[i]);
  return true;
}

class FromProto {
 public:
  explicit FromProto(const ProtoFile& file) : file_(file) {}

  bool message(std::string& out, const std::string& name, std::string_view bytes, int depth) const {
    if (depth > kDeepestMessage) return false;
    std::map<std::int32_t, std::vector<ProtoPart>> parts;
    while (!bytes.empty()) {
      std::uint64_t tag = 0;
      ProtoPart part;
      if (!take_varint(bytes, tag) || tag >> 3 == 0 || tag >> 32 != 0) return false;
      const std::uint64_t wire = tag & 7;
      if (wire != 0 && wire != 1 && wire != 2 && wire != 5) return false;
      if (!take_part(bytes, static_cast<ProtoWire>(wire), part)) return false;
      parts[static_cast<std::int32_t>(tag >> 3)].push_back(part);
    }
    static const std::vector<ProtoPart> kNone;
    out += '{';
    bool first = true;
    for (const ProtoField& field : file_.messages.at(name).fields) {
      if (!first) out += ',';
      first = false;
      write_json_text(out, field.name);
      out += ':';
      const auto found = parts.find(field.number);
      if (!put(out, name, field, found == parts.end() ? kNone : found->second, depth)) return false;
    }
    out += '}';
    return true;
  }

 private:
  bool put(std::string& out, const std::string& scope, const ProtoField& field, const std::vector<ProtoPart>& parts, int depth) const {
    if (!field.key_type.empty()) return entries(out, scope, field, parts, depth);
    if (field.label == ProtoField::Label::repeated) return elements(out, scope, field, parts, depth);
    if (!parts.empty()) return value(out, scope, field.type, parts.back(), depth);
    const bool null = field.optional || !field.one_of.empty() || !is_plain(scope, field.type);
    if (null) out += "null";
    return null || value(out, scope, field.type, nothing(scope, field.type), depth);
  }
  bool is_enum(const std::string& scope, const std::string& type) const {
    return file_.enums.count(proto_type_name(file_, scope, type)) > 0;
  }
  bool is_plain(const std::string& scope, const std::string& type) const { return proto_scalar(type) || is_enum(scope, type); }
  ProtoPart nothing(const std::string& scope, const std::string& type) const {
    ProtoPart part;
    const ProtoScalar* scalar = proto_scalar(type);
    part.wire = scalar ? scalar->wire : is_enum(scope, type) ? ProtoWire::varint : ProtoWire::counted;
    return part;
  }
  // As an object; of a key that comes twice the last counts.
  bool entries(std::string& out, const std::string& scope, const ProtoField& field, const std::vector<ProtoPart>& parts, int depth) const {
    std::map<std::string, std::string> all;
    for (const ProtoPart& each : parts) {
      ProtoPart key = nothing(scope, field.key_type), item = nothing(scope, field.type);
      std::string_view rest = each.bytes;
      while (!rest.empty()) {
        std::uint64_t tag = 0;
        ProtoPart part;
        if (!take_varint(rest, tag) || (tag & 7) > 5 || !take_part(rest, static_cast<ProtoWire>(tag & 7), part)) return false;
        (tag >> 3 == 1 ? key : item) = part;
      }
      std::string name, text;
      if (!value(name, scope, field.key_type, key, depth) || !value(text, scope, field.type, item, depth)) return false;
      if (name.empty() || name.front() != '"') name = "\"" + name + "\"";
      all[name] = text;
    }
    out += '{';
    for (auto each = all.begin(); each != all.end(); ++each) out += (each == all.begin() ? "" : ",") + each->first + ":" + each->second;
    out += '}';
    return true;
  }
  bool elements(std::string& out, const std::string& scope, const ProtoField& field, const std::vector<ProtoPart>& parts, int depth) const {
    const ProtoWire wire = nothing(scope, field.type).wire;
    std::vector<ProtoPart> all;
    for (const ProtoPart& each : parts) {
      if (each.wire == wire) {
        all.push_back(each);
        continue;
      }
      if (each.wire != ProtoWire::counted) return false;
      for (std::string_view rest = each.bytes; !rest.empty();) {
        all.emplace_back();
        if (!take_part(rest, wire, all.back())) return false;
      }
    }
    out += '[';
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0) out += ',';
      if (!value(out, scope, field.type, all[i], depth)) return false;
    }
    out += ']';
    return true;
  }
  bool value(std::string& out, const std::string& scope, const std::string& type, const ProtoPart& part, int depth) const {
    if (const ProtoScalar* plain = proto_scalar(type)) return scalar(out, *plain, part);
    const std::string name = proto_type_name(file_, scope, type);
    if (const auto known = file_.enums.find(name); known != file_.enums.end()) {
      const auto is_it = [&part](const auto& each) { return each.second == static_cast<std::int32_t>(part.bits); };
      const auto found = std::find_if(known->second.begin(), known->second.end(), is_it);
      if (found == known->second.end()) out += "null";
      else write_json_text(out, found->first);
      return part.wire == ProtoWire::varint;
    }
    if (part.wire != ProtoWire::counted) return false;
    if (file_.messages.count(name) > 0) return message(out, name, part.bytes, depth + 1);
    const ProtoKnown* known = proto_known(type);
    std::string members;
    if (!known || !FromProto(known_messages()).message(members, std::string(known->message), part.bytes, depth + 1)) return false;
    const std::optional<std::string> text = value_of_members(*known, members);
    out += text.value_or("");
    return text.has_value();
  }
  static bool scalar(std::string& out, const ProtoScalar& type, const ProtoPart& part) {
    if (part.wire != type.wire) return false;
    if (type.base == Base::text) return write_json_text(out, part.bytes), true;
    if (type.base == Base::bytes) return write_json_text(out, to_base64(part.bytes)), true;
    if (type.base == Base::boolean) return out += part.bits ? "true" : "false", true;
    if (type.base == Base::real) {
      double number = 0;
      if (type.wire == ProtoWire::eight) std::memcpy(&number, &part.bits, sizeof number);
      else number = number_of_float_bits(static_cast<std::uint32_t>(part.bits));
      return write_json_value(out, Value(number), simple(Base::real)), true;
    }
    std::uint64_t bits = part.bits;
    if (type.zigzag) bits = (bits >> 1) ^ (0U - (bits & 1));
    out += std::to_string(type.narrow ? static_cast<std::int64_t>(static_cast<std::int32_t>(bits)) : static_cast<std::int64_t>(bits));
    return true;
  }

  const ProtoFile& file_;
};

}  // namespace

std::optional<std::string> proto_of_json(const ProtoFile& file, const std::string& message, const Json& json) {
  return file.messages.count(message) > 0 ? ToProto(file).message(message, json, 0) : std::nullopt;
}

std::optional<std::string> json_of_proto(const ProtoFile& file, const std::string& message, std::string_view bytes) {
  std::string json;
  const bool fits = file.messages.count(message) > 0 && FromProto(file).message(json, message, bytes, 0);
  return fits ? std::optional<std::string>(std::move(json)) : std::nullopt;
}

}  // namespace nutshell::streams
