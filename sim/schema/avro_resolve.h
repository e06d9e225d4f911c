// Can a reader with one Avro schema take everything that a writer with another may write? (M3-M5)
//
// Decided for each pair of types that may meet. Pairs may meet themselves again (a tree of trees), so all of them are
// first taken to be readable, and those that are not are struck out until nothing changes.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "sim/schema/avro.h"
#include "sim/schema/reason.h"

namespace nutshell {

class AvroResolution {
 public:
  // REQUIRES that both outlive it.
  AvroResolution(const AvroSchema& writer, const AvroSchema& reader);

  bool reads() const { return reads(writer_.root, reader_.root); }
  // REQUIRES that these may meet.
  bool reads(std::size_t writer_type, std::size_t reader_type) const;
  // The reader's branch for what the writer writes (which is no union): of the same kind if there is one, else the first
  // that takes it. REQUIRES that the reader's type is a union.
  std::optional<std::size_t> branch_for(std::size_t writer_type, std::size_t reader_type) const;
  // The writer's field for the reader's: of the same name, else of one of its aliases.
  std::optional<std::size_t> field_for(const AvroType& writer, const AvroType& reader, std::size_t reader_field) const;
  // Everything that stands in the way; empty: reads().
  SchemaReasons reasons(NewSide side) const;

 private:
  using Pair = std::pair<std::size_t, std::size_t>;
  std::vector<Pair> needs(Pair pair) const;
  bool holds(Pair pair) const;
  friend class AvroExplainer;

  const AvroSchema& writer_;
  const AvroSchema& reader_;
  std::map<Pair, bool> reads_;
};

// An int where a long is read, bytes where a text is.
bool avro_promotes(AvroKind from, AvroKind to);
// The same name, without namespaces; or the reader's aliases name the writer's.
bool avro_names_match(const AvroType& writer, const AvroType& reader);

}  // namespace nutshell
