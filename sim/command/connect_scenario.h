// A group of Connect workers written in short, as a JSON file: workers, connectors, what stands at both ends, and what happens when. It is
// a scenario of one cluster with everything that a scenario file would have to say besides.
//
//   {
//     "workers": ["W1", "W2"],
//     "settings": { "offset.flush.interval.ms": 60000, "value.converter": "JsonConverter" },   // of every worker
//     "topics": { "orders": 1 },                                  // partitions
//     "databases": { "shop": {                                    // by connection.url
//       "tables": { "orders": { "columns": { "id": "INTEGER NOT NULL", "item": "TEXT" }, "primary_key": ["id"], "rows": [[1, "pear"]] } },
//       "changes": [{ "at": "5s", "table": "orders", "insert": [2, "fig"] }] } },
//     "files": { "in.txt": [{ "at": "5s", "text": "a line\n" }] },
//     "connectors": { "source": { "connector.class": "JdbcSourceConnector", … } },
//     "script": [{ "at": "80s", "kill_worker": "W1" }, { "at": "90s", "produce": "orders", "value": "{broken" }],
//     "until": "20m"
//   }
//
// A database may be { "sqlite": "shop.db" } and a file { "read": "in.txt" }: then what stood in them is given besides.
//
// A cluster takes its time to come up: contents are there from 1 s on, connectors are asked for at 2 s, and what is to happen before 3 s
// happens then. The first worker leads the group; the others start two seconds later.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "sim/connect/table.h"
#include "sim/json/json_tree.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

// The data store that has the files; databases are stores of their own names.
inline constexpr const char* kFileStore = "files";

// What stood outside, by the names that the set-up has for it.
struct ReadOutside {
  std::map<std::string, connect::Database> databases;
  std::map<std::string, std::string> files;
};

// Nothing: `problem` is a sentence that names the place.
std::optional<Scenario> connect_scenario(const JsonTree& tree, const std::string& name, const ReadOutside& outside, std::string& problem);

}  // namespace nutshell
