// The lessons that come with the program, for the gallery, and options that drawing commands share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/command/options.h"
#include "sim/scenario/scenario.h"
#include "viz/panels/chrome.h"

namespace nutshell {

class App;

inline constexpr int kExitNoDisplay = 4;

// Files that cannot be read are left out.
std::vector<LessonCard> lesson_cards(const std::vector<std::string>& files);
// The talks that come with the program: decks in the folder beside that of the scenarios.
std::vector<LessonCard> talk_cards(const std::vector<std::string>& files);
std::optional<Scenario> read_lesson(const std::string& file, std::string& error);

struct PictureSize {
  int width = 0, height = 0;
};
// "1280x720". Throws Failure, naming the option.
PictureSize picture_size(const std::string& option, const std::string& text);

// "acks=1": shows the lesson under that setting beside itself; empty: alone. Throws Failure.
void show_beside(App& app, const std::string& setting);

// What a command is to show: the scenario of the file, or an empty cluster with so many controllers. Throws Failure if
// both are asked for, or neither.
Scenario scenario_to_show(bool empty, const std::string& file, const std::string& controllers, const CommonOptions& common);

}  // namespace nutshell
