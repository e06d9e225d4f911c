// nutshell slides export: a deck for those who have no Nutshell: one page of HTML, a PDF, or pictures.
#include <fstream>
#include <iterator>

#include "sim/command/command_line.h"
#include "sim/command/failure.h"
#include "sim/deck/html.h"
#include "sim/deck/pictures.h"
#include "viz/app/commands.h"
#include "viz/app/deck_pictures.h"
#include "viz/app/lessons.h"
#include "viz/app/written.h"
#include "viz/paper/pdf.h"
#include "viz/slides/picture_shelf.h"

namespace nutshell {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  CommonOptions common;
  std::string deck, figures, out, size = "1920x1080";
  bool html = false, pdf = false, png = false, handout = false, builds = false, dark = false, force = false;
};

void refuse_to_replace(const ExportOptions& options, const fs::path& path) {
  if (!options.force && fs::exists(path)) throw Failure("'" + path.string() + "' is there already; --force writes it anew", kExitNoOutput);
}

// With --out there, else named as the deck, in the folder where one is.
fs::path target(const ExportOptions& options, const std::string& ending) {
  const fs::path path = options.out.empty() ? fs::path(options.deck).stem().string() + ending : options.out;
  std::error_code failed;
  const bool folder = fs::is_directory(path, failed);
  if (options.png && fs::exists(path, failed) && !folder) throw Failure("'" + path.string() + "' is no folder for pictures", kExitNoOutput);
  if (!options.png) refuse_to_replace(options, path);
  return path;
}

