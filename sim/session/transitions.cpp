#include "sim/session/transitions.h"

#include <algorithm>


namespace nutshell {

namespace {

constexpr Duration kLeastWall = 80 * kMillisecond, kMostWall = 1200 * kMillisecond;
constexpr Duration kFastestShown = 16 * kSecond;  // simulated time a second of wall time
constexpr Duration kFade = 120 * kMillisecond;    // where motion is reduced
constexpr std::size_t kMostFacts = 20'000;        // looked at for what was there before

enum class Easing : std::uint8_t { linear, out, in_out, in };

struct Manner {
  Duration wall;
  Easing easing;
};

// By TransitionKind.
constexpr std::array<Manner, kTransitionKinds> kManners = {{
    {160 * kMillisecond, Easing::out},     // append
    {240 * kMillisecond, Easing::in_out},  // high_watermark
    {500 * kMillisecond, Easing::in},      // truncated
    {200 * kMillisecond, Easing::in_out},  // committed
    {200 * kMillisecond, Easing::in_out},  // position
    {320 * kMillisecond, Easing::out},     // crashed
    {250 * kMillisecond, Easing::in_out},  // joined
    {250 * kMillisecond, Easing::in_out},  // left
    {300 * kMillisecond, Easing::out},     // star
    {300 * kMillisecond, Easing::out},     // fenced
    {300 * kMillisecond, Easing::in_out},  // isr_shrunk
    {300 * kMillisecond, Easing::in_out},  // isr_expanded
    {300 * kMillisecond, Easing::out},     // office
    {900 * kMillisecond, Easing::in_out},  // crown
    {350 * kMillisecond, Easing::out},     // revoked
    {350 * kMillisecond, Easing::out},     // assigned
    {250 * kMillisecond, Easing::linear},  // dropped
}};

const Manner& manner(TransitionKind kind) { return kManners[static_cast<std::size_t>(kind)]; }

float ease(Easing easing, float t) {
  const float u = 1 - t;
  switch (easing) {
    case Easing::linear: return t;
    case Easing::out: return 1 - u * u * u;
    case Easing::in: return t * t * t;
    case Easing::in_out: return t < 0.5F ? 2 * t * t : 1 - 2 * u * u;
  }
  return t;
}

// Simulated time that has gone by since, or stands for what has.
double elapsed(Time at, Time view_time, const Motion& motion, Duration pace) {
  return static_cast<double>(view_time - at) + static_cast<double>(motion.after) * static_cast<double>(pace) / 1e9;
}

// Fills in what a fact says of its transition.
class Maker {
 public:
  explicit Maker(Transition& made) : made_(made) {}

  template <class F>
  void operator()(const F& f) const {
    if constexpr (!kLooksOf<F>.move) return;
    if constexpr (requires { f.tp; }) made_.tp = f.tp;
    if constexpr (requires { f.broker; }) made_.broker = f.broker;
    if constexpr (requires { f.node; }) made_.node = f.node;
    if constexpr (requires { f.consumer; }) made_.node = f.consumer;
    if constexpr (requires { f.as_leader; }) made_.as_leader = f.as_leader;
    if constexpr (requires { f.high_watermark; }) made_.mark = f.high_watermark;
    if constexpr (requires { f.message; f.from; f.to; }) {
      made_.node = f.from;
      made_.to_node = f.to;
      made_.message = f.message;
    }
  }

 private:
  Transition& made_;
};

// What a fact looks like as it happens; nullopt: like nothing.
std::optional<Transition> transition_of(const FactBody& body) {
  const std::optional<TransitionKind> kind = looks_of(body).move;
  if (!kind) return std::nullopt;
  Transition made;
  made.kind = *kind;
  body.visit(Maker(made));
  if (const std::optional<FactOffsets> offsets = offsets_of(body)) {
    made.from = offsets->from;
    made.to = offsets->to;
  }
  return made;
}

class Collector {
 public:
  Collector(const Timeline& timeline, Time view_time, const Motion& motion)
      : timeline_(timeline), view_time_(view_time), motion_(motion) {}

  // Of the steps before `here`.
  std::vector<Transition> collect(Step here) {
    Duration longest = 0;
    for (int i = 0; i < kTransitionKinds; ++i)
      longest = std::max(longest, shown(stated(static_cast<TransitionKind>(i), motion_.reduced), motion_.pace));
    for (Step step = here; step > motion_.settled && here - step < kMostLooked; --step) {
      const StepRecord record = timeline_.record_of(step - 1);
      if (elapsed(record.at, view_time_, motion_, motion_.pace_at(record.at)) >= static_cast<double>(longest)) break;
      look_at(step - 1, record);
    }
    return std::move(all_);
  }

 private:
  void look_at(Step step, const StepRecord& record) {
    const auto [first, last] = timeline_.facts_of(step);
    for (std::size_t i = last; i-- > first;) {
      std::optional<Transition> made = transition_of(timeline_.facts()[i].body);
      if (!made) continue;
      if (made->kind == TransitionKind::office) look_at_crown(*made, step, record.at);
      if (!time(*made, step, record.at)) continue;
      if (made->kind == TransitionKind::truncated) made->lost = epochs_before(*made, i);
      all_.push_back(std::move(*made));
    }
    const bool commits = record.event == EventKind::deliver && record.message == number_of<OffsetCommitResponse>();
    if (commits && record.action < 0 && record.cause < timeline_.furthest()) look_at_commit(step, record);
  }

