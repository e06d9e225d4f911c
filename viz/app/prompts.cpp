// Texts that are asked for: a setting, a new topic, a share code, a file.
#include <algorithm>

#include "sim/command/library.h"
#include "sim/session/image.h"
#include "viz/app/hands.h"

namespace nutshell {

namespace {

constexpr std::size_t kLongestTyped = 120;  // bytes; codes may be longer

void complete_prompt(App& app) {
  Prompt& prompt = app.hands().prompt;
  prompt.chosen.reset();
  prompt.completions.clear();
  if (!prompt.target.empty()) prompt.completions = config_completions(app.session().world(), prompt.target, prompt.text);
  // What stands there already needs no completing.
  if (prompt.completions.size() == 1 && prompt.completions.front().text == prompt.text) prompt.completions.clear();
}

void create_topic(App& app) {
  Prompt& prompt = app.hands().prompt;
  const std::variant<std::string, CreateTopic> topic = typed_topic(app.session().world(), prompt.text, prompt.usual);
  if (const auto* why = std::get_if<std::string>(&topic)) {
    prompt.complaint = *why;
    return;
  }
  prompt.complaint = app.session().act(ActionBody(std::get<CreateTopic>(topic)));
  prompt.open = !prompt.complaint.empty();
}

void change_config(App& app) {
  Prompt& prompt = app.hands().prompt;
  const std::size_t equals = prompt.text.find('=');
  if (equals == std::string::npos) {
    prompt.complaint = "A key, then =, then the value: " + config_example(app.session().world(), prompt.target);
    return;
  }
  const ActionBody action = SetConfig{prompt.target, prompt.text.substr(0, equals), prompt.text.substr(equals + 1)};
  prompt.complaint = impossible(app.session().world(), action);
  if (prompt.complaint.empty()) prompt.complaint = refusal(app.session().world(), action);
  if (prompt.complaint.empty()) prompt.complaint = pointless(app.session().world(), action);
  if (prompt.complaint.empty()) prompt.complaint = app.session().act(action);
  prompt.open = !prompt.complaint.empty();
}

void join_typed(App& app) {
  Prompt& prompt = app.hands().prompt;
  prompt.complaint = app.join(prompt.text);
  prompt.open = !prompt.complaint.empty();
}

}  // namespace

void ask_for(App& app, Prompt prompt) {
  prompt.open = true;
  app.hands().prompt = std::move(prompt);
  complete_prompt(app);
}

// What is in the clipboard stands there at once, if it is a code; what is pasted or typed takes its place.
void ask_for_code(App& app) {
  Prompt prompt;
  prompt.code = true;
  const std::string held = clipboard_line();
  if (is_share_code(held)) {
    prompt.text = held;
    prompt.title = "From the clipboard: Enter. Or paste or type another code, from  nutshell:  on.";
    select_all(prompt.text, prompt.caret);
  } else {
    prompt.title = "Join by code: Ctrl V pastes it, or type it, from  nutshell:  on; then Enter.";
  }
  ask_for(app, std::move(prompt));
}

void ask_for_file(App& app) {
  Prompt prompt;
  prompt.code = true;
  prompt.title = "Open a scenario: its file, or the name of a lesson; then Enter.";
  ask_for(app, std::move(prompt));
}

void take_completion(App& app, std::size_t which) {
  Prompt& prompt = app.hands().prompt;
  if (which >= prompt.completions.size()) return;
  prompt.text = prompt.completions[which].text;
  prompt.caret = {prompt.text.size(), prompt.text.size()};
  prompt.complaint.clear();
  complete_prompt(app);
}

bool type_prompt(App& app, const KeyPress& press) {
  Prompt& prompt = app.hands().prompt;
  if (!prompt.open) return false;
  const std::size_t count = prompt.completions.size();
  switch (press.key) {
    case KeyName::escape: prompt.open = false; return true;
    case KeyName::enter:
      if (prompt.chosen) take_completion(app, *prompt.chosen);
      else if (!prompt.usual.empty()) create_topic(app);
      else prompt.code ? join_typed(app) : change_config(app);
      return true;
    case KeyName::tab: take_completion(app, prompt.chosen.value_or(0)); return true;
    case KeyName::down:
      if (count > 0) prompt.chosen = prompt.chosen ? (*prompt.chosen + 1) % count : 0;
      return true;
    case KeyName::up:
      if (count > 0) prompt.chosen = (prompt.chosen.value_or(0) + count - 1) % count;
      return true;
    default: break;
  }
  const std::string before = prompt.text;
  edit_field(prompt.text, prompt.caret, press);
  if (!prompt.code && prompt.text.size() > kLongestTyped) prompt.text = before;
  if (prompt.text == before) return true;
  prompt.complaint.clear();
  complete_prompt(app);
  return true;
}

}  // namespace nutshell
