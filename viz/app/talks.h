// Decks for the front end: read with their figures, and what a talk remembers from one start to the next.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/slides/talk.h"

namespace nutshell {

struct OpenedTalk {
  std::optional<Talk> talk;           // none: the file is no deck, and `problems` says why
  std::vector<std::string> problems;  // a sentence each; the rest plays
};

// `map`: of its figures; empty: the one beside it.
OpenedTalk open_talk(const std::string& file, const std::string& map = "");
// A lesson as slides: its title, then the lesson itself as a figure, a caption or a question a press.
OpenedTalk lesson_as_talk(const std::string& file);

// Where the record of that deck is kept, beside the settings; empty: nowhere.
std::string record_path(const std::string& settings, const std::string& deck);
TalkRecord read_record(const std::string& path, std::size_t slides);
// "" or why not. An empty path writes nothing.
std::string write_record(const std::string& path, const TalkRecord& record);

}  // namespace nutshell
