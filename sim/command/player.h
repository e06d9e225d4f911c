// Playing a story at a human pace: what keys and passing time do to where the timeline stands. Knows no terminal.
//
// The whole run is known before it is played. The player stands after some of its story lines; the timeline
// stands at the moment of the last of them, or between it and the next one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/command/keys.h"
#include "sim/history/timeline.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/story.h"

namespace nutshell {

class Player {
 public:
  // Stands where the scenario opens, paused. REQUIRES as tell().
  Player(Scenario scenario, Timeline finished);

  void press(Key key);
  // Wall time goes by, in ns.
  void pass(Duration wall);

  const Scenario& scenario() const { return scenario_; }
  const Timeline& timeline() const { return timeline_; }
  const std::vector<StoryLine>& lines() const { return lines_; }
  std::size_t shown() const { return shown_; }  // lines that have been told
  bool playing() const { return playing_; }
  bool quit() const { return quit_; }
  bool at_end() const;
  // The last caption or question told; nullptr: none yet.
  const StoryLine* caption() const;
  // True while playing waits for an answer to caption().
  bool asking() const;
  // The answer given to the question caption(); nothing: none yet, or it is no question. Index kSkipped: none wanted.
  std::optional<std::size_t> given() const;
  static constexpr std::size_t kSkipped = 99;
  std::string speed_text() const;  // "x1", "x1/2"
  std::size_t beats() const;       // captions and questions in all
  std::size_t beats_shown() const;

 private:
  void tell_next();
  void go_to(std::size_t shown);
  void go_by_event(bool back);
  void go_to_beat(bool back);
  void answer(std::size_t choice);
  void play_or_pause();
  Duration wait() const;
  void drift();

  Scenario scenario_;
  Timeline timeline_;
  std::vector<StoryLine> lines_;
  Step end_ = 0;
  std::size_t shown_ = 0;
  std::map<std::size_t, std::size_t> answers_;  // by line
  Duration waited_ = 0;
  int speed_ = 0;  // power of two
  bool playing_ = false;
  bool quit_ = false;
};

}  // namespace nutshell
