#include "sim/scenario/captions.h"

#include "sim/scenario/beside_deck.h"
#include "sim/scenario/emphasis.h"
#include "sim/scenario/figure_map.h"
#include "sim/scenario/scenario.h"

namespace nutshell {

std::string Captions::say(std::string_view said) const {
  const auto found = words.find(said);
  return found == words.end() ? stage.say(said).value_or(std::string(said)) : found->second.words;
}

CaptionsResult parse_captions(std::string_view text, const std::string& file) {
  CaptionsResult result;
  result.captions.file = file;
  constexpr MembersMeant kMeant{"{ \"It only grows.\": \"Es wächst nur.\" }", "what is said"};
  read_members(text, file, result.problems, kMeant,
               [&](JsonSource& reading, const std::string& said, const Json& value, const std::string& path) {
                 Caption caption;
                 if (!read_text(reading, value, path, caption.words)) return;
                 caption.line = reading.places.key(path).line;
                 if (caption.words.empty()) reading.report(path, "is empty; leave it out, or say it in other words");
                 else result.captions.words.insert_or_assign(without_marks(said).text, std::move(caption));
               });
  return result;
}

CaptionsResult load_captions(const std::string& path) {
  std::vector<Problem> problems;
  const std::optional<std::string> text = read_beside_deck(path, problems);
  return text ? parse_captions(*text, path) : CaptionsResult{{}, std::move(problems)};
}

std::string captions_of(const std::string& deck) { return without_ending(deck) + ".captions.json"; }

void say_in(Scenario& scenario, const Captions& captions) {
  const auto say = [&](std::string& words) {
    const auto found = captions.words.find(without_marks(words).text);
    if (found != captions.words.end()) words = found->second.words;
  };
  for (Beat& beat : scenario.beats) {
    say(beat.say);
    say(beat.ask);
    for (Choice& each : beat.choices) say(each.text);
  }
}

std::vector<std::string> said_by(const Scenario& scenario) {
  std::vector<std::string> all;
  const auto add = [&](const std::string& words) {
    if (!words.empty()) all.push_back(without_marks(words).text);
  };
  for (const Beat& beat : scenario.beats) {
    add(beat.say);
    add(beat.ask);
    for (const Choice& each : beat.choices) add(each.text);
  }
  return all;
}

std::vector<std::string> said_by(const Wires& wires) {
  std::vector<std::string> all = {"hub", "wire", "wires", std::string(kOneMoreReader), std::string(kEachUp)};
  const auto add = [&](const WiresWords& words) {
    all.push_back(words.words);
    all.push_back(words.rest);
  };
  const std::vector<WiresWay> ways = wires.all_ways ? ways_of(wires) : std::vector<WiresWay>{{"", wires}};
  for (const WiresWay& each : ways) {
    if (!each.title.empty()) all.emplace_back(each.title);
    add(one_more_of(each.wires));
    add(availability_of(each.wires));
    if (wires.down == 0) continue;
    add(outage_of(each.wires));
    all.push_back(while_down(each.wires));
  }
  return all;
}

const std::vector<std::string>& said_by_every_figure() {
  static const std::vector<std::string> all = {"alive",     "take it",     "the answer",        "changed", "as it was", "deed",  "deeds",
                                               "fresh",     "in your hand", "back to the slide", "crash",   "restart",   "undo"};
  return all;
}

}  // namespace nutshell
