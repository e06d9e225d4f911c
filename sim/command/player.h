// Playing a story in the terminal: what its keys ask of a session. Knows no terminal.
//
// The session plays, as it does in a window; beside it stand the lines of the story, facts and captions, of which some have
// been told.
#pragma once

#include <string>
#include <vector>

#include "sim/command/keys.h"
#include "sim/scenario/story.h"
#include "sim/session/session.h"

namespace nutshell {

class Player {
 public:
  // Stands where the scenario opens, paused. REQUIRES as tell().
  Player(Scenario scenario, const Timeline& finished);

  void press(Key key);
  // Wall time goes by, in ns.
  void pass(Duration wall);

  const Session& session() const { return session_; }
  const std::vector<StoryLine>& lines() const { return lines_; }
  std::size_t shown() const;  // lines that have been told
  bool quit() const { return quit_; }
  // The answer given to the question that was told last; nothing: none yet, or it is no question.
  std::optional<std::size_t> given() const;
  std::string speed_text() const;  // "x1", "x1/2"

 private:
  void ask(CommandName name, std::int64_t value = 0) { session_.obey({name, value, {}}); }
  void answer(std::size_t choice);
  void tell_next();
  void tell_before();
  void stand_after(const StoryLine& told);

  Session session_;
  std::vector<StoryLine> lines_;
  bool goes_on_ = false;  // it played until a question stopped it
  bool quit_ = false;
};

}  // namespace nutshell
