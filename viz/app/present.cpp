// nutshell present: a talk given, in the audience's window and the presenter's.
#include <chrono>
#include <ctime>
#include <iostream>
#include <sstream>

#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/deck/read_deck.h"
#include "sim/session/empty.h"
#include "viz/app/app.h"
#include "viz/app/commands.h"
#include "viz/app/lessons.h"
#include "viz/app/press.h"
#include "viz/app/presenter.h"
#include "viz/app/settings.h"
#include "viz/app/talks.h"
#include "viz/window/desktop.h"

namespace nutshell {
namespace {

struct PresentOptions {
  CommonOptions common;
  std::string deck, figures, size, from, picture, press;
  bool one_window = false, dark = false, full_screen = false, desk = false, presenter = false, lesson = false;
};

using Clock = std::chrono::steady_clock;
constexpr float kLarger = 1.25F;

Duration passed(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(to - from).count();
}

std::string time_of_day() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  char text[16] = "";
  if (localtime_r(&now, &local)) std::strftime(text, sizeof text, "%H:%M", &local);
  return text;
}

// Throws Failure.
std::shared_ptr<Podium> make_podium(const PresentOptions& options, Window& window) {
  OpenedTalk opened = options.lesson ? lesson_as_talk(find_scenario_file(options.deck)) : open_talk(options.deck, options.figures);
  if (!opened.talk) throw Failure(opened.problems.empty() ? "there is no deck" : opened.problems.front(), kExitBadInput);
  for (const std::string& each : opened.problems) std::cerr << "nutshell: " << each << "\n";
  auto podium = std::make_shared<Podium>(std::move(*opened.talk), window);
  if (options.from.empty()) return podium;
  const std::vector<std::size_t> found = podium->talk.find(options.from);
  if (found.empty()) throw Failure("--from: no slide has the number or the title '" + options.from + "'", kExitBadInput);
  podium->talk.go_to(found.front());
  return podium;
}

void set_room(App& app, const PresentOptions& options) {
  app.room().light = !options.dark;
  app.room().projector = !options.desk;
  // A figure on a slide says less than a lesson, so that it can be larger.
  if (!options.desk) app.room().scale = kLarger;
}

// Keeps where the talk stands, so that a crash or a kill loses five seconds at most.
class RecordKeeper {
 public:
  explicit RecordKeeper(std::string path) : path_(std::move(path)) {}
  void keep(const Talk& talk, bool ends) {
    TalkRecord now = talk.record();
    now.ended = ends;
    const bool moved = now.slide != kept_.slide || now.build != kept_.build;
    if (!talk.started() || (!ends && !moved && now.elapsed - kept_.elapsed < 5 * kSecond)) return;
    const std::string problem = write_record(path_, now);
    if (!problem.empty() && !told_) std::cerr << "nutshell: " << problem << "\n";
    told_ = !problem.empty();
    kept_ = std::move(now);
  }

 private:
  std::string path_;
  TalkRecord kept_;
  bool told_ = false;
};

// The two windows of a talk, as they stand on the desktop.
class Stand {
 public:
  Stand(Desktop& desktop, Window& window, App& app, std::shared_ptr<Podium> podium)
      : desktop_(desktop), window_(window), app_(app), podium_(std::move(podium)) {}

  // "" or why there is none.
  std::string open_presenter() {
    std::string error;
    own_ = desktop_.open_window("Nutshell, for the presenter", 1456, 819, error);
    if (!own_) return error;
    presenter_ = std::make_unique<Presenter>(*own_, window_, podium_);
    return presenter_->prepare();
  }
  // The audience's on the last screen, filling it; the presenter's on the first.
  void place(bool full_screen) {
    const std::vector<WindowPlace> screens = desktop_.screens();
    const bool two = screens.size() > 1;
    if (two) put(window_, screens[audience_ % screens.size()]);
    if (own_ && two) put(*own_, screens[(audience_ + 1) % screens.size()]);
    app_.room().full_screen = two || full_screen;
    window_.set_full_screen(app_.room().full_screen);
  }
  void swap() {
    if (!own_) return;
    if (desktop_.screens().size() > 1) {
      window_.set_full_screen(false);
      ++audience_;
      return place(true);
    }
    const WindowPlace here = window_.place(), there = own_->place();
    window_.set_place(there);
    own_->set_place(here);
  }
  void run(RecordKeeper& keeper) {
    constexpr Duration kFrame = kSecond / 60;
    Clock::time_point before = Clock::now();
    for (bool on = true; on && !podium_->leaves;) {
      const Clock::time_point now = Clock::now();
      const Duration wall = passed(before, now);
      before = now;
      if (presenter_) draw_presenter(wall);
      on = app_.frame(wall);
      if (std::exchange(podium_->swaps, false)) swap();
      keeper.keep(podium_->talk, false);
      const Duration spent = passed(now, Clock::now());
      // The presenter's clock has to go on.
      if (app_.rests()) desktop_.wait(presenter_ ? kSecond / 4 : kSecond);
      else if (spent < kFrame) desktop_.wait(kFrame - spent);
    }
  }

 private:
  static void put(Window& window, const WindowPlace& screen) {
    window.set_place({screen.x + screen.width / 8, screen.y + screen.height / 8, screen.width * 3 / 4, screen.height * 3 / 4});
  }
  void draw_presenter(Duration wall) {
    presenter_->set_time_of_day(time_of_day());
    if (presenter_->frame(wall)) return;
    presenter_.reset();
    desktop_.close(*own_);
    own_ = nullptr;
  }

