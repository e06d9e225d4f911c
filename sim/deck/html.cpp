#include "sim/deck/html.h"

#include <algorithm>
#include <filesystem>

#include "sim/deck/html_parts.h"

namespace nutshell {

namespace {

using Stands = SlideImage::Place;

// "talk.de.md": "de"; without such letters "en".
std::string language_of(const Deck& deck) {
  const std::string ending = std::filesystem::path(deck.file).stem().extension().string();
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return ending.size() == 3 && letter(ending[1]) && letter(ending[2]) ? ending.substr(1) : "en";
}

std::string variable(const std::string& name, SlideColor color) { return "--" + name + ":" + css(color) + ";"; }

// "0.857".
std::string decimal(float value) {
  const int thousandths = static_cast<int>(value * 1000 + 0.5F);
  const std::string digits = std::to_string(thousandths % 1000);
  return std::to_string(thousandths / 1000) + "." + std::string(3 - digits.size(), '0') + digits;
}

// Sizes of words on slides, for each kind of slide.
std::string size_rules() {
  constexpr const char* kNames[] = {"words", "things", "picture"};
  std::string made;
  for (std::size_t mode = 0; mode < 3; ++mode) {
    const SlideSizes& sizes = sizes_of(static_cast<SlideMode>(mode));
    const auto rule = [&](const std::string& what, float size) {
      made += "." + std::string(kNames[mode]) + " " + what + "{font-size:calc(" + decimal(size) + "*var(--e))}\n";
    };
    for (std::size_t level = 0; level < 6; ++level) rule("h" + std::to_string(level + 1), sizes.headings[level]);
    rule("p", sizes.text);
    rule("li", sizes.text);
    rule("pre", sizes.code);
    rule("table", sizes.table);
    rule("blockquote p", sizes.quote);
  }
  return made;
}

class SlidePage {
 public:
  SlidePage(const Deck& deck, std::size_t which, const HtmlRoom& room)
      : deck_(deck), slide_(deck.slides[which]), which_(which), room_(room) {}

  std::string html() {
    SlideRoom room;
    room.ground = room_.ground;
    room.facts = room_.facts;
    const LaidSlide laid = lay_out(deck_, slide_, room, room_.width);
    const SlideLook look = look_of(deck_, slide_, room_.ground);
    constexpr const char* kModes[] = {"words", "things", "picture"};
    const bool below = has_words() && !of(Stands::ground, true).empty();
    std::string style = variable("ground", look.ground) + variable("text", look.text) + variable("head", look.header) +
                        variable("strong", look.text_strong) + variable("head-strong", look.header_strong) + variable("muted", look.muted) +
                        variable("line", look.line) + variable("panel", look.panel) + variable("link", look.link) +
                        variable("quoted", look.quoted) + variable("number", look.number) + "--k:" + decimal(laid.scale);
    const std::string number = std::to_string(which_ + 1);
    std::string made = "<section class=\"slide\" id=\"s" + number + "\" style=\"" + style + "\">\n<div class=\"face " +
                       kModes[static_cast<std::size_t>(mode_of(slide_, below))] + halves() + "\">\n";
    made += grounds();
    made += words(below);
    made += footer(number) + "</div>\n";
    const std::string notes = html_notes(slide_);
    if (!notes.empty() || !ends_.empty()) made += "<aside class=\"notes\">" + ends_ + notes + "</aside>\n";
    return made + "</section>\n";
  }

 private:
  bool has_words() const { return !slide_.blocks.empty(); }
  bool lives(const SlideImage& image) const { return room_.facts && room_.facts(image).living; }
  std::vector<const SlideImage*> of(Stands place, bool living) const {
    std::vector<const SlideImage*> all;
    for (const SlideImage& each : slide_.images) {
      if (each.place == place && (lives(each) || !living)) all.push_back(&each);
    }
    return all;
  }
  std::string halves() const {
    const bool left = !of(Stands::left, false).empty(), right = !of(Stands::right, false).empty();
    return left && right ? "" : left ? " half-left" : right ? " half-right" : "";
  }

