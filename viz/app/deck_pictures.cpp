#include "viz/app/deck_pictures.h"

#include <algorithm>
#include <cmath>

#include "sim/command/failure.h"
#include "sim/deck/pictures.h"
#include "viz/slides/picture_shelf.h"

namespace nutshell {

namespace {

constexpr float kScale = 1.25F;  // of figures, as they are presented

// What it asks, with its choices, or the caption that was told after `before` of them.
std::string words_of(const Session& session, std::size_t before) {
  if (session.told() <= before || !session.beat()) return "";
  const StoryLine& beat = *session.beat();
  std::string words = beat.text;
  for (std::size_t i = 0; session.asking() && i < beat.choices.size(); ++i)
    words += "\n" + std::string(1, static_cast<char>('A' + i)) + ") " + beat.choices[i];
  return words;
}

}  // namespace

DeckPictures::DeckPictures(const LoadedDeck& deck, const PaperFaces& faces, SlideGround ground)
    : deck_(deck), faces_(faces), ground_(ground) {
  if (!deck.figures.empty()) stills_ = std::make_unique<Stills>(kWidth, kHeight, kScale, true, &deck.captions);
}

PictureFacts DeckPictures::facts(const SlideImage& image) const {
  if (find_figure(deck_.figures, image.path)) return {true, 0, 0};
  return size_of_picture(picture_path(deck_.deck, image));
}

LaidSlide DeckPictures::laid(std::size_t slide, float width, float height) const {
  SlideRoom room;
  room.width = width;
  room.height = height;
  room.ground = ground_;
  room.number = slide + 1;
  room.facts = [&](const SlideImage& image) { return facts(image); };
  const TextWidth wide = [&](SlideFont font, std::string_view text) { return faces_.width(font, text); };
  return lay_out(deck_.deck, deck_.deck.slides[slide], room, wide);
}

FigureStills DeckPictures::draw(const DeckFigure& figure, const LaidSlide& slide, const LaidImage& image) {
  FigureStills made;
  made.about = deck_.captions.say(figure.alt);
  const auto whole = [](float length, int most) { return std::clamp(static_cast<int>(std::lround(length)), 64, most); };
  const auto look = [&](float words) {
    const SlideColor ground = slide.ground;
    return Stills::Look{slide.light, Color{ground.r, ground.g, ground.b}, whole(image.box.w, kWidth), whole(image.box.h - words, kHeight)};
  };
  if (figure.wires) {
    made.begin = surface_of(stills_->draw(wires_shown(figure, false), look(0)));
    if (comes_to_an_end(figure)) made.end = surface_of(stills_->draw(wires_shown(figure, true), look(0)));
    return made;
  }
  try {
    const std::unique_ptr<Session> session = open_figure(deck_, figure);
    session->read_all();
    const auto surface = [&](float words) { return surface_of(stills_->draw(*session, figure, look(words))); };
    // Where it begins: only what belongs to that very moment.
    if (figure.beat) made.says = words_of(*session, *figure.beat - 1);
    made.begin = surface(height_of_words(slide, image, made.says, faces_));
    if (!comes_to_an_end(figure)) return made;
    const std::size_t told = session->told();
    session->go_to_time(*figure.until);
    made.end_says = words_of(*session, told);
    made.end = surface(height_of_words(slide, image, made.end_says, faces_));
  } catch (const Failure& failure) {
    if (failure.exit_code() == kExitNoOutput) throw;
    made.problem = failure.what();
  }
  return made;
}

const FigureStills& DeckPictures::stills(const SlideImage& image) {
  const auto found = drawn_.find(&image);
  if (found != drawn_.end()) return found->second;
  const DeckFigure& figure = *find_figure(deck_.figures, image.path);
  for (std::size_t i = 0; i < deck_.deck.slides.size(); ++i) {
    const std::vector<SlideImage>& images = deck_.deck.slides[i].images;
    if (images.empty() || &image < images.data() || &image >= images.data() + images.size()) continue;
    const LaidSlide slide = laid(i);
    for (const LaidImage& each : slide.images) {
      if (&images[each.which] == &image) return drawn_[&image] = draw(figure, slide, each);
    }
  }
  return drawn_[&image];
}

PaperImage DeckPictures::on_paper(const SlideImage& image, bool end) {
  if (find_figure(deck_.figures, image.path)) {
    const FigureStills& found = stills(image);
    if (!found.begin) return {nullptr, image.path + ": " + found.problem};
    return end && found.end ? PaperImage{found.end, found.end_says} : PaperImage{found.begin, found.says};
  }
  const std::string path = picture_path(deck_.deck, image);
  const auto known = files_.find(path);
  if (known != files_.end()) return known->second;
  std::string problem;
  // One that takes too much is found out once, and not on each page.
  if (std::shared_ptr<const SvgDrawing> drawing = read_drawing(path, problem); drawing && decode_picture(path, {64, 64}).problem.empty())
    return files_[path] = PaperImage{nullptr, "", std::move(drawing)};
  const Surface surface = read_surface(path, problem);
  return files_[path] = surface ? PaperImage{surface, ""} : PaperImage{nullptr, image.path + " " + problem};
}

}  // namespace nutshell
