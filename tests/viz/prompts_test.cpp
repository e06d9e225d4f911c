// What hands write: answers to every act, prompts, completion, and fields of text that behave as such.
#include <doctest/doctest.h>
#include <imgui.h>

#include <string>
#include <vector>

#include "sim/session/text_field.h"
#include "tests/viz/touch.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

Desk desk_for_prompts(const std::string& name, Time at) {
  Desk desk(lesson(name), 1600, 900);
  desk.session().go_to_time(at);
  desk.look();
  return desk;
}

}  // namespace

TEST_CASE("every act is answered in one sentence, and an old error does not stay") {
  Desk desk = desk_for_prompts("leader-failover", 9 * kSecond);
  desk.click(card_of(desk, "broker 1"));
  desk.type(U'k');
  CHECK(desk.shows("min.insync.replicas="));
  CHECK_FALSE(desk.shows("acks=1"));
  desk.type("min.insync.replicas=soon");
  desk.press(KeyName::enter);
  REQUIRE_FALSE(desk.view().prompt.complaint.empty());
  desk.chord(U'a');
  desk.type("min.insync.replicas=1");
  desk.press(KeyName::enter);
  desk.look();
  CHECK(desk.shows("min.insync.replicas of broker 1 is 1."));
  CHECK_FALSE(desk.shows("soon"));
  desk.press(KeyName::escape);
  desk.type(U't', true);
  desk.type("bills 1 1");
  desk.press(KeyName::enter);
  desk.look();
  CHECK(desk.shows("Topic bills is created when time goes on."));
}

TEST_CASE("the example of a key's prompt is one that the target takes, whatever the target") {
  Session session(lesson("leader-failover"));
  session.go_to_time(10 * kSecond);
  const World& world = session.world();
  for (const char* target : {"brokers", "broker 2", "Q1", "shop", "kitchen", "orders"}) {
    const std::string example = config_example(world, target);
    REQUIRE_MESSAGE(example.find('=') != std::string::npos, target);
    const SetConfig action{target, example.substr(0, example.find('=')), example.substr(example.find('=') + 1)};
    CHECK_MESSAGE(impossible(world, action).empty(), target);
    CHECK_MESSAGE(refusal(world, action).empty(), target);
    CHECK_MESSAGE(pointless(world, action).empty(), target);
  }
}

TEST_CASE("keys and values are completed, and every completion is one that the target takes") {
  Session session(lesson("leader-failover"));
  session.go_to_time(10 * kSecond);
  const World& world = session.world();
  for (const char* target : {"broker 2", "shop", "kitchen", "orders"}) {
    const std::vector<Completion> keys = config_completions(world, target, "");
    CHECK(keys.size() > (std::string(target) == "broker 2" ? 1 : 3));
    for (const Completion& key : keys) {
      for (const Completion& value : config_completions(world, target, key.text)) {
        const std::string text = value.text.substr(value.text.find('=') + 1);
        if (text == "inherited") continue;
        const SetConfig action{target, key.text.substr(0, key.text.size() - 1), text};
        CHECK_MESSAGE(impossible(world, action).empty(), value.text);
        CHECK_MESSAGE(refusal(world, action).empty(), value.text);
      }
    }
  }
  Desk desk = desk_for_prompts("leader-failover", 9 * kSecond);
  desk.click(card_of(desk, "shop"));
  desk.type(U'k');
  desk.type("idem");
  desk.press(KeyName::tab);
  CHECK(desk.view().prompt.text == "enable.idempotence=");
  desk.press(KeyName::down);
  desk.press(KeyName::down);
  desk.press(KeyName::enter);
  CHECK((desk.view().prompt.text == "enable.idempotence=true" || desk.view().prompt.text == "enable.idempotence=false"));
  CHECK(with_name_completed(world, "bro") == "broker 1");
  CHECK(with_name_completed(world, "leads ord") == "leads orders");
  CHECK(with_name_completed(world, "xyz").empty());
}

TEST_CASE("a field of text does what fields do: select, replace, go along by cursor, delete") {
  std::string text = "acks=1";
  Caret caret{6, 6};
  const auto press = [&](KeyName key, bool shift = false, bool control = false) { return edit(text, caret, {key, 0, shift, control}); };
  const auto type = [&](char32_t character) { return edit(text, caret, {KeyName::character, character, false, false}); };
  press(KeyName::left);
  press(KeyName::del);
  type(U'0');
  CHECK(text == "acks=0");
  press(KeyName::home);
  type(U'x');
  CHECK(text == "xacks=0");
  press(KeyName::end, true);
  CHECK(selected(text, caret) == "acks=0");
  press(KeyName::backspace);
  CHECK(text == "x");
  type(U'ü');
  press(KeyName::left);
  press(KeyName::right);
  press(KeyName::backspace);
  CHECK(text == "x");
  CHECK(edit(text, caret, {KeyName::character, U'a', false, true}));
  type(U'y');
  CHECK(text == "y");
  insert(text, caret, ".min.isr");
  press(KeyName::left, true, true);
  CHECK(selected(text, caret) == "isr");
  CHECK_FALSE(press(KeyName::up));
  // A text that somebody else has shortened is still one.
  text = "";
  press(KeyName::right);
  press(KeyName::backspace);
  CHECK(caret.at == 0);
}

TEST_CASE("what is pasted takes the place of what stands there, and the code from the clipboard says that it is") {
  Desk desk = desk_for_prompts("leader-failover", 9 * kSecond);
  const std::string code = desk.app().code_of_moment();
  ImGui::SetClipboardText((code + "\n").c_str());
  desk.type(U'g');
  desk.type(U'j');
  CHECK(desk.shows("From the clipboard: Enter"));
  CHECK(desk.view().prompt.text == code);
  desk.chord(U'v');
  CHECK(desk.view().prompt.text == code);
  desk.press(KeyName::enter);
  CHECK_FALSE(desk.view().prompt.open);
  // Also in the field of the events and of "run until".
  ImGui::SetClipboardText("9.5s");
  desk.type(U'j');
  desk.chord(U'v');
  CHECK(desk.view().typed == "9.5s");
  desk.press(KeyName::escape);
  desk.type(U'/');
  desk.type("bro");
  desk.press(KeyName::tab);
  CHECK(desk.view().events.find == "broker 1");
  desk.chord(U'a');
  desk.type("x");
  CHECK(desk.view().events.find == "x");
}
