// What Kafka's own metrics would have shown: lag, rates, latency, under-replicated partitions.
#include <algorithm>

#include "sim/session/history_builders.h"
#include "sim/session/image.h"

namespace nutshell {

Meters::Meters(const World& last) : world_(last), offsets_topic_(world_.topic_id(kOffsetsTopic)) {
  for (const Consumer& each : world_.consumers) {
    const auto same = [&](const Reading& reading) { return reading.group == each.spec.group; };
    if (std::any_of(readings_.begin(), readings_.end(), same)) continue;
    readings_.push_back({each.spec.group, {}, {"lag of " + world_.fabric.names[each.spec.group], "", MetricKind::level, {}}});
  }
}

void Meters::note(Time at, const BatchAppended& f) {
  if (!f.as_leader || !is_ours(f.tp)) return;
  in_ += f.count;
  records_in_.levels.push_back({at, in_});
}

void Meters::note(Time at, const RecordsDelivered& f) {
  out_ += f.count;
  records_out_.levels.push_back({at, out_});
}

void Meters::note(Time at, const RecordsSent& f) { sent_.try_emplace({f.producer, f.tp, f.first_record}, at); }

// With acks=0 nobody answers, so there is nothing to measure.
void Meters::note(Time at, const RecordsAcked& f) {
  const auto found = sent_.find({f.producer, f.tp, f.first_record});
  if (found == sent_.end()) return;
  if (f.acks != 0) latency_.levels.push_back({at, (at - found->second) / kMicrosecond});
  sent_.erase(found);
}

void Meters::note(Time at, const HighWatermarkMoved& f) {
  if (!is_ours(f.tp)) return;
  high_watermarks_[{f.tp, f.broker}] = f.to;
  if (!f.as_leader) return;
  ends_[f.tp] = f.to;
  measure_lags(at, f.tp);
}

void Meters::note(Time at, const LeaderTookOffice& f) {
  if (!is_ours(f.tp)) return;
  const auto found = high_watermarks_.find({f.tp, f.broker});
  ends_[f.tp] = found == high_watermarks_.end() ? 0 : found->second;
  measure_lags(at, f.tp);
}

void Meters::note(Time at, const OffsetCommitted& f) {
  for (Reading& each : readings_) {
    if (each.group == f.group) each.committed[f.tp] = f.offset;
  }
  measure_lag(at, f.group);
}

void Meters::note(Time at, const LeaderElected& f) {
  if (f.unclean) count_isr(at, f.tp, 1);
}

void Meters::measure_lags(Time at, TopicPartition tp) {
  for (const Reading& each : readings_) {
    if (each.committed.count(tp) != 0) measure_lag(at, each.group);
  }
}

// Of the partitions that anything is committed for, as kafka-consumer-groups shows it.
void Meters::measure_lag(Time at, GroupId group) {
  for (Reading& reading : readings_) {
    if (reading.group != group) continue;
    std::int64_t lag = 0;
    for (const auto& [tp, committed] : reading.committed) {
      const auto end = ends_.find(tp);
      if (end != ends_.end()) lag += std::max<Offset>(end->second - committed, 0);
    }
    std::vector<Level>& levels = reading.lag.levels;
    if (levels.empty() || levels.back().value != lag) levels.push_back({at, lag});
  }
}

void Meters::count_isr(Time at, TopicPartition tp, std::int32_t size) {
  if (!is_ours(tp)) return;
  const MetadataImage* image = committed_image(world_);
  const PartitionRegistration* partition = image ? image->partition(tp) : nullptr;
  if (!partition) return;
  lacks_[tp] = size < static_cast<std::int32_t>(partition->replicas.size());
  const auto count = std::count_if(lacks_.begin(), lacks_.end(), [](const auto& each) { return each.second; });
  lacking_.levels.push_back({at, count});
}

std::vector<Metric> Meters::finish() {
  std::vector<Metric> all;
  for (Reading& each : readings_) all.push_back(std::move(each.lag));
  all.push_back(std::move(records_in_));
  if (!readings_.empty()) all.push_back(std::move(records_out_));
  all.push_back(std::move(latency_));
  // Nobody is missing before somebody leaves.
  lacking_.levels.insert(lacking_.levels.begin(), {0, 0});
  all.push_back(std::move(lacking_));
  return all;
}

}  // namespace nutshell
