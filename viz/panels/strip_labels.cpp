// Words for the marks of a strip, for those who see one for the first time.
#include <algorithm>

#include "viz/panels/log_strip.h"

namespace nutshell {

namespace {

// Labels on one line, from left to right as they come; one that would touch another is left out.
class Line {
 public:
  Line(const RowScene& r, float y) : r_(r), y_(y) {}

  // False: there was no room.
  bool say(float x, const std::string& text, Color color) {
    const float wide = r_.canvas.width(kSmall, text);
    const float left = within(x - wide / 2, r_.row.rect.x + 8, r_.row.rect.right() - wide - 8);
    const Rect box{left - 6, y_, wide + 12, 1};
    for (const Rect& each : taken_) {
      if (box.x < each.right() && each.x < box.right()) return false;
    }
    taken_.push_back(box);
    r_.canvas.text({left, y_}, kSmall, color, text);
    return true;
  }

 private:
  const RowScene& r_;
  const float y_;
  std::vector<Rect> taken_;
};

void draw_bracket(const RowScene& r, Offset offset, float y) {
  const float x = r.x_of(offset), right = x + r.layout.cell, high = r.canvas.big(7, 12);
  r.canvas.polyline({{x, y - high}, {x, y}, {right, y}, {right, y - high}}, r.canvas.theme.text3, r.canvas.big(1.5F, 2.5F));
}

// The oldest record and the newest one.
void draw_ends(const RowScene& r, float y) {
  const Log& log = r.replica->log;
  const Offset first = log.log_start_offset(), last = log.log_end_offset() - 1;
  if (last < std::max(first, r.strip.first)) return;
  const float line = r.canvas.height(kSmall);
  Line words(r, y + line);
  const auto mark = [&](Offset offset, const std::string& text) {
    if (words.say(r.x_of(offset) + r.layout.cell / 2, text, r.canvas.theme.text2)) draw_bracket(r, offset, y + line * 0.35F);
  };
  mark(last, (first == last ? "the only record: offset " : "newest: offset ") + std::to_string(last));
  if (first >= r.strip.first && first < last) mark(first, "oldest: offset " + std::to_string(first));
}

// Where each reader goes on.
void draw_reader_words(const RowScene& r, float y) {
  const World& world = r.scene.world;
  Line words(r, y);
  for (std::size_t i = 0; i < world.consumers.size(); ++i) {
    for (const OwnedPartition& owned : world.consumers[i].owned) {
      if (owned.tp != r.row.tp || owned.position < r.strip.first) continue;
      const std::string name = world.fabric.nodes[static_cast<std::size_t>(world.consumers[i].node)].name;
      const float x = r.x_of(owned.position) - (r.layout.pitch - r.layout.cell) / 2;
      words.say(x, name + " reads offset " + std::to_string(owned.position) + " next", r.canvas.theme.member(i).words);
    }
  }
}

}  // namespace

void draw_labels(const RowScene& r) {
  if (r.role != ReplicaSign::leader) return;
  const Theme& theme = r.canvas.theme;
  const Log& log = r.replica->log;
  const float line = r.canvas.height(kSmall), foot = r.cell_y + r.layout.cell_high;
  Line above(r, r.cell_y - line * 0.95F);
  const Offset high_watermark = log.high_watermark(), end = log.log_end_offset();
  const float gap = (r.layout.pitch - r.layout.cell) / 2;
  if (!r.scene.parts.watermarks) {
    above.say(r.x_at(r.motion.log_end.at) - gap, "end of the log", theme.text2);
  } else if (high_watermark >= r.strip.first) {
    const char* text = high_watermark == end ? "high watermark and log end" : "high watermark";
    above.say(r.x_at(r.motion.high_watermark.at) - gap, text, theme.text2);
  }
  if (r.scene.parts.watermarks && end > high_watermark) above.say(r.x_at(r.motion.log_end.at), "log end", theme.text2);
  draw_ends(r, foot + r.canvas.big(14, 24));
  draw_reader_words(r, foot + r.canvas.big(14, 24) + line * 2.3F);
}

}  // namespace nutshell
