#include "viz/panels/systems.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/session/rival_offers.h"
#include "viz/panels/chrome.h"
#include "viz/panels/systems_parts.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr std::size_t kFewSystems = 4;  // more of them have no room for stores

// In seconds, cut off; without a fraction where there is none, if it is `whole`.
std::string tenths(Duration time, bool whole = false) {
  const std::int64_t all = std::max<Duration>(time, 0) / (100 * kMillisecond);
  if (whole && all % 10 == 0) return std::to_string(all / 10);
  return std::to_string(all / 10) + "." + std::to_string(all % 10);
}

// The crash of the shown service that is the latest by now; nullptr: there is none.
const queues::Fact* crash_of(const SystemScene& scene) {
  const queues::Fact* crash = nullptr;
  for (const queues::Fact& each : scene.run.facts) {
    if (each.at > scene.all.now) break;
    if (each.kind == queues::FactKind::crashed && each.service == static_cast<std::int32_t>(scene.all.runs.service())) crash = &each;
  }
  return crash;
}

const queues::Fact* after(const SystemScene& scene, const queues::Fact& first, queues::FactKind kind) {
  for (const queues::Fact& each : scene.run.facts) {
    if (each.at < first.at || each.kind != kind || each.service != first.service || each.consumer != first.consumer) continue;
    return &each;
  }
  return nullptr;
}

// The message whose time is over next, of a service that waits for nothing else.
const queues::Cell* next_to_return(const SystemScene& scene) {
  const queues::Cell* next = nullptr;
  for (const queues::StoreView& store : scene.picture.stores) {
    if (store.service != static_cast<std::int32_t>(scene.all.runs.service())) continue;
    for (const queues::LaneView& lane : store.lanes) {
      for (const queues::Cell& each : lane.cells) {
        const bool waits = each.state == queues::Cell::State::hidden || each.state == queues::Cell::State::out;
        if (waits && each.until >= scene.all.now && (!next || each.until < next->until)) next = &each;
      }
    }
  }
  return next;
}

// Somebody is gone and nobody knows.
NoticeView unnoticed(const SystemScene& scene, const queues::Fact& crash, const queues::Fact* noticed) {
  NoticeView view;
  view.alarm = true;
  const queues::Service& service = scene.all.runs.workload().services[static_cast<std::size_t>(crash.service)];
  const std::string& who = service.consumers[static_cast<std::size_t>(crash.consumer)].name;
  const queues::Cell* cell = next_to_return(scene);
  const Time until = cell ? cell->until : noticed ? noticed->at : -1;
  if (until < 0) {
    view.head = "Nobody will notice";
    view.detail = who + " had nothing in hand";
    return view;
  }
  const Duration whole = std::max<Duration>(cell ? cell->lease : noticed->at - crash.at, 1);
  view.left = static_cast<float>(until - scene.all.now) / static_cast<float>(whole);
  const std::string left = tenths(until - scene.all.now) + " of " + tenths(whole, true) + " s";
  if (cell) {
    view.head = "Nobody will notice: a clock runs out";
    view.detail = scene.all.message(cell->message) + " visible again in " + left;
    return view;
  }
  view.head = "Nobody has noticed";
  view.detail = (scene.run.end.row.product == queues::ProductId::kinesis ? "the lease of " : "the session of ") + who + ": " + left;
  return view;
}

// "0.19": short times need more than a tenth.
std::string hundredths(Duration time) {
  const std::int64_t all = std::max<Duration>(time, 0) / (10 * kMillisecond), rest = all % 100;
  return std::to_string(all / 100) + "." + (rest < 10 ? "0" : "") + std::to_string(rest);
}

