// Workers, stores and links in trouble, by chance, with all promises judged: afterwards nothing is missing, and what is there twice was
// read after the last place that was noted, or after the last offset that was committed (C8, C9, C12).
#include <doctest/doctest.h>

#include <set>

#include "sim/core/random.h"
#include "tests/workers/connect_lab.h"

namespace nutshell {
namespace {

struct RandomConnect {
  std::uint64_t seed;
  std::uint64_t drawn = 0;
  ConnectLab lab;
  int rows = 0;

  explicit RandomConnect(std::uint64_t which)
      : seed(which),
        lab(2,
            {{"scheduled.rebalance.max.delay.ms", "2000"},
             {"offset.flush.interval.ms", "1500"},
             {"session.timeout.ms", "6000"},
             {"heartbeat.interval.ms", "1000"},
             {"consumer.session.timeout.ms", "6000"},
             {"offset.storage.partitions", "1"}},
            true) {
    lab.create_orders();
    insert(5);
    lab.call(R"(PUT /connectors/shop-source/config {"connector.class": "JdbcSource", "connection.url": "shop", "mode": "incrementing",
      "incrementing.column.name": "id", "batch.max.rows": "4", "poll.interval.ms": "500"})");
    lab.call(sink_call(kUpsert));
    lab.call(R"(PUT /connectors/all-sink/config {"connector.class": "JdbcSink", "connection.url": "copy", "topics": "orders",
      "auto.create": "true", "table.name.format": "everything", "retry.backoff.ms": "300", "max.retries": "1000",
      "transforms": "where", "transforms.where.type": "InsertField$Value", "transforms.where.offset.field": "stood_at"})");
    lab.run_for(15 * kSecond);
  }
  std::int64_t pick(std::int64_t count) {
    const std::uint64_t random = draw(seed, Purpose::fuzz, 17, drawn++);
    return static_cast<std::int64_t>(below(random, static_cast<std::uint64_t>(count)));
  }
  void insert(int count) {
    lab.orders(rows + 1, rows + count);
    rows += count;
  }
  std::string someone() { return std::vector<std::string>{"W1", "W2", "shop", "copy", "broker 1", "broker 2", "broker 3"}[pick(7)]; }
  void trouble() {
    const std::string worker = pick(2) == 0 ? "W1" : "W2", other = someone();
    switch (pick(12)) {
      case 0:
      case 1: return lab.act(Crash{worker});
      case 2: return lab.act(Stop{worker});
      case 3:
      case 4: return lab.act(Start{worker});
      case 5: return lab.act(Pause{worker, Span{(1 + pick(12)) * kSecond}});
      case 6:
      case 7:
        if (other != worker) lab.act(Cut{worker, other, pick(3) == 0});
        return;
      case 8: return lab.act(Heal{});
      case 9:
        if (other != worker) lab.act(LoseResponses{worker, other, pick(2) == 0});
        return;
      case 10: return lab.act(Crash{pick(2) == 0 ? "shop" : "copy"});
      default:
        lab.act(Start{"shop"});
        lab.act(Start{"copy"});
    }
  }
  void calm() {
    lab.act(Heal{});
    for (const char* each : {"W1", "W2", "shop", "copy"}) {
      lab.act(Resume{each});
      lab.act(Start{each});
    }
    lab.run_for(60 * kSecond);
    for (const char* each : {"shop-source", "copy-sink", "all-sink"})
      lab.call(std::string("POST /connectors/") + each + "/restart?includeTasks=true&onlyFailed=true");
    lab.run_for(120 * kSecond);
  }

  void story(bool troubled) {
    for (int i = 0; i < 12; ++i) {
      insert(static_cast<int>(1 + pick(4)));
      if (troubled) trouble();
      lab.run_for((200 + pick(4000)) * kMillisecond);
      // Rows can be put in only while the shop is there.
      for (int there = in_shop(); there < rows; there = in_shop()) {
        lab.act(Start{"shop"});
        lab.run_for(kSecond);
        lab.orders(in_shop() + 1, rows);
      }
    }
    calm();
  }
  int in_shop() const { return static_cast<int>(lab.store(0).contents.is->database.tables.at("orders").size()); }

