#include "sim/streams/value.h"

#include "sim/streams/json.h"
#include "sim/streams/real.h"

namespace nutshell::streams {
namespace {

// What stands for a value that is not of the kind asked for.
template <typename T, typename Held>
const T& or_nothing(const Held* held) {
  static const T kNothing{};
  return held ? *held : kNothing;
}

int order(bool less, bool more) { return less ? -1 : more ? 1 : 0; }

int compare_reals(double a, double b) {
  if (is_nan(a) || is_nan(b)) return order(!is_nan(a), !is_nan(b));
  return order(a<b, a> b);
}

Value from_json(const Json& json) {
  switch (json.kind) {
    case JsonKind::null: return {};
    case JsonKind::truth: return Value(json.truth);
    case JsonKind::text: return Value(json.text);
    case JsonKind::number: {
      const bool real = json.text.find_first_of(".eEnN") != std::string::npos;
      if (real) return Value(parse_real(json.text).value_or(0));
      return Value(json_whole(json).value_or(0));
    }
    case JsonKind::list: {
      List list;
      list.reserve(json.items.size());
      for (const Json& item : json.items) list.push_back(from_json(item));
      return Value(std::move(list));
    }
    case JsonKind::object: {
      const Json* number = json.find("dec");
      const std::optional<Decimal> decimal = number ? parse_decimal(number->text) : std::nullopt;
      if (decimal) return Value(*decimal);
      const Json* real = json.find("real");
      return real ? Value(parse_real(real->text).value_or(0)) : Value();
    }
  }
  return {};
}

void encode_into(std::string& out, const Value& value) {
  if (value.null()) {
    out += "null";
  } else if (value.is_truth()) {
    out += value.truth() ? "true" : "false";
  } else if (value.is_whole()) {
    out += std::to_string(value.whole());
  } else if (value.is_real()) {
    const double number = value.real();
    const bool odd = is_nan(number) || is_infinite(number);
    out += odd ? "{\"real\":\"" + real_text(number) + "\"}" : real_text(number);
  } else if (value.is_text()) {
    write_json_text(out, value.text());
  } else if (value.is_decimal()) {
    out += "{\"dec\":\"" + decimal_text(value.decimal()) + "\"}";
  } else {
    out += '[';
    bool first = true;
    for (const Value& each : value.list()) {
      if (!first) out += ',';
      first = false;
      encode_into(out, each);
    }
    out += ']';
  }
}

}  // namespace

bool Value::truth() const { return or_nothing<bool>(std::get_if<bool>(&is_)); }
std::int64_t Value::whole() const { return or_nothing<std::int64_t>(std::get_if<std::int64_t>(&is_)); }
double Value::real() const { return or_nothing<double>(std::get_if<double>(&is_)); }
const std::string& Value::text() const { return or_nothing<std::string>(std::get_if<std::string>(&is_)); }
Decimal Value::decimal() const { return or_nothing<Decimal>(std::get_if<Decimal>(&is_)); }
const List& Value::list() const {
  const auto* held = std::get_if<std::shared_ptr<const List>>(&is_);
  return or_nothing<List>(held ? held->get() : nullptr);
}

int compare(const Value& a, const Value& b) {
  const auto kind = [](const Value& v) {
    return v.null() ? 0 : v.is_truth() ? 1 : v.is_whole() ? 2 : v.is_real() ? 3 : v.is_text() ? 4 : v.is_decimal() ? 5 : 6;
  };
  if (kind(a) != kind(b)) return order(kind(a) < kind(b), kind(a) > kind(b));
  switch (kind(a)) {
    case 1: return order(a.truth() < b.truth(), a.truth() > b.truth());
    case 2: return order(a.whole() < b.whole(), a.whole() > b.whole());
    case 3: return compare_reals(a.real(), b.real());
    case 4: return order(a.text() < b.text(), a.text() > b.text());
    case 5: return compare(a.decimal(), b.decimal());
    case 6: {
      const List& x = a.list();
      const List& y = b.list();
      for (std::size_t i = 0; i < x.size() && i < y.size(); ++i) {
        const int each = compare(x[i], y[i]);
        if (each != 0) return each;
      }
      return order(x.size() < y.size(), x.size() > y.size());
    }
    default: return 0;
  }
}

std::string encode(const Value& value) {
  std::string text;
  encode_into(text, value);
  return text;
}

std::string encode(const Row& row) {
  std::string text = "[";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) text += ',';
    encode_into(text, row[i]);
  }
  return text + "]";
}

Value decode(std::string_view text) {
  const std::optional<Json> json = parse_json(text);
  return json ? from_json(*json) : Value();
}

}  // namespace nutshell::streams
