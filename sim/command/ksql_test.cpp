// nutshell ksql-test: do statements of ksqlDB make of given rows what they have to?
#include "sim/command/command_line.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/streams/case.h"

namespace nutshell {
namespace {

struct KsqlTestOptions {
  CommonOptions common;
  std::vector<std::string> files;
  bool quiet = false;
};

// A file, or all .json files below a folder, by name.
std::vector<std::string> case_files(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    std::error_code error;
    if (!std::filesystem::is_directory(name, error)) {
      files.push_back(name);
      continue;
    }
    std::vector<std::string> found;
    for (const auto& each : std::filesystem::recursive_directory_iterator(name, error)) {
      if (each.path().extension() == ".json") found.push_back(each.path().string());
    }
    std::sort(found.begin(), found.end());  // a total order: paths differ
    if (found.empty()) throw Failure("there are no cases (*.json) in the folder '" + name + "'");
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

std::string content_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Failure("the file '" + file + "' cannot be read; name a file of cases or a folder of them");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

int test_cases(const KsqlTestOptions& options, Output& out) {
  std::size_t passed = 0;
  std::size_t all = 0;
  std::vector<std::string> json;
  for (const std::string& file : case_files(options.files)) {
    for (const streams::CaseResult& result : streams::run_cases(content_of(file), file)) {
      ++all;
      if (result.passed) ++passed;
      if (options.common.json) {
        json.push_back(JsonObject().text("name", result.name).truth("passed", result.passed).text("why", result.why).done());
      } else if (!result.passed) {
        out.line("FAILED  " + result.name + ": " + result.why, Style::bad);
      } else if (!options.quiet) {
        out.line("ok      " + result.name, Style::good);
      }
    }
  }
  if (options.common.json) out.text(json_list(json));
  else out.line(std::to_string(passed) + " of " + std::to_string(all) + " cases passed", Style::bold);
  return passed == all ? kExitFine : kExitFailed;
}

}  // namespace

void add_ksql_test(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("ksql-test", "Test what statements of ksqlDB make of given rows");
  auto options = std::make_shared<KsqlTestOptions>();
  command.operand("FILE", options->files, "Files of cases, or folders of them");
  command.flag("--quiet", options->quiet, "Name only the cases that fail");
  add_common(command, options->common, Has::output_only);
  command.footer(
      "A case is {\"name\": ..., \"statements\": [...], \"inputs\": [...], \"outputs\": [...]}: the rows put into topics and\n"
      "exactly those that have to come out, in order. \"error\": true asks for a statement that is refused.\n"
      "One line a case; exit code 1 if one fails.\n"
      "\n"
      "Example:\n"
      "  nutshell ksql-test tests/vectors/ksql");
  command.on_chosen(job, options, test_cases);
}

}  // namespace nutshell
