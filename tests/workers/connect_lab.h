// A cluster with Connect workers and two stores, for tests.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "sim/check/judge.h"
#include "sim/cluster/world.h"
#include "sim/workers/data_store.h"
#include "sim/workers/worker.h"
#include "tests/cluster/acting_leader.h"

namespace nutshell {

inline constexpr const char* kSourceCall =
    R"(PUT /connectors/shop-source/config {"connector.class": "JdbcSource", "connection.url": "shop", "mode": "incrementing",
    "incrementing.column.name": "id", "table.whitelist": "orders", "topic.prefix": ""})";
inline std::string sink_call(const std::string& more) {
  return R"(PUT /connectors/copy-sink/config {"connector.class": "JdbcSink", "connection.url": "copy", "topics": "orders",
    "auto.create": "true", "retry.backoff.ms": "100")" +
         more + "}";
}
inline constexpr const char* kUpsert = R"(, "insert.mode": "upsert", "pk.mode": "record_value", "pk.fields": "id")";

struct ConnectLab {
  World world;
  std::vector<Fact> facts;
  Time now = 0;
  Judge judge;
  bool judged = false;

  ConnectLab(int workers, const std::map<std::string, std::string>& keys = {}, bool judged_too = false)
      : ConnectLab(setup(workers, keys), judged_too) {}
  explicit ConnectLab(const Setup& from, bool judged_too = false) : world(make_world(from)), judged(judged_too) {
    run_until(10 * kSecond);
  }
  static Setup setup(int workers, std::map<std::string, std::string> keys) {
    Setup setup;
    setup.config.offsets_topic_num_partitions = 4;
    keys.insert({{"offset.storage.partitions", "2"}, {"status.storage.partitions", "1"}});
    for (int i = 1; i <= workers; ++i) {
      PlainSettings config;
      config.scope = plain_scope<ConnectWorkerKind>();
      for (const auto& [key, value] : keys) CHECK(set_config(config, key, value) == "");
      setup.plain.push_back({"connect_workers", "W" + std::to_string(i), config, "", (i - 1) * 2 * kSecond});  // W1 leads
    }
    for (const char* name : {"shop", "copy"}) {
      PlainSettings config;
      config.scope = plain_scope<DataStoreKind>();
      setup.plain.push_back({"data_stores", name, config});
    }
    return setup;
  }
  void act(ActionBody body) {
    CAPTURE(now);
    REQUIRE(impossible(world, body) == "");
    std::vector<Fact> found;
    apply(world, {std::max(now, world.now()), std::move(body)}, found);
    keep(found);
  }
  void call(const std::string& text, const std::string& whom = "W1") { act(Rest{whom, text}); }
  void sql(const std::string& text, const std::string& where = "shop") { act(Sql{where, text}); }
  void take() {
    std::vector<Fact> found;
    step(world, found);
    keep(found);
  }
  void keep(std::vector<Fact>& found) {
    if (judged) judge.observe(world, found);
    facts.insert(facts.end(), found.begin(), found.end());
  }
  void run_until(Time end) {
    now = std::max(now, end);
    while (next_event_time(world) <= now) take();
  }
  void run_for(Duration time) { run_until(std::max(now, world.now()) + time); }
  const ConnectWorker& worker(std::size_t i) const { return world.plain.of<ConnectWorker>()[i - 1]; }
  const DataStore& store(std::size_t i) const { return world.plain.of<DataStore>()[i]; }
  void orders(int from, int to) {
    for (int id = from; id <= to; ++id) sql("INSERT INTO orders VALUES (" + std::to_string(id) + ", 'item " + std::to_string(id) + "')");
  }
  void create_orders() { sql("CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, item TEXT)"); }
  // So many orders in the shop, which two connectors copy.
  void copy_orders(int count, const std::string& how = kUpsert) {
    create_orders();
    orders(1, count);
    call(kSourceCall);
    call(sink_call(how));
  }
  // What a worker answers within two seconds; "": nothing.
  std::string ask(const std::string& text, const std::string& whom = "W1") {
    call(text, whom);
    run_for(2 * kSecond);
    const std::vector<ConnectCall>& calls = worker(whom == "W1" ? 1 : 2).calls;
    const auto asked = std::find_if(calls.rbegin(), calls.rend(), [&](const ConnectCall& each) { return each.text == text; });
    return asked == calls.rend() ? "" : asked->answer;
  }
  // The first cell of each row, in the order in which they were put in.
  std::vector<std::int64_t> ids(std::size_t where, const std::string& table = "orders") const {
    std::vector<std::int64_t> all;
    const auto& tables = store(where).contents.is->database.tables;
    const auto found = tables.find(table);
    if (found != tables.end())
      for (const connect::Row& row : found->second.rows()) all.push_back(*row[0].whole());
    return all;
  }
  // Texts of a topic's records, partition after partition.
  std::vector<std::string> texts(const std::string& topic) const {
    std::vector<std::string> all;
    for (std::int32_t partition = 0;; ++partition) {
      const Replica* leader = acting_leader(world, {world.topic_id(topic), partition});
      if (!leader) return all;
      for (const Batch& batch : leader->log.batches())
        for_each_record(world.commons.store.records, batch, [&](Offset, const Record& record) {
          all.push_back(record.text < 0 ? "null" : std::string(world.fabric.names[record.text]));
        });
    }
  }
  std::string name(std::int32_t id) const { return id < 0 ? "" : std::string(world.fabric.names[id]); }
  // "W1 RUNNING", in the order in which it was told.
  std::vector<std::string> states(const std::string& unit) const {
    std::vector<std::string> all;
    for (const Fact& each : facts)
      if (const auto* f = each.body.as<ConnectUnit>(); f && name(f->unit) == unit)
        all.push_back(world.fabric.nodes[static_cast<std::size_t>(f->worker)].name + " " + name(f->state));
    return all;
  }
  Time when(const std::string& unit, const std::string& state, std::size_t nth) const {
    for (const Fact& each : facts)
      if (const auto* f = each.body.as<ConnectUnit>(); f && name(f->unit) == unit && name(f->state) == state && nth-- == 0)
        return each.at;
    return -1;
  }
  template <class F>
  std::int64_t count() const {
    return std::count_if(facts.begin(), facts.end(), [](const Fact& each) { return each.body.is<F>(); });
  }
  std::string refusals() const {
    std::string all;
    for (const Fact& each : facts) {
      if (const auto* f = each.body.as<ConnectRefused>()) all += name(f->why) + "\n";
      if (const auto* f = each.body.as<ConnectUnit>(); f && f->why >= 0) all += name(f->unit) + ": " + name(f->why) + "\n";
    }
    return all;
  }
};

// The id of a row of orders, as JsonConverter has written it.
inline std::int64_t order_in(const std::string& text) { return std::stoll(text.substr(text.find("\"id\":", text.find("payload")) + 5)); }
inline std::vector<std::int64_t> up_to(std::int64_t last) {
  std::vector<std::int64_t> all;
  for (std::int64_t i = 1; i <= last; ++i) all.push_back(i);
  return all;
}

}  // namespace nutshell
