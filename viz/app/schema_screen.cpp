// Changes of a schema, over the lesson: the arrow keys go from one to the next.
#include "viz/app/app.h"
#include "viz/panels/chrome.h"

namespace nutshell {

void SchemaScreen::draw(App& app, PanelUi& ui, Rect whole) {
  draw_top_bar(ui, app.session(), whole.take_top(ui.canvas.big(48, 84)));
  draw_schemas(ui, view, whole);
}

bool SchemaScreen::obey(App& app, const Command& command) {
  const std::size_t count = worked_changes().size();
  switch (command.name) {
    case CommandName::next:
    case CommandName::slower: view.chosen = (view.chosen + 1) % count; return true;
    case CommandName::back:
    case CommandName::faster: view.chosen = (view.chosen + count - 1) % count; return true;
    case CommandName::home:
    case CommandName::section_start: view.chosen = 0; return true;
    case CommandName::end: view.chosen = count - 1; return true;
    default: return OverLesson::obey(app, command);
  }
}

}  // namespace nutshell
