#include "viz/slides/slide_show.h"

#include <algorithm>
#include <cmath>

#include "sim/deck/pictures.h"
#include "viz/panels/wires.h"
#include "viz/slides/figure_frame.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr std::size_t kMostLaid = 600;  // slides: a few hundred bytes each
constexpr float kMostOfDrawing = 4096;     // of a drawing, each way

// So many pixels the whole of a picture fills, of which the box may show a part.
PixelSize pixels_of(const LaidImage& image, const PictureFacts& facts, float pixels) {
  if (facts.width <= 0 || facts.height <= 0) return {};
  const float across = image.box.w / facts.width, down = image.box.h / facts.height;
  const float most = kMostOfDrawing / std::max(facts.width, facts.height);
  const float scale = std::min((image.whole ? std::min(across, down) : std::max(across, down)) * pixels, most);
  const auto whole = [scale](float length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
  return {whole(facts.width), whole(facts.height)};
}

}  // namespace

SlideShow::SlideShow(Talk& talk, PictureShelf& shelf) : talk_(talk), shelf_(shelf), fonts_(talk.deck(), talk.captions()) {}

std::string SlideShow::path_of(std::size_t slide, const LaidImage& image) const {
  return picture_path(talk_.deck(), talk_.deck().slides[slide].images[image.which]);
}

const LaidSlide& SlideShow::laid(std::size_t slide, float width, float height, bool light) {
  const auto key = std::tuple{slide, width, height, light};
  const auto found = laid_.find(key);
  if (found != laid_.end()) return found->second;
  if (laid_.size() > kMostLaid) laid_.clear();
  SlideRoom room;
  room.width = width;
  room.height = height;
  room.ground = light ? SlideGround::light : SlideGround::dark;
  room.number = slide + 1;
  room.facts = [&](const SlideImage& image) {
    return talk_.is_living(image) ? PictureFacts{true, 0, 0} : shelf_.facts(picture_path(talk_.deck(), image));
  };
  const TextWidth wide = [&](SlideFont font, std::string_view text) { return fonts_.width(font, text); };
  return laid_.emplace(key, lay_out(talk_.deck(), talk_.deck().slides[slide], room, wide)).first->second;
}

void SlideShow::draw_image(Canvas& canvas, const LaidSlide& laid, std::size_t slide, const LaidImage& image, Ask ask) {
  const std::string path = path_of(slide, image);
  const PixelSize room = ask == Ask::in_this_size ? pixels_of(image, shelf_.facts(path), canvas.pixels()) : PixelSize{};
  const PictureShelf::Shown shown = ask == Ask::nothing ? shelf_.peek(path) : shelf_.show(path, shown_for_, room);
  moves_ = moves_ || shown.moves || shown.under_way;
  const std::string why = shelf_.problem(path);
  if (why.empty()) return paint_picture(canvas, laid, image, shown);
  const std::string& name = talk_.deck().slides[slide].images[image.which].path;
  const Rect box = rect_of(image.box);
  if (!image.ground || laid.texts.empty())
    return paint_placeholder(canvas, fonts_, laid, box.inset(image.ground ? 60 * laid.unit : 0), name, why);
  // Words stand over it: the place says in a corner what would be there.
  canvas.fill(box, color_of(laid.panel));
  const SlideFont font{SlideFace::regular, 26 * laid.unit};
  const std::string words = name + " " + why;
  paint_words(canvas, fonts_, {box.right() - fonts_.width(font, words) - 40 * laid.unit, box.bottom() - 32 * laid.unit}, font,
              color_of(laid.muted), words);
}

namespace {

// They lie on the slide's own ground.
void paint_wires(Canvas& canvas, const LaidSlide& laid, const Talk& talk, const LivingFigure& living, Rect box) {
  Theme theme = canvas.theme;
  theme.stage = color_of(laid.ground);
  Canvas own = canvas.themed(theme);
  draw_wires(own, wires_shown(*living.entry, living.ended), box, talk.captions());
}

}  // namespace

