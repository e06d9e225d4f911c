#include "sim/kafka/producer.h"

#include <algorithm>
#include <limits>

#include "sim/core/require.h"
#include "sim/kafka/producer_parts.h"

namespace nutshell {

NUTSHELL_VALUE_DEFINED(Producer)

namespace {

// What TimerKind::producer_retry is about: its `a`.
constexpr std::int32_t kRetryBatches = 0;

std::int32_t choose_key(Env& env, const Producer& producer, std::uint32_t serial) {
  const ProducerSpec& spec = producer.spec;
  if (spec.key_choice == KeyChoice::none || spec.keys.empty()) return -1;
  const std::uint64_t count = spec.keys.size();
  if (spec.key_choice == KeyChoice::cycle) return spec.keys[serial % count];
  const std::uint64_t random = env.random(producer.node, Purpose::workload, serial);
  return spec.keys[below(random, count)];
}

// Send()s return that waited for memory or metadata. Memory may become free by sending (acks=0).
void unblock(Env& env, Producer& producer) {
  auto& blocked = producer.blocked;
  std::size_t done = 0;
  while (done < blocked.size()) {
    if (append(env, producer, blocked[done])) {
      ++done;
      continue;
    }
    if (!producer.out_of_memory) break;
    const std::int64_t before = producer.buffered_bytes;
    send_all(env, producer);
    if (producer.buffered_bytes == before) break;
  }
  blocked.erase(blocked.begin(), blocked.begin() + static_cast<std::ptrdiff_t>(done));
}

std::int64_t left_to_send(const Producer& producer) {
  if (producer.spec.limit < 0) return std::numeric_limits<std::int64_t>::max();
  return std::max<std::int64_t>(producer.spec.limit - producer.counters.sent - producer.owed, 0);
}

// An interval begins. While send() blocks, the application's thread cannot begin another one.
void on_next_record(Env& env, Producer& producer) {
  producer.next_record = kNoTimer;
  if (producer.blocked.empty())
    producer.owed += static_cast<std::int32_t>(std::min<std::int64_t>(producer.spec.records, left_to_send(producer)));
  if (left_to_send(producer) > 0)
    producer.next_record = env.arm(producer.node, TimerKind::next_record, producer.spec.interval);
}

void on_metadata(Env& env, Producer& producer, const Response& response) {
  if (!on_metadata_response(env, producer.metadata, settings_of(producer), response)) return;
  const auto partitions = static_cast<std::size_t>(producer.metadata.partition_count(producer.spec.topic));
  if (partitions > producer.queues.size()) producer.queues.resize(partitions);
  send_all(env, producer);
}

void on_retry_timer(Env& env, Producer& producer, std::int32_t about) {
  if (about == kRetryBatches) {
    producer.retry = kNoTimer;
    send_all(env, producer);
  } else {
    producer.id_retry = kNoTimer;
    want_producer_id(env, producer);
  }
}

}  // namespace

void send(Env& env, Producer& producer, BlockedRecord record) {
  const ProducerConfig& config = producer.spec.config;
  record.since = env.now();
  record.record.producer = producer.node;
  record.record.serial = producer.next_serial++;
  producer.counters.sent += 1;
  const std::int64_t size = kBatchOverhead + kRecordOverhead + producer.spec.record_bytes;
  if (size > config.max_request_size || size > config.buffer_memory)
    return fail_unsent(env, producer, record, ErrorCode::message_too_large, SendFailure::refused);
  if (producer.blocked.empty() && append(env, producer, record)) return;
  producer.blocked.push_back(record);
  expect_expiry(env, producer, env.now() + config.max_block);
  unblock(env, producer);
}

bool settled(const Producer& producer) {
  return producer.blocked.empty() && producer.pending.empty() &&
         std::all_of(producer.in_flight.begin(), producer.in_flight.end(), [](const InFlightBatch& each) { return each.expired; });
}

void go_on(Env& env, Producer& producer) {
  if (!producer.blocked.empty()) unblock(env, producer);
  while (producer.owed > 0 && producer.blocked.empty()) {
    producer.owed -= 1;
    const std::int32_t key = choose_key(env, producer, producer.next_serial);
    const std::int32_t every = producer.spec.tombstone_every;
    const bool tombstone = every > 0 && (producer.next_serial + 1) % static_cast<std::uint32_t>(every) == 0;
    send(env, producer, {{.key = key, .text = tombstone ? kNoValue : -1}, producer.spec.partition});
  }
  if (!settled(producer)) return;
  producer.host.value.flushing = false;
  if (producer.closing && producer.host.value.hosted) end_within(env, producer);
  else if (producer.closing) kill_process(env, producer.node);
}

ClientSettings settings_of(const Producer& producer) {
  const ProducerConfig& config = producer.spec.config;
  return {producer.node,          TimerKind::producer_metadata, 0,
          config.request_timeout, config.retry_backoff,         config.retry_backoff_max,
          config.metadata_max_age};
}

void start(Env& env, Producer& producer) {
  NUTSHELL_REQUIRE(!producer.running);
  producer.running = true;
  producer.metadata.topics = {producer.spec.topic};
  refresh_metadata(env, producer.metadata, settings_of(producer));
  want_producer_id(env, producer);
  if (producer.spec.interval > 0 && left_to_send(producer) > 0)
    producer.next_record = env.arm(producer.node, TimerKind::next_record, producer.spec.interval);
}

void set_interval(Env& env, Producer& producer, Duration interval) {
  producer.spec.interval = interval;
  if (producer.next_record == kNoTimer) return;
  env.disarm(producer.next_record);
  producer.next_record = env.arm(producer.node, TimerKind::next_record, interval);
}

void stop(Env& env, Producer& producer) {
  if (!producer.running || producer.closing) return;
  producer.closing = true;
  producer.owed = 0;
  env.disarm(producer.next_record);
  send_all(env, producer);
  go_on(env, producer);
}

void forget(Env&, Producer& producer, ProcessEnd) {
  Producer fresh;
  fresh.node = producer.node;
  fresh.spec = std::move(producer.spec);
  fresh.metadata.bootstrap = std::move(producer.metadata.bootstrap);
  fresh.metadata.requests = producer.metadata.requests;
  fresh.next_serial = producer.next_serial;
  fresh.next_request = producer.next_request;
  fresh.draws = producer.draws;
  fresh.counters = producer.counters;
  fresh.host.value.hosted = producer.host.value.hosted;
  fresh.schemas.value.number = producer.schemas.value.number;
  producer = std::move(fresh);
}

namespace {

struct ProducerHears {
  Env& env;
  Producer& producer;
  const Response& response;

