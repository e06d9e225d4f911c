// What is told of a sign when the mouse rests on it: the sign, its name, and what it means; and the signs of messages in
// the help.
#include <algorithm>

#include "sim/cluster/process_kind.h"
#include "sim/core/text.h"
#include "sim/session/about.h"
#include "sim/session/offers.h"
#include "viz/panels/stage.h"
#include "viz/panels/tokens.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr Duration kRested = 500 * kMillisecond;  // wall time until a line appears

struct TipLine {
  std::string name, meaning;
};

std::string node_name(const World& world, NodeId node) {
  return node < 0 || static_cast<std::size_t>(node) >= world.fabric.nodes.size()
             ? ""
             : world.fabric.nodes[static_cast<std::size_t>(node)].name;
}

TipLine line_of_node(const World& world, const Place& place) {
  const std::string name = capitalised(node_name(world, place.node));
  switch (place.kind) {
    case PlaceKind::controller:
      for (const Controller& each : world.controllers) {
        if (each.node != place.node) continue;
        if (each.active)
          return {name + ", the active controller",
                  "it decides which broker leads what, and watches over the brokers' sessions"};
        return {name + ", a controller", "it keeps a copy of all metadata, and can take over"};
      }
      return {name, "a controller"};
    case PlaceKind::broker: return {name, "it keeps copies of partitions, and answers those who write and read"};
    case PlaceKind::producer:
      return {node_name(world, place.node) + ", a producer",
              "a program that writes records; the tick counts those that it was told are stored"};
    case PlaceKind::consumer:
      return {node_name(world, place.node) + ", a consumer",
              "a program that reads the partitions it owns, in the order of their offsets"};
    case PlaceKind::process: {
      const ProcessKind& kind = kind_of(world.fabric.nodes[static_cast<std::size_t>(place.node)]);
      return {node_name(world, place.node) + ", a " + std::string(kind.name), "it " + std::string(kind.about)};
    }
    default: return {name, ""};
  }
}

// Of marks on a strip, and of what stands beside them.
TipLine line_of_mark(const World& world, const Place& place) {
  const std::string where = place_text(world, place);
  const std::string who = node_name(world, place.node);
  const Broker* broker = nullptr;
  for (const Broker& each : world.brokers) broker = each.node == place.node ? &each : broker;
  const Replica* replica = broker ? broker->replica(place.tp) : nullptr;
  switch (place.kind) {
    case PlaceKind::high_watermark:
      return {"High watermark" + (replica ? " " + std::to_string(replica->log.high_watermark()) : ""),
              "what lies before it is on every copy in sync, and consumers see it"};
    case PlaceKind::log_end:
      return {"Log end" + (replica ? " " + std::to_string(replica->log.log_end_offset()) : ""), "the offset that the next record will get"};
    case PlaceKind::epoch:
      return {"Leader epoch" + (replica ? " " + std::to_string(std::max(replica->leader_epoch, 0)) : ""),
              "it grows with each new leader of the partition; its hue is that of the records"};
    case PlaceKind::committed: return {"Committed offset", "where " + who + " would go on reading if it were started again"};
    case PlaceKind::position: return {"Position", "the record that " + who + " asks for next"};
    case PlaceKind::lag:
      return {"What " + who + " reads",
              "filled triangle: committed; hollow one: position; lag: records still to be read"};
    case PlaceKind::session: return {"Session of " + who, "drains while nothing is heard; when it is empty, " + who + " is taken for dead"};
    case PlaceKind::link: return {"Link", "what is sent here does not arrive, or waits"};
    default: return {capitalised(where), ""};
  }
}

