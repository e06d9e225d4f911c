#include "sim/deck/layout.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "sim/deck/compose.h"

namespace nutshell {

namespace {

constexpr float kSide = 112, kTop = 76, kBottom = 76, kFooter = 28, kFooterHeight = 60;  // units
constexpr float kLeastScale = 0.12F, kStep = 0.95F;
constexpr float kBreaks = 0.5F;  // in words that small one that is wider than a line is broken rather than all made smaller
// How much larger than usual words may be, and things with words, while no more lines break; and how much of the slide they take.
constexpr float kGrown[] = {1.5F, 1.4F, 1}, kMostHigh[] = {0.78F, 0.9F, 1};
constexpr std::uint8_t kVeil = 150, kBand = 130;

bool says(const Slide& slide, std::string_view name) {
  return std::any_of(slide.directives.begin(), slide.directives.end(),
                     [&](const auto& each) { return each.first == name && each.second != "false"; });
}

class SlideLayout {
 public:
  SlideLayout(const Deck& deck, const Slide& slide, const SlideRoom& room, const TextWidth& width)
      : deck_(deck), slide_(slide), room_(room), width_(width), look_(look_of(deck, slide, room.ground)) {
    laid_.width = room.width;
    laid_.height = room.height;
    // A picture that is less wide has smaller words rather than more lines.
    laid_.unit = std::min(room.width / 1600, room.height / 1080);
    laid_.ground = look_.ground;
    laid_.text = look_.text;
    laid_.header = look_.header;
    laid_.muted = look_.muted;
    laid_.line = look_.line;
    laid_.panel = look_.panel;
    laid_.light = look_.light;
  }

  LaidSlide lay_out() {
    rest_ = {0, 0, room_.width, room_.height};
    add_halves();
    add_ground();
    const bool footed = add_footer();
    const float side = std::min(kSide * laid_.unit, rest_.w * 0.08F);
    const float top = kTop * laid_.unit, bottom = (footed ? kBottom + 24 : kBottom) * laid_.unit;
    laid_.content = {rest_.x + side, rest_.y + top, rest_.w - 2 * side, rest_.h - top - bottom};
    add_words();
    return std::move(laid_);
  }

 private:
  PictureFacts facts(const SlideImage& image) const { return room_.facts ? room_.facts(image) : PictureFacts{}; }
  bool has_words() const { return !slide_.blocks.empty(); }

  LaidImage image_at(std::size_t which, SlideRect box) const {
    const SlideImage& image = slide_.images[which];
    const PictureFacts known = facts(image);
    LaidImage laid;
    laid.which = which;
    laid.living = known.living;
    laid.missing = !known.living && !(known.width > 0 && known.height > 0);
    laid.whole = laid.living || image.size != SlideImage::Size::fill;
    if (image.size == SlideImage::Size::percent) {
      const float share = std::clamp(static_cast<float>(image.percent) / 100, 0.05F, 1.0F);
      box = {box.x + box.w * (1 - share) / 2, box.y + box.h * (1 - share) / 2, box.w * share, box.h * share};
    }
    laid.box = box;
    return laid;
  }
  std::vector<std::size_t> placed(SlideImage::Place place) const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < slide_.images.size(); ++i) {
      if (slide_.images[i].place == place) all.push_back(i);
    }
    return all;
  }
  // Beside each other in the box; a living figure keeps a distance from the edge.
  void add_images(const std::vector<std::size_t>& all, SlideRect box) {
    const float wide = box.w / static_cast<float>(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      SlideRect own{box.x + wide * static_cast<float>(i), box.y, wide, box.h};
      const float margin = facts(slide_.images[all[i]]).living ? 40 * laid_.unit : 0;
      own = {own.x + margin, own.y + margin, own.w - 2 * margin, own.h - 2 * margin};
      laid_.images.push_back(image_at(all[i], own));
    }
  }

  void add_halves() {
    const std::vector<std::size_t> left = placed(SlideImage::Place::left), right = placed(SlideImage::Place::right);
    const float half = room_.width / 2;
    if (!left.empty()) add_images(left, {0, 0, half, room_.height});
    if (!right.empty()) add_images(right, {half, 0, half, room_.height});
    const bool both = !left.empty() && !right.empty();
    if (both) cover(has_words());
    else if (!left.empty()) rest_ = {half, 0, half, room_.height};
    else if (!right.empty()) rest_ = {0, 0, half, room_.height};
  }
  // Words come to lie over all images that there are.
  void cover(bool words) {
    for (LaidImage& each : laid_.images) {
      each.ground = true;
      const bool darkened = words && !each.living && !each.missing && !slide_.images[each.which].original;
      if (darkened) each.veil = kVeil;
    }
    band_ = words &&
            std::any_of(laid_.images.begin(), laid_.images.end(), [](const LaidImage& each) { return each.veil == 0 && !each.missing; });
  }
  void add_ground() {
    std::vector<std::size_t> all = placed(SlideImage::Place::ground);
    if (all.empty()) return;
    // Words never lie over a living figure: it stands below them.
    if (has_words()) {
      const auto lives = [&](std::size_t which) { return facts(slide_.images[which]).living; };
      std::copy_if(all.begin(), all.end(), std::back_inserter(below_), lives);
      std::erase_if(all, lives);
    }
    if (all.empty()) return;
    const std::size_t before = laid_.images.size();
    add_images(all, rest_);
    std::rotate(laid_.images.begin(), laid_.images.begin() + static_cast<std::ptrdiff_t>(before), laid_.images.end());
    cover(has_words());
    on_picture_ = true;
  }

