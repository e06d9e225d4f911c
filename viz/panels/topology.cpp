#include "viz/panels/topology.h"

#include <algorithm>

#include "sim/cluster/ksql_film.h"
#include "sim/core/text.h"
#include "sim/ksql/server.h"
#include "viz/panels/question.h"
#include "viz/ui/signs.h"

namespace nutshell {

using streams::Picture;

namespace {

constexpr float kSideLeast = 860, kSideLeastLarge = 1000;  // from that width on, the statement and the table stand beside
// On a cluster a row is through a query in some milliseconds. It is drawn at the pace of one hop each.
constexpr Duration kDrawnHop = 200 * kMillisecond;

// In which column of topics the event is, to be drawn in its turn.
int column_of(const Picture& picture, const std::string& topic) {
  for (const streams::PictureTopic& each : picture.topics)
    if (each.name == topic) return each.column;
  return 0;
}

int column_of(const Picture& picture, int part) {
  int column = 0;
  for (const std::string& each : picture.query->plan->parts[static_cast<std::size_t>(part)].topics)
    column = std::max(column, column_of(picture, each));
  return column;
}

// The film of a cluster's servers, with each row on its way for a while: written, read, and written again, hop by hop.
void draw_out(streams::Film& film, int query) {
  const Picture whole = streams::picture_of(film, 0, query);
  if (!whole.query) return;
  for (streams::FilmEvent& each : film.events) {
    // What is logged is what the store holds then, so it stays with the step that made it so.
    const bool of_task = each.kind <= streams::FilmKind::noted || each.kind == streams::FilmKind::logged;
    if (each.kind == streams::FilmKind::written)
      each.at += 2 * column_of(whole, each.topic) * kDrawnHop;
    else if (each.query == query && of_task)
      each.at += (2 * column_of(whole, each.part) + 1) * kDrawnHop;
  }
  std::stable_sort(film.events.begin(), film.events.end(),
                   [](const streams::FilmEvent& a, const streams::FilmEvent& b) { return a.at < b.at; });
}

// Which query is shown, where there are several; a click chooses.
void draw_query_names(Ui& ui, const streams::Film& film, int shown, Rect line) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  for (std::size_t i = 0; i < film.queries.size(); ++i) {
    const std::string& name = film.queries[i].plan->writes.empty() ? film.queries[i].id : film.queries[i].plan->writes;
    const float wide = canvas.width(kMicroBold, name) + 18;
    if (wide > line.w) return;
    const bool now = static_cast<int>(i) == shown;
    const Rect chip = line.take_left(wide);
    line.take_left(8);
    if (now || ui.over(chip)) canvas.fill(chip, theme.raised, chip.h / 2);
    canvas.outline(chip, now ? theme.paper : theme.line2, now ? 2.0F : 1.0F, chip.h / 2);
    canvas.text_in(chip, now ? kMicroBold : kMicro, now ? theme.text : theme.text2, name, Align::center);
    if (ui.clicked && ui.over(chip)) ui.figure.query = film.queries[i].id;
  }
}

// Which query of the film the figure shows.
int shown_query(const streams::Film& film, const FigureView& figure) {
  int query = static_cast<int>(film.queries.size()) - 1;
  for (std::size_t i = 0; i < film.queries.size(); ++i)
    if (film.queries[i].id == figure.query) query = static_cast<int>(i);
  return query;
}

// The film as it is to be drawn, made anew if there is more to it, or it is of another run.
const KeptFilm& kept_film(Ui& ui, const Session& session) {
  KeptFilm& kept = ui.figure.kept_film;
  std::uint64_t stamp = ksql_film_stamp(session.world());
  fold(stamp, session.world().fabric.seed);
  fold(stamp, session.timeline().script());
  const bool drawn_out = !ui.room.reduced_motion;
  if (kept.film && kept.stamp == stamp && kept.query == ui.figure.query && kept.drawn_out == drawn_out) return kept;
  streams::Film film = ksql_film(session.world());
  kept = {stamp, ui.figure.query, drawn_out, shown_query(film, ui.figure), nullptr};
  if (drawn_out && kept.shown >= 0) draw_out(film, kept.shown);
  kept.film = std::make_shared<const streams::Film>(std::move(film));
  return kept;
}

// What the servers of the cluster do.
void draw_servers_topology(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const KeptFilm& kept = kept_film(ui, session);
  const streams::Film& film = *kept.film;
  if (film.queries.empty()) {
    canvas.text_in(area, kBody, canvas.theme.text2, "No query runs here yet.", Align::center);
    return;
  }
  const int query = kept.shown;
  if (session.view_time() > film.kept_until) {
    const Rect line = area.take_bottom(canvas.height(kSmall) * 1.5F);
    const std::string so_far = "What servers did is written down as far as " + format_time(film.kept_until);
    canvas.text_in(line, kSmall, canvas.theme.text2, so_far + "; rows go on, but are not seen here.", Align::center);
  }
  if (film.queries.size() > 1) {
    Rect line = area.take_top(canvas.height(kMicroBold) + canvas.big(16, 14)).inset(canvas.big(5, 4));
    line.take_left(canvas.big(8, 12));
    draw_query_names(ui, film, query, line);
  }
  const Picture picture = streams::picture_of(film, session.view_time(), query);
  draw_topology_scene({ui, film, picture, kDrawnHop, is_question(session), ui.room.reduced_motion}, area);
}

}  // namespace

