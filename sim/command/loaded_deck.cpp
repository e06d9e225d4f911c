#include "sim/command/loaded_deck.h"

#include <algorithm>
#include <filesystem>
#include <set>

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
  LoadedDeck talk{std::move(*loaded.deck), map.empty() ? figure_map_of(path) : map, {}, {}, std::move(loaded.problems)};
  FigureMapResult figures = load_figure_map(talk.map);
  talk.figures = std::move(figures.figures);
  talk.problems.insert(talk.problems.end(), figures.problems.begin(), figures.problems.end());
  CaptionsResult captions = captions_for(path);
  talk.captions = std::move(captions.captions);
  talk.problems.insert(talk.problems.end(), captions.problems.begin(), captions.problems.end());
  return talk;
}

namespace {

constexpr const char* kStageWords = "slides/stage.de.json";  // the language that all words are known in

std::string stage_words_path(const std::string& deck, const std::string& language) {
  const std::string beside = (std::filesystem::path(deck).parent_path() / stage_words_file(language)).string();
  std::error_code failed;
  if (std::filesystem::is_regular_file(beside, failed)) return beside;
  try {
    return find_shipped_file("slides/" + stage_words_file(language));
  } catch (const Failure&) {
    return "";  // nobody has written one: stages speak as they do
  }
}

// What stages say that the language of the deck has no words for.
std::vector<Problem> check_stage_words(const LoadedDeck& talk) {
  std::vector<Problem> problems;
  const std::string language = language_of(talk.deck.file);
  if (language.empty() || language == "en") return problems;
  const std::string path = stage_words_path(talk.deck.file, language);
  if (path.empty()) return {{stage_words_file(language), 0, 0, "", "is not there, beside the deck, so stages speak English", ""}};
  std::vector<Problem> elsewhere;
  for (const std::string& drawn : load_stage_words(find_shipped_file(kStageWords), elsewhere).all()) {
    if (!talk.captions.stage.has(drawn)) problems.push_back({path, 0, 0, "", "has no words for '" + drawn + "', which stages say", ""});
  }
  return problems;
}

// What is said while the figure stands on its slide, and what it may say besides.
struct Said {
  std::vector<std::string> shown, all;
};
Said said_in(const LoadedDeck& talk, const DeckFigure& figure) {
  if (figure.wires) return {said_by(*figure.wires), said_by(*figure.wires)};
  LoadedDeck plain{{}, talk.map, {}, {}, {}};
  const std::unique_ptr<Session> session = open_figure(plain, figure);
  Said said{{}, said_by(session->scenario())};
  const std::vector<StoryLine>& beats = session->beats();
  const Time until = figure.until.value_or(session->scenario().until);
  const std::size_t first = session->told() - std::min<std::size_t>(session->told(), figure.beat ? 1 : 0);
  for (std::size_t i = first; i < beats.size() && (i < session->told() || (figure.plays && beats[i].at <= until)); ++i) {
    if (!beats[i].text.empty()) said.shown.push_back(beats[i].text);
    said.shown.insert(said.shown.end(), beats[i].choices.begin(), beats[i].choices.end());
  }
  return said;
}

}  // namespace

CaptionsResult captions_for(const std::string& path) {
  CaptionsResult result = load_captions(captions_of(path));
  const std::string language = language_of(path), file = language.empty() ? "" : stage_words_path(path, language);
  if (!file.empty()) result.captions.stage = load_stage_words(file, result.problems);
  return result;
}

std::vector<Problem> check_captions(const LoadedDeck& talk) {
  if (talk.captions.file.empty()) return {};
  std::vector<Problem> problems = check_stage_words(talk);
  std::set<std::string> known(said_by_every_figure().begin(), said_by_every_figure().end()), missed;
  const auto need = [&](const std::string& words, const DeckFigure& figure) {
    if (talk.captions.words.contains(words) || talk.captions.stage.say(words) || !missed.insert(words).second) return;
    problems.push_back({talk.captions.file, 0, 0, "", "has no words for '" + words + "', which '" + figure.image + "' says", ""});
  };
  for (const DeckFigure& each : talk.figures) {
    if (!each.alt.empty()) known.insert(each.alt);
    if (!image_of(talk.deck, each)) continue;
    if (!each.alt.empty()) need(each.alt, each);
    try {
      const Said said = said_in(talk, each);
      known.insert(said.all.begin(), said.all.end());
      for (const std::string& words : said.shown) need(words, each);
    } catch (const Failure&) {
      // What is wrong with the figure itself is told elsewhere.
    }
  }
  for (const auto& [said, caption] : talk.captions.words) {
    if (!known.contains(said))
      problems.push_back({talk.captions.file, caption.line, 1, "", "no figure of the deck says '" + said + "'", ""});
  }
  return problems;
}

const SlideImage* image_of(const Deck& deck, const DeckFigure& figure) {
  for (const Slide& slide : deck.slides) {
    for (const SlideImage& image : slide.images) {
      if (find_figure({figure}, image.path)) return &image;
    }
  }
  return nullptr;
}

std::unique_ptr<Session> open_figure(const LoadedDeck& talk, const DeckFigure& figure) {
  Scenario scenario = load(scenario_file_of(talk.map, figure), {});
  say_in(scenario, talk.captions);
  auto session = std::make_unique<Session>(std::move(scenario));
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
