#include "sim/history/trail.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "sim/core/require.h"

namespace nutshell {

namespace {

std::string line_of(const Timeline& timeline) {
  char head[80];
  std::snprintf(head, sizeof head, "%9" PRIu64 " %16" PRId64 " %016" PRIx64 "  ", timeline.position(), timeline.now(), timeline.digest());
  return head + sentence_of(timeline, timeline.position() - 1);
}

}  // namespace

void walk_trail(Timeline& timeline, TrailRange range, const std::function<void(const std::string& line)>& take) {
  NUTSHELL_REQUIRE(range.every > 0);
  for (Step at = range.from; at < range.to;) {
    at = std::min(range.to, at + range.every);
    const bool there = timeline.seek(at);
    if (!there && timeline.position() <= range.from) return;
    take(line_of(timeline));
    if (!there) return;
  }
}

}  // namespace nutshell
