#include <algorithm>
#include <limits>

#include "sim/streams/aggregate.h"
#include "sim/streams/calendar.h"
#include "sim/streams/code.h"
#include "sim/streams/compile.h"
#include "sim/streams/format.h"
#include "sim/streams/function.h"
#include "sim/streams/parser.h"
#include "sim/streams/real.h"

namespace nutshell::streams {

Code constant_code(Value value, Type type) {
  Code code;
  code.op = Op::constant;
  code.type = std::move(type);
  code.constant = std::move(value);
  return code;
}

Code converted(Code code, const Type& wanted) {
  if (code.type == wanted) return code;
  Code cast;
  cast.op = Op::cast;
  cast.type = wanted;
  cast.at = code.at;
  if (code.op == Op::constant) {
    bool failed = false;
    Value value = cast_value(code.constant, code.type, wanted, failed);
    if (!failed) {
      code.constant = std::move(value);
      code.type = wanted;
      return code;
    }
  }
  cast.args.push_back(std::move(code));
  return cast;
}

int Scope::find(std::string_view qualifier, std::string_view name) const {
  int found = kUnknown;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name != name || (!qualifier.empty() && columns[i].qualifier != qualifier)) continue;
    if (found != kUnknown) return kAmbiguous;
    found = static_cast<int>(i);
  }
  return found;
}

std::vector<std::string> Scope::names() const {
  std::vector<std::string> all;
  for (const ScopeColumn& c : columns) {
    if (!c.pseudo && std::find(all.begin(), all.end(), c.name) == all.end()) all.push_back(c.name);
  }
  return all;
}

Code Compiler::leaf(Op op, Type type, Place at) const {
  Code code;
  code.op = op;
  code.type = std::move(type);
  code.at = at;
  return code;
}

Code Compiler::constant(const Expression& e) {
  switch (e.node) {
    case Node::truth_literal: return constant_code(Value(e.text == "TRUE"), simple(Base::boolean));
    case Node::text_literal: return constant_code(Value(e.text), simple(Base::text));
    case Node::unit: return constant_code(Value(e.text), simple(Base::unit));
    case Node::real_literal: {
      const double number = parse_real(e.text).value_or(0);
      if (is_infinite(number))
        complaint_.say("E19", e.at, "The number " + e.text.substr(0, 60) + " is larger than any DOUBLE.");
      return constant_code(Value(number), simple(Base::real));
    }
    case Node::whole_literal: {
      const auto number = parse_whole(e.text);
      if (!number) break;
      const bool narrow =
          *number >= std::numeric_limits<std::int32_t>::min() && *number <= std::numeric_limits<std::int32_t>::max();
      return constant_code(Value(*number), simple(narrow ? Base::integer : Base::bigint));
    }
    case Node::decimal_literal: {
      const auto number = parse_decimal(e.text);
      if (!number) break;
      int digits = 1;
      while (digits < 38 && !fits(*number, digits)) ++digits;
      return constant_code(Value(*number), decimal_type(std::max(digits, static_cast<int>(number->scale)), number->scale));
    }
    default: return constant_code(Value(), Type());
  }
  complaint_.say("E19", e.at, "The number " + e.text.substr(0, 60) + " is too long.");
  return constant_code(Value(), simple(Base::bigint));
}

Code Compiler::name(const Expression& e) {
  for (std::size_t i = locals_.size(); e.qualifier.empty() && i-- > 0;) {
    if (locals_[i].name != e.text) continue;
    Code local = leaf(Op::local, locals_[i].type, e.at);
    local.index = i;
    return local;
  }
  const int found = scope_.find(e.qualifier, e.text);
  if (found >= 0) {
    Code column = leaf(Op::column, scope_.columns[static_cast<std::size_t>(found)].type, e.at);
    column.index = static_cast<std::size_t>(found);
    return column;
  }
  unknown(e, found == Scope::kAmbiguous);
  return leaf(Op::constant, simple(Base::text), e.at);
}

void Compiler::unknown(const Expression& e, bool ambiguous) {
  const std::string full = expression_text(e);
  if (ambiguous) {
    std::vector<std::string> owners;
    for (const ScopeColumn& c : scope_.columns) {
      if (c.name == e.text) owners.push_back(c.qualifier);
    }
    complaint_.say("E5", e.at,
                   clause_ + ": column " + full + " is ambiguous, it is in " + joined(owners, " and ") + "; write " +
                       owners[0] + "." + quoted_name(e.text) + ".");
    return;
  }
  std::vector<std::string> owners;
  for (const ScopeColumn& c : scope_.columns) {
    if (std::find(owners.begin(), owners.end(), c.qualifier) == owners.end()) owners.push_back(c.qualifier);
  }
  if (!e.qualifier.empty() && std::find(owners.begin(), owners.end(), e.qualifier) == owners.end()) {
    complaint_.say("E5", e.at,
                   clause_ + ": '" + e.qualifier + "' is not a stream or table name or alias here." +
                       did_you_mean(e.qualifier, owners) + " Known are " + joined(owners) + ".");
    return;
  }
  if (e.qualifier.empty() && (e.text == "WINDOWSTART" || e.text == "WINDOWEND")) {
    complaint_.say("E14", e.at,
                   clause_ + ": " + e.text + " is a bound of a result's window; it may stand in SELECT beside WINDOW and GROUP BY, " +
                       "and in queries of what such a query has made.");
    return;
  }
  const std::vector<std::string> known = scope_.names();
  // What is not in capitals was quoted.
  if (e.qualifier.empty() && upper(e.text) != e.text && std::find(known.begin(), known.end(), upper(e.text)) == known.end()) {
    complaint_.say("E3", e.at,
                   clause_ + ": " + full + " is read as the name of a column, and there is none; text stands in single quotes: '" +
                       e.text.substr(0, 80) + "'." + did_you_mean(e.text, known));
    return;
  }
  std::string more = did_you_mean(e.text, known);
  if (!known.empty()) more += " Columns are " + joined(known).substr(0, 400) + ".";
  complaint_.say("E5", e.at, clause_ + ": column " + full + " cannot be resolved." + more);
}

