// A connector's properties, read one after the other: whoever is done asks which were not read, so that a mistyped key is an error
// and no silent default. The first thing that is wrong stays as `problem`, a sentence.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/types.h"

namespace nutshell::connect {

using Properties = std::map<std::string, std::string>;

class Settings {
 public:
  explicit Settings(const Properties& properties) : properties_(properties) {}

  bool has(const std::string& key) const { return properties_.count(key) > 0; }
  std::string text(const std::string& key, std::string_view fallback = "");
  // A value that has to be there.
  std::string required(const std::string& key);
  bool truth(const std::string& key, bool fallback);
  std::int64_t whole(const std::string& key, std::int64_t fallback, std::int64_t least, std::int64_t most);
  // Milliseconds.
  Duration span(const std::string& key, Duration fallback);
  // "a,b, c": blanks around a comma do not count, those within a name do.
  std::vector<std::string> list(const std::string& key);
  // The place of the value among `words`.
  std::size_t one_of(const std::string& key, const std::vector<std::string_view>& words, std::size_t fallback = 0);

  void wrong(std::string sentence) {
    if (problem_.empty()) problem_ = std::move(sentence);
  }
  // Says of a key that nobody read that it is unknown, and which one is near.
  void refuse_unread();
  const std::string& problem() const { return problem_; }

 private:
  const std::string* find(const std::string& key);
  const Properties& properties_;
  std::set<std::string> read_;
  std::string problem_;
};

// The last part of a class's name, "Value" of its nested class kept: "InsertField$Value".
std::string_view short_class(std::string_view name);

}  // namespace nutshell::connect
