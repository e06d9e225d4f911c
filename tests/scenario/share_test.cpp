// Share codes: what goes in comes out, what is damaged is never taken for something else.
#include "sim/scenario/share.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "sim/core/alternatives.h"
#include "sim/core/random.h"
#include "sim/core/text.h"
#include "sim/scenario/action_shape.h"
#include "sim/scenario/read.h"
#include "sim/scenario/run.h"
#include "sim/scenario/share_bytes.h"
#include "sim/scenario/write.h"
#include "tests/scenario/scenario_texts.h"

namespace nutshell {
namespace {

Share five_deeds() {
  Share share;
  share.name = "leader-failover";
  share.edition = 0x123456;
  share.at = 31'250 * kMillisecond;
  share.view = {4, 2, true};
  share.course.deeds = {{4'200 * kMillisecond, Pause{"broker 3", {2 * kSecond}}},
                        {9 * kSecond, Crash{"broker 2"}},
                        {15'010 * kMillisecond, Cut{"broker 1", "Q2", true}},
                        {20 * kSecond, AddConsumer{"c9", "billing", "orders"}},
                        {26'500 * kMillisecond, Start{"broker 2"}}};
  return share;
}

Share back(const std::string& code) {
  const ShareResult read = read_share_code(code);
  REQUIRE_MESSAGE(read.share, read.problem);
  CHECK(read.problem.empty());
  return *read.share;
}

// A generator of tests, not of the simulator: any stream of numbers will do.
struct Draws {
  std::uint64_t state;
  std::uint64_t below(std::uint64_t limit) {
    state = avalanche(state + 0x9e3779b97f4a7c15ull);
    return state % limit;
  }
};

}  // namespace

TEST_CASE("a share code gives back what went into it") {
  Share share = five_deeds();
  share.course.seed = 0xffff'ffff'ffff'ffffull;
  share.course.until = 90 * kSecond;
  share.course.set = {{"acks", "1"}, {"orders-app:linger.ms", "100ms"}};
  share.beside = Course{};
  share.beside->set = {{"acks", "all"}};
  share.beside->deeds = {{1, Send{"shop", "k\"\xc3\xa4", "", -1, 3}}};
  CHECK(digest_of(back(share_code(share))) == digest_of(share));
  share = {};
  share.name = "x";
  CHECK(digest_of(back(share_code(share))) == digest_of(share));
}

TEST_CASE("every action there is comes back, with every field") {
  Share share = five_deeds();
  share.course.deeds.clear();
  for_each_alternative<ActionVariant>([&](auto body) {
    share.course.deeds.push_back({static_cast<Time>(share.course.deeds.size()), body});
    std::int64_t n = 0;
    for_each_field(body, [&](std::string_view name, auto& field) {
      using Field = std::remove_cvref_t<decltype(field)>;
      if constexpr (std::is_base_of_v<std::string, Field>) field = std::string(name) + " of it";
      else if constexpr (std::is_base_of_v<Span, Field>) field.ns = -1'234'000 + n;
      else if constexpr (std::is_same_v<Field, bool>) field = !field;
      else field = 1'000'000'007 + n;
      ++n;
    });
    share.course.deeds.push_back({static_cast<Time>(share.course.deeds.size()), body});
  });
  CHECK(share.course.deeds.size() == 2 * std::variant_size_v<ActionVariant>);
  CHECK(digest_of(back(share_code(share))) == digest_of(share));
}

// Codes that were given away must not come to mean something else: new actions are added at the end of this list.
TEST_CASE("an action's number in codes never changes") {
  const std::vector<std::string_view> numbered = {
      "crash", "start", "stop",   "pause",    "resume",         "slow",         "set_clock",   "cut",
      "heal",  "jam",   "release", "set_link", "lose_responses", "drop_message", "send",        "set_config",
      "create_topic", "elect_leader", "add_broker", "add_consumer", "add_producer", "add_partitions", "set_election_timeout",
      "delete_topic", "tear_tail", "lie_about_flush", "stall_disk", "corrupt_batch", "wipe_disk", "copy_disk", "restore_disk",
      "delete_records", "fail_directory", "fill_disk", "crash_worker", "lose_node", "set_system", "ksql", "lose_zone", "restore_zone",
      "set_zone_latency", "rest", "sql", "write_file", "set_load"};
  std::vector<std::string_view> names;
  for_each_alternative<ActionVariant>([&](const auto& body) { names.push_back(body.name); });
  CHECK(names == numbered);
}

TEST_CASE("five deeds on a shipped lesson fit a chat message; without deeds it can be typed") {
  Share share = five_deeds();
  CHECK(share_code(share).size() < 140);
  share.course.deeds.clear();
  const std::string code = share_code(share);
  CHECK(code.size() <= 60);
  // As somebody types it who reads it from a wall.
  std::string typed = code.substr(0, 25);
  for (char each : code.substr(25)) {
    if (each == '0') typed += 'o';
    else if (each == '1') typed += 'l';
    else if (each != '-') typed += each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  }
  CHECK(digest_of(back(typed)) == digest_of(share));
}

TEST_CASE("what a chat puts around a code does not matter") {
  const std::string code = share_code(five_deeds());
  CHECK(digest_of(back("  `" + code.substr(0, 60) + "\r\n  " + code.substr(60) + "`\n")) == digest_of(five_deeds()));
  CHECK(is_share_code("<" + code + ">"));
  CHECK_FALSE(is_share_code("leader-failover"));
}

TEST_CASE("every letter of a code counts, and so does its end") {
  Share small = five_deeds();
  small.course.deeds.clear();
  for (const std::string& code : {share_code(five_deeds()), share_code(small)}) {
    for (std::size_t i = 0; i < code.size(); ++i) {
      CHECK_FALSE(read_share_code(code.substr(0, i)).share);
      for (char letter : {'A', 'b', '7', '_', ':', '-'}) {
        std::string wrong = code;
        wrong[i] = letter;
        const ShareResult read = read_share_code(wrong);
        // Hyphens and the case of letters are nothing in a code that is made to be typed.
        if (read.share) CHECK(share_code(*read.share) == code);
        else CHECK(read.problem.find("share code") != std::string::npos);
        CHECK((!read.share || code.size() < 70 || wrong == code));
      }
      std::string swapped = code;
      if (i + 1 < code.size()) std::swap(swapped[i], swapped[i + 1]);
      const ShareResult read = read_share_code(swapped);
      CHECK((!read.share || share_code(*read.share) == code));
    }
  }
}

TEST_CASE("a code of a newer version is said to be one") {
  // Version 2, sealed as it should be.
  std::string bytes = "\x02 whatever a newer one may hold";
  const std::uint32_t seal = checksum("leader-failover:" + bytes);
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(seal >> shift & 0xff);
  const ShareResult read = read_share_code("nutshell:leader-failover:" + to_base64(bytes));
  CHECK_FALSE(read.share);
  CHECK(read.problem == "The share code was made by a newer Nutshell: its version is 2, and this one reads up to 1.");
}

TEST_CASE("nothing but codes is taken for a code: random text, and random bytes with the right seal") {
  Draws draws{42};
  std::size_t taken = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string bytes;
    const std::uint64_t size = draws.below(60);
    for (std::uint64_t i = 0; i < size; ++i) bytes += static_cast<char>(draws.below(256));
    const std::string head = "nutshell:zombie-leader:";
    CHECK_FALSE(read_share_code(head + bytes).share);
    CHECK_FALSE(read_share_code(head + to_base64(bytes)).share);
    CHECK_FALSE(read_share_code(head + to_base32(bytes)).share);
    // A hostile one, with its seal: it may be read, but then it says something that can be written again.
    bytes.insert(0, 1, '\x01');
    const std::uint32_t seal = checksum("zombie-leader:" + bytes);
    for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(seal >> shift & 0xff);
    const ShareResult read = read_share_code(head + to_base64(bytes));
    if (!read.share) continue;
    ++taken;
    CHECK(digest_of(back(share_code(*read.share))) == digest_of(*read.share));
  }
  CHECK(taken < 60'000);
}

TEST_CASE("bits flipped in a scenario of one's own are found") {
  const LoadResult file = parse_scenario(small_cluster(R"("script": [{"at": "12s", "do": "crash", "node": "broker 1"}])"), "mine.json");
  REQUIRE(file.scenario);
  Share share;
  share.name = "mine";
  share.text = short_text(*file.scenario);
  const std::string code = share_code(share);
  CHECK(code.size() < 400);
  const LoadResult again = parse_scenario(back(code).text, "mine.json");
  REQUIRE_MESSAGE(again.scenario, to_text(again.problems));
  CHECK(digest_of(*again.scenario) == digest_of(*file.scenario));
  const std::string body = *from_base64(code.substr(14));
  for (std::size_t bit = 0; bit < body.size() * 8; ++bit) {
    std::string wrong = body;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << bit % 8));
    CHECK_FALSE(read_share_code("nutshell:mine:" + to_base64(wrong)).share);
  }
}

TEST_CASE("a name that could lead out of a folder is no name in a code") {
  Share share = five_deeds();
  share.name = "../../etc/passwd";
  CHECK(back(share_code(share)).name == "scenario..-..-etc-passwd");
  CHECK_FALSE(read_share_code("nutshell:../x:AAAA").share);
}

TEST_CASE("letters for bytes: known values") {
  CHECK(to_base64("foobar") == "Zm9vYmFy");  // RFC 4648, 10
  CHECK(to_base64("fooba") == "Zm9vYmE");
  CHECK(to_base32("foobar") == "CSQP-YRK1-E8");  // the same value as RFC 4648 gives in its own alphabet: MZXW6YTBOI
  CHECK(from_base32("csqp yrk1") == std::nullopt);
  CHECK(from_base32("csqpyrkle8") == "foobar");
  CHECK(from_base64("Zm9vYmF") == std::nullopt);  // bits are left over
  CHECK(checksum("123456789") == 0xcbf43926u);    // the check value of CRC-32
}

TEST_CASE("another edition plays differently; other captions make none") {
  const std::string script = R"("script": [{"at": "12s", "do": "crash", "node": "broker 1"}])";
  const auto edition = [](const std::string& more) {
    const LoadResult read = parse_scenario(small_cluster(more), "f.json");
    REQUIRE_MESSAGE(read.scenario, to_text(read.problems));
    return edition_of(*read.scenario);
  };
  CHECK(edition(script) == edition(script + R"(, "about": "more", "beats": [{"at": "2s", "say": "x"}])"));
  CHECK(edition(script) != edition(R"("script": [{"at": "12s", "do": "crash", "node": "broker 2"}])"));
  CHECK(edition(script) != edition(script + R"(, "seed": 9)"));
}

}  // namespace nutshell
