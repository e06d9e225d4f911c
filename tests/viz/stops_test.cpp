// What is said is what is seen: at every caption of every lesson the stage draws what its sentence and its fact name. What
// the stage shows is read off the words and places that it has drawn, not off the world.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/beats.h"
#include "sim/scenario/read.h"
#include "sim/session/about.h"
#include "sim/session/named.h"
#include "sim/session/parts.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// What stands on the stage in the last frame.
class Seen {
 public:
  explicit Seen(Desk& desk) : desk_(desk), world_(desk.session().world()) {}

  // All words inside what was drawn for the place, from left to right and from above; nullopt: it is not there.
  std::optional<std::string> at(const Place& place) const {
    std::optional<std::string> words;
    for (const Spot& each : desk_.figure().spots) {
      if (!(each.place == place)) continue;
      words = words.value_or("");
      for (const TextBox& text : desk_.app().texts()) {
        if (each.rect.contains(text.box.center())) *words += " " + text.text + " ";
      }
    }
    return words;
  }
  bool reads(const Place& place, const std::string& words) const {
    const std::optional<std::string> all = at(place);
    return all && all->find(words) != std::string::npos;
  }
  Place node(NodeId node) const {
    static constexpr PlaceKind kKinds[] = {PlaceKind::none, PlaceKind::broker, PlaceKind::controller,
                                           PlaceKind::producer, PlaceKind::consumer};
    switch (world_.fabric.nodes[static_cast<std::size_t>(node)].kind) {
      case NodeKind::broker: return {kKinds[1], node};
      case NodeKind::controller: return {kKinds[2], node};
      case NodeKind::producer: return {kKinds[3], node};
      case NodeKind::consumer: return {kKinds[4], node};
      default: return {};
    }
  }
  const Consumer& consumer(NodeId node) const {
    return world_.consumers[static_cast<std::size_t>(world_.fabric.nodes[static_cast<std::size_t>(node)].index)];
  }
  NodeId broker(BrokerId id) const { return world_.find_broker(id) ? world_.find_broker(id)->node : kNoNode; }
  Place row(BrokerId id, TopicPartition tp) const { return {PlaceKind::replica, broker(id), kNoNode, tp}; }
  Place group(GroupId group) const { return {PlaceKind::group, kNoNode, kNoNode, {}, -1, group}; }
  std::string partition(TopicPartition tp) const { return "p" + std::to_string(tp.partition); }
  bool has_ribbon(TopicPartition tp) const { return at({PlaceKind::partition, kNoNode, kNoNode, tp}).has_value(); }
  const World& world() const { return world_; }
  // The lesson speaks of the group protocol.
  bool has_group_parts() const { return parts_of(desk_.session().scenario()).groups; }

 private:
  Desk& desk_;
  const World& world_;
};

using Wrong = std::string;  // what is not seen; empty: all is

Wrong leads(const Seen& seen, BrokerId id, TopicPartition tp, Epoch epoch) {
  const Place row = seen.row(id, tp);
  if (!seen.reads(row, " leader ")) return "broker " + std::to_string(id) + " does not lead: " + seen.at(row).value_or("no row");
  return seen.reads(row, " e" + std::to_string(epoch) + " ") ? "" : "not in epoch " + std::to_string(epoch);
}

// By kind of fact: what people expect to see of it.
struct Expect {
  const Seen& seen;

  template <class F>
  Wrong operator()(const F&) const { return ""; }

