// What a script says, as a tree. Names are folded (S1), types that CREATE TYPE named are not yet resolved.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/streams/problem.h"
#include "sim/streams/type.h"

namespace nutshell::streams {

enum class Node : std::uint8_t {
  null_literal,
  truth_literal,    // text TRUE or FALSE
  whole_literal,    // text: digits
  decimal_literal,  // text: digits with a point
  real_literal,     // text: digits with an exponent
  text_literal,
  name,        // text, perhaps qualified
  call,        // text: the function; args
  star,        // the * of COUNT(*)
  unit,        // a unit of time as an argument
  cast,        // args[0] to type
  negate,      // -args[0]
  binary,      // text: + - * / %, args 2
  compare,     // text: = <> < <= > >=, args 2
  distinct,    // args[0] IS [NOT] DISTINCT FROM args[1]
  logic,       // text: AND, OR; two args or more
  negation,    // NOT args[0]
  between,     // args 3
  in,          // args[0] [NOT] IN (args[1], ...)
  like,        // args[0] [NOT] LIKE args[1] [ESCAPE args[2]]
  is_null,     // args[0] IS [NOT] NULL
  choice,      // CASE: args are when, then, when, then, ... and, if their number is odd, else
  subscript,   // args[0][args[1]]
  field,       // args[0]->text
  all_fields,  // args[0]->*
  array,       // ARRAY[args]
  map,         // MAP(key := value, ...): args in turn
  structure,   // STRUCT(name := value, ...): names, args
  lambda,      // names => args[0]
};

struct Expression {
  Node node = Node::null_literal;
  Place at;
  std::string text;
  // Of a name: the source or alias before the point.
  std::string qualifier;
  // NOT before BETWEEN, IN, LIKE, NULL, DISTINCT.
  bool negated = false;
  // How deep the tree below is.
  int depth = 1;
  Type type;
  std::vector<Expression> args;
  std::vector<std::string> names;
};

// A SELECT item: an expression, or *, or alias.*.
struct Item {
  Place at;
  bool star = false;
  // Of alias.*: the alias.
  std::string qualifier;
  Expression expression;
  std::string alias;
};

struct SourceRef {
  Place at;
  std::string name;
  std::string alias;
};

// Milliseconds, with the words that were written.
struct Span {
  Place at;
  std::int64_t ms = 0;
  std::string text;
};

enum class WindowKind : std::uint8_t { none, tumbling, hopping, session };

struct WindowClause {
  Place at;
  WindowKind kind = WindowKind::none;
  // Of a session: the gap.
  std::int64_t size = 0;
  std::int64_t advance = 0;
  std::optional<std::int64_t> retention;
  std::optional<std::int64_t> grace;
};

enum class JoinSide : std::uint8_t { inner, left, right, full };

struct JoinClause {
  Place at;
  JoinSide side = JoinSide::inner;
  SourceRef source;
  bool within = false;
  Place within_at;
  std::int64_t before = 0;
  std::int64_t after = 0;
  std::optional<std::int64_t> grace;
  Expression on;
};

enum class Emit : std::uint8_t { none, changes, final };

struct Select {
  Place at;
  std::vector<Item> items;
  SourceRef from;
  std::vector<JoinClause> joins;
  std::optional<WindowClause> window;
  std::optional<Expression> where;
  // Set with no expressions for GROUP BY ().
  std::optional<std::vector<Expression>> group;
  Place group_at;
  std::optional<std::vector<Expression>> partition;
  Place partition_at;
  std::optional<Expression> having;
  Emit emit = Emit::none;
  Place emit_at;
  std::optional<std::int64_t> limit;
};

enum class KeyMark : std::uint8_t { none, key, primary_key, headers, header };

struct ColumnClause {
  Place at;
  std::string name;
  Type type;
  KeyMark mark = KeyMark::none;
  // HEADER('name')
  std::string header;
};

struct Property {
  Place at;
  // In capitals.
  std::string name;
  Expression value;
};

enum class Verb : std::uint8_t {
  create_source,
  create_as,
  insert_select,
  insert_values,
  select,
  drop,
  drop_type,
  create_type,
  terminate,
  pause,
  resume,
  show,
  describe,
  explain,
  print,
  set,
  unset,
  define,
  undefine,
  alter,
  assert_something,
  connector,
};

struct Statement {
  Verb verb = Verb::select;
  Place at;
  // As written, without the semicolon.
  std::string text;
  bool table = false;
  bool replace = false;
  bool source_only = false;
  // IF NOT EXISTS, IF EXISTS.
  bool lenient = false;
  bool delete_topic = false;
  bool extended = false;
  bool from_beginning = false;
  Place name_at;
  std::string name;
  // SHOW: what. DESCRIBE: "" or FUNCTION or CONNECTOR. SET, DEFINE: the value.
  std::string word;
  std::vector<ColumnClause> columns;
  bool has_columns = false;
  std::vector<Property> properties;
  std::optional<Select> select;
  // INSERT VALUES.
  std::vector<std::string> names;
  std::vector<Expression> values;
  std::optional<std::int64_t> limit;
  Type type;
};

}  // namespace nutshell::streams
