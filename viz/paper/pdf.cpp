#include "viz/paper/pdf.h"

#include <cairo-pdf.h>

#include <algorithm>

#include "sim/deck/read_deck.h"

namespace nutshell {

namespace {

constexpr double kPoint = 72 / 25.4;  // a millimetre in points
constexpr double kWide = 210 * kPoint, kHigh = 297 * kPoint, kMargin = 15 * kPoint, kBetween = 6 * kPoint;

class Pdf {
 public:
  Pdf(const PdfDeck& deck, const std::string& path, double width, double height)
      : surface_(owned(cairo_pdf_surface_create(path.c_str(), width, height))), pen_(pen_on(surface_)) {
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, deck.title.c_str());
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATOR, "Nutshell");
  }
  cairo_t* pen() { return pen_.get(); }
  void begin_page() { ++pages_; }
  void outline(const std::string& title) {
    const std::string page = "page=" + std::to_string(pages_) + " pos=[0 0]";
    cairo_pdf_surface_add_outline(surface_.get(), CAIRO_PDF_OUTLINE_ROOT, title.c_str(), page.c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN);
  }
  void end_page() { cairo_show_page(pen()); }
  std::string finish() {
    cairo_surface_finish(surface_.get());
    cairo_status_t status = cairo_status(pen());
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface_.get());
    return status == CAIRO_STATUS_SUCCESS ? "" : cairo_status_to_string(status);
  }

 private:
  Surface surface_;
  Pen pen_;
  int pages_ = 0;
};

std::string title_of_slide(const PdfDeck& deck, std::size_t slide) {
  const std::string title = deck.deck.slides[slide].title();
  return std::to_string(slide + 1) + (title.empty() ? "" : "  " + title);
}

SlidePaper paper_of(const PdfDeck& deck, std::size_t slide, bool end) {
  SlidePaper how{deck.faces};
  how.links = true;
  how.image = [&deck, slide, end](const LaidImage& image) { return deck.image(slide, image, end); };
  return how;
}

// In a rectangle of the page, which has its shape.
void paint_at(cairo_t* pen, const LaidSlide& slide, const SlidePaper& how, double x, double y, double wide, bool framed) {
  const double across = slide.width, down = slide.height;
  cairo_save(pen);
  cairo_translate(pen, x, y);
  cairo_scale(pen, wide / across, wide / across);
  paint_slide(pen, slide, how);
  if (framed) {
    cairo_set_source_rgb(pen, 0.75, 0.73, 0.67);
    cairo_set_line_width(pen, across / wide * 0.7);
    cairo_rectangle(pen, 0, 0, across, down);
    cairo_stroke(pen);
  }
  cairo_restore(pen);
}

// Small words, from the upper edge, made smaller still if they are many.
void paint_notes(cairo_t* pen, const PdfDeck& deck, const Slide& slide, double x, double y, double wide, double high) {
  Deck notes;
  notes.slides.push_back(notes_of(slide));
  if (notes.slides.front().blocks.empty() || wide <= 0 || high <= 0) return;
  // Without the margins of a slide.
  constexpr float kUnits = 3;  // of a slide, a point
  constexpr float kSmall = 9.5F;
  SlideRoom room;
  room.width = static_cast<float>(wide) * kUnits;
  room.height = static_cast<float>(high) * kUnits;
  const float unit = std::min(room.width / 1600, room.height / 1080), usual = 48 * unit;
  notes.slides.front().directives.emplace_back("text", "text-scale(" + std::to_string(kSmall * kUnits / usual) + ")");
  const TextWidth width = [&](SlideFont font, std::string_view text) { return deck.faces.width(font, text); };
  LaidSlide laid = lay_out(notes, notes.slides.front(), room, width);
  float top = room.height, left = room.width;
  for (const LaidText& each : laid.texts) top = std::min(top, each.box.y), left = std::min(left, each.box.x);
  cairo_save(pen);
  cairo_translate(pen, x - static_cast<double>(left / kUnits), y - static_cast<double>(top / kUnits));
  cairo_scale(pen, 1 / static_cast<double>(kUnits), 1 / static_cast<double>(kUnits));
  SlidePaper how{deck.faces};
  how.links = true;
  laid.ground.a = 0;
  paint_slide(pen, laid, how);
  cairo_restore(pen);
}

}  // namespace

std::string write_slides(const PdfDeck& deck, const std::string& path) {
  const LaidSlide first = deck.laid(0);
  const double wide = 960, high = wide * static_cast<double>(first.height / first.width);
  Pdf pdf(deck, path, wide, high);
  for (std::size_t i = 0; i < deck.deck.slides.size(); ++i) {
    const LaidSlide laid = deck.laid(i);
    pdf.begin_page();
    pdf.outline(title_of_slide(deck, i));
    paint_at(pdf.pen(), laid, paper_of(deck, i, false), 0, 0, wide, false);
    pdf.end_page();
    if (!deck.ends(i)) continue;
    pdf.begin_page();
    paint_at(pdf.pen(), laid, paper_of(deck, i, true), 0, 0, wide, false);
    pdf.end_page();
  }
  return pdf.finish();
}

// Two slides a sheet, each in its half: the slide, beside it how its figure ends, below both its notes.
std::string write_handout(const PdfDeck& deck, const std::string& path) {
  Pdf pdf(deck, path, kWide, kHigh);
  const double room = kWide - 2 * kMargin, half = (kHigh - 2 * kMargin - kBetween) / 2, wide = room * 0.64, small = room - wide - kBetween;
  for (std::size_t i = 0; i < deck.deck.slides.size(); ++i) {
    const LaidSlide laid = deck.laid(i);
    const double top = i % 2 == 0 ? kMargin : kMargin + half + kBetween, high = wide * static_cast<double>(laid.height / laid.width);
    if (i % 2 == 0 && i > 0) pdf.end_page();
    if (i % 2 == 0) pdf.begin_page();
    pdf.outline(title_of_slide(deck, i));
    paint_at(pdf.pen(), laid, paper_of(deck, i, false), kMargin, top, wide, true);
    if (deck.ends(i)) paint_at(pdf.pen(), laid, paper_of(deck, i, true), kMargin + wide + kBetween, top, small, true);
    paint_notes(pdf.pen(), deck, deck.deck.slides[i], kMargin, top + high + kBetween / 2, room, half - high - kBetween / 2);
  }
  pdf.end_page();
  return pdf.finish();
}

}  // namespace nutshell
