#include "sim/adapter/kafka_column.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>

#include "sim/adapter/kafka_setup.h"
#include "sim/cluster/describe.h"
#include "sim/log/hash.h"

namespace nutshell::adapter {
namespace {

using queues::Fault;

// A record in the hands of an application: poll() has returned it, and it is worked on from `begins` to `ends`.
// By the clock, or, where the application works record by record, as it tells.
struct InHand {
  Time begins = 0, ends = 0;
  TopicPartition tp;
  Offset offset = -1;
  std::int32_t message = -1;
  bool begun = false;
  std::int32_t attempt = 1;
};

struct App {
  std::size_t service = 0;
  queues::Consumer spec;
  NodeId node = kNoNode;
  std::deque<InHand> hands;
  Time free_at = 0;
  std::int32_t handled = 0, begun = 0;
  bool gone = false;
  bool tells = false;
};

class Run {
 public:
  Run(const queues::Workload& workload, const queues::Row& row)
      : workload_(workload), row_(row), setup_(setup_of(workload, row)), world_(make_world(setup_)), deeds_(deeds_of(workload, row)),
        ledger_(workload.messages.size(), workload.services.size()), topic_(world_.topic_id("messages")) {
    for (std::size_t s = 0; s < workload.services.size(); ++s) add_apps(s);
    std::map<std::string, std::int32_t> known;
    for (const queues::Message& each : workload.messages) {
      const auto next = static_cast<std::int32_t>(known.size());
      keys_.push_back(each.key.empty() ? -1 : known.emplace(each.key, next).first->second);
    }
    acked_.assign(workload.messages.size(), false);
    offsets_.assign(workload.messages.size(), {});
  }
  KafkaColumn run();

 private:
  void add_apps(std::size_t service) {
    const std::vector<queues::Consumer>& all = workload_.services[service].consumers;
    const std::size_t most = row_.consumers < 0 ? all.size() : static_cast<std::size_t>(row_.consumers);
    for (std::size_t i = 0; i < std::min(most, all.size()); ++i) {
      App app;
      app.service = service;
      app.spec = all[i];
      app.tells = setup_.consumers[apps_.size()].spec.config.has_handler();
      app.node = static_cast<std::int32_t>(world_.find_node(consumer_name(service, i)) - world_.fabric.nodes.data());
      apps_.push_back(app);
    }
  }
  void take(std::vector<Fact>& facts);
  void delivered(const RecordsDelivered& fact, Time at);
  void acked(const RecordsAcked& fact, Time at);
  void began(const HandlerBegan& fact, Time at);
  void let_go(NodeId consumer, Time at, bool buried);
  bool fails(const App& app, const InHand& hand) const;
  void work_until(Time time);
  void work(App& app, Time time);
  void lose(App& app);
  void act(const ActionBody& body, Time at);
  void fault(const Fault& fault, Time at);
  std::int32_t message_at(TopicPartition tp, Offset offset) const;
  bool is_before(const queues::Service& service, const queues::Message& message) const;
  KafkaColumn finish();

