#include <cstdint>
#include <limits>

#include "sim/streams/code.h"
#include "sim/streams/function.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

Value fail(Frame& frame, std::string why) {
  if (!frame.failed) frame.why = std::move(why);
  frame.failed = true;
  return {};
}

// What an operand comes to, without a copy where it is a column or a constant.
const Value& operand(const Code& code, Frame& frame, Value& room) {
  if (code.op == Op::column) return (*frame.row)[code.index];
  if (code.op == Op::constant) return code.constant;
  room = evaluate(code, frame);
  return room;
}

Value whole_arithmetic(const Code& code, std::int64_t x, std::int64_t y, Frame& frame) {
  const bool narrow = code.type.base == Base::integer;
  const auto a = static_cast<std::uint64_t>(x);
  const auto b = static_cast<std::uint64_t>(y);
  std::uint64_t r = 0;
  switch (code.op) {
    case Op::add: r = a + b; break;
    case Op::subtract: r = a - b; break;
    case Op::multiply: r = a * b; break;
    default:
      if (y == 0) return fail(frame, "division by zero");
      // The smallest number has no opposite: it stays itself.
      if (y == -1) r = code.op == Op::divide ? 0 - a : 0;
      else r = static_cast<std::uint64_t>(code.op == Op::divide ? x / y : x % y);
  }
  return narrow ? Value(static_cast<std::int64_t>(static_cast<std::int32_t>(r))) : Value(static_cast<std::int64_t>(r));
}

// x - y * trunc(x / y), exactly.
double real_remainder(double x, double y) {
  const double size = y < 0 ? -y : y;
  double rest = x < 0 ? -x : x;
  if (is_nan(x) || is_nan(y) || is_infinite(x) || y == 0) return std::numeric_limits<double>::quiet_NaN();
  if (is_infinite(y)) return x;
  while (rest >= size) {
    double step = size;
    while (step <= rest / 2) step *= 2;
    rest -= step;
  }
  return x < 0 ? -rest : rest;
}

Value real_arithmetic(Op op, double x, double y) {
  switch (op) {
    case Op::add: return Value(x + y);
    case Op::subtract: return Value(x - y);
    case Op::multiply: return Value(x * y);
    case Op::divide: return Value(x / y);
    default: return Value(real_remainder(x, y));
  }
}

Value decimal_arithmetic(const Code& code, const Decimal& x, const Decimal& y, Frame& frame) {
  std::optional<Decimal> r;
  switch (code.op) {
    case Op::add: r = add(x, y); break;
    case Op::subtract: r = subtract(x, y); break;
    case Op::multiply: r = multiply(x, y); break;
    case Op::divide: r = divide(x, y, code.type.scale); break;
    default: r = remainder(x, y);
  }
  if (r) r = rescale(*r, code.type.scale);
  if (!r || !fits(*r, code.type.precision)) return fail(frame, "the DECIMAL overflows, or is divided by zero");
  return Value(*r);
}

Value arithmetic(const Code& code, Frame& frame) {
  Value r1;
  Value r2;
  const Value& a = operand(code.args[0], frame, r1);
  const Value& b = operand(code.args[1], frame, r2);
  if (frame.failed) return {};
  if (a.null() || b.null()) {
    // In a row null is the answer; within a function's own expression it ends the function.
    if (frame.locals && !frame.failed) {
      frame.failed = true;
      frame.why = "null in arithmetic";
    }
    return {};
  }
  switch (code.type.base) {
    case Base::text: return Value(a.text() + b.text());
    case Base::bytes: return Value(a.text() + b.text());
    case Base::real: return real_arithmetic(code.op, as_real(a), as_real(b));
    case Base::decimal: return decimal_arithmetic(code, as_exact(a), as_exact(b), frame);
    default: return whole_arithmetic(code, a.whole(), b.whole(), frame);
  }
}

