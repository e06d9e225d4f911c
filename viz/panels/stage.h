// The stage: producers on the left, brokers in the middle, groups on the right, the quorum above.
#pragma once

#include "viz/panels/stage_layout.h"
#include "viz/panels/view.h"
#include "viz/session/session.h"

namespace nutshell {

void draw_stage(Ui& ui, const Session& session, Rect area);

// A stage without a session's clock: pictures, stills, tests.
struct Scene {
  const World& world;
  const Timeline& timeline;
  Time view_time = 0;
  Duration pace = kSecond;  // simulated time a second of wall time
};

// The parts, each in a file.

struct Pending {  // a timer that runs
  NodeId node = kNoNode;
  TimerKind kind = TimerKind::request_timeout;
  std::int32_t a = 0, b = 0;
  Time at = 0;
};
std::vector<Pending> pending_timers(const World& world);

void draw_quorum(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_brokers(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_map(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_producers(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_groups(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_ribbons(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_links(Canvas& canvas, const Scene& scene, const StageLayout& layout);
void draw_flights(Canvas& canvas, const Scene& scene, const StageLayout& layout, bool hidden);
void draw_crown_flights(Canvas& canvas, const Scene& scene, const StageLayout& layout);

// The letter and hue of a consumer: by order in the world.
std::size_t member_index(const World& world, NodeId consumer);
std::string member_letter(std::size_t index);
std::string capitalised(std::string text);
// "8.3 s": what is left until `at`.
std::string left_text(Time now, Time at);

}  // namespace nutshell
