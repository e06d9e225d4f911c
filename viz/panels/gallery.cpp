// The gallery: all lessons by chapters, puzzles apart, and above them the one that is chosen with what people often think.
#include "viz/panels/gallery.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "viz/panels/chrome.h"
#include "viz/panels/gallery_cards.h"
#include "viz/panels/lesson_sign.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kTitleLine = 1.2F;
constexpr std::string_view kBringBack = "bring back what you did";  // by hand, and did not save

// How densely the rows stand.
struct Density {
  float pad, sign;  // above and below a title; height of the signs, 0: none
  Size words;
};

struct Entry {
  bool head = false;
  std::string_view chapter;
  std::size_t lesson = 0;
  Rect rect;             // of the first column; columns are turned like pages
  std::size_t column = 0;
};

struct Sheet {
  std::vector<Entry> entries;
  std::size_t columns = 1;
  float wide = 0;  // of a column
  Density density{};
};

float sign_width(const Density& density) { return density.sign > 0 ? density.sign * 1.7F + 12 : 0; }
float tail_width(const Canvas& canvas) { return canvas.width({Face::mono, Size::small}, "88") + canvas.big(40, 60); }

// What stands in cards of its own above the lessons; nothing where there is no room for cards.
struct Apart {
  std::vector<std::size_t> puzzles, talks;
};

// By chapters, in the order in which they begin, without those that stand apart.
std::vector<std::size_t> by_chapters(const std::vector<LessonCard>& lessons, const Apart& apart) {
  const bool puzzles = apart.puzzles.empty(), talks = apart.talks.empty();
  std::vector<std::size_t> order;
  for (std::size_t first = 0; first < lessons.size(); ++first) {
    const auto same = [&](std::size_t i) { return lessons[i].chapter == lessons[first].chapter; };
    if (std::any_of(order.begin(), order.end(), same) || (lessons[first].puzzle && !puzzles) || (lessons[first].talk && !talks)) continue;
    for (std::size_t i = first; i < lessons.size(); ++i) {
      if (same(i) && (puzzles || !lessons[i].puzzle)) order.push_back(i);
    }
  }
  return order;
}

// Flows chapters and their lessons, in that order, into columns of that height.
Sheet flow(const Canvas& canvas, const std::vector<LessonCard>& lessons, const std::vector<std::size_t>& order, float wide,
           float high, const Density& density) {
  Sheet sheet;
  sheet.wide = wide;
  sheet.density = density;
  const TextStyle words{Face::regular, density.words};
  const float line = canvas.height(words) * kTitleLine, head = canvas.height(kSmallBold) * 1.9F;
  const float room = wide - number_width(canvas) - sign_width(density) - tail_width(canvas) - 12;
  const auto height_of = [&](const LessonCard& lesson) {
    return std::max(static_cast<float>(canvas.lines(words, lesson.title, room)) * line, density.sign) + density.pad;
  };
  float y = 0;
  std::size_t column = 0;
  for (std::size_t nth = 0; nth < order.size(); ++nth) {
    const std::size_t i = order[nth];
    const bool first = nth == 0 || lessons[i].chapter != lessons[order[nth - 1]].chapter;
    const float row = height_of(lessons[i]);
    if (y > 0 && y + row + (first ? head + density.pad : 0) > high) {
      ++column;
      y = 0;
    }
    if (first) {
      if (y > 0) y += density.pad;
      sheet.entries.push_back({true, lessons[i].chapter, i, {0, y, wide, head}, column});
      y += head;
    }
    sheet.entries.push_back({false, {}, i, {0, y, wide, row}, column});
    y += row;
  }
  sheet.columns = column + 1;
  return sheet;
}

// How many columns the page has, and how wide they are.
struct CardColumns {
  std::size_t count = 1;
  float wide = 0, gap = 0;
};

CardColumns columns_of(const Canvas& canvas, float wide) {
  const float least = canvas.big(296, 420), gap = canvas.big(24, 36);
  const auto count = std::max<std::size_t>(static_cast<std::size_t>((wide + gap) / (least + gap)), 1);
  return {count, (wide - gap * static_cast<float>(count - 1)) / static_cast<float>(count), gap};
}

