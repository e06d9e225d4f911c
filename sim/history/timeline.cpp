#include "sim/history/timeline.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/history/timeline_state.h"

namespace nutshell {

namespace {

std::uint64_t digest_of(const World& world, const Judge& judge) {
  std::uint64_t digest = state_digest(world);
  judge.fold_into(digest);
  return digest;
}

std::vector<Action> timed(std::vector<Action> script) {
  script.erase(std::remove_if(script.begin(), script.end(), [](const Action& each) { return each.when.has_value(); }), script.end());
  std::stable_sort(script.begin(), script.end(), [](const Action& a, const Action& b) { return a.at < b.at; });
  return script;
}

}  // namespace

Timeline::State::State(Setup with, std::vector<Action> actions, TimelineOptions settings)
    : setup(std::move(with)),
      script(timed(actions)),
      live(script.size(), false),
      waited(script.size(), -1),
      options(settings),
      world(make_world(setup)),
      checkpoints(options.checkpoint_every, options.memory_budget) {
  NUTSHELL_REQUIRE(options.checkpoint_every > 0);
  for (const Action& each : actions)
    if (each.when) waiting.emplace_back(each);
  cross_checkpoint();
}

Time Timeline::State::next_time() {
  const Time next = next_event_time(world);
  return next_action < script.size() ? std::min(next, script[next_action].at) : next;
}

// Nothing is left to happen, or not until `limit`.
bool Timeline::State::is_over(Time limit) {
  const Time next = next_time();
  return next == kNever || next > limit;
}

void Timeline::State::run_action(StepRecord& record) {
  record.action = static_cast<std::int32_t>(next_action);
  apply(world, script[next_action], facts);
  ++next_action;
}

void Timeline::State::run_event(StepRecord& record) {
  const StepInfo info = nutshell::step(world, facts);
  record.cause = info.cause;
  record.node = info.node;
  record.from = info.from;
  record.event = info.event;
  record.timer = info.timer;
  record.message = info.message;
}

// REQUIRES !is_over(kNever).
void Timeline::State::take_step() {
  StepRecord record;
  facts.clear();
  const bool action_is_due = next_action < script.size() && script[next_action].at <= next_event_time(world);
  if (action_is_due) run_action(record);
  else run_event(record);
  record.at = world.now();
  if (options.judge) judge.observe(world, facts);
  account(record);
  ++position;
  ++taken;
  if (position == chronicle.steps()) front.reset();
  cross_checkpoint();
}

void Timeline::State::account(const StepRecord& record) {
  if (position == chronicle.steps()) {
    note_facts();
    return chronicle.append(record, facts, options.keep);
  }
  const bool replayed_step_equals_its_record = record == chronicle.record(position);
  NUTSHELL_REQUIRE(replayed_step_equals_its_record);
}

void Timeline::State::cross_checkpoint() {
  if (position % checkpoints.spacing() != 0) return;
  if (checkpoints.wanted(position)) {
    auto made = std::make_shared<Checkpoint>(Checkpoint{position, next_action, world, judge, 0});
    made->bytes = made->world.copy_bytes() + made->judge.copy_bytes();
    return checkpoints.keep(std::move(made));
  }
  const Checkpoint* known = checkpoints.nearest(position);
  if (!known || known->position != position) return;
  const bool replayed_state_equals_its_checkpoint = digest_of(world, judge) == digest_of(known->world, known->judge);
  NUTSHELL_REQUIRE(replayed_state_equals_its_checkpoint);
}

std::shared_ptr<Checkpoint> Timeline::State::copy_present() const {
  return std::make_shared<Checkpoint>(Checkpoint{position, next_action, world, judge, 0});
}

std::shared_ptr<Checkpoint> Timeline::State::take_present() {
  return std::make_shared<Checkpoint>(Checkpoint{position, next_action, std::move(world), std::move(judge), 0});
}

void Timeline::State::stand_at(Checkpoint&& moment) {
  position = moment.position;
  next_action = moment.next_action;
  world = std::move(moment.world);
  judge = std::move(moment.judge);
  if (position == chronicle.steps()) front.reset();
}

// Forgets the future.
void Timeline::State::cut() {
  chronicle.cut(position);
  states.cut(position);
  checkpoints.cut(position);
  front.reset();
  wait_again();
}

void Timeline::State::restore(Step at_or_before) {
  const Checkpoint* from = checkpoints.nearest(at_or_before);
  NUTSHELL_REQUIRE(from != nullptr);
  if (!front) front = take_present();
  stand_at(Checkpoint(*from));
}

// False if the run ends before.
bool Timeline::State::go_to(Step target) {
  if (front && target >= front->position) {
    const std::shared_ptr<Checkpoint> there = front;
    stand_at(std::move(*there));
  }
  const Step known = std::min(target, chronicle.steps());
  const Checkpoint* nearest = checkpoints.nearest(known);
  if (target < position || nearest->position > position) restore(known);
  while (position < target) {
    if (is_over(kNever)) return false;
    take_step();
  }
  return true;
}

Timeline::Timeline(Setup setup, std::vector<Action> script, TimelineOptions options)
    : state_(std::make_unique<State>(std::move(setup), std::move(script), options)) {}
Timeline::Timeline(std::unique_ptr<State> state) : state_(std::move(state)) {}
Timeline::~Timeline() = default;
Timeline::Timeline(Timeline&&) noexcept = default;
Timeline& Timeline::operator=(Timeline&&) noexcept = default;

const Setup& Timeline::setup() const { return state_->setup; }
const std::vector<Action>& Timeline::script() const { return state_->script; }
const World& Timeline::world() const { return state_->world; }
const Judge& Timeline::judge() const { return state_->judge; }
Step Timeline::position() const { return state_->position; }
Step Timeline::furthest() const { return state_->chronicle.steps(); }
Time Timeline::next_time() const { return state_->next_time(); }
Step Timeline::taken() const { return state_->taken; }
Time Timeline::now() const { return state_->world.now(); }
const Facts& Timeline::facts() const { return state_->chronicle.facts(); }
std::pair<std::size_t, std::size_t> Timeline::facts_of(Step step) const { return state_->chronicle.facts_of(step); }
StepRecord Timeline::record_of(Step step) const { return state_->chronicle.record(step); }
Step Timeline::steps_until(Time time) const { return state_->chronicle.steps_until(time); }
std::size_t Timeline::checkpoint_bytes() const { return state_->checkpoints.bytes(); }
Step Timeline::checkpoint_spacing() const { return state_->checkpoints.spacing(); }

bool Timeline::step(Time limit) {
  if (state_->is_over(limit)) return false;
  state_->take_step();
  return true;
}

std::shared_ptr<Checkpoint> Timeline::leave_for_front() {
  State& state = *state_;
  if (!state.front) return state.copy_present();
  std::shared_ptr<Checkpoint> present = state.take_present();
  const std::shared_ptr<Checkpoint> front = std::move(state.front);
  state.stand_at(std::move(*front));
  return present;
}

void Timeline::come_back(std::shared_ptr<Checkpoint> present) {
  State& state = *state_;
  NUTSHELL_REQUIRE(present->position <= state.position && state.position == furthest());
  if (present->position == state.position) return;
  state.front = state.take_present();
  state.stand_at(std::move(*present));
}

const World& Timeline::front_world() const { return state_->front ? state_->front->world : state_->world; }

bool Timeline::step_back() { return state_->position > 0 && state_->go_to(state_->position - 1); }

bool Timeline::seek(Step position) { return state_->go_to(position); }

void Timeline::seek_time(Time time) {
  state_->go_to(state_->chronicle.steps_until(time));
  while (step(time)) {
  }
}

std::string Timeline::act(ActionBody action) {
  const Time now = state_->world.now();
  return act(std::move(action), state_->position > 0 ? now + 1 : now);
}

std::string Timeline::act(ActionBody action, Time at) {
  State& state = *state_;
  std::string problem = impossible(state.world, action);
  if (!problem.empty()) return problem;
  const bool after_another = state.position > 0 && at == state.world.now() && record_of(state.position - 1).action >= 0;
  NUTSHELL_REQUIRE(state.position == 0 || at > state.world.now() || after_another);
  while (step(at - 1)) {
  }
  state.cut();
  for (std::size_t i = state.script.size(); i-- > state.next_action;) {
    if (!state.live[i]) continue;
    state.script.erase(state.script.begin() + static_cast<std::ptrdiff_t>(i));
    state.live.erase(state.live.begin() + static_cast<std::ptrdiff_t>(i));
    state.waited.erase(state.waited.begin() + static_cast<std::ptrdiff_t>(i));
  }
  state.insert_action(state.next_action, {at, std::move(action)}, true, -1);
  state.take_step();
  return "";
}

std::string TimelineNamer::node(NodeId node) const {
  if (node < static_cast<NodeId>(state_.world.fabric.nodes.size())) return WorldNamer(state_.world).node(node);
  return WorldNamer(state_.front->world).node(node);
}

std::string TimelineNamer::name(std::int32_t interned) const {
  const bool known = interned < state_.world.fabric.names.size();
  return WorldNamer(known ? state_.world : state_.front->world).name(interned);
}

std::size_t Timeline::acts_taken() const {
  const auto next = state_->live.begin() + static_cast<std::ptrdiff_t>(state_->next_action);
  return static_cast<std::size_t>(std::count(state_->live.begin(), next, true));
}

const States& Timeline::states() const {
  NUTSHELL_REQUIRE(state_->options.keep == FactLevel::detail);
  state_->states.follow(state_->chronicle, front_world());
  return state_->states;
}

Timeline Timeline::fork() const {
  auto twin = std::make_unique<State>(*state_);
  twin->cut();
  return Timeline(std::move(twin));
}

std::uint64_t Timeline::digest() const {
  std::uint64_t digest = state_->world.fabric.digest;
  return mix(mix(digest, state_->position), state_digest(state_->world));
}

}  // namespace nutshell
