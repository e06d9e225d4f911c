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
  bool labelled = false;  // "optional", "required" or "repeated" stands in front
};

struct ProtoMessage {
  std::vector<ProtoField> fields;
  std::int32_t index = 0;  // among the messages beside it, from 0: what the wire format names
  std::string home;        // of a message that is imported: its package
  bool imported = false;
};

struct ProtoFile {
  std::string package;
  std::vector<std::string> imports;              // paths of files
  std::map<std::string, ProtoMessage> messages;  // by name: "Order", "Order.Line"; imported ones with their package in front
  std::map<std::string, bool> enums;             // the same names
  std::string first;                             // the first message: what a record holds unless it says otherwise
};

struct ProtoResult {
  std::optional<ProtoFile> file;
  std::string problem;
};
ProtoResult read_protobuf(std::string_view text);

// The text without blanks and comments, word by word.
std::vector<std::string_view> protobuf_words(std::string_view text);

// What a registry refuses when `reader` is to read what `writer` wrote; empty: nothing.
SchemaReasons protobuf_reasons(const ProtoFile& writer, const ProtoFile& reader, NewSide side);

}  // namespace nutshell
