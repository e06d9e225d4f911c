// Parts of a workload file that need no knowledge of the rest. For workload_json*.cpp only.
#pragma once

#include <string>
#include <vector>

#include "sim/queues/workload.h"
#include "sim/scenario/json_reader.h"

namespace nutshell::queues {

// A text or a number, or a list of them.
std::vector<std::string> read_texts(JsonSource& reading, const Json& value, const std::string& path);
// RabbitMQ's own routing of a row: its routing keys, exchanges, bindings and arguments of queues.
void read_routing(ObjectReader& object, Row& row, const std::vector<Service>& services);
// A filter of Pub/Sub, and a policy of SNS (S15): names are joined by "and", the values of one by "or".
FilterNode read_filter_text(JsonSource& reading, const Json& value, const std::string& path);
FilterNode read_filter_policy(JsonSource& reading, const Json& value, const std::string& path);
// A value of a key, in the key's own unit. False, reported: it is none.
bool read_setting(JsonSource& reading, const ProductKey& key, const Json& value, const std::string& path, std::int64_t& out);
// The settings of the row's product.
void read_config(JsonSource& reading, const Json& value, const std::string& path, Row& row);

inline constexpr Bounds kAnyTime{0, kMaxWorkloadTime};

// A member that names one of the things of the workload.
template <class T>
std::int32_t named(ObjectReader& object, std::string_view key, std::string_view kind, const std::vector<T>& all) {
  std::string name;
  if (!object.text(key, name)) return -1;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == name) return static_cast<std::int32_t>(i);
    if (names.size() < 1000) names.push_back(all[i].name);
  }
  object.reading().report_unknown(object.path(key), kind, name, names);
  return -1;
}

template <class T>
std::int32_t need_named(ObjectReader& object, std::string_view key, std::string_view kind, const std::vector<T>& all) {
  object.need(key);
  return named(object, key, kind, all);
}

// What befalls, and what is asked for: parts of a workload whose messages and services are known.
Poison read_poison(JsonSource& reading, const Json& value, const std::string& path, const Workload& workload);
Fault read_fault(JsonSource& reading, const Json& value, const std::string& path, const Workload& workload);
Ask read_ask(JsonSource& reading, const Json& value, const std::string& path, const Workload& workload);

}  // namespace nutshell::queues
