// Random rows through random queries, held against a naive evaluation of the whole input.
#include <algorithm>
#include <map>
#include <set>

#include "sim/core/random.h"
#include "tests/streams/fixture.h"

namespace nutshell::streams {

namespace {

// A row: of stream or table 0 or 1, with a small key and a small number, perhaps none.
struct Input {
  int side = 0;
  std::int64_t time = 0;
  std::string key;
  std::optional<std::int64_t> value;
};

std::vector<Input> random_rows(std::uint64_t seed, std::int64_t span, std::int64_t nulls_ppm) {
  std::vector<Input> rows;
  std::uint64_t nth = 0;
  const auto next = [&] { return draw(seed, Purpose::fuzz, 3, nth++); };
  const std::size_t count = 20 + below(next(), 60);
  for (std::size_t i = 0; i < count; ++i) {
    Input row;
    row.side = static_cast<int>(below(next(), 2));
    // Mostly forward, sometimes far back.
    const std::int64_t now = static_cast<std::int64_t>(i) * span / static_cast<std::int64_t>(count);
    row.time = std::max<std::int64_t>(0, now - between(next(), 0, chance(next(), 200'000) ? span / 2 : 5'000));
    row.key = std::string(1, static_cast<char>('a' + below(next(), 3)));
    if (!chance(next(), nulls_ppm)) row.value = between(next(), -3, 9);
    rows.push_back(row);
  }
  return rows;
}

struct Run {
  Server server;

  Run(const std::string& script, const std::vector<Input>& rows, bool one_side) {
    server.does(script);
    for (const Input& row : rows) {
      if (one_side && row.side == 1) continue;
      std::optional<std::string> value;
      if (row.value) value = "{\"V\":" + std::to_string(*row.value) + "}";
      server.engine.produce(row.side == 0 ? "x" : "y", 0, row.key, Record{row.key, value, row.time});
      server.engine.run();
    }
  }

  // What a table's topic comes to: the last value of each key, without deletions.
  std::map<std::string, std::string> table(const std::string& topic) const {
    std::map<std::string, std::string> last;
    const auto log = server.engine.topics.find(topic);
    if (log == server.engine.topics.end()) return last;
    for (const auto& partition : log->second.partitions) {
      for (const Record& record : partition) {
        if (record.value) last[*record.key] = *record.value;
        else last.erase(*record.key);
      }
    }
    return last;
  }
};

std::string sources(const std::string& kind, int partitions = 1) {
  const std::string key = kind == "TABLE" ? "PRIMARY KEY" : "KEY";
  const std::string with = ", VALUE_FORMAT='JSON', PARTITIONS=" + std::to_string(partitions) + ");";
  return "CREATE " + kind + " x (k VARCHAR " + key + ", v INT) WITH (KAFKA_TOPIC='x'" + with + "CREATE " + kind +
         " y (k VARCHAR " + key + ", v INT) WITH (KAFKA_TOPIC='y'" + with;
}

using Counts = std::map<std::pair<std::string, std::int64_t>, std::pair<std::int64_t, std::int64_t>>;

// Rows that get into a window, all at once: (count, sum) by key and start.
Counts naive_windows(const std::vector<Input>& rows, std::int64_t size, std::int64_t advance, std::int64_t grace) {
  Counts counts;
  std::int64_t highest = 0;
  for (const Input& row : rows) {
    if (row.side == 1 || !row.value) continue;
    highest = std::max(highest, row.time);
    for (std::int64_t start = 0; start <= row.time; start += advance) {
      if (row.time >= start + size || start + size <= highest - grace) continue;
      auto& [count, sum] = counts[{row.key, start}];
      ++count;
      sum += *row.value;
    }
  }
  return counts;
}

}  // namespace

TEST_CASE("a filter and a projection do row by row what they say") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const std::vector<Input> rows = random_rows(seed, 100'000, 100'000);
    const Run run(sources("STREAM") + "CREATE STREAM o AS SELECT k, v * 2 + 1 AS w FROM x WHERE v > 1 OR v = -2;", rows, true);
    std::vector<std::string> wanted;
    for (const Input& row : rows) {
      if (row.side == 0 && row.value && (*row.value > 1 || *row.value == -2))
        wanted.push_back("{\"W\":" + std::to_string(*row.value * 2 + 1) + "}");
    }
    CHECK(run.server.values("O") == wanted);
  }
}

