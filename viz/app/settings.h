// Settings: what `nutshell open` remembers from one time to the next, in a file of its own.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "viz/panels/panels.h"
#include "viz/window/window.h"

namespace nutshell {

class App;

struct Settings {
  bool light = false, projector = false, panel = true, sound = false;
  float text_size = 1;  // Room::scale
  WindowPlace window;   // of no size: not known yet
  std::array<PanelSizes, kWindowClasses> panels;
  LastPlace last;         // of no file: no lesson
  std::vector<std::string> done;  // as GalleryView has them
  std::vector<std::string> unsaved = {};  // share codes of what was done by hand and is not saved
  friend bool operator==(const Settings&, const Settings&) = default;

  void apply(App& app) const;
};

// What is to be remembered of it, but for what was done in the lesson that it shows.
Settings settings_of(App& app, const Window& window);
// $XDG_CONFIG_HOME/nutshell/settings.json, else ~/.config/nutshell/settings.json; empty: there is no home.
std::string settings_path();
// What the file says. What it does not say is as usual, and all is if it cannot be read: then `error` has one
// sentence. No file is no error.
Settings read_settings(const std::string& path, std::string& error);
// "" or why not. The folder is made. An empty path writes nothing.
std::string write_settings(const std::string& path, const Settings& settings);

}  // namespace nutshell
