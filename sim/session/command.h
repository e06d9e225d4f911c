// Commands: what a key, a click or a presenter's remote can ask for. One table binds keys, and the help reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/core/keys.h"
#include "sim/session/place.h"

namespace nutshell {

enum class CommandName : std::uint8_t {
  next, back, step, step_back, next_moment, previous_moment, play_pause, faster, slower, speed, home, end,
  section, section_start, answer, reveal, undo, redo, switch_branch, compare_with, swap_sides, to_divergence,
  go_to_time, go_to_step, go_to_beat, run_until, run_until_time, tool, menu, choose_row, why, hint, compare, save, share, mark, branches,
  main_area, time_axis, find, jump, walk, focus, zoom, text_size, reduced_motion,
  figures, figure, zoom_figure, next_subject, inspect, notes,
  sound, black, projector, light, full_screen, gallery, new_cluster, move_consumer, keys, hidden_traffic,
  record_keys, panel, tab, select, open_lesson, complete, farewell, costs, schemas, wires, rival_deed, console, close, quit
};

// What `run_until` waits for.
enum class Until : std::uint8_t { leader_change, group_stable, isr_change, promise_broken, lag_zero };
inline constexpr int kUntils = 5;
std::string_view until_label(Until until);
// Its letter in the menu "run until".
char until_letter(Until until);

struct Command {
  CommandName name = CommandName::next;
  // Which answer, time, step, caption or question, Until, tab, lesson, speed, branch, section (from 1); of walk, zoom and
  // text_size: which way.
  std::int64_t value = 0;
  Place place;             // of select; of move_consumer, whose value is the group, -1: a new one
};

struct Binding {
  KeyName key = KeyName::none;
  char32_t character = 0;
  bool shift = false, control = false;
  Command command;
  std::string_view keys;   // as the help prints it; empty: a second key of the row above
  std::string_view label;
};

const std::vector<Binding>& bindings();

// The same for the buttons of a game controller.
struct PadBinding {
  PadButton button = PadButton::a;
  CommandName command = CommandName::next;
  std::string_view keys;  // as the help prints it
  std::string_view label;
};
const std::vector<PadBinding>& pad_bindings();
// `choosing`: among the lessons, where A opens one and the cross goes from one to the next.
Command command_of(PadButton button, bool choosing);
// Simulated time that a stick so far to the side moves in `wall`: pushed to its end, through a run of that length in
// some eight seconds. REQUIRES stick within -1..1.
Duration scrubbed(float stick, Duration wall, Duration run);
// What the key asks for; `letters_answer`: A to D belong to a question.
std::optional<Command> command_of(const KeyPress& press, bool letters_answer);
// How the help prints the first key of a command; empty: it has none.
std::string_view key_text(CommandName name);

}  // namespace nutshell
