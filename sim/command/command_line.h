// The command-line library, for the files that add a command. No header includes this: it is large.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "sim/command/options.h"

namespace nutshell {

// `command` on the command line makes `work` the job.
template <class Options>
void on_chosen(CLI::App& command, Job& job, std::shared_ptr<Options> options, int (*work)(const Options&, Output&)) {
  command.callback([&job, options = std::move(options), work] {
    job = [options, work](Output& out) {
      out.use_colour(!options->common.no_color && !options->common.json && wants_colour(1));
      return work(*options, out);
    };
  });
}

}  // namespace nutshell
