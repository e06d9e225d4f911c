#include "viz/slides/figure_frame.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/core/text.h"
#include "sim/session/command_rows.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kWords = 38, kChoice = 34, kMarker = 30, kKey = 26;  // units
constexpr float kLine = 1.3F, kPlate = 62, kApart = 12;
constexpr float kFarthest = 2;  // a stage is seen from, rather than as a map
constexpr float kMarkerHeight = 70, kMostWords = 0.44F, kLeast = 0.6F;  // units; of the box; of words

// What is written around a figure, in the slide's units and colours.
class Pen {
 public:
  // `smaller`: 1 unless there is too little room.
  Pen(Canvas& canvas, const FigureFrame& frame, float smaller = 1) : canvas_(canvas), frame_(frame), unit_(frame.slide.unit * smaller) {}

  float u(float units) const { return units * unit_; }
  Color text() const { return color_of(frame_.slide.text); }
  Color muted() const { return color_of(frame_.slide.muted); }
  Color ground() const { return color_of(frame_.slide.ground); }
  SlideFont font(SlideFace face, float size) const { return {face, u(size)}; }
  float width(SlideFace face, float size, std::string_view words) const { return frame_.fonts.width(font(face, size), words); }
  // On a line whose middle is there; returns its width.
  float write(Point left_middle, SlideFace face, float size, Color color, std::string_view words, Rect home = {}) {
    return paint_words(canvas_, frame_.fonts, {left_middle.x, baseline_at(left_middle.y, u(size))}, font(face, size), color, words, home);
  }
  float key_width(std::string_view key) const { return std::max(width(SlideFace::mono_bold, kKey, key) + u(26), u(kKey * 1.55F)); }
  float key(Point left_middle, std::string_view name, bool filled) {
    const float wide = key_width(name), high = u(kKey * 1.55F);
    const Rect cap{left_middle.x, left_middle.y - high / 2, wide, high};
    if (filled) canvas_.fill(cap, text(), u(8));
    else canvas_.outline(cap, muted(), std::max(u(2.5F), 1.0F), u(8));
    const float letters = width(SlideFace::mono_bold, kKey, name);
    write({cap.x + (wide - letters) / 2, cap.center().y}, SlideFace::mono_bold, kKey, filled ? ground() : text(), name, cap);
    return wide;
  }
  SetLines set(const SlideLine& words, float size, float room, SlideFace plain = SlideFace::regular) const {
    LineLook look;
    look.plain = plain;
    look.size = u(size);
    look.height = kLine;
    const TextWidth wide = [this](SlideFont of, std::string_view part) { return frame_.fonts.width(of, part); };
    look.color = look.strong_color = look.link_color = frame_.slide.text;
    return set_lines(words, look, room, wide);
  }
  // Returns the height used.
  float draw(const SetLines& lines, Point corner, Color color, Rect home) {
    float y = corner.y;
    for (const SetLine& line : lines.lines) {
      for (const LaidText& each : line.pieces)
        paint_words(canvas_, frame_.fonts, {corner.x + each.box.x, y + each.baseline}, each.font, color, each.text, home);
      y += line.height;
    }
    return y - corner.y;
  }
  Canvas& canvas() { return canvas_; }
  // In the deck's language.
  std::string say(std::string_view words) const { return frame_.captions.say(words); }

 private:
  Canvas& canvas_;
  const FigureFrame& frame_;
  const float unit_;
};

// The choices of a question, in as few rows as they fit into, where they stand below a corner.
std::vector<Rect> plates(const Pen& pen, const StoryLine& asked, float room) {
  const std::size_t count = std::min<std::size_t>(asked.choices.size(), 4);
  std::vector<Rect> boxes(count);
  float widest = 0, all = 0;
  for (std::size_t i = 0; i < count; ++i) {
    // It may become bold, and no line is to break anew then.
    const float words =
        std::max(pen.width(SlideFace::bold, kChoice, asked.choices[i]), pen.width(SlideFace::regular, kChoice, asked.choices[i]));
    boxes[i].w = pen.u(kPlate) + pen.u(84) + words * 1.02F;
    widest = std::max(widest, boxes[i].w);
    all += boxes[i].w + (i > 0 ? pen.u(kApart) : 0);
  }
  const std::size_t columns = all <= room ? count : widest <= (room - pen.u(kApart)) / 2 && count > 2 ? 2 : 1;
  float x = 0, y = 0, high = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (columns < count && i % columns == 0 && i > 0) x = 0, y += high + pen.u(kApart), high = 0;
    if (columns < count) boxes[i].w = columns == 1 ? room : (room - pen.u(kApart)) / 2;
    const float wide = boxes[i].w - pen.u(kPlate + 84);
    const float words =
        std::max(pen.set({{asked.choices[i], true}}, kChoice, wide).height, pen.set({{asked.choices[i]}}, kChoice, wide).height);
    boxes[i].h = std::max(pen.u(kPlate), words + pen.u(16));
    boxes[i].x = x;
    boxes[i].y = y;
    x += boxes[i].w + pen.u(kApart);
    high = std::max(high, boxes[i].h);
  }
  return boxes;
}

