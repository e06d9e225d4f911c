// nutshell rivals: one workload on Kafka and on what one could have instead of it.
#include <algorithm>
#include <optional>

#include "sim/adapter/kafka_column.h"
#include "sim/cluster/describe.h"
#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/command/rivals_cost.h"
#include "sim/core/text.h"
#include "sim/cost/bill.h"
#include "sim/queues/simulation.h"
#include "sim/rabbit/cluster.h"
#include "sim/rabbit/compare.h"
#include "sim/scenario/transcript.h"
#include "sim/scenario/workload_json.h"

namespace nutshell {
namespace {

using queues::Outcome;
using queues::Workload;

struct RivalsOptions {
  CommonOptions common;
  std::string workload;
  std::vector<std::string> on;
  bool trace = false;
};

// What stands in the table even if it is 0 everywhere, and what never does.
bool is_always_shown(std::string_view name) {
  constexpr std::string_view kAlways[] = {"attempts", "done", "repeated", "overtaken", "stepped_back", "dead", "stuck", "lost"};
  return std::find(std::begin(kAlways), std::end(kAlways), name) != std::end(kAlways);
}
bool is_for_programs(std::string_view name) {
  return name == "confirmed" || name == "stored" || name == "last" || name == "noticed";
}

Table services_table(const Workload& workload, const std::vector<Outcome>& runs, std::size_t service) {
  Table table{"", {"on"}, {}};
  std::vector<queues::Figure> shown;
  for (const queues::Figure& each : queues::figures()) {
    const bool any = std::any_of(runs.begin(), runs.end(), [&](const Outcome& run) { return run.services[service].*each.value != 0; });
    const bool of_filters = each.name == "delivered" || each.name == "wanted";
    const bool worth = !is_for_programs(each.name) && any && (!of_filters || !workload.services[service].filter.empty());
    if (is_always_shown(each.name) || worth) shown.push_back(each);
  }
  for (const queues::Figure& each : shown) table.columns.push_back(std::string(each.name));
  table.columns.push_back("last");
  table.columns.push_back("noticed");
  for (const Outcome& run : runs) {
    const queues::Tally& tally = run.services[service];
    std::vector<std::string> row = {run.row.name};
    for (const queues::Figure& each : shown) row.push_back(std::to_string(tally.*each.value));
    row.push_back(tally.done == 0 ? "-" : format_time(tally.last));
    row.push_back(tally.noticed < 0 ? "-" : format_time(tally.noticed));
    table.rows.push_back(row);
  }
  return table;
}

// What each product costs a month by the example prices: while nothing is sent, and at one megabyte a second.
struct RivalCosts {
  PriceList prices;
  Load load;
  Money idle(const Outcome& run) const {
    Load nothing = load;
    nothing.bytes_per_second = 0;
    return bill_of(cost_product_of(run.row.product), nothing, prices).total;
  }
  Money at_a_megabyte(const Outcome& run) const { return bill_of(cost_product_of(run.row.product), load, prices).total; }
};

// None, and why not, if the prices that come with the program are not there: a table without them is a table.
std::optional<RivalCosts> costs_of(const Workload& workload, std::string& why_not) {
  try {
    const std::string file = find_shipped_file("assets/prices/example.json");
    PriceListResult read = read_prices(text_of_file(file));
    if (!read.list) throw Failure(file + ": " + read.problem);
    RivalCosts costs{std::move(*read.list), {}};
    costs.load.services = static_cast<std::int64_t>(workload.services.size());
    return costs;
  } catch (const Failure& failure) {
    why_not = failure.what();
    return std::nullopt;
  }
}

// Columns that a table has, and what they say.
constexpr std::pair<std::string_view, std::string_view> kPublisherColumns[] = {
    {"confirmed", "messages that the publisher takes for stored"},
    {"refused", "publishings that were refused"},
    {"returned", "messages that came back because no queue takes them"},
    {"in 1 s", "messages confirmed in the first second"},
    {"copies stored", "in all stores together, replicas not counted"},
    {"out of order", "stored after a later one of their key"},
    {"longest wait", "of the publisher for an answer"},
    {"idle month", "what a month costs while nothing is sent"},
    {"1 MB/s", "what a month costs at one megabyte a second"}};

Table publisher_table(const std::vector<Outcome>& runs, const std::optional<RivalCosts>& costs) {
  const bool floods = std::any_of(runs.begin(), runs.end(), [](const Outcome& run) {
    return run.system.accepted >= 100 && run.system.accepted < run.system.confirmed;
  });
  Table table{"", {"on", "confirmed", "refused", "returned", "copies stored", "out of order", "longest wait"}, {}};
  if (floods) table.columns.insert(table.columns.begin() + 4, "in 1 s");
  if (costs) table.columns.insert(table.columns.end(), {"idle month", "1 MB/s"});
  for (const Outcome& run : runs) {
    const queues::SystemTally& it = run.system;
    table.rows.push_back({run.row.name, std::to_string(it.confirmed), std::to_string(it.refused), std::to_string(it.returned),
                          std::to_string(it.copies), std::to_string(it.inversions), format_time(it.longest_wait)});
    if (floods) table.rows.back().insert(table.rows.back().begin() + 4, std::to_string(it.accepted));
    if (costs)
      table.rows.back().insert(table.rows.back().end(), {money_text(costs->idle(run)), money_text(costs->at_a_megabyte(run))});
  }
  return table;
}

std::string run_json(const Workload& workload, const Outcome& run, const std::optional<RivalCosts>& costs, bool trace) {
  std::vector<std::string> services;
  for (std::size_t i = 0; i < workload.services.size(); ++i) {
    JsonObject object;
    object.text("name", workload.services[i].name);
    for (const queues::Figure& each : queues::figures()) object.number(each.name, run.services[i].*each.value);
    services.push_back(object.done());
  }
  const queues::SystemTally& it = run.system;
  JsonObject object;
  object.text("row", run.row.name).text("product", queues::product(run.row.product).name).json("services", json_list(services));
  object.number("confirmed", it.confirmed).number("accepted_in_first_second", it.accepted).number("refused", it.refused);
  object.number("returned", it.returned).number("copies_stored", it.copies).number("out_of_order", it.inversions);
  object.number("longest_wait", it.longest_wait).json("notes", json_strings(run.notes)).json("breaches", json_strings(run.breaches));
  object.json("not_as_expected", json_strings(disappointments(run, workload)));
  if (costs)
    object.text("idle_month", money_text(costs->idle(run))).text("month_at_1_megabyte_a_second", money_text(costs->at_a_megabyte(run)));
  if (trace) {
    std::vector<std::string> facts;
    for (const queues::Fact& each : run.facts)
      facts.push_back(
          JsonObject().number("at", each.at).text("fact", queues::fact_name(each.kind)).text("says", say(each, workload)).done());
    object.json("facts", json_list(facts));
  }
  return object.text("digest", digest_text(run.digest)).done();
}

// What a consumer gets for a message: the body, or SNS' notification with that in it (S16).
std::string body_received(const queues::Row& row, const queues::Message& message) {
  if (!queues::rules_of(row).envelope) return json_string(message.body);
  JsonObject attributes;
  for (const auto& [name, value] : message.attributes)
    attributes.json(name, JsonObject().text("Type", "String").text("Value", value).done());
  JsonObject envelope;
  envelope.text("Type", "Notification").text("MessageId", message.name).text("Message", message.body);
  if (!message.attributes.empty()) envelope.json("MessageAttributes", attributes.done());
  return envelope.done();
}

void print_trace(const Workload& workload, const Outcome& run, Output& out) {
  out.line("");
  out.line(run.row.name, Style::bold);
  for (const queues::Fact& each : run.facts) {
    const bool comes = each.kind == queues::FactKind::delivered;
    const std::string body = comes ? " It reads " + body_received(run.row, workload.messages[static_cast<std::size_t>(each.message)]) : "";
    out.line(format_time(each.at) + "  " + say(each, workload) + body);
  }
}

// What the columns of these tables say, a line each.
void print_legend(const std::vector<Table>& tables, Output& out) {
  out.line("");
  const auto is_shown = [&](std::string_view name) {
    return std::any_of(tables.begin(), tables.end(), [&](const Table& table) {
      return std::find(table.columns.begin(), table.columns.end(), name) != table.columns.end();
    });
  };
  const auto explain = [&](std::string_view name, std::string_view about) {
    if (is_shown(name)) out.line(std::string(name) + ": " + std::string(about), Style::dim);
  };
  for (const queues::Figure& each : queues::figures()) {
    if (each.name != "confirmed") explain(each.name, each.about);  // is the publisher's
  }
  for (const auto& [name, about] : kPublisherColumns) explain(name, about);
}

void print_runs(const RivalsOptions& options, const Workload& workload, const std::vector<Outcome>& runs,
                const std::optional<RivalCosts>& costs, const std::string& no_costs, Output& out) {
  out.line(workload.title, Style::bold);
  if (!workload.about.empty()) out.line(workload.about);
  for (std::size_t i = 0; options.trace && i < runs.size(); ++i) print_trace(workload, runs[i], out);
  std::vector<Table> tables;
  for (std::size_t i = 0; i < workload.services.size(); ++i) {
    out.line("");
    out.line("Service " + workload.services[i].name, Style::bold);
    tables.push_back(services_table(workload, runs, i));
    out.text(to_text({tables.back()}));
  }
  out.line("");
  out.line("The publisher and the stores", Style::bold);
  tables.push_back(publisher_table(runs, costs));
  out.text(to_text({tables.back()}));
  print_legend(tables, out);
  if (costs) out.line("A month: example prices of " + costs->prices.date + ", with the defaults of nutshell cost", Style::dim);
  else out.line("What a month costs is not known: " + no_costs, Style::dim);
  for (const Outcome& run : runs) {
    for (const std::string& each : run.notes) out.line(run.row.name + ": " + each, Style::dim);
    for (const std::string& each : disappointments(run, workload)) out.line(run.row.name + ": " + each, Style::bad);
    for (const std::string& each : run.breaches) out.line(run.row.name + ": a promise is broken: " + each, Style::bad);
  }
}

// What one --on asks for: a row by its name, which may have commas, or several names with commas between.
std::vector<std::string> names_in(const std::string& text, const Workload& workload) {
  for (const queues::Row& each : workload.rows)
    if (each.name == text) return {text};
  std::vector<std::string> names;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::string name = text.substr(at, end - at);
    while (!name.empty() && name.front() == ' ') name.erase(0, 1);
    names.push_back(name);
    at = end + 1;
  }
  return names;
}

// The rows that are asked for, by their names or by their products'.
std::vector<std::size_t> rows_of(const RivalsOptions& options, const Workload& workload) {
  std::vector<std::string> wanted;
  for (const std::string& each : options.on)
    for (const std::string& name : names_in(each, workload)) wanted.push_back(name);
  std::vector<std::size_t> rows;
  std::vector<bool> found(wanted.size(), false);
  for (std::size_t i = 0; i < workload.rows.size(); ++i) {
    bool chosen = wanted.empty();
    for (std::size_t j = 0; j < wanted.size(); ++j) {
      if (wanted[j] != workload.rows[i].name && wanted[j] != queues::product(workload.rows[i].product).name) continue;
      chosen = found[j] = true;
    }
    if (chosen) rows.push_back(i);
  }
  for (std::size_t j = 0; j < found.size(); ++j) {
    if (found[j]) continue;
    std::vector<std::string_view> names;
    for (const queues::Row& each : workload.rows) names.push_back(each.name);
    for (const queues::Row& each : workload.rows) names.push_back(queues::product(each.product).name);
    const std::string near = nearest_name(wanted[j], names);
    throw Failure("--on " + wanted[j] + ": the workload has no such row; " +
                  (near.empty() ? "its rows are listed without --on" : "did you mean '" + near + "'?"));
  }
  return rows;
}

int list_workloads(Output& out) {
  Table table{"", {"workload", "title"}, {}};
  for (const std::string& file : shipped_workloads()) {
    const WorkloadResult loaded = load_workload(file);
    table.rows.push_back({bare_name(file), loaded.workload ? loaded.workload->title : "(has mistakes)"});
  }
  out.text(to_text({table}));
  return kExitFine;
}

// By the model, which knows everything at once; or by nodes, where it does not.
Outcome outcome_of(const Workload& workload, std::size_t row, bool with_facts) {
  if (rabbit::cannot_run(workload, workload.rows[row]).empty() && rabbit::only_nodes_know(workload, workload.rows[row])) {
    rabbit::Cluster nodes(workload, row);
    nodes.run();
    Outcome outcome = nodes.outcome();
    if (with_facts) outcome.facts = nodes.facts();
    return outcome;
  }
  queues::Simulation run(workload, row);
  run.run();
  return run.outcome(with_facts);
}

int run_rivals(const RivalsOptions& options, Output& out) {
  const CommonOptions& common = options.common;
  if (options.workload.empty()) {
    if (!options.on.empty() || options.trace || !common.set.empty() || !common.seed.empty() || !common.until.empty())
      throw Failure("--on, --trace, --set, --seed and --until are about a workload, and none is given; nutshell rivals lists them");
    return list_workloads(out);
  }
  WorkloadResult loaded = load_workload(find_workload_file(options.workload));
  if (!loaded.workload) throw Failure(to_text(loaded.problems));
  Workload& workload = *loaded.workload;
  const Overrides overrides = overrides_of(options.common, queues::kMaxWorkloadTime);
  std::vector<Problem> problems;
  for (const auto& [key, value] : overrides.set) override_workload(workload, key, value, problems);
  if (!problems.empty()) throw Failure(to_text(problems));
  if (overrides.seed) workload.seed = *overrides.seed;
  if (overrides.until) workload.until = *overrides.until;
  std::vector<Outcome> runs;
  for (const std::size_t row : rows_of(options, workload)) {
    runs.push_back(outcome_of(workload, row, options.trace));
    for (std::string& each : adapter::differences(workload, row, runs.back())) runs.back().notes.push_back(std::move(each));
    for (std::string& each : rabbit::differences(workload, row, runs.back())) runs.back().notes.push_back(std::move(each));
  }
  const bool kept = std::all_of(runs.begin(), runs.end(),
                                [&](const Outcome& run) { return run.breaches.empty() && disappointments(run, workload).empty(); });
  std::string no_costs;
  const std::optional<RivalCosts> costs = costs_of(workload, no_costs);
  if (options.common.json) {
    std::vector<std::string> rows;
    for (const Outcome& run : runs) rows.push_back(run_json(workload, run, costs, options.trace));
    JsonObject object;
    object.text("workload", workload.name).text("title", workload.title);
    if (!costs) object.text("costs_unknown", no_costs);
    out.text(object.json("rows", json_list(rows)).done());
  } else {
    print_runs(options, workload, runs, costs, no_costs, out);
  }
  return kept ? kExitFine : kExitFailed;
}

}  // namespace

