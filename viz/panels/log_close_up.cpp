#include "viz/panels/log_close_up.h"

#include <algorithm>
#include <cmath>

#include "sim/core/text.h"
#include "viz/panels/question.h"
#include "viz/panels/stage.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr float kLeastPitch = 30, kMostPitch = 84;
// For the back row: of a longer log only the end is shown, so that its cells stay large.
constexpr float kLeastForBackRow = 72;
constexpr float kBesideNumber = 8;  // of a cell

// The partition that is looked at comes first; then one of each other topic, Kafka's own last.
std::vector<TopicPartition> wanted_partitions(const World& world, const Place& selected) {
  std::vector<TopicPartition> all;
  const auto add = [&](TopicPartition tp) {
    const bool there = std::any_of(all.begin(), all.end(), [&](TopicPartition each) { return each.topic == tp.topic; });
    if (!there && tp.partition >= 0) all.push_back(tp);
  };
  if (selected.tp.partition >= 0) add(selected.tp);
  for (const bool internal : {false, true}) {
    for (const Broker& broker : world.brokers) {
      for (const Replica& each : broker.replicas) {
        const bool own = world.fabric.names[each.tp.topic].substr(0, 2) == "__";
        const bool looked_at = selected.tp.topic == each.tp.topic && selected.tp.partition < 0;
        if (own == internal && each.tp.partition == 0) add(each.tp);
        if (looked_at) std::stable_partition(all.begin(), all.end(), [&](TopicPartition tp) { return tp.topic == each.tp.topic; });
      }
    }
  }
  return all;
}

// The replica that is selected, else the leader's, else any.
ShownLog shown_log(const World& world, TopicPartition tp, const Place& selected) {
  ShownLog shown{tp};
  int best = -1;
  for (const Broker& broker : world.brokers) {
    const Replica* replica = broker.replica(tp);
    if (!replica) continue;
    const bool chosen = selected.tp == tp && selected.node == broker.node;
    const bool up = world.fabric.nodes[static_cast<std::size_t>(broker.node)].status != NodeStatus::down;
    const int rank = chosen ? 1 << 20 : (up ? 1 << 10 : 0) + (replica->role == ReplicaRole::leader ? 1 + replica->leader_epoch : 0);
    if (rank <= best) continue;
    best = rank;
    shown.broker = &broker;
    shown.replica = replica;
  }
  if (!shown.broker) return shown;
  const TopicRegistration* topic = shown.broker->image.topic(tp.topic);
  shown.config = topic ? &topic->config : nullptr;
  return shown;
}

// Files that are deleted and not yet removed stand before the log's start, and so may the first records of its oldest segment.
Offset first_offset(const ShownLog& shown) {
  const SegmentView segments = shown.replica->log.segments();
  Offset first = shown.replica->log.log_start_offset();
  if (!segments.empty()) first = std::min(first, segments.front().base_offset);
  for (const DeletedFile& each : shown.broker->deleted_files)
    if (each.tp == shown.tp) first = std::min(first, each.base_offset);
  return first;
}

OffsetColumns lay_columns(const std::vector<ShownLog>& logs, Rect area, float label, const Canvas& canvas) {
  OffsetColumns columns;
  Offset first = logs[0].replica->log.log_end_offset(), last = 0;
  for (const ShownLog& each : logs) {
    first = std::min(first, first_offset(each));
    last = std::max(last, each.replica->log.log_end_offset() + 1);  // and the place of the next record
  }
  const float room = std::max(area.w - label - 24, 1.0F), gap = canvas.big(6, 8);
  // However many digits: each cell has room for its offset.
  const float number = canvas.width(kMono, std::to_string(last)) + kBesideNumber + gap;
  const float least = std::max(canvas.big(kLeastPitch, kLeastForBackRow), number);
  const auto most = std::max<Offset>(static_cast<Offset>(room / least), 1);
  columns.first = std::max(first, last - most);
  columns.last = last;
  columns.x = area.x + label;
  columns.pitch = within(room / static_cast<float>(std::max<Offset>(last - columns.first, 1)), 1.0F, kMostPitch * canvas.big(1, 1.5F));
  columns.cell = columns.pitch - gap;
  return columns;
}

std::string_view policy_word(CleanupPolicy policy) {
  switch (policy) {
    case CleanupPolicy::deletes: return "delete";
    case CleanupPolicy::compacts: return "compact";
    case CleanupPolicy::compacts_and_deletes: return "compact,delete";
    case CleanupPolicy::neither: break;
  }
  return "\"\"";
}

