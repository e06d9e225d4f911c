// What a cluster that is being built still lacks: dotted outlines that say what can be added there, and with which key.
#include <algorithm>

#include "sim/session/about.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

struct Vacancy {
  Rect rect;
  Tool tool = Tool::none;
  std::string_view words, key;
};

float height_of(const Canvas& canvas) { return canvas.big(96, 140); }

std::vector<Vacancy> vacancies(const Canvas& canvas, const World& world, const StageLayout& layout) {
  std::vector<Vacancy> all;
  const float top = layout.quorum.bottom() + canvas.big(20, 30), high = height_of(canvas);
  const float left = layout.area.x + 16, right = layout.area.right() - 16;
  const Rect middle{layout.left_gutter.right(), top, layout.right_gutter.x - layout.left_gutter.right(), high};
  if (world.brokers.empty()) {
    all.push_back({middle, Tool::add_broker, "Add broker", "B"});
  } else if (user_topics(world).empty() && !layout.brokers.empty()) {
    const float below = layout.brokers.back().rect.bottom() + 16;
    const Rect row{middle.x, below, middle.w, high * 0.6F};
    if (row.bottom() < layout.area.bottom()) all.push_back({row, Tool::add_topic, "Create a topic", "Shift T"});
  }
  if (world.producers.empty()) all.push_back({{left, top, layout.left_gutter.x - left, high}, Tool::add_producer, "Add producer", "N"});
  const float column = layout.right_gutter.right();
  if (world.consumers.empty()) all.push_back({{column, top, right - column, high}, Tool::add_consumer, "Add consumer", "+"});
  return all;
}

// The words with the key behind them or, in a narrow column, below them; below that what is in the way.
void draw_words(Canvas& canvas, const Vacancy& vacancy, const std::string& reason) {
  const Theme& theme = canvas.theme;
  Rect inner = vacancy.rect.inset(8);
  const bool can = reason.empty();
  const TextStyle style = canvas.width(kBodyBold, vacancy.words) <= inner.w ? kBodyBold : TextStyle{Face::bold, Size::small};
  const float wide = canvas.width(style, vacancy.words), key = key_width(canvas, vacancy.key);
  const float step = canvas.height(style) * 1.5F;
  const Color words = can ? theme.text : theme.text3;
  if (wide + key + 12 <= inner.w) {
    const float x = inner.center().x - (wide + key + 12) / 2;
    const float y = can ? inner.center().y : inner.y + step * 0.75F;
    canvas.text({x, y}, style, words, vacancy.words);
    draw_key(canvas, {x + wide + 12, y}, vacancy.key);
    inner.take_top(can ? inner.h : step * 1.25F);
  } else {
    canvas.text_in(inner.take_top(step), style, words, vacancy.words, Align::center);
    draw_key(canvas, {inner.center().x - key / 2, inner.y + step * 0.6F}, vacancy.key);
    inner.take_top(step * 1.25F);
  }
  const TextStyle small{Face::regular, Size::small};
  const float needed = static_cast<float>(canvas.lines(small, reason, inner.w)) * canvas.height(small) * 1.3F;
  if (!can && needed <= inner.h + 1) canvas.paragraph(inner, small, theme.text3, reason, 1.3F);
}

}  // namespace

void draw_vacancies(Ui& ui, Canvas& canvas, const Scene& scene, const StageLayout& layout) {
  for (const Vacancy& each : vacancies(canvas, scene.world, layout)) {
    if (each.rect.w < 40) continue;
    const std::optional<Offer> offer = offer_of(scene.world, {}, each.tool);
    const std::string reason = offer ? offer->reason : "";
    const bool over = ui.over(canvas.in_window(each.rect)) && ui.view.hand == Tool::none && reason.empty();
    if (over) canvas.fill(each.rect, canvas.theme.card, 8);
    const Color color = over ? canvas.theme.text : reason.empty() ? canvas.theme.text2 : canvas.theme.line2;
    canvas.dashed_outline(each.rect, color, 1.75F, kHidden, 8);
    draw_words(canvas, each, reason);
    if (!over || !ui.clicked) continue;
    ui.use(each.tool, {});
    ui.clicked = false;
  }
}

}  // namespace nutshell
