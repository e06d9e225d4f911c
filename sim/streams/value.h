// A value of a row: nothing (null), a truth value, a whole number, a DOUBLE, text, a DECIMAL, or a list of values.
// What type it is of, the column knows. DATE counts days, TIME and TIMESTAMP milliseconds; BYTES are kept as text;
// an ARRAY and a STRUCT are lists; a MAP is a list of key, value, key, value, ordered by key.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "sim/streams/decimal.h"

namespace nutshell::streams {

class Value;
using List = std::vector<Value>;
using Row = std::vector<Value>;

class Value {
 public:
  Value() = default;
  explicit Value(bool yes) : is_(yes) {}
  explicit Value(std::int64_t number) : is_(number) {}
  explicit Value(double number) : is_(number) {}
  explicit Value(std::string text) : is_(std::move(text)) {}
  explicit Value(Decimal number) : is_(number) {}
  explicit Value(List list) : is_(std::make_shared<const List>(std::move(list))) {}

  bool null() const { return is_.index() == 0; }
  bool is_truth() const { return is_.index() == 1; }
  bool is_whole() const { return is_.index() == 2; }
  bool is_real() const { return is_.index() == 3; }
  bool is_text() const { return is_.index() == 4; }
  bool is_decimal() const { return is_.index() == 5; }
  bool is_list() const { return is_.index() == 6; }

  // REQUIRES that it is one; anything else gives the value of nothing.
  bool truth() const;
  std::int64_t whole() const;
  double real() const;
  const std::string& text() const;
  Decimal decimal() const;
  const List& list() const;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Decimal, std::shared_ptr<const List>> is_;
};

// A total order: by kind, then by value; NaN comes last. -1, 0 or 1.
int compare(const Value& a, const Value& b);
inline bool operator==(const Value& a, const Value& b) { return compare(a, b) == 0; }
inline bool operator<(const Value& a, const Value& b) { return compare(a, b) < 0; }

// A value as text that says its kind, and back: what changelog and repartition records hold. Null, truth, texts and lists
// as JSON has them, 5 a whole number, 5.0 a DOUBLE, {"dec":"1.50"} a DECIMAL.
std::string encode(const Value& value);
std::string encode(const Row& row);
// Null if it is no such text.
Value decode(std::string_view text);

}  // namespace nutshell::streams
