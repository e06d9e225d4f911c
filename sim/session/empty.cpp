#include "sim/session/empty.h"

namespace nutshell {

Scenario empty_scenario(std::int32_t controllers) {
  Scenario scenario;
  scenario.name = "my-cluster";
  scenario.title = "A cluster of my own";
  scenario.about = "An empty cluster. Add a broker.";
  scenario.notes = {
      "The controllers are there from the start: in a static quorum (controller.quorum.voters) none can be added later.",
      "offsets.topic.replication.factor is 1, as in the server.properties that come with Kafka, so that one broker is enough for a "
      "group; the default is 3. offsets.topic.num.partitions is 1 instead of 50."};
  scenario.opens = controllers == 1 ? kSecond : 4 * kSecond;  // an active controller has been elected
  scenario.until = kMinute;
  scenario.setup.brokers = 0;
  scenario.setup.controllers = controllers;
  scenario.setup.config.offsets_topic_replication_factor = 1;
  scenario.setup.config.offsets_topic_num_partitions = 1;
  return scenario;
}

}  // namespace nutshell
