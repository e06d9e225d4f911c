// DeleteRecords: the leader raises the log start at once and answers when its live followers have too (L12).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

bool is_alive(const Broker& broker, BrokerId id) {
  const BrokerRegistration* known = broker.image.broker(id);
  return known && !known->fenced;
}

// The lowest log start of all replicas whose brokers are alive. Of a follower it is what its last fetch said.
Offset low_watermark(const Broker& broker, const Replica& replica) {
  Offset lowest = replica.log.log_start_offset();
  for (const FollowerState& each : replica.followers)
    if (is_alive(broker, each.broker)) lowest = std::min(lowest, each.log_start_offset);
  return lowest;
}

DeleteRecordsResponse answer_for(const Broker& broker, TopicPartition tp, ErrorCode error, Offset low = -1) {
  DeleteRecordsResponse answer{error, tp, low};
  if (error == ErrorCode::not_leader_or_follower) name_leader(broker, answer);
  return answer;
}

// `offset` becomes the high watermark where all is meant.
ErrorCode refusal_of(const Broker& broker, const Replica* replica, TopicPartition tp, Offset& offset) {
  if (const ErrorCode error = leader_error(broker, tp, replica); error != ErrorCode::none) return error;
  if (topic_config(broker, tp.topic).cleanup_policy == CleanupPolicy::compacts) return ErrorCode::policy_violation;
  if (offset == kAllRecords) offset = replica->log.high_watermark();
  return offset < 0 || offset > replica->log.high_watermark() ? ErrorCode::offset_out_of_range : ErrorCode::none;
}

// Answers those of the replica that `decide` has an answer for.
template <class Decide>
void settle_deletes(Env& env, Broker& broker, TopicPartition tp, Decide decide) {
  for (std::size_t i = 0; i < broker.deletes.size();) {
    const ParkedDelete parked = broker.deletes[i];
    if (parked.tp != tp || !decide(parked)) {
      ++i;
      continue;
    }
    env.disarm(broker.deletes[i].timer);
    broker.deletes.erase(broker.deletes.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

}  // namespace

void on_delete_records(Env& env, Broker& broker, const RequestId& request, const DeleteRecordsRequest& asked) {
  Replica* replica = broker.replica(asked.tp);
  Offset offset = asked.offset;
  const ErrorCode error = refusal_of(broker, replica, asked.tp, offset);
  if (error != ErrorCode::none) return env.reply(request, answer_for(broker, asked.tp, error));
  const Offset start = replica->log.log_start_offset();
  if (replica->log.raise_log_start_offset(offset))
    env.emit(LogStartRaised{asked.tp, broker.id, start, offset, RemovalReason::requested});
  const Offset low = low_watermark(broker, *replica);
  if (low >= offset) return env.reply(request, answer_for(broker, asked.tp, ErrorCode::none, low));
  ParkedDelete parked{broker.next_parked++, request, asked.tp, offset, kNoTimer};
  parked.timer = env.arm(broker.node, TimerKind::delete_records_wait, asked.timeout, parked.number);
  broker.deletes.push_back(parked);
}

void complete_deletes(Env& env, Broker& broker, const Replica& replica) {
  if (broker.deletes.empty()) return;
  const Offset low = low_watermark(broker, replica);
  settle_deletes(env, broker, replica.tp, [&](const ParkedDelete& each) {
    if (low < each.offset) return false;
    env.reply(each.request, answer_for(broker, each.tp, ErrorCode::none, low));
    return true;
  });
}

void fail_deletes(Env& env, Broker& broker, const Replica& replica) {
  settle_deletes(env, broker, replica.tp, [&](const ParkedDelete& each) {
    env.reply(each.request, answer_for(broker, each.tp, ErrorCode::not_leader_or_follower));
    return true;
  });
}

void on_delete_timeout(Env& env, Broker& broker, std::int32_t number) {
  const auto parked = std::find_if(broker.deletes.begin(), broker.deletes.end(),
                                   [number](const ParkedDelete& each) { return each.number == number; });
  NUTSHELL_REQUIRE(parked != broker.deletes.end());
  const Replica* replica = broker.replica(parked->tp);
  env.reply(parked->request, answer_for(broker, parked->tp, ErrorCode::request_timed_out, replica ? low_watermark(broker, *replica) : -1));
  broker.deletes.erase(parked);
}

}  // namespace nutshell
