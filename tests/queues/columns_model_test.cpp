// The columns "copies stored" and "late" of random workloads, against a plain count from RIVALS' rules: who keeps one copy and who
// one for each service, which filters a broker can apply, what a publisher's second sending adds, and what is left for a service
// that comes later.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

struct ColumnDice {
  std::uint64_t seed;
  std::uint64_t nth = 0;
  std::int64_t roll(std::int64_t low, std::int64_t high) { return between(draw(seed, Purpose::fuzz, 31, nth++), low, high); }
};

// What the test sets of a product, and what by RIVALS follows from it.
struct ColumnKind {
  ProductId product = ProductId::kafka;
  std::vector<std::pair<std::string_view, std::int64_t>> config;
  bool one_copy = false;          // of a message, however many services (D4)
  bool copy_without_reader = false;  // even of what nobody is there for
  bool reads_text = false, reads_numbers = false;  // filters in the broker (S15, P15, Q2)
  Duration knows_copies_for = 0;  // by id, from the first time on (S10, Q)
  bool knows_bodies = false;
  bool library_retries = false, library_knows = false;
  enum { nothing, all, newest, kept } past = nothing;  // for a service that comes later
  Duration keeps = 0;             // past == kept
};

ColumnKind random_column_kind(ColumnDice& dice) {
  using enum ProductId;
  const ProductId all[] = {kafka, kinesis, rabbit_stream, rabbit_quorum, rabbit_classic, pubsub, pubsub_ordered, sqs, sqs_fifo};
  ColumnKind kind{all[dice.roll(0, 8)]};
  const bool on = dice.roll(0, 1), other = dice.roll(0, 1);
  switch (kind.product) {
    case kafka:
      kind.one_copy = kind.copy_without_reader = kind.library_retries = true;
      kind.library_knows = on;
      kind.past = other ? ColumnKind::all : ColumnKind::nothing;
      kind.config = {{"enable.idempotence", on}, {"auto.offset.reset", other}};
      break;
    case kinesis:
      kind.one_copy = kind.copy_without_reader = true;
      kind.past = other ? ColumnKind::all : ColumnKind::nothing;
      kind.config = {{"InitialPositionInStream", other}};
      break;
    case rabbit_stream: {
      const std::int64_t offset = dice.roll(0, 2);
      kind.one_copy = kind.copy_without_reader = true;
      kind.knows_copies_for = on ? kNever : 0;
      kind.past = offset == 0 ? ColumnKind::nothing : offset == 1 ? ColumnKind::all : ColumnKind::newest;
      kind.config = {{"name", on}, {"x-stream-offset", offset}};
      break;
    }
    case rabbit_quorum:
    case rabbit_classic:
      kind.reads_text = on;
      kind.config = {{"exchange", on ? 2 : 0}};
      break;
    case pubsub:
    case pubsub_ordered: {
      const std::int64_t topic = on ? dice.roll(0, 1) ? 600 : 86'400 : 0;
      kind.one_copy = kind.reads_text = true;
      kind.copy_without_reader = topic > 0;
      kind.past = topic > 0 ? ColumnKind::kept : ColumnKind::nothing;
      kind.keeps = topic * kSecond;
      kind.config = {{"topicMessageRetentionDuration", topic}, {"retainAckedMessages", other}};
      break;
    }
    case sqs: kind.reads_text = kind.reads_numbers = true; break;
    default:
      kind.reads_text = kind.reads_numbers = true;
      kind.knows_copies_for = 5 * kMinute;
      kind.knows_bodies = on;
      kind.past = other ? ColumnKind::kept : ColumnKind::nothing;
      kind.keeps = 24 * kHour;
      kind.config = {{"ContentBasedDeduplication", on}, {"ArchivePolicy", other ? 1 : 0}};
  }
  return kind;
}

Lab random_columns(ColumnDice& dice) {
  Lab lab;
  std::vector<Time> times;
  for (std::int64_t i = 0, n = dice.roll(2, 14); i < n; ++i) times.push_back(dice.roll(0, 1600) * 500 * kMs);
  std::sort(times.begin(), times.end());
  for (const Time time : times) {
    lab.messages(1, 0, {std::string(1, static_cast<char>('A' + dice.roll(0, 2)))}, time);
    Message& it = lab.workload.messages.back();
    it.body = dice.roll(0, 3) == 0 ? "the same" : it.name;
    it.attributes = {{"type", std::string(1, static_cast<char>('a' + dice.roll(0, 2)))}, {"amount", std::to_string(dice.roll(0, 200))}};
  }
  for (std::int64_t i = 1, n = dice.roll(1, 4); i < n; ++i) {
    Service more{"s" + std::to_string(i)};
    if (dice.roll(0, 1)) more.added_at = dice.roll(0, 900) * kSecond + 250 * kMs;
    more.from_start = dice.roll(0, 1);
    lab.workload.services.push_back(more);
  }
  for (Service& each : lab.workload.services) {
    if (dice.roll(0, 1)) each.filter.push_back({"type", Condition::Is::any_of, {"a", "b"}, 0});
    if (dice.roll(0, 2) == 0) each.filter.push_back({"amount", Condition::Is::at_least, {}, 100});
  }
  if (dice.roll(0, 1)) {
    Fault lost;
    lost.kind = Fault::Kind::lose_answer;
    lost.message = static_cast<std::int32_t>(dice.roll(0, static_cast<std::int64_t>(times.size()) - 1));
    lost.again_after = dice.roll(0, 1) ? dice.roll(0, 3) * kSecond : dice.roll(110, 320) * kSecond;
    lost.by_application = dice.roll(0, 1);
    lab.workload.faults.push_back(lost);
  }
  lab.workload.until = 1500 * kSecond;
  return lab;
}

