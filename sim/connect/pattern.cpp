#include "sim/connect/pattern.h"

#include <algorithm>

namespace nutshell::connect {
namespace {

constexpr std::int32_t kMaxDepth = 40;
constexpr std::int32_t kMaxRepeat = 1000;
constexpr std::int32_t kMaxSteps = 200'000;
constexpr std::int32_t kMaxNesting = 2'000;  // of calls while matching

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// The characters of \d, \w, \s and their opposites; false: it is none of them.
bool named_set(char name, std::string& members) {
  const char lower = static_cast<char>(name | 0x20);
  if (lower != 'd' && lower != 'w' && lower != 's') return false;
  for (int i = 1; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool in = lower == 'd' ? is_digit(c) : lower == 'w' ? is_word(c) : is_space(c);
    if (in == (name == lower)) members += c;
  }
  return true;
}

}  // namespace

class PatternReader {
 public:
  PatternReader(Pattern& pattern, std::string_view text) : pattern_(pattern), text_(text) {}

  bool read(std::string& wrong) {
    pattern_.root_ = add({});
    pattern_.nodes_[0].kind = Pattern::Kind::group;
    pattern_.nodes_[0].group = 0;
    std::vector<std::vector<std::int32_t>> choices;
    if (choices_into(choices, 0) && at_ < text_.size()) fail("a closing bracket that was not opened");
    pattern_.nodes_[0].choices = std::move(choices);
    wrong = wrong_;
    return wrong.empty();
  }

 private:
  bool fail(std::string why) {
    if (wrong_.empty()) wrong_ = why + " at character " + std::to_string(at_ + 1);
    return false;
  }
  bool at_end() const { return at_ >= text_.size(); }
  std::int32_t add(Pattern::Node node) {
    pattern_.nodes_.push_back(std::move(node));
    return static_cast<std::int32_t>(pattern_.nodes_.size()) - 1;
  }

  bool choices_into(std::vector<std::vector<std::int32_t>>& choices, std::int32_t depth) {
    if (depth > kMaxDepth) return fail("brackets are nested more than " + std::to_string(kMaxDepth) + " deep");
    choices.emplace_back();
    while (!at_end() && text_[at_] != ')') {
      if (text_[at_] == '|') {
        ++at_;
        choices.emplace_back();
        continue;
      }
      Pattern::Node node;
      if (!atom(node, depth) || !count(node)) return false;
      choices.back().push_back(add(std::move(node)));
    }
    return true;
  }

  bool atom(Pattern::Node& node, std::int32_t depth) {
    const char c = text_[at_++];
    switch (c) {
      case '.': node.kind = Pattern::Kind::any; return true;
      case '^': node.kind = Pattern::Kind::begin; return true;
      case '$': node.kind = Pattern::Kind::end; return true;
      case '[': return set(node);
      case '(': return group(node, depth);
      case '\\': return escape(node);
      case '*':
      case '+':
      case '?':
      case '{': --at_; return fail("nothing stands before a repetition");
      default: node.letter = c; return true;
    }
  }

  bool group(Pattern::Node& node, std::int32_t depth) {
    node.kind = Pattern::Kind::group;
    if (text_.substr(at_, 2) == "?:") at_ += 2;
    else if (text_.substr(at_, 1) == "?") return fail("groups that look around, or have names or flags, are not known here");
    else node.group = ++pattern_.groups_;
    if (!choices_into(node.choices, depth + 1)) return false;
    if (at_end()) return fail("an opening bracket is not closed");
    ++at_;
    return true;
  }

  bool escape(Pattern::Node& node) {
    if (at_end()) return fail("a backslash escapes nothing");
    const char c = text_[at_++];
    if (named_set(c, node.members)) {
      node.kind = Pattern::Kind::set;
      return true;
    }
    if (is_word(c)) return --at_, fail(std::string("the escape \\") + c + " is not known here");
    node.letter = c;
    return true;
  }

