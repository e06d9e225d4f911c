// A lecturer in a hall, without a display: a talk in the audience's window, and the presenter's beside it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "viz/app/app.h"
#include "viz/app/presenter.h"

namespace nutshell::testing {

// A shipped deck: "kafka-in-a-nutshell.de".
std::string deck_file(const std::string& name);
// A deck and the map of its figures, written into a folder of this test; returns the deck's path.
std::string write_deck(const std::string& name, const std::string& text, const std::string& figures = "");

class Hall {
 public:
  // REQUIRES the file is a deck.
  // Beside another one, into which the same talk is carried.
  Hall(const Hall& other, int width, int height, bool projector);
  explicit Hall(const std::string& deck, int width = 1280, int height = 720, bool light = true, bool projector = true);

  bool look(Duration wall = 0);
  void press(KeyName key, bool shift = false, bool control = false);
  void type(std::string_view text);
  // Held down for so long, and let go.
  void hold(KeyName key, Duration wall);
  // Frames of 50 ms until nothing moves, at most so many seconds.
  void wait(int seconds = 30);
  // From here on there is a presenter's window.
  void open_presenter();
  void press_in_presenters(KeyName key);
  void type_in_presenters(std::string_view text);
  // On the presenter's picture of the slide, where that point of the audience's window is.
  void click_in_presenters(Point at);

  // In the audience's window, or the presenter's.
  bool shows(std::string_view part) const { return has(app_->texts(), part); }
  bool presenter_shows(std::string_view part) const { return has(presenter_->texts(), part); }
  static bool has(const std::vector<TextBox>& texts, std::string_view part);

  App& app() { return *app_; }
  Podium& podium() { return *podium_; }
  Talk& talk() { return podium_->talk; }
  Session& session() { return talk().figure()->session(); }
  Presenter& presenter() { return *presenter_; }
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  void open(std::shared_ptr<Podium> podium, bool light, bool projector);

  std::unique_ptr<Window> window_, own_;
  std::vector<std::string> problems_;
  std::shared_ptr<Podium> podium_;
  std::unique_ptr<App> app_;
  std::unique_ptr<Presenter> presenter_;
};

}  // namespace nutshell::testing
