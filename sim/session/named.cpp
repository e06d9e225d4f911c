#include "sim/session/named.h"

#include <algorithm>
#include <string>

#include "sim/session/about.h"

namespace nutshell {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// Words, without what ends a sentence.
std::vector<std::string> words_of(std::string_view sentence) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < sentence.size();) {
    if (!is_word(sentence[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < sentence.size() && is_word(sentence[end])) ++end;
    std::string word(sentence.substr(at, end - at));
    while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.pop_back();
    if (!word.empty()) words.push_back(std::move(word));
    at = end;
  }
  return words;
}

bool is_number(const std::string& word) {
  return !word.empty() && word.size() < 6 && word.find_first_not_of("0123456789") == std::string::npos;
}

std::string lower_first(std::string word) {
  if (word[0] >= 'A' && word[0] <= 'Z') word[0] = static_cast<char>(word[0] - 'A' + 'a');
  return word;
}

}  // namespace

std::vector<Place> places_named_in(const World& world, std::string_view sentence) {
  std::vector<Place> all;
  const auto add = [&](const Place& place) {
    if (place && std::find(all.begin(), all.end(), place) == all.end()) all.push_back(place);
  };
  const std::vector<std::string> words = words_of(sentence);
  bool numbers_are_brokers = false;
  for (const std::string& each : words) {
    const std::string word = lower_first(each);
    if (numbers_are_brokers && is_number(each)) {
      add(place_named(world, "broker " + each));
      continue;
    }
    // "brokers 1, 2 and 3"
    numbers_are_brokers = word == "broker" || word == "brokers" || (numbers_are_brokers && (word == "and" || word == "or"));
    if (word == "controller" || word == "controllers") {
      for (const Controller& controller : world.controllers) add({PlaceKind::controller, controller.node});
    }
    const Place exactly = place_named(world, each);
    add(exactly ? exactly : place_named(world, word));
  }
  return all;
}

}  // namespace nutshell
