// Schemas that name others (M1): Avro's named types, JSON Schema's $ref, Protobuf's import. A registry keeps each under a subject and
// a version of its own; what is compared, written and read with is the schema with all of them put in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/schema/registry.h"

namespace nutshell {

// What a name leads to, itself or in further steps.
struct NamedSchema {
  std::string name;  // a type's full name, what stands in $ref, the path of an import
  std::string text;
};

// The text with all of them in it, so that it stands alone. REQUIRES all texts are as schema_problem would have them, but for these names.
std::string with_references(SchemaFormat format, std::string_view text, const std::vector<NamedSchema>& named);

// Names that it takes from elsewhere; Avro's are not known without its references, so there are none.
std::vector<std::string> names_elsewhere(SchemaFormat format, std::string_view text);

}  // namespace nutshell
