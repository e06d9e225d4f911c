// The presenter's window: what is on the screen, what comes next, the notes, the clock against the plan, the answer to a question
// that stands, and what the next key does. Nothing of it is ever in the audience's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "viz/app/podium.h"

namespace nutshell {

class Presenter {
 public:
  // Both windows are of one desktop.
  Presenter(Window& own, Window& audience, std::shared_ptr<Podium> podium);
  ~Presenter() { podium_->mouse.reset(); }
  Presenter(const Presenter&) = delete;
  Presenter& operator=(const Presenter&) = delete;

  // "" or why nothing can be drawn.
  std::string prepare();
  // One frame. Keys go to the audience's window. False: it has been closed.
  bool frame(Duration wall);
  // "14:11", as clocks on walls show it.
  void set_time_of_day(std::string text) { time_of_day_ = std::move(text); }
  const std::vector<TextBox>& texts() const { return texts_; }
  const Rect& window() const { return whole_; }
  // Where what is on the screen stood in the last frame, and how many pixels of the screen a logical one is.
  const Rect& picture() const { return picture_; }
  float scale() const { return scale_; }

 private:
  std::string load_fonts();
  void take_input(const Rect& picture);

  Window& window_;
  Window& audience_;
  std::shared_ptr<Podium> podium_;
  SlideShow show_;  // for the next slide, in this window's letters
  Fonts fonts_;
  float scale_ = 0, unit_ = 0;
  Room room_;
  FigureView view_;
  std::string time_of_day_;
  std::vector<TextBox> texts_;
  Rect whole_, picture_;
};

}  // namespace nutshell
