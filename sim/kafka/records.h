// Records and where they live.
//
// A record is stored once, in the record store; batches in logs and messages name a run of records by
// the index of the first. Key and text are interned names; a record without its own text has its
// text made on demand from its producer and serial number.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "sim/core/digest.h"
#include "sim/core/names.h"
#include "sim/core/shared_log.h"
#include "sim/core/types.h"
#include "sim/kafka/group_records.h"

namespace nutshell {

// 16 bytes. `producer` is the node that sent it, or -1 for records that the group coordinator writes;
// then `text` is an index into RecordStore::group_records.
struct Record {
  NodeId producer = kNoNode;
  std::int32_t key = -1;   // interned, -1: no key
  std::int32_t text = -1;  // interned, -1: made from producer and serial
  std::uint32_t serial = 0;  // counts the producer's records from 0
  friend bool operator==(const Record&, const Record&) = default;
  NUTSHELL_FIELDS(Record, producer, key, text, serial)
};

struct RecordStore {
  SharedLog<Record> records;
  SharedLog<GroupRecord> group_records;
  NUTSHELL_FIELDS(RecordStore, records, group_records)
};

// A hash of the identities of `count` records from index `first`; part of a log's chain.
std::uint64_t content_of(const RecordStore& store, std::int64_t first, std::int32_t count);

}  // namespace nutshell
