#include "sim/deck/set_lines.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace nutshell {

namespace {

constexpr float kApart = 0.06F;    // in sizes
constexpr float kShifted = 0.5F, kAllShifted = 0.75F;  // the size of what stands lower or higher; if all of a line does

// Letters in one look, without a space between them.
struct Piece {
  LaidText text;
  float lift = 0;   // above the baseline
  float width = 0;
};
struct Word {
  std::vector<Piece> pieces;
  float width = 0;
};

Piece piece_of(const SlideText& text, const LineLook& look, float smaller) {
  Piece piece;
  const bool shifted = text.shift != SlideText::Shift::none;
  const float size = look.size * (shifted ? smaller : 1.0F);
  const SlideFace face = text.code ? (text.strong ? SlideFace::mono_bold : SlideFace::mono)
                         : text.strong ? look.strong
                         : text.emphasis ? look.emphasis
                                         : look.plain;
  // Letters of one width look larger than others.
  piece.text.font = {face, text.code ? size * 0.92F : size};
  piece.text.color = !text.link.empty() ? look.link_color : text.strong ? look.strong_color : look.color;
  piece.text.struck = text.struck;
  piece.text.link = text.link;
  piece.lift = text.shift == SlideText::Shift::sup ? look.size * 0.36F : text.shift == SlideText::Shift::sub ? -look.size * 0.02F : 0;
  return piece;
}

// A UTF-8 character goes on there, and does not begin.
bool is_inside(std::string_view text, std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80; }
// Bytes of the one that begins at `i`.
std::size_t character(std::string_view text, std::size_t i) {
  std::size_t bytes = 1;
  while (i + bytes < text.size() && is_inside(text, i + bytes)) ++bytes;
  return bytes;
}

class Setter {
 public:
  Setter(const LineLook& look, const TextWidth& width) : look_(look), width_(width) {}

  void take(const SlideLine& words) {
    const auto stands = [](const SlideText& each) { return each.shift == SlideText::Shift::none; };
    const float smaller = std::any_of(words.begin(), words.end(), stands) ? kShifted : kAllShifted;
    bool open = false;  // the word goes on
    for (const SlideText& each : words) {
      for (std::size_t at = 0; at < each.text.size();) {
        if (each.text[at] == ' ') {
          open = false;
          ++at;
          continue;
        }
        const std::size_t end = std::min(each.text.find(' ', at), each.text.size());
        Piece piece = piece_of(each, look_, smaller);
        piece.text.text = each.text.substr(at, end - at);
        piece.width = width_(piece.text.font, piece.text.text);
        if (!open) words_.emplace_back();
        words_.back().width += piece.width;
        words_.back().pieces.push_back(std::move(piece));
        open = true;
        at = end;
      }
    }
  }

  SetLines set(float room) {
    SetLines all;
    break_long_words(room, all.overflows);
    const std::vector<std::size_t> ends = look_.balanced ? balanced(room) : breaks(room);
    std::size_t first = 0;
    for (const std::size_t end : ends) {
      all.lines.push_back(line(first, end));
      all.width = std::max(all.width, all.lines.back().width);
      all.height += all.lines.back().height;
      first = end;
    }
    return all;
  }

 private:
  float space_before(std::size_t word) const { return width_(words_[word - 1].pieces.back().text.font, " "); }

