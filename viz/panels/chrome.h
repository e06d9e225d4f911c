// What stands around the stage: bars, side panel and overlays. Each is one function in a file of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/session/session.h"
#include "viz/panels/panels.h"

namespace nutshell {

// A lesson that can be opened.
struct LessonCard {
  std::string file, title, corrects, chapter;
  std::string name;                    // of the scenario
  std::string number;                  // that people call it by
  int minutes = 0;                     // that it takes, read aloud
  bool puzzle = false;
  std::vector<std::string> sign = {};  // as draw_lesson_sign() reads it
  bool talk = false;                   // a deck of slides instead
};

// Pixels of the screen a logical pixel where all is large, for the back row; `wanted`: how much larger still.
float back_row_scale(float wanted, float width, float height);
// How wide the side panel and how high the timeline are in a window of that size.
PanelSizes panel_sizes(const Panels& panels, Rect window);
// Lets the mouse drag the edges between them and the stage. True: the mouse is about that, and about nothing else.
bool drag_edges(PanelUi& ui, Rect window);
void draw_top_bar(Ui& ui, const Session& session, Rect area);
void draw_transport(Ui& ui, const Session& session, Rect area);
// "Run until": what can be waited for, and a field for a time.
void draw_jump_menu(PanelUi& ui, const Session& session, Rect window);
void draw_timeline(PanelUi& ui, const Session& session, Rect area);
// For the back row, between stage and caption.
void draw_thread(Canvas& canvas, const Session& session, Rect area);
float thread_height(const Session& session, float window);
// I, II, III: how universes are numbered.
std::string roman(std::size_t number);
void draw_side_panel(PanelUi& ui, const Session& session, Rect area);
// The tools, to be picked up or used on what is selected.
void draw_tool_belt(Ui& ui, const Session& session, Rect area);
// The menu that is open, and the text that is asked for; nothing if there is none.
void draw_menu(Ui& ui, const Session& session, Rect window);
void draw_prompt(PanelUi& ui, Rect window);
void draw_share_card(PanelUi& ui, Rect window);
// What comes next, and what is asked before something goes unsaved; nothing if there is nothing to say.
void draw_card(PanelUi& ui, Rect window);
void draw_farewell(PanelUi& ui, Rect window);
// The rows of the menu page that is open.
std::vector<Offer> menu_rows(const World& world, const Menu& menu);
// Somebody has acted, and at this moment the lesson is left.
bool has_left_lesson(const Session& session);
// Where it was left and what came of it; returns the height it used.
float draw_departure(Ui& ui, const Session& session, Rect area);
// Of a cluster that began empty: what can be built next; returns the height it used.
float draw_building(Ui& ui, const Session& session, Rect area);
void draw_inspector(PanelUi& ui, const Session& session, Rect area);
// The small i at the end of a line that leads to the notes; takes its room from the line.
void draw_notes_button(PanelUi& ui, const Session& session, Rect& line);
void draw_notes(PanelUi& ui, const Session& session, Rect area);
// What a puzzle asks for, with ticks and as many hints as were asked for; returns the height it used.
float draw_goals(PanelUi& ui, const Session& session, Rect area);
void draw_why(PanelUi& ui, const Session& session, Rect area);
// The same for the back row, at the foot of the stage; returns the place it took.
Rect draw_why_large(PanelUi& ui, const Session& session, Rect stage);
// To the next step of the chain, or to the one before: the command that goes there; nullopt: there is none.
std::optional<Command> walk_why(const Panels& panels, const Session& session, int way);
void draw_events(PanelUi& ui, const Session& session, Rect area);
// Every promise with its lamp.
void draw_lamps(PanelUi& ui, const Session& session, Rect area);
void draw_terminal(PanelUi& ui, const Session& session, Rect area);
// Statements typed at a ksqlDB server, and what it printed.
void draw_console(PanelUi& ui, const Session& session, Rect area);
// Once, when nobody has been here yet: the first lesson, the one key, and what else there is.
void draw_lesson_progress(Canvas& canvas, const Session& session, const std::vector<LessonCard>& lessons, std::size_t which, Rect line);
void draw_lesson_strip(PanelUi& ui, const std::vector<LessonCard>& lessons, Rect area);
// The lesson in the next column of the gallery, as last drawn, or in the one before: at the same height.
std::size_t lesson_beside(const GalleryView& gallery, int way);
bool is_done(const GalleryView& gallery, const LessonCard& lesson);
void draw_gallery(PanelUi& ui, const std::vector<LessonCard>& lessons, Rect area);
void draw_keys(Ui& ui, Rect area);
// What the signs mean: of what stands, and of what flies.
void draw_signs(Ui& ui, Rect area);
void draw_branches(PanelUi& ui, const Session& session, Rect area);

}  // namespace nutshell
