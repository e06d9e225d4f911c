// Malformed files give problems or a clean run: never a crash, never a hang, never a mistake that goes unnoticed.
// The mutations are drawn from a fixed seed, so that a failure comes back.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/core/digest.h"
#include "sim/scenario/check.h"
#include "sim/scenario/read.h"

namespace nutshell {
namespace {

using JsonValue = nlohmann::ordered_json;

struct Text {
  std::string file, text;
};

std::vector<Text> shipped_texts() {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(NUTSHELL_SOURCE_DIR) + "/scenarios")) {
    const std::string path = entry.path().string();
    if (entry.path().extension() == ".json" && path.find(".schema.") == std::string::npos) files.insert(path);
  }
  std::vector<Text> texts;
  for (const std::string& file : files) {
    std::ifstream in(file, std::ios::binary);
    texts.push_back({file, {std::istreambuf_iterator<char>(in), {}}});
  }
  return texts;
}

// A fixed sequence of numbers.
class FuzzDice {
 public:
  explicit FuzzDice(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(avalanche(++state_ * 0x9e3779b97f4a7c15ull) % bound);
  }

 private:
  std::uint64_t state_;
};

// A value of a document: its place, and its path as problems print it.
struct Spot {
  JsonValue::json_pointer place;
  std::string path;
};

void collect_spots(const JsonValue& value, const Spot& spot, std::vector<Spot>& spots) {
  spots.push_back(spot);
  if (!value.is_structured()) return;
  for (const auto& [key, each] : value.items()) {
    const std::string path =
        value.is_array() ? spot.path + "[" + key + "]" : spot.path + (spot.path.empty() ? "" : ".") + key;
    if (value.is_array()) {
      collect_spots(each, {spot.place / static_cast<std::size_t>(std::stoi(key)), path}, spots);
    } else {
      collect_spots(each, {spot.place / key, path}, spots);
    }
  }
}

// Every value of the document, itself the first.
std::vector<Spot> spots_of(const JsonValue& document) {
  std::vector<Spot> spots;
  collect_spots(document, Spot{JsonValue::json_pointer(""), {}}, spots);
  return spots;
}

JsonValue renamed(const JsonValue& object, const std::string& key) {
  JsonValue changed = JsonValue::object();
  for (const auto& [name, member] : object.items()) changed[name == key ? name + "x" : name] = member;
  return changed;
}

std::string problems_of(const JsonValue& document) { return to_text(parse_scenario(document.dump(), "f.json").problems); }

std::string mutate_bytes(std::string text, FuzzDice& dice) {
  const std::size_t at = dice.below(text.size());
  const std::size_t length = 1 + dice.below(40);
  switch (dice.below(8)) {
    case 0:
      return text.erase(at, length);
    case 1:
      return text.insert(at, text.substr(at, length));
    case 2:
      text[at] = static_cast<char>(dice.below(256));
      return text;
    case 3:
      return text.insert(at, std::string(1 + dice.below(5000), "[{\"0-/"[dice.below(6)]));
    case 4:
      return text.insert(at, "\xc3\x28");
    case 5:
      return text.insert(at, "123456789012345678901234567890e999");
    case 6:
      return text.substr(0, at);
    default:
      std::swap(text[at], text[dice.below(text.size())]);
      return text;
  }
}

std::string mutate_values(const std::string& text, FuzzDice& dice) {
  static const std::vector<JsonValue> kOdd = {nullptr,
                                         true,
                                         -1,
                                         0,
                                         9223372036854775807,
                                         1.5,
                                         "",
                                         "broker 1",
                                         "-1s",
                                         "9999999h",
                                         "0s",
                                         JsonValue::array(),
                                         JsonValue::object(),
                                         JsonValue::array({1, 2, 3}),
                                         "\xf0\x9f\x90\x98",
                                         "99"};
  JsonValue document = JsonValue::parse(text, nullptr, true, true);
  const std::vector<Spot> spots = spots_of(document);
  const auto any = [&] { return spots[1 + dice.below(spots.size() - 1)].place; };
  const JsonValue other = dice.below(3) == 0 ? document[any()] : kOdd[dice.below(kOdd.size())];
  document[any()] = other;
  return document.dump(2);
}

// Runs a little way, if there is something to run. True: it has problems.
bool is_refused(const std::string& text) {
  const LoadResult result = parse_scenario(text, "mutant.json");
  CHECK(result.scenario.has_value() == result.problems.empty());
  if (!result.scenario) return true;
  Timeline timeline = timeline_of(*result.scenario, FactLevel::protocol);
  run_to(timeline, result.scenario->until, {2000});
  return false;
}

// Of rows for a query: a key of any type, or none, and columns that the statements name.
bool is_row(const std::string& path) {
  return path.find("ksql.rows[") == 0 && (path.find("].key") != std::string::npos || path.find("].value") != std::string::npos);
}

}  // namespace

TEST_CASE("300 malformed files are refused or run") {
  const std::vector<Text> texts = shipped_texts();
  REQUIRE(!texts.empty());
  FuzzDice dice(20260);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string& text = texts[dice.below(texts.size())].text;
    const std::string mutant = i % 2 == 0 ? mutate_bytes(text, dice) : mutate_values(text, dice);
    INFO(mutant);
    if (is_refused(mutant)) ++refused;
  }
  CHECK(refused >= 200);
  CHECK(refused < 300);
}

TEST_CASE("every key of a shipped scenario matters: misspelled it is reported") {
  for (const Text& each : shipped_texts()) {
    const JsonValue document = JsonValue::parse(each.text, nullptr, true, true);
    for (const Spot& spot : spots_of(document)) {
      if (!document[spot.place].is_object() || is_row(spot.path)) continue;
      for (const auto& [key, value] : document[spot.place].items()) {
        JsonValue mutant = document;
        mutant[spot.place] = renamed(document[spot.place], key);
        const std::string where = spot.path + (spot.path.empty() ? "" : ".") + key + "x: ";
        const std::string found = problems_of(mutant);
        CHECK_MESSAGE(found.find(where) != std::string::npos, each.file << ": " << where << "\n" << found);
      }
    }
  }
}

TEST_CASE("every value of a shipped scenario matters: null is reported in its place") {
  for (const Text& each : shipped_texts()) {
    const JsonValue document = JsonValue::parse(each.text, nullptr, true, true);
    for (const Spot& spot : spots_of(document)) {
      if (is_row(spot.path)) continue;
      JsonValue mutant = document;
      mutant[spot.place] = nullptr;
      const std::string where = spot.path.empty() ? "must be an object" : spot.path + ": ";
      const std::string found = problems_of(mutant);
      CHECK_MESSAGE(found.find(": " + where) != std::string::npos, each.file << ": " << where << "\n" << found);
    }
  }
}

TEST_CASE("a hostile file is refused quickly") {
  const auto refused = [](const std::string& text) { return !parse_scenario(text, "f.json").problems.empty(); };
  std::string keys = "{\"title\": \"t\", \"until\": \"1s\"";
  for (int i = 0; i < 60'000; ++i) keys += ", \"k" + std::to_string(i) + "\": 0";
  CHECK(refused(keys + "}"));
  CHECK(refused("{\"title\": \"t\", \"until\": \"1s\", \"notes\": [" + std::string(400'000, '1') + "]}"));
  CHECK(refused(std::string(2'000'000, ' ')));
  CHECK(refused("{\"title\": \"t\", \"until\": \"99999h\"}"));
  CHECK(refused("{\"title\": \"t\", \"until\": \"1s\", \"" + std::string(500'000, 'k') + "\": 0}"));
}

}  // namespace nutshell
