#include "sim/deck/sections.h"

#include <charconv>
#include <optional>
#include <string_view>

namespace nutshell {

namespace {

constexpr std::string_view kPlan = "**Plan:";
constexpr int kMostMinutes = 1000;

// "7 min", "7": 7 minutes; "1.5" and "1,5" as well.
std::optional<Duration> minutes_in(std::string_view words) {
  words.remove_prefix(std::min(words.find_first_not_of(' '), words.size()));
  int whole = 0, tenth = 0;
  const char* end = words.data() + words.size();
  const auto read = std::from_chars(words.data(), end, whole);
  if (read.ec != std::errc() || whole < 0 || whole > kMostMinutes) return std::nullopt;
  const bool parted = read.ptr + 1 < end && (*read.ptr == '.' || *read.ptr == ',') && read.ptr[1] >= '0' && read.ptr[1] <= '9';
  if (parted) tenth = read.ptr[1] - '0';
  return (whole * 10 + tenth) * (kMinute / 10);
}

std::optional<Duration> planned_on(const Slide& slide) {
  for (const auto& [name, value] : slide.directives) {
    if (name == "minutes") return minutes_in(value);
  }
  for (const std::string& note : slide.notes) {
    if (note.starts_with(kPlan)) return minutes_in(std::string_view(note).substr(kPlan.size()));
  }
  return std::nullopt;
}

}  // namespace

std::vector<DeckSection> sections_of(const Deck& deck) {
  std::vector<DeckSection> sections;
  for (std::size_t i = 0; i < deck.slides.size(); ++i) {
    const std::optional<Duration> planned = planned_on(deck.slides[i]);
    if (i == 0 || planned) sections.push_back({i, deck.slides[i].title(), planned.value_or(0)});
  }
  // What opens a talk belongs to its first part.
  if (sections.size() > 1 && sections.front().planned == 0 && sections[1].first <= 2) {
    sections[1].first = 0;
    sections.erase(sections.begin());
  }
  return sections;
}

std::size_t section_at(const std::vector<DeckSection>& sections, std::size_t slide) {
  std::size_t at = 0;
  while (at + 1 < sections.size() && sections[at + 1].first <= slide) ++at;
  return at;
}

Duration planned_in_all(const std::vector<DeckSection>& sections) {
  Duration all = 0;
  for (const DeckSection& each : sections) all += each.planned;
  return all;
}

}  // namespace nutshell
