// A registry of schemas as a value (M1-M4): subjects with their versions, ids that are the same for the same schema, and what
// each subject lets a new version change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/schema/reason.h"

namespace nutshell {

struct NamedSchema;  // reference.h

enum class SchemaFormat : std::uint8_t { avro, json, protobuf };
std::string_view format_name(SchemaFormat format);

// The registry's word for what a new version owes to the latest one, or to all (transitive).
enum class Compatibility : std::uint8_t { none, backward, backward_transitive, forward, forward_transitive, full, full_transitive };
inline constexpr Compatibility kCompatibilities[] = {
    Compatibility::none,           Compatibility::backward,           Compatibility::backward_transitive,
    Compatibility::forward,        Compatibility::forward_transitive, Compatibility::full,
    Compatibility::full_transitive};
std::string_view compatibility_name(Compatibility level);  // "BACKWARD_TRANSITIVE"
bool is_transitive(Compatibility level);
// Who is upgraded first if the level is kept: "consumers first".
std::string_view upgrade_order(Compatibility level);

// "" or why the text is no schema of this format.
std::string schema_problem(SchemaFormat format, std::string_view text);
// The same with the line in front, for whoever has the text before him.
std::string schema_problem_by_line(SchemaFormat format, std::string_view text);
// Both are schemas of the format. What stands in the way of reading with one what was written with the other.
SchemaReasons reading_reasons(SchemaFormat format, std::string_view writer, std::string_view reader, NewSide side);

// Why a version refuses a new schema.
struct Refusal {
  std::int32_t version = 0;   // that it does not go with
  bool new_reads_old = true;  // else: old readers do not read what is new
  SchemaReason reason;
};
// `older`: the versions so far, the oldest first; all texts are schemas of the format.
std::vector<Refusal> refusals(Compatibility level, SchemaFormat format, std::string_view schema, const std::vector<std::string>& older);

// Whether a refusal that some level gave is one of this level's too. `latest`: the number of the latest version.
bool refuses(Compatibility level, const Refusal& refusal, std::int32_t latest);

// Which subject a record's schema is registered under (M2). `record`: its full name.
enum class SubjectNaming : std::uint8_t { topic, record, topic_record };
std::string subject_name(SubjectNaming naming, std::string_view topic, bool is_key, std::string_view record);

struct SubjectVersion {
  std::int32_t version = 0;  // from 1
  std::int32_t id = 0;
  bool deleted = false;  // softly: nothing has to go with it any more, but its number and its id stay taken
  friend bool operator==(const SubjectVersion&, const SubjectVersion&) = default;
};
// Whether anything may be registered or deleted; import: only with the ids and versions that it had elsewhere, and nothing is compared.
enum class RegistryMode : std::uint8_t { readwrite, readonly, import };
inline constexpr RegistryMode kRegistryModes[] = {RegistryMode::readwrite, RegistryMode::readonly, RegistryMode::import};
std::string_view mode_name(RegistryMode mode);  // "READONLY"
struct SchemaSubject {
  std::string name;
  std::optional<Compatibility> level;  // nothing: the registry's
  std::optional<RegistryMode> mode;    // likewise
  std::vector<SubjectVersion> versions;

  const SubjectVersion* latest() const;  // nullptr: none that is not deleted
};
// What a name in a schema stands for: a type's full name (Avro), what $ref says (JSON Schema), the path of an import (Protobuf).
struct SchemaReference {
  std::string name, subject;
  std::int32_t version = 0;  // -1: the latest when it is registered
  friend bool operator==(const SchemaReference&, const SchemaReference&) = default;
};
struct RegisteredSchema {
  SchemaFormat format = SchemaFormat::avro;
  std::string text;  // as it was registered first
  std::string same;  // equal for schemas that are the same, however they are laid out
  std::vector<SchemaReference> references;
};

// A schema that is to be registered.
struct NewSchema {
  SchemaFormat format = SchemaFormat::avro;
  std::string text;
  std::vector<SchemaReference> references;
  std::int32_t id = 0, version = 0;  // said by who imports it; 0: as they come
};
// Ids beyond it are refused; imported ones need not follow each other.
inline constexpr std::int32_t kMostSchemaId = 100'000;

struct Registration {
  std::int32_t id = 0, version = 0;  // 0: refused
  int status = 200;                  // as HTTP says it: 409 does not go with the subject, 422 is no schema, or nothing may be written
  std::string problem;               // what is said of a refusal as a whole
  std::vector<Refusal> refusals;
};

// Of a refused registration, one clause: why, where and what to do.
std::string refusal_text(const Registration& refused);

// What came of DELETE.
struct Deletion {
  int status = 200;  // 404: there is no such thing, or it was not deleted softly first; 422: nothing may be written
  std::string problem;
  std::vector<std::int32_t> versions;
};

struct Registry {
  Compatibility level = Compatibility::backward;  // as it was configured
  std::optional<Compatibility> told;              // PUT /config: instead
  RegistryMode mode = RegistryMode::readwrite;
  std::vector<SchemaSubject> subjects;    // by name
  std::vector<RegisteredSchema> schemas;  // schema i has the id i + 1, as long as some version has it

  Registration add(std::string_view subject, const NewSchema& schema);
  Registration add(std::string_view subject, SchemaFormat format, std::string_view text) {
    return add(subject, NewSchema{format, std::string(text), {}, 0, 0});
  }
  // As add(), whatever the levels say.
  void take(std::string_view subject, SchemaFormat format, std::string_view text);
  // The same of a store's record. False, and nothing is taken: its version or id is taken already, so it comes from a registry
  // that wrote although it was primary no more.
  bool take(std::string_view subject, SubjectVersion version, const NewSchema& schema);
  // The text with all that it refers to, to compare, write and read with.
  std::string whole(const RegisteredSchema& schema) const;
  // `version` 0: all of the subject; -1: the latest. Softly, or for good what was deleted softly before.
  Deletion erase(std::string_view subject, std::int32_t version, bool permanent);
  RegistryMode mode_of(std::string_view subject) const;
  bool may_write(std::string_view subject) const { return mode_of(subject) != RegistryMode::readonly; }
  // Why the mode cannot be set; empty: it can. `force`: import although something is there.
  std::string against_mode(std::string_view subject, std::optional<RegistryMode> mode, bool force) const;
  const RegisteredSchema* find(std::int32_t id) const;
  const SchemaSubject* find(std::string_view subject) const;
  // nothing: as the registry's again
  void set_level(std::string_view subject, std::optional<Compatibility> level);
  void set_mode(std::string_view subject, std::optional<RegistryMode> mode);

 private:
  SchemaSubject& at(std::string_view subject);
  bool is_used(std::int32_t id) const;  // some version has it, deleted softly or not
  std::int32_t id_of(const NewSchema& schema, const std::string& same);
  // Why it is no schema, or its references lead nowhere: `references` get their versions, `whole` the text with them.
  std::string problem_of(NewSchema& schema, std::string& whole) const;
  bool collect(const std::vector<SchemaReference>& references, std::vector<NamedSchema>& into, int depth = 0) const;
  std::string against_import(std::string_view subject, const NewSchema& schema, const std::string& same) const;
  // "subject 'a', version 2" that refers to it; empty: none.
  std::string referred_to_by(std::string_view subject, std::int32_t version) const;
};

}  // namespace nutshell
