#include "sim/command/ksql_shell.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "sim/command/failure.h"
#include "sim/core/text.h"
#include "sim/ksql/server.h"
#include "sim/scenario/run.h"
#include "sim/streams/problem.h"

namespace nutshell {

namespace {

constexpr Duration kPerStatement = kSecond;  // that passes anyway, as it does for who types
constexpr Duration kLongest = 30 * kSecond;  // that an answer is waited for
constexpr Duration kLongestRun = 24 * kHour;

constexpr std::string_view kShellHelp =
    "A statement ends with its semicolon and takes one second of the cluster's time, or more until it is answered.\n"
    "  run 10s        lets time pass; rows of push queries are printed as they come\n"
    "  stop           ends the push queries and PRINTs of this server\n"
    "  RUN SCRIPT 'FILE';  types the statements of a file\n"
    "  server K2      statements go to another server; without a name: which there are\n"
    "  crash NAME, start NAME\n"
    "  history        what was typed\n"
    "  exit           or the end of the input\n";

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

// What has been typed so far of a statement: whether a semicolon ends it, or a quote or comment is still open.
bool is_whole(const std::string& text) {
  char quote = 0;
  bool ended = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text.compare(i, 2, "--") == 0) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text.compare(i, 2, "/*") == 0) {
      const std::size_t end = text.find("*/", i + 2);
      if (end == std::string::npos) return false;
      i = end + 1;
    } else if (text[i] == '\'' || text[i] == '"' || text[i] == '`') {
      quote = text[i];
      ended = false;
    } else if (text[i] == ';') {
      ended = true;
    } else if (text[i] != ' ' && text[i] != '\t' && text[i] != '\n' && text[i] != '\r') {
      ended = false;
    }
  }
  return ended && quote == 0;
}

class KsqlShell {
 public:
  KsqlShell(Timeline& timeline, bool prompts, Output& out) : timeline_(timeline), out_(out), prompts_(prompts) {}

  int run(std::istream& in) {
    run_until([this] { return current().command_reader.running; }, kLongest);
    if (!current().command_reader.running)
      out_.line("The server " + name() + " has no command topic yet; run 10s lets it go on.", Style::bad);
    prompt();
    for (std::string line; !out_.failed() && std::getline(in, line); prompt()) {
      if (trimmed(typed_).empty() && is_command(trimmed(line))) {
        if (!carry_out(trimmed(line))) return kExitFine;
        continue;
      }
      typed_ += line + "\n";
      if (!is_whole(typed_)) continue;
      type(trimmed(typed_));
      typed_.clear();
    }
    if (trimmed(typed_).empty()) return kExitFine;
    out_.line("The input ends within a statement; a statement ends with a semicolon: " + trimmed(typed_), Style::bad);
    return kExitBadInput;
  }

 private:
  const std::vector<KsqlServer>& servers() const { return timeline_.world().plain.of<KsqlServer>(); }
  const KsqlServer& current() const { return servers()[server_]; }
  std::string name_of(const KsqlServer& server) const {
    return timeline_.world().fabric.nodes[static_cast<std::size_t>(server.node)].name;
  }
  std::string name() const { return name_of(current()); }

  void prompt() {
    if (prompts_) out_.prompt(trimmed(typed_).empty() ? "ksql> " : "    > ");
  }

  // Lets time pass until it holds, or so much has passed.
  template <class Done>
  void run_until(Done&& done, Duration longest) {
    const Time end = timeline_.now() + longest;
    while (!done() && timeline_.step(end)) {
    }
    if (!done()) timeline_.seek_time(end);
    now_ = std::max(now_, timeline_.now());
  }

  void pass(Duration time) {
    const Time end = now_ + time;
    timeline_.seek_time(end);
    now_ = end;
  }

  static std::pair<std::string, std::string> split(const std::string& line) {
    const std::size_t blank = line.find_first_of(" \t");
    if (blank == std::string::npos) return {line, ""};
    return {line.substr(0, blank), trimmed(line.substr(blank))};
  }

  static bool is_command(const std::string& line) {
    const auto [word, rest] = split(line);
    const std::vector<std::string_view> words = {"run", "stop", "server", "crash", "start", "history", "help", "exit", "quit", ""};
    return line.find(';') == std::string::npos && std::find(words.begin(), words.end(), word) != words.end();
  }

  // False: it was the last.
  bool carry_out(const std::string& line) {
    const auto [word, rest] = split(line);
    if (word == "exit" || word == "quit") return false;
    if (word == "help") out_.text(kShellHelp);
    if (word == "history")
      for (std::size_t i = 0; i < history_.size(); ++i) out_.line(std::to_string(i + 1) + "  " + history_[i]);
    if (word == "run") let_run(rest);
    if (word == "server") choose(rest);
    if (word == "crash") act(Crash{rest, false});
    if (word == "start") act(Start{rest});
    if (word == "stop") end_pushes();
    if (!word.empty() && word != "help" && word != "history") history_.push_back(line);
    return true;
  }

  void let_run(const std::string& text) {
    const std::optional<Duration> time = parse_duration(text);
    if (!time || *time <= 0 || *time > kLongestRun)
      return out_.line("run takes a time of 24h at most, such as: run 10s", Style::bad);
    pass(*time);
    tell();
    out_.line("It is " + format_time(now_) + ".", Style::dim);
  }