  Desktop& desktop_;
  Window& window_;
  App& app_;
  std::shared_ptr<Podium> podium_;
  Window* own_ = nullptr;
  std::unique_ptr<Presenter> presenter_;
  std::size_t audience_ = 1;  // its screen
};

// One picture, without any display.
int draw_picture(const PresentOptions& options, Output& out) {
  const PictureSize size = picture_size("--size", options.size.empty() ? "1920x1080" : options.size);
  std::string error;
  const std::unique_ptr<Window> window = open_offscreen_window(size.width, size.height, error);
  if (!window) throw Failure(error, kExitNoDisplay);
  const std::shared_ptr<Podium> podium = make_podium(options, *window);
  App app(*window, {}, read_lesson);
  app.open(empty_scenario());
  app.present(podium);
  set_room(app, options);
  error = app.prepare();
  if (!error.empty()) throw Failure(error, kExitNoDisplay);
  std::unique_ptr<Window> own;
  std::unique_ptr<Presenter> presenter;
  if (options.presenter) {
    window->use();
    own = open_offscreen_window(size.width, size.height, error);
    if (!own) throw Failure(error, kExitNoDisplay);
    presenter = std::make_unique<Presenter>(*own, *window, podium);
    error = presenter->prepare();
    if (!error.empty()) throw Failure(error, kExitNoDisplay);
    presenter->set_time_of_day(time_of_day());
  }
  podium->talk.make_ready();
  const auto draw = [&] {
    for (int i = 0; i < 3; ++i) {
      app.frame(0);
      podium->shelf.settle();
      if (presenter) presenter->frame(0);
    }
  };
  draw();
  std::istringstream words(options.press);
  for (std::string word; words >> word;) {
    window->press(key_press(word));
    draw();
    // What it brought about comes to its end.
    for (int i = 0; podium->talk.moves() && i < 1000; ++i) app.frame(50 * kMillisecond);
  }
  draw();
  error = write_png(options.picture, (own ? *own : *window).picture());
  if (!error.empty()) throw Failure(error, kExitNoOutput);
  out.text("wrote " + options.picture + "\n");
  return kExitFine;
}

int present(const PresentOptions& options, Output& out) {
  if (!options.picture.empty()) return draw_picture(options, out);
  const PictureSize size = picture_size("--size", options.size.empty() ? "1280x720" : options.size);
  if (!options.lesson && !load_deck(options.deck).deck) throw Failure(to_text(load_deck(options.deck).problems), kExitBadInput);
  std::string error;
  const std::unique_ptr<Desktop> desktop = Desktop::open(error);
  Window* window = desktop ? desktop->open_window("Nutshell", size.width, size.height, error) : nullptr;
  if (!window) throw Failure(error + "; a talk needs a display, 'nutshell slides check' does not", kExitNoDisplay);
  window->use_controllers();
  const std::string settings = settings_path(), kept = options.lesson ? "" : record_path(settings, options.deck);
  const std::shared_ptr<Podium> podium = make_podium(options, *window);
  const TalkRecord record = read_record(kept, podium->talk.deck().slides.size());
  if (options.from.empty() && podium->talk.resume(record))
    podium->notice = "Goes on at slide " + std::to_string(record.slide + 1) + ", where it was broken off. Ctrl Home begins anew.";
  App app(*window, {}, read_lesson);
  app.open(empty_scenario());
  app.present(podium);
  set_room(app, options);
  error = app.prepare();
  if (!error.empty()) throw Failure(error, kExitNoDisplay);
  Stand stand(*desktop, *window, app, podium);
  if (!options.one_window) error = stand.open_presenter();
  if (!error.empty()) throw Failure(error, kExitNoDisplay);
  stand.place(options.full_screen);
  RecordKeeper keeper(kept);
  stand.run(keeper);
  keeper.keep(podium->talk, true);
  return kExitFine;
}

}  // namespace

void add_present(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("present", "Give a talk: slides with living clusters, and a window for the presenter");
  auto options = std::make_shared<PresentOptions>();
  add_deck(command, options->deck, options->figures);
  command.flag("--lesson", options->lesson, "DECK is a lesson, shown as slides");
  command.option("--from", options->from, "SLIDE", "The slide to begin with: its number, or the beginning of its title");
  command.flag("--one-window", options->one_window, "Without the presenter's window");
  command.flag("--full-screen", options->full_screen, "Fill the screen (F11); with two screens it does anyway");
  command.flag("--dark", options->dark, "Slides that ask for no colour are dark instead of white");
  command.flag("--desk", options->desk, "Figures as at a desk, not large for the back row (F9)");
  command.option("--size", options->size, "WxH", "Width and height of the audience's window, 1280x720 unless said");
  command.option("--picture", options->picture, "FILE", "Instead: draw this one slide into a file, without any display");
  command.option("--press", options->press, "KEYS", "With --picture: keys to press before it is drawn: \"Right Enter\"");
  command.flag("--presenter", options->presenter, "With --picture: the presenter's window");
  add_common(command, options->common, Has::output_only);
  command.footer(
      "The right arrow or a remote gives the whole talk: lines of a list, captions and questions of a figure, slides.\n"
      "Enter takes the figure of the slide in hand, Esc gives it back. Esc: all slides; a number or a title jumps.\n"
      "F2 spotlight, F4 magnifier (pressed, or held down), F3 pen, . black, Home figure fresh, Shift Home section again, Ctrl Q ends.");
  command.on_chosen(job, options, present);
}

}  // namespace nutshell