  // Where lines end that are as long as there is room.
  std::vector<std::size_t> breaks(float room) const {
    std::vector<std::size_t> ends;
    float used = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const float more = used > 0 ? space_before(i) + words_[i].width : words_[i].width;
      if (used > 0 && used + more > room) {
        ends.push_back(i);
        used = words_[i].width;
      } else {
        used += more;
      }
    }
    if (!words_.empty()) ends.push_back(words_.size());
    return ends;
  }
  // As many lines, but no wider than they have to be.
  std::vector<std::size_t> balanced(float room) const {
    std::vector<std::size_t> best = breaks(room);
    if (best.size() < 2) return best;
    float least = 0, most = room;
    for (int i = 0; i < 10; ++i) {
      const float middle = (least + most) / 2;
      std::vector<std::size_t> ends = breaks(middle);
      if (ends.size() == best.size()) best = std::move(ends), most = middle;
      else least = middle;
    }
    return best;
  }
  // The longest beginning of the text that has room, in bytes.
  std::size_t fitting(SlideFont font, std::string_view text, float room) const {
    constexpr std::size_t kMost = 4096;  // letters of a pixel fill no wider line
    const auto whole_letters = [&](std::size_t bytes) {
      while (bytes > 0 && bytes < text.size() && is_inside(text, bytes)) --bytes;
      return bytes;
    };
    std::size_t fits = 0, most = std::min(text.size(), kMost);
    while (fits < most) {
      const std::size_t middle = fits + (most - fits + 1) / 2;
      if (width_(font, text.substr(0, whole_letters(middle))) <= room) fits = middle;
      else most = middle - 1;
    }
    return whole_letters(fits);
  }
  // A word that is wider than the room goes on in the next line.
  void break_long_words(float room, bool& overflows) {
    std::vector<Word> made;
    for (Word& word : words_) {
      if (word.width <= room) {
        made.push_back(std::move(word));
        continue;
      }
      overflows = true;
      Word part;
      for (Piece& piece : word.pieces) {
        const std::string whole = std::exchange(piece.text.text, "");
        for (std::string_view rest = whole; !rest.empty();) {
          std::size_t bytes = fitting(piece.text.font, rest, room - part.width);
          if (bytes == 0 && !part.pieces.empty()) {
            made.push_back(std::exchange(part, {}));
            continue;
          }
          // One letter at least.
          if (bytes == 0) bytes = character(rest, 0);
          Piece now = piece;
          now.text.text = std::string(rest.substr(0, bytes));
          now.width = width_(now.text.font, now.text.text);
          part.width += now.width;
          part.pieces.push_back(std::move(now));
          rest.remove_prefix(bytes);
        }
      }
      if (!part.pieces.empty()) made.push_back(std::move(part));
    }
    words_ = std::move(made);
  }
  SetLine line(std::size_t first, std::size_t end) const {
    SetLine set;
    set.height = look_.size * look_.height;
    const float baseline = baseline_at(set.height / 2, look_.size);
    for (std::size_t i = first; i < end; ++i) {
      for (std::size_t j = 0; j < words_[i].pieces.size(); ++j) {
        const Piece& piece = words_[i].pieces[j];
        const bool spaced = j == 0 && i > first;
        // What stands lower or higher keeps a little apart from the letters before it.
        const bool shifted = j > 0 && piece.lift != words_[i].pieces[j - 1].lift;
        if (shifted) set.width += look_.size * kApart;
        LaidText* last = set.pieces.empty() ? nullptr : &set.pieces.back();
        const bool goes_on = last && last->font == piece.text.font && last->color == piece.text.color && last->link == piece.text.link &&
                             last->struck == piece.text.struck && last->baseline == baseline - piece.lift;
        if (goes_on) {
          last->text += (spaced ? " " : "") + piece.text.text;
          last->box.w = width_(last->font, last->text);
          set.width = last->box.right();
          continue;
        }
        if (spaced) set.width += width_(words_[i - 1].pieces.back().text.font, " ");
        set.pieces.push_back(piece.text);
        LaidText& added = set.pieces.back();
        added.baseline = baseline - piece.lift;
        const float size = piece.text.font.pixels;
        added.box = {set.width, added.baseline - kAscent * size, piece.width, (kAscent + kDescent) * size};
        set.width += piece.width;
      }
    }
    return set;
  }

  const LineLook& look_;
  const TextWidth& width_;
  std::vector<Word> words_;
};

}  // namespace

SetLines set_lines(const SlideLine& words, const LineLook& look, float room, const TextWidth& width) {
  Setter setter(look, width);
  setter.take(words);
  return setter.set(std::max(room, 1.0F));
}

}  // namespace nutshell
