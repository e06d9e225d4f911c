// What moves in the space-time diagram: messages, beads, points and the thread of causes. Each sign and each word
// takes its room; what finds none is left out, its line stays.
#include <algorithm>
#include <cmath>

#include "sim/core/text.h"
#include "viz/panels/space_time.h"
#include "viz/panels/tokens.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

constexpr int kWorthTelling = 6;
constexpr float kStops = 13;  // so far from the receiver ends a message that is dropped

// A message as it is drawn.
struct TrafficLine {
  const Passage* passage = nullptr;
  Point from, to;
  bool strong = false;
};

struct TrafficSign {
  Point at;
  const Passage* passage = nullptr;
};

struct Pill {
  Rect rect;
  const Bead* bead = nullptr;
};

struct Label {
  Rect rect;
  std::string text;
  bool flag = false;
  Point foot;
};

float distance(Point p, Point a, Point b) {
  const Point d = b - a;
  const float length = d.x * d.x + d.y * d.y;
  const float t = length <= 0 ? 0 : within(((p.x - a.x) * d.x + (p.y - a.y) * d.y) / length, 0.0F, 1.0F);
  return std::hypot(p.x - a.x - t * d.x, p.y - a.y - t * d.y);
}

class Traffic {
 public:
  Traffic(Ui& ui, const Timeline& timeline, const SpaceChart& chart)
      : ui_(ui), canvas_(ui.canvas), timeline_(timeline), chart_(chart), end_(chart.time_x(chart.known)) {}

  SpaceItem draw() {
    lay_lines();
    lay_thread();
    lay_labels();
    lay_beads();
    lay_signs();
    find_item();
    canvas_.push_clip(chart_.chart);
    draw_lines();
    canvas_.pop_clip();
    draw_space_strips(canvas_, chart_);
    draw_space_silences(canvas_, chart_);
    canvas_.push_clip(chart_.chart);
    draw_thread();
    draw_points();
    for (const Pill& each : pills_) draw_bead(each);
    for (const TrafficSign& each : signs_) draw_sign(each);
    for (const Label& each : labels_) draw_label(each);
    canvas_.pop_clip();
    return item_;
  }

 private:
  bool shown(float left, float right) const { return right >= chart_.chart.x && left <= std::min(chart_.chart.right(), end_ + 1); }
  bool in_chart(const Rect& r) const {
    const Rect& area = chart_.chart;
    return r.x >= area.x && r.right() <= std::min(area.right(), end_ + 1) && r.y >= area.y && r.bottom() <= area.bottom();
  }

  bool on_strip(const Rect& r) const {
    for (std::size_t i = 0; i < chart_.model.lanes.size(); ++i) {
      const float y = chart_.lane_y(i);
      if (r.bottom() > y - chart_.bar / 2 && r.y < y + chart_.bar / 2) return true;
    }
    return false;
  }

  // False: something is there already.
  bool take(const Rect& r) {
    const float now = chart_.time_x(chart_.now);
    if (!in_chart(r) || on_strip(r) || (r.x - 3 < now && r.right() + 3 > now)) return false;
    for (const Rect& each : taken_) {
      if (r.x < each.right() && each.x < r.right() && r.y < each.bottom() && each.y < r.bottom()) return false;
    }
    taken_.push_back(r);
    return true;
  }

  Point edge(std::size_t lane, Time at, bool below) const {
    return {chart_.time_x(at), chart_.lane_y(lane) + (below ? chart_.bar : -chart_.bar) / 2};
  }

  bool in_thread(Step step) const {
    const auto& thread = ui_.figure.thread;
    return std::find(thread.begin(), thread.end(), step) != thread.end();
  }

  void lay_lines() {
    for (const SpaceMessage& each : chart_.model.messages) {
      const Passage& passage = chart_.tracks.passages[each.passage];
      if (passage.sent_at > chart_.known) continue;
      const bool down = each.to > each.from;
      TrafficLine line{&passage, edge(each.from, passage.sent_at, down), edge(each.to, passage.ended_at, !down), in_thread(passage.ended)};
      if (passage.fate != Fate::arrived) {
        const float whole = std::max(std::abs(line.to.y - line.from.y), 1.0F);
        line.to = line.from + (line.to - line.from) * (1 - std::min(canvas_.big(kStops, 2 * kStops) / whole, 0.5F));
      }
      if (shown(line.from.x, line.to.x)) lines_.push_back(line);
    }
  }

