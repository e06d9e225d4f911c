// nutshell describe: what Kafka's own tools would print at a moment of a scenario.
#include "sim/cluster/describe.h"

#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/core/text.h"

namespace nutshell {
namespace {

struct DescribeOptions {
  CommonOptions common;
  std::string file, at;
  std::vector<std::string> subjects;
  bool internal = false;
};

void check_subject(const std::string& subject) {
  const std::vector<std::string_view>& known = describe_subjects();
  std::string all;
  for (std::string_view each : known) {
    if (each == subject) return;
    all += (all.empty() ? "" : ", ") + std::string(each);
  }
  const std::string near = nearest_name(subject, known);
  throw Failure("there is nothing called '" + subject + "' to describe; " +
                (near.empty() ? "there are " + all : "did you mean '" + near + "'?"));
}

std::string table_json(const Table& table) {
  std::vector<std::string> rows;
  for (const std::vector<std::string>& row : table.rows) {
    JsonObject object;
    for (std::size_t i = 0; i < row.size(); ++i) object.text(table.columns[i], row[i]);
    rows.push_back(object.done());
  }
  return JsonObject()
      .text("title", table.title)
      .json("columns", json_strings(table.columns))
      .json("rows", json_list(rows))
      .done();
}

std::string all_json(const World& world, const DescribeOptions& options, InternalTopics internal) {
  JsonObject all;
  all.text("time", format_time(world.now())).count("steps", world.steps());
  for (const std::string& subject : options.subjects) {
    std::vector<std::string> tables;
    for (const Table& table : describe(world, subject, internal)) tables.push_back(table_json(table));
    all.json(subject, json_list(tables));
  }
  return all.done();
}

int describe_moment(const DescribeOptions& options, Output& out) {
  for (const std::string& each : options.subjects) check_subject(each);
  const Scenario scenario = load(options.file, overrides_of(options.common));
  const Time at = options.at.empty() ? scenario.until : time_option("--at", options.at);
  if (at > scenario.until) {
    throw Failure("--at " + options.at + " is after the end of the scenario, " + format_duration(scenario.until) +
                  "; --until lengthens it");
  }
  Scenario shortened = scenario;
  shortened.until = at;
  const Timeline timeline = run_to_end(shortened, FactLevel::story);
  const InternalTopics internal = options.internal ? InternalTopics::show : InternalTopics::hide;
  if (options.common.json) {
    out.text(all_json(timeline.world(), options, internal));
    return kExitFine;
  }
  for (std::size_t i = 0; i < options.subjects.size(); ++i) {
    if (i > 0) out.line("");
    const std::string text = to_text(describe(timeline.world(), options.subjects[i], internal));
    out.text(text.empty() ? "There are none at " + format_time(at) + "." : text);
  }
  return kExitFine;
}

}  // namespace

void add_describe(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("describe", "Show what Kafka's own tools would print at a moment");
  auto options = std::make_shared<DescribeOptions>();
  command.operand("FILE", options->file, "The scenario");
  command.operand("SUBJECT", options->subjects, "topics, groups, members, quorum, brokers or logs; several if you like");
  command.option("--at", options->at, "TIME", "The moment (usually the end)");
  command.flag("--internal", options->internal, "Show __consumer_offsets as well");
  add_common(command, options->common, Has::overrides);
  command.footer(
      "topics   kafka-topics --describe: leaders, replicas, in-sync replicas\n"
      "groups   kafka-consumer-groups --describe: state, offsets, lag\n"
      "members  kafka-consumer-groups --describe --members --verbose\n"
      "quorum   kafka-metadata-quorum describe: the controllers and their log\n"
      "brokers  registration and metrics of the brokers\n"
      "logs     every replica on every broker's disk\n"
      "\n"
      "Example:\n"
      "  nutshell describe leader-failover --at 20s topics groups");
  command.on_chosen(job, options, describe_moment);
}

}  // namespace nutshell
