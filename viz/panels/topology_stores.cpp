// Where there are no windows: what the tasks keep. A table is its store, and each change of it is a record of the changelog; of a
// join, what each side holds, and which rows have found each other.
#include <algorithm>

#include "viz/panels/topology.h"
#include "viz/ui/signs.h"

namespace nutshell {

using streams::PictureStored;
using streams::PictureTask;
using streams::StepKind;

namespace {

// One box: a store of one task, or the results of an aggregate.
struct StoreBox {
  std::string name, more;
  struct Line {
    std::string key, value;
    bool fresh = false;
  };
  std::vector<Line> lines;
};

std::string joined_cells(const std::vector<std::string>& cells, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < cells.size() && i < most; ++i) text += (i > 0 ? ", " : "") + cells[i];
  return text;
}

// The columns that a step got from its source end with pseudo columns, which nobody wants to see here.
std::size_t columns_of(const TopologyScene& scene, int step, int side) {
  const streams::Step& kept = scene.picture.query->plan->steps[static_cast<std::size_t>(step)];
  if (kept.kind == StepKind::source) return kept.source.columns.size();
  const std::size_t wide = kept.widths[side == 0 ? 0 : 1];
  return wide > 3 ? wide - 3 : wide;
}

std::string side_name(const TopologyScene& scene, int step, int side) {
  const streams::Plan& plan = *scene.picture.query->plan;
  const streams::Step& kept = plan.steps[static_cast<std::size_t>(step)];
  if (kept.kind == StepKind::source) return kept.source.name;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    // The source whose rows come to that side.
    if (plan.steps[i].kind != StepKind::source) continue;
    std::size_t at = i;
    while (plan.steps[at].next >= 0 && plan.steps[at].next != step) at = static_cast<std::size_t>(plan.steps[at].next);
    if (plan.steps[at].next == step && plan.steps[at].side == side) return plan.steps[i].source.name;
  }
  return side == 0 ? "left" : "right";
}

bool is_fresh(const TopologyScene& scene, Time changed) { return scene.picture.at < changed + 4 * scene.hop; }

void add_stored(const TopologyScene& scene, const PictureTask& task, const std::vector<PictureStored>& rows,
                const std::string& what, std::vector<StoreBox>& boxes) {
  std::vector<std::pair<int, int>> places;
  for (const PictureStored& each : rows) {
    if (std::find(places.begin(), places.end(), std::pair{each.step, each.side}) == places.end())
      places.push_back({each.step, each.side});
  }
  for (const auto& [step, side] : places) {
    StoreBox box{side_name(scene, step, side), what + " of task " + task.name(), {}};
    for (const PictureStored& each : rows) {
      if (each.step != step || each.side != side) continue;
      std::vector<std::string> cells = each.cells;
      cells.resize(std::min(cells.size(), columns_of(scene, step, side)));
      if (!cells.empty() && cells[0] == each.key) cells.erase(cells.begin());
      box.lines.push_back({each.key, joined_cells(cells, 3) + (what == "rows held" ? "  at " + second_text(each.timestamp) : ""),
                           is_fresh(scene, each.changed)});
    }
    boxes.push_back(std::move(box));
  }
}

std::vector<StoreBox> boxes_of(const TopologyScene& scene) {
  std::vector<StoreBox> boxes;
  for (const PictureTask& task : scene.picture.tasks) {
    add_stored(scene, task, task.stored, "store", boxes);
    add_stored(scene, task, task.held, "rows held", boxes);
    if (!scene.picture.counting || task.windows.empty()) continue;
    StoreBox box{"store", "of task " + task.name(), {}};
    for (const auto& each : task.windows)
      box.lines.push_back({each.key, joined_cells(each.results, 3), is_fresh(scene, each.changed)});
    boxes.push_back(std::move(box));
  }
  return boxes;
}

