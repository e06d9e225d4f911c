// One partition large: its segments with their records, what retention takes next, and what of it is on disk.
//
// Two topics stand one below the other, and the same offset stands in the same column: what retention takes (a whole
// segment, by the age of its newest record) and what a cleaner takes (single records) is seen by looking straight down.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/log/log_cleaner.h"
#include "sim/session/session.h"
#include "viz/panels/replica_sign.h"
#include "viz/panels/stage_layout.h"
#include "viz/panels/view.h"

namespace nutshell {

void draw_log_close_up(Ui& ui, const Session& session, Rect area);

// The parts, each in a file.

// A log that is shown: one replica, of the leader unless another is selected.
struct ShownLog {
  TopicPartition tp;
  const Broker* broker = nullptr;
  const Replica* replica = nullptr;
  const TopicConfig* config = nullptr;
};

// Where each offset stands; the same for all logs that are shown.
struct OffsetColumns {
  float x = 0, pitch = 60, cell = 56;
  Offset first = 0, last = 0;  // columns [first, last)
  float of(Offset offset) const { return x + static_cast<float>(offset - first) * pitch; }
  bool sees(Offset offset) const { return offset >= first && offset < last; }
};

// A round of the cleaner that reads this log.
struct CleanerAtWork {
  CleanableRange range;
  std::int64_t bytes_left = 0;  // to be read, of twice what is dirty and once what is clean
};

// What the parts draw from, and the strips of the log's own band, from above.
struct LogBand {
  Ui& ui;
  const World& world;
  const ShownLog& shown;
  const OffsetColumns& columns;
  Time view_time = 0;
  Time clock = 0;     // of the broker: what its sweep goes by
  bool asks = false;  // a question stands
  std::optional<CleanerAtWork> work;
  // Empty: there is no such thing.
  Rect area, head, policy, marks, cleaning, frames, cells, combs, again, fresh, fate, look_up, kept, lasts;
  const Log& log() const { return shown.replica->log; }
  Canvas& canvas() const { return ui.canvas; }
  // When the broker's timer of that kind rings; -1: it does not run.
  Time timer(TimerKind kind) const;
  // The part of its frame that a segment from this offset to that one has; empty: out of sight.
  Rect frame_of(Offset from, Offset to) const;
};

// A line of the band: words at the left, before the first column.
void draw_line_name(const LogBand& band, Rect line, std::string_view name, TextStyle style);
void draw_segments(const LogBand& band);
// Which time is looked for in the log: that of the record that is selected, or where a consumer
// that runs would begin by duration. nullopt: none.
std::optional<Time> looked_for(const World& world, const ShownLog& shown, const Place& selected, Time now);
// The entries of the two indexes of each segment; and how a search for that time comes to its record.
void draw_combs(const LogBand& band);
void draw_look_up(const LogBand& band);
// What becomes of each segment: how long retention still keeps it, or what the next sweep takes.
void draw_fate(const LogBand& band);
// Of a compacted topic: what is clean and what is dirty, in brackets; and below each record that the next round will leave
// out, the offset at which its key came again, and below a tombstone how long it still stays.
void draw_cleaning(const LogBand& band);
// While a cleaner reads: how far it is, and the file that it makes.
void draw_new_file(const LogBand& band);
// What a round of the cleaner would be about now.
CleanableRange next_round(const LogBand& band);
// What the cleaner is about; empty: nothing that is known.
std::string cleaner_text(const LogBand& band);
// What a power loss would leave, and what is in the page cache only.
void draw_kept(const LogBand& band);
// How long the offsets of a log last that grows fast.
bool grows_fast(const World& world, const ShownLog& shown, Time clock);
void draw_lasts(const LogBand& band);

}  // namespace nutshell
