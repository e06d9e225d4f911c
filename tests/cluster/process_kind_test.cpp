// The tables that everything about a process or a message goes through: complete, and nothing in them twice.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "sim/cluster/families.h"
#include "sim/cluster/process_kind.h"
#include "sim/kafka/api.h"
#include "tests/cluster/storm.h"

namespace nutshell {

TEST_CASE("every kind of process has a row of its own, with all that is done to a process") {
  std::set<std::string_view> names;
  for (const ProcessKind& each : process_kinds()) {
    CAPTURE(each.name);
    CHECK(&process_kind(each.kind) == &each);
    CHECK(names.insert(each.name).second);
    CHECK(names.insert(each.plural).second);
    CHECK((each.connects && each.start && each.stop && each.forget && each.is_stopping && each.on_response && each.on_timer));
    CHECK((each.set != nullptr) == each.scope.has_value());
    CHECK((each.get != nullptr) == each.scope.has_value());
    CHECK((each.add != nullptr) == each.plain);
    CHECK((plain_kind(each.plural) == &each) == each.plain);
  }
}

TEST_CASE("only servers take requests") {
  for (const ProcessKind& each : process_kinds())
    if (!each.plain) CHECK((each.on_request != nullptr) == (each.kind == NodeKind::broker || each.kind == NodeKind::controller));
}

TEST_CASE("a configuration is read and set through the row of its kind") {
  Cluster c(Setup{});
  const Node& broker = *c.world.find_node("broker 1");
  const ProcessKind& kind = kind_of(broker);
  CHECK(kind.get(c.world, 0, "min.insync.replicas") == get_config(c.world.brokers[0].config, "min.insync.replicas"));
  CHECK_FALSE(kind.has(c.world, 0, "min.insync.replicas", "3"));
  CHECK(kind.set(c.world, 0, "min.insync.replicas", "3").empty());
  CHECK(kind.has(c.world, 0, "min.insync.replicas", "3"));
  CHECK(c.world.brokers[0].config.min_insync_replicas == 3);
  CHECK_FALSE(kind.set(c.world, 0, "min.insync.replicas", "none").empty());
}

TEST_CASE("every timer that runs has words, whatever kind of process it belongs to") {
  Setup setup = storm_setup(1, false);
  Cluster c(setup);
  for (int second = 0; second < 12; ++second) {
    c.run_for(kSecond);
    c.world.fabric.queue.for_each_pending([&](const auto& entry) {
      if (entry.payload.kind != EventKind::timer) return;
      const TimerWords words = timer_words(entry.payload.timer);
      const std::string& owner = c.world.fabric.nodes[static_cast<std::size_t>(entry.payload.node)].name;
      CHECK_MESSAGE((!words.because.empty() && !words.name.empty()), owner);
    });
  }
}

TEST_CASE("a message is found by its number and by its name; each response stands behind its request") {
  std::set<std::string_view> names;
  for (std::string_view each : message_names()) {
    CAPTURE(each);
    CHECK(names.insert(each).second);
    CHECK(message_name(message_number(each)) == each);
  }
  for (const MessageKind& each : messages_of(MessageFamily::kafka)) {
    CAPTURE(each.name);
    CHECK(message_kind(each.number) == &each);
    CHECK(family_of(each.number) == MessageFamily::kafka);
    CHECK((each.response ? each.number > 0 && !is_response(each.number - 1) : is_response(each.number + 1)));
  }
  CHECK(number_of<ProduceRequest>() == 0);
  CHECK(message_name(kNoMessage) == "nothing");
  CHECK(message_number("NoSuchMessage") == kNoMessage);
}

}  // namespace nutshell
