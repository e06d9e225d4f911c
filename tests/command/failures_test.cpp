#include <doctest/doctest.h>

#include "tests/command/program.h"

namespace nutshell::testing {
namespace {

// Wrong use: exit code 2, nothing on standard output, and one line that says what is wrong and what to do.
void check_refused(const std::vector<std::string>& arguments, const std::string& said) {
  const Result result = run(arguments);
  CAPTURE(arguments.front());
  CAPTURE(result.err);
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.err.find(said) != std::string::npos);
  CHECK(result.err.find('\n') == result.err.size() - 1);
  CHECK(result.err.substr(0, 10) == "nutshell: ");
}

}  // namespace

TEST_CASE("a wrong word on the command line is answered with the nearest right one") {
  const std::string file = failover_file();
  check_refused({"chek", file}, "did you mean 'check'?");
  check_refused({"frobnicate"}, "'nutshell --help' lists what there is");
  check_refused({"run", file, "--sed", "7"}, "'nutshell run --help' explains");
  check_refused({"run"}, "'nutshell run --help' explains");
  check_refused({"describe", file, "topic"}, "did you mean 'topics'?");
  check_refused({"why", file, "--fact", "leader_electd"}, "did you mean 'leader_elected'?");
  check_refused({"list", "scenario"}, "did you mean 'scenarios'?");
  check_refused({"run", file, "--level", "stroy"}, "did you mean 'story'?");
  check_refused({"run", file, "--json", "--digest"}, "--help' explains");
}

TEST_CASE("a wrong value names the option and a right way to write it") {
  const std::string file = failover_file();
  check_refused({"run", file, "--seed", "x"}, "--seed 'x' is no whole number");
  check_refused({"run", file, "--seed=-1"}, "--seed -1 is negative");
  check_refused({"run", file, "--until", "12"}, "--until '12' is no time; write a number with its unit, such as 12s");
  check_refused({"run", file, "--until", "1000h"}, "too late");
  check_refused({"run", file, "--set", "acks"}, "--set KEY=VALUE");
  check_refused({"describe", file, "--at", "30s", "topics"}, "after the end of the scenario, 20s");
  check_refused({"diff", file}, "nothing to compare");
  check_refused({"why", file, "--step", "99999999"}, "there is no step 99999999");
}

TEST_CASE("times may have several units, falling, on the command line and in configuration") {
  const std::string file = failover_file();
  CHECK(run({"run", file, "--until", "15s", "--digest"}).last_line() == run({"run", file, "--until", "14s1000ms", "--digest"}).last_line());
  CHECK(run({"run", file, "--set", "replica.lag.time.max.ms=1m5s", "--digest"}).last_line() ==
        run({"run", file, "--set", "replica.lag.time.max.ms=65000", "--digest"}).last_line());
  check_refused({"run", file, "--until", "5s1m"}, "--until '5s1m' is no time");
}

TEST_CASE("a key that Kafka has and Nutshell has not is no unknown key, and still refused") {
  const Result result = run({"run", failover_file(), "--set", "num.io.threads=1"});
  CHECK(result.exit_code == 2);
  CHECK(result.err.find("'num.io.threads' is a broker's (not simulated yet)") != std::string::npos);
}

TEST_CASE("an unknown configuration key is answered with the nearest one") {
  const Result result = run({"run", failover_file(), "--set", "ack=1"});
  CHECK(result.exit_code == 2);
  CAPTURE(result.err);
  CHECK(result.err.find("ack") != std::string::npos);
  CHECK(result.err.find("did you mean 'acks'?") != std::string::npos);
}

TEST_CASE("several changes can be made at once, before the file or after it") {
  const std::string file = failover_file();
  const Result both = run({"run", "--set", "acks=1", file, "--set", "linger.ms=7", "--digest"});
  CAPTURE(both.err);
  CHECK(both.exit_code == 0);
  CHECK(both.last_line() == run({"run", file, "--set", "linger.ms=7ms", "--set", "acks=1", "--digest"}).last_line());
  CHECK(both.last_line() != run({"run", file, "--set", "acks=1", "--digest"}).last_line());
}

TEST_CASE("complaints cannot command the terminal") {
  const Result result = run({"run", "bad\x1b[2Jname"});
  CHECK(result.exit_code == 2);
  CHECK(result.err.find('\x1b') == std::string::npos);
}

TEST_CASE("a file that is not there, or is a folder, is named") {
  check_refused({"run", "no-such-scenario-anywhere"}, "there is no scenario 'no-such-scenario-anywhere'");
  check_refused({"run", "missing/file.json"}, "there is no file 'missing/file.json'");
  const std::string file = failover_file();
  check_refused({"run", file.substr(0, file.rfind('/'))}, "is a folder");
}

TEST_CASE("every mistake in a file is told with its place") {
  const std::string file =
      write_file("broken.json",
                 "{\n  \"title\": \"Broken\",\n  \"until\": \"20s\",\n  \"cluster\": {\"brokrs\": 3},\n"
                 "  \"script\": [{\"at\": \"1s\", \"do\": \"crsh\", \"node\": \"broker 1\"}]\n}\n");
  for (const char* command : {"run", "transcript", "play"}) {
    const Result result = run({command, file});
    CAPTURE(result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(result.err.find("broken.json:4:") != std::string::npos);
    CHECK(result.err.find("did you mean 'brokers'?") != std::string::npos);
    CHECK(result.err.find("broken.json:5:") != std::string::npos);
  }
  for (const char* command : {"validate", "check"}) {
    const Result result = run({command, file});
    CHECK(result.exit_code == 2);
    CHECK(result.out.find("broken.json:4:") != std::string::npos);
    CHECK(result.out.find("broken.json:5:") != std::string::npos);
  }
  CHECK(run({"validate", failover_file()}).exit_code == 0);
}

TEST_CASE("output that cannot be written is an error") {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"list", "configs"},
                                                    {"run", failover_file()},
                                                    {"check", failover_file()},
                                                    {"--help"},
                                                    {}}) {
    const Result full = run(arguments, "/dev/full");
    CHECK(full.exit_code == 3);
    CHECK(full.err == "nutshell: the output could not be written: No space left on device\n");
    const Result closed = run_into_closed_pipe(arguments);
    CHECK(closed.exit_code == 3);
    CHECK(closed.err == "nutshell: the output could not be written: Broken pipe\n");
  }
}

}  // namespace nutshell::testing
