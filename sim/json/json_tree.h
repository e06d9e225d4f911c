// JSON texts as trees that keep what the text says: members in its order, and numbers as they were written.
//
// For small files that are no scenarios: schemas, prices. Comments are allowed. Nothing throws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutshell {

// Arrays and objects within each other, and bytes of a text; what is deeper or longer is refused.
inline constexpr std::size_t kMaxTreeDepth = 64;
inline constexpr std::size_t kMaxTreeBytes = 1 << 20;

struct JsonTree {
  enum class Kind : std::uint8_t { null, truth, number, text, list, object };
  Kind kind = Kind::null;
  bool truth = false;
  bool whole = false;  // of a number: it is an integer of 64 bits, `integer`
  std::int64_t integer = 0;
  double real = 0;                // of a number, the nearest there is
  std::string text;               // of a text; of a number, as it was written
  std::vector<std::string> keys;  // of an object, one for each of `items`
  std::vector<JsonTree> items;
  std::int32_t number = 0;  // of the value in the text, from 1: no two of a tree have the same

  bool is(Kind which) const { return kind == which; }
  // The member of an object; nullptr: it has none of that name, or is no object.
  const JsonTree* find(std::string_view key) const;
  // Which value it is; not where it stands.
  friend bool operator==(const JsonTree& a, const JsonTree& b) {
    return a.kind == b.kind && a.truth == b.truth && a.text == b.text && a.keys == b.keys && a.items == b.items;
  }
};

struct JsonTreeResult {
  std::optional<JsonTree> tree;
  std::string problem;  // a sentence with line and column, if there is no tree
};
JsonTreeResult parse_json_tree(std::string_view text);

// In which line of the text that value of its tree begins. REQUIRES the text was read, and has the value.
std::size_t line_of_value(std::string_view text, std::int32_t number);

// The shortest text that means the same; members in their order.
std::string compact_json(const JsonTree& tree);
// A text as JSON, with its quotes. REQUIRES valid UTF-8.
std::string quoted_json(std::string_view text);
// What it is, in words: "a number".
std::string_view json_kind_name(JsonTree::Kind kind);

}  // namespace nutshell
