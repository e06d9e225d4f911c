// What is known of a long run grows with the frames, and no frame takes as long as the run.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sim/command/library.h"
#include "sim/scenario/read.h"
#include "sim/scenario/run.h"
#include "sim/scenario/story.h"
#include "tests/viz/desk.h"
#include "viz/panels/caption.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// Twelve brokers at 9 s, known to the end, with no question standing.
void settle_down(Session& session) {
  session.know_all();
  session.go_to_time(9 * kSecond);
  while (session.asking()) session.obey({CommandName::reveal, 0, {}});
}

// So many branches that leave the lesson, one after another; what each came to at 20 s.
std::vector<std::uint64_t> leave_often(Session& session, int branches) {
  std::vector<std::uint64_t> digests;
  for (int i = 0; i < branches; ++i) {
    REQUIRE(session.act(Pause{"broker " + std::to_string(i % 12 + 1), {kSecond + i * kMillisecond}}) == "");
    session.know_all();
    session.go_to_time(20 * kSecond);
    digests.push_back(session.timeline().digest());
    REQUIRE(session.undo());
  }
  return digests;
}

// Frames until it is so; fewer than 200.
template <class Done>
int frames_until(Desk& desk, const Done& done) {
  int frames = 0;
  while (!done()) {
    desk.look();
    REQUIRE(++frames < 200);
  }
  return frames;
}

}  // namespace

TEST_CASE("among many brokers the future after a deed comes to be known frame by frame; asked at once, it is the same") {
  Session hasty(lesson("twelve-brokers")), patient(lesson("twelve-brokers"));
  for (Session* each : {&hasty, &patient}) {
    each->go_to_time(9 * kSecond);
    while (each->asking()) each->obey({CommandName::reveal, 0, {}});
    REQUIRE(each->act(Crash{"broker 3", false}) == "");
    CHECK(each->known_until() > each->view_time());
    CHECK(each->known_until() < each->scenario().until);
  }
  std::size_t frames = 0;
  while (patient.known_until() < patient.scenario().until) {
    const Time before = patient.known_until(), seen = patient.view_time();
    REQUIRE(++frames < 100);
    patient.pass(0);
    CHECK(patient.known_until() > before);
    CHECK(patient.view_time() == seen);
  }
  CHECK(frames > 2);
  const auto both = [&](CommandName name, std::int64_t value) {
    hasty.obey({name, value, {}});
    patient.obey({name, value, {}});
    CHECK(hasty.view_time() == patient.view_time());
    CHECK(hasty.timeline().position() == patient.timeline().position());
    CHECK(hasty.timeline().digest() == patient.timeline().digest());
  };
  both(CommandName::next_moment, 0);
  both(CommandName::run_until, static_cast<std::int64_t>(Until::promise_broken));  // never: all has to be known
  both(CommandName::go_to_time, 31 * kSecond);
  both(CommandName::end, 0);
  const std::vector<Lane>& some = hasty.lanes().lanes, &others = patient.lanes().lanes;
  REQUIRE(some.size() == others.size());
  for (std::size_t i = 0; i < some.size(); ++i) CHECK(some[i].stretches == others[i].stretches);
}

TEST_CASE("a lesson of many brokers opens before it is known to its end, and tells the same story in the end") {
  Session session(lesson("twelve-brokers"));
  const std::size_t told_at_once = session.beats().size();
  CHECK(session.known_until() < session.scenario().until);
  CHECK(session.known_until() > session.scenario().opens);
  REQUIRE(session.beat());
  const std::string first = session.beat()->text;
  for (int frames = 0; session.known_until() < session.scenario().until; ++frames) {
    REQUIRE(frames < 100);
    session.pass(0);
  }
  const Scenario& scenario = session.scenario();
  Timeline run = timeline_of(scenario);
  run_to(run, scenario.until);
  std::vector<StoryLine> story = tell_beats(scenario, run);
  std::erase_if(story, [](const StoryLine& each) { return each.kind == StoryLine::Kind::focus; });
  CHECK(told_at_once < story.size());
  REQUIRE(session.beats().size() == story.size());
  for (std::size_t i = 0; i < story.size(); ++i) {
    CHECK(session.beats()[i].text == story[i].text);
    CHECK(session.beats()[i].answer == story[i].answer);
  }
  CHECK(session.beat()->text == first);
}

