// nutshell slides: talks as Markdown, with living figures.
#include <algorithm>
#include <filesystem>

#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/core/text.h"
#include "sim/deck/pictures.h"
#include "sim/deck/read_deck.h"
#include "sim/session/about.h"
#include "sim/session/session.h"

namespace nutshell {
namespace {

struct SlidesOptions {
  CommonOptions common;
  std::string deck;
};

// The file of the map's folder, or the one that comes with the program. Throws Failure.
std::string scenario_file_of(const std::string& map, const DeckFigure& figure) {
  namespace fs = std::filesystem;
  const fs::path beside = fs::path(map).parent_path() / figure.scenario;
  std::error_code failed;
  return fs::is_regular_file(beside, failed) ? beside.string() : find_scenario_file(figure.scenario);
}

// "" or why the figure cannot be shown as the map describes it.
std::string problem_of(const std::string& map, const DeckFigure& figure) {
  try {
    Session session(load(scenario_file_of(map, figure), {}));
    const Time until = session.scenario().until;
    if (figure.at.value_or(0) > until || figure.until.value_or(0) > until)
      return "the run of '" + figure.scenario + "' ends at " + format_duration(until) + ", before what is asked for";
    session.know_all();
    if (figure.beat.value_or(0) > session.beats().size())
      return "'" + figure.scenario + "' has " + std::to_string(session.beats().size()) + " captions and questions, so there is no number " +
             std::to_string(*figure.beat);
    if (figure.beat) session.go_to_beat(*figure.beat - 1);
    else if (figure.at) session.go_to_time(*figure.at);
    if (!figure.select.empty() && !place_named(session.world(), figure.select))
      return "there is no '" + figure.select + "' to select at that moment";
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "";
}

bool is_shown(const Deck& deck, const DeckFigure& figure) {
  const auto shows = [&](const SlideImage& image) { return find_figure({figure}, image.path) != nullptr; };
  return std::any_of(deck.slides.begin(), deck.slides.end(),
                     [&](const Slide& each) { return std::any_of(each.images.begin(), each.images.end(), shows); });
}

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string summary(const Deck& deck, const std::vector<DeckFigure>& figures) {
  std::size_t pictures = 0, notes = 0;
  for (const Slide& each : deck.slides) {
    pictures += each.images.size();
    notes += !each.notes.empty();
  }
  return deck.file + ": " + counted(deck.slides.size(), "slide") + ", " + std::to_string(notes) + " with notes, " +
         counted(pictures, "picture") + ", " + counted(figures.size(), "living figure");
}

int check_slides(const SlidesOptions& options, Output& out) {
  const DeckResult loaded = load_deck(options.deck);
  if (!loaded.deck) throw Failure(to_text(loaded.problems), kExitBadInput);
  const Deck& deck = *loaded.deck;
  std::vector<Problem> problems = loaded.problems;
  const std::string map = figure_map_of(options.deck);
  const FigureMapResult figures = load_figure_map(map);
  for (const std::vector<Problem>& more : {check_pictures(deck, figures.figures), figures.problems})
    problems.insert(problems.end(), more.begin(), more.end());
  for (const DeckFigure& each : figures.figures) {
    std::string wrong = problem_of(map, each);
    if (wrong.empty() && !is_shown(deck, each)) wrong = "no slide shows this picture";
    if (!wrong.empty()) problems.push_back({map, each.line, 1, each.image, std::move(wrong), ""});
  }
  if (options.common.json) {
    std::vector<std::string> all;
    for (const Problem& each : problems) all.push_back(problem_json(each));
    out.text(JsonObject()
                 .truth("fine", problems.empty())
                 .count("slides", deck.slides.size())
                 .count("figures", figures.figures.size())
                 .json("problems", json_list(all))
                 .done());
  } else {
    for (const Problem& each : problems) out.line(to_text(each), Style::bad);
    out.line(summary(deck, figures.figures), problems.empty() ? Style::good : Style::plain);
  }
  return problems.empty() ? kExitFine : kExitFailed;
}

}  // namespace

void add_slides(CLI::App& program, Job& job) {
  CLI::App* slides = program.add_subcommand("slides", "Talks: Markdown in, slides with living clusters out");
  slides->require_subcommand(1);
  CLI::App* check = slides->add_subcommand("check", "Look for mistakes in a deck, its pictures and its living figures");
  auto options = std::make_shared<SlidesOptions>();
  check->add_option("DECK", options->deck, "The Markdown file")->required()->type_name("");
  add_common(*check, options->common, Has::output_only);
  check->footer(
      "A deck is Markdown as Deckset reads it: --- between slides, ^ before notes, [.directives: ...].\n"
      "DECK.figures.json beside it says which pictures are living figures, and of which scenario.\n"
      "Ends with 1 if anything would be missing in the talk, with 2 if there is no deck.\n"
      "\n"
      "Example:\n"
      "  nutshell slides check talk.md");
  on_chosen(*check, job, options, check_slides);
}

}  // namespace nutshell
