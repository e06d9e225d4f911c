#include "viz/app/talks.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/command/loaded_deck.h"
#include "sim/deck/read_deck.h"
#include "viz/app/lessons.h"

namespace nutshell {

namespace {

namespace fs = std::filesystem;

// The file beside the map, else the one that comes with the program.
std::optional<Scenario> scenario_of(const fs::path& folder, const std::string& name, std::string& error) {
  std::error_code failed;
  const fs::path beside = folder / name;
  std::optional<Scenario> scenario;
  try {
    scenario = read_lesson(fs::is_regular_file(beside, failed) ? beside.string() : find_scenario_file(name), error);
  } catch (const Failure& failure) {
    error = failure.what();
  }
  // Of several mistakes the first says enough on a slide.
  if (const std::size_t end = error.find('\n'); end != std::string::npos) error.resize(end);
  return scenario;
}

std::uint64_t folded(const std::string& text) {
  std::uint64_t digest = 0xCBF29CE484222325;
  for (const char each : text) digest = (digest ^ static_cast<unsigned char>(each)) * 0x100000001B3;
  return digest;
}

}  // namespace

OpenedTalk open_talk(const std::string& file, const std::string& map) {
  OpenedTalk opened;
  DeckResult read = load_deck(file);
  for (const Problem& each : read.problems) opened.problems.push_back(to_text(each));
  if (!read.deck) return opened;
  const std::string figures = map.empty() ? figure_map_of(file) : map;
  std::error_code failed;
  if (!map.empty() && !fs::is_regular_file(map, failed)) opened.problems.push_back(map + ": is not there, so no figure lives");
  FigureMapResult result = load_figure_map(figures);
  for (const Problem& each : result.problems) opened.problems.push_back(to_text(each));
  CaptionsResult captions = captions_for(file);
  for (const Problem& each : captions.problems) opened.problems.push_back(to_text(each));
  const fs::path folder = fs::path(figures).parent_path();
  const auto reader = [folder, said = captions.captions](const std::string& name, std::string& error) {
    std::optional<Scenario> scenario = scenario_of(folder, name, error);
    if (scenario) say_in(*scenario, said);
    return scenario;
  };
  opened.talk.emplace(std::move(*read.deck), std::move(result.figures), reader, std::move(captions.captions));
  return opened;
}

OpenedTalk lesson_as_talk(const std::string& file) {
  OpenedTalk opened;
  std::string error;
  const std::optional<Scenario> scenario = read_lesson(file, error);
  if (!scenario) {
    opened.problems.push_back(error);
    return opened;
  }
  std::string text = "# " + scenario->title + "\n\n";
  if (!scenario->corrects.empty()) text += "### People often think: " + scenario->corrects + "\n\n";
  text += "---\n\n## " + scenario->title + "\n\n![inline fit](lesson)\n";
  DeckResult read = parse_deck(text, file);
  DeckFigure figure;
  figure.image = "lesson";
  figure.scenario = file;
  figure.at = scenario->opens;
  figure.plays = true;
  opened.talk.emplace(std::move(*read.deck), std::vector<DeckFigure>{figure},
                      [](const std::string& name, std::string& problem) { return read_lesson(name, problem); });
  return opened;
}

std::string record_path(const std::string& settings, const std::string& deck) {
  if (settings.empty()) return "";
  std::error_code failed;
  const fs::path whole = fs::weakly_canonical(deck, failed);
  const std::string name = fs::path(deck).stem().string() + "-" + std::to_string(folded(failed ? deck : whole.string()));
  return (fs::path(settings).parent_path() / "talks" / (name + ".txt")).string();
}

TalkRecord read_record(const std::string& path, std::size_t slides) {
  constexpr std::size_t kMost = 1 << 20;
  std::ifstream in(path, std::ios::binary);
  std::string text;
  for (std::string line; text.size() < kMost && std::getline(in, line);) text += line + "\n";
  return record_of(text, slides);
}

std::string write_record(const std::string& path, const TalkRecord& record) {
  if (path.empty()) return "";
  std::error_code failed;
  fs::create_directories(fs::path(path).parent_path(), failed);
  // A new file takes the old one's place at once, so that a half-written one is never read.
  const std::string fresh = path + ".new";
  std::ofstream out(fresh);
  out << text_of(record);
  out.close();
  if (out) fs::rename(fresh, path, failed);
  return out && !failed ? "" : "where the talk stands cannot be kept in " + path;
}

}  // namespace nutshell