TipLine line_of_record(const World& world, const Place& place) {
  TipLine line{"Record at offset " + std::to_string(place.offset),
            "filled: the leader's copy; tinted: a follower's; dashed: not on every copy in sync yet"};
  for (const Broker& each : world.brokers) {
    const Replica* replica = each.node == place.node ? each.replica(place.tp) : nullptr;
    if (!replica) continue;
    const StoredRecord stored = stored_record(world, replica->log, place.offset);
    const std::string key = key_word(world, stored), word = record_word(world, stored);
    if (!key.empty()) line.name += ", key " + key;
    if (!word.empty() && word != key) line.name += ", \u201c" + word + "\u201d";
  }
  return line;
}

TipLine line_of_message(const World& world, const Place& place) {
  const Flight flight = plain_flight(place.node, place.to, place.message);
  const std::string way = node_name(world, place.node) + " to " + node_name(world, place.to);
  return {std::string(message_name(place.message)) + ", " + way, std::string(meaning_of(flight.kind, flight.letter))};
}

TipLine line_of(const World& world, const Place& place) {
  switch (place.kind) {
    case PlaceKind::none: return {};
    case PlaceKind::controller:
    case PlaceKind::broker:
    case PlaceKind::producer:
    case PlaceKind::consumer:
    case PlaceKind::process: return line_of_node(world, place);
    case PlaceKind::group:
      return {"Group " + std::string(world.fabric.names[place.group]),
              "its members share the partitions: each is read by one of them"};
    case PlaceKind::partition: return {place_text(world, place), "a log of its own: a topic is made of such partitions"};
    case PlaceKind::replica:
      return {capitalised(place_text(world, place)),
              "a copy of the partition; offsets stand below each other on all brokers"};
    case PlaceKind::record: return line_of_record(world, place);
    case PlaceKind::message: return line_of_message(world, place);
    default: return line_of_mark(world, place);
  }
}

// The last of those that lie there; nullptr: none.
const Tip* tip_at(const View& view, Point point) {
  for (std::size_t i = view.tips.size(); i-- > 0;) {
    if (view.tips[i].rect.contains(point)) return &view.tips[i];
  }
  return nullptr;
}

// What is smallest under the mouse is meant.
TipLine line_at(const Ui& ui, const World& world) {
  const Tip* tip = tip_at(ui.view, ui.mouse);
  const Spot* spot = nullptr;
  for (const Spot& each : ui.view.spots) {
    if (each.rect.contains(ui.mouse)) spot = &each;
  }
  if (tip && (!spot || tip->rect.w * tip->rect.h <= spot->rect.w * spot->rect.h)) return {tip->name, tip->meaning};
  return spot ? line_of(world, spot->place) : TipLine{};
}

}  // namespace

std::string_view meaning_of(TokenKind kind, char letter) {
  switch (kind) {
    case TokenKind::produce: return "records on their way to the leader, each a hollow box";
    case TokenKind::fetch_reply: return "records on their way to a reader or a follower, in the hue of their epoch";
    case TokenKind::accepted: return "an answer: done";
    case TokenKind::refused: return "an answer: refused, with an error";
    case TokenKind::heartbeat: return "a sign of life";
    case TokenKind::vote: return "controllers choose the active one";
    case TokenKind::group:
      switch (letter) {
        case 'J': return "a consumer joins its group (JoinGroup)";
        case 'S': return "members learn who reads what (SyncGroup)";
        case 'L': return "a consumer leaves its group (LeaveGroup)";
        case 'C': return "a consumer commits how far it has come (OffsetCommit)";
        default: return "about a consumer group";
      }
    case TokenKind::metadata:
      switch (letter) {
        case 'M': return "metadata: who leads, who is in sync";
        case 'A': return "a leader wants to change the in-sync replicas (AlterPartition)";
        case 'R': return "a broker registers with the controllers";
        default: return "about metadata";
      }
    default: return "a request: somebody asks for records, or for metadata";
  }
}

