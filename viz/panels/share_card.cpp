// The share code that was copied last, large enough to be typed from the wall.
#include <algorithm>

#include "viz/panels/chrome.h"

namespace nutshell {

namespace {

constexpr std::size_t kMostShown = 400;  // letters; more than that nobody types

// Broken where a letter no longer fits: there are no words in it.
std::vector<std::string> in_lines(const Canvas& canvas, TextStyle style, std::string_view code, float room) {
  const auto fit = static_cast<std::size_t>(std::max(room / canvas.width(style, "0"), 8.0F));
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < code.size(); at += fit) lines.emplace_back(code.substr(at, fit));
  return lines;
}

}  // namespace

void draw_share_card(PanelUi& ui, Rect window) {
  const std::string& code = ui.hands.share_code;
  if (code.empty()) return;
  Canvas& canvas = ui.canvas;
  const Theme& theme = canvas.theme;
  const TextStyle head{Face::bold, Size::body}, small{Face::regular, Size::small};
  const TextStyle mono{Face::mono_bold, code.size() <= 80 ? Size::caption : code.size() <= 200 ? Size::body : Size::small};
  const std::string shown = code.size() <= kMostShown ? code : code.substr(0, kMostShown) + "\u2026";
  const float most = std::min(canvas.big(900, 1500), window.w - 48);
  const float wide = within(canvas.width(mono, shown) + 56, std::min(520.0F, most), most);
  const std::vector<std::string> lines = in_lines(canvas, mono, shown, wide - 56);
  const float line = canvas.height(mono) * 1.4F, top = canvas.height(head) * 1.8F, foot = canvas.height(small) * 2;
  const float high = top + foot + line * static_cast<float>(lines.size()) + 44;
  const Rect box{window.center().x - wide / 2, window.center().y - high / 2, wide, high};
  canvas.cover(box);
  canvas.fill(box, theme.raised, 10);
  canvas.outline(box, theme.text2, 1.5F, 10);
  Rect rest = box.inset(22);
  canvas.text_in(rest.take_top(top), head, theme.text2, "Copied: this moment, as a share code");
  for (const std::string& each : lines) canvas.text_in(rest.take_top(line), mono, theme.text, each);
  canvas.text_in(rest.take_bottom(foot), small, theme.text2,
                 canvas.width(small, "Paste it into a chat. To join: G, then J; or nutshell open, and the code.") > rest.w
                     ? "To join: G, then J."
                     : "Paste it into a chat. To join: G, then J; or nutshell open, and the code.");
}

}  // namespace nutshell
