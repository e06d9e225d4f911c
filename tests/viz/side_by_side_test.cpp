// Two living figures in one frame: each has its own places, selection, lens and time.
#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>
#include <array>
#include <set>

#include "tests/viz/desk.h"
#include "viz/panels/figure.h"

namespace nutshell {
namespace {

using testing::lesson;

constexpr Rect kLeft{0, 0, 800, 900}, kRight{800, 0, 800, 900};

// A window with two figures and nothing else.
class TwoFigures {
 public:
  TwoFigures(Scenario left, Scenario right) : window_(open_null_window(1600, 900)) {
    figures_[0].session = std::make_shared<Session>(std::move(left));
    figures_[1].session = std::make_shared<Session>(std::move(right));
    REQUIRE(fonts_.load(*ImGui::GetIO().Fonts, 1, false, Letters::usual).empty());
    window_->fonts_changed();
    look();
  }

  Figure& left() { return figures_[0]; }
  Figure& right() { return figures_[1]; }
  // One frame, with the mouse there.
  void look(Point mouse = {-1, -1}, bool clicked = false, float wheel = 0) {
    REQUIRE(window_->begin_frame());
    Canvas canvas(*ImGui::GetBackgroundDrawList(), dark_theme(), fonts_, 1, false);
    for (std::size_t i = 0; i < 2; ++i) {
      Figure& figure = figures_[i];
      std::vector<Command> commands;
      Ui ui{canvas, room_, figure.view, commands, mouse, clicked, clicked, false, wheel};
      begin_figure(figure.view);
      draw_figure(ui, *figure.session, i == 0 ? kLeft : kRight);
      remember_pointed(ui);
      for (const Command& each : commands) obey(figure, each);
    }
    window_->end_frame();
  }
  void obey(Figure& figure, const Command& command) {
    if (!obey_figure(figure.view, *figure.session, room_, command)) figure.session->obey(command);
  }

 private:
  std::unique_ptr<Window> window_;
  Fonts fonts_;
  Room room_;
  std::array<Figure, 2> figures_;
};

// Where the first of a kind of place stands. REQUIRES there is one.
Spot spot_of(const Figure& figure, PlaceKind kind) {
  const auto& spots = figure.view.spots;
  const auto found = std::find_if(spots.begin(), spots.end(), [&](const Spot& each) { return each.place.kind == kind; });
  REQUIRE(found != spots.end());
  return *found;
}

// A point of it at which nothing smaller lies.
Point free_point(const Figure& figure, const Spot& spot) {
  for (float y = spot.rect.y + 2; y < spot.rect.bottom(); y += 3) {
    for (float x = spot.rect.x + 2; x < spot.rect.right(); x += 3) {
      if (place_at(figure.view, {x, y}) == spot.place) return {x, y};
    }
  }
  FAIL("it is covered everywhere");
  return {};
}

}  // namespace

TEST_CASE("figures of two lessons stand beside each other, and no place of one is among the other's") {
  TwoFigures both(lesson("leader-failover"), lesson("four-consumers"));
  REQUIRE_FALSE(both.left().view.spots.empty());
  REQUIRE_FALSE(both.right().view.spots.empty());
  for (const Spot& each : both.left().view.spots) CHECK(kLeft.contains(each.rect.center()));
  for (const Spot& each : both.right().view.spots) CHECK(kRight.contains(each.rect.center()));
  for (const Tip& each : both.left().view.tips) CHECK(kLeft.contains(each.rect.center()));
  for (const Tip& each : both.right().view.tips) CHECK(kRight.contains(each.rect.center()));
  // As many of each kind as its own cluster has.
  const auto count = [](const Figure& figure, PlaceKind kind) {
    std::set<NodeId> nodes;
    for (const Spot& each : figure.view.spots) {
      if (each.place.kind == kind) nodes.insert(each.place.node);
    }
    return nodes.size();
  };
  for (Figure* figure : {&both.left(), &both.right()}) {
    CHECK(count(*figure, PlaceKind::broker) == figure->session->world().brokers.size());
    CHECK(count(*figure, PlaceKind::consumer) == figure->session->world().consumers.size());
  }
  CHECK(both.left().session->world().consumers.size() != both.right().session->world().consumers.size());
}

TEST_CASE("the mouse points at one figure, and a click selects in that one alone") {
  TwoFigures both(lesson("leader-failover"), lesson("four-consumers"));
  const Spot broker = spot_of(both.left(), PlaceKind::broker), consumer = spot_of(both.right(), PlaceKind::consumer);
  const Point on_broker = free_point(both.left(), broker), on_consumer = free_point(both.right(), consumer);
  both.look(on_broker);
  CHECK(both.left().view.hovered == broker.place);
  CHECK_FALSE(both.right().view.hovered);
  both.look(on_broker, true);
  CHECK(both.left().view.selected == broker.place);
  CHECK_FALSE(both.right().view.selected);
  both.look(on_consumer);
  CHECK_FALSE(both.left().view.hovered);
  CHECK(both.right().view.hovered == consumer.place);
  both.look(on_consumer, true);
  CHECK(both.left().view.selected == broker.place);
  CHECK(both.right().view.selected == consumer.place);
}

TEST_CASE("each figure has its lens, its diagram and its time") {
  TwoFigures both(lesson("leader-failover"), lesson("four-consumers"));
  both.look(kRight.center(), false, 2);
  CHECK(both.right().view.lens.zoom > 1);
  CHECK(both.left().view.lens.zoom == 1);
  both.obey(both.left(), {CommandName::main_area, static_cast<std::int64_t>(MainArea::space_time) + 1, {}});
  both.look();
  CHECK(both.left().view.spots.empty());
  CHECK(both.left().view.space.placed);
  CHECK_FALSE(both.right().view.spots.empty());
  CHECK_FALSE(both.right().view.space.placed);
  const Time right = both.right().session->view_time();
  both.obey(both.left(), {CommandName::step, 0, {}});
  CHECK(both.left().session->timeline().position() > 0);
  both.look();
  CHECK(both.right().session->view_time() == right);
  // The diagram's gestures are its own: the wheel over it zooms it, and not the stage beside it.
  const float zoom = both.right().view.lens.zoom;
  const double before = static_cast<double>(both.left().view.space.zoom);
  both.look(kLeft.center(), false, 2);
  CHECK(static_cast<double>(both.left().view.space.zoom) > before);
  CHECK(both.right().view.lens.zoom == zoom);
}

}  // namespace nutshell
