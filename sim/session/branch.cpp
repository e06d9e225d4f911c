#include "sim/session/branch.h"

#include <algorithm>
#include <utility>

#include "sim/scenario/beats.h"
#include "sim/scenario/deed_beats.h"
#include "sim/session/film_lanes.h"

namespace nutshell {

namespace {

constexpr std::size_t kFewBrokers = 6;  // from so many on, fewer steps are run in a frame

// Whole numbers, in their order: of "orders-0 in epoch 12", "0" and "12".
std::vector<std::string> numbers_in(const std::string& text) {
  constexpr const char* kDigits = "0123456789";
  std::vector<std::string> found;
  for (std::size_t at = text.find_first_of(kDigits); at != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_not_of(kDigits, at), text.size());
    found.push_back(text.substr(at, end - at));
    at = text.find_first_of(kDigits, end);
  }
  return found;
}

void add_beat(Branch& branch, StoryLine line, std::string focus) {
  if (branch.beats.empty() || branch.beats.back().pause) branch.sections.push_back(branch.beats.size());
  branch.beats.push_back(std::move(line));
  branch.focuses.push_back(std::move(focus));
}

// Up to the first deed: what the lesson says and asks by itself.
// Of a run that is not known to its end, those of what is known: questions have no answer yet.
void read_lesson_beats(Branch& branch) {
  const std::vector<StoryLine> before = std::exchange(branch.beats, {});
  branch.focuses.clear();
  branch.sections.clear();
  std::string focus;
  branch.fired = fire_beats(branch.scenario, *branch.timeline, branch.fired);
  for (StoryLine& line : tell_beats(branch.scenario, *branch.timeline, branch.fired)) {
    if (!branch.whole() && line.at >= branch.known_until) break;
    // What to look at is said just before what is said about it.
    if (line.kind == StoryLine::Kind::focus) focus = line.text;
    else if (branch.acted.empty() || line.at < branch.acted.front().at) {
      // Of a run that is made again, the answers are known.
      if (const std::size_t i = branch.beats.size(); !line.answer && i < before.size()) line.answer = before[i].answer;
      add_beat(branch, std::move(line), std::exchange(focus, ""));
    }
  }
}

BeatWalk walk_of(const Branch& branch, const WorldNamer& names) {
  const Timeline& run = *branch.timeline;
  return {run, names, branch.scenario.opens, run.position(), quiet_until(run, branch.scenario.until)};
}

std::vector<std::string> facts_told_on(const Branch& lesson) {
  const WorldNamer names(lesson.timeline->world());
  BeatWalk walk = walk_of(lesson, names);
  std::vector<std::string> told;
  for (const Beat& each : lesson.scenario.beats) {
    if (!walk.go_on(each.on)) break;
    told.push_back(each.on.fact ? sentence_of_fact(*lesson.timeline, walk.next_fact() - 1) : "");
  }
  return told;
}

// Whether numbers that a caption takes from the fact in the lesson (a broker, an epoch) are those of this fact as well.
bool still_says(const std::string& caption, const std::string& in_lesson, const std::string& here) {
  const std::vector<std::string> said = numbers_in(caption), now = numbers_in(here);
  const auto has = [](const std::vector<std::string>& list, const std::string& number) {
    return std::find(list.begin(), list.end(), number) != list.end();
  };
  for (const std::string& each : numbers_in(in_lesson)) {
    if (has(said, each) && !has(now, each)) return false;
  }
  return true;
}

void forget_beats_from(Branch& branch, Time at) {
  while (!branch.beats.empty() && branch.beats.back().at >= at) {
    branch.beats.pop_back();
    branch.focuses.pop_back();
    if (!branch.sections.empty() && branch.sections.back() == branch.beats.size()) branch.sections.pop_back();
  }
}

// Where a beat that has fired after a deed stops: never before the one before it. nullopt: that is not known yet.
std::optional<FiredBeat> stop_after_deed(Branch& branch, FiredBeat fired, std::size_t fact, StopFinder& stops) {
  for (const FiredBeat& known : branch.fired) {
    if (known.beat == fired.beat && known.fired == fired.fired) return known;
  }
  const std::optional<StopFinder::Stop> stop = stops.find(branch.timeline->facts()[fact]);
  if (!stop) return std::nullopt;
  fired.at = stop->at;
  fired.position = stop->position;
  if (!branch.beats.empty() && fired.position < branch.beats.back().position) {
    fired.position = branch.beats.back().position;
    fired.at = std::max(fired.at, branch.beats.back().at);
  }
  branch.fired.push_back(fired);
  return fired;
}

// From the first deed on, the lesson says what waits for a fact that happens all the same, in its order; what it says at
// a time of its own script, and what it asks, is left out. What happens all the time (an acknowledgement, a delivery)
// means what the lesson means by it only right after the caption before it.
void read_beats_after_deeds(Branch& branch) {
  const Timeline& run = *branch.timeline;
  const Time left = branch.acted.front().at;
  forget_beats_from(branch, left);
  const WorldNamer names(run.world());
  BeatWalk walk = walk_of(branch, names);
  StopFinder stops(run, branch.scenario.until);
  bool follows = false;
  for (std::size_t i = 0; i < branch.scenario.beats.size(); ++i) {
    const Beat& beat = branch.scenario.beats[i];
    BeatWalk next = walk;
    const bool happens = (beat.on.fact || beat.on.time.value_or(0) < left) && next.go_on(beat.on);
    if (happens && next.at() < left) {
      walk = next;
      follows = true;
      continue;
    }
    const bool waits = happens && beat.on.fact && !beat.say.empty();
    const std::size_t fact = waits ? next.next_fact() - 1 : 0;
    const std::vector<std::string>& lesson = branch.lesson->told_on;
    const bool tells = waits && (follows || fact_level(run.facts()[fact].body) == FactLevel::story) &&
                       (i >= lesson.size() || still_says(beat.say, lesson[i], sentence_of_fact(run, fact)));
    follows = tells;
    if (!tells) continue;
    walk = next;
    const std::optional<FiredBeat> stop = stop_after_deed(branch, {i, walk.position(), walk.at(), walk.position()}, fact, stops);
    if (!stop) return;
    Emphasised words = without_marks(beat.say);
    add_beat(branch,
             {StoryLine::Kind::say, stop->at, stop->position, std::move(words.text), "", {}, {}, beat.pause, stop->fired,
              std::move(words.strong)},
             beat.focus);
  }
}

void read_beats(Branch& branch) {
  if (!branch.beats_inherited) read_lesson_beats(branch);
  if (!branch.lesson) branch.told_on = facts_told_on(branch);
  else if (!branch.acted.empty()) read_beats_after_deeds(branch);
}

// Beats are told anew each time: an answer may have become known, or a caption have found its stop.
void read_lanes(Branch& branch) {
  std::erase_if(branch.lanes.marks, [](const Mark& each) { return each.kind == MarkKind::beat || each.kind == MarkKind::question; });
  if (!branch.scenario.wires.empty()) branch.lanes.lanes.clear();
  else if (branch.scenario.film) branch.lanes.lanes = film_lanes(*branch.scenario.film, branch.scenario.until);
  else branch.lanes_read.follow(*branch.timeline, branch.known_until, branch.lanes);
  for (const StoryLine& each : branch.beats) {
    const bool asks = each.kind == StoryLine::Kind::ask;
    branch.lanes.marks.push_back({each.at, asks ? MarkKind::question : MarkKind::beat, each.text, {}});
  }
  std::stable_sort(branch.lanes.marks.begin(), branch.lanes.marks.end(),
                   [](const Mark& a, const Mark& b) { return a.at < b.at; });
}

// Reads what can be read at once, if nothing has been read yet.
template <class Reader, class Told>
const std::shared_ptr<const Told>& asked(Telling<Reader, Told>& telling, const Branch& branch) {
  telling.wanted = true;
  if (telling.told) return telling.told;
  const Timeline& timeline = *branch.timeline;
  const bool is_long = timeline.furthest() > kReadAFrame;
  Reader reader(timeline, is_long ? timeline.record_of(kReadAFrame).at - 1 : branch.known_until);
  reader.go_on(kNoStep);
  telling.told = std::make_shared<const Told>(reader.take());
  return telling.told;
}

template <class Reader, class Told>
void follow(Telling<Reader, Told>& telling, const Branch& branch, Step most) {
  const bool wanted = std::exchange(telling.wanted, false) || most == kNoStep;
  if (!wanted || !telling.told || telling.told->until >= branch.known_until) return;
  if (!telling.reader) telling.reader = std::make_unique<Reader>(*branch.timeline, branch.known_until);
  if (telling.reader->go_on(most)) return;
  telling.told = std::make_shared<const Told>(telling.reader->take());
  telling.reader.reset();
}

}  // namespace

