// Processes of a world: they start, stop and die here, whatever kind they are.
#pragma once

#include "sim/cluster/world.h"

namespace nutshell {

void start_node(Env& env, World& world, NodeId node);      // does nothing if it runs
void stop_node(Env& env, World& world, NodeId node);       // cleanly; the process ends when it is done
// The process has ended: what was volatile is forgotten. Says so, unless it crashed.
void bury(Env& env, World& world, NodeId node);
void control(Env& env, World& world, NodeId node, ControlKind kind);
// Plans one of the above for later.
void plan(Env& env, World& world, NodeId node, ControlKind kind, Time at);

// After each handler: failed requests come back, ended processes are buried.
void finish_step(Env& env, World& world);
// Clients that waited for the scenario's topics start once these exist.
void mark_ready_clients(Env& env, World& world);

// Bootstrap servers of a client that is added now.
std::vector<BrokerId> broker_ids(const World& world);

// Adds a process that is down.
NodeId add_broker(World& world, BrokerId id, const BrokerConfig& config);
NodeId add_controller(World& world, std::int32_t number, const BrokerConfig& config);
NodeId add_producer(World& world, const ProducerSetup& setup);
NodeId add_consumer(World& world, const ConsumerSetup& setup);

}  // namespace nutshell
