// Every promise with its lamp: kept, broken and why, or not put to the test yet.
#include <algorithm>

#include "sim/check/judge.h"
#include "sim/core/text.h"
#include "sim/session/asked.h"
#include "viz/panels/chrome.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kWheelPixels = 48;

const Breach* breach_of(const Judge& judge, std::size_t promise) {
  for (const Breach& each : judge.breaches()) {
    if (each.promise == static_cast<std::int32_t>(promise)) return &each;
  }
  return nullptr;
}

class Lamps {
 public:
  Lamps(Ui& ui, const Session& session, Rect area)
      : ui_(ui), judge_(session.timeline().judge()), asked_(asked_of(session)), whole_(area), area_(area) {}

  void draw() {
    const Rect whole = whole_;
    area_.y -= ui_.view.promises_scrolled;
    const float top = area_.y;
    const auto each = [&](std::string_view title, const auto& wanted) {
      bool any = false;
      for (std::size_t i = 0; i < kPromiseCount; ++i) {
        if (!wanted(i)) continue;
        if (!any) head(title);
        any = true;
        lamp(i);
      }
    };
    const auto tried = [&](std::size_t i) { return judge_.trials()[i] > 0; };
    each("Hidden until you have answered", [&](std::size_t i) { return asked_.hides_promise(i); });
    each("Broken", [&](std::size_t i) { return !asked_.hides_promise(i) && breach_of(judge_, i) != nullptr; });
    each("Kept so far", [&](std::size_t i) { return !asked_.hides_promise(i) && !breach_of(judge_, i) && tried(i); });
    each("Not judged yet", [&](std::size_t i) { return !asked_.hides_promise(i) && !breach_of(judge_, i) && !tried(i); });
    const float used = area_.y - top;
    float& scrolled = ui_.view.promises_scrolled;
    if (ui_.over(whole)) scrolled -= ui_.wheel * kWheelPixels;
    scrolled = within(scrolled, 0.0F, used - whole.h);
    if (used <= whole.h) return;
    const float high = std::max(whole.h * whole.h / used, 16.0F);
    const float y = whole.y + (whole.h - high) * scrolled / (used - whole.h);
    ui_.canvas.fill({whole.right() + 8, y, 4, high}, ui_.canvas.theme.line2, 2);
  }

 private:
  bool visible(float y, float high) const { return y >= whole_.y - 0.5F && y + high <= whole_.bottom() + 0.5F; }
  Rect take(float high) {
    const Rect line{area_.x, area_.y, area_.w, high};
    area_.y += high;
    return line;
  }

  void head(std::string_view title) {
    if (area_.y > whole_.y - ui_.view.promises_scrolled + 1) take(10);
    const Rect line = take(24);
    if (visible(line.y, line.h)) ui_.canvas.text_in(line, kSmallBold, ui_.canvas.theme.text3, title);
  }

  void lamp(std::size_t index) {
    Canvas& canvas = ui_.canvas;
    const Theme& theme = canvas.theme;
    const Promise& promise = promises()[index];
    const Breach* breach = asked_.hides_promise(index) ? nullptr : breach_of(judge_, index);
    const float step = canvas.height(kSmall) * 1.35F, wide = area_.w - 26;
    const TextStyle style = breach ? kSmallBold : kSmall;
    const float high = step * static_cast<float>(canvas.lines(style, promise.title, wide)) + 6;
    const float top = area_.y;
    const Rect line = take(high);
    if (visible(line.y, line.h)) {
      sign(index, breach, {line.x + 9, line.y + 3 + step / 2});
      const Color ink = breach ? theme.text : judge_.trials()[index] > 0 ? theme.text2 : theme.text3;
      canvas.paragraph({line.x + 26, line.y + 3, wide, line.h - 5}, style, ink, promise.title, 1.35F);
    }
    if (breach) reason(*breach, wide, top);
  }

  // Why it is broken; a click goes to the moment.
  void reason(const Breach& breach, float wide, float top) {
    Canvas& canvas = ui_.canvas;
    const std::string why =
        format_time(breach.at) + ": " + (breach.promised ? "" : "not promised with these settings. ") + breach.why + ".";
    const float step = canvas.height(kSmall) * 1.35F;
    const Rect text = take(step * static_cast<float>(canvas.lines(kSmall, why, wide)) + 8);
    const Rect hit{text.x, top, text.w, text.bottom() - top};
    if (ui_.over(hit) && ui_.over(whole_)) {
      canvas.outline(hit, canvas.theme.text2, 1, 6);
      if (breach.tp.topic >= 0) point_at(ui_, {PlaceKind::partition, kNoNode, kNoNode, breach.tp}, breach.at);
      else point_at(ui_, {}, breach.at);
      if (ui_.clicked) ui_.ask(CommandName::go_to_step, static_cast<std::int64_t>(breach.step + 1));
    }
    if (visible(text.y, text.h))
      canvas.paragraph({text.x + 26, text.y, wide, text.h}, kSmall, canvas.theme.text2, why, 1.35F);
  }

  void sign(std::size_t index, const Breach* breach, Point at) {
    Canvas& canvas = ui_.canvas;
    const Theme& theme = canvas.theme;
    if (breach) {
      draw_octagon(canvas, at, 9, theme.hue(HueName::red).fill);
      return draw_cross(canvas, at, 3.5F, theme.ink, 2);
    }
    if (asked_.hides_promise(index)) return draw_hidden(canvas, {at.x - 9, at.y - 9, 18, 18});
    if (judge_.trials()[index] == 0) return canvas.ring(at, 8, theme.line2, 1.5F);
    const Color green = theme.hue(HueName::green).stroke;
    canvas.ring(at, 8, green, 1.5F);
    draw_tick(canvas, at, 6, green, 1.75F);
  }

  Ui& ui_;
  const Judge& judge_;
  const Asked asked_;
  const Rect whole_;
  Rect area_;  // what is left; begins above `whole_` when it is scrolled
};

}  // namespace

void draw_lamps(Ui& ui, const Session& session, Rect area) {
  ui.canvas.push_clip(area.inset(-2));
  Lamps(ui, session, area).draw();
  ui.canvas.pop_clip();
}

}  // namespace nutshell
