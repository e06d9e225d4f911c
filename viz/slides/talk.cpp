#include "viz/slides/talk.h"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "sim/core/text.h"
#include "sim/session/about.h"

namespace nutshell {

namespace {

constexpr Duration kSettles = 150 * kMillisecond;  // a slide stands that long before the next one's figure is made

std::string lower(std::string_view text) {
  std::string all(text);
  for (char& each : all) each = each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  return all;
}

// Words without the signs between them, so that a title is found as it is spoken.
std::string spoken(std::string_view text) {
  std::string all;
  for (const char c : lower(text)) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80) != 0;
    if (word) all += c;
    else if (!all.empty() && all.back() != ' ') all += ' ';
  }
  while (!all.empty() && all.back() == ' ') all.pop_back();
  return all;
}

}  // namespace

std::size_t LivingFigure::deeds() const {
  std::size_t count = 0;
  if (!lives()) return 0;
  for (std::size_t at = session().current(); session().branches()[at]->parent; at = *session().branches()[at]->parent) ++count;
  return count;
}

bool LivingFigure::has_more() const {
  if (!lives() || session().off_script()) return false;
  return session().told() < session().beats().size() && session().beats()[session().told()].at <= stops;
}

bool LivingFigure::is_to_run() const { return lives() && entry->plays && !session().off_script() && session().view_time() < stops; }

Talk::Talk(Deck deck, std::vector<DeckFigure> figures, FigureReader read, Captions captions)
    : deck_(std::move(deck)), figures_(std::move(figures)), read_(std::move(read)), captions_(std::move(captions)),
      sections_(sections_of(deck_)) {
  spent_.resize(deck_.slides.size());
  rehearsed_.resize(deck_.slides.size());
  enter();
}

// From its moment, paused.
LivingFigure Talk::make(const DeckFigure& entry) {
  LivingFigure made;
  made.entry = &entry;
  if (entry.wires) return made;
  auto [found, is_new] = scenarios_.try_emplace(entry.scenario);
  auto& [scenario, error] = found->second;
  if (is_new) scenario = read_(entry.scenario, error);
  if (!scenario) {
    made.problem = error.empty() ? "the scenario '" + entry.scenario + "' cannot be read" : error;
    return made;
  }
  made.figure.session = std::make_shared<Session>(*scenario);
  Session& session = made.session();
  session.know_all();
  const std::size_t beats = session.beats().size();
  const Time until = session.scenario().until;
  const std::string name = "'" + entry.scenario + "'";
  if (entry.beat && *entry.beat > beats)
    made.problem = name + " has " + std::to_string(beats) + " captions and questions, no number " + std::to_string(*entry.beat);
  if (entry.at && *entry.at > until) made.problem = "the run of " + name + " ends at " + format_duration(until) + ", before that";
  if (!made.problem.empty()) {
    made.figure.session.reset();
    return made;
  }
  if (entry.beat) session.go_to_beat(*entry.beat - 1);
  else if (entry.at) session.go_to_time(*entry.at);
  FigureView& view = made.figure.view;
  const auto area = std::find(kFigureViews.begin(), kFigureViews.end(), entry.view);
  if (area != kFigureViews.end()) view.area = static_cast<MainArea>(area - kFigureViews.begin());
  if (!entry.select.empty()) view.selected = place_named(session.world(), entry.select);
  made.first = session.told();
  made.began = session.view_time();
  made.stops = std::min(entry.until.value_or(session.scenario().until), session.scenario().until);
  return made;
}

void Talk::make_figures(std::size_t slide) {
  const std::vector<SlideImage>& images = deck_.slides[slide].images;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const DeckFigure* entry = find_figure(figures_, images[i].path);
    if (entry && !living_.contains({slide, i})) living_.emplace(Key{slide, i}, make(*entry));
  }
}

void Talk::start(LivingFigure& figure) {
  if (!figure.is_to_run() || figure.session().asking() || figure.session().playing()) return;
  figure.session().obey({CommandName::play_pause, 0, {}});
}

void Talk::enter() {
  build_ = 0;
  stood_ = 0;
  in_hand_ = prepared_ = false;
  make_figures(slide_);
  for (std::size_t i = 0; i < shown().images.size(); ++i) {
    LivingFigure* figure = figure_of(slide_, i);
    if (!figure) continue;
    figure->met_again = figure->touched;
    if (!figure->touched) start(*figure);
  }
}