// The roomiest in which all of it stands on one page; else the densest.
Sheet best_sheet(const Canvas& canvas, const std::vector<LessonCard>& lessons, const std::vector<std::size_t>& order,
                 const CardColumns& columns, float high) {
  Sheet sheet;
  constexpr Size kLarge = Size::body, kUsually = Size::small;
  for (const Density& each : {Density{40, canvas.big(56, 74), kLarge}, Density{30, canvas.big(46, 66), kLarge},
                              Density{22, canvas.big(38, 58), kUsually}, Density{18, canvas.big(34, 52), kUsually},
                              Density{12, canvas.big(28, 44), kUsually}, Density{6, canvas.big(22, 34), kUsually},
                              Density{4, 0, kUsually}}) {
    // CardColumns are about as high as each other, and no higher than the page.
    for (float part = 0.5F; part < 1.01F; part += 0.05F) {
      sheet = flow(canvas, lessons, order, columns.wide, high * part, each);
      if (sheet.columns <= columns.count) return sheet;
    }
  }
  return sheet;
}

void draw_row(PanelUi& ui, const LessonCard& lesson, std::size_t which, Rect row, const Density& density) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const bool chosen = which == ui.gallery.chosen, over = ui.over(row);
  const Rect box{row.x - 8, row.y + 1, row.w + 16, row.h - 2};
  if (chosen || over) canvas.fill(box, theme.raised, 8);
  if (chosen) canvas.outline(box, theme.paper, 2, 8);
  if (over && ui.clicked) ui.ask(CommandName::open_lesson, static_cast<std::int64_t>(which));
  Rect rest{row.x, row.y + density.pad / 2, row.w, row.h - density.pad};
  if (density.sign > 0) {
    const Rect place = rest.take_left(sign_width(density) - 12);
    const Rect frame{place.x, place.center().y - density.sign / 2, place.w, density.sign};
    canvas.fill(frame, theme.bg, 5);
    canvas.outline(frame, theme.line, 1, 5);
    draw_lesson_sign(canvas, lesson.sign, frame.inset(4));
    rest.take_left(12);
  }
  const TextStyle words{Face::regular, density.words};
  const float line = canvas.height(words) * kTitleLine;
  Rect tail = rest.take_right(tail_width(canvas));
  const std::string minutes = std::to_string(lesson.minutes);
  const Rect number = rest.take_left(number_width(canvas));
  const auto lines = static_cast<float>(canvas.lines(words, lesson.title, rest.w));
  const float top = rest.center().y - lines * line / 2;
  canvas.text_in({number.x, top, number.w - 12, line}, {Face::mono, Size::small}, theme.text3, lesson.number, Align::right);
  canvas.paragraph({rest.x, top, rest.w, lines * line}, {chosen ? Face::bold : Face::regular, density.words},
                   is_done(ui.gallery, lesson) && !chosen ? theme.text2 : theme.text, lesson.title, kTitleLine);
  if (is_done(ui.gallery, lesson)) draw_done(canvas, {tail.right() - canvas.big(10, 15), tail.center().y});
  tail.take_right(canvas.big(26, 40));
  canvas.text_in(tail, {Face::mono, Size::small}, theme.text3, minutes, Align::right);
}

void draw_chapter(Canvas& canvas, const GalleryView& gallery, const std::vector<LessonCard>& lessons, const Entry& entry, Rect row) {
  std::size_t all = 0, done = 0;
  for (const LessonCard& each : lessons) {
    all += each.chapter == entry.chapter;
    done += each.chapter == entry.chapter && is_done(gallery, each);
  }
  const bool puzzles = lessons[entry.lesson].puzzle;
  const std::string count = std::to_string(done) + " of " + std::to_string(all) + (puzzles ? " solved" : "");
  canvas.line({row.x, row.bottom() - 3}, {row.right(), row.bottom() - 3}, canvas.theme.line2);
  canvas.text_in(row.take_right(canvas.width(kSmall, count)), kSmall, canvas.theme.text3, count, Align::right);
  canvas.text_in(row, {Face::bold, Size::body}, canvas.theme.text, entry.chapter);
}

