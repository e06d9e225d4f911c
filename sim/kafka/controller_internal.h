// What the files of the controller share. For controller*.cpp only.
#pragma once

#include "sim/kafka/controller.h"
#include "sim/kafka/partition_change.h"

namespace nutshell {

// writing (controller.cpp)

// Appends a record, which `working` shows from then on. REQUIRES controller.active.
Offset write_record(Env& env, Controller& controller, const MetadataRecord& record);
// Answers when all that has been written so far is committed: what the answer was read from may not be.
void answer(Env& env, Controller& controller, const RequestId& request, Body body);
// BROKER_ID_NOT_REGISTERED or STALE_BROKER_EPOCH, if the sender is not the registered broker.
ErrorCode check_broker_epoch(const Controller& controller, BrokerId broker, Offset broker_epoch);

// brokers (controller_brokers.cpp)

// K8: every broker that is not fenced gets a fresh session.
void open_sessions(Env& env, Controller& controller);
void close_sessions(Env& env, Controller& controller);
void register_broker(Env& env, Controller& controller, const RequestId& request,
                     const BrokerRegistrationRequest& asked);
void handle_heartbeat(Env& env, Controller& controller, const RequestId& request,
                      const BrokerHeartbeatRequest& heartbeat);
// R12: no heartbeat for broker.session.timeout.ms.
void expire_session(Env& env, Controller& controller, BrokerId broker);

// partitions (controller_partitions.cpp)

// Takes the broker out of every ISR where others remain, and moves its leaderships (R12, R13).
void remove_from_isrs(Env& env, Controller& controller, BrokerId broker, Step because);
// R22: these directories of the broker have failed, all in all: its replicas there leave their ISRs, and lead nothing.
void take_directories_offline(Env& env, Controller& controller, BrokerId broker, DirectorySet offline);
void assign_to_directories(Env& env, Controller& controller, const RequestId& request, const AssignReplicasToDirsRequest& asked);
// Looks for leaders of leaderless partitions, now that the broker is there, or kNoBroker (R14).
void elect_offline(Env& env, Controller& controller, BrokerId returned);
bool leads_anything(const Controller& controller, BrokerId broker);
void alter_partition(Env& env, Controller& controller, const RequestId& request, const AlterPartitionRequest& asked);
void elect_leaders(Env& env, Controller& controller, const RequestId& request, const ElectLeadersRequest& asked);
// R17: leaderships go back to preferred replicas.
void balance_leaders(Env& env, Controller& controller);

// topics (controller_topics.cpp)

void create_topic(Env& env, Controller& controller, const RequestId& request, const CreateTopicsRequest& asked);
// Only ever more of them: nothing takes a partition away. Records stay where they are (R19, C1).
void create_partitions(Env& env, Controller& controller, const RequestId& request, const CreatePartitionsRequest& asked);
// Its partitions and its configuration go with it, at once; the files later, broker by broker.
void delete_topic(Env& env, Controller& controller, const RequestId& request, const DeleteTopicsRequest& asked);
void alter_configs(Env& env, Controller& controller, const RequestId& request, const AlterConfigsRequest& asked);
void allocate_producer_ids(Env& env, Controller& controller, const RequestId& request,
                           const AllocateProducerIdsRequest& asked);

}  // namespace nutshell
