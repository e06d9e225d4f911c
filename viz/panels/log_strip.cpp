#include "viz/panels/log_strip.h"

#include <algorithm>
#include <cmath>

#include "sim/core/text.h"
#include "sim/log/hash.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

Dye dye_of(const RowScene& r, Offset offset, const StoredRecord& stored) {
  const Theme& theme = r.canvas.theme;
  if (r.scene.keys) return dye_of_key(theme, key_word(r.scene.world, stored));
  const std::int32_t text = stored.record->text;
  // What was written with another schema looks different.
  if (const std::int32_t schema = text >= 0 ? schema_id_in(r.scene.world.fabric.names[text]) : 0; schema > 0)
    return {theme.epoch(schema), schema % 4};
  const Epoch epoch = std::max<Epoch>(r.replica->log.epoch_at(offset).value_or(0), 0);
  return {theme.epoch(epoch), epoch % 4};
}

// As `nutshell describe logs` prints it: a record without a text is told by its sender and how manieth it was.
std::string value_word(const World& world, const Record& record) {
  if (record.producer == kNoNode) return "-";
  if (record.is_tombstone()) return "null";
  if (record.text >= 0) return world.fabric.names[record.text];
  return world.fabric.nodes[static_cast<std::size_t>(record.producer)].name + "#" + std::to_string(record.serial);
}

// All there is to know of a record: offset, key, value, when it was made, and who sent it as what number.
void draw_details(const RowScene& r, Rect cell, Offset offset, const StoredRecord& stored, Color color) {
  const World& world = r.scene.world;
  const Batch& batch = *stored.batch;
  Rect rest{cell.x + 8, cell.y + 5, cell.w - 12, cell.h - 10};
  const TextStyle mono{Face::mono, Size::micro}, bold{Face::bold, Size::small};
  const float step = std::max(rest.h / 6, r.canvas.height(mono));
  const auto say = [&](const TextStyle& style, const std::string& text) {
    if (rest.h >= step * 0.9F) r.canvas.text_in(rest.take_top(step), style, color, text);
  };
  const std::string key = key_word(world, stored);
  say({Face::mono_bold, Size::body}, std::to_string(offset));
  say(bold, value_word(world, *stored.record));
  say(mono, key.empty() ? "no key" : "key " + key);
  const Time at = timestamp_of(batch, *stored.record);
  if (at != kNoTimestamp) say(mono, "at " + format_time(at));
  if (!batch.has_producer_id()) return say(mono, "no producer id");
  say(mono, "producer " + std::to_string(batch.producer_id) + " e" + std::to_string(batch.producer_epoch));
  if (batch.base_sequence == kNoSequence) return;
  say(mono, "sequence " + std::to_string(increment_sequence(batch.base_sequence, static_cast<std::int32_t>(offset - batch.base_offset))));
}

// The offset; if there is room, also what the record says, or its key alone.
void draw_record_words(const RowScene& r, Rect cell, Offset offset, const StoredRecord& stored, Color color) {
  if (r.layout.details && stored.record) return draw_details(r, cell, offset, stored, color);
  const bool large = !r.layout.words && r.layout.cell_high >= r.canvas.big(38, 60);
  const TextStyle style{Face::mono, large ? Size::body : Size::micro};
  const std::string number = std::to_string(offset);
  std::string word;
  if (r.layout.words) word = record_word(r.scene.world, stored);
  else if (r.scene.keys) word = key_word(r.scene.world, stored);
  if (word.empty() || (!r.layout.words && r.canvas.width({Face::mono, Size::micro}, word) > cell.w - 2)) {
    const bool fits = r.canvas.width(style, number) <= cell.w - 2;
    r.canvas.text(cell.center(), fits ? style : TextStyle{Face::mono, Size::micro}, color, number, Align::center, cell);
    return;
  }
  if (!r.layout.words) {
    r.canvas.text(cell.center(), {Face::mono, Size::micro}, color, word, Align::center, cell);
    return;
  }
  const bool tall = r.layout.labels;
  const std::string key = key_word(r.scene.world, stored);
  const TextStyle small{Face::mono, Size::micro};
  if (!key.empty() && key != word && r.canvas.width(style, number) + r.canvas.width(small, key) + 12 <= cell.w)
    r.canvas.text_in({cell.x + 5, cell.y + (tall ? 4.0F : 2.0F), cell.w - 10, cell.h * 0.42F}, small, color, key, Align::right);
  r.canvas.text_in({cell.x + (tall ? 9.0F : 5.0F), cell.y + (tall ? 4.0F : 2.0F), cell.w - 12, cell.h * 0.42F},
                   tall ? TextStyle{Face::mono_bold, Size::body} : style, color, number);
  // A word that is a little wider than the others were is written smaller, not left out.
  TextStyle of_word{Face::bold, tall ? Size::body : Size::small};
  if (r.canvas.width(of_word, word) > cell.w - 8) of_word.size = tall ? Size::small : Size::micro;
  r.canvas.text_in({cell.x + 2, cell.y + cell.h * 0.42F, cell.w - 4, cell.h * 0.5F}, of_word, color, word, Align::center);
}

