#include "sim/deck/compose.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "sim/deck/highlight.h"

namespace nutshell {

namespace {

constexpr float kTextHeight = 1.4F, kHeadingHeight = 1.12F, kCodeHeight = 1.45F, kQuoteHeight = 1.3F;
constexpr float kLeastPicture = 60;  // units
constexpr float kBetweenCells = 1.4F;  // of a letter's size
constexpr float kSlack = 1;          // pixels
constexpr float kMostIndent = 0.5F;  // of the width, however deep a list goes

struct Set {
  float x = 0, width = 0;
};

class Column {
 public:
  Column(const Composing& how, float x, float width) : how_(how), x_(x), width_(width) {}

  Composed compose(int column, const std::vector<std::size_t>& at_end) {
    const std::vector<SlideBlock>& blocks = how_.slide.blocks;
    for (std::size_t i = 0; i <= blocks.size(); ++i) {
      add_row(pictures_before(i, column));
      if (i == blocks.size() || blocks[i].column != column) continue;
      add_block(blocks[i]);
    }
    add_row(at_end);
    made_.lines = line_;
    measure();
    return std::move(made_);
  }

 private:
  void measure() {
    made_.height = y_;
    made_.left = x_;
    made_.right = x_ + width_;
    const auto reach = [&](const SlideRect& box) {
      made_.height = std::max(made_.height, box.bottom());
      made_.left = std::min(made_.left, box.x);
      made_.right = std::max(made_.right, box.right());
    };
    for (const LaidText& each : made_.texts) reach(each.box);
    for (const LaidShape& each : made_.shapes) reach(each.box);
    made_.overflows = made_.left < x_ - kSlack || made_.right > x_ + width_ + kSlack;
  }
  float em(float size) const { return size * how_.unit * how_.scale; }

  std::vector<std::size_t> pictures_before(std::size_t block, int column) const {
    std::vector<std::size_t> row;
    for (std::size_t i = 0; i < how_.slide.images.size(); ++i) {
      const SlideImage& each = how_.slide.images[i];
      const int its = how_.slide.columns > 1 ? each.column : 0;
      if (each.place == SlideImage::Place::among && its == column && std::min(each.before, how_.slide.blocks.size()) == block)
        row.push_back(i);
    }
    return row;
  }

  // The space between what was added last and what comes.
  void gap(const SlideBlock* next) {
    if (y_ == 0) return;
    const bool heads = next && next->kind == SlideBlock::Kind::heading, headed = last_ && last_->kind == SlideBlock::Kind::heading;
    if (heads && headed) {
      // Headings of one size are lines of one sentence.
      y_ += next->level == last_->level ? em(size_of(*next)) * 0.06F : em(how_.sizes.text) * 0.5F;
    } else {
      y_ += heads ? em(how_.sizes.text) * 0.9F : headed ? em(how_.sizes.text) * 0.75F : em(how_.sizes.text) * 0.55F;
    }
  }
  float size_of(const SlideBlock& heading) const {
    return how_.sizes.headings[static_cast<std::size_t>(std::clamp(heading.level, 1, 6) - 1)] * how_.look.header_scale;
  }

  // Pictures beside each other.
  void add_row(const std::vector<std::size_t>& row) {
    if (row.empty()) return;
    gap(nullptr);
    const float between = 40 * how_.unit, wide = (width_ - between * static_cast<float>(row.size() - 1)) / static_cast<float>(row.size());
    const float high = std::max(how_.room, kLeastPicture * how_.unit);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const SlideImage& image = how_.slide.images[row[i]];
      const PictureFacts facts = how_.facts ? how_.facts(image) : PictureFacts{};
      LaidImage laid;
      laid.which = row[i];
      laid.living = facts.living;
      laid.missing = !facts.living && !(facts.width > 0 && facts.height > 0);
      laid.whole = image.size != SlideImage::Size::fill || laid.living;
      const float share = image.size == SlideImage::Size::percent ? std::clamp(static_cast<float>(image.percent) / 100, 0.05F, 1.0F) : 1.0F;
      laid.box = {x_ + static_cast<float>(i) * (wide + between) + wide * (1 - share) / 2, y_ + high * (1 - share) / 2, wide * share,
                  high * share};
      made_.images.push_back(laid);
    }
    y_ += high;
    made_.pictures += 1;
    last_ = nullptr;
  }

