// May one JSON Schema follow another? (M7) By the differences that a registry looks at, not by trying all documents.
//
// Compared are types, enums and constants, bounds, patterns, properties by name or pattern, `required`, `additionalProperties`,
// `dependencies`, items, `anyOf`, `oneOf`, `allOf`, `not` and `$ref` within the file.
#pragma once

#include <string>
#include <string_view>

#include "sim/json/json_tree.h"
#include "sim/schema/reason.h"

namespace nutshell {

// "" or why this is no JSON Schema. `number`: of the value that has the problem.
std::string json_schema_problem(const JsonTree& schema, std::int32_t* number = nullptr);
// What stands in the way of reading with `reader` what fits `writer`; empty: nothing.
SchemaReasons json_schema_reasons(const JsonTree& writer, const JsonTree& reader, NewSide side);

}  // namespace nutshell
