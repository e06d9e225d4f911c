// Clients within a process, by the smallest host there is: a copier reads a topic, writes what it has read to another, flushes
// and commits. It lives on a cluster of real brokers.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/cluster/process_kind.h"
#include "sim/cluster/processes.h"
#include "sim/kafka/hosted.h"
#include "sim/log/hash.h"
#include "tests/cluster/cluster_fixture.h"

namespace nutshell {
namespace {

constexpr NodeKind kCopierKind{200};  // of this test only
constexpr ClientNumber kReader = 1, kWriter = 2, kAdmin = 3;
constexpr TimerKind kCommitTimer = kFirstPlainTimer;

struct Copier {
  NodeId node = kNoNode;
  Consumer reader;
  Producer writer;
  HostedAdmin admin;
  std::map<TopicPartition, Offset> done;  // what is copied, by partition: the next offset
  enum class Step { polling, flushing, committing } step = Step::polling;
  bool due = false, revoking = false;
  int commits = 0, copied = 0, assigned = 0, lost = 0;
};

std::vector<CommitPartition> offsets(const Copier& copier) {
  std::vector<CommitPartition> all;
  for (const auto& [tp, next] : copier.done) all.push_back({tp, next, kNoEpoch});
  return all;
}

void go_on(Env& env, Copier& copier);

void copy(Env& env, Copier& copier, const std::vector<HostedRecord>& records) {
  AsClient as(env, kWriter);
  for (const HostedRecord& each : records) {
    send_record(env, copier.writer, {each.key, each.text, each.tp.partition, each.timestamp, 50});
    copier.done[each.tp] = each.offset + 1;
    copier.copied += 1;
  }
}

void hear_reader(Env& env, Copier& copier) {
  for (const HostNews& each : take_news(copier.reader)) {
    if (each.what == ClientNews::assigned) copier.assigned = static_cast<int>(each.partitions.size());
    if (each.what == ClientNews::revoking) copier.revoking = true;
    if (each.what == ClientNews::revoked || each.what == ClientNews::lost) copier.done.clear();
    if (each.what == ClientNews::lost) copier.lost += 1;
    if (each.what == ClientNews::committed || each.what == ClientNews::commit_failed) {
      copier.commits += each.what == ClientNews::committed;
      if (copier.step == Copier::Step::committing) copier.step = Copier::Step::polling;
    }
  }
  const std::vector<HostedRecord> records = take_records(copier.reader);
  if (!records.empty()) copy(env, copier, records);
}

void go_on(Env& env, Copier& copier) {
  hear_reader(env, copier);
  if (copier.step == Copier::Step::polling && (copier.due || copier.revoking)) {
    copier.due = false;
    copier.step = Copier::Step::flushing;
    {
      AsClient as(env, kReader);
      leave_poll(env, copier.reader);
    }
    AsClient as(env, kWriter);
    flush(env, copier.writer);
  }
  AsClient as(env, kReader);
  if (copier.step == Copier::Step::flushing && is_flushed(copier.writer)) {
    copier.step = copier.revoking ? Copier::Step::polling : Copier::Step::committing;
    if (copier.revoking) rejoin(env, copier.reader, offsets(copier));
    else if (copier.done.empty()) copier.step = Copier::Step::polling;
    else commit_offsets(env, copier.reader, offsets(copier));
    copier.revoking = false;
    hear_reader(env, copier);
  }
  for (int i = 0; i < 100 && copier.step == Copier::Step::polling && !copier.revoking; ++i) {
    poll_again(env, copier.reader);
    if (copier.reader.host.records.empty() && copier.reader.host.news.empty()) return;
    hear_reader(env, copier);
    if (copier.revoking) return go_on(env, copier);
  }
}

// A world with copiers in it: what is not for one of them is dispatched as ever.
struct CopierLab {
  World world;
  std::vector<Copier> copiers;
  std::vector<Fact> facts;

  explicit CopierLab(const Setup& setup) : world(make_world(setup)) {}

