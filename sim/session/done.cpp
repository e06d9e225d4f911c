#include "sim/session/done.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "sim/cluster/world.h"
#include "sim/core/text.h"

namespace nutshell {

namespace {

constexpr const char* kLater = " when time goes on.";

bool is_kind(const World& world, const std::string& name, NodeKind kind) {
  const Node* node = world.find_node(name);
  return node && node->kind == kind;
}

std::string say(const World& world, const Crash& deed) {
  if (deed.power_loss) return "You cut the power of " + deed.node + ". Nobody has noticed yet.";
  std::string text = "You killed " + deed.node + ".";
  if (is_kind(world, deed.node, NodeKind::broker)) text += " Its clients know; the controller does not.";
  if (is_kind(world, deed.node, NodeKind::consumer)) text += " Its group does not know yet.";
  return text;
}
std::string say(const World& world, const Start& deed) {
  const bool broker = is_kind(world, deed.node, NodeKind::broker);
  return "You started " + deed.node + (broker ? ". It registers with the controller" + std::string(kLater) : ".");
}
std::string say(const World& world, const Stop& deed) {
  std::string text = "You asked " + deed.node + " to stop.";
  if (is_kind(world, deed.node, NodeKind::broker)) text += " First it hands over what it leads.";
  if (is_kind(world, deed.node, NodeKind::consumer)) text += " First it leaves its group.";
  return text;
}
std::string say(const World&, const Pause& deed) {
  return "You paused " + deed.node + (deed.duration.ns > 0 ? " for " + format_duration(deed.duration.ns) : "") +
         ". Nobody has noticed yet.";
}
std::string say(const World&, const SetConfig& deed) { return deed.key + " of " + deed.target + " is " + deed.value + "."; }
std::string say(const World&, const CreateTopic& deed) { return "Topic " + deed.topic + " is created" + kLater; }
std::string say(const World&, const AddPartitions& deed) {
  return "Topic " + deed.topic + " gets " + std::to_string(deed.count) + " partitions" + kLater;
}
std::string say(const World&, const AddBroker& deed) {
  return "Broker " + std::to_string(deed.id) + " is added. It registers" + kLater;
}
std::string say(const World&, const AddProducer& deed) {
  return "Producer " + deed.producer + " is added. It writes to " + deed.topic + kLater;
}
std::string say(const World&, const AddConsumer& deed) {
  return "Consumer " + deed.consumer + " is added. It joins group " + deed.group + kLater;
}

template <class Deed>
std::string say(const World&, const Deed& deed) {
  return sentence(ActionBody(deed));
}

}  // namespace

std::string deed_word(const ActionBody& deed) {
  return std::visit(
      [](const auto& each) -> std::string {
        using Kind = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<Kind, Crash>) return each.power_loss ? "cut the power" : "kill";
        else if constexpr (std::is_same_v<Kind, Heal>) return "mend";
        else if constexpr (std::is_same_v<Kind, SetConfig>) return "change " + each.key;
        std::string word(Kind::name);
        std::replace(word.begin(), word.end(), '_', ' ');
        return word;
      },
      deed);
}

std::string done_text(const World& after, const ActionBody& deed) {
  // A topic's configuration is changed by the controller, which has yet to be asked.
  if (const auto* config = std::get_if<SetConfig>(&deed); config && config->target != "brokers" && !after.find_node(config->target))
    return config->key + " of topic " + config->target + " is set to " + config->value + kLater;
  return std::visit([&](const auto& each) { return say(after, each); }, deed);
}

}  // namespace nutshell