  void add_block(const SlideBlock& block) {
    gap(&block);
    switch (block.kind) {
      case SlideBlock::Kind::heading: add_heading(block); break;
      case SlideBlock::Kind::paragraph: add_paragraph(block); break;
      case SlideBlock::Kind::list: add_list(block); break;
      case SlideBlock::Kind::quote: add_quote(block); break;
      case SlideBlock::Kind::code: add_code(block); break;
      case SlideBlock::Kind::table: add_table(block); break;
    }
    last_ = &block;
  }

  LineLook text_look(float size) const {
    LineLook look;
    look.size = em(size);
    look.height = kTextHeight;
    look.color = how_.look.text;
    look.strong_color = how_.look.text_strong;
    look.link_color = how_.look.link;
    return look;
  }
  // Where a line of that width begins.
  static float shift(CellAlign align, float room, float width) {
    return align == CellAlign::left ? 0 : align == CellAlign::center ? (room - width) / 2 : room - width;
  }
  // Lines one below the other from y_ on; returns the width of the widest.
  float add_lines(const SlideLine& words, const LineLook& look, float x, float width, CellAlign align, std::size_t build = 0) {
    SetLines set = set_lines(words, look, width, how_.width);
    made_.breaks = made_.breaks || set.overflows;
    for (SetLine& line : set.lines) {
      place(line, x + shift(align, width, line.width), y_, build);
      y_ += line.height;
    }
    return set.width;
  }
  void place(SetLine& line, float x, float y, std::size_t build, LaidText::Part part = LaidText::Part::words) {
    ++line_;
    for (LaidText& each : line.pieces) {
      each.box.x += x;
      each.box.y += y;
      each.baseline += y;
      each.build = build;
      each.line = line_;
      each.part = part;
      made_.texts.push_back(std::move(each));
    }
  }

  void add_heading(const SlideBlock& block) {
    LineLook look;
    look.plain = block.level <= 3 ? SlideFace::light : SlideFace::regular;
    look.emphasis = SlideFace::medium;
    look.strong = SlideFace::heavy;
    look.height = kHeadingHeight;
    look.color = how_.look.header;
    look.strong_color = how_.look.header_strong;
    look.link_color = how_.look.header;
    look.balanced = true;
    for (const SlideLine& line : block.lines) {
      look.size = em(size_of(block));
      if (block.fit) {
        // As wide as there is room, but no higher than a third of it.
        const SetLines once = set_lines(line, look, 1e6F, how_.width);
        if (once.width > 0) look.size = std::min(look.size * width_ / once.width * 0.995F, 360 * how_.unit * how_.scale);
      }
      add_lines(line, look, x_, width_, how_.look.header_align);
    }
  }
  void add_paragraph(const SlideBlock& block) {
    LineLook look = text_look(how_.sizes.text * how_.look.text_scale);
    for (const SlideLine& line : block.lines) add_lines(line, look, x_, width_, how_.look.text_align);
  }
  void add_quote(const SlideBlock& block) {
    LineLook look = text_look(how_.sizes.quote);
    look.plain = SlideFace::light;
    look.strong = SlideFace::bold;
    look.height = kQuoteHeight;
    look.balanced = true;
    const float indent = std::min(em(52), width_ * 0.2F), from = y_;
    for (const SlideLine& line : block.lines) add_lines(line, look, x_ + indent, width_ - indent, CellAlign::left);
    if (!block.author.empty()) {
      y_ += em(20);
      LineLook author = text_look(how_.sizes.text * 0.8F);
      author.color = author.strong_color = how_.look.muted;
      SlideLine words = block.author;
      words.front().text = "\u2013\u00a0" + words.front().text;
      add_lines(words, author, x_ + indent, width_ - indent, CellAlign::left);
    }
    const float bar = indent * 0.15F;
    made_.shapes.push_back({{x_, from, bar, y_ - from}, how_.look.muted, bar / 2, 0});
  }

