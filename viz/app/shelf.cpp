#include "viz/app/shelf.h"

#include <algorithm>

#include "sim/command/library.h"

namespace nutshell {

namespace {

template <class Is>
std::optional<std::size_t> first_card(const std::vector<LessonCard>& cards, const Is& is) {
  const auto found = std::find_if(cards.begin(), cards.end(), is);
  return found == cards.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - cards.begin()));
}

}  // namespace

std::optional<std::size_t> Shelf::titled(const std::string& title) const {
  return first_card(cards, [&](const LessonCard& each) { return each.title == title; });
}

std::optional<std::size_t> Shelf::named(const std::string& name) const {
  return first_card(cards, [&](const LessonCard& each) { return lesson_name(each.file) == lesson_name(name); });
}

std::optional<Scenario> Shelf::open(std::size_t which) const {
  std::string error;
  return which < cards.size() ? read(cards[which].file, error) : std::nullopt;
}

std::optional<Scenario> Shelf::shipped(const std::string& name) const {
  const std::optional<std::size_t> which = named(name);
  return which ? open(*which) : std::nullopt;
}

}  // namespace nutshell