// The node that led is gone, or there is none that one could lose.
NoticeView of_node(const SystemScene& scene, const queues::Fact& lost) {
  NoticeView view;
  if (lost.kind == queues::FactKind::fault_impossible) {
    view.head = "No node to lose";
    view.detail = lost.why;
    return view;
  }
  const std::string node = "node " + std::to_string(lost.number);
  const std::string gone = lost.kind == queues::FactKind::node_cut ? " is cut off" : " is lost";
  for (const queues::Fact& each : scene.run.facts) {
    if (each.at < lost.at || each.kind != queues::FactKind::leader_elected) continue;
    view.noticed = each.at <= scene.all.now;
    view.alarm = !view.noticed;
    view.left = static_cast<float>(each.at - scene.all.now) / static_cast<float>(std::max<Duration>(each.at - lost.at, 1));
    view.head = view.noticed ? "Node " + std::to_string(each.number) + " leads" : "Nobody leads";
    view.detail = view.noticed ? "after " + hundredths(each.at - lost.at) + " s"
                               : node + gone + "; " + hundredths(each.at - scene.all.now) + " s left";
    return view;
  }
  view.alarm = true;
  view.left = 0;
  view.head = "Nobody will lead";
  view.detail = node + gone + ", and what lies on it";
  return view;
}

// Nobody is gone: how far the service is.
NoticeView progress(const SystemScene& scene) {
  const RivalRuns& runs = scene.all.runs;
  const auto of = [&](std::string_view name) {
    for (const RivalColumn& each : rival_columns())
      if (each.name == name && !each.of_system) return std::max<std::int64_t>(runs.value(scene.which, each, scene.all.now), 0);
    return std::int64_t{0};
  };
  std::int64_t works = 0, there = 0;
  for (const queues::WorkerView& each : scene.picture.workers) {
    if (each.service != static_cast<std::int32_t>(runs.service())) continue;
    works += each.state == queues::WorkerView::State::works;
    there += each.state == queues::WorkerView::State::works || each.state == queues::WorkerView::State::idle;
  }
  NoticeView view;
  const std::int64_t all = static_cast<std::int64_t>(runs.workload().messages.size()), done = of("done");
  view.head = std::to_string(done) + " of " + std::to_string(all) + " done";
  view.detail = done == all   ? "nothing is left to do"
                : there == 0  ? "nobody is there to work"
                : there == 1  ? (works == 1 ? "its consumer works" : "its consumer waits")
                              : std::to_string(works) + " of " + std::to_string(there) + " consumers work";
  view.left = all > 0 ? static_cast<float>(done) / static_cast<float>(all) : -1;
  view.noticed = done == all;
  return view;
}

void draw_notice(SystemScene& scene, Rect box) {
  Canvas& canvas = scene.all.canvas;
  const Theme& theme = canvas.theme;
  const NoticeView view = notice_of(scene);
  const Color edge = view.noticed ? theme.hue(HueName::green).stroke : theme.line;
  canvas.fill(box, theme.card, canvas.big(6, 9));
  canvas.outline(box, edge, view.noticed ? canvas.big(1.5F, 2.5F) : 1, canvas.big(6, 9));
  Rect words = box.inset(canvas.big(8, 12));
  float radius = std::min(words.h / 2 - 1, canvas.big(19, 30));
  // The words come first: where they do not fit beside it, the sign is a small one.
  if (words.w - radius * 2 - canvas.big(10, 16) < canvas.width(kSmall, view.detail)) radius = std::min(radius, canvas.big(8, 13));
  const Rect sign = words.take_left(radius * 2 + canvas.big(10, 16));
  const Point center{sign.x + radius + 1, sign.center().y};
  if (view.noticed) {
    canvas.ring(center, radius, theme.hue(HueName::green).stroke, canvas.big(2.5F, 4));
    draw_tick(canvas, center, radius * 0.5F, theme.hue(HueName::green).stroke, canvas.big(2.5F, 4));
  } else if (view.alarm && view.left >= 0) {
    draw_drain(canvas, center, radius, view.left);
  } else {
    canvas.ring(center, radius, theme.line2, canvas.big(2.5F, 4));
    if (view.left > 0) canvas.arc(center, radius, 0, std::min(view.left, 1.0F), theme.text2, canvas.big(2.5F, 4));
  }
  const float half = words.h / 2;
  canvas.text_in(words.take_top(half), kBodyBold, theme.text, view.head);
  canvas.text_in(words, kSmall, theme.text2, view.detail);
}

