// What is wrong with a statement: the rule of the language that it breaks, where, and what to write instead.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nutshell::streams {

// A place in the text of a script. Both count from 1; columns are bytes.
struct Place {
  int line = 1;
  int column = 1;
};

struct Problem {
  // The number of the mistake, "E5" (sim/streams/RULES.md); empty for what no number has.
  std::string rule;
  Place at;
  // Whole sentences: what is wrong, and what to write instead.
  std::string text;
};

// "line 3, column 14: ... (E5)"
std::string say(const Problem& problem);

// Collects the first problem; whoever meets one gives up and returns something harmless.
class Complaint {
 public:
  void say(std::string_view rule, Place at, std::string text) {
    if (!first_) first_ = Problem{std::string(rule), at, std::move(text)};
  }
  bool any() const { return first_.has_value(); }
  const Problem& first() const { return *first_; }

 private:
  std::optional<Problem> first_;
};

// The known name that is nearest to `name`, without regard to case; "" if none is near.
std::string nearest(std::string_view name, const std::vector<std::string>& known);
// " Did you mean X?" or "".
std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);
// "a, b, c"
std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ");

// Letters of ASCII only, as the language folds them.
std::string upper(std::string_view text);
std::string lower(std::string_view text);
bool same_word(std::string_view a, std::string_view b);

}  // namespace nutshell::streams
