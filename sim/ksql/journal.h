// What the tasks of a ksqlDB server did, in order, for whoever looks on: a film is made of it (cluster/ksql_film.h). No part of the
// world's value: nothing that a server does depends on it, and it outlives the process.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/core/shared_log.h"
#include "sim/core/types.h"
#include "sim/streams/film.h"
#include "sim/streams/schema.h"

namespace nutshell {

enum class KsqlDeed : std::uint8_t {
  assigned,  // a task, with empty stores; `flag`: changelogs are read first
  read,      // a record of `tp`
  dropped,   // ... and nothing came of it
  noted,     // a step did something with it
  sent,      // to a topic, as record `serial` of this server; to a changelog if `flag`
  inserted,  // by INSERT VALUES, as record `serial` of this server
  restored,  // a record of the changelog `tp` is read into a store
  ready,     // its changelogs are read to their ends
  standing,  // it keeps a copy of another server's task; `offset` records are read
  closed     // the task, or its copy, is given up
};

struct KsqlMoment {
  Time at = 0;
  KsqlDeed deed = KsqlDeed::read;
  std::int32_t query = -1;  // its id, interned
  std::int32_t part = -1, partition = -1;
  TopicPartition tp;
  Offset offset = -1;
  std::uint32_t serial = 0;
  bool flag = false;
  streams::Note note;
};

// What the service knew when this server carried out its last command.
struct KsqlKnown {
  streams::Catalog catalog;
  std::vector<streams::FilmQuery> queries;
};

struct KsqlJournal {
  static constexpr std::size_t kMost = 50'000;  // more is not written down: the film ends there, and says so (Film::kept_until)
  SharedLog<KsqlMoment, 64, false> moments;
  std::shared_ptr<const KsqlKnown> known = std::make_shared<const KsqlKnown>();
  bool open() const { return moments.size() < kMost; }
};

}  // namespace nutshell
