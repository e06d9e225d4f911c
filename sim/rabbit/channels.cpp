// Channels: what clients say goes to the leaders of queues, in order and once each, whatever becomes of leaders; what queues
// say goes to the clients.
#include <algorithm>

#include "sim/core/require.h"
#include "sim/queues/rules.h"
#include "sim/rabbit/node.h"

namespace nutshell::rabbit {
namespace {

NodeId leader_of(At at, std::int32_t queue) { return at.env.commons.is_quorum() ? at.replica(queue).leader : kHome; }

void send_command(At at, std::int32_t queue, const Command& command) {
  const NodeId leader = leader_of(at, queue);
  if (leader == kNoNode) return;
  if (leader == at.self) return take_command(at, queue, command);
  if (at.peer(leader).lost_at < 0) at.env.request(at.self, leader, kCluster, QueueCommand{queue, command}, kNetTick);
}

void confirm(At at, ChannelState& channel, std::int32_t sequence, Confirm outcome) {
  if (channel.closing) return;
  at.env.request(at.self, client_of(channel.id), kPush, PublisherConfirm{channel.id, sequence, outcome}, kNoTimeout);
}

void forget_if_done(At at, ChannelId id) {
  std::erase_if(at.node.channels, [&](const ChannelState& each) { return each.id == id && each.closing && each.pending.empty(); });
}

ChannelState& open_channel(At at, ChannelId id) {
  if (ChannelState* known = find_channel(at.node, id)) return *known;
  ChannelState fresh;
  fresh.id = id;
  at.node.channels.push_back(std::move(fresh));
  at.env.request(at.self, client_of(id), kPush, ChannelClose{id, true}, kNoTimeout);
  return at.node.channels.back();
}

// Of each part of a publication that is through.
void part_done(At at, ChannelState& channel, std::int32_t sequence, bool refused) {
  const auto found = std::find_if(channel.publications.begin(), channel.publications.end(),
                                  [&](const Publication& each) { return each.sequence == sequence; });
  if (found == channel.publications.end()) return;
  found->refused |= refused;
  if (--found->waits > 0) return;
  const Confirm outcome = found->refused ? Confirm::nack : Confirm::ack;
  channel.publications.erase(found);
  confirm(at, channel, sequence, outcome);
}

}  // namespace

ChannelState* find_channel(RabbitNode& node, ChannelId id) {
  for (ChannelState& each : node.channels)
    if (each.id == id) return &each;
  return nullptr;
}

// Q1 to Q4. A classic queue whose node is gone refuses until that is known, and then is not there.
void publish(At at, ChannelState& channel, const BasicPublish& publication) {
  const Commons& commons = at.env.commons;
  const queues::Message& message = commons.message(publication.message);
  std::vector<std::int32_t> to;
  bool lost_just_now = false;
  for (std::int32_t queue = 0; queue < at.queues(); ++queue) {
    const QueueSpec& spec = commons.queues[static_cast<std::size_t>(queue)];
    if (!commons.exists[static_cast<std::size_t>(spec.service)]) continue;
    if (!queues::broker_passes(commons.rules, commons.row, commons.workload, spec.service, publication.message)) continue;
    if (queues::slot_of(commons.rules, message.key, commons.boxes()) != spec.box) continue;
    const bool lost = !commons.is_quorum() && at.self != kHome && at.peer(kHome).lost_at >= 0;
    lost_just_now |= lost && !at.peer(kHome).known;
    if (!lost) to.push_back(queue);
  }
  if (lost_just_now) return confirm(at, channel, publication.sequence, Confirm::nack);
  if (to.empty() && commons.rules.alternate)
    at.env.tell_of({.kind = FactKind::caught, .node = at.self, .message = publication.message});
  if (to.empty()) {
    const bool back = commons.rules.mandatory && !commons.rules.alternate;
    return confirm(at, channel, publication.sequence, back ? Confirm::returned : Confirm::ack);
  }
  channel.publications.push_back({publication.sequence, publication.message, static_cast<std::int32_t>(to.size()), false});
  Command command;
  command.kind = CommandKind::enqueue;
  command.message = publication.message;
  command.life = std::min(commons.rules.retention, message.expires_after);
  if (commons.rules.priorities > 0)
    command.priority = std::min(message.priority < 0 ? commons.rules.plain_priority : message.priority, commons.rules.priorities);
  const ChannelId id = channel.id;
  for (const std::int32_t queue : to) submit(at, *find_channel(at.node, id), queue, command, publication.sequence);
}

void submit(At at, ChannelState& channel, std::int32_t queue, Command command, std::int32_t publication) {
  command.channel = channel.id;
  command.sequence = ++channel.sequences[queue];
  command.node = at.self;
  channel.pending.push_back({queue, command, publication});
  send_command(at, queue, command);
}

// There is a leader, or one that can be reached again.
void send_pending(At at, std::int32_t queue) {
  std::vector<Command> all;
  for (const ChannelState& channel : at.node.channels)
    for (const PendingCommand& each : channel.pending)
      if (each.queue == queue) all.push_back(each.command);
  for (const Command& each : all) send_command(at, queue, each);
}

void on_applied(At at, const QueueApplied& applied) {
  ChannelState* channel = find_channel(at.node, applied.channel);
  if (!channel) return;
  const auto found = std::find_if(channel->pending.begin(), channel->pending.end(), [&](const PendingCommand& each) {
    return each.queue == applied.queue && each.command.sequence == applied.sequence;
  });
  if (found == channel->pending.end()) return;
  const std::int32_t publication = found->publication;
  channel->pending.erase(found);
  if (publication > 0) part_done(at, *channel, publication, applied.rejected);
  forget_if_done(at, applied.channel);
}

// The queue's node is gone with whatever was on its way there.
void refuse_pending(At at, std::int32_t queue) {
  for (ChannelState& channel : at.node.channels) {
    std::vector<std::int32_t> refused;
    for (const PendingCommand& each : channel.pending)
      if (each.queue == queue && each.publication > 0) refused.push_back(each.publication);
    std::erase_if(channel.pending, [&](const PendingCommand& each) { return each.queue == queue; });
    channel.sequences.erase(queue);
    for (const std::int32_t each : refused) part_done(at, channel, each, true);
  }
}

// A leader that is new hands out again what is in hands: a tag that has come is not passed on twice.
void deliver(At at, const QueueDelivery& delivery) {
  ChannelState* channel = find_channel(at.node, delivery.channel);
  if (!channel || channel->closing) return;
  std::int32_t& received = channel->received[delivery.queue];
  if (delivery.tag <= received) return;
  received = delivery.tag;
  at.env.request(at.self, client_of(channel->id), kPush,
                 BasicDeliver{channel->id, delivery.queue, delivery.tag, delivery.message, delivery.deliveries}, kNoTimeout);
}

// Q11; in good order its consumers are cancelled first (Q12).
void close_channel(At at, ChannelId id, bool counts, bool in_order) {
  ChannelState* channel = find_channel(at.node, id);
  if (!channel || channel->closing) return;
  at.env.disarm(channel->silence);
  channel->closing = true;
  const std::vector<std::int32_t> consumes = channel->consumes;
  for (const CommandKind kind : {CommandKind::cancel, CommandKind::down}) {
    if (kind == CommandKind::cancel && !in_order) continue;
    for (const std::int32_t queue : consumes) {
      Command gone;
      gone.kind = kind;
      gone.counts = counts;
      if (ChannelState* it = find_channel(at.node, id)) submit(at, *it, queue, gone);
    }
  }
  forget_if_done(at, id);
}

// The node of a classic queue is gone: its consumers are cancelled, and come again.
void drop_channels_of(At at, std::int32_t queue) {
  std::vector<ChannelId> gone;
  for (const ChannelState& each : at.node.channels)
    if (std::find(each.consumes.begin(), each.consumes.end(), queue) != each.consumes.end()) gone.push_back(each.id);
  for (const ChannelId id : gone) {
    at.env.disarm(find_channel(at.node, id)->silence);
    std::erase_if(at.node.channels, [&](const ChannelState& each) { return each.id == id; });
    at.env.request(at.self, client_of(id), kPush, ChannelClose{id, false}, kNoTimeout);
  }
}

void on_client_message(At at, NodeId client, const RequestId& request, Body& body) {
  at.env.reply(request, Taken{});
  if (const auto* message = body.get_if<BasicPublish>()) {
    publish(at, open_channel(at, message->session), *message);
  } else if (const auto* consume = body.get_if<BasicConsume>()) {
    ChannelState& channel = open_channel(at, consume->session);
    channel.consumes.push_back(consume->queue);
    Command command;
    command.kind = CommandKind::consume;
    command.prefetch = consume->prefetch;
    command.priority = consume->priority;
    command.no_ack = consume->no_ack;
    submit(at, channel, consume->queue, command);
  } else if (const auto* ack = body.get_if<BasicAck>()) {
    ChannelState* channel = find_channel(at.node, ack->session);
    if (!channel || channel->closing) return;
    Command command;
    command.kind = ack->verdict;
    command.counts = ack->counts;
    command.tags = ack->tags;
    submit(at, *channel, ack->queue, command);
  } else if (const auto* close = body.get_if<ConnectionClose>()) {
    close_channel(at, close->session, false, true);
  } else if (const auto* beat = body.get_if<Heartbeat>()) {
    ChannelState& channel = open_channel(at, beat->session);
    const Duration half = std::max<Duration>(at.env.commons.rules.silent_connection / 2, 1);
    at.env.rearm(channel.silence, at.self, kChannelSilent, 2 * half, client, static_cast<std::int32_t>(beat->session));
  } else {
    NUTSHELL_REQUIRE(false);
  }
}

}  // namespace nutshell::rabbit