  std::size_t lane_of(NodeId node) const {
    for (std::size_t i = 0; i < chart_.model.lanes.size(); ++i) {
      const std::vector<NodeId>& nodes = chart_.model.lanes[i].nodes;
      if (std::find(nodes.begin(), nodes.end(), node) != nodes.end()) return i;
    }
    return chart_.model.lanes.size();
  }

  // Where a step of the thread stands; false: its node has no lane.
  bool thread_place(Step step, Point& place) const {
    if (step >= timeline_.furthest()) return false;
    const StepRecord record = timeline_.record_of(step);
    NodeId node = record.node;
    for (const TrackPoint& each : chart_.tracks.points) {
      if (each.step == step && node == kNoNode) node = each.node;
    }
    const std::size_t lane = lane_of(node);
    if (lane >= chart_.model.lanes.size()) return false;
    place = edge(lane, record.at, false);
    return true;
  }

  void lay_thread() {
    const float radius = canvas_.big(9, 16);
    for (std::size_t i = 0; i < ui_.figure.thread.size(); ++i) {
      Point place;
      if (!thread_place(ui_.figure.thread[i], place) || place.x > end_) continue;
      for (float dx : {0.0F, -1.0F, 1.0F, -2.2F, 2.2F}) {
        const Point center{place.x + dx * radius * 1.3F, place.y - radius - 3};
        if (!take({center.x - radius, center.y - radius, 2 * radius, 2 * radius})) continue;
        numbers_.push_back({center, i + 1});
        break;
      }
    }
  }

  // The gravest first, and of equal ones the latest: it is what people look for.
  void lay_labels() {
    std::vector<const SpacePoint*> points;
    for (const SpacePoint& each : chart_.model.points) points.push_back(&each);
    const auto rank = [&](const SpacePoint* each) {
      const TrackPoint& point = chart_.tracks.points[each->point];
      return std::make_tuple(in_thread(point.step) ? 0 : point.action ? 1 : point.grave ? 2 : 3, -point.at);
    };
    std::sort(points.begin(), points.end(), [&](const SpacePoint* a, const SpacePoint* b) { return rank(a) < rank(b); });
    for (const SpacePoint* each : points) lay_label(*each);
  }

  void lay_label(const SpacePoint& each) {
    const TrackPoint& point = chart_.tracks.points[each.point];
    const Point foot = edge(each.lane, point.at, false);
    if (point.label.empty() || point.at > chart_.known || !shown(foot.x, foot.x)) return;
    const float wide = canvas_.width(kMicroBold, point.label) + 8, high = canvas_.height(kMicroBold) + 2;
    const float flag = point.action || point.grave ? canvas_.big(14, 24) : 4.0F;
    const float above = foot.y - high / 2 - canvas_.big(3, 5), below = foot.y + chart_.bar + high / 2 + canvas_.big(3, 5);
    const float right = foot.x + flag - 2, left = foot.x - wide - (point.action || point.grave ? canvas_.big(10, 17) : 4.0F);
    for (const Point at : {Point{right, above}, Point{left, above}, Point{right, below}, Point{left, below}}) {
      const Rect rect{at.x, at.y - high / 2, wide, high};
      const bool sign = (point.action || point.grave) && at.y == above;
      const float side = canvas_.big(10, 17);
      const Rect whole = !sign ? rect : at.x == right ? Rect{foot.x - side, rect.y, rect.right() - foot.x + side, high}
          : Rect{rect.x, rect.y, rect.w + 2 * side, high};
      if (!take(whole)) continue;
      labels_.push_back({rect, point.label, sign && point.action, foot});
      if (sign && point.grave) graves_.push_back({{foot.x, at.y}, point.step});
      return;
    }
  }

  void lay_beads() {
    const float high = canvas_.big(22, 36), sign = canvas_.big(26, 44);
    for (const Bead& each : chart_.model.beads) {
      if (each.to > chart_.known) continue;
      // Near a moment a few empty fetches only stand in the way.
      const bool near = chart_.axis.mode() == AxisMode::compressed && !chart_.axis.fold_at(each.to);
      if (each.idle && near && each.count < kWorthTelling && !ui_.figure.hidden_traffic) continue;
      const float left = std::max(chart_.x(each.left), chart_.chart.x),
          right = std::min({chart_.x(each.right), chart_.chart.right(), end_});
      const float wide = sign + canvas_.width(kMonoBold, "\u00d7" + std::to_string(each.count)) + 8;
      if (right - left < wide) continue;
      const float side = each.other > each.lane ? 1.0F : -1.0F, gap = chart_.pitch() - chart_.bar;
      const float middle = chart_.lane_y(each.lane) + side * chart_.pitch() / 2, x = (left + right) / 2 - wide / 2;
      for (float shift : {0.0F, 0.5F, -0.5F, 1.0F, -1.0F}) {
        if (gap < high * (1 + 2 * std::abs(shift))) continue;
        const Rect rect{x, middle + shift * (high + 2) - high / 2, wide, high};
        if (!take(rect)) continue;
        pills_.push_back({rect, &each});
        break;
      }
    }
  }