void draw_flight_legend(Canvas& canvas, Rect area) {
  struct Row {
    TokenKind kind;
    char letter;
    std::int32_t count;
  };
  constexpr Row kRows[] = {{TokenKind::produce, 0, 2},    {TokenKind::fetch_reply, 0, 2}, {TokenKind::other, 0, 0},
                           {TokenKind::accepted, 0, 0},   {TokenKind::refused, 0, 0},     {TokenKind::group, 'J', 0},
                           {TokenKind::group, 'S', 0},    {TokenKind::group, 'L', 0},     {TokenKind::group, 'C', 0},
                           {TokenKind::metadata, 'M', 0}, {TokenKind::metadata, 'A', 0},  {TokenKind::metadata, 'R', 0},
                           {TokenKind::vote, 'V', 0},     {TokenKind::heartbeat, 0, 0}};
  const float line = canvas.big(30, 46), sign = canvas.big(56, 92);
  canvas.text_in(area.take_top(line), {Face::bold, Size::body}, canvas.theme.text, "In flight");
  const auto columns = std::max<std::size_t>(static_cast<std::size_t>(area.w / canvas.big(470, 760)), 1);
  const std::size_t rows = (std::size(kRows) + columns - 1) / columns;
  const float wide = area.w / static_cast<float>(columns);
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    const float y = area.y + static_cast<float>(i % rows) * line;
    if (y + line > area.bottom() + 1) continue;
    const Rect row{area.x + static_cast<float>(i / rows) * wide, y, wide, line};
    Flight flight;
    flight.kind = kRows[i].kind;
    flight.letter = kRows[i].letter;
    flight.count = kRows[i].count;
    draw_token(canvas, {row.x + sign / 2, row.center().y}, flight, &canvas.theme.hue(HueName::blue));
    canvas.text_in({row.x + sign + 8, row.y, row.w - sign - 24, row.h}, kSmall, canvas.theme.text,
                   meaning_of(flight.kind, flight.letter));
  }
}

void draw_tooltip(Ui& ui, const Session& session, Rect window) {
  const View& view = ui.view;
  if (view.rested < kRested || view.menu.open || view.prompt.open || view.carry.on || view.edge != Edge::none) return;
  // What lies over the stage hides what it is about.
  if (view.over_stage.contains(ui.mouse)) return;
  const TipLine line = line_at(ui, session.world());
  if (line.name.empty()) return;
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const float name = canvas.width(kSmallBold, line.name), most = std::min(window.w - 24, canvas.big(560, 900));
  const float pad = canvas.big(10, 16), high = canvas.height(kSmallBold) * 1.4F;
  const bool beside = name + 14 + canvas.width(kSmall, line.meaning) <= most - 2 * pad;
  const float wide = (line.meaning.empty() ? name
                      : beside             ? name + 14 + canvas.width(kSmall, line.meaning)
                               : std::min(std::max(name, canvas.width(kSmall, line.meaning)), most - 2 * pad)) +
                     2 * pad;
  const auto lines = line.meaning.empty() || beside ? 0.0F : static_cast<float>(canvas.lines(kSmall, line.meaning, wide - 2 * pad));
  const float tall = high * (1 + lines) + pad;
  Rect box{ui.mouse.x + canvas.big(14, 20), ui.mouse.y + canvas.big(18, 26), wide, tall};
  box.x = within(box.x, 4.0F, window.right() - box.w - 4);
  if (box.bottom() > window.bottom() - 4) box.y = ui.mouse.y - box.h - 10;
  canvas.cover(box);
  canvas.fill(box, theme.raised, 6);
  canvas.outline(box, theme.text2, canvas.big(1, 2), 6);
  const Rect words{box.x + pad, box.y + pad / 2, box.w - 2 * pad, box.h - pad};
  canvas.text({words.x, words.y + high / 2}, kSmallBold, theme.text, line.name, Align::left, box);
  if (beside) canvas.text({words.x + name + 14, words.y + high / 2}, kSmall, theme.text2, line.meaning, Align::left, box);
  else canvas.paragraph({words.x, words.y + high, words.w, words.h - high}, kSmall, theme.text2, line.meaning, 1.4F);
}

}  // namespace nutshell
