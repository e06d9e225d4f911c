// The list of events: which facts of a run are shown under a filter. It is found out a piece at a time, so that
// a frame stays quick however long the run is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/history/timeline.h"
#include "sim/session/about.h"

namespace nutshell {

struct EventFilter {
  std::string text;           // in the sentence, in any case of letters; empty: all
  std::uint32_t kinds = 0;    // bits of FactKind; 0: all
  Place place;                // only what concerns it, and then in more detail; none: everything
  bool has(FactKind kind) const { return (kinds >> static_cast<int>(kind) & 1U) != 0; }
  friend bool operator==(const EventFilter&, const EventFilter&) = default;
};

class EventList {
 public:
  // Brings the list up to the filter; looks at no more than `most` facts, fewer if it has to read their sentences.
  void follow(const Timeline& timeline, const EventFilter& filter, std::size_t most);
  // False: what it lists is another run, or one that has been run anew.
  bool is_of(const Timeline& timeline) const;
  // Indices into Timeline::facts() of those that are shown, the oldest first.
  const std::vector<std::size_t>& rows() const { return rows_; }
  // How many of them had happened after so many steps.
  std::size_t until(const Timeline& timeline, Step position) const;
  // Every fact has been looked at.
  bool complete(const Timeline& timeline) const { return looked_ == timeline.facts().size(); }

 private:
  // Whether all but the text lets it pass.
  bool admits(const Timeline& timeline, const Fact& fact) const;

  const Timeline* timeline_ = nullptr;
  EventFilter filter_;
  std::size_t looked_ = 0;  // facts
  Step last_ = kNoStep;     // of the last fact looked at: another there means another run
  Time last_at_ = 0;
  std::vector<std::size_t> rows_;
};

}  // namespace nutshell
