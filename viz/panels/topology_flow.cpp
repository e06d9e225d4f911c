// The upper half: where rows lie, who reads them, and what is on its way.
#include <algorithm>
#include <array>
#include <set>

#include "viz/panels/topology.h"
#include "viz/ui/signs.h"

namespace nutshell {

using streams::FilmEvent;
using streams::FilmKind;
using streams::PictureRow;
using streams::PictureTask;
using streams::PictureTopic;
using streams::TopicRole;

namespace {

// Where the rows of one partition of one topic stand.
struct RowStrip {
  const PictureTopic* topic = nullptr;
  int partition = 0;
  Rect rect;  // of the cells
  float pitch = 1, cell_w = 1, cell_h = 1;
  std::size_t first = 0;  // the first row that is shown
  Rect cell(std::size_t index) const {
    const float x = rect.x + pitch * (static_cast<float>(index) - static_cast<float>(first));
    return {x, rect.center().y - cell_h / 2, cell_w, cell_h};
  }
};

struct TaskCard {
  const PictureTask* task = nullptr;
  Rect rect;
};

// Everything that is drawn, and where.
struct FlowPlan {
  std::vector<Rect> slabs;  // by column
  std::vector<Rect> lanes;  // by partition
  std::vector<RowStrip> strips;
  std::vector<std::vector<const PictureTopic*>> shown;  // topics by column
  std::vector<TaskCard> cards;
  const RowStrip* strip(const std::string& topic, int partition) const {
    for (const RowStrip& each : strips) {
      if (each.topic->name == topic && each.partition == partition) return &each;
    }
    return nullptr;
  }
  const TaskCard* card(int part, int partition) const {
    for (const TaskCard& each : cards) {
      if (each.task->part == part && each.task->partition == partition) return &each;
    }
    return nullptr;
  }
};

std::string_view role_word(TopicRole role) {
  switch (role) {
    case TopicRole::source: return "topic";
    case TopicRole::repartition: return "repartition";
    case TopicRole::changelog: return "changelog";
    case TopicRole::sink: break;
  }
  return "result";
}

int depth_of(const TopologyScene& scene, int part) {
  // A part stands behind the right-most topic that it reads.
  int depth = 0;
  for (const PictureTopic& topic : scene.picture.topics) {
    const auto& reads = scene.picture.query->plan->parts[static_cast<std::size_t>(part)].topics;
    if (std::find(reads.begin(), reads.end(), topic.name) != reads.end()) depth = std::max(depth, topic.column);
  }
  return depth;
}

std::size_t lanes_of(const TopologyScene& scene) {
  std::size_t lanes = 1;
  for (const PictureTask& each : scene.picture.tasks) lanes = std::max(lanes, static_cast<std::size_t>(each.partition) + 1);
  for (const PictureTopic& each : scene.picture.topics) lanes = std::max(lanes, each.partitions.size());
  return lanes;
}

std::vector<std::string> words_of(const TopologyScene& scene, const PictureTopic& topic, const PictureRow& row) {
  const bool windowed = scene.picture.windowed && (topic.role == TopicRole::changelog || topic.role == TopicRole::sink);
  if (windowed) return {second_text(row.window_start), row.deleted ? "del" : "=" + (row.cells.empty() ? "" : row.cells[0])};
  // Where no window goes by it, the time says little.
  const bool timeless =
      !scene.picture.windowed && !(scene.picture.join && scene.picture.join->kind == streams::StepKind::stream_stream_join);
  if (topic.role == TopicRole::changelog || topic.role == TopicRole::sink || topic.table ||
      (timeless && topic.role == TopicRole::source))
    return {row.key, row.deleted ? "del" : row.cells.empty() ? "" : row.cells[0]};
  if (topic.role == TopicRole::repartition || row.cells.empty()) return {row.key, second_text(row.timestamp)};
  return {row.key, row.cells[0], second_text(row.timestamp)};
}

// Of all rows that ever come there, so that cells do not grow while time passes.
float widest(const TopologyScene& scene, const PictureTopic& topic) {
  float wide = 0;
  for (const FilmEvent& each : scene.film.events) {
    if (each.kind != FilmKind::written || each.topic != topic.name) continue;
    PictureRow row;
    row.key = each.key;
    row.cells = each.cells;
    row.timestamp = each.timestamp;
    row.window_start = each.window_start;
    for (const std::string& word : words_of(scene, topic, row)) wide = std::max(wide, scene.canvas().width(kMonoBold, word));
  }
  return wide;
}

// The topics of a column share the lane, one above the other.
void lay_strips(const TopologyScene& scene, FlowPlan& plan, int column, Rect slab) {
  Canvas& canvas = scene.canvas();
  std::vector<const PictureTopic*> topics;
  for (const PictureTopic& each : scene.picture.topics) {
    if (each.column == column) topics.push_back(&each);
  }
  // Where there is no room for all with two lines each, changelogs are left out.
  // On a cluster one line each has to do: what stands in the changelog is what comes back after a crash.
  const float each_needs = scene.film.servers ? 1.12F : 2.24F;
  const float wanted = static_cast<float>(topics.size()) * (canvas.height(kMonoBold) * each_needs + canvas.big(14, 12));
  if (wanted > plan.lanes[0].h) std::erase_if(topics, [](const PictureTopic* each) { return each->role == TopicRole::changelog; });
  plan.shown.push_back(topics);
  for (std::size_t lane = 0; lane < plan.lanes.size(); ++lane) {
    Rect room{slab.x + canvas.big(10, 12), plan.lanes[lane].y, slab.w - canvas.big(20, 24), plan.lanes[lane].h};
    const bool names = topics.size() > 1;
    const float label =
        names ? std::min(canvas.width(kMicro, "changelog") + 10, room.w * 0.5F) : canvas.width(kMonoBold, "p0") + 10;
    const float high = room.h / static_cast<float>(std::max<std::size_t>(topics.size(), 1));
    // Changelogs of a join's sides are many: what has no room is left out, from the first on.
    const float least = canvas.height(kMonoBold) * 1.3F;
    const std::size_t fit = std::max<std::size_t>(static_cast<std::size_t>(room.h / least), 1);
    const std::size_t from = topics.size() > fit ? topics.size() - fit : 0;
    for (std::size_t i = from; i < topics.size(); ++i) {
      Rect row = room.take_top(from > 0 ? least : high);
      row.take_left(label);
      if (lane >= topics[i]->partitions.size()) continue;
      RowStrip strip;
      strip.topic = topics[i];
      strip.partition = static_cast<int>(lane);
      strip.rect = row;
      const float lines = names ? 2.0F : 3.0F;
      strip.cell_h = std::min(row.h - canvas.big(6, 6), canvas.height(kMonoBold) * 1.12F * lines + 8);
      strip.cell_w =
          within(widest(scene, *topics[i]) + canvas.big(10, 12), canvas.big(32, 40), std::max(row.w * 0.45F, canvas.big(32, 40)));
      strip.pitch = strip.cell_w + canvas.big(3, 4);
      const auto room_for = static_cast<std::size_t>(std::max((row.w + 3) / strip.pitch, 1.0F));
      const std::size_t count = topics[i]->partitions[lane].size();
      // The place of the next row is seen, too, where there is room for more than it.
      const std::size_t wanted_cells = count + (room_for > 2 ? 1 : 0);
      strip.first = wanted_cells > room_for ? wanted_cells - room_for : 0;
      plan.strips.push_back(strip);
    }
  }
}

FlowPlan lay_flow(const TopologyScene& scene, Rect area) {
  Canvas& canvas = scene.canvas();
  FlowPlan plan;
  const int columns = scene.picture.columns;
  const float gap = canvas.big(16, 20);
  // Shares of the width: slab, card, slab, ...
  const float slab_share = columns > 1 ? 0.20F : 0.29F, card_share = columns > 1 ? 0.16F : 0.28F;
  // What is written last needs room for the words beside it, if it is two topics.
  const float last = canvas.big(1.25F, lanes_of(scene) > 1 ? 1.2F : 1.6F);
  const float total = slab_share * static_cast<float>(columns) + card_share * static_cast<float>(columns) + slab_share * last;
  const float unit = (area.w - gap * static_cast<float>(2 * columns)) / total;
  const float head = canvas.height(kSmallBold) + canvas.big(12, 8);
  const std::size_t lanes = lanes_of(scene);
  const float least = canvas.big(56, 60);
  const std::size_t fit = std::max<std::size_t>(std::min(lanes, static_cast<std::size_t>((area.h - head) / least)), 1);
  Rect body = area;
  body.take_top(head);
  const float high = body.h / static_cast<float>(fit);
  for (std::size_t i = 0; i < fit; ++i) plan.lanes.push_back(body.take_top(high));
  float x = area.x;
  for (int column = 0; column <= columns; ++column) {
    const float wide = unit * slab_share * (column == columns ? last : 1.0F);
    plan.slabs.push_back({x, area.y, wide, area.h});
    lay_strips(scene, plan, column, plan.slabs.back());
    x += wide + gap;
    if (column == columns) break;
    for (const PictureTask& task : scene.picture.tasks) {
      const auto lane = static_cast<std::size_t>(task.partition);
      if (depth_of(scene, task.part) != column || lane >= plan.lanes.size()) continue;
      Rect card = plan.lanes[lane];
      card = {x, card.y + canvas.big(8, 5), unit * card_share, card.h - canvas.big(16, 10)};
      plan.cards.push_back({&task, card});
    }
    x += unit * card_share + gap;
  }
  return plan;
}

// A frame around each task, of the server that runs it.
void draw_server_frames(const TopologyScene& scene, const FlowPlan& plan) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  for (const TaskCard& each : plan.cards) {
    if (each.task->status == streams::TaskStatus::nobodys) continue;
    const float by = canvas.big(6, 7);
    const Rect frame{each.rect.x - by, each.rect.y - canvas.big(5, 4), each.rect.w + 2 * by, each.rect.h + canvas.big(10, 8)};
    canvas.fill(frame, theme.panel, canvas.big(8, 10));
    canvas.outline(frame, hue_of_server(scene, each.task->server).stroke, 1.75F, canvas.big(8, 10));
  }
}

// Servers run behind the topics: a frame for each partition's tasks.
void draw_frames(const TopologyScene& scene, const FlowPlan& plan) {
  if (scene.film.servers) return draw_server_frames(scene, plan);
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  for (std::size_t lane = 0; lane < plan.lanes.size(); ++lane) {
    float left = 0, right = 0;
    for (const TaskCard& each : plan.cards) {
      if (static_cast<std::size_t>(each.task->partition) != lane) continue;
      left = left == 0 ? each.rect.x : std::min(left, each.rect.x);
      right = std::max(right, each.rect.right());
    }
    if (right <= left) continue;
    const Rect frame{left - 8, plan.lanes[lane].y + canvas.big(3, 1), right - left + 16, plan.lanes[lane].h - canvas.big(6, 2)};
    canvas.fill(frame, theme.panel, canvas.big(8, 10));
    canvas.outline(frame, theme.line2, 1.25F, canvas.big(8, 10));
    canvas.fill({frame.x, frame.y + 8, 3, frame.h - 16}, theme.line2);
  }
}

std::string slab_name(const TopologyScene& scene, const FlowPlan& plan, int column, std::string& word) {
  const auto& topics = plan.shown[static_cast<std::size_t>(column)];
  if (topics.empty()) return "";
  if (topics.size() == 1) {
    word = role_word(topics[0]->role);
    if (topics[0]->role == TopicRole::repartition) word = "internal";
    if (topics[0]->role == TopicRole::sink) return word = "topic", "result";
    return topics[0]->role == TopicRole::repartition ? "repartition topic" : topics[0]->name;
  }
  const bool last = column == scene.picture.columns;
  word = "topics";
  return last ? "changelog and result" : "what is joined";
}

void draw_slab(const TopologyScene& scene, const FlowPlan& plan, int column) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  const Rect slab = plan.slabs[static_cast<std::size_t>(column)];
  canvas.fill(slab, theme.card, canvas.big(8, 10));
  canvas.outline(slab, theme.line2, 1, canvas.big(8, 10));
  Rect head{slab.x + canvas.big(10, 12), slab.y + 2, slab.w - canvas.big(20, 24), canvas.height(kSmallBold) + canvas.big(10, 6)};
  std::string word;
  std::string name = slab_name(scene, plan, column, word);
  if (name == "repartition topic" && canvas.width(kMicroBold, name) > head.w) name = "repartition";
  const TextStyle style = canvas.width(kSmallBold, name) <= head.w ? kSmallBold : kMicroBold;
  const float wide = canvas.width(kMicro, word);
  if (canvas.width(kSmallBold, name) + wide + 10 <= head.w)
    canvas.text_in(head.take_right(wide + 2), kMicro, theme.text3, word, Align::right);
  canvas.text_in(head, style, theme.text, name);
  for (std::size_t lane = 1; lane < plan.lanes.size(); ++lane)
    canvas.line({slab.x + 10, plan.lanes[lane].y}, {slab.right() - 10, plan.lanes[lane].y}, theme.line);
}

