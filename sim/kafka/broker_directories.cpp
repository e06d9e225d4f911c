// The directories of a broker's logs, each on a disk of its own: one may fail, and the others go on (R22, KIP-112, KIP-858).
#include <algorithm>

#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

namespace {

// What TimerKind::directory is about: its `a`, if it is no directory that has just been found broken.
constexpr std::int32_t kNotTold = -1;
constexpr std::int32_t kPlaceAgain = -2;
constexpr Duration kPlaceRetry = 500 * kMillisecond;

std::int32_t count_of(const Broker& broker) { return static_cast<std::int32_t>(broker.config.log_dirs); }

LogDirectory& directory_at(Broker& broker, std::int32_t number) {
  if (broker.directories.empty()) broker.directories.resize(static_cast<std::size_t>(count_of(broker)));
  return broker.directories[static_cast<std::size_t>(number)];
}

const LogDirectory* find_directory(const Broker& broker, std::int32_t number) {
  const auto place = static_cast<std::size_t>(number);
  return place < broker.directories.size() ? &broker.directories[place] : nullptr;
}

// All that lies in a directory, what waits for its removal included. (Of files of deleted segments and logs nobody remembers
// in which one they are: with one directory they count.)
std::int64_t used_bytes(const Broker& broker, std::int32_t number) {
  std::int64_t bytes = 0;
  for (const Replica& each : broker.replicas)
    if (each.directory == number) bytes += each.log.size_in_bytes();
  if (count_of(broker) > 1) return bytes;
  for (const DeletedFile& each : broker.deleted_files) bytes += each.size_in_bytes;
  for (const DeletedLog& each : broker.deleted_logs) bytes += each.size_in_bytes;
  return bytes;
}

// What follows is done by another thread of the broker, in a moment (LogDirFailureHandler).
void notice(Env& env, Broker& broker, std::int32_t number) {
  LogDirectory& directory = directory_at(broker, number);
  if (directory.offline) return;
  directory.offline = true;
  env.arm(broker.node, TimerKind::directory, 0, number);
}

void take_offline(Env& env, Broker& broker, Replica& replica) {
  if (replica.role == ReplicaRole::leader) {
    fail_produces(env, broker, replica, ErrorCode::kafka_storage_error);
    abdicate(env, broker, replica);
  }
  unfollow(broker, replica);
  replica.role = ReplicaRole::offline;
  wake_all(env, broker, replica);
}

// Runtime.halt: nothing is flushed.
void halt(Env& env, Broker& broker, HaltReason reason) {
  env.emit(BrokerHalted{broker.id, reason});
  env.self(broker.node).crashed = true;
  env.emit(NodeCrashed{broker.node, false});
  kill_process(env, broker.node);
}

bool all_offline(const Broker& broker) {
  return std::all_of(broker.directories.begin(), broker.directories.end(), [](const LogDirectory& each) { return each.offline; });
}

void handle_failure(Env& env, Broker& broker, std::int32_t number) {
  std::int32_t replicas = 0;
  for (const Replica& each : broker.replicas)
    if (each.directory == number) ++replicas;
  env.emit(DirectoryFailed{broker.id, number, replicas});
  if (all_offline(broker)) return halt(env, broker, HaltReason::all_directories);
  if (number == 0) return halt(env, broker, HaltReason::metadata_directory);
  for (Replica& each : broker.replicas)
    if (each.directory == number) take_offline(env, broker, each);
  env.arm(broker.node, TimerKind::directory, broker.config.log_dir_failure_timeout, kNotTold);
  send_heartbeat(env, broker);
}

}  // namespace

bool is_in_failed_directory(const Broker& broker, const Replica& replica) {
  const LogDirectory* directory = find_directory(broker, replica.directory);
  return directory && directory->offline;
}

DirectorySet offline_directories(const Broker& broker) {
  DirectorySet offline = 0;
  for (std::size_t i = 0; i < broker.directories.size(); ++i)
    if (broker.directories[i].offline) offline |= DirectorySet{1} << i;
  return offline;
}

