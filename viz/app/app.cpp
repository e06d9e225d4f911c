#include "viz/app/app.h"

#include <imgui.h>

#include <algorithm>

#include "sim/session/empty.h"
#include "viz/panels/caption.h"
#include "viz/panels/carry.h"
#include "viz/panels/gallery.h"
#include "viz/panels/lens.h"
#include "viz/panels/stage.h"

namespace nutshell {

namespace {

// So long frames are drawn after input, so that what it brought about comes to its end: a tooltip takes its time.
constexpr Duration kAwakeAfterMouse = kSecond, kAwakeAfterKey = 200 * kMillisecond, kAwakeAfterMoving = 100 * kMillisecond;

}  // namespace

App::App(Window& window, std::vector<LessonCard> lessons, LessonReader read)
    : window_(window), lessons_(std::move(lessons)), read_(std::move(read)) {}

void App::open(Scenario scenario) {
  for (std::size_t i = 0; i < lessons_.size(); ++i) {
    if (lessons_[i].title == scenario.title) view_.chosen = i;
  }
  if (session_) view_.first_screen = false;
  view_.hints = 0;
  view_.goes_on = false;
  view_.hand = Tool::none;
  view_.selected = {};
  view_.why = {};
  view_.card = {};
  if (session_) finish_saving();
  if (session_) left_.push_back(std::move(session_));
  session_ = std::make_unique<Session>(std::move(scenario));
  awaited_.reset();
  joining_.reset();
  expected_.reset();
  view_.space.placed = false;
  view_.events.scrolled = view_.events.cursor = 0;
  reset_lens(view_);
}

std::string App::prepare() { return load_fonts(); }

std::string App::load_fonts() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  float scale = view_.projector && size.y > 0 ? back_row_scale(view_.scale, size.x, size.y) : window_.scale() * view_.scale;
  // The first screen has little to show: where there is room, it is as much larger.
  if (view_.first_screen && !view_.projector) scale *= within(std::min(size.x / (scale * 1280), size.y / (scale * 760)), 1.0F, 1.4F);
  const FontChoice wanted{scale, view_.projector, letters_};
  if (wanted == loaded_) return "";
  loaded_ = wanted;
  const std::string error = fonts_.load(*ImGui::GetIO().Fonts, scale, view_.projector, letters_);
  if (error.empty()) window_.fonts_changed();
  return error;
}

void App::open_lesson(std::size_t which) {
  if (which >= lessons_.size()) return;
  std::string error;
  std::optional<Scenario> scenario = read_(lessons_[which].file, error);
  if (!scenario) return;
  leave([this, which, lesson = std::move(*scenario)] {
    view_.chosen = which;
    view_.overlay = Overlay::none;
    open(lesson);
  });
}

void App::open_empty() {
  leave([this] {
    view_.overlay = Overlay::none;
    open(empty_scenario());
  });
}

bool App::obey_gallery(const Command& command) {
  if (view_.overlay != Overlay::gallery) return false;
  if (obey_going_on(command)) return true;
  const std::size_t last = std::max<std::size_t>(lessons_.size(), 1) - 1;
  switch (command.name) {
    case CommandName::next: view_.chosen = lesson_beside(view_, 1); return true;
    case CommandName::back: view_.chosen = lesson_beside(view_, -1); return true;
    case CommandName::slower: view_.chosen = lesson_along(view_, 1, lessons_.size()); return true;
    case CommandName::faster: view_.chosen = lesson_along(view_, -1, lessons_.size()); return true;
    case CommandName::home:
    case CommandName::section_start: view_.chosen = 0; return true;
    case CommandName::end: view_.chosen = last; return true;
    case CommandName::reveal: open_lesson(view_.chosen); return true;
    case CommandName::tool:
      // What these keys take in hand elsewhere.
      if (command.value == static_cast<std::int64_t>(Tool::add_producer)) open_empty();
      if (command.value == static_cast<std::int64_t>(Tool::drop)) ask_for_file();
      return true;
    case CommandName::new_cluster: open_empty(); return true;
    case CommandName::undo:
      if (view_.kept.empty()) return false;
      bring_back();
      return true;
    case CommandName::jump: ask_for_code(); return true;
    default: return false;
  }
}

