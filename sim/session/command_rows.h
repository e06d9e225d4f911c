// The one table of commands: who obeys each, how much of the run has to be known for it, and whether it leads on. Whoever
// obeys has a deed for each of his rows and for no other, which his file asserts: a command that nobody takes does not
// compile.
#pragma once

#include <array>
#include <cstddef>

#include "sim/session/command.h"

namespace nutshell {

enum class Taker : std::uint8_t {
  session,  // goes somewhere in a lesson, or from branch to branch
  figure,   // changes how a figure of it is looked at, and nothing else
  shower    // is about panels, files, hands and windows: whoever shows it
};

// What must be known of the run: until it is, obeying at once may take longer than a frame.
enum class Needs : std::uint8_t {
  nothing,
  all,     // the whole run
  beat,    // the next caption or question
  answer,  // which answer of the question that stands is right: it shows at the end
  time,    // the run until Command::value
  told,    // so many captions and questions
  step,    // so many steps
  branch   // another branch, as far as it is turned to
};

// Whether it would show what comes after this moment: while a question stands, nothing does.
enum class Leads : std::uint8_t { nowhere, on, to_time, to_step, to_section, to_divergence };

struct CommandRow {
  CommandName name;
  std::string_view word;
  Taker taker = Taker::shower;
  Needs needs = Needs::nothing;
  Leads leads = Leads::nowhere;
};

inline constexpr std::size_t kCommands = static_cast<std::size_t>(CommandName::quit) + 1;

inline constexpr std::array<CommandRow, kCommands> kCommandRows = {{
    {CommandName::next, "next", Taker::session, Needs::beat},
    {CommandName::back, "back", Taker::session, Needs::branch},
    {CommandName::step, "step", Taker::session, Needs::nothing, Leads::on},
    {CommandName::step_back, "step_back", Taker::session},
    {CommandName::next_moment, "next_moment", Taker::session, Needs::nothing, Leads::on},
    {CommandName::previous_moment, "previous_moment", Taker::session},
    {CommandName::play_pause, "play_pause", Taker::session, Needs::answer},
    {CommandName::faster, "faster", Taker::session},
    {CommandName::slower, "slower", Taker::session},
    {CommandName::speed, "speed", Taker::session},
    {CommandName::home, "home", Taker::session},
    {CommandName::end, "end", Taker::session, Needs::all, Leads::on},
    {CommandName::section, "section", Taker::session, Needs::all, Leads::to_section},
    {CommandName::section_start, "section_start", Taker::session},
    {CommandName::answer, "answer", Taker::session, Needs::answer},
    {CommandName::reveal, "reveal", Taker::session, Needs::answer},
    {CommandName::undo, "undo", Taker::session, Needs::branch},
    {CommandName::redo, "redo", Taker::session, Needs::branch},
    {CommandName::switch_branch, "switch_branch", Taker::session, Needs::branch},
    {CommandName::compare_with, "compare_with", Taker::session, Needs::branch},
    {CommandName::swap_sides, "swap_sides", Taker::session},
    {CommandName::to_divergence, "to_divergence", Taker::session, Needs::all, Leads::to_divergence},
    {CommandName::go_to_time, "go_to_time", Taker::session, Needs::time, Leads::to_time},
    {CommandName::go_to_step, "go_to_step", Taker::session, Needs::step, Leads::to_step},
    {CommandName::go_to_beat, "go_to_beat", Taker::session, Needs::told},
    {CommandName::run_until, "run_until", Taker::session, Needs::all, Leads::on},
    {CommandName::run_until_time, "run_until_time", Taker::session, Needs::all, Leads::on},
    {CommandName::tool, "tool"},
    {CommandName::menu, "menu"},
    {CommandName::choose_row, "choose_row"},
    {CommandName::why, "why"},
    {CommandName::hint, "hint"},
    {CommandName::compare, "compare"},
    {CommandName::save, "save", Taker::shower, Needs::branch},
    {CommandName::share, "share", Taker::shower, Needs::all},
    {CommandName::mark, "mark"},
    {CommandName::branches, "branches"},
    {CommandName::main_area, "main_area", Taker::figure},
    {CommandName::time_axis, "time_axis", Taker::figure},
    {CommandName::find, "find"},
    {CommandName::jump, "jump"},
    {CommandName::walk, "walk", Taker::figure},
    {CommandName::focus, "focus", Taker::figure},
    {CommandName::zoom, "zoom", Taker::figure},
    {CommandName::text_size, "text_size"},
    {CommandName::reduced_motion, "reduced_motion"},
    {CommandName::figures, "figures", Taker::figure},
    {CommandName::figure, "figure", Taker::figure},
    {CommandName::zoom_figure, "zoom_figure", Taker::figure},
    {CommandName::next_subject, "next_subject", Taker::figure},
    {CommandName::inspect, "inspect"},
    {CommandName::notes, "notes"},
    {CommandName::sound, "sound"},
    {CommandName::black, "black"},
    {CommandName::projector, "projector"},
    {CommandName::light, "light"},
    {CommandName::full_screen, "full_screen"},
    {CommandName::gallery, "gallery"},
    {CommandName::new_cluster, "new_cluster"},
    {CommandName::move_consumer, "move_consumer"},
    {CommandName::keys, "keys"},
    {CommandName::hidden_traffic, "hidden_traffic", Taker::figure},
    {CommandName::record_keys, "record_keys", Taker::figure},
    {CommandName::panel, "panel"},
    {CommandName::tab, "tab"},
    {CommandName::select, "select", Taker::figure},
    {CommandName::open_lesson, "open_lesson"},
    {CommandName::complete, "complete"},
    {CommandName::farewell, "farewell"},
    {CommandName::costs, "costs"},
    {CommandName::schemas, "schemas"},
    {CommandName::wires, "wires"},
    {CommandName::rival_deed, "rival_deed"},
    {CommandName::console, "console"},
    {CommandName::close, "close"},
    {CommandName::quit, "quit"},
}};

constexpr const CommandRow& row_of(CommandName name) { return kCommandRows[static_cast<std::size_t>(name)]; }

namespace detail {
consteval bool rows_stand_in_order() {
  for (std::size_t i = 0; i < kCommands; ++i) {
    if (static_cast<std::size_t>(kCommandRows[i].name) != i || kCommandRows[i].word.empty()) return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::rows_stand_in_order());

// Each command of the taker's has one deed among these, and no other command has any. `Deed` has a `name`.
template <class Deeds>
consteval bool are_deeds_of(Taker taker, const Deeds& deeds) {
  for (const CommandRow& row : kCommandRows) {
    int found = 0;
    for (const auto& each : deeds) found += each.name == row.name;
    if (found != (row.taker == taker ? 1 : 0)) return false;
  }
  return true;
}

}  // namespace nutshell
