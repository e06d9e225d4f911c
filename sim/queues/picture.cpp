#include "sim/queues/picture.h"

#include <algorithm>
#include <array>

namespace nutshell::queues {
namespace {

// A product's own words.
struct ProductWords {
  ProductId id;
  std::string_view store, service, lane;
  std::string_view ready, out;  // of counts
  std::string_view key;         // see telling_key()
};
constexpr std::array<ProductWords, 11> kWords = {{
    {ProductId::kafka, "topic", "group", "p", "", "", "session.timeout.ms"},
    {ProductId::kafka_share, "topic", "share group", "p", "available", "acquired", "group.share.record.lock.duration.ms"},
    {ProductId::rabbit_quorum, "queue", "queue", "", "Ready", "Unacked", "x-delivery-limit"},
    {ProductId::rabbit_classic, "queue", "queue", "", "Ready", "Unacked", "heartbeat"},
    {ProductId::rabbit_stream, "stream", "consumer", "p", "", "", "x-stream-offset"},
    {ProductId::pubsub, "subscription", "subscription", "", "undelivered", "outstanding", "ackDeadlineSeconds"},
    {ProductId::pubsub_ordered, "subscription", "subscription", "", "undelivered", "outstanding", "ackDeadlineSeconds"},
    {ProductId::sqs, "queue", "queue", "", "available", "in flight", "VisibilityTimeout"},
    {ProductId::sqs_fifo, "queue", "queue", "", "available", "in flight", "VisibilityTimeout"},
    {ProductId::kinesis, "data stream", "application", "shard ", "", "", "failoverTimeMillis"},
    {ProductId::rabbit_mirrored, "queue", "queue", "", "Ready", "Unacked", "heartbeat"},
}};
const ProductWords& words_of(ProductId id) { return kWords[static_cast<std::size_t>(id)]; }

// The message of the key that is out of a line which gives out one at a time; -1: none.
std::int32_t out_of_line(const Mailbox& mail, std::int32_t key, LineOrder order) {
  if (order != LineOrder::group_locked) return -1;
  for (const Item& each : mail.items())
    if (each.key == key && each.state == Item::State::out) return each.message;
  return -1;
}

Cell cell_of(const Simulation& run, const Mailbox& mail, const Item& item) {
  Cell cell;
  cell.message = item.message;
  cell.key = item.key;
  cell.reader = item.consumer;
  cell.deliveries = item.deliveries;
  switch (item.state) {
    case Item::State::waiting:
      cell.state = Cell::State::ready;
      cell.came_back = item.deliveries > 0;
      cell.blocked_by = out_of_line(mail, item.key, run.rules().order);
      break;
    case Item::State::delayed: cell.state = Cell::State::delayed; break;
    case Item::State::out: {
      const bool lives = item.consumer >= 0 && run.readers()[static_cast<std::size_t>(item.consumer)].works();
      cell.state = lives ? Cell::State::out : Cell::State::hidden;
      if (item.lease < 0) break;
      cell.lease = item.lease_until - item.lease_since;
      cell.until = item.lease_until;
      break;
    }
    case Item::State::done: cell.state = Cell::State::done; break;
    case Item::State::dead:
    case Item::State::gone: cell.state = Cell::State::removed; break;
  }
  return cell;
}

LaneView lane_of(const Simulation& run, const Queue& queue) {
  LaneView lane;
  lane.leader = queue.down ? -1 : queue.node;
  for (const Item& each : queue.mail.items()) lane.cells.push_back(cell_of(run, queue.mail, each));
  return lane;
}

LaneView lane_of(const Simulation& run, const Slot& slot, std::size_t number) {
  LaneView lane;
  lane.first = slot.start;
  lane.parent = slot.parent;
  lane.other_parent = slot.other_parent;
  lane.open = slot.open;
  if (run.rules().product == ProductId::kinesis) {
    lane.keys_from = static_cast<std::int32_t>(slot.first_key >> 112);
    lane.keys_to = static_cast<std::int32_t>(slot.last_key >> 112) + 1;
  }
  lane.leader = slot.leader;
  for (std::int64_t offset = slot.start; offset < slot.end(); ++offset) {
    Cell cell;
    cell.state = Cell::State::kept;
    cell.message = slot.at(offset).message;
    lane.cells.push_back(cell);
  }
  for (std::size_t s = 0; s < run.services().size(); ++s) {
    const ServiceState& service = run.services()[s];
    if (!service.exists || number >= service.holds.size()) continue;
    const Hold& hold = service.holds[number];
    lane.waits = lane.waits || (slot.parent >= 0 && hold.ready_at > run.now() && run.rules().failover == Failover::leases);
    lane.marks.push_back({static_cast<std::int32_t>(s), hold.owner < 0 && hold.position < 0 ? -1 : std::max(hold.position, hold.floor),
                          hold.committed, hold.owner});
  }
  return lane;
}

std::int64_t stored_items(const Mailbox& mail) {
  return std::count_if(mail.items().begin(), mail.items().end(), [](const Item& each) { return each.is_stored(); });
}

// What a node has of a queue; -1: no copy lies there.
std::int64_t stored_on(const Queue& queue, std::size_t node, Nodes nodes, bool up) {
  // Its log has all that came; what is done is gone from all members that live.
  if (nodes == Nodes::majority) {
    const auto ahead = static_cast<std::int64_t>(queue.logs[node].size()) - static_cast<std::int64_t>(queue.committed);
    return up ? std::max<std::int64_t>(stored_items(queue.mail) + ahead, 0) : static_cast<std::int64_t>(queue.logs[node].size());
  }
  if (nodes == Nodes::mirrored && static_cast<std::int32_t>(node) != queue.node) {
    std::int64_t count = 0;
    for (std::size_t i = 0; i < queue.mirror_has[node].size(); ++i)
      count += queue.mirror_has[node][i] && (!up || queue.mail.items()[i].is_stored());
    return count;
  }
  return static_cast<std::int32_t>(node) == queue.node ? stored_items(queue.mail) : -1;
}

std::vector<NodeView> nodes_of(const Simulation& run, const std::vector<Queue>& queues) {
  std::vector<NodeView> nodes(static_cast<std::size_t>(run.rules().nodes == Nodes::hidden ? 0 : run.rules().node_count));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    nodes[i].up = run.is_up(i);
    nodes[i].cut = run.is_cut(i);
    for (const Queue& each : queues) {
      nodes[i].leads = nodes[i].leads || (nodes[i].up && each.leaderless_until == 0 && each.node == static_cast<std::int32_t>(i));
      const std::int64_t stored = stored_on(each, i, run.rules().nodes, nodes[i].up);
      if (stored >= 0) nodes[i].stored = std::max<std::int64_t>(nodes[i].stored, 0) + stored;
    }
  }
  return nodes;
}

// ... of a log: a follower has what is replicated; one that is gone is fenced, and stays where it was.
std::vector<NodeView> nodes_of(const Simulation& run) {
  std::vector<NodeView> nodes(static_cast<std::size_t>(run.rules().nodes == Nodes::hidden ? 0 : run.rules().node_count));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    nodes[i].up = run.is_up(i);
    nodes[i].cut = run.is_cut(i);
    if (nodes[i].up) nodes[i].stored = 0;
    for (const Slot& each : run.slots()) {
      const bool first = each.leader == static_cast<std::int32_t>(i);
      nodes[i].leads = nodes[i].leads || (first && nodes[i].up && each.leaderless_until == 0);
      if (nodes[i].up) nodes[i].stored += (first ? each.end() : each.visible) - each.start;
    }
  }
  return nodes;
}

