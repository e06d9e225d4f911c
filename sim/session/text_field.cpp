#include "sim/session/text_field.h"

#include <algorithm>

namespace nutshell {

namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// One character further, of however many bytes.
std::size_t after(const std::string& text, std::size_t at) {
  if (at < text.size()) ++at;
  while (at < text.size() && continues(text[at])) ++at;
  return at;
}
std::size_t before(const std::string& text, std::size_t at) {
  if (at > 0) --at;
  while (at > 0 && continues(text[at])) --at;
  return at;
}

// Words end where a blank, a dot or an equals sign stands: configuration keys are made of such.
bool parts(char byte) { return byte == ' ' || byte == '.' || byte == '=' || byte == '-' || byte == '/'; }
std::size_t word_after(const std::string& text, std::size_t at) {
  while (at < text.size() && parts(text[at])) ++at;
  while (at < text.size() && !parts(text[at])) ++at;
  return at;
}
std::size_t word_before(const std::string& text, std::size_t at) {
  while (at > 0 && parts(text[at - 1])) --at;
  while (at > 0 && !parts(text[at - 1])) --at;
  return at;
}

std::string utf8(char32_t character) {
  std::string text;
  const auto byte = [&](char32_t value) { text += static_cast<char>(value); };
  if (character < 0x80) {
    byte(character);
  } else if (character < 0x800) {
    byte(0xc0 | character >> 6);
    byte(0x80 | (character & 0x3f));
  } else {
    byte(0xe0 | (character >> 12 & 0x0f));
    byte(0x80 | (character >> 6 & 0x3f));
    byte(0x80 | (character & 0x3f));
  }
  return text;
}

// Text that is taken out of another may have been longer.
void stay_inside(const std::string& text, Caret& caret) {
  caret.at = std::min(caret.at, text.size());
  caret.anchor = std::min(caret.anchor, text.size());
}

// With Shift what is gone over is selected; without it, a selection ends at its own end.
void go(Caret& caret, std::size_t to, const KeyPress& press, std::size_t end_of_selection) {
  if (!press.shift && caret.at != caret.anchor && !press.control) to = end_of_selection;
  caret.at = to;
  if (!press.shift) caret.anchor = to;
}

void erase_to(std::string& text, Caret& caret, std::size_t to) {
  if (caret.at == caret.anchor) caret.anchor = to;
  insert(text, caret, "");
}

}  // namespace

std::string selected(const std::string& text, Caret caret) {
  stay_inside(text, caret);
  return text.substr(caret.first(), caret.last() - caret.first());
}

void insert(std::string& text, Caret& caret, std::string_view more) {
  stay_inside(text, caret);
  const std::size_t from = caret.first();
  text.replace(from, caret.last() - from, more);
  caret.at = caret.anchor = from + more.size();
}

bool edit(std::string& text, Caret& caret, const KeyPress& press) {
  stay_inside(text, caret);
  const bool words = press.control;
  switch (press.key) {
    case KeyName::left:
      go(caret, words ? word_before(text, caret.at) : before(text, caret.at), press, caret.first());
      return true;
    case KeyName::right:
      go(caret, words ? word_after(text, caret.at) : after(text, caret.at), press, caret.last());
      return true;
    case KeyName::home: go(caret, 0, press, 0); return true;
    case KeyName::end: go(caret, text.size(), press, text.size()); return true;
    case KeyName::backspace:
      erase_to(text, caret, words ? word_before(text, caret.at) : before(text, caret.at));
      return true;
    case KeyName::del: erase_to(text, caret, words ? word_after(text, caret.at) : after(text, caret.at)); return true;
    case KeyName::character: break;
    default: return false;
  }
  if (press.control) {
    if (press.character != U'a') return false;
    select_all(text, caret);
    return true;
  }
  if (press.character < U' ' || press.character == 127) return false;
  const bool capital = press.shift && press.character >= U'a' && press.character <= U'z';
  insert(text, caret, utf8(capital ? press.character - U'a' + U'A' : press.character));
  return true;
}

}  // namespace nutshell