void App::close() {
  if (view_.carry.what) view_.carry = {};
  else if (view_.typing != Typing::none) view_.typing = Typing::none;
  else if (view_.overlay != Overlay::none) view_.overlay = Overlay::none, view_.goes_on = false;
  else if (view_.hand != Tool::none) view_.hand = Tool::none;
  else if (view_.projector && view_.side_over) view_.side_over = false;
  else if (view_.panel && view_.tab == Tab::events && !(view_.events.find.empty() && view_.events.kinds == 0)) {
    view_.events.find.clear();
    view_.events.kinds = 0;
  } else view_.selected = {};
}

// What changes how the picture is looked at, and nothing else.
bool App::obey_view(const Command& command) {
  const auto toggle = [&](Overlay overlay) { view_.overlay = view_.overlay == overlay ? Overlay::none : overlay; };
  switch (command.name) {
    case CommandName::black: toggle(Overlay::black); return true;
    case CommandName::gallery:
      toggle(Overlay::gallery);
      view_.goes_on = false;
      return true;
    case CommandName::branches: toggle(Overlay::branches); return true;
    case CommandName::keys:
      view_.overlay = view_.overlay == Overlay::keys ? Overlay::signs : view_.overlay == Overlay::signs ? Overlay::none : Overlay::keys;
      return true;
    case CommandName::projector:
      view_.projector = !view_.projector;
      view_.side_over = false;
      return true;
    case CommandName::light: view_.light = !view_.light; return true;
    case CommandName::sound:
      view_.sound = !view_.sound;
      session_->say(view_.sound ? "Sounds are on." : "Sounds are off.");
      return true;
    case CommandName::panel: (view_.projector ? view_.side_over : view_.panel) ^= true; return true;
    case CommandName::record_keys: view_.keys = !view_.keys; return true;
    case CommandName::hidden_traffic: view_.hidden_traffic = !view_.hidden_traffic; return true;
    case CommandName::reduced_motion: view_.reduced_motion = !view_.reduced_motion; return true;
    case CommandName::tab: {
      const int next = command.value > 0 ? static_cast<int>(command.value) - 1 : (static_cast<int>(view_.tab) + 1) % kTabs;
      show_tab(static_cast<Tab>(next));
      return true;
    }
    case CommandName::main_area: {
      const int next = command.value > 0 ? static_cast<int>(command.value) - 1 : (static_cast<int>(view_.area) + 1) % kMainAreas;
      view_.area = static_cast<MainArea>(next);
      return true;
    }
    case CommandName::time_axis: {
      const int next = command.value > 0 ? static_cast<int>(command.value) - 1 : (static_cast<int>(view_.space.axis) + 1) % kAxisModes;
      view_.space.axis = static_cast<AxisMode>(next);
      view_.space.placed = false;
      return true;
    }
    case CommandName::find:
      show_tab(Tab::events);
      view_.typing = Typing::find;
      select_all(view_.events.find, view_.caret);
      return true;
    case CommandName::jump:
      view_.typing = Typing::jump;
      view_.typed.clear();
      view_.caret = {};
      view_.complaint.clear();
      return true;
    case CommandName::walk: walk(command.value); return true;
    case CommandName::focus: toggle_focus(view_, stage_); return true;
    case CommandName::zoom:
      if (command.value == 0) reset_lens(view_);
      else zoom_lens(view_, stage_, stage_.center(), command.value > 0 ? 1.25F : 0.8F);
      return true;
    case CommandName::text_size:
      view_.scale = std::clamp(view_.scale + static_cast<float>(command.value) * 0.125F, 0.75F, 3.0F);
      return true;
    case CommandName::select: view_.selected = command.place; return true;
    case CommandName::close: close(); return true;
    default: return false;
  }
}

// The first screen goes as soon as more is asked for than reading on.
void App::leave_first_screen(const Command& command) {
  switch (command.name) {
    case CommandName::next:
    case CommandName::back:
    case CommandName::answer:
    case CommandName::reveal:
    case CommandName::select:
    case CommandName::close:
    case CommandName::light:
    case CommandName::keys:
    case CommandName::gallery:
    case CommandName::full_screen:
    case CommandName::text_size:
    case CommandName::black:
    case CommandName::sound: return;
    default: break;
  }
  // Asked for, the panel comes with all the rest.
  if (view_.first_screen && command.name == CommandName::panel) view_.panel = false;
  view_.first_screen = false;
}

