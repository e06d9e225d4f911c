// The commands of the program, one file each. Each function adds one to the command line.
#pragma once

#include "sim/command/options.h"

namespace nutshell {

void add_run(CLI::App& program, Job& job);
void add_play(CLI::App& program, Job& job);
void add_transcript(CLI::App& program, Job& job);
void add_check(CLI::App& program, Job& job);
void add_validate(CLI::App& program, Job& job);
void add_describe(CLI::App& program, Job& job);
void add_why(CLI::App& program, Job& job);
void add_diagram(CLI::App& program, Job& job);
void add_share(CLI::App& program, Job& job);
void add_diff(CLI::App& program, Job& job);
void add_list(CLI::App& program, Job& job);
void add_slides(CLI::App& program, Job& job);
void add_schema(CLI::App& program, Job& job);
void add_schema_test(CLI::App& schema, Job& job);  // below it
void add_cost(CLI::App& program, Job& job);
void add_rivals(CLI::App& program, Job& job);
void add_ksql(CLI::App& program, Job& job);
void add_ksql_test(CLI::App& program, Job& job);
void add_connect(CLI::App& program, Job& job);

}  // namespace nutshell
