// Groups as the vectors of the assignors describe them, and assignments by the names of members and topics.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sim/kafka/assignor.h"

namespace nutshell {

using NamedPartitions = std::vector<std::pair<std::string, std::int32_t>>;
using NamedAssignment = std::map<std::string, NamedPartitions>;  // by member id

struct AssignorGroup {
  std::vector<AssignorTopic> topics;
  std::vector<AssignorMember> members;
};

// From a case, or a step of one, with "topics" and "members".
AssignorGroup assignor_group(const nlohmann::json& test);
// The same group with members and topics listed backwards.
AssignorGroup reversed(AssignorGroup group);
NamedAssignment assigned(const Assignor& assignor, const AssignorGroup& group);
NamedAssignment as_sets(NamedAssignment assignment);

}  // namespace nutshell
