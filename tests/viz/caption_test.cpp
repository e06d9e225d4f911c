// What is said: every caption and question of every lesson at its one size, read to its last word; and the words over the
// stage for the back row.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/emphasis.h"
#include "sim/scenario/read.h"
#include "sim/session/image.h"
#include "tests/viz/desk.h"
#include "viz/panels/caption.h"
#include "viz/panels/question.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

struct CaptionShape {
  int width = 0, height = 0;
  bool projector = false;
};
constexpr std::array<CaptionShape, 6> kShapes = {{{1024, 768, true}, {1280, 720, true}, {1920, 1080, true},
                                           {1024, 768, false}, {1280, 720, false}, {1920, 1080, false}}};

std::string name_of(const CaptionShape& shape) {
  return std::to_string(shape.width) + "x" + std::to_string(shape.height) + (shape.projector ? " projector" : "");
}

// 46 px at 1080 lines for the back row, 24 px at scale 1.
float caption_pixels(const CaptionShape& shape) { return shape.projector ? 46.0F * static_cast<float>(shape.height) / 1080 : 24; }

float pixels_of(Desk& desk, const TextBox& text) { return text.box.h / 0.72F * desk.app().scale(); }

// The words of the caption bar: what stands below the stage at the size of captions.
struct Bar {
  std::string words;
  std::set<int> lines;
  bool one_size = true;
};
Bar read_bar(Desk& desk, const CaptionShape& shape) {
  Bar bar;
  // The letter of the answer stands before the words.
  std::optional<std::size_t> letter = answer_before(desk.session());
  for (const TextBox& each : desk.app().texts()) {
    const Point at = each.box.center();
    if (!desk.app().caption().contains(at)) continue;
    const float off = pixels_of(desk, each) - caption_pixels(shape);
    if (off < -4) continue;  // keys, their words, and the clock
    if (letter && each.text == std::string(1, static_cast<char>('A' + *letter))) {
      letter.reset();
      continue;
    }
    bar.one_size = bar.one_size && off < 1 && off > -1.5F;
    bar.lines.insert(static_cast<int>(at.y));
    bar.words += (bar.words.empty() ? "" : " ") + each.text;
  }
  return bar;
}

// At the size of captions; nullptr: none.
const TextBox* find_large(Desk& desk, const std::string& text, const CaptionShape& shape) {
  for (const TextBox& each : desk.app().texts()) {
    const float off = pixels_of(desk, each) - caption_pixels(shape);
    if (each.text == text && off < 1 && off > -1.5F) return &each;
  }
  return nullptr;
}

void show(Desk& desk, const CaptionShape& shape) {
  desk.room().projector = shape.projector;
  desk.resize(shape.width, shape.height);
  desk.look();
}

// Each beat of each lesson, at each size.
template <class F>
void at_each_beat(Desk& desk, const F& check) {
  for (const std::string& file : lesson_files()) {
    desk.app().open(*load_scenario(file).scenario);
    Session& session = desk.session();
    session.know_all();
    for (const CaptionShape& shape : kShapes) {
      show(desk, shape);
      for (const StoryLine& beat : session.beats()) {
        session.go_to(beat.position, beat.at);
        if (session.beat() != &beat) continue;  // another one stands at the same moment
        desk.look();
        check(session.scenario().name + " " + name_of(shape) + ": " + beat.text, beat, shape);
      }
    }
  }
}

}  // namespace

TEST_CASE("marks of emphasis go out of the text, and one without a second one stays") {
  const Emphasised twice = without_marks("A **log** is **not** a queue");
  CHECK(twice.text == "A log is not a queue");
  CHECK(twice.strong == std::vector<TextSpan>{{2, 5}, {9, 12}});
  CHECK(without_marks("2**10 records").text == "2**10 records");
  CHECK(without_marks("2**10 records").strong.empty());
  CHECK(without_marks("").text.empty());
}