  // Half of what a token needs.
  Point token_size(const Passage& passage) const {
    const bool parcel = passage.kind == TokenKind::produce || passage.kind == TokenKind::fetch_reply;
    const int boxes = passage.count > 4 ? 4 : std::max(passage.count, 1);
    const float radius = canvas_.big(11, 20);
    return {parcel ? static_cast<float>(boxes) * canvas_.big(5, 8) + canvas_.big(8, 14) : radius, radius};
  }

  void lay_signs() {
    // Signs of what is highlighted find their room first.
    std::vector<const TrafficLine*> order;
    for (const TrafficLine& each : lines_) order.push_back(&each);
    std::stable_sort(order.begin(), order.end(), [](const TrafficLine* a, const TrafficLine* b) { return a->strong > b->strong; });
    for (const TrafficLine* each : order) {
      const Point half = token_size(*each->passage);
      for (float t : {0.5F, 0.38F, 0.62F, 0.26F, 0.74F, 0.16F, 0.86F}) {
        const Point at = each->from + (each->to - each->from) * t;
        if (!take({at.x - half.x, at.y - half.y, 2 * half.x, 2 * half.y})) continue;
        signs_.push_back({at, each->passage});
        break;
      }
    }
  }

  void find_item() {
    const Rect& area = chart_.chart;
    if (!ui_.over(area) || ui_.mouse.x > end_ || ui_.figure.space.moved) return;
    float best = 7;
    for (const TrafficLine& each : lines_) {
      const float away = distance(ui_.mouse, each.from, each.to);
      if (away >= best) continue;
      best = away;
      item_ = {each.passage->ended, sentence_of(timeline_, each.passage->ended)};
    }
    for (const TrafficSign& each : signs_) {
      const Point half = token_size(*each.passage);
      if (Rect{each.at.x - half.x, each.at.y - half.y, 2 * half.x, 2 * half.y}.contains(ui_.mouse))
        item_ = {each.passage->ended, sentence_of(timeline_, each.passage->ended)};
    }
    for (const Pill& each : pills_) {
      if (each.rect.contains(ui_.mouse)) item_ = {chart_.tracks.passages[each.bead->first].ended, bead_sentence(*each.bead)};
    }
    best = 9;
    for (const SpacePoint& each : chart_.model.points) {
      const TrackPoint& point = chart_.tracks.points[each.point];
      if (point.at > chart_.known) break;
      const Point at{chart_.time_x(point.at), chart_.lane_y(each.lane)};
      const float away = std::hypot(ui_.mouse.x - at.x, ui_.mouse.y - at.y);
      if (away < best) best = away, item_ = {point.step, point.sentence};
    }
    if (item_.step != kNoStep) item_.sentence = format_time(timeline_.record_of(item_.step).at) + "  " + item_.sentence;
  }

  std::string bead_sentence(const Bead& bead) const {
    const std::vector<SpaceLane>& lanes = chart_.model.lanes;
    const std::string name(message_name(chart_.tracks.passages[bead.first].message));
    const char* fate = bead.fate == Fate::dropped ? " that were dropped" : bead.fate == Fate::lost ? " that did not get through" : "";
    return std::to_string(bead.count) + (bead.count == 1 ? " message" : " messages") + fate + " between " + lanes[bead.lane].name +
        " and " +
           lanes[bead.other].name + ", the first of them " + name + ".";
  }

  bool is_hovered(const Passage& passage) const { return item_.step == passage.ended; }
  bool is_present(Step step) const { return timeline_.position() > 0 && step == timeline_.position() - 1; }

  void draw_lines() {
    const Theme& theme = canvas_.theme;
    for (const TrafficLine& each : lines_) {
      const bool bright = each.strong || is_hovered(*each.passage) || is_present(each.passage->ended);
      const Color color = bright ? theme.paper : theme.text3;
      const float width = bright ? canvas_.big(2.5F, 5) : canvas_.big(1.25F, 2.5F);
      if (each.passage->fate != Fate::arrived) {
        canvas_.dashed_line(each.from, each.to, color, width, kNotYet);
        draw_cross(canvas_, each.to, canvas_.big(5, 10), theme.hue(HueName::red).stroke, canvas_.big(2.5F, 5));
        continue;
      }
      canvas_.line(each.from, each.to, color, width);
      draw_arrow(each.from, each.to, color, canvas_.big(bright ? 8 : 6.5F, 12));
      canvas_.circle(each.from, canvas_.big(2, 4), color);
    }
  }

