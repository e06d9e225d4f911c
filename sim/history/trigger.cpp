#include "sim/history/trigger.h"

#include "sim/core/text.h"

namespace nutshell {

namespace {

std::string_view timer_text(TimerKind timer) {
  switch (timer) {
    case TimerKind::request_timeout: return "a request has waited too long for its answer";
    case TimerKind::quorum_fetch_timeout: return "no fetch has succeeded for controller.quorum.fetch.timeout.ms";
    case TimerKind::quorum_election_timeout: return "the election takes longer than its time-out";
    case TimerKind::quorum_backoff: return "the back-off after a lost election is over";
    case TimerKind::quorum_check: return "it is time to see whether a majority still fetches";
    case TimerKind::quorum_fetch_wait: return "a fetch of metadata has waited long enough";
    case TimerKind::quorum_retry: return "it is time to ask the quorum again";
    case TimerKind::broker_session: return "a broker has not been heard of for broker.session.timeout.ms";
    case TimerKind::leader_balance: return "it is time to look for preferred leaders";
    case TimerKind::unclean_check: return "it is time to look for partitions without a leader";
    case TimerKind::controller_linger: return "what was gathered for the metadata log is written";
    case TimerKind::registration_retry: return "it is time to register";
    case TimerKind::broker_heartbeat: return "the next heartbeat to the controller is due";
    case TimerKind::isr_check: return "it is time to look for followers that lag";
    case TimerKind::high_watermark_checkpoint: return "high watermarks are written to disk";
    case TimerKind::recovery_point_checkpoint: return "recovery points are written to disk";
    case TimerKind::log_retention: return "it is time to look for segments that are too old or too many";
    case TimerKind::file_delete: return "the file of a deleted segment has waited long enough";
    case TimerKind::disk_write: return "its disk has written the records it was given";
    case TimerKind::fetch_wait: return "a fetch has waited for data long enough";
    case TimerKind::fetch_backoff: return "the back-off of a fetcher is over";
    case TimerKind::produce_wait: return "a write has waited too long for replication";
    case TimerKind::isr_retry: return "it is time to propose the ISR again";
    case TimerKind::shutdown_timeout: return "nobody has let it shut down for five minutes";
    case TimerKind::join_delay: return "group.initial.rebalance.delay.ms is over";
    case TimerKind::join_phase: return "members have had enough time to join";
    case TimerKind::sync_phase: return "members have had enough time to sync";
    case TimerKind::member_session: return "a member has not been heard of for session.timeout.ms";
    case TimerKind::next_record: return "the application has the next record";
    case TimerKind::linger: return "linger.ms is over";
    case TimerKind::batch_expiry: return "records have waited for delivery.timeout.ms";
    case TimerKind::producer_retry: return "it is time to send again";
    case TimerKind::producer_metadata:
    case TimerKind::consumer_metadata: return "it is time to ask for metadata";
    case TimerKind::poll: return "the application calls poll()";
    case TimerKind::consumer_heartbeat: return "the next heartbeat to the coordinator is due";
    case TimerKind::consumer_fetch: return "it is time to fetch again";
    case TimerKind::auto_commit: return "auto.commit.interval.ms is over";
    case TimerKind::max_poll: return "poll() was not called for max.poll.interval.ms";
    case TimerKind::consumer_retry: return "it is time to ask the coordinator again";
    case TimerKind::admin_retry: break;
  }
  return "it is time to ask the controller again";
}

std::string delivery_sentence(const StepRecord& record, const Namer& namer) {
  if (record.message == kNoMessage)
    return "A message from " + namer.node(record.from) + " to " + namer.node(record.node) + " does not get through.";
  return node_at_start(namer.node(record.node)) + " receives " + std::string(message_name(record.message)) + " from " +
         namer.node(record.from) + ".";
}

}  // namespace

std::string trigger_sentence(const StepRecord& record, const Namer& namer) {
  switch (record.event) {
    case EventKind::deliver: return delivery_sentence(record, namer);
    case EventKind::disconnected: return node_at_start(namer.node(record.node)) + " learns that a connection was closed.";
    case EventKind::connect: return node_at_start(namer.node(record.node)) + " tries to connect.";
    case EventKind::proceed: return node_at_start(namer.node(record.node)) + " takes the next request that waited.";
    case EventKind::control: return "What was planned for this time happens.";
    case EventKind::timer: break;
  }
  return node_at_start(namer.node(record.node)) + ": " + std::string(timer_text(record.timer)) + ".";
}

}  // namespace nutshell
