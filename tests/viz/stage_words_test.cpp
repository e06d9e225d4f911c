// A stage speaks the language of its deck: every word that the figures of the German deck show is German, a name, or Kafka's own, and
// has room where it stands.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "sim/core/text.h"
#include "sim/scenario/read.h"
#include "tests/viz/desk.h"
#include "tests/viz/hall.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

using Words = std::set<std::string, std::less<>>;

// Terms of the field, and what stands in configuration and tools under that name.
constexpr std::string_view kTerms =
    "Broker Leader leader follower voter active controller Controllers Producer Producers Consumer epoch session lag offline ISR URP gen "
    "Stable Empty PreparingRebalance CompletingRebalance Preparing Completing "
    "acks all latest earliest HW LEO FENCED BACKWARD RUNNING retention ms cleanup "
    "policy delete compact segment bytes min log deleted index timeindex timeout Ready Unacked available in flight limit delivery "
    "ackDeadlineSeconds VisibilityTimeout source sink value cached rejoining Kafka RabbitMQ SQS FIFO Pub Sub III";

// Runs of letters, three or more, of which not all are signs.
template <typename Take>
void each_word(std::string_view text, const Take& take) {
  const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80; };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && letter(text[end])) ++end;
    const std::string_view run = text.substr(i, end - i);
    const auto plain = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (run.size() > 2 && std::any_of(run.begin(), run.end(), plain)) take(run);
    i = std::max(end, i + 1);
  }
}

void add_words(Words& known, std::string_view text) {
  each_word(text, [&](std::string_view word) { known.emplace(word); });
}

std::string text_in_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {(std::istreambuf_iterator<char>(in)), {}};
}

// What is said in their place, of a file of words.
void add_said(Words& known, const std::string& path) {
  const std::string text = text_in_file(path);
  REQUIRE_FALSE(text.empty());
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t colon = line.rfind("\": \"");
    add_words(known, colon == std::string_view::npos ? (line.starts_with("    ") ? line : "") : line.substr(colon + 3));
  }
}

// Names, keys and values in a lesson: strings without what is told and asked.
void add_names(Words& known, const Scenario& scenario) {
  const auto drawn = [&](std::string_view line) {
    const std::size_t from = line.find_first_not_of(' ');
    for (const std::string_view told : {"\"say\"", "\"ask\"", "\"text\"", "\"title\"", "\"about\"", "\"corrects\"", "\"teaches\""})
      if (from != std::string_view::npos && line.substr(from).starts_with(told)) return;
    add_words(known, line);
  };
  for (const std::string& file : lesson_files()) {
    if (file.find(scenario.name) == std::string::npos) continue;
    const std::string text = text_in_file(file);
    for (const std::string_view line : split(text, '\n')) drawn(line);
  }
}

bool sticks_out(const Rect& box, const Rect& home) { return box.x < home.x - 1 || box.right() > home.right() + 1; }
bool lies_on(const Rect& a, const Rect& b) {
  return std::min(a.right(), b.right()) - std::max(a.x, b.x) > 1 && std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y) > 1;
}

// Longer words than those that the stage was made for stick out of their place, or lie on others. What is a letter or a number may fly.
void add_misplaced(std::set<std::string>& found, const std::vector<TextBox>& texts, const Rect& stage, std::size_t slide) {
  const auto is_word = [](const TextBox& text) {
    return std::count_if(text.text.begin(), text.text.end(), [](unsigned char c) { return std::isalpha(c); }) > 1;
  };
  const std::string where = ", slide " + std::to_string(slide + 1);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!stage.contains(texts[i].box.center()) || !is_word(texts[i])) continue;
    if (sticks_out(texts[i].box, texts[i].home)) found.insert("'" + texts[i].text + "' sticks out of its place" + where);
    for (std::size_t j = i + 1; j < texts.size(); ++j) {
      if (!is_word(texts[j]) || !lies_on(texts[i].box, texts[j].box)) continue;
      found.insert("'" + texts[i].text + "' lies on '" + texts[j].text + "'" + where);
    }
  }
}

}  // namespace

TEST_CASE("the figures of the German deck speak German, by one key from the first slide to the last") {
  Words known;
  const std::string deck = deck_file("kafka-in-a-nutshell.de"), folder = deck.substr(0, deck.rfind('/') + 1);
  add_words(known, kTerms);
  add_words(known, text_in_file(deck));
  add_said(known, folder + "stage.de.json");
  add_said(known, folder + "kafka-in-a-nutshell.de.captions.json");
  Hall hall(deck, 1280, 720);
  std::set<std::string> strange;
  for (int presses = 0; presses < 2000; ++presses) {
    const LivingFigure* const figure = hall.talk().figure();
    if (figure && figure->lives()) {
      add_misplaced(strange, hall.app().texts(), hall.app().stage(), hall.talk().slide());
      Words names;
      add_names(names, figure->session().scenario());
      for (const TextBox& each : hall.app().texts()) {
        // What was shortened is a word no more.
        if (each.text.find("\u2026") != std::string::npos) continue;
        each_word(each.text, [&](std::string_view word) {
          if (!known.contains(word) && !names.contains(word))
            strange.insert("'" + std::string(word) + "' in '" + each.text + "', slide " + std::to_string(hall.talk().slide() + 1));
        });
      }
    }
    if (hall.talk().steps_ahead(1).front().kind == NextStep::Kind::end) break;
    hall.press(KeyName::right);
  }
  std::string all;
  for (const std::string& each : strange) all += each + "\n";
  CHECK_MESSAGE(strange.empty(), all);
}