  void draw_arrow(Point from, Point to, Color color, float size) {
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    if (length < 1) return;
    const Point along = (to - from) * (1 / length), across{-along.y, along.x};
    const Point back = to - along * size;
    canvas_.polygon({to, back + across * (size * 0.42F), back - across * (size * 0.42F)}, color);
  }

  void draw_bead(const Pill& pill) {
    const Theme& theme = canvas_.theme;
    const Bead& bead = *pill.bead;
    const float radius = pill.rect.h / 2;
    const bool bad = bead.fate != Fate::arrived;
    canvas_.fill(pill.rect, theme.card, radius);
    canvas_.outline(pill.rect, bad ? theme.hue(HueName::red).stroke : pill.rect.contains(ui_.mouse) ? theme.text2 : theme.line2, 1, radius);
    Flight flight;
    flight.kind = bead.kind;
    flight.letter = bead.letter;
    const Point at{pill.rect.x + canvas_.big(15, 25), pill.rect.center().y};
    if (bad) draw_cross(canvas_, at, canvas_.big(4.5F, 8), theme.hue(HueName::red).stroke, canvas_.big(2.5F, 4));
    else draw_mini(at, flight);
    canvas_.text({pill.rect.right() - 8, pill.rect.center().y}, kMonoBold, theme.text2, "\u00d7" +
        std::to_string(bead.count), Align::right, pill.rect);
  }

  void draw_pulse(Point at, float r) {
    const Point left{at.x - r * 0.6F, at.y}, right{at.x + r * 0.6F, at.y};
    const Point up{at.x - r * 0.05F, at.y - r * 0.5F}, down{at.x + r * 0.15F, at.y + r * 0.45F};
    canvas_.polyline({left, {at.x - r * 0.25F, at.y}, up, down, {at.x + r * 0.3F, at.y}, right}, canvas_.theme.text2, 1.25F);
  }

  // A token without its letter, small enough for a pill.
  void draw_mini(Point at, const Flight& flight) {
    const Theme& theme = canvas_.theme;
    const float r = canvas_.big(6, 10);
    switch (flight.kind) {
      case TokenKind::produce:
      case TokenKind::fetch_reply: {
        const Rect parcel{at.x - r * 0.8F, at.y - r, r * 1.6F, r * 2};
        canvas_.fill(parcel, rgb(0xF3F0E8), 2);
        return canvas_.outline(parcel.inset(r * 0.4F), theme.ink, 1, 1);
      }
      case TokenKind::accepted:
        canvas_.circle(at, r, theme.hue(HueName::green).fill);
        return draw_tick(canvas_, at, r * 0.8F, theme.ink, 1.5F);
      case TokenKind::refused:
        canvas_.circle(at, r, theme.hue(HueName::red).fill);
        return draw_cross(canvas_, at, r * 0.45F, theme.ink, 1.5F);
      case TokenKind::group: return draw_hexagon(canvas_, at, r, theme.hue(HueName::purple).fill, true);
      case TokenKind::metadata: return draw_diamond(canvas_, at, r, theme.light ? theme.ink : theme.hue(HueName::yellow).fill);
      case TokenKind::vote: return draw_triangle(canvas_, at, r, theme.light ? theme.ink : theme.hue(HueName::yellow).fill, true, -0.25F);
      default:
        canvas_.ring(at, r, theme.text2, 1.5F);
        if (flight.kind == TokenKind::heartbeat) draw_pulse(at, r);
        else draw_chevron(canvas_, at, r * 0.7F, theme.text2, true);
    }
  }

  // Of the records that a fetch brought.
  const Hue* hue_of(const Passage& passage) const {
    if (passage.kind != TokenKind::fetch_reply) return nullptr;
    const auto [first, last] = timeline_.facts_of(passage.ended);
    for (std::size_t i = first; i < last; ++i) {
      const auto* batch = timeline_.facts()[i].body.as<BatchAppended>();
      if (batch) return &canvas_.theme.epoch(batch->leader_epoch);
    }
    return nullptr;
  }

  void draw_sign(const TrafficSign& sign) {
    Flight flight;
    flight.kind = sign.passage->kind;
    flight.letter = sign.passage->letter;
    flight.count = sign.passage->count;
    draw_token(canvas_, sign.at, flight, hue_of(*sign.passage));
  }

