#include "viz/session/histories.h"

#include <algorithm>

#include "viz/session/history_builders.h"
#include "viz/session/image.h"

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

Histories make_histories(const Timeline& timeline, const World& last, Time until) {
  GroupHistories groups(timeline, last, until);
  ReplicaHistories replicas(last, until);
  Meters meters(last);
  for (const Fact& fact : timeline.facts()) {
    if (fact.at > until) break;
    groups.take(fact);
    replicas.take(fact);
    meters.take(fact);
  }
  Histories histories;
  histories.groups = groups.finish();
  histories.partitions = replicas.finish();
  histories.metrics = meters.finish();
  return histories;
}

}  // namespace nutshell
