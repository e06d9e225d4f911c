#include "sim/command/screen.h"

#include <algorithm>
#include <string_view>

#include "sim/command/facts_out.h"
#include "sim/command/picture.h"
#include "sim/core/text.h"
#include "sim/scenario/transcript.h"

namespace nutshell {

namespace {

constexpr std::string_view kHelp = "space play  left/right story  ,/. event  n/p beat  up/down speed  q quit";

constexpr std::size_t kTimedWidth = 12;  // of the time in timed(), with two blanks

using Lines = std::vector<ScreenLine>;

bool is_moving(const Session& session) { return session.playing() || session.gliding(); }

std::string state_line(const Player& player) {
  const Session& session = player.session();
  const std::string state = session.asking()    ? "a question"
                            : is_moving(session) ? "playing"
                            : session.at_end()  ? "the end"
                                                : "paused";
  return format_time(session.view_time()) + " of " + format_duration(session.scenario().until) + "   step " +
         std::to_string(session.timeline().position()) + "   beat " + std::to_string(session.told()) + "/" +
         std::to_string(session.beats().size()) + "   " + state + " " + player.speed_text();
}

// What the last event was; while playing there are too many to read.
std::string event_line(const Player& player) {
  const Timeline& timeline = player.session().timeline();
  if (is_moving(player.session()) || timeline.position() == 0) return "";
  return "last event: " + sentence_of(timeline, timeline.position() - 1);
}

void add_wrapped(const std::string& text, std::size_t width, std::size_t indent, Style style, Lines& lines) {
  std::string wrapped = wrap(text, width - indent, indent);
  for (std::size_t at = 0; at <= wrapped.size();) {
    const std::size_t end = std::min(wrapped.find('\n', at), wrapped.size());
    lines.push_back({wrapped.substr(at, end - at), style});
    at = end + 1;
  }
}

std::string letter(std::size_t choice) { return std::string(1, static_cast<char>('A' + choice)); }

std::string verdict_on(const StoryLine& question, std::size_t given) {
  if (!question.answer) return "Here no single answer is right.";
  const std::string right = letter(*question.answer);
  if (given == Session::kSkipped) return "The answer is " + right + ".";
  return given == *question.answer ? "Yes, " + right + " is right." : "No: the answer is " + right + ".";
}

void add_question(const Player& player, const StoryLine& question, std::size_t width, Lines& lines) {
  const std::optional<std::size_t> given = player.given();
  for (std::size_t i = 0; i < question.choices.size(); ++i) {
    const bool right = given && question.answer == i;
    add_wrapped("  " + letter(i) + ") " + question.choices[i], width, 5, right ? Style::good : Style::plain, lines);
  }
  if (given) lines.push_back({verdict_on(question, *given), question.answer == *given ? Style::good : Style::bold});
  else
    lines.push_back(
        {"What do you think? Press A to " + letter(question.choices.size() - 1) + ", or space to see.", Style::dim});
}

// The caption or the question that stands now.
Lines caption_lines(const Player& player, std::size_t width) {
  Lines lines;
  const StoryLine* caption = player.session().beat();
  if (!caption) return lines;
  add_wrapped(caption->text, width, 0, Style::caption, lines);
  if (caption->kind == StoryLine::Kind::ask && !caption->choices.empty()) add_question(player, *caption, width, lines);
  return lines;
}

// The last facts that were told, the newest at the bottom.
Lines story_lines(const Player& player, std::size_t width, std::size_t height) {
  Lines lines;
  bool newest = true;
  for (std::size_t i = player.shown(); i-- > 0 && lines.size() < height;) {
    const StoryLine& line = player.lines()[i];
    if (line.kind != StoryLine::Kind::fact) continue;
    Lines one;
    add_wrapped(line.text, width, kTimedWidth, newest ? Style::plain : Style::dim, one);
    one.front().text = timed(line.at, one.front().text);
    newest = false;
    lines.insert(lines.begin(), one.begin(), one.end());
  }
  if (lines.size() > height) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(height));
  return lines;
}

void append(Lines& lines, const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); }

}  // namespace

std::string clipped(const std::string& text, std::size_t width) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xc0) == 0x80) continue;
    if (seen++ == width) return text.substr(0, i);
  }
  return text;
}

std::vector<ScreenLine> draw_screen(const Player& player, std::size_t width, std::size_t height) {
  width = std::max<std::size_t>(width, 20);
  height = std::max<std::size_t>(height, 8);
  Lines lines = {
      {player.session().scenario().title, Style::bold}, {state_line(player), Style::plain}, {event_line(player), Style::dim}};
  Lines caption = caption_lines(player, width);
  caption.resize(std::min(caption.size(), height - 7));
  const std::size_t room = height - lines.size() - caption.size() - 4;  // the help line, three blank lines
  const std::size_t drawn = room > 14 ? room * 6 / 10 : room / 2;
  for (std::string& line : picture(player.session(), width, drawn))
    lines.push_back({std::move(line), Style::plain});
  lines.push_back({"", Style::plain});
  const std::size_t above = height - caption.size() - 3;
  append(lines, story_lines(player, width, above > lines.size() ? above - lines.size() : 0));
  lines.resize(std::max(lines.size(), above));
  lines.push_back({"", Style::plain});
  append(lines, caption);
  lines.resize(height - 1);
  lines.push_back({std::string(kHelp), Style::dim});
  for (ScreenLine& line : lines) line.text = clipped(printable(line.text), width);
  return lines;
}

std::string frame_of(const std::vector<ScreenLine>& lines, bool colour) {
  std::string frame = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool styled = colour && lines[i].style != Style::plain;
    if (styled) frame += style_on(lines[i].style);
    frame += lines[i].text;
    if (styled) frame += kStyleOff;
    frame += "\x1b[K";
    if (i + 1 < lines.size()) frame += "\r\n";
  }
  return frame + "\x1b[J";
}

}  // namespace nutshell
