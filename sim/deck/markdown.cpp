#include "sim/deck/markdown.h"

#include <md4c.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace nutshell {

namespace {

// A character as UTF-8; of a number that is none, nothing.
std::string utf8(std::uint32_t code) {
  std::string bytes;
  const auto rest = [&](int shift) { bytes += static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return bytes;
  if (code < 0x80) return std::string(1, static_cast<char>(code));
  if (code < 0x800) bytes += static_cast<char>(0xC0 | code >> 6);
  else if (code < 0x10000) bytes += static_cast<char>(0xE0 | code >> 12), rest(6);
  else bytes += static_cast<char>(0xF0 | code >> 18), rest(12), rest(6);
  rest(0);
  return bytes;
}

// "&amp;", "&#8364;", "&#x20AC;"; what is none of those stands as it is.
std::string entity(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", "\u00a0"}, {"&hellip;", "\u2026"},
      {"&ndash;", "\u2013"}, {"&mdash;", "\u2014"}, {"&rarr;", "\u2192"}, {"&larr;", "\u2190"}, {"&times;", "\u00d7"}};
  for (const auto& [name, means] : kNames) {
    if (text == name) return std::string(means);
  }
  if (text.size() > 3 && text[1] == '#') {
    const bool hex = text[2] == 'x' || text[2] == 'X';
    const char *from = text.data() + (hex ? 3 : 2), *to = text.data() + text.size() - 1;
    std::uint32_t code = 0;
    const auto [end, error] = std::from_chars(from, to, code, hex ? 16 : 10);
    if (error == std::errc() && end == to) return utf8(code);
  }
  return std::string(text);
}

// The name of a tag in lower case, with the slash of one that closes: "br", "/sub"; of a comment "!".
std::string tag_name(std::string_view tag) {
  std::string name;
  for (std::size_t i = 1; i < tag.size(); ++i) {
    const char c = tag[i];
    if (c == '!' && name.empty()) return "!";
    const bool part = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c == '/' && name.empty());
    if (!part) break;
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

// What md4c tells, one call after another, becomes the blocks of a slide.
class BlockReader {
 public:
  BlockReader(int column, Slide& slide, std::vector<std::string>& unknown) : column_(column), slide_(slide), unknown_(unknown) {}

  void enter(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_H: begin(SlideBlock::Kind::heading).level = static_cast<int>(static_cast<MD_BLOCK_H_DETAIL*>(detail)->level); break;
      case MD_BLOCK_QUOTE:
        if (quotes_++ == 0 && lists_.empty()) begin(SlideBlock::Kind::quote);
        return;
      case MD_BLOCK_P: begin_paragraph(); break;
      case MD_BLOCK_UL: return begin_list(-1);
      case MD_BLOCK_OL: return begin_list(static_cast<int>(static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start));
      case MD_BLOCK_LI: begin_item(); break;
      case MD_BLOCK_CODE: {
        const MD_ATTRIBUTE& language = static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->lang;
        begin(SlideBlock::Kind::code).language.assign(language.text ? language.text : "", language.size);
        in_code_ = true;
        return;
      }
      case MD_BLOCK_TABLE: begin(SlideBlock::Kind::table); return;
      case MD_BLOCK_TR: block().rows.emplace_back(); return;
      case MD_BLOCK_TH:
      case MD_BLOCK_TD: return begin_cell(static_cast<MD_BLOCK_TD_DETAIL*>(detail)->align, type == MD_BLOCK_TH);
      default: return;
    }
  }
  void leave(MD_BLOCKTYPE type) {
    if (type == MD_BLOCK_QUOTE && --quotes_ == 0 && lists_.empty()) name_author();
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) lists_.pop_back();
    if (type == MD_BLOCK_CODE) in_code_ = false;
    if (type == MD_BLOCK_H) take_fit();
  }
  void enter(MD_SPANTYPE type, void* detail) {
    if (type == MD_SPAN_IMG) {
      const MD_ATTRIBUTE& path = static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src;
      image_path_.assign(path.text ? path.text : "", path.size);
      in_image_ = true;
    } else if (type == MD_SPAN_A) {
      const MD_ATTRIBUTE& to = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
      look_.link.assign(to.text ? to.text : "", to.size);
    }
    count(type, 1);
  }
  void leave(MD_SPANTYPE type) {
    if (type == MD_SPAN_IMG) end_image();
    if (type == MD_SPAN_A) look_.link.clear();
    count(type, -1);
  }
  void text(MD_TEXTTYPE type, std::string_view text) {
    if (in_image_) {
      image_words_ += type == MD_TEXT_SOFTBR || type == MD_TEXT_BR ? " " : std::string(text);
      return;
    }
    if (in_code_) {
      block().code += text;
      return;
    }
    switch (type) {
      case MD_TEXT_BR: return break_line();
      case MD_TEXT_SOFTBR: return add(" ");
      case MD_TEXT_ENTITY: return add(entity(text));
      case MD_TEXT_NULLCHAR: return;
      case MD_TEXT_HTML: return take_tag(text);
      default: return add(std::string(text));
    }
  }
  // Blocks that have nothing in them were pictures alone.
  void finish() {
    for (std::size_t i = slide_.blocks.size(); i-- > 0;) {
      SlideBlock& each = slide_.blocks[i];
      for (SlideLine& line : each.lines) trim(line);
      std::erase_if(each.lines, [](const SlideLine& line) { return line.empty(); });
      const bool worded = each.kind == SlideBlock::Kind::heading || each.kind == SlideBlock::Kind::paragraph;
      if (!worded || !each.lines.empty()) continue;
      slide_.blocks.erase(slide_.blocks.begin() + static_cast<std::ptrdiff_t>(i));
      for (SlideImage& image : slide_.images) image.before -= image.before > i ? 1 : 0;
    }
  }

