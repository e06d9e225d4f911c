// nutshell shot and nutshell film: pictures without any display.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/session/about.h"
#include "viz/app/app.h"
#include "viz/app/commands.h"
#include "viz/app/lessons.h"
#include "viz/app/press.h"
#include "viz/app/strip.h"
#include "viz/panels/tabs.h"

namespace nutshell {
namespace {

struct PictureOptions {
  CommonOptions common;
  std::string file, at, from, to, output, beat, tab, view, axis, press, select, beside;
  std::string size = "1920x1080", scale = "100", speed = "1", rate = "30", frames = "6";
  std::vector<std::string> moments;
  bool light = false, projector = false, no_panel = false, hidden_traffic = false, gallery = false;
  bool reduced_motion = false, in_motion = false;
  bool first_screen = false;
  bool empty = false;
  std::string controllers = "1";
};

struct Studio {
  std::unique_ptr<Window> window;
  std::unique_ptr<App> app;
};

void show_main(const PictureOptions& options, FigureView& view) {
  const auto found = std::find(kFigureViews.begin(), kFigureViews.end(), options.view);
  if (found != kFigureViews.end()) view.area = static_cast<MainArea>(found - kFigureViews.begin());
  else if (!options.view.empty())
    throw Failure("--view must be stage, space-time, both, log or topology, but is '" + options.view + "'", kExitBadInput);
  if (!options.axis.empty()) view.space.axis = axis_option("--axis", options.axis);
}

Studio make_studio(const PictureOptions& options) {
  const bool code = !options.empty && is_share_code(options.file);
  OpenedShare opened;
  if (code) opened = open_share(options.file, overrides_of(options.common));
  if (!opened.warning.empty()) std::cerr << "nutshell: " << opened.warning << "\n";
  Scenario scenario = code ? Scenario() : scenario_to_show(options.empty, options.file, options.controllers, options.common);
  const PictureSize size = picture_size("--size", options.size);
  Studio studio;
  std::string error;
  studio.window = open_offscreen_window(size.width, size.height, error);
  if (!studio.window) throw Failure(error, kExitNoDisplay);
  std::vector<LessonCard> cards = lesson_cards(shipped_scenarios());
  for (LessonCard& each : talk_cards(shipped_scenarios())) cards.push_back(std::move(each));
  studio.app = std::make_unique<App>(*studio.window, std::move(cards), read_lesson);
  Room& room = studio.app->room();
  room.light = options.light;
  room.projector = options.projector || opened.share.view.projector;
  room.reduced_motion = options.reduced_motion;
  room.in_motion = options.in_motion;
  room.scale = static_cast<float>(integer_option("--scale", options.scale)) / 100;
  if (room.scale < 0.5F || room.scale > 4) throw Failure("--scale must be from 50 to 400 percent", kExitBadInput);
  studio.app->panels().open = !options.no_panel;
  studio.app->figure().hidden_traffic = options.hidden_traffic;
  if (code) studio.app->open_moment(opened);
  if (const std::optional<Tab> tab = tab_of_word(options.tab)) studio.app->panels().tab = *tab;
  else if (!options.tab.empty()) throw Failure("--tab must be " + tab_words() + ", but is '" + options.tab + "'", kExitBadInput);
  show_main(options, studio.app->figure());
  if (!code) studio.app->open(std::move(scenario));
  show_beside(*studio.app, options.beside);
  studio.app->settle();
  error = studio.app->prepare();
  if (!error.empty()) throw Failure(error, kExitNoDisplay);
  return studio;
}

void save(Studio& studio, const std::string& path) {
  const std::string error = write_png(path, studio.window->picture());
  if (!error.empty()) throw Failure(error, kExitNoOutput);
}

// Fonts are drawn at their size in the first frame, so the second one is the picture.
void draw_twice(Studio& studio) {
  for (int i = 0; i < 2; ++i) studio.app->frame(0);
}

// Selects the node that is named, presses the keys, and draws what becomes of it.
void press_all(Studio& studio, const PictureOptions& options) {
  if (!options.select.empty()) {
    const Node* wanted = studio.app->session().world().find_node(options.select);
    for (const Spot& each : studio.app->figure().spots) {
      const auto index = static_cast<std::size_t>(each.place.node);
      const bool is_node = each.place.node >= 0 && each.place.tp.topic < 0 && is_card(each.place.kind);
      if (wanted && is_node && &studio.app->session().world().fabric.nodes[index] == wanted) studio.app->figure().selected = each.place;
    }
    if (!studio.app->figure().selected) studio.app->figure().selected = place_named(studio.app->session().world(), options.select);
    if (!studio.app->figure().selected) throw Failure("--select: there is no '" + options.select + "' on the stage", kExitBadInput);
  }
  std::istringstream words(options.press);
  for (std::string word; words >> word;) {
    studio.window->press(key_press(word));
    draw_twice(studio);
  }
  draw_twice(studio);
}

int shot(const PictureOptions& options, Output& out) {
  Studio studio = make_studio(options);
  Session& session = studio.app->session();
  if (!options.beat.empty()) {
    const std::int64_t beat = integer_option("--beat", options.beat);
    session.know_all();
    if (beat < 1 || beat > static_cast<std::int64_t>(session.beats().size()))
      throw Failure("--beat must be from 1 to " + std::to_string(session.beats().size()), kExitBadInput);
    session.go_to_beat(static_cast<std::size_t>(beat) - 1);
  } else if (!options.at.empty()) {
    session.go_to_time(time_option("--at", options.at));
  }
  studio.app->panels().first_screen = options.first_screen;
  if (options.gallery) {
    studio.app->obey({CommandName::gallery, 0});
  }
  draw_twice(studio);
  press_all(studio, options);
  studio.app->settle();
  studio.app->frame(0);
  save(studio, options.output);
  out.text("wrote " + options.output + "\n");
  return kExitFine;
}

std::string frame_path(const std::filesystem::path& folder, int number) {
  char name[32];
  std::snprintf(name, sizeof name, "frame-%05d.png", number);
  return (folder / name).string();
}

// Lets ffmpeg make one file of the frames; false: there is no ffmpeg.
bool encode(const std::filesystem::path& folder, const std::string& output, std::int64_t rate) {
  if (std::system("command -v ffmpeg >/dev/null 2>&1") != 0) return false;
  const bool gif = output.size() > 4 && output.substr(output.size() - 4) == ".gif";
  const std::string filter = gif ? "-vf 'fps=15,scale=960:-1:flags=lanczos,split[a][b];[a]palettegen[p];[b][p]paletteuse'"
                                 : "-c:v libx264 -pix_fmt yuv420p -crf 18";
  ::setenv("NUTSHELL_FILM", output.c_str(), 1);
  ::setenv("NUTSHELL_FRAMES", (folder / "frame-%05d.png").string().c_str(), 1);
  const std::string command = "ffmpeg -loglevel error -y -framerate " + std::to_string(rate) +
                              " -i \"$NUTSHELL_FRAMES\" " + filter + " \"$NUTSHELL_FILM\"";
  return std::system(command.c_str()) == 0;
}

// Throws Failure if there is no such speed.
std::int64_t speed_index(const std::string& text) {
  std::string known;
  for (std::size_t i = 0; i < speeds().size(); ++i) {
    if (text == speeds()[i].text) return static_cast<std::int64_t>(i);
    known += (known.empty() ? "" : ", ") + std::string(speeds()[i].text);
  }
  throw Failure("--speed must be one of " + known + ", but is '" + text + "'", kExitBadInput);
}

// The moments that a strip shows: those named, else as many as asked for, evenly apart.
std::vector<Time> strip_moments(const PictureOptions& options, Time from, Time to) {
  std::vector<Time> moments;
  for (const std::string& each : options.moments) moments.push_back(time_option("--moments", each));
  const std::int64_t count = moments.empty() ? integer_option("--frames", options.frames) : 2;
  if (count < 2 || count > 24) throw Failure("--frames must be from 2 to 24", kExitBadInput);
  for (std::int64_t i = 0; options.moments.empty() && i < count; ++i) moments.push_back(from + (to - from) / (count - 1) * i);
  return moments;
}

// Each frame is the stage with the caption under it, which begins with the simulated time.
int strip(const PictureOptions& options, Studio& studio, Time from, Time to, Output& out) {
  std::vector<Picture> frames;
  for (Time at : strip_moments(options, from, to)) {
    studio.app->session().go_to_time(at);
    if (frames.empty()) draw_twice(studio);
    studio.app->frame(0);
    const float scale = studio.app->scale();
    Rect stage = studio.app->stage();
    stage.h = studio.app->caption().bottom() - stage.y;
    frames.push_back(cut_out(studio.window->picture(), {stage.x * scale, stage.y * scale, stage.w * scale, stage.h * scale}));
  }
  const std::string error = write_png(options.output, film_strip(frames, options.light ? light_theme().line : dark_theme().line));
  if (!error.empty()) throw Failure(error, kExitNoOutput);
  out.text("wrote " + options.output + ", " + std::to_string(frames.size()) + " frames\n");
  return kExitFine;
}

int film(const PictureOptions& options, Output& out) {
  namespace fs = std::filesystem;
  Studio studio = make_studio(options);
  studio.app->room().in_motion = true;
  Session& session = studio.app->session();
  const Time from = options.from.empty() ? session.scenario().opens : time_option("--from", options.from);
  const Time to = options.to.empty() ? session.scenario().until : time_option("--to", options.to);
  const std::int64_t rate = integer_option("--rate", options.rate);
  if (to <= from || rate < 1 || rate > 120) throw Failure("--to must be after --from, and --rate from 1 to 120", kExitBadInput);
  session.obey({CommandName::speed, speed_index(options.speed)});
  if (fs::path(options.output).extension() == ".png") return strip(options, studio, from, to, out);
  const bool into_folder = options.output.back() == '/' || fs::is_directory(options.output);
  const fs::path folder = into_folder ? fs::path(options.output) : fs::path(options.output + ".frames");
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) throw Failure("the folder '" + folder.string() + "' cannot be made: " + failed.message(), kExitNoOutput);
  const Duration step = kSecond / rate * session.speed().simulated / session.speed().wall;
  int frames = 0;
  for (Time at = from; at <= to; at += step) {
    session.go_to_time(at);
    if (frames == 0) draw_twice(studio);
    studio.app->frame(0);
    save(studio, frame_path(folder, frames++));
  }
  if (into_folder) {
    out.text("wrote " + std::to_string(frames) + " frames to " + folder.string() + "\n");
  } else if (encode(folder, options.output, rate)) {
    fs::remove_all(folder, failed);
    out.text("wrote " + options.output + ", " + std::to_string(frames) + " frames\n");
  } else {
    out.text("wrote " + std::to_string(frames) + " frames to " + folder.string() + "; with ffmpeg installed they become " +
             options.output + "\n");
  }
  return kExitFine;
}

std::shared_ptr<PictureOptions> add_picture(const CliCommand& command) {
  auto options = std::make_shared<PictureOptions>();
  command.operand("FILE", options->file, "The scenario", Need::optional);
  command.flag("--empty", options->empty, "Without FILE: an empty cluster");
  command.option("--controllers", options->controllers, "N", "Of the empty cluster: 1, 3 or 5; 1 unless said");
  command.option("-o,--output", options->output, "FILE", "Where to write it", Need::required);
  command.option("--size", options->size, "WxH", "Width and height in pixels, 1920x1080 unless said");
  command.option("--scale", options->scale, "N", "Percent, 100 unless said; 200 for a fine display");
  command.option("--tab", options->tab, "TAB", "Of the side panel: " + tab_words());
  command.option("--beside", options->beside, "KEY=VALUE", "A setting under which to show it beside itself: acks=1");
  command.option("--view", options->view, "VIEW", "What fills the middle: stage, space-time, both, log or topology");
  command.option("--axis", options->axis, "AXIS", "Of the space-time diagram: linear, event or compressed");
  command.flag("--light", options->light, "Light instead of dark");
  command.flag("--projector", options->projector, "Large, for the back row");
  command.flag("--no-panel", options->no_panel, "Without the side panel");
  command.flag("--hidden-traffic", options->hidden_traffic, "With heartbeats and empty fetches");
  command.flag("--reduced-motion", options->reduced_motion, "What changes fades over; nothing flies or falls");
  add_common(command, options->common, Has::overrides);
  return options;
}

}  // namespace