  Wrong operator()(const NodeCrashed& f) const { return seen.reads(seen.node(f.node), "CRASHED") ? "" : "not CRASHED"; }
  Wrong operator()(const NodePaused& f) const { return seen.reads(seen.node(f.node), "PAUSED") ? "" : "not PAUSED"; }
  Wrong operator()(const NodeStopped& f) const { return seen.reads(seen.node(f.node), "STOPPED") ? "" : "not STOPPED"; }
  Wrong operator()(const NodeStarted& f) const {
    const Place card = seen.node(f.node);
    return seen.reads(card, "CRASHED") || seen.reads(card, "STOPPED") || seen.reads(card, "not started") ? "still down" : "";
  }
  Wrong operator()(const BrokerFenced& f) const {
    return seen.reads({PlaceKind::broker, seen.broker(f.broker)}, "FENCED") ? "" : "not FENCED";
  }
  Wrong operator()(const LeaderElected& f) const { return leads(seen, f.leader, f.tp, f.leader_epoch); }
  Wrong operator()(const LeaderTookOffice& f) const { return leads(seen, f.broker, f.tp, f.leader_epoch); }
  Wrong operator()(const IsrShrunk& f) const {
    const Place row = seen.row(f.broker, f.tp);
    return seen.reads(row, "out of ISR") || seen.reads(row, "offline") ? "" : "not out of the ISR";
  }
  Wrong operator()(const IsrExpanded& f) const {
    const Place row = seen.row(f.broker, f.tp);
    return seen.reads(row, " follower ") || seen.reads(row, " leader ") ? "" : "not in the ISR: " + seen.at(row).value_or("no row");
  }
  Wrong operator()(const LogTruncated& f) const {
    return seen.reads(seen.row(f.broker, f.tp), "LEO " + std::to_string(f.to)) ? "" : "its log does not end at " + std::to_string(f.to);
  }
  Wrong operator()(const ControllerElected& f) const { return seen.reads(seen.node(f.node), "active") ? "" : "not active"; }
  Wrong operator()(const ControllerActivated& f) const { return seen.reads(seen.node(f.node), "active") ? "" : "not active"; }
  Wrong operator()(const PartitionAssigned& f) const {
    // Of many partitions a card says how many, and truly; their ribbons say which.
    const Place card = seen.node(f.consumer);
    if (seen.reads(card, " partitions ")) {
      const std::size_t owned = seen.consumer(f.consumer).owned.size();
      if (owned < 3 || !seen.reads(card, " " + std::to_string(owned) + " partitions ")) return "its card does not count what it owns";
    } else if (!seen.reads(card, seen.partition(f.tp))) {
      return "its card does not name " + seen.partition(f.tp);
    }
    return seen.has_ribbon(f.tp) ? "" : "no ribbon";
  }
  Wrong operator()(const PartitionRevoked& f) const {
    return seen.reads(seen.node(f.consumer), seen.partition(f.tp)) ? "still owns " + seen.partition(f.tp) : "";
  }
  Wrong operator()(const GenerationStarted& f) const {
    return seen.reads(seen.group(f.group), "gen " + std::to_string(f.generation)) ? "" : "another generation";
  }
  Wrong operator()(const RebalanceStarted& f) const { return seen.reads(seen.group(f.group), "Stable") ? "still Stable" : ""; }
  Wrong operator()(const GroupStable& f) const {
    const Place head = seen.group(f.group);
    // A lesson that does not speak of the group protocol shows none of it: there the members' cards tell.
    const bool stable = seen.reads(head, "Stable") && seen.reads(head, "gen " + std::to_string(f.generation));
    if (seen.has_group_parts() && !stable) return "not Stable";
    if (!seen.has_group_parts() && seen.reads(head, "gen ")) return "a generation, of which the lesson does not speak";
    std::int32_t told = 0;
    for (const Consumer& each : seen.world().consumers) {
      const Place card{PlaceKind::consumer, each.node};
      if (each.spec.group == f.group) told += seen.reads(card, "owns ") || seen.reads(card, "idle");
    }
    return told == f.members ? "" : "only " + std::to_string(told) + " members have heard of it";
  }
  Wrong operator()(const MemberIdle& f) const { return seen.reads(seen.node(f.consumer), "idle") ? "" : "not idle"; }
  Wrong operator()(const MemberJoined& f) const { return seen.reads(seen.group(f.group), "nobody has joined") ? "nobody has joined" : ""; }
  Wrong operator()(const OffsetCommitted& f) const { return offsets(f.consumer, std::to_string(f.offset)); }
  Wrong operator()(const RecordsDelivered& f) const { return offsets(f.consumer, std::to_string(f.last + 1)); }
  Wrong operator()(const PositionSet& f) const { return offsets(f.consumer, std::to_string(f.position)); }