TEST_CASE("windows hold what rows in time put into them, however they came") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::int64_t advance = between(draw(seed, Purpose::fuzz, 4, 0), 1, 5) * 1000;
    const std::int64_t size = advance * between(draw(seed, Purpose::fuzz, 4, 1), 1, 4);
    const std::int64_t grace = between(draw(seed, Purpose::fuzz, 4, 2), 0, 20) * 1000;
    const std::vector<Input> rows = random_rows(seed, 100'000, 100'000);
    const std::string window = "HOPPING (SIZE " + std::to_string(size) + " MILLISECONDS, ADVANCE BY " +
                               std::to_string(advance) + " MILLISECONDS, GRACE PERIOD " + std::to_string(grace) +
                               " MILLISECONDS)";
    const Run run(
        sources("STREAM") + "CREATE TABLE o AS SELECT k, COUNT(*) AS n, SUM(v) AS s FROM x WINDOW " + window + " GROUP BY k;",
        rows, true);
    std::map<std::string, std::string> wanted;
    std::int64_t all = 0;
    for (const auto& [place, sums] : naive_windows(rows, size, advance, grace)) {
      wanted[place.first + window_bytes(WindowKind::hopping, place.second, 0)] =
          "{\"N\":" + std::to_string(sums.first) + ",\"S\":" + std::to_string(sums.second) + "}";
      all += sums.first;
    }
    CHECK(run.table("O") == wanted);
    // Each row that a window took was told of once.
    CHECK(static_cast<std::int64_t>(run.server.values("O").size()) == all);
  }
}

TEST_CASE("sessions are the runs of rows without a gap, however they came") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::int64_t gap = between(draw(seed, Purpose::fuzz, 5, 0), 1, 9) * 1000;
    const std::vector<Input> rows = random_rows(seed, 100'000, 100'000);
    const Run run(sources("STREAM") + "CREATE TABLE o AS SELECT k, COUNT(*) AS n FROM x WINDOW SESSION (" +
                      std::to_string(gap) + " MILLISECONDS) GROUP BY k;",
                  rows, true);
    std::map<std::string, std::vector<std::int64_t>> times;
    for (const Input& row : rows) {
      if (row.side == 0 && row.value) times[row.key].push_back(row.time);
    }
    std::map<std::string, std::string> wanted;
    for (auto& [key, all] : times) {
      std::sort(all.begin(), all.end());  // a total order: numbers
      std::size_t first = 0;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (i + 1 < all.size() && all[i + 1] - all[i] <= gap) continue;
        wanted[key + window_bytes(WindowKind::session, all[first], all[i])] = "{\"N\":" + std::to_string(i + 1 - first) + "}";
        first = i + 1;
      }
    }
    CHECK(run.table("O") == wanted);
  }
}

TEST_CASE("two streams are joined pair by pair; LEFT has these, FULL has those of both") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const std::int64_t before = between(draw(seed, Purpose::fuzz, 6, 0), 0, 9) * 1000;
    const std::int64_t after = between(draw(seed, Purpose::fuzz, 6, 1), 0, 9) * 1000;
    const std::vector<Input> rows = random_rows(seed, 60'000, 50'000);
    std::map<std::string, std::multiset<std::string>> got;
    for (const std::string kind : {"INNER", "LEFT", "FULL OUTER"}) {
      const std::string key = kind == "FULL OUTER" ? "ROWKEY AS k" : "x.k AS k";
      const Run run(sources("STREAM") + "CREATE STREAM o AS SELECT " + key + ", x.v AS a, y.v AS b FROM x " + kind +
                        " JOIN y WITHIN (" + std::to_string(before) + " MILLISECONDS, " + std::to_string(after) +
                        " MILLISECONDS) ON x.k = y.k;",
                    rows, false);
      for (const std::string& value : run.server.values("O")) {
        if (kind == "INNER" || value.find("null") == std::string::npos) got[kind].insert(value);
      }
    }
    std::multiset<std::string> wanted;
    for (const Input& x : rows) {
      for (const Input& y : rows) {
        if (x.side != 0 || y.side != 1 || x.key != y.key || !x.value || !y.value) continue;
        if (y.time < x.time - before || y.time > x.time + after) continue;
        wanted.insert("{\"A\":" + std::to_string(*x.value) + ",\"B\":" + std::to_string(*y.value) + "}");
      }
    }
    CHECK(got["INNER"] == wanted);
    CHECK(got["LEFT"] == wanted);
    CHECK(got["FULL OUTER"] == wanted);
  }
}

TEST_CASE("a stream meets the table as it is at that moment") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const std::vector<Input> rows = random_rows(seed, 60'000, 200'000);
    std::string script = sources("STREAM");
    script.replace(script.rfind("CREATE STREAM"), 13, "CREATE TABLE");
    script.replace(script.rfind(" KEY"), 4, " PRIMARY KEY");
    const Run run(script + "CREATE STREAM o AS SELECT x.k AS k, x.v AS a, y.v AS b FROM x LEFT JOIN y ON x.k = y.k;", rows,
                  false);
    std::map<std::string, std::int64_t> table;
    std::vector<std::string> wanted;
    for (const Input& row : rows) {
      if (row.side == 1 && row.value) table[row.key] = *row.value;
      if (row.side == 1 && !row.value) table.erase(row.key);
      if (row.side == 1 || !row.value) continue;
      const auto found = table.find(row.key);
      wanted.push_back("{\"A\":" + std::to_string(*row.value) +
                       ",\"B\":" + (found == table.end() ? "null" : std::to_string(found->second)) + "}");
    }
    CHECK(run.server.values("O") == wanted);
  }
}

