// What Kafka's own command-line tools would print now, with their column heads, as tables of text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

// How Kafka's tool prints a table: under column heads, each value after its name on one line, or each on its own.
enum class TableLayout : std::uint8_t { columns, labelled, list };

struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // "-" where Kafka's tools print it
  TableLayout layout = TableLayout::columns;
};

// Whether Kafka's own topics (__consumer_offsets) are shown among topics and logs.
enum class InternalTopics : std::uint8_t { hide, show };

// `subject`: topics, groups, members, quorum, brokers, logs, zones. Empty result: unknown subject.
//
// Topics are as the active controller has committed them, log ends as the partition's leader would tell a
// client, group data as the group's coordinator has it. Who cannot be asked (down, paused, no leader) leaves
// "-" behind, never 0. `logs` look at the disks themselves, those of dead brokers included. `zones` are no tool's: bytes that
// have come from one into the other.
std::vector<Table> describe(const World& world, std::string_view subject,
                            InternalTopics internal = InternalTopics::hide);
const std::vector<std::string_view>& describe_subjects();
// As its tool lays each table out. Columns are aligned, two spaces between, title above.
std::string to_text(const std::vector<Table>& tables);

// One value by path, as expectations name it: subject, then the row, then the column. nullopt: no such thing.
//   topics/orders/0/Isr   groups/g/orders/0/LAG   groups/g/STATE   brokers/1/State   quorum/LeaderId
//   zones/Bytes   zones/a/b/Consume
//   logs/1/orders/0/LogEndOffset   members/g/c1/#PARTITIONS   quorum/Q1/Status   topics/orders/PartitionCount
// A member goes by its client's name or by its member id, a controller by its name or its id.
std::optional<std::string> describe_value(const World& world, std::string_view path);

// What such paths look like, for whoever checks one before anything runs.
enum class PathPart : std::uint8_t { topic, partition, group, member, broker, voter, zone };
struct PathShape {
  std::string_view subject;
  std::vector<PathPart> parts;  // between the subject and the column
  std::vector<std::string_view> columns;
  std::string example() const;  // "topics/TOPIC/PARTITION/Isr"
};
const std::vector<PathShape>& describe_paths();
// Whether the column holds brokers with commas between, of which the order says nothing to whoever compares.
bool is_list_of_brokers(std::string_view column);

}  // namespace nutshell
