// What sources have in common: records with the place that they came from, and which places may be noted (C8, C9).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "sim/connect/data.h"

namespace nutshell::connect {

// Of a file {"filename": "shop.txt"}, of a table {"table": "orders"}; and within it {"position": 60}, {"incrementing": 12}.
using SourcePartition = std::map<std::string, std::string>;
using SourceOffset = std::map<std::string, std::int64_t>;
using SourceOffsets = std::map<SourcePartition, SourceOffset>;

struct SourceRecord {
  Record record;
  SourcePartition partition;
  SourceOffset offset;  // where to go on after it; empty: it has none
};

// As the offset topic has them: the key ["connector",{"filename":"shop.txt"}], and {"position":60}.
std::string offset_key(const std::string& connector, const SourcePartition& partition);
std::string offset_value(const SourceOffset& offset);
// What offset_value() wrote. Nothing: it is no such text.
std::optional<SourceOffset> read_offset(std::string_view text);

// Records that were sent and not yet noted. A place counts when its record and all earlier ones of its source partition are acknowledged.
class Submitted {
 public:
  // Gives the record's number. A record that a transform dropped is acknowledged at once.
  std::int64_t submit(const SourceRecord& record);
  void acknowledge(std::int64_t number);
  // The newest place of each partition that counts and was not taken before.
  SourceOffsets take();
  // How many wait for their acknowledgement.
  std::size_t waiting() const { return waiting_; }

 private:
  struct One {
    std::int64_t number = 0;
    SourceOffset offset;
    bool acknowledged = false;
  };
  std::map<SourcePartition, std::deque<One>> sent_;
  std::map<std::int64_t, SourcePartition> partition_of_;
  std::int64_t next_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace nutshell::connect