bool is_asked(const StoryLine& line) { return line.kind == StoryLine::Kind::ask && !line.choices.empty(); }

// What a question emphasises; without anything, what is asked: its last sentence.
std::vector<TextSpan> strong_of(const StoryLine& line) {
  if (!line.strong.empty() || line.kind != StoryLine::Kind::ask) return line.strong;
  std::size_t from = line.text.size();
  while (from > 1 && !(line.text[from - 1] == ' ' && (line.text[from - 2] == '.' || line.text[from - 2] == '?'))) --from;
  return {{from > 1 ? from : 0, line.text.size()}};
}

float height_of(const Pen& pen, const StoryLine& line, float room) {
  float high = pen.set(line_of(line.text, strong_of(line)), kWords, room).height;
  if (!is_asked(line)) return high;
  const std::vector<Rect> boxes = plates(pen, line, room);
  return high + pen.u(8) + boxes.back().bottom();
}

// So much room the words of the figure need at most while its slide stands: the stage never moves.
float words_height(const Pen& pen, const LivingFigure& living, float room) {
  float most = pen.u(kWords * kLine);
  if (!living.lives()) return most;
  const std::vector<StoryLine>& beats = living.session().beats();
  const std::size_t from = living.first > 0 && is_asked(beats[living.first - 1]) ? living.first - 1 : living.first;
  for (std::size_t i = from; living.entry->plays && i < beats.size() && (beats[i].at <= living.stops || i < living.first); ++i)
    most = std::max(most, height_of(pen, beats[i], room));
  if (!living.entry->plays && from < living.first) most = std::max(most, height_of(pen, beats[from], room));
  return most;
}

void draw_plate(Ui& ui, Pen& pen, const StoryLine& asked, std::size_t which, Rect box, std::optional<std::size_t> given) {
  Canvas& canvas = ui.canvas;
  const bool right = given && asked.answer == which, guess = given && *given == which, faint = given && !right && !guess;
  const Color strong = faint ? pen.muted() : pen.text();
  if (right || (!given && ui.over(box))) canvas.fill(box, canvas.theme.raised, pen.u(10));
  Rect letter = box;
  letter = letter.take_left(pen.u(kPlate));
  canvas.fill(letter, strong, pen.u(10));
  const std::string name(1, static_cast<char>('A' + which));
  pen.write({letter.center().x - pen.width(SlideFace::mono_bold, kChoice, name) / 2, letter.center().y}, SlideFace::mono_bold, kChoice,
            pen.ground(), name, letter);
  const Color line = right ? canvas.theme.hue(HueName::green).stroke : guess ? pen.text() : canvas.theme.line2;
  canvas.outline(box, line, pen.u(right || guess ? 5 : 3), pen.u(10));
  if (right) draw_tick(canvas, {box.right() - pen.u(32), box.center().y}, pen.u(18), line, pen.u(5));
  const Rect words{letter.right() + pen.u(20), box.y, box.right() - letter.right() - pen.u(24), box.h};
  const SetLines set = pen.set({{asked.choices[which], right || guess}}, kChoice, box.w - pen.u(kPlate + 84));
  pen.draw(set, {words.x, box.center().y - set.height / 2}, strong, words);
  if (ui.over(box) && ui.clicked && !given) ui.ask(CommandName::answer, static_cast<std::int64_t>(which));
}

