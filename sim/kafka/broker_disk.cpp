// What a broker writes to a disk that takes time: requests and answers with records wait until theirs are written.
#include "sim/core/require.h"
#include "sim/kafka/broker_internal.h"

namespace nutshell {

bool waits_for_disk(Env& env, Broker& broker, const RequestId& request, std::uint64_t tag, Body& body) {
  if (!broker.disk.takes_time() && broker.disk_writes.empty()) return false;
  const std::int64_t bytes = body.record_bytes();
  if (bytes == 0) return false;
  const Time done = broker.disk.write(bytes, env.now());
  env.arm(broker.node, TimerKind::disk_write, done - env.now());
  broker.disk_writes.push_back({request, tag, std::move(body)});
  return true;
}

// Writes end in the order in which they began.
void on_disk_written(Env& env, Broker& broker) {
  NUTSHELL_REQUIRE(!broker.disk_writes.empty());
  DiskWrite done = std::move(broker.disk_writes.front());
  broker.disk_writes.erase(broker.disk_writes.begin());
  if (auto* produce = done.body.get_if<ProduceRequest>()) return on_produce(env, broker, done.request, *produce);
  Response fetched;
  fetched.tag = done.tag;
  fetched.body = &done.body;
  on_fetched(env, broker, fetched);
}

}  // namespace nutshell
