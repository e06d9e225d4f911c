// States as they are read off facts, against the worlds of the same run, looked at after every step.
#include <map>
#include <set>

#include "sim/cluster/image.h"
#include "sim/history/states.h"
#include "sim/log/hash.h"
#include "sim/scenario/read.h"
#include "sim/scenario/run.h"
#include "tests/cluster/storm.h"
#include "tests/history/small_run.h"

namespace nutshell {
namespace {

// What a world and the states of its run say differently, by kind, with an example of each.
class Deviations {
 public:
  void look(const Timeline& timeline) {
    timeline_ = &timeline;
    world_ = &timeline.world();
    states_ = &timeline.states();
    nodes();
    controllers();
    replicas();
    groups();
    owners();
  }
  std::string text() const {
    std::string all;
    for (const auto& [kind, found] : found_) all += kind + ": " + std::to_string(found.count) + " steps, first " + found.first + "\n";
    return all;
  }

 private:
  struct Found {
    std::size_t count = 0;
    std::string first;
  };

  template <class A, class B>
  void expect(const char* kind, A world, B states, std::int64_t whom) {
    if (static_cast<std::int64_t>(world) == static_cast<std::int64_t>(states)) return;
    Found& found = found_[kind];
    if (found.count++ == 0) {
      const auto text = [](auto number) { return std::to_string(static_cast<std::int64_t>(number)); };
      found.first = "of " + text(whom) + " at " + text(world_->now()) + " (step " + text(timeline_->position()) + "): the world says " +
                    text(world) + ", the states " + text(states);
    }
  }
  std::int32_t value(const Subject& subject, std::int32_t otherwise) const {
    const std::optional<StateChange> now = states_->now(subject);
    return now ? now->value : otherwise;
  }
  std::int32_t number(const Subject& subject) const {
    const std::optional<StateChange> now = states_->now(subject);
    return now ? now->number : -1;
  }
  NodeStatus status(NodeId node) const { return world_->fabric.nodes[static_cast<std::size_t>(node)].status; }

  void nodes() {
    for (std::size_t i = 0; i < world_->fabric.nodes.size(); ++i) {
      const Node& node = world_->fabric.nodes[i];
      const auto id = static_cast<NodeId>(i);
      if (node.kind == NodeKind::admin) continue;
      const std::int32_t life = value(node_life(id), -1);
      const bool lives = life >= 0 && life <= static_cast<std::int32_t>(Life::stopping);
      expect("is up", node.status != NodeStatus::down, lives, id);
      expect("is paused", node.status == NodeStatus::paused, value({StateKind::pause, id}, 0), id);
    }
    for (const Broker& each : world_->brokers) {
      if (status(each.node) == NodeStatus::down) continue;
      const bool stops = value(node_life(each.node), -1) == static_cast<std::int32_t>(Life::stopping);
      expect("broker stops", each.state == BrokerState::controlled_shutdown, stops, each.id);
    }
  }

  // Of the controllers that lead, the one of the highest epoch; nullptr: none does.
  const Controller* active() const {
    const Controller* active = nullptr;
    for (const Controller& each : world_->controllers) {
      const bool leads = status(each.node) != NodeStatus::down && each.raft.role == RaftRole::leader;
      if (leads && (!active || each.raft.epoch > active->raft.epoch)) active = &each;
    }
    return active;
  }

  void controllers() {
    for (const Controller& each : world_->controllers) {
      const bool up = status(each.node) != NodeStatus::down;
      const Subject vote{StateKind::vote, each.node};
      const bool leads = up && each.raft.role == RaftRole::leader;
      expect("leads the quorum", leads, value(vote, 0) == static_cast<std::int32_t>(QuorumPart::leads), each.node);
      if (leads) expect("epoch of the quorum", each.raft.epoch, number(vote), each.node);
      const bool runs = up && (each.raft.role == RaftRole::candidate || each.raft.role == RaftRole::prospective);
      // Who cannot hear runs on for an office that another has; no fact tells when it gives up.
      if (runs && value({StateKind::quorum}, kNoNode) == kNoNode)
        expect("candidate", true, value(vote, 0) == static_cast<std::int32_t>(QuorumPart::candidate), each.node);
    }
    const Controller* leader = active();
    const NodeId held = value({StateKind::quorum}, kNoNode);
    // When the last that was elected is gone, one of old that has been frozen since may still take itself for it.
    const bool counts = leader && (held != kNoNode || leader->raft.epoch >= number({StateKind::quorum}));
    if (counts) expect("the quorum's leader", leader->node, held, 0);
    if (!leader) expect("no leader of the quorum", kNoNode, held, 0);
    if (!leader || !leader->active) return;
    for (const Broker& each : world_->brokers) {
      const BrokerRegistration* known = leader->working.broker(each.id);
      if (known) expect("fenced", known->fenced, value({StateKind::fencing, each.id}, 1), each.id);
    }
    isr(leader->working);
  }

