// Regular expressions as Java programs write them, for what Kafka's world configures with them: functions of ksqlDB,
// transforms of Connect. The one place that knows the library (PCRE2), whose language is Java's but for rarities
// (possessive classes, \p{javaLowerCase} and its like).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutshell {

class Regex {
 public:
  // What a group took: bytes [from, to) of the text.
  struct Span {
    std::size_t from = 0, to = 0;
  };
  // Group 0 is all of it; a group that took no part is empty.
  using Match = std::vector<std::optional<Span>>;

  // nullopt: `error` says what is wrong and where, "missing closing parenthesis at 4".
  static std::optional<Regex> compile(std::string_view pattern, std::string& error);

  // How many groups there are beside the whole.
  std::size_t groups() const;

  // The first match at `from` or after. nullopt: there is none, or the search was given up after a million steps (a
  // pattern like (a*)*b may take for ever) or the text is no UTF-8.
  std::optional<Match> find(std::string_view text, std::size_t from = 0) const;
  // All of the text, as Matcher.matches().
  std::optional<Match> matches(std::string_view text) const;
  // All that find() finds, one after another, as Matcher.find() does.
  std::vector<Match> find_all(std::string_view text) const;
  // As Matcher.replaceAll(): $1 and ${name} are groups, \ takes the next character as it is. nullopt: the replacement names
  // a group that is not there, or ends in $ or in \.
  std::optional<std::string> replace_all(std::string_view text, std::string_view replacement) const;
  // The same with the first that find() finds, as Matcher.replaceFirst().
  std::optional<std::string> replace_first(std::string_view text, std::string_view replacement) const;

 private:
  struct Code;
  explicit Regex(std::shared_ptr<const Code> code) : code_(std::move(code)) {}
  std::optional<Match> run(std::string_view text, std::size_t from, bool whole) const;
  std::optional<std::size_t> group_named(const std::string& name) const;
  std::optional<std::string> replace(const std::vector<Match>& matches, std::string_view text, std::string_view replacement) const;
  bool write(std::string& out, std::string_view text, const Match& match, std::string_view replacement) const;

  std::shared_ptr<const Code> code_;
};

// What the group took of the text; empty if it took no part.
std::string_view part_of(std::string_view text, const std::optional<Regex::Span>& span);

}  // namespace nutshell
