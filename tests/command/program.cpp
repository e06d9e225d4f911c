#include "tests/command/program.h"

#include <doctest/doctest.h>
#include <sys/fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace nutshell::testing {

namespace {

namespace fs = std::filesystem;

constexpr unsigned kProgramPatience = 300;  // seconds; a run that takes longer hangs

// A folder that goes away with the tests.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "nutshell-test-XXXXXX").string();
    if (::mkdtemp(name.data())) path_ = name;
    REQUIRE(!path_.empty());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

const fs::path& folder() {
  static const Folder kFolder;
  return kFolder.path();
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

[[noreturn]] void become_program(const std::vector<std::string>& arguments, int out, int err, const std::string& in_path) {
  const int in = ::open(in_path.c_str(), O_RDONLY);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  std::vector<char*> words = {const_cast<char*>(NUTSHELL_PROGRAM)};
  for (const std::string& each : arguments) words.push_back(const_cast<char*>(each.c_str()));
  words.push_back(nullptr);
  ::alarm(kProgramPatience);
  ::execv(NUTSHELL_PROGRAM, words.data());
  ::_exit(127);
}

int create(const std::string& path) { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600); }

int run_with(const std::vector<std::string>& arguments, int out, int err, const std::string& in_path = "/dev/null") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) become_program(arguments, out, err, in_path);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string Result::last_line() const {
  std::string text = out;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::size_t end = text.rfind('\n');
  return end == std::string::npos ? text : text.substr(end + 1);
}

namespace {

Result run_reading(const std::vector<std::string>& arguments, const std::string& out_path, const std::string& in_path) {
  const std::string out_file = out_path.empty() ? (folder() / "out").string() : out_path;
  const std::string err_file = (folder() / "err").string();
  const int out = create(out_file);
  const int err = create(err_file);
  Result result;
  result.exit_code = run_with(arguments, out, err, in_path);
  ::close(out);
  ::close(err);
  if (out_path.empty()) result.out = read_file(out_file);
  result.err = read_file(err_file);
  return result;
}

}  // namespace

Result run(const std::vector<std::string>& arguments, const std::string& out_path) {
  return run_reading(arguments, out_path, "/dev/null");
}

Result run_with_input(const std::vector<std::string>& arguments, const std::string& input) {
  return run_reading(arguments, "", write_file("in", input));
}

Result run_into_closed_pipe(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  ::close(ends[0]);
  const std::string err_file = (folder() / "err").string();
  const int err = create(err_file);
  Result result;
  result.exit_code = run_with(arguments, ends[1], err);
  ::close(ends[1]);
  ::close(err);
  result.err = read_file(err_file);
  return result;
}

std::string write_file(const std::string& name, const std::string& text) {
  const fs::path path = folder() / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

std::string failover_scenario(const std::string& more) {
  return R"({
  "title": "A small failover",
  "opens": "2s",
  "until": "20s",
  "cluster": {"brokers": 2, "controllers": 1},
  "topics": [{"name": "orders", "assignment": [[1, 2]]}],
  "producers": [{"name": "shop", "topic": "orders", "every": "500ms"}],
  "script": [{"at": "5s", "do": "crash", "node": "broker 1"}],
  "beats": [
    {"at": "3s", "say": "Broker 1 leads."},
    {"at": "4s", "ask": "Who leads in the end?", "choices": [
      {"say": "Broker 1", "if": {"value": "topics/orders/0/Leader", "equals": "1"}},
      {"say": "Broker 2", "if": {"value": "topics/orders/0/Leader", "equals": "2"}}]},
    {"on": "leader_elected", "say": "Broker 2 has taken over.", "pause": true}
  ])" + (more.empty() ? "" : ",\n  " + more) +
         "\n}\n";
}

std::string failover_file() { return write_file("small-failover.json", failover_scenario()); }

}  // namespace nutshell::testing