// One outline around the records that came together.
void draw_batches(const RowScene& r, Offset from) {
  const Log& log = r.replica->log;
  while (from < log.log_end_offset()) {
    const std::optional<std::size_t> found = log.find(from);
    if (!found) return;
    const Batch& batch = log.batches()[*found];
    from = std::max(from, batch.base_offset);
    const Offset next = batch.next_offset();
    const float x = r.x_of(from) - 4, right = r.x_of(next - 1) + r.layout.cell + 4;
    r.canvas.outline({x, r.cell_y - 4, right - x, r.layout.cell_high + 8}, r.canvas.theme.text3, 1, 7);
    from = next;
  }
}

// What of it is below the high watermark, which may be sliding over it.
float committed_part(const RowScene& r, Offset offset) {
  return within(r.motion.high_watermark.at - static_cast<float>(offset), 0.0F, 1.0F);
}

// A record as its replica was just before a crash took it.
void draw_draining(const RowScene& r, Rect cell, const Dye& dye, Offset offset) {
  const Transition* crash = r.scene.move(TransitionKind::crashed, r.broker.node);
  if (!crash || !r.dead()) return;
  const Faded faded(r.canvas, 1 - crash->eased);
  draw_cell(r.canvas, cell, dye, r.before, offset < r.replica->log.high_watermark(), false);
}

void draw_one(const RowScene& r, Offset offset) {
  const Theme& theme = r.canvas.theme;
  const float part = grown(r.scene, r.broker.id, r.row.tp, offset);
  const float wide = r.scene.reduced ? 1 : part;
  const Rect cell{r.x_of(offset), r.cell_y, r.layout.cell * wide, r.layout.cell_high};
  if (cell.w < 2) return;
  // What is pushed out on the left is gone when it is out.
  const float inside = within(1 + (cell.x - r.x0) / r.layout.pitch, 0.0F, 1.0F);
  // What is written where a truncation has just cut comes out behind what falls.
  const Transition* cut = r.scene.move(TransitionKind::truncated, r.broker.id, r.row.tp);
  const float clear = cut && offset >= cut->to && offset < cut->from ? cut->eased : 1;
  const Faded faded(r.canvas, (r.scene.reduced ? part : inside) * clear);
  const StoredRecord stored = stored_record(r.scene.world, r.replica->log, offset);
  if (!stored.record) return;  // a hole: the offset stays, the record is gone
  const Dye dye = dye_of(r, offset, stored);
  const float committed = committed_part(r, offset);
  draw_cell(r.canvas, cell, dye, r.role, committed >= 1, r.dead());
  draw_draining(r, cell, dye, offset);
  if (committed > 0 && committed < 1 && !r.dead()) {
    r.canvas.push_clip({cell.x - 1, cell.y - 1, cell.w * committed + 1, cell.h + 2});
    draw_cell(r.canvas, cell, dye, r.role, true, false);
    r.canvas.pop_clip();
  }
  r.note(cell, PlaceKind::record, offset);
  if (wide < 0.6F || inside < 0.85F || clear < 0.5F) return;
  const bool on_hue = acts(r.role) && committed >= 0.5F && !r.dead();
  draw_record_words(r, cell, offset, stored, on_hue ? theme.ink : r.dead() ? theme.text3 : theme.text);
}

}  // namespace

