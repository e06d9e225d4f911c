// What keys do among the lessons.
#include <algorithm>

#include "viz/app/app.h"
#include "viz/app/hands.h"
#include "viz/panels/gallery.h"

namespace nutshell {

namespace {

// What the keys do while the gallery offers to go on: the one key goes on, Shift Home begins that lesson anew. Whoever
// chooses another lesson has the gallery as it always is.
bool obey_going_on(App& app, const Command& command) {
  GalleryView& gallery = app.gallery();
  if (!gallery.goes_on) return false;
  switch (command.name) {
    case CommandName::next:
    case CommandName::reveal:
    case CommandName::play_pause: {
      const LastPlace last = gallery.last;
      app.open_lesson(gallery.chosen);
      // Questions before it count as answered.
      if (last.told > 0) app.carry_out({CommandName::go_to_beat, static_cast<std::int64_t>(last.told) - 1, {}});
      else app.carry_out({CommandName::go_to_time, last.at, {}});
      return true;
    }
    case CommandName::home: app.open_lesson(gallery.chosen); return true;
    case CommandName::back:
    case CommandName::slower:
    case CommandName::faster:
    case CommandName::end:
    case CommandName::section_start: gallery.goes_on = false; return false;
    default: return false;
  }
}

// Keys that take something in hand elsewhere.
void open_by_tool(App& app, std::int64_t tool) {
  const std::vector<LessonCard>& cards = app.shelf().cards;
  const std::size_t chosen = app.gallery().chosen;
  if (tool == static_cast<std::int64_t>(Tool::pause) && chosen < cards.size()) app.give_talk(cards[chosen].file, !cards[chosen].talk);
  if (tool == static_cast<std::int64_t>(Tool::add_producer)) app.open_empty();
  if (tool == static_cast<std::int64_t>(Tool::drop)) ask_for_file(app);
}

}  // namespace

bool GalleryScreen::obey(App& app, const Command& command) {
  if (obey_going_on(app, command)) return true;
  GalleryView& gallery = app.gallery();
  const std::size_t count = app.shelf().cards.size();
  switch (command.name) {
    case CommandName::next: gallery.chosen = lesson_beside(gallery, 1); return true;
    case CommandName::back: gallery.chosen = lesson_beside(gallery, -1); return true;
    case CommandName::slower: gallery.chosen = lesson_along(gallery, 1, count); return true;
    case CommandName::faster: gallery.chosen = lesson_along(gallery, -1, count); return true;
    case CommandName::home:
    case CommandName::section_start: gallery.chosen = 0; return true;
    case CommandName::end: gallery.chosen = std::max<std::size_t>(count, 1) - 1; return true;
    case CommandName::reveal: app.open_lesson(gallery.chosen); return true;
    case CommandName::tool: open_by_tool(app, command.value); return true;
    case CommandName::undo:
      if (gallery.kept.empty()) break;
      app.bring_back();
      return true;
    case CommandName::jump: ask_for_code(app); return true;
    default: break;
  }
  return OverLesson::obey(app, command);
}

}  // namespace nutshell