  bool set(Pattern::Node& node) {
    node.kind = Pattern::Kind::set;
    if (!at_end() && text_[at_] == '^') node.negated = true, ++at_;
    while (!at_end() && text_[at_] != ']') {
      char from = text_[at_++];
      if (from == '[' || from == '&') return --at_, fail("sets within sets are not known here");
      if (from == '\\') {
        if (at_end()) break;
        from = text_[at_++];
        if (named_set(from, node.members)) continue;
      }
      char to = from;
      if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
        to = text_[at_ + 1];
        at_ += 2;
      }
      if (static_cast<unsigned char>(to) < static_cast<unsigned char>(from)) return fail("a range in a set runs backwards");
      for (int each = static_cast<unsigned char>(from); each <= static_cast<unsigned char>(to); ++each)
        node.members += static_cast<char>(each);
    }
    if (at_end()) return fail("an opening [ is not closed");
    ++at_;
    return true;
  }

  bool number(std::int32_t& value) {
    const std::size_t begin = at_;
    value = 0;
    while (!at_end() && is_digit(text_[at_]) && value <= kMaxRepeat) value = 10 * value + (text_[at_++] - '0');
    return at_ > begin && value <= kMaxRepeat;
  }

  bool count(Pattern::Node& node) {
    if (at_end()) return true;
    const char c = text_[at_];
    if (c == '*' || c == '+' || c == '?') {
      ++at_;
      node.least = c == '+' ? 1 : 0;
      node.most = c == '?' ? 1 : -1;
    } else if (c == '{') {
      ++at_;
      if (!number(node.least)) return fail("a repetition wants numbers up to " + std::to_string(kMaxRepeat));
      node.most = node.least;
      if (!at_end() && text_[at_] == ',') {
        ++at_;
        node.most = -1;
        if (!at_end() && text_[at_] != '}' && (!number(node.most) || node.most < node.least))
          return fail("a repetition wants numbers up to " + std::to_string(kMaxRepeat) + ", the smaller one first");
      }
      if (at_end() || text_[at_] != '}') return fail("an opening { is not closed");
      ++at_;
    } else {
      return true;
    }
    if (!at_end() && text_[at_] == '?') node.lazy = true, ++at_;
    if (!at_end() && text_[at_] == '+') return fail("possessive repetition is not known here");
    return true;
  }

  Pattern& pattern_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::string wrong_;
};

// Tries in Java's order, one step after the other; what is still to be done is a chain of frames on the stack.
class PatternMatcher {
 public:
  PatternMatcher(const Pattern& pattern, std::string_view text, Pattern::Groups& groups)
      : pattern_(pattern), text_(text), groups_(groups) {}

  bool run() { return node(pattern_.root_, 0, 0, nullptr); }
  bool too_much() const { return steps_ > kMaxSteps || deepest_ > kMaxNesting; }

 private:
  struct Next {
    enum class What : std::uint8_t { sequence, repeat, close } what = What::sequence;
    const std::vector<std::int32_t>* nodes = nullptr;  // sequence
    std::size_t from = 0;
    std::int32_t node = -1, done = 0;  // repeat, close
    std::int32_t began = 0;
    const Next* then = nullptr;
  };

  bool within_bounds() {
    ++steps_;
    deepest_ = std::max(deepest_, depth_);
    return !too_much();
  }

  bool go_on(const Next* next, std::int32_t at) {
    if (!next) return at == static_cast<std::int32_t>(text_.size());
    switch (next->what) {
      case Next::What::sequence: return sequence(*next->nodes, next->from, at, next->then);
      case Next::What::repeat:
        // After a round that took nothing, another would take as little.
        if (at == next->began && next->done >= pattern_.nodes_[static_cast<std::size_t>(next->node)].least)
          return go_on(next->then, at);
        return node(next->node, next->done, at, next->then);
      case Next::What::close: break;
    }
    auto& group = groups_[static_cast<std::size_t>(next->done)];
    const auto before = group;
    group = {next->began, at};
    if (go_on(next->then, at)) return true;
    group = before;
    return false;
  }