  void add_small(const std::string& words, CellAlign align, LaidText::Part part) {
    LaidText text;
    text.text = words;
    text.font = {SlideFace::regular, kFooter * laid_.unit};
    const float wide = width_(text.font, words), side = kSide * laid_.unit;
    text.color = look_.muted;
    text.part = part;
    text.baseline = room_.height - (kFooterHeight - kFooter) * laid_.unit;
    text.box = {align == CellAlign::left ? side : room_.width - side - wide, text.baseline - kAscent * text.font.pixels, wide,
                (kAscent + kDescent) * text.font.pixels};
    laid_.texts.push_back(std::move(text));
  }
  bool add_footer() {
    // On a picture that fills the slide it would not be read.
    const bool halved = rest_.w < room_.width;
    if (on_picture_ || halved) return false;
    const std::string footer(deck_.setting(slide_, "footer"));
    const std::size_t before = laid_.texts.size();
    if (deck_.is_on(slide_, "slidenumbers") && room_.number > 0 && !says(slide_, "hide-slidenumbers"))
      add_small(std::to_string(room_.number), CellAlign::right, LaidText::Part::number);
    const float most = room_.width - 2 * kSide * laid_.unit - 200 * laid_.unit;
    const bool fits = width_({SlideFace::regular, kFooter * laid_.unit}, footer) <= most;
    if (!footer.empty() && fits && !says(slide_, "hide-footer")) add_small(footer, CellAlign::left, LaidText::Part::footer);
    return laid_.texts.size() > before;
  }

  SlideMode mode() const { return mode_of(slide_, !below_.empty()); }

  struct Tried {
    std::vector<Composed> parts;
    std::vector<float> tops;  // of the parts
    float height = 0, left = 0, right = 0;
    std::size_t lines = 0;
    bool fits = true, breaks = false;
  };
  Tried compose_all(float scale, float room, float code = 1) const {
    const Composing how{
        deck_, slide_, look_, sizes_of(mode()), width_, room_.facts, laid_.unit, scale, code, room, deck_.is_on(slide_, "build-lists")};
    Tried tried;
    tried.left = laid_.content.x;
    tried.right = laid_.content.right();
    const auto add = [&](int column, float x, float width, float top, const std::vector<std::size_t>& at_end) {
      tried.parts.push_back(compose(how, column, x, width, at_end));
      tried.tops.push_back(top);
      tried.fits = tried.fits && !tried.parts.back().overflows;
      tried.breaks = tried.breaks || tried.parts.back().breaks;
      tried.lines += tried.parts.back().lines;
      tried.left = std::min(tried.left, tried.parts.back().left);
      tried.right = std::max(tried.right, tried.parts.back().right);
      return tried.parts.back().height;
    };
    const SlideRect& box = laid_.content;
    if (slide_.columns <= 1) {
      tried.height = add(0, box.x, box.w, 0, below_);
      return tried;
    }
    const float head = add(-1, box.x, box.w, 0, below_), top = head > 0 ? head + 40 * laid_.unit * scale : 0;
    const float between = 64 * laid_.unit, count = static_cast<float>(slide_.columns), wide = (box.w - between * (count - 1)) / count;
    float deepest = 0;
    for (int i = 0; i < slide_.columns; ++i)
      deepest = std::max(deepest, add(i, box.x + static_cast<float>(i) * (wide + between), wide, top, {}));
    tried.height = top + deepest;
    return tried;
  }
  // Rows of pictures that stand one below the other: what stands above all columns comes first.
  float rows(const Tried& tried) const {
    const std::size_t above = slide_.columns > 1 ? 1 : 0;
    float all = above == 1 ? tried.parts.front().pictures : 0, most = 0;
    for (std::size_t i = above; i < tried.parts.size(); ++i) most = std::max(most, tried.parts[i].pictures);
    return all + most;
  }

