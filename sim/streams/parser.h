// Reads a script: a hand-written parser by recursive descent (S1-S7). Whatever is wrong is said once, with its place.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/streams/ast.h"

namespace nutshell::streams {

// An expression is nested, and a chain of operators long, up to here: the evaluator recurses.
inline constexpr int kDeepestExpression = 250;

// All statements of a script. Variables stand for ${name} (S4); a DEFINE holds for what follows it.
std::vector<Statement> parse_script(std::string_view script, std::map<std::string, std::string>& variables,
                                    Complaint& complaint);

// "ARRAY<INT>"
Type parse_type(std::string_view text, Complaint& complaint);

// An expression as the language writes it, names in backquotes only where they need them.
std::string expression_text(const Expression& expression);
// A name as it has to be written to be read again.
std::string quoted_name(std::string_view name);

}  // namespace nutshell::streams
