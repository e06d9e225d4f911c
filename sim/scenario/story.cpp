#include "sim/scenario/story.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/scenario/beats.h"
#include "sim/scenario/evaluate.h"
#include "sim/scenario/rivals.h"
#include "sim/scenario/story_fold.h"

namespace nutshell {
namespace {

// After so long a time a cause is worth repeating.
constexpr Duration kForgotten = 2 * kSecond;

// The breach that a promise_broken fact tells of, as a sentence; empty: the fact is another one.
std::string breach_text(const Judge& judge, const Fact& fact) {
  const auto* broken = fact.body.as<PromiseBroken>();
  if (!broken) return "";
  for (const Breach& breach : judge.breaches()) {
    if (breach.step != fact.step || breach.promise != broken->promise || breach.tp != broken->tp) continue;
    const Promise& promise = promises()[static_cast<std::size_t>(breach.promise)];
    return "Broken promise \"" + std::string(promise.title) + "\": " + breach.why + "." +
           (breach.promised ? "" : " (Kafka does not promise it with these settings.)");
  }
  return "";
}

// Adds to facts the action that began them, once for facts that follow each other.
class Causes {
 public:
  explicit Causes(const Timeline& timeline) : timeline_(timeline) {}

  std::string of(std::size_t index) {
    const Fact& fact = timeline_.facts()[index];
    const std::vector<Cause> chain = timeline_.why(index);
    if (chain.empty() || chain.back().step == kNoStep || chain.back().step == fact.step) return "";
    const Cause& root = chain.back();
    if (timeline_.record_of(root.step).action < 0) return "";
    const bool fresh = root.step != last_root_ || fact.at > last_told_ + kForgotten;
    last_root_ = root.step;
    last_told_ = fact.at;
    return fresh ? "at " + format_time(root.at) + ": " + root.sentence : "";
  }

 private:
  const Timeline& timeline_;
  Step last_root_ = kNoStep;
  Time last_told_ = 0;
};

// What is worth telling of each system; of many of a kind in a row the first, and how many there are.
std::vector<StoryLine> tell_rivals(const Timeline& finished, Time until) {
  std::vector<StoryLine> lines;
  const std::shared_ptr<const RivalRuns> runs = runs_of(finished.world().rivals);
  for (const RivalRun& run : runs->runs()) {
    std::vector<const queues::Fact*> facts;
    for (const queues::Fact& each : run.facts)
      if (is_story(each) && each.at <= until) facts.push_back(&each);
    for (std::size_t i = 0, end = 0; i < facts.size(); i = end) {
      for (end = i + 1; end < facts.size() && facts[end]->kind == facts[i]->kind && facts[end]->service == facts[i]->service;) ++end;
      StoryLine line;
      line.at = facts[i]->at;
      line.position = finished.steps_until(line.at);
      line.text = run.title + ": " + queues::say(*facts[i], runs->workload());
      if (end > i + 1) line.text += " And " + std::to_string(end - i - 1) + " more like this.";
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::vector<StoryLine> tell_facts(const Timeline& timeline, const std::vector<Step>& barriers) {
  std::vector<StoryLine> lines;
  Causes causes(timeline);
  for (const FoldedFact& folded : fold_story(timeline, barriers)) {
    const Fact& fact = timeline.facts()[folded.first];
    StoryLine line;
    line.at = fact.at;
    line.position = fact.step + 1;
    line.text = breach_text(timeline.judge(), fact);
    if (line.text.empty()) line.text = folded.text;
    line.because = causes.of(folded.first);
    lines.push_back(std::move(line));
  }
  return lines;
}

StoryLine said(StoryLine::Kind kind, const FiredBeat& fired, std::string_view text) {
  Emphasised words = without_marks(text);
  return {kind, fired.at, fired.position, std::move(words.text), "", {}, {}, false, fired.fired, std::move(words.strong)};
}

StoryLine question(const Beat& beat, const FiredBeat& fired, Evaluator& evaluator) {
  StoryLine line = said(StoryLine::Kind::ask, fired, beat.ask);
  line.answer = right_choice(evaluator, beat);
  for (const Choice& choice : beat.choices) line.choices.push_back(choice.text);
  return line;
}

void tell_beat(const Beat& beat, const FiredBeat& fired, Evaluator& evaluator, std::vector<StoryLine>& lines) {
  const std::size_t before = lines.size();
  if (!beat.focus.empty())
    lines.push_back({StoryLine::Kind::focus, fired.at, fired.position, beat.focus});
  if (!beat.say.empty()) lines.push_back(said(StoryLine::Kind::say, fired, beat.say));
  if (!beat.ask.empty()) lines.push_back(question(beat, fired, evaluator));
  if (lines.size() > before) lines.back().pause = beat.pause;
  for (std::size_t i = before; i < lines.size(); ++i) lines[i].fired = fired.fired;
}

}  // namespace

std::vector<StoryLine> tell(const Scenario& scenario, const Timeline& finished) {
  const std::vector<FiredBeat> fired = fire_beats(scenario, finished);
  if (finished.world().rivals.setup) {
    std::vector<StoryLine> lines = tell_rivals(finished, scenario.until);
    for (StoryLine& each : tell_beats(scenario, finished, fired)) lines.push_back(std::move(each));
    std::stable_sort(lines.begin(), lines.end(), [](const StoryLine& a, const StoryLine& b) { return a.at < b.at; });
    return lines;
  }
  std::vector<Step> barriers;
  for (const FiredBeat& each : fired) barriers.push_back(each.position);
  std::vector<StoryLine> lines;
  if (!scenario.is_still()) lines = tell_facts(finished, barriers);
  for (StoryLine& each : tell_beats(scenario, finished, fired)) lines.push_back(std::move(each));
  // Facts of a step come before the beats that fired on it; both are in order already.
  std::stable_sort(lines.begin(), lines.end(),
                   [](const StoryLine& a, const StoryLine& b) { return a.position < b.position; });
  return lines;
}

std::vector<StoryLine> tell_beats(const Scenario& scenario, const Timeline& finished, const std::vector<FiredBeat>& fired) {
  std::vector<StoryLine> lines;
  Evaluator evaluator(finished, scenario);
  for (const FiredBeat& each : fired) tell_beat(scenario.beats[each.beat], each, evaluator, lines);
  return lines;
}

std::vector<StoryLine> tell_beats(const Scenario& scenario, const Timeline& finished) {
  return tell_beats(scenario, finished, fire_beats(scenario, finished));
}

}  // namespace nutshell
