// As much SQL as somebody needs who keeps a table beside Kafka: CREATE TABLE, INSERT INTO, UPDATE and DELETE, several with ; between.
#pragma once

#include <string>
#include <string_view>

#include "sim/connect/table.h"

namespace nutshell {

// Carries out all statements, or none: then `problem` is a sentence that names the place and what to write. `database` may be
// nullptr: they are read only.
bool run_sql(std::string_view text, connect::Database* database, std::string& problem);

}  // namespace nutshell