Dye dye_of_key(const Theme& theme, std::string_view key) {
  if (key.empty()) return {{theme.text3, theme.text3, theme.text2}, 1};
  const std::int32_t slot = partition_for_key(murmur2(key), 4);
  return {theme.epoch(slot), slot};
}

void draw_cell(Canvas& canvas, Rect cell, const Dye& dye, ReplicaSign role, bool committed, bool dead) {
  const Theme& theme = canvas.theme;
  const float radius = canvas.big(4, 7);
  if (dead) {
    canvas.outline(cell, theme.line2, 1, radius);
    if (canvas.projector) canvas.hatch(cell, theme.line2, 9);
    return;
  }
  const bool solid = acts(role) && committed;
  if (solid) canvas.fill(cell, dye.hue.fill, radius);
  else if (committed) canvas.fill(cell, theme.tint(dye.hue), radius);
  if (!committed) canvas.dashed_outline(cell, dye.hue.stroke, 1.5F, kNotYet, radius);
  else if (!solid || theme.light) canvas.outline(cell, solid ? theme.ink : dye.hue.stroke, 1.25F, radius);
  const Color notch = solid ? theme.ink : dye.hue.stroke;
  switch (dye.notch) {
    case 0: canvas.fill({cell.x + 5, cell.bottom() - (cell.h < 20 ? 3.5F : 4.5F), cell.w - 10, 2}, notch); break;
    case 2: canvas.line({cell.x + 1, cell.y + 6}, {cell.x + 6, cell.y + 1}, notch, 1.5F); break;
    case 3: canvas.circle({cell.right() - 4.5F, cell.y + 4.5F}, 1.75F, notch); break;
    default: break;
  }
}

bool ends_before_strip(const RowScene& r) {
  const Offset end = r.replica->log.log_end_offset();
  return end > 0 && end <= r.strip.first;
}
std::string end_text(const RowScene& r) {
  return "ends at offset " + std::to_string(r.replica->log.log_end_offset());
}
void draw_cells(const RowScene& r) {
  const Theme& theme = r.canvas.theme;
  const Log& log = r.replica->log;
  const float high = r.layout.cell_high;
  if (log.log_start_offset() < r.strip.first && log.log_end_offset() > 0) {
    r.canvas.text({r.x0 - 11, r.cell_y + high / 2}, {Face::mono, Size::micro}, theme.text3, "\u2026", Align::center);
  }
  if (ends_before_strip(r)) {
    const float room = r.row.rect.right() - r.layout.tail - r.x0 - 8;
    if (r.canvas.width(kSmall, end_text(r)) <= room)
      r.canvas.text({r.x0 + 4, r.cell_y + high / 2}, kSmall, theme.text3, end_text(r));
    return;
  }
  const Offset from = std::max(r.strip.first - static_cast<Offset>(std::ceil(r.motion.shift)), log.log_start_offset());
  r.canvas.push_clip({r.x0 - 5, r.row.rect.y, r.row.rect.right() - r.x0 + 5, r.row.rect.h});
  if (r.layout.details) draw_batches(r, from);
  for (Offset offset = from; offset < log.log_end_offset(); ++offset) draw_one(r, offset);
  r.canvas.pop_clip();
  if (!acts(r.role)) return;
  const Rect next{r.x_at(r.motion.log_end.at), r.cell_y, r.layout.cell, high};
  const bool fits = next.right() <= r.row.rect.right() - r.layout.tail && log.log_end_offset() < r.strip.first + r.strip.columns;
  if (!fits) return;
  r.canvas.dashed_outline(next, theme.line2, 1.25F, kHidden, 4);
  r.scene.tell(r.canvas, next, "offset " + std::to_string(log.log_end_offset()), "where the next record will go");
  // It says its number where numbers stand above words, and that it is still to come.
  if (!r.layout.labels || r.motion.log_end.at != static_cast<float>(log.log_end_offset())) return;
  const Rect number{next.x + 9, next.y + 4, next.w - 12, next.h * 0.42F};
  r.canvas.text_in(number, {Face::mono_bold, Size::body}, theme.text3, std::to_string(log.log_end_offset()));
  r.canvas.text_in({next.x + 4, next.y + next.h * 0.42F, next.w - 8, next.h * 0.5F}, {Face::regular, Size::small},
                   theme.text3, "next", Align::center);
}

