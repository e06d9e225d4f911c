// The record store: what Kafka's processes have written, each record once (sim/log/record.h).
#pragma once

#include <cstdint>

#include "sim/core/digest.h"
#include "sim/core/shared_log.h"
#include "sim/kafka/group_records.h"
#include "sim/log/record.h"

namespace nutshell {

struct RecordStore {
  Records records;
  SharedLog<GroupRecord> group_records;
  NUTSHELL_FIELDS(RecordStore, records, group_records)
};

// A hash of the identities of `count` records from index `first`; part of a log's chain.
std::uint64_t content_of(const RecordStore& store, std::int64_t first, std::int32_t count);

}  // namespace nutshell