// A key and what it does, on a line of its own; a click on it does the same.
void draw_way_in(PanelUi& ui, Rect line, std::string_view words, std::string_view key, CommandName command, std::int64_t value = 0) {
  Canvas& canvas = ui.canvas;
  const bool over = ui.over(line);
  if (over && ui.clicked) ui.ask(command, value);
  line.take_left(draw_key(canvas, {line.x, line.center().y}, key) + 10);
  canvas.text_in(line, kSmall, over ? canvas.theme.text : canvas.theme.text2, words);
}

void draw_ways_in(PanelUi& ui, Rect area) {
  const float line = std::min(ui.canvas.height(kSmall) * 2.1F, area.h / (ui.gallery.kept.empty() ? 4.0F : 5.0F));
  ui.canvas.text_in(area.take_top(line), {Face::bold, Size::body}, ui.canvas.theme.text, "Build your own");
  draw_way_in(ui, area.take_top(line), "an empty cluster", "N", CommandName::new_cluster);
  draw_way_in(ui, area.take_top(line), "open a file", "O", CommandName::tool, static_cast<std::int64_t>(Tool::drop));
  draw_way_in(ui, area.take_top(line), "join by code", "J", CommandName::jump);
  if (!ui.gallery.kept.empty()) draw_way_in(ui, area.take_top(line), kBringBack, "U", CommandName::undo);
}

// The same as a card, with what one would begin with: a producer, a broker and a consumer that are not there yet.
void draw_build_card(PanelUi& ui, Rect card) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(card, theme.card, 12);
  canvas.outline(card, theme.line2, canvas.big(1.5F, 3), 12);
  Rect rest = card.inset(canvas.big(16, 22));
  const float line = canvas.height(kSmall) * 2.1F;
  const Rect ways = rest.take_bottom(std::min(line * (ui.gallery.kept.empty() ? 4.0F : 5.0F), rest.h));
  draw_ways_in(ui, ways);
  const float high = rest.h - 12;
  if (high < 40) return;
  const Point middle{rest.center().x, rest.y + high / 2};
  const float r = std::min(high * 0.42F, 40.0F), far = r * 2.4F;
  canvas.dashed_polyline({{middle.x - far - r * 0.7F, middle.y - r * 0.8F}, {middle.x - far + r * 0.7F, middle.y},
                          {middle.x - far - r * 0.7F, middle.y + r * 0.8F}, {middle.x - far - r * 0.7F, middle.y - r * 0.8F}},
                         theme.text3, 1.75F, kNotYet);
  canvas.dashed_outline({middle.x - r, middle.y - r, 2 * r, 2 * r}, theme.text3, 1.75F, kNotYet, 8);
  canvas.dashed_outline({middle.x + far - r * 0.7F, middle.y - r * 0.7F, 1.4F * r, 1.4F * r}, theme.text3, 1.75F, kNotYet, r * 0.7F);
  canvas.line({middle.x - far + r * 0.9F, middle.y}, {middle.x - r - 6, middle.y}, theme.line2, 1.5F);
  canvas.line({middle.x + r + 6, middle.y}, {middle.x + far - r * 0.9F, middle.y}, theme.line2, 1.5F);
}

// A dash for each caption and question of the lesson that is gone on with.
void draw_left_at(Canvas& canvas, const LastPlace& last, Rect line) {
  const Theme& theme = canvas.theme;
  const std::string place = std::to_string(last.told) + " of " + std::to_string(last.of);
  const auto count = static_cast<float>(std::max<std::size_t>(last.of, 1));
  const float pitch = std::min(canvas.big(32, 48), (line.w - canvas.width(kSmall, place) - 16) / count);
  if (pitch < 5) return canvas.text_in(line, kSmall, theme.text2, place), void();
  for (std::size_t i = 0; i < last.of; ++i) {
    const Rect dash = line.take_left(pitch);
    const Color color = i + 1 == last.told ? theme.paper : i < last.told ? theme.text3 : theme.line2;
    canvas.fill({dash.x, dash.center().y - 3, dash.w - std::min(pitch * 0.25F, 8.0F), 6}, color, 3);
  }
  line.take_left(12);
  canvas.text_in(line, kSmall, theme.text2, place);
}

