#include "viz/app/lessons.h"

#include <algorithm>
#include <filesystem>

#include "sim/command/failure.h"
#include "sim/command/library.h"
#include "sim/deck/read_deck.h"
#include "sim/deck/sections.h"
#include "sim/scenario/read.h"
#include "sim/session/empty.h"
#include "viz/app/app.h"
#include "viz/panels/lesson_sign.h"

namespace nutshell {

std::optional<Scenario> read_lesson(const std::string& file, std::string& error) {
  LoadResult result = load_scenario(file);
  if (!result.scenario) error = to_text(result.problems);
  return std::move(result.scenario);
}

namespace {

// The number that its name begins with, as people know it; without one, its place.
std::string number_of(const std::string& name, std::size_t place) {
  const std::size_t digits = name.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos || name[digits] != '-') return std::to_string(place);
  const std::size_t first = std::min(name.find_first_not_of('0'), digits - 1);
  return name.substr(first, digits - first);
}

// Read aloud, with time to look, and to think about each question.
int minutes_of(const Scenario& scenario) {
  constexpr std::size_t kWordsAMinute = 90;
  std::size_t words = 0, questions = 0;
  const auto count = [&](const std::string& text) {
    words += text.empty() ? 0 : static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
  };
  for (const Beat& each : scenario.beats) {
    count(each.say);
    count(each.ask);
    for (const Choice& choice : each.choices) count(choice.text);
    questions += !each.ask.empty();
  }
  const std::size_t thinking = scenario.is_puzzle() ? 5 : questions / 2;
  return static_cast<int>(std::max<std::size_t>(words / kWordsAMinute + thinking + 1, 2));
}

}  // namespace

std::vector<LessonCard> lesson_cards(const std::vector<std::string>& files) {
  std::vector<LessonCard> cards;
  for (const std::string& file : files) {
    std::string error;
    if (const std::optional<Scenario> scenario = read_lesson(file, error))
      cards.push_back({file, scenario->title, scenario->corrects, scenario->chapter, scenario->name,
                       number_of(scenario->name, cards.size() + 1), minutes_of(*scenario), scenario->is_puzzle(), sign_of(*scenario)});
  }
  return cards;
}

std::vector<LessonCard> talk_cards(const std::vector<std::string>& files) {
  namespace fs = std::filesystem;
  std::vector<std::string> decks;
  std::error_code failed;
  const fs::path folder = files.empty() ? fs::path() : fs::path(files.front()).parent_path().parent_path() / "slides";
  for (const fs::directory_entry& each : fs::directory_iterator(folder, failed)) {
    if (each.path().extension() == ".md" && each.path().filename() != "README.md") decks.push_back(each.path().string());
  }
  // Each before its translations; total order: names differ.
  std::sort(decks.begin(), decks.end(), [](const std::string& a, const std::string& b) {
    const fs::path one = fs::path(a).stem(), other = fs::path(b).stem();
    return std::pair(one.has_extension(), a) < std::pair(other.has_extension(), b);
  });
  std::vector<LessonCard> cards;
  for (const std::string& file : decks) {
    const DeckResult read = load_deck(file);
    if (!read.deck) continue;
    const std::string language = fs::path(file).stem().extension().string();
    LessonCard card;
    card.file = file;
    card.title = read.deck->slides.front().title();
    if (!language.empty()) card.title += ", in " + (language == ".de" ? std::string("German") : language.substr(1));
    card.corrects = std::to_string(read.deck->slides.size()) +
                    " slides with notes. Their figures are clusters that run, and can be taken in hand.";
    card.chapter = "Talks";
    card.name = fs::path(file).stem().string();
    card.number = "T" + std::to_string(cards.size() + 1);
    card.minutes = static_cast<int>(planned_in_all(sections_of(*read.deck)) / kMinute);
    card.talk = true;
    cards.push_back(std::move(card));
  }
  return cards;
}

PictureSize picture_size(const std::string& option, const std::string& text) {
  const std::size_t cross = text.find('x');
  if (cross == std::string::npos) throw Failure(option + " is no size: '" + text + "'; write 1280x720", kExitBadInput);
  const std::int64_t width = integer_option(option, text.substr(0, cross));
  const std::int64_t height = integer_option(option, text.substr(cross + 1));
  if (width < 640 || height < 400 || width > 7680 || height > 4320)
    throw Failure(option + " must be from 640x400 to 7680x4320, but is " + text, kExitBadInput);
  return {static_cast<int>(width), static_cast<int>(height)};
}

void show_beside(App& app, const std::string& setting) {
  if (setting.empty()) return;
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos)
    throw Failure("--beside wants a key and a value, such as acks=1, but is '" + setting + "'", kExitBadInput);
  const std::string problem = app.show_beside(setting.substr(0, equals), setting.substr(equals + 1));
  if (!problem.empty()) throw Failure("--beside: " + problem, kExitBadInput);
}

Scenario scenario_to_show(bool empty, const std::string& file, const std::string& controllers, const CommonOptions& common) {
  if (empty && !file.empty())
    throw Failure("--empty is an empty cluster, so it wants no scenario; leave out '" + file + "'", kExitBadInput);
  if (!empty && controllers != "1") throw Failure("--controllers is for --empty; a scenario has its own", kExitBadInput);
  if (!empty && file.empty()) throw Failure("there is no scenario to show; name one, or write --empty", kExitBadInput);
  if (!empty) return load(file, overrides_of(common));
  const std::int64_t count = integer_option("--controllers", controllers);
  if (count != 1 && count != 3 && count != 5) throw Failure("--controllers must be 1, 3 or 5, but is " + controllers, kExitBadInput);
  Scenario scenario = empty_scenario(static_cast<std::int32_t>(count));
  std::vector<Problem> problems;
  apply_overrides(overrides_of(common), scenario, problems);
  if (!problems.empty()) throw Failure(to_text(problems), kExitBadInput);
  return scenario;
}

}  // namespace nutshell