  void isr(const MetadataImage& image) {
    for (const auto& topic : image.topics()) {
      for (std::size_t i = 0; i < topic->partitions.size(); ++i) {
        const TopicPartition tp{topic->topic, static_cast<std::int32_t>(i)};
        for (const std::int16_t broker : topic->partitions[i].replicas) {
          // No fact tells who was fenced, and so out of the ISR, when the partition was made.
          const Subject sync = replica_sync(tp, broker);
          if (states_->now(sync)) expect("in the ISR", topic->partitions[i].isr.contains(broker), value(sync, 1), broker);
        }
      }
    }
  }

  void replicas() {
    std::map<TopicPartition, std::tuple<std::int32_t, Epoch, BrokerId>> leaders;
    for (const Broker& broker : world_->brokers) {
      if (status(broker.node) == NodeStatus::down) continue;
      for (const Replica& each : broker.replicas) {
        if (each.role == ReplicaRole::offline) continue;  // of which no fact tells
        const ReplicaPart part = each.role == ReplicaRole::leader     ? ReplicaPart::leads
                                 : each.role == ReplicaRole::follower ? ReplicaPart::follows
                                                                      : ReplicaPart::none;
        expect("part of a replica", static_cast<int>(part), value(replica_role(each.tp, broker.id), 0), broker.id);
        if (part != ReplicaPart::none) expect("epoch of a replica", each.leader_epoch, number(replica_role(each.tp, broker.id)), broker.id);
        if (part != ReplicaPart::leads) continue;
        leaders[each.tp] = std::max(leaders[each.tp], std::tuple(each.incarnation.number, each.leader_epoch + 1, broker.id));
      }
    }
    for (const Subject& each : states_->subjects(StateKind::office)) {
      const auto leader = leaders.find(each.tp());
      const BrokerId held = value(each, kNoBroker);
      if (leader == leaders.end()) expect("nobody in office", kNoBroker, held, each.a);
      // Of two that take themselves for leaders, the later one is; when that one is gone, nobody is.
      else if (held != kNoBroker || std::get<1>(leader->second) - 1 >= number(each))
        expect("in office", std::get<2>(leader->second), held, each.a);
    }
  }

  void groups() {
    for (const Subject& each : states_->subjects(StateKind::group)) {
      const std::int32_t state = value(each, kNobodyKnows);
      for (const Subject& partition : states_->subjects(StateKind::coordinator)) {
        const Broker* broker = world_->find_broker(value(partition, kNoBroker));
        if (!broker || partition.tp() != partition_of(each.a)) continue;
        for (const Group& group : broker->groups.groups) {
          if (group.group != each.a || state == kNobodyKnows) continue;
          expect("state of a group", group.state, state, each.a);
          expect("generation of a group", group.generation, number(each), each.a);
        }
      }
    }
  }
  TopicPartition partition_of(std::int32_t group) const {
    const std::int32_t topic = world_->topic_id(kOffsetsTopic);
    return {topic, coordinator_partition(world_->fabric.names[group], value({StateKind::topic, topic}, 1))};
  }

  void owners() {
    std::set<std::pair<NodeId, TopicPartition>> owned, told;
    for (const Consumer& each : world_->consumers) {
      for (const OwnedPartition& one : each.owned) owned.insert({each.node, one.tp});
    }
    for (const Subject& each : states_->subjects(StateKind::owner)) {
      // Of a process that embeds consumers one may give up what another has.
      const bool own = world_->fabric.nodes[static_cast<std::size_t>(each.c)].kind == NodeKind::consumer;
      if (own && value(each, 0) != 0) told.insert({each.c, each.tp()});
    }
    expect("owners", true, owned == told, owned.empty() ? kNoNode : owned.begin()->first);
  }

