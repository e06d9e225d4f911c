// nutshell connect-shot: the board of Kafka Connect at a moment, as a picture.
#include "sim/command/command_line.h"
#include "sim/command/connect_setup.h"
#include "sim/command/failure.h"
#include "viz/app/commands.h"
#include "viz/app/lessons.h"
#include "viz/app/stills.h"
#include "viz/panels/connect_board.h"

namespace nutshell {
namespace {

struct ConnectShotOptions {
  CommonOptions common;
  std::string file, at, output, size = "1280x720";
  bool light = false;
};

int draw_connect_shot(const ConnectShotOptions& options, Output& out) {
  JsonTree tree;
  connect::Simulation run(read_connect_setup(options.file, tree));
  run.run_until(options.at.empty() ? run.setup().until : time_option("--at", options.at));
  const PictureSize size = picture_size("--size", options.size);
  Stills stills(size.width, size.height, static_cast<float>(size.height) / 720);
  Stills::Look look;
  look.light = options.light;
  look.width = size.width;
  look.height = size.height;
  const Picture picture = stills.draw(look, [&](Canvas& canvas, const Rect& whole) { draw_connect_board(canvas, run, whole); });
  const std::string error = write_png(options.output, picture);
  if (!error.empty()) throw Failure(error, kExitNoOutput);
  out.text("wrote " + options.output + "\n");
  return kExitFine;
}

}  // namespace

void add_connect_shot(CLI::App& program, Job& job) {
  CLI::App* command = program.add_subcommand("connect-shot", "Draw the board of a run of `connect` at a moment, without any display");
  auto options = std::make_shared<ConnectShotOptions>();
  command->add_option("FILE", options->file, "The set-up, as for connect")->required()->type_name("");
  command->add_option("--at", options->at, "The moment; the end unless said")->type_name("TIME");
  command->add_option("--output", options->output, "The picture, as PNG")->required()->type_name("FILE");
  command->add_option("--size", options->size, "Width and height in pixels, 1280x720 unless said")->type_name("WxH");
  command->add_flag("--light", options->light, "Light, for bright rooms");
  add_common(*command, options->common, Has::output_only);
  command->footer(
      "Example:\n"
      "  nutshell connect-shot assets/connect/worker-dies.json --at 750s --output board.png");
  on_chosen(*command, job, options, draw_connect_shot);
}

}  // namespace nutshell