void draw_store(const TopologyScene& scene, const StoreBox& box, Rect area) {
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.card, canvas.big(8, 10));
  canvas.outline(area, theme.line2, 1, canvas.big(8, 10));
  Rect rest{area.x + canvas.big(10, 12), area.y + canvas.big(6, 4), area.w - canvas.big(20, 24), area.h - canvas.big(12, 8)};
  Rect head = rest.take_top(canvas.height(kSmallBold) * 1.3F);
  // A cylinder says that it is kept.
  const float r = head.h * 0.28F;
  const Point c{head.x + r + 1, head.center().y};
  canvas.outline({c.x - r, c.y - r, 2 * r, 2 * r}, theme.text2, 1.5F, r * 0.7F);
  canvas.line({c.x - r, c.y - r * 0.3F}, {c.x + r, c.y - r * 0.3F}, theme.text2, 1.25F);
  head.take_left(2 * r + 10);
  head.take_left(canvas.text_in(head, kSmallBold, theme.text, box.name) + 10);
  if (canvas.width(kMicro, box.more) <= head.w) canvas.text_in(head, kMicro, theme.text2, box.more, Align::right);
  const float line = canvas.height(kMonoBold) * 1.5F;
  const auto fit = static_cast<std::size_t>(std::max(rest.h / line, 0.0F));
  const std::size_t from = box.lines.size() > fit ? box.lines.size() - fit : 0;
  for (std::size_t i = from; i < box.lines.size(); ++i) {
    Rect row = rest.take_top(line);
    if (box.lines[i].fresh) canvas.fill({row.x - 4, row.y + 1, row.w + 8, row.h - 2}, theme.raised, 4);
    const float key = std::min(canvas.width(kMonoBold, box.lines[i].key) + 16, row.w * 0.5F);
    const Rect cell{row.x, row.y + 2, key, row.h - 4};
    draw_row_cell(scene, cell, box.lines[i].key, RowCellState::read, {box.lines[i].key});
    row.take_left(key + 10);
    canvas.text_in(row, kMonoBold, theme.text, box.lines[i].value);
  }
}

// The last rows that a join was asked about: with whom, or with nobody.
std::vector<std::string> pair_lines(const TopologyScene& scene, std::size_t most) {
  std::vector<std::pair<Time, std::string>> all;
  for (const PictureTask& task : scene.picture.tasks) {
    for (const auto& each : task.pairs) {
      std::string text = each.key + " at " + second_text(each.timestamp);
      if (!each.alone)
        text += " meets " + each.key + " at " + second_text(each.partner);
      else
        text += " meets nobody";
      all.push_back({each.at, std::move(text)});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> lines;
  for (std::size_t i = all.size() > most ? all.size() - most : 0; i < all.size(); ++i) lines.push_back(all[i].second);
  return lines;
}

}  // namespace

void draw_stores(const TopologyScene& scene, Rect area) {
  if (area.w < 160 || area.h < 60) return;
  Canvas& canvas = scene.canvas();
  const Theme& theme = canvas.theme;
  std::vector<StoreBox> boxes = boxes_of(scene);
  if (scene.picture.join && !scene.picture.counting) {
    const float line = canvas.height(kSmall) * 1.4F;
    const std::vector<std::string> lines = pair_lines(scene, static_cast<std::size_t>(area.h / line));
    if (!lines.empty()) {
      Rect right = area.take_right(area.w * 0.36F);
      area.take_right(canvas.big(12, 14));
      canvas.text_in(right.take_top(line), kSmallBold, theme.text, "Who meets whom");
      for (std::size_t i = 0; i < lines.size() && right.h >= line; ++i)
        canvas.text_in(right.take_top(line), i + 1 == lines.size() ? kSmallBold : kSmall,
                       i + 1 == lines.size() ? theme.text : theme.text2, lines[i]);
    }
  }
  if (boxes.empty()) return canvas.text_in(area, kSmall, theme.text2, "Nothing is kept yet.", Align::center), void();
  const float least = canvas.big(170, 260), gap = canvas.big(12, 14);
  const auto fit = std::max<std::size_t>(static_cast<std::size_t>((area.w + gap) / (least + gap)), 1);
  if (boxes.size() > fit) boxes.resize(fit);
  const float wide = (area.w + gap) / static_cast<float>(boxes.size()) - gap;
  for (const StoreBox& each : boxes) {
    draw_store(scene, each, area.take_left(std::min(wide, canvas.big(420, 560))));
    area.take_left(gap);
  }
}

}  // namespace nutshell
