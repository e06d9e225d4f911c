// Parts of a workload file that need no knowledge of the rest. For workload_json*.cpp only.
#pragma once

#include <string>
#include <vector>

#include "sim/queues/workload.h"
#include "sim/scenario/json_reader.h"

namespace nutshell::queues {

// A text or a number, or a list of them.
std::vector<std::string> read_texts(JsonSource& reading, const Json& value, const std::string& path);
// "order.*", or {"x-match": "any", "type": "paid", "urgent": null}.
Binding read_binding(JsonSource& reading, const Json& value, const std::string& path);
// A filter of Pub/Sub, and a policy of SNS (S15): names are joined by "and", the values of one by "or".
FilterNode read_filter_text(JsonSource& reading, const Json& value, const std::string& path);
FilterNode read_filter_policy(JsonSource& reading, const Json& value, const std::string& path);
// A value of a key, in the key's own unit. False, reported: it is none.
bool read_setting(JsonSource& reading, const ProductKey& key, const Json& value, const std::string& path, std::int64_t& out);
// The settings of the row's product.
void read_config(JsonSource& reading, const Json& value, const std::string& path, Row& row);

}  // namespace nutshell::queues
