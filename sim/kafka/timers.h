// Timers and channels of Kafka's processes: what the engine passes on as numbers.
#pragma once

#include <cstdint>

#include "sim/net/fabric.h"

namespace nutshell {

// Every timer of Kafka's processes, in words in timers.cpp. `a` and `b` of the event say which one of its owner's.
enum class TimerKind : std::uint8_t {
  // metadata quorum
  quorum_fetch_timeout = 1, quorum_election_timeout, quorum_backoff, quorum_check, quorum_fetch_wait, quorum_retry,
  // controller
  broker_session, leader_balance, unclean_check, controller_linger,
  // broker
  registration_retry, broker_heartbeat, isr_check, high_watermark_checkpoint, recovery_point_checkpoint, fetch_wait, fetch_backoff,
  produce_wait, isr_retry, shutdown_timeout,
  // group coordinator
  join_delay, join_phase, sync_phase, member_session,
  // producer
  next_record, linger, batch_expiry, producer_retry, producer_metadata,
  // consumer
  poll, consumer_heartbeat, consumer_fetch, auto_commit, max_poll, consumer_retry, consumer_metadata,
  // admin client of the scenario (creates topics)
  admin_retry,
  // the disk of a broker: the oldest of what it was given is written
  disk_write,
  // its retention
  log_retention, file_delete,
  // its log cleaner: looks for work; one of its threads (`a`) has read or written a buffer full
  log_cleaner, cleaner_io,
  // logs of topics that are no more
  log_delete,
  // looks for what is to be forced to disk
  log_flush,
  // its groups that have been empty for long
  offset_expiry,
  // a DeleteRecords that waits for followers
  delete_records_wait,
  // a log directory has failed, or replicas are to be told of
  directory,
  // metadata quorum: looks for snapshots and segments that may go
  metadata_cleaning,
};

// A client keeps separate connections for separate conversations, as Kafka's processes do.
enum class Channel : std::uint8_t {
  data,         // clients to brokers: produce, fetch, metadata, ...
  coordinator,  // consumers to their coordinator
  fetcher,      // follower brokers to leaders
  quorum,       // voters and observers to voters
  lifecycle,    // brokers to the controller: registration, heartbeats
  controller,   // brokers to the controller: AlterPartition, CreateTopics, producer ids
  registry,     // clients, and other registries, to a schema registry
};

// Why a timer's owner acts, and what it is called.
TimerWords timer_words(TimerKind timer);

}  // namespace nutshell
