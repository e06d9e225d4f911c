// Random pairs of JSON Schema and Protobuf: "backward" against a second way of finding out.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "sim/schema/registry.h"

namespace nutshell::random_changes {
namespace {

struct Dice {
  std::uint64_t seed = 0, nth = 0;
  std::int64_t roll(std::int64_t low, std::int64_t high) { return between(draw(seed, Purpose::fuzz, 11, nth++), low, high); }
  bool once_in(std::int64_t n) { return roll(1, n) == 1; }
};

// --- JSON Schema: all values of a small world are tried at each property. Backward: what fits the old schema fits the new one.

// A value: nothing there, -1 to 4, "x", "y", "z", null. No schema lists -1 or "z".
enum Value { kAbsent, kMinus, kZero, kOne, kTwo, kThree, kFour, kX, kY, kZ, kNull, kValues };

// Of a property.
struct What {
  enum Kind { any, integer, text, either, listed, nothing } kind = any;
  int low = -1, high = -1;         // of integers: bounds from 1 to 3, or none
  std::vector<Value> values;       // listed: typed as they are
  bool takes(Value value) const {
    const bool number = value >= kMinus && value <= kFour, word = value == kX || value == kY || value == kZ;
    const int n = value - kZero;
    switch (kind) {
      case any: return true;
      case integer: return number && (low < 0 || n >= low) && (high < 0 || n <= high);
      case text: return word;
      case either: return number || word;
      case listed: return std::find(values.begin(), values.end(), value) != values.end();
      case nothing: return false;
    }
    return false;
  }
  std::string json() const {
    switch (kind) {
      case any: return "{}";
      case integer: {
        std::string made = R"({"type": "integer")";
        if (low >= 0) made += R"(, "minimum": )" + std::to_string(low);
        if (high >= 0) made += R"(, "maximum": )" + std::to_string(high);
        return made + "}";
      }
      case text: return R"({"type": "string"})";
      case either: return R"({"anyOf": [{"type": "integer"}, {"type": "string"}]})";
      case nothing: return "false";
      case listed: break;
    }
    std::string made;
    for (const Value each : values) {
      made += made.empty() ? "" : ", ";
      made += each == kX ? "\"x\"" : each == kY ? "\"y\"" : each == kNull ? "null" : std::to_string(each - kZero);
    }
    return R"({"enum": [)" + made + "]}";
  }
};

struct Model {
  std::map<char, What> properties;
  std::vector<char> required;
  What further;  // any: open; nothing: closed
  const What& of(char name) const {
    const auto own = properties.find(name);
    return own == properties.end() ? further : own->second;
  }
  bool takes(char name, Value value) const {
    if (value != kAbsent) return of(name).takes(value);
    return std::find(required.begin(), required.end(), name) == required.end();
  }
  std::string json() const {
    std::string own, needs;
    for (const auto& [name, what] : properties) own += (own.empty() ? "\"" : ", \"") + std::string(1, name) + "\": " + what.json();
    for (const char each : required) needs += (needs.empty() ? "\"" : ", \"") + std::string(1, each) + "\"";
    return R"({"type": "object", "properties": {)" + own + R"(}, "required": [)" + needs + R"(], "additionalProperties": )" +
           further.json() + "}";
  }
};

What random_what(Dice& dice) {
  What what;
  const auto roll = dice.roll(0, 9);
  what.kind = roll < 1 ? What::any : roll < 5 ? What::integer : roll < 7 ? What::text : roll < 8 ? What::either : What::listed;
  if (what.kind == What::integer && dice.once_in(2)) what.low = static_cast<int>(dice.roll(1, 2));
  if (what.kind == What::integer && dice.once_in(2)) what.high = static_cast<int>(dice.roll(2, 3));
  for (int v = kZero; v < kValues && what.kind == What::listed; ++v) {
    if (v == kZ) continue;
    if (dice.once_in(3) || (v == kNull && what.values.empty())) what.values.push_back(static_cast<Value>(v));
  }
  return what;
}

Model random_model(Dice& dice) {
  Model model;
  for (const char name : {'a', 'b', 'c'}) {
    if (!dice.once_in(3)) model.properties[name] = random_what(dice);
    if (model.properties.count(name) > 0 && dice.once_in(3)) model.required.push_back(name);
  }
  const auto further = dice.roll(0, 3);
  if (further == 0) model.further = random_what(dice);
  else model.further.kind = further == 1 ? What::any : What::nothing;
  return model;
}

// One thing changed, or all.
Model changed(const Model& from, Dice& dice) {
  Model to = from;
  const char name = static_cast<char>('a' + dice.roll(0, 2));
  const auto at = std::find(to.required.begin(), to.required.end(), name);
  switch (dice.roll(0, 5)) {
    case 0: return random_model(dice);
    case 1: to.properties.erase(name); if (at != to.required.end()) to.required.erase(at); break;
    case 2: to.properties[name] = random_what(dice); break;
    case 3:
      if (at != to.required.end()) to.required.erase(at);
      else if (to.properties.count(name) > 0) to.required.push_back(name);
      break;
    case 4: to.further = random_model(dice).further; break;
    default:
      for (auto& [each, what] : to.properties) {
        if (what.kind == What::integer) what.low = what.high = -1;
        if (what.kind == What::text) what.kind = What::either;
      }
  }
  return to;
}

// Whether the old model takes something that the new one does not, at any of its properties, or at one that neither describes.
// Each property is by itself, and takes something, so that is all there is to documents.
bool has_witness(const Model& older, const Model& newer) {
  for (const char name : {'a', 'b', 'c', 'd'})
    for (int value = 0; value < kValues; ++value)
      if (older.takes(name, static_cast<Value>(value)) && !newer.takes(name, static_cast<Value>(value))) return true;
  return false;
}

// Where the registry does not look as closely: a bounded range that comes to a list; a list of numbers and words that comes to
// either; and a required property that takes anything, new in an open model, which it lets pass.
bool is_seen(const Model& older, const Model& newer) {
  for (const char name : {'a', 'b', 'c', 'd'}) {
    const What &from = older.of(name), &to = newer.of(name);
    const bool mixed = from.kind == What::listed && from.values.front() <= kFour && from.values.back() >= kX;
    if (to.kind == What::listed && from.kind == What::integer) return false;
    if (to.kind == What::either && mixed) return false;
    const bool is_new = older.properties.count(name) == 0 && newer.properties.count(name) > 0;
    if (is_new && older.further.kind == What::any && to.kind == What::any && !newer.takes(name, kAbsent)) return false;
  }
  return true;
}

// --- Protobuf: each field changes by itself, and what that comes to is said with it. Backward: all of it may be.

struct Edit {
  std::string older, newer;
  bool allowed = true;
};

// Field `n`, old and new, by one of the sentences of M6.
Edit random_edit(Dice& dice, int n) {
  static const std::vector<std::vector<std::string>> groups = {
      {"int32", "int64", "uint32", "uint64", "bool", "Colour"}, {"sint32", "sint64"}, {"string", "bytes"}, {"fixed32", "sfixed32"},
      {"fixed64", "sfixed64"}, {"float"}, {"double"}, {"Bill"}, {"Note"}};
  const auto pick = [&](std::size_t group) {
    return groups[group][static_cast<std::size_t>(dice.roll(0, static_cast<std::int64_t>(groups[group].size()) - 1))];
  };
  const auto group = static_cast<std::size_t>(dice.roll(0, static_cast<std::int64_t>(groups.size()) - 1));
  const std::string number = " = " + std::to_string(n) + "; ", name = " f" + std::to_string(n);
  const std::string type = pick(group), same = type + name + number;
  switch (dice.roll(0, 9)) {
    case 0: return {"", same, true};
    case 1: return {same, "", true};
    case 2: return {same, type + name + "_renamed" + number, true};
    case 3: return {same, pick(group) + name + number, true};
    case 4: {
      const auto other = static_cast<std::size_t>(dice.roll(0, static_cast<std::int64_t>(groups.size()) - 1));
      return {same, pick(other) + name + number, other == group};
    }
    case 5: return {same, "repeated " + same, group == 2 || group >= 7};  // numbers may be packed
    case 6: return {same, "oneof one" + std::to_string(n) + " { " + same + "} ", true};
    case 7: return {"oneof one" + std::to_string(n) + " { " + same + "} ", same, true};
    case 8: {
      const std::string other = " string g" + std::to_string(n) + " = " + std::to_string(n + 100) + "; ";
      const std::string one = "oneof one" + std::to_string(n);
      const bool goes = dice.once_in(2);  // one of its fields goes, or one that was alone comes in
      return goes ? Edit{one + " { " + same + other + "} ", one + " { " + same + "} ", false}
                  : Edit{one + " { " + same + "} " + other, one + " { " + same + other + "} ", false};
    }
    default: return {"map<string, " + type + ">" + name + number, "map<string, " + pick(group) + ">" + name + number, true};
  }
}

}  // namespace

TEST_CASE("random JSON Schemas: backward, unless something of a small world fits the old one only") {
  int allowed = 0;
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    Dice dice{seed};
    const Model older = random_model(dice), newer = changed(older, dice);
    if (!is_seen(older, newer)) continue;
    const bool found = has_witness(older, newer);
    const bool backward = refusals(Compatibility::backward, SchemaFormat::json, newer.json(), {older.json()}).empty();
    if (backward == !found) {
      allowed += backward;
      continue;
    }
    FAIL_CHECK("seed " << seed << ": " << older.json() << " to " << newer.json() << (backward ? " is allowed" : " is refused"));
  }
  CHECK(allowed > 2'000);
  CHECK(allowed < 18'000);
}

TEST_CASE("random Protobuf files: backward, if the change of each field is") {
  int allowed = 0;
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    Dice dice{seed};
    std::string older, newer;
    bool expected = true;
    for (int n = 1, all = static_cast<int>(dice.roll(1, 4)); n <= all; ++n) {
      const Edit edit = random_edit(dice, n);
      older += edit.older;
      newer += edit.newer;
      expected = expected && edit.allowed;
    }
    const bool inside = dice.once_in(3);  // the fields stand in a message of that message
    const auto file = [inside](const std::string& fields) {
      return "syntax = \"proto3\"; message Order { " + (inside ? "message Part { " + fields + "} Part part = 1; " : fields) +
             "} enum Colour { RED = 0; } message Bill {} message Note {}";
    };
    const bool backward = refusals(Compatibility::backward, SchemaFormat::protobuf, file(newer), {file(older)}).empty();
    allowed += backward;
    if (backward != expected) FAIL_CHECK("seed " << seed << ": " << older << " to " << newer << (backward ? " is allowed" : " is refused"));
  }
  CHECK(allowed > 2'000);
  CHECK(allowed < 18'000);
}

}  // namespace nutshell::random_changes
