// What a run by nodes tells whoever looks on: facts in the vocabulary of all products, and a picture of each moment.
#include <algorithm>

#include "sim/rabbit/cluster.h"

namespace nutshell::rabbit {

using queues::Cell;
using queues::WorkerView;
using Story = queues::FactKind;

void Cluster::tell(Story kind, std::int32_t service, std::int32_t consumer, std::int32_t message, std::int64_t number, std::string why) {
  told_.push_back({whole(), kind, service, consumer, message, number, std::move(why)});
}

void Cluster::tell_fact(const Fact& fact) {
  const auto of_consumer = [&](Story kind, std::int64_t number = 0, std::string why = "") {
    tell(kind, fact.service, consumer_at(fact.node), fact.message, number, std::move(why));
  };
  switch (fact.kind) {
    case FactKind::leader_elected: {
      const std::string& name = commons_.workload.services[static_cast<std::size_t>(service_of(fact.queue))].name;
      return tell(Story::leader_elected, service_of(fact.queue), -1, -1, static_cast<std::int32_t>(fact.node), "the queue of " + name);
    }
    case FactKind::confirmed: return tell(Story::message_accepted, -1, -1, fact.message);
    case FactKind::refused: return tell(Story::message_refused, -1, -1, fact.message, 0, "its queue does not take it");
    case FactKind::returned: return tell(Story::message_returned, -1, -1, fact.message, 0, "it is routed to no queue");
    case FactKind::answer_lost: return tell(Story::answer_lost, -1, -1, fact.message);
    case FactKind::begun: return of_consumer(Story::delivered, fact.tries);
    case FactKind::handled: return of_consumer(Story::handled);
    case FactKind::failed: return of_consumer(Story::failed, fact.tries);
    case FactKind::thrown_away: return of_consumer(Story::discarded);
    case FactKind::buried: return of_consumer(Story::dead_lettered, 0, "its consumer gives it up");
    default: return;
  }
}

void Cluster::tell_effect(const Fact& fact, const Effect& effect) {
  const std::int32_t service = service_of(fact.queue);
  const auto of_queue = [&](Story kind) { tell(kind, service, -1, effect.message, 0, std::string(effect.why)); };
  switch (effect.kind) {
    case EffectKind::settled: return tell(Story::acknowledged, service, consumer_at(client_of(effect.channel)), effect.message);
    case EffectKind::deliver:
      if (effect.no_ack) tell(Story::acknowledged, service, consumer_at(client_of(effect.channel)), effect.message);
      return;
    case EffectKind::returned: return of_queue(Story::returned);
    case EffectKind::dead_lettered: return of_queue(Story::dead_lettered);
    case EffectKind::dropped: return of_queue(Story::dropped);
    default: return;
  }
}

queues::LaneView Cluster::lane_of(std::int32_t queue) const {
  queues::LaneView lane;
  lane.leader = commons_.is_quorum() ? leader_of(queue) : is_up(kHome) ? static_cast<std::int32_t>(kHome) : -1;
  for (const QueueMachine::Seen& each : truths_[static_cast<std::size_t>(queue)].machine.seen()) {
    Cell cell;
    cell.message = each.message;
    cell.key = key_of(each.message);
    cell.deliveries = each.deliveries;
    switch (each.state) {
      case QueueMachine::State::ready:
        cell.state = Cell::State::ready;
        cell.came_back = each.deliveries > 0;
        break;
      case QueueMachine::State::delayed: cell.state = Cell::State::delayed; break;
      case QueueMachine::State::out: {
        const NodeId client = client_of(each.channel);
        cell.reader = static_cast<std::int32_t>(consumer_number(client));
        const bool lives = fabric_.nodes[static_cast<std::size_t>(client)].status == NodeStatus::running;
        cell.state = lives ? Cell::State::out : Cell::State::hidden;
        break;
      }
      case QueueMachine::State::gone:
        cell.state = ledger_.is_dead(service_of(queue), each.message) ? Cell::State::removed : Cell::State::done;
        break;
    }
    lane.cells.push_back(cell);
  }
  return lane;
}

// Its log has all that came; what is done is gone from all members that live.
std::int64_t Cluster::stored_on(std::int32_t number, std::size_t queue) const {
  const std::vector<Entry>& log = node(number).replicas[queue].log;
  const std::vector<QueueMachine::Seen> seen = truths_[queue].machine.seen();
  const auto came = std::count_if(log.begin(), log.end(), [](const Entry& each) { return each.command.kind == CommandKind::enqueue; });
  const auto gone = std::count_if(seen.begin(), seen.end(), [](const auto& each) { return each.state == QueueMachine::State::gone; });
  return is_up(number) ? std::max<std::int64_t>(came - gone, 0) : came;
}

queues::NodeView Cluster::node_view(std::int32_t number, std::int32_t service) const {
  queues::NodeView view;
  view.up = is_up(number);
  const NodeId self = number;
  for (std::int32_t other = 0; other < commons_.nodes; ++other) {
    const nutshell::Link* link = other == number ? nullptr : fabric_.network.find(self, NodeId(other));
    view.cut = view.cut || (link && link->cut);
  }
  for (std::size_t i = 0; i < commons_.queues.size(); ++i) {
    const auto queue = static_cast<std::int32_t>(i);
    if (service_of(queue) != service) continue;
    if (commons_.is_quorum()) {
      view.leads = view.leads || leader_of(queue) == number;
      view.stored = std::max<std::int64_t>(view.stored, 0) + stored_on(number, i);
    } else if (self == kHome) {
      view.leads = view.up;
      view.stored = std::max<std::int64_t>(view.stored, 0) + static_cast<std::int64_t>(truths_[i].machine.messages().size());
    }
  }
  return view;
}

queues::WorkerView Cluster::worker_of(std::size_t number) const {
  const ConsumerApp& it = consumers_[number];
  const bool up = fabric_.nodes[static_cast<std::size_t>(commons_.nodes) + number].status == NodeStatus::running;
  WorkerView worker;
  worker.service = it.service;
  worker.consumer = it.index;
  worker.handled = it.handled;
  worker.crashed_at = std::max<Time>(crashed_at_[number], 0);
  if (crashed_at_[number] >= 0 && !up) worker.state = WorkerView::State::crashed;
  else if (!it.present) worker.state = it.begun > 0 ? WorkerView::State::left : WorkerView::State::absent;
  else worker.state = it.busy ? WorkerView::State::works : WorkerView::State::idle;
  if (worker.state == WorkerView::State::works) {
    worker.message = it.current.message;
    worker.again = it.current.tries > 1;
  }
  for (const queues::Fact& each : told_) {
    if (each.service != it.service || each.consumer != it.index) continue;
    worker.acknowledged += each.kind == Story::acknowledged;
    worker.noticed = worker.noticed || each.kind == Story::noticed;
  }
  return worker;
}

queues::Picture Cluster::picture() const {
  queues::Picture picture;
  for (std::size_t s = 0; s < commons_.workload.services.size(); ++s) {
    if (!commons_.exists[s]) continue;
    const auto service = static_cast<std::int32_t>(s);
    queues::StoreView store;
    store.name = "queue " + commons_.workload.services[s].name;
    store.service = service;
    for (std::size_t queue = 0; queue < commons_.queues.size(); ++queue)
      if (commons_.queues[queue].service == service) store.lanes.push_back(lane_of(static_cast<std::int32_t>(queue)));
    queues::count_cells(store, commons_.row.product);
    for (std::int32_t node = 0; node < commons_.nodes; ++node) store.nodes.push_back(node_view(node, service));
    for (const queues::Fact& each : told_)
      if (each.kind == Story::dead_lettered && each.service == service) store.dead.push_back(each.message);
    picture.stores.push_back(std::move(store));
  }
  for (std::size_t i = 0; i < consumers_.size(); ++i) picture.workers.push_back(worker_of(i));
  return picture;
}

}  // namespace nutshell::rabbit
