#include "sim/session/cues.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nutshell {

namespace {

constexpr std::int64_t kFastestHeard = 4;  // simulated seconds a second
constexpr double kLoudness = 2600;         // of 32,767
constexpr double kEdge = 0.008;            // seconds that a tone takes to come and to go, so that it does not click

// From one pitch to another, in Hz; both 0: silence.
struct Tone {
  double from = 0, to = 0;
  double seconds = 0;
};
using Tones = std::array<Tone, 3>;

const Tones& tones_of(Cue cue) {
  static constexpr std::array<Tones, kCues> kTones = {{
      {{{220, 110, 0.18}}},                                        // crash: falls an octave
      {{{523, 523, 0.06}, {659, 659, 0.06}, {784, 784, 0.07}}},    // election: a rising triad
      {{{494, 440, 0.08}, {0, 0, 0.02}, {494, 440, 0.08}}},        // rebalance: sways
      {{{440, 440, 0.07}, {587, 587, 0.11}}},                      // settled: up a fourth, and home
      {{{311, 311, 0.08}, {220, 208, 0.11}}},                      // loss: down a tritone
      {{{392, 392, 0.06}, {0, 0, 0.02}, {523, 587, 0.1}}},         // question: the voice goes up
      {{{659, 659, 0.07}, {880, 880, 0.11}}},                      // right
      {{{262, 262, 0.08}, {233, 233, 0.11}}},                      // wrong
  }};
  return kTones[static_cast<std::size_t>(cue)];
}

}  // namespace

std::vector<Cue> cues_between(const Timeline& timeline, Step from, Step to) {
  std::vector<Cue> cues;
  for (Step step = from; step < to; ++step) {
    const auto [first, last] = timeline.facts_of(step);
    for (std::size_t i = first; i < last; ++i) {
      const std::optional<Cue> cue = looks_of(timeline.facts()[i].body).cue;
      if (cue && std::find(cues.begin(), cues.end(), *cue) == cues.end()) cues.push_back(*cue);
    }
  }
  return cues;
}

std::vector<Cue> Listener::hear(const Session& session, Duration wall) {
  const Stand now{&session, session.current(), session.told(), session.timeline().position(), session.view_time(), session.asking()};
  const std::optional<Stand> before = std::exchange(before_, now);
  if (!before || before->session != now.session || before->branch != now.branch) return {};
  const bool one_step = now.position == before->position + 1 && !session.gliding();
  const bool usual = session.pace() <= kFastestHeard * kSecond && now.at - before->at <= kFastestHeard * wall + kMillisecond;
  std::vector<Cue> cues;
  if (now.position > before->position && (one_step || usual)) cues = cues_between(session.timeline(), before->position, now.position);
  if (now.asking && !before->asking && now.told == before->told + 1) cues.push_back(Cue::question);
  if (before->asking && !now.asking && now.told == before->told) {
    const std::optional<std::size_t> given = session.given(now.told - 1), right = session.beat()->answer;
    if (given && right && *given != Session::kSkipped) cues.push_back(*given == *right ? Cue::right : Cue::wrong);
  }
  return cues;
}

std::vector<std::int16_t> samples_of(Cue cue) {
  std::vector<std::int16_t> samples;
  for (const Tone& tone : tones_of(cue)) {
    const auto count = static_cast<int>(tone.seconds * kSampleRate);
    double turns = 0;
    for (int i = 0; i < count; ++i) {
      const double at = static_cast<double>(i) / kSampleRate, left = tone.seconds - at;
      turns += (tone.from + (tone.to - tone.from) * at / tone.seconds) / kSampleRate;
      const double edge = std::clamp(std::min(at, left) / kEdge, 0.0, 1.0);
      samples.push_back(static_cast<std::int16_t>(std::sin(turns * 6.283185307179586) * kLoudness * edge));
    }
  }
  return samples;
}

}  // namespace nutshell
