// What must hold between configuration keys, and whose they are.
#include <algorithm>

#include "sim/kafka/config_keys.h"
#include "sim/kafka/real_keys.h"

namespace nutshell {

namespace {

// "linger.ms (5)"
template <class Config>
std::string with_value(const Config& config, std::string_view key) {
  return std::string(key) + " (" + get_config(config, key) + ")";
}

// C6: what rules idempotence out; empty if nothing does.
std::string against_idempotence(const ProducerConfig& config) {
  if (config.acks != Acks::all) return "acks=all, not acks=" + get_config(config, "acks");
  if (config.retries == 0) return "retries above 0";
  if (config.max_in_flight > 5)
    return "max.in.flight.requests.per.connection of at most 5, not " + std::to_string(config.max_in_flight);
  return "";
}

// L15. Kafka ends where the map of a cleaner thread could hold no more than one key. REQUIRES there are threads.
bool has_room_for_a_key(const BrokerConfig& config) {
  constexpr std::int64_t kBytesPerKey = 24, kEnough = 1'000'000;  // with so many slots the smallest factor above 0 does not tell
  const std::int64_t slots = config.cleaner_dedupe_buffer_size / config.cleaner_threads / kBytesPerKey;
  return std::min(slots, 2 * kEnough) * config.cleaner_load_factor.ppm > kEnough;
}

}  // namespace

std::string validate(const BrokerConfig& config) {
  if (config.replica_fetch_wait_max > config.replica_socket_timeout)
    return with_value(config, "replica.socket.timeout.ms") + " must be at least " +
           with_value(config, "replica.fetch.wait.max.ms");
  if (config.replica_fetch_wait_max > config.replica_lag_time_max)
    return with_value(config, "replica.lag.time.max.ms") + " must be at least " +
           with_value(config, "replica.fetch.wait.max.ms") + ", or followers leave the ISR whenever nothing is written";
  if (config.group_min_session_timeout > config.group_max_session_timeout)
    return with_value(config, "group.min.session.timeout.ms") + " must not exceed " +
           with_value(config, "group.max.session.timeout.ms");
  if (config.cleaner_threads > 0 && config.cleaner_dedupe_buffer_size / config.cleaner_threads <= 1 << 20)
    return with_value(config, "log.cleaner.dedupe.buffer.size") + " must be more than 1048576 for each of the threads of " +
           with_value(config, "log.cleaner.threads");
  if (config.cleaner_threads > 0 && !has_room_for_a_key(config))
    return with_value(config, "log.cleaner.io.buffer.load.factor") + " leaves no room for a key in the map of a cleaner, which " +
           "would never get on; with this " + with_value(config, "log.cleaner.dedupe.buffer.size") + " it has to be larger";
  return "";
}

std::string validate(const TopicConfig& config) {
  if (config.min_compaction_lag > config.max_compaction_lag)
    return with_value(config, "min.compaction.lag.ms") + " must not exceed " + with_value(config, "max.compaction.lag.ms");
  if (config.retention_messages >= 0 && !config.deletes())
    return with_value(config, "nutshell.retention.messages") + " needs delete in " + with_value(config, "cleanup.policy");
  return "";
}

std::string validate(const ProducerConfig& config) {
  if (config.enable_idempotence)
    if (const std::string wanted = against_idempotence(config); !wanted.empty())
      return "enable.idempotence=true needs " + wanted + " (ConfigException)";
  if (config.delivery_timeout < config.linger + config.request_timeout)
    return with_value(config, "delivery.timeout.ms") + " must be at least " + with_value(config, "linger.ms") + " + " +
           with_value(config, "request.timeout.ms");
  if (config.batch_size > config.buffer_memory)
    return with_value(config, "buffer.memory") + " must have room for one " + with_value(config, "batch.size");
  return "";
}

std::string validate(const ConsumerConfig& config) {
  if (config.heartbeat_interval >= config.session_timeout)
    return with_value(config, "heartbeat.interval.ms") + " must be lower than " +
           with_value(config, "session.timeout.ms");
  if (config.fetch_max_wait >= config.request_timeout)
    return with_value(config, "fetch.max.wait.ms") + " must be lower than " + with_value(config, "request.timeout.ms");
  if (config.commit_every > 0 && config.enable_auto_commit)
    return with_value(config, "nutshell.commit.every") + " needs enable.auto.commit=false: it is the application that commits";
  if (config.on_handler_failure == OnHandlerFailure::dead_letter && config.dead_letter_topic.empty())
    return with_value(config, "nutshell.handler.failure") + " needs a topic: set nutshell.dead.letter.topic";
  return "";
}

std::string finish(ProducerConfig& config, bool idempotence_explicit, bool delivery_timeout_explicit) {
  if (!idempotence_explicit && !against_idempotence(config).empty()) config.enable_idempotence = false;
  if (!delivery_timeout_explicit)
    config.delivery_timeout = std::max(config.delivery_timeout, config.linger + config.request_timeout);
  return validate(config);
}

bool is_dynamic(std::string_view broker_key) {
  const bool of_cleaner = broker_key.substr(0, 12) == "log.cleaner." && broker_key != "log.cleaner.enable";
  return of_cleaner || broker_key == "min.insync.replicas" || broker_key == "unclean.leader.election.enable";
}

std::string scopes_of(std::string_view key) {
  std::string text;
  for (ConfigScope each : config_scopes()) {
    const bool simulated = find_config_key(each, key) != nullptr;
    if (!simulated && !is_real_key(each, key)) continue;
    text += (text.empty() ? "a " : " and a ") + std::string(scope_name(each)) + "'s" + (simulated ? "" : " (not simulated yet)");
  }
  return text;
}

}  // namespace nutshell