  void operator()(OutcomeOf<ProduceRequest>) const { on_produce_response(env, producer, response); }
  void operator()(OutcomeOf<MetadataRequest>) const { on_metadata(env, producer, response); }
  void operator()(OutcomeOf<InitProducerIdRequest>) const { on_producer_id(env, producer, response); }
};

}  // namespace

void on_response(Env& env, Producer& producer, const Response& response) {
  if (is_for_registry(response.request)) {
    on_registry_response(env, producer.schemas.value, producer.node, response);
  } else if (response.tag == kConnectionClosed) {
    refresh_metadata(env, producer.metadata, settings_of(producer));
    send_all(env, producer);
  } else if (response.tag == kConnectionOpened) {
    send_all(env, producer);
  } else {
    NUTSHELL_REQUIRE(dispatch_outcome<Asker::producer>(response.request, ProducerHears{env, producer, response}));
  }
  go_on(env, producer);
}

void on_timer(Env& env, Producer& producer, const Event& timer) {
  switch (timer.timer) {
    case TimerKind::next_record:
      on_next_record(env, producer);
      break;
    case TimerKind::linger:
      queue_of(producer, timer.a).open.linger = kNoTimer;
      send_partition(env, producer, timer.a);
      break;
    case TimerKind::batch_expiry:
      on_expiry_timer(env, producer);
      break;
    case TimerKind::producer_retry:
      on_retry_timer(env, producer, timer.a);
      break;
    case TimerKind::producer_metadata:
      on_metadata_timer(env, producer.metadata, settings_of(producer));
      break;
    default:
      NUTSHELL_REQUIRE(!"a timer that is not the producer's");
  }
  go_on(env, producer);
}

void send_record(Env& env, Producer& producer, std::int32_t key, std::int32_t text, std::int32_t partition) {
  NUTSHELL_REQUIRE(producer.running);
  if (producer.closing) return;  // send() after close() is the application's fault
  send(env, producer, {{.key = key, .text = text}, partition});
  go_on(env, producer);
}

}  // namespace nutshell