  void add(const std::string& name, const std::string& from, const std::string& to) {
    Copier copier;
    Names& names = world.fabric.names;
    copier.node = add_node(world.fabric, name, kCopierKind, static_cast<std::int32_t>(copiers.size()));
    ConsumerConfig reads;
    reads.enable_auto_commit = false;
    reads.auto_offset_reset = OffsetReset::earliest;
    reads.session_timeout = 10 * kSecond;
    copier.reader = hosted_consumer(copier.node, names.intern("copiers"), {names.intern(from)}, reads, broker_ids(world));
    copier.writer = hosted_producer(copier.node, names.intern(to), ProducerConfig{}, broker_ids(world));
    copier.admin.node = copier.node;
    copier.admin.metadata.bootstrap = broker_ids(world);
    copiers.push_back(std::move(copier));
  }
  void start(std::size_t index) {
    in_step([&](Env& env) {
      Copier& copier = copiers[index];
      start_process(env, copier.node);
      {
        AsClient as(env, kAdmin);
        nutshell::start(env, copier.admin);
        CreateTopicsRequest request;
        request.topic = copier.writer.spec.topic;
        request.partitions = 3;
        request.replication_factor = 3;
        create_topic(env, copier.admin, request);
      }
      {
        AsClient as(env, kWriter);
        nutshell::start(env, copier.writer);
      }
      {
        AsClient as(env, kReader);
        nutshell::start(env, copier.reader);
      }
      env.arm(copier.node, kCommitTimer, kSecond);
    });
  }
  void crash(std::size_t index) {
    in_step([&](Env& env) { kill_process(env, copiers[index].node); });
  }
  void close(std::size_t index) {
    in_step([&](Env& env) {
      AsClient as(env, kReader);
      nutshell::close(env, copiers[index].reader);
    });
  }
  void run_to(Time time) {
    while (next_event_time(world) <= time) take();
  }

  void take() {
    in_step([&](Env& env) {
      Arrival arrival = take_event(env);
      const Node& node = env.self(arrival.node);
      if (node.kind == kCopierKind) return dispatch(env, copiers[static_cast<std::size_t>(node.index)], arrival);
      const ProcessKind& kind = kind_of(node);
      const auto index = static_cast<std::size_t>(node.index);
      arrival.response.body = &arrival.body;
      switch (arrival.kind) {
        case Arrival::Kind::nothing: return;
        case Arrival::Kind::request: return kind.on_request(env, world, index, arrival.request, arrival.body);
        case Arrival::Kind::response: return kind.on_response(env, world, index, arrival.response);
        case Arrival::Kind::timer: return kind.on_timer(env, world, index, arrival.event);
        case Arrival::Kind::control: return control(env, world, arrival.event.a, static_cast<ControlKind>(arrival.event.b));
      }
    });
  }

