#include "sim/command/loaded_deck.h"

#include <filesystem>

#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/core/text.h"
#include "sim/deck/read_deck.h"
#include "sim/session/about.h"

namespace nutshell {

namespace {

// The file of the map's folder, or the one that comes with the program. Throws Failure.
std::string scenario_file_of(const std::string& map, const DeckFigure& figure) {
  namespace fs = std::filesystem;
  const fs::path beside = fs::path(map).parent_path() / figure.scenario;
  std::error_code failed;
  return fs::is_regular_file(beside, failed) ? beside.string() : find_scenario_file(figure.scenario);
}

}  // namespace

LoadedDeck load_with_figures(const std::string& path, const std::string& map) {
  std::error_code failed;
  if (!map.empty() && !std::filesystem::is_regular_file(map, failed)) throw Failure("there is no map of figures '" + map + "'");
  DeckResult loaded = load_deck(path);
  if (!loaded.deck) throw Failure(to_text(loaded.problems), kExitBadInput);
  LoadedDeck talk{std::move(*loaded.deck), map.empty() ? figure_map_of(path) : map, {}, std::move(loaded.problems)};
  FigureMapResult figures = load_figure_map(talk.map);
  talk.figures = std::move(figures.figures);
  talk.problems.insert(talk.problems.end(), figures.problems.begin(), figures.problems.end());
  return talk;
}

const SlideImage* image_of(const Deck& deck, const DeckFigure& figure) {
  for (const Slide& slide : deck.slides) {
    for (const SlideImage& image : slide.images) {
      if (find_figure({figure}, image.path)) return &image;
    }
  }
  return nullptr;
}

std::unique_ptr<Session> open_figure(const std::string& map, const DeckFigure& figure) {
  auto session = std::make_unique<Session>(load(scenario_file_of(map, figure), {}));
  const Time until = session->scenario().until;
  if (figure.at.value_or(0) > until || figure.until.value_or(0) > until)
    throw Failure("the run of '" + figure.scenario + "' ends at " + format_duration(until) + ", before what is asked for");
  session->know_all();
  const std::size_t beats = session->beats().size();
  if (figure.beat.value_or(0) > beats)
    throw Failure("'" + figure.scenario + "' has " + std::to_string(beats) + " captions and questions, so there is no number " +
                  std::to_string(*figure.beat));
  if (figure.beat) session->go_to_beat(*figure.beat - 1);
  else if (figure.at) session->go_to_time(*figure.at);
  if (figure.until && *figure.until < session->view_time())
    throw Failure("it is to play until " + format_duration(*figure.until) + ", but begins at " + format_duration(session->view_time()));
  if (!figure.select.empty() && !place_named(session->world(), figure.select))
    throw Failure("there is no '" + figure.select + "' to select at that moment");
  return session;
}

}  // namespace nutshell