Value comparison(const Code& code, Frame& frame) {
  Value r1;
  Value r2;
  const Value& a = operand(code.args[0], frame, r1);
  const Value& b = operand(code.args[1], frame, r2);
  if (frame.failed) return {};
  if (code.op == Op::distinct)
    return Value((a.null() || b.null() ? a.null() != b.null() : compare_values(a, b) != 0) != code.negated);
  // Two-valued (S22): what is not known is not so, not even unequal.
  if (a.null() || b.null()) return Value(false);
  const bool nan = (a.is_real() && is_nan(a.real())) || (b.is_real() && is_nan(b.real()));
  if (nan) return Value(code.op == Op::unequal);
  const int order = compare_values(a, b);
  switch (code.op) {
    case Op::equal: return Value(order == 0);
    case Op::unequal: return Value(order != 0);
    case Op::less: return Value(order < 0);
    case Op::less_equal: return Value(order <= 0);
    case Op::more: return Value(order > 0);
    default: return Value(order >= 0);
  }
}

Value logic(const Code& code, Frame& frame) {
  const bool decisive = code.op == Op::either;
  for (const Code& arg : code.args) {
    Value room;
    const Value& each = operand(arg, frame, room);
    if (frame.failed) return {};
    if (each.null()) return fail(frame, "a truth value is null");
    if (each.truth() == decisive) return Value(decisive);
  }
  return Value(!decisive);
}

Value between(const Code& code, Frame& frame) {
  const Value v = evaluate(code.args[0], frame);
  const Value low = evaluate(code.args[1], frame);
  const Value high = evaluate(code.args[2], frame);
  if (frame.failed) return {};
  const bool known = !v.null() && !low.null() && !high.null();
  const bool within = known && compare_values(v, low) >= 0 && compare_values(v, high) <= 0;
  return Value(within != code.negated);
}

Value membership(const Code& code, Frame& frame) {
  const Value v = evaluate(code.args[0], frame);
  bool found = false;
  for (std::size_t i = 1; i < code.args.size() && !found; ++i) {
    const Value each = evaluate(code.args[i], frame);
    found = !v.null() && !each.null() && compare_values(v, each) == 0;
  }
  return frame.failed ? Value() : Value(found != code.negated);
}

std::size_t character_length(std::string_view text, std::size_t at) {
  std::size_t n = 1;
  while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0) == 0x80) ++n;
  return n;
}

