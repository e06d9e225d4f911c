// The letters of a sign:
//   0 1 2 3   a record, in the hue of its partition     =  a follower's copy        .  where a record is not, or not yet
//   x         a record that is lost                     a-e  a member, z: an idle one   -  its ribbon
//   K k       leader, and one that has been replaced    o O  follower in sync, out of sync
//   > producer   [ ! broker, crashed broker   Q q X  active controller, voter, crashed one
//   ^ A  position, committed offset   | high watermark   T C tick, cross   ? puzzle   ~ a cut   + a time-out
#include "viz/panels/lesson_sign.h"

#include <algorithm>
#include <array>

#include "viz/ui/signs.h"

namespace nutshell {

namespace {

struct Sign {
  std::string_view lesson;  // the scenario's name, behind its number
  std::array<std::string_view, 6> rows = {};  // as many as are not empty
};

constexpr Sign kSigns[] = {
    {"the-log", {"00000."}},
    {"earliest-and-latest", {"00000.", "^    ^"}},
    {"order", {"000.", "111."}},
    {"producers-join", {">", "> 000.", ">"}},
    {"one-consumer", {"00-a", "11-a", "22-a"}},
    {"two-consumers", {"00-a", "11-a", "22-b", "33-b"}},
    {"four-consumers", {"00-a", "11-b", "22-c", "33-d"}},
    {"five-consumers", {"00-a", "11-b", "22-c", "33-d", "   z"}},
    {"two-groups", {"a-00-c", "b-11-c"}},
    {"round-robin", {"> 000", "  1..", "  2.."}},
    {"key-hash", {"> 00.", "> 1..", "> 22."}},
    {"more-partitions", {"000", "111", "2..", "3.."}},
    {"explicit-partition", {"  ...", "> 11.", "  ..."}},
    {"replicas-and-leaders", {"K000", "o===", "o==="}},
    {"leader-failover", {"!   ", "K000", "o==="}},
    {"clean-stop", {"[ K000", "! K00."}},
    {"acks-one-loses", {"!00x", "K00.", "o==."}},
    {"min-insync-replicas", {"> C  ", "  K00", "  O=."}},
    {"slow-follower", {"K0000", "o====", "O==.."}},
    {"back-in-sync", {"K0000", "o====", "o===."}},
    {"zombie-leader", {"k00xx", "K00..", "o==.."}},
    {"controller-failover", {"X Q q"}},
    {"voters-and-copies", {"X X q", "! ! K"}},
    {"unclean-election", {"!000x", "K00..", "O=..."}},
    {"at-least-once", {"000000", "  A  ^"}},
    {"commit-first", {"000xx0", "  ^  A"}},
    {"dead-letters-of-ones-own", {"00x0 C", "  >0"}},
    {"idempotence-on-off", {"> 00 C", "> 0. T"}},
    {"eager-and-cooperative", {"00-a", "11-b", "22 c"}},
    {"twelve-brokers", {"[[[[", "[[![", "[[[["}},
    {"retention", {"xx00."}},
    {"too-late", {"xx00.", "^"}},
    {"cut-at-the-mark", {"k0x", "k0x", "K0."}},
    {"replay", {"0123.", "^   A"}},
    {"compaction", {"0123.", "..23.", "...3."}},
    {"a-zone-dies", {"!xxx", "!xxx", "K00."}},
    {"the-nearest-copy", {"K00", "===", "===a"}},
    {"four-bytes-for-one", {"> 0 a", "K1  o", "> 2 b"}},
    {"power-loss", {"!xxx", "!xxx", "!xxx"}},
    {"a-disk-fails", {"K 00", "x xx", "o =="}},
    {"deleted-and-created-again", {"xxxx", "00..", "^"}},
    {"the-talks-statement", {"01>0", "[ [0"}},
    {"late-rows-and-grace", {"00>x", "[0[["}},
    {"what-a-rekey-costs", {"01>0", "  >1"}},
    {"stream-and-table", {"0102", ">[2 "}},
    {"a-stream-asks-a-table", {"0>01", "[0"}},
    {"session-windows", {"00.0", "[[ ["}},
    {"emit-final", {"00>T", "1.>z"}},
    {"commands-events-views", {"0x2>[", "   >["}},
    {"what-a-replay-repeats", {"x012", "^..A"}},
    {"a-transfer-in-two-partitions", {"01 ^", "0+ "}},
    {"three-kinds-of-join", {"0>0.", "0>01", "[>[1"}},
    {"statement-on-a-cluster", {"K01>0", "K2 >1"}},
    {"crash-in-mid-window", {"00>[", "! >[", "00>["}},
    {"a-second-server", {"[0 !", "[1>["}},
    {"five-minutes-nobody", {"00-a", "11 !"}},
    {"read-again", {"[>0123", "   > 23"}},
    {"poison-and-dead-letters", {"0x0>C", " x>[="}},
    {"database-to-database", {"[ 012 [", "0 > > 0"}},
    {"an-answer-is-lost", {"0>[ C", "0>[ T"}},
    {"line-by-line", {">012.", ">012012"}},
    {"no-key", {"> T ?", "  00."}},
    {"offsets-for-ever", {"012301", "230123"}},
    {"fire-and-forget", {"> C xx", "  00.."}},
    {"all-was-one", {"!00x", "!00x", "K00x"}},
    {"in-sync-by-name", {"K ...", "! 00x", "! 00x"}},
    {"two-fast-failovers", {"K 012", "o 032"}},
    {"read-and-then-cut", {"000xx", "   ^A"}},
    {"stamped-wrongly", {"0+00.", "xxxx."}},
    {"delete-records", {"xx000", "  ^"}},
    {"by-bytes-and-messages", {"xx00.", "xxx0."}},
    {"found-by-time", {"+  ^", "0000."}},
    {"from-wires-to-one-log", {"> > >", " 000.", "a b c"}},
    {"one-crash-three-systems", {"000. C", "..0. T", "..0. +"}},
    {"once-it-is-read", {"0000.", "....."}},
    {"order-or-speed", {"00-a", "00-b", "00-c"}},
    {"slower-than-the-limit", {"0-a +", "0-b"}},
    {"one-poison-message", {"0x00."}},
    {"a-node-is-lost", {"! xxx", "[ 000", "[ 000"}},
    {"avro-in-ksqldb", {"01>01T", "  >x C"}},
    {"a-schema-changes", {"> 01 T", "  x  C"}},
    {"a-breaking-change-slips-through", {"00x00", "  ^"}},
    {"on-which-node-it-lies", {"! K o", "! x x", "! K ="}},
    {"the-publisher-sends-again", {"> 0.", "> 00"}},
    {"acknowledge-first-or-last", {"0xxx", "000="}},
    {"who-filters", {"0123-a", "1-b"}},
    {"growing-in-the-middle", {"0000", "  1111"}},
    {"order-with-five-consumers", {"? 00-a", "zzzz"}},
    {"bury-the-poison", {"? 0x0"}},
    {"lose-a-confirmed-record", {"? T x"}},
    {"no-rebalance", {"? z a"}},
    {"stored-twice", {"? 0 0"}},
    {"not-enough-replicas", {"? K C"}},
    {"lose-with-acks-all", {"? Txx"}},
    {"gone-before-read", {"? xx0"}},
    {"tombstone", {"? 0 x"}},
    {"count-the-late-row", {"? +0"}},
    {"kill-and-count-once", {"? ! C"}},
};

constexpr std::string_view kMembers = "abcde";

// A line towards the member at the end of the row, in its hue.
void draw_ribbon(Canvas& canvas, const std::string& row, std::size_t at, Rect cell) {
  const std::size_t member = row.find_first_of(kMembers, at);
  const std::size_t before = row.find_last_of(kMembers, at);
  const std::size_t owner = member != std::string::npos ? member : before;
  if (owner == std::string::npos) return;
  const Color color = canvas.theme.member(kMembers.find(row[owner])).stroke;
  canvas.line({cell.x - cell.w * 0.1F, cell.center().y}, {cell.right() + cell.w * 0.1F, cell.center().y}, color, cell.h * 0.16F);
}

void draw_record(Canvas& canvas, Rect cell, char letter) {
  const Theme& theme = canvas.theme;
  constexpr std::array kHues = {HueName::blue, HueName::orange, HueName::green, HueName::purple};
  const float radius = cell.h * 0.16F, width = std::max(cell.h * 0.07F, 1.0F);
  const Rect box = cell.inset(cell.w * 0.07F);
  if (letter == '.') return canvas.dashed_outline(box, theme.line2, width, {cell.h * 0.16F, cell.h * 0.1F}, radius);
  if (letter == 'x') {
    canvas.hatch(box, theme.hue(HueName::red).stroke, cell.h * 0.3F, width);
    return canvas.dashed_outline(box, theme.hue(HueName::red).stroke, width * 1.3F, {cell.h * 0.2F, cell.h * 0.12F}, radius);
  }
  if (letter == '=') {
    canvas.fill(box, theme.tint(theme.hue(HueName::blue)), radius);
    return canvas.outline(box, theme.hue(HueName::blue).stroke, width, radius);
  }
  canvas.fill(box, theme.hue(kHues[static_cast<std::size_t>(letter - '0')]).fill, radius);
  if (theme.light) canvas.outline(box, theme.ink, width, radius);
}

void draw_ring_of_dashes(Canvas& canvas, Point center, float radius, Color color, float width) {
  for (int i = 0; i < 8; ++i) canvas.arc(center, radius, static_cast<float>(i) / 8, static_cast<float>(i) / 8 + 0.07F, color, width);
}

void draw_member(Canvas& canvas, Rect cell, char letter) {
  const Theme& theme = canvas.theme;
  const float radius = cell.h * 0.42F;
  if (letter == 'z') return draw_ring_of_dashes(canvas, cell.center(), radius, theme.text3, radius * 0.2F);
  canvas.circle(cell.center(), radius, theme.member(kMembers.find(letter)).fill);
  if (theme.light) canvas.ring(cell.center(), radius, theme.ink, radius * 0.12F);
}

void draw_place(Canvas& canvas, Rect cell, char letter) {
  const Theme& theme = canvas.theme;
  const Point c = cell.center();
  const float r = cell.h * 0.42F, width = std::max(cell.h * 0.09F, 1.0F);
  const Color yellow = theme.light ? theme.ink : theme.hue(HueName::yellow).stroke, red = theme.hue(HueName::red).stroke;
  switch (letter) {
    case 'K': draw_crown(canvas, c, r * 0.9F, yellow); break;
    case 'k': draw_crown(canvas, c, r * 0.6F, theme.hue(HueName::orange).stroke); [[fallthrough]];
    case 'O': draw_ring_of_dashes(canvas, c, r, theme.hue(HueName::orange).stroke, width * 1.4F); break;
    case 'o': canvas.ring(c, r * 0.8F, theme.text2, width); canvas.circle(c, r * 0.25F, theme.text2); break;
    case '>': draw_triangle(canvas, c, r, theme.text, false); break;
    case '[': canvas.outline(cell.inset(cell.w * 0.1F), theme.text3, width, cell.h * 0.16F); break;
    case '!':
      canvas.dashed_outline(cell.inset(cell.w * 0.06F), red, width * 1.3F, {cell.h * 0.2F, cell.h * 0.12F}, cell.h * 0.16F);
      [[fallthrough]];
    case 'C': draw_cross(canvas, c, r * 0.5F, red, width * 1.6F); break;
    case 'T': draw_tick(canvas, c, r * 1.1F, theme.hue(HueName::green).stroke, width * 1.8F); break;
    case 'Q':
      draw_hexagon(canvas, c, r * 1.1F, theme.light ? theme.ink : yellow, true);
      draw_star(canvas, c, r * 0.7F, theme.light ? theme.hue(HueName::yellow).fill : theme.ink);
      break;
    case 'q': draw_hexagon(canvas, c, r * 1.1F, theme.text2, false, width); canvas.circle(c, r * 0.22F, theme.text2); break;
    case 'X': draw_hexagon(canvas, c, r * 1.1F, red, false, width * 1.3F); draw_cross(canvas, c, r * 0.4F, red, width * 1.4F); break;
    case '^':
    case 'A': draw_triangle(canvas, {c.x, c.y - r * 0.3F}, r * 0.75F, theme.member(0).stroke, letter == 'A', -0.25F); break;
    case '?':
      canvas.ring(c, r, theme.text2, width);
      if (cell.h >= 10) canvas.text(c, {Face::bold, Size::small}, theme.text2, "?", Align::center, cell);
      break;
    default: break;
  }
}

}  // namespace

std::vector<std::string> sign_of(const Scenario& scenario) {
  std::string_view name = scenario.name;
  const std::size_t number = name.find_first_not_of("0123456789");
  if (number > 0 && number != std::string_view::npos && name[number] == '-') name.remove_prefix(number + 1);
  for (const Sign& each : kSigns) {
    if (name != each.lesson) continue;
    std::vector<std::string> rows;
    for (const std::string_view row : each.rows) {
      if (!row.empty()) rows.emplace_back(row);
    }
    return rows;
  }
  if (scenario.is_puzzle()) return {"? 00."};
  std::size_t copies = 1, partitions = 1;
  for (const TopicSpec& topic : scenario.setup.topics) {
    copies = std::max(copies, topic.assignment.empty() ? static_cast<std::size_t>(std::max(topic.replication_factor, 1))
                                                       : topic.assignment[0].size());
    partitions = std::max(partitions, topic.assignment.empty() ? static_cast<std::size_t>(std::max(topic.partitions, 1))
                                                               : topic.assignment.size());
  }
  if (copies > 1) return copies > 2 ? std::vector<std::string>{"K000", "o===", "o==="} : std::vector<std::string>{"K000", "o==="};
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < std::min<std::size_t>(partitions, 3); ++i) rows.push_back(std::string(3, static_cast<char>('0' + i)) + ".");
  return rows;
}

void draw_lesson_sign(Canvas& canvas, const std::vector<std::string>& rows, Rect area) {
  std::size_t columns = 1;
  for (const std::string& each : rows) columns = std::max(columns, each.size());
  const float side = std::min(area.w / static_cast<float>(columns),
                              area.h / (static_cast<float>(std::max<std::size_t>(rows.size(), 1)) * 1.12F));
  if (side < 2) return;
  const float x = area.center().x - side * static_cast<float>(columns) / 2;
  float y = area.center().y - side * 1.12F * static_cast<float>(rows.size()) / 2;
  for (const std::string& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const Rect cell{x + side * static_cast<float>(i), y + side * 0.06F, side, side};
      if (row[i] == '-') draw_ribbon(canvas, row, i, cell);
      else if (std::string_view("0123=.x").find(row[i]) != std::string_view::npos) draw_record(canvas, cell, row[i]);
      else if (row[i] == 'z' || kMembers.find(row[i]) != std::string_view::npos) draw_member(canvas, cell, row[i]);
      else draw_place(canvas, cell, row[i]);
    }
    y += side * 1.12F;
  }
}

}  // namespace nutshell
