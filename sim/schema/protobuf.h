// May one Protobuf file follow another? (M6) By field numbers, as a registry decides it.
//
// Read are messages, enums, oneofs, maps and fields with their labels; options, services, extensions and reserved numbers
// are passed over. Allowed is not harmless: a number that is used again decodes old data wrongly.
//
// What a file imports is put behind it (reference.h), each definition with its package between two @ before its name:
// "message @ acme.money @ Money {...}". No file that somebody writes has such signs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/schema/reason.h"

namespace nutshell {

struct ProtoField {
  enum class Label : std::uint8_t { single, required, repeated };
  std::string name;
  std::string type;      // as written; of a map, of its values
  std::string key_type;  // of a map; empty: it is none
  std::string one_of;    // the name of the oneof that it stands in; empty: none
  std::int32_t number = 0;
  Label label = Label::single;
  std::map<std::string, std::string> params;  // of the option (confluent.field_meta): a decimal's "precision" and "scale"
  bool optional = false;  // said so: whether it is set is told apart from 0 and ""
  bool labelled() const { return optional || label != Label::single; }
};

struct ProtoMessage {
  std::vector<ProtoField> fields;
  std::int32_t index = 0;  // among the messages beside it, from 0: what the wire format names
  std::string home;        // of a message that is imported: its package
  bool imported = false;
};

using ProtoEnum = std::vector<std::pair<std::string, std::int32_t>>;  // names and numbers, as they stand there

struct ProtoFile {
  std::string package;
  std::vector<std::string> imports;              // paths of files
  std::map<std::string, ProtoMessage> messages;  // by name: "Order", "Order.Line"; imported ones with their package in front
  std::map<std::string, ProtoEnum> enums;        // the same names
  std::string first;                             // the first message: what a record holds unless it says otherwise
};

struct ProtoResult {
  std::optional<ProtoFile> file;
  std::string problem;
};
ProtoResult read_protobuf(std::string_view text);

// The name in the file that a field's type means, looked for from the inside out, as Protobuf does, also through the packages
// that the file's own lies in. `scope`: the message that the field stands in. A type that the file does not define comes back as written.
std::string proto_type_name(const ProtoFile& file, std::string scope, std::string type);
// The message that indices on the wire lead to (wire.h); empty: there is none.
std::string proto_message_at(const ProtoFile& file, const std::vector<std::int32_t>& indices);
// The other way round. REQUIRES file.messages has it.
std::vector<std::int32_t> proto_indices_of(const ProtoFile& file, const std::string& message);

// The text without blanks and comments, word by word.
std::vector<std::string_view> protobuf_words(std::string_view text);

// What a registry refuses when `reader` is to read what `writer` wrote; empty: nothing.
SchemaReasons protobuf_reasons(const ProtoFile& writer, const ProtoFile& reader, NewSide side);

}  // namespace nutshell
