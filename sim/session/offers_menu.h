// The making of a menu: rows with what they do, and why they would not.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/session/image.h"
#include "sim/session/offers.h"

namespace nutshell {

std::string name_of(const World& world, NodeId id);
std::string topic_of(const World& world, TopicPartition tp);
// "orders-0"
std::string text_of(const World& world, TopicPartition tp);
std::string group_name(const World& world, GroupId group);
// A name that nothing has yet: "consumer-1", "consumer-2", ...
std::string fresh_name(const World& world, const std::string& stem);

// REQUIRES the world lives longer.
class OfferList {
 public:
  // The whole menu, or, of a tool, only the rows that are that tool: a tool in hand asks every place in every frame.
  explicit OfferList(const World& world, Tool only = Tool::none) : world_(world), only_(only) {}
  std::vector<Offer> rows;

  Tool only() const { return only_; }
  // Whether a row of that tool, or of none, gets in.
  bool takes(Tool tool) const { return only_ == Tool::none || tool == only_; }
  void add(std::string label, ActionBody action, Tool tool = Tool::none) { add(std::move(label), {{std::move(action), 0}}, tool); }
  // The second deed follows the first after a while.
  void add(std::string label, ActionBody first, Duration after, ActionBody second, Tool tool = Tool::none) {
    add(std::move(label), {{std::move(first), 0}, {std::move(second), after}}, tool);
  }
  // REQUIRES there is a deed; where the first cannot be done, the row says why.
  void add(std::string label, std::vector<Deed> deeds, Tool tool = Tool::none) {
    if (!takes(tool)) return;
    std::string reason = why_not(deeds.front().action);
    rows.push_back({std::move(label), std::move(deeds), std::move(reason), tool, {}});
  }
  // A menu of its own, which `make` makes.
  template <class Make>
  void add_more(std::string label, const Make& make) {
    if (!takes(Tool::none)) return;
    std::vector<Offer> more = make();
    if (!more.empty()) rows.push_back({std::move(label), {}, "", Tool::none, std::move(more)});
  }
  void add_config(std::string label, std::string target) {
    if (!takes(Tool::config)) return;
    rows.push_back({std::move(label), {}, "", Tool::config, {}});
    rows.back().config_target = std::move(target);
  }
  void add_new_topic(std::string label, std::string usual) {
    if (!takes(Tool::add_topic)) return;
    rows.push_back({std::move(label), {}, "", Tool::add_topic, {}});
    rows.back().new_topic = std::move(usual);
  }
  void add_refusal(std::string label, std::string reason, Tool tool = Tool::none) {
    if (!takes(tool)) return;
    rows.push_back({std::move(label), {}, std::move(reason), tool, {}});
  }

 private:
  std::string why_not(const ActionBody& action) const {
    std::string reason = impossible(world_, action);
    if (reason.empty()) reason = refusal(world_, action);
    return reason.empty() ? pointless(world_, action) : reason;
  }
  const World& world_;
  Tool only_;
};

// What a director asks for: compounds that bring about what the lesson needs (offers_director.cpp).

// Kills the leader of a partition, stalls a follower past its limit, makes the election lose data.
void offer_direction(OfferList& menu, const World& world, TopicPartition tp, NodeId pointed_at);
// Elections of the controllers: with the time-outs of the others aligned, or spread.
void offer_quorum(OfferList& menu, const World& world);
// Kills a process and starts it again, before anybody misses it and after.
void offer_bounce(OfferList& menu, const World& world, const Node& node);
// A consumer goes over to other groups.
std::vector<Offer> offer_moves(const World& world, const Node& consumer);
// A new topic, as usual and as one likes.
void offer_topic(OfferList& menu, const World& world);

}  // namespace nutshell
