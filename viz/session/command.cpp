#include "viz/session/command.h"

#include <array>

namespace nutshell {

namespace {

Binding named(KeyName key, CommandName name, std::string_view keys, std::string_view label, bool shift = false,
              bool control = false) {
  return {key, 0, shift, control, {name, 0, {}}, keys, label};
}
Binding typed(char32_t character, CommandName name, std::string_view keys, std::string_view label,
              std::int64_t value = 0) {
  return {KeyName::character, character, false, false, {name, value, {}}, keys, label};
}

std::vector<Binding> make_bindings() {
  using enum CommandName;
  return {
      named(KeyName::right, next, "→", "next caption or question, else one event"),
      named(KeyName::page_down, next, "", ""),
      named(KeyName::left, back, "←", "back to the one before"),
      named(KeyName::page_up, back, "", ""),
      named(KeyName::right, step, "Shift →", "one event forward", true),
      named(KeyName::left, step_back, "Shift ←", "one event back", true),
      named(KeyName::right, next_moment, "Ctrl →", "next interesting moment", false, true),
      named(KeyName::left, previous_moment, "Ctrl ←", "the one before", false, true),
      typed(U' ', play_pause, "Space", "play, pause"),
      named(KeyName::f5, play_pause, "", ""),
      named(KeyName::up, faster, "↑", "faster"),
      named(KeyName::down, slower, "↓", "slower"),
      named(KeyName::home, home, "Home", "to the beginning"),
      named(KeyName::end, end, "End", "to the end"),
      typed(U'a', answer, "A to D", "answer the question", 0),
      typed(U'b', answer, "", "", 1),
      typed(U'c', answer, "", "", 2),
      typed(U'd', answer, "", "", 3),
      named(KeyName::enter, reveal, "Enter", "show the answer; open a lesson"),
      typed(U'l', run_until, "L", "run until a leader changes", static_cast<std::int64_t>(Until::leader_change)),
      typed(U'r', run_until, "R", "run until a group is Stable", static_cast<std::int64_t>(Until::group_stable)),
      typed(U's', run_until, "S", "run until an ISR changes", static_cast<std::int64_t>(Until::isr_change)),
      typed(U'x', run_until, "X", "run until a promise breaks", static_cast<std::int64_t>(Until::promise_broken)),
      typed(U'0', run_until, "0", "run until nobody lags", static_cast<std::int64_t>(Until::lag_zero)),
      typed(U'g', gallery, "G", "all lessons"),
      typed(U'h', hidden_traffic, "H", "hidden traffic: heartbeats, empty fetches"),
      typed(U'm', reduced_motion, "M", "less motion: what changes fades over"),
      typed(U'i', panel, "I", "show or hide the side panel"),
      named(KeyName::tab, tab, "Tab", "the next tab of the side panel"),
      named(KeyName::f9, projector, "F9", "projector: large, for the back row"),
      typed(U'p', projector, "", ""),
      typed(U't', light, "T", "light or dark"),
      named(KeyName::f11, full_screen, "F11", "full screen"),
      typed(U'.', black, ".", "black screen"),
      typed(U'?', keys, "?", "these keys"),
      named(KeyName::escape, close, "Esc", "close what is open"),
      typed(U'q', quit, "Q", "quit"),
  };
}

}  // namespace

std::string_view until_label(Until until) {
  constexpr std::array<std::string_view, kUntils> kLabels = {"leader change", "group Stable", "ISR change",
                                                             "promise broken", "lag 0"};
  return kLabels[static_cast<std::size_t>(until)];
}

const std::vector<Binding>& bindings() {
  static const std::vector<Binding> kBindings = make_bindings();
  return kBindings;
}

std::optional<Command> command_of(const KeyPress& press) {
  for (const Binding& each : bindings()) {
    if (each.key != press.key || each.character != press.character || each.control != press.control) continue;
    if (press.key == KeyName::character || each.shift == press.shift) return each.command;
  }
  return std::nullopt;
}

std::string_view key_text(CommandName name) {
  for (const Binding& each : bindings()) {
    if (each.command.name == name && !each.keys.empty()) return each.keys;
  }
  return "";
}

}  // namespace nutshell
