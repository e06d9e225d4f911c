#include <limits>

#include "sim/streams/calendar.h"
#include "sim/streams/code.h"
#include "sim/streams/format.h"
#include "sim/streams/function.h"
#include "sim/streams/problem.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

bool is_narrow(std::int64_t number) {
  return number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
}

std::string text_of(const Value& value, const Type& type);

std::string list_text_of(const Value& value, const Type& type) {
  std::vector<std::string> parts;
  const List& list = value.list();
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (type.base == Base::array) parts.push_back(text_of(list[i], type.of[0]));
    if (type.base == Base::map && i % 2 == 1)
      parts.push_back(text_of(list[i - 1], type.of[0]) + "=" + text_of(list[i], type.of[1]));
    if (type.base == Base::structure) parts.push_back(type.names[i] + "=" + text_of(list[i], type.of[i]));
  }
  return type.base == Base::array ? "[" + joined(parts) + "]"
         : type.base == Base::map ? "{" + joined(parts) + "}"
                                  : "Struct{" + joined(parts, ",") + "}";
}

std::string text_of(const Value& value, const Type& type) {
  if (value.null()) return "null";
  switch (type.base) {
    case Base::boolean: return value.truth() ? "true" : "false";
    case Base::real: return real_text(value.real());
    case Base::decimal: return decimal_text(value.decimal());
    case Base::text: return value.text();
    case Base::bytes: return to_base64(value.text());
    case Base::date: return date_text(value.whole());
    case Base::time: return time_text(value.whole());
    case Base::timestamp: return timestamp_text(value.whole());
    case Base::array:
    case Base::map:
    case Base::structure: return list_text_of(value, type);
    default: return std::to_string(value.whole());
  }
}

Value whole_or_fail(std::int64_t number, const Type& to, bool& failed) {
  if (to.base == Base::integer && !is_narrow(number)) {
    failed = true;
    return {};
  }
  return Value(number);
}

Value fitted(std::optional<Decimal> number, const Type& to, bool& failed) {
  if (number) number = rescale(*number, to.scale);
  if (number && fits(*number, to.precision)) return Value(*number);
  failed = true;
  return {};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Value or_fail(const std::optional<std::int64_t>& number, bool& failed) {
  failed = failed || !number;
  return number ? Value(*number) : Value();
}

Value cast_text(const std::string& text, const Type& to, bool& failed) {
  switch (to.base) {
    case Base::boolean: return Value(same_word(trimmed(text), "true"));
    case Base::integer:
    case Base::bigint: {
      const auto number = parse_whole(trimmed(text));
      if (number) return whole_or_fail(*number, to, failed);
      failed = true;
      return {};
    }
    case Base::real: {
      const auto number = parse_real(trimmed(text));
      failed = !number;
      return number ? Value(*number) : Value();
    }
    case Base::decimal: return fitted(parse_decimal(trimmed(text)), to, failed);
    case Base::date: {
      const auto ms = parse_timestamp(trimmed(text));
      return or_fail(ms ? std::optional<std::int64_t>(floor_div(*ms, kDayMs)) : std::nullopt, failed);
    }
    case Base::time: return or_fail(parse_time(trimmed(text)), failed);
    case Base::timestamp: return or_fail(parse_timestamp(trimmed(text)), failed);
    case Base::bytes: {
      const auto bytes = from_base64(text);
      failed = !bytes;
      return bytes ? Value(*bytes) : Value();
    }
    default: failed = true; return {};
  }
}

Value cast_number(const Value& value, const Type& to, bool& failed) {
  switch (to.base) {
    case Base::integer:
    case Base::bigint: {
      if (value.is_whole())
        return to.base == Base::integer ? Value(static_cast<std::int64_t>(static_cast<std::int32_t>(value.whole()))) : value;
      if (value.is_real()) {
        const std::int64_t number = truncated(value.real());
        if (to.base == Base::integer && !is_narrow(number))
          return Value(static_cast<std::int64_t>(number < 0 ? std::numeric_limits<std::int32_t>::min()
                                                            : std::numeric_limits<std::int32_t>::max()));
        return Value(number);
      }
      const auto whole = rescale(value.decimal(), 0, Rounding::down);
      const Int128 n = whole ? whole->unscaled() : 0;
      return to.base == Base::integer ? Value(static_cast<std::int64_t>(static_cast<std::int32_t>(n)))
                                      : Value(static_cast<std::int64_t>(n));
    }
    case Base::real: return Value(as_real(value));
    case Base::decimal: {
      if (value.is_real()) return fitted(parse_decimal(real_text(value.real())), to, failed);
      return fitted(as_exact(value), to, failed);
    }
    default: failed = true; return {};
  }
}

// Arrays, maps and structures: each part for itself.
Value cast_nested(const Value& value, const Type& from, const Type& to, bool& failed) {
  List list;
  const List& parts = value.list();
  if (to.base == Base::structure) {
    for (std::size_t i = 0; i < to.of.size(); ++i) {
      Value part;
      for (std::size_t j = 0; j < from.names.size(); ++j) {
        if (from.names[j] == to.names[i]) part = cast_value(parts[j], from.of[j], to.of[i], failed);
      }
      list.push_back(std::move(part));
    }
    return Value(std::move(list));
  }
  const std::size_t step = to.base == Base::map ? 2 : 1;
  for (std::size_t i = 0; i < parts.size(); ++i)
    list.push_back(cast_value(parts[i], from.of[i % step], to.of[i % step], failed));
  return step == 2 ? sorted_map(std::move(list)) : Value(std::move(list));
}

}  // namespace

