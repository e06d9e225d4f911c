#include "viz/app/app.h"

#include <imgui.h>

#include <algorithm>

#include "viz/panels/stage.h"

namespace nutshell {

App::App(Window& window, std::vector<LessonCard> lessons, LessonReader read)
    : window_(window), lessons_(std::move(lessons)), read_(std::move(read)) {}

void App::open(Scenario scenario) {
  for (std::size_t i = 0; i < lessons_.size(); ++i) {
    if (lessons_[i].title == scenario.title) view_.chosen = i;
  }
  session_ = std::make_unique<Session>(std::move(scenario));
}

std::string App::prepare() { return load_fonts(); }

std::string App::load_fonts() {
  const float scale = window_.scale() * view_.scale;
  if (scale == font_scale_ && view_.projector == font_projector_) return "";
  font_scale_ = scale;
  font_projector_ = view_.projector;
  const std::string error = fonts_.load(*ImGui::GetIO().Fonts, scale, view_.projector);
  if (error.empty()) window_.fonts_changed();
  return error;
}

void App::open_lesson(std::size_t which) {
  if (which >= lessons_.size()) return;
  std::string error;
  std::optional<Scenario> scenario = read_(lessons_[which].file, error);
  if (!scenario) return;
  view_.chosen = which;
  view_.overlay = Overlay::none;
  open(std::move(*scenario));
}

bool App::obey_gallery(const Command& command) {
  if (view_.overlay != Overlay::gallery) return false;
  const std::size_t count = std::max<std::size_t>(lessons_.size(), 1);
  switch (command.name) {
    case CommandName::next: view_.chosen = (view_.chosen + 1) % count; return true;
    case CommandName::back: view_.chosen = (view_.chosen + count - 1) % count; return true;
    case CommandName::slower: view_.chosen = std::min(view_.chosen + view_.columns, count - 1); return true;
    case CommandName::faster: view_.chosen -= view_.chosen < view_.columns ? 0 : view_.columns; return true;
    case CommandName::reveal: open_lesson(view_.chosen); return true;
    default: return false;
  }
}

void App::obey(const Command& command) {
  const auto toggle = [&](Overlay overlay) { view_.overlay = view_.overlay == overlay ? Overlay::none : overlay; };
  if (obey_gallery(command)) return;
  switch (command.name) {
    case CommandName::black: return toggle(Overlay::black);
    case CommandName::gallery: return toggle(Overlay::gallery);
    case CommandName::keys: return toggle(Overlay::keys);
    case CommandName::projector: view_.projector = !view_.projector; return;
    case CommandName::light: view_.light = !view_.light; return;
    case CommandName::panel: view_.panel = !view_.panel; return;
    case CommandName::hidden_traffic: view_.hidden_traffic = !view_.hidden_traffic; return;
    case CommandName::reduced_motion: view_.reduced_motion = !view_.reduced_motion; return;
    case CommandName::tab: {
      const int next = command.value > 0 ? static_cast<int>(command.value) - 1 : (static_cast<int>(view_.tab) + 1) % kTabs;
      view_.tab = static_cast<Tab>(next);
      view_.panel = true;
      return;
    }
    case CommandName::full_screen:
      view_.full_screen = !view_.full_screen;
      return window_.set_full_screen(view_.full_screen);
    case CommandName::select: view_.selected = command.place; return;
    case CommandName::open_lesson: return open_lesson(static_cast<std::size_t>(command.value));
    case CommandName::close:
      if (view_.overlay == Overlay::none) view_.selected = {};
      view_.overlay = Overlay::none;
      return;
    case CommandName::quit: quit_ = true; return;
    default: break;
  }
  if (view_.overlay != Overlay::none) view_.overlay = Overlay::none;
  else session_->obey(command);
}

// A question brings its choices to the front.
void App::show_question() {
  view_.panel = true;
  view_.tab = Tab::lesson;
}

// One a frame, so that the gallery opens at once.
void App::make_still() {
  for (LessonCard& each : lessons_) {
    if (each.still) continue;
    std::string error;
    std::optional<Scenario> scenario = read_(each.file, error);
    if (!scenario) continue;
    Session session(std::move(*scenario));
    // Two thirds of the way through, most stories have their trouble on the stage.
    const std::size_t beats = session.beats().size();
    session.go_to_time(beats == 0 ? session.scenario().until / 2 : session.beats()[beats * 2 / 3].at);
    each.still = std::make_shared<const World>(session.world());
    return;
  }
}

void App::take_keys() {
  for (const KeyPress& press : window_.take_keys()) {
    if (const std::optional<Command> command = command_of(press)) obey(*command);
  }
}

void App::draw(Ui& ui, Rect whole) {
  Canvas& canvas = ui.canvas;
  const Session& session = *session_;
  stage_ = {};
  view_.spots.clear();
  view_.hovered = {};
  if (view_.overlay == Overlay::black) return canvas.fill(whole, {0, 0, 0, 255});
  canvas.fill(whole, canvas.theme.bg);
  draw_top_bar(ui, session, whole.take_top(canvas.big(48, 72)));
  if (view_.overlay == Overlay::gallery) return draw_gallery(ui, lessons_, session, whole);
  if (view_.overlay == Overlay::keys) return draw_keys(ui, whole);
  const bool large = whole.h > 850;
  if (canvas.projector) {
    const float question = session.asking() || (session.beat() && session.beat()->kind == StoryLine::Kind::ask) ? 0.42F : 0;
    draw_caption(ui, session, whole.take_bottom(large ? 170 : 130));
    if (question > 0) {
      const Rect side = whole.take_right(whole.w * question);
      canvas.fill(side, canvas.theme.panel);
      draw_question(ui, session, side.inset(24));
    }
    stage_ = whole;
    return draw_stage(ui, session, whole);
  }
  draw_timeline(ui, session, whole.take_bottom(large ? 144 : whole.h > 660 ? 110 : 76));
  draw_transport(ui, session, whole.take_bottom(56));
  const float panel = whole.w >= 1700 ? 456 : whole.w >= 1200 ? 336 : 300;
  if (view_.panel) draw_side_panel(ui, session, whole.take_right(panel));
  draw_caption(ui, session, whole.take_bottom(64));
  stage_ = whole;
  draw_stage(ui, session, whole);
}

bool App::frame(Duration wall) {
  if (!load_fonts().empty() || !window_.begin_frame()) return false;
  const bool asked = session_->asking();
  take_keys();
  if (view_.overlay == Overlay::none) session_->pass(wall);
  const auto notice_question = [&] {
    if (!asked && session_->asking()) show_question();
  };
  notice_question();
  if (view_.overlay == Overlay::gallery) make_still();
  const ImGuiIO& io = ImGui::GetIO();
  const float scale = font_scale_;
  Canvas canvas(*ImGui::GetBackgroundDrawList(), view_.light ? light_theme() : dark_theme(), fonts_, scale, view_.projector);
  texts_.clear();
  canvas.log = &texts_;
  std::vector<Command> commands;
  Ui ui{canvas, view_, {io.MousePos.x / scale, io.MousePos.y / scale}, io.MouseClicked[0], io.MouseDown[0], io.MouseWheel, commands};
  draw(ui, {0, 0, io.DisplaySize.x / scale, io.DisplaySize.y / scale});
  window_.end_frame();
  for (const Command& each : commands) obey(each);
  notice_question();
  return !quit_;
}

}  // namespace nutshell
