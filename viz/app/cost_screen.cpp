// What a load costs, over the lesson: numbers to move with the mouse or the arrow keys.
#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "viz/app/app.h"
#include "viz/panels/chrome.h"

namespace nutshell {

namespace {

constexpr const char* kPrices = "assets/prices/example.json";

void read_prices_once(CostView& view) {
  if (view.prices || !view.problem.empty()) return;
  try {
    const std::string file = find_shipped_file(kPrices);
    PriceListResult read = read_prices(text_of_file(file));
    view.prices = std::move(read.list);
    if (!view.prices) view.problem = file + ": " + read.problem;
  } catch (const Failure& failure) {
    view.problem = failure.what();
  }
}

}  // namespace

void CostScreen::draw(App& app, PanelUi& ui, Rect whole) {
  read_prices_once(view);
  draw_top_bar(ui, app.session(), whole.take_top(ui.canvas.big(48, 84)));
  draw_cost(ui, view, whole);
}

bool CostScreen::obey(App& app, const Command& command) {
  switch (command.name) {
    case CommandName::next: move_slider(view, 1); return true;
    case CommandName::back: move_slider(view, -1); return true;
    case CommandName::slower: choose_slider(view, 1); return true;
    case CommandName::faster: choose_slider(view, -1); return true;
    case CommandName::home:
    case CommandName::section_start: view.load = usual_costs().load; return true;
    default: return OverLesson::obey(app, command);
  }
}

}  // namespace nutshell