 private:
  SlideBlock& block() { return slide_.blocks.back(); }
  SlideBlock& begin(SlideBlock::Kind kind) {
    slide_.blocks.emplace_back();
    block().kind = kind;
    block().column = column_;
    block().lines.emplace_back();
    where_ = Where::block;
    return block();
  }
  void begin_paragraph() {
    if (!lists_.empty() && !block().items.empty()) {
      // The first paragraph of an item is the item's own.
      if (!block().items.back().lines.back().empty()) block().items.back().lines.emplace_back();
      where_ = Where::item;
    } else if (quotes_ > 0 && block().kind == SlideBlock::Kind::quote) {
      if (!block().lines.back().empty()) block().lines.emplace_back();
      where_ = Where::block;
    } else {
      begin(quotes_ > 0 ? SlideBlock::Kind::quote : SlideBlock::Kind::paragraph);
    }
  }
  void begin_list(int first) {
    if (lists_.empty()) begin(SlideBlock::Kind::list).lines.clear();
    lists_.push_back(first < 0 ? -1 : std::max(first, 1));
  }
  void begin_item() {
    SlideItem item;
    item.depth = static_cast<int>(lists_.size()) - 1;
    if (lists_.back() >= 0) item.number = lists_.back()++;
    item.lines.emplace_back();
    // Code, say, has stood between the items.
    if (block().kind != SlideBlock::Kind::list) begin(SlideBlock::Kind::list).lines.clear();
    block().items.push_back(std::move(item));
    where_ = Where::item;
  }
  void begin_cell(MD_ALIGN align, bool head) {
    if (head)
      block().aligns.push_back(align == MD_ALIGN_RIGHT    ? CellAlign::right
                               : align == MD_ALIGN_CENTER ? CellAlign::center
                                                          : CellAlign::left);
    block().rows.back().emplace_back();
    where_ = Where::cell;
  }
  // Where words go now; nullptr: nowhere.
  SlideLine* line() {
    if (slide_.blocks.empty()) return nullptr;
    SlideBlock& here = block();
    switch (where_) {
      case Where::item: return here.items.empty() ? nullptr : &here.items.back().lines.back();
      case Where::cell: return here.rows.empty() || here.rows.back().empty() ? nullptr : &here.rows.back().back();
      case Where::block: break;
    }
    return here.lines.empty() ? nullptr : &here.lines.back();
  }
  void add(std::string words) {
    SlideLine* to = line();
    if (!to || words.empty()) return;
    SlideText text = look_;
    text.text = std::move(words);
    if (!to->empty() && to->back().looks_like(text)) to->back().text += text.text;
    else to->push_back(std::move(text));
  }
  void break_line() {
    if (where_ == Where::item) block().items.back().lines.emplace_back();
    else if (where_ == Where::block && !slide_.blocks.empty()) block().lines.emplace_back();
    else add(" ");
  }
  void count(MD_SPANTYPE type, int by) {
    switch (type) {
      case MD_SPAN_STRONG: look_.strong = (strong_ = std::max(strong_ + by, 0)) > 0; return;
      case MD_SPAN_EM: look_.emphasis = (emphasis_ = std::max(emphasis_ + by, 0)) > 0; return;
      case MD_SPAN_CODE: look_.code = by > 0; return;
      case MD_SPAN_DEL: look_.struck = by > 0; return;
      default: return;
    }
  }
  void take_tag(std::string_view tag) {
    const std::string name = tag_name(tag);
    const bool closes = name.starts_with('/');
    const std::string_view what = std::string_view(name).substr(closes ? 1 : 0);
    if (what == "br") break_line();
    else if (what == "sub" || what == "sup")
      look_.shift = closes ? SlideText::Shift::none : what == "sub" ? SlideText::Shift::sub : SlideText::Shift::sup;
    else if (what == "b" || what == "strong") count(MD_SPAN_STRONG, closes ? -1 : 1);
    else if (what == "i" || what == "em") count(MD_SPAN_EM, closes ? -1 : 1);
    else if (name == "!" || name.empty()) return;
    else if (std::find(unknown_.begin(), unknown_.end(), what) == unknown_.end()) unknown_.emplace_back(what);
  }
  void end_image() {
    SlideImage image;
    image.path = std::exchange(image_path_, {});
    image.column = column_;
    read_image_words(std::exchange(image_words_, {}), image);
    image.before = slide_.blocks.size();
    slide_.images.push_back(std::move(image));
    in_image_ = false;
  }
  // "# [fit] Title"
  void take_fit() {
    constexpr std::string_view kFit = "[fit]";
    SlideBlock& heading = block();
    if (heading.lines.empty() || heading.lines.front().empty()) return;
    std::string& first = heading.lines.front().front().text;
    if (!first.starts_with(kFit)) return;
    heading.fit = true;
    first.erase(0, kFit.size());
  }
  // A quote may end with "-- Name".
  void name_author() {
    if (slide_.blocks.empty() || block().kind != SlideBlock::Kind::quote) return;
    std::vector<SlideLine>& lines = block().lines;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      for (std::size_t j = 0; j < lines[i].size(); ++j) {
        std::string& words = lines[i][j].text;
        const std::size_t at = words.starts_with("-- ") ? 0 : words.find(" -- ");
        if (at == std::string::npos) continue;
        SlideText name = lines[i][j];
        name.text = words.substr(words.find("-- ", at) + 3);
        block().author = {name};
        block().author.insert(block().author.end(), lines[i].begin() + static_cast<std::ptrdiff_t>(j) + 1, lines[i].end());
        words.resize(at);
        lines[i].resize(words.empty() ? j : j + 1);
        lines.resize(i + 1);
        return;
      }
    }
  }
  static void trim(SlideLine& line) {
    while (!line.empty() && line.front().text.find_first_not_of(' ') == std::string::npos) line.erase(line.begin());
    if (!line.empty()) line.front().text.erase(0, line.front().text.find_first_not_of(' '));
    while (!line.empty() && line.back().text.find_last_not_of(' ') == std::string::npos) line.pop_back();
    if (!line.empty()) line.back().text.resize(line.back().text.find_last_not_of(' ') + 1);
  }

  enum class Where : std::uint8_t { block, item, cell };
  int column_;
  Slide& slide_;
  std::vector<std::string>& unknown_;
  Where where_ = Where::block;
  SlideText look_;
  int strong_ = 0, emphasis_ = 0, quotes_ = 0;
  std::vector<int> lists_;  // that are open: the next number, -1: bullets
  bool in_code_ = false, in_image_ = false;
  std::string image_path_, image_words_;
};

}  // namespace

void read_markdown(std::string_view text, int column, Slide& slide, std::vector<std::string>& unknown) {
  BlockReader reader(column, slide, unknown);
  MD_PARSER parser{};
  parser.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTMLBLOCKS | MD_FLAG_NOINDENTEDCODEBLOCKS;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
    static_cast<BlockReader*>(user)->enter(type, detail);
    return 0;
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) {
    static_cast<BlockReader*>(user)->leave(type);
    return 0;
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
    static_cast<BlockReader*>(user)->enter(type, detail);
    return 0;
  };
  parser.leave_span = [](MD_SPANTYPE type, void*, void* user) {
    static_cast<BlockReader*>(user)->leave(type);
    return 0;
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* from, MD_SIZE size, void* user) {
    static_cast<BlockReader*>(user)->text(type, std::string_view(from, size));
    return 0;
  };
  md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &reader);
  reader.finish();
}

}  // namespace nutshell
