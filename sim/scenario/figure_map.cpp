#include "sim/scenario/figure_map.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "sim/cluster/limits.h"
#include "sim/scenario/beside_deck.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/wires_json.h"

namespace nutshell {

namespace {

// What is wrong about it is reported.
void read_figure(ObjectReader& object, DeckFigure& figure) {
  const Json* wires = object.is_object() ? object.find("wires") : nullptr;
  if (wires) {
    ObjectReader inner(object.reading(), *wires, object.path("wires"));
    read_wires(inner, figure.wires.emplace());
    inner.finish();
    for (const char* each : {"scenario", "at", "beat", "until", "view", "select"}) {
      if (object.find(each)) object.reading().report_key(object.path(each), "is for figures of a scenario; this one has wires");
    }
  } else if (object.is_object() && object.need("scenario")) {
    object.text("scenario", figure.scenario);
  }
  Time time = 0;
  if (object.duration("at", time, {0, kMaxUntil})) figure.at = time;
  if (object.duration("until", time, {0, kMaxUntil})) figure.until = time;
  std::size_t beat = 0;
  if (object.integer("beat", beat, {1, 10'000})) figure.beat = beat;
  object.boolean("plays", figure.plays);
  object.boolean("light", figure.light);
  object.text("alt", figure.alt);
  object.text("select", figure.select);
  if (object.text("view", figure.view) && std::find(kFigureViews.begin(), kFigureViews.end(), figure.view) == kFigureViews.end())
    object.reading().report_unknown(object.path("view"), "view", figure.view, {kFigureViews.begin(), kFigureViews.end()});
  if (figure.at && figure.beat) object.reading().report_key(object.path("beat"), "stands beside 'at'; one of the two says where it stands");
  if (figure.at && figure.until && *figure.until < *figure.at) object.reading().report(object.path("until"), "comes before 'at'");
  object.finish();
}

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

FigureMapResult parse_figure_map(std::string_view text, const std::string& file) {
  FigureMapResult result;
  constexpr MembersMeant kMeant{"{ \"picture.png\": { \"scenario\": \"leader-failover\" } }", "pictures"};
  read_members(text, file, result.problems, kMeant,
               [&](JsonSource& reading, const std::string& image, const Json& value, const std::string& path) {
                 DeckFigure figure;
                 figure.image = image;
                 figure.line = reading.places.key(path).line;
                 const std::size_t before = result.problems.size();
                 ObjectReader object(reading, value, path);
                 read_figure(object, figure);
                 if (result.problems.size() == before) result.figures.push_back(std::move(figure));
               });
  return result;
}

FigureMapResult load_figure_map(const std::string& path) {
  std::vector<Problem> problems;
  const std::optional<std::string> text = read_beside_deck(path, problems);
  return text ? parse_figure_map(*text, path) : FigureMapResult{{}, std::move(problems)};
}

std::string without_ending(const std::string& path) {
  const std::size_t slash = path.rfind('/'), dot = path.rfind('.');
  const bool has_ending = dot != std::string::npos && (slash == std::string::npos || dot > slash + 1);
  return path.substr(0, has_ending ? dot : path.size());
}

std::string figure_map_of(const std::string& deck) {
  const std::string name = without_ending(deck), own = name + ".figures.json";
  const std::string other = without_ending(name);
  const bool in_a_language = name.size() == other.size() + 3;  // ".de"
  return in_a_language && !std::ifstream(own) ? other + ".figures.json" : own;
}

bool comes_to_an_end(const DeckFigure& figure) {
  return figure.plays && (figure.wires ? figure.wires->down > 0 : figure.until.has_value());
}

Wires wires_shown(const DeckFigure& figure, bool ended) {
  Wires wires = *figure.wires;
  if (figure.plays && !ended) wires.down = 0;
  return wires;
}

const DeckFigure* find_figure(const std::vector<DeckFigure>& figures, std::string_view image) {
  for (const DeckFigure& each : figures) {
    if (each.image == image) return &each;
  }
  for (const DeckFigure& each : figures) {
    if (each.image == file_name(image)) return &each;
  }
  return nullptr;
}

}  // namespace nutshell
