#include "viz/app/press.h"

#include <string_view>
#include <utility>

#include "sim/command/failure.h"
#include "sim/command/options.h"

namespace nutshell {

KeyPress key_press(const std::string& word) {
  constexpr std::string_view kWithShift = "Shift+", kWithControl = "Ctrl+";
  if (word.starts_with(kWithShift) || word.starts_with(kWithControl)) {
    const bool shift = word.starts_with(kWithShift);
    KeyPress press = key_press(word.substr(shift ? kWithShift.size() : kWithControl.size()));
    (shift ? press.shift : press.control) = true;
    return press;
  }
  constexpr std::pair<std::string_view, KeyName> kNames[] = {
      {"Right", KeyName::right}, {"Left", KeyName::left}, {"Up", KeyName::up}, {"Down", KeyName::down},
      {"Enter", KeyName::enter}, {"Esc", KeyName::escape}, {"Tab", KeyName::tab}, {"Space", KeyName::character},
      {"Home", KeyName::home}, {"End", KeyName::end}, {"PgDn", KeyName::page_down}, {"PgUp", KeyName::page_up},
      {"F2", KeyName::f2}, {"F3", KeyName::f3}, {"F4", KeyName::f4}, {"F5", KeyName::f5}};
  for (const auto& [name, key] : kNames) {
    if (word == name) return {key, key == KeyName::character ? U' ' : char32_t{0}, false, false};
  }
  if (word.size() != 1 || word[0] <= ' ')
    throw Failure("--press knows no key '" + word + "'; write characters, Right, Enter, Shift+K, Ctrl+0, ...", kExitBadInput);
  const char letter = word[0] >= 'A' && word[0] <= 'Z' ? static_cast<char>(word[0] - 'A' + 'a') : word[0];
  return {KeyName::character, static_cast<char32_t>(letter), false, false};
}

}  // namespace nutshell