  // With the office the new leader gets the crown of the one before.
  void look_at_crown(const Transition& office, Step step, Time at) {
    const States& states = timeline_.states();
    const std::optional<StateChange> taken = states.at(partition_office(office.tp), step + 1);
    const std::optional<StateChange> before = taken ? states.before(*taken) : std::nullopt;
    if (!before || taken->step != step || taken->value != office.broker) return;
    Transition made;
    made.kind = TransitionKind::crown;
    made.broker = office.broker;
    made.previous = left_by(*before);
    made.tp = office.tp;
    made.epoch = taken->number;
    if (made.previous != made.broker && time(made, step, at)) all_.push_back(made);
  }

  // Who was in office until then: who died in it has left the crown behind.
  BrokerId left_by(const StateChange& vacated) const {
    const std::optional<StateChange> held = timeline_.states().before(vacated);
    const bool offline = timeline_.facts()[vacated.fact].body.is<PartitionOffline>();
    return vacated.value != kNoBroker || offline || !held ? vacated.value : held->value;
  }

  // The member learns what its coordinator wrote down when it sent this answer.
  void look_at_commit(Step step, const StepRecord& record) {
    const auto [first, last] = timeline_.facts_of(record.cause);
    for (std::size_t i = first; i < last; ++i) {
      const auto* fact = timeline_.facts()[i].body.as<OffsetCommitted>();
      if (!fact || fact->consumer != record.node) continue;
      Transition made;
      made.kind = TransitionKind::committed;
      made.node = fact->consumer;
      made.tp = fact->tp;
      made.from = committed_before(*fact, i);
      made.to = fact->offset;
      if (made.from >= 0 && time(made, step, record.at)) all_.push_back(std::move(made));
    }
  }

  // -1: nothing, or too long ago.
  Offset committed_before(const OffsetCommitted& fact, std::size_t index) const {
    const Facts& facts = timeline_.facts();
    for (std::size_t looked = 0; index-- > 0 && looked < kMostFacts; ++looked) {
      const auto* earlier = facts[index].body.as<OffsetCommitted>();
      if (earlier && earlier->group == fact.group && earlier->tp == fact.tp) return earlier->offset;
    }
    return -1;
  }

  // Of the records that a truncation took away, by the appends that brought them.
  std::vector<Epoch> epochs_before(const Transition& cut, std::size_t index) const {
    const Facts& facts = timeline_.facts();
    std::vector<Epoch> epochs(static_cast<std::size_t>(std::max<Offset>(cut.from - cut.to, 0)), -1);
    Offset known = cut.from;  // from here on
    for (std::size_t looked = 0; index-- > 0 && looked < kMostFacts && known > cut.to; ++looked) {
      const auto* append = facts[index].body.as<BatchAppended>();
      if (!append || append->broker != cut.broker || append->tp != cut.tp || append->base_offset >= known) continue;
      for (Offset offset = std::max(append->base_offset, cut.to); offset < known; ++offset)
        epochs[static_cast<std::size_t>(offset - cut.to)] = append->leader_epoch;
      known = append->base_offset;
    }
    return epochs;
  }

  // False: it has come to its end.
  bool time(Transition& made, Step step, Time at) const {
    const Duration pace = motion_.pace_at(at);
    const auto whole = static_cast<double>(shown(stated(made.kind, motion_.reduced), pace));
    const double gone = elapsed(at, view_time_, motion_, pace);
    if (gone >= whole) return false;
    made.step = step;
    made.at = at;
    made.progress = static_cast<float>(std::max(gone, 0.0) / whole);
    made.eased = motion_.reduced ? made.progress : ease(manner(made.kind).easing, made.progress);
    return true;
  }

  const Timeline& timeline_;
  const Time view_time_;
  const Motion& motion_;
  std::vector<Transition> all_;
};

}  // namespace

Duration Motion::pace_at(Time at) const {
  const auto covers = [&](const SlowStretch& each) { return at >= each.from && at <= each.to; };
  return std::max<Duration>(std::any_of(slow.begin(), slow.end(), covers) ? pace / kSlower : pace, 1);
}

Duration stated(TransitionKind kind, bool reduced) { return reduced ? kFade : manner(kind).wall; }

Duration shown(Duration stated, Duration pace) {
  if (pace > kFastestShown) return 0;
  const double speed = static_cast<double>(pace) / 1e9;
  const double wall = std::clamp(static_cast<double>(stated) / speed, static_cast<double>(kLeastWall), static_cast<double>(kMostWall));
  return std::max<Duration>(static_cast<Duration>(wall * speed), 1);
}

std::vector<Transition> transitions(const Timeline& timeline, Time view_time, const Motion& motion) {
  if (!motion.moving) return {};
  return Collector(timeline, view_time, motion).collect(timeline.position());
}

Duration wall_left(const Timeline& timeline, Step position, Time view_time, const Motion& motion) {
  double most = 0;
  for (const Transition& each : Collector(timeline, view_time, motion).collect(position)) {
    const Duration pace = motion.pace_at(each.at);
    const auto whole = static_cast<double>(shown(stated(each.kind, motion.reduced), pace));
    most = std::max(most, whole * (1 - static_cast<double>(each.progress)) / static_cast<double>(pace) * 1e9);
  }
  return static_cast<Duration>(most);
}

}  // namespace nutshell
