// The tabs of the side panel, a row each: the panel, the keys, share codes and `shot --tab` know them from here.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "sim/session/session.h"
#include "viz/panels/panels.h"

namespace nutshell {

inline constexpr std::size_t kTabs = static_cast<std::size_t>(Tab::console) + 1;

struct TabRow {
  Tab tab;
  std::string_view title;  // as the panel prints it
  std::string_view word;   // as an option names it
  std::uint8_t code;       // in share codes: a number never comes to mean another tab
  bool tells_all;          // it lists everything, and with it what a question asks for
  void (*draw)(PanelUi& ui, const Session& session, Rect area);
};

const std::array<TabRow, kTabs>& tabs();
const TabRow& row_of(Tab tab);
// The one after it, around, of those that have something to show.
Tab tab_after(Tab tab, const Session& session);
std::optional<Tab> tab_of_word(std::string_view word);
std::optional<Tab> tab_of_code(std::uint8_t code);
// "lesson, events or promises", for options.
std::string tab_words();

}  // namespace nutshell