  bool sequence(const std::vector<std::int32_t>& nodes, std::size_t from, std::int32_t at, const Next* then) {
    if (from == nodes.size()) return go_on(then, at);
    const Next next{Next::What::sequence, &nodes, from + 1, -1, 0, 0, then};
    return node(nodes[from], 0, at, &next);
  }

  // The node, which has been taken `done` times already.
  bool node(std::int32_t place, std::int32_t done, std::int32_t at, const Next* then) {
    if (!within_bounds()) return false;
    ++depth_;
    const Pattern::Node& node = pattern_.nodes_[static_cast<std::size_t>(place)];
    const bool may_stop = done >= node.least;
    const bool may_go_on = node.most < 0 || done < node.most;
    bool matched = false;
    if (may_stop && (node.lazy || !may_go_on)) matched = go_on(then, at);
    if (!matched && may_go_on) {
      const Next again{Next::What::repeat, nullptr, 0, place, done + 1, at, then};
      matched = once(node, at, &again);
    }
    if (!matched && may_stop && may_go_on && !node.lazy) matched = go_on(then, at);
    --depth_;
    return matched;
  }

  bool once(const Pattern::Node& node, std::int32_t at, const Next* then) {
    const bool at_end = at == static_cast<std::int32_t>(text_.size());
    switch (node.kind) {
      case Pattern::Kind::begin: return at == 0 && anchored(node, then, at);
      case Pattern::Kind::end: return at_end && anchored(node, then, at);
      case Pattern::Kind::group: {
        const Next close{Next::What::close, nullptr, 0, -1, node.group, at, then};
        for (const auto& choice : node.choices) {
          if (sequence(choice, 0, at, node.group < 0 ? then : &close)) return true;
        }
        return false;
      }
      default: break;
    }
    if (at_end) return false;
    const char c = text_[static_cast<std::size_t>(at)];
    const bool in = node.kind == Pattern::Kind::any   ? c != '\n'
                    : node.kind == Pattern::Kind::set ? (node.members.find(c) != std::string::npos) != node.negated
                                                      : c == node.letter;
    return in && go_on(then, at + 1);
  }

  // An anchor takes nothing: it is not asked a second time.
  bool anchored(const Pattern::Node&, const Next* then, std::int32_t at) { return go_on(then->then, at); }

  const Pattern& pattern_;
  std::string_view text_;
  Pattern::Groups& groups_;
  std::int32_t steps_ = 0, depth_ = 0, deepest_ = 0;
};

std::optional<Pattern> Pattern::read(std::string_view text, std::string& wrong) {
  Pattern pattern;
  pattern.text_ = text;
  PatternReader reader(pattern, text);
  if (!reader.read(wrong)) return std::nullopt;
  return pattern;
}

Pattern::Outcome Pattern::match(std::string_view text, Groups& groups) const {
  groups.assign(static_cast<std::size_t>(groups_) + 1, {-1, -1});
  PatternMatcher matcher(*this, text, groups);
  if (matcher.run()) return Outcome::matches;
  return matcher.too_much() ? Outcome::too_much : Outcome::differs;
}

std::optional<std::string> Pattern::replace(std::string_view replacement, std::string_view text, const Groups& groups) {
  std::string out;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] == '\\' && i + 1 < replacement.size()) {
      out += replacement[++i];
    } else if (replacement[i] != '$') {
      out += replacement[i];
    } else {
      // As many digits as still name a group.
      if (i + 1 >= replacement.size() || !is_digit(replacement[i + 1])) return std::nullopt;
      std::size_t group = static_cast<std::size_t>(replacement[++i] - '0');
      if (group >= groups.size()) return std::nullopt;
      while (i + 1 < replacement.size() && is_digit(replacement[i + 1])) {
        const std::size_t longer = 10 * group + static_cast<std::size_t>(replacement[i + 1] - '0');
        if (longer >= groups.size()) break;
        group = longer;
        ++i;
      }
      const auto [begin, end] = groups[group];
      if (begin >= 0) out += text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    }
  }
  return out;
}

}  // namespace nutshell::connect
