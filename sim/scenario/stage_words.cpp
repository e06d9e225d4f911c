#include "sim/scenario/stage_words.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "sim/scenario/beside_deck.h"
#include "sim/scenario/figure_map.h"

namespace nutshell {

namespace {

bool counts(char c) { return c >= '0' && c <= '9'; }

// How long the number is that stands at the beginning: digits, with points and commas between them.
std::size_t number_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (counts(text[end]) || (end > 0 && (text[end] == '.' || text[end] == ',') && end + 1 < text.size() &&
                                                      counts(text[end + 1]))))
    ++end;
  return end;
}

struct Taken {
  std::string form;                       // with # for each number
  std::vector<std::string_view> numbers;  // in their order
};
Taken without_numbers(std::string_view text) {
  Taken taken;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t number = number_at(text.substr(i));
    if (number > 0) taken.numbers.push_back(text.substr(i, number));
    taken.form += number > 0 ? '#' : text[i];
    i += std::max<std::size_t>(number, 1);
  }
  return taken;
}

// What # and * of the pattern stand for; nothing: it is another text.
bool fits(std::string_view pattern, std::string_view text, std::vector<std::string_view>& meant) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t taken = 1; taken <= text.size(); ++taken) {
      meant.push_back(text.substr(0, taken));
      if (fits(pattern.substr(1), text.substr(taken), meant)) return true;
      meant.pop_back();
    }
    return false;
  }
  const std::size_t taken = pattern.front() == '#' ? number_at(text) : !text.empty() && text.front() == pattern.front() ? 1 : 0;
  if (taken == 0) return false;
  if (pattern.front() == '#') meant.push_back(text.substr(0, taken));
  if (fits(pattern.substr(1), text.substr(taken), meant)) return true;
  if (pattern.front() == '#') meant.pop_back();
  return false;
}

std::string filled(std::string_view words, const std::vector<std::string_view>& meant) {
  std::string whole;
  std::size_t next = 0;
  for (const char each : words) {
    if ((each == '#' || each == '*') && next < meant.size()) whole += meant[next++];
    else whole += each;
  }
  return whole;
}

std::string places_of(std::string_view words) {
  std::string places;
  std::copy_if(words.begin(), words.end(), std::back_inserter(places), [](char each) { return each == '#' || each == '*'; });
  return places;
}

}  // namespace

void StageWords::add(std::string_view drawn, std::string words) {
  if (drawn.find('*') == std::string_view::npos) return plain_.insert_or_assign(std::string(drawn), std::move(words)), void();
  const auto place = std::find_if(named_.begin(), named_.end(), [&](const auto& each) { return each.first.size() < drawn.size(); });
  named_.emplace(place, std::string(drawn), std::move(words));
}

std::optional<std::string> StageWords::say(std::string_view drawn) const {
  // What is drawn before something else ends with the space between.
  if (drawn.ends_with(' ')) {
    std::optional<std::string> said = say(drawn.substr(0, drawn.size() - 1));
    return said ? std::move(*said) + " " : std::move(said);
  }
  const Taken taken = without_numbers(drawn);
  if (const auto found = plain_.find(taken.form); found != plain_.end()) return filled(found->second, taken.numbers);
  for (const auto& [pattern, words] : named_) {
    std::vector<std::string_view> meant;
    if (fits(pattern, drawn, meant)) return filled(words, meant);
  }
  return std::nullopt;
}

bool StageWords::has(std::string_view drawn) const {
  return plain_.find(drawn) != plain_.end() ||
         std::any_of(named_.begin(), named_.end(), [&](const auto& each) { return each.first == drawn; });
}

std::vector<std::string> StageWords::all() const {
  std::vector<std::string> all;
  for (const auto& each : plain_) all.push_back(each.first);
  for (const auto& each : named_) all.push_back(each.first);
  return all;
}

std::string language_of(const std::string& deck) {
  const std::string language = std::filesystem::path(without_ending(deck)).extension().string();
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  const bool is_one = language.size() == 3 && std::all_of(language.begin() + 1, language.end(), is_small);
  return is_one ? language.substr(1) : "";
}

std::string stage_words_file(const std::string& language) { return "stage." + language + ".json"; }

StageWords parse_stage_words(std::string_view text, const std::string& file, std::vector<Problem>& problems) {
  StageWords stage;
  constexpr MembersMeant kMeant{"{ \"topic with # partitions\": \"Topic mit # Partitionen\" }", "what is drawn"};
  read_members(text, file, problems, kMeant, [&](JsonSource& reading, const std::string& drawn, const Json& value,
                                                 const std::string& path) {
    std::string words;
    if (!read_text(reading, value, path, words)) return;
    if (words.empty()) return reading.report(path, "is empty; leave it out, or say it in other words");
    if (places_of(drawn) != places_of(words))
      return reading.report(path, "needs the same # and * in the same order, which stand for numbers and names");
    stage.add(drawn, std::move(words));
  });
  return stage;
}

StageWords load_stage_words(const std::string& path, std::vector<Problem>& problems) {
  const std::optional<std::string> text = read_beside_deck(path, problems);
  return text ? parse_stage_words(*text, path, problems) : StageWords{};
}

}  // namespace nutshell
