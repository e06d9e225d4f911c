// JSON as rows hold it: read into a tree that keeps numbers as written, so that no digit is lost, and written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutshell::streams {

enum class JsonKind : std::uint8_t { null, truth, number, text, list, object };

struct Json {
  JsonKind kind = JsonKind::null;
  bool truth = false;
  // Of a text: itself. Of a number: its digits as written.
  std::string text;
  // Of a list, and of an object.
  std::vector<Json> items;
  // Of an object: the names of its items.
  std::vector<std::string> names;

  // The item of that name; null pointer if there is none or this is no object. Case counts.
  const Json* find(std::string_view name) const;
  // The one written so, else the one that is written so in capitals: columns are in capitals unless quoted (S9).
  const Json* find_folded(std::string_view name) const;
};

// Nothing if it is not one JSON value, whole, nested at most 100 deep. `wrong` then says at which byte and why.
std::optional<Json> parse_json(std::string_view text, std::string* wrong = nullptr);

// The same of what a text begins with: what follows the value does not matter.
std::optional<Json> parse_json_prefix(std::string_view text);

// The fields of one flat object, without a tree: of each its name, whether it is text, and its text or what stands there.
// False, and nothing promised of `fields`, if it is no such object: it has lists or objects in it, escapes in names, or is
// wrong; parse_json() then tells.
struct FlatField {
  std::string_view name;
  bool text = false;
  std::string_view raw;
  // Of a text with escapes: what it comes to; otherwise `raw` is it.
  bool escaped = false;
};
bool read_flat(std::string_view text, std::vector<FlatField>& fields);

// With quotes, and escapes where JSON wants them.
void write_json_text(std::string& out, std::string_view text);
std::string json_text(const Json& json);

// The number as 64 bits; nothing if it is no number, has a fraction or does not fit.
std::optional<std::int64_t> json_whole(const Json& json);

}  // namespace nutshell::streams
