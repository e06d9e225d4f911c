// What a load costs, over the lesson: numbers to move with the mouse or the arrow keys.
#include <utility>

#include "sim/cluster/zones.h"
#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/command/rivals_cost.h"
#include "sim/command/run_load.h"
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

// What is shown first is what the lesson has: its services, its zones, and the first system that is not Kafka.
void begin_with(CostView& view, const Session& session) {
  if (const std::shared_ptr<const RivalRuns> runs = session.rivals()) {
    view.load.services = static_cast<std::int64_t>(runs->workload().services.size());
    for (const RivalRun& each : runs->runs()) {
      const CostProduct product = cost_product_of(each.end.row.product);
      if (!is_pay_per_use(product) && product != CostProduct::kinesis) continue;
      view.beside = product;
      return;
    }
    return;
  }
  if (const std::size_t zones = zone_names(session.world()).size(); zones > 0) view.load.zones = static_cast<std::int64_t>(zones);
  const Load run = load_of_run(session.world());
  if (run.counted) view.run = run;
}

}  // namespace

void CostScreen::draw(App& app, PanelUi& ui, Rect whole) {
  read_prices_once(view);
  if (!std::exchange(begun, true)) begin_with(view, app.session());
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
