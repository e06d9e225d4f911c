// Reads members of JSON objects into values, and reports every mistake at its place.
//
// A wrong value leaves its target as it was and is reported once; reading goes on, so that one look at a file
// finds all that is wrong with it. finish() reports the members that nobody asked for.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/bounds.h"
#include "sim/core/types.h"
#include "sim/scenario/json_places.h"
#include "sim/scenario/problem.h"

namespace nutshell {

using Json = nlohmann::json;  // sorted keys: found fast, however many a hostile file has

// The file being read, and what was wrong with it so far.
struct JsonSource {
  std::string file;
  const JsonPlaces& places;
  std::vector<Problem>& problems;

  // At a value, or at the key of a member.
  void report(const std::string& path, std::string what, std::string hint = "");
  void report_key(const std::string& path, std::string what, std::string hint = "");
  // "there is no <kind> named 'x'", with the nearest of the known names, or all of them if they are few.
  void report_unknown(const std::string& path, std::string_view kind, std::string_view name,
                      const std::vector<std::string_view>& known);
  // The same about a key.
  void report_unknown_key(const std::string& path, std::string_view kind, std::string_view name,
                          const std::vector<std::string_view>& known);
};

// A value as a message quotes it, shortened: `"broker 1"`, `[1,2]`.
std::string quoted(const Json& value);

// Each reads one value. False, reported: the value is of another type or out of bounds.
bool read_text(JsonSource& reading, const Json& value, const std::string& path, std::string& out);
bool read_bool(JsonSource& reading, const Json& value, const std::string& path, bool& out);
bool read_integer(JsonSource& reading, const Json& value, const std::string& path, std::int64_t& out,
                  Bounds bounds = {});
bool read_duration(JsonSource& reading, const Json& value, const std::string& path, Duration& out, Bounds bounds = {});

class ObjectReader {
 public:
  // Reports a value that is no object; it then has no members.
  ObjectReader(JsonSource& reading, const Json& value, std::string path);

  JsonSource& reading() { return reading_; }
  const std::string& path() const { return path_; }
  std::string path(std::string_view key) const { return member_path(path_, key); }
  // False: the value was no object, so that missing members are no further news.
  bool is_object() const { return object_ != nullptr; }

  // The member, or nullptr. Asking makes the key a known one.
  const Json* find(std::string_view key);
  // Reports a missing member.
  const Json* need(std::string_view key);

  // Read a member into `out` if it is there. False: it is absent or wrong.
  bool text(std::string_view key, std::string& out);
  bool boolean(std::string_view key, bool& out);
  bool duration(std::string_view key, Duration& out, Bounds bounds = {});
  template <class Integer>
  bool integer(std::string_view key, Integer& out, Bounds bounds = {}) {
    std::int64_t value = 0;
    const Json* member = find(key);
    if (!member || !read_integer(reading_, *member, path(key), value, bounds)) return false;
    out = static_cast<Integer>(value);
    return true;
  }
  // An array of at most `most` elements. Calls f(element, path) for each.
  template <class F>
  void each(std::string_view key, std::size_t most, F f) {
    const Json* member = find(key);
    if (!member || !is_array(*member, path(key), most)) return;
    for (std::size_t i = 0; i < member->size(); ++i) f((*member)[i], element_path(path(key), i));
  }

  // Reports members that nobody asked for.
  void finish();

 private:
  bool is_array(const Json& value, const std::string& path, std::size_t most);

  JsonSource& reading_;
  const Json* object_ = nullptr;
  std::string path_;
  std::vector<std::string_view> known_;  // keys asked for, in order; string literals and field names
};

}  // namespace nutshell
