// What a load costs a month, over the load: a cluster beside what is paid by use, and what its bill is made of (T3, T9).
//
// The numbers are moved by the mouse or by keys. What is drawn is worked out anew when one of them has changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/cost/curve.h"
#include "viz/panels/panels.h"

namespace nutshell {

// Worked out for a load, as last drawn.
struct CostFigures {
  Load load;
  CostProduct beside = CostProduct::pubsub;
  std::int64_t most = 0;              // bytes a second, where the chart ends; 0: not worked out
  std::vector<CurvePoint> curve;      // Kafka, and what stands beside it
  std::optional<std::int64_t> meets;  // from where on the cluster costs no more
};

struct CostView {
  Load load;
  CostProduct beside = CostProduct::pubsub;
  std::optional<Load> run;  // what the run shows so far, with what it has counted between zones; nothing: it stands in no zones
  std::optional<PriceList> prices;
  std::string problem;     // why there are none
  std::size_t slider = 0;  // that keys move
  std::optional<std::size_t> dragged;
  CostFigures figures;
};

// As a class begins: two megabytes a second, five services, a day.
CostView usual_costs();
// The chosen slider: the one beside it, or its next value.
void choose_slider(CostView& view, int by);
void move_slider(CostView& view, int by);

void draw_cost(PanelUi& ui, CostView& view, Rect area);

}  // namespace nutshell
