// Share codes in the front end: copying the moment that is shown, and joining one.
#include <imgui.h>

#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/session/sharing.h"
#include "viz/app/app.h"
#include "viz/panels/tabs.h"

namespace nutshell {

namespace {

constexpr std::size_t kMostKept = 5;  // courses that a start can bring back

}  // namespace

const std::vector<std::string>& App::unsaved_codes() {
  std::vector<std::pair<std::size_t, std::size_t>> now;
  for (std::size_t each : session().unsaved()) now.emplace_back(each, session().branches()[each]->acted.size());
  if (codes_session_ == figure_.session.get() && codes_of_ == now) return codes_;
  codes_session_ = figure_.session.get();
  codes_of_ = std::move(now);
  codes_.clear();
  if (codes_of_.empty()) return codes_;
  const std::optional<Scenario> lesson = shelf_.shipped(session().scenario().name);
  const std::string name = lesson_name(session().scenario().name);
  for (const auto& [which, deeds] : codes_of_)
    codes_.push_back(share_code(share_of_branch(session(), which, lesson ? &*lesson : nullptr, name)));
  return codes_;
}

std::vector<std::string> App::to_keep() {
  std::vector<std::string> all = gallery_.kept;
  const std::vector<std::string>& mine = unsaved_codes();
  all.insert(all.end(), mine.begin(), mine.end());
  if (all.size() > kMostKept) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(kMostKept));
  return all;
}

void App::keep_unsaved() {
  std::vector<std::string> all = to_keep();
  for (std::size_t each : session().unsaved()) session().set_saved(each);
  gallery_.kept = std::move(all);
}

// What was done last, and not saved, is there again; it is still not saved.
void App::bring_back() {
  if (gallery_.kept.empty()) return;
  const std::string code = gallery_.kept.back();
  try {
    const OpenedShare opened = open_share(code, {});
    leave([this, opened] {
      gallery_.kept.pop_back();
      open_moment(opened);
      session().set_saved(session().branches().size() - 1, false);
      show(LessonScreen{});
    });
  } catch (const Failure& failure) {
    gallery_.kept.pop_back();
    show(LessonScreen{});
    session().say(failure.what());
  }
}

std::string App::code_of_moment() {
  session().know_all();
  const std::string& name = session().scenario().name;
  const std::optional<Scenario> lesson = shelf_.shipped(session().scenario().name);
  Share share = share_of(session(), lesson ? &*lesson : nullptr, lesson_name(name));
  share.view = {row_of(panels_.tab).code, static_cast<std::uint8_t>(figure_.view.area), room_.projector};
  return share_code(share);
}

void App::share() {
  hands_.share_code = code_of_moment();
  ImGui::SetClipboardText(hands_.share_code.c_str());
}

void App::open_moment(const OpenedShare& opened) {
  const Share& share = opened.share;
  open(opened.scenario);
  Session& session = *figure_.session;
  Joining joining{session.replay(0, share.course.deeds, share.at), share.at, {}, opened.warning};
  if (const std::optional<Tab> tab = tab_of_code(share.view.tab)) panels_.tab = *tab;
  if (share.view.area < kMainAreas) figure_.view.area = static_cast<MainArea>(share.view.area);
  if (share.beside) {
    Course settings = *share.beside, mine = share.course;
    settings.deeds.clear(), mine.deeds.clear();
    std::size_t root = 0;
    if (digest_of(settings) != digest_of(mine)) {
      std::vector<Problem> problems;
      Scenario other = changed(opened.base, settings, problems);
      std::string name = settings.seed != mine.seed ? "another seed" : "as the lesson has it";
      if (!settings.set.empty()) name = settings.set.back().first + "=" + settings.set.back().second;
      root = session.add_universe(std::move(other), std::move(name));
    }
    joining.beside = session.replay(root, share.beside->deeds, share.at);
  }
  errands_.join(std::move(joining));
  errands_.go_on_joining(session);
}

std::string App::join(const std::string& what) {
  try {
    if (is_share_code(what)) {
      leave([this, opened = open_share(what)] {
        open_moment(opened);
        show(LessonScreen{});
      });
    } else {
      leave([this, scenario = load(what, {})] {
        open(scenario);
        show(LessonScreen{});
      });
    }
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "";
}

}  // namespace nutshell