// What nobody has touched is built anew when it comes up again.
void Talk::leave() {
  for (auto at = living_.begin(); at != living_.end();) {
    LivingFigure& each = at->second;
    if (each.lives() && each.session().playing()) each.session().obey({CommandName::play_pause, 0, {}});
    if (each.touched) ++at;
    else at = living_.erase(at);
  }
}

LivingFigure* Talk::figure_of(std::size_t slide, std::size_t image) {
  const auto found = living_.find({slide, image});
  return found == living_.end() ? nullptr : &found->second;
}

LivingFigure* Talk::figure() {
  for (std::size_t i = 0; i < shown().images.size(); ++i) {
    LivingFigure* each = figure_of(slide_, i);
    if (each && each->lives()) return each;
  }
  return nullptr;
}

void Talk::go_to(std::size_t slide) {
  started_ = true;
  if (slide == slide_) {
    enter();
    return;
  }
  // A figure that has been made ready for this slide is kept.
  std::vector<std::pair<Key, LivingFigure>> ready;
  for (std::size_t i = 0; i < deck_.slides[slide].images.size(); ++i) {
    const auto found = living_.find({slide, i});
    if (found != living_.end() && !found->second.touched) ready.emplace_back(found->first, std::move(found->second));
  }
  leave();
  for (auto& [key, figure] : ready) living_.insert_or_assign(key, std::move(figure));
  slide_ = slide;
  enter();
}

bool Talk::next_of_figure() {
  LivingFigure* at = figure();
  if (!at || !at->entry->plays || at->session().off_script()) return false;
  Session& session = at->session();
  if (session.asking()) {
    session.obey({CommandName::reveal, 0, {}});
    start(*at);
    return true;
  }
  if (session.gliding() || at->has_more()) {
    session.obey({CommandName::next, 0, {}});
    return true;
  }
  if (!at->is_to_run() || session.playing()) return false;
  start(*at);
  return session.playing();
}

LivingFigure* Talk::wires() {
  for (std::size_t i = 0; i < shown().images.size(); ++i) {
    LivingFigure* each = figure_of(slide_, i);
    if (each && each->entry->wires && comes_to_an_end(*each->entry)) return each;
  }
  return nullptr;
}

bool Talk::turn_wires(bool to_end) {
  LivingFigure* at = wires();
  return at && std::exchange(at->ended, to_end) != to_end;
}

void Talk::next() {
  started_ = true;
  in_hand_ = false;
  if (build_ < deck_.builds(shown())) {
    ++build_;
    return;
  }
  if (next_of_figure() || turn_wires(true)) return;
  if (slide_ + 1 < deck_.slides.size()) go_to(slide_ + 1);
}

bool Talk::back_of_figure() {
  LivingFigure* at = figure();
  if (!at || !at->entry->plays || at->session().off_script()) return false;
  Session& session = at->session();
  if (session.told() > at->first) {
    session.obey({CommandName::back, 0, {}});
    if (session.told() < at->first || session.view_time() < at->began) fresh();
    return true;
  }
  return false;
}

void Talk::back() {
  started_ = true;
  in_hand_ = false;
  if (build_ > 0) {
    --build_;
    return;
  }
  if (back_of_figure() || turn_wires(false)) return;
  if (slide_ == 0) return;
  go_to(slide_ - 1);
  // Who goes back to it has seen it.
  build_ = deck_.builds(shown());
}

void Talk::restart_section() { go_to(sections_[section()].first); }