  // A member of one partition has its offsets on its card.
  Wrong offsets(NodeId consumer, const std::string& offset) const {
    const std::optional<std::string> card = seen.at(seen.node(consumer));
    static const std::regex kOffset(" [0-9]+ ");
    if (!card || card->find(", p") != std::string::npos || card->find("owns ") == std::string::npos) return "";
    if (card->find(" partitions ") != std::string::npos) return "";
    if (!std::regex_search(*card, kOffset)) return "no offsets on its card:" + *card;
    return card->find(" " + offset + " ") != std::string::npos ? "" : "no offset " + offset + " on its card:" + *card;
  }
};

// Of the sentence itself.
Wrong not_seen_of(const std::string& sentence, const Seen& seen) {
  static const std::regex kLeads("[Bb]roker ([0-9]+) leads?(?: orders-0)?, in epoch ([0-9]+)"),
      kInSync("[Bb]roker ([0-9]+) is in sync again");
  std::smatch found;
  const auto any_row = [&](BrokerId id, const std::string& words, const std::string& more) {
    for (const Replica& each : seen.world().find_broker(id)->replicas) {
      if (seen.reads(seen.row(id, each.tp), words) && seen.reads(seen.row(id, each.tp), more)) return true;
    }
    return false;
  };
  if (std::regex_search(sentence, found, kLeads) &&
      !any_row(std::stoi(found[1]), " leader ", " e" + found[2].str() + " "))
    return "nobody leads";
  if (std::regex_search(sentence, found, kInSync) && !any_row(std::stoi(found[1]), " follower ", "")) return "not in sync";
  for (const Place& each : places_named_in(seen.world(), sentence)) {
    if (each.kind != PlaceKind::partition || each.tp.partition < 0) continue;
    const auto has_row = [&](const Broker& broker) { return seen.at(seen.row(broker.id, each.tp)).has_value(); };
    if (std::none_of(seen.world().brokers.begin(), seen.world().brokers.end(), has_row))
      return place_text(seen.world(), each) + " has no row";
  }
  return "";
}

// Offsets, epochs and the like that a caption names and no word on the stage has: "offset 5", "offsets 4 to 6", "epoch 2".
std::string numbers_not_seen(Desk& desk, const std::string& caption) {
  static const std::regex kNamed("(?:[Oo]ffsets?|[Pp]osition|epoch|generation|lag|HW|LEO|high watermark|log start)[a-z ]{0,14} "
                                 "([0-9]+)(?: (?:to|and) ([0-9]+))?(?![0-9]| bits|[.][0-9])"),
      kNumber("[0-9]+");
  std::set<std::string> seen;
  for (const TextBox& text : desk.app().texts()) {
    if (caption.find(text.text) != std::string::npos && text.text.size() > 6) continue;  // a line of the caption itself
    for (std::sregex_iterator at(text.text.begin(), text.text.end(), kNumber), end; at != end; ++at) seen.insert(at->str());
  }
  std::string missing;
  for (std::sregex_iterator at(caption.begin(), caption.end(), kNamed), end; at != end; ++at)
    for (const std::string& each : {(*at)[1].str(), (*at)[2].str()})
      if (!each.empty() && !seen.count(each)) missing += " " + each;
  return missing;
}

// The facts that beats fire on; nullopt: a time.
std::vector<std::optional<FactBody>> facts_of_beats(const Session& session) {
  const Timeline& run = session.timeline();
  const WorldNamer names(run.front_world());
  BeatWalk walk(run, names, session.scenario().opens, run.furthest(), session.scenario().until);
  std::vector<std::optional<FactBody>> all;
  for (const Beat& beat : session.scenario().beats) {
    if (!walk.go_on(beat.on)) break;
    const std::size_t lines = (beat.say.empty() ? 0U : 1U) + (beat.ask.empty() ? 0U : 1U);
    for (std::size_t i = 0; i < lines; ++i)
      all.push_back(beat.on.fact ? std::optional(run.facts()[walk.next_fact() - 1].body) : std::nullopt);
  }
  return all;
}

}  // namespace

