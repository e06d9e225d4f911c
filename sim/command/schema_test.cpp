// nutshell schema test: does the registry decide as cases say?
#include <algorithm>
#include <filesystem>

#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/schema/case.h"

namespace nutshell {
namespace {

struct SchemaCaseOptions {
  CommonOptions common;
  std::vector<std::string> files;
};

int test_schemas(const SchemaCaseOptions& options, Output& out) {
  std::vector<std::string> files;
  for (const std::string& name : options.files) {
    std::error_code error;
    if (!std::filesystem::is_directory(name, error)) {
      files.push_back(name);
      continue;
    }
    std::vector<std::string> found;
    for (const auto& each : std::filesystem::recursive_directory_iterator(name, error))
      if (each.path().extension() == ".json") found.push_back(each.path().string());
    std::sort(found.begin(), found.end());  // a total order: paths differ
    if (found.empty()) throw Failure("there are no cases (*.json) in the folder '" + name + "'");
    files.insert(files.end(), found.begin(), found.end());
  }
  std::size_t passed = 0, count = 0;
  std::vector<std::string> json;
  for (const std::string& file : files) {
    for (const SchemaVerdict& each : run_schema_cases(text_of_file(file), file)) {
      count += 1;
      passed += each.why.empty();
      if (options.common.json)
        json.push_back(JsonObject().text("name", each.name).truth("passed", each.why.empty()).text("why", each.why).done());
      else if (each.why.empty()) out.line("ok      " + each.name, Style::good);
      else out.line("FAILED  " + each.name + ": " + each.why, Style::bad);
    }
  }
  if (options.common.json) out.text(json_list(json));
  else out.line(std::to_string(passed) + " of " + std::to_string(count) + " cases passed", Style::bold);
  return passed == count ? kExitFine : kExitFailed;
}

}  // namespace

void add_schema_test(const CliCommand& schema, Job& job) {
  const CliCommand test = schema.command("test", "Does the registry decide as cases say?");
  auto options = std::make_shared<SchemaCaseOptions>();
  test.operand("FILE", options->files, "Files of cases, or folders of them");
  add_common(test, options->common, Has::output_only);
  test.footer(
      "A case is {\"name\": ..., \"format\": \"AVRO\", \"old\": [SCHEMA, ...], \"new\": SCHEMA, \"mode\": \"BACKWARD\",\n"
      " \"allowed\": true}, or has \"modes\": {\"BACKWARD\": true, \"FULL\": false}; a file holds one or a list. Schemas are JSON, or\n"
      "texts. \"invalid\": true asks for one that is no schema. One line a case; exit code 1 if one fails.\n"
      "\n"
      "Example:\n"
      "  nutshell schema test cases.json");
  test.on_chosen(job, options, test_schemas);
}

}  // namespace nutshell
