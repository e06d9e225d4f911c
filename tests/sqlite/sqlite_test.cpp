// Real databases: what is written is read again, and what is none is said in a sentence.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sim/sqlite/sqlite.h"
#include "sim/workers/sql.h"

namespace nutshell {
namespace {

namespace fs = std::filesystem;
using connect::Value;

// A folder of this case, gone with it.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("nutshell-sqlite-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
};

connect::Database shop() {
  connect::Database database;
  connect::Table table;
  table.name = "orders \"2026\"";
  table.columns = {{"id", connect::Type::int64, false, false},   {"item", connect::Type::string, true, false},
                   {"price", connect::Type::float64, true, false}, {"sold", connect::Type::int64, true, true},
                   {"photo", connect::Type::bytes, true, false},   {"paid", connect::Type::boolean, false, false}};
  table.primary_key = {"id"};
  std::string problem;
  CHECK(table.insert({Value(std::int64_t{2}), Value(std::string("f\xc3\xbcnf; DROP TABLE x")), Value(1.25),
                      Value(std::int64_t{1'590'969'600'000}), Value(connect::Bytes{std::string("\0\xff", 2)}), Value(true)},
                     problem));
  CHECK(table.insert({Value(std::int64_t{1}), Value(), Value(), Value(), Value(), Value(false)}, problem));
  database.tables[table.name] = table;
  return database;
}

TEST_CASE("a database that was written is read as it was, and written again it is the same") {
  const Folder folder;
  std::string problem;
  for (int i = 0; i < 2; ++i) CHECK_MESSAGE(write_sqlite(folder.file("shop.db"), shop(), problem), problem);
  connect::Database read;
  CHECK_MESSAGE(read_sqlite(folder.file("shop.db"), read, problem), problem);
  REQUIRE(read.tables.size() == 1);
  const connect::Table& table = read.tables.begin()->second;
  const connect::Table wanted = shop().tables.begin()->second;
  CHECK(table.name == wanted.name);
  CHECK(table.columns == wanted.columns);
  CHECK(table.primary_key == wanted.primary_key);
  // An INTEGER NOT NULL key that is no rowid: rows come in the order in which they were put in.
  std::vector<connect::Row> rows = table.rows(), right = wanted.rows();
  REQUIRE(rows.size() == 2);
  CHECK((rows == right || (rows[0] == right[1] && rows[1] == right[0])));
  // As statements, which is how a run has it, it is the same table once more.
  connect::Database made;
  REQUIRE_MESSAGE(run_sql(sql_of(table), &made, problem), problem);
  CHECK(made == read);
}

TEST_CASE("what is no database, or cannot be written, is said with its name") {
  const Folder folder;
  std::string problem;
  connect::Database read;
  CHECK_FALSE(read_sqlite(folder.file("nowhere.db"), read, problem));
  CHECK(problem.find("nowhere.db") != std::string::npos);
  std::ofstream(folder.file("text.db")) << std::string(2000, 'x');
  problem.clear();
  CHECK_FALSE(read_sqlite(folder.file("text.db"), read, problem));
  CHECK(problem.find("not a database") != std::string::npos);
  problem.clear();
  CHECK_FALSE(write_sqlite(folder.file("no/such/folder.db"), shop(), problem));
  CHECK(problem.find("cannot be opened") != std::string::npos);
}

}  // namespace
}  // namespace nutshell
