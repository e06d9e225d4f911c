// Offers: what a hand can do at a place, as the rows of its menu. All actions there are can be reached from here; the
// tools of the belt are the same rows with a key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/action.h"
#include "sim/cluster/world.h"
#include "viz/session/place.h"

namespace nutshell {

enum class Tool : std::uint8_t {
  none, crash, start, stop, pause, cut, slow, delay, drop, add_consumer, remove_consumer, add_producer, add_broker, config
};

struct ToolRow {
  Tool tool = Tool::none;
  char32_t key = 0;
  std::string_view name;
  std::string_view needs;  // what has to be pointed at; empty: nothing
};
// In the order of the belt.
const std::vector<ToolRow>& tools();

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
  bool asks_why = false;     // opens the chain of causes instead
  std::string config_target; // asks for "key=value" for this target of set_config
};

// What can be done at the place; with none, to the cluster as a whole.
std::vector<Offer> offers(const World& world, const Place& place);
// What a tool does there; nullopt: it does not work on such things.
std::optional<Offer> offer_of(const World& world, const Place& place, Tool tool);
// What the place is called: "broker 1", "orders-0 on broker 1", "group cooks", "the cluster".
std::string place_name(const World& world, const Place& place);

}  // namespace nutshell
