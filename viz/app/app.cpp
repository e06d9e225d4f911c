#include "viz/app/app.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/session/command_rows.h"
#include "sim/session/empty.h"
#include "sim/session/variations.h"
#include "viz/app/hands.h"
#include "viz/app/leaving.h"
#include "viz/app/lesson_screen.h"
#include "viz/app/podium.h"
#include "viz/panels/caption.h"
#include "viz/panels/carry.h"
#include "viz/panels/lens.h"
#include "viz/panels/stage.h"

namespace nutshell {

namespace {

// So long frames are drawn after input, so that what it brought about comes to its end: a tooltip takes its time.
constexpr Duration kAwakeAfterMouse = kSecond, kAwakeAfterKey = 200 * kMillisecond, kAwakeAfterMoving = 100 * kMillisecond;

}  // namespace

App::App(Window& window, std::vector<LessonCard> lessons, LessonReader read)
    : window_(window), shelf_{std::move(lessons), std::move(read)} {}

void App::open(Scenario scenario) {
  if (const std::optional<std::size_t> which = shelf_.titled(scenario.title)) gallery_.chosen = *which;
  if (figure_.session) {
    panels_.first_screen = false;
    errands_.finish_saving(session());
    if (figure_.session.use_count() == 1) left_.push_back(std::move(figure_.session));
  }
  watch(std::make_shared<Session>(std::move(scenario)));
  leads_ = true;
}

void App::watch(std::shared_ptr<Session> session) {
  leads_ = false;
  figure_.session = std::move(session);
  gallery_.goes_on = false;
  hands_.card = {};
  panels_.hints = 0;
  panels_.why = {};
  panels_.events.scrolled = panels_.events.cursor = 0;
  figure_.view.hand = Tool::none;
  figure_.view.area = first_area(figure_.session->scenario(), figure_.view.area);
  figure_.view.selected = {};
  figure_.view.space.placed = false;
  reset_lens(figure_.view);
  errands_.drop_all();
}

bool App::shows_figure() const {
  return std::visit([](const auto& screen) { return screen.kHasFigure; }, screen_);
}

void App::present(std::shared_ptr<Podium> podium) {
  leads_ = true;
  show(DeckScreen{std::move(podium)});
}

Figure App::exchange_figure(Figure figure) {
  errands_.drop_all();
  hands_.card = {};
  return std::exchange(figure_, std::move(figure));
}

Podium* App::podium() {
  const DeckScreen* const deck = std::get_if<DeckScreen>(&screen_);
  return deck ? deck->podium.get() : nullptr;
}

std::string App::prepare() {
  window_.use();
  return load_fonts();
}

std::string App::load_fonts() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  float scale = room_.projector && size.y > 0 ? back_row_scale(room_.scale, size.x, size.y) : window_.scale() * room_.scale;
  // The first screen has little to show: where there is room, it is as much larger.
  if (panels_.first_screen && !room_.projector) scale *= within(std::min(size.x / (scale * 1280), size.y / (scale * 760)), 1.0F, 1.4F);
  // While a window is dragged larger, the faces of slides follow in steps.
  constexpr float kSteps = 24;
  Podium* const talk = podium();
  const float unit = talk ? std::ceil(std::min(size.x / 1600, size.y / 1080) * kSteps) / kSteps : 0;
  const FontChoice wanted{scale, room_.projector, letters_, talk, unit};
  if (wanted == loaded_) return "";
  loaded_ = wanted;
  std::function<std::string(ImFontAtlas& atlas, float scale)> faces;
  if (talk) faces = [&](ImFontAtlas& atlas, float) { return talk->show.fonts().add(atlas, unit, scale); };
  const std::string error = fonts_.load(*ImGui::GetIO().Fonts, scale, room_.projector, letters_, faces);
  if (error.empty()) window_.fonts_changed();
  if (talk) talk->show.fonts_changed();
  return error;
}

void App::open_lesson(std::size_t which) {
  if (which < shelf_.cards.size() && shelf_.cards[which].talk) return give_talk(shelf_.cards[which].file, false);
  std::optional<Scenario> scenario = shelf_.open(which);
  if (!scenario) return;
  leave([this, which, lesson = std::move(*scenario)] {
    gallery_.chosen = which;
    show(LessonScreen{});
    open(lesson);
  });
}

