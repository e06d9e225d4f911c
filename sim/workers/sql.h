// As much SQL as somebody needs who keeps a table beside Kafka: CREATE TABLE, INSERT [OR REPLACE] INTO, UPDATE and DELETE, several with ;
// between. Rows are found by WHERE column = value AND …; names may stand in "quotes", blobs are X'00ff'.
#pragma once

#include <string>
#include <string_view>

#include "sim/connect/table.h"

namespace nutshell {

// Carries out all statements, or none: then `problem` is a sentence that names the place and what to write. `database` may be
// nullptr: they are read only.
bool run_sql(std::string_view text, connect::Database* database, std::string& problem);

// The other way: what run_sql() reads as the name, the value, the row "(1, 'pear')", and the statements that make the table as it is.
std::string sql_name(std::string_view name);
std::string sql_value(const connect::Value& value);
std::string sql_row(const connect::Row& row);
std::string sql_of(const connect::Table& table);

}  // namespace nutshell