void App::obey(const Command& command) {
  leave_first_screen(command);
  // Whoever reads on lets go of the tool: what is said would not be seen behind what it waits for.
  const bool reads_on = command.name == CommandName::next || command.name == CommandName::back;
  if (reads_on && view_.overlay == Overlay::none) view_.hand = Tool::none;
  if (obey_card(command) || obey_gallery(command) || obey_menu(command) || obey_words(command) || obey_hands(command) ||
      obey_figures(command) || obey_view(command))
    return;
  switch (command.name) {
    case CommandName::full_screen:
      view_.full_screen = !view_.full_screen;
      return window_.set_full_screen(view_.full_screen);
    case CommandName::switch_branch:
    case CommandName::compare_with:
      view_.overlay = Overlay::none;
      return carry_out(command);
    case CommandName::complete: return take_completion(static_cast<std::size_t>(command.value));
    case CommandName::farewell:
      if (command.value == 2) view_.farewell = {};
      else say_farewell(command.value == 0);
      return;
    case CommandName::open_lesson: return open_lesson(static_cast<std::size_t>(command.value));
    case CommandName::quit:
      leave([this] {
        finish_saving();
        quit_ = true;
      });
      view_.farewell.quits = true;
      return;
    default: break;
  }
  if (view_.overlay == Overlay::none && command.name == CommandName::next && session_->over()) return show_what_comes_next();
  if (view_.overlay == Overlay::none) return carry_out(command);
  awaited_.reset();
  view_.overlay = Overlay::none;
}

void App::carry_out(const Command& command) {
  awaited_.reset();
  joining_.reset();
  if (session_->lies_ahead(command)) awaited_ = command;
  else if (command.name == CommandName::share) share();
  else session_->obey(command);
}

void App::obey_awaited() {
  if (!awaited_) return;
  if (session_->lies_ahead(*awaited_)) return session_->bring_near(*awaited_);
  carry_out(Command(*awaited_));
}

// The scripted part of a lesson may keep a promise from being broken by hand.
void App::check_expected() {
  if (expected_ && expected_->branch != session_->current()) expected_.reset();
  if (!expected_ || !session_->whole()) return;
  if (!session_->breaks_later(expected_->promise))
    session_->say("The lesson's own script comes in between: this time the promise will hold. U goes back.");
  expected_.reset();
}

void App::show_tab(Tab tab) {
  view_.tab = tab;
  view_.panel = true;
  view_.side_over = view_.projector;
}

// A lesson is done when its last caption has been told, a puzzle when all of its goals are met.
void App::note_done() {
  const Session& session = *session_;
  const Scenario& scenario = session.scenario();
  bool done = !scenario.beats.empty() && session.whole() && session.told() == session.beats().size() && !session.asking();
  for (std::size_t i = 0; i < scenario.goals.size(); ++i) done = (done || i == 0) && session.is_met(i);
  const auto at = std::lower_bound(view_.done.begin(), view_.done.end(), scenario.name);
  const auto is_it = [&](const LessonCard& each) { return each.name == scenario.name; };
  if (done && std::any_of(lessons_.begin(), lessons_.end(), is_it) && (at == view_.done.end() || *at != scenario.name))
    view_.done.insert(at, scenario.name);
}

// A question brings its choices to the front.
void App::show_question() {
  view_.panel = true;
  view_.side_over = false;
  view_.tab = Tab::lesson;
  view_.notes = false;
}

// A caption of several pages is read to its end before time goes on; a chain of causes is walked step by step.
bool App::obey_words(const Command& command) {
  if (view_.overlay != Overlay::none || session_->gliding()) return false;
  switch (command.name) {
    case CommandName::next: return turn_caption(view_, 1);
    case CommandName::back: return turn_caption(view_, -1);
    case CommandName::faster:
    case CommandName::slower:
      if (!view_.shows_why()) return false;
      if (const auto walked = walk_why(view_, *session_, command.name == CommandName::faster ? -1 : 1)) {
        if (view_.why_branch != session_->current())
          carry_out({CommandName::switch_branch, static_cast<std::int64_t>(view_.why_branch), {}});
        carry_out(*walked);
      }
      return true;
    default: return false;
  }
}

void App::settle() {
  session_->read_all();
  finish_saving();
  while (awaited_ || joining_) {
    obey_awaited();
    go_on_joining();
    session_->read_all();
  }
}

// True: there were some.
bool App::take_keys() {
  const std::vector<KeyPress> keys = window_.take_keys();
  for (const KeyPress& press : keys) {
    view_.share_code.clear();
    if (type_farewell(press) || type(press) || type_field(press)) continue;
    if (const std::optional<Command> command = command_of(press, session_->keeps_letters())) obey(*command);
  }
  return !keys.empty();
}

