// The applications: a publisher that waits for confirms, and consumers that handle, acknowledge and give back. They know
// nothing but what their node tells them.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "sim/rabbit/env.h"

namespace nutshell::rabbit {

// A client's connection, and the way to another node when it is gone.
struct Link {
  NodeId at = kNoNode;          // the node that it is connected to
  std::int32_t sessions = 0;
  std::int32_t tried = 0;       // nodes that have refused since the last one that took it
  ChannelId session(NodeId self) const { return channel_id(self, sessions); }
};

struct Unconfirmed {
  std::int32_t sequence = 0, message = -1;
  Time sent = 0;
};

struct Publisher {
  Link link;
  std::int32_t sequence = 0;
  std::vector<Unconfirmed> unconfirmed;
  std::vector<std::int32_t> answers_to_lose;  // messages
};

struct Handed {
  ChannelId session = 0;
  std::int32_t queue = 0, tag = 0, message = -1, deliveries = 0, tries = 0;
  bool silent = false;  // failed, and nothing is ever said of it
};

struct ConsumerApp {
  std::int32_t service = 0, index = 0;
  queues::Consumer spec;
  Link link;
  bool present = false, busy = false, wants_channel = false;
  Time joined_at = 0, ends_at = 0;
  Handed current;
  Timer completion = kNoTimer;
  std::deque<Handed> buffer;
  std::vector<Handed> unacked;
  std::int32_t handled = 0, begun = 0;
  bool acks_first() const { return spec.every == queues::kAcksFirst; }
};

void start_publisher(Env& env, Publisher& publisher, NodeId self);
void on_publisher_request(Env& env, Publisher& publisher, NodeId self, const RequestId& request, Body& body);
void on_publisher_response(Env& env, Publisher& publisher, NodeId self, const Response& response);
void on_publisher_timer(Env& env, Publisher& publisher, NodeId self, const Event& timer);

void start_consumer(Env& env, ConsumerApp& consumer, NodeId self);
void on_consumer_request(Env& env, ConsumerApp& consumer, NodeId self, const RequestId& request, Body& body);
void on_consumer_response(Env& env, ConsumerApp& consumer, NodeId self, const Response& response);
void on_consumer_timer(Env& env, ConsumerApp& consumer, NodeId self, const Event& timer);
// Consumes from the queues that are this consumer's, beginning with `first`.
void consume(Env& env, ConsumerApp& consumer, NodeId self, std::int32_t first_box);

}  // namespace nutshell::rabbit
