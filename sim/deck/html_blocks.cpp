// Words, lists, code and tables as HTML.
#include <algorithm>
#include <array>

#include "sim/deck/highlight.h"
#include "sim/deck/html_parts.h"
#include "sim/deck/pictures.h"
#include "sim/deck/read_deck.h"

namespace nutshell {

namespace {

std::string in_tag(const std::string& tag, const std::string& content, const std::string& more = "") {
  return "<" + tag + more + ">" + content + "</" + tag + ">";
}

std::string html_lines(const std::vector<SlideLine>& lines) {
  std::string all;
  for (std::size_t i = 0; i < lines.size(); ++i) all += (i > 0 ? "<br>" : "") + html_line(lines[i]);
  return all;
}

// Addresses of pages, of letters, and places in this one. Others ("javascript:") are let go.
bool leads_somewhere(std::string_view link) {
  const std::size_t colon = link.find(':'), end = link.find_first_of("/?#");
  if (colon == std::string_view::npos || end < colon) return !link.empty();
  constexpr std::array<std::string_view, 3> kKnown = {"http", "https", "mailto"};
  return std::find(kKnown.begin(), kKnown.end(), link.substr(0, colon)) != kKnown.end();
}

std::string html_text(const SlideText& text) {
  std::string made = escaped(text.text);
  if (text.code) made = in_tag("code", made);
  if (text.shift == SlideText::Shift::sub) made = in_tag("sub", made);
  if (text.shift == SlideText::Shift::sup) made = in_tag("sup", made);
  if (text.struck) made = in_tag("s", made);
  if (text.emphasis) made = in_tag("em", made);
  if (text.strong) made = in_tag("strong", made);
  if (leads_somewhere(text.link)) made = in_tag("a", made, " href=\"" + escaped(text.link) + "\"");
  return made;
}

// Items one in another, by their depth.
std::string html_list(const SlideBlock& block, bool builds, std::size_t& built) {
  std::string made;
  std::vector<std::string> open;  // tags of lists that have not ended
  for (const SlideItem& item : block.items) {
    const auto deep = static_cast<std::size_t>(item.depth);
    while (open.size() > deep + 1) {
      made += "</li></" + open.back() + ">";
      open.pop_back();
    }
    if (open.size() == deep + 1) made += "</li>";
    while (open.size() < deep + 1) {
      open.push_back(item.number > 0 ? "ol" : "ul");
      made += "<" + open.back() + (item.number > 1 ? " start=\"" + std::to_string(item.number) + "\"" : "") + ">";
    }
    if (builds && deep == 0) ++built;
    made += builds && deep == 0 ? "<li data-build=\"" + std::to_string(built) + "\">" : "<li>";
    made += html_lines(item.lines);
  }
  for (; !open.empty(); open.pop_back()) made += "</li></" + open.back() + ">";
  return made;
}

std::string html_code(const SlideBlock& block) {
  constexpr std::array<const char*, 6> kClasses = {"", "k", "t", "n", "c", "k"};  // by CodeKind
  std::string made;
  bool in_comment = false;
  std::string_view rest = block.code;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    for (const CodeStretch& each : highlight(rest.substr(0, end), block.language, in_comment)) {
      const std::string kind = kClasses[static_cast<std::size_t>(each.kind)];
      made += kind.empty() ? escaped(each.text) : in_tag("span", escaped(each.text), " class=\"" + kind + "\"");
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!rest.empty()) made += "\n";
  }
  return in_tag("pre", in_tag("code", made));
}

std::string html_table(const SlideBlock& block) {
  std::string made;
  for (std::size_t row = 0; row < block.rows.size(); ++row) {
    // A head without words is only there because Markdown asks for one.
    const std::vector<SlideLine>& cells = block.rows[row];
    if (row == 0 && std::all_of(cells.begin(), cells.end(), [](const SlideLine& each) { return plain(each).empty(); })) continue;
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const CellAlign align = i < block.aligns.size() ? block.aligns[i] : CellAlign::left;
      line += in_tag(row == 0 ? "th" : "td", html_line(cells[i]),
                     align == CellAlign::right ? " class=\"right\"" : align == CellAlign::center ? " class=\"center\"" : "");
    }
    made += in_tag("tr", line);
  }
  return in_tag("table", made);
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : text) {
    switch (c) {
      case '&': made += "&amp;"; break;
      case '<': made += "&lt;"; break;
      case '>': made += "&gt;"; break;
      case '"': made += "&quot;"; break;
      case '\'': made += "&#39;"; break;
      default: made += c;
    }
  }
  return made;
}

std::string css(SlideColor color) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string made = "#";
  for (const std::uint8_t each : {color.r, color.g, color.b}) {
    made += kDigits[each / 16];
    made += kDigits[each % 16];
  }
  return made;
}

std::string data_address(std::string_view file) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::array<const char*, 5> kNames = {"application/octet-stream", "image/png", "image/jpeg", "image/gif", "image/svg+xml"};
  std::string made = std::string("data:") + kNames[static_cast<std::size_t>(picture_kind(file))] + ";base64,";
  made.reserve(made.size() + (file.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < file.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t j = 0; j < 3; ++j) three = three << 8 | (i + j < file.size() ? static_cast<unsigned char>(file[i + j]) : 0U);
    const std::size_t bytes = std::min<std::size_t>(file.size() - i, 3);
    for (std::size_t j = 0; j < 4; ++j) made += j <= bytes ? kDigits[three >> (18 - 6 * j) & 63] : '=';
  }
  return made;
}

std::string html_line(const SlideLine& line) {
  std::string made;
  for (const SlideText& each : line) made += html_text(each);
  return made;
}

std::string html_block(const SlideBlock& block, bool builds, std::size_t& built) {
  switch (block.kind) {
    case SlideBlock::Kind::heading: {
      const std::string tag = "h" + std::to_string(std::clamp(block.level, 1, 6));
      return in_tag(tag, html_lines(block.lines), block.fit ? " class=\"fit\"" : "");
    }
    case SlideBlock::Kind::paragraph: return in_tag("p", html_lines(block.lines));
    case SlideBlock::Kind::list: return html_list(block, builds, built);
    case SlideBlock::Kind::code: return html_code(block);
    case SlideBlock::Kind::table: return html_table(block);
    case SlideBlock::Kind::quote: break;
  }
  const std::string author = block.author.empty() ? "" : in_tag("footer", "\u2013 " + html_line(block.author));
  return in_tag("blockquote", in_tag("p", html_lines(block.lines)) + author);
}

std::string html_notes(const Slide& slide) {
  std::string made;
  std::size_t built = 0;
  for (const SlideBlock& each : notes_of(slide).blocks) made += html_block(each, false, built);
  return made;
}

}  // namespace nutshell
