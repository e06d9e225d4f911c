// nutshell why: the chain of causes of something that happened.
#include <algorithm>

#include "sim/cluster/ksql_film.h"
#include "sim/command/command_line.h"
#include "sim/command/commands.h"
#include "sim/command/facts_out.h"
#include "sim/command/failure.h"
#include "sim/command/json_out.h"
#include "sim/command/library.h"
#include "sim/core/text.h"
#include "sim/history/fact_pattern.h"
#include "sim/session/reasons.h"

namespace nutshell {
namespace {

struct WhyOptions {
  CommonOptions common;
  std::string file, at, fact, step, window;
  std::vector<std::string> words;
};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

void check_fact_name(const std::string& name) {
  if (name.empty() || find_fact_shape(name)) return;
  std::vector<std::string_view> names;
  for (const FactShape& each : fact_shapes()) names.push_back(each.name);
  const std::string near = nearest_name(name, names);
  throw Failure("there is no fact '" + name + "'; " +
                (near.empty() ? "'nutshell list facts' shows what there is" : "did you mean '" + near + "'?"));
}

// Unless a fact or a step is named, only what is told as the story is meant.
bool is_meant(const WhyOptions& options, const Fact& fact, const Namer& namer) {
  if (!options.step.empty() && fact.step != static_cast<Step>(integer_option("--step", options.step))) return false;
  if (!options.fact.empty() && fact_name(fact.body) != options.fact) return false;
  if (options.fact.empty() && options.step.empty() && fact_level(fact.body) != FactLevel::story) return false;
  if (options.words.empty()) return true;
  const std::string said = lower(sentence(fact.body, namer));
  return std::all_of(options.words.begin(), options.words.end(),
                     [&](const std::string& word) { return said.find(lower(word)) != std::string::npos; });
}

// Index of the last fact that is meant; facts.size(): none.
std::size_t find_meant(const WhyOptions& options, const Timeline& timeline) {
  const WorldNamer namer(timeline.world());
  const Facts& facts = timeline.facts();
  for (std::size_t i = facts.size(); i-- > 0;) {
    if (is_meant(options, facts[i], namer)) return i;
  }
  return facts.size();
}

std::vector<Cause> chain_of(const WhyOptions& options, const Timeline& timeline) {
  const std::size_t fact = find_meant(options, timeline);
  if (fact < timeline.facts().size()) return timeline.why(fact);
  const bool bare_step = !options.step.empty() && options.fact.empty() && options.words.empty();
  if (bare_step) {
    const std::int64_t step = integer_option("--step", options.step);
    if (step >= 0 && static_cast<Step>(step) < timeline.position()) return timeline.why_step(static_cast<Step>(step));
    throw Failure("there is no step " + options.step + " by " + format_time(timeline.now()) + "; the last is " +
                  std::to_string(timeline.position() - 1));
  }
  std::string what = options.fact.empty() ? "nothing" : "no " + options.fact;
  for (const std::string& word : options.words) what += (word == options.words.front() ? " that says '" : " ") + word;
  throw Failure(what + (options.words.empty() ? "" : "'") + " has happened by " + format_time(timeline.now()) +
                    "; 'nutshell run " + options.file + "' shows what does",
                kExitFailed);
}

std::string chain_json(const std::vector<Cause>& chain) {
  std::vector<std::string> causes;
  for (const Cause& each : chain) {
    JsonObject object;
    if (each.step != kNoStep) object.count("step", each.step);
    causes.push_back(object.number("at", each.at)
                         .text("time", format_time(each.at))
                         .text("sentence", each.sentence)
                         .truth("root", each.root)
                         .done());
  }
  return JsonObject().json("causes", json_list(causes)).done();
}

// What is told of a window stands side by side; of anything else, one thing because of the next.
void print_chain(const std::vector<Cause>& chain, bool of_window, Output& out) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const std::string step = chain[i].step == kNoStep ? "" : "  (step " + std::to_string(chain[i].step) + ")";
    out.line(timed(chain[i].at, (i == 0 || of_window ? "" : "because: ") + chain[i].sentence + step, chain.front().at),
             i == 0 ? Style::bold : chain[i].root ? Style::caption : Style::plain);
  }
}

// "eu@0": the key, and the second at which the window begins; "": nothing.
std::optional<streams::WindowName> window_option(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t at = text.rfind('@');
  const std::optional<Duration> start = at == std::string::npos ? std::nullopt : parse_duration(text.substr(at + 1) + "s");
  if (!start) throw Failure("--window takes a key and the second at which the window begins, such as eu@60, not '" + text + "'");
  return streams::WindowName{text.substr(0, at), *start / kMillisecond};
}

std::vector<Cause> chain_of_window(const WhyOptions& options, const Scenario& scenario, const Timeline& timeline) {
  if (!options.fact.empty() || !options.step.empty() || !options.words.empty())
    throw Failure("--window asks of a window; leave out words, --fact and --step");
  const streams::Film film = scenario.film ? *scenario.film : ksql_film(timeline.world());
  if (film.queries.empty()) throw Failure("there is no query of ksqlDB in " + options.file + ", so there are no windows", kExitFailed);
  const Time at = options.at.empty() ? scenario.until : time_option("--at", options.at);
  const Reason reason = reason_of(timeline, film, at, "", window_option(options.window));
  if (!reason.causes.empty()) return reason.causes;
  const Reason last = reason_of(timeline, film, at, "", std::nullopt);
  throw Failure("no row has come to a window of " + options.window + " by " + format_time(at) +
                    (last.causes.empty() ? "" : "; the last that one came to: " + last.causes.front().sentence),
                kExitFailed);
}

int explain(const WhyOptions& options, Output& out) {
  check_fact_name(options.fact);
  Scenario scenario = load(options.file, overrides_of(options.common));
  if (!options.at.empty()) scenario.until = std::min(scenario.until, time_option("--at", options.at));
  const Timeline timeline = run_to_end(scenario, FactLevel::detail);
  const std::vector<Cause> chain = options.window.empty() ? chain_of(options, timeline) : chain_of_window(options, scenario, timeline);
  if (options.common.json) out.text(chain_json(chain));
  else print_chain(chain, !options.window.empty(), out);
  return kExitFine;
}

}  // namespace

void add_why(const CliCommand& program, Job& job) {
  const CliCommand command = program.command("why", "Explain what led to something: the chain of its causes");
  auto options = std::make_shared<WhyOptions>();
  command.operand("FILE", options->file, "The scenario");
  command.operand("WORD", options->words, "Words that the sentence about it contains", Need::optional);
  command.option("--at", options->at, "TIME", "The last one at or before this time (usually the end)");
  command.option("--fact", options->fact, "NAME", "The kind of fact (nutshell list facts)");
  command.option("--step", options->step, "NUMBER", "The number of the step in which it happened");
  command.option("--window", options->window, "KEY@S", "A window of ksqlDB: its key, and the second at which it begins");
  add_common(command, options->common, Has::overrides);
  command.footer(
      "Explains the last fact that fits; without words, the last of the story.\n"
      "\n"
      "Examples:\n"
      "  nutshell why leader-failover --at 30s --fact leader_elected\n"
      "  nutshell why leader-failover broker 2 leader orders-0\n"
      "  nutshell why late-rows-and-grace --window eu@0");
  command.on_chosen(job, options, explain);
}

}  // namespace nutshell