// The foot of the large card: what its key does, and how long the lesson takes.
void draw_chosen_foot(PanelUi& ui, const LessonCard& lesson, std::size_t which, Rect foot) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const bool goes_on = ui.gallery.goes_on;
  const std::string_view key = goes_on ? "\u2192" : "Enter", does = goes_on ? "go on" : "open";
  const float wide = canvas.width(kSmallBold, does) + key_width(canvas, "Enter") + canvas.big(36, 56);
  const Rect button = foot.take_left(std::min(wide, foot.w));
  canvas.fill(button, theme.paper, 8);
  const Color ink = theme.light ? rgb(0xFFFFFF) : theme.ink;
  canvas.text({button.x + canvas.big(12, 18), button.center().y}, {Face::mono_bold, Size::small}, ink, key);
  canvas.text({button.right() - canvas.big(12, 18), button.center().y}, kSmallBold, ink, does, Align::right);
  if (ui.over(button) && ui.clicked) {
    if (goes_on) ui.ask(CommandName::next);
    else ui.ask(CommandName::open_lesson, static_cast<std::int64_t>(which));
  }
  foot.take_left(16);
  if (goes_on) {
    constexpr std::string_view kHome = "Shift Home", kWords = "from its start";
    const float room = key_width(canvas, kHome) + 10 + canvas.width(kSmall, kWords);
    if (room > foot.w) return;
    const Rect way = foot.take_left(room);
    if (ui.over(way) && ui.clicked) ui.ask(CommandName::home);
    draw_key(canvas, {way.x, way.center().y}, kHome);
    canvas.text_in({way.x + key_width(canvas, kHome) + 10, way.y, room, way.h}, kSmall, theme.text2, kWords);
    foot.take_left(20);
    if (!ui.gallery.kept.empty() && key_width(canvas, "U") + 10 + canvas.width(kSmall, kBringBack) <= foot.w)
      draw_way_in(ui, foot.take_left(key_width(canvas, "U") + 12 + canvas.width(kSmall, kBringBack)), kBringBack, "U", CommandName::undo);
    return;
  }
  const LastPlace& last = ui.gallery.last;
  const bool left_here = !last.file.empty() && last.file == lesson.file && last.told > 1;
  const std::string place = left_here ? ", left at " + std::to_string(last.told) + " of " + std::to_string(last.of) : "";
  const std::string takes = std::to_string(lesson.minutes) + " minutes, " + lesson.chapter +
                            (is_done(ui.gallery, lesson) ? ", done" : "") + place;
  canvas.text_in(foot, kSmall, theme.text2, takes);
}

