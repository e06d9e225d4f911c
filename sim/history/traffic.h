// Traffic: the messages of a run, from the step that sent each to the one where its way ended; read off the chronicle.
#pragma once

#include <cstdint>
#include <vector>

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

// By its index in Body: how a message looks when nothing else is known of it.
MessageSort sort_of(std::uint8_t message);
// Heartbeats and requests that only ask whether there is something.
bool is_hidden(TokenKind kind);
// Requests stand before their responses in Body.
inline bool is_response(std::uint8_t message) { return message != kNoMessage && message % 2 == 1; }

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
  std::uint8_t message = kNoMessage;
  TokenKind kind = TokenKind::other;
  char letter = 0;
  Fate fate = Fate::arrived;
  bool idle = false;     // it said nothing new, or it is sent again
};

// All that ended within the known run, in the order of their ends. What is under way at its end is left out.
std::vector<Passage> passages(const Timeline& timeline);

}  // namespace nutshell
