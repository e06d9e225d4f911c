// The types of columns and expressions (S19-S21).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nutshell::streams {

enum class Base : std::uint8_t {
  none,  // of the literal NULL
  boolean,
  integer,
  bigint,
  decimal,
  real,
  text,
  bytes,
  date,
  time,
  timestamp,
  array,
  map,
  structure,
  // A name that CREATE TYPE gave, or, in the signature of a function, "any type, everywhere the same".
  named,
  // Arguments of functions only.
  unit,
  lambda,
};

struct Type {
  Base base = Base::none;
  // Of a DECIMAL: digits in all, and behind the point.
  int precision = 0;
  int scale = 0;
  // ARRAY: its element. MAP: key and value. STRUCT: its fields.
  std::vector<Type> of;
  // STRUCT: the names of its fields. Of a name: itself.
  std::vector<std::string> names;

  bool operator==(const Type&) const = default;
};

inline Type simple(Base base) { return Type{base, 0, 0, {}, {}}; }
inline Type decimal_type(int precision, int scale) { return Type{Base::decimal, precision, scale, {}, {}}; }
inline Type array_of(Type element) { return Type{Base::array, 0, 0, {std::move(element)}, {}}; }
inline Type map_of(Type key, Type value) { return Type{Base::map, 0, 0, {std::move(key), std::move(value)}, {}}; }

// As DESCRIBE prints it: "ARRAY<DECIMAL(4, 2)>".
std::string type_text(const Type& type);

bool is_number(const Type& type);
// INT, BIGINT.
bool is_whole(const Type& type);
bool is_nested(const Type& type);
// The DECIMAL that holds every value of an INT, BIGINT or DECIMAL.
Type as_decimal(const Type& type);
// Whether a value of `from` is taken where `to` is wanted without a CAST (S19): numbers widen.
bool widens(const Type& from, const Type& to);
// The wider of two numbers.
Type wider(const Type& a, const Type& b);

}  // namespace nutshell::streams
