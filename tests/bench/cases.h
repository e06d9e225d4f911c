// The benchmarks, one function a group. main() calls them by name.
#pragma once

#include "sim/cluster/world.h"
#include "tests/bench/bench.h"

namespace nutshell {

// 3 brokers, 3 controllers, 12 partitions; a producer for each partition, a record every `interval`, and three
// consumers of one group.
Setup steady_setup(Duration interval);

// The event queue: HOLD, request timeouts, messages between nodes, and copies.
void bench_queue(Bench& bench);

// The cluster: steady load with and without promises, a quiet one, copies, memory.
void bench_cluster(Bench& bench);

// Messages a second of a busy cluster.
void bench_messages(Bench& bench);

// Clusters of up to 1,000 brokers and 200,000 partitions: what a partition costs in each.
void bench_worlds(Bench& bench);

// One log that ten million records are written to: kept, deleted, compacted.
void bench_log(Bench& bench);

#ifdef NUTSHELL_VIZ
// Frames of the front end, from the world to the draw list.
void bench_frame(Bench& bench);
// A session under a person's hands: acting, and going on.
void bench_session(Bench& bench);
// A long talk: opened, and turned page by page.
void bench_slides(Bench& bench);
#endif

// Rows through filter, projection, windows and a join of ksqlDB.
void bench_streams(Bench& bench);

// Messages through each of the products that Kafka is held against.
void bench_rivals(Bench& bench);

// A history of a million steps: seeks and steps back.
void bench_history(Bench& bench);

}  // namespace nutshell
