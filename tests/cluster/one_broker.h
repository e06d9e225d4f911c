// The least that has a log: one broker, one partition, one producer that sends when it is told to.
#pragma once

#include "tests/cluster/cluster_fixture.h"

namespace nutshell {

inline Setup one_broker() {
  Setup setup;
  setup.brokers = 1;
  setup.controllers = 1;
  setup.topics = {topic("orders", {1})};
  setup.producers = {producer("shop", "orders")};
  return setup;
}

inline void send_ten(Cluster& c) { c.act(Send{"shop", "", "", -1, 10}); }

}  // namespace nutshell
