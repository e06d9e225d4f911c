// The commands of the program, one file each. Each function adds one to the command line.
#pragma once

#include "sim/command/options.h"

namespace nutshell {

void add_run(const CliCommand& program, Job& job);
void add_play(const CliCommand& program, Job& job);
void add_transcript(const CliCommand& program, Job& job);
void add_check(const CliCommand& program, Job& job);
void add_validate(const CliCommand& program, Job& job);
void add_describe(const CliCommand& program, Job& job);
void add_why(const CliCommand& program, Job& job);
void add_diagram(const CliCommand& program, Job& job);
void add_share(const CliCommand& program, Job& job);
void add_diff(const CliCommand& program, Job& job);
void add_list(const CliCommand& program, Job& job);
void add_slides(const CliCommand& program, Job& job);
void add_schema(const CliCommand& program, Job& job);
void add_schema_test(const CliCommand& schema, Job& job);  // below it
void add_cost(const CliCommand& program, Job& job);
void add_rivals(const CliCommand& program, Job& job);
void add_ksql(const CliCommand& program, Job& job);
void add_ksql_test(const CliCommand& program, Job& job);
void add_connect(const CliCommand& program, Job& job);

}  // namespace nutshell
