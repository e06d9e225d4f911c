#include "sim/streams/calendar.h"
#include "sim/streams/compile.h"
#include "sim/streams/parser.h"

namespace nutshell::streams {
namespace {

bool is_clock(const Type& type) { return type.base == Base::date || type.base == Base::time || type.base == Base::timestamp; }

// ROWTIME and the bounds of windows stand in the expression: text beside them is a time (S20).
bool is_pseudo_time(const Expression& e) {
  if (e.node == Node::name) return e.text == "ROWTIME" || e.text == "WINDOWSTART" || e.text == "WINDOWEND";
  for (const Expression& arg : e.args) {
    if (e.node == Node::binary && is_pseudo_time(arg)) return true;
  }
  return false;
}

}  // namespace

void Compiler::magic(Code& text, const Expression& time) {
  if (text.op != Op::constant || text.type.base != Base::text || !is_pseudo_time(time)) return;
  const auto ms = parse_timestamp(text.constant.text());
  if (!ms) {
    complaint_.say("E19", text.at,
                   "'" + text.constant.text() + "' is no time; write it as '2026-11-30T16:00:00' or a number of milliseconds.");
    return;
  }
  text = constant_code(Value(*ms), simple(Base::bigint));
}

// Makes both sides comparable, or complains.
bool Compiler::agree(Code& a, Code& b, std::string_view sign, Place at) {
  if (complaint_.any()) return false;
  const bool same = a.type == b.type || (a.type.base == b.type.base && is_nested(a.type));
  if (same || (is_number(a.type) && is_number(b.type)) || a.type.base == Base::none || b.type.base == Base::none) return true;
  for (int turn = 0; turn < 2; ++turn) {
    Code& x = turn == 0 ? a : b;
    Code& y = turn == 0 ? b : a;
    if (is_clock(x.type) && y.type.base == Base::text) {
      const bool constant = y.op == Op::constant;
      y = converted(std::move(y), x.type);
      if (constant && y.op != Op::constant)
        complaint_.say(
            "E19", at,
            "The text is no " + type_text(x.type) + "; write it as '2026-11-30', '16:00:00' or '2026-11-30T16:00:00'.");
      return true;
    }
    if (x.type.base == Base::timestamp && y.type.base == Base::date) {
      y = converted(std::move(y), x.type);
      return true;
    }
  }
  complaint_.say("E19", at,
                 "Operator '" + std::string(sign) + "' does not compare " + type_text(a.type) + " with " + type_text(b.type) +
                     "; CAST one of them, as CAST(x AS " + (a.type.base == Base::text ? "VARCHAR" : type_text(a.type)) + ").");
  return false;
}

Code Compiler::comparison(const Expression& e) {
  Code code = nary(Op::distinct, simple(Base::boolean), e);
  if (complaint_.any()) return code;
  code.negated = e.negated;
  Code& a = code.args[0];
  Code& b = code.args[1];
  magic(b, e.args[0]);
  magic(a, e.args[1]);
  if (e.node == Node::compare) {
    static constexpr std::string_view kSigns[] = {"=", "<>", "<", "<=", ">", ">="};
    static constexpr Op kOps[] = {Op::equal, Op::unequal, Op::less, Op::less_equal, Op::more, Op::more_equal};
    for (std::size_t i = 0; i < 6; ++i) {
      if (e.text == kSigns[i]) code.op = kOps[i];
    }
    if (a.type.base == Base::none || b.type.base == Base::none) {
      complaint_.say("E19", e.at,
                     "A comparison with NULL is never true; write " +
                         expression_text(e.args[a.type.base == Base::none ? 1 : 0]) + " IS NULL.");
      return code;
    }
  }
  if (!agree(a, b, e.node == Node::distinct ? "IS DISTINCT FROM" : e.text, e.at)) return code;
  const bool ordered = code.op == Op::less || code.op == Op::less_equal || code.op == Op::more || code.op == Op::more_equal;
  if (ordered && (a.type.base == Base::boolean || is_nested(a.type))) {
    complaint_.say("E19", e.at, "Operator '" + e.text + "' does not order " + type_text(a.type) + "; = and <> compare them.");
  }
  return code;
}

Code Compiler::between(const Expression& e) {
  Code code = nary(Op::between, simple(Base::boolean), e);
  if (complaint_.any()) return code;
  code.negated = e.negated;
  for (std::size_t i = 1; i < 3; ++i) {
    magic(code.args[i], e.args[0]);
    if (code.args[i].type.base == Base::none)
      complaint_.say("E19", e.args[i].at, "BETWEEN with NULL is never true; write a bound.");
    agree(code.args[0], code.args[i], "BETWEEN", e.args[i].at);
  }
  const Type& type = code.args[0].type;
  if (type.base == Base::boolean || is_nested(type))
    complaint_.say("E19", e.at, "BETWEEN does not order " + type_text(type) + ".");
  return code;
}

Code Compiler::membership(const Expression& e) {
  Code code = nary(Op::in, simple(Base::boolean), e);
  code.negated = e.negated;
  for (std::size_t i = 1; i < code.args.size() && !complaint_.any(); ++i) {
    Code& each = code.args[i];
    magic(each, e.args[0]);
    // Text of a number is one beside numbers, and the other way round.
    const Base left = code.args[0].type.base;
    if (each.op == Op::constant && each.type.base == Base::text && is_number(code.args[0].type)) {
      const auto number = parse_decimal(each.constant.text());
      if (!number)
        complaint_.say("E19", e.args[i].at,
                       "'" + each.constant.text().substr(0, 60) + "' is no " + type_text(code.args[0].type) + ".");
      if (number && left == Base::real) each = constant_code(Value(to_real(*number)), simple(Base::real));
      else if (number) each = constant_code(Value(*number), decimal_type(38, number->scale));
    }
    if (left == Base::boolean || left == Base::text) take_literal(each, code.args[0].type);
    if (is_nested(code.args[0].type) && !fit_literal(each, code.args[0].type))
      complaint_.say("E19", e.args[i].at, "IN looks for " + type_text(code.args[0].type) + ", and this is none; CAST what it holds.");
    agree(code.args[0], each, "IN", e.args[i].at);
  }
  return code;
}

Code Compiler::likeness(const Expression& e) {
  Code code = nary(Op::like, simple(Base::boolean), e);
  code.negated = e.negated;
  for (std::size_t i = 0; i < 2 && i < code.args.size(); ++i) {
    const Type& type = code.args[i].type;
    if (!complaint_.any() && type.base != Base::text)
      complaint_.say("E19", e.args[i].at, "LIKE compares VARCHAR, but this is " + type_text(type) + "; CAST it.");
  }
  if (!complaint_.any() && code.args.size() > 2 && code.args[2].constant.text().size() != 1) {
    complaint_.say("E19", e.args[2].at, "ESCAPE takes one character.");
  }
  return code;
}

}  // namespace nutshell::streams
