#include "sim/deck/svg_crossings.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace nutshell {

namespace {

struct Spot {
  double x = 0, y = 0;
};

// The lines that a pen draws.
class PenTrack {
 public:
  void move_to(Spot to) { at_ = begun_ = to; }
  void draw_to(Spot to) {
    lines_.push_back({at_, to});
    at_ = to;
  }
  void close() { draw_to(begun_); }
  Spot at() const { return at_; }
  double crossings() const;

 private:
  using Line = std::pair<Spot, Spot>;
  static bool cross(const Line& one, const Line& other);

  std::vector<Line> lines_;
  Spot at_, begun_;
};

bool PenTrack::cross(const Line& one, const Line& other) {
  // On which side of a line a spot is.
  const auto side = [](const Line& line, Spot spot) {
    return (line.second.x - line.first.x) * (spot.y - line.first.y) - (line.second.y - line.first.y) * (spot.x - line.first.x);
  };
  return side(one, other.first) * side(one, other.second) < 0 && side(other, one.first) * side(other, one.second) < 0;
}

double PenTrack::crossings() const {
  constexpr std::uint64_t kSample = 100'000;
  const std::uint64_t count = lines_.size(), pairs = count * (count - std::min<std::uint64_t>(count, 1)) / 2;
  if (pairs <= kSample) {
    double found = 0;
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = i + 1; j < count; ++j) found += cross(lines_[i], lines_[j]);
    return found;
  }
  std::uint64_t dice = 1, found = 0;
  const auto throw_one = [&] {
    dice = dice * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>((dice >> 33) % count);
  };
  for (std::uint64_t i = 0; i < kSample; ++i) {
    const std::size_t one = throw_one(), other = throw_one();
    found += cross(lines_[one], lines_[other]);
  }
  return static_cast<double>(found) / static_cast<double>(kSample) * static_cast<double>(pairs);
}

// Numbers of a path or a list of points, one after the other.
class Numbers {
 public:
  explicit Numbers(std::string_view text) : rest_(text) {}
  // The letter that stands next, which is taken; '\0': a number does, or nothing.
  char letter() {
    skip();
    const bool is_one = !rest_.empty() && ((rest_[0] >= 'a' && rest_[0] <= 'z') || (rest_[0] >= 'A' && rest_[0] <= 'Z'));
    const char taken = is_one ? rest_[0] : '\0';
    if (is_one) rest_.remove_prefix(1);
    return taken;
  }
  std::optional<double> number() {
    skip();
    double value = 0;
    const char* const from = rest_.data() + (rest_.starts_with('+') ? 1 : 0);
    const auto [end, wrong] = std::from_chars(from, rest_.data() + rest_.size(), value);
    if (wrong != std::errc{} || !std::isfinite(value)) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  // Of an arc: 0 or 1, which needs nothing after it.
  bool flag() {
    skip();
    if (rest_.empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }

 private:
  void skip() {
    const std::size_t next = rest_.find_first_not_of(" \t\r\n,");
    rest_.remove_prefix(std::min(next, rest_.size()));
  }
  std::string_view rest_;
};

// The points of one command, of which the last is where the pen is then. False: its numbers have ended.
bool follow(PenTrack& pen, Numbers& numbers, char command) {
  const bool relative = command >= 'a';
  const char kind = relative ? static_cast<char>(command - 'a' + 'A') : command;
  const Spot was = pen.at(), from = relative ? was : Spot{};
  if (kind == 'H' || kind == 'V') {
    const std::optional<double> to = numbers.number();
    if (to) pen.draw_to(kind == 'H' ? Spot{from.x + *to, was.y} : Spot{was.x, from.y + *to});
    return to.has_value();
  }
  if (kind == 'A' && !(numbers.number() && numbers.number() && numbers.number() && numbers.flag() && numbers.flag())) return false;
  const int points = kind == 'C' ? 3 : kind == 'S' || kind == 'Q' ? 2 : 1;
  for (int i = 0; i < points; ++i) {
    const std::optional<double> x = numbers.number(), y = x ? numbers.number() : std::nullopt;
    if (!y) return false;
    const Spot to{from.x + *x, from.y + *y};
    if (kind == 'M') pen.move_to(to);
    else pen.draw_to(to);
  }
  return true;
}

double crossings_of(std::string_view path) {
  PenTrack pen;
  Numbers numbers(path);
  char command = 'M';
  for (bool more = true; more;) {
    if (const char letter = numbers.letter(); letter != '\0') command = letter;
    if (command == 'Z' || command == 'z') {
      pen.close();
      command = numbers.letter();
      if (command == '\0') break;
      if (command == 'Z' || command == 'z') continue;
    }
    more = follow(pen, numbers, command);
    // More pairs after a move are lines.
    if (command == 'M') command = 'L';
    if (command == 'm') command = 'l';
  }
  return pen.crossings();
}

// What an attribute holds, from behind its name on; nothing: it is none.
std::string_view held_by(std::string_view svg, std::size_t after) {
  const std::size_t is = std::min(svg.find_first_not_of(" \t\r\n", after), svg.size());
  if (is == svg.size() || svg[is] != '=') return {};
  const std::size_t quote = std::min(svg.find_first_not_of(" \t\r\n", is + 1), svg.size());
  if (quote == svg.size() || (svg[quote] != '"' && svg[quote] != '\'')) return {};
  return svg.substr(quote + 1, std::min(svg.find(svg[quote], quote + 1), svg.size()) - quote - 1);
}

}  // namespace

double svg_crossings(std::string_view svg) {
  double all = 0, most = 0, used = 0;
  for (const std::string_view name : {std::string_view("d"), std::string_view("points")}) {
    for (std::size_t at = svg.find(name); at != std::string_view::npos; at = svg.find(name, at + name.size())) {
      const char before = at > 0 ? svg[at - 1] : '<';
      if (before != ' ' && before != '\t' && before != '\n' && before != '\r') continue;
      const double found = crossings_of(held_by(svg, at + name.size()));
      all += found;
      most = std::max(most, found);
    }
  }
  for (std::size_t at = svg.find("<use"); at != std::string_view::npos; at = svg.find("<use", at + 4)) ++used;
  return all + used * most;
}

}  // namespace nutshell
