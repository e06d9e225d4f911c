// While a question stands that nobody has answered, nothing that is drawn tells what it asks. What must not be read there is
// worked out from the facts of the run and from the answers of the scenario, not from what the front end hides.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "sim/history/fact_pattern.h"
#include "sim/scenario/read.h"
#include "sim/session/about.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// Words inside what was drawn for the place.
std::string words_at(Desk& desk, const Place& place) {
  std::string words;
  for (const Spot& each : desk.figure().spots) {
    if (!(each.place == place)) continue;
    for (const TextBox& text : desk.app().texts()) {
      if (each.rect.contains(text.box.center())) words += " " + text.text + " ";
    }
  }
  return words;
}

bool has_digit(const std::string& text) { return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }); }

std::string value_of(const FactPattern& pattern, const std::string& field) {
  for (const FieldTest& each : pattern.where) {
    if (each.field == field) return each.value;
  }
  return "";
}

// What has been found in the lessons, so that a test that finds nothing fails.
struct Found {
  int questions = 0, ledgers = 0, breaches = 0, roles = 0, clocks = 0;
};

class Question {
 public:
  Question(Desk& desk, const Beat& beat, const std::string& where, Found& found)
      : desk_(desk), session_(desk.session()), beat_(beat), where_(where), found_(found) {}

  void check() {
    ++found_.questions;
    for (const Choice& each : beat_.choices) {
      if (const auto* test = std::get_if<FactTest>(&each.test)) check_ledger(*test);
      if (const auto* test = std::get_if<ValueTest>(&each.test)) check_role(*test);
    }
    check_promises();
    check_clocks();
    check_future();
  }

 private:
  bool reads_anywhere(const std::string& text) const { return desk_.reads().find(text) != std::string::npos; }

  static bool is_told(const FactTest& test) {
    const std::string& fact = test.fact.fact;
    return fact == "records_acked" || fact == "records_failed" || fact == "produce_refused";
  }

  // Some answer asks what has been told from before this moment on.
  bool asks_now() const {
    return std::any_of(beat_.choices.begin(), beat_.choices.end(), [&](const Choice& each) {
      const auto* test = std::get_if<FactTest>(&each.test);
      return test && is_told(*test) && (test->of || test->after <= session_.view_time());
    });
  }

  // A producer that an answer names has been told something by now, and the question asks for more than the future.
  void check_ledger(const FactTest& test) {
    const Place place = place_named(session_.world(), value_of(test.fact, "producer"));
    if (place.kind != PlaceKind::producer || !is_told(test) || !asks_now()) return;
    std::int64_t told = 0;
    for (std::size_t i = 0; i < session_.timeline().facts_of(session_.timeline().position() - 1).second; ++i) {
      const auto* acked = session_.timeline().facts()[i].body.as<RecordsAcked>();
      if (acked && acked->producer == place.node) told += acked->count;
    }
    if (told == 0) return;
    ++found_.ledgers;
    const std::string card = words_at(desk_, place);
    CHECK_MESSAGE(card.find("told") != std::string::npos, where_);
    // Only its configuration has a number.
    CHECK_MESSAGE(!has_digit(std::regex_replace(card, std::regex("acks=[0-9]"), "")), where_, card);
    CHECK_MESSAGE(card.find("lost") == std::string::npos, where_);
    desk_.figure().selected = place;
    for (const Tab tab : {Tab::events, Tab::terminal, Tab::inspector}) {
      show(tab);
      CHECK_MESSAGE(!reads_anywhere("stored\u201d: " + std::to_string(told)), where_);
      CHECK_MESSAGE(reads_anywhere("Hidden until you have answered"), where_);
    }
    desk_.figure().selected = {};
    show(Tab::lesson);
  }

  void check_role(const ValueTest& test) {
    if (!test.at.fact || test.path.find("/Isr") == std::string::npos) return;
    ++found_.roles;
    int rows = 0;
    for (const Spot& each : desk_.figure().spots) {
      if (each.place.kind != PlaceKind::replica) continue;
      const std::string row = words_at(desk_, each.place);
      rows += row.find("in sync?") != std::string::npos;
      for (const char* told : {"out of ISR", "rejoining"}) CHECK_MESSAGE(row.find(told) == std::string::npos, where_);
    }
    // For the back row it lies under the choices.
    CHECK_MESSAGE(rows == (desk_.room().projector ? 0 : 1), where_);
  }

  // A promise that an answer names, or one about what a producer was told whose ledger is asked for, and is broken by now.
  void check_promises() {
    std::vector<std::int32_t> asked;
    for (const Choice& each : beat_.choices) {
      if (const auto* test = std::get_if<PromiseTest>(&each.test)) asked.push_back(find_promise(test->promise));
      const auto* fact = std::get_if<FactTest>(&each.test);
      if (fact && fact->fact.fact == "records_acked" && !value_of(fact->fact, "producer").empty() && asks_now())
        asked.push_back(static_cast<std::int32_t>(PromiseId::acked_records_survive));
    }
    for (const Breach& breach : session_.timeline().judge().breaches()) {
      if (std::find(asked.begin(), asked.end(), breach.promise) == asked.end()) continue;
      ++found_.breaches;
      const std::string title(promises()[static_cast<std::size_t>(breach.promise)].title);
      CHECK_MESSAGE(!reads_anywhere(title), where_);
      CHECK_MESSAGE(!reads_anywhere("broken promise"), where_);
      show(Tab::promises);
      CHECK_MESSAGE(!reads_anywhere(breach.why.substr(0, 16)), where_);
      show(Tab::lesson);
    }
  }