Code Compiler::nary(Op op, Type type, const Expression& e) {
  Code code = leaf(op, std::move(type), e.at);
  for (const Expression& arg : e.args) code.args.push_back(run(arg));
  return code;
}

Code Compiler::run(const Expression& e) {
  if (complaint_.any()) return leaf(Op::constant, Type(), e.at);
  switch (e.node) {
    case Node::name: return name(e);
    case Node::call: return call(e);
    case Node::cast: return cast(e);
    case Node::negate: return minus(e);
    case Node::binary: return arithmetic(e);
    case Node::compare:
    case Node::distinct: return comparison(e);
    case Node::logic: {
      Code code = nary(e.text == "AND" ? Op::both : Op::either, simple(Base::boolean), e);
      for (const Code& arg : code.args) want_truth(arg, e.text);
      return code;
    }
    case Node::negation: {
      Code code = nary(Op::negation, simple(Base::boolean), e);
      want_truth(code.args[0], "NOT");
      return code;
    }
    case Node::between: return between(e);
    case Node::in: return membership(e);
    case Node::like: return likeness(e);
    case Node::is_null: {
      Code code = nary(Op::is_null, simple(Base::boolean), e);
      code.negated = e.negated;
      return code;
    }
    case Node::choice: return choice(e);
    case Node::subscript: return subscript(e);
    case Node::field: return field(e);
    case Node::array:
    case Node::map:
    case Node::structure: return constructor(e);
    case Node::star: complaint_.say("E1", e.at, "* stands for all columns only as an item of SELECT, and in COUNT(*)."); break;
    case Node::all_fields: complaint_.say("E1", e.at, "->* stands for all fields only as an item of SELECT."); break;
    case Node::lambda:
      complaint_.say("E19", e.at, "An expression with => is an argument of TRANSFORM, FILTER and REDUCE only.");
      break;
    default: return constant(e);
  }
  return leaf(Op::constant, Type(), e.at);
}

void Compiler::want_truth(const Code& code, std::string_view where) {
  if (code.type.base == Base::boolean) return;
  complaint_.say("E19", code.at, std::string(where) + " wants BOOLEAN, but this is " + type_text(code.type) + ".");
}

Code Compiler::cast(const Expression& e) {
  const Type to = resolved(e.type, catalog_, e.at, complaint_);
  Code arg = run(e.args[0]);
  if (complaint_.any()) return arg;
  if (!can_cast(arg.type, to)) {
    complaint_.say("E19", e.at, "CAST of " + type_text(arg.type) + " to " + type_text(to) + " is not possible.");
  }
  Code code = leaf(Op::cast, to, e.at);
  code.args.push_back(std::move(arg));
  return code;
}

Code Compiler::minus(const Expression& e) {
  Code code = nary(Op::negate, Type(), e);
  code.type = code.args[0].type;
  if (!is_number(code.type)) complaint_.say("E19", e.at, "- wants a number, but this is " + type_text(code.type) + ".");
  return code;
}

namespace {

Type decimal_result(Op op, const Type& x, const Type& y) {
  const int whole = std::max(x.precision - x.scale, y.precision - y.scale);
  int precision = 0;
  int scale = std::max(x.scale, y.scale);
  switch (op) {
    case Op::add:
    case Op::subtract: precision = whole + scale + 1; break;
    case Op::multiply:
      precision = x.precision + y.precision + 1;
      scale = x.scale + y.scale;
      break;
    case Op::divide:
      scale = std::max(6, x.scale + y.precision + 1);
      precision = x.precision - x.scale + y.scale + scale;
      break;
    default: precision = std::min(x.precision - x.scale, y.precision - y.scale) + scale;
  }
  return decimal_type(std::clamp(precision, 1, 38), std::min(scale, 38));
}

}  // namespace

Code Compiler::arithmetic(const Expression& e) {
  static constexpr std::string_view kSigns = "+-*/%";
  static constexpr Op kOps[] = {Op::add, Op::subtract, Op::multiply, Op::divide, Op::modulo};
  const Op op = kOps[kSigns.find(e.text[0])];
  Code code = nary(op, Type(), e);
  if (complaint_.any()) return code;
  const Type& a = code.args[0].type;
  const Type& b = code.args[1].type;
  const bool texts = (a.base == Base::text && b.base == Base::text) || (a.base == Base::bytes && b.base == Base::bytes);
  if (texts && op == Op::add) {
    code.type = a;
    return code;
  }
  if (!is_number(a) || !is_number(b) || e.negated) {
    const std::string sign = e.negated ? "||" : e.text;
    std::string cure = a.base == Base::text || b.base == Base::text ? " CAST one of them, as CAST(x AS VARCHAR)." : "";
    complaint_.say("E19", e.at, "'" + sign + "' does not take " + type_text(a) + " and " + type_text(b) + "." + cure);
    return code;
  }
  const bool exact = (a.base == Base::decimal || b.base == Base::decimal) && a.base != Base::real && b.base != Base::real;
  code.type = exact ? decimal_result(op, as_decimal(a), as_decimal(b)) : wider(a, b);
  return code;
}

Code compile(const Expression& expression, const Scope& scope, const Catalog& catalog, std::string_view clause,
             Complaint& complaint) {
  return Compiler(scope, catalog, clause, complaint).run(expression);
}

}  // namespace nutshell::streams
