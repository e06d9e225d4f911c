// A talk of 300 slides: opened until its first picture stands, and turned page by page.
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <string>

#include "sim/deck/read_deck.h"
#include "sim/session/empty.h"
#include "tests/bench/cases.h"
#include "viz/app/app.h"
#include "viz/app/podium.h"

namespace nutshell {

namespace {

constexpr std::int64_t kSlides = 300;

std::string long_deck() {
  std::string text = "slidenumbers: true\nfooter: A long talk\n\n";
  for (std::int64_t i = 0; i < kSlides; ++i) {
    const std::string number = std::to_string(i + 1);
    text += (i > 0 ? "\n---\n\n" : "") + std::string("## Slide **") + number + "** of many\n\n";
    if (i % 3 == 0) text += "- a line with `code` in it\n- another one, **strong**\n- and a third\n";
    if (i % 3 == 1) text += "| a | b |\n|---|---:|\n| one | 1 |\n| two | 2 |\n";
    if (i % 3 == 2) text += "```java\nfor (var record : consumer.poll(Duration.ofSeconds(1))) work(record);  // " + number + "\n```\n";
    text += "\n^ **Say.** What stands in the notes of slide " + number + ".\n";
  }
  return text;
}

std::shared_ptr<Podium> open(const std::string& text, Window& window) {
  DeckResult read = parse_deck(text, "long.md");
  const FigureReader none = [](const std::string&, std::string&) { return std::optional<Scenario>(); };
  return std::make_shared<Podium>(Talk(std::move(*read.deck), {}, none), window);
}

}  // namespace

void bench_slides(Bench& bench) {
  const std::string text = long_deck();
  bench.run("a deck of 300 slides: to its first frame", 1, [&](Stopwatch& watch) {
    const std::unique_ptr<Window> window = open_null_window(1920, 1080);
    App app(*window, {}, {});
    app.open(empty_scenario());
    watch.start();
    app.present(open(text, *window));
    if (!app.prepare().empty()) return std::uint64_t{0};
    app.frame(0);
    watch.stop();
    return static_cast<std::uint64_t>(app.podium()->talk.deck().slides.size());
  });
  const std::unique_ptr<Window> window = open_null_window(1920, 1080);
  App app(*window, {}, {});
  app.open(empty_scenario());
  app.present(open(text, *window));
  if (!app.prepare().empty()) return;
  app.frame(0);
  std::int64_t slowest = 0;
  bench.run("... the next slide: a frame", kSlides - 1, [&](Stopwatch& watch) {
    slowest = 0;
    app.podium()->talk.go_to(0);
    app.podium()->show.fonts_changed();  // no slide has been laid out yet
    watch.start();
    for (std::int64_t i = 1; i < kSlides; ++i) {
      Stopwatch one;
      one.start();
      window->press({KeyName::page_down, 0, false, false});
      app.frame(kSecond / 60);
      one.stop();
      slowest = std::max(slowest, one.nanoseconds());
    }
    watch.stop();
    return static_cast<std::uint64_t>(app.podium()->talk.slide());
  });
  std::printf("  the slowest: %" PRId64 " us\n", slowest / 1000);
}

}  // namespace nutshell
