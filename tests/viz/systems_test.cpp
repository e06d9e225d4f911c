// One workload on several systems, as a class sees it: words, numbers that lead to their moments, and what is done to all at once.
// The numbers are those of the lessons' expectations.
#include <doctest/doctest.h>

#include <string>

#include "sim/session/rival_offers.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// So many texts of the last frame read so.
std::size_t count(Desk& desk, std::string_view text) {
  std::size_t found = 0;
  for (const TextBox& each : desk.app().texts()) found += each.text == text;
  return found;
}

}  // namespace

TEST_CASE("a crash on three systems: each says who has noticed, in its own words") {
  Desk desk(without_questions(lesson("one-crash-three-systems")), 1920, 1080);
  desk.session().go_to_time(3'050 * kMillisecond);
  desk.look();
  for (const char* words :
       {"Nobody has noticed", "Noticed at once", "Nobody will notice: a clock runs out", "CRASHED", "session.timeout.ms=45000"})
    CHECK_MESSAGE(desk.shows(words), words);
  // o1 was handed out at 0 s for 30 s, and SQS does not know that its consumer is gone.
  CHECK(desk.shows("o1 visible again in 26.9 of 30 s"));
  CHECK(count(desk, "CRASHED") == 3);
  // Words of the products.
  CHECK(desk.shows("Unacked"));
  CHECK(desk.shows("in flight"));
  // In the log all that came is there; in the queue of shipping what is done has left.
  desk.session().go_to_time(62 * kSecond);
  desk.look();
  CHECK(desk.shows("Noticed after 42.5 s"));
  CHECK(desk.shows("Noticed after 27.5 s"));
}

TEST_CASE("a number leads to the moment that made it") {
  Desk desk(without_questions(lesson("one-crash-three-systems")), 1920, 1080);
  desk.session().go_to_time(62 * kSecond);
  desk.look();
  Point at{-1, -1};
  for (const TextBox& each : desk.app().texts())
    if (each.text == "0 s") at = each.box.center();  // noticed at once
  REQUIRE(at.x >= 0);
  desk.click(at);
  desk.look();
  CHECK(desk.session().view_time() == 2'500 * kMillisecond);
}

TEST_CASE("what lies behind a question is not told") {
  Desk desk(lesson("one-crash-three-systems"), 1920, 1080);
  desk.look();
  // 19 attempts, 11 done: only at the end.
  CHECK_FALSE(desk.shows("\u2192 19"));
  CHECK_FALSE(desk.shows("nobody, 27.5 s"));
  Desk told(without_questions(lesson("one-crash-three-systems")), 1920, 1080);
  told.look();
  CHECK(told.shows("\u2192 19"));
  CHECK(told.shows("nobody, 27.5 s"));
}

TEST_CASE("C kills the consumer on all systems at once, and undo leads back") {
  Desk desk(without_questions(lesson("once-it-is-read")), 1920, 1080);
  desk.session().go_to_time(3'050 * kMillisecond);
  desk.look();
  desk.type(U'c');
  desk.look();
  REQUIRE(desk.session().branches().size() == 2);
  CHECK(desk.session().world().rivals.deeds.size() == 1);
  desk.session().go_to_time(3'500 * kMillisecond);
  desk.look();
  CHECK(count(desk, "CRASHED") == 3);
  desk.type(U'c');
  CHECK(desk.session().branches().size() == 2);
  CHECK(desk.session().notice().find("gone already") != std::string::npos);
  desk.type(U'u');
  desk.look();
  CHECK(desk.session().current() == 0);
  desk.session().go_to_time(3'500 * kMillisecond);
  desk.look();
  CHECK(count(desk, "CRASHED") == 0);
}

TEST_CASE("tools that no system has say why, and others name who has no such thing") {
  Desk clouds(without_questions(lesson("who-filters")), 1456, 819);
  const std::vector<RivalOffer> offers = rival_offers(clouds.session());
  REQUIRE(offers.size() >= 2);
  CHECK(offers[offers.size() - 2].label.find("not Pub/Sub, SNS + SQS") != std::string::npos);
  CHECK(offers.back().label == "cut it off (only RabbitMQ)");
  Desk none(without_questions(lesson("the-publisher-sends-again")), 1456, 819);
  CHECK(rival_offers(none.session()).back().label.find("only RabbitMQ") != std::string::npos);
  Desk cluster(small_failover());
  CHECK(rival_offers(cluster.session()).empty());
}

TEST_CASE("a puzzle of several systems is solved with its settings, which stand at the beginning only") {
  Desk desk(lesson("bury-the-poison"), 1456, 819);
  desk.look();
  desk.click("x-delivery-limit 2");
  desk.look();
  desk.click("x-dead-letter-exchange");
  desk.look();
  CHECK(desk.session().world().rivals.deeds.size() == 2);
  desk.session().know_all();
  desk.session().go_to_time(40 * kSecond);
  desk.look();
  CHECK(desk.session().is_met(0));
  CHECK(desk.session().is_met(1));
  CHECK(rival_offers(desk.session()).front().reason.find("go back to the beginning") != std::string::npos);
}

TEST_CASE("steps go from instant to instant, forth and back, and the picture is the same both ways") {
  Desk desk(without_questions(lesson("slower-than-the-limit")), 1456, 819);
  desk.session().go_to_time(0);
  std::vector<Time> forth;
  std::vector<std::string> read;
  for (int i = 0; i < 12; ++i) {
    desk.press(KeyName::right, true);
    desk.look();
    forth.push_back(desk.session().view_time());
    read.push_back(desk.reads());
  }
  CHECK(forth[0] == kSecond);  // the first message that takes a second is done
  for (std::size_t i = forth.size(); i-- > 1;) {
    CHECK(desk.session().view_time() == forth[i]);
    desk.press(KeyName::left, true);
    desk.look();
  }
  CHECK(desk.session().view_time() == forth[0]);
}

TEST_CASE("wires between programs: one more service, and a reader that goes down, by keys") {
  Desk desk(small_failover(), 1920, 1080);
  desk.type(U'&');
  desk.look();
  CHECK(desk.shows("5 \u00d7 5 = 25"));
  desk.type(U'+');
  desk.look();
  CHECK(desk.shows("6 \u00d7 6 = 36"));
  CHECK(desk.shows("6 + 6 = 12"));
  desk.type(U'c');
  desk.look();
  CHECK(desk.shows("up 99.40 %:"));  // six programs, all of them
  for (const auto& [column, sum] : {std::pair{"2  Each to each", "6 \u00d7 6 = 36"}, {"3  One hub", "6 + 6 = 12"},
                                    {"4  Three hubs", "3 \u00d7 (6 + 6) = 36"}, {"5  One log", "6 + 6 = 12"}}) {
    desk.type(U'0');
    desk.look();
    REQUIRE(desk.shows(column));
    desk.type(static_cast<char32_t>(column[0]));  // by the number that it has beside the others
    desk.look();
    CHECK_FALSE(desk.shows(column));
    CHECK_MESSAGE(desk.shows(sum), std::string(column));
  }
  desk.type(U'6');
  desk.look();
  CHECK(desk.shows("1 + 5 = 6"));
  CHECK(desk.shows("4 programs wait:"));
  desk.type(U'0');
  for (int i = 0; i < 50; ++i) desk.type(U'+');
  desk.look();
  CHECK(desk.shows("40 \u00d7 40 = 1600"));
  CHECK(desk.shows("40 + 40 = 80"));
  desk.type(U'&');
  desk.look();
  CHECK_FALSE(desk.shows("40 \u00d7 40 = 1600"));
}

TEST_CASE("a lesson of wires shows them as they are then, and + takes them in hand as they are") {
  Desk desk(without_questions(lesson("from-wires-to-one-log")), 1456, 819);
  desk.session().go_to_time(10 * kSecond);
  desk.look();
  CHECK(desk.shows("up 99.50 %:"));
  CHECK(desk.shows("0.999^5"));
  desk.session().go_to_time(13 * kSecond);
  desk.look();
  CHECK(desk.shows("up 98.02 %:"));
  desk.session().go_to_time(19 * kSecond);
  desk.look();
  CHECK(desk.shows("5 + 5 = 10"));
  CHECK(desk.shows("up 99.9997 %:"));
  desk.type(U'+');
  desk.look();
  CHECK(desk.shows("6 + 6 = 12"));
  desk.press(KeyName::escape);
  desk.look();
  CHECK(desk.shows("5 + 5 = 10"));
}