// What it obeys, the weightiest first, as much as there is room for.
std::string policy_text(const Canvas& canvas, const ShownLog& shown, float room) {
  if (!shown.config) return "";
  std::string text;
  const auto add = [&](const char* key, const std::string& value) {
    const std::string longer = text + (text.empty() ? "" : "   ") + key + "=" + value;
    if (canvas.width(kMono, longer) <= room) text = longer;
  };
  add("cleanup.policy", std::string(policy_word(shown.config->cleanup_policy)));
  add("segment.bytes", std::to_string(shown.config->segment_bytes));
  if (shown.config->retention_time != kAsBroker)
    add("retention.ms", shown.config->retention_time < 0 ? "-1" : format_duration(shown.config->retention_time));
  if (shown.config->retention_bytes != kAsBroker) add("retention.bytes", std::to_string(shown.config->retention_bytes));
  if (shown.config->retention_messages >= 0) add("nutshell.retention.messages", std::to_string(shown.config->retention_messages));
  return text;
}

// Whose log it is, what it obeys, and when it will be looked at next.
void draw_head(const LogBand& band) {
  Canvas& canvas = band.canvas();
  const Theme& theme = canvas.theme;
  const Broker& broker = *band.shown.broker;
  Rect rest = band.head;
  const Node& node = band.world.fabric.nodes[static_cast<std::size_t>(broker.node)];
  const ReplicaSign role = role_of(node, broker, band.shown.replica, broker.image.partition(band.shown.tp));
  const TextStyle name{Face::mono_bold, Size::name}, word{Face::bold, Size::small};
  const auto say = [&](TextStyle style, Color color, const std::string& text, float gap) {
    rest.take_left(canvas.text_in(rest, style, color, text) + gap);
  };
  draw_tag(canvas, {rest.x, rest.center().y}, std::to_string(broker.id), theme.text, false);
  rest.take_left(tag_width(canvas, std::to_string(broker.id)) + 12);
  say(name, theme.text, partition_text(band.world, band.shown.tp, true), 12);
  const float radius = canvas.big(9, 14);
  draw_role(canvas, {rest.x + radius, rest.center().y}, radius, role, {});
  rest.take_left(2 * radius + 8);
  say(word, role_words(theme, role), std::string(role_text(role)) + " e" + std::to_string(band.shown.replica->leader_epoch), 20);
  const Time sweep = band.timer(TimerKind::log_retention);
  if (!band.cleaning.empty()) {
    const std::string text = cleaner_text(band);
    const float wide = canvas.width(kSmall, text);
    if (wide < rest.w * 0.5F) canvas.text_in(rest.take_right(wide + 4), kSmall, theme.text2, text, Align::right);
  } else if (sweep >= 0) {
    const Duration each = broker.config.retention_check_interval;
    const std::string text = "sweep in " + left_text(band.view_time, sweep) + ", each " + format_duration(each);
    const float ring = canvas.big(8, 12), wide = canvas.width(kSmall, text) + 2 * ring + 14;
    if (wide < rest.w * 0.5F) {
      Rect right = rest.take_right(wide);
      draw_drain(canvas, {right.x + ring, right.center().y}, ring,
                 static_cast<float>(sweep - band.view_time) / static_cast<float>(std::max<Duration>(each, 1)));
      right.take_left(2 * ring + 8);
      canvas.text_in(right, kSmall, theme.text2, text, Align::right);
      rest.take_right(16);
    }
  }
  const Rect words = band.policy.empty() ? rest : band.policy;
  canvas.text_in(words, kMono, theme.text2, policy_text(canvas, band.shown, words.w));
}

// The names of the marks, above what they stand at; a name that would meet another one is left out.
void draw_mark_names(const LogBand& band) {
  Canvas& canvas = band.canvas();
  const Theme& theme = canvas.theme;
  const Log& log = band.log();
  struct Mark {
    Offset at;
    std::string text;
    TextStyle style;
    Color color;
  };
  const bool one = log.high_watermark() == log.log_end_offset();
  std::vector<Mark> marks = {
      {log.log_start_offset(), "log start " + std::to_string(log.log_start_offset()), kSmallBold, theme.text},
      {log.high_watermark(), (one ? "HW and LEO " : "HW ") + std::to_string(log.high_watermark()), kSmallBold, theme.text}};
  if (!one) marks.push_back({log.log_end_offset(), "LEO " + std::to_string(log.log_end_offset()), kSmall, theme.text2});
  float free = band.columns.x - 40;
  for (const Mark& each : marks) {
    if (!band.columns.sees(each.at)) continue;
    const float wide = canvas.width(each.style, each.text);
    const float x = within(band.columns.of(each.at) - 4, free, std::max(band.area.right() - wide - 2, free));
    if (x + wide > band.area.right()) continue;
    canvas.text_in({x, band.marks.y, wide + 2, band.marks.h}, each.style, each.color, each.text);
    free = x + wide + 14;
  }
}

