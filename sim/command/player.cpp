#include "sim/command/player.h"

#include <algorithm>
#include <utility>

namespace nutshell {

namespace {

constexpr int kSlowest = -3, kFastest = 5;
constexpr Duration kShortestWait = 350 * kMillisecond;
constexpr Duration kLongestWait = 2500 * kMillisecond;
constexpr Duration kReadingTime = 45 * kMillisecond;  // a letter of a caption
constexpr Duration kLongestReading = 12 * kSecond;

bool is_beat(const StoryLine& line) { return line.kind == StoryLine::Kind::say || line.kind == StoryLine::Kind::ask; }

}  // namespace

Player::Player(Scenario scenario, Timeline finished)
    : scenario_(std::move(scenario)),
      timeline_(std::move(finished)),
      lines_(tell(scenario_, timeline_)),
      end_(timeline_.position()) {
  while (shown_ < lines_.size() && lines_[shown_].at < scenario_.opens) ++shown_;
  timeline_.seek_time(scenario_.opens);
  if (shown_ < lines_.size() && timeline_.position() > lines_[shown_].position) timeline_.seek(lines_[shown_].position);
}

bool Player::at_end() const { return shown_ == lines_.size() && timeline_.position() == end_; }

const StoryLine* Player::caption() const {
  for (std::size_t i = shown_; i-- > 0;) {
    if (is_beat(lines_[i])) return &lines_[i];
  }
  return nullptr;
}

bool Player::asking() const {
  if (shown_ == 0 || lines_[shown_ - 1].kind != StoryLine::Kind::ask) return false;
  return answers_.count(shown_ - 1) == 0;
}

std::optional<std::size_t> Player::given() const {
  const StoryLine* line = caption();
  if (!line) return std::nullopt;
  const auto found = answers_.find(static_cast<std::size_t>(line - lines_.data()));
  if (found == answers_.end()) return std::nullopt;
  return found->second;
}

std::string Player::speed_text() const {
  return speed_ >= 0 ? "x" + std::to_string(1 << speed_) : "x1/" + std::to_string(1 << -speed_);
}

std::size_t Player::beats() const {
  return static_cast<std::size_t>(std::count_if(lines_.begin(), lines_.end(), is_beat));
}

std::size_t Player::beats_shown() const {
  return static_cast<std::size_t>(
      std::count_if(lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(shown_), is_beat));
}

void Player::press(Key key) {
  switch (key) {
    case Key::play_pause: return play_or_pause();
    case Key::forward: playing_ = false; return tell_next();
    case Key::back: return go_to(shown_ - std::min<std::size_t>(shown_, 1));
    case Key::event: return go_by_event(false);
    case Key::event_back: return go_by_event(true);
    case Key::next_beat: return go_to_beat(false);
    case Key::previous_beat: return go_to_beat(true);
    case Key::first: return go_to(0);
    case Key::last: return go_to(lines_.size());
    case Key::faster: speed_ = std::min(speed_ + 1, kFastest); return;
    case Key::slower: speed_ = std::max(speed_ - 1, kSlowest); return;
    case Key::answer_a: return answer(0);
    case Key::answer_b: return answer(1);
    case Key::answer_c: return answer(2);
    case Key::answer_d: return answer(3);
    case Key::redraw: return;
    case Key::quit: quit_ = true; return;
  }
}

void Player::pass(Duration wall) {
  if (!playing_ || asking()) return;
  waited_ += wall;
  while (playing_ && !asking() && waited_ >= wait()) {
    waited_ -= wait();
    tell_next();
  }
  if (playing_ && !asking()) drift();
}

void Player::play_or_pause() {
  if (asking()) {
    answers_[shown_ - 1] = kSkipped;
    playing_ = false;  // time to read the answer
    return;
  }
  playing_ = !playing_ && !at_end();
}

void Player::answer(std::size_t choice) {
  if (asking() && choice < lines_[shown_ - 1].choices.size()) answers_[shown_ - 1] = choice;
}

// One line further, and its time; after the last line to the end of the run.
void Player::tell_next() {
  if (asking()) answers_[shown_ - 1] = kSkipped;
  if (shown_ == lines_.size()) {
    timeline_.seek(end_);
    playing_ = false;
    return;
  }
  const StoryLine& line = lines_[shown_++];
  timeline_.seek(line.position);
  if (line.pause) playing_ = false;
}

// Stands after the first `shown` lines, at the moment of the last of them. Pauses.
void Player::go_to(std::size_t shown) {
  playing_ = false;
  waited_ = 0;
  shown_ = shown;
  if (shown == lines_.size()) timeline_.seek(end_);
  else timeline_.seek(shown == 0 ? 0 : lines_[shown - 1].position);
}

void Player::go_by_event(bool back) {
  playing_ = false;
  waited_ = 0;
  if (back) timeline_.step_back();
  else if (timeline_.position() < end_) timeline_.step();
  const Step position = timeline_.position();
  shown_ =
      static_cast<std::size_t>(std::partition_point(lines_.begin(), lines_.end(),
                                                    [&](const StoryLine& line) { return line.position <= position; }) -
                               lines_.begin());
}

void Player::go_to_beat(bool back) {
  std::size_t line = shown_;
  if (back) {
    if (line > 0) --line;  // not the one that is being shown
    while (line > 0 && !is_beat(lines_[line - 1])) --line;
  } else {
    while (line < lines_.size() && !is_beat(lines_[line])) ++line;
    if (line < lines_.size()) ++line;
  }
  go_to(line);
}

// How long the present line stands: until there is time for the next one, in proportion but never too long, and
// long enough to read a caption.
Duration Player::wait() const {
  const Time until = shown_ == lines_.size() ? scenario_.until : lines_[shown_].at;
  const Time from = shown_ == 0 ? 0 : lines_[shown_ - 1].at;
  Duration wait = std::clamp(until - from, kShortestWait, kLongestWait);
  if (shown_ > 0 && is_beat(lines_[shown_ - 1])) {
    const auto letters = static_cast<Duration>(lines_[shown_ - 1].text.size());
    wait = std::max(wait, std::min(letters * kReadingTime, kLongestReading));
  }
  return speed_ >= 0 ? wait >> speed_ : wait << -speed_;
}

// While a line stands, the clock goes on towards the next one.
void Player::drift() {
  if (at_end()) return;
  const Time until = shown_ == lines_.size() ? scenario_.until : lines_[shown_].at;
  const Time from = shown_ == 0 ? 0 : lines_[shown_ - 1].at;
  const Time time = from + (until - from) / 1000 * (waited_ * 1000 / std::max<Duration>(wait(), 1));
  if (time > timeline_.now() && time < until) timeline_.seek_time(time);
}

}  // namespace nutshell