void App::open_empty() {
  leave([this] {
    show(LessonScreen{});
    open(empty_scenario());
  });
}

void App::toggle_full_screen() {
  room_.full_screen = !room_.full_screen;
  window_.set_full_screen(room_.full_screen);
}

void App::show_tab(Tab tab) {
  panels_.tab = tab;
  panels_.open = true;
  panels_.side_over = room_.projector;
}

void App::carry_out(const Command& command) {
  errands_.drop();
  if (session().lies_ahead(command)) errands_.await(command);
  else if (command.name == CommandName::share) share();
  else session().obey(command);
}

std::string App::show_beside(const std::string& key, const std::string& value) {
  std::string problem;
  const std::optional<std::size_t> beside = universe_under_setting(session(), key, value, problem);
  if (beside) carry_out({CommandName::compare_with, static_cast<std::int64_t>(*beside), {}});
  return problem;
}

void App::settle() {
  session().read_all();
  errands_.finish_saving(session());
  while (errands_.under_way()) {
    if (const std::optional<Command> due = errands_.take_due(session())) carry_out(*due);
    errands_.go_on_joining(session());
    session().read_all();
  }
}

// True: there were some.
bool App::take_keys() {
  const std::vector<KeyPress> keys = window_.take_keys();
  for (const KeyPress& press : keys) {
    hands_.share_code.clear();
    if (type_farewell(*this, press) || type_prompt(*this, press) || type_field(*this, press)) continue;
    if (std::visit([&](auto& screen) { return screen.type(*this, press); }, screen_)) continue;
    if (const std::optional<Command> command = command_of(press, session().keeps_letters())) obey(*command);
  }
  const std::vector<KeyName> let_go = window_.take_releases();
  if (Podium* const talk = podium()) {
    for (const KeyName each : let_go) let_go_on_slide(*talk, each);
  }
  return !keys.empty() || !let_go.empty();
}

// Something is under way that changes the picture by itself.
bool App::moves() const {
  if (errands_.any() || !left_.empty()) return true;
  return std::visit([&](const auto& screen) { return screen.moves(*this); }, screen_);
}

// Keys, mouse and controllers.
void App::look_at_input(Duration wall) {
  const ImGuiIO& io = ImGui::GetIO();
  const bool moved = io.MouseDelta.x != 0 || io.MouseDelta.y != 0;
  const bool touched = io.MouseClicked[0] || io.MouseClicked[1] || io.MouseDown[0] || io.MouseReleased[0] || io.MouseWheel != 0;
  awake_ = std::max(awake_ - wall, moved || touched ? kAwakeAfterMouse : 0);
  const bool typed = take_keys();
  if (typed) awake_ = std::max(awake_, kAwakeAfterKey);
  // A mouse that merely lies there while keys are pressed points at nothing.
  const ImVec2 at = io.MousePos;
  const bool elsewhere = lies_ && (at.x != lies_->x || at.y != lies_->y);
  lies_ = Point{at.x, at.y};
  points_ = (points_ && !typed) || elsewhere || touched;
  if (take_controllers(wall)) awake_ = std::max(awake_, kAwakeAfterKey);
}

// All that goes on by itself.
void App::work(Duration wall) {
  if (leads_) std::visit([&](auto& screen) { screen.pass(*this, wall); }, screen_);
  if (const std::optional<Command> due = errands_.take_due(session())) carry_out(*due);
  errands_.go_on_joining(session());
  errands_.go_on_saving(session());
  errands_.check_expected(session());
  note_done(*this);
  if (session().playing() && !session().gliding() && has_more_pages(panels_.caption)) read_on(panels_.caption, wall);
  sound(wall);
  make_room_for_two(*this);
  if (!left_.empty() && !left_.back()->let_go()) left_.pop_back();
}

