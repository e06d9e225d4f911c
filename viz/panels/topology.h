// What a query does with rows: topics as slabs, tasks in the frames of their servers, rows on their way; below, windows on an
// axis of record time, with the clock of each task, or what tables and joins keep; beside it the statement, the table that
// comes of it, and the changes told.
//
// All of it is drawn from a film (sim/streams/film.h) at a time, so it runs backwards as well: the scenario's own, or that of the
// ksqlDB servers of its cluster (sim/cluster/ksql_film.h), whose tasks have a server, or none, and are restored.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sim/session/session.h"
#include "sim/streams/picture.h"
#include "viz/panels/log_strip.h"
#include "viz/panels/view.h"

namespace nutshell {

// Whether there may be a query to be shown.
bool has_topology(const Session& session);
void draw_topology(Ui& ui, const Session& session, Rect area);

// The parts, each in a file.

struct TopologyScene {
  Ui& ui;
  const streams::Film& film;
  const streams::Picture& picture;
  Duration hop = 1;
  bool asks = false;     // a question stands
  bool reduced = false;  // nothing travels
  Canvas& canvas() const { return ui.canvas; }
  const Theme& theme() const { return ui.canvas.theme; }
  // The key by which the row is grouped or joined; of a row, its hue.
  const std::string& key_of(int row) const { return film.row_keys[static_cast<std::size_t>(std::max(row, 0))]; }
  Dye dye_of(int row) const { return dye_of_key(theme(), key_of(row)); }
};

enum class RowCellState : std::uint8_t { read, at_work, waiting, late };
// The sign of a row, wherever it is seen: what it says, in lines, as many as fit.
void draw_row_cell(const TopologyScene& scene, Rect cell, const std::string& key, RowCellState state,
                   const std::vector<std::string>& lines);
// "61", "1.5": a second without its unit.
std::string second_text(std::int64_t ms);
// Without empty lines at its end.
std::vector<std::string> statement_lines(const std::string& text);
// 0 to 1, eased at both ends.
float eased(float part);

void draw_topology_scene(const TopologyScene& scene, Rect area);
void draw_flow(const TopologyScene& scene, Rect area);
void draw_task_card(const TopologyScene& scene, const streams::PictureTask& task, Rect card);
// Of a server of the cluster, wherever it is seen in the figure.
const Hue& hue_of_server(const TopologyScene& scene, const std::string& server);
void draw_windows(const TopologyScene& scene, Rect area);
// What is kept where there are no windows: the stores of tables, the sides of joins.
void draw_stores(const TopologyScene& scene, Rect area);
void draw_topology_side(const TopologyScene& scene, Rect area);
// Several queries: what each tells of every row, side by side.
void draw_queries_beside(Ui& ui, const Session& session, Rect area);

}  // namespace nutshell
