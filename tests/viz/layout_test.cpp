// Where words stand: inside their boxes and the window, and none on another, in every lesson at every size.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "sim/core/text.h"
#include "sim/scenario/read.h"
#include "tests/viz/desk.h"
#include "viz/panels/tabs.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

constexpr float kTolerance = 1;

struct Shape {
  int width = 0, height = 0;
  float scale = 1;
  std::string text() const { return std::to_string(width) + "x" + std::to_string(height); }
};
constexpr std::array<Shape, 3> kUsual = {{{1024, 768}, {1280, 720}, {1920, 1080}}};
constexpr Shape kFine = {2560, 1440, 2};

std::string place(const Rect& r) {
  const auto whole = [](float x) { return std::to_string(static_cast<int>(x)); };
  return "[" + whole(r.x) + " " + whole(r.y) + " " + whole(r.w) + "x" + whole(r.h) + "]";
}

bool lies_in(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x - kTolerance && inner.right() <= outer.right() + kTolerance &&
         inner.y >= outer.y - kTolerance && inner.bottom() <= outer.bottom() + kTolerance;
}

bool overlap(const Rect& a, const Rect& b) {
  const float wide = std::min(a.right(), b.right()) - std::max(a.x, b.x);
  const float high = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
  return wide > kTolerance && high > kTolerance;
}

// Letters and counts of messages, and letters on ribbons, pass over what stands on the stage.
bool flies(const TextBox& text) {
  if (text.text.size() == 1) return true;
  return text.text[0] == 'x' && text.text.find_first_not_of("0123456789", 1) == std::string::npos;
}

// What is wrong with the words of a frame; each sentence once in a run.
class Findings {
 public:
  bool beside_stage = false;  // words on the stage are not looked at

  void look_at(Desk& desk, const Shape& shape, const std::string& where) {
    desk.look();
    const std::vector<TextBox>& texts = desk.app().texts();
    const Rect window = desk.app().window();
    const std::string at = desk.session().scenario().name + " " + shape.text() + where;
    for (const TextBox& each : texts) {
      if (!lies_in(each.box, window)) note(desk, at, each, "leaves the window", nullptr);
      else if (!lies_in(each.box, each.home)) note(desk, at, each, "leaves its box", nullptr);
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (std::size_t j = i + 1; j < texts.size(); ++j) {
        if (!overlap(texts[i].box, texts[j].box)) continue;
        note(desk, at, texts[i], "lies on", &texts[j]);
      }
    }
  }

  std::string text() const {
    std::string all;
    std::size_t shown = 0;
    for (const std::string& each : lines_) {
      if (++shown > 40) return all + "and " + std::to_string(lines_.size() - 40) + " more\n";
      all += each + "\n";
    }
    return all;
  }
  bool empty() const { return lines_.empty(); }

 private:
  static bool on_stage(Desk& desk, const TextBox& text) { return desk.app().stage().contains(text.box.center()); }

  void note(Desk& desk, const std::string& at, const TextBox& one, const char* what, const TextBox* other) {
    if (beside_stage && on_stage(desk, one)) return;
    if (on_stage(desk, one) && (flies(one) || (other && flies(*other)))) return;
    const std::string pair = "'" + one.text + "' " + what + (other ? " '" + other->text + "'" : "");
    if (!known_.insert(desk.session().scenario().name + pair).second) return;
    lines_.push_back(at + ": " + pair + " " + place(one.box) + " " + place(other ? other->box : one.home));
  }

  std::set<std::string> known_;
  std::vector<std::string> lines_;
};

struct Mode {
  std::vector<Shape> shapes;
  bool projector = false;
  MainArea area = MainArea::stage;
  AxisMode axis = AxisMode::compressed;
};

// Where most is under way: 60 ms after the fact that has most others around it.
Time busiest(const Session& session) {
  const Facts& facts = session.timeline().facts();
  std::size_t most = 0, begin = 0;
  Time at = 0;
  const auto counts = [](const Fact& fact) { return fact_level(fact.body) == FactLevel::story; };
  for (std::size_t i = 0, count = 0; i < facts.size(); ++i) {
    count += counts(facts[i]);
    for (; facts[begin].at + 100 * kMillisecond < facts[i].at; ++begin) count -= counts(facts[begin]);
    if (facts[i].at < session.scenario().opens || count <= most) continue;
    most = count;
    at = facts[i].at;
  }
  return at + 60 * kMillisecond;
}

// A lesson at its opening, at each beat and at its end, and once in the middle of what happens.
void look_through(Desk& desk, const Mode& mode, Findings& findings) {
  const auto look = [&](const std::string& moment) {
    for (const Shape& shape : mode.shapes) {
      desk.resize(shape.width, shape.height);
      const bool tabs = !mode.projector && mode.area == MainArea::stage;
      for (std::size_t tab = 0; tab < (tabs ? kTabs : 1); ++tab) {
        desk.panels().tab = static_cast<Tab>(tab);
        findings.look_at(desk, shape, moment + (mode.projector ? " projector" : tab == 0 ? "" : " tab " + std::to_string(tab)));
      }
    }
  };
  look(" opening");
  Session& session = desk.session();
  for (std::size_t told = session.told(); told < session.beats().size();) {
    session.obey({CommandName::next, 0});
    if (session.gliding()) session.obey({CommandName::next, 0});
    if (session.told() > told) told = session.told();
    look(" beat " + std::to_string(told) + (session.asking() ? " asks" : ""));
  }
  session.obey({CommandName::reveal, 0});
  session.obey({CommandName::end, 0});
  look(" end");
  session.go_to_time(busiest(session));
  desk.room().in_motion = true;
  look(" in motion");
  desk.room().in_motion = false;
}

