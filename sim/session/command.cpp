#include "sim/session/command.h"

#include <array>

#include "sim/session/offers.h"

namespace nutshell {

namespace {

Binding named(KeyName key, CommandName name, std::string_view keys, std::string_view label, bool shift = false,
              bool control = false, std::int64_t value = 0) {
  return {key, 0, shift, control, {name, value, {}}, keys, label};
}
Binding typed(char32_t character, CommandName name, std::string_view keys, std::string_view label,
              std::int64_t value = 0, bool shift = false, bool control = false) {
  return {KeyName::character, character, shift, control, {name, value, {}}, keys, label};
}

// Back and forth in time.
std::vector<Binding> bindings_of_time() {
  using enum CommandName;
  return {
      named(KeyName::right, next, "→", "next caption, question or moment"),
      named(KeyName::page_down, next, "", ""),
      named(KeyName::left, back, "←", "back to the one before"),
      named(KeyName::page_up, back, "", ""),
      named(KeyName::right, step, "Shift →", "one event forward", true),
      named(KeyName::left, step_back, "Shift ←", "one event back", true),
      named(KeyName::right, next_moment, "Ctrl →", "next interesting moment", false, true),
      named(KeyName::left, previous_moment, "Ctrl ←", "the one before", false, true),
      typed(U' ', play_pause, "Space", "play, pause"),
      named(KeyName::f5, play_pause, "", ""),
      // Presenters' remotes have one button that sends F5 and, the next time, Shift F5 or Esc.
      named(KeyName::f5, play_pause, "", "", true),
      named(KeyName::up, faster, "↑", "faster"),
      named(KeyName::down, slower, "↓", "slower"),
      named(KeyName::home, section_start, "Home", "start of the section, then of the one before"),
      named(KeyName::home, home, "Shift Home", "start of the lesson", true),
      typed(U'1', section, "1 to 9", "to that section of the lesson", 1),
      named(KeyName::end, end, "End", "to the end"),
      typed(U'a', answer, "A to D", "answer the question", 0),
      typed(U'b', answer, "", "", 1),
      typed(U'c', answer, "", "", 2),
      typed(U'd', answer, "", "", 3),
      named(KeyName::enter, reveal, "Enter", "show the answer; open a lesson"),
      typed(U'j', jump, "J", "run until: a time, a leader change, lag 0"),
  };
}

// What changes the cluster, and branches.
std::vector<Binding> bindings_of_hands() {
  using enum CommandName;
  return {
      typed(U'c', tool, "C", "kill what is selected", static_cast<std::int64_t>(Tool::crash)),
      typed(U'r', tool, "R", "start it", static_cast<std::int64_t>(Tool::start)),
      typed(U's', tool, "S", "stop it cleanly", static_cast<std::int64_t>(Tool::stop)),
      typed(U'p', tool, "P", "pause it", static_cast<std::int64_t>(Tool::pause)),
      typed(U'x', tool, "X", "cut its links", static_cast<std::int64_t>(Tool::cut)),
      typed(U'd', tool, "D", "slow it", static_cast<std::int64_t>(Tool::slow)),
      typed(U'l', tool, "L", "delay its messages", static_cast<std::int64_t>(Tool::delay)),
      typed(U'o', tool, "O", "drop a message", static_cast<std::int64_t>(Tool::drop)),
      typed(U'+', tool, "+", "add a consumer", static_cast<std::int64_t>(Tool::add_consumer)),
      typed(U'-', tool, "-", "remove a consumer", static_cast<std::int64_t>(Tool::remove_consumer)),
      typed(U'n', tool, "N", "add a producer", static_cast<std::int64_t>(Tool::add_producer)),
      typed(U'b', tool, "B", "add a broker", static_cast<std::int64_t>(Tool::add_broker)),
      typed(U'k', tool, "K", "change a configuration key", static_cast<std::int64_t>(Tool::config)),
      typed(U't', tool, "Shift T", "create a topic", static_cast<std::int64_t>(Tool::add_topic), true),
      typed(U'z', tool, "Shift Z", "the zone that it stands in loses power", static_cast<std::int64_t>(Tool::lose_zone), true),
      typed(U'm', menu, "M", "menu of what is selected"),
      typed(U'y', why, "Y", "why is what is selected so?"),
      typed(U'u', undo, "U", "undo: back to where the branch began"),
      typed(U'u', redo, "Shift U", "redo", 0, true),
      typed(U'z', undo, "", "", 0, false, true),
      typed(U'y', redo, "", "", 0, false, true),
      typed(U's', save, "Ctrl S", "save what was done as a scenario", 0, false, true),
      typed(U'c', share, "Ctrl C", "copy this moment as a share code", 0, false, true),
      typed(U'\\', compare, "\\", "compare side by side, or let go"),
      typed(U'e', to_divergence, "E", "to where the two part"),
      typed(U'\'', mark, "'", "mark this moment: what differs from it"),
      typed(U'w', branches, "W", "all branches"),
  };
}

// How it is looked at.
std::vector<Binding> bindings_of_view() {
  using enum CommandName;
  return {
      typed(U'f', figures, "F", "figures: readers, replication, metrics"),
      typed(U']', zoom_figure, "] [", "figures: a shorter or longer time", 1),
      typed(U'[', zoom_figure, "", "", -1),
      typed(U'i', inspect, "Ctrl I", "inspect what is selected; also Enter", 0, false, true),
      typed(U',', notes, ",", "what is simplified here"),
      typed(U'g', gallery, "G", "all lessons; there N: an empty cluster"),
      typed(U'h', hidden_traffic, "H", "hidden traffic: heartbeats, empty fetches"),
      typed(U'k', record_keys, "Shift K", "hues of records: by key, or by epoch", 0, true),
      typed(U'v', main_area, "V", "stage, space-time diagram, both, or the logs"),
      typed(U'a', time_axis, "A", "time axis of the diagram"),
      typed(U'm', reduced_motion, "Shift M", "less motion: what changes fades over", 0, true),
      typed(U'i', panel, "I", "show or hide the side panel"),
      typed(U'i', tab, "Shift I", "the next tab of the side panel", 0, true),
      typed(U'/', find, "/", "find in the list of events"),
      typed(U';', console, ";", "type statements at a ksqlDB server"),
      named(KeyName::tab, walk, "Tab", "select the next place; Shift: the one before", false, false, 1),
      named(KeyName::tab, walk, "", "", true, false, -1),
      typed(U'z', focus, "Z", "focus on what is selected, and back"),
      typed(U'+', zoom, "Ctrl + -", "zoom; Ctrl 0: all of it", 1, false, true),
      typed(U'=', zoom, "", "", 1, false, true),
      typed(U'-', zoom, "", "", -1, false, true),
      typed(U'0', zoom, "", "", 0, false, true),
      named(KeyName::f8, text_size, "F7 F8", "smaller, larger words", false, false, 1),
      named(KeyName::f7, text_size, "", "", false, false, -1),
      named(KeyName::f9, projector, "F9", "projector: large, for the back row"),
      typed(U't', light, "T", "light or dark"),
      typed(U's', sound, "Shift S", "sounds, or none", 0, true),
      named(KeyName::f11, full_screen, "F11", "full screen"),
      typed(U'$', costs, "$", "what a load costs, with other systems beside it"),
      typed(U'%', schemas, "%", "changes of a schema: who may read what"),
      typed(U'&', wires, "&", "wires between programs, counted"),
      typed(U'.', black, ".", "black screen"),
      typed(U'?', keys, "?", "these keys"),
      named(KeyName::escape, close, "Esc", "close, or let go"),
      typed(U'q', quit, "Q", "quit"),
  };
}

std::vector<Binding> make_bindings() {
  std::vector<Binding> all = bindings_of_time();
  for (const auto& more : {bindings_of_hands(), bindings_of_view()}) all.insert(all.end(), more.begin(), more.end());
  for (std::int64_t n = 2; n <= 9; ++n) all.push_back(typed(static_cast<char32_t>(U'0' + n), CommandName::section, "", "", n));
  return all;
}

}  // namespace

std::string_view until_label(Until until) {
  constexpr std::array<std::string_view, kUntils> kLabels = {"leader change", "group Stable", "ISR change",
                                                             "promise broken", "lag 0"};
  return kLabels[static_cast<std::size_t>(until)];
}

char until_letter(Until until) {
  constexpr std::string_view kLetters = "LGIPN";
  static_assert(kLetters.size() == kUntils);
  return kLetters[static_cast<std::size_t>(until)];
}

const std::vector<Binding>& bindings() {
  static const std::vector<Binding> kBindings = make_bindings();
  return kBindings;
}

std::optional<Command> command_of(const KeyPress& press, bool letters_answer) {
  for (const Binding& each : bindings()) {
    if (each.key != press.key || each.character != press.character || each.control != press.control) continue;
    if (each.command.name == CommandName::answer && !letters_answer) continue;
    // What Shift does to a character that is no letter, the character says.
    const bool letter = press.character >= U'a' && press.character <= U'z';
    if (each.shift == press.shift || (press.key == KeyName::character && !letter)) return each.command;
  }
  return std::nullopt;
}

const std::vector<PadBinding>& pad_bindings() {
  using enum CommandName;
  static const std::vector<PadBinding> kBindings = {
      {PadButton::a, next, "A", "next caption or question; opens a lesson"},
      {PadButton::b, back, "B", "back to the one before"},
      {PadButton::x, play_pause, "X", "play, pause"},
      {PadButton::y, why, "Y", "why is what is selected so?"},
      {PadButton::right, step, "→", "one event forward"},
      {PadButton::left, step_back, "←", "one event back"},
      {PadButton::up, faster, "↑", "faster"},
      {PadButton::down, slower, "↓", "slower"},
      {PadButton::right_shoulder, next_moment, "R", "next interesting moment"},
      {PadButton::left_shoulder, previous_moment, "L", "the one before"},
      {PadButton::start, gallery, "Start", "all lessons"},
      {PadButton::back, projector, "Back", "projector: large, for the back row"},
  };
  return kBindings;
}

Command command_of(PadButton button, bool choosing) {
  if (choosing && button == PadButton::a) return {CommandName::reveal, 0, {}};
  if (choosing && button == PadButton::b) return {CommandName::close, 0, {}};
  if (choosing && button == PadButton::right) return {CommandName::next, 0, {}};
  if (choosing && button == PadButton::left) return {CommandName::back, 0, {}};
  for (const PadBinding& each : pad_bindings()) {
    if (each.button == button) return {each.command, 0, {}};
  }
  return {CommandName::close, 0, {}};
}

Duration scrubbed(float stick, Duration wall, Duration run) {
  // By the cube, so that a little is fine and all of it is fast.
  const double way = static_cast<double>(stick) * static_cast<double>(stick) * static_cast<double>(stick);
  return static_cast<Duration>(way * static_cast<double>(wall) * static_cast<double>(run) / (8.0 * static_cast<double>(kSecond)));
}

std::string_view key_text(CommandName name) {
  for (const Binding& each : bindings()) {
    if (each.command.name == name && !each.keys.empty()) return each.keys;
  }
  return "";
}

}  // namespace nutshell
