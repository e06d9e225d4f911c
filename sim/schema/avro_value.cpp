#include "sim/schema/avro_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "sim/core/require.h"
#include "sim/core/text.h"
#include "sim/schema/avro_resolve.h"

namespace nutshell {
namespace {

constexpr std::int64_t kMaxInt = INT32_MAX, kMinInt = INT32_MIN;

// Code points up to 255 as bytes; nothing if there is another one.
std::optional<std::string> bytes_of_code_points(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      bytes += text[i];
    } else if ((first == 0xc2 || first == 0xc3) && i + 1 < text.size()) {
      bytes += static_cast<char>(((first & 3) << 6) | (static_cast<unsigned char>(text[++i]) & 0x3f));
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

class FromJson {
 public:
  // `work`: how many values may still be made, in all attempts together.
  FromJson(const AvroSchema& schema, std::int64_t& work) : schema_(schema), work_(work) {}

  AvroValue make(std::size_t type, const JsonTree& json) {
    const AvroType& it = schema_.at(type);
    AvroValue value;
    value.kind = it.kind;
    if (--work_ < 0) return wrong(std::move(value), "it takes too many values");
    switch (it.kind) {
      case AvroKind::null: return expect(json, JsonTree::Kind::null, value);
      case AvroKind::boolean: value.number = json.truth; return expect(json, JsonTree::Kind::truth, value);
      case AvroKind::int32:
      case AvroKind::int64: return whole(json, value);
      case AvroKind::float32:
        value.real = static_cast<double>(static_cast<float>(json.real));
        return expect(json, JsonTree::Kind::number, value);
      case AvroKind::float64: value.real = json.real; return expect(json, JsonTree::Kind::number, value);
      case AvroKind::text: value.bytes = json.text; return expect(json, JsonTree::Kind::text, value);
      case AvroKind::bytes:
      case AvroKind::fixed: return octets(it, json, value);
      case AvroKind::enumeration: return symbol(it, json, value);
      case AvroKind::record: return record(it, json, value);
      case AvroKind::array:
        if (!json.is(JsonTree::Kind::list)) return expect(json, JsonTree::Kind::list, value);
        for (const JsonTree& each : json.items) value.items.push_back(make(it.element, each));
        return value;
      case AvroKind::map:
        if (!json.is(JsonTree::Kind::object)) return expect(json, JsonTree::Kind::object, value);
        value.keys = json.keys;
        for (const JsonTree& each : json.items) value.items.push_back(make(it.element, each));
        return value;
      case AvroKind::one_of: return one_of(it, json, value);
    }
    return value;
  }

  std::string problem;

 private:
  AvroValue wrong(AvroValue value, std::string what) {
    if (problem.empty()) problem = std::move(what);
    return value;
  }
  AvroValue expect(const JsonTree& json, JsonTree::Kind kind, AvroValue value) {
    if (json.is(kind)) return value;
    return wrong(std::move(value), std::string(json_kind_name(kind)) + " is wanted, this is " + std::string(json_kind_name(json.kind)));
  }
  AvroValue whole(const JsonTree& json, AvroValue value) {
    if (!json.is(JsonTree::Kind::number) || !json.whole) return wrong(std::move(value), "a whole number is wanted");
    if (value.kind == AvroKind::int32 && (json.integer > kMaxInt || json.integer < kMinInt))
      return wrong(std::move(value), "it has more than 32 bits; a long would hold it");
    value.number = json.integer;
    return value;
  }
  AvroValue octets(const AvroType& it, const JsonTree& json, AvroValue value) {
    if (!json.is(JsonTree::Kind::text)) return expect(json, JsonTree::Kind::text, std::move(value));
    const auto bytes = bytes_of_code_points(json.text);
    if (!bytes) return wrong(std::move(value), "bytes are letters up to \\u00ff");
    value.bytes = *bytes;
    if (it.kind == AvroKind::fixed && static_cast<std::int64_t>(bytes->size()) != it.size)
      return wrong(std::move(value), std::to_string(it.size) + " bytes are wanted");
    return value;
  }
  AvroValue symbol(const AvroType& it, const JsonTree& json, AvroValue value) {
    const auto found = std::find(it.symbols.begin(), it.symbols.end(), json.text);
    if (!json.is(JsonTree::Kind::text) || found == it.symbols.end()) return wrong(std::move(value), "it is none of the symbols");
    value.number = found - it.symbols.begin();
    return value;
  }
  AvroValue record(const AvroType& it, const JsonTree& json, AvroValue value) {
    if (!json.is(JsonTree::Kind::object)) return expect(json, JsonTree::Kind::object, std::move(value));
    for (const AvroField& field : it.fields) {
      const JsonTree* member = json.find(field.name);
      if (!member && field.fallback) member = &*field.fallback;
      if (!member || ++depth_ > kMaxAvroDepth)
        return wrong(std::move(value), member ? "it holds itself" : "the field '" + field.name + "' is missing");
      value.items.push_back(make(field.type, *member));
      --depth_;
      if (!problem.empty()) return value;
    }
    return value;
  }
  AvroValue one_of(const AvroType& it, const JsonTree& json, AvroValue value) {
    for (std::size_t i = 0; i < it.branches.size(); ++i) {
      FromJson attempt(schema_, work_);
      attempt.depth_ = depth_;
      AvroValue made = attempt.make(it.branches[i], json);
      if (!attempt.problem.empty()) continue;
      value.number = static_cast<std::int64_t>(i);
      value.items.push_back(std::move(made));
      return value;
    }
    return wrong(std::move(value), "it fits none of the union's types");
  }

  const AvroSchema& schema_;
  std::int64_t& work_;
  int depth_ = 0;
};

void append_number(std::string& out, std::int64_t value) {
  auto rest = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (; rest >= 0x80; rest >>= 7) out += static_cast<char>((rest & 0x7f) | 0x80);
  out += static_cast<char>(rest);
}

template <class Bits, class Real>
void append_real(std::string& out, Real value) {
  static_assert(sizeof(Bits) == sizeof(Real));
  Bits bits;
  std::memcpy(&bits, &value, sizeof bits);
  for (std::size_t i = 0; i < sizeof bits; ++i) out += static_cast<char>(bits >> (8 * i) & 0xff);
}

void encode(std::string& out, const AvroValue& value) {
  switch (value.kind) {
    case AvroKind::null: return;
    case AvroKind::boolean: out += static_cast<char>(value.number); return;
    case AvroKind::int32:
    case AvroKind::int64:
    case AvroKind::enumeration: append_number(out, value.number); return;
    case AvroKind::float32: append_real<std::uint32_t>(out, static_cast<float>(value.real)); return;
    case AvroKind::float64: append_real<std::uint64_t>(out, value.real); return;
    case AvroKind::bytes:
    case AvroKind::text: append_number(out, static_cast<std::int64_t>(value.bytes.size())); [[fallthrough]];
    case AvroKind::fixed: out += value.bytes; return;
    case AvroKind::one_of: append_number(out, value.number); [[fallthrough]];
    case AvroKind::record:
      for (const AvroValue& each : value.items) encode(out, each);
      return;
    case AvroKind::array:
    case AvroKind::map:
      if (!value.items.empty()) append_number(out, static_cast<std::int64_t>(value.items.size()));
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (value.kind == AvroKind::map) append_number(out, static_cast<std::int64_t>(value.keys[i].size())), out += value.keys[i];
        encode(out, value.items[i]);
      }
      append_number(out, 0);
  }
}

class Decoder {
 public:
  Decoder(const AvroSchema& writer, const AvroSchema& reader, std::string_view bytes)
      : writer_(writer), reader_(reader), resolution_(writer, reader), bytes_(bytes) {}

