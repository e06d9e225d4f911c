// nutshell play: a story in the terminal, at a human pace.
#include <chrono>
#include <csignal>

#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/command/player.h"
#include "sim/command/screen.h"
#include "sim/command/story_out.h"
#include "sim/command/terminal.h"

namespace nutshell {
namespace {

constexpr int kFrameMilliseconds = 50;

struct PlayOptions {
  CommonOptions common;
  std::string file;
};

Duration to_duration(std::chrono::steady_clock::duration time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

void press_all(std::string& bytes, bool final, Player& player) {
  while (const std::optional<Key> key = take_key(bytes, final)) player.press(*key);
}

// Plays until somebody quits. Returns the signal that ended it, or 0; throws if nothing can be shown.
int play_on(Terminal& terminal, Player& player, bool colour) {
  std::string bytes;
  std::string shown;
  auto before = std::chrono::steady_clock::now();
  while (!player.quit() && terminal.ending_signal() == 0) {
    const Terminal::Size size = terminal.size();
    std::string frame = frame_of(draw_screen(player, size.width, size.height), colour);
    if (terminal.resized()) shown.clear();
    if (frame != shown && !terminal.show(frame)) throw Failure("the terminal cannot be written to", kExitNoOutput);
    shown = std::move(frame);
    const std::size_t had = bytes.size();
    if (!terminal.read_keys(bytes, kFrameMilliseconds)) break;
    press_all(bytes, bytes.size() == had, player);
    const auto now = std::chrono::steady_clock::now();
    player.pass(to_duration(now - before));
    before = now;
  }
  return terminal.ending_signal();
}

int play_in_terminal(Player& player, bool colour) {
  int signal = 0;
  {
    Terminal terminal;
    if (!terminal.is_open()) throw Failure("this terminal cannot be played on; 'nutshell transcript' prints the story");
    signal = play_on(terminal, player, colour);
  }
  if (signal != 0) std::raise(signal);  // as whoever sent it expects
  return kExitFine;
}

int play(const PlayOptions& options, Output& out) {
  const Scenario scenario = load(options.file, overrides_of(options.common));
  const Timeline finished = run_to_end(scenario, needed_facts(scenario));
  if (options.common.json) {
    out.text(JsonObject()
                 .text("scenario", scenario.name)
                 .text("title", scenario.title)
                 .json("story", story_json(scenario, finished))
                 .done());
    return kExitFine;
  }
  if (has_terminal()) {
    Player player(scenario, finished);
    return play_in_terminal(player, !options.common.no_color && wants_colour(1));
  }
  print_story(scenario, finished, out);
  return kExitFine;
}

}  // namespace

void add_play(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("play", "Watch a scenario in the terminal, at your own pace");
  auto options = std::make_shared<PlayOptions>();
  command.operand("FILE", options->file, "The scenario");
  add_common(command, options->common, Has::overrides);
  command.footer(
      "Keys:\n"
      "  space            play and pause; at a question: show the answer\n"
      "  right, left      to the next line of the story, and back\n"
      "  . and ,          one event of the simulation forward, and back\n"
      "  n or page down   to the next caption or question, at once when pressed again\n"
      "  p or page up     to the one before\n"
      "  home, end        to the beginning, to the end\n"
      "  up, down         faster, slower\n"
      "  A to D           answer a question\n"
      "  q                quit\n"
      "\n"
      "Where there is no terminal, the whole story is printed at once.\n"
      "\n"
      "Example:\n"
      "  nutshell play leader-failover");
  command.on_chosen(job, options, play);
}

}  // namespace nutshell