const std::string& hue_key(const TopologyScene& scene, const PictureTopic& topic, const PictureRow& row) {
  const bool own = topic.role == TopicRole::sink || topic.role == TopicRole::changelog || topic.role == TopicRole::repartition;
  return own && !row.key.empty() ? row.key : scene.key_of(row.row);
}

// A row that its reader has not taken yet waits; the last that was taken is at work until its reader is done.
RowCellState state_of(const TopologyScene& scene, const PictureTopic& topic, const PictureRow& row) {
  const bool is_read = topic.role == TopicRole::source || topic.role == TopicRole::repartition;
  if (!is_read) return scene.picture.at < row.written + 4 * scene.hop ? RowCellState::at_work : RowCellState::read;
  if (row.read == kNever) return RowCellState::waiting;
  return scene.picture.at < row.read + 4 * scene.hop ? RowCellState::at_work : RowCellState::read;
}

void draw_strip(const TopologyScene& scene, const FlowPlan& plan, const RowStrip& strip) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  const auto& rows = strip.topic->partitions[static_cast<std::size_t>(strip.partition)];
  const Rect slab = plan.slabs[static_cast<std::size_t>(strip.topic->column)];
  Rect label{slab.x + canvas.big(10, 12), strip.rect.y, strip.rect.x - slab.x - canvas.big(10, 12) - 6, strip.rect.h};
  bool alone = true;
  for (const RowStrip& each : plan.strips)
    alone = alone && (&each == &strip || each.topic->column != strip.topic->column || each.topic == strip.topic);
  if (alone)
    canvas.text_in(label, kMonoBold, theme.text2, "p" + std::to_string(strip.partition));
  else {
    const std::string name = strip.topic->role == TopicRole::source ? strip.topic->name : std::string(role_word(strip.topic->role));
    canvas.text_in(label, kMicro, theme.text2, name);
  }
  for (std::size_t i = strip.first; i < rows.size(); ++i) {
    const Rect cell = strip.cell(i);
    if (cell.right() > strip.rect.right() + 2) break;
    draw_row_cell(scene, cell, hue_key(scene, *strip.topic, rows[i]), state_of(scene, *strip.topic, rows[i]),
                  words_of(scene, *strip.topic, rows[i]));
  }
  const Rect next = strip.cell(rows.size());
  if (next.right() <= strip.rect.right() + 2) canvas.dashed_outline(next, theme.line2, 1.25F, kHidden, canvas.big(4, 7));
  if (strip.topic->role != TopicRole::source && strip.topic->role != TopicRole::repartition) return;
  // How far its task has read.
  std::size_t read = 0;
  while (read < rows.size() && rows[read].read != kNever) ++read;
  const Rect place = strip.cell(std::max(read, strip.first));
  const float y = place.bottom() + canvas.big(7, 8);
  if (read >= strip.first && y + 6 < strip.rect.bottom() + canvas.big(6, 4) && place.x < strip.rect.right())
    draw_triangle(canvas, {place.x - canvas.big(2, 2), y}, canvas.big(5, 7), theme.text2, false, 0.75F);
}