struct Sending {
  Time at;
  int message;
};

struct PlainColumns {
  const Workload& workload;
  const ColumnKind& kind;
  std::vector<Sending> stored;  // what was taken, in its order
  std::int64_t copies = 0;

  bool passes(const Service& service, int m) const {
    for (const Condition& each : service.filter) {
      const bool can = each.is == Condition::Is::any_of ? kind.reads_text : kind.reads_numbers;
      if (can && !holds(each, workload.messages[static_cast<std::size_t>(m)].attributes)) return false;
    }
    return true;
  }
  bool wants(const Service& service, int m) const { return matches(service.filter, workload.messages[static_cast<std::size_t>(m)]); }

  void run() {
    std::vector<Sending> all;
    for (std::size_t i = 0; i < workload.messages.size(); ++i) all.push_back({workload.messages[i].at, static_cast<int>(i)});
    const std::size_t firsts = all.size();
    for (const Fault& each : workload.faults) {
      const Time again = all[static_cast<std::size_t>(each.message)].at + each.again_after;
      const bool library = kind.library_retries && !each.by_application;
      const bool gives_up = library && each.again_after > 120 * kSecond;
      if (!gives_up && !(library && kind.library_knows)) all.push_back({again, each.message});
    }
    // At one moment what is sent again comes after what is sent first.
    if (all.size() > firsts) {
      const Sending again = all.back();
      all.pop_back();
      all.insert(std::find_if(all.begin(), all.end(), [&](const Sending& each) { return each.at > again.at; }), again);
    }
    std::map<std::string, Time> known;
    for (const Sending& each : all) {
      const Message& it = workload.messages[static_cast<std::size_t>(each.message)];
      if (kind.knows_copies_for > 0) {
        const std::string id = kind.knows_bodies ? it.body : it.name;
        const auto found = known.find(id);
        if (found != known.end() && (kind.knows_copies_for == kNever || each.at - found->second < kind.knows_copies_for)) continue;
        known[id] = each.at;
      }
      stored.push_back(each);
      std::int64_t readers = 0;
      for (const Service& service : workload.services) readers += service.added_at <= each.at && passes(service, each.message);
      copies += !kind.one_copy ? readers : readers > 0 || kind.copy_without_reader;
    }
  }

  std::int64_t late(const Service& service) const {
    if (service.added_at == 0 || kind.past == ColumnKind::nothing) return 0;
    if (kind.past == ColumnKind::kept && !service.from_start) return 0;
    std::set<int> found;
    std::vector<Sending> before;
    for (const Sending& each : stored)
      if (each.at < service.added_at) before.push_back(each);
    if (kind.past == ColumnKind::newest && before.size() > 1) before.erase(before.begin(), before.end() - 1);
    for (const Sending& each : before) {
      const bool kept = kind.past != ColumnKind::kept || service.added_at - each.at < kind.keeps;
      if (kept && passes(service, each.message) && wants(service, each.message)) found.insert(each.message);
    }
    return static_cast<std::int64_t>(found.size());
  }
};

}  // namespace

TEST_CASE("copies stored, and what a later service can still get, of random workloads are what the rules count") {
  std::map<ProductId, std::int64_t> copies, late;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    ColumnDice dice{seed};
    const ColumnKind kind = random_column_kind(dice);
    Lab lab = random_columns(dice);
    Row& row = lab.row(kind.product);
    for (const auto& [key, value] : kind.config) row.settings.set(*find_key(kind.product, key), value);
    const Simulation run = lab.run();
    PlainColumns plain{lab.workload, kind, {}, 0};
    plain.run();
    CAPTURE(seed);
    CAPTURE(std::string(product(kind.product).name));
    CHECK(first_breach(run) == "");
    CHECK(run.system().copies == plain.copies);
    copies[kind.product] += plain.copies;
    for (std::size_t s = 0; s < lab.workload.services.size(); ++s) {
      CAPTURE(s);
      CHECK(run.tally(s).late == plain.late(lab.workload.services[s]));
      late[kind.product] += plain.late(lab.workload.services[s]);
    }
  }
  CHECK(copies.size() == 9);
  for (const ProductId each : {ProductId::kafka, ProductId::kinesis, ProductId::rabbit_stream, ProductId::pubsub, ProductId::sqs_fifo})
    CHECK(late[each] > 100);
}

TEST_CASE("P13: what a subscription retains of its own is no past for another, nor for itself from before it was there") {
  Lab lab;
  lab.messages(4, 10 * kSecond);  // 0, 10, 20, 30 s
  lab.consumer(kMs);
  lab.workload.services.push_back({"later"});
  lab.workload.services[1].added_at = 15 * kSecond;
  lab.workload.services[1].from_start = true;
  lab.consumer(kMs, 15 * kSecond, 1);
  lab.workload.asks.push_back({40 * kSecond, 0, 0});
  lab.workload.asks.push_back({40 * kSecond, 1, 0});
  lab.workload.until = kMinute;
  const Simulation own = lab.on(ProductId::pubsub, {{"retainAckedMessages", 1}});
  CHECK(own.tally(1).late == 0);
  CHECK(own.tally(0).again == 4);
  CHECK(own.tally(1).again == 2);
  const Simulation topic = lab.on(ProductId::pubsub, {{"topicMessageRetentionDuration", 3600}});
  CHECK(topic.tally(1).late == 2);
  CHECK(topic.tally(0).again == 4);
  CHECK(topic.tally(1).again == 4);
}

}  // namespace nutshell::queues::testing
