// What an application does with records one by one, because its handler can fail or it commits after so many of them: it tries a
// record again in place, skips it, or writes it to a topic of dead letters and waits for that before it goes on (G29).
//
// Dead letters are sent by a producer of the same process, another of its clients (hosted.h), with acks=all. It is started when it
// is first used. A crash between its acknowledgement and the commit leaves the dead letter there, and the record is read again.
#include <algorithm>

#include "sim/core/text.h"
#include "sim/kafka/consumer_steps.h"
#include "sim/kafka/hosted.h"
#include "sim/kafka/hosted_events.h"

namespace nutshell {

namespace {

constexpr ClientNumber kDeadLetterClient = 1;

std::string_view name_or_none(const Env& env, std::int32_t interned) {
  return interned < 0 ? std::string_view() : std::string_view(env.fabric.names[interned]);
}

// nutshell.handler.fails: "o4,key=user-8:2".
bool handler_fails_at(const Env& env, const Consumer& consumer, const RecordInHand& record, std::int32_t tries) {
  constexpr std::string_view kKey = "key=";
  for (std::string_view each : nutshell::split(consumer.spec.config.handler_fails, ',')) {
    while (!each.empty() && each.front() == ' ') each.remove_prefix(1);
    const std::size_t colon = each.rfind(':');
    const auto most = colon == std::string_view::npos ? std::nullopt : parse_integer(each.substr(colon + 1));
    if (most) each = each.substr(0, colon);
    if (each.empty() || (most && tries > *most)) continue;
    const bool by_key = each.substr(0, kKey.size()) == kKey;
    if (by_key ? each.substr(kKey.size()) == name_or_none(env, record.key) : each == name_or_none(env, record.text)) return true;
  }
  return false;
}

// Done with a record, one way or another. True if there is nothing to wait for.
bool pass_record(Env& env, Consumer& consumer) {
  Handling& hands = consumer.handling;
  const RecordInHand& record = hands.current();
  if (OwnedPartition* owned = find_owned(consumer, record.tp)) owned->processed = record.offset + 1;
  hands.next += 1;
  hands.tries = 0;
  consumer.working_on -= 1;
  if (!commits_itself(consumer, CommitMode::after_processing)) return true;
  hands.uncommitted += 1;
  const std::int64_t every = consumer.spec.config.commit_every;
  if (every == 0 || hands.uncommitted < every) return true;
  commit_and_wait(env, consumer);
  return false;
}

// To the topic that is configured now.
Producer& producer_of_dead_letters(Env& env, Consumer& consumer) {
  std::vector<Producer>& all = consumer.handling.dead_letters;
  const TopicId topic = env.fabric.names.intern(consumer.spec.config.dead_letter_topic);
  if (all.empty()) {
    ProducerConfig config;
    config.linger = 0;
    all.push_back(hosted_producer(consumer.node, topic, config, consumer.metadata.bootstrap));
  }
  Producer& producer = all.front();
  if (producer.spec.topic != topic) {
    close(env, producer);
    forget(env, producer, ProcessEnd::clean);
    producer.spec.topic = topic;
  }
  if (!producer.running) start(env, producer);
  return producer;
}

// The dead letter is acknowledged, or nobody has it: then the record is tried again, from the first try on.
void look_after_dead_letter(Env& env, Consumer& consumer) {
  Handling& hands = consumer.handling;
  if (!hands.burying || !is_flushed(hands.dead_letters.front())) return;
  hands.burying = false;
  const Producer& producer = hands.dead_letters.front();
  if (producer.counters.acked == hands.buried) {
    hands.tries = 0;
    return handle(env, consumer);
  }
  const RecordInHand& record = hands.current();
  env.emit(DeadLetterWritten{record.tp, consumer.node, record.offset, producer.spec.topic, hands.tries});
  if (pass_record(env, consumer)) handle(env, consumer);
}

void bury(Env& env, Consumer& consumer) {
  Handling& hands = consumer.handling;
  const RecordInHand record = hands.current();
  {
    AsClient as(env, kDeadLetterClient);
    Producer& producer = producer_of_dead_letters(env, consumer);
    hands.burying = true;
    hands.buried = producer.counters.acked;
    send_record(env, producer, HostedSend{.key = record.key, .text = record.text, .bytes = record.bytes});
    flush(env, producer);
  }
  look_after_dead_letter(env, consumer);
}

// The handler has returned, or has thrown. True if the application can begin with the next try, or the next record.
bool end_try(Env& env, Consumer& consumer) {
  const ConsumerConfig& config = consumer.spec.config;
  Handling& hands = consumer.handling;
  const RecordInHand& record = hands.current();
  if (!handler_fails_at(env, consumer, record, hands.tries)) return pass_record(env, consumer);
  const bool last = hands.tries >= config.handler_tries;
  const bool skips = last && config.on_handler_failure == OnHandlerFailure::skip;
  env.emit(HandlerFailed{record.tp, consumer.node, record.offset, hands.tries, skips});
  if (skips) return pass_record(env, consumer);
  if (!last || config.on_handler_failure == OnHandlerFailure::block || config.dead_letter_topic.empty()) return true;
  bury(env, consumer);
  return false;
}

template <class Heard>
bool hear_client(Env& env, Consumer& consumer, const Heard& heard) {
  // The clients of a host have numbers too, and then this consumer is one of them.
  if (consumer.host.hosted || heard.client != kDeadLetterClient) return false;
  for (Producer& each : consumer.handling.dead_letters) hears(env, heard)(each);
  look_after_dead_letter(env, consumer);
  return true;
}

}  // namespace

bool has_handler(const Consumer& consumer) {
  return !consumer.host.hosted && consumer.spec.config.has_handler();
}

void take_in_hand(Env& env, Consumer& consumer, TopicPartition tp, const Batch& batch, std::int64_t nth, std::int64_t count) {
  const Records& records = env.commons.store.records;
  for (std::int64_t i = nth; i < nth + count; ++i) {
    const Record& record = records[static_cast<std::size_t>(batch.first_record + i)];
    // A value that nobody has given a text is named as logs show it.
    const auto named = [&] {
      const std::string& producer = env.fabric.nodes[static_cast<std::size_t>(record.producer)].name;
      return env.fabric.names.intern(producer + "#" + std::to_string(record.serial));
    };
    const std::int32_t text = record.text == -1 ? named() : record.text;
    consumer.handling.records.push_back({tp, offset_of(records, batch, i), batch.partition_leader_epoch, record.key, text,
                                         record.size_in_bytes - kRecordOverhead});
  }
}

void handle(Env& env, Consumer& consumer) {
  Handling& hands = consumer.handling;
  do {
    if (consumer.closing) return set_application(env, consumer, ApplicationState::polling);
    if (!hands.has_any()) {
      hands.records.clear();
      hands.next = 0;
      return finish_work(env, consumer);
    }
    hands.tries += 1;
    const RecordInHand& record = hands.current();
    env.emit(HandlerBegan{record.tp, consumer.node, record.offset, hands.tries});
    // Another try takes at least a moment, so that time goes on.
    const Duration takes = std::max(consumer.spec.processing, hands.tries > 1 ? kMillisecond : Duration{0});
    set_application(env, consumer, ApplicationState::processing);
    if (takes > 0) {
      consumer.work = env.arm(consumer.node, TimerKind::poll, takes);
      return;
    }
  } while (end_try(env, consumer));
}

void on_handled(Env& env, Consumer& consumer) {
  if (end_try(env, consumer)) handle(env, consumer);
}

bool hear_dead_letters(Env& env, Consumer& consumer, const Response& response) { return hear_client(env, consumer, response); }
bool hear_dead_letters(Env& env, Consumer& consumer, const Event& timer) { return hear_client(env, consumer, timer); }

const RecordInHand* first_in_hand(const Consumer& consumer, TopicPartition tp) {
  const std::vector<RecordInHand>& all = consumer.handling.records;
  const auto is_it = [tp](const RecordInHand& each) { return each.tp == tp; };
  const auto found = std::find_if(all.begin() + consumer.handling.next, all.end(), is_it);
  return found == all.end() ? nullptr : &*found;
}

bool owes_commit(const Consumer& consumer) { return consumer.handling.uncommitted > 0; }

}  // namespace nutshell