std::string second_text(std::int64_t ms) {
  std::string text = streams::seconds_text(ms);
  text.resize(text.size() - 2);
  return text;
}

float eased(float part) {
  part = within(part, 0.0F, 1.0F);
  return part * part * (3 - 2 * part);
}

void draw_row_cell(const TopologyScene& scene, Rect cell, const std::string& key, RowCellState state,
                   const std::vector<std::string>& lines) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  const Dye dye = dye_of_key(theme, key);
  const bool solid = state == RowCellState::at_work;
  if (state == RowCellState::late)
    canvas.dashed_outline(cell, theme.hue(HueName::red).stroke, 1.75F, kNotYet, canvas.big(4, 7));
  else
    draw_cell(canvas, cell, dye, solid ? ReplicaSign::leader : ReplicaSign::follower, state != RowCellState::waiting, false);
  const float line = canvas.height(kMonoBold) * 1.12F;
  const auto most = static_cast<std::size_t>(std::max(cell.h / line, 1.0F));
  // The key that counts and the time come first where there is no room for all.
  std::vector<std::string> shown = lines;
  if (shown.size() > most) shown.erase(shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(shown.size() - most));
  const Color ink = solid ? theme.ink : theme.text;
  float y = cell.center().y - line * static_cast<float>(shown.size()) / 2;
  for (std::size_t i = 0; i < shown.size(); ++i, y += line) {
    const bool first_of_three = shown.size() > 2 && i == 0;
    const TextStyle style = first_of_three ? kMono : kMonoBold;
    if (canvas.width(style, shown[i]) > cell.w - 2) {
      if (const std::string fitted = canvas.fitted(style, shown[i], cell.w - 2); fitted.size() > 3)
        canvas.text_in({cell.x + 1, y, cell.w - 2, line}, style, ink, fitted, Align::center);
      continue;
    }
    canvas.text_in({cell.x, y, cell.w, line}, style, ink, shown[i], Align::center);
  }
}

bool has_topology(const Session& session) {
  return session.scenario().film != nullptr || !session.world().plain.of<KsqlServer>().empty();
}

void draw_topology(Ui& ui, const Session& session, Rect area) {
  if (area.w < 80 || area.h < 60) return;
  Canvas& canvas = ui.canvas;
  canvas.fill(area, canvas.theme.stage);
  if (!has_topology(session)) {
    canvas.text_in(area, kBody, canvas.theme.text2, "No query runs here.", Align::center);
    return;
  }
  if (!session.scenario().film) return draw_servers_topology(ui, session, area);
  if (!session.scenario().ksql->beside.empty()) return draw_queries_beside(ui, session, area);
  const streams::Film& film = *session.scenario().film;
  const Picture picture = streams::picture_of(film, session.view_time());
  draw_topology_scene({ui, film, picture, session.scenario().ksql->hop, is_question(session), ui.room.reduced_motion}, area);
}

void draw_topology_scene(const TopologyScene& scene, Rect area) {
  Canvas& canvas = scene.canvas();
  canvas.push_clip(area);
  Rect rest = area.inset(canvas.big(12, 16));
  if (rest.w >= canvas.big(kSideLeast, kSideLeastLarge)) {
    const Rect side = rest.take_right(within(rest.w * 0.27F, canvas.big(250, 330), canvas.big(400, 520)));
    rest.take_right(canvas.big(14, 18));
    draw_topology_side(scene, side);
  }
  const float flow_least = canvas.big(150, 170), below_least = canvas.big(150, 170);
  if (rest.h >= flow_least + below_least) {
    const float most = canvas.big(340, 460);
    draw_flow(scene, rest.take_top(within(rest.h * canvas.big(0.54F, 0.44F), flow_least, most)));
    rest.take_top(canvas.big(10, 8));
  }
  if (scene.picture.windowed)
    draw_windows(scene, rest);
  else
    draw_stores(scene, rest);
  canvas.pop_clip();
}

}  // namespace nutshell