void check_lessons(const Mode& mode) {
  Findings findings;
  Desk desk(small_failover());
  desk.room().scale = mode.shapes.front().scale;
  desk.room().projector = mode.projector;
  desk.figure().area = mode.area;
  desk.figure().space.axis = mode.axis;
  for (const std::string& file : lesson_files()) {
    desk.app().open(*load_scenario(file).scenario);
    desk.figure().area = mode.area;
    look_through(desk, mode, findings);
  }
  CHECK_MESSAGE(findings.empty(), findings.text());
}

}  // namespace

TEST_CASE("words stay in their boxes and off each other") { check_lessons({{kUsual.begin(), kUsual.end()}, false}); }

TEST_CASE("words of the figures stay in their boxes and off each other, at every size, alone and side by side") {
  Findings findings;
  findings.beside_stage = true;
  Desk desk(small_failover());
  for (const std::string& file : lesson_files()) {
    desk.app().open(*load_scenario(file).scenario);
    for (const bool two : {false, true}) {
      if (two) desk.session().compare_with(desk.session().add_universe(*load_scenario(file).scenario, "again"));
      for (const int part : {3, 7}) {
        desk.session().go_to_time(desk.session().scenario().until / 10 * part);
        for (int figure = 1; figure < kCharts; ++figure) {
          desk.figure().charts.shown = static_cast<Chart>(figure);
          for (const Shape& shape : kUsual) {
            desk.resize(shape.width, shape.height);
            findings.look_at(desk, shape, " figure " + std::to_string(figure) + (two ? " of two" : ""));
          }
        }
      }
    }
  }
  CHECK_MESSAGE(findings.empty(), findings.text());
}

TEST_CASE("words stay in their boxes and off each other for the back row") {
  check_lessons({{kUsual.begin(), kUsual.end()}, true});
}

TEST_CASE("words stay in their boxes and off each other on a fine display") { check_lessons({{kFine}, false}); }

TEST_CASE("words stay in their boxes and off each other on a fine display for the back row") {
  check_lessons({{kFine}, true});
}

TEST_CASE("words of the space-time diagram stay in their boxes and off each other") {
  for (const bool projector : {false, true}) {
    for (AxisMode axis : {AxisMode::linear, AxisMode::by_event, AxisMode::compressed})
      check_lessons({{kUsual.begin(), kUsual.end()}, projector, MainArea::space_time, axis});
  }
  check_lessons({{kFine}, false, MainArea::space_time});
}

TEST_CASE("words of the logs from near stay in their boxes and off each other") {
  for (const bool projector : {false, true}) check_lessons({{kUsual.begin(), kUsual.end()}, projector, MainArea::log});
}

TEST_CASE("words stay in their boxes and off each other where stage and diagram share the window") {
  check_lessons({{kUsual.begin(), kUsual.end()}, false, MainArea::both});
}

TEST_CASE("words of what a load costs, and of schemas, stay in their boxes and off each other") {
  Findings findings;
  Desk desk(small_failover());
  desk.type(U'%');
  for (int step = 0; step < 12; ++step) {
    desk.press(KeyName::down);
    for (const Shape& shape : kUsual) {
      desk.resize(shape.width, shape.height);
      findings.look_at(desk, shape, " schemas");
    }
  }
  desk.type(U'$');
  for (const bool projector : {false, true}) {
    desk.room().projector = projector;
    for (int step = 0; step < 12; ++step) {
      desk.press(step % 3 == 0 ? KeyName::down : step % 2 == 0 ? KeyName::left : KeyName::right);
      for (const Shape& shape : kUsual) {
        desk.resize(shape.width, shape.height);
        findings.look_at(desk, shape, " costs");
      }
    }
  }
  CHECK_MESSAGE(findings.empty(), findings.text());
}

TEST_CASE("the gallery shows every lesson, and the help every key, at every size") {
  Desk desk(small_failover());
  Findings findings;
  for (const bool projector : {false, true}) {
    desk.room().projector = projector;
    for (const Shape& shape : kUsual) {
      desk.resize(shape.width, shape.height);
      desk.app().show(GalleryScreen{});
      findings.look_at(desk, shape, projector ? " gallery, projector" : " gallery");
      const std::size_t chosen = desk.app().gallery().chosen;
      for (std::size_t i = 0; i < cards().size(); ++i) {
        const LessonCard& each = cards()[i];
        // In their own card puzzles need not say that they are some.
        std::string short_title = each.title;
        if (each.puzzle) short_title = short_title.substr(short_title.find(": ") + 3);
        // Where not all have room, the columns move with the chosen one.
        if (!desk.find(each.number)) {
          CHECK_MESSAGE(desk.shows("more to the right"), shape.text(), ": ", each.title);
          desk.app().gallery().chosen = i;
          findings.look_at(desk, shape, " gallery, moved to " + each.title);
        }
        CHECK_MESSAGE(desk.shows(short_title), shape.text(), ": ", each.title);
        CHECK_MESSAGE(desk.find(each.number), shape.text(), ": ", each.title);
        CHECK_MESSAGE(desk.find(std::to_string(each.minutes)), shape.text(), ": ", each.title);
        CHECK_MESSAGE(desk.shows(each.chapter), shape.text(), ": ", each.chapter);
        if (desk.app().gallery().chosen == chosen) continue;
        desk.app().gallery().chosen = chosen;
        desk.look();
      }
      desk.app().show(KeysScreen{});
      findings.look_at(desk, shape, projector ? " keys, projector" : " keys");
      for (const Binding& each : bindings()) {
        if (!each.keys.empty()) CHECK_MESSAGE(desk.find(each.keys), std::string(each.keys), " ", shape.text());
      }
    }
  }
  CHECK_MESSAGE(findings.empty(), findings.text());
}