// % any text, _ one character; goes back to the last % only, so it takes at most length times length steps.
bool is_like(std::string_view text, std::string_view pattern, char escape) {
  std::size_t t = 0;
  std::size_t p = 0;
  std::size_t back_p = std::string_view::npos;
  std::size_t back_t = 0;
  while (t < text.size()) {
    const bool escaped = escape != '\0' && p < pattern.size() && pattern[p] == escape && p + 1 < pattern.size();
    const std::size_t at = escaped ? p + 1 : p;
    if (!escaped && p < pattern.size() && pattern[p] == '%') {
      back_p = ++p;
      back_t = t;
    } else if (!escaped && p < pattern.size() && pattern[p] == '_') {
      t += character_length(text, t);
      ++p;
    } else if (at < pattern.size() && pattern[at] == text[t]) {
      ++t;
      p = at + 1;
    } else if (back_p != std::string_view::npos) {
      p = back_p;
      t = ++back_t;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

Value likeness(const Code& code, Frame& frame) {
  const Value text = evaluate(code.args[0], frame);
  const Value pattern = evaluate(code.args[1], frame);
  if (frame.failed) return {};
  const char escape = code.args.size() > 2 && !code.args[2].constant.text().empty() ? code.args[2].constant.text()[0] : '\0';
  const bool like = !text.null() && !pattern.null() && is_like(text.text(), pattern.text(), escape);
  return Value(like != code.negated);
}

Value choose(const Code& code, Frame& frame) {
  std::size_t i = 0;
  for (; i + 1 < code.args.size(); i += 2) {
    const Value when = evaluate(code.args[i], frame);
    if (frame.failed) return {};
    if (!when.null() && when.truth()) return evaluate(code.args[i + 1], frame);
  }
  return i < code.args.size() ? evaluate(code.args[i], frame) : Value();
}

Value element(const Code& code, Frame& frame) {
  const Value list = evaluate(code.args[0], frame);
  const Value index = evaluate(code.args[1], frame);
  if (frame.failed || list.null() || index.null()) return {};
  const List& items = list.list();
  if (code.args[0].type.base == Base::map) {
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
      if (compare_values(items[i], index) == 0) return items[i + 1];
    }
    return {};
  }
  // From 1; from the end if negative (S21).
  const std::int64_t size = static_cast<std::int64_t>(items.size());
  const std::int64_t n = index.whole() < 0 ? size + index.whole() : index.whole() - 1;
  return n >= 0 && n < size ? items[static_cast<std::size_t>(n)] : Value();
}

Value construct(const Code& code, Frame& frame) {
  // An element that fails is null, and no more than that.
  List list;
  for (const Code& arg : code.args) {
    list.push_back(evaluate(arg, frame));
    if (frame.failed) list.back() = Value();
    frame.failed = false;
  }
  if (code.op == Op::map) return sorted_map(std::move(list));
  return Value(std::move(list));
}

Value call(const Code& code, Frame& frame) {
  List args;
  args.reserve(code.args.size());
  for (const Code& arg : code.args) {
    args.push_back(arg.op == Op::lambda ? Value() : evaluate(arg, frame));
    if (frame.failed) return {};
    if (args.back().null() && arg.op != Op::lambda && !code.function->takes_null) return {};
  }
  Call now{code, frame, args};
  Value result = code.function->run(now);
  // What a function cannot do is null, and the expression around it goes on.
  const bool failed = frame.failed;
  frame.failed = false;
  return failed ? Value() : result;
}

}  // namespace

Value evaluate(const Code& code, Frame& frame) {
  if (frame.failed) return {};
  switch (code.op) {
    case Op::constant: return code.constant;
    case Op::column: return (*frame.row)[code.index];
    case Op::local: return frame.locals && code.index < frame.locals->size() ? (*frame.locals)[code.index] : Value();
    case Op::call: return call(code, frame);
    case Op::cast: {
      Value room;
      const Value& from = operand(code.args[0], frame, room);
      bool failed = false;
      Value to = cast_value(from, code.args[0].type, code.type, failed);
      return failed ? fail(frame, "CAST of a " + type_text(code.args[0].type) + " to " + type_text(code.type) + " fails") : to;
    }
    case Op::negate: {
      const Value v = evaluate(code.args[0], frame);
      if (v.null()) return {};
      if (v.is_real()) return Value(-v.real());
      if (v.is_decimal()) return Value(Decimal(-v.decimal().unscaled(), v.decimal().scale));
      Code minus;
      minus.op = Op::subtract;
      minus.type = code.type;
      return whole_arithmetic(minus, 0, v.whole(), frame);
    }
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo: return arithmetic(code, frame);
    case Op::equal:
    case Op::unequal:
    case Op::less:
    case Op::less_equal:
    case Op::more:
    case Op::more_equal:
    case Op::distinct: return comparison(code, frame);
    case Op::both:
    case Op::either: return logic(code, frame);
    case Op::negation: {
      const Value v = evaluate(code.args[0], frame);
      if (frame.failed) return {};
      return v.null() ? fail(frame, "a truth value is null") : Value(!v.truth());
    }
    case Op::between: return between(code, frame);
    case Op::in: return membership(code, frame);
    case Op::like: return likeness(code, frame);
    case Op::is_null: {
      const Value v = evaluate(code.args[0], frame);
      return frame.failed ? Value() : Value(v.null() != code.negated);
    }
    case Op::choice: return choose(code, frame);
    case Op::subscript: return element(code, frame);
    case Op::field: {
      const Value v = evaluate(code.args[0], frame);
      return v.null() || code.index >= v.list().size() ? Value() : v.list()[code.index];
    }
    case Op::array:
    case Op::map:
    case Op::structure: return construct(code, frame);
    case Op::lambda: return {};
  }
  return {};
}

Value evaluate(const Code& code, const Row& row, std::int64_t now) {
  Frame frame;
  frame.now = now;
  frame.row = &row;
  Value result = evaluate(code, frame);
  return frame.failed ? Value() : result;
}

bool holds(const Code& code, const Row& row, std::int64_t now) {
  const Value yes = evaluate(code, row, now);
  return !yes.null() && yes.truth();
}

}  // namespace nutshell::streams