WorkerView worker_of(const Simulation& run, const Reader& reader) {
  WorkerView worker;
  worker.service = reader.service;
  worker.consumer = reader.index;
  worker.handled = reader.handled;
  worker.noticed = reader.noticed;
  worker.crashed_at = reader.crashed_at;
  if (reader.crashed) worker.state = WorkerView::State::crashed;
  else if (!reader.present) worker.state = reader.begun > 0 ? WorkerView::State::left : WorkerView::State::absent;
  else worker.state = reader.busy ? WorkerView::State::works : WorkerView::State::idle;
  const bool works = reader.busy && !reader.crashed;
  if (works) worker.message = reader.current.message;
  worker.again = works && reader.current.tries > 1;
  for (const Fact& each : run.facts()) {
    if (each.service != reader.service) continue;
    worker.acknowledged += each.kind == FactKind::acknowledged && each.consumer == reader.index;
    if (works && each.kind == FactKind::delivered && each.message == worker.message)
      worker.again = worker.again || each.number > 1 || each.consumer != reader.index;
  }
  return worker;
}

void bury(const Simulation& run, Picture& picture) {
  for (std::size_t s = 0; s < run.services().size(); ++s)
    for (const DeadLetter& each : run.services()[s].dead)
      for (StoreView& store : picture.stores)
        if (store.service == static_cast<std::int32_t>(s) || store.service < 0) store.dead.push_back(each.message);
}

}  // namespace

void count_cells(StoreView& store, ProductId product) {
  const ProductWords& words = words_of(product);
  std::int64_t ready = 0, out = 0;
  for (const LaneView& lane : store.lanes) {
    for (const Cell& each : lane.cells) {
      ready += each.state == Cell::State::ready;
      out += each.state == Cell::State::out || each.state == Cell::State::hidden;
    }
  }
  store.counts = {{words.ready, ready}, {words.out, out}};
}

Picture picture_of(const Simulation& run, Time) {
  Picture picture;
  picture.is_log = run.rules().keeps == Keeps::log;
  const ProductWords& words = words_of(run.row().product);
  if (picture.is_log) {
    StoreView store;
    store.name = words.store;
    for (std::size_t i = 0; i < run.slots().size(); ++i) {
      store.lanes.push_back(lane_of(run, run.slots()[i], i));
      store.lanes.back().name = std::string(words.lane) + std::to_string(i);
    }
    store.nodes = nodes_of(run);
    picture.stores.push_back(std::move(store));
  } else {
    for (std::size_t s = 0; s < run.services().size(); ++s) {
      if (!run.services()[s].exists) continue;
      StoreView store;
      store.name = std::string(words.store) + " " + run.services()[s].spec.name;
      store.service = static_cast<std::int32_t>(s);
      for (const Queue& each : run.services()[s].queues) store.lanes.push_back(lane_of(run, each));
      count_cells(store, run.row().product);
      store.nodes = nodes_of(run, run.services()[s].queues);
      picture.stores.push_back(std::move(store));
    }
  }
  for (const Reader& each : run.readers()) picture.workers.push_back(worker_of(run, each));
  bury(run, picture);
  return picture;
}

std::string telling_key(const Row& row) {
  const std::string_view name = words_of(row.product).key;
  const ProductKey* key = find_key(row.product, name);
  if (!key) return "";
  const std::string value = key->unit == Unit::word ? std::string(row.settings.word(row.product, name))
                                                    : std::to_string(row.settings.get(row.product, name));
  return std::string(name) + "=" + value;
}

std::string_view service_word(ProductId id) { return words_of(id).service; }
std::string_view lane_word(ProductId id) { return words_of(id).lane; }

}  // namespace nutshell::queues