void draw_arrow(Canvas& canvas, Point from, Point to, Color color, float width) {
  const float head = canvas.big(5, 7);
  if (std::abs(from.y - to.y) < 2) {
    canvas.line(from, {to.x - head, to.y}, color, width);
  } else {
    std::vector<Point> curve;
    for (int i = 0; i <= 16; ++i) {
      const float part = static_cast<float>(i) / 16;
      curve.push_back({from.x + (to.x - head - from.x) * part, from.y + (to.y - from.y) * eased(part)});
    }
    canvas.polyline(curve, color, width);
  }
  draw_triangle(canvas, {to.x - head * 0.6F, to.y}, head, color, true);
}

// Where a row leaves a topic or comes into it.
Point door_of(const FlowPlan& plan, const RowStrip& strip, bool left) {
  const Rect slab = plan.slabs[static_cast<std::size_t>(strip.topic->column)];
  return {left ? slab.x : slab.right(), strip.rect.center().y};
}

// Whether the part of the plan writes there.
bool writes_to(const streams::Plan& plan, int part, const std::string& topic) {
  for (const streams::Step& step : plan.steps) {
    if (step.part != part) continue;
    if (step.kind == streams::StepKind::repartition && step.topic == topic) return true;
    if (step.kind == streams::StepKind::sink && step.source.topic == topic) return true;
    for (const std::string& store : step.stores)
      if (!store.empty() && streams::store_topic(plan, store) == topic) return true;
  }
  return false;
}

