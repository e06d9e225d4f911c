#include "sim/command/player.h"

#include <algorithm>
#include <utility>

namespace nutshell {

Player::Player(Scenario scenario, const Timeline& finished) : session_(scenario), lines_(tell(scenario, finished)) {
  // What a lesson asks to look at is for windows.
  std::erase_if(lines_, [](const StoryLine& line) { return line.kind == StoryLine::Kind::focus; });
  session_.know_all();
}

std::size_t Player::shown() const {
  const Step position = session_.timeline().position();
  const auto told = [&](const StoryLine& line) { return line.position <= position && line.at <= session_.view_time(); };
  return static_cast<std::size_t>(std::find_if_not(lines_.begin(), lines_.end(), told) - lines_.begin());
}

std::optional<std::size_t> Player::given() const {
  return session_.told() == 0 ? std::nullopt : session_.given(session_.told() - 1);
}

std::string Player::speed_text() const { return std::string("x") + session_.speed().text; }

void Player::press(Key key) {
  switch (key) {
    case Key::play_pause:
      goes_on_ = false;
      return ask(CommandName::play_pause);
    case Key::forward:
    case Key::back:
      if (session_.playing()) ask(CommandName::play_pause);
      return key == Key::forward ? tell_next() : tell_before();
    case Key::event: return ask(CommandName::step);
    case Key::event_back: return ask(CommandName::step_back);
    case Key::next_beat: return ask(CommandName::next);
    case Key::previous_beat: return ask(CommandName::back);
    case Key::first: return ask(CommandName::home);
    case Key::last: return ask(CommandName::end);
    case Key::faster: return ask(CommandName::faster);
    case Key::slower: return ask(CommandName::slower);
    case Key::answer_a: return answer(0);
    case Key::answer_b: return answer(1);
    case Key::answer_c: return answer(2);
    case Key::answer_d: return answer(3);
    case Key::redraw: return;
    case Key::quit: quit_ = true; return;
  }
}

void Player::pass(Duration wall) {
  const bool played = session_.playing();
  session_.pass(wall);
  if (played && session_.asking()) goes_on_ = true;
}

// Whoever has watched until the question goes on watching.
void Player::answer(std::size_t choice) {
  if (!session_.asking()) return;
  ask(CommandName::answer, static_cast<std::int64_t>(choice));
  if (!session_.asking() && std::exchange(goes_on_, false)) ask(CommandName::play_pause);
}

// To where the next line has been told, and all lines with it that came at once; after the last line to the end of the run.
void Player::tell_next() {
  const std::size_t next = shown();
  if (session_.asking()) ask(CommandName::reveal);
  else if (next == lines_.size()) ask(CommandName::end);
  else stand_after(lines_[next]);
}

// To the line before this moment; from the first to the beginning.
void Player::tell_before() {
  const Timeline& timeline = session_.timeline();
  const Step here = timeline.position();
  const auto comes_before = [&](const StoryLine& line) {
    const Time happened = line.position == 0 ? 0 : timeline.record_of(line.position - 1).at;
    return line.position < here || (line.position == here && std::max(line.at, happened) < session_.view_time());
  };
  const auto found = std::find_if(lines_.rbegin(), lines_.rend(), comes_before);
  if (found == lines_.rend()) return ask(CommandName::go_to_step, 0);
  stand_after(*found);
}

void Player::stand_after(const StoryLine& told) {
  if (told.kind == StoryLine::Kind::fact) return ask(CommandName::go_to_step, static_cast<std::int64_t>(told.position));
  const std::vector<StoryLine>& beats = session_.beats();
  const auto same = [&](const StoryLine& each) { return each.position == told.position && each.text == told.text; };
  ask(CommandName::go_to_beat, std::find_if(beats.begin(), beats.end(), same) - beats.begin());
}

}  // namespace nutshell
