#include "sim/adapter/kafka_setup.h"

#include <algorithm>

#include "sim/adapter/kafka_column.h"

namespace nutshell::adapter {
namespace {

using queues::Fault;
using queues::ProductId;

constexpr const char* kDeadLetters = "dead-letters";

struct Read {
  const queues::Row& row;
  std::int64_t number(std::string_view key) const { return row.settings.get(ProductId::kafka, key); }
  Duration time(std::string_view key) const { return row.settings.duration(ProductId::kafka, key); }
};

static_assert(queues::kKafkaBatchOverhead == kBatchOverhead + kRecordOverhead);

// All records are as large as the largest.
std::int32_t record_bytes_of(const queues::Workload& workload) {
  std::int32_t bytes = 0;
  for (const queues::Message& each : workload.messages) bytes = std::max(bytes, each.size);
  return bytes;
}

TopicSpec topic_of(const Read& read, std::int32_t brokers, const char* name, std::int64_t partitions) {
  TopicSpec topic;
  topic.name = name;
  const std::int64_t replicas = read.number("replication.factor");
  for (std::int64_t p = 0; p < partitions; ++p) {
    std::vector<BrokerId>& list = topic.assignment.emplace_back();
    for (std::int64_t r = 0; r < replicas; ++r) list.push_back(static_cast<std::int32_t>(1 + (p + r) % brokers));
  }
  topic.config.min_insync_replicas = std::min(read.number("min.insync.replicas"), replicas);
  return topic;
}

TopicSpec topic_of_messages(const Read& read, std::int32_t brokers, std::int32_t record_bytes) {
  TopicSpec topic = topic_of(read, brokers, "messages", read.number("num.partitions"));
  const Duration retention = read.time("retention.ms");
  topic.config.retention_time = retention == kNever ? -1 : retention;
  topic.config.segment_bytes = read.number("segment.bytes");
  // The model knows no such limit.
  topic.config.max_message_bytes = std::max<std::int64_t>(topic.config.max_message_bytes, record_bytes + queues::kKafkaBatchOverhead);
  return topic;
}

ProducerSetup producer_of(const Read& read, std::int32_t record_bytes) {
  ProducerSetup producer;
  producer.name = "publisher";
  producer.topic = "messages";
  producer.spec.interval = 0;
  producer.spec.record_bytes = record_bytes;
  ProducerConfig& config = producer.spec.config;
  const std::int64_t acks = read.number("acks");
  config.acks = acks == 0 ? Acks::all : acks == 1 ? Acks::leader : Acks::none;
  config.enable_idempotence = read.number("enable.idempotence") != 0 && acks == 0;
  config.linger = kMillisecond;  // what is sent at one time is one batch, or as many as segments need
  config.batch_size = std::min(config.batch_size, read.number("segment.bytes"));
  config.delivery_timeout = read.time("delivery.timeout.ms");
  config.retry_backoff = read.time("retry.backoff.ms");
  config.retry_backoff_max = read.time("retry.backoff.max.ms");
  return producer;
}

// What nutshell.handler.fails says of a service: its poison, by name.
std::string fails_of(const queues::Workload& workload, std::size_t service) {
  std::string fails;
  for (const queues::Poison& each : workload.poison) {
    const queues::Message& message = workload.messages[static_cast<std::size_t>(each.message)];
    if (each.service != static_cast<std::int32_t>(service) || each.until_try == 1) continue;
    if (!queues::matches(workload.services[service].filter, message)) continue;
    fails += (fails.empty() ? "" : ",") + message.name + (each.until_try > 1 ? ":" + std::to_string(each.until_try - 1) : "");
  }
  return fails;
}

// Where nothing can be given back the application tries on in place.
OnHandlerFailure on_failure_of(queues::OnError does) {
  return does == queues::OnError::skip          ? OnHandlerFailure::skip
         : does == queues::OnError::dead_letter ? OnHandlerFailure::dead_letter
                                                : OnHandlerFailure::block;
}

void set_handler(const queues::Workload& workload, const queues::Row& row, std::size_t service, std::size_t number,
                 ConsumerConfig& config) {
  const queues::Service& of = workload.services[service];
  const queues::Consumer& from = of.consumers[number];
  const std::int32_t every = row.every.value_or(from.every), window = row.window.value_or(from.window);
  if (every > 1 || (every == 1 && window > 1)) config.commit_every = every;
  config.handler_fails = fails_of(workload, service);
  config.on_handler_failure = on_failure_of(on_error_of(row, of));
  config.handler_tries = on_error_of(row, of) == queues::OnError::skip ? 1 : std::max(1, row.tries > 0 ? row.tries : of.tries);
  if (config.on_handler_failure == OnHandlerFailure::dead_letter) config.dead_letter_topic = kDeadLetters;
}

ConsumerSetup consumer_of(const Read& read, const queues::Workload& workload, std::size_t service, std::size_t number) {
  const queues::Consumer& from = workload.services[service].consumers[number];
  const std::int32_t every = read.row.every.value_or(from.every);
  ConsumerSetup consumer;
  consumer.name = consumer_name(service, number);
  consumer.group = workload.services[service].name;
  consumer.topics = {"messages"};
  consumer.spec.processing = from.handle;
  consumer.spec.commit = every == queues::kAcksFirst ? CommitMode::before_processing : CommitMode::after_processing;
  const Time at = std::max(from.from, workload.services[service].added_at);
  consumer.start = at == 0 ? 0 : kBegin + at;
  ConsumerConfig& config = consumer.spec.config;
  config.enable_auto_commit = false;
  config.max_poll_records = read.row.window.value_or(from.window);
  config.session_timeout = read.time("session.timeout.ms");
  config.heartbeat_interval = read.time("heartbeat.interval.ms");
  config.max_poll_interval = read.time("max.poll.interval.ms");
  config.metadata_max_age = read.time("metadata.max.age.ms");
  config.auto_offset_reset = read.number("auto.offset.reset") == 1 ? OffsetReset::earliest : OffsetReset::latest;
  const std::int64_t strategy = read.number("partition.assignment.strategy");
  config.assignors = AssignorList(strategy == 0   ? AssignorName::range
                                  : strategy == 1 ? AssignorName::roundrobin
                                                  : AssignorName::cooperative_sticky);
  set_handler(workload, read.row, service, number, config);
  return consumer;
}

// A value in a list with commas, which begins with no word of ours and ends in no number of tries.
bool can_be_listed(const std::string& name) {
  return name.find_first_of(",:") == std::string::npos && name.rfind("key=", 0) != 0 && name.front() != ' ';
}

std::string why_not(const queues::Workload& workload, const queues::Row& row, std::size_t number) {
  const queues::Service& service = workload.services[number];
  if (service.fails_ppm > 0) return "its handlers do not fail by chance";
  const std::size_t most = row.consumers < 0 ? service.consumers.size() : static_cast<std::size_t>(row.consumers);
  for (std::size_t i = 0; i < std::min(most, service.consumers.size()); ++i) {
    const queues::Consumer& it = service.consumers[i];
    if (!it.slow.empty()) return "its consumer takes the same time for every record";
    if (it.crash_after >= 0 && it.handle == 0) return "a handler that takes no time cannot be interrupted";
  }
  if (fails_of(workload, number).empty()) return "";
  if (on_error_of(row, service) == queues::OnError::throws) return "its application has no way to leave out a batch";
  for (const queues::Poison& each : workload.poison)
    if (!can_be_listed(workload.messages[static_cast<std::size_t>(each.message)].name))
      return "a name with a comma or a colon is no value there";
  return "";
}

}  // namespace

queues::OnError on_error_of(const queues::Row& row, const queues::Service& service) { return row.on_error.value_or(service.on_error); }

std::string consumer_name(std::size_t service, std::size_t number) {
  return "s" + std::to_string(service) + "-c" + std::to_string(number);
}

std::string cannot_run(const queues::Workload& workload, const queues::Row& row) {
  if (row.product != ProductId::kafka) return "only Kafka is run by the cluster";
  const Read read{row};
  if (read.number("replica.fetch.delay.ms") > 0) return "its followers need no stand-in for the network";
  if (read.number("acks") == 2) return "with acks=0 nobody knows what was taken";
  if (read.number("auto.offset.reset") == 2) return "its consumer that finds no position does not end";
  if (read.number("retention.bytes") >= 0) return "its partitions are kept by time here";
  for (const queues::Message& each : workload.messages)
    if (each.size > read.number("max.request.size")) return "its producer is asked for nothing that it would not send";
  const std::int64_t room = read.number("segment.bytes") - queues::kKafkaBatchOverhead;
  if (record_bytes_of(workload) > room) return "no segment holds what its producer sends";
  if (read.number("num.partitions") > 100) return "more than 100 partitions take too long";
  if (workload.messages.size() > 5000) return "more than 5000 messages take too long";
  if (workload.until > 4 * kHour) return "more than four hours take too long";
  if (!workload.asks.empty()) return "no action of a scenario resets a group";
  if (row.on_refused != queues::OnRefused::give_up) return "its producer decides by itself what it sends again";
  for (const Fault& each : workload.faults)
    if (each.kind != Fault::Kind::kill && each.kind != Fault::Kind::restart)
      return "what is cut, lost on the way or added has a clock of its own there";
  for (std::size_t s = 0; s < workload.services.size(); ++s)
    if (const std::string why = why_not(workload, row, s); !why.empty()) return why;
  return "";
}

Setup setup_of(const queues::Workload& workload, const queues::Row& row) {
  const Read read{row};
  const std::int32_t record_bytes = record_bytes_of(workload);
  Setup setup;
  setup.seed = workload.seed;
  setup.controllers = 1;
  setup.brokers = static_cast<std::int32_t>(std::max<std::int64_t>(3, read.number("replication.factor")));
  setup.config.offsets_topic_num_partitions = 1;
  setup.config.broker_session_timeout = read.time("broker.session.timeout.ms");
  setup.config.retention_check_interval = read.time("log.retention.check.interval.ms");
  setup.config.group_min_session_timeout = std::min(setup.config.group_min_session_timeout, read.time("session.timeout.ms"));
  // The model's first leaders are those of the first replicas; a broker for each replica there is.
  const auto brokers = static_cast<std::int32_t>(read.number("replication.factor"));
  setup.topics = {topic_of_messages(read, brokers, record_bytes)};
  setup.producers = {producer_of(read, record_bytes)};
  for (std::size_t s = 0; s < workload.services.size(); ++s) {
    const std::size_t all = workload.services[s].consumers.size();
    const std::size_t most = row.consumers < 0 ? all : static_cast<std::size_t>(row.consumers);
    for (std::size_t i = 0; i < std::min(most, all); ++i) setup.consumers.push_back(consumer_of(read, workload, s, i));
  }
  const auto buries = [](const ConsumerSetup& each) {
    return each.spec.config.has_handler() && !each.spec.config.dead_letter_topic.empty();
  };
  if (std::any_of(setup.consumers.begin(), setup.consumers.end(), buries)) setup.topics.push_back(topic_of(read, brokers, kDeadLetters, 1));
  return setup;
}

std::vector<Deed> deeds_of(const queues::Workload& workload, const queues::Row& row) {
  std::vector<Deed> deeds;
  for (std::size_t i = 0; i < workload.messages.size(); ++i) {
    const queues::Message& it = workload.messages[i];
    for (std::size_t f = 0; f < workload.faults.size(); ++f) {
      const bool before = workload.faults[f].before == static_cast<std::int32_t>(i);
      if (before) deeds.push_back({kBegin + it.at, -1, static_cast<std::int32_t>(f), {}});
    }
    deeds.push_back({kBegin + it.at, static_cast<std::int32_t>(i), -1, Send{"publisher", it.key, it.name}});
  }
  for (std::size_t f = 0; f < workload.faults.size(); ++f)
    if (workload.faults[f].before < 0) deeds.push_back({kBegin + workload.faults[f].at, -1, static_cast<std::int32_t>(f), {}});
  for (std::size_t s = 0; s < workload.services.size(); ++s) {
    const std::size_t all = workload.services[s].consumers.size();
    const std::size_t most = row.consumers < 0 ? all : static_cast<std::size_t>(row.consumers);
    for (std::size_t i = 0; i < std::min(most, all); ++i) {
      const queues::Consumer& it = workload.services[s].consumers[i];
      if (it.crash_at != kNever) deeds.push_back({kBegin + it.crash_at, -1, -1, Crash{consumer_name(s, i)}});
      if (it.to != kNever) deeds.push_back({kBegin + it.to, -1, -1, Stop{consumer_name(s, i)}});
    }
  }
  std::stable_sort(deeds.begin(), deeds.end(), [](const Deed& a, const Deed& b) { return a.at < b.at; });
  return deeds;
}

}  // namespace nutshell::adapter
