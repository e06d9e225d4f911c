#include "sim/command/diagram_svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "sim/core/text.h"

namespace nutshell {

namespace {

constexpr double kLabels = 150, kMargin = 20, kTop = 84, kFoot = 48, kPitch = 66, kBar = 20,
                 kLeastFold = 12;
constexpr double kWidest = 3600, kNarrowest = 480;
constexpr double kLetter = 7.4;  // of 13 px in bold, rather more than less

struct Box {
  double x = 0, y = 0, w = 0, h = 0;
};

// Colours as in the front end's theme table (viz/ui/theme.cpp); strokes on light ground are darker.
struct Colour {
  std::string_view name, dark, light;
};
constexpr Colour kColours[] = {
    {"$stage", "#11161D", "#FBFAF6"},    {"$bg", "#0E1217", "#F4F2EC"},       {"$raised", "#232C38", "#F0EDE5"},
    {"$edge", "#465365", "#8B8778"},     {"$words", "#EEF2F6", "#141B24"},    {"$softer", "#B7C2CF", "#414B58"},
    {"$faint", "#8D9AAA", "#5E6875"},    {"$rim", "#11161D", "#0B0F14"},      {"$yellow", "#FAF36B", "#141B24"},
    {"$office", "#232C38", "#FAF36B"},   {"$crown", "#FAF36B", "#141B24"},    {"$orange", "#F5A92C", "#A87A1C"},
    {"$late", "#F5A92C", "#141B24"},     {"$red", "#F8603F", "#8A1C00"}};

// Written out, because not every program that shows SVG knows variables.
std::string in_colour(std::string text, bool light) {
  for (const Colour& each : kColours) {
    for (std::size_t at = text.find(each.name); at != std::string::npos; at = text.find(each.name, at))
      text.replace(at, each.name.size(), light ? each.light : each.dark);
  }
  return text;
}

constexpr const char* kClasses =
    "text{font-family:Inter,'Helvetica Neue',Arial,sans-serif;font-size:13px;font-weight:500;fill:$softer}"
    ".name{font-weight:600;font-size:14px;fill:$words}.title{font-weight:600;font-size:18px;fill:$words}"
    ".what,.tick{fill:$faint}.tick,.count{font-family:'JetBrains Mono',Menlo,monospace}"
    ".label{font-weight:600;fill:$words;paint-order:stroke;stroke:$stage;stroke-width:4px}"
    ".in{font-weight:600}.letter{font-weight:600;font-size:11px;fill:#0B0F14;text-anchor:middle}"
    ".mid{text-anchor:middle}.line{stroke:$faint;stroke-width:1.25;fill:none}.lost{stroke-dasharray:4 3}"
    ".cross{stroke:$red;stroke-width:2.5;fill:none}.fold{fill:$bg}.zig{stroke:$edge;fill:none}"
    ".axis{stroke:$edge}.flag{fill:$words;stroke:$words}.dot{fill:$softer;stroke:$stage}"
    ".grave{fill:#F8603F}.silence{fill:#F8603F55;stroke:$red}.bead{fill:$raised;stroke:$edge}.bad{stroke:$red}"
    ".paper{fill:#F3F0E8;stroke:$rim;stroke-width:2}.ring{fill:$stage;stroke:$softer;stroke-width:1.5}"
    ".ok{fill:#6BE3B8;stroke:$rim;stroke-width:2}.refused{fill:#F8603F;stroke:$rim;stroke-width:2}"
    ".group{fill:#D475B2;stroke:$rim;stroke-width:2}.meta{fill:#FAF36B;stroke:$rim;stroke-width:2}"
    ".ink{stroke:#0B0F14;stroke-width:2;fill:none}.pen{stroke:$softer;stroke-width:1.5;fill:none}"
    ".idle{fill:none;stroke:$edge;stroke-dasharray:2 6}.calm{fill:$raised;stroke:$edge}"
    ".leads{fill:$office;stroke:$yellow;stroke-width:1.75}"
    ".candidate{fill:none;stroke:$yellow;stroke-width:1.75;stroke-dasharray:4 3}"
    ".out{fill:none;stroke:$orange;stroke-width:1.75;stroke-dasharray:3 4}.paused{fill:none;stroke:$softer;stroke-dasharray:7 5}"
    ".fenced{fill:none;stroke:$red;stroke-width:1.75}.down{fill:url(#hatch);stroke:$red;stroke-width:1.75;stroke-dasharray:7 5}"
    ".t-leads,.t-candidate{fill:$crown}.t-out{fill:$late}.t-down,.t-fenced{fill:$red}.t-reads{fill:#0B0F14}";

constexpr const char* kMembers[] = {"#D475B2", "#6BE3B8", "#F5A92C", "#45A9EA", "#FAF36B"};

const char* role_class(Role role) {
  switch (role) {
    case Role::idle: return "idle";
    case Role::calm: return "calm";
    case Role::reads: return "reads";
    case Role::out_of_isr: return "out";
    case Role::leads: return "leads";
    case Role::candidate: return "candidate";
    case Role::fenced: return "fenced";
    case Role::paused: return "paused";
    case Role::down: return "down";
  }
  return "calm";
}

// One decimal is finer than any screen.
std::string num(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string shorter = text;
  if (shorter.size() > 2 && shorter.substr(shorter.size() - 2) == ".0") shorter.resize(shorter.size() - 2);
  return shorter == "-0" ? "0" : shorter;
}

class Svg {
 public:
  Svg(const Timeline& timeline, const Tracks& tracks, const SvgOptions& options)
      : timeline_(timeline), tracks_(tracks), options_(options), axis_(tracks, options.axis) {
    first_ = axis_.place_of(options.from);
    const AxisPlace last = axis_.place_of(options.to);
    const double wide = static_cast<double>(last - first_) / static_cast<double>(kPixel);
    width_ = std::clamp(wide, kNarrowest, kWidest);
    zoom_ = width_ / std::max(wide, 0.001);
    SpaceTimeOptions wanted;
    wanted.from = options.from;
    wanted.to = options.to;
    wanted.most_lanes = 24;
    wanted.hidden_traffic = options.hidden_traffic;
    wanted.bucket = static_cast<AxisPlace>(96 / zoom_ * static_cast<double>(kPixel));
    model_ = make_space_time(tracks, axis_, wanted);
  }

