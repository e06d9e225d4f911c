// The parts of the picture of several systems. For systems*.cpp only.
#pragma once

#include <string>

#include "sim/scenario/rivals.h"
#include "viz/panels/systems.h"

namespace nutshell {

// What is drawn, for all parts of it.
struct SystemsScene {
  Ui& ui;
  Canvas& canvas;
  const Session& session;
  const RivalRuns& runs;
  Time now = 0;
  Time fog = kNever;    // what comes later is not to be told
  bool moving = false;  // else everything that has happened stands at its end
  float line = 0;       // height of a line of small words
  bool shows_nodes = false;   // a node of somebody's is lost or cut off in one of the runs
  float names = 0, keys = 0;  // widths of the widest name of a message, and of the widest key

  const std::string& message(std::int32_t number) const { return runs.workload().messages[static_cast<std::size_t>(number)].name; }
  const std::string& key(std::int32_t number) const { return runs.workload().messages[static_cast<std::size_t>(number)].key; }
};

// The nth system, as it stands.
struct SystemScene {
  SystemsScene& all;
  std::size_t which = 0;
  const RivalRun& run;
  queues::Picture picture;
};

// What somebody is called on a disc: by the own name, "c1", if that is short; else by a letter among all consumers, "b".
std::string letter_of(const RivalRuns& runs, std::int32_t service, std::int32_t consumer);

// Somebody of the shown service is gone: since when, and when everybody knows; and what is said of it.
struct NoticeView {
  std::string head, detail;
  float left = -1;        // of the time until it is noticed, 0..1; -1: there is no such time
  bool noticed = false, alarm = false;
};
NoticeView notice_of(const SystemScene& scene);

// How messages are drawn in a store: as wide as names need, `pitch` from one to the next.
struct RivalCellStyle {
  float wide = 0, high = 0, pitch = 0;
  bool keys = false;  // stand below the names
};
// For so many in a row of that room.
RivalCellStyle rival_cell_style(const SystemScene& scene, float room, std::size_t count, float high);
// A message where it is stored. `service`: whose store it is; -1: of all.
void draw_stored(const SystemScene& scene, Rect box, const RivalCellStyle& style, const queues::Cell& cell, std::int32_t service);
// How many more do not fit, at an end.
void draw_rest_of_cells(Canvas& canvas, Rect box, std::size_t count);
// A store's card: its name, and beside it a note if there is room; its nodes at the foot, where they are shown. `area` is what is
// left of it. True: the note stands there.
bool draw_store_card(const SystemScene& scene, const queues::StoreView& store, const std::string& note, Color color, Rect& area);
void draw_dead_letters(const SystemScene& scene, const queues::StoreView& store, Rect area);
// A log: its lanes, and where each service is in them.
void draw_log_store(const SystemScene& scene, const queues::StoreView& store, Rect area);

// Stores at the left, who works at the right, or below where it is narrow.
void draw_system_body(SystemScene& scene, Rect area);
// `store_edge`: where the stores end, from which ribbons lead to whoever works.
void draw_workers(const SystemScene& scene, Rect area, float store_edge);
// A row a system: who works when, and what came of it so far.
void draw_system_rows(SystemsScene& scene, Rect area);
float system_rows_height(const Canvas& canvas, std::size_t systems, bool bars_above);

}  // namespace nutshell
