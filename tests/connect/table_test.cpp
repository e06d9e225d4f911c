// Tables in memory, as far as no connector is asked: what their columns are called.
#include <doctest/doctest.h>

#include "sim/connect/table.h"

namespace nutshell::connect {

TEST_CASE("columns are said in words of SQL") {
  CHECK(column_from_sql("a", "integer not null") == Column{"a", Type::int64, false, false});
  CHECK(column_from_sql("a", "VARCHAR(20)") == Column{"a", Type::string, true, false});
  CHECK(column_from_sql("a", "TIMESTAMP") == Column{"a", Type::int64, true, true});
  for (const Type type : {Type::int64, Type::float64, Type::string, Type::bytes, Type::boolean}) {
    const Column column{"a", type, true, false};
    CHECK(column_from_sql("a", column_sql(column)) == column);
  }
}

}  // namespace nutshell::connect