  AvroValueResult whole() {
    AvroValue value = resolve(writer_.root, reader_.root, 0);
    if (problem_.empty() && at_ != bytes_.size()) wrong(std::to_string(bytes_.size() - at_) + " bytes are left over");
    if (!problem_.empty()) return {std::nullopt, std::move(problem_)};
    return {std::move(value), ""};
  }

 private:
  AvroValue wrong(const std::string& what) {
    if (problem_.empty()) problem_ = "byte " + std::to_string(at_) + ": " + what;
    return {};
  }

  std::int64_t number() {
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at_ == bytes_.size()) return wrong("the bytes end within a number").number;
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      if (shift == 63 && byte > 1) break;
      bits |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1);
    }
    return wrong("a number of more than 64 bits").number;
  }

  std::string octets(std::int64_t count) {
    if (!problem_.empty()) return "";
    if (count < 0 || static_cast<std::uint64_t>(count) > bytes_.size() - at_) {
      wrong(std::to_string(count) + " bytes should follow, " + std::to_string(bytes_.size() - at_) + " are left");
      return "";
    }
    at_ += static_cast<std::size_t>(count);
    return std::string(bytes_.substr(at_ - static_cast<std::size_t>(count), static_cast<std::size_t>(count)));
  }

  template <class Bits, class Real>
  double real() {
    const std::string four_or_eight = octets(sizeof(Bits));
    Bits bits = 0;
    for (std::size_t i = 0; i < four_or_eight.size(); ++i)
      bits |= static_cast<Bits>(static_cast<unsigned char>(four_or_eight[i])) << (8 * i);
    Real value;
    std::memcpy(&value, &bits, sizeof value);
    return static_cast<double>(value);
  }

  // Blocks of elements, each by `element`, which also takes a map's key.
  template <class F>
  void blocks(F element) {
    for (std::int64_t count = number(); count != 0 && problem_.empty(); count = number()) {
      if (count == INT64_MIN) return (void)wrong("a block of more elements than there can be");
      if (count < 0) count = -count, number();  // the size of the block, for whoever skips it
      if (count > kMaxAvroElements - elements_) return (void)wrong("more than a million elements");
      elements_ += count;
      for (; count > 0 && problem_.empty(); --count) element();
    }
  }

  // As it was written, whatever the reader wants.
  AvroValue plain(std::size_t type, int depth) {
    const AvroType& it = writer_.at(type);
    AvroValue value;
    value.kind = it.kind;
    if (depth > kMaxAvroDepth) return wrong("nested more than " + std::to_string(kMaxAvroDepth) + " deep");
    switch (it.kind) {
      case AvroKind::null: break;
      case AvroKind::boolean: {
        const std::string one = octets(1);
        if (!one.empty() && one != std::string(1, '\0') && one != "\1") return wrong("a boolean that is neither 0 nor 1");
        value.number = one == "\1";
        break;
      }
      case AvroKind::int32:
      case AvroKind::int64:
        value.number = number();
        if (it.kind == AvroKind::int32 && (value.number > kMaxInt || value.number < kMinInt))
          return wrong("an int of more than 32 bits");
        break;
      case AvroKind::enumeration:
        value.number = number();
        if (value.number < 0 || value.number >= static_cast<std::int64_t>(it.symbols.size()))
          return wrong("the enum has no such symbol");
        break;
      case AvroKind::float32: value.real = real<std::uint32_t, float>(); break;
      case AvroKind::float64: value.real = real<std::uint64_t, double>(); break;
      case AvroKind::bytes:
      case AvroKind::text: value.bytes = octets(number()); break;
      case AvroKind::fixed: value.bytes = octets(it.size); break;
      case AvroKind::record:
        for (const AvroField& field : it.fields) {
          value.items.push_back(plain(field.type, depth + 1));
          if (!problem_.empty()) return {};
        }
        break;
      case AvroKind::array: blocks([&] { value.items.push_back(plain(it.element, depth + 1)); }); break;
      case AvroKind::map:
        blocks([&] {
          value.keys.push_back(octets(number()));
          value.items.push_back(plain(it.element, depth + 1));
        });
        break;
      case AvroKind::one_of:
        value.number = number();
        if (value.number < 0 || value.number >= static_cast<std::int64_t>(it.branches.size()))
          return wrong("the union has no such branch");
        value.items.push_back(plain(it.branches[static_cast<std::size_t>(value.number)], depth + 1));
    }
    return value;
  }

  AvroValue resolve(std::size_t writer_type, std::size_t reader_type, int depth) {
    const AvroType& writer = writer_.at(writer_type);
    const AvroType& reader = reader_.at(reader_type);
    if (!problem_.empty()) return {};
    if (depth > kMaxAvroDepth) return wrong("nested more than " + std::to_string(kMaxAvroDepth) + " deep");
    if (writer.kind == AvroKind::one_of) {
      const std::int64_t branch = number();
      if (branch < 0 || branch >= static_cast<std::int64_t>(writer.branches.size())) return wrong("the union has no such branch");
      return resolve(writer.branches[static_cast<std::size_t>(branch)], reader_type, depth + 1);
    }
    if (reader.kind == AvroKind::one_of) return into_union(writer_type, reader, reader_type, depth);
    if (writer.kind != reader.kind) return promote(writer_type, reader_type, depth);
    AvroValue value;
    value.kind = reader.kind;
    switch (reader.kind) {
      case AvroKind::array: blocks([&] { value.items.push_back(resolve(writer.element, reader.element, depth + 1)); }); return value;
      case AvroKind::map:
        blocks([&] {
          value.keys.push_back(octets(number()));
          value.items.push_back(resolve(writer.element, reader.element, depth + 1));
        });
        return value;
      case AvroKind::record: return record(writer, reader, depth);
      case AvroKind::enumeration: return symbol(writer, reader, plain(writer_type, depth));
      case AvroKind::fixed:
        if (writer.size != reader.size || !avro_names_match(writer, reader)) return wrong("another fixed than the reader's");
        [[fallthrough]];
      default: return plain(writer_type, depth);
    }
  }

  AvroValue into_union(std::size_t writer_type, const AvroType& reader, std::size_t reader_type, int depth) {
    std::optional<std::size_t> branch = resolution_.branch_for(writer_type, reader_type);
    // None takes all that may be written; one of the same kind may take this.
    for (std::size_t i = 0; !branch && i < reader.branches.size(); ++i) {
      if (reader_.at(reader.branches[i]).kind == writer_.at(writer_type).kind) branch = i;
    }
    if (!branch) return wrong("no branch of the reader's union takes " + avro_name(writer_, writer_type));
    AvroValue value;
    value.kind = AvroKind::one_of;
    value.number = static_cast<std::int64_t>(*branch);
    value.items.push_back(resolve(writer_type, reader.branches[*branch], depth + 1));
    return value;
  }

  AvroValue promote(std::size_t writer_type, std::size_t reader_type, int depth) {
    const AvroKind from = writer_.at(writer_type).kind, to = reader_.at(reader_type).kind;
    if (!avro_promotes(from, to))
      return wrong(avro_name(writer_, writer_type) + " was written, " + avro_name(reader_, reader_type) + " is read");
    AvroValue value = plain(writer_type, depth);
    value.kind = to;
    const bool integer = from == AvroKind::int32 || from == AvroKind::int64;
    if (integer && to == AvroKind::float32) value.real = static_cast<double>(static_cast<float>(value.number));
    if (integer && to == AvroKind::float64) value.real = static_cast<double>(value.number);
    if (to == AvroKind::float32 || to == AvroKind::float64) value.number = 0;
    return value;
  }

  AvroValue symbol(const AvroType& writer, const AvroType& reader, AvroValue written) {
    if (!problem_.empty()) return {};
    if (!avro_names_match(writer, reader)) return wrong("the enum " + writer.name + " was written, " + reader.name + " is read");
    const std::string& name = writer.symbols[static_cast<std::size_t>(written.number)];
    auto found = std::find(reader.symbols.begin(), reader.symbols.end(), name);
    if (found == reader.symbols.end()) {
      if (!reader.fallback) return wrong("the reader's enum " + reader.name + " has no '" + name + "'");
      found = std::find(reader.symbols.begin(), reader.symbols.end(), *reader.fallback);
    }
    written.number = found - reader.symbols.begin();
    return written;
  }

  AvroValue record(const AvroType& writer, const AvroType& reader, int depth) {
    if (!avro_names_match(writer, reader)) return wrong("the record " + writer.name + " was written, " + reader.name + " is read");
    AvroValue value;
    value.kind = AvroKind::record;
    value.items.resize(reader.fields.size());
    std::vector<std::optional<std::size_t>> to(writer.fields.size());
    for (std::size_t i = 0; i < reader.fields.size(); ++i) {
      if (const auto from = resolution_.field_for(writer, reader, i)) {
        to[*from] = i;
      } else if (!reader.fields[i].fallback) {
        return wrong("the field '" + reader.fields[i].name + "' was not written, and the reader has no default for it");
      } else {
        AvroValueResult made = avro_from_json(reader_, reader.fields[i].type, *reader.fields[i].fallback);
        NUTSHELL_REQUIRE(made.value.has_value());
        value.items[i] = std::move(*made.value);
      }
    }
    for (std::size_t i = 0; i < writer.fields.size() && problem_.empty(); ++i) {
      if (to[i]) value.items[*to[i]] = resolve(writer.fields[i].type, reader.fields[*to[i]].type, depth + 1);
      else plain(writer.fields[i].type, depth + 1);
    }
    return value;
  }

  const AvroSchema& writer_;
  const AvroSchema& reader_;
  AvroResolution resolution_;
  std::string_view bytes_;
  std::size_t at_ = 0;
  std::int64_t elements_ = 0;
  std::string problem_;
};

