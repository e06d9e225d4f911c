#include "sim/streams/type.h"

#include <algorithm>

namespace nutshell::streams {

std::string type_text(const Type& type) {
  switch (type.base) {
    case Base::none: return "NULL";
    case Base::boolean: return "BOOLEAN";
    case Base::integer: return "INTEGER";
    case Base::bigint: return "BIGINT";
    case Base::decimal: return "DECIMAL(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
    case Base::real: return "DOUBLE";
    case Base::text: return "VARCHAR(STRING)";
    case Base::bytes: return "BYTES";
    case Base::date: return "DATE";
    case Base::time: return "TIME";
    case Base::timestamp: return "TIMESTAMP";
    case Base::array: return "ARRAY<" + type_text(type.of[0]) + ">";
    case Base::map: return "MAP<" + type_text(type.of[0]) + ", " + type_text(type.of[1]) + ">";
    case Base::structure: {
      std::string text = "STRUCT<";
      for (std::size_t i = 0; i < type.of.size(); ++i) {
        text += (i == 0 ? "`" : ", `") + type.names[i] + "` " + type_text(type.of[i]);
      }
      return text + ">";
    }
    case Base::named: return type.names[0];
    case Base::unit: return "INTERVALUNIT";
    case Base::lambda: return "LAMBDA";
  }
  return "";
}

bool is_number(const Type& type) { return type.base >= Base::integer && type.base <= Base::real; }
bool is_whole(const Type& type) { return type.base == Base::integer || type.base == Base::bigint; }
bool is_nested(const Type& type) { return type.base == Base::array || type.base == Base::map || type.base == Base::structure; }

Type as_decimal(const Type& type) {
  if (type.base == Base::integer) return decimal_type(10, 0);
  if (type.base == Base::bigint) return decimal_type(19, 0);
  return type;
}

bool widens(const Type& from, const Type& to) {
  if (from == to || from.base == Base::none) return true;
  if (!is_number(from) || !is_number(to) || from.base > to.base) return false;
  if (to.base != Base::decimal) return from.base != to.base;
  const Type narrow = as_decimal(from);
  return narrow.scale <= to.scale && narrow.precision - narrow.scale <= to.precision - to.scale;
}

Type wider(const Type& a, const Type& b) {
  if (a.base != Base::decimal && b.base != Base::decimal) return a.base > b.base ? a : b;
  if (a.base == Base::real) return a;
  if (b.base == Base::real) return b;
  const Type x = as_decimal(a);
  const Type y = as_decimal(b);
  const int scale = std::max(x.scale, y.scale);
  return decimal_type(std::min(38, std::max(x.precision - x.scale, y.precision - y.scale) + scale), scale);
}

}  // namespace nutshell::streams
