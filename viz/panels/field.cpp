#include "viz/panels/field.h"

#include <algorithm>

namespace nutshell {

void draw_typed(Canvas& canvas, Rect box, TextStyle style, const std::string& text, Caret caret, std::string_view hint) {
  const Theme& theme = canvas.theme;
  caret = {std::min(caret.at, text.size()), std::min(caret.anchor, text.size())};
  const auto x = [&](std::size_t at) { return canvas.width(style, std::string_view(text).substr(0, at)); };
  const float high = canvas.height(style) * 1.25F, y = box.center().y - high / 2, all = x(text.size()), cursor = x(caret.at);
  // As far to the left that the cursor is seen, and no further than there is text.
  const float moved = all <= box.w - 4 ? 0 : std::clamp(cursor - box.w * 0.7F, 0.0F, all - box.w + 4);
  if (text.empty()) canvas.text_in(box, style, theme.text3, hint);
  canvas.push_clip(box);
  if (caret.at != caret.anchor) {
    const float from = box.x - moved + x(caret.first());
    canvas.fill({from, y, x(caret.last()) - x(caret.first()), high}, theme.line2, 2);
  }
  if (moved == 0) canvas.text_in(box, style, theme.text, text);
  else canvas.text({box.x - moved, box.center().y}, style, theme.text, text);
  canvas.fill({box.x - moved + cursor, y, 2, high}, theme.paper);
  canvas.pop_clip();
}

}  // namespace nutshell