  // The answers say the same of other times.
  void check_clocks() {
    bool when = false;
    for (const Choice& one : beat_.choices) {
      for (const Choice& other : beat_.choices) {
        const auto* a = std::get_if<FactTest>(&one.test);
        const auto* b = std::get_if<FactTest>(&other.test);
        if (a && b && to_text(a->fact) == to_text(b->fact)) when = when || a->before != b->before || a->after != b->after;
      }
    }
    if (!when) return;
    ++found_.clocks;
    static const std::regex kClock("(session |to rejoin |more may join |.*, )?[0-9]+(\\.[0-9])? s( to go)?");
    for (const TextBox& each : desk_.app().texts()) {
      if (!desk_.app().stage().contains(each.box.center())) continue;
      CHECK_MESSAGE(!std::regex_match(each.text, kClock), where_, each.text);
    }
  }

  // What is told later stands nowhere yet, and neither does anything worth telling that is still to happen.
  void check_future() {
    const std::string all = desk_.reads();
    for (std::size_t i = session_.told(); i < session_.beats().size(); ++i)
      CHECK_MESSAGE(all.find(session_.beats()[i].text) == std::string::npos, where_);
    const Facts& facts = session_.timeline().facts();
    const std::size_t now = session_.timeline().facts_of(session_.timeline().position() - 1).second;
    const WorldNamer names(session_.timeline().front_world());
    std::string before;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (fact_level(facts[i].body) != FactLevel::story) continue;
      const std::string said = sentence(facts[i].body, names);
      if (i < now) before += said + "\n";
      else if (before.find(said) == std::string::npos) CHECK_MESSAGE(all.find(said) == std::string::npos, where_, said);
    }
  }

  void show(Tab tab) {
    desk_.panels().open = true;
    desk_.panels().side_over = desk_.room().projector && tab != Tab::lesson;
    desk_.panels().tab = tab;
    desk_.look();
  }

  Desk& desk_;
  Session& session_;
  const Beat& beat_;
  const std::string where_;
  Found& found_;
};

}  // namespace

TEST_CASE("while a question stands nothing that is drawn tells what it asks") {
  for (const bool projector : {false, true}) {
    Found found;
    Desk desk(small_failover(), 1920, 1080);
    desk.room().projector = projector;
    for (const std::string& file : lesson_files()) {
      desk.app().open(*load_scenario(file).scenario);
      Session& session = desk.session();
      session.know_all();
      std::vector<const Beat*> questions;
      for (const Beat& each : session.scenario().beats) {
        if (!each.ask.empty()) questions.push_back(&each);
      }
      std::size_t nth = 0;
      for (std::size_t i = 0; i < session.beats().size(); ++i) {
        if (session.beats()[i].kind != StoryLine::Kind::ask) continue;
        session.go_to_beat(i);
        desk.look();
        desk.look();
        REQUIRE(session.asking());
        REQUIRE(nth < questions.size());
        Question(desk, *questions[nth++], file + ": " + session.beats()[i].text, found).check();
      }
    }
    CHECK(found.questions > 30);
    CHECK(found.ledgers >= 2);
    CHECK(found.breaches >= 1);
    CHECK(found.roles >= 1);
    CHECK(found.clocks >= 3);
  }
}

TEST_CASE("what was hidden stands there again as soon as somebody has answered") {
  Desk desk(lesson("zombie-leader"), 1920, 1080);
  desk.room().projector = true;
  Session& session = desk.session();
  session.know_all();
  std::size_t question = 0;
  while (session.beats()[question].kind != StoryLine::Kind::ask) ++question;
  // The captions that lead to it do not tell it either, and neither does the way there; the one before them does not ask.
  const Place hasty = place_named(session.world(), "hasty");
  REQUIRE(session.beats()[question - 3].pause);
  session.go_to_beat(question - 3);
  desk.look();
  CHECK(has_digit(words_at(desk, hasty).substr(words_at(desk, hasty).find("told"))));
  session.go_to_time(session.view_time() + 5 * kSecond);
  desk.look();
  CHECK(words_at(desk, hasty).find("?") != std::string::npos);
  session.go_to_beat(question - 1);
  desk.look();
  CHECK(words_at(desk, hasty).find("?") != std::string::npos);
  CHECK(words_at(desk, hasty).find("lost") == std::string::npos);
  CHECK_FALSE(desk.shows("broken promise"));
  session.go_to_beat(question);
  desk.look();
  desk.look();
  CHECK(words_at(desk, hasty).find("?") != std::string::npos);
  session.obey({CommandName::reveal, 0, {}});
  desk.look();
  CHECK(has_digit(words_at(desk, hasty)));
  CHECK(words_at(desk, hasty).find("lost") != std::string::npos);
  // The lamp stands where the choices lie until the next caption.
  desk.press(KeyName::right);
  desk.ride();
  CHECK(desk.shows("broken promise"));
}