TEST_CASE("a question stands at once; to answer it waits until all is known, and then there is a right answer") {
  Session hasty(lesson("twelve-brokers")), patient(lesson("twelve-brokers"));
  patient.know_all();
  for (Session* each : {&hasty, &patient}) {
    for (int i = 0; i < 40 && !each->asking(); ++i) each->obey({CommandName::next, 0, {}});
    REQUIRE(each->asking());
  }
  CHECK(hasty.view_time() == patient.view_time());
  CHECK(hasty.timeline().digest() == patient.timeline().digest());
  REQUIRE_FALSE(hasty.whole());
  REQUIRE(patient.beat()->answer);
  constexpr CommandName kAnswers[] = {CommandName::answer, CommandName::reveal, CommandName::next, CommandName::play_pause};
  for (const CommandName each : kAnswers) CHECK(hasty.lies_ahead({each, 0, {}}));
  for (int frames = 0; !hasty.whole(); ++frames) {
    hasty.pass(0);
    REQUIRE(frames < 100);
  }
  for (const CommandName each : kAnswers) CHECK_FALSE(hasty.lies_ahead({each, 0, {}}));
  CHECK(hasty.beat()->answer == patient.beat()->answer);
  // Who does not wait is not left without.
  Session rash(lesson("twelve-brokers"));
  for (int i = 0; i < 40 && !rash.asking(); ++i) rash.obey({CommandName::next, 0, {}});
  rash.obey({CommandName::reveal, 0, {}});
  CHECK_FALSE(rash.asking());
  CHECK(rash.beat()->answer == patient.beat()->answer);
}

TEST_CASE("a jump to what is not known yet waits for it, frame by frame; another wish takes its place") {
  Desk desk(lesson("twelve-brokers"));
  Session& session = desk.session();
  settle_down(session);
  REQUIRE(session.act(Crash{"broker 3", false}) == "");
  const Time before = session.view_time();
  desk.press(KeyName::end);
  CHECK(session.view_time() == before);
  CHECK(frames_until(desk, [&] { return session.view_time() != before; }) > 2);
  CHECK(session.at_end());
  session.go_to_time(12 * kSecond);
  REQUIRE(session.act(Crash{"broker 4", false}) == "");
  desk.press(KeyName::end);
  desk.press(KeyName::home);
  CHECK(session.view_time() == session.scenario().opens);
  for (int i = 0; i < 100; ++i) desk.look();
  CHECK(session.view_time() == session.scenario().opens);
  CHECK(session.branches()[session.current()]->whole());
}

TEST_CASE("figures of a long run tell of its first part at once, and of all of it after some frames") {
  Session session(lesson("twelve-brokers"));
  session.know_all();
  REQUIRE(session.timeline().furthest() > 2 * kReadAFrame);
  const Branch& branch = *session.branches()[0];
  CHECK(branch.histories().until < session.known_until());
  CHECK(session.tracks()->until == branch.histories().until);
  CHECK(session.timeline().steps_until(session.tracks()->until) <= kReadAFrame);
  CHECK(session.timeline().steps_until(session.tracks()->until) > kReadAFrame - 500);
  const std::shared_ptr<const Tracks> first = session.tracks();
  int frames = 0;
  while (session.tracks() == first) {
    REQUIRE(branch.histories().until == first->until);
    session.pass(0);
    REQUIRE(++frames < 100);
  }
  CHECK(frames > 2);
  CHECK(session.tracks()->until == session.known_until());
  CHECK(branch.histories().until == session.known_until());
  CHECK(session.tracks()->passages.size() == read_tracks(session.timeline(), session.known_until()).passages.size());
}