  void add_words() {
    const SlideRect& box = laid_.content;
    const auto kind = static_cast<std::size_t>(mode());
    float scale = kGrown[kind];
    std::size_t lines = scale > 1 ? compose_all(1, 0).lines : 0;
    // One sentence alone may take more lines than it needs.
    if (mode() == SlideMode::words && slide_.blocks.size() == 1 && lines > 1) lines += 2;
    Tried tried;
    for (;; scale *= kStep) {
      tried = compose_all(scale, 0);
      const float count = rows(tried);
      bool fits = tried.fits && tried.height <= box.h && (scale < kBreaks || !tried.breaks);
      if (scale > 1) fits = fits && tried.height <= box.h * kMostHigh[kind] && tried.lines <= lines;
      if (fits && count > 0) {
        // Pictures get what is left; it has to be more than words take.
        const float least = 60 * laid_.unit, left = box.h - tried.height + count * least;
        fits = left >= box.h * (has_more_than_headings() ? 0.3F : 0.5F) || !has_words();
        if (fits || scale < kLeastScale) tried = compose_all(scale, left / count);
      }
      if (fits || scale < kLeastScale) break;
      // Words that are half as large take a quarter of the room at best: what is far too much is not tried in between.
      const float most = scale / std::sqrt(std::max(tried.height / box.h, 1.0F)) * 1.1F;
      while (scale * kStep > most && scale >= kLeastScale) scale *= kStep;
    }
    laid_.scale = scale;
    grow_code(tried, scale);
    squeeze(tried);
    // A little above the middle looks like the middle.
    const float spare = std::max(box.h - tried.height, 0.0F),
                top = rows(tried) > 0 ? 0 : spare * (mode() == SlideMode::words ? 0.46F : 0.4F);
    add_band(tried, box.y + top);
    std::size_t line = 0;
    for (std::size_t i = 0; i < tried.parts.size(); ++i) move_in(tried.parts[i], box.y + top + tried.tops[i], line);
  }
  // Code takes what room other words leave, and some of theirs: it is what the slide is about.
  void grow_code(Tried& tried, float scale) {
    if (!has(SlideBlock::Kind::code) || rows(tried) > 0) return;
    constexpr float kMost = 0.92F, kLeast = 0.8F;
    for (const float code : {1.6F, 1.45F, 1.3F, 1.15F}) {
      for (const float others : {scale, scale * 0.9F, scale * 0.8F}) {
        if (others < kLeast) break;
        Tried larger = compose_all(others, 0, code);
        if (!larger.fits || larger.breaks || larger.height > laid_.content.h * kMost) continue;
        tried = std::move(larger);
        laid_.scale = others;
        return;
      }
    }
  }
  // What is too much even in the smallest words becomes a small picture of itself.
  void squeeze(Tried& tried) {
    const SlideRect& box = laid_.content;
    const float wide = tried.right - tried.left, by = std::min({1.0F, box.h / tried.height, box.w / wide});
    if (by >= 1) return;
    const auto into = [&](SlideRect& each) { each = {box.x + (each.x - tried.left) * by, each.y * by, each.w * by, each.h * by}; };
    for (Composed& part : tried.parts) {
      for (LaidText& each : part.texts) into(each.box), each.baseline *= by, each.font.pixels *= by;
      for (LaidShape& each : part.shapes) into(each.box), each.radius *= by;
      for (LaidImage& each : part.images) into(each.box);
    }
    for (float& each : tried.tops) each *= by;
    tried.height *= by;
    laid_.scale *= by;
  }
  bool has(SlideBlock::Kind kind) const {
    return std::any_of(slide_.blocks.begin(), slide_.blocks.end(), [&](const SlideBlock& each) { return each.kind == kind; });
  }
  bool has_more_than_headings() const {
    return std::any_of(slide_.blocks.begin(), slide_.blocks.end(),
                       [](const SlideBlock& each) { return each.kind != SlideBlock::Kind::heading; });
  }
  // Behind words on a picture that was not to be darkened.
  void add_band(const Tried& tried, float top) {
    if (!band_ || tried.height <= 0) return;
    SlideColor color = look_.ground;
    color.a = kBand;
    const float margin = 36 * laid_.unit;
    laid_.shapes.push_back({{rest_.x, top - margin, rest_.w, tried.height + 2 * margin}, color, 0, 0});
  }
  void move_in(Composed& part, float by, std::size_t& line) {
    std::size_t last = line;
    for (LaidText& each : part.texts) {
      each.box.y += by;
      each.baseline += by;
      each.line += line;
      if (each.build > 0) each.build += laid_.builds;
      last = std::max(last, each.line);
      laid_.texts.push_back(std::move(each));
    }
    for (LaidShape& each : part.shapes) {
      each.box.y += by;
      if (each.build > 0) each.build += laid_.builds;
      laid_.shapes.push_back(each);
    }
    for (LaidImage& each : part.images) {
      each.box.y += by;
      laid_.images.push_back(each);
    }
    laid_.builds += part.builds;
    line = last;
  }

  const Deck& deck_;
  const Slide& slide_;
  const SlideRoom& room_;
  const TextWidth& width_;
  const SlideLook look_;
  LaidSlide laid_;
  SlideRect rest_;                   // of the slide, beside halves
  std::vector<std::size_t> below_;   // pictures behind everything that go below the words
  bool band_ = false, on_picture_ = false;
};

}  // namespace

LaidSlide lay_out(const Deck& deck, const Slide& slide, const SlideRoom& room, const TextWidth& width) {
  return SlideLayout(deck, slide, room, width).lay_out();
}

}  // namespace nutshell