  const Timeline* timeline_ = nullptr;
  const World* world_ = nullptr;
  const States* states_ = nullptr;
  std::map<std::string, Found> found_;
};

void look_at_every_step(Timeline& timeline, Time until, Deviations& found) {
  while (timeline.step(until)) found.look(timeline);
}

std::string in_words(const States& states) {
  std::string text;
  for (const StateChange& each : states.changes()) {
    const Subject& of = each.subject;
    for (const std::int64_t number : {std::int64_t{static_cast<int>(of.kind)}, std::int64_t{of.a}, std::int64_t{of.b}, std::int64_t{of.c},
                                      std::int64_t{each.value}, std::int64_t{each.number}, std::int64_t{each.step}, std::int64_t{each.fact},
                                      std::int64_t{each.previous}})
      text += std::to_string(number) + ' ';
    text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("states are what the world says, at every step of lessons") {
  for (const char* name : {"06-four-consumers", "13-leader-failover", "14-acks-one-loses", "16-slow-follower", "18-zombie-leader",
                           "19-controller-failover", "20-unclean-election", "22-eager-and-cooperative", "35-lose-with-acks-all"}) {
    CAPTURE(name);
    const auto read = load_scenario(std::string(NUTSHELL_SOURCE_DIR) + "/scenarios/" + name + ".json");
    REQUIRE(read.scenario);
    Timeline timeline = timeline_of(*read.scenario);
    Deviations found;
    look_at_every_step(timeline, read.scenario->until, found);
    CHECK(found.text() == "");
  }
}

TEST_CASE("states are what the world says, at every step of storms") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    const bool wild = seed % 2 == 0;
    Storm storm(seed, wild);
    storm.run_to(8 * kSecond);
    for (int blow = 0; blow < 60; ++blow) {
      storm.strike();
      storm.run_for(storm.dice.span(storm.dice.one_in(4) ? 12 * kSecond : 600 * kMillisecond).ns);
    }
    Timeline timeline(storm_setup(seed, wild), storm.acts);
    Deviations found;
    look_at_every_step(timeline, storm.now(), found);
    CHECK(found.text() == "");
  }
}

TEST_CASE("states read in portions, in a fork and after a cut are those that are read at once") {
  Timeline whole = run_until(50 * kSecond);
  const std::string all = in_words(whole.states());
  REQUIRE(whole.states().changes().size() > 40);

  Timeline pieces = run_until(0);
  for (Time at = kSecond; at <= 50 * kSecond; at += 700 * kMillisecond) {
    pieces.seek_time(at);
    pieces.states();
  }
  pieces.seek_time(50 * kSecond);
  CHECK(in_words(pieces.states()) == all);

  // A fork forgets the future, which happens again.
  for (const Time at : {0 * kSecond, 8 * kSecond, 15 * kSecond, 16 * kSecond, 33 * kSecond}) {
    CAPTURE(at);
    whole.seek_time(at);
    Timeline fork = whole.fork();
    const std::string before = in_words(fork.states());
    CHECK(all.rfind(before, 0) == 0);
    fork.seek_time(50 * kSecond);
    CHECK(in_words(fork.states()) == all);
    CHECK(in_words(whole.states()) == all);
  }
}

TEST_CASE("a state is found by step and by time, with the step that brought it about") {
  Timeline timeline = run_until(50 * kSecond);
  const States& states = timeline.states();
  const NodeId node = timeline.world().find_broker(1)->node;
  const std::vector<StateSpan> spans = states.spans(node_life(node), timeline.furthest());
  std::vector<std::int32_t> lives;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    lives.push_back(spans[i].value);
    if (i > 0) CHECK(spans[i].from == spans[i - 1].to);
    CHECK(timeline.record_of(spans[i].because).at == spans[i].from);
    CHECK(states.at(node_life(node), spans[i].because + 1)->value == spans[i].value);
    CHECK((i == 0 ? !states.at(node_life(node), spans[i].because).has_value()
                  : states.at(node_life(node), spans[i].because)->value == spans[i - 1].value));
  }
  const auto number = [](Life life) { return static_cast<std::int32_t>(life); };
  CHECK(lives == std::vector{number(Life::starting), number(Life::up), number(Life::crashed), number(Life::starting), number(Life::up)});
  CHECK(spans.back().to == kNever);
  // What changed in the step of the crash: all that the process had, and nothing of others.
  const Step crash = spans[2].because;
  for (std::size_t i = states.first_of(crash); i < states.first_of(crash + 1); ++i) CHECK(states.changes()[i].step == crash);
  CHECK(states.changes()[states.first_of(crash)].subject == node_life(node));
  CHECK(states.first_of(crash + 1) > states.first_of(crash) + 1);
  CHECK(spans[2].from == 15 * kSecond);
  CHECK(spans[3].from == 32 * kSecond);
}

}  // namespace nutshell
