#include "sim/connect/errors.h"

#include <algorithm>

namespace nutshell::connect {

ErrorPolicy read_error_policy(Settings& settings, bool sink) {
  ErrorPolicy policy;
  policy.tolerate = settings.one_of("errors.tolerance", {"none", "all"}) == 1;
  constexpr std::int64_t kYear = 365ll * 24 * 3600 * 1000;
  const std::int64_t timeout = settings.whole("errors.retry.timeout", 0, -1, kYear);
  policy.retry_timeout = timeout < 0 ? -1 : timeout * kMillisecond;
  policy.retry_delay_max = settings.span("errors.retry.delay.max.ms", policy.retry_delay_max);
  settings.truth("errors.log.enable", false);
  settings.truth("errors.log.include.messages", false);
  if (!sink) {
    if (settings.has("errors.deadletterqueue.topic.name"))
      settings.wrong("\"errors.deadletterqueue.topic.name\" is for sinks only: what a source cannot convert has no bytes to keep");
    return policy;
  }
  policy.dead_letter_topic = settings.text("errors.deadletterqueue.topic.name");
  policy.dead_letter_replication = settings.whole("errors.deadletterqueue.topic.replication.factor", 3, 1, 32);
  policy.context_headers = settings.truth("errors.deadletterqueue.context.headers.enable", false);
  return policy;
}

std::optional<Duration> retry_after(const ErrorPolicy& policy, std::int64_t attempts, Duration elapsed) {
  const bool for_ever = policy.retry_timeout < 0;
  if (!for_ever && elapsed >= policy.retry_timeout) return std::nullopt;
  Duration delay = kFirstRetryDelay;
  for (std::int64_t i = 1; i < attempts && delay < policy.retry_delay_max; ++i) delay *= 2;
  delay = std::min(delay, policy.retry_delay_max);
  return for_ever ? delay : std::min(delay, policy.retry_timeout - elapsed);
}

RawRecord dead_letter(const ErrorPolicy& policy, const RawRecord& record, const Origin& origin, const Failure& failure) {
  RawRecord copy = record;
  copy.topic = policy.dead_letter_topic;
  copy.partition = -1;
  copy.offset = -1;
  if (!policy.context_headers) return copy;
  const auto add = [&](std::string_view name, std::string value) {
    copy.headers.push_back({"__connect.errors." + std::string(name), std::move(value)});
  };
  add("topic", record.topic);
  add("partition", std::to_string(record.partition));
  add("offset", std::to_string(record.offset));
  add("connector.name", origin.connector);
  add("task.id", std::to_string(origin.task));
  add("stage", std::string(stage_name(failure.stage)));
  add("class.name", failure.executing_class);
  add("exception.class.name", failure.exception);
  add("exception.message", failure.message);
  // There is no stack here: its first line is what the original begins with.
  add("exception.stacktrace", failure.exception + ": " + failure.message);
  return copy;
}

}  // namespace nutshell::connect