// What is said below the stage just now; a question has its choices below it.
void draw_words(Ui& ui, Pen& pen, const LivingFigure& living, bool in_hand, Rect area) {
  const Session& session = living.session();
  const StoryLine* beat = session.beat();
  const bool asks = beat && is_asked(*beat) && !session.off_script() && session.keeps_letters() &&
                    (session.asking() || session.given(session.told() - 1).has_value());
  const bool came_up = session.told() > living.first || session.asking() || session.off_script() || living.touched;
  std::string text;
  std::vector<TextSpan> strong;
  if (in_hand && !session.notice().empty()) text = session.notice();
  else if (asks) text = beat->text, strong = strong_of(*beat);
  else if (in_hand || session.off_script()) text = session.caption();
  else if (came_up && beat && living.entry->plays) text = beat->text;
  if (beat && text == beat->text) strong = strong_of(*beat);
  if (text.empty()) return;
  SetLines set = pen.set(line_of(text, strong), kWords, area.w);
  const std::vector<Rect> boxes = asks ? plates(pen, *beat, area.w) : std::vector<Rect>{};
  const float room = area.h - (asks ? boxes.back().bottom() + pen.u(8) : 0);
  // A notice may say more than there is room for: it is set smaller then.
  for (float size = kWords; set.height > room + 1 && size > 20; size -= 2) set = pen.set(line_of(text, strong), size, area.w);
  Rect rest = area;
  rest.take_top(pen.draw(set, {area.x, area.y}, pen.text(), area));
  rest.take_top(pen.u(8));
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Rect box{rest.x + boxes[i].x, rest.y + boxes[i].y, boxes[i].w, boxes[i].h};
    draw_plate(ui, pen, *beat, i, box, session.given(session.told() - 1));
  }
}

void draw_pulse(Canvas& canvas, Point center, float radius, Color color) {
  const float width = radius * 0.14F;
  canvas.ring(center, radius, color, width);
  const float r = radius * 0.62F;
  canvas.polyline({{center.x - r, center.y}, {center.x - r * 0.4F, center.y}, {center.x - r * 0.1F, center.y - r * 0.7F},
                   {center.x + r * 0.25F, center.y + r * 0.6F}, {center.x + r * 0.5F, center.y}, {center.x + r, center.y}},
                  color, width);
}

struct MarkedKey {
  std::string_view key, words;
};

// Keys with what they do, from the left; what does not fit is left out. Returns where they end.
float draw_keys(Pen& pen, float x, float most, float y, std::initializer_list<MarkedKey> keys, std::string_view filled = "") {
  for (const MarkedKey& each : keys) {
    const std::string words = pen.say(each.words);
    const float wide = pen.key_width(each.key) + pen.u(14) + pen.width(SlideFace::regular, kMarker, words);
    if (x + wide > most) break;
    x += pen.key({x, y}, each.key, each.key == filled) + pen.u(14);
    x += pen.write({x, y}, SlideFace::regular, kMarker, pen.muted(), words) + pen.u(34);
  }
  return x;
}

void draw_marker(Ui& ui, Pen& pen, const LivingFigure& living, bool in_hand, Rect area) {
  Canvas& canvas = ui.canvas;
  const float y = area.bottom() - pen.u(26), radius = pen.u(17);
  float x = area.x;
  const bool changed = living.touched;
  if (in_hand || changed) draw_hand(canvas, {x + radius, y}, radius, in_hand ? pen.text() : pen.muted());
  else draw_pulse(canvas, {x + radius, y}, radius, pen.muted());
  x += 2 * radius + pen.u(14);
  if (in_hand) {
    x += pen.write({x, y}, SlideFace::bold, kMarker, pen.text(), pen.say("in your hand")) + pen.u(24);
    x = draw_keys(pen, x, area.right(), y, {{"Esc", "back to the slide"}}, "Esc");
    const std::string clock = format_time(living.session().view_time());
    const float wide = pen.width(SlideFace::mono_bold, kMarker, clock);
    const float left = area.right() - wide;
    pen.write({left, y}, SlideFace::mono_bold, kMarker, pen.text(), clock);
    draw_keys(pen, x + pen.u(20), left - pen.u(30), y, {{"C", "crash"}, {"R", "restart"}, {"U", "undo"}, {"Home", "fresh"}});
    return;
  }
  if (changed) {
    const std::size_t deeds = living.deeds();
    std::string words = pen.say(living.met_again ? "as it was" : "changed");
    if (living.met_again && deeds > 0) words += ": " + std::to_string(deeds) + " " + pen.say(deeds == 1 ? "deed" : "deeds");
    x += pen.write({x, y}, SlideFace::regular, kMarker, pen.muted(), words) + pen.u(24);
    draw_keys(pen, x, area.right(), y, {{"Enter", "take it"}, {"Home", "fresh"}});
    return;
  }
  x += pen.write({x, y}, SlideFace::regular, kMarker, pen.muted(), pen.say("alive")) + pen.u(24);
  draw_keys(pen, x, area.right(), y, {{"Enter", living.session().asking() ? "the answer" : "take it"}});
}

