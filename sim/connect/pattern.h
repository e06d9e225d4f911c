// Regular expressions as Java has them, as far as names of topics need them: letters, `.`, classes, groups, `|`, `* + ? {m,n}` (also
// lazy), `\d \w \s` and their opposites, `^ $`. What is more (look-around, back references) is refused. A match takes a bounded number
// of steps; what needs more does not match, and says so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nutshell::connect {

class Pattern {
 public:
  // Nothing, and `wrong` says at which character and why.
  static std::optional<Pattern> read(std::string_view text, std::string& wrong);

  // What each group took, group 0 being the whole, as begin and end; {-1, -1} took no part.
  using Groups = std::vector<std::pair<std::int32_t, std::int32_t>>;
  enum class Outcome : std::uint8_t { matches, differs, too_much };
  // Whether the whole text is of the pattern.
  Outcome match(std::string_view text, Groups& groups) const;
  // `replacement` with $n put in, after a match; `$` and `\` are escaped by `\`. Nothing: there is no such group.
  static std::optional<std::string> replace(std::string_view replacement, std::string_view text, const Groups& groups);
  std::int32_t group_count() const { return groups_; }
  const std::string& text() const { return text_; }

 private:
  friend class PatternReader;
  friend class PatternMatcher;
  enum class Kind : std::uint8_t { letter, any, set, group, begin, end };
  // An alternative is a run of nodes; what a group or the whole holds is a list of alternatives. Nodes are named by their places.
  struct Node {
    Kind kind = Kind::letter;
    char letter = 0;
    bool negated = false, lazy = false;
    std::string members;                              // of a set, each once
    std::vector<std::vector<std::int32_t>> choices;   // of a group
    std::int32_t group = -1;                          // its number; -1: it takes none
    std::int32_t least = 1, most = 1;                 // -1: without end
  };
  std::string text_;
  std::vector<Node> nodes_;
  std::int32_t root_ = -1;
  std::int32_t groups_ = 0;
};

}  // namespace nutshell::connect
