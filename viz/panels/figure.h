// A living figure: a lesson being shown, and how it is looked at. It can be drawn into any rectangle, beside others.
#pragma once

#include <memory>

#include "sim/session/session.h"
#include "viz/panels/view.h"

namespace nutshell {

struct Figure {
  std::shared_ptr<Session> session;  // windows may share one
  FigureView view;
};

// How a lesson is looked at first, after one that was looked at like that.
MainArea first_area(const Scenario& scenario, MainArea before);
// A frame begins. What was drawn in the last one goes, but for the places of a stage that is `drawn` in this one too: until
// then they say what the mouse is over.
void begin_figure(FigureView& figure, bool drawn = true);
// The stage, the space-time diagram, or the one above the other where there is room; below them a chart, if one stands.
void draw_figure(Ui& ui, const Session& session, Rect area);
// What changes how a figure is looked at, and nothing else. False: the command is about something else.
bool obey_figure(FigureView& figure, const Session& session, const Room& room, const Command& command);

}  // namespace nutshell