std::vector<NextStep> Talk::steps_ahead(std::size_t count) const {
  std::vector<NextStep> steps;
  const std::size_t builds = deck_.builds(shown());
  for (std::size_t i = build_; i < builds && steps.size() < count; ++i)
    steps.push_back({NextStep::Kind::build, "line " + std::to_string(i + 1) + " of " + std::to_string(builds)});
  const LivingFigure* at = figure();
  if (at && at->entry->plays && !at->session().off_script()) {
    const Session& session = at->session();
    bool stands = !session.playing() && !session.gliding();
    if (session.asking()) {
      const StoryLine& asked = *session.beat();
      const std::string letter = asked.answer ? std::string(1, static_cast<char>('A' + *asked.answer)) : "the answer";
      steps.push_back({NextStep::Kind::answer, letter});
      stands = false;
    }
    for (std::size_t i = session.told(); i < session.beats().size() && session.beats()[i].at <= at->stops; ++i) {
      const StoryLine& each = session.beats()[i];
      steps.push_back({each.kind == StoryLine::Kind::ask ? NextStep::Kind::question : NextStep::Kind::caption, each.text});
      stands = false;
    }
    if (stands && at->is_to_run()) steps.push_back({NextStep::Kind::run, "the figure runs on to " + format_time(at->stops)});
  }
  if (const LivingFigure* cut = const_cast<Talk*>(this)->wires(); cut && !cut->ended)
    steps.push_back({NextStep::Kind::run, receiver_letter(cut->entry->wires->down - 1) + " goes down: what waits?"});
  for (std::size_t i = slide_ + 1; i < deck_.slides.size() && steps.size() < count; ++i)
    steps.push_back({NextStep::Kind::slide, deck_.slides[i].title()});
  if (steps.size() < count) steps.push_back({NextStep::Kind::end, "the end of the talk"});
  steps.resize(std::min(steps.size(), count));
  return steps;
}

std::vector<std::size_t> Talk::find(std::string_view typed) const {
  const std::string wanted = spoken(typed);
  std::vector<std::size_t> first, then, last;
  if (wanted.empty()) return {};
  if (wanted.find_first_not_of("0123456789") == std::string::npos && wanted.size() <= 5) {
    const std::size_t number = std::stoul(wanted);
    if (number >= 1 && number <= deck_.slides.size()) first.push_back(number - 1);
  }
  for (std::size_t i = 0; i < deck_.slides.size(); ++i) {
    const std::string title = spoken(deck_.slides[i].title());
    const std::size_t at = title.find(wanted);
    if (at == std::string::npos || (!first.empty() && first.front() == i)) continue;
    if (at == 0) first.push_back(i);
    else if (title[at - 1] == ' ') then.push_back(i);
    else last.push_back(i);
  }
  first.insert(first.end(), then.begin(), then.end());
  first.insert(first.end(), last.begin(), last.end());
  return first;
}

void Talk::take_in_hand() {
  LivingFigure* at = figure();
  in_hand_ = at != nullptr;
  if (at) at->met_again = false;
}
void Talk::give_back() { in_hand_ = false; }

void Talk::touch() {
  if (LivingFigure* at = figure()) at->touched = true;
}

void Talk::go_on() {
  if (LivingFigure* at = figure()) start(*at);
}

LivingFigure* Talk::figure_with(const std::shared_ptr<Session>& session) {
  const auto has_it = [&](const auto& each) { return each.second.figure.session == session; };
  const auto found = std::find_if(living_.begin(), living_.end(), has_it);
  return found == living_.end() || !session ? nullptr : &found->second;
}

void Talk::fresh() {
  for (std::size_t i = 0; i < shown().images.size(); ++i) {
    if (LivingFigure* each = figure_of(slide_, i)) *each = make(*each->entry);
  }
  if (in_hand_) return;
  for (std::size_t i = 0; i < shown().images.size(); ++i) {
    if (LivingFigure* each = figure_of(slide_, i)) start(*each);
  }
}

void Talk::pass(Duration wall) {
  stood_ += wall;
  if (started_) {
    elapsed_ += wall;
    spent_[slide_] += wall;
  }
  for (std::size_t i = 0; i < shown().images.size(); ++i) {
    LivingFigure* each = figure_of(slide_, i);
    if (!each || !each->lives()) continue;
    Session& session = each->session();
    const bool glided = session.gliding();
    session.pass(wall);
    if (in_hand_ || each->touched) continue;
    if (session.playing() && session.view_time() >= each->stops) {
      session.obey({CommandName::play_pause, 0, {}});
      if (session.view_time() > each->stops) session.go_to_time(each->stops);
    }
    // What was brought nearer by the key goes on from there by itself, as it does without.
    if (glided && !session.gliding() && !session.asking() && session.beat() && !session.beat()->pause) start(*each);
  }
}

bool Talk::moves() const {
  for (std::size_t i = 0; i < shown().images.size(); ++i) {
    const LivingFigure* each = const_cast<Talk*>(this)->figure_of(slide_, i);
    if (each && each->lives() && each->session().moves()) return true;
  }
  return false;
}

