#include "sim/queues/facts.h"

#include <array>
#include <string_view>

#include "sim/queues/workload.h"

namespace nutshell::queues {
namespace {

struct Look {
  std::string_view name;
  std::string_view sentence;  // {m} message, {s} service, {c} consumer, {n} number, {w} why
};

constexpr std::array kLooks = {
    Look{"message_accepted", "{m} is confirmed to its publisher."},
    Look{"message_refused", "{m} is refused: {w}."},
    Look{"message_returned", "{m} comes back to its publisher: {w}."},
    Look{"copy_suppressed", "A copy of {m} is known as one and dropped: {w}."},
    Look{"answer_lost", "{m} is stored, but the answer to its publisher is lost."},
    Look{"publisher_gave_up", "The publisher gives {m} up: {w}."},
    Look{"delivered", "{m} is delivered to {c} of {s}, delivery {n}."},
    Look{"handled", "{c} of {s} has handled {m}."},
    Look{"failed", "{c} of {s} fails with {m}, try {n}."},
    Look{"discarded", "{c} of {s} did not ask for {m} and throws it away."},
    Look{"acknowledged", "{c} of {s} acknowledges {m}."},
    Look{"returned", "{m} is to be delivered to {s} again: {w}."},
    Look{"late_ack_ignored", "{c} of {s} acknowledges {m} too late: {w}."},
    Look{"dead_lettered", "{m} is a dead letter of {s}: {w}."},
    Look{"expired", "{m} is too old for {s}: {w}."},
    Look{"dropped", "A copy of {m} for {s} is dropped: {w}."},
    Look{"lost", "{m} is lost for {s}: {w}."},
    Look{"slot_taken_over", "{c} of {s} reads {w} {n} from now on."},
    Look{"replay_started", "{s} gets {n} messages again."},
    Look{"replay_impossible", "{s} gets nothing again: {w}."},
    Look{"crashed", "{c} of {s} is gone: {w}."},
    Look{"noticed", "That {c} of {s} is gone has been noticed: {w}."},
    Look{"node_lost", "Node {n} is lost."},
    Look{"node_back", "Node {n} is back."},
    Look{"leader_elected", "Node {n} leads {w}."},
    Look{"grown", "There is one {w} more: {n}."},
    Look{"fault_impossible", "Nothing happens: {w}."},
    Look{"consumer_left", "{c} of {s} leaves in good order."},
    Look{"idle", "{c} of {s} has nothing to do."},
    Look{"read_refused", "{c} of {s} may not read shard {n} now: {w}."},
    Look{"node_cut", "Node {n} is cut off from the others."},
    Look{"receive_lost", "{c} of {s} does not get the answer to its receive, which had {m}."},
    Look{"not_reached", "{m} does not get to {s}: {w}."},
    Look{"detached", "{s} gets nothing more: {w}."},
    Look{"topic_deleted", "The topic is deleted: {w}."},
    Look{"redriven", "{n} dead letters go back to {s}."},
    Look{"link_cut", "Node {n} and node {w} do not hear each other any more."},
    Look{"node_stopped", "Node {n} stops by itself: {w}."},
    Look{"still_apart", "Node {n} hears node {w} again, has thought it gone, and goes on without it."},
};
static_assert(kLooks.size() == static_cast<std::size_t>(FactKind::still_apart) + 1);

template <class T>
std::string name_in(const std::vector<T>& all, std::int32_t place) {
  return place >= 0 && place < static_cast<std::int32_t>(all.size()) ? all[static_cast<std::size_t>(place)].name : "?";
}

}  // namespace

std::string_view fact_name(FactKind kind) { return kLooks[static_cast<std::size_t>(kind)].name; }

std::string say(const Fact& fact, const Workload& workload) {
  const std::string_view sentence = kLooks[static_cast<std::size_t>(fact.kind)].sentence;
  std::string text;
  for (std::size_t at = 0; at < sentence.size(); ++at) {
    if (sentence[at] != '{') {
      text += sentence[at];
      continue;
    }
    switch (sentence[at + 1]) {
      case 'm': text += name_in(workload.messages, fact.message); break;
      case 's': text += name_in(workload.services, fact.service); break;
      case 'n': text += std::to_string(fact.number); break;
      case 'w': text += fact.why; break;
      default:
        text += fact.service < 0 ? "?" : name_in(workload.services[static_cast<std::size_t>(fact.service)].consumers, fact.consumer);
    }
    at += 2;
  }
  if (fact.kind == FactKind::delivered && !fact.why.empty()) text += " Its headers are " + fact.why + ".";
  return text;  // a name stays as it was given, even at the beginning
}

}  // namespace nutshell::queues
