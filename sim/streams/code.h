// Expressions with their names resolved and their types checked, and what they come to for a row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/streams/ast.h"
#include "sim/streams/schema.h"
#include "sim/streams/value.h"

namespace nutshell::streams {

struct Function;

enum class Op : std::uint8_t {
  constant,
  column,
  local,  // an argument of a lambda
  call,
  cast,
  negate,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  unequal,
  less,
  less_equal,
  more,
  more_equal,
  distinct,
  both,    // AND
  either,  // OR
  negation,
  between,
  in,
  like,
  is_null,
  choice,
  subscript,
  field,
  array,
  map,
  structure,
  lambda,
};

struct Code {
  Op op = Op::constant;
  Type type;
  Place at;
  // Of a column or local: which. Of a field: the place of it. Of a lambda: the first of its arguments.
  std::size_t index = 0;
  bool negated = false;
  Value constant;
  const Function* function = nullptr;
  std::vector<Code> args;
};

// What an evaluation may look at, and what went wrong in it.
struct Frame {
  const Row* row = nullptr;
  Row* locals = nullptr;
  // An operand was not as it has to be: the whole expression is null, and the log gets this (S22).
  bool failed = false;
  std::string why;
  // Wall clock, ms.
  std::int64_t now = 0;
};

// Null where it fails.
Value evaluate(const Code& code, const Row& row, std::int64_t now = 0);
Value evaluate(const Code& code, Frame& frame);
// A condition: false where it is null or fails.
bool holds(const Code& code, const Row& row, std::int64_t now = 0);

// A value as one of another type; `failed` is set if it cannot be.
Value cast_value(const Value& value, const Type& from, const Type& to, bool& failed);
bool can_cast(const Type& from, const Type& to);
// Numbers of any two types, or values of one.
int compare_values(const Value& a, const Value& b);
double as_real(const Value& value);
Decimal as_exact(const Value& value);

// One column that an expression can name.
struct ScopeColumn {
  std::string qualifier;
  std::string name;
  Type type;
  bool key = false;
  // ROWTIME and its like: never part of *.
  bool pseudo = false;
};

struct Scope {
  std::vector<ScopeColumn> columns;

  static constexpr int kUnknown = -1;
  static constexpr int kAmbiguous = -2;
  // The place of the column; an empty qualifier fits all.
  int find(std::string_view qualifier, std::string_view name) const;
  std::vector<std::string> names() const;
};

// Compiles against a scope; `clause` is where the expression stands, for the complaint ("SELECT", "WHERE").
Code compile(const Expression& expression, const Scope& scope, const Catalog& catalog, std::string_view clause,
             Complaint& complaint);
// The same where a type is wanted: numbers widen, a literal becomes what it must be (S19).
Code converted(Code code, const Type& wanted);
// A constant expression of INSERT VALUES or WITH.
Code constant_code(Value value, Type type);

}  // namespace nutshell::streams