bool App::frame(Duration wall) {
  window_.use();
  if (!load_fonts().empty()) return false;
  if (!window_.begin_frame() && (closing() || !window_.begin_frame())) {
    errands_.finish_saving(session());
    return false;
  }
  const bool asked = session().asking();
  const auto notice_question = [&] {
    if (!asked && session().asking()) show_question(*this);
  };
  look_at_input(wall);
  work(wall);
  notice_question();
  if (panels_.are_shown(room_) && panels_.tab == Tab::inspector) {
    session().look_back();
    session().look_across();
  }
  const std::vector<Command> commands = draw(wall);
  window_.end_frame();
  for (const TextBox& each : texts_) letters_ = std::max(letters_, Fonts::letters_of(each.text));
  for (const Command& each : commands) obey(each);
  notice_question();
  // What a command has changed, and what ends just now, is in the next picture.
  if (moves() || !commands.empty() || window_.changed()) awake_ = std::max(awake_, kAwakeAfterMoving);
  return !quit_;
}

// Returns what was asked for.
std::vector<Command> App::draw(Duration wall) {
  const ImGuiIO& io = ImGui::GetIO();
  const float scale = loaded_.scale;
  Canvas canvas(*ImGui::GetBackgroundDrawList(), room_.light ? light_theme() : dark_theme(), fonts_, scale, room_.projector);
  texts_.clear();
  canvas.log = &texts_;
  // A talk in another language says there what it shows.
  const Wording wording = [this](std::string_view words) { return podium()->talk.captions().draw(words); };
  if (podium() && !podium()->talk.captions().stage.empty()) canvas.wording = &wording;
  std::vector<Command> commands;
  const Rect whole{0, 0, io.DisplaySize.x / scale, io.DisplaySize.y / scale};
  window_rect_ = whole;
  mouse_ = {io.MousePos.x / scale, io.MousePos.y / scale};
  PanelUi ui{{canvas, room_, figure_.view, commands, mouse_, io.MouseClicked[0], io.MouseDown[0], io.MouseClicked[1], io.MouseWheel},
             hands_,
             panels_,
             gallery_};
  // While the presenter points at the slide, it is that mouse that counts.
  if (const Podium* const talk = podium(); talk && talk->mouse) {
    const FarMouse& far = *talk->mouse;
    ui.mouse = mouse_ = {far.x * whole.w, far.y * whole.h};
    ui.clicked = far.clicked;
    ui.held = far.held;
    ui.opens_menu = far.opens_menu;
    ui.wheel = far.wheel;
  }
  draw_under(ui, whole);
  draw_over(ui, whole);
  const bool still = io.MouseDelta.x == 0 && io.MouseDelta.y == 0 && !ui.held && !ui.opens_menu && ui.wheel == 0;
  rested_ = ui.rested = still && points_ ? rested_ + wall : 0;
  if (!hands_.prompt.open && panels_.edge == Edge::none) draw_tooltip(ui, session(), whole);
  remember_pointed(ui);
  return commands;
}

// The screen. While a menu is open, the mouse is the menu's; a click beside it closes it.
void App::draw_under(PanelUi& ui, Rect whole) {
  Menu& menu = figure_.view.menu;
  const auto draw_screen = [&](PanelUi& under) {
    begin_figure(figure_.view, shows_figure());
    std::visit([&](auto& screen) { screen.draw(*this, under, whole); }, screen_);
  };
  if (!menu.open && !hands_.prompt.open && !hands_.farewell.open && !hands_.card.open && hands_.typing != Typing::jump) {
    const bool framed = !room_.projector && shows_lesson();
    if (framed && drag_edges(ui, whole)) ui.clicked = ui.held = false;
    return draw_screen(ui);
  }
  PanelUi behind = ui;
  behind.mouse = {-1, -1};
  behind.clicked = behind.held = behind.opens_menu = false;
  draw_screen(behind);
  const bool pressed = ui.clicked || ui.opens_menu;
  if (pressed && menu.open && !ui.over(menu.drawn)) menu.open = false;
  if (pressed && hands_.prompt.open && !ui.over(hands_.prompt.drawn)) hands_.prompt.open = false;
}

void App::draw_over(PanelUi& ui, Rect whole) {
  draw_menu(ui, session(), whole);
  draw_prompt(ui, whole);
  draw_tool_in_hand(ui, session(), whole);
  if (ui.clicked || ui.opens_menu) hands_.share_code.clear();
  draw_share_card(ui, whole);
  draw_card(ui, whole);
  draw_farewell(ui, whole);
  if (hands_.typing == Typing::jump) draw_jump_menu(ui, session(), whole);
}

}  // namespace nutshell
