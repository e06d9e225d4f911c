// Requests that no client of a cluster sends, put to a broker by the operator's process.
#pragma once

#include "tests/cluster/cluster_fixture.h"

namespace nutshell {

// The answer is read on its way back, and taken off it.
template <class Answer>
Answer ask(Cluster& c, BrokerId of, Body question) {
  std::vector<Fact> facts;
  Env env(c.world.fabric, c.world.commons, facts);
  const NodeId admin = c.world.admin.node, broker = c.world.find_broker(of)->node;
  env.request(admin, broker, Channel::data, std::move(question), kMinute);
  const Time limit = c.now() + 10 * kSecond;
  while (true) {
    for (std::size_t i = 0; i < c.world.fabric.messages.size(); ++i) {
      const Message& each = c.world.fabric.messages[i];
      if (each.connection < 0 || each.dropped || !each.response || each.to != admin || each.from != broker) continue;
      const Answer* found = each.body.get_if<Answer>();
      REQUIRE(found);
      const Answer answer = *found;
      drop_message(env, static_cast<std::int32_t>(i));
      return answer;
    }
    REQUIRE(next_event_time(c.world) < limit);
    step(c.world, facts);
  }
}

}  // namespace nutshell