// The lesson that is chosen, large; at a start, that which was left.
void draw_chosen(PanelUi& ui, const LessonCard& lesson, std::size_t which, Rect card) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(card, theme.card, 12);
  canvas.outline(card, theme.paper, canvas.big(2, 4), 12);
  Rect rest = card.inset(canvas.big(14, 20));
  const Rect frame = rest.take_left(std::min(rest.h * 1.6F, card.w * 0.34F));
  canvas.fill(frame, theme.bg, 8);
  if (lesson.talk) draw_title_slide(canvas, lesson, frame.inset(frame.h * 0.1F));
  else draw_lesson_sign(canvas, lesson.sign, frame.inset(frame.h * 0.14F));
  rest.take_left(canvas.big(20, 32));
  if (ui.gallery.goes_on && rest.h > canvas.height(kSmall) * 7)
    canvas.text_in(rest.take_top(canvas.height(kSmall) * 1.6F), kSmallBold, theme.text3, "Go on where you left");
  const TextStyle title{Face::bold, card.h > canvas.big(150, 220) ? Size::caption : Size::name};
  const float line = canvas.height(title) * 1.15F;
  const float number = canvas.width(title, lesson.number) + canvas.big(12, 20);
  const auto lines = static_cast<float>(std::min(canvas.lines(title, lesson.title, rest.w - number), 2));
  const Rect head = rest.take_top(lines * line);
  canvas.text({head.x, head.y + line / 2}, title, theme.text3, lesson.number);
  canvas.paragraph({head.x + number, head.y, head.w - number, head.h}, title, theme.text, lesson.title, 1.15F);
  draw_chosen_foot(ui, lesson, which, rest.take_bottom(canvas.big(34, 52)));
  if (ui.gallery.goes_on) draw_left_at(canvas, ui.gallery.last, rest.take_top(std::min(canvas.height(kSmall) * 1.8F, rest.h)));
  if (lesson.corrects.empty() || rest.h < canvas.height(kSmall) * 1.3F) return;
  rest.take_top(canvas.big(4, 8));
  if (!lesson.talk && rest.h > canvas.height(kSmall) * 4)
    canvas.text_in(rest.take_top(canvas.height(kSmall) * 1.5F), kSmallBold, theme.text3, "People often think");
  const TextStyle words{Face::regular, rest.h > canvas.height({Face::regular, Size::name}) * 3.2F ? Size::name : Size::small};
  canvas.paragraph(rest, words, theme.text2, lesson.talk ? lesson.corrects : "\u201c" + lesson.corrects + "\u201d", 1.3F);
}

// What stands above the lessons: the chosen one, and, where there is room for columns, talks, puzzles and building in cards.
void draw_top_cards(PanelUi& ui, const std::vector<LessonCard>& lessons, const Apart& apart, const CardColumns& columns, Rect top) {
  const std::size_t chosen = std::min(ui.gallery.chosen, lessons.size() - 1);
  if (!apart.puzzles.empty()) {
    draw_build_card(ui, top.take_right(columns.wide));
    top.take_right(columns.gap);
    draw_puzzles_card(ui, lessons, apart.puzzles, top.take_right(columns.wide));
    top.take_right(columns.gap);
    if (!apart.talks.empty()) {
      draw_talks_card(ui, lessons, apart.talks, top.take_right(columns.wide));
      top.take_right(columns.gap);
    }
  } else if (top.w > 620) {
    draw_ways_in(ui, top.take_right(ui.canvas.big(200, 320)));
    top.take_right(ui.canvas.big(24, 40));
  }
  draw_chosen(ui, lessons[chosen], chosen, top);
}

// The keys that choose and open, as far as there is room.
void draw_choosing(Canvas& canvas, Rect line) {
  constexpr std::array<std::string_view, 4> kArrows = {"\u2190", "\u2191", "\u2193", "\u2192"};
  float wide = canvas.width(kSmall, "choose") + canvas.width(kSmall, "open") + canvas.width(kSmall, "as slides") +
               key_width(canvas, "Enter") + key_width(canvas, "P") + 82;
  for (std::string_view each : kArrows) wide += key_width(canvas, each) + 6;
  if (wide > line.w) return;
  line = line.take_right(wide);
  for (std::string_view each : kArrows) line.take_left(draw_key(canvas, {line.x, line.center().y}, each) + 6);
  line.take_left(6);
  line.take_left(canvas.text_in(line, kSmall, canvas.theme.text3, "choose") + 24);
  line.take_left(draw_key(canvas, {line.x, line.center().y}, "Enter") + 10);
  line.take_left(canvas.text_in(line, kSmall, canvas.theme.text3, "open") + 24);
  line.take_left(draw_key(canvas, {line.x, line.center().y}, "P") + 10);
  canvas.text_in(line, kSmall, canvas.theme.text3, "as slides");
}

