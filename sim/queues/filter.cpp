#include "sim/queues/filter.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "sim/core/text.h"

namespace nutshell::queues {
namespace {

constexpr std::size_t kMostBytes = 256, kMostDepth = 30;

// A text of Pub/Sub's grammar, read from the front. The first mistake ends it.
class FilterText {
 public:
  explicit FilterText(std::string_view text) : text_(text) {}

  std::string parse(FilterNode& out) {
    out = either(0);
    skip();
    if (wrong_.empty() && at_ < text_.size()) fail("there is more behind the filter");
    return wrong_;
  }

 private:
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  void fail(const std::string& what) {
    if (wrong_.empty()) wrong_ = what + ", at character " + std::to_string(at_ + 1);
  }
  bool take(std::string_view token) {
    skip();
    if (text_.substr(at_, token.size()) != token) return false;
    const std::size_t end = at_ + token.size();
    const bool word = std::isalpha(static_cast<unsigned char>(token.front())) != 0;
    if (word && token != "attributes" && end < text_.size() && std::isalnum(static_cast<unsigned char>(text_[end]))) return false;
    at_ = end;
    return true;
  }
  void need(std::string_view token) {
    if (!take(token)) fail("'" + std::string(token) + "' is missing");
  }
  std::string quoted() {
    need("\"");
    std::string text;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      text += text_[at_++];
    }
    if (at_ >= text_.size()) fail("the end of a text is missing");
    else ++at_;
    return text;
  }
  std::string name() {
    skip();
    if (at_ < text_.size() && text_[at_] == '"') return quoted();
    std::string text;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_' || text_[at_] == '-'))
      text += text_[at_++];
    if (text.empty()) fail("the name of an attribute is missing");
    return text;
  }

  FilterNode joined(FilterNode::Join join, std::vector<FilterNode> parts) {
    if (parts.size() == 1 && join != FilterNode::Join::none) return parts.front();
    FilterNode node;
    node.join = join;
    node.parts = std::move(parts);
    return node;
  }
  FilterNode either(std::size_t depth) {
    std::vector<FilterNode> parts = {both(depth)};
    while (wrong_.empty() && take("OR")) parts.push_back(both(depth));
    return joined(FilterNode::Join::any, std::move(parts));
  }
  FilterNode both(std::size_t depth) {
    std::vector<FilterNode> parts = {one(depth)};
    while (wrong_.empty() && take("AND")) parts.push_back(one(depth));
    return joined(FilterNode::Join::all, std::move(parts));
  }
  FilterNode one(std::size_t depth) {
    if (depth > kMostDepth) fail("is nested too deeply");
    if (!wrong_.empty()) return {};
    if (take("NOT") || take("-")) return joined(FilterNode::Join::none, {one(depth + 1)});
    if (take("(")) {
      FilterNode inner = either(depth + 1);
      need(")");
      return inner;
    }
    return predicate();
  }
  FilterNode predicate() {
    FilterNode node;
    Condition& it = node.condition;
    if (take("hasPrefix")) {
      need("(");
      need("attributes");
      need(".");
      it.attribute = name();
      need(",");
      it.is = Condition::Is::prefix;
      it.values = {quoted()};
      need(")");
      return node;
    }
    need("attributes");
    if (take(":")) {
      it.attribute = name();
      return node;
    }
    need(".");
    it.attribute = name();
    it.is = take("!=") ? Condition::Is::none_of : Condition::Is::any_of;
    if (it.is == Condition::Is::any_of) need("=");
    it.values = {quoted()};
    return node;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string wrong_;
};

}  // namespace

bool holds(const Condition& condition, const Headers& attributes) {
  const std::string* value = nullptr;
  for (const auto& [name, text] : attributes)
    if (name == condition.attribute) value = &text;
  const bool named = value && std::find(condition.values.begin(), condition.values.end(), *value) != condition.values.end();
  switch (condition.is) {
    case Condition::Is::any_of: return named;
    case Condition::Is::none_of: return !named;
    case Condition::Is::exists: return value != nullptr;
    case Condition::Is::prefix: return value && value->rfind(condition.values.front(), 0) == 0;
    default: break;
  }
  const std::optional<std::int64_t> number = value ? parse_integer(*value) : std::nullopt;
  if (!number) return false;
  return condition.is == Condition::Is::at_least ? *number >= condition.number : *number <= condition.number;
}

bool holds(const FilterNode& filter, const Headers& attributes) {
  const auto met = [&](const FilterNode& each) { return holds(each, attributes); };
  switch (filter.join) {
    case FilterNode::Join::condition: return holds(filter.condition, attributes);
    case FilterNode::Join::all: return std::all_of(filter.parts.begin(), filter.parts.end(), met);
    case FilterNode::Join::any: return std::any_of(filter.parts.begin(), filter.parts.end(), met);
    case FilterNode::Join::none: return std::none_of(filter.parts.begin(), filter.parts.end(), met);
  }
  return false;
}

std::string parse_filter(std::string_view text, FilterNode& out) {
  if (text.size() > kMostBytes) return "is longer than " + std::to_string(kMostBytes) + " bytes";
  return FilterText(text).parse(out);
}

}  // namespace nutshell::queues
