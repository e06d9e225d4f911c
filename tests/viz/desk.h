// A person at the front end, without a display: presses keys, moves the mouse, and reads what stands there.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "viz/app/app.h"

namespace nutshell::testing {

// Files of all shipped scenarios, by name; and their cards, read once.
std::vector<std::string> lesson_files();
const std::vector<LessonCard>& cards();
// "leader-failover" means the shipped 13-leader-failover.json.
Scenario lesson(const std::string& name);
// Of failover_scenario(): two brokers, three beats, the second of which is a question; B is right.
Scenario small_failover();

// The lesson without its questions, at which all that leads on would stop.
Scenario without_questions(Scenario scenario);

class Desk {
 public:
  explicit Desk(Scenario scenario, int width = 1280, int height = 720);

  // One frame, in which so much wall time goes by. Keys pressed before are taken in it.
  bool look(Duration wall = 0);
  void press(KeyName key, bool shift = false, bool control = false);
  void type(char32_t character, bool shift = false, bool control = false);
  // With Ctrl.
  void chord(char32_t character);
  // Frames of 50 ms until the glide is over.
  void ride();
  // A click of the left button: down in one frame, up in the next.
  void click(Point at);
  // Onto the middle of the only text that reads so.
  void click(std::string_view text);
  // The mouse rests there, and what that changes is drawn.
  void point(Point at);
  // Notches away from the person (above 0) or towards them, with the mouse there.
  void turn_wheel(Point at, float notches);
  void type(std::string_view text);
  // Down at one place, on to others, up at the last.
  void drag(const std::vector<Point>& places);

  // Somebody closes the window; the next look() hears of it.
  void close_window() { window_->close(); }

  bool shows(std::string_view part) const;
  // The first text that reads so; nullptr: none.
  const TextBox* find(std::string_view text) const;
  // All texts of the last frame, a line each.
  std::string reads() const;

  App& app() { return app_; }
  Session& session() { return app_.session(); }
  Room& room() { return app_.room(); }
  FigureView& figure() { return app_.figure(); }
  Panels& panels() { return app_.panels(); }
  Hands& hands() { return app_.hands(); }
  GalleryView& gallery() { return app_.gallery(); }
  void resize(int width, int height);
  // Processor time of the slowest frame since this was asked last: a figure to print, never one to assert.
  Duration take_slowest() { return std::exchange(slowest_, 0); }

 private:
  std::unique_ptr<Window> window_;
  App app_;
  Duration slowest_ = 0;
};

}  // namespace nutshell::testing