// The sign of what has the keys: a frame whose corners are cut.
void draw_ring(Canvas& canvas, Rect box, float cut, Color color, float width) {
  canvas.polyline({{box.x + cut, box.y}, {box.right() - cut, box.y}, {box.right(), box.y + cut}, {box.right(), box.bottom() - cut},
                   {box.right() - cut, box.bottom()}, {box.x + cut, box.bottom()}, {box.x, box.bottom() - cut}, {box.x, box.y + cut}},
                  color, width, true);
}

}  // namespace

SlideLine line_of(const std::string& text, const std::vector<TextSpan>& strong) {
  SlideLine line;
  std::size_t at = 0;
  const auto add = [&](std::size_t to, bool bold) {
    to = std::min(to, text.size());
    if (to > at) line.push_back({text.substr(at, to - at), bold});
    at = std::max(at, to);
  };
  for (const TextSpan& each : strong) {
    add(each.from, false);
    add(each.to, true);
  }
  add(text.size(), false);
  return line;
}

bool draw_living(Ui& ui, LivingFigure& living, const FigureFrame& frame) {
  Rect rest = frame.box;
  Theme theme = ui.canvas.theme;
  theme.stage = color_of(frame.slide.ground);
  Canvas canvas = ui.canvas.themed(theme);
  const bool mouse = !frame.quiet && frame.has_keys;
  Ui own{canvas, ui.room, ui.figure, ui.commands, mouse ? ui.mouse : Point{-1, -1}, mouse && ui.clicked, mouse && ui.held,
         mouse && ui.opens_menu, mouse ? ui.wheel : 0, ui.rested};
  Pen pen(canvas, frame);
  Rect words, marker;
  float smaller = 1;
  if (frame.box.h > pen.u(200)) {
    marker = rest.take_bottom(pen.u(kMarkerHeight));
    const auto high = [&] { return words_height(Pen(canvas, frame, smaller), living, rest.w); };
    while (high() > rest.h * kMostWords && smaller > kLeast) smaller -= 0.06F;
    words = rest.take_bottom(std::min(high(), rest.h * 0.7F));
    rest.take_bottom(pen.u(14));
  }
  const bool takes = mouse && !frame.in_hand && ui.over(rest) && (ui.clicked || ui.opens_menu);
  // While the slide has the keys, the mouse points at nothing on the stage: what it would tell is not for the audience.
  if (!frame.in_hand) own.clicked = own.held = own.opens_menu = false, own.wheel = 0, own.mouse = {-1, -1};
  own.figure.distance.most = kFarthest;
  canvas.push_clip(rest);
  draw_figure(own, living.session(), rest);
  canvas.pop_clip();
  ui.pointed = own.pointed;
  ui.pointed_at = own.pointed_at;
  ui.pointed_in_list = own.pointed_in_list;
  if (frame.quiet) return false;
  own.clicked = mouse && ui.clicked;
  own.mouse = mouse ? ui.mouse : Point{-1, -1};
  if (!words.empty()) {
    Pen small(canvas, frame, smaller);
    draw_words(own, small, living, frame.in_hand, words);
  }
  if (!marker.empty() && frame.has_keys) draw_marker(own, pen, living, frame.in_hand, marker);
  if (frame.in_hand) {
    const float apart = pen.u(14);
    const Rect ring{frame.box.x - apart, frame.box.y - apart, frame.box.w + 2 * apart,
                    (words.empty() ? rest.bottom() : words.bottom()) - frame.box.y + 2 * apart};
    draw_ring(canvas, ring, pen.u(18), pen.text(), pen.u(6));
  }
  return takes;
}

}  // namespace nutshell
