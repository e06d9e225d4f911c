// For cost*.cpp only. The numbers that can be moved, and what stands with them at the foot.
#pragma once

#include "viz/panels/cost.h"

namespace nutshell {

// What it is in words, worked out where it has to be.
void work_out(CostView& view);
void draw_cost_sliders(PanelUi& ui, CostView& view, Rect area);
// What the cluster is beside, at the right end of the row.
void draw_cost_beside(PanelUi& ui, CostView& view, Rect row);
void draw_cost_prices(Canvas& canvas, const PriceList& prices, Rect area);
float cost_foot_height(const Canvas& canvas);

}  // namespace nutshell