// Something is under way that changes the picture by itself.
bool App::moves() const {
  const Session& session = *session_;
  if (awaited_ || joining_ || expected_ || !saving_.empty() || !left_.empty()) return true;
  return view_.overlay == Overlay::none && session.moves();
}

// While a menu is open, the mouse is the menu's; a click beside it closes it.
void App::draw_behind_menu(Ui& ui, Rect whole) {
  if (!view_.menu.open && !view_.prompt.open && !view_.farewell.open && !view_.card.open && view_.typing != Typing::jump) {
    const bool framed = !view_.projector && view_.overlay == Overlay::none;
    if (framed && drag_edges(ui, whole)) ui.clicked = ui.held = false;
    return draw(ui, whole);
  }
  Ui behind = ui;
  behind.mouse = {-1, -1};
  behind.clicked = behind.held = behind.opens_menu = false;
  draw(behind, whole);
  const bool pressed = ui.clicked || ui.opens_menu;
  if (pressed && view_.menu.open && !ui.over(view_.menu.drawn)) view_.menu.open = false;
  if (pressed && view_.prompt.open && !ui.over(view_.prompt.drawn)) view_.prompt.open = false;
}

void App::make_room_for_two() {
  if (session_->compared().has_value() == panel_before_.has_value()) return;
  if (panel_before_) {
    view_.panel = *panel_before_;
    panel_before_.reset();
  } else {
    panel_before_ = view_.panel;
    view_.panel = session_->asking();
  }
}

bool App::frame(Duration wall) {
  if (!load_fonts().empty()) return false;
  if (!window_.begin_frame() && (closing() || !window_.begin_frame())) {
    finish_saving();
    return false;
  }
  const bool asked = session_->asking();
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
  view_.overlay == Overlay::none ? session_->pass(wall) : session_->run_on();
  obey_awaited();
  go_on_joining();
  go_on_saving();
  check_expected();
  note_done();
  if (session_->playing() && !session_->gliding() && has_more_pages(view_)) read_on(view_, wall);
  sound(wall);
  const auto notice_question = [&] {
    if (!asked && session_->asking()) show_question();
  };
  make_room_for_two();
  notice_question();
  if (view_.shows_panel() && view_.tab == Tab::inspector) {
    session_->look_back();
    session_->look_across();
  }
  if (!left_.empty() && !left_.back()->let_go()) left_.pop_back();
  const float scale = loaded_.scale;
  Canvas canvas(*ImGui::GetBackgroundDrawList(), view_.light ? light_theme() : dark_theme(), fonts_, scale, view_.projector);
  texts_.clear();
  canvas.log = &texts_;
  std::vector<Command> commands;
  const Rect whole{0, 0, io.DisplaySize.x / scale, io.DisplaySize.y / scale};
  window_rect_ = whole;
  Ui ui{canvas, view_, {io.MousePos.x / scale, io.MousePos.y / scale}, io.MouseClicked[0], io.MouseDown[0],
        io.MouseClicked[1], io.MouseWheel, commands};
  mouse_ = ui.mouse;
  draw_behind_menu(ui, whole);
  draw_menu(ui, *session_, whole);
  draw_prompt(ui, whole);
  draw_tool_in_hand(ui, *session_, whole);
  if (ui.clicked || ui.opens_menu) view_.share_code.clear();
  draw_share_card(ui, whole);
  draw_card(ui, whole);
  draw_farewell(ui, whole);
  if (view_.typing == Typing::jump) draw_jump_menu(ui, *session_, whole);
  const bool still = io.MouseDelta.x == 0 && io.MouseDelta.y == 0 && !ui.held && !ui.opens_menu && ui.wheel == 0;
  view_.rested = still && points_ ? view_.rested + wall : 0;
  draw_tooltip(ui, *session_, whole);
  view_.hovered = ui.pointed;
  view_.hovered_at = ui.pointed_at;
  view_.hovered_in_list = ui.pointed_in_list;
  window_.end_frame();
  for (const TextBox& each : texts_) letters_ = std::max(letters_, Fonts::letters_of(each.text));
  for (const Command& each : commands) obey(each);
  notice_question();
  // What a command has changed, and what ends just now, is in the next picture.
  if (moves() || !commands.empty() || window_.changed()) awake_ = std::max(awake_, kAwakeAfterMoving);
  return !quit_;
}

}  // namespace nutshell