TEST_CASE("a branch that was left long ago is known again as far as it was, frame by frame") {
  Session session(lesson("twelve-brokers"));
  session.know_all();
  session.go_to_time(9 * kSecond);
  while (session.asking()) session.obey({CommandName::reveal, 0, {}});
  std::vector<Step> ends;
  std::vector<std::uint64_t> digests;
  for (int i = 0; i < 34; ++i) {
    REQUIRE(session.act(Pause{"broker " + std::to_string(i % 12 + 1), {kSecond + i * kMillisecond}}) == "");
    session.know_all();
    ends.push_back(session.end());
    session.go_to_time(20 * kSecond);
    digests.push_back(session.timeline().digest());
    REQUIRE(session.undo());
  }
  REQUIRE_FALSE(session.branches()[1]->timeline);
  session.switch_to(1);
  CHECK(session.known_until() < session.scenario().until);
  CHECK(session.end() == session.timeline().furthest());
  for (const StoryLine& each : session.beats()) CHECK(each.position <= session.timeline().furthest());
  session.know_all();
  CHECK(session.known_until() == session.scenario().until);
  CHECK(session.end() == ends.front());
  session.go_to_time(20 * kSecond);
  CHECK(session.timeline().digest() == digests.front());
}

TEST_CASE("the fastest playing goes no further than what is known, and comes to the end all the same") {
  Session session(without_questions(lesson("twelve-brokers")));
  settle_down(session);
  REQUIRE(session.act(Crash{"broker 3", false}) == "");
  session.obey({CommandName::speed, static_cast<std::int64_t>(speeds().size()) - 1, {}});
  session.obey({CommandName::play_pause, 0, {}});
  const Time until = session.scenario().until;
  int frames = 0, held = 0;
  while (session.view_time() < until) {
    const Step before = session.end();
    const Time from = session.view_time();
    session.pass(200 * kMillisecond);  // 12 s, were they known
    CHECK(session.end() - before <= kStepsAFrame);
    CHECK(session.view_time() <= session.known_until());
    held += session.view_time() < from + 12 * kSecond;
    // Playing waits at a caption that says so, and nowhere else before the end.
    if (!session.playing() && session.view_time() < until) {
      REQUIRE(session.beat());
      CHECK(session.beat()->pause);
      CHECK(session.view_time() >= session.beat()->at);
      session.obey({CommandName::play_pause, 0, {}});
    }
    REQUIRE(++frames < 100);
  }
  CHECK(held > 1);
}

TEST_CASE("a branch that was left long ago is turned to, or held beside, when it is known again") {
  Desk desk(lesson("twelve-brokers"));
  Session& session = desk.session();
  settle_down(session);
  const std::vector<std::uint64_t> digests = leave_often(session, 35);
  session.go_to_time(20 * kSecond);
  const auto forgotten = [&](std::size_t which) { return !session.branches()[which]->timeline; };
  REQUIRE((forgotten(1) && forgotten(2)));
  desk.app().obey({CommandName::compare_with, 2, {}});
  CHECK_FALSE(session.compared());
  CHECK(frames_until(desk, [&] { return session.compared().has_value(); }) > 1);
  CHECK(session.compared() == std::size_t{2});
  CHECK(session.other().timeline->digest() == digests[1]);
  CHECK(session.view_time() == 20 * kSecond);
  desk.app().obey({CommandName::compare_with, -1, {}});
  CHECK_FALSE(session.compared());
  REQUIRE(forgotten(1));
  desk.app().obey({CommandName::switch_branch, 1, {}});
  CHECK(session.current() == 0);
  CHECK(frames_until(desk, [&] { return session.current() == 1; }) > 1);
  CHECK(session.timeline().digest() == digests.front());
}

TEST_CASE("a branch is shown when it is known past its own deed, with all captions that it inherited") {
  Desk desk(lesson("twelve-brokers"));
  Session& session = desk.session();
  settle_down(session);
  session.go_to_time(40 * kSecond);
  REQUIRE(session.act(Pause{"broker 2", {kSecond}}) == "");
  session.go_to_time(9 * kSecond);  // the next one leaves it before its deed
  for (int i = 0; i < 34; ++i) REQUIRE(session.act(Pause{"broker " + std::to_string(i % 12 + 1), {kSecond}}) == "");
  REQUIRE_FALSE(session.branches()[0]->timeline);
  REQUIRE_FALSE(session.branches()[1]->timeline);
  desk.figure().area = MainArea::space_time;
  desk.app().obey({CommandName::switch_branch, 1, {}});
  CHECK(frames_until(desk, [&] { return session.current() == 1; }) > 2);
  CHECK(session.beats().size() > session.told() + 1);
  for (const StoryLine& each : session.beats()) CHECK(each.position <= session.timeline().furthest());
  desk.look();
}

