#include "sim/session/sharing.h"

#include <algorithm>

#include "sim/core/require.h"
#include "sim/scenario/write.h"

namespace nutshell {

namespace {

constexpr Duration kKnownAfter = 30 * kSecond;  // of a course with deeds, after the last of them

// How the branch came about from that scenario; nullopt: it did not come from it.
std::optional<Course> course_from(const Scenario& base, const Branch& branch) {
  const auto& changes = branch.scenario.changed;
  if (changes.size() < base.changed.size() || !std::equal(base.changed.begin(), base.changed.end(), changes.begin()))
    return std::nullopt;
  Course course;
  course.set.assign(changes.begin() + static_cast<std::ptrdiff_t>(base.changed.size()), changes.end());
  if (branch.scenario.setup.seed != base.setup.seed) course.seed = branch.scenario.setup.seed;
  // How far an open branch is known says nothing about it.
  if (!branch.open && branch.scenario.until != base.until) course.until = branch.scenario.until;
  std::vector<Problem> problems;
  Scenario made = changed(base, course, problems);
  made.until = branch.scenario.until;
  made.opens = branch.scenario.opens;
  if (!problems.empty() || write_scenario(made) != write_scenario(branch.scenario)) return std::nullopt;
  course.deeds = branch.acted;
  return course;
}

}  // namespace

namespace {

// `beside`: nullptr: it is shared alone.
Share make_share(const Session& session, const Branch& here, const Branch* beside, const Scenario* lesson, const std::string& name) {
  const Scenario& first = session.branches().front()->scenario;
  std::optional<Course> course;
  Share share;
  share.name = name;
  share.at = session.view_time();
  if (lesson) course = course_from(*lesson, here);
  const bool shipped = course.has_value();
  if (shipped) share.edition = edition_of(*lesson);
  else course = course_from(first, here);
  const bool whole = !course;  // where nothing else can be said, the branch itself is what is shared
  if (whole) course = Course{{}, {}, {}, here.acted};
  if (!shipped) share.text = short_text(whole ? here.scenario : first);
  share.course = std::move(*course);
  if (beside && !whole) share.beside = course_from(shipped ? *lesson : first, *beside);
  return share;
}

}  // namespace

Share share_of(const Session& session, const Scenario* lesson, const std::string& name) {
  const Branch* beside = session.compared() ? &session.other() : nullptr;
  return make_share(session, *session.branches()[session.current()], beside, lesson, name);
}

Share share_of_branch(const Session& session, std::size_t which, const Scenario* lesson, const std::string& name) {
  const Branch& branch = *session.branches()[which];
  Share share = make_share(session, branch, nullptr, lesson, name);
  if (which != session.current() && !branch.acted.empty()) share.at = branch.acted.back().at;
  return share;
}

std::size_t Session::replay(std::size_t root, const std::vector<Action>& deeds, Time at) {
  NUTSHELL_REQUIRE(root < branches_.size() && !branches_[root]->parent);
  std::size_t last = root;
  for (std::size_t i = 0; i < deeds.size(); ++i) {
    auto made = std::make_unique<Branch>();
    made->name = sentence(deeds[i].body);
    made->scenario = branches_[root]->scenario;
    made->scenario.until = std::min(std::max({made->scenario.until, deeds.back().at + kKnownAfter, at}), kMaxUntil);
    made->acted.assign(deeds.begin(), deeds.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    made->open = made->saved = true;  // by its code it can be had again
    made->parent = last;
    made->lesson = branches_[root].get();
    made->left_time = made->began = deeds[i].at;
    made->placed = false;
    branches_.push_back(std::move(made));
    last = branches_.size() - 1;
  }
  return last;
}

// Known past its own deed, as every branch that is shown: so far the captions go that it inherited. And where the deeds of
// replayed branches stand in steps shows in the run of the last of them.
void Session::place(std::size_t which) {
  know(*branches_[which], branches_[which]->began);
  if (branches_[which]->placed) return;
  const Timeline& run = *branches_[which]->timeline;
  for (std::size_t i = which; !branches_[i]->placed; i = *branches_[i]->parent) {
    Branch& each = *branches_[i];
    // Deeds of one time follow each other, before all else that happens then. One that proved impossible is left out.
    const auto done = std::count_if(each.acted.begin(), each.acted.end(), [&](const Action& a) { return a.at == each.began; });
    each.begins = run.steps_until(each.began - 1) + static_cast<Step>(done);
    each.left_at = done > 0 ? each.begins - 1 : each.begins;
    each.placed = true;
  }
}

}  // namespace nutshell
