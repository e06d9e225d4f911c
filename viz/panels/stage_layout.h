// Where everything on the stage stands: a pure function of the world, the size and the view.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/session/image.h"
#include "sim/session/place.h"
#include "sim/session/scale.h"
#include "viz/ui/canvas.h"

namespace nutshell {

struct NodePlace {
  NodeId node = kNoNode;
  Rect rect;
};

// The row of a replica in its broker's card.
struct RowPlace {
  TopicPartition tp;
  std::size_t broker = 0;  // index into World::brokers
  Rect rect;
};

// Which offsets the strips of a partition show: the same columns on every broker.
struct Strip {
  TopicPartition tp;
  Offset first = 0;
  std::int32_t columns = 0;
};

struct GroupPlace {
  GroupId group = -1;  // interned
  std::size_t nth = 0;      // by order of creation
  Rect rect;
};

// What the stage is to show, if not everything at once.
struct StageFocus {
  // A partition: its copies alone, with the brokers that hold one. A broker, where all of them only fit as a map:
  // itself alone. Anything else, or what is not there just now: everything.
  Place place;
  float zoom = 1;  // of the map: how much wider its columns are than if all of them were shown ...
  float left = 0;  // ... and how far they are shifted to the left, in pixels before zooming
  bool keys = false;  // records are told apart by their keys, so cells have room for them
  bool controllers = true, watermarks = true, groups = true;  // as Parts has them
  bool building = false;  // keeps room for producers and groups although there are none yet
  std::vector<TopicPartition> kept = {};  // spoken of, and never left out
  StageScale scale = {};  // of the whole run, so that cells are as wide at one moment as at another
};

struct StageLayout {
  Rect area;
  std::vector<NodePlace> controllers, brokers, producers, members;
  std::vector<NodePlace> plain;  // processes of plain kinds, below the producers
  std::vector<GroupPlace> groups;
  std::vector<GroupPlace> lags;  // of the map: a row a group
  std::vector<RowPlace> rows;
  std::vector<Strip> strips;
  std::vector<TopicPartition> shown;   // partitions that have rows
  std::vector<TopicPartition> folded;  // and those that have none
  std::size_t hidden_brokers = 0;     // that have nothing to do with what is focused on
  bool map = false;                   // too many for rows: a column a partition
  float map_zoom = 1, map_left = 0;   // as StageFocus has them
  Rect map_legend, map_health;        // empty: there is no room
  float header = 0;                   // height of a broker's own line
  float label = 0;                    // of a row: width of what stands before the strip
  float tail = 0;                     // and of what stands behind it
  float cell = 0, pitch = 0;          // width of a record, and from one to the next
  float cell_high = 0;
  bool words = false;                 // records show their key or value
  bool details = false;               // ... and all else there is to know of them
  bool labels = false;                // there is room to say in words what the marks are
  Rect left_gutter, right_gutter, quorum;

  const Rect* of(NodeId node) const;
  const RowPlace* row(std::size_t broker, TopicPartition tp) const;
  const Strip* strip(TopicPartition tp) const;
};

// "p0", or "orders p0" where there are several topics.
std::string partition_text(const World& world, TopicPartition tp, bool with_topic);
bool has_many_topics(const World& world);

// A record and the batch it came in; nullptr: the log does not hold it.
struct StoredRecord {
  const Batch* batch = nullptr;
  const Record* record = nullptr;
};
StoredRecord stored_record(const World& world, const Log& log, Offset offset);
// What a record says: its value if it was given one, else its key; empty: neither.
// What it says in a word: its text, of a serialised one its schema, "id 2", or else its key.
std::string record_word(const World& world, const StoredRecord& stored);
// Empty: it has none.
std::string key_word(const World& world, const StoredRecord& stored);

StageLayout lay_out(const Canvas& canvas, const World& world, Rect area, const StageFocus& focus = {});

}  // namespace nutshell