  static std::string number_text(const SlideItem& item) { return std::to_string(item.number) + "."; }
  float widest_number(const SlideBlock& list, const LineLook& number) const {
    float widest = 1;
    for (const SlideItem& each : list.items) {
      if (each.number > 0) widest = std::max(widest, how_.width({number.plain, number.size}, number_text(each)) + number.size * 0.35F);
    }
    return widest;
  }
  // How far words of a list begin behind where its dots or numbers do.
  float indent_of(const SlideBlock& list, const LineLook& number) const {
    int deepest = 0;
    for (const SlideItem& each : list.items) deepest = std::max(deepest, each.depth);
    const float indent = std::max(number.size * 1.2F, widest_number(list, number));
    return std::min(indent, width_ * kMostIndent / static_cast<float>(deepest + 1));
  }
  void add_list(const SlideBlock& block) {
    const LineLook look = text_look(how_.sizes.text * 1.05F * how_.look.text_scale);
    LineLook number = look;
    number.plain = SlideFace::medium;
    number.color = how_.look.muted;
    const float indent = indent_of(block, number);
    number.size *= std::min(1.0F, indent / widest_number(block, number));
    for (std::size_t i = 0; i < block.items.size(); ++i) {
      const SlideItem& item = block.items[i];
      if (i > 0) y_ += look.size * (item.depth == 0 ? 0.4F : 0.12F);
      if (how_.builds && item.depth == 0) ++made_.builds;
      const std::size_t build = how_.builds ? made_.builds : 0;
      const float left = x_ + indent * static_cast<float>(item.depth), middle = y_ + look.size * look.height / 2, from = y_;
      const float inner = left + indent, room = width_ - (inner - x_);
      if (item.number > 0) {
        add_lines({{number_text(item)}}, number, left, indent, CellAlign::left, build);
        y_ = from;
      } else {
        const float dot = std::min(look.size * (item.depth == 0 ? 0.2F : 0.15F), indent * 0.5F);
        made_.shapes.push_back({{left + indent * 0.15F, middle - dot / 2, dot, dot}, how_.look.muted, dot / 2, build});
      }
      for (const SlideLine& line : item.lines) add_lines(line, look, inner, room, CellAlign::left, build);
    }
  }

  SlideColor code_color(CodeKind kind) const {
    switch (kind) {
      case CodeKind::keyword:
      case CodeKind::name: return how_.look.keyword;
      case CodeKind::text: return how_.look.quoted;
      case CodeKind::number: return how_.look.number;
      case CodeKind::comment: return how_.look.muted;
      case CodeKind::plain: break;
    }
    return how_.look.text;
  }
  static std::vector<std::string> lines_of(std::string code) {
    std::vector<std::string> lines(1);
    for (const char c : code) {
      if (c == '\n') lines.emplace_back();
      else if (c == '\t') lines.back() += "    ";
      else if (c != '\r') lines.back() += c;
    }
    while (lines.size() > 1 && lines.back().find_first_not_of(' ') == std::string::npos) lines.pop_back();
    return lines;
  }
  void add_code(const SlideBlock& block) {
    const std::vector<std::string> lines = lines_of(block.code);
    const float margin = std::min(36 * how_.unit, width_ * 0.1F);
    float size = em(how_.sizes.code) * how_.code, longest = 0;
    for (const std::string& each : lines) longest = std::max(longest, how_.width({SlideFace::mono_bold, size}, each));
    // A line of code is never broken.
    if (longest > width_ - 2 * margin) size *= (width_ - 2 * margin) / longest * 0.99F;
    const float step = size * kCodeHeight, high = step * static_cast<float>(lines.size()) + margin * 1.4F;
    made_.shapes.push_back({{x_, y_, width_, high}, how_.look.panel, 14 * how_.unit, 0});
    float y = y_ + margin * 0.7F;
    bool in_comment = false;
    for (const std::string& each : lines) {
      add_code_line(each, block.language, in_comment, size, x_ + margin, y + step / 2);
      y += step;
    }
    y_ += high;
  }
  void add_code_line(const std::string& code, const std::string& language, bool& in_comment, float size, float x, float middle) {
    SetLine line;
    std::size_t at = 0;
    for (const CodeStretch& each : highlight(code, language, in_comment)) {
      at += each.text.size();
      const std::size_t first = each.text.find_first_not_of(' ');
      if (first == std::string_view::npos) continue;
      LaidText text;
      // Letters all have one width, so what stands before says where it begins.
      const std::string before = code.substr(0, at - each.text.size() + first);
      text.font = {each.kind == CodeKind::keyword ? SlideFace::mono_bold : SlideFace::mono, size};
      text.text = std::string(each.text.substr(first, each.text.find_last_not_of(' ') + 1 - first));
      text.color = code_color(each.kind);
      text.baseline = baseline_at(middle, size);
      text.box = {how_.width({SlideFace::mono, size}, before), text.baseline - kAscent * size, how_.width(text.font, text.text),
                  (kAscent + kDescent) * size};
      line.pieces.push_back(std::move(text));
    }
    place(line, x, 0, 0, LaidText::Part::code);
  }

