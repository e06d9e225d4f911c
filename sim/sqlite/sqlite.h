// Real SQLite files, read into tables before a run and written from tables after it. Nothing of a run touches them.
#pragma once

#include <string>

#include "sim/connect/table.h"

namespace nutshell {

// More rows than that in one file are refused: they would all be part of the recorded input.
inline constexpr std::int64_t kMaxSqliteRows = 200'000;

// All tables with their rows. False: `problem` is a sentence with the file's name and the remedy.
bool read_sqlite(const std::string& path, connect::Database& database, std::string& problem);

// Replaces these tables in the file, which is made if it is not there; others in it stay. All of it, or nothing.
bool write_sqlite(const std::string& path, const connect::Database& database, std::string& problem);

}  // namespace nutshell