  // How many records came again, none that had been noted when its task began. A task that nobody hears of may still be at work: each
  // worker's counts until it has ended in order or is dead.
  int check_topic() {
    std::vector<std::int64_t> notes, ids;
    for (const std::string& each : lab.texts("connect-cluster-offsets")) notes.push_back(std::stoll(each.substr(16)));
    for (const std::string& each : lab.texts("orders")) ids.push_back(order_in(each));
    std::int64_t noted = 0;
    std::map<NodeId, std::int64_t> floors;  // by worker: what was noted when its task began
    std::size_t note = 0, sent = 0;
    std::set<std::int64_t> seen;
    int twice = 0;
    for (const Fact& each : lab.facts) {
      if (const auto* crash = each.body.as<NodeCrashed>()) floors.erase(crash->node);
      const auto* unit = each.body.as<ConnectUnit>();
      if (unit && lab.name(unit->unit) == "shop-source-0") {
        if (lab.name(unit->state) == "RUNNING") floors[unit->worker] = noted;
        if (lab.name(unit->state) == "UNASSIGNED") floors.erase(unit->worker);
      }
      const auto* f = each.body.as<BatchAppended>();
      if (!f || !f->as_leader) continue;
      const std::string topic = lab.name(f->tp.topic);
      for (std::int64_t i = 0; topic == "connect-cluster-offsets" && i < f->count; ++i) noted = notes.at(note++);
      for (std::int64_t i = 0; topic == "orders" && i < f->count; ++i) {
        const std::int64_t id = ids.at(sent++);
        std::int64_t floor = floors.empty() ? 0 : noted;
        for (const auto& [worker, begun_at] : floors) floor = std::min(floor, begun_at);
        CHECK_MESSAGE(id > floor, "row " << id << " comes again, though " << floor << " had been noted");
        twice += !seen.insert(id).second;
      }
    }
    CHECK(sent == ids.size());
    CHECK(seen.size() == static_cast<std::size_t>(rows));
    return twice;
  }
  // How many records were put again; none is left out, and none overtakes the one before it.
  int check_table() {
    std::set<std::int64_t> seen;
    int twice = 0;
    const auto& tables = lab.store(1).contents.is->database.tables;
    REQUIRE(tables.count("everything") == 1);
    for (const connect::Row& row : tables.at("everything").rows()) {
      const std::int64_t offset = *row[2].whole();
      CHECK_MESSAGE((offset == 0 || seen.count(offset - 1) == 1), "a record is missing before offset " << offset);
      twice += !seen.insert(offset).second;
    }
    CHECK(seen.size() == lab.texts("orders").size());
    return twice;
  }
  void check_copy() const {
    std::vector<std::int64_t> copied = lab.ids(1);
    std::sort(copied.begin(), copied.end());
    CHECK(copied == up_to(rows));
    for (const Breach& each : lab.judge.breaches()) CHECK_MESSAGE(!each.promised, each.why);
  }
};

}  // namespace

TEST_CASE("random crashes, pauses, cuts and lost answers: nothing is missing, what is there twice came after the last note (C8, C9)") {
  constexpr std::uint64_t kSeeds = 60;
  int in_topic = 0, in_table = 0;
  for (std::uint64_t seed = 0; seed <= kSeeds; ++seed) {
    CAPTURE(seed);
    RandomConnect run(seed);
    run.story(seed > 0);
    CAPTURE(run.lab.refusals());
    const int twice = run.check_topic(), put_twice = run.check_table();
    run.check_copy();
    in_topic += twice;
    in_table += put_twice;
    if (seed == 0) CHECK(twice + put_twice == 0);  // without trouble
  }
  // It does happen.
  CHECK(in_topic > 0);
  CHECK(in_table > 0);
}

}  // namespace nutshell