  std::string write() {
    const double whole = kLabels + width_ + 2 * kMargin, high = bottom() + kFoot;
    out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + num(whole) + "\" height=\"" + num(high) + "\" viewBox=\"0 0 " +
           num(whole) + " " + num(high) + "\">\n<title>" + xml_text(options_.title) + "</title>\n<style>" +
           kClasses + "</style>\n";
    out_ += "<defs><pattern id=\"hatch\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
            "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"9\" stroke=\"$red\" stroke-opacity=\"0.5\"/></pattern>"
            "<clipPath id=\"chart\"><rect x=\"" + num(left()) + "\" y=\"0\" width=\"" + num(width_) + "\" height=\"" + num(high) +
                "\"/></clipPath></defs>\n";
    rect("", {0, 0, whole, high}, " fill=\"$stage\"");
    text("title", kMargin, 32, options_.title);
    text("what", kMargin, 52, format_time(options_.from) + " to " + format_time(options_.to) + ", time axis " + axis_words());
    folds();
    out_ += "<g clip-path=\"url(#chart)\">\n";
    messages();
    out_ += "</g>\n";
    lanes();
    labels();
    beads();
    signs();
    ticks();
    return in_colour(out_, options_.light) + "</svg>\n";
  }

 private:
  double left() const { return kMargin + kLabels; }
  double bottom() const { return kTop + kPitch * static_cast<double>(model_.lanes.size()); }
  double x(AxisPlace place) const { return left() + static_cast<double>(place - first_) / static_cast<double>(kPixel) * zoom_; }
  double x_at(Time at) const { return x(axis_.place_of(at)); }
  double y(std::size_t lane) const { return kTop + (static_cast<double>(lane) + 0.5) * kPitch; }
  std::string axis_words() const {
    return options_.axis == AxisMode::linear ? "linear" : options_.axis == AxisMode::by_event ? "by event" : "with quiet stretches folded";
  }

  void rect(const std::string& name, const Box& b, const std::string& more = "") {
    out_ += "<rect" + (name.empty() ? "" : " class=\"" + name + "\"") + " x=\"" + num(b.x) + "\" y=\"" + num(b.y) + "\" width=\"" +
            num(b.w) + "\" height=\"" + num(b.h) + "\"" + more + "/>\n";
  }
  void text(const std::string& name, double at_x, double at_y, const std::string& words) {
    out_ += "<text class=\"" + name + "\" x=\"" + num(at_x) + "\" y=\"" + num(at_y) + "\">" + xml_text(words) + "</text>\n";
  }
  void path(const std::string& name, const std::string& d) { out_ += "<path class=\"" + name + "\" d=\"" + d + "\"/>\n"; }
  static std::string point(double px, double py) { return num(px) + " " + num(py); }