std::int32_t choose_directory(const Broker& broker) {
  if (count_of(broker) <= 1) return 0;
  std::vector<std::int64_t> held(static_cast<std::size_t>(count_of(broker)), 0);
  for (const Replica& each : broker.replicas) ++held[static_cast<std::size_t>(each.directory)];
  std::int32_t best = -1;
  for (std::int32_t i = 0; i < count_of(broker); ++i) {
    const LogDirectory* directory = find_directory(broker, i);
    if (directory && directory->offline) continue;
    if (best < 0 || held[static_cast<std::size_t>(i)] < held[static_cast<std::size_t>(best)]) best = i;
  }
  return std::max(best, 0);
}

void note_directory(Env& env, Broker& broker, const Replica& replica) {
  if (count_of(broker) <= 1) return;
  const auto is_it = [&](const PlacedReplica& each) { return each.tp == replica.tp && each.incarnation == replica.incarnation; };
  if (std::any_of(broker.unplaced.begin(), broker.unplaced.end(), is_it)) return;
  broker.unplaced.push_back({replica.tp, replica.incarnation, replica.directory});
  if (broker.unplaced.size() == 1) env.arm(broker.node, TimerKind::directory, 0, kPlaceAgain);
}

void place_replicas(Env& env, Broker& broker) {
  if (broker.unplaced.empty() || broker.placing) return;
  broker.placing = true;
  if (broker.raft.leader == kNoNode || broker.broker_epoch < 0) {
    env.arm(broker.node, TimerKind::directory, kPlaceRetry, kPlaceAgain);
    return;
  }
  AssignReplicasToDirsRequest request;
  request.broker = broker.id;
  request.broker_epoch = broker.broker_epoch;
  request.replicas = broker.unplaced;
  env.request(broker.node, broker.raft.leader, Channel::controller, std::move(request), broker.config.request_timeout,
              broker.unplaced.size());
}

// What was put somewhere meanwhile stands behind what was told.
void on_replicas_placed(Env& env, Broker& broker, const Response& response) {
  const auto* answer = response.as<AssignReplicasToDirsResponse>();
  if (!answer || answer->error != ErrorCode::none) {
    env.arm(broker.node, TimerKind::directory, kPlaceRetry, kPlaceAgain);
    return;
  }
  broker.placing = false;
  broker.unplaced.erase(broker.unplaced.begin(), broker.unplaced.begin() + static_cast<std::ptrdiff_t>(response.tag));
  place_replicas(env, broker);
}

bool may_write(Env& env, Broker& broker, const Replica& replica, std::int64_t bytes) {
  const LogDirectory* directory = find_directory(broker, replica.directory);
  if (!directory) return true;
  const bool full = directory->capacity >= 0 && used_bytes(broker, replica.directory) + bytes > directory->capacity;
  if (directory->broken || full) notice(env, broker, replica.directory);
  return !directory->offline;
}

void touch_directories(Env& env, Broker& broker) {
  for (std::size_t i = 0; i < broker.directories.size(); ++i)
    if (broker.directories[i].broken) notice(env, broker, static_cast<std::int32_t>(i));
}

void load_directories(Env& env, Broker& broker) {
  for (LogDirectory& each : broker.directories) each.offline = false;
  for (std::size_t i = 0; i < broker.directories.size(); ++i) {
    if (!broker.directories[i].broken) continue;
    broker.directories[i].offline = true;
    env.arm(broker.node, TimerKind::directory, 0, static_cast<std::int32_t>(i));
  }
}

void on_directory_timer(Env& env, Broker& broker, std::int32_t about) {
  if (about == kPlaceAgain) {
    broker.placing = false;
    return place_replicas(env, broker);
  }
  if (about != kNotTold) return handle_failure(env, broker, about);
  const DirectorySet offline = offline_directories(broker);
  if ((broker.told_offline & offline) != offline) halt(env, broker, HaltReason::controller_not_told);
}

void fail_directory(Env& env, Broker& broker, std::int32_t number) {
  LogDirectory& directory = directory_at(broker, number);
  if (directory.broken) return;
  directory.broken = true;
  env.emit(DirectoryBroken{broker.id, number});
}

void limit_directory(Env& env, Broker& broker, std::int32_t number, std::int64_t free_bytes) {
  directory_at(broker, number).capacity = used_bytes(broker, number) + free_bytes;
  env.emit(DirectoryLimited{broker.id, number, free_bytes});
}

}  // namespace nutshell
