// nutshell slides: talks as Markdown, with living figures.
#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/loaded_deck.h"
#include "sim/deck/pictures.h"

namespace nutshell {
namespace {

struct SlidesOptions {
  CommonOptions common;
  std::string deck, figures;
};

// "" or why the figure cannot be shown as the map describes it.
std::string problem_of(const LoadedDeck& talk, const DeckFigure& figure) {
  try {
    if (!figure.wires) open_figure(talk, figure);
  } catch (const Failure& failure) {
    return failure.what();
  }
  return image_of(talk.deck, figure) ? "" : "no slide shows this picture";
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
  const LoadedDeck talk = load_with_figures(options.deck, options.figures);
  const Deck& deck = talk.deck;
  std::vector<Problem> problems = talk.problems;
  const std::vector<Problem> pictures = check_pictures(deck, talk.figures);
  problems.insert(problems.end(), pictures.begin(), pictures.end());
  for (const DeckFigure& each : talk.figures) {
    std::string wrong = problem_of(talk, each);
    if (!wrong.empty()) problems.push_back({talk.map, each.line, 1, each.image, std::move(wrong), ""});
  }
  const std::vector<Problem> captions = check_captions(talk);
  problems.insert(problems.end(), captions.begin(), captions.end());
  if (options.common.json) {
    std::vector<std::string> all;
    for (const Problem& each : problems) all.push_back(problem_json(each));
    out.text(JsonObject()
                 .truth("fine", problems.empty())
                 .count("slides", deck.slides.size())
                 .count("figures", talk.figures.size())
                 .json("problems", json_list(all))
                 .done());
  } else {
    for (const Problem& each : problems) out.line(to_text(each), Style::bad);
    out.line(summary(deck, talk.figures), problems.empty() ? Style::good : Style::plain);
  }
  return problems.empty() ? kExitFine : kExitFailed;
}

}  // namespace

void add_slides(const CliCommand& program, Job& job) {
  const CliCommand slides = program.group("slides", "Talks: Markdown in, slides with living clusters out");
  const CliCommand check = slides.command("check", "Look for mistakes in a deck, its pictures and its living figures");
  auto options = std::make_shared<SlidesOptions>();
  add_deck(check, options->deck, options->figures);
  add_common(check, options->common, Has::output_only);
  check.footer(
      "A deck is Markdown as Deckset reads it: --- between slides, ^ before notes, [.directives: ...].\n"
      "DECK.figures.json beside it says which pictures are living figures, and of which scenario.\n"
      "Ends with 1 if anything would be missing in the talk, with 2 if there is no deck.\n"
      "\n"
      "Example:\n"
      "  nutshell slides check talk.md");
  check.on_chosen(job, options, check_slides);
}

}  // namespace nutshell