  void draw_points() {
    const Theme& theme = canvas_.theme;
    for (const SpacePoint& each : chart_.model.points) {
      const TrackPoint& point = chart_.tracks.points[each.point];
      if (point.at > chart_.known) break;
      const Point at{chart_.time_x(point.at), chart_.lane_y(each.lane) - chart_.bar / 2};
      if (!shown(at.x, at.x)) continue;
      const bool bright = item_.step == point.step || is_present(point.step);
      if (point.grave && !in_thread(point.step)) {
        // Beside its words if they stand there, else on the strip.
        Point middle{at.x, at.y + chart_.bar / 2};
        for (const auto& [place, step] : graves_) {
          if (step == point.step) middle = place;
        }
        draw_octagon(canvas_, middle, canvas_.big(9, 16), theme.hue(HueName::red).fill);
        draw_cross(canvas_, middle, canvas_.big(3.5F, 6), theme.ink, canvas_.big(2, 4));
      } else {
        canvas_.circle(at, canvas_.big(bright ? 5 : 3.5F, bright ? 9 : 6), theme.stage);
        canvas_.circle(at, canvas_.big(bright ? 4 : 2.5F, bright ? 7 : 4.5F), bright ? theme.paper : theme.text2);
      }
      if (bright) canvas_.ring({at.x, at.y}, canvas_.big(8, 14), theme.paper, canvas_.big(1.5F, 3));
    }
  }

  void draw_label(const Label& label) {
    const Theme& theme = canvas_.theme;
    canvas_.fill(label.rect, theme.stage.with_alpha(215), 3);
    canvas_.text_in({label.rect.x + 4, label.rect.y, label.rect.w - 4, label.rect.h}, kMicroBold, theme.text, label.text);
    if (!label.flag) return;
    const float high = label.foot.y - label.rect.y, w = canvas_.big(10, 17);
    const Point top{label.foot.x, label.foot.y - high};
    canvas_.line(label.foot, top, theme.paper, canvas_.big(1.5F, 3));
    canvas_.polygon({top, {top.x + w, top.y}, {top.x + w * 0.7F, top.y + w * 0.35F}, {top.x + w, top.y + w * 0.7F},
        {top.x, top.y + w * 0.7F}}, theme.paper);
  }

  // From cause to effect: along the lane until the message leaves, and with it; or straight over, if none is known.
  void draw_thread() {
    const Theme& theme = canvas_.theme;
    const std::vector<Step>& thread = ui_.figure.thread;
    const float width = canvas_.big(2.5F, 5);
    for (std::size_t i = 0; i + 1 < thread.size(); ++i) {
      Point effect, cause;
      if (!thread_place(thread[i], effect) || !thread_place(thread[i + 1], cause) || effect.x > end_) continue;
      const auto ends_here = [&](const TrafficLine& each) { return each.passage->ended == thread[i]; };
      const auto message = std::find_if(lines_.begin(), lines_.end(), ends_here);
      const bool leaves = message != lines_.end() && std::abs(message->from.y - cause.y) <= chart_.bar + 1;
      if (leaves) canvas_.line(cause, {message->from.x, cause.y}, theme.paper, width);
      else if (std::abs(effect.y - cause.y) < 1) canvas_.line(cause, effect, theme.paper, width);
      else canvas_.dashed_line(cause, effect, theme.paper, width * 0.7F, kHidden);
    }
    for (const auto& [center, number] : numbers_) {
      canvas_.circle(center, canvas_.big(9, 16), theme.paper);
      const Color ink = theme.light ? rgb(0xFFFFFF) : theme.ink;
      canvas_.text(center, kMicroBold, ink, std::to_string(number), Align::center);
    }
  }

  Ui& ui_;
  Canvas& canvas_;
  const Timeline& timeline_;
  const SpaceChart& chart_;
  float end_;  // what lies beyond is not shown
  std::vector<Rect> taken_;
  std::vector<TrafficLine> lines_;
  std::vector<TrafficSign> signs_;
  std::vector<Pill> pills_;
  std::vector<Label> labels_;
  std::vector<std::pair<Point, Step>> graves_;  // signs beside words
  std::vector<std::pair<Point, std::size_t>> numbers_;
  SpaceItem item_;
};

}  // namespace

SpaceItem draw_space_traffic(Ui& ui, const Timeline& timeline, const SpaceChart& chart) { return Traffic(ui, timeline, chart).draw(); }

}  // namespace nutshell