 private:
  template <class F>
  void in_step(F&& f) {
    world.fabric.step += 1;
    Env env(world.fabric, world.commons, facts);
    f(env);
    std::vector<Env::Failure> others;
    for (std::size_t i = 0; i < env.failures.size(); ++i) {
      const Env::Failure failure = env.failures[i];
      const Node& node = env.self(failure.node);
      if (node.kind != kCopierKind) others.push_back(failure);
      else if (node.status == NodeStatus::running) hear(env, copiers[static_cast<std::size_t>(node.index)], failure.response);
    }
    env.failures = others;
    std::erase_if(env.exited, [&](NodeId node) {
      if (env.self(node).kind != kCopierKind) return false;
      forget(env, copiers[static_cast<std::size_t>(env.self(node).index)]);
      return true;
    });
    finish_step(env, world);
  }
  void forget(Env& env, Copier& copier) {
    nutshell::forget(env, copier.reader, ProcessEnd::killed);
    nutshell::forget(env, copier.writer, ProcessEnd::killed);
    nutshell::forget(copier.admin);
    copier.done.clear();
    copier.step = Copier::Step::polling;
    copier.due = copier.revoking = false;
  }
  void dispatch(Env& env, Copier& copier, Arrival& arrival) {
    arrival.response.body = &arrival.body;
    if (arrival.kind == Arrival::Kind::response) hear(env, copier, arrival.response);
    if (arrival.kind != Arrival::Kind::timer) return;
    const ClientNumber number = arrival.event.client;
    if (number == 0) {
      copier.due = true;
      env.arm(copier.node, kCommitTimer, kSecond);
    }
    {
      AsClient as(env, number);
      if (number == kReader) on_timer(env, copier.reader, arrival.event);
      if (number == kWriter) on_timer(env, copier.writer, arrival.event);
      if (number == kAdmin) on_timer(env, copier.admin, arrival.event);
    }
    go_on(env, copier);
  }
  void hear(Env& env, Copier& copier, const Response& response) {
    {
      AsClient as(env, response.client);
      if (response.client == kReader) on_response(env, copier.reader, response);
      if (response.client == kWriter) on_response(env, copier.writer, response);
      if (response.client == kAdmin) on_response(env, copier.admin, response);
    }
    go_on(env, copier);
  }
};

Setup lab_setup(std::uint64_t seed) {
  Setup setup;
  setup.seed = seed;
  setup.topics = {{"source", 3, 3, {}, {}}};
  ProducerSetup producer;
  producer.name = "app";
  producer.topic = "source";
  producer.keys = {"a", "b", "c", "d"};
  producer.spec.key_choice = KeyChoice::cycle;
  producer.spec.interval = 50 * kMillisecond;
  producer.spec.limit = 300;
  setup.producers = {producer};
  return setup;
}

// How often each record of the source stands in the copy, by partition: by its timestamp and key.
std::map<std::string, int> copies(const CopierLab& lab, const std::string& topic) {
  std::map<std::string, int> found;
  for (std::int32_t partition = 0; partition < 3; ++partition) {
    const TopicPartition tp{lab.world.topic_id(topic), partition};
    const Broker* leader = nullptr;
    for (const Broker& each : lab.world.brokers)
      if (const Replica* replica = each.replica(tp); replica && replica->role == ReplicaRole::leader) leader = &each;
    REQUIRE(leader);
    for (const Batch& batch : leader->replica(tp)->log.batches())
      for_each_record(lab.world.commons.store.records, batch, [&](Offset, const Record& record) {
        found[std::to_string(partition) + " " + lab.world.fabric.names[record.key] + " " + std::to_string(record.timestamp)] += 1;
      });
  }
  return found;
}

int total(const std::map<std::string, int>& counts) {
  int sum = 0;
  for (const auto& [what, count] : counts) sum += count;
  return sum;
}

}  // namespace

TEST_CASE("a process with clients of its own copies a topic: partition, key and timestamp are as they were") {
  CopierLab lab(lab_setup(1));
  lab.add("copier 1", "source", "copy");
  lab.run_to(6 * kSecond);
  lab.start(0);
  lab.run_to(40 * kSecond);
  const auto source = copies(lab, "source"), copy = copies(lab, "copy");
  CHECK(total(source) == 300);
  CHECK(copy == source);
  CHECK(lab.copiers[0].commits > 5);
  CHECK(lab.copiers[0].admin.partitions_of(lab.world.topic_id("copy")) == 3);
  // Its sequence numbers of records are its own, as its node is.
  CHECK(lab.copiers[0].writer.counters.acked == 300);
}

TEST_CASE("killed and restarted it copies at least once, and twice only what came after the last commit") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    CopierLab lab(lab_setup(seed));
    lab.add("copier 1", "source", "copy");
    lab.run_to(5 * kSecond);
    lab.start(0);
    lab.run_to(14 * kSecond + static_cast<Time>(seed) * 130 * kMillisecond);
    lab.crash(0);
    const int before = lab.copiers[0].commits;
    lab.run_to(16 * kSecond);
    lab.start(0);
    lab.run_to(90 * kSecond);
    const auto source = copies(lab, "source"), copy = copies(lab, "copy");
    CHECK(total(source) == 300);
    CHECK(lab.copiers[0].commits > before);
    int twice = 0;
    for (const auto& [what, count] : source) {
      const auto found = copy.find(what);
      REQUIRE(found != copy.end());
      CHECK(found->second >= count);
      twice += found->second - count;
    }
    CHECK(copy.size() == source.size());
    CHECK(twice <= 60);  // a commit a second, 20 records a second, and what the commit under way did not tell any more
  }
}

TEST_CASE("two of them share the partitions; one that closes hands over what it has committed") {
  CopierLab lab(lab_setup(3));
  lab.add("copier 1", "source", "copy");
  lab.add("copier 2", "source", "copy");
  lab.run_to(5 * kSecond);
  lab.start(0);
  lab.run_to(9 * kSecond);
  CHECK(lab.copiers[0].assigned == 3);
  lab.start(1);
  lab.run_to(17 * kSecond);
  CHECK(lab.copiers[0].assigned + lab.copiers[1].assigned == 3);
  CHECK(lab.copiers[1].assigned > 0);
  // The first has committed before it gave anything up, and lost nothing.
  CHECK(lab.copiers[0].lost + lab.copiers[1].lost == 0);
  CHECK(copies(lab, "copy") == copies(lab, "source"));
  lab.crash(1);
  lab.run_to(60 * kSecond);
  CHECK(lab.copiers[0].assigned == 3);
  CHECK(total(copies(lab, "source")) == 300);
  CHECK(copies(lab, "copy").size() == copies(lab, "source").size());
}

TEST_CASE("a client that has ended leaves nothing behind: its host goes on, and its number can be used again") {
  CopierLab lab(lab_setup(5));
  lab.add("copier 1", "source", "copy");
  lab.run_to(5 * kSecond);
  lab.start(0);
  lab.run_to(10 * kSecond);
  lab.close(0);
  lab.run_to(12 * kSecond);
  Copier& copier = lab.copiers[0];
  CHECK_FALSE(copier.reader.running);
  CHECK(lab.world.fabric.nodes[static_cast<std::size_t>(copier.node)].status == NodeStatus::running);
  lab.world.fabric.queue.for_each_pending([&](const auto& entry) {
    const bool of_reader = entry.payload.node == copier.node && entry.payload.client == kReader && entry.payload.kind == EventKind::timer;
    CHECK_FALSE(of_reader);
  });
}

}  // namespace nutshell
