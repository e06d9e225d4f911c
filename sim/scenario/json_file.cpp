#include "sim/scenario/json_file.h"

#include <algorithm>
#include <fstream>

#include "sim/scenario/scenario.h"

namespace nutshell {
namespace {

constexpr std::size_t kMaxProblems = 200;

void report_syntax(const std::string& file, std::string_view text, const nlohmann::json::exception& error,
                   std::vector<Problem>& problems) {
  std::string what = error.what();
  std::size_t byte = 0;
  if (const auto* parse = dynamic_cast<const nlohmann::json::parse_error*>(&error)) {
    byte = parse->byte > 0 ? parse->byte - 1 : 0;
    const std::size_t column = what.find("column ");
    const std::size_t said = what.find(": ", column == std::string::npos ? 0 : column);
    if (said != std::string::npos) what = what.substr(said + 2);
  } else if (!problems.empty()) {
    return;  // a number too large to hold, which has been reported
  }
  const TextPlace place = place_of(text, byte);
  problems.push_back({file, place.line, place.column, "", what, ""});
}

// The text as JSON; nullopt, reported: it is none.
std::optional<Json> parse_json(const std::string& file, std::string_view text, std::vector<Problem>& problems) {
  try {
    return Json::parse(text, nullptr, true, true);
  } catch (const Json::exception& error) {
    report_syntax(file, text, error, problems);
    return std::nullopt;
  }
}

void sort_by_place(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  if (problems.size() <= kMaxProblems) return;
  const std::size_t more = problems.size() - kMaxProblems;
  problems.resize(kMaxProblems);
  problems.push_back({problems.front().file, 0, 0, "", "and " + std::to_string(more) + " more mistakes", ""});
}

}  // namespace

std::string stem_of(const std::string& file) {
  const std::size_t slash = file.find_last_of("/\\");
  const std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  return name.substr(0, name.find_last_of('.'));
}

std::optional<std::string> read_whole_file(const std::string& path, std::vector<Problem>& problems) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kMaxScenarioBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.gcount() == 0 && !in.eof())) {
    problems.push_back({path, 0, 0, "", "cannot be read", ""});
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

void read_json_file(std::string_view text, const std::string& file, std::vector<Problem>& problems,
                    const std::function<void(JsonSource&, const Json&)>& read) {
  if (text.size() > kMaxScenarioBytes) {
    problems.push_back({file, 0, 0, "", "is larger than " + std::to_string(kMaxScenarioBytes) + " bytes", ""});
    return;
  }
  const std::size_t invalid = find_invalid_utf8(text);
  if (invalid != std::string_view::npos) {
    const TextPlace place = place_of(text, invalid);
    problems.push_back({file, place.line, place.column, "", "is no UTF-8 text from here on", ""});
    return;
  }
  const JsonPlaces places(file, text, problems);
  if (places.too_deep()) return;
  const std::optional<Json> json = parse_json(file, text, problems);
  JsonSource reading{file, places, problems};
  if (json) read(reading, *json);
  sort_by_place(problems);
}

}  // namespace nutshell
