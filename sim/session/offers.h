// Offers: what a hand can do at a place, as the rows of its menu. All actions there are can be reached from here; the
// tools of the belt are the same rows with a key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/cluster/action.h"
#include "sim/cluster/world.h"
#include "sim/session/place.h"

namespace nutshell {

enum class Tool : std::uint8_t {
  none, crash, start, stop, pause, cut, slow, delay, drop, add_consumer, remove_consumer, add_producer, add_broker, config,
  add_topic, lose_zone
};

struct ToolRow {
  Tool tool = Tool::none;
  char32_t key = 0;  // a capital: with Shift
  std::string_view name;
  std::string_view needs;  // what has to be pointed at; empty: nothing
};
// In the order of the belt.
const std::vector<ToolRow>& tools();
// Those that there is something for: nobody loses a zone where nothing stands in one.
std::vector<ToolRow> tools_for(const World& world);

// What comes about at once, or a little later: an action and how long after the first.
struct Deed {
  ActionBody action;
  Duration after = 0;
};

struct Offer {
  std::string label;
  std::vector<Deed> deeds;   // empty: it opens `more` or asks for a text
  std::string reason;        // why it would change nothing, or cannot be done; empty: it can
  Tool tool = Tool::none;
  std::vector<Offer> more;   // a menu of its own
  std::optional<std::size_t> branch;        // shows this branch beside the current one
  std::string key, value;    // shows the lesson under this setting beside the current branch
  bool asks_why = false;     // opens the chain of causes instead
  bool types = false;        // opens the console of a ksqlDB server instead
  std::string config_target; // asks for "key=value" for this target of set_config
  std::string_view breaks;   // the promise that is to break; the lesson's own script may come in between
  std::string new_topic;     // asks for a topic: "name partitions replicas"; this is the usual one
};

// What can be done at the place; with none, to the cluster as a whole.
std::vector<Offer> offers(const World& world, const Place& place);
// What a tool does there; nullopt: it does not work on such things.
std::optional<Offer> offer_of(const World& world, const Place& place, Tool tool);
// The consumer leaves its group, and another instance of its application joins that one: a running consumer cannot
// change its group.id. REQUIRES the node is a consumer.
Offer move_to_group(const World& world, const Node& consumer, const std::string& group);
// A group that nobody is in: "group-1", "group-2", ...
std::string new_group(const World& world);
// Why not, or the action: a topic as it was typed, "orders 3 2"; what is left out is as in `usual`.
std::variant<std::string, CreateTopic> typed_topic(const World& world, std::string_view text, std::string_view usual);

// Topics that exist, and those that are about to.
std::vector<std::string> known_topics(const World& world);

// What the place is called: "broker 1", "orders-0 on broker 1", "group cooks", "the cluster".
std::string place_name(const World& world, const Place& place);

}  // namespace nutshell
