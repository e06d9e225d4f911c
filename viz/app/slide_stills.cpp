// nutshell slides stills: the pictures that a deck's map describes.
#include <filesystem>

#include "sim/command/command_line.h"
#include "sim/command/failure.h"
#include "sim/command/loaded_deck.h"
#include "viz/app/commands.h"
#include "viz/app/lessons.h"
#include "viz/app/stills.h"
#include "viz/app/written.h"
#include "viz/paper/surfaces.h"

namespace nutshell {
namespace {

namespace fs = std::filesystem;

struct StillsOptions {
  CommonOptions common;
  std::string deck, figures, out, size = "1600x900", scale = "150";
  bool light = false, dark = false, force = false, ends = false;
};

fs::path with_ending(fs::path file, const std::string& ending) {
  const fs::path name = file.stem().string() + ending + file.extension().string();
  return file.replace_filename(name);
}

// Where the deck looks for the picture; with --out, in that folder.
fs::path still_path(const StillsOptions& options, const LoadedDeck& talk, const DeckFigure& figure) {
  const SlideImage* image = image_of(talk.deck, figure);
  const fs::path wanted = image ? image->path : figure.image;
  return options.out.empty() ? fs::path(talk.deck.file).parent_path() / wanted : fs::path(options.out) / wanted.filename();
}

int draw_stills(const StillsOptions& options, Output& out) {
  if (options.light && options.dark) throw Failure("--light and --dark are one too many; without either, the map decides", kExitBadInput);
  const PictureSize size = picture_size("--size", options.size);
  const float scale = static_cast<float>(integer_option("--scale", options.scale)) / 100;
  if (scale < 0.5F || scale > 4) throw Failure("--scale must be from 50 to 400 percent", kExitBadInput);
  const LoadedDeck talk = load_with_figures(options.deck, options.figures);
  if (talk.figures.empty()) throw Failure("there is no living figure to draw: '" + talk.map + "' describes none", kExitBadInput);
  Stills stills(size.width, size.height, scale, false, &talk.captions);
  std::size_t drawn = 0, kept = 0, failed = 0;
  const auto save = [&](const Picture& picture, const fs::path& path) {
    write_whole(path, png_of(surface_of(picture)));
    out.line("drew " + path.string(), Style::dim);
    ++drawn;
  };
  const auto draw = [&](const DeckFigure& figure, const fs::path& begin, const fs::path& end) {
    const Stills::Look look{options.light || (figure.light && !options.dark), {}, size.width, size.height};
    if (figure.wires) {
      if (!begin.empty()) save(stills.draw(wires_shown(figure, false), look), begin);
      if (!end.empty()) save(stills.draw(wires_shown(figure, true), look), end);
      return;
    }
    const std::unique_ptr<Session> session = open_figure(talk, figure);
    session->read_all();
    if (!begin.empty()) save(stills.draw(*session, figure, look), begin);
    if (end.empty()) return;
    session->go_to_time(*figure.until);
    save(stills.draw(*session, figure, look), end);
  };
  for (const DeckFigure& each : talk.figures) {
    fs::path begin = still_path(options, talk, each), end;
    if (options.ends && comes_to_an_end(each)) end = with_ending(begin, ".end");
    for (fs::path* path : {&begin, &end}) {
      if (options.force || path->empty() || !fs::exists(*path)) continue;
      path->clear();
      ++kept;
    }
    if (begin.empty() && end.empty()) continue;
    try {
      draw(each, begin, end);
    } catch (const Failure& failure) {
      if (failure.exit_code() == kExitNoOutput) throw;
      out.line(each.image + ": " + failure.what(), Style::bad);
      ++failed;
    }
  }
  std::string summary = std::to_string(drawn) + " drawn";
  if (kept > 0) summary += ", " + std::to_string(kept) + " kept that were there: --force draws them again";
  if (failed > 0) summary += ", " + std::to_string(failed) + " could not be drawn";
  out.line(summary + ".", failed > 0 ? Style::bad : Style::good);
  return failed > 0 ? kExitFailed : kExitFine;
}

}  // namespace

void add_slide_stills(const CliCommand& program, Job& job) {
  const CliCommand command = program.existing("slides").command("stills", "Draw the pictures that the map of a deck describes");
  auto options = std::make_shared<StillsOptions>();
  add_deck(command, options->deck, options->figures);
  command.option("--out", options->out, "DIR", "The folder to draw into; without it, where the deck looks for them");
  command.option("--size", options->size, "WxH", "Width and height in pixels, 1600x900 unless said");
  command.option("--scale", options->scale, "N", "Of words and signs, in percent, 150 unless said");
  command.flag("--light", options->light, "All light; without it, as the map says");
  command.flag("--dark", options->dark, "All dark");
  command.flag("--ends", options->ends, "Also where a figure that plays comes to its end, as NAME.end.png");
  command.flag("--force", options->force, "Also those that are there already");
  add_common(command, options->common, Has::output_only);
  command.footer(
      "So a deck with living figures has pictures wherever else it is shown: in Deckset, in Marp, on a forge.\n"
      "They are PNG, whatever they are called. A picture that is there already is kept.\n"
      "\n"
      "Example:\n"
      "  nutshell slides stills talk.md --light");
  command.on_chosen(job, options, draw_stills);
}

}  // namespace nutshell
