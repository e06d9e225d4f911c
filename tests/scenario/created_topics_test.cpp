// Topics that processes create while a scenario runs.
#include <doctest/doctest.h>

#include <string>

#include "sim/scenario/read.h"

namespace nutshell {
namespace {

LoadResult with_processes(const std::string& processes, const std::string& action) {
  return parse_scenario(R"({"title": "t", "until": "60s", "cluster": {"brokers": 3}, "topics": [{"name": "orders", "partitions": 1}],)" +
                            processes +
                            R"("script": [{"at": "50s", )" + action + "}]}",
                        "t.json");
}

}  // namespace

TEST_CASE("a script may speak of topics that processes create, where there are such processes") {
  const std::string servers = R"("ksqldb_servers": [{"name": "K1"}],)";
  for (const char* action : {R"("do": "delete_topic", "topic": "VIEWS")",
                             R"("do": "set_config", "target": "VIEWS", "key": "retention.ms", "value": "1s")"}) {
    CAPTURE(action);
    CHECK(with_processes(servers, action).scenario);
    CHECK_FALSE(with_processes("", action).scenario);
  }
  // A slip is one there too.
  const auto meant = [&](const char* action) {
    const LoadResult slip = with_processes(servers, action);
    return slip.problems.empty() ? "" : slip.problems[0].hint;
  };
  CHECK(meant(R"("do": "delete_topic", "topic": "ordres")") == "orders");
  CHECK(meant(R"("do": "set_config", "target": "brokres", "key": "num.partitions", "value": "1")") == "brokers");
  // What is no key of topics is none of theirs either.
  CHECK_FALSE(with_processes(servers, R"("do": "set_config", "target": "VIEWS", "key": "acks", "value": "1")").scenario);
}

}  // namespace nutshell