void add_shot(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("shot", "A picture of a moment, without any display");
  const auto options = add_picture(command);
  command.option("--at", options->at, "TIME", "The moment; without it, where the lesson opens");
  command.option("--beat", options->beat, "N", "The moment of the nth caption or question");
  command.option("--select", options->select, "PLACE", "What to select: \"broker 1\", orders-0");
  command.option("--press", options->press, "KEYS", "Keys to press before the picture is taken: \"M Down Enter\"");
  command.flag("--in-motion", options->in_motion, "As while playing at speed 1, not as when paused there");
  command.flag("--first-screen", options->first_screen, "As for somebody who opens the program for the first time");
  command.flag("--gallery", options->gallery, "The gallery of lessons instead of the stage");
  command.on_chosen(job, options, shot);
}

void add_film(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("film", "A film of a stretch of time: .mp4, .gif, a folder, or a .png");
  const auto options = add_picture(command);
  command.option("--from", options->from, "TIME", "Where it begins");
  command.option("--to", options->to, "TIME", "Where it ends");
  command.option("--speed", options->speed, "N", "Simulated seconds a second: 1/20, 1/5, 1, 4, ...");
  command.option("--frames", options->frames, "N", "How many are on a .png, 6 unless said");
  command.list("--moments", options->moments, "TIME,...", "The moments on a .png, instead of evenly spaced ones");
  command.option("--rate", options->rate, "N", "Frames a second, 30 unless said");
  command.on_chosen(job, options, film);
}

}  // namespace nutshell