  void choose(const std::string& wanted) {
    std::string known;
    for (std::size_t i = 0; i < servers().size(); ++i) {
      known += (i > 0 ? ", " : "") + name_of(servers()[i]);
      if (name_of(servers()[i]) != wanted) continue;
      server_ = i;
      return out_.line("Statements go to " + wanted + " now.", Style::dim);
    }
    if (wanted.empty()) return out_.line("Servers: " + known + "; statements go to " + name() + ".");
    out_.line("There is no ksqlDB server '" + wanted + "'; there are: " + known + ".", Style::bad);
  }

  bool act(ActionBody action) {
    const bool later = now_ > timeline_.now();
    const std::string wrong = later ? timeline_.act(std::move(action), now_) : timeline_.act(std::move(action));
    if (!wrong.empty()) out_.line("Not possible: " + wrong + ".", Style::bad);
    if (wrong.empty()) pass(kPerStatement);
    tell();
    return wrong.empty();
  }

  void end_pushes() {
    std::vector<std::string> ids;
    for (const KsqlStatement& each : current().statements)
      if (each.state == KsqlStatement::State::runs) ids.push_back(each.query);
    if (ids.empty()) out_.line("No push query runs at " + name() + ".");
    for (const std::string& each : ids)
      if (!act(Ksql{name(), "TERMINATE `" + each + "`;"})) return;
  }

  // The file of RUN SCRIPT 'FILE'; nullopt: it is another statement.
  static std::optional<std::string> script_of(const std::string& text) {
    std::vector<std::string_view> words;
    for (std::string_view each : nutshell::split(std::string_view(text).substr(0, text.find('\'')), ' '))
      if (!trimmed(each).empty()) words.push_back(each);
    const std::size_t from = text.find('\''), to = text.rfind('\'');
    const bool is_one = words.size() == 2 && streams::same_word(words[0], "RUN") && streams::same_word(words[1], "SCRIPT");
    if (!is_one || from == std::string::npos || to == from || trimmed(std::string_view(text).substr(to + 1)) != ";") return std::nullopt;
    return text.substr(from + 1, to - from - 1);
  }

  void run_script(const std::string& file) {
    std::ifstream in(file);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    if (!in.good() && text.empty()) return out_.line("The file '" + file + "' cannot be read.", Style::bad);
    if (!is_whole(text))
      return out_.line("The file '" + file + "' ends within a statement; a statement ends with a semicolon.", Style::bad);
    if (script_of(trimmed(text))) return out_.line("The file '" + file + "' runs a script itself, which a script cannot.", Style::bad);
    std::string typed;
    for (std::string_view line : nutshell::split(text, '\n')) {
      typed += std::string(line) + "\n";
      if (!is_whole(typed)) continue;
      type(trimmed(typed));
      typed.clear();
    }
  }

  void type(const std::string& text) {
    if (const std::optional<std::string> script = script_of(text)) return run_script(*script);
    history_.push_back(text);
    std::replace(history_.back().begin(), history_.back().end(), '\n', ' ');
    if (!prompts_) out_.text("ksql> " + text);
    if (!current().running)
      return out_.line("The server " + name() + " is down and takes no statements; start " + name() + " brings it back.", Style::bad);
    const std::size_t first = current().statements.size();
    if (!act(Ksql{name(), text})) return;
    const auto answered = [&] {
      const auto& all = current().statements;
      return all.size() >= first && std::all_of(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(), [](const KsqlStatement& each) {
        return each.state == KsqlStatement::State::done || each.state == KsqlStatement::State::refused;
      });
    };
    run_until(answered, kLongest);
    tell();
    for (std::size_t i = first; i < current().statements.size(); ++i) {
      const KsqlStatement& each = current().statements[i];
      if (each.state == KsqlStatement::State::runs)
        out_.line(each.query + " goes on; run 10s prints what comes, stop ends it.", Style::dim);
      else if (each.state != KsqlStatement::State::done && each.state != KsqlStatement::State::refused)
        out_.line("There is no answer yet after " + format_duration(kLongest) + "; run 10s waits for it.", Style::bad);
    }
  }

  // What has been printed since the last time.
  void tell() {
    told_.resize(std::max(told_.size(), servers().size()));
    for (std::size_t s = 0; s < servers().size(); ++s) {
      const auto& statements = servers()[s].statements;
      told_[s].resize(std::max(told_[s].size(), statements.size()));
      for (std::size_t i = 0; i < statements.size(); ++i) {
        const std::string& printed = statements[i].printed;
        if (printed.size() > told_[s][i]) out_.text(std::string_view(printed).substr(told_[s][i]));
        told_[s][i] = printed.size();
      }
    }
  }

  Timeline& timeline_;
  Output& out_;
  bool prompts_ = false;
  std::size_t server_ = 0;
  Time now_ = 0;
  std::string typed_;
  std::vector<std::string> history_;
  std::vector<std::vector<std::size_t>> told_;  // of each server and statement: how much of what it printed
};

}  // namespace

Setup ksql_shell_setup() {
  Setup setup;
  setup.config.offsets_topic_num_partitions = 4;
  PlainSettings config;
  config.scope = plain_scope<KsqlServerKind>();
  setup.plain.push_back({std::string(KsqlServerKind::plural), "K1", config});
  return setup;
}

int run_ksql_shell(Timeline& timeline, std::istream& in, bool prompts, Output& out) {
  return KsqlShell(timeline, prompts, out).run(in);
}

}  // namespace nutshell
