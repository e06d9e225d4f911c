// What the board of Kafka Connect shows at a moment: read off the world, and nothing of it drawn.
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/world.h"

namespace nutshell {

// A table or a file at one end, as lines.
struct ConnectEnd {
  NodeId store = kNoNode;
  std::string title, kind;
  std::vector<std::string> lines;
  std::string note;  // how far its source has noted: "noted: incrementing 6"
  bool half_line = false;  // the last line of a file has no end yet
};
struct ConnectUnitPicture {
  std::string name, state;
  bool alive = true, failed = false;
};
struct ConnectWorkerPicture {
  NodeId node = kNoNode;
  std::string name, status;  // "CRASHED"; empty: it runs
  bool alive = true, leads = false;
  std::vector<ConnectUnitPicture> units;
  std::string trace;  // of a unit that has failed
};
struct ConnectCell {
  std::string word;
  bool again = false, poison = false;
};
struct ConnectMark {
  std::string group;
  Offset committed = 0;
};
struct ConnectTopicPicture {
  TopicPartition tp;
  std::string title;
  Offset first = 0;  // of the cells
  std::vector<ConnectCell> cells;
  std::vector<ConnectMark> marks;
  std::vector<std::string> headers;  // of the newest record: "topic=orders"
};
struct ConnectPicture {
  Time now = 0;
  std::vector<ConnectEnd> sources, sinks;
  std::vector<ConnectWorkerPicture> workers;
  std::vector<ConnectTopicPicture> topics;
  Time delay_until = 0;  // 0: nothing waits
  Duration delay = 0;    // as a whole
  std::vector<std::string> lost;  // the units that wait
};

bool has_connect(const World& world);
ConnectPicture connect_picture(const World& world);

}  // namespace nutshell