void Talk::prepare() {
  if (!prepared_ && stood_ >= kSettles) make_ready();
}

void Talk::make_ready() {
  prepared_ = true;
  if (slide_ + 1 < deck_.slides.size()) make_figures(slide_ + 1);
}

std::optional<Duration> Talk::behind() const {
  if (planned_in_all(sections_) == 0) return std::nullopt;
  const std::size_t at = section();
  Duration planned = 0;
  for (std::size_t i = 0; i < at; ++i) planned += sections_[i].planned;
  const std::size_t first = sections_[at].first, end = at + 1 < sections_.size() ? sections_[at + 1].first : deck_.slides.size();
  // Its slides are taken to last equally long; this one may take its whole share.
  const auto share = static_cast<Duration>(end - first), done = static_cast<Duration>(slide_ - first);
  const Duration least = planned + sections_[at].planned / share * done, most = planned + sections_[at].planned / share * (done + 1);
  return elapsed_ > most ? elapsed_ - most : elapsed_ < least ? elapsed_ - least : 0;
}

Duration Talk::sum(const std::vector<Duration>& all, std::size_t section) const {
  const std::size_t end = section + 1 < sections_.size() ? sections_[section + 1].first : all.size();
  Duration sum = 0;
  for (std::size_t i = sections_[section].first; i < end && i < all.size(); ++i) sum += all[i];
  return sum;
}

bool Talk::resume(const TalkRecord& record) {
  const auto was_given = [](const std::vector<Duration>& all) { return std::accumulate(all.begin(), all.end(), Duration{0}) > 0; };
  const bool goes_on = !record.ended && record.slide < deck_.slides.size() && (record.slide > 0 || record.build > 0);
  rehearsed_ = goes_on || !was_given(record.spent) ? record.rehearsed : record.spent;
  rehearsed_.resize(deck_.slides.size());
  if (!goes_on) return false;
  spent_ = record.spent;
  spent_.resize(deck_.slides.size());
  elapsed_ = record.elapsed;
  go_to(record.slide);
  build_ = std::min(record.build, deck_.builds(shown()));
  return true;
}

void Talk::begin_anew() {
  if (std::accumulate(spent_.begin(), spent_.end(), Duration{0}) > 0) rehearsed_ = spent_;
  std::fill(spent_.begin(), spent_.end(), 0);
  elapsed_ = 0;
  go_to(0);
  started_ = false;
}

std::string text_of(const TalkRecord& record) {
  std::string text = "slide " + std::to_string(record.slide + 1) + "\nbuild " + std::to_string(record.build) + "\nelapsed " +
                     std::to_string(record.elapsed / kMillisecond) + "\n" + (record.ended ? "ended\n" : "");
  const auto add = [&](const char* name, const std::vector<Duration>& all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i] >= kMillisecond)
        text += std::string(name) + " " + std::to_string(i + 1) + " " + std::to_string(all[i] / kMillisecond) + "\n";
    }
  };
  add("spent", record.spent);
  add("rehearsed", record.rehearsed);
  return text;
}

TalkRecord record_of(const std::string& text, std::size_t slides) {
  constexpr std::int64_t kMost = 7 * 24 * 3600 * std::int64_t{1000};  // ms
  TalkRecord record;
  record.ended = text.empty();
  record.spent.resize(slides);
  record.rehearsed.resize(slides);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    std::int64_t one = -1, other = -1;
    words >> name >> one >> other;
    const bool time_of_slide = one >= 1 && one <= static_cast<std::int64_t>(slides) && other >= 0 && other <= kMost;
    if (name == "ended") record.ended = true;
    else if (name == "slide" && one >= 1 && one <= static_cast<std::int64_t>(slides)) record.slide = static_cast<std::size_t>(one - 1);
    else if (name == "build" && one >= 0 && one < 10'000) record.build = static_cast<std::size_t>(one);
    else if (name == "elapsed" && one >= 0 && one <= kMost) record.elapsed = one * kMillisecond;
    else if (name == "spent" && time_of_slide) record.spent[static_cast<std::size_t>(one - 1)] = other * kMillisecond;
    else if (name == "rehearsed" && time_of_slide) record.rehearsed[static_cast<std::size_t>(one - 1)] = other * kMillisecond;
  }
  return record;
}

}  // namespace nutshell
