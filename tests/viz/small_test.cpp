// Windows so small that things have no size left: they are drawn all the same.
#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>

#include "sim/session/empty.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

TEST_CASE("limits without room between them give the lower one") {
  CHECK(within(5, 1, 9) == 5);
  CHECK(within(0, 1, 9) == 1);
  CHECK(within(10, 1, 9) == 9);
  CHECK(within(5.0F, 8.0F, 2.0F) == 8.0F);
}

TEST_CASE("shapes of any size can be drawn, down to less than a pixel and to nothing") {
  Desk desk(lesson("the-log"));
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  Fonts fonts;
  for (const float scale : {1.0F, 0.01F}) {
    Canvas canvas(list, dark_theme(), fonts, scale, false);
    for (float size = -2; size < 4; size += 0.05F) {
      const Rect rect{10, 10, size, size};
      canvas.ring({10, 10}, size, canvas.theme.text, 1.5F);
      canvas.circle({10, 10}, size, canvas.theme.text);
      canvas.arc({10, 10}, size, 0, 0.5F, canvas.theme.text, 2);
      canvas.fill(rect, canvas.theme.text, 8);
      canvas.outline(rect, canvas.theme.text, 1, 8);
      canvas.dashed_outline(rect, canvas.theme.text, 1, kDead, 8);
      canvas.hatch(rect, canvas.theme.text);
    }
  }
}

TEST_CASE("every view and figure is drawn in a window of any size, from the first moment to the last") {
  for (const auto& [width, height] : {std::pair{640, 400}, {320, 200}, {120, 700}, {900, 60}}) {
    for (const char* name : {"the-log", "twelve-brokers"}) {
      Desk desk(lesson(name), width, height);
      desk.room().scale = 2;
      for (const Time at : {Time{0}, desk.session().scenario().until}) {
        desk.session().go_to_time(at);
        for (const MainArea area : {MainArea::stage, MainArea::space_time, MainArea::both, MainArea::log}) {
          desk.figure().area = area;
          for (int figure = 0; figure < kCharts; ++figure) {
            desk.type(U'f');
            CHECK(desk.look());
          }
        }
        for (const char32_t overlay : {U'g', U'w', U'?'}) {
          desk.type(overlay);
          CHECK(desk.look());
          desk.press(KeyName::escape);
        }
      }
    }
  }
}

TEST_CASE("the lens may look at a broker that is not there: in another branch, or before it was added") {
  for (const int height : {300, 720}) {
    Desk desk(empty_scenario(), 640, height);
    desk.figure().lens.focus = {PlaceKind::broker, 3};
    CHECK(desk.look());
  }
}

TEST_CASE("a line far longer than the window costs what is seen of it, and its dashes stand where they stood") {
  Desk desk(lesson("the-log"));
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  Fonts fonts;
  Canvas canvas(list, dark_theme(), fonts, 1, false);
  const auto vertices = [&](auto draw) {
    const int before = list.VtxBuffer.Size;
    list.PushClipRect({0, 0}, {1000, 600});
    draw();
    list.PopClipRect();
    std::vector<float> xs;
    for (int i = before; i < list.VtxBuffer.Size; ++i) xs.push_back(list.VtxBuffer[i].pos.x);
    return xs;
  };
  const auto line_from = [&](float x) {
    return vertices([&] { canvas.dashed_line({x, 300}, {980, 300}, canvas.theme.text, 2, {4, 4}); });
  };
  const std::vector<float> whole = line_from(20), longer = line_from(20 - 8 * 100'000);
  CHECK(whole.size() > 100);
  // Dashes begin at the same places, and three more are to the left of where the short one begins.
  REQUIRE(longer.size() > whole.size());
  REQUIRE(longer.size() < whole.size() + 100);
  for (std::size_t i = 1; i <= whole.size(); ++i) {
    CAPTURE(i);
    REQUIRE(longer[longer.size() - i] == doctest::Approx(whole[whole.size() - i]).epsilon(0.001));
  }
  CHECK(vertices([&] { canvas.dashed_line({-9e6F, -50}, {9e6F, -50}, canvas.theme.text, 2, {4, 4}); }).empty());
  CHECK(vertices([&] { canvas.dashed_polyline({{-9e9F, 9e9F}, {9e9F, -9e9F}}, canvas.theme.text, 2, {4, 4}); }).size() < 4'000);
  CHECK(vertices([&] { canvas.hatch({-9e8F, 100, 1.8e9F, 50}, canvas.theme.text); }).size() < 4'000);
  CHECK(vertices([&] { canvas.hatch({100, 100, 50, 50}, canvas.theme.text); }).size() > 20);
}