// What the columns below are, and how many lessons there are beyond the last that is seen.
void draw_head(Canvas& canvas, const GalleryView& gallery, const std::vector<LessonCard>& lessons, std::size_t more, Rect head) {
  const Theme& theme = canvas.theme;
  const auto done = std::count_if(lessons.begin(), lessons.end(), [&](const LessonCard& each) { return is_done(gallery, each); });
  head.take_left(canvas.text_in(head, {Face::bold, Size::name}, theme.text, "Lessons, and what people often think") + 24);
  const auto talks = std::count_if(lessons.begin(), lessons.end(), [](const LessonCard& each) { return each.talk; });
  const std::string all = std::to_string(done) + " of " + std::to_string(static_cast<std::ptrdiff_t>(lessons.size()) - talks) + " done";
  const std::string words =
      more > 0 ? all + "; " + std::to_string(more) + " more to the right \u2192" : "minutes stand behind the title; " + all;
  head.take_left(canvas.text_in(head, kSmall, more > 0 ? theme.text : theme.text3, words) + 24);
  draw_choosing(canvas, head);
}

}  // namespace

bool is_done(const GalleryView& gallery, const LessonCard& lesson) {
  return std::find(gallery.done.begin(), gallery.done.end(), lesson.name) != gallery.done.end();
}

std::size_t lesson_along(const GalleryView& gallery, int way, std::size_t count) {
  std::vector<std::size_t> order(std::max(count, std::size_t{1}));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (gallery.cards.size() == count) {
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const Rect &one = gallery.cards[a], &other = gallery.cards[b];
      return one.x != other.x ? one.x < other.x : one.y < other.y;
    });
  }
  const auto here = std::find(order.begin(), order.end(), gallery.chosen);
  if (here == order.end()) return order.front();
  if (way < 0) return here == order.begin() ? *here : *std::prev(here);
  return std::next(here) == order.end() ? *here : *std::next(here);
}

std::size_t lesson_beside(const GalleryView& gallery, int way) {
  const std::vector<Rect>& cards = gallery.cards;
  if (gallery.chosen >= cards.size()) return gallery.chosen;
  const Rect& from = cards[gallery.chosen];
  std::size_t best = gallery.chosen;
  float least = 1e9F;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const float across = (cards[i].x - from.x) * static_cast<float>(way);
    if (across < from.w / 2) continue;
    const float apart = across * 10 + std::max(cards[i].y - from.center().y, from.center().y - cards[i].bottom());
    if (apart < least) least = apart, best = i;
  }
  return best;
}

void draw_gallery(PanelUi& ui, const std::vector<LessonCard>& lessons, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  GalleryView& gallery = ui.gallery;
  canvas.fill(area, theme.bg);
  Rect rest = area.inset(canvas.big(28, 36));
  if (rest.h < 120 || lessons.empty()) return draw_ways_in(ui, rest);
  const Rect top = rest.take_top(within(rest.h * 0.27F, canvas.big(112, 150), canvas.big(264, 330)));
  const std::size_t chosen = std::min(gallery.chosen, lessons.size() - 1);
  const CardColumns columns = columns_of(canvas, rest.w);
  Apart apart;
  const bool cards = columns.count >= 4 && top.h >= canvas.big(190, 260);
  for (std::size_t i = 0; i < lessons.size() && cards; ++i) {
    if (lessons[i].puzzle) apart.puzzles.push_back(i);
    if (lessons[i].talk && columns.count >= 5 && apart.talks.size() < kMostTalks) apart.talks.push_back(i);
  }
  gallery.cards.assign(lessons.size(), {});
  draw_top_cards(ui, lessons, apart, columns, top);
  Rect head = rest.take_top(canvas.big(44, 60));
  const Sheet sheet = best_sheet(canvas, lessons, by_chapters(lessons, apart), columns, rest.h);
  const float pitch = sheet.wide + columns.gap;
  // Where not all columns fit, they are shifted until the chosen one is seen.
  const auto seen = std::max<std::size_t>(static_cast<std::size_t>((rest.w + pitch - sheet.wide + 1) / pitch), 1);
  std::size_t first = 0;
  for (const Entry& each : sheet.entries) {
    if (!each.head && each.lesson == chosen && each.column >= seen) first = each.column + 1 - seen;
  }
  const auto more = std::count_if(sheet.entries.begin(), sheet.entries.end(),
                                  [&](const Entry& each) { return !each.head && each.column >= first + seen; });
  draw_head(canvas, gallery, lessons, static_cast<std::size_t>(more), head);
  for (const Entry& each : sheet.entries) {
    const float x = rest.x + pitch * (static_cast<float>(each.column) - static_cast<float>(first));
    const Rect row{x, rest.y + each.rect.y, sheet.wide, each.rect.h};
    if (!each.head) gallery.cards[each.lesson] = row;
    if (each.column < first || each.column >= first + seen) continue;
    if (each.head) draw_chapter(canvas, gallery, lessons, each, row);
    else draw_row(ui, lessons[each.lesson], each.lesson, row, sheet.density);
  }
}