TEST_CASE("each caption has the one size of its mode and two lines at most, and pages read it to its last word; "
          "nothing is too small for the back row, and a question is read with all its answers") {
  Desk desk(small_failover());
  at_each_beat(desk, [&](const std::string& where, const StoryLine& beat, const CaptionShape& shape) {
    for (const TextBox& each : desk.app().texts()) {
      const float least = shape.projector ? 18.0F * static_cast<float>(shape.height) / 1080 - 0.5F : 0;
      CHECK_MESSAGE(pixels_of(desk, each) >= least, where, "\n", each.text);
    }
    std::string words;
    for (std::size_t page = 0; page < 9; ++page) {
      const Bar bar = read_bar(desk, shape);
      CHECK_MESSAGE(bar.one_size, where);
      CHECK_MESSAGE((bar.lines.size() == 1 || bar.lines.size() == 2), where, "\n", bar.words);
      words += (words.empty() ? "" : " ") + bar.words;
      if (!has_more_pages(desk.panels().caption)) break;
      CHECK_MESSAGE(desk.shows("more"), where);
      const Time at = desk.session().view_time();
      desk.press(KeyName::right);
      CHECK(desk.session().view_time() == at);
    }
    CHECK_MESSAGE(words == beat.text, where);
    for (const std::string& choice : beat.choices) CHECK_MESSAGE(desk.shows(choice), where, "\n", choice);
    if (desk.session().asking() && !shape.projector) CHECK_MESSAGE(desk.find("Show the answer"), where);
    while (desk.panels().caption.page > 0) desk.press(KeyName::left);
    CHECK(desk.session().beat() == &beat);
  });
}

TEST_CASE("a page ends with a sentence if one ends on it") {
  Desk desk(lesson("zombie-leader"), 1280, 720);
  show(desk, {1280, 720, true});
  Session& session = desk.session();
  for (const StoryLine& beat : session.beats()) {
    session.go_to(beat.position, beat.at);
    desk.look();
    if (desk.panels().caption.pages < 2) continue;
    const Bar bar = read_bar(desk, {1280, 720, true});
    const bool ends = bar.words.find(". ") == std::string::npos || bar.words.back() == '.' || bar.words.back() == '?';
    CHECK_MESSAGE(ends, bar.words);
  }
}

TEST_CASE("a question for the back row: it stands once, its choices at the size of captions, and the stage does not move") {
  Desk desk(small_failover());
  for (const CaptionShape& shape : kShapes) {
    if (!shape.projector) continue;
    show(desk, shape);
    for (const std::string& file : lesson_files()) {
      desk.app().open(*load_scenario(file).scenario);
      Session& session = desk.session();
      session.know_all();
      desk.look();
      const Rect stage = desk.app().stage();
      for (const StoryLine& beat : session.beats()) {
        if (beat.kind != StoryLine::Kind::ask || beat.choices.empty()) continue;
        const std::string where = session.scenario().name + " " + name_of(shape) + ": " + beat.text;
        session.go_to(beat.position, beat.at);
        if (session.beat() != &beat) continue;
        desk.look();
        while (has_more_pages(desk.panels().caption)) desk.press(KeyName::right);
        CHECK_MESSAGE(desk.app().stage().bottom() == stage.bottom(), where);
        CHECK(desk.app().stage().w == stage.w);
        for (const std::string& choice : beat.choices) CHECK_MESSAGE(desk.shows(choice), where, "\n", choice);
        for (char letter = 'A'; letter < static_cast<char>('A' + beat.choices.size()); ++letter) {
          CHECK_MESSAGE(find_large(desk, std::string(1, letter), shape), where);
        }
        const std::string all = desk.reads();
        CHECK_MESSAGE(all.find("Predict") == std::string::npos, where);
        // After the answer all of it stands where it stood.
        const float before = find_large(desk, "A", shape)->box.y;
        desk.press(KeyName::right);
        CHECK(session.given(session.told() - 1));
        const TextBox* letter = find_large(desk, "A", shape);
        REQUIRE(letter);
        CHECK_MESSAGE(letter->box.y == before, where);
        CHECK(desk.app().stage().bottom() == stage.bottom());
      }
    }
  }
}

TEST_CASE("what the room guessed and what is right are marked, and the next caption carries the letter") {
  Desk desk(small_failover(), 1920, 1080);
  show(desk, {1920, 1080, true});
  Session& session = desk.session();
  while (!session.asking()) session.obey({CommandName::next, 0});
  desk.look();
  desk.type(U'a');
  desk.look();
  CHECK(desk.shows("the room"));
  CHECK_FALSE(answer_before(session));
  const std::size_t told = session.told();
  session.obey({CommandName::next, 0});
  if (session.gliding()) session.obey({CommandName::next, 0});
  desk.look();
  REQUIRE(session.told() == told + 1);
  CHECK(answer_before(session) == std::optional<std::size_t>(1));
  CHECK(find_large(desk, "B", {1920, 1080, true}));
  CHECK_FALSE(desk.shows("the room"));
}

