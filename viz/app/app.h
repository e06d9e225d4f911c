// The front end: a session, a view and a window, put together frame by frame.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/session/cues.h"
#include "sim/session/session.h"
#include "viz/panels/chrome.h"
#include "viz/window/sound.h"
#include "viz/window/window.h"

namespace nutshell {

struct OpenedShare;

// Reads the scenario of a file; an error as one sentence in the string.
using LessonReader = std::function<std::optional<Scenario>(const std::string& file, std::string& error)>;

class App {
 public:
  App(Window& window, std::vector<LessonCard> lessons, LessonReader read);

  // Shows the scenario, from its opening.
  void open(Scenario scenario);
  // "" or why nothing can be drawn.
  std::string prepare();
  // One frame; `wall` ns have gone by. False: the user has had enough.
  bool frame(Duration wall);
  // The next frame would be the same picture, unless there is input before.
  bool rests() const { return awake_ <= 0; }
  void obey(const Command& command);
  // Works out at once what frames work out little by little: the rest of the run.
  void settle();

  Session& session() { return *session_; }
  View& view() { return view_; }
  // The same lesson under another setting beside this branch. Returns "" or why not.
  std::string show_beside(const std::string& key, const std::string& value);
  // The moment of a share code, in the room as it is, at the latest after some frames.
  void open_moment(const OpenedShare& opened);
  // The moment that is shown, as a share code.
  std::string code_of_moment();
  // Where scenarios are saved; "." unless said.
  void save_into(std::string folder) { folder_ = std::move(folder); }
  // Texts drawn in the last frame, with their boxes; for tests.
  const std::vector<TextBox>& texts() const { return texts_; }
  // What was done by hand and is not saved, as share codes, the latest last: kept from one start to the next, so that no
  // wrong key and no crash loses it.
  std::vector<std::string> to_keep();
  // A start offers to go on there, if it is a lesson that there is.
  void offer_to_go_on(const LastPlace& last);
  // Where it stands now; of no file: it is no lesson.
  LastPlace place() const;
  // The window in logical pixels, and how many pixels of the screen one of them is.
  const Rect& window() const { return window_rect_; }
  float scale() const { return loaded_.scale; }
  // Where the stage stood in the last frame; empty behind an overlay.
  const Rect& stage() const { return stage_; }
  // And the caption bar below it.
  const Rect& caption() const { return caption_; }

 private:
  std::string load_fonts();
  void draw(Ui& ui, Rect whole);
  void draw_main(Ui& ui, Rect area);
  void draw_for_back_row(Ui& ui, Rect whole);
  void draw_first_screen(Ui& ui, Rect whole);
  void draw_main_under(Ui& ui, Rect whole, bool choices);
  void leave_first_screen(const Command& command);
  void draw_behind_menu(Ui& ui, Rect whole);
  bool take_keys();
  bool moves() const;
  // In devices.cpp: game controllers, and what is heard.
  bool take_controllers(Duration wall);
  void sound(Duration wall);
  // A key while a field of the view takes them; false: it is a command all the same.
  bool type_field(const KeyPress& press);
  bool type_find(const KeyPress& press);
  bool type_jump(const KeyPress& press);
  // The moment that was typed, or a complaint.
  void jump_to_typed();
  // Selects the next place of the stage, or the one before.
  void walk(std::int64_t way);
  // Esc: lets go of one thing, the nearest first.
  void close();
  bool obey_view(const Command& command);
  Rect universe_under(const Ui& ui, Rect stage) const;
  void show_tab(Tab tab);
  void note_done();
  void show_question();
  bool obey_words(const Command& command);
  // Two universes get the whole width; the side panel comes back when one of them goes.
  void make_room_for_two();
  // What was asked for may lie ahead: it is brought nearer, and done when it is there.
  void carry_out(const Command& command);
  void obey_awaited();
  void go_on_joining();
  void check_expected();
  bool obey_gallery(const Command& command);
  void open_lesson(std::size_t which);
  // In leaving.cpp: what comes after a lesson, where the last one was left, and what is asked before anything is lost.
  void leave(std::function<void()> then);
  bool type_farewell(const KeyPress& press);
  void say_farewell(bool saves);
  void show_what_comes_next();
  bool obey_card(const Command& command);
  bool obey_going_on(const Command& command);
  bool closing();
  // An empty cluster, to be built by hand.
  void open_empty();
  bool obey_hands(const Command& command);
  bool obey_figures(const Command& command);
  void show_figure(Figure figure);
  void inspect();
  bool obey_menu(const Command& command);
  void use(Tool tool, const Place& place);
  void take(const Offer& offer, const Place& place);
  void ask_why(const Place& place);
  void compare();
  void go_on_saving();
  void finish_saving();
  void save(std::size_t which);
  void share();
  std::string join(const std::string& what);
  std::optional<Scenario> shipped_lesson() const;
  const std::vector<std::string>& unsaved_codes();
  void keep_unsaved();
  void bring_back();
  void ask_for_code();
  void ask_for_file();
  void join_typed();
  bool type(const KeyPress& press);
  bool edit(std::string& text, Caret& caret, const KeyPress& press);
  static std::string clipboard_line();
  void complete_prompt();
  void take_completion(std::size_t which);
  void change_config();
  void create_topic();
  void move_consumer(const Place& place, std::int64_t group);

  Window& window_;
  std::vector<LessonCard> lessons_;
  LessonReader read_;
  std::unique_ptr<Session> session_;
  std::vector<std::unique_ptr<Session>> left_;  // that were shown before: what they hold is given back a little a frame
  std::optional<Command> awaited_;  // is obeyed as soon as what it asks for is known
  std::vector<std::size_t> saving_;  // branches that are saved as soon as all of them is known
  // The moment of a share code, on its way to be shown: its branch, then its time, then what stands beside it.
  struct Joining {
    std::size_t branch = 0;
    Time at = 0;
    std::optional<std::size_t> beside;
    std::string warning;
  };
  std::optional<Joining> joining_;
  // What was done is to break a promise, in that branch; whether it does shows when all of it is known.
  struct Expected {
    std::string promise;
    std::size_t branch = 0;
  };
  std::optional<Expected> expected_;
  View view_;
  Fonts fonts_;
  struct FontChoice {
    float scale = 0;
    bool projector = false;
    Letters letters = Letters::usual;
    bool operator==(const FontChoice&) const = default;
  };
  FontChoice loaded_;
  Letters letters_ = Letters::usual;  // that some text has needed
  bool quit_ = false;
  // Codes of what is not saved, of which session, and of which branches with how many deeds.
  std::vector<std::string> codes_;
  const Session* codes_session_ = nullptr;
  std::vector<std::pair<std::size_t, std::size_t>> codes_of_;
  std::function<void()> leaving_;  // what was asked for, while view_.farewell asks
  Listener listener_;
  Sound sound_;
  std::optional<bool> panel_before_;  // two universes were shown beside each other; nullopt: they are not
  std::string folder_ = ".";
  bool points_ = false;  // the mouse has been moved since a key was pressed
  std::optional<Point> lies_;  // the mouse, in pixels, in the last frame
  Duration awake_ = 0;  // so long, at least, frames may still differ
  std::vector<TextBox> texts_;
  Rect stage_, caption_, window_rect_;
  Point mouse_;
};

}  // namespace nutshell