void draw_marks(const RowScene& r) {
  const Theme& theme = r.canvas.theme;
  const Log& log = r.replica->log;
  const float high = r.layout.cell_high;
  const float top = r.cell_y - 3, foot = r.cell_y + high + 3, gap = (r.layout.pitch - r.layout.cell) / 2;
  const Color line = r.dead() ? theme.text3 : theme.text;
  const auto draw_line = [&](float offset, float opacity) {
    if (opacity <= 0 || offset < static_cast<float>(r.strip.first)) return;
    const Faded faded(r.canvas, opacity);
    const float x = r.x_at(offset) - gap;
    r.note({x - 4, top, 11, foot - top}, PlaceKind::high_watermark);
    r.canvas.line({x, top}, {x, foot}, line, r.canvas.big(2.5F, 5));
    r.canvas.fill({x, top, r.canvas.big(7, 12), r.canvas.big(5, 8)}, line);
  };
  if (r.scene.parts.watermarks) {
    draw_line(r.motion.high_watermark.old_at, r.motion.high_watermark.old_opacity);
    draw_line(r.motion.high_watermark.at, r.motion.high_watermark.opacity);
  }
  if (log.log_end_offset() < r.strip.first) return;
  // Where both marks meet, the bracket stands right of the line; on the way there it moves over.
  const float apart = r.motion.log_end.at - r.motion.high_watermark.at;
  const float end = r.x_at(r.motion.log_end.at) + (3 + gap) * (1 - within(apart, 0.0F, 1.0F)) - gap;
  const Faded faded(r.canvas, r.motion.log_end.opacity);
  r.note({end - 3, top, 6, foot - top}, PlaceKind::log_end);
  r.canvas.polyline({{end - 3, top + 1}, {end, top + 1}, {end, foot - 1}, {end - 3, foot - 1}}, line, 1.5F);
  if (log.log_start_offset() >= r.strip.first && log.log_end_offset() > 0) {
    const float start = r.x_of(log.log_start_offset()) - gap - 1;
    r.canvas.polyline({{start + 3, top + 1}, {start, top + 1}, {start, foot - 1}, {start + 3, foot - 1}}, theme.text3, 1.5F);
  }
}

void draw_readers(const RowScene& r) {
  if (!acts(r.role)) return;
  const float gap = (r.layout.pitch - r.layout.cell) / 2;
  const float y = r.cell_y + r.layout.cell_high + r.canvas.big(4, 6);
  const World& world = r.scene.world;
  for (std::size_t i = 0; i < world.consumers.size(); ++i) {
    for (const OwnedPartition& owned : world.consumers[i].owned) {
      if (owned.tp != r.row.tp) continue;
      const Color color = r.canvas.theme.member(i).stroke;
      const float radius = r.canvas.big(4, 7);
      const auto triangle = [&](float offset, float opacity, PlaceKind kind) {
        if (opacity <= 0 || offset < static_cast<float>(r.strip.first)) return;
        const Faded faded(r.canvas, opacity);
        const Point at{r.x_at(offset) - gap, y};
        r.scene.note(r.canvas, {at.x - radius, at.y - radius, 2 * radius, 2 * radius},
                     {kind, world.consumers[i].node, kNoNode, owned.tp});
        draw_triangle(r.canvas, at, radius, color, kind == PlaceKind::committed, -0.25F);
      };
      const auto mark = [&](Offset offset, PlaceKind kind) {
        if (offset < 0) return;
        const auto moved = kind == PlaceKind::committed ? TransitionKind::committed : TransitionKind::position;
        const MarkPlace place = reader_mark(r.scene, moved, world.consumers[i].node, owned.tp, offset);
        triangle(place.old_at, place.old_opacity, kind);
        triangle(place.at, place.opacity, kind);
      };
      mark(owned.committed, PlaceKind::committed);
      mark(owned.position, PlaceKind::position);
    }
  }
}

}  // namespace nutshell
