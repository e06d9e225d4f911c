// Queries at work, moment by moment: golden case G5 (two partitions, two clocks), sessions, EMIT FINAL, joins, and the sum that
// has to add up at every moment.
#include <doctest/doctest.h>

#include <algorithm>

#include "sim/streams/picture.h"

namespace nutshell::streams {

namespace {

std::string views(int partitions) {
  return "CREATE STREAM pv (u VARCHAR KEY, regionid VARCHAR) WITH (KAFKA_TOPIC='pv', VALUE_FORMAT='JSON', PARTITIONS=" +
         std::to_string(partitions) + ");";
}

FilmRow view(int number, const std::string& user, const std::string& region, std::int64_t second) {
  FilmRow row;
  row.at = 2 * number * kSecond;
  row.topic = "pv";
  row.key = "\"" + user + "\"";
  row.value = region.empty() ? "{}" : "{\"REGIONID\":\"" + region + "\"}";
  row.timestamp = second * 1000;
  row.partition = 0;
  return row;
}

FilmSetup two_clocks(int partitions = 2) {
  FilmSetup setup;
  setup.statements = {views(partitions),
                      "CREATE TABLE t AS SELECT regionid, count(*) FROM pv WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD 0 SECONDS)",
                      "GROUP BY regionid EMIT CHANGES;"};
  setup.rows = {view(1, "u1", "eu", 10), view(2, "u2", "us", 70), view(3, "u3", "eu", 50),
                view(4, "u1", "eu", 61), view(5, "u1", "eu", 59), view(6, "u2", "us", 59)};
  return setup;
}

Film taken(const FilmSetup& setup) {
  Film film = film_of(setup);
  REQUIRE_MESSAGE(film.problem.empty(), film.problem);
  return film;
}

std::string at_end(const Film& film, std::string_view path) {
  return picture_value(picture_of(film, kHour), path).value_or("nothing");
}

std::vector<std::string> changes_of(const Film& film) {
  std::vector<std::string> all;
  for (std::size_t i = 1; i <= picture_of(film, kHour).changes.size(); ++i)
    all.push_back(at_end(film, "changes/" + std::to_string(i)));
  return all;
}

}  // namespace

TEST_CASE("two partitions have two clocks, and one has one") {
  const Film film = taken(two_clocks());
  CHECK(changes_of(film) == std::vector<std::string>{"eu@0=1", "us@60=1", "eu@0=2", "eu@60=1"});
  CHECK(at_end(film, "clocks/1_0") == "61");
  CHECK(at_end(film, "clocks/1_1") == "70");
  CHECK(at_end(film, "clocks/0_0") == "none");
  CHECK(at_end(film, "late") == "2");
  CHECK(at_end(film, "windows/eu/0/status") == "closed");
  CHECK(at_end(film, "windows/eu/60/status") == "open");
  // With one partition the third row is late already.
  const Film one = taken(two_clocks(1));
  CHECK(changes_of(one) == std::vector<std::string>{"eu@0=1", "us@60=1", "eu@60=1"});
  CHECK(at_end(one, "late") == "3");
}

TEST_CASE("at every moment the rows read are counted, late, dropped or under way, and the counts add up") {
  FilmSetup setup = two_clocks();
  setup.rows.push_back(view(7, "u4", "", 80));  // no region: it cannot be grouped
  const Film film = taken(setup);
  for (Time at = 0; at < 20 * kSecond; at += 50 * kMillisecond) {
    const Picture picture = picture_of(film, at);
    CHECK(picture.read == picture.counted + picture.late + picture.dropped + picture.under_way);
    int sum = 0;
    for (const int each : picture.counts) sum += each;
    CHECK(sum == picture.counted);
  }
  const Picture end = picture_of(film, kHour);
  CHECK(end.sum_text() == "7 rows read = 4 counted + 2 late + 1 dropped");
  CHECK(end.counts_text() == "4 = 2 + 1 + 1");
}

TEST_CASE("a row passes through topics and tasks, a hop each") {
  const Film film = taken(two_clocks());
  std::vector<Time> times;
  for (const FilmEvent& each : film.events)
    if (each.row == 1) times.push_back(each.at);
  std::vector<Time> distinct = times;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const Duration hop = FilmSetup{}.hop;
  CHECK(distinct ==
        std::vector<Time>{2 * kSecond, 2 * kSecond + hop, 2 * kSecond + 2 * hop, 2 * kSecond + 3 * hop, 2 * kSecond + 4 * hop});
  // Between the two tasks it waits in the repartition topic.
  const Picture between = picture_of(film, 2 * kSecond + 2 * hop);
  REQUIRE(between.topics.size() == 4);
  CHECK(between.topics[1].role == TopicRole::repartition);
  CHECK(between.topics[1].partitions[0].at(0).read == kNever);
  CHECK(between.under_way == 1);
}

TEST_CASE("why a window holds what it holds") {
  const Film film = taken(two_clocks());
  const std::vector<WindowReason> why = why_window(picture_of(film, kHour), "eu", 0);
  REQUIRE(why.size() == 3);
  CHECK(why[0].text == "Window [0, 60) of eu counts 2: the rows of second 10 and 50.");
  CHECK(why[1].text.find("second 59 came when stream time was 61 s: the end 60 is not later than 61 - grace 0") != std::string::npos);
  CHECK(why[2].text == "Had it come before stream time reached 60 s, it would have counted.");
  CHECK(why_window(picture_of(film, kHour), "asia", 0).empty());
  // A window that only ever saw late rows.
  CHECK(why_window(picture_of(film, kHour), "us", 0).at(0).text == "Window [0, 60) of us holds no row.");
}

TEST_CASE("sessions merge, and what they absorb stays counted") {
  FilmSetup setup;
  setup.statements = {
      "CREATE STREAM ev (u VARCHAR KEY, x VARCHAR) WITH (KAFKA_TOPIC='pv', VALUE_FORMAT='JSON', PARTITIONS=1);",
      "CREATE TABLE t AS SELECT u, count(*) FROM ev WINDOW SESSION (5 SECONDS, GRACE PERIOD 10 SECONDS) GROUP BY u;"};
  for (const int second : {1, 9, 5, 9, 14, 20})
    setup.rows.push_back(view(static_cast<int>(setup.rows.size()) + 1, "u", "x", second));
  const Film film = taken(setup);
  CHECK(at_end(film, "windows/u/1/rows") == "5");
  CHECK(at_end(film, "windows/u/1/end") == "14");
  CHECK(at_end(film, "windows/u/20/rows") == "1");
  CHECK(at_end(film, "counted") == "6");
  CHECK(changes_of(film) == std::vector<std::string>{"u@1=1", "u@9=1", "u@1 deleted", "u@9 deleted", "u@1=3", "u@1 deleted",
                                                     "u@1=4", "u@1 deleted", "u@1=5", "u@20=1"});
}

TEST_CASE("EMIT FINAL tells a window once, when a row has closed it") {
  FilmSetup setup;
  setup.statements = {
      views(1),
      "CREATE TABLE t AS SELECT regionid, count(*) FROM pv WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY regionid EMIT FINAL;"};
  setup.rows = {view(1, "u1", "eu", 10), view(2, "u2", "us", 20), view(3, "u1", "eu", 59), view(4, "u1", "eu", 60)};
  const Film film = taken(setup);
  CHECK(picture_of(film, 8 * kSecond).changes.empty());
  CHECK(changes_of(film) == std::vector<std::string>{"eu@0=2", "us@0=1"});
  const Picture end = picture_of(film, kHour);
  CHECK(end.tasks.back().windows.front().told);
}

TEST_CASE("a stream finds in a table what was there before it") {
  FilmSetup setup;
  setup.statements = {
      "CREATE STREAM l (k VARCHAR KEY, v VARCHAR) WITH (KAFKA_TOPIC='l', VALUE_FORMAT='JSON', PARTITIONS=1);",
      "CREATE TABLE r (k VARCHAR PRIMARY KEY, w VARCHAR) WITH (KAFKA_TOPIC='r', VALUE_FORMAT='JSON', PARTITIONS=1);",
      "CREATE STREAM j AS SELECT l.k, v, w FROM l LEFT JOIN r ON l.k = r.k;"};
  const auto add = [&](const std::string& topic, const std::string& value) {
    FilmRow row;
    row.at = static_cast<Time>(setup.rows.size() + 1) * 2 * kSecond;
    row.topic = topic;
    row.key = "\"a\"";
    row.value = value;
    row.timestamp = static_cast<std::int64_t>(setup.rows.size());
    setup.rows.push_back(row);
  };
  add("l", R"({"V":"1"})");
  add("r", R"({"W":"x"})");
  add("l", R"({"V":"2"})");
  const Film film = taken(setup);
  CHECK(changes_of(film) == std::vector<std::string>{"a=1,null", "a=2,x"});
  const Picture end = picture_of(film, kHour);
  REQUIRE(end.tasks.size() == 1);
  CHECK(end.tasks[0].stored.size() == 1);
  REQUIRE(end.tasks[0].pairs.size() == 2);
  CHECK(end.tasks[0].pairs[0].alone);
  CHECK_FALSE(end.tasks[0].pairs[1].alone);
}

TEST_CASE("what is wrong with statements or rows is said") {
  FilmSetup setup = two_clocks();
  setup.statements = {views(1), "SELECT * FROM pv EMIT CHANGES;"};
  CHECK(film_of(setup).problem.find("no statement keeps a query") != std::string::npos);
  setup.statements = {"CREATE STREAM ;"};
  CHECK(film_of(setup).problem.find("line 1") != std::string::npos);
  setup.statements = {views(1)};
  CHECK(film_of(setup).problem.find("no statement keeps a query") != std::string::npos);
  setup = two_clocks();
  setup.rows[2].topic = "other";
  CHECK(film_of(setup).problem.find("row 3: no statement speaks of the topic 'other'") != std::string::npos);
  setup = two_clocks();
  setup.rows[0].partition = 7;
  CHECK(film_of(setup).problem.find("row 1: the topic 'pv' has no partition 7") != std::string::npos);
}

TEST_CASE("a path that names nothing has no value") {
  const Film film = taken(two_clocks());
  for (const std::string_view each : {"", "/", "windows", "windows/eu", "windows/eu/x/rows", "windows/eu/0/colour", "clocks/9_9",
                                      "table/eu", "table/eu/0/7", "changes/0", "changes/-1", "nothing"})
    CHECK_MESSAGE(!picture_value(picture_of(film, kHour), each), each);
}

TEST_CASE("what INSERT INTO writes is told, though others read it; a result names its query") {
  FilmSetup setup;
  setup.statements = {"CREATE STREAM a (k VARCHAR KEY, v INT) WITH (KAFKA_TOPIC='a', VALUE_FORMAT='JSON', PARTITIONS=1);",
                      "CREATE STREAM b (k VARCHAR KEY, v INT) WITH (KAFKA_TOPIC='b', VALUE_FORMAT='JSON', PARTITIONS=1);",
                      "CREATE TABLE sums AS SELECT k, SUM(v) AS s FROM b GROUP BY k;", "INSERT INTO b SELECT k, v FROM a WHERE v > 0;"};
  const auto row = [](Time at, const char* topic, const char* value) {
    FilmRow made;
    made.at = at;
    made.topic = topic;
    made.key = "\"x\"";
    made.value = value;
    return made;
  };
  setup.rows = {row(kSecond, "a", "{\"V\":3}"), row(3 * kSecond, "b", "{\"V\":10}"), row(5 * kSecond, "a", "{\"V\":-1}"),
                row(7 * kSecond, "a", "{\"V\":4}")};
  const Film film = taken(setup);
  CHECK(film.query_of("sums") == 0);
  CHECK(film.query_of("B") == 1);
  CHECK(film.query_of("a") == -1);
  // The query that inserts is told of its own rows only, the table of all that stand in b: 3, 3 + 10, 3 + 10 + 4.
  const Picture inserts = picture_of(film, kHour, 1), sums = picture_of(film, kHour, 0);
  CHECK(picture_value(inserts, "changes") == "2");
  CHECK(picture_value(inserts, "changes/2") == "x=4");
  CHECK(picture_value(sums, "changes") == "3");
  CHECK(picture_value(sums, "table/x/0") == "17");
}

TEST_CASE("why a window counts a row more than once") {
  Step step;
  step.kind = StepKind::aggregate;
  step.window = WindowKind::tumbling;
  step.size = 60'000;
  Picture picture;
  picture.windowed = &step;
  picture.tasks.resize(1);
  PictureWindow window;
  window.key = "eu";
  window.end = 60'000;
  window.rows = {1, 2, 2, 2};
  window.times = {10'000, 20'000, 20'000, 20'000};
  picture.tasks[0].windows.push_back(window);
  const std::vector<WindowReason> why = why_window(picture, "eu", 0);
  REQUIRE(why.size() == 2);
  CHECK(why[0].text.find("counts 4") != std::string::npos);
  CHECK(why[1].text.find("The row of second 20 counts 3 times") == 0);
}

}  // namespace nutshell::streams