TEST_CASE("undo waits for a branch that was left long ago, one wish at a time") {
  Desk desk(lesson("twelve-brokers"));
  Session& session = desk.session();
  settle_down(session);
  const std::uint64_t before = session.timeline().digest();
  for (int i = 0; i < 34; ++i) {
    REQUIRE(session.act(Pause{"broker " + std::to_string(i % 12 + 1), {kSecond}}) == "");
    session.go_to_time(session.view_time() + 100 * kMillisecond);
  }
  REQUIRE_FALSE(session.branches()[0]->timeline);
  for (std::size_t left = session.branches().size() - 1; left > 0; --left) {
    const Command undo{CommandName::undo, 0, {}};
    desk.app().obey(undo);
    frames_until(desk, [&] { return session.current() != left; });
    CHECK(session.current() == left - 1);
  }
  CHECK(session.timeline().digest() == before);
  CHECK(session.view_time() == 9 * kSecond);
}

TEST_CASE("a universe is held beside a late moment when it is known until then") {
  Desk desk(lesson("twelve-brokers"));
  Session& session = desk.session();
  settle_down(session);
  session.go_to_time(session.scenario().until);
  CHECK(desk.app().show_beside("seed", "7") == "");
  REQUIRE(session.branches().size() == 2);
  CHECK_FALSE(session.compared());
  CHECK(frames_until(desk, [&] { return session.compared().has_value(); }) > 1);
  CHECK(session.other().timeline->position() == session.other().end);
  Timeline beside = timeline_of(session.other().scenario);
  beside.seek_time(session.view_time());
  CHECK(session.other().timeline->digest() == beside.digest());
  // What one command line asks for is there at once.
  Desk settled(lesson("twelve-brokers"));
  settled.session().go_to_time(session.view_time());
  CHECK(settled.app().show_beside("seed", "7") == "");
  settled.app().settle();
  CHECK(settled.session().compared().has_value());
}

TEST_CASE("what is saved has been settled: saving waits until all is known, whatever is done meanwhile") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "nutshell-known-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  Desk desk(lesson("twelve-brokers"));
  desk.app().errands().save_into(folder.string());
  Session& session = desk.session();
  settle_down(session);
  REQUIRE(session.act({{Crash{"broker 3", false}, 0}, {Crash{"broker 99", false}, 25 * kSecond}}) == "");
  desk.chord(U's');
  desk.type(U'w');  // the branches lie over the stage
  CHECK(std::filesystem::is_empty(folder));
  CHECK(session.branches()[1]->acted.size() == 2);
  CHECK(frames_until(desk, [&] { return !std::filesystem::is_empty(folder); }) > 1);
  CHECK(session.branches()[1]->whole());
  CHECK(session.branches()[1]->acted.size() == 1);
  CHECK(session.notice().find("Saved as") == 0);
  desk.type(U'w');
  REQUIRE(session.act(Crash{"broker 4", false}) == "");
  REQUIRE_FALSE(session.whole());
  desk.chord(U's');
  desk.chord(U's');          // it is on its way
  CHECK(session.undo());     // so it is left meanwhile
  desk.press(KeyName::home);
  desk.app().open(lesson("the-log"));
  const LoadResult second = load_scenario((folder / "23-twelve-brokers-2.json").string());
  REQUIRE(second.scenario);
  const auto& script = second.scenario->script;
  CHECK(std::any_of(script.begin(), script.end(), [](const Action& each) {
    const auto* crash = std::get_if<Crash>(&each.body);
    return crash && crash->node == "broker 4";
  }));
  CHECK_FALSE(std::filesystem::exists(folder / "23-twelve-brokers-3.json"));
  std::filesystem::remove_all(folder);
}

