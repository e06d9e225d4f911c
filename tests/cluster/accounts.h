// A compacted topic, and what is in it, in words.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/cluster/cluster_fixture.h"

namespace nutshell {

inline constexpr std::int64_t kAccountBytes = 61 + 8 + 100;  // a batch of one record

// "accounts" is compacted; a segment holds three batches. "teller" sends when it is told to.
inline Setup accounts(const std::vector<BrokerId>& replicas = {1}) {
  Setup setup;
  setup.brokers = 3;
  setup.controllers = 1;
  setup.topics = {topic("accounts", replicas)};
  setup.topics[0].config.cleanup_policy = CleanupPolicy::compacts;
  setup.topics[0].config.segment_bytes = 3 * kAccountBytes;
  setup.producers = {producer("teller", "accounts")};
  setup.producers[0].spec.config.linger = 0;
  return setup;
}

// Sends "k1=a k2=b k3=": each a batch of its own, one without a value is a tombstone.
inline void send(Cluster& c, const std::string& words, const std::string& from = "teller") {
  std::size_t begin = 0;
  while (begin < words.size()) {
    const std::size_t end = std::min(words.find(' ', begin), words.size());
    const std::string word = words.substr(begin, end - begin);
    const std::size_t equals = word.find('=');
    const std::string value = word.substr(equals + 1);
    c.act(Send{from, word.substr(0, equals), value, -1, 1, value.empty()});
    c.run_for(10 * kMillisecond);
    begin = end + 1;
  }
}

inline std::string sender(const std::string& name) { return name == "accounts" ? "teller" : "clerk"; }

// "2:k1=c 3:k2 5:k3=f", what a reader from 0 finds on a broker; a tombstone has no value.
inline std::string held(const Cluster& c, BrokerId broker = 1, const std::string& name = "accounts") {
  std::string text;
  const Log& log = c.log(broker, name);
  for (const Batch& batch : log.batches())
    for_each_record(c.world.commons.store.records, batch, [&](Offset offset, const Record& record) {
      if (offset < log.log_start_offset()) return;
      text += (text.empty() ? "" : " ") + std::to_string(offset) + ":" + c.world.fabric.names[record.key];
      if (!record.is_tombstone()) text += "=" + (record.text < 0 ? "" : c.world.fabric.names[record.text]);
    });
  return text;
}

}  // namespace nutshell