std::string file_bytes(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

HtmlImage html_image(const LoadedDeck& deck, DeckPictures& pictures, const SlideImage& image) {
  if (!find_figure(deck.figures, image.path)) {
    HtmlImage found{file_bytes(picture_path(deck.deck, image)), "", image.about, "", "", ""};
    const PictureKind kind = picture_kind(found.file);
    if (found.file.empty()) found.problem = "is not there";
    else if (kind == PictureKind::none) found.problem = "is no picture";
    else if (kind == PictureKind::svg) found.problem = decode_picture(picture_path(deck.deck, image), {64, 64}).problem;
    if (!found.problem.empty()) found.file.clear();
    return found;
  }
  const FigureStills& stills = pictures.stills(image);
  if (!stills.begin) return {"", "", stills.about, "", "", stills.problem};
  return {png_of(stills.begin), stills.end ? png_of(stills.end) : "", stills.about, stills.says, stills.end_says, ""};
}

void export_html(const ExportOptions& options, const LoadedDeck& deck, DeckPictures& pictures, const PaperFaces& faces, Output& out) {
  const fs::path path = target(options, ".html");
  HtmlRoom room;
  room.ground = pictures.ground();
  room.facts = [&](const SlideImage& image) { return pictures.facts(image); };
  room.image = [&](const SlideImage& image) { return html_image(deck, pictures, image); };
  room.width = [&](SlideFont font, std::string_view text) { return faces.width(font, text); };
  const std::string page = to_html(deck.deck, room);
  write_whole(path, page);
  out.line("wrote " + path.string() + ", " + std::to_string((page.size() >> 10) + 1) + " KiB", Style::good);
}

bool comes_to_an_end(const LoadedDeck& deck, DeckPictures& pictures, std::size_t slide) {
  for (const SlideImage& each : deck.deck.slides[slide].images) {
    if (find_figure(deck.figures, each.path) && pictures.stills(each).end) return true;
  }
  return false;
}

void export_pdf(const ExportOptions& options, const LoadedDeck& deck, DeckPictures& pictures, const PaperFaces& faces, Output& out) {
  const fs::path path = target(options, options.handout ? ".handout.pdf" : ".pdf");
  const PdfDeck pdf{deck.deck, faces, title_of(deck.deck), [&](std::size_t slide) { return pictures.laid(slide); },
                    [&](std::size_t slide, const LaidImage& image, bool end) {
                      return pictures.on_paper(deck.deck.slides[slide].images[image.which], end);
                    },
                    [&](std::size_t slide) { return comes_to_an_end(deck, pictures, slide); }};
  write_whole(path, [&](const std::string& part) { return options.handout ? write_handout(pdf, part) : write_slides(pdf, part); });
  out.line("wrote " + path.string(), Style::good);
}

// "talk-007.png"; with builds "talk-007-2.png".
fs::path frame_path(const ExportOptions& options, const fs::path& folder, std::size_t slide, std::size_t build) {
  const std::string number = std::to_string(slide + 1), name = fs::path(options.deck).stem().string() + "-";
  return folder / (name + std::string(3 - std::min<std::size_t>(number.size(), 3), '0') + number +
                   (options.builds ? "-" + std::to_string(build) : "") + ".png");
}

void export_png(const ExportOptions& options, const LoadedDeck& deck, DeckPictures& pictures, const PaperFaces& faces, Output& out) {
  const fs::path folder = target(options, "");
  const PictureSize size = picture_size("--size", options.size);
  std::size_t written = 0;
  for (std::size_t i = 0; i < deck.deck.slides.size(); ++i) {
    const LaidSlide laid = pictures.laid(i, static_cast<float>(size.width), static_cast<float>(size.height));
    const std::size_t ends = comes_to_an_end(deck, pictures, i) ? 1 : 0, last = laid.builds + ends;
    for (std::size_t build = options.builds ? 0 : last; build <= last; ++build) {
      const Surface surface = owned(cairo_image_surface_create(CAIRO_FORMAT_RGB24, size.width, size.height));
      SlidePaper how{faces};
      how.build = build;
      how.image = [&](const LaidImage& image) {
        return pictures.on_paper(deck.deck.slides[i].images[image.which], options.builds && build > laid.builds);
      };
      paint_slide(pen_on(surface).get(), laid, how);
      const fs::path path = frame_path(options, folder, i, build);
      refuse_to_replace(options, path);
      write_whole(path, png_of(surface));
      ++written;
    }
  }
  out.line("wrote " + std::to_string(written) + " pictures to " + folder.string(), Style::good);
}

int export_slides(const ExportOptions& options, Output& out) {
  if (options.html + options.pdf + options.png != 1) throw Failure("say which: --html, --pdf or --png", kExitBadInput);
  if (options.handout && !options.pdf) throw Failure("--handout is a form of --pdf", kExitBadInput);
  if (options.builds && !options.png) throw Failure("--builds is for --png", kExitBadInput);
  const LoadedDeck deck = load_with_figures(options.deck, options.figures);
  for (const Problem& each : deck.problems) out.line(to_text(each), Style::bad);
  const PaperFaces faces;
  if (!faces.problem().empty()) throw Failure(faces.problem(), kExitNoDisplay);
  DeckPictures pictures(deck, faces, options.dark ? SlideGround::dark : SlideGround::light);
  if (options.html) export_html(options, deck, pictures, faces, out);
  if (options.pdf) export_pdf(options, deck, pictures, faces, out);
  if (options.png) export_png(options, deck, pictures, faces, out);
  return kExitFine;
}

}  // namespace

void add_slide_export(const CliCommand& program, Job& job) {
  const CliCommand slides = program.existing("slides");
  const CliCommand command = slides.command("export", "A deck for those who have no Nutshell: HTML, PDF, pictures");
  auto options = std::make_shared<ExportOptions>();
  add_deck(command, options->deck, options->figures);
  command.flag("--html", options->html, "One page with everything in it: keys, builds, notes; it needs no network");
  command.flag("--pdf", options->pdf, "A page a slide; where a figure comes to its end is a page of its own");
  command.flag("--handout", options->handout, "Of --pdf: two slides a sheet, with their notes");
  command.flag("--png", options->png, "A picture a slide, into a folder");
  command.flag("--builds", options->builds, "Of --png: a picture a press of the one key");
  command.option("--out", options->out, "PATH", "Where to write it; without it, named as the deck, here");
  command.option("--size", options->size, "WxH", "Of --png: 1920x1080 unless said");
  command.flag("--dark", options->dark, "Slides that ask for no colours are dark");
  command.flag("--force", options->force, "Over what is there already");
  add_common(command, options->common, Has::output_only);
  command.footer(
      "Living figures become stills: where they begin, and where they come to their end.\n"
      "\n"
      "Examples:\n"
      "  nutshell slides export talk.md --html\n"
      "  nutshell slides export talk.md --pdf --handout --out notes.pdf");
  command.on_chosen(job, options, export_slides);
}

}  // namespace nutshell
