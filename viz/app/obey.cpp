// What the app does at a command: first whatever stands before the screen has it, then the screen, and then the session,
// the figure or the app itself, as the table of commands says.
#include <algorithm>
#include <array>

#include "sim/session/about.h"
#include "sim/session/command_rows.h"
#include "sim/session/ksql_console.h"
#include "viz/app/app.h"
#include "viz/app/hands.h"
#include "viz/app/leaving.h"
#include "viz/app/lesson_screen.h"
#include "viz/panels/tabs.h"

namespace nutshell {

namespace {

// The first screen goes as soon as more is asked for than reading on.
void leave_first_screen(Panels& panels, const Command& command) {
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
  if (panels.first_screen && command.name == CommandName::panel) panels.open = false;
  panels.first_screen = false;
}

template <class S>
void toggle(App& app) {
  if (app.is_on<S>()) app.show(LessonScreen{});
  else app.show(S{});
}

// Lets go of one thing, the nearest first.
void close(App& app) {
  FigureView& figure = app.figure();
  Panels& panels = app.panels();
  EventsView& events = panels.events;
  if (figure.carry.what) figure.carry = {};
  else if (app.hands().typing != Typing::none) app.hands().typing = Typing::none;
  else if (!app.shows_figure()) app.show(LessonScreen{}), app.gallery().goes_on = false;
  else if (figure.hand != Tool::none) figure.hand = Tool::none;
  else if (app.room().projector && panels.side_over) panels.side_over = false;
  else if (panels.open && panels.tab == Tab::events && !(events.find.empty() && events.kinds == 0)) {
    events.find.clear();
    events.kinds = 0;
  } else figure.selected = {};
}

// Asked for again, the lesson is back.
void inspect(App& app) {
  const bool shown = app.panels().are_shown(app.room()) && app.panels().tab == Tab::inspector;
  app.show_tab(shown ? Tab::lesson : Tab::inspector);
  if (shown) app.panels().side_over = false;
}

void notes(App& app) {
  Panels& panels = app.panels();
  const bool shown = panels.are_shown(app.room()) && panels.tab == Tab::lesson && panels.notes.on;
  app.show_tab(Tab::lesson);
  if (shown) panels.side_over = false;
  panels.notes = {!shown, 0};
}

void find(App& app) {
  app.show_tab(Tab::events);
  app.hands().typing = Typing::find;
  select_all(app.panels().events.find, app.hands().caret);
}

// The field of the console is open at once, at the server that is selected.
void console(App& app, const Command& command) {
  app.show_tab(Tab::console);
  ConsoleView& view = app.panels().console;
  const World& world = app.session().world();
  const Place place = command.place ? command.place : app.figure().selected;
  const std::vector<std::string> servers = ksql_servers(world);
  for (const std::string& each : servers)
    if (place && place_named(world, each) == place) view.server = each;
  if (servers.empty()) return;
  view.back = 0;
  view.chosen.reset();
  view.completions = ksql_completions(world, ksql_server_for(world, view.server), view.text);
  app.hands().typing = Typing::console;
  app.hands().caret = {view.text.size(), view.text.size()};
}

void jump(App& app) {
  Hands& hands = app.hands();
  hands.typing = Typing::jump;
  hands.typed.clear();
  hands.caret = {};
  hands.complaint.clear();
}

void tool(App& app, const Command& command) {
  // The blank key of many remotes is a B, and before an audience there is no belt of tools.
  if (app.room().projector && command.value == static_cast<std::int64_t>(Tool::add_broker)) return toggle<BlackScreen>(app);
  use_tool(app, static_cast<Tool>(command.value), command.place ? command.place : app.figure().selected);
}

void sounds(App& app) {
  app.room().sound = !app.room().sound;
  app.session().say(app.room().sound ? "Sounds are on." : "Sounds are off.");
}

}  // namespace

// One deed a command that is neither the session's nor the figure's.
struct App::Deeds {
  struct Deed {
    CommandName name;
    void (*does)(App& app, const Command& command);
  };
  static constexpr std::array<Deed, 37> kAll = {{
      {CommandName::tool, tool},
      {CommandName::menu, open_menu},
      {CommandName::choose_row, [](App&, const Command&) {}},  // of a menu, which obeys while it is open
      {CommandName::why, [](App& app, const Command&) { ask_why(app); }},
      {CommandName::hint, [](App& app, const Command&) { ++app.panels_.hints; }},
      {CommandName::compare, [](App& app, const Command&) { compare(app); }},
      {CommandName::save, [](App& app, const Command&) { app.errands_.save(app.session(), app.session().current()); }},
      {CommandName::share, [](App& app, const Command& command) { app.carry_out(command); }},
      {CommandName::mark,
       [](App& app, const Command&) {
         app.session().mark();
         app.figure().selected = {};
         app.show_tab(Tab::inspector);
       }},
      {CommandName::branches, [](App& app, const Command&) { toggle<BranchesScreen>(app); }},
      {CommandName::find, [](App& app, const Command&) { find(app); }},
      {CommandName::jump, [](App& app, const Command&) { jump(app); }},
      {CommandName::console, console},
      {CommandName::text_size,
       [](App& app, const Command& command) {
         app.room_.scale = std::clamp(app.room_.scale + static_cast<float>(command.value) * 0.125F, 0.75F, 3.0F);
       }},
      {CommandName::reduced_motion, [](App& app, const Command&) { app.room_.reduced_motion = !app.room_.reduced_motion; }},
      {CommandName::inspect, [](App& app, const Command&) { inspect(app); }},
      {CommandName::notes, [](App& app, const Command&) { notes(app); }},
      {CommandName::sound, [](App& app, const Command&) { sounds(app); }},
      {CommandName::black, [](App& app, const Command&) { toggle<BlackScreen>(app); }},
      {CommandName::projector,
       [](App& app, const Command&) {
         app.room_.projector = !app.room_.projector;
         app.panels_.side_over = false;
       }},
      {CommandName::light, [](App& app, const Command&) { app.room_.light = !app.room_.light; }},
      {CommandName::full_screen, [](App& app, const Command&) { app.toggle_full_screen(); }},
      {CommandName::gallery,
       [](App& app, const Command&) {
         app.gallery_.goes_on = false;
         toggle<GalleryScreen>(app);
       }},
      {CommandName::new_cluster, [](App& app, const Command&) { app.open_empty(); }},
      {CommandName::move_consumer, [](App& app, const Command& command) { move_consumer(app, command.place, command.value); }},
      {CommandName::keys,
       [](App& app, const Command&) {
         if (app.is_on<KeysScreen>()) app.show(SignsScreen{});
         else if (app.is_on<SignsScreen>()) app.show(LessonScreen{});
         else app.show(KeysScreen{});
       }},
      {CommandName::costs, [](App& app, const Command&) { toggle<CostScreen>(app); }},
      {CommandName::schemas, [](App& app, const Command&) { toggle<SchemaScreen>(app); }},
      {CommandName::wires,
       [](App& app, const Command& command) {
         if (app.is_on<WiresScreen>()) app.show(LessonScreen{});
         else take_wires(app, static_cast<char32_t>(command.value));
       }},
      {CommandName::rival_deed,
       [](App& app, const Command& command) { act_on_rivals(app, static_cast<std::size_t>(command.value)); }},
      {CommandName::panel,
       [](App& app, const Command&) { (app.room_.projector ? app.panels_.side_over : app.panels_.open) ^= true; }},
      {CommandName::tab,
       [](App& app, const Command& command) {
         app.show_tab(command.value > 0 ? static_cast<Tab>(command.value - 1) : tab_after(app.panels_.tab, app.session()));
       }},
      {CommandName::open_lesson, [](App& app, const Command& command) { app.open_lesson(static_cast<std::size_t>(command.value)); }},
      {CommandName::complete, [](App& app, const Command& command) { take_completion(app, static_cast<std::size_t>(command.value)); }},
      {CommandName::farewell,
       [](App& app, const Command& command) {
         if (command.value == 2) app.hands_.farewell = {};
         else app.say_farewell(command.value == 0);
       }},
      {CommandName::close, [](App& app, const Command&) { close(app); }},
      {CommandName::quit, [](App& app, const Command&) { app.quit(); }},
  }};
  static_assert(are_deeds_of(Taker::shower, kAll));
};

void App::obey(const Command& command) {
  leave_first_screen(panels_, command);
  // Whoever reads on lets go of the tool: what is said would not be seen behind what it waits for.
  const bool reads_on = command.name == CommandName::next || command.name == CommandName::back;
  if (reads_on && shows_lesson()) figure_.view.hand = Tool::none;
  if (obey_card(*this, command)) return;
  if (std::visit([&](auto& screen) { return screen.obey(*this, command); }, screen_)) return;
  switch (row_of(command.name).taker) {
    case Taker::session:
      if (shows_figure()) return carry_out(command);
      errands_.drop_command();
      return show(LessonScreen{});
    case Taker::figure: obey_figure(figure_.view, session(), room_, command); return;
    case Taker::shower: return obey_own(command);
  }
}

void App::obey_own(const Command& command) {
  for (const Deeds::Deed& each : Deeds::kAll) {
    if (each.name == command.name) return each.does(*this, command);
  }
}

}  // namespace nutshell
