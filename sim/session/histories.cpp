#include "sim/session/histories.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/history/fact_looks.h"
#include "sim/session/history_builders.h"
#include "sim/session/image.h"

namespace nutshell {

std::optional<std::int64_t> level_at(const std::vector<Level>& levels, Time at) {
  const auto after = std::upper_bound(levels.begin(), levels.end(), at, [](Time time, const Level& each) { return time < each.at; });
  return after == levels.begin() ? std::nullopt : std::optional(std::prev(after)->value);
}

std::optional<double> metric_at(const Metric& metric, Time at) {
  if (metric.kind == MetricKind::count) {
    const std::int64_t now = level_at(metric.levels, at).value_or(0), before = level_at(metric.levels, at - kSecond).value_or(0);
    return static_cast<double>(now - before);
  }
  if (metric.kind == MetricKind::level) {
    const auto level = level_at(metric.levels, at);
    return level ? std::optional(static_cast<double>(*level)) : std::nullopt;
  }
  const auto later = [](Time time, const Level& each) { return time < each.at; };
  const auto first = std::upper_bound(metric.levels.begin(), metric.levels.end(), at - kSecond, later);
  const auto last = std::upper_bound(first, metric.levels.end(), at, later);
  double sum = 0;
  for (auto each = first; each != last; ++each) sum += static_cast<double>(each->value);
  return first == last ? std::nullopt : std::optional(sum / static_cast<double>(last - first));
}

GapSum gaps_between(const GroupHistory& group, Time from, Time to) {
  GapSum sum;
  for (const Readers& readers : group.partitions) {
    Duration whole = 0;
    for (const TimeSpan& each : readers.gaps) whole += std::max<Duration>(std::min(each.to, to) - std::max(each.from, from), 0);
    sum.whole += whole;
    sum.partitions += whole > 0;
  }
  return sum;
}

struct HistoriesReader::State {
  State(const Timeline& of, Time to)
      : timeline(of), world(of.front_world()), end(of.steps_until(to)), until(to), groups(world), replicas(world), meters(world) {}

  void read(Step step) {
    groups.take(timeline.record_of(step));
    const auto [first, last] = timeline.facts_of(step);
    for (std::size_t i = first; i < last; ++i) {
      const Fact& fact = timeline.facts()[i];
      if (looks_of(fact.body).is(kMeasured)) measure(fact);
    }
  }
  void measure(const Fact& fact) {
    fact.body.visit([&]<class F>(const F& body) {
      constexpr bool by_replicas = Measures<ReplicaHistories, F>, by_meters = Measures<Meters, F>;
      static_assert(kLooksOf<F>.is(kMeasured) == (by_replicas || by_meters), "the table of looks says otherwise");
      if constexpr (by_replicas) replicas.note(fact.at, body);
      if constexpr (by_meters) meters.note(fact.at, body);
    });
  }

  const Timeline& timeline;
  const World world;  // at the end of what is read
  const Step end;
  const Time until;
  GroupHistories groups;
  ReplicaHistories replicas;
  Meters meters;
  Step next = 0;
};

HistoriesReader::HistoriesReader(const Timeline& timeline, Time until) : state_(std::make_unique<State>(timeline, until)) {}
HistoriesReader::~HistoriesReader() = default;

bool HistoriesReader::go_on(Step most) {
  const Step end = state_->end - state_->next > most ? state_->next + most : state_->end;
  for (; state_->next < end; ++state_->next) state_->read(state_->next);
  return state_->next < state_->end;
}

Histories HistoriesReader::take() {
  NUTSHELL_REQUIRE(state_->next == state_->end);
  const StatesUntil run{state_->timeline.states(), state_->end, state_->until};
  return {state_->until, state_->groups.finish(run), state_->replicas.finish(run), state_->meters.finish()};
}

Histories read_histories(const Timeline& timeline, Time until) {
  HistoriesReader reader(timeline, until);
  reader.go_on(kNoStep);
  return reader.take();
}

}  // namespace nutshell