TEST_CASE("at every caption of every lesson the stage shows what its fact and its sentence name") {
  Desk desk(small_failover(), 1920, 1080);
  std::size_t held = 0;
  for (const std::string& file : lesson_files()) {
    desk.app().open(*load_scenario(file).scenario);
    Session& session = desk.session();
    session.know_all();
    desk.look();
    if (desk.figure().lens.map) continue;  // on the map there are columns instead of words
    const std::vector<std::optional<FactBody>> facts = facts_of_beats(session);
    REQUIRE(facts.size() == session.beats().size());
    for (std::size_t i = 0; i < facts.size(); ++i) {
      session.go_to_beat(i);
      desk.look();
      desk.look();
      const Seen seen(desk);
      const std::string where = file + " " + std::to_string(i + 1) + ": " + session.beats()[i].text;
      if (facts[i]) CHECK_MESSAGE(facts[i]->visit(Expect{seen}) == "", where);
      CHECK_MESSAGE(not_seen_of(session.beats()[i].text, seen) == "", where);
      held += facts[i].has_value();
    }
  }
  CHECK(held > 80);
}

TEST_CASE("what a caption names has its rows at every size of window") {
  struct Shape {
    int width, height;
    bool projector;
  };
  for (const Shape& shape : {Shape{1920, 1080, true}, {1280, 720, true}, {1024, 768, true}, {1280, 720, false}, {1024, 768, false}}) {
    Desk desk(small_failover(), shape.width, shape.height);
    desk.room().projector = shape.projector;
    for (const std::string& file : lesson_files()) {
      desk.app().open(*load_scenario(file).scenario);
      Session& session = desk.session();
      session.know_all();
      desk.look();
      if (desk.figure().lens.map) continue;
      for (std::size_t i = 0; i < session.beats().size(); ++i) {
        session.go_to_beat(i);
        desk.look();
        const Seen seen(desk);
        const std::string where = file + " " + std::to_string(i + 1) + " at " + std::to_string(shape.width);
        const std::string missing = numbers_not_seen(desk, session.beats()[i].text);
        // What somebody asks for and does not get is nowhere.
        if (session.beats()[i].text.find("asks for offset" + missing) == std::string::npos) CHECK_MESSAGE(missing == "", where);
        for (const Place& each : places_named_in(seen.world(), session.beats()[i].text)) {
          if (each.kind != PlaceKind::partition || each.tp.partition < 0) continue;
          const auto has_row = [&](const Broker& broker) { return seen.at(seen.row(broker.id, each.tp)).has_value(); };
          CHECK_MESSAGE(std::any_of(seen.world().brokers.begin(), seen.world().brokers.end(), has_row), where);
        }
        for (const TextBox& text : desk.app().texts()) {
          // One row is never left out.
          const bool counts = text.text.size() > 5 && text.text[5] >= '0' && text.text[5] <= '9';  // no line of a caption
          if (text.text.rfind("and p", 0) == 0 && counts)
            CHECK_MESSAGE(
                (text.text.find(" to p") != std::string::npos || text.text.find(" and p", 4) != std::string::npos),
                where);
        }
      }
    }
  }
}

TEST_CASE("a lesson has one scale: cells are as wide at its first caption as at its last") {
  for (const bool projector : {false, true}) {
    Desk desk(small_failover(), 1280, 720);
    desk.room().projector = projector;
    for (const std::string& name : {std::string("leader-failover"), std::string("zombie-leader"), std::string("eager-and-cooperative")}) {
      desk.app().open(lesson(name));
      Session& session = desk.session();
      session.know_all();
      std::vector<float> widths;
      for (std::size_t i = 0; i < session.beats().size(); ++i) {
        session.go_to_beat(i);
        desk.look();
        for (const Spot& each : desk.figure().spots) {
          if (each.place.kind == PlaceKind::record) widths.push_back(each.rect.w);
        }
      }
      REQUIRE(widths.size() > 50);
      const auto [least, most] = std::minmax_element(widths.begin(), widths.end());
      CHECK_MESSAGE(*most - *least < 0.5F, name);
    }
  }
}
