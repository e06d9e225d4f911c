// The offset topic: how far sources have come (C8, C9), and what is altered of it by hand (KIP-875).
#include "sim/streams/json.h"
#include "sim/workers/worker_steps.h"

namespace nutshell {

namespace {

// ["orders-source",{"table":"orders"}] of the offset topic. Nothing: another connector's.
std::optional<connect::SourcePartition> partition_of_key(std::string_view key, const std::string& connector) {
  const auto json = streams::parse_json(key);
  if (!json || json->items.size() != 2 || json->items[0].text != connector) return std::nullopt;
  connect::SourcePartition partition;
  for (std::size_t i = 0; i < json->items[1].items.size(); ++i) partition[json->items[1].names[i]] = json->items[1].items[i].text;
  return partition;
}

}  // namespace

Consumer places_reader(Env& env, const ConnectWorker& worker, ClientNumber number) {
  ConsumerConfig config;
  config.fetch_max_wait = 10 * kMillisecond;
  Consumer reader = hosted_reader(worker.node, config, worker.bootstrap);
  std::vector<StartingPoint> all;
  const std::int32_t partitions = worker.admin.partitions_of(worker.offset_writer.topic);
  for (std::int32_t p = 0; p < partitions; ++p) all.push_back({{worker.offset_writer.topic, p}, 0});
  AsClient as(env, number);
  start(env, reader);
  assign_partitions(env, reader, all);
  return reader;
}

bool read_places(Env& env, Consumer& reader, ClientNumber number, const std::string& connector, connect::SourceOffsets& noted) {
  AsClient as(env, number);
  for (const HostedRecord& each : take_records(reader)) {
    const connect::RawRecord raw = raw_record(env.fabric.names, each);
    const auto partition = raw.key ? partition_of_key(*raw.key, connector) : std::nullopt;
    const auto offset = raw.value ? connect::read_offset(*raw.value) : std::nullopt;
    if (partition && offset) noted[*partition] = *offset;
    else if (partition) noted.erase(*partition);
  }
  take_news(reader);
  poll_again(env, reader);
  if (!reader.host.records.empty() || !reads_to_end(reader)) return false;
  close(env, reader);
  return true;
}

void note_place(Env& env, ConnectWorker& worker, const std::string& connector, const connect::SourcePartition& partition,
                const std::optional<connect::SourceOffset>& offset) {
  connect::RawRecord raw;
  raw.key = connect::offset_key(connector, partition);
  if (offset) raw.value = connect::offset_value(*offset);
  write(env, worker, worker.offset_writer, raw);
}

bool begin_places(Env& env, ConnectWorker& worker, const std::string& connector, std::optional<std::size_t> call) {
  ConnectPlaces places;
  places.connector = connector;
  places.call = call;
  places.number = free_number(worker);
  if (places.number == 0) return false;
  places.reader = places_reader(env, worker, places.number);
  worker.places.push_back(std::move(places));
  return true;
}

bool go_on_with_places(Env& env, ConnectWorker& worker) {
  bool more = false;
  for (ConnectPlaces& each : worker.places) {
    if (each.read || !each.reader.running || !read_places(env, each.reader, each.number, each.connector, each.noted)) continue;
    each.read = more = true;
    if (each.call) {
      worker.calls[*each.call].answer = answer_of_places(each.noted);
      answer_call(env, worker, worker.calls[*each.call], "");
      continue;
    }
    for (const auto& [partition, offset] : each.noted) note_place(env, worker, each.connector, partition, std::nullopt);
  }
  std::erase_if(worker.places, [](const ConnectPlaces& each) { return each.read && !each.reader.running; });
  return more;
}

}  // namespace nutshell