// The thread that reads this log, if one does. What it writes afterwards stands in the log already.
std::optional<CleanerAtWork> work_of(const LogBand& band) {
  for (const CleanerThread& each : band.shown.broker->cleaner.threads) {
    if (!(each.tp == band.shown.tp) || each.writing) continue;
    CleanerAtWork work{next_round(band), each.bytes_left};
    work.range.first_uncleanable = std::min(work.range.first_uncleanable, each.end);
    return work;
  }
  return std::nullopt;
}

LogBand lay_band(Ui& ui, const World& world, const ShownLog& shown, const OffsetColumns& columns, const Session& session, Rect area) {
  LogBand band{ui, world, shown, columns, session.view_time(), 0, is_question(session), std::nullopt, area};
  band.clock = band.view_time + world.fabric.nodes[static_cast<std::size_t>(shown.broker->node)].clock_offset;
  const Canvas& canvas = ui.canvas;
  const float line = canvas.height(kSmall) + canvas.big(10, 14);
  Rect rest = area;
  band.head = rest.take_top(canvas.height({Face::bold, Size::name}) + canvas.big(12, 16));
  // In a small room all that it obeys has a line of its own.
  const bool tall = area.h > canvas.big(340, 480), crowded = area.w < canvas.big(900, 1200);
  if (tall && crowded) band.policy = rest.take_top(canvas.height(kMono) + 8);
  band.marks = rest.take_top(canvas.height(kSmallBold) + 6);
  const TopicConfig* topic = shown.config;
  const bool compacts = topic && topic->compacts(), deletes = !topic || topic->deletes();
  if (compacts) band.cleaning = rest.take_top(line);
  if (compacts) band.work = work_of(band);
  const bool looks = looked_for(world, shown, ui.figure.selected, band.view_time).has_value();
  const float file = band.work ? canvas.big(48, 64) : 0;
  const bool fast = grows_fast(world, shown, band.clock);
  const float look_up = looks ? std::max(line, canvas.height(kBody) + 6) : 0;
  const float below = line * static_cast<float>(1 + compacts + deletes + fast) + look_up + file + 6;
  band.frames = rest.take_top(within(rest.h - below, 0.0F, tall ? canvas.big(210, 300) : canvas.big(150, 240)));
  band.cells = band.frames;
  band.cells.take_top(canvas.height(kMono) + 12);
  band.cells.take_bottom(10);
  const float combs = canvas.big(34, 48);
  if (band.cells.h > combs + canvas.big(70, 96)) band.combs = band.cells.take_bottom(combs);
  rest.take_top(4);
  if (compacts) band.again = rest.take_top(line);
  if (band.work) band.fresh = rest.take_top(file - 6);
  if (band.work) rest.take_top(6);
  if (deletes) band.fate = rest.take_top(line);
  band.look_up = rest.take_top(look_up);
  band.kept = rest.take_top(line);
  if (fast) band.lasts = rest.take_top(line * 1.4F);
  return band;
}

void draw_band(const LogBand& band) {
  draw_head(band);
  draw_mark_names(band);
  draw_segments(band);
  draw_combs(band);
  if (!band.cleaning.empty()) draw_cleaning(band);
  if (!band.fate.empty()) draw_fate(band);
  draw_new_file(band);
  draw_look_up(band);
  draw_kept(band);
  draw_lasts(band);
}

}  // namespace

Time LogBand::timer(TimerKind kind) const {
  Time at = -1;
  world.fabric.queue.for_each_pending([&](const auto& entry) {
    const Event& event = entry.payload;
    if (event.kind == EventKind::timer && event.node == shown.broker->node && event.timer == kind) at = entry.time;
  });
  return at;
}

Rect LogBand::frame_of(Offset from, Offset to) const {
  const Offset begin = std::max(from, columns.first), end = std::min(std::max(to, from + 1), columns.last);
  if (begin >= end) return {};
  const float gap = (columns.pitch - columns.cell) / 2;
  // A frame that goes on to the left has no edge there.
  const float x = columns.of(begin) - (from < columns.first ? 10.0F : gap - 1), right = columns.of(end) - gap - 1;
  return {x, frames.y, right - x, frames.h};
}