TEST_CASE("an open branch beside another is known for as long as that one") {
  Session session(lesson("leader-failover"));
  session.go_to_time(10 * kSecond);
  REQUIRE(session.act(Pause{"broker 3", {kSecond}}) == "");
  REQUIRE(session.undo());
  REQUIRE(session.act(Pause{"broker 2", {kSecond}}) == "");
  const Time first = session.scenario().until;
  // Somebody watches the second one for longer than the first is known.
  while (session.scenario().until == first) {
    session.go_to_time(session.scenario().until - kSecond);
    session.obey({CommandName::play_pause, 0, {}});
    session.pass(100 * kMillisecond);
  }
  session.know_all();
  session.go_to_time(session.scenario().until);
  const Command beside{CommandName::compare_with, 1, {}};
  CHECK(session.lies_ahead(beside));
  int frames = 0;
  while (session.lies_ahead(beside)) {
    session.bring_near(beside);
    REQUIRE(++frames < 100);
  }
  session.obey(beside);
  CHECK(session.other().scenario.until == session.scenario().until);
  CHECK(session.other().timeline->position() == session.other().end);
  CHECK(session.whole());
}

TEST_CASE("the next caption is gone to as soon as it is known, however much of the run is not") {
  Desk desk(lesson("the-log"));
  desk.app().open(lesson("twelve-brokers"));
  Session& session = desk.session();
  frames_until(desk, [&] { return session.told() < session.beats().size(); });
  REQUIRE_FALSE(session.whole());
  while (has_more_pages(desk.panels().caption)) desk.press(KeyName::right);
  desk.press(KeyName::right);
  CHECK(session.gliding());
  CHECK_FALSE(session.whole());
}

TEST_CASE("a moment of many brokers is joined frame by frame, and its deeds can be undone one by one") {
  std::string code;
  std::uint64_t digest = 0;
  std::vector<Step> left;
  {
    Desk desk(lesson("twelve-brokers"));
    Session& session = desk.session();
    settle_down(session);
    for (int i = 0; i < 4; ++i) {
      session.go_to_time(session.view_time() + 3 * kSecond);
      REQUIRE(session.act(Crash{"broker " + std::to_string(i + 3), false}) == "");
      left.push_back(session.branches().back()->left_at);
    }
    session.compare_with(2);
    code = desk.app().code_of_moment();
    digest = session.timeline().digest();
  }
  const OpenedShare opened = open_share(code);
  Desk desk(lesson("the-log"));
  Session* before = &desk.session();
  desk.app().open_moment(opened);
  Session& session = desk.session();
  CHECK(&session != before);
  CHECK(session.current() == 0);
  const int frames = frames_until(desk, [&] { return session.compared().has_value(); });
  CHECK(frames > 2);
  CHECK(session.view_time() == opened.share.at);
  CHECK(session.timeline().digest() == digest);
  CHECK(session.branches()[session.current()]->acted.size() == 4);
  CHECK(session.other().acted.size() == 2);
  REQUIRE(session.divergence());
  CHECK(session.divergence()->at == opened.share.course.deeds[2].at);
  CHECK(desk.app().code_of_moment() == code);
  // They leave each other where they did.
  for (std::size_t i = 0; i < left.size(); ++i) CHECK(session.branches()[i + 1]->left_at == left[i]);
  for (std::size_t i = 4; i > 0; --i) {
    const Branch& branch = *session.branches()[session.current()];
    CHECK(branch.begins == branch.left_at + 1);
    session.go_to(branch.begins, branch.began);
    const std::uint64_t own = session.timeline().digest();
    REQUIRE(session.undo());
    CHECK(session.timeline().position() == branch.left_at);
    CHECK(session.timeline().digest() != own);
    REQUIRE(session.redo());
    CHECK(session.timeline().digest() == own);
    REQUIRE(session.undo());
    CHECK(session.current() == i - 1);
  }
  CHECK_FALSE(session.undo());
}