std::string number_text(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  if (std::abs(value) < 1e15 && value == std::trunc(value)) return std::to_string(static_cast<std::int64_t>(value));
  char room[32];
  return std::string(room, std::to_chars(room, room + sizeof room, value).ptr);
}

}  // namespace

AvroValueResult avro_from_json(const AvroSchema& schema, std::size_t type, const JsonTree& json) {
  std::int64_t work = kMaxAvroElements;
  FromJson maker(schema, work);
  AvroValue value = maker.make(type, json);
  if (!maker.problem.empty()) return {std::nullopt, std::move(maker.problem)};
  return {std::move(value), ""};
}

std::string encode_avro(const AvroValue& value) {
  std::string bytes;
  encode(bytes, value);
  return bytes;
}

AvroValueResult decode_avro(const AvroSchema& writer, const AvroSchema& reader, std::string_view bytes) {
  return Decoder(writer, reader, bytes).whole();
}

std::string avro_text(const AvroSchema& schema, std::size_t type, const AvroValue& value) {
  const AvroType& it = schema.at(type);
  std::string out;
  const auto part = [&](std::size_t i, const std::string& key, std::size_t of) {
    out += (i > 0 ? ", " : "") + key + avro_text(schema, of, value.items[i]);
  };
  switch (it.kind) {
    case AvroKind::null: return "null";
    case AvroKind::boolean: return value.number ? "true" : "false";
    case AvroKind::int32:
    case AvroKind::int64: return std::to_string(value.number);
    case AvroKind::float32:
    case AvroKind::float64: return number_text(value.real);
    case AvroKind::text: return quoted_json(value.bytes);
    case AvroKind::enumeration: return quoted_json(it.symbols[static_cast<std::size_t>(value.number)]);
    case AvroKind::bytes:
    case AvroKind::fixed: return quoted_json(hex_text(value.bytes));
    case AvroKind::one_of: return avro_text(schema, it.branches[static_cast<std::size_t>(value.number)], value.items.front());
    case AvroKind::record:
      for (std::size_t i = 0; i < it.fields.size(); ++i) part(i, quoted_json(it.fields[i].name) + ": ", it.fields[i].type);
      return "{" + out + "}";
    case AvroKind::array:
      for (std::size_t i = 0; i < value.items.size(); ++i) part(i, "", it.element);
      return "[" + out + "]";
    case AvroKind::map:
      for (std::size_t i = 0; i < value.items.size(); ++i) part(i, quoted_json(value.keys[i]) + ": ", it.element);
      return "{" + out + "}";
  }
  return out;
}

}  // namespace nutshell
