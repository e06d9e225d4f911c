// The rivals: messages through each product, ten consumers, a thousand keys.
#include <string>

#include "sim/queues/simulation.h"
#include "tests/bench/cases.h"

namespace nutshell {

void bench_rivals(Bench& bench) {
  const std::int64_t messages = bench.scaled(50'000);
  queues::Workload workload;
  workload.until = kHour;
  for (std::int64_t i = 0; i < messages; ++i) {
    queues::Message next;
    next.name = next.body = "m" + std::to_string(i);
    next.key = "k" + std::to_string(i % 1000);
    next.at = i * kMillisecond;
    workload.messages.push_back(next);
  }
  workload.services.push_back({"work"});
  for (int i = 0; i < 10; ++i) {
    queues::Consumer each;
    each.name = "c" + std::to_string(i);
    each.handle = kMillisecond;
    each.window = 10;
    workload.services[0].consumers.push_back(each);
  }
  for (const queues::Product& product : queues::products()) {
    queues::Row row;
    row.product = product.id;
    workload.rows = {row};
    bench.run("rivals: a message through " + std::string(product.name), messages, [&](Stopwatch& watch) {
      queues::Simulation run(workload, 0);
      watch.start();
      run.run();
      watch.stop();
      return run.digest();
    });
  }
}

}  // namespace nutshell
