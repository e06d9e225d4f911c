// What is drawn on a stage, in another language: "topic with # partitions", where # stands for any number, and * for names of any
// kind, is "Topic mit # Partitionen".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/problem.h"

namespace nutshell {

class StageWords {
 public:
  // REQUIRES as many # and * in both, in the same order.
  void add(std::string_view drawn, std::string words);
  // What is drawn instead; nullopt: there is nothing.
  std::optional<std::string> say(std::string_view drawn) const;
  bool empty() const { return plain_.empty() && named_.empty(); }
  bool has(std::string_view drawn) const;
  std::vector<std::string> all() const;  // what it has words for, as it was added

 private:
  std::map<std::string, std::string, std::less<>> plain_;    // without *
  std::vector<std::pair<std::string, std::string>> named_;  // with one or more, the longest first
};

// "slides/talk.de.md": "de"; "" where the name tells none.
std::string language_of(const std::string& deck);
// Beside the deck, or with the program: "stage.de.json".
std::string stage_words_file(const std::string& language);
// A file that is not there has no words, and is no problem.
StageWords load_stage_words(const std::string& path, std::vector<Problem>& problems);
StageWords parse_stage_words(std::string_view text, const std::string& file, std::vector<Problem>& problems);

}  // namespace nutshell