// Nodes are shown where something befalls one: elsewhere they would only take the room of what the lesson is about.
bool speaks_of_nodes(const RivalRuns& runs) {
  for (const RivalRun& run : runs.runs())
    for (const queues::Fact& each : run.facts)
      if (each.kind == queues::FactKind::node_lost || each.kind == queues::FactKind::node_cut) return true;
  using Kind = queues::Fault::Kind;
  return std::any_of(runs.workload().faults.begin(), runs.workload().faults.end(),
                     [](const queues::Fault& each) { return each.kind == Kind::kill || each.kind == Kind::cut; });
}

void draw_system(SystemScene& scene, Rect area, bool body) {
  Canvas& canvas = scene.all.canvas;
  const Theme& theme = canvas.theme;
  const TextStyle title{Face::bold, Size::name};
  Rect head = area.take_top(canvas.height(title) * 1.6F);
  const std::string number = roman(scene.which + 1);
  const float wide = canvas.width(kSmallBold, number) + canvas.big(14, 22);
  const Rect tag{head.x, head.center().y - canvas.height(kSmallBold) * 0.7F, wide, canvas.height(kSmallBold) * 1.4F};
  canvas.fill(tag, theme.paper, 3);
  canvas.text_in(tag, kSmallBold, theme.light ? rgb(0xFFFFFF) : theme.ink, number, Align::center);
  head.take_left(wide + canvas.big(10, 14));
  const std::string key = queues::telling_key(scene.run.end.row);
  const float room = head.w - canvas.width(title, scene.run.title) - canvas.big(10, 16);
  if (canvas.width(kMono, key) <= room)
    canvas.text_in(head.take_right(canvas.width(kMono, key) + 1), kMono, theme.text2, key, Align::right);
  canvas.text_in(head, title, theme.text, scene.run.title);
  draw_notice(scene, area.take_top(canvas.height(kBodyBold) * 1.25F + scene.all.line + canvas.big(16, 24)));
  area.take_top(canvas.big(8, 12));
  if (body && area.h > scene.all.line * 3) draw_system_body(scene, area);
}

}  // namespace

std::string letter_of(const RivalRuns& runs, std::int32_t service, std::int32_t consumer) {
  constexpr std::size_t kShort = 3;
  const std::vector<queues::Consumer>& of = runs.workload().services[static_cast<std::size_t>(service)].consumers;
  const auto place = static_cast<std::size_t>(std::max(consumer, 0));
  if (place < of.size() && of[place].name.size() <= kShort) return of[place].name;
  std::size_t before = place;
  for (std::int32_t s = 0; s < service; ++s) before += runs.workload().services[static_cast<std::size_t>(s)].consumers.size();
  return before < 26 ? std::string(1, static_cast<char>('a' + before)) : std::to_string(before + 1);
}

NoticeView notice_of(const SystemScene& scene) {
  const queues::Fact *crash = crash_of(scene), *node = nullptr;
  for (const queues::Fact& each : scene.run.facts) {
    if (each.at > scene.all.now) break;
    const bool hidden = each.kind == queues::FactKind::fault_impossible &&
                        each.why == queues::product(scene.run.end.row.product).without_nodes;
    if (hidden || each.kind == queues::FactKind::node_lost || each.kind == queues::FactKind::node_cut) node = &each;
  }
  if (node && (!crash || crash->at < node->at)) return of_node(scene, *node);
  if (!crash) return progress(scene);
  const queues::Fact* noticed = after(scene, *crash, queues::FactKind::noticed);
  if (!noticed || noticed->at > scene.all.now) return unnoticed(scene, *crash, noticed);
  NoticeView view;
  const Duration took = noticed->at - crash->at;
  view.noticed = true;
  view.head = took == 0 ? "Noticed at once" : "Noticed after " + tenths(took) + " s";
  view.detail = noticed->why;
  return view;
}