void draw_line_name(const LogBand& band, Rect line, std::string_view name, TextStyle style) {
  const Rect words{band.area.x, line.y, band.columns.x - band.area.x - 14, line.h};
  const bool fits = band.canvas().width(style, name) <= words.w && band.canvas().height(style) <= words.h + 1;
  if (fits) band.canvas().text_in(words, style, band.canvas().theme.text2, name);
}

namespace {

std::vector<ShownLog> shown_logs(const World& world, const Place& selected, std::size_t most) {
  std::vector<ShownLog> logs;
  for (TopicPartition tp : wanted_partitions(world, selected)) {
    if (logs.size() == most) break;
    const ShownLog shown = shown_log(world, tp, selected);
    const bool internal = world.fabric.names[tp.topic].substr(0, 2) == "__";
    if (shown.replica && !(internal && !logs.empty())) logs.push_back(shown);
  }
  return logs;
}

// For the back row all grows with the room that is left, words too; by steps, so that it does not with every record.
float enlargement(const Canvas& canvas, const std::vector<ShownLog>& logs, Rect area, float label) {
  if (!canvas.projector) return 1;
  Offset first = logs[0].replica->log.log_end_offset(), last = 0;
  for (const ShownLog& each : logs) {
    first = std::min(first, first_offset(each));
    last = std::max(last, each.replica->log.log_end_offset() + 1);
  }
  constexpr Offset kPlaces = 16;
  const auto places = static_cast<float>((std::clamp<Offset>(last - first, 4, kPlaces) + 3) / 4 * 4);
  constexpr float kPitch = 88, kMost = 1.8F;
  const float high = logs.size() == 1 ? 470 : 310 * static_cast<float>(logs.size());
  const float across = area.w / (label + places * kPitch), down = area.h / high;
  // On a slide there may be so little of it that it is seen from farther away.
  const float least = within(area.h / (400 * static_cast<float>(logs.size())), 0.5F, 1.0F);
  // Of few sizes: each is rasterised for itself.
  constexpr float kSteps = 8;
  return std::max(std::floor(within(std::min(across, down), least, kMost) * kSteps) / kSteps, 0.5F);
}

void draw_logs(Ui& ui, const Session& session, const std::vector<ShownLog>& logs, Rect rest, float label) {
  Canvas& canvas = ui.canvas;
  const OffsetColumns columns = lay_columns(logs, rest, label, canvas);
  const Rect whole = rest;
  const float high = rest.h / static_cast<float>(logs.size());
  for (std::size_t i = 0; i < logs.size(); ++i) {
    Rect own = rest.take_top(high);
    if (i > 0) canvas.line({whole.x, own.y - 4}, {whole.right(), own.y - 4}, canvas.theme.line2);
    own.take_bottom(canvas.big(12, 16));
    const LogBand band = lay_band(ui, session.world(), logs[i], columns, session, own);
    draw_band(band);
    ui.figure.spots.push_back({canvas.in_window(band.head), {PlaceKind::replica, logs[i].broker->node, kNoNode, logs[i].tp}});
  }
}

}  // namespace

void draw_log_close_up(Ui& ui, const Session& session, Rect area) {
  if (area.w < 80 || area.h < 80) return;
  Canvas& canvas = ui.canvas;
  canvas.fill(area, canvas.theme.stage);
  const auto most = std::max<std::size_t>(static_cast<std::size_t>(area.h / canvas.big(215, 340)), 1);
  const std::vector<ShownLog> logs = shown_logs(session.world(), ui.figure.selected, most);
  const Rect inside = area.inset(canvas.big(16, 20));
  if (logs.empty()) {
    canvas.text_in(inside, kBody, canvas.theme.text2, "There is no log yet.", Align::center);
    return;
  }
  const float words = std::max(canvas.width(kMono, "retention.bytes"), canvas.width(kSmall, "kept where"));
  const float label = std::min(words + 28, inside.w * 0.3F);
  const float larger = enlargement(canvas, logs, inside, label);
  const Rect whole{inside.x, inside.y, inside.w / larger, inside.h / larger};
  Canvas near = larger != 1 ? canvas.zoomed(whole, inside) : canvas;
  Ui close{near, ui.room, ui.figure, ui.commands, ui.mouse};
  canvas.push_clip(area);
  draw_logs(close, session, logs, whole, label);
  canvas.pop_clip();
}

}  // namespace nutshell