void draw_lesson_progress(Canvas& canvas, const Session& session, const std::vector<LessonCard>& lessons, std::size_t which, Rect line) {
  const Theme& theme = canvas.theme;
  if (which >= lessons.size()) return;
  const std::string place = "Lesson " + lessons[which].number + " of " + std::to_string(lessons.size());
  line.take_left(canvas.text_in(line, kSmall, theme.text3, place) + 20);
  for (std::size_t i = 0; i < session.beats().size() && line.w > 160; ++i) {
    const Rect dash = line.take_left(36);
    const bool told = i < session.told();
    canvas.fill({dash.x, dash.center().y - 3, dash.w - 6, 6}, i + 1 == session.told() ? theme.paper : told ? theme.text3 : theme.line2, 3);
  }
  line.take_left(16);
  canvas.text_in(line, kSmall, theme.text3, std::to_string(lessons[which].minutes) + " minutes");
}

void draw_lesson_strip(PanelUi& ui, const std::vector<LessonCard>& lessons, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  Rect head = area.take_top(canvas.big(40, 56));
  const std::string all = "all " + std::to_string(lessons.size());
  Rect right = head.take_right(canvas.width(kSmall, all) + key_width(canvas, "G") + 14);
  draw_way_in(ui, right, all, "G", CommandName::gallery);
  canvas.text_in(head, {Face::bold, Size::name}, theme.text, "Lessons");
  constexpr float kGap = 16;
  const auto count = std::min<std::size_t>(static_cast<std::size_t>(within(area.w / 200, 1.0F, 6.0F)), lessons.size());
  if (count == 0) return;
  const float wide = (area.w - kGap * static_cast<float>(count - 1)) / static_cast<float>(count);
  const float words = canvas.height(kSmallBold) * kTitleLine * 2 + 14;
  for (std::size_t i = 0; i < count; ++i) {
    Rect card{area.x + static_cast<float>(i) * (wide + kGap), area.y, wide, area.h};
    const bool now = i == ui.gallery.chosen, over = ui.over(card);
    if (over && ui.clicked) ui.ask(CommandName::open_lesson, static_cast<std::int64_t>(i));
    Rect title = card.take_bottom(words);
    canvas.fill(card, over ? theme.raised : theme.card, 10);
    canvas.outline(card, now ? theme.paper : theme.line2, now ? 2.5F : 1, 10);
    draw_lesson_sign(canvas, lessons[i].sign, {card.x + card.w * 0.14F, card.y + card.h * 0.12F, card.w * 0.72F, card.h * 0.76F});
    title.take_top(8);
    const std::string minutes = std::to_string(lessons[i].minutes) + " min";
    const Rect tail = title.take_right(canvas.width(kSmall, minutes) + 6);
    canvas.text({tail.right(), title.y + canvas.height(kSmallBold) * kTitleLine / 2}, kSmall, theme.text3, minutes, Align::right);
    canvas.text({title.x, title.y + canvas.height(kSmallBold) * kTitleLine / 2}, {Face::mono, Size::small}, theme.text3, lessons[i].number);
    title.take_left(number_width(canvas));
    canvas.paragraph(title, kSmallBold, theme.text, lessons[i].title, kTitleLine);
  }
}

}  // namespace nutshell
