#include "viz/app/presenter.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "viz/app/presenter_panels.h"

namespace nutshell {

namespace {

constexpr float kSteps = 24;

}  // namespace

Presenter::Presenter(Window& own, Window& audience, std::shared_ptr<Podium> podium)
    : window_(own), audience_(audience), podium_(std::move(podium)), show_(podium_->talk, podium_->shelf) {
  audience_.keep_copy();
  room_.projector = true;  // figures of small pictures are drawn as the audience sees them
}

std::string Presenter::prepare() {
  window_.use();
  return load_fonts();
}

std::string Presenter::load_fonts() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  // All of it stands in 1456 x 819, larger where there is more room.
  const float scale = std::max(std::floor(std::min(size.x / 1456, size.y / 819) * kSteps) / kSteps, 0.5F);
  if (scale == scale_) return "";
  scale_ = scale;
  const auto faces = [&](ImFontAtlas& atlas, float) { return show_.fonts().add(atlas, scale, scale, 60 * scale); };
  const std::string error = fonts_.load(*ImGui::GetIO().Fonts, scale, false, Letters::latin1, faces);
  if (error.empty()) window_.fonts_changed();
  show_.fonts_changed();
  return error;
}

// Keys are obeyed by the audience's window. Over the picture the mouse is the audience's: it points, draws, takes the figure in
// hand and acts on it; the wheel scrolls the notes unless a figure is in hand.
void Presenter::take_input(const Rect& picture) {
  for (const KeyPress& each : window_.take_keys()) audience_.press(each);
  for (const KeyName each : window_.take_releases()) audience_.release(each);
  const ImGuiIO& io = ImGui::GetIO();
  const Point mouse{io.MousePos.x / scale_, io.MousePos.y / scale_};
  Podium& at = *podium_;
  const bool inside = picture.contains(mouse), turns = inside && at.talk.in_hand();
  if (io.MouseWheel != 0 && !turns) at.notes_scrolled = std::max(at.notes_scrolled - io.MouseWheel * 2, 0.0F);
  at.mouse.reset();
  if (!inside) return;
  at.mouse = {(mouse.x - picture.x) / picture.w, (mouse.y - picture.y) / picture.h, io.MouseClicked[0], io.MouseDown[0], io.MouseClicked[1],
              turns ? io.MouseWheel : 0};
}

bool Presenter::frame(Duration wall) {
  window_.use();
  if (!load_fonts().empty() || !window_.begin_frame()) return false;
  show_.pass(wall);
  take_input(picture_);
  const ImGuiIO& io = ImGui::GetIO();
  Canvas canvas(*ImGui::GetBackgroundDrawList(), dark_theme(), fonts_, scale_, false);
  texts_.clear();
  canvas.log = &texts_;
  const Theme& theme = canvas.theme;
  whole_ = {0, 0, io.DisplaySize.x / scale_, io.DisplaySize.y / scale_};
  canvas.fill(whole_, theme.bg);
  const PresenterUi ui{canvas, show_.fonts(), *podium_};
  Rect rest = whole_;
  draw_clock(ui, rest.take_top(92), time_of_day_);
  Rect foot = rest.take_bottom(186);
  canvas.fill({foot.x, foot.y, foot.w, 1}, theme.line);
  rest = rest.inset(14);
  Rect left = rest.take_left(rest.w * 0.61F);
  rest.take_left(28);
  Rect head = left.take_top(26);
  canvas.text_in(head, kSmallBold, theme.text3, "On the screen");
  const float shape = podium_->width / std::max(podium_->height, 1.0F);
  const auto fitted = [&](Rect box) {
    const float w = std::min(box.w, box.h * shape), h = w / shape;
    return Rect{box.x, box.y, w, h};
  };
  picture_ = fitted(left);
  canvas.fill(picture_, rgb(0x000000));
  // NOLINTNEXTLINE: a number that Dear ImGui hands on
  if (const std::uintptr_t copy = audience_.copy()) canvas.image(picture_, reinterpret_cast<ImTextureID>(copy), {0, 1}, {1, 0});
  canvas.outline(picture_.inset(-2), theme.paper, 2, 2);
  const std::size_t next = podium_->talk.slide() + 1;
  Rect top = rest.take_top(26);
  const bool more = next < podium_->talk.deck().slides.size();
  canvas.text_in(top, kSmallBold, theme.text3, more ? "Next slide, " + std::to_string(next + 1) : "No slide follows");
  Rect ahead = rest.take_top(std::min(rest.h * 0.36F, 190.0F));
  const Rect small = fitted({ahead.x, ahead.y, ahead.w * 0.6F, ahead.h});
  if (more) {
    std::vector<Command> dropped;
    room_.light = podium_->light;
    Canvas in_words(canvas);
    const Wording wording = [this](std::string_view words) { return podium_->talk.captions().draw(words); };
    in_words.wording = &wording;
    Ui quiet{in_words, room_, view_, dropped, {-1, -1}};
    show_.draw_small(quiet, next, small, podium_->width, podium_->height);
    canvas.outline(small, theme.line2, 1);
  }
  ahead.take_left(small.w + 18);
  draw_then(ui, ahead);
  rest.take_top(16);
  canvas.fill({rest.x, rest.y, rest.w, 1}, theme.line);
  rest.take_top(10);
  draw_slide_notes(ui, rest);
  foot = foot.inset(16);
  draw_only_you(ui, foot.take_left(foot.w * 0.27F));
  foot.take_left(20);
  draw_next_steps(ui, foot.take_left(foot.w * 0.46F));
  foot.take_left(24);
  draw_key_list(ui, foot);
  window_.end_frame();
  return true;
}

}  // namespace nutshell