bool SlideShow::draw(Ui& ui, float width, float height) {
  moves_ = false;
  drawn_ = {width, height, ui.canvas.pixels(), ui.room.light};
  const std::size_t slide = talk_.slide();
  const LaidSlide& laid = this->laid(slide, width, height, ui.room.light);
  Canvas canvas = ui.canvas.themed(laid.light ? light_theme() : dark_theme());
  const LivingFigure* first = talk_.figure();
  bool takes = false;
  SlidePaint how{fonts_, talk_.build(), talk_.in_hand()};
  how.image = [&](Canvas& on, const LaidImage& image) {
    if (!image.living) return draw_image(on, laid, slide, image, Ask::in_this_size);
    LivingFigure* living = talk_.figure_of(slide, image.which);
    if (living && living->entry->wires) return paint_wires(on, laid, talk_, *living, rect_of(image.box));
    if (!living || !living->lives()) {
      const std::string& name = talk_.deck().slides[slide].images[image.which].path;
      return paint_placeholder(on, fonts_, laid, rect_of(image.box), name, living ? living->problem : "is a figure");
    }
    const bool has_keys = living == first;
    Ui own{on,       ui.room,  has_keys ? ui.figure : living->figure.view, ui.commands, ui.mouse, ui.clicked, ui.held, ui.opens_menu,
           ui.wheel, ui.rested};
    const FigureFrame frame{fonts_, laid, talk_.captions(), rect_of(image.box), has_keys, has_keys && talk_.in_hand(), false};
    takes = draw_living(own, *living, frame) || takes;
    ui.pointed = own.pointed;
    ui.pointed_at = own.pointed_at;
    ui.pointed_in_list = own.pointed_in_list;
  };
  paint_slide(canvas, laid, how);
  return takes;
}

void SlideShow::draw_small(Ui& ui, std::size_t slide, Rect target, float width, float height) {
  const LaidSlide& laid = this->laid(slide, width, height, ui.room.light);
  Canvas canvas = ui.canvas.themed(laid.light ? light_theme() : dark_theme()).zoomed({0, 0, width, height}, target);
  canvas.log = nullptr;
  const bool moved = moves_, near = slide == talk_.slide() || slide == talk_.slide() + 1;
  SlidePaint how{fonts_};
  how.image = [&](Canvas& on, const LaidImage& image) {
    // Of a whole deck in small only those pictures are shown that have been seen.
    if (!image.living) return draw_image(on, laid, slide, image, near ? Ask::in_any_size : Ask::nothing);
    LivingFigure* living = near ? talk_.figure_of(slide, image.which) : nullptr;
    const Rect box = rect_of(image.box);
    if (living && living->entry->wires) return paint_wires(on, laid, talk_, *living, box);
    if (living && living->lives()) {
      const bool shown = slide == talk_.slide(), has_keys = shown && living == talk_.figure();
      FigureView view = has_keys ? ui.figure : living->figure.view;
      std::vector<Command> dropped;
      Ui own{on, ui.room, view, dropped, {-1, -1}};
      begin_figure(view);
      draw_living(own, *living, {fonts_, laid, talk_.captions(), box, has_keys, has_keys && talk_.in_hand(), !shown});
      // From how far away it is seen is found once.
      if (!has_keys) living->figure.view.distance = view.distance;
      return;
    }
    on.outline(box, color_of(laid.line), 4 * laid.unit, 16 * laid.unit);
    draw_triangle(on, box.center(), 60 * laid.unit, color_of(laid.muted), true);
  };
  canvas.push_clip({0, 0, width, height});
  paint_slide(canvas, laid, how);
  canvas.pop_clip();
  moves_ = moved;
}

void SlideShow::want_pictures() {
  const std::vector<Slide>& slides = talk_.deck().slides;
  const std::size_t at = talk_.slide();
  for (const std::size_t slide : {at, at + 1, at == 0 ? 0 : at - 1, at + 2}) {
    if (slide >= slides.size()) continue;
    if (drawn_.width <= 0) {  // nobody knows the window yet
      for (const SlideImage& each : slides[slide].images) {
        if (!talk_.is_living(each)) shelf_.want(picture_path(talk_.deck(), each));
      }
      continue;
    }
    for (const LaidImage& each : laid(slide, drawn_.width, drawn_.height, drawn_.light).images) {
      const std::string path = path_of(slide, each);
      if (!each.living) shelf_.want(path, pixels_of(each, shelf_.facts(path), drawn_.pixels));
    }
  }
}

void SlideShow::slide_changed() {
  shown_for_ = 0;
  shelf_.turn();
  want_pictures();
}

}  // namespace nutshell