void draw_links(const TopologyScene& scene, const FlowPlan& plan) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  for (const TaskCard& card : plan.cards) {
    const auto& reads = scene.picture.query->plan->parts[static_cast<std::size_t>(card.task->part)].topics;
    for (const std::string& topic : reads) {
      if (const RowStrip* strip = plan.strip(topic, card.task->partition)) {
        const Point from = door_of(plan, *strip, false);
        draw_arrow(canvas, from, {card.rect.x, within(from.y, card.rect.y + 8, card.rect.bottom() - 8)}, theme.text3, 1.5F);
      }
    }
  }
  // What tasks have written, and where to.
  const int query = static_cast<int>(scene.picture.query - scene.film.queries.data());
  std::set<std::array<int, 4>> drawn;
  for (const FilmEvent& each : scene.film.events) {
    if (each.at > scene.picture.at + scene.hop) break;
    if (each.kind != FilmKind::written) continue;
    const RowStrip* strip = plan.strip(each.topic, each.partition);
    if (!strip || strip->topic->role == TopicRole::source) continue;
    for (const FilmEvent& read : scene.film.events) {
      if (read.at > each.at) break;
      if (read.kind != FilmKind::read || read.row != each.row || read.query != query) continue;
      const TaskCard* card = plan.card(read.part, read.partition);
      const int topic = static_cast<int>(strip->topic - scene.picture.topics.data());
      if (!card || !writes_to(*scene.picture.query->plan, read.part, each.topic)) continue;
      if (!drawn.insert({read.part, read.partition, topic, each.partition}).second) continue;
      const Point to = door_of(plan, *strip, true);
      draw_arrow(canvas, {card->rect.right(), within(to.y, card->rect.y + 8, card->rect.bottom() - 8)}, to, theme.text3, 1.5F);
    }
  }
}

