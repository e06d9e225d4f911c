// The set-up of a group of workers as a JSON file: workers, connectors, what stands at both ends, and what happens when.
//
//   {
//     "workers": ["W1", "W2"],
//     "settings": { "offset.flush.interval.ms": 60000, "value.converter": "JsonConverter" },
//     "topics": { "orders": 1 },                                  // partitions
//     "databases": { "shop": {                                    // by connection.url
//       "tables": { "orders": { "columns": { "id": "INTEGER NOT NULL", "item": "TEXT" }, "primary_key": ["id"], "rows": [[1, "pear"]] } },
//       "changes": [{ "at": "5s", "table": "orders", "insert": [2, "fig"] }] } },
//     "files": { "in.txt": [{ "at": "5s", "text": "a line\n" }] },
//     "connectors": { "source": { "connector.class": "JdbcSourceConnector", … } },
//     "script": [{ "at": "80s", "kill_worker": "W1" }, { "at": "90s", "produce": "orders", "value": "{broken" }],
//     "until": "20m"
//   }
#pragma once

#include <optional>
#include <string>

#include "sim/connect/simulation.h"
#include "sim/json/json_tree.h"

namespace nutshell::connect {

// Nothing: `problem` is a sentence that names the place.
std::optional<Setup> read_setup(const JsonTree& tree, std::string& problem);

// The tables of a database, as a set-up has them: what was read from a real one becomes part of the file.
JsonTree tables_json(const Database& database);

// A column's type in words of SQL: "INTEGER NOT NULL"; TIMESTAMP is an INTEGER of milliseconds.
std::string column_sql(const Column& column);
Column column_from_sql(const std::string& name, const std::string& sql);

}  // namespace nutshell::connect
