#include "sim/kafka/timers.h"

#include "sim/kafka/plain_kinds.h"

namespace nutshell {

namespace {

// Why its owner acts, the key that says how long it runs (or in a few words what it is), and whether what it waited for
// was in vain. Without a row for each the compiler complains.
TimerWords words_of(TimerKind timer) {
  switch (timer) {
    case TimerKind::quorum_fetch_timeout:
      return {"no fetch has succeeded for controller.quorum.fetch.timeout.ms", "controller.quorum.fetch.timeout.ms", false};
    case TimerKind::quorum_election_timeout:
      return {"the election takes longer than its time-out", "controller.quorum.election.timeout.ms", true};
    case TimerKind::quorum_backoff:
      return {"the back-off after a lost election is over", "controller.quorum.election.backoff.max.ms", true};
    case TimerKind::quorum_check: return {"it is time to see whether a majority still fetches", "check of the majority", false};
    case TimerKind::quorum_fetch_wait: return {"a fetch of metadata has waited long enough", "a waiting Fetch of metadata", false};
    case TimerKind::quorum_retry: return {"it is time to ask the quorum again", "retry: quorum", true};
    case TimerKind::metadata_cleaning:
      return {"it is time to look for old snapshots of the metadata log", "metadata.max.retention.ms and .bytes", false};
    case TimerKind::broker_session:
      return {"a broker has not been heard of for broker.session.timeout.ms", "broker.session.timeout.ms", false};
    case TimerKind::leader_balance: return {"it is time to look for preferred leaders", "leader.imbalance.check.interval.seconds", false};
    case TimerKind::unclean_check:
      return {"it is time to look for partitions without a leader", "check for partitions without a leader", false};
    case TimerKind::controller_linger:
      return {"what was gathered for the metadata log is written", "controller.quorum.append.linger.ms", false};
    case TimerKind::registration_retry: return {"it is time to register", "retry: registration", true};
    case TimerKind::broker_heartbeat: return {"the next heartbeat to the controller is due", "broker.heartbeat.interval.ms", false};
    case TimerKind::isr_check: return {"it is time to look for followers that lag", "check for lagging followers", false};
    case TimerKind::high_watermark_checkpoint:
      return {"high watermarks are written to disk", "replica.high.watermark.checkpoint.interval.ms", false};
    case TimerKind::recovery_point_checkpoint:
      return {"recovery points are written to disk", "log.flush.offset.checkpoint.interval.ms", false};
    case TimerKind::disk_write: return {"its disk has written the records it was given", "its disk writes", false};
    case TimerKind::log_retention:
      return {"it is time to look for segments that are too old or too many", "log.retention.check.interval.ms", false};
    case TimerKind::file_delete: return {"the file of a deleted segment has waited long enough", "file.delete.delay.ms", false};
    case TimerKind::log_cleaner: return {"it is time to look for logs to compact", "log.cleaner.backoff.ms", false};
    case TimerKind::cleaner_io: return {"a cleaner has read or written so much", "a cleaner reads and writes", false};
    case TimerKind::directory: return {"one of its log directories is of interest", "log.dir.failure.timeout.ms", false};
    case TimerKind::log_flush:
      return {"it is time to look for records to be forced to disk", "log.flush.scheduler.interval.ms", false};
    case TimerKind::log_delete: return {"the files of a deleted topic have waited long enough", "file.delete.delay.ms", false};
    case TimerKind::offset_expiry:
      return {"it is time to look for groups that have been empty for long", "offsets.retention.check.interval.ms", false};
    case TimerKind::delete_records_wait:
      return {"followers have not deleted in time", "a waiting DeleteRecords: request.timeout.ms", false};
    case TimerKind::fetch_wait: return {"a fetch has waited for data long enough", "a waiting Fetch: fetch.max.wait.ms", false};
    case TimerKind::fetch_backoff: return {"the back-off of a fetcher is over", "replica.fetch.backoff.ms", true};
    case TimerKind::produce_wait: return {"a write has waited too long for replication", "a waiting Produce: request.timeout.ms", false};
    case TimerKind::isr_retry: return {"it is time to propose the ISR again", "retry: AlterPartition", true};
    case TimerKind::shutdown_timeout: return {"nobody has let it shut down for five minutes", "controlled shutdown", false};
    case TimerKind::join_delay: return {"group.initial.rebalance.delay.ms is over", "group.initial.rebalance.delay.ms", false};
    case TimerKind::join_phase: return {"members have had enough time to join", "join phase: max.poll.interval.ms", false};
    case TimerKind::sync_phase: return {"members have had enough time to sync", "sync phase: max.poll.interval.ms", false};
    case TimerKind::member_session:
      return {"a member has not been heard of for session.timeout.ms", "session.timeout.ms of a member", false};
    case TimerKind::next_record: return {"the application has the next record", "the application's next record", false};
    case TimerKind::linger: return {"linger.ms is over", "linger.ms", false};
    case TimerKind::batch_expiry: return {"records have waited for delivery.timeout.ms", "delivery.timeout.ms", false};
    case TimerKind::producer_retry: return {"it is time to send again", "retry.backoff.ms", true};
    case TimerKind::producer_metadata: return {"it is time to ask for metadata", "metadata.max.age.ms", true};
    case TimerKind::poll: return {"the application calls poll()", "the application calls poll()", false};
    case TimerKind::consumer_heartbeat: return {"the next heartbeat to the coordinator is due", "heartbeat.interval.ms", false};
    case TimerKind::consumer_fetch: return {"it is time to fetch again", "retry: Fetch", true};
    case TimerKind::auto_commit: return {"auto.commit.interval.ms is over", "auto.commit.interval.ms", false};
    case TimerKind::max_poll: return {"poll() was not called for max.poll.interval.ms", "max.poll.interval.ms", false};
    case TimerKind::consumer_retry: return {"it is time to ask the coordinator again", "retry: coordinator", true};
    case TimerKind::consumer_metadata: return {"it is time to ask for metadata", "metadata.max.age.ms", true};
    case TimerKind::admin_retry: return {"it is time to ask the controller again", "retry: admin client", true};
  }
  return {};
}

}  // namespace

TimerWords timer_words(TimerKind timer) {
  TimerWords words = words_of(timer);
  PlainKinds::each([&]<class Kind>() {
    for (const NamedTimer& each : Kind::timers)
      if (each.timer == timer) words = each.words;
  });
  return words;
}

}  // namespace nutshell