// Rows on their way, each along its link.
void draw_travellers(const TopologyScene& scene, const FlowPlan& plan) {
  if (scene.reduced) return;
  const Time at = scene.picture.at;
  const int query = static_cast<int>(scene.picture.query - scene.film.queries.data());
  for (const FilmEvent& each : scene.film.events) {
    const Time from_time = each.at - scene.hop;
    if (from_time >= at) break;
    if (each.at <= at) continue;
    const float part = eased(static_cast<float>(at - from_time) / static_cast<float>(scene.hop));
    const RowStrip* strip = plan.strip(each.topic, each.partition);
    if (!strip) continue;
    const auto& rows = strip->topic->partitions[static_cast<std::size_t>(strip->partition)];
    const auto index = static_cast<std::size_t>(each.offset);
    Rect from = strip->cell(index), to = from;
    if (each.kind == FilmKind::read) {
      const TaskCard* card = plan.card(each.part, each.partition);
      if (!card || each.query != query) continue;
      to.x = card->rect.x + 4;
      to.y = card->rect.center().y - to.h / 2;
    } else if (each.kind == FilmKind::written && strip->topic->role != TopicRole::source) {
      for (const FilmEvent& read : scene.film.events) {
        if (read.at > each.at) break;
        if (read.kind != FilmKind::read || read.row != each.row || read.query != query) continue;
        const TaskCard* card = plan.card(read.part, read.partition);
        if (card && writes_to(*scene.picture.query->plan, read.part, each.topic)) {
          from.x = card->rect.right() - from.w;
          from.y = card->rect.center().y - from.h / 2;
        }
      }
    } else if (each.kind == FilmKind::written) {
      from.x = plan.slabs[0].x - from.w;
    } else {
      continue;
    }
    if (to.right() > strip->rect.right() + 4 && each.kind == FilmKind::written) continue;
    const Rect cell{from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part, from.w, from.h};
    PictureRow row;
    row.key = each.key;
    row.cells = each.cells;
    row.timestamp = each.timestamp;
    row.window_start = each.window_start;
    row.deleted = each.deleted;
    row.row = each.row;
    const PictureRow& shown = each.kind == FilmKind::read && index < rows.size() ? rows[index] : row;
    scene.canvas().cover(cell);
    draw_row_cell(scene, cell, hue_key(scene, *strip->topic, shown), RowCellState::at_work, words_of(scene, *strip->topic, shown));
  }
}

}  // namespace

void draw_flow(const TopologyScene& scene, Rect area) {
  if (area.w < 200 || area.h < 80) return;
  const FlowPlan plan = lay_flow(scene, area);
  draw_frames(scene, plan);
  for (int column = 0; column <= scene.picture.columns; ++column) draw_slab(scene, plan, column);
  for (const RowStrip& each : plan.strips) draw_strip(scene, plan, each);
  draw_links(scene, plan);
  for (const TaskCard& each : plan.cards) draw_task_card(scene, *each.task, each.rect);
  draw_travellers(scene, plan);
}

}  // namespace nutshell