TEST_CASE("Y for the back row: why, with words over the stage, walked step by step") {
  Desk desk(without_questions(lesson("leader-failover")), 1920, 1080);
  show(desk, {1920, 1080, true});
  Session& session = desk.session();
  const Rect stage = desk.app().stage();
  const auto why_now = [&](const Place& place) {
    desk.look();
    desk.figure().selected = place;
    desk.type(U'y');
    desk.look();
    return desk.panels().why;
  };
  // The controller fences a broker and elects in one step, so that there are two links: the election, and the kill.
  session.go_to_time(25 * kSecond);
  const Reason elected = why_now({PlaceKind::partition, kNoNode, kNoNode, user_partitions(session.world()).front()});
  REQUIRE(elected.causes.size() == 2);
  CHECK(elected.causes.back().sentence == "Broker 1 is killed.");
  desk.press(KeyName::escape);
  // How broker 1 came back is a longer story.
  session.go_to_time(33 * kSecond);
  const Reason why = why_now({PlaceKind::broker, session.world().find_broker(1)->node});
  REQUIRE(why.causes.size() > 2);
  CHECK(desk.shows(why.question));
  CHECK(desk.shows(why.causes.front().sentence));
  CHECK(desk.shows(why.causes.back().sentence));
  CHECK(desk.app().stage().bottom() == stage.bottom());
  std::set<Time> visited;
  for (std::size_t i = 0; i < why.causes.size(); ++i) {
    desk.press(KeyName::down);
    desk.look();
    visited.insert(session.view_time());
  }
  // It was walked down to where it began.
  CHECK(visited.size() > 1);
  CHECK(*visited.begin() == std::find_if(why.causes.rbegin(), why.causes.rend(), [](const Cause& each) {
                              return each.step != kNoStep;
                            })->at);
  desk.press(KeyName::escape);
  desk.look();
  CHECK_FALSE(desk.shows(why.question));
}

TEST_CASE("I and Enter show something for the back row too, over a stage that stands still") {
  Desk desk(lesson("leader-failover"), 1920, 1080);
  show(desk, {1920, 1080, true});
  const Rect stage = desk.app().stage();
  CHECK_FALSE(desk.shows("Promises"));
  desk.type(U'i');
  desk.look();
  CHECK(desk.shows("Promises"));
  CHECK(desk.app().stage().w == stage.w);
  desk.type(U'i');
  desk.look();
  CHECK_FALSE(desk.shows("Promises"));
  desk.figure().selected = {PlaceKind::broker, desk.session().world().brokers[1].node};
  desk.press(KeyName::enter);
  desk.look();
  CHECK(desk.shows("Inspect"));
  CHECK(desk.shows("Broker 2"));
}

TEST_CASE("beside the panel a caption stands once; what was said before can be read again there, and a click goes back") {
  Desk desk(lesson("slow-follower"), 1920, 1080);
  Session& session = desk.session();
  session.know_all();
  // Two of them stand at the same moment: a click goes to the one that is meant all the same.
  REQUIRE(session.beats()[1].at == session.beats()[2].at);
  for (std::size_t now = 2; now < 5; ++now) {
    for (std::size_t meant = 0; meant < now; ++meant) {
      session.go_to_beat(now);
      desk.look();
      desk.look();
      if (session.asking()) session.obey({CommandName::reveal, 0});
      if (is_question(session)) continue;  // its choices stand where the rest does else
      std::string all = desk.reads();
      std::replace(all.begin(), all.end(), '\n', ' ');
      const std::string start = session.beat()->text.substr(0, 24);
      CHECK(all.find(start) != std::string::npos);
      CHECK(all.find(start, all.find(start) + 1) == std::string::npos);
      const StoryLine& before = session.beats()[meant];
      const auto first_line = [&](const TextBox& each) {
        return each.box.x > desk.app().stage().right() && each.text.size() >= 12 && before.text.find(each.text) == 0;
      };
      const auto line = std::find_if(desk.app().texts().begin(), desk.app().texts().end(), first_line);
      REQUIRE(line != desk.app().texts().end());
      desk.click(line->box.center());
      CHECK_MESSAGE(session.beat() == &before, before.text);
    }
  }
}
