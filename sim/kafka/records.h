// The record store: what Kafka's processes have written, each record once (sim/log/record.h).
#pragma once

#include <cstdint>

#include "sim/core/digest.h"
#include "sim/core/names.h"
#include "sim/core/shared_log.h"
#include "sim/kafka/group_records.h"
#include "sim/log/record.h"

namespace nutshell {

struct RecordStore {
  Records records;
  SharedLog<GroupRecord> group_records;
  // What nobody holds any more is looked for when `records` has grown to this size (cluster/release.h).
  std::uint64_t look_at = kFirstLook;
  static constexpr std::uint64_t kFirstLook = 1 << 16;
  NUTSHELL_FIELDS(RecordStore, records, group_records, look_at)
};

// By what records of groups are compacted: a group, or a group and a partition. As Kafka's tools print it.
std::int32_t key_of(Names& names, const GroupRecord& record);

// It says that nothing is left under its key: a tombstone.
bool is_removal(const GroupRecord& record);

// A hash of the identities of `count` records from index `first`; part of a log's chain.
std::uint64_t content_of(const RecordStore& store, std::int64_t first, std::int32_t count);

}  // namespace nutshell