  // False: something is there, or it leaves the chart.
  bool take(const Box& b) {
    if (b.x < left() || b.x + b.w > left() + width_) return false;
    for (std::size_t i = 0; i < model_.lanes.size(); ++i) {
      if (b.y < y(i) + kBar / 2 && b.y + b.h > y(i) - kBar / 2) return false;
    }
    for (const Box& each : taken_) {
      if (b.x < each.x + each.w && each.x < b.x + b.w && b.y < each.y + each.h && each.y < b.y + b.h) return false;
    }
    taken_.push_back(b);
    return true;
  }

  void folds() {
    for (const Fold& each : axis_.folds()) {
      if (each.to <= options_.from || each.from >= options_.to) continue;
      const double from = std::max(x(each.left), left()), to = std::min(x(each.right), left() + width_);
      if (to - from < kLeastFold) continue;  // cut off by the border
      rect("fold", {from, kTop, to - from, bottom() - kTop});
      for (double edge : {from, to}) {
        if (edge <= left() || edge >= left() + width_) continue;
        std::string d = "M" + point(edge - 4, kTop);
        for (double down = kTop + 8; down <= bottom(); down += 16) d += "L" + point(edge + 4, down) + "L" +
            point(edge - 4, std::min(down + 8, bottom()));
        path("zig", d);
      }
      const std::string length = format_duration((each.to - each.from) / kMillisecond * kMillisecond);
      if (static_cast<double>(length.size()) * kLetter < to - from) text("mid", (from + to) / 2, kTop - 8, length);
    }
  }

  void lanes() {
    std::size_t member = 0;
    for (std::size_t i = 0; i < model_.lanes.size(); ++i) {
      const SpaceLane& lane = model_.lanes[i];
      text("name", kMargin, y(i) + (lane.what.empty() ? 5 : -2), lane.name);
      if (!lane.what.empty()) text("what", kMargin, y(i) + 15, lane.what);
      for (const RoleSpan& each : lane.spans) {
        const double from = std::max(x_at(each.from), left()), to = std::min(x_at(each.to), left() + width_);
        if (to - from < 1 || each.to < options_.from || each.from > options_.to) continue;
        const std::string role = role_class(each.role);
        rect(role, {from, y(i) - kBar / 2, to - from - 1, kBar},
             " rx=\"4\"" + (each.role == Role::reads ? " fill=\"" + std::string(kMembers[member % 5]) + "\"" : ""));
        if (static_cast<double>(each.text.size()) * kLetter + 14 < to - from) text("in t-" + role, from + 7, y(i) + 4.5, each.text);
      }
      member += lane.kind == NodeKind::consumer;
    }
  }

  struct Line {
    double x1, y1, x2, y2;
  };
  Line line_of(const SpaceMessage& message) const {
    const Passage& each = tracks_.passages[message.passage];
    const double side = message.to > message.from ? kBar / 2 : -kBar / 2;
    Line line{x_at(each.sent_at), y(message.from) + side, x_at(each.ended_at), y(message.to) - side};
    if (each.fate != Fate::arrived) {
      // It ends before the receiver's door.
      const double part = 1 - std::min(14 / std::max(std::abs(line.y2 - line.y1), 1.0), 0.5);
      line.x2 = line.x1 + (line.x2 - line.x1) * part;
      line.y2 = line.y1 + (line.y2 - line.y1) * part;
    }
    return line;
  }

  void messages() {
    for (const SpaceMessage& message : model_.messages) {
      const Passage& each = tracks_.passages[message.passage];
      const Line l = line_of(message);
      const bool lost = each.fate != Fate::arrived;
      out_ += "<g class=\"message" + std::string(lost ? " dropped" : "") + "\"><title>" +
              xml_text(format_time(each.ended_at) + "  " + sentence_of(timeline_, each.ended)) + "</title>\n";
      path(lost ? "line lost" : "line", "M" + point(l.x1, l.y1) + "L" + point(l.x2, l.y2));
      if (lost) {
        path("cross", "M" + point(l.x2 - 5, l.y2 - 5) + "l10 10m0 -10l-10 10");
      } else {
        const double dx = l.x2 - l.x1, dy = l.y2 - l.y1, length = std::max(std::abs(dx) + std::abs(dy), 1.0);
        const double ux = dx / length, uy = dy / length;
        out_ += "<path fill=\"$faint\" d=\"M" + point(l.x2, l.y2) + "L" + point(l.x2 - 7 * ux - 3 * uy, l.y2 - 7 * uy + 3 * ux) +
            "L" +
                point(l.x2 - 7 * ux + 3 * uy, l.y2 - 7 * uy - 3 * ux) + "Z\"/>\n";
      }
      out_ += "</g>\n";
    }
  }

