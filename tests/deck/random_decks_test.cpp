// Decks that nobody would write, at sizes that nobody has: nothing on them stands outside its box, or over something else.
#include <doctest/doctest.h>

#include <string>

#include "sim/core/random.h"
#include "tests/deck/placed.h"
#include "tests/deck/written.h"

namespace nutshell {
namespace {

using testing::letters;
using testing::misplaced;

// Draws one after the other, of one deck.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  std::size_t below(std::size_t bound) { return nutshell::below(draw(seed_, Purpose::fuzz, 0, nth_++), bound); }
  bool one_in(std::size_t count) { return below(count) == 0; }

 private:
  std::uint64_t seed_, nth_ = 0;
};

std::string word(Dice& dice) {
  constexpr const char* kWords[] = {"a", "log", "Kafka", "\u00dcberlauf", "consumers", "**partition**", "*idle*", "`acks=all`",
                                    "p<sub>0</sub>", "x<sup>2</sup>", "~~gone~~", "[link](https://kafka.apache.org)",
                                    "min.insync.replicas"};
  if (dice.one_in(40)) return std::string(20 + dice.below(120), 'W');
  return kWords[dice.below(std::size(kWords))];
}

std::string words(Dice& dice, std::size_t most) {
  std::string all = word(dice);
  for (std::size_t i = dice.below(most); i > 0; --i) all += " " + word(dice);
  return all;
}

std::string list(Dice& dice) {
  std::string all;
  const std::size_t count = 1 + dice.below(dice.one_in(6) ? 60 : 7);
  const bool numbered = dice.one_in(3);
  const std::string first = std::to_string(dice.one_in(3) ? 98765 : 1);
  for (std::size_t i = 0, depth = 0; i < count; ++i) {
    depth = i == 0 ? 0 : dice.below(depth + 2);
    all += std::string(depth * 4, ' ') + (numbered && depth == 0 ? first + ". " : "- ") + words(dice, 8) + "\n";
  }
  return all;
}

std::string table(Dice& dice) {
  const std::size_t columns = 1 + dice.below(dice.one_in(5) ? 30 : 5), rows = 1 + dice.below(dice.one_in(5) ? 60 : 6);
  const auto row = [&](const auto& cell) {
    std::string all = "|";
    for (std::size_t i = 0; i < columns; ++i) all += " " + cell() + " |";
    return all + "\n";
  };
  std::string all = row([&] { return dice.one_in(6) ? std::string() : words(dice, 3); });
  all += row([&] { return std::string(dice.one_in(2) ? "---" : "---:"); });
  for (std::size_t i = 0; i < rows; ++i) all += row([&] { return words(dice, 3); });
  return all;
}

std::string code(Dice& dice) {
  std::string all = "```sql\n";
  for (std::size_t i = 1 + dice.below(dice.one_in(5) ? 80 : 8); i > 0; --i) all += std::string(dice.below(8), ' ') + words(dice, 9) + "\n";
  return all + "```\n";
}

std::string image(Dice& dice) {
  constexpr const char* kHow[] = {"inline", "inline fit", "inline 40%", "fit", "original", "left", "right", "", "inline fill", "left fit"};
  constexpr const char* kWhat[] = {"living.png", "there.png", "nowhere.png"};
  return std::string("![") + kHow[dice.below(std::size(kHow))] + "](" + kWhat[dice.below(std::size(kWhat))] + ")";
}

std::string block(Dice& dice) {
  switch (dice.below(9)) {
    case 0: return std::string(1 + dice.below(6), '#') + " " + words(dice, 12) + "\n";
    case 1: return "# [fit] " + words(dice, 5) + "\n";
    case 2: return words(dice, 40) + "\n";
    case 3: return "> " + words(dice, 20) + "\n-- " + words(dice, 3) + "\n";
    case 4: return list(dice);
    case 5: return table(dice);
    case 6: return code(dice);
    case 7: return image(dice) + "\n";
    default: return image(dice) + image(dice) + "\n";
  }
}

std::string deck_text(Dice& dice) {
  std::string all = dice.one_in(2) ? "slidenumbers: true\nfooter: " + words(dice, 12) + "\n\n" : "";
  for (int slide = 0; slide < 4; ++slide) {
    if (slide > 0) all += "\n---\n\n";
    if (dice.one_in(4)) all += "[.header: text-scale(4)]\n[.text: text-scale(3)]\n";
    if (dice.one_in(4)) all += "[.header: alignment(right)]\n[.text: alignment(center)]\n";
    const bool columns = dice.one_in(4);
    for (std::size_t i = 1 + dice.below(5); i > 0; --i) {
      if (columns && dice.one_in(2)) all += "[.column]\n\n";
      all += block(dice) + "\n";
    }
  }
  return all;
}

TEST_CASE("nothing on a slide of a random deck leaves its box or lies over something else, at any size") {
  struct Size {
    float width, height;
  };
  constexpr Size kSizes[] = {{1920, 1080}, {1280, 720}, {1024, 768}, {640, 480}, {320, 200}, {2560, 800}, {720, 1280}};
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    Dice dice(seed);
    const std::string text = deck_text(dice);
    const Deck deck = testing::written(text);
    for (std::size_t i = 0; i < deck.slides.size(); ++i) {
      const Size size = kSizes[dice.below(std::size(kSizes))];
      SlideRoom room{size.width, size.height, SlideGround::light, i + 1, {}};
      room.facts = [](const SlideImage& which) {
        const bool there = which.path == "there.png";
        return PictureFacts{which.path == "living.png", there ? 400.0F : 0, there ? 300.0F : 0};
      };
      INFO("deck " << seed << ", slide " << i + 1 << " at " << size.width << " x " << size.height << "\n" << text);
      CHECK(misplaced(lay_out(deck, deck.slides[i], room, letters)) == "");
    }
  }
}

}  // namespace
}  // namespace nutshell