  // A picture, or a calm sign where there is none. What the figure becomes goes below the slide, for those who only read.
  std::string picture(const SlideImage& image, const std::string& kind) {
    HtmlImage found = room_.image ? room_.image(image) : HtmlImage{};
    const std::string about = escaped(found.about.empty() ? image.about : found.about);
    const bool part = image.size == SlideImage::Size::percent;
    const std::string size = part ? " style=\"--part:" + decimal(static_cast<float>(image.percent) / 100) + "\"" : "";
    std::string made = "<figure class=\"" + kind + (image.size == SlideImage::Size::fill ? " fill" : "") + "\"" + size + ">";
    if (found.file.empty()) {
      ++figures_;
      const std::string why = found.problem.empty() ? "" : "<br><small>" + escaped(found.problem) + "</small>";
      return made + "<div class=\"missing\">" + escaped(image.path) + why + "</div></figure>\n";
    }
    made += "<img src=\"" + data_address(found.file) + "\" alt=\"" + about + "\">";
    if (!found.says.empty()) made += "<figcaption>" + escaped(found.says) + "</figcaption>";
    if (!found.end.empty()) {
      ends_ += "<figure class=\"end\" data-of=\"" + std::to_string(figures_) + "\"><img src=\"" + data_address(found.end) + "\" alt=\"" +
               (found.end_says.empty() ? about : escaped(found.end_says)) + "\">";
      ends_ += (found.end_says.empty() ? "" : "<figcaption>" + escaped(found.end_says) + "</figcaption>") + "</figure>";
    }
    ++figures_;
    return made + "</figure>\n";
  }
  // What lies behind the words, and the halves beside them.
  std::string grounds() {
    std::string made;
    bool veiled = false;
    for (const auto& [place, kind] : {std::pair{Stands::ground, "ground"}, {Stands::left, "left"}, {Stands::right, "right"}}) {
      for (const SlideImage* each : of(place, false)) {
        if (place == Stands::ground && has_words() && lives(*each)) continue;
        made += picture(*each, kind);
        veiled = veiled || (place == Stands::ground && has_words() && !each->original);
      }
    }
    return veiled ? made + "<div class=\"veil\"></div>\n" : made;
  }
  std::string row_before(std::size_t block, int column) {
    std::string row;
    for (const SlideImage* each : of(Stands::among, false)) {
      const int its = slide_.columns > 1 ? each->column : 0;
      if (its == column && std::min(each->before, slide_.blocks.size()) == block) row += picture(*each, "among");
    }
    return row.empty() ? "" : "<div class=\"row\">" + row + "</div>\n";
  }
  std::string column(int which) {
    std::string made;
    for (std::size_t i = 0; i <= slide_.blocks.size(); ++i) {
      made += row_before(i, which);
      if (i == slide_.blocks.size() || slide_.blocks[i].column != which) continue;
      made += html_block(slide_.blocks[i], deck_.is_on(slide_, "build-lists"), built_) + "\n";
    }
    return made;
  }
  std::string words(bool below) {
    std::string made;
    if (slide_.columns <= 1) {
      made = column(0);
    } else {
      made = column(-1) + "<div class=\"columns\">";
      for (int i = 0; i < slide_.columns; ++i) made += "<div>" + column(i) + "</div>";
      made += "</div>";
    }
    if (below) {
      std::string row;
      for (const SlideImage* each : of(Stands::ground, true)) row += picture(*each, "among");
      made += "<div class=\"row\">" + row + "</div>\n";
    }
    return "<div class=\"content\">\n" + made + "</div>\n";
  }
  std::string footer(const std::string& number) const {
    const auto says = [&](std::string_view name) {
      return std::any_of(slide_.directives.begin(), slide_.directives.end(),
                         [&](const auto& each) { return each.first == name && each.second != "false"; });
    };
    const bool numbered = deck_.is_on(slide_, "slidenumbers") && !says("hide-slidenumbers");
    const std::string words = says("hide-footer") ? "" : escaped(deck_.setting(slide_, "footer"));
    if (words.empty() && !numbered) return "";
    return "<div class=\"foot\"><span>" + words + "</span><span>" + (numbered ? number : "") + "</span></div>\n";
  }

  const Deck& deck_;
  const Slide& slide_;
  const std::size_t which_;
  const HtmlRoom& room_;
  std::size_t built_ = 0, figures_ = 0;
  std::string ends_;
};

}  // namespace

std::string title_of(const Deck& deck) {
  for (const Slide& each : deck.slides) {
    if (const std::string title = each.title(); !title.empty()) return title;
  }
  return std::filesystem::path(deck.file).filename().string();
}

std::string to_html(const Deck& deck, const HtmlRoom& room) {
  std::string made = "<!doctype html>\n<html lang=\"" + language_of(deck) + "\">\n<head>\n<meta charset=\"utf-8\">\n";
  made += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + escaped(title_of(deck)) + "</title>\n";
  made += "<style>\n" + std::string(kHtmlStyle) + size_rules() + "</style>\n</head>\n<body>\n<main>\n";
  for (std::size_t i = 0; i < deck.slides.size(); ++i) made += SlidePage(deck, i, room).html();
  made += "</main>\n<script>\n" + std::string(kHtmlScript) + "</script>\n</body>\n</html>\n";
  return made;
}

}  // namespace nutshell
