// Running the program `nutshell` as its users do, and the scenarios that the tests give it.
#pragma once

#include <string>
#include <vector>

namespace nutshell::testing {

struct Result {
  int exit_code = -1;  // 128 + signal, if one ended it
  std::string out, err;
  // The last line of the output, without its end.
  std::string last_line() const;
};

// Runs it with these arguments, standard input at its end, and waits. Output goes to the file `out_path`, if given;
// then Result::out is empty.
Result run(const std::vector<std::string>& arguments, const std::string& out_path = "");
// With this as its standard input.
Result run_with_input(const std::vector<std::string>& arguments, const std::string& input);
// Runs it with a standard output that nobody reads any more.
Result run_into_closed_pipe(const std::vector<std::string>& arguments);

// A file in a folder of this test run, removed at its end.
std::string write_file(const std::string& name, const std::string& text);

// Two brokers hold one partition; broker 1 leads it and is killed at 5 s. It has a caption, a question and
// `more`, such as "\"expect\": [...]".
std::string failover_scenario(const std::string& more = "");
// The path of failover_scenario(), written.
std::string failover_file();

}  // namespace nutshell::testing