  void add_table(const SlideBlock& block) {
    LineLook look = text_look(how_.sizes.table);
    const std::size_t columns = block.rows.empty() ? 0 : block.rows.front().size();
    if (columns == 0) return;
    // At least a letter wide each.
    look.size = std::min(look.size, width_ / (static_cast<float>(columns) * (1 + kBetweenCells)));
    const std::vector<Set> sets = table_columns(block, look, columns);
    for (std::size_t row = 0; row < block.rows.size(); ++row) {
      // A head without words is only there because Markdown asks for one.
      const bool worded =
          std::any_of(block.rows[row].begin(), block.rows[row].end(), [](const SlideLine& each) { return !plain(each).empty(); });
      if (row == 0 && !worded) continue;
      LineLook cells = look;
      if (row == 0) {
        cells.plain = SlideFace::medium;
        cells.size = look.size * 0.8F;
        cells.color = how_.look.muted;
      }
      add_row_of_cells(block, row, sets, cells);
      const bool last = row + 1 == block.rows.size();
      if (!last) {
        const float thick = std::max((row == 0 ? 3.0F : 1.5F) * how_.unit, 1.0F);
        made_.shapes.push_back(
            {{x_, y_, sets.back().x + sets.back().width - x_, thick}, row == 0 ? how_.look.muted : how_.look.line, 0, 0});
      }
    }
  }
  void add_row_of_cells(const SlideBlock& block, std::size_t row, const std::vector<Set>& sets, const LineLook& look) {
    const float padding = look.size * 0.22F, from = y_;
    float deepest = look.size * look.height;
    std::vector<SetLines> cells;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      cells.push_back(i < block.rows[row].size() ? set_lines(block.rows[row][i], look, sets[i].width, how_.width) : SetLines{});
      made_.breaks = made_.breaks || cells.back().overflows;
      deepest = std::max(deepest, cells.back().height);
    }
    for (std::size_t i = 0; i < sets.size(); ++i) {
      const CellAlign align = i < block.aligns.size() ? block.aligns[i] : CellAlign::left;
      float y = from + padding;
      for (SetLine& line : cells[i].lines) {
        place(line, sets[i].x + shift(align, sets[i].width, line.width), y, 0);
        y += line.height;
      }
    }
    y_ = from + deepest + 2 * padding;
  }
  // As wide as their words; where there is less room, the widest are narrowed.
  std::vector<Set> table_columns(const SlideBlock& block, const LineLook& look, std::size_t columns) const {
    std::vector<float> wide(columns, look.size);
    for (const auto& row : block.rows) {
      for (std::size_t i = 0; i < std::min(columns, row.size()); ++i)
        wide[i] = std::max(wide[i], set_lines(row[i], look, 1e6F, how_.width).width + 1);
    }
    const float between = look.size * kBetweenCells, room = width_ - between * static_cast<float>(columns - 1);
    float most = *std::max_element(wide.begin(), wide.end());
    const auto used = [&] {
      float all = 0;
      for (const float each : wide) all += std::min(each, most);
      return all;
    };
    while (used() > room && most > look.size) most *= 0.96F;
    std::vector<Set> sets;
    float x = x_;
    for (const float each : wide) {
      sets.push_back({x, std::min(each, most)});
      x = sets.back().x + sets.back().width + between;
    }
    return sets;
  }

  const Composing& how_;
  const float x_, width_;
  float y_ = 0;
  std::size_t line_ = 0;
  const SlideBlock* last_ = nullptr;
  Composed made_;
};

}  // namespace

Composed compose(const Composing& how, int column, float x, float width, const std::vector<std::size_t>& at_end) {
  return Column(how, x, width).compose(column, at_end);
}

}  // namespace nutshell