const Histories& Branch::histories() const { return *asked(histories_read, *this); }
const std::shared_ptr<const Tracks>& Branch::tracks() const { return asked(tracks_read, *this); }

void run_ahead(Branch& branch, Step most) {
  if (!branch.timeline) {
    branch.timeline = timeline_of(branch.scenario);
    branch.lanes = {};
    branch.lanes_read = {};
  }
  Timeline& timeline = *branch.timeline;
  timeline.at_front([&] {
    RunLimits limits;
    if (most < limits.steps) limits.steps = timeline.position() + most / (1 + timeline.world().brokers.size() / kFewBrokers);
    const bool whole = do_deeds(branch, timeline, branch.scenario.until, limits) || most == kNoStep;
    branch.end = timeline.position();
    const Time known = whole ? branch.scenario.until : timeline.now();
    if (branch.known_until >= known) return;
    branch.known_until = known;
    branch.goals = judge_goals(branch.scenario, timeline);
    read_beats(branch);
    read_lanes(branch);
    branch.scale = scale_of(timeline);
  });
}

void read_on(Branch& branch, Step most) {
  follow(branch.histories_read, branch, most);
  follow(branch.tracks_read, branch, most);
}

void forget(Branch& branch) {
  branch.histories_read = {};
  branch.tracks_read = {};
  branch.timeline.reset();
  branch.known_until = -1;
}

