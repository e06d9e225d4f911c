// The front end of one window: a lesson and how it is looked at, put together frame by frame by the screen that is shown.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/session/cues.h"
#include "viz/app/errands.h"
#include "viz/app/screen.h"
#include "viz/app/shelf.h"
#include "viz/panels/figure.h"
#include "viz/window/sound.h"
#include "viz/window/window.h"

namespace nutshell {

struct OpenedShare;

class App {
 public:
  App(Window& window, std::vector<LessonCard> lessons, LessonReader read);

  // Shows the scenario, from its opening.
  void open(Scenario scenario);
  // Shows what another window plays: here no time passes in it.
  void watch(std::shared_ptr<Session> session);
  // Shows the slides of a talk.
  void present(std::shared_ptr<Podium> podium);
  // A deck or, as slides, a lesson that is chosen among the lessons, to which Ctrl Q leads back.
  void give_talk(const std::string& file, bool lesson);
  void end_talk();
  // What is looked at and acted on from here on; returns what it was before.
  Figure exchange_figure(Figure figure);
  // The talk that is being given; nullptr: none.
  Podium* podium();
  // "" or why nothing can be drawn.
  std::string prepare();
  // One frame; `wall` ns have gone by. False: the user has had enough.
  bool frame(Duration wall);
  // The next frame would be the same picture, unless there is input before.
  bool rests() const { return awake_ <= 0; }
  void obey(const Command& command);
  // Works out at once what frames work out little by little: the rest of the run.
  void settle();

  Session& session() { return *figure_.session; }
  const Session& session() const { return *figure_.session; }
  const std::shared_ptr<Session>& shared_session() const { return figure_.session; }
  // How it is looked at, by whose it is.
  Room& room() { return room_; }
  FigureView& figure() { return figure_.view; }
  Panels& panels() { return panels_; }
  Hands& hands() { return hands_; }
  GalleryView& gallery() { return gallery_; }
  const Shelf& shelf() const { return shelf_; }
  Errands& errands() { return errands_; }
  template <class S>
  bool is_on() const { return std::holds_alternative<S>(screen_); }
  bool shows_lesson() const { return is_on<LessonScreen>(); }
  bool shows_figure() const;
  void show(Screen screen) { screen_ = std::move(screen); }
  void show_tab(Tab tab);

  // The session obeys, at once or as soon as what is asked for is known.
  void carry_out(const Command& command);
  // The same lesson under another setting beside this branch. Returns "" or why not.
  std::string show_beside(const std::string& key, const std::string& value);
  void open_lesson(std::size_t which);
  // An empty cluster, to be built by hand.
  void open_empty();
  void toggle_full_screen();

  // In sharing.cpp. The moment of a share code, in the room as it is, at the latest after some frames.
  void open_moment(const OpenedShare& opened);
  // The moment that is shown, as a share code.
  std::string code_of_moment();
  void share();
  // A share code, a file, or the name of a lesson. Returns "" or why there is nothing to open.
  std::string join(const std::string& what);
  // What was done by hand and is not saved, as share codes, the latest last: kept from one start to the next, so that no
  // wrong key and no crash loses it.
  std::vector<std::string> to_keep();
  void keep_unsaved();
  void bring_back();

  // In leaving.cpp. Does it at once if nothing would be lost, else when it has been decided what becomes of that.
  void leave(std::function<void()> then);
  void say_farewell(bool saves);
  void quit();
  // A start offers to go on there, if it is a lesson that there is.
  void offer_to_go_on(const LastPlace& last);
  // Where it stands now; of no file: it is no lesson.
  LastPlace place() const;

  // Of the last frame: texts with their boxes, where the stage stood (nowhere behind another screen) and the caption bar
  // below it, and the mouse; the window in logical pixels, and how many pixels of the screen one of them is.
  const std::vector<TextBox>& texts() const { return texts_; }
  const Rect& stage() const { return figure_.view.stage; }
  const Rect& caption() const { return panels_.caption_bar; }
  Point mouse() const { return mouse_; }
  const Rect& window() const { return window_rect_; }
  float scale() const { return loaded_.scale; }

 private:
  struct Deeds;
  void obey_own(const Command& command);
  std::string load_fonts();
  void look_at_input(Duration wall);
  bool take_keys();
  // In devices.cpp: game controllers, and what is heard.
  bool take_controllers(Duration wall);
  void sound(Duration wall);
  void work(Duration wall);
  std::vector<Command> draw(Duration wall);
  void draw_under(PanelUi& ui, Rect whole);
  void draw_over(PanelUi& ui, Rect whole);
  bool moves() const;
  bool closing();
  const std::vector<std::string>& unsaved_codes();

  Window& window_;
  Shelf shelf_;
  Figure figure_;
  bool leads_ = true;  // time passes by this window
  Room room_;
  Panels panels_;
  Hands hands_;
  GalleryView gallery_;
  Screen screen_;
  Errands errands_;
  std::vector<std::shared_ptr<Session>> left_;  // that were shown before: what they hold is given back a little a frame
  Fonts fonts_;
  struct FontChoice {
    float scale = 0;
    bool projector = false;
    Letters letters = Letters::usual;
    const void* slides = nullptr;  // whose faces are there as well ...
    float unit = 0;                // ... and at what size
    bool operator==(const FontChoice&) const = default;
  };
  FontChoice loaded_;
  Letters letters_ = Letters::usual;  // that some text has needed
  bool quit_ = false;
  // Codes of what is not saved, of which session, and of which branches with how many deeds.
  std::vector<std::string> codes_;
  const Session* codes_session_ = nullptr;
  std::vector<std::pair<std::size_t, std::size_t>> codes_of_;
  std::function<void()> leaving_;  // what was asked for, while Hands::farewell asks
  Listener listener_;
  Sound sound_;
  bool points_ = false;        // the mouse has been moved since a key was pressed
  std::optional<Point> lies_;  // the mouse, in pixels, in the last frame
  Duration rested_ = 0;        // wall time since the mouse was moved or pressed
  Duration awake_ = 0;         // so long, at least, frames may still differ
  std::vector<TextBox> texts_;
  Rect window_rect_;
  Point mouse_;
};

}  // namespace nutshell
