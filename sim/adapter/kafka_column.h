// Kafka's column by Kafka: a row of a workload as a set-up of the real simulated cluster (brokers, groups, sessions, replicas),
// and the table's figures read off what happened there.
//
// The network takes its time here, and groups are formed before the first message: times lie apart from those of the plain
// model by that. What the cluster knows nothing of runs on the model alone, and cannot_run says why. Handlers that fail, dead
// letters and commits after so many records are its consumers' own (kafka/consumer_handler.cpp).
#pragma once

#include <string>
#include <vector>

#include "sim/queues/simulation.h"

namespace nutshell::adapter {

// Why the cluster cannot run this row; empty: it can.
std::string cannot_run(const queues::Workload& workload, const queues::Row& row);

struct KafkaColumn {
  std::vector<queues::Tally> services;  // attempts, done, repeated, overtaken, stepped_back, stuck, lost, last
  std::int64_t confirmed = 0;  // messages
  Duration longest_wait = 0;   // of a message for its acknowledgement
};

// `row` is a place in workload.rows. REQUIRES that it can run.
KafkaColumn run_on_cluster(const queues::Workload& workload, std::size_t row);

// In a sentence, the figures that the cluster comes to and the model does not; none for a row that the cluster cannot run.
std::vector<std::string> differences(const queues::Workload& workload, std::size_t row, const queues::Outcome& model);

}  // namespace nutshell::adapter
