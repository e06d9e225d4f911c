// What lies over the lesson: all branches, the keys, the signs, and nothing at all.
#include "viz/app/app.h"
#include "viz/app/hands.h"

namespace nutshell {

namespace {

Rect below_top_bar(App& app, PanelUi& ui, Rect whole) {
  ui.canvas.fill(whole, ui.canvas.theme.bg);
  draw_top_bar(ui, app.session(), whole.take_top(ui.canvas.big(48, 84)));
  return whole;
}

}  // namespace

bool OverLesson::obey(App& app, const Command& command) { return obey_menu(app, command); }

void OverLesson::pass(App& app, Duration) { app.session().run_on(); }

void GalleryScreen::draw(App& app, PanelUi& ui, Rect whole) {
  draw_gallery(ui, app.shelf().cards, below_top_bar(app, ui, whole));
}

void BranchesScreen::draw(App& app, PanelUi& ui, Rect whole) { draw_branches(ui, app.session(), below_top_bar(app, ui, whole)); }

// A branch that is turned to is to be seen.
bool BranchesScreen::obey(App& app, const Command& command) {
  if (OverLesson::obey(app, command)) return true;
  if (command.name != CommandName::switch_branch && command.name != CommandName::compare_with) return false;
  app.show(LessonScreen{});
  app.carry_out(command);
  return true;
}

void KeysScreen::draw(App& app, PanelUi& ui, Rect whole) { draw_keys(ui, below_top_bar(app, ui, whole)); }

void SignsScreen::draw(App& app, PanelUi& ui, Rect whole) { draw_signs(ui, below_top_bar(app, ui, whole)); }

void BlackScreen::draw(App&, PanelUi& ui, Rect whole) { ui.canvas.fill(whole, {0, 0, 0, 255}); }

}  // namespace nutshell
