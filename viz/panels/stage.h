// The stage: producers on the left, brokers in the middle, groups on the right, the quorum above.
#pragma once

#include "sim/session/asked.h"
#include "sim/session/flights.h"
#include "sim/session/parts.h"
#include "sim/session/session.h"
#include "sim/session/transitions.h"
#include "viz/panels/stage_layout.h"
#include "viz/panels/view.h"

namespace nutshell {

void draw_stage(Ui& ui, const Session& session, Rect area);

// A still of a moment, without words.
void draw_still(const Canvas& canvas, const World& world, const Timeline& any, Rect area);

// A timer that runs.
struct Pending {
  NodeId node = kNoNode;
  TimerKind kind{};
  std::int32_t a = 0, b = 0;
  Time at = 0;
};

// Where somebody has acted last, in this branch: "you: kill".
struct DeedFlag {
  Place place;  // none: nobody has, or nowhere in particular
  std::string text;
};

// What the parts of the stage draw from.
struct Scene {
  const World& world;
  const Timeline& timeline;
  Time view_time = 0;
  Duration pace = kSecond;  // simulated time a second of wall time
  std::vector<Pending> timers;
  std::vector<Spot>* spots = nullptr;  // what is drawn is noted here, if it is set
  std::vector<Tip>* tips = nullptr;    // and what its signs mean
  std::vector<Transition> moves = {};  // on their way
  Motion motion = {};                  // how far what has just happened is shown
  bool reduced = false;                // nothing flies or falls
  bool keys = false;                   // records have the hue of their key, not of their epoch
  Parts parts = {};                    // what of the inner works is shown
  DeedFlag flag = {};
  Asked asked = {};                    // what the question that stands asks for: hidden where it would be read

  // Notes that a place was drawn there.
  void note(const Canvas& canvas, Rect rect, Place place) const;
  // What is told of a sign when the mouse rests on it.
  void tell(const Canvas& canvas, Rect rect, std::string_view name, std::string_view meaning) const;
  // The timer of a node; nullptr: it does not run. `a` and `b` are compared unless they are -1.
  const Pending* timer(NodeId node, TimerKind kind, std::int32_t a = -1, std::int32_t b = -1) const;
  // On its way; nullptr: it stands at its end, or there was none.
  const Transition* move(TransitionKind kind, NodeId node) const;
  const Transition* move(TransitionKind kind, BrokerId broker, TopicPartition tp) const;
  // What is left of a time-out that ends then, 0..1.
  float left(Time ends, Duration whole) const;
};

// How far what happens is to be shown, by the session and by how the picture is looked at.
Motion motion_of(const Session& session, const Room& room);

// The parts, each in a file.

void draw_quorum(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_brokers(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_map(Canvas& canvas, const Scene& scene, const StageLayout& layout);
// How far its columns can be widened before the copies themselves say more.
float most_map_zoom(const World& world, const StageLayout& layout);
void draw_producers(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_plain(Canvas& canvas, const Scene& scene, const StageLayout& layout);
// Areas of zones, behind everything; and on top what they are called and what has gone from one to another.
void draw_zones(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_zone_marks(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_groups(Canvas& canvas, const Scene& scene, const StageLayout& layout);
// Where something of a cluster that is being built is still missing: what can be added there.
void draw_vacancies(Ui& ui, Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_ribbons(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_links(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_flights(Canvas& canvas, const Scene& scene, const StageLayout& layout, bool hidden);
void draw_crown_flights(Canvas& canvas, const Scene& scene, const StageLayout& layout);
// In stage_flag.cpp: the flag on whatever is no broker (those have it in their heads), and one alone; returns its width.
DeedFlag flag_of(const Session& session);
void draw_flags(Canvas& canvas, const Scene& scene, const StageLayout& layout);
float draw_flag(Canvas& canvas, Point left_middle, std::string_view text);
float flag_width(const Canvas& canvas, std::string_view text);

// Members of the group want the partition, and none of them owns it just now.
bool lacks_reader(const World& world, GroupId group, TopicPartition tp);
// The letter and hue of a consumer: by order in the world.
std::size_t member_index(const World& world, NodeId consumer);
std::string member_letter(std::size_t index);
// In tooltip.cpp: a line about what is under the mouse, once it has rested there for a moment.
void draw_tooltip(Ui& ui, const Session& session, Rect window);
// Of everything that flies, for the help.
void draw_flight_legend(Canvas& canvas, Rect area);
// What a message is for.
std::string_view meaning_of(TokenKind kind, char letter);
std::string capitalised(std::string text);
// "8.3 s": what is left until `at`.
std::string left_text(Time now, Time at);

}  // namespace nutshell
