// What stands in _schemas, record by record, and back. For the files of this folder only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/schema/registry.h"

namespace nutshell {

struct StoreRecord {
  std::string key, value;  // value "": none, a tombstone
};

// {"keytype":"SCHEMA","subject":"orders-value","version":2,"magic":1}: a version of a subject, one that is deleted softly, or for good.
StoreRecord schema_record(std::string_view subject, const SubjectVersion& version, const RegisteredSchema& schema);
StoreRecord no_schema_record(std::string_view subject, std::int32_t version);
// {"keytype":"DELETE_SUBJECT",...}: all versions up to that one are deleted softly.
StoreRecord delete_subject_record(std::string_view subject, std::int32_t version);
// {"keytype":"CONFIG",...} and MODE; subject "": of all; nothing: as if it had never been set.
StoreRecord config_record(std::string_view subject, std::optional<Compatibility> level);
StoreRecord mode_record(std::string_view subject, std::optional<RegistryMode> mode);
// Only marks an end.
StoreRecord noop_record();
// Takes over what a record says; of keys that it does not know, nothing. False: it came too late (Registry::take).
bool take_record(Registry& registry, std::string_view key, std::string_view value);

// Calls that change something, as the registry's REST interface takes them:
//   PUT /config {"compatibility": "FULL"}           PUT /config/SUBJECT {...}     DELETE /config/SUBJECT
//   PUT /mode {"mode": "READONLY"}                  PUT /mode/SUBJECT {...}       DELETE /mode/SUBJECT    (IMPORT: ?force=true)
//   DELETE /subjects/SUBJECT                        DELETE /subjects/SUBJECT/versions/2    (or latest; ?permanent=true)
//   POST /subjects/SUBJECT/versions {"schema": "...", "schemaType": "AVRO", "references": [{"name": "acme.Money", "subject": "money",
//        "version": 1}], "id": 7, "version": 2}     (the last two in mode IMPORT)
struct RegistryCall {
  enum class Kind : std::uint8_t { set_level, set_mode, erase, add } kind = Kind::set_level;
  std::string subject;  // "": all
  std::optional<Compatibility> level;
  std::optional<RegistryMode> mode;
  std::int32_t version = 0;  // erase: 0 all, -1 the latest
  bool permanent = false, force = false;
  NewSchema schema;
};
// Nothing: `problem` is a sentence that says what to write.
std::optional<RegistryCall> read_registry_call(std::string_view text, std::string& problem);
// What the call comes to; nothing to write and a problem: refused with that status.
struct CallOutcome {
  int status = 200;
  std::string problem;
  std::vector<StoreRecord> records;
};
CallOutcome carry_out(const Registry& registry, const RegistryCall& call);

}  // namespace nutshell
