#include "sim/deck/deck.h"

#include <algorithm>

namespace nutshell {

namespace {

const std::string* find_setting(const Directives& all, std::string_view name) {
  // Said twice, the last word counts.
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const auto& each) { return each.first == name; });
  return found == all.rend() ? nullptr : &found->second;
}

std::string joined(const std::vector<SlideLine>& lines) {
  std::string all;
  for (const SlideLine& each : lines) all += (all.empty() ? "" : " ") + plain(each);
  return all;
}

}  // namespace

bool SlideText::looks_like(const SlideText& other) const {
  return strong == other.strong && emphasis == other.emphasis && code == other.code && struck == other.struck &&
         shift == other.shift && link == other.link;
}

std::string plain(const SlideLine& line) {
  std::string all;
  for (const SlideText& each : line) all += each.text;
  return all;
}

std::string Slide::title() const {
  std::string heading, words;
  int level = 0;
  for (const SlideBlock& each : blocks) {
    const bool heads = each.kind == SlideBlock::Kind::heading;
    // A heading may be written as several, one a line.
    if (heads && (heading.empty() || each.level == level)) {
      heading += (heading.empty() ? "" : " ") + joined(each.lines);
      level = each.level;
    } else if (!heading.empty()) {
      break;
    } else if (words.empty()) {
      words = each.items.empty() ? joined(each.lines) : joined(each.items.front().lines);
    }
  }
  if (!heading.empty()) return heading;
  if (!words.empty() || images.empty()) return words;
  return images.front().about;
}

std::string_view Deck::setting(const Slide& slide, std::string_view name) const {
  if (const std::string* said = find_setting(slide.directives, name)) return *said;
  if (const std::string* said = find_setting(settings, name)) return *said;
  return "";
}

std::size_t Deck::builds(const Slide& slide) const {
  if (!is_on(slide, "build-lists")) return 0;
  std::size_t items = 0;
  for (const SlideBlock& each : slide.blocks) {
    items += static_cast<std::size_t>(
        std::count_if(each.items.begin(), each.items.end(), [](const SlideItem& item) { return item.depth == 0; }));
  }
  return items;
}

}  // namespace nutshell
