#include "sim/log/leader_epochs.h"

#include <doctest/doctest.h>

namespace nutshell {
namespace {

LeaderEpochs history(std::initializer_list<EpochEntry> entries) {
  LeaderEpochs epochs;
  for (const EpochEntry& entry : entries) epochs.assign(entry.epoch, entry.start_offset);
  return epochs;
}

TEST_CASE("L19: an epoch is entered once, at its first offset") {
  LeaderEpochs epochs = history({{1, 0}, {3, 10}});
  epochs.assign(3, 12);
  CHECK(epochs.entries() == std::vector<EpochEntry>{{1, 0}, {3, 10}});
}

TEST_CASE("L19: a new entry removes those that are not lower in epoch and in offset") {
  LeaderEpochs by_epoch = history({{1, 0}, {3, 10}});
  by_epoch.assign(2, 20);
  CHECK(by_epoch.entries() == std::vector<EpochEntry>{{1, 0}, {2, 20}});
  LeaderEpochs by_offset = history({{1, 0}, {3, 10}});
  by_offset.assign(4, 10);
  CHECK(by_offset.entries() == std::vector<EpochEntry>{{1, 0}, {4, 10}});
}

TEST_CASE("L19: truncation from both ends") {
  LeaderEpochs epochs = history({{1, 0}, {3, 10}, {4, 20}});
  epochs.truncate_from_end(20);
  CHECK(epochs.entries() == std::vector<EpochEntry>{{1, 0}, {3, 10}});
  epochs.truncate_from_start(15);
  CHECK(epochs.entries() == std::vector<EpochEntry>{{3, 15}});
  epochs.truncate_from_start(5);
  CHECK(epochs.entries() == std::vector<EpochEntry>{{3, 15}});
}

TEST_CASE("L20: where an epoch ends") {
  const LeaderEpochs epochs = history({{1, 5}, {3, 10}});
  CHECK(epochs.end_offset_for(-1, 30).is_undefined());
  CHECK(epochs.end_offset_for(3, 30) == EpochEnd{3, 30});
  CHECK(epochs.end_offset_for(4, 30).is_undefined());
  CHECK(epochs.end_offset_for(0, 30) == EpochEnd{0, 5});
  CHECK(epochs.end_offset_for(1, 30) == EpochEnd{1, 10});
  CHECK(epochs.end_offset_for(2, 30) == EpochEnd{1, 10});
  CHECK(LeaderEpochs().end_offset_for(0, 30).is_undefined());
}

}  // namespace
}  // namespace nutshell