void add_rivals(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("rivals", "Run one workload on Kafka, RabbitMQ, Pub/Sub, SNS + SQS and Kinesis");
  auto options = std::make_shared<RivalsOptions>();
  command.operand("WORKLOAD", options->workload, "A workload; without one, those that come with Nutshell are listed", Need::optional);
  command.option("--on", options->on, "NAME",
                 "Only these products, or rows of the workload, with commas between. May be given several times");
  command.flag("--trace", options->trace, "Tell what happens on each, as well");
  add_common(command, options->common, Has::overrides);
  command.footer(
      "Says for each service how many attempts were made, how many messages were done, done again, overtaken, buried, stuck\n"
      "and lost, and what a service that came later could still get. Exits with 1 if a row does not come out as\n"
      "its \"expect\" says, or a promise of the simulation is broken. Rows that can are run a second time, by nodes of RabbitMQ\n"
      "or the simulated Kafka cluster; what comes out differently there is told below the tables. With --json times are nanoseconds.\n"
      "\n"
      "Examples:\n"
      "  nutshell rivals\n"
      "  nutshell rivals orders\n"
      "  nutshell rivals orders --on kafka,sqs --trace\n"
      "  nutshell rivals orders --on sqs --set VisibilityTimeout=60s");
  command.on_chosen(job, options, run_rivals);
}

}  // namespace nutshell
