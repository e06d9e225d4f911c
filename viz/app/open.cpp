// nutshell open: the front end on the desktop.
#include <chrono>
#include <iostream>

#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "viz/app/app.h"
#include "viz/app/commands.h"
#include "viz/app/lessons.h"
#include "viz/app/settings.h"
#include "viz/window/desktop.h"

namespace nutshell {
namespace {

struct OpenOptions {
  CommonOptions common;
  std::string file;
  std::string size, beside;
  bool light = false, projector = false;
  bool empty = false;
  std::string controllers = "1";
};

using Clock = std::chrono::steady_clock;

Duration between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(to - from).count();
}

// Keeps the settings in their file, as they change. What an option asked for is of this start only.
class Keeper {
 public:
  Keeper(std::string path, const Settings& kept, const OpenOptions& options)
      : path_(std::move(path)), kept_(kept), light_(options.light), projector_(options.projector) {}

  void keep(App& app, const Window& window, bool at_once) {
    Settings latest = settings_of(app, window);
    if (light_ && latest.light) latest.light = kept_.light;
    if (projector_ && latest.projector) latest.projector = kept_.projector;
    // What becomes of a figure in a talk is no lesson that was left.
    latest.last = app.podium() ? kept_.last : app.place();
    latest.unsaved = app.podium() ? kept_.unsaved : app.to_keep();
    const Clock::time_point now = Clock::now();
    const bool acted = latest.unsaved != kept_.unsaved;  // a crash must not lose it
    if (latest == kept_ || (!at_once && !acted && now - kept_at_ < std::chrono::seconds(2))) return;
    kept_ = latest;
    kept_at_ = now;
    const std::string problem = write_settings(path_, kept_);
    if (!problem.empty() && !told_) std::cerr << "nutshell: " << problem << "\n";
    told_ = !problem.empty();
  }

 private:
  std::string path_;
  Settings kept_;
  Clock::time_point kept_at_ = Clock::now();
  bool light_, projector_, told_ = false;
};

// Until the user has had enough. While nothing changes, nothing is drawn.
void show(App& app, Window& window, Keeper& keeper) {
  constexpr Duration kFrame = kSecond / 60;
  Clock::time_point before = Clock::now();
  for (bool on = true; on;) {
    const Clock::time_point now = Clock::now();
    on = app.frame(between(before, now));
    before = now;
    keeper.keep(app, window, !on);
    if (on && app.rests()) {
      while (!window.wait(kSecond)) keeper.keep(app, window, false);
      before = Clock::now();  // nothing has moved meanwhile
    } else if (const Duration spent = between(now, Clock::now()); on && spent < kFrame) {
      window.wait(kFrame - spent);
    }
  }
}

int open(const OpenOptions& options, Output&) {
  const std::vector<std::string> files = shipped_scenarios();
  const std::string file = options.file.empty() ? (files.empty() ? "" : files.front()) : options.file;
  if (file.empty() && !options.empty) throw Failure("there is no scenario to open; name one, or run from the source tree", kExitBadInput);
  const std::string shown = options.empty ? options.file : file;
  const bool code = !options.empty && is_share_code(file);
  OpenedShare opened;
  if (code) opened = open_share(file, overrides_of(options.common));
  Scenario scenario = code ? Scenario() : scenario_to_show(options.empty, shown, options.controllers, options.common);
  std::string error;
  const std::string path = settings_path();
  Settings settings = read_settings(path, error);
  if (!error.empty()) std::cerr << "nutshell: " << error << "\n";
  error.clear();
  const PictureSize size = picture_size("--size", options.size.empty() ? "1280x800" : options.size);
  const std::unique_ptr<Desktop> desktop = Desktop::open(error);
  Window* window = desktop ? desktop->open_window("Nutshell", size.width, size.height, error) : nullptr;
  if (!window) throw Failure(error + "; 'nutshell play " + bare_name(file) + "' shows the story in the terminal", kExitNoDisplay);
  window->use_controllers();
  std::vector<LessonCard> cards = lesson_cards(files);
  for (LessonCard& each : talk_cards(files)) cards.push_back(std::move(each));
  App app(*window, std::move(cards), read_lesson);
  if (options.size.empty() && settings.window.width > 0) window->set_place(settings.window);
  settings.apply(app);
  app.panels().first_screen = settings == Settings() && options.file.empty() && !options.empty;
  if (options.light) app.room().light = true;
  if (options.projector) app.room().projector = true;
  if (code) app.open_moment(opened);
  else app.open(std::move(scenario));
  app.gallery().kept = settings.unsaved;
  if (options.file.empty() && !options.empty) app.offer_to_go_on(settings.last);
  show_beside(app, options.beside);
  error = app.prepare();
  if (!error.empty()) throw Failure(error, kExitNoDisplay);
  Keeper keeper(path, settings, options);
  show(app, *window, keeper);
  return kExitFine;
}

}  // namespace

void add_open(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("open", "See a scenario in a window: the stage, with everything alive");
  auto options = std::make_shared<OpenOptions>();
  command.operand("FILE", options->file, "The scenario; without it, the first lesson", Need::optional);
  command.option("--size", options->size, "WxH", "Width and height of the window; without it, as it was left");
  command.option("--beside", options->beside, "KEY=VALUE", "A setting under which to show it beside itself: acks=1");
  command.flag("--empty", options->empty, "Without FILE: an empty cluster, to be built by hand");
  command.option("--controllers", options->controllers, "N", "Of the empty cluster: 1, 3 or 5; 1 unless said");
  command.flag("--light", options->light, "Light instead of dark");
  command.flag("--projector", options->projector, "Large, for the back row (F9)");
  add_common(command, options->common, Has::overrides);
  command.footer("The right arrow gives the whole lesson; ? lists all keys.");
  command.on_chosen(job, options, open);
}

}  // namespace nutshell