TEST_CASE("joined and grouped tables are the join and the groups of what the tables are in the end") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const std::vector<Input> rows = random_rows(seed, 60'000, 250'000);
    std::map<std::string, std::int64_t> last[2];
    for (const Input& row : rows) {
      if (row.value) last[row.side][row.key] = *row.value;
      else last[row.side].erase(row.key);
    }
    const auto cell = [](const std::map<std::string, std::int64_t>& table, const std::string& key) {
      const auto found = table.find(key);
      return found == table.end() ? std::string("null") : std::to_string(found->second);
    };
    for (const std::string kind : {"INNER", "LEFT", "RIGHT", "FULL OUTER"}) {
      const std::string key = kind == "FULL OUTER" ? "ROWKEY AS k" : "x.k AS k";
      const Run run(sources("TABLE") + "CREATE TABLE o AS SELECT " + key + ", x.v AS a, y.v AS b FROM x " + kind +
                        " JOIN y ON x.k = y.k;",
                    rows, false);
      std::map<std::string, std::string> wanted;
      for (const std::string k : {"a", "b", "c"}) {
        const bool left = last[0].count(k) > 0;
        const bool right = last[1].count(k) > 0;
        const bool there = (left && right) || (left && (kind == "LEFT" || kind == "FULL OUTER")) ||
                           (right && (kind == "RIGHT" || kind == "FULL OUTER"));
        if (there) wanted[k] = "{\"A\":" + cell(last[0], k) + ",\"B\":" + cell(last[1], k) + "}";
      }
      CHECK(run.table("O") == wanted);
    }
    // Three partitions: the groups are counted elsewhere than the rows came.
    const Run run(sources("TABLE", 3) + "CREATE TABLE o AS SELECT v, COUNT(*) AS n FROM x GROUP BY v HAVING COUNT(*) > 0;",
                  rows, true);
    std::map<std::string, std::string> wanted;
    std::map<std::int64_t, int> counts;
    for (const auto& each : last[0]) ++counts[each.second];
    for (const auto& [value, count] : counts) {
      std::string key;
      for (int i = 3; i >= 0; --i)
        key += static_cast<char>(static_cast<unsigned char>(static_cast<std::uint32_t>(value) >> (8 * i)));
      wanted[key] = "{\"N\":" + std::to_string(count) + "}";
    }
    CHECK(run.table("O") == wanted);
  }
}

TEST_CASE("a task that is restored from its changelog goes on as if nothing had been") {
  const std::vector<std::string> queries = {
      "CREATE TABLE o AS SELECT k, COUNT(*) AS n, AVG(v) AS a, COLLECT_LIST(v) AS l FROM x GROUP BY k;",
      "CREATE TABLE o AS SELECT k, SUM(v) AS n FROM x WINDOW HOPPING (SIZE 20 SECONDS, ADVANCE BY 5 SECONDS) GROUP BY k;",
      "CREATE TABLE o AS SELECT k, COUNT(*) AS n FROM x WINDOW SESSION (4 SECONDS) GROUP BY k;",
      "CREATE STREAM o AS SELECT x.k AS k, x.v AS a, y.v AS b FROM x JOIN y WITHIN 8 SECONDS ON x.k = y.k;",
      "CREATE STREAM o AS SELECT x.k AS k, x.v AS a, y.v AS b FROM x LEFT JOIN y WITHIN 8 SECONDS ON x.k = y.k;",
  };
  for (const std::string& query : queries) {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      Server server;
      server.does(sources("STREAM") + query);
      Switches switches = Server::quick();
      switches.changelog = true;
      const std::shared_ptr<const Plan> plan = server.engine.queries().at(0).plan;
      REQUIRE(plan->parts.size() == 1);
      Task task(plan, 0, 0, switches);
      const std::vector<Input> rows = random_rows(seed, 60'000, 100'000);
      std::vector<Output> changes;
      const auto feed = [&](Task& to, std::size_t i) {
        std::vector<Output> out;
        std::optional<std::string> value;
        if (rows[i].value) value = "{\"V\":" + std::to_string(*rows[i].value) + "}";
        to.process(rows[i].side == 0 ? "x" : "y", static_cast<std::int64_t>(i), Record{rows[i].key, value, rows[i].time}, 0,
                   out);
        std::vector<std::string> told;
        for (const Output& each : out) {
          if (each.kind == OutputKind::changelog) changes.push_back(each);
          else
            told.push_back(each.record.key.value_or("") + "=" + each.record.value.value_or("null") + "@" +
                           std::to_string(each.record.timestamp));
        }
        return told;
      };
      const std::size_t middle = rows.size() / 2;
      for (std::size_t i = 0; i < middle; ++i) feed(task, i);
      Task again(plan, 0, 0, switches);
      for (const Output& change : std::vector<Output>(changes)) again.restore(change.topic, change.record);
      for (std::size_t i = middle; i < rows.size(); ++i) {
        const std::vector<std::string> one = feed(task, i);
        const std::vector<std::string> other = feed(again, i);
        CHECK(one == other);
      }
    }
  }
}

}  // namespace nutshell::streams
