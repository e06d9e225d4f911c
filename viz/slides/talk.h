// A talk that is being given: which slide, how far it is built, its living figures, the clock. No window, no pixel.
//
// One key gives the whole talk: next() is the next line of a list, else the figure's next caption or question, else the next
// slide. A figure is built from scenario, seed, moment and view each time its slide comes up, unless somebody had it in hand:
// then it is as it was until fresh() is asked for, which gives the same run to the same bit.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/deck/deck.h"
#include "sim/deck/sections.h"
#include "sim/scenario/captions.h"
#include "sim/scenario/figure_map.h"
#include "viz/panels/figure.h"

namespace nutshell {

// Reads a scenario that a figure map names; an error as one sentence in the string.
using FigureReader = std::function<std::optional<Scenario>(const std::string& scenario, std::string& error)>;

// A picture of a slide that lives.
struct LivingFigure {
  const DeckFigure* entry = nullptr;
  Figure figure;         // no session: `problem` says why, in one sentence
  std::string problem;
  Time stops = 0;        // where it ends by itself
  std::size_t first = 0; // captions and questions that were told when it came up
  Time began = 0;        // the moment then
  bool touched = false;  // somebody has had it in hand and done something
  bool met_again = false;  // ... and its slide has come up again since
  bool ended = false;      // of wires: what was to happen has happened

  bool lives() const { return figure.session != nullptr; }
  Session& session() { return *figure.session; }
  const Session& session() const { return *figure.session; }
  // Deeds of the branch that is shown.
  std::size_t deeds() const;
  // A caption or question is to come before it ends.
  bool has_more() const;
  // It is to go on by itself, and stands before its end.
  bool is_to_run() const;
};

// What the next press of the one key does.
struct NextStep {
  enum class Kind : std::uint8_t { build, answer, caption, question, run, slide, end };
  Kind kind = Kind::end;
  std::string what;  // the line, the caption, the title of the slide
};

// What a talk remembers from one start to the next.
struct TalkRecord {
  std::size_t slide = 0, build = 0;
  Duration elapsed = 0;
  std::vector<Duration> spent;     // a slide each, in this run
  std::vector<Duration> rehearsed; // in the one before
  bool ended = true;               // on purpose; else it was broken off, and goes on there
  friend bool operator==(const TalkRecord&, const TalkRecord&) = default;
};

class Talk {
 public:
  // REQUIRES the deck has slides.
  // The reader gives scenarios in the words of `captions` already.
  Talk(Deck deck, std::vector<DeckFigure> figures, FigureReader read, Captions captions = {});
  Talk(Talk&&) = default;
  Talk& operator=(Talk&&) = delete;  // figures point into it

  const Deck& deck() const { return deck_; }
  const Captions& captions() const { return captions_; }
  const Slide& shown() const { return deck_.slides[slide_]; }
  std::size_t slide() const { return slide_; }
  std::size_t build() const { return build_; }
  const std::vector<DeckSection>& sections() const { return sections_; }
  std::size_t section() const { return section_at(sections_, slide_); }

  void next();
  void back();
  // As if it came up from before. REQUIRES slide < deck().slides.size().
  void go_to(std::size_t slide);
  void restart_section();
  // What the next presses do, the very next first.
  std::vector<NextStep> steps_ahead(std::size_t count) const;
  // The slides whose number or title it may be, the likeliest first.
  std::vector<std::size_t> find(std::string_view typed) const;

  bool is_living(const SlideImage& image) const { return find_figure(figures_, image.path) != nullptr; }
  // Of an image of a slide; nullptr: it is a picture, or the slide has not come up.
  LivingFigure* figure_of(std::size_t slide, std::size_t image);
  // The one that the keys are for: the first of the slide; nullptr: it has none that lives.
  LivingFigure* figure();
  const LivingFigure* figure() const { return const_cast<Talk*>(this)->figure(); }
  // The figure has the keys.
  bool in_hand() const { return in_hand_; }
  void take_in_hand();
  void give_back();
  // Somebody has done something to it.
  void touch();
  void fresh();
  // A question of it has been answered: it goes on from there.
  void go_on();
  // The one that shows this session; nullptr: none does.
  LivingFigure* figure_with(const std::shared_ptr<Session>& session);

  // Wall time goes by. `counts`: the clock runs.
  void pass(Duration wall);
  // It changes by itself.
  bool moves() const;
  // What will be asked for soon is made ready, a piece a frame.
  void prepare();
  bool is_prepared() const { return prepared_; }
  // At once.
  void make_ready();

  bool started() const { return started_; }
  Duration elapsed() const { return elapsed_; }
  // In a section, in this run and in the one before; 0: it was not given.
  Duration spent_in(std::size_t section) const { return sum(spent_, section); }
  Duration rehearsed_in(std::size_t section) const { return sum(rehearsed_, section); }
  // Where the plan is by now: behind it if above 0. nullopt: nobody has planned.
  std::optional<Duration> behind() const;
  TalkRecord record() const { return {slide_, build_, elapsed_, spent_, rehearsed_, false}; }
  // Goes on where the record says, if it was broken off; else only what was rehearsed is taken. True: it goes on.
  bool resume(const TalkRecord& record);
  // A new run, from the first slide.
  void begin_anew();

 private:
  using Key = std::pair<std::size_t, std::size_t>;
  void enter();
  void leave();
  LivingFigure make(const DeckFigure& entry);
  void make_figures(std::size_t slide);
  void start(LivingFigure& figure);
  bool next_of_figure();
  // Wires of the slide that are to come to their end; nullptr: there are none, or they stand.
  LivingFigure* wires();
  bool turn_wires(bool to_end);
  bool back_of_figure();
  Duration sum(const std::vector<Duration>& all, std::size_t section) const;

  Deck deck_;
  std::vector<DeckFigure> figures_;
  FigureReader read_;
  Captions captions_;
  std::vector<DeckSection> sections_;
  std::map<Key, LivingFigure> living_;
  std::map<std::string, std::pair<std::optional<Scenario>, std::string>> scenarios_;
  std::size_t slide_ = 0, build_ = 0;
  bool in_hand_ = false, started_ = false, prepared_ = false;
  Duration elapsed_ = 0, stood_ = 0;  // stood: this slide, since it came up
  std::vector<Duration> spent_, rehearsed_;
};

// As a text of lines, and back; what cannot be read is left out.
std::string text_of(const TalkRecord& record);
TalkRecord record_of(const std::string& text, std::size_t slides);

}  // namespace nutshell
