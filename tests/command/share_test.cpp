#include <doctest/doctest.h>

#include <algorithm>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

std::string code_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"share"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const Result result = run(words);
  CAPTURE(result.err);
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  return result.last_line();
}

std::string digest_of_run(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"run", "--digest"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const Result result = run(words);
  CAPTURE(result.err);
  CHECK(result.exit_code == 0);
  return result.last_line();
}

// One sentence, an exit code that is not zero, and nothing printed.
void check_refused(const std::string& code, const std::string& why) {
  const Result result = run({"run", code});
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK_MESSAGE(result.err.find(why) != std::string::npos, result.err);
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("a share code runs like the file it was made of") {
  const std::string plain = code_of({"leader-failover", "--at", "21s"});
  CHECK(plain.size() < 70);
  CHECK(digest_of_run({plain}) == digest_of_run({"leader-failover"}));
  CHECK(digest_of_run({code_of({"leader-failover", "--set", "acks=1", "--seed", "7"})}) ==
        digest_of_run({"leader-failover", "--set", "acks=1", "--seed", "7"}));
  // What is asked for on the way comes on top.
  CHECK(digest_of_run({plain, "--set", "acks=1"}) == digest_of_run({"leader-failover", "--set", "acks=1"}));
  CHECK(digest_of_run({code_of({failover_file()})}) == digest_of_run({failover_file()}));
  CHECK(run({"describe", plain, "--at", "21s", "topics"}).out ==
        run({"describe", "leader-failover", "--at", "21s", "topics"}).out);
}

TEST_CASE("a share code that cannot be opened says why") {
  const std::string code = code_of({"leader-failover"});
  check_refused(code.substr(0, code.size() - 3), "a letter is wrong or missing");
  check_refused("nutshell:", "This is no share code");
  std::string other = code;
  other.replace(other.find("leader"), 6, "header");
  check_refused(other, "a letter is wrong or missing");
}

TEST_CASE("a share code of a lesson that is not here, and of another version of one") {
  // Made with a lesson "no-such-lesson"; and with leader-failover as it never was.
  check_refused("nutshell:no-such-lesson:AQABAAAAAAAAsNUUSQ", "which this Nutshell does not have");
  const Result other = run({"run", "nutshell:leader-failover:AQABAAAAAAAA1ubpmw"});
  CHECK(other.exit_code == 0);
  CHECK(other.err.find("another version of 'leader-failover'") != std::string::npos);
}

}  // namespace nutshell::testing