  const queues::Workload& workload_;
  const queues::Row& row_;
  const Setup setup_;
  World world_;
  std::vector<Deed> deeds_;
  queues::Ledger ledger_;
  TopicId topic_;
  std::vector<App> apps_;
  std::vector<std::int32_t> keys_;
  std::vector<std::int32_t> sent_;  // messages, as the producer numbers them
  std::vector<bool> acked_;
  std::vector<std::pair<TopicPartition, Offset>> offsets_;            // by message, once it is known
  std::map<std::pair<std::size_t, TopicPartition>, Offset> passed_;   // of a service: what it has committed, or was reset to
  Duration longest_wait_ = 0;
};

std::int32_t Run::message_at(TopicPartition tp, Offset offset) const {
  for (const Broker& broker : world_.brokers) {
    const Replica* replica = broker.replica(tp);
    const Batch* batch = replica ? replica->log.batch_at(offset) : nullptr;
    const Record* record = batch ? record_at(world_.commons.store.records, *batch, offset) : nullptr;
    if (record && record->serial < sent_.size()) return sent_[static_cast<std::size_t>(record->serial)];
  }
  return -1;
}

void Run::delivered(const RecordsDelivered& fact, Time at) {
  for (App& app : apps_) {
    if (app.node != fact.consumer || app.gone) continue;
    app.free_at = std::max(app.free_at, at);
    for (Offset offset = fact.first; offset <= fact.last; ++offset) {
      const std::int32_t m = message_at(fact.tp, offset);
      if (m < 0) continue;
      const Time begins = app.tells ? kNever : app.free_at;
      if (!app.tells) app.free_at += app.spec.handle;
      app.hands.push_back({begins, app.free_at, fact.tp, offset, m});
      offsets_[static_cast<std::size_t>(m)] = {fact.tp, offset};
    }
  }
}

// The application begins with a record, or once more: it is done with those before it.
void Run::began(const HandlerBegan& fact, Time at) {
  for (App& app : apps_) {
    if (app.node != fact.consumer || app.gone) continue;
    work(app, at);
    while (!app.hands.empty() && (app.hands.front().tp != fact.tp || app.hands.front().offset != fact.offset)) app.hands.pop_front();
    if (app.hands.empty()) continue;
    InHand& hand = app.hands.front();
    hand.begins = at;
    hand.ends = at + std::max<Duration>(app.spec.handle, fact.attempt > 1 ? kMillisecond : 0);
    hand.attempt = fact.attempt;
    work(app, at);
  }
}

// It is done with a record at which its handler has failed: skipped, or a dead letter.
void Run::let_go(NodeId consumer, Time at, bool buried) {
  for (App& app : apps_) {
    if (app.node != consumer || app.gone) continue;
    work(app, at);
    if (app.hands.empty()) continue;
    if (buried) ledger_.bury(static_cast<std::int32_t>(app.service), app.hands.front().message);
    app.hands.pop_front();
  }
}

bool Run::fails(const App& app, const InHand& hand) const {
  return std::any_of(workload_.poison.begin(), workload_.poison.end(), [&](const queues::Poison& each) {
    const bool it = each.service == static_cast<std::int32_t>(app.service) && each.message == hand.message;
    return it && (each.until_try == 0 || hand.attempt < each.until_try);
  });
}

void Run::acked(const RecordsAcked& fact, Time at) {
  if (fact.tp.topic != topic_) return;  // a dead letter
  for (std::int32_t i = 0; i < fact.count && fact.base_offset >= 0; ++i) {
    const std::int32_t m = message_at(fact.tp, fact.base_offset + i);
    if (m < 0) continue;
    acked_[static_cast<std::size_t>(m)] = true;
    longest_wait_ = std::max(longest_wait_, at - kBegin - workload_.messages[static_cast<std::size_t>(m)].at);
    offsets_[static_cast<std::size_t>(m)] = {fact.tp, fact.base_offset + i};
  }
}

// What the application has begun and ended up to this time.
void Run::work(App& app, Time time) {
  const auto service = static_cast<std::int32_t>(app.service);
  while (!app.hands.empty() && !app.gone) {
    InHand& next = app.hands.front();
    const std::int32_t key = keys_[static_cast<std::size_t>(next.message)];
    const bool wanted = queues::matches(workload_.services[app.service].filter, workload_.messages[static_cast<std::size_t>(next.message)]);
    queues::Tally& tally = ledger_.tally(service);
    if (!next.begun) {
      if (next.begins > time) return;
      next.begun = true;
      ++app.begun;
      if (next.attempt == 1) {
        ++tally.delivered;
        tally.wanted += wanted;
        tally.discarded += !wanted;
      }
      if (wanted) ledger_.begin(service, next.message, key);
    }
    if (next.ends > time) return;
    const Time ended = next.ends;
    if (wanted) ledger_.end(service, next.message, key);
    if (wanted && fails(app, next)) {
      next.begun = false;
      next.begins = kNever;
      return;
    }
    if (wanted) {
      ledger_.succeed(service, next.message, key, ended - kBegin);
      ++app.handled;
    }
    app.hands.pop_front();
    if (app.spec.crash_after < 0 || app.handled != app.spec.crash_after) continue;
    act(Crash{world_.fabric.nodes[static_cast<std::size_t>(app.node)].name}, std::max(ended, world_.now()));
  }
}

void Run::work_until(Time time) {
  for (App& each : apps_) work(each, time);
}

void Run::lose(App& app) {
  if (!app.hands.empty() && app.hands.front().begun) {
    const std::int32_t m = app.hands.front().message;
    if (queues::matches(workload_.services[app.service].filter, workload_.messages[static_cast<std::size_t>(m)]))
      ledger_.end(static_cast<std::int32_t>(app.service), m, keys_[static_cast<std::size_t>(m)]);
  }
  app.hands.clear();
  app.gone = true;
}

void Run::take(std::vector<Fact>& facts) {
  for (const Fact& each : facts) {
    if (const auto* fact = each.body.as<RecordsDelivered>()) delivered(*fact, each.at);
    if (const auto* fact = each.body.as<RecordsAcked>()) acked(*fact, each.at);
    if (const auto* fact = each.body.as<HandlerBegan>()) began(*fact, each.at);
    if (const auto* fact = each.body.as<HandlerFailed>(); fact && fact->skipped) let_go(fact->consumer, each.at, false);
    if (const auto* fact = each.body.as<DeadLetterWritten>()) let_go(fact->consumer, each.at, true);
    if (const auto* reset = each.body.as<PositionReset>())
      for (const App& app : apps_)
        if (app.node == reset->consumer) passed_[{app.service, reset->tp}] = reset->to;
    if (const auto* commit = each.body.as<OffsetCommitted>())
      for (std::size_t s = 0; s < workload_.services.size(); ++s)
        if (world_.fabric.names[commit->group] == workload_.services[s].name) passed_[{s, commit->tp}] = commit->offset;
  }
  facts.clear();
}

void Run::act(const ActionBody& body, Time at) {
  if (!impossible(world_, body).empty()) return;
  std::vector<Fact> facts;
  apply(world_, Action{at, body}, facts);
  take(facts);
  const auto* crash = std::get_if<Crash>(&body);
  const auto* stop = std::get_if<Stop>(&body);
  const std::string name = crash ? std::string(crash->node) : stop ? std::string(stop->node) : "";
  for (App& each : apps_)
    if (world_.fabric.nodes[static_cast<std::size_t>(each.node)].name == name) lose(each);
}

void Run::fault(const Fault& fault, Time at) {
  const auto count = static_cast<std::int32_t>(row_.settings.get(queues::ProductId::kafka, "num.partitions"));
  const std::string key = fault.before < 0 ? "" : workload_.messages[static_cast<std::size_t>(fault.before)].key;
  const std::int32_t partition = key.empty() ? 0 : partition_for_key(murmur2(key), count);
  const std::string leader = describe_value(world_, "topics/messages/" + std::to_string(partition) + "/Leader").value_or("1");
  const std::string broker = "broker " + (fault.node >= 0 ? std::to_string(fault.node + 1) : leader);
  if (fault.kind == Fault::Kind::kill) act(Crash{broker}, at);
  if (fault.kind == Fault::Kind::restart) act(Start{broker}, at);
}

KafkaColumn Run::run() {
  const Time until = kBegin + workload_.until;
  std::vector<Fact> facts;
  std::size_t next = 0;
  for (;;) {
    const Time event = next_event_time(world_), deed = next < deeds_.size() ? deeds_[next].at : kNever;
    const Time time = std::min(event, deed);
    work_until(std::min(time, until));
    if (time > until) break;
    if (next_event_time(world_) < time) continue;  // a crash has brought something about
    if (deed <= event) {
      const Deed& it = deeds_[next++];
      if (it.fault >= 0) {
        fault(workload_.faults[static_cast<std::size_t>(it.fault)], it.at);
        continue;
      }
      if (it.message >= 0) sent_.push_back(it.message);
      act(it.body, it.at);
    } else {
      step(world_, facts);
      take(facts);
    }
  }
  return finish();
}

// The service came later, and asks for nothing that was there before it.
bool Run::is_before(const queues::Service& service, const queues::Message& message) const {
  return message.at < service.added_at && row_.settings.get(queues::ProductId::kafka, "auto.offset.reset") != 1;
}

// What is not done is still to come if it is in hands, or if some log has it and the service has not passed it; else it is lost.
KafkaColumn Run::finish() {
  KafkaColumn column;
  for (const bool each : acked_) column.confirmed += each;
  column.longest_wait = longest_wait_;
  for (std::size_t s = 0; s < workload_.services.size(); ++s) {
    const auto service = static_cast<std::int32_t>(s);
    queues::Tally tally = ledger_.tally(service);
    const queues::Service& service_of = workload_.services[s];
    for (std::size_t m = 0; m < acked_.size(); ++m) {
      const auto number = static_cast<std::int32_t>(m);
      if (!queues::matches(workload_.services[s].filter, workload_.messages[m])) continue;
      const bool settled = ledger_.is_done(service, number) || ledger_.is_dead(service, number);
      if (!settled && (!acked_[m] || is_before(service_of, workload_.messages[m]))) continue;
      ++tally.confirmed;
      if (settled) continue;
      const auto& [tp, offset] = offsets_[m];
      const auto passed = passed_.find({s, tp});
      const bool behind = passed != passed_.end() && offset < passed->second;
      const bool in_hand = std::any_of(apps_.begin(), apps_.end(), [&](const App& app) {
        const auto is_it = [&](const InHand& each) { return each.message == number; };
        return app.service == s && std::any_of(app.hands.begin(), app.hands.end(), is_it);
      });
      const bool kept = message_at(tp, offset) == number;
      (in_hand || (kept && !behind) ? tally.stuck : tally.lost) += 1;
    }
    for (const App& each : apps_) tally.idle += each.service == s && !each.gone && each.begun == 0;
    column.services.push_back(tally);
  }
  return column;
}

}  // namespace

namespace {

std::int64_t consumers_of(const queues::Workload& workload, std::size_t row, std::size_t service) {
  const auto all = static_cast<std::int64_t>(workload.services[service].consumers.size());
  const std::int64_t most = workload.rows[row].consumers;
  return most < 0 ? all : std::min(all, most);
}

bool tries_for_ever(const queues::Workload& workload, std::size_t row, std::size_t service) {
  const queues::OnError does = on_error_of(workload.rows[row], workload.services[service]);
  if (does == queues::OnError::skip || does == queues::OnError::dead_letter) return false;
  return std::any_of(workload.poison.begin(), workload.poison.end(), [&](const queues::Poison& each) {
    return each.service == static_cast<std::int32_t>(service) && each.until_try == 0;
  });
}

}  // namespace

KafkaColumn run_on_cluster(const queues::Workload& workload, std::size_t row) { return Run(workload, workload.rows[row]).run(); }

std::vector<std::string> differences(const queues::Workload& workload, std::size_t row, const queues::Outcome& model) {
  std::vector<std::string> all;
  if (!cannot_run(workload, workload.rows[row]).empty()) return all;
  const KafkaColumn real = run_on_cluster(workload, row);
  std::string differing;
  const auto differ = [&](std::string_view figure, const std::string& of, std::int64_t found, std::int64_t said, std::int64_t most = 0) {
    if (std::abs(found - said) <= most) return;
    differing += differing.empty() ? "" : ", ";
    differing += std::string(figure) + of + " is " + std::to_string(found) + " and not " + std::to_string(said);
  };
  for (std::size_t s = 0; s < workload.services.size(); ++s) {
    // What is tried for ever is in the middle of a try at the end, and has begun it a little later than in the model. Whose records
    // wait behind it at a consumer of several partitions is decided by whose came first.
    const std::int64_t trying = tries_for_ever(workload, row, s) ? consumers_of(workload, row, s) : 0;
    if (trying > 0 && trying < workload.rows[row].settings.get(queues::ProductId::kafka, "num.partitions")) continue;
    for (const char* name : {"attempts", "done", "repeated", "overtaken", "stepped_back", "dead", "stuck", "lost", "delivered"}) {
      const queues::Figure* figure = queues::find_figure(name);
      const std::int64_t most = std::string_view(name) == "attempts" ? trying : 0;
      differ(name, " of " + workload.services[s].name, real.services[s].*figure->value, model.services[s].*figure->value, most);
    }
  }
  differ("confirmed", "", real.confirmed, model.system.confirmed);
  if (!differing.empty()) all.push_back("in the simulated cluster, " + differing);
  return all;
}

}  // namespace nutshell::adapter
