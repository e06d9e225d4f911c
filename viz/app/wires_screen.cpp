// From wires between programs to one log, over the lesson: one more service, one fewer, and a reader that goes down.
#include <algorithm>

#include "viz/app/app.h"
#include "viz/panels/chrome.h"
#include "viz/panels/wires.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr int kFewestServices = 2, kReaderDown = 4;  // d, or the last where there are fewer

void change_services(Wires& wires, int by) {
  wires.senders = std::clamp(wires.senders + by, kFewestServices, kMostServices);
  wires.receivers = std::clamp(wires.receivers + by, kFewestServices, kMostServices);
  if (wires.down > wires.receivers) wires.down = wires.receivers;
}

void toggle_down(Wires& wires) { wires.down = wires.down > 0 ? 0 : std::min(kReaderDown, wires.receivers); }

// Alone: the ways that stand beside each other by the number that they have there, but for the first, which is no way for many
// programs; behind them the chain. 0: beside each other. False: no way has that number.
bool choose_way(Wires& wires, int number) {
  const std::vector<WiresWay> ways = ways_of(wires);
  const int chain = static_cast<int>(ways.size()) + 1;
  if (number != 0 && (number < 2 || number > chain)) return false;
  wires.all_ways = number == 0;
  if (number == 0) return true;
  Wires chained;
  chained.through = Wires::Through::chain;
  const Wires& chosen = number == chain ? chained : ways[static_cast<std::size_t>(number - 1)].wires;
  wires.through = chosen.through;
  wires.hubs = chosen.hubs;
  return true;
}

struct WiresKey {
  std::string_view key, label;
  char32_t character;
};
constexpr WiresKey kWiresKeys[] = {{"+", "one more on each side", U'+'}, {"-", "one fewer", U'-'}, {"C", "crash d, or start it", U'c'},
                                   {"2", "each to each", U'2'},          {"3", "hub", U'3'},       {"4", "3 hubs", U'4'},
                                   {"5", "log", U'5'},                   {"6", "a chain of calls", U'6'}, {"0", "all", U'0'}};

}  // namespace

void take_wires(App& app, char32_t deed) {
  WiresScreen screen;
  const Session& session = app.session();
  if (!session.scenario().wires.empty()) screen.wires = wires_at(session.scenario().wires, session.view_time());
  if (deed != 0) screen.type(app, {KeyName::character, deed, false, false});
  app.show(std::move(screen));
}

bool WiresScreen::type(App&, const KeyPress& press) {
  if (press.control) return false;
  if (press.character == U'+') change_services(wires, 1);
  else if (press.character == U'-') change_services(wires, -1);
  else if (press.character == U'c' || press.character == U'C') toggle_down(wires);
  else return press.character >= U'0' && press.character <= U'9' && choose_way(wires, static_cast<int>(press.character - U'0'));
  return true;
}

bool LessonScreen::type(App& app, const KeyPress& press) {
  const bool takes = press.character == U'+' || press.character == U'-' || press.character == U'c' || press.character == U'C';
  if (!takes || press.control || app.session().scenario().wires.empty() || app.session().asking()) return false;
  take_wires(app, press.character);
  return true;
}

void WiresScreen::draw(App& app, PanelUi& ui, Rect whole) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  draw_top_bar(ui, app.session(), whole.take_top(canvas.big(48, 84)));
  canvas.fill(whole, theme.bg);
  Rect foot = whole.take_bottom(canvas.height(kBody) * 2.4F);
  canvas.line({foot.x, foot.y}, {foot.right(), foot.y}, theme.line);
  foot = {foot.x + 24, foot.y, foot.w - 48, foot.h};
  for (const WiresKey& each : kWiresKeys) {
    const float key = key_width(canvas, each.key), words = canvas.width(kBody, each.label);
    if (key + words + 24 > foot.w) break;
    const Rect button{foot.x, foot.y + 4, key + words + 20, foot.h - 8};
    if (ui.over(button)) canvas.fill(button, theme.raised, 6);
    if (ui.over(button) && ui.clicked) type(app, {KeyName::character, each.character, false, false});
    draw_key(canvas, {foot.x + 4, foot.center().y}, each.key);
    canvas.text_in({foot.x + key + 12, foot.y, words + 4, foot.h}, kBody, theme.text2, each.label);
    foot.take_left(key + words + 36);
  }
  Wires direct = wires, hub = wires;
  direct.through = Wires::Through::nothing;
  hub.through = Wires::Through::log;
  const std::string sums = sum_of(direct) + "      " + sum_of(hub);
  const TextStyle numbers{Face::mono, Size::body};
  if (canvas.width(numbers, sums) <= foot.w) canvas.text_in(foot, numbers, theme.text, sums, Align::right);
  draw_wires(canvas, wires, whole);
}

bool WiresScreen::obey(App& app, const Command& command) {
  switch (command.name) {
    case CommandName::next: toggle_down(wires); return true;
    case CommandName::faster: change_services(wires, 1); return true;
    case CommandName::slower: change_services(wires, -1); return true;
    case CommandName::home:
    case CommandName::section_start: wires = WiresScreen{}.wires; return true;
    default: return OverLesson::obey(app, command);
  }
}

}  // namespace nutshell
