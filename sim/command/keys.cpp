#include "sim/command/keys.h"

#include <array>
#include <string_view>
#include <utility>

namespace nutshell {

namespace {

constexpr std::array<std::pair<std::string_view, Key>, 16> kSequences = {{{"\x1b[C", Key::forward},
                                                                          {"\x1bOC", Key::forward},
                                                                          {"\x1b[D", Key::back},
                                                                          {"\x1bOD", Key::back},
                                                                          {"\x1b[A", Key::faster},
                                                                          {"\x1bOA", Key::faster},
                                                                          {"\x1b[B", Key::slower},
                                                                          {"\x1bOB", Key::slower},
                                                                          {"\x1b[6~", Key::next_beat},
                                                                          {"\x1b[5~", Key::previous_beat},
                                                                          {"\x1b[H", Key::first},
                                                                          {"\x1bOH", Key::first},
                                                                          {"\x1b[1~", Key::first},
                                                                          {"\x1b[F", Key::last},
                                                                          {"\x1bOF", Key::last},
                                                                          {"\x1b[4~", Key::last}}};

std::optional<Key> plain_key(char c) {
  switch (c) {
    case ' ': return Key::play_pause;
    case '.': return Key::event;
    case ',': return Key::event_back;
    case 'n': return Key::next_beat;
    case 'p': return Key::previous_beat;
    case '+': return Key::faster;
    case '-': return Key::slower;
    case 'a': case 'A': return Key::answer_a;
    case 'b': case 'B': return Key::answer_b;
    case 'c': case 'C': return Key::answer_c;
    case 'd': case 'D': return Key::answer_d;
    case '\x0c': return Key::redraw;
    case 'q': case 'Q': case '\x03': return Key::quit;
    default: return std::nullopt;
  }
}

// Length of the escape sequence at the start: ESC [ parameters letter, or ESC O letter; 0: not complete.
std::size_t sequence_length(std::string_view bytes) {
  if (bytes.size() < 2) return 0;
  if (bytes[1] == 'O') return bytes.size() < 3 ? 0 : 3;
  if (bytes[1] != '[') return 1;
  for (std::size_t i = 2; i < bytes.size(); ++i) {
    if (bytes[i] >= 0x40 && bytes[i] <= 0x7e) return i + 1;
  }
  return 0;
}

std::optional<Key> key_of(std::string_view sequence) {
  for (const auto& [bytes, key] : kSequences) {
    if (bytes == sequence) return key;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Key> take_key(std::string& bytes, bool final) {
  while (!bytes.empty()) {
    if (bytes.front() != '\x1b') {
      const std::optional<Key> key = plain_key(bytes.front());
      bytes.erase(0, 1);
      if (key) return key;
      continue;
    }
    std::size_t length = sequence_length(bytes);
    if (length == 0 && !final) return std::nullopt;
    if (length == 0) length = bytes.size();
    const std::optional<Key> key = key_of(std::string_view(bytes).substr(0, length));
    bytes.erase(0, length);
    if (key) return key;
  }
  return std::nullopt;
}

}  // namespace nutshell