bool do_deeds(Branch& branch, Timeline& timeline, Time until, const RunLimits& limits) {
  std::size_t next = timeline.acts_taken();
  while (next < branch.acted.size() && branch.acted[next].at <= until) {
    if (!run_to(timeline, branch.acted[next].at - 1, limits)) return false;
    if (timeline.act(branch.acted[next].body, branch.acted[next].at).empty()) {
      ++next;
      continue;
    }
    branch.acted.erase(branch.acted.begin() + static_cast<std::ptrdiff_t>(next));
    if (next < branch.decided.size()) branch.decided.erase(branch.decided.begin() + static_cast<std::ptrdiff_t>(next));
  }
  return run_to(timeline, until, limits);
}

void inherit_beats(Branch& branch, const Branch& from, Time deed) {
  branch.beats_inherited = true;
  for (std::size_t i = 0; i < from.beats.size() && from.beats[i].at < deed; ++i) add_beat(branch, from.beats[i], from.focuses[i]);
}

Time round_moment(const Timeline& timeline, Time from) {
  const bool begun = timeline.position() > 0;
  const Time first = begun ? std::max(from, timeline.now() + 1) : std::max<Time>(from, 0);
  const Time next = timeline.next_time();
  const Time last = std::max(first, std::min(next, first + 50 * kMillisecond));
  for (Duration grid = kSecond; grid > 1; grid /= 10) {
    const Time round = (first + grid - 1) / grid * grid;
    if (round <= last) return round;
  }
  return first;
}

Scenario as_scenario(const Branch& branch, const std::string& name) {
  Scenario made = branch.scenario;
  made.name = name;
  // Of one time, what was done by hand comes first, as it did.
  made.script = branch.acted;
  made.script.insert(made.script.end(), branch.scenario.script.begin(), branch.scenario.script.end());
  std::stable_sort(made.script.begin(), made.script.end(), [](const Action& a, const Action& b) { return a.at < b.at; });
  made.expect.clear();
  made.goals.clear();
  made.solution.clear();
  if (branch.acted.empty()) return made;
  // A beat tells up to two lines: what it says and what it asks.
  const Time first = branch.acted.front().at;
  std::size_t kept = 0;
  for (std::size_t line = 0; kept < made.beats.size(); ++kept) {
    if (line >= branch.beats.size() || branch.beats[line].at >= first) break;
    line += (made.beats[kept].say.empty() ? 0U : 1U) + (made.beats[kept].ask.empty() ? 0U : 1U);
  }
  made.beats.resize(kept);
  // What the lesson corrects it corrects by its own course.
  made.corrects.clear();
  std::string deed = sentence(branch.acted.front().body);
  if (deed.back() == '.') deed.pop_back();
  made.title += ": " + deed;
  return with_beats_for(std::move(made), branch.acted, *branch.timeline);
}

}  // namespace nutshell
