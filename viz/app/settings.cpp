#include "viz/app/settings.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "sim/core/text.h"
#include "viz/app/app.h"

namespace nutshell {

namespace {

using Json = nlohmann::json;
constexpr std::array<const char*, kWindowClasses> kClasses = {"narrow", "usual", "wide"};

bool said(const Json& from, const char* name, bool usual) {
  const auto found = from.find(name);
  return found != from.end() && found->is_boolean() ? found->get<bool>() : usual;
}
float said(const Json& from, const char* name, float usual, float least, float most) {
  const auto found = from.find(name);
  return found != from.end() && found->is_number() ? std::clamp(found->get<float>(), least, most) : usual;
}
int whole(const Json& from, const char* name) { return static_cast<int>(said(from, name, 0, -20'000, 20'000)); }

std::size_t count(const Json& from, const char* name) { return static_cast<std::size_t>(said(from, name, 0, 0, 10'000)); }

Settings settings_from(const Json& file) {
  Settings read;
  read.light = said(file, "light", read.light);
  read.projector = said(file, "projector", read.projector);
  read.panel = said(file, "panel", read.panel);
  read.sound = said(file, "sound", read.sound);
  read.text_size = said(file, "text_size", read.text_size, 0.75F, 3);
  if (const auto window = file.find("window"); window != file.end() && window->is_object()) {
    const WindowPlace place{whole(*window, "x"), whole(*window, "y"), whole(*window, "width"), whole(*window, "height")};
    if (place.width >= 640 && place.height >= 400) read.window = place;
  }
  if (const auto last = file.find("last"); last != file.end() && last->is_object()) {
    const auto lesson = last->find("lesson"), at = last->find("at");
    if (lesson != last->end() && lesson->is_string() && at != last->end() && at->is_string()) {
      const std::optional<Duration> time = parse_duration(at->get<std::string>());
      if (time && *time >= 0) read.last = {lesson->get<std::string>(), *time, count(*last, "told"), count(*last, "of")};
    }
  }
  if (const auto done = file.find("done"); done != file.end() && done->is_array()) {
    for (const Json& each : *done) {
      if (each.is_string()) read.done.push_back(each.get<std::string>());
    }
    std::sort(read.done.begin(), read.done.end());
  }
  if (const auto unsaved = file.find("unsaved"); unsaved != file.end() && unsaved->is_array()) {
    for (const Json& each : *unsaved) {
      if (each.is_string()) read.unsaved.push_back(each.get<std::string>());
    }
  }
  const auto panels = file.find("panels");
  for (std::size_t i = 0; panels != file.end() && panels->is_object() && i < kClasses.size(); ++i) {
    const auto found = panels->find(kClasses[i]);
    if (found == panels->end() || !found->is_object()) continue;
    read.panels[i] = {said(*found, "side", 0, 0, 4000), said(*found, "timeline", 0, 0, 4000)};
  }
  return read;
}

Json json_of(const Settings& settings) {
  Json panels = Json::object();
  for (std::size_t i = 0; i < kClasses.size(); ++i)
    panels[kClasses[i]] = {{"side", settings.panels[i].side}, {"timeline", settings.panels[i].timeline}};
  const WindowPlace& place = settings.window;
  return {{"light", settings.light},
          {"projector", settings.projector},
          {"panel", settings.panel},
          {"sound", settings.sound},
          {"text_size", settings.text_size},
          {"window", {{"x", place.x}, {"y", place.y}, {"width", place.width}, {"height", place.height}}},
          {"panels", panels},
          {"done", settings.done},
          {"unsaved", settings.unsaved},
          {"last",
           {{"lesson", settings.last.file},
            {"at", format_duration(settings.last.at)},
            {"told", settings.last.told},
            {"of", settings.last.of}}}};
}

}  // namespace

void Settings::apply(App& app) const {
  Room& room = app.room();
  room.light = light;
  room.projector = projector;
  room.sound = sound;
  room.scale = text_size;
  app.panels().open = panel;
  app.panels().sizes = panels;
  app.gallery().done = done;
}

Settings settings_of(App& app, const Window& window) {
  const Room& room = app.room();
  const Panels& shown = app.panels();
  return {room.light, room.projector, shown.open, room.sound, room.scale, window.place(), shown.sizes, {}, app.gallery().done, {}};
}

std::string settings_path() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  if (config && *config) return std::string(config) + "/nutshell/settings.json";
  return home && *home ? std::string(home) + "/.config/nutshell/settings.json" : "";
}

Settings read_settings(const std::string& path, std::string& error) {
  std::ifstream in(path);
  if (path.empty() || !in) return {};
  const Json file = Json::parse(in, nullptr, false);
  if (file.is_object()) return settings_from(file);
  error = "the settings in " + path + " cannot be read, so everything is as usual; delete the file to be rid of this";
  return {};
}

std::string write_settings(const std::string& path, const Settings& settings) {
  if (path.empty()) return "";
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::create_directories(fs::path(path).parent_path(), failed);
  // A new file takes the old one's place at once, so that a half-written one is never read.
  const std::string fresh = path + ".new";
  std::ofstream out(fresh);
  out << json_of(settings).dump(2) << "\n";
  out.close();
  if (out) fs::rename(fresh, path, failed);
  return out && !failed ? "" : "the settings cannot be written to " + path;
}

}  // namespace nutshell
