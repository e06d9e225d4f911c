// Share codes in the front end: copying the moment that is shown, and joining one.
#include <imgui.h>

#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/session/sharing.h"
#include "viz/app/app.h"

namespace nutshell {

namespace {

constexpr std::size_t kMostKept = 5;  // courses that a start can bring back

}  // namespace

// As its file has it; nullopt: it is no shipped one.
std::optional<Scenario> App::shipped_lesson() const {
  const std::string name = lesson_name(session_->scenario().name);
  for (const LessonCard& each : lessons_) {
    std::string error;
    if (lesson_name(each.file) == name) return read_(each.file, error);
  }
  return std::nullopt;
}

const std::vector<std::string>& App::unsaved_codes() {
  std::vector<std::pair<std::size_t, std::size_t>> now;
  for (std::size_t each : session_->unsaved()) now.emplace_back(each, session_->branches()[each]->acted.size());
  if (codes_session_ == session_.get() && codes_of_ == now) return codes_;
  codes_session_ = session_.get();
  codes_of_ = std::move(now);
  codes_.clear();
  if (codes_of_.empty()) return codes_;
  const std::optional<Scenario> lesson = shipped_lesson();
  const std::string name = lesson_name(session_->scenario().name);
  for (const auto& [which, deeds] : codes_of_)
    codes_.push_back(share_code(share_of_branch(*session_, which, lesson ? &*lesson : nullptr, name)));
  return codes_;
}

std::vector<std::string> App::to_keep() {
  std::vector<std::string> all = view_.kept;
  const std::vector<std::string>& mine = unsaved_codes();
  all.insert(all.end(), mine.begin(), mine.end());
  if (all.size() > kMostKept) all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(kMostKept));
  return all;
}

void App::keep_unsaved() {
  std::vector<std::string> all = to_keep();
  for (std::size_t each : session_->unsaved()) session_->set_saved(each);
  view_.kept = std::move(all);
}

// What was done last, and not saved, is there again; it is still not saved.
void App::bring_back() {
  if (view_.kept.empty()) return;
  const std::string code = view_.kept.back();
  try {
    const OpenedShare opened = open_share(code, {});
    leave([this, opened] {
      view_.kept.pop_back();
      open_moment(opened);
      session_->set_saved(session_->branches().size() - 1, false);
      view_.overlay = Overlay::none;
    });
  } catch (const Failure& failure) {
    view_.kept.pop_back();
    view_.overlay = Overlay::none;
    session_->say(failure.what());
  }
}

std::string App::code_of_moment() {
  session_->know_all();
  const std::string& name = session_->scenario().name;
  const std::optional<Scenario> lesson = shipped_lesson();
  Share share = share_of(*session_, lesson ? &*lesson : nullptr, lesson_name(name));
  share.view = {static_cast<std::uint8_t>(view_.tab), static_cast<std::uint8_t>(view_.area), view_.projector};
  return share_code(share);
}

void App::share() {
  view_.share_code = code_of_moment();
  ImGui::SetClipboardText(view_.share_code.c_str());
}

void App::open_moment(const OpenedShare& opened) {
  const Share& share = opened.share;
  open(opened.scenario);
  Session& session = *session_;
  joining_ = Joining{session.replay(0, share.course.deeds, share.at), share.at, {}, opened.warning};
  if (share.view.tab < kTabs) view_.tab = static_cast<Tab>(share.view.tab);
  if (share.view.area < kMainAreas) view_.area = static_cast<MainArea>(share.view.area);
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
    joining_->beside = session.replay(root, share.beside->deeds, share.at);
  }
  go_on_joining();
}

void App::go_on_joining() {
  if (!joining_) return;
  const Joining& joining = *joining_;
  Session& session = *session_;
  const auto is_near = [&](CommandName name, std::int64_t value) {
    const Command command{name, value, {}};
    if (session.lies_ahead(command)) session.bring_near(command);
    return !session.lies_ahead(command);
  };
  if (session.current() != joining.branch) {
    if (!is_near(CommandName::switch_branch, static_cast<std::int64_t>(joining.branch))) return;
    session.switch_to(joining.branch);
  }
  if (session.view_time() != joining.at) {
    if (!is_near(CommandName::go_to_time, joining.at)) return;
    session.go_to_time(joining.at);
  }
  if (joining.beside) {
    if (!is_near(CommandName::compare_with, static_cast<std::int64_t>(*joining.beside))) return;
    session.compare_with(joining.beside);
  }
  if (!joining.warning.empty()) session.say(joining.warning);
  joining_.reset();
}

// A share code, a file, or the name of a lesson. Returns "" or why there is nothing to open.
std::string App::join(const std::string& what) {
  try {
    if (is_share_code(what)) {
      leave([this, opened = open_share(what)] {
        open_moment(opened);
        view_.overlay = Overlay::none;
      });
    } else {
      leave([this, scenario = load(what, {})] {
        open(scenario);
        view_.overlay = Overlay::none;
      });
    }
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "";
}

// What is in the clipboard stands there at once, if it is a code; what is pasted or typed takes its place.
void App::ask_for_code() {
  view_.prompt = {};
  Prompt& prompt = view_.prompt;
  prompt.open = prompt.code = true;
  const std::string held = clipboard_line();
  if (is_share_code(held)) {
    prompt.text = held;
    prompt.title = "From the clipboard: Enter. Or paste or type another code, from  nutshell:  on.";
    select_all(prompt.text, prompt.caret);
  } else {
    prompt.title = "Join by code: Ctrl V pastes it, or type it, from  nutshell:  on; then Enter.";
  }
}

void App::ask_for_file() {
  view_.prompt = {};
  view_.prompt.open = view_.prompt.code = true;
  view_.prompt.title = "Open a scenario: its file, or the name of a lesson; then Enter.";
}

void App::join_typed() {
  Prompt& prompt = view_.prompt;
  prompt.complaint = join(prompt.text);
  prompt.open = !prompt.complaint.empty();
}

}  // namespace nutshell