  void labels() {
    for (const SpacePoint& place : model_.points) {
      const TrackPoint& each = tracks_.points[place.point];
      const double px = x_at(each.at), py = y(place.lane) - kBar / 2;
      if (each.silent_since >= 0) {
        const double from = std::max(x_at(each.silent_since), left());
        if (px > from) rect("silence", {from, py + kBar + 3, px - from, 5});
      }
      out_ += "<g><title>" + xml_text(format_time(each.at) + "  " + each.sentence) + "</title><circle class=\"" +
              (each.grave ? "grave" : "dot") + "\" cx=\"" + num(px) + "\" cy=\"" + num(py) + "\" r=\"" + (each.grave ? "6" : "3") +
                  "\"/></g>\n";
      const double wide = static_cast<double>(each.label.size()) * kLetter + 4, flag = each.action ? 14 : 6;
      if (each.label.empty()) continue;
      if (take({px, py - 20, wide + flag, 17})) {
        if (each.action) path("flag", "M" + point(px, py) + "v-18l9 3l-9 3");
        text("label", px + flag, py - 7, each.label);
      } else if (take({px - wide - 6, py - 20, wide, 17})) {
        text("label", px - wide - 4, py - 7, each.label);
      }
    }
  }

  void beads() {
    for (const Bead& each : model_.beads) {
      const bool in_fold = axis_.fold_at(each.to) != nullptr;
      if (each.idle && !in_fold && each.count < 6 && options_.axis == AxisMode::compressed) continue;
      const std::string count = "\u00d7" + std::to_string(each.count);
      const double wide = 38 + static_cast<double>(count.size()) * 7.6;
      const double middle = y(each.lane) + (each.other > each.lane ? kPitch : -kPitch) / 2,
          at = (x(each.left) + x(each.right)) / 2 - wide / 2;
      for (double shift : {0.0, 11.0, -11.0}) {
        const Box box{at, middle + shift - 10, wide, 20};
        if (!take(box)) continue;
        const bool bad = each.fate != Fate::arrived;
        out_ += "<g><title>" + std::to_string(each.count) + " messages between " + xml_text(model_.lanes[each.lane].name) + " and " +
                xml_text(model_.lanes[each.other].name) + "</title>\n";
        rect(bad ? "bead bad" : "bead", box, " rx=\"10\"");
        if (bad) path("cross", "M" + point(box.x + 11, box.y + 6) + "l8 8m0 -8l-8 8");
        else sign(each.kind, 0, box.x + 15, box.y + 10, 6);
        text("count", box.x + 27, box.y + 14.5, count);
        out_ += "</g>\n";
        break;
      }
    }
  }

  void signs() {
    for (const SpaceMessage& message : model_.messages) {
      const Passage& each = tracks_.passages[message.passage];
      const Line l = line_of(message);
      for (double t : {0.5, 0.36, 0.64, 0.22, 0.78}) {
        const double px = l.x1 + (l.x2 - l.x1) * t, py = l.y1 + (l.y2 - l.y1) * t;
        if (!take({px - 11, py - 11, 22, 22})) continue;
        sign(each.kind, each.letter, px, py, 9);
        break;
      }
    }
  }

  void shape(const std::string& name, double px, double py, const std::vector<std::pair<double, double>>& corners) {
    std::string d;
    for (const auto& [dx, dy] : corners) d += (d.empty() ? "M" : "L") + point(px + dx, py + dy);
    path(name, d + "Z");
  }