Value cast_value(const Value& value, const Type& from, const Type& to, bool& failed) {
  if (value.null() || from == to) return value;
  if (to.base == Base::text) return Value(text_of(value, from));
  if (from.base == Base::text) return cast_text(value.text(), to, failed);
  if (is_number(from) && is_number(to)) return cast_number(value, to, failed);
  if (from.base == to.base && is_nested(from)) return cast_nested(value, from, to, failed);
  const std::int64_t number = value.whole();
  if (from.base == Base::timestamp && to.base == Base::date) return Value(floor_div(number, kDayMs));
  if (from.base == Base::timestamp && to.base == Base::time) return Value(number - floor_div(number, kDayMs) * kDayMs);
  if (from.base == Base::date && to.base == Base::timestamp) return Value(number * kDayMs);
  if ((from.base == Base::bigint && to.base == Base::timestamp) || (from.base == Base::timestamp && to.base == Base::bigint))
    return value;
  failed = true;
  return {};
}

bool can_cast(const Type& from, const Type& to) {
  if (from.base == Base::none || from == to || to.base == Base::text) return from.base != Base::bytes || to.base == Base::bytes;
  if (from.base == Base::text) return !is_nested(to) && to.base != Base::bytes;
  if (is_number(from)) return is_number(to);
  if (from.base == to.base && from.of.size() == to.of.size() && from.base != Base::structure) {
    for (std::size_t i = 0; i < from.of.size(); ++i) {
      if (!can_cast(from.of[i], to.of[i])) return false;
    }
    return true;
  }
  if (from.base == Base::structure && to.base == Base::structure) return true;
  if (from.base == Base::timestamp) return to.base == Base::date || to.base == Base::time;
  return from.base == Base::date && to.base == Base::timestamp;
}

double as_real(const Value& value) {
  if (value.is_real()) return value.real();
  if (value.is_decimal()) return to_real(value.decimal());
  return static_cast<double>(value.whole());
}

Decimal as_exact(const Value& value) { return value.is_decimal() ? value.decimal() : Decimal(value.whole(), 0); }

int compare_values(const Value& a, const Value& b) {
  const bool real = a.is_real() || b.is_real();
  if (real && (!a.is_real() || !b.is_real())) return compare(Value(as_real(a)), Value(as_real(b)));
  if (!real && (a.is_decimal() || b.is_decimal())) return compare(as_exact(a), as_exact(b));
  return compare(a, b);
}

}  // namespace nutshell::streams
