// Traffic: the messages of a run, from the step that sent each to the one where its way ended; read off the chronicle.
#pragma once

#include <cstdint>
#include <deque>

#include "sim/core/shared_log.h"
#include "sim/history/timeline.h"

namespace nutshell {

// What a message is about: what pictures draw it as.
enum class TokenKind : std::uint8_t {
  produce, fetch, fetch_reply, accepted, refused, group, heartbeat, metadata, vote, quorum_fetch, other
};

struct MessageSort {
  TokenKind kind = TokenKind::other;
  char letter = 0;  // of group, metadata and vote messages
};

// How a message looks when nothing else is known of it.
MessageSort sort_of(MessageNumber message);
// Heartbeats and requests that only ask whether there is something.
bool is_hidden(TokenKind kind);

// What the arrival of a message did.
struct Cargo {
  TopicPartition tp;        // that it was about, if the facts say so
  std::int32_t count = 0;   // records
  bool seen = false;        // anything worth telling
  bool refused = false;     // a write was not accepted
  bool advanced = false;    // a high watermark moved: the fetch said that its sender has the records
};
// REQUIRES step < timeline.furthest().
Cargo cargo_of(const Timeline& timeline, Step arrival);

enum class Fate : std::uint8_t {
  arrived,
  dropped,  // never arrives
  lost      // this transmission does not get through; TCP sends it again
};

struct Passage {
  Step sent = kNoStep;   // the step that sent it; kNoStep: not known
  Step ended = kNoStep;  // where it was taken up, dropped or lost
  Time sent_at = 0;
  Time ended_at = 0;     // at the receiver's door; it may have waited there until its step
  NodeId from = kNoNode, to = kNoNode;
  TopicPartition tp;
  std::int32_t count = 0;
  MessageNumber message = kNoMessage;
  TokenKind kind = TokenKind::other;
  char letter = 0;
  Fate fate = Fate::arrived;
  bool idle = false;     // it said nothing new, or it is sent again
};

// In the order of their ends.
using Passages = SharedLog<Passage, 256, false>;

// Reads them step by step, from the first on. What is under way when it stops is left out.
class PassageReader {
 public:
  explicit PassageReader(const Timeline& timeline) : timeline_(timeline) {}
  // REQUIRES the steps before have been read.
  void read(Step step);
  const Passages& passages() const { return all_; }

 private:
  // A message that has come to the receiver's door and is not taken up yet: the receiver is busy or stands still, the
  // link is jammed, or it waits behind another one.
  struct Waiting {
    NodeId from = kNoNode, to = kNoNode;
    Step sent = kNoStep;
    Time sent_at = 0, came_at = 0;
    Step cause = kNoStep;  // of the event that brought it here
  };
  Waiting origin(const StepRecord& record);
  bool has_released(Step step) const;
  Waiting taken(NodeId from, NodeId to, Time now);
  void add(const Waiting& way, Step step, MessageNumber message, Fate fate, bool again = false);
  void load(Passage& passage) const;

  const Timeline& timeline_;
  std::deque<Waiting> waiting_;
  Passages all_;
};

}  // namespace nutshell