  void sign(TokenKind kind, char letter, double px, double py, double r) {
    const auto circle = [&](const char* name) {
      out_ += "<circle class=\"" + std::string(name) + "\" cx=\"" + num(px) + "\" cy=\"" + num(py) + "\" r=\"" + num(r) + "\"/>\n";
    };
    switch (kind) {
      case TokenKind::produce:
      case TokenKind::fetch_reply:
        rect("paper", {px - r * 0.8, py - r, r * 1.6, r * 2}, " rx=\"3\"");
        rect("ink", {px - r * 0.35, py - r * 0.55, r * 0.7, r * 1.1});
        return;
      case TokenKind::accepted:
        circle("ok");
        return path("ink", "M" + point(px - r * 0.5, py) + "l" + point(r * 0.4, r * 0.4) + "l" + point(r * 0.7, -r * 0.8));
      case TokenKind::refused:
        circle("refused");
        return path("ink", "M" + point(px - r * 0.4, py - r * 0.4) + "l" + point(r * 0.8, r * 0.8) + "m" + point(0, -r * 0.8) + "l" +
            point(-r * 0.8, r * 0.8));
      case TokenKind::group: shape("group", px, py, {{0, -r}, {r * 0.87, -r / 2}, {r * 0.87, r / 2}, {0, r}, {-r * 0.87, r / 2},
          {-r * 0.87, -r / 2}}); break;
      case TokenKind::metadata: shape("meta", px, py, {{0, -r * 1.1}, {r * 1.1, 0}, {0, r * 1.1}, {-r * 1.1, 0}}); break;
      case TokenKind::vote: shape("meta", px, py, {{0, -r * 1.1}, {r, r * 0.7}, {-r, r * 0.7}}); break;
      case TokenKind::heartbeat:
        circle("ring");
        return path("pen", "M" + point(px - r * 0.6, py) + "h" + num(r * 0.35) + "l" + point(r * 0.25, -r * 0.5) + "l" +
            point(r * 0.25, r * 0.9) + "l" + point(r * 0.15, -r * 0.4) + "h" + num(r * 0.2));
      default:
        circle("ring");
        return path("pen", "M" + point(px + r * 0.25, py - r * 0.4) + "l" + point(-r * 0.5, r * 0.4) + "l" + point(r * 0.5, r * 0.4));
    }
    if (letter != 0 && r > 8) text("letter", px, py + 4, std::string(1, letter));
  }

  void ticks() {
    path("axis", "M" + point(left(), bottom()) + "h" + num(width_));
    std::vector<std::pair<double, double>> used;
    const auto put = [&](Time at, int decimals) {
      const std::string digits = std::to_string(kSecond + at % kSecond).substr(1, static_cast<std::size_t>(decimals));
      const std::string words = std::to_string(at / kSecond) + (decimals == 0 ? "" : "." + digits) + " s";
      const double px = x_at(at), half = static_cast<double>(words.size()) * 4;
      if (px - half < left() || px + half > left() + width_) return;
      for (const auto& [from, to] : used) {
        if (px - half < to && px + half > from) return;
      }
      path("axis", "M" + point(px, bottom()) + "v5");
      text("tick mid", px, bottom() + 22, words);
      used.emplace_back(px - half - 14, px + half + 14);
    };
    if (options_.axis == AxisMode::linear) {
      Duration step = kMillisecond / 100;
      for (int i = 0; static_cast<double>(step) / static_cast<double>(std::max<Duration>(options_.to - options_.from, 1)) * width_ < 90;
          ++i)
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
      for (Time at = (options_.from + step - 1) / step * step; at <= options_.to;
          at += step) put(at, step >= kSecond ? 0 : step >= kMillisecond ? 3 : 5);
      return;
    }
    for (const SpacePoint& each : model_.points) put(tracks_.points[each.point].at, 4);
    // Where there is room yet, the ends of what is not told.
    for (const Fold& each : axis_.folds()) {
      if (each.from > options_.from && each.from < options_.to) put(each.from, 4);
      if (each.to > options_.from && each.to < options_.to) put(each.to, 4);
    }
  }

  const Timeline& timeline_;
  const Tracks& tracks_;
  const SvgOptions& options_;
  TimeAxis axis_;
  SpaceTime model_;
  AxisPlace first_ = 0;
  double width_ = 0, zoom_ = 1;
  std::vector<Box> taken_;
  std::string out_;
};

}  // namespace

std::string xml_text(std::string_view text) {
  std::string safe;
  for (char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      default: safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return safe;
}

std::string diagram_svg(const Timeline& timeline, const Tracks& tracks, const SvgOptions& options) {
  return Svg(timeline, tracks, options).write();
}

}  // namespace nutshell
