// The tables behind describe(), one function a subject, and what they share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/cluster/describe.h"

namespace nutshell {

// A table whose rows have names, so that a value can be found by path.
struct NamedTable {
  Table table;
  std::vector<std::vector<std::string>> names;              // of each row: "orders/0"; none: cannot be named
  std::vector<std::pair<std::string, std::string>> values;  // what stands in the title, by path

  void add_row(std::vector<std::string> row_names, std::vector<std::string> cells) {
    names.push_back(std::move(row_names));
    table.rows.push_back(std::move(cells));
  }
};

std::vector<NamedTable> topics_tables(const World& world, InternalTopics internal);
std::vector<NamedTable> groups_tables(const World& world);
std::vector<NamedTable> members_tables(const World& world);
std::vector<NamedTable> quorum_tables(const World& world);
std::vector<NamedTable> brokers_tables(const World& world);
std::vector<NamedTable> zones_tables(const World& world);
std::vector<NamedTable> logs_tables(const World& world, InternalTopics internal);

// The committed metadata that an operator would see: of the active controller or, while there is none, of
// the node that knows most.
const MetadataImage& visible_image(const World& world);
// The running controller that acts as the active one, in the highest epoch; nullptr: none does.
const Controller* active_controller(const World& world);
// The running controller that leads the quorum in the highest epoch; nullptr: none does.
const Controller* quorum_leader(const World& world);
bool is_running(const World& world, NodeId node);
// What the partition's leader would answer to ListOffsets(latest): its high watermark. Nothing if there is no
// leader, if it does not answer, or if it does not know yet (R9).
std::optional<Offset> latest_offset(const World& world, TopicPartition tp);

std::string list_text(const BrokerList& list);       // "1,2,3"
std::string or_dash(std::optional<Offset> offset);   // "-": nothing

}  // namespace nutshell