void draw_systems(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const std::shared_ptr<const RivalRuns> runs = session.rivals();
  canvas.fill(area, theme.stage);
  SystemsScene scene{ui, canvas, session, *runs, session.view_time(), session.fog(), session.moves() || ui.room.in_motion,
                     canvas.height(kSmall) * 1.35F};
  scene.shows_nodes = speaks_of_nodes(*runs);
  scene.names = canvas.width({Face::mono_bold, Size::small}, "o1");
  constexpr std::size_t kMeasured = 400;  // names grow by their digits: later ones are hardly wider
  for (std::size_t i = 0; i < std::min(runs->workload().messages.size(), kMeasured); ++i) {
    scene.names = std::max(scene.names, canvas.width({Face::mono_bold, Size::small}, runs->workload().messages[i].name));
    scene.keys = std::max(scene.keys, canvas.width(kMono, runs->workload().messages[i].key));
  }
  const std::size_t count = runs->runs().size();
  Rect rest{area.x + canvas.big(10, 16), area.y + canvas.big(4, 6), area.w - canvas.big(20, 32), area.h - canvas.big(8, 10)};
  const bool narrow = rest.w < canvas.big(900, 1400);
  const float rows = system_rows_height(canvas, count, narrow);
  const bool body = count <= kFewSystems;
  const float heads = canvas.height({Face::bold, Size::name}) * 1.6F + canvas.height(kBodyBold) * 1.25F + scene.line + canvas.big(26, 40);
  Rect table = rest.take_bottom(body ? std::min(rows, rest.h * 0.5F) : std::max(rest.h - heads, 0.0F));
  rest.take_bottom(canvas.big(6, 8));
  canvas.line({area.x, table.y}, {area.right(), table.y}, theme.line);
  const float gap = canvas.big(16, 24), wide = (rest.w - gap * static_cast<float>(count - 1)) / static_cast<float>(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) {
      const float x = rest.x + gap / 2 - gap;
      canvas.dashed_line({x + gap / 2, rest.y}, {x + gap / 2, rest.bottom()}, theme.line, 1, {2, 5});
    }
    SystemScene system{scene, i, runs->runs()[i], runs->picture(i, scene.now)};
    draw_system(system, rest.take_left(wide), body);
    rest.take_left(gap);
  }
  draw_system_rows(scene, table);
}

void draw_tools_asleep(Ui& ui, Rect line) {
  const float wide = ui.canvas.width({Face::bold, Size::small}, "Show the answer") + 32;
  const Rect button = line.take_left(wide);
  if (draw_button(ui, {button.x, button.center().y - 15, wide, 30}, "Show the answer", true)) ui.ask(CommandName::reveal);
  line.take_left(12);
  ui.canvas.text_in(line, kSmall, ui.canvas.theme.text3, kAsleep);
}

void draw_rival_tools(Ui& ui, const Session& session, Rect area) {
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  canvas.fill(area, theme.panel);
  canvas.line({area.x, area.y}, {area.right(), area.y}, theme.line);
  Rect rest{area.x + 12, area.y, area.w - 24, area.h};
  if (session.asking()) return draw_tools_asleep(ui, rest);
  const bool settings = !session.world().rivals.setup->settings.empty();
  rest.take_left(canvas.text_in(rest, kSmall, theme.text3, settings ? "Declared with:" : "On all at once:") + 12);
  const std::vector<RivalOffer> offers = rival_offers(session);
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const RivalOffer& offer = offers[i];
    const float key = offer.key.empty() ? 0 : key_width(canvas, offer.key) + 8;
    const float wide = canvas.width(kSmall, offer.label) + key + 24;
    if (wide > rest.w) break;
    const Rect button{rest.x, rest.center().y - 15, wide, 30};
    rest.take_left(wide + 8);
    const bool over = ui.over(button), able = offer.reason.empty();
    canvas.fill(button, over && able ? theme.raised : theme.card, 6);
    canvas.outline(button, able ? theme.line2 : theme.line, 1, 6);
    if (key > 0) draw_key(canvas, {button.x + 8, button.center().y}, offer.key);
    canvas.text_in({button.x + 12 + key, button.y, button.w - key - 20, button.h}, kSmall, able ? theme.text : theme.text3, offer.label);
    ui.tell(button, offer.label, able ? "on all systems, at this moment" : offer.reason);
    if (over && ui.clicked) ui.ask(CommandName::rival_deed, static_cast<std::int64_t>(i));
  }
}

}  // namespace nutshell
