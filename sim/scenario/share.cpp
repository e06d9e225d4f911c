#include "sim/scenario/share.h"

#include <algorithm>

#include "sim/core/alternatives.h"
#include "sim/scenario/action_shape.h"
#include "sim/scenario/share_bytes.h"

namespace nutshell {
namespace {

constexpr std::string_view kHead = "nutshell:";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kTypedBytes = 20;        // up to here a code is made to be typed
constexpr std::size_t kMaxCode = 1 << 18;      // letters
constexpr std::uint64_t kOwn = 1, kBeside = 2;  // what there is

constexpr const char* kDamaged =
    "The share code is damaged: a letter is wrong or missing. Copy all of it, from 'nutshell:' to its end.";

// actions: of each field whether it is not as usual, then those that are not

void put(ByteWriter& out, const Span& value) { out.time(value.ns); }
void put(ByteWriter& out, const std::string& value) { out.text(value); }
template <std::int64_t Low, std::int64_t High>
void put(ByteWriter& out, const Whole<Low, High>& value) { out.integer(value.value); }
void put(ByteWriter&, bool) {}

void take(ByteReader& in, Span& value) { value.ns = in.time(); }
void take(ByteReader& in, std::string& value) { value = in.text(kMaxText); }
template <std::int64_t Low, std::int64_t High>
void take(ByteReader& in, Whole<Low, High>& value) { value.value = in.integer(); }
void take(ByteReader&, bool& value) { value = !value; }

template <class Body>
void put_body(ByteWriter& out, const Body& body) {
  const Body usual;
  std::uint64_t unusual = 0, bit = 1;
  Body::each_field([&](std::string_view, auto member) {
    if (body.*member != usual.*member) unusual |= bit;
    bit <<= 1;
  });
  out.number(unusual);
  Body::each_field([&](std::string_view, auto member) {
    if ((unusual & 1) != 0) put(out, body.*member);
    unusual >>= 1;
  });
}

template <class Body>
Body take_body(ByteReader& in, Body body) {
  std::uint64_t unusual = in.number();
  Body::each_field([&](std::string_view, auto member) {
    if ((unusual & 1) != 0) take(in, body.*member);
    unusual >>= 1;
  });
  if (unusual != 0) in.fail();
  return body;
}

// In codes an action's number is its place in ActionBody, from 1.
void put_action(ByteWriter& out, const Action& action) {
  static_assert(std::variant_size_v<ActionVariant> < 256);
  out.time(action.at);
  out.byte(static_cast<std::uint8_t>(action.body.index() + 1));
  std::visit([&](const auto& body) { put_body(out, body); }, action.body);
}

Action take_action(ByteReader& in) {
  Action action;
  action.at = in.time();
  const std::size_t number = in.byte();
  const std::string name = number == 0 ? in.text(kMaxName) : "";  // so went set_election_timeout in older codes
  std::size_t place = 0;
  bool known = false;
  for_each_alternative<ActionVariant>([&](const auto& body) {
    place += 1;
    if (number == 0 ? body.name != name : place != number) return;
    known = true;
    action.body = take_body(in, body);
  });
  if (!known || action.at < 0 || action.at > kMaxUntil) in.fail();
  return action;
}

// courses

void put_course(ByteWriter& out, const Course& course) {
  out.number((course.seed ? 1U : 0U) | (course.until ? 2U : 0U) | course.set.size() << 2);
  if (course.seed) out.number(*course.seed);
  if (course.until) out.time(*course.until);
  for (const auto& [key, value] : course.set) {
    out.text(key);
    out.text(value);
  }
  out.number(course.deeds.size());
  for (const Action& each : course.deeds) put_action(out, each);
}

Course take_course(ByteReader& in) {
  Course course;
  const std::uint64_t head = in.number();
  if ((head & 1) != 0) course.seed = in.number();
  if ((head & 2) != 0) course.until = in.time();
  if (course.until && (*course.until < 1 || *course.until > kMaxUntil)) in.fail();
  for (std::uint64_t i = 0; i < head >> 2 && in.ok(); ++i) {
    std::string key = in.text(kMaxText);
    course.set.emplace_back(std::move(key), in.text(kMaxText));
  }
  const std::uint64_t count = in.number();
  if (count > kMaxActions) in.fail();
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    course.deeds.push_back(take_action(in));
    if (i > 0 && course.deeds[i].at < course.deeds[i - 1].at) in.fail();
  }
  return course;
}

// the whole

std::string bytes_of(const Share& share) {
  ByteWriter out;
  out.byte(kVersion);
  out.number((share.text.empty() ? 0 : kOwn) | (share.beside ? kBeside : 0));
  for (unsigned shift = 0; share.text.empty() && shift < 24; shift += 8)
    out.byte(static_cast<std::uint8_t>(share.edition >> shift & 0xff));
  out.time(share.at);
  out.number(share.view.tab | static_cast<unsigned>(share.view.area) << 4 | (share.view.projector ? 1U << 8 : 0U));
  put_course(out, share.course);
  if (share.beside) put_course(out, *share.beside);
  return out.bytes() + (share.text.empty() ? "" : compressed(share.text));
}

std::optional<Share> share_in(std::string_view bytes, std::string name) {
  ByteReader in(bytes.substr(1));
  Share share;
  share.name = std::move(name);
  const std::uint64_t parts = in.number();
  if (parts > (kOwn | kBeside)) in.fail();
  for (unsigned shift = 0; (parts & kOwn) == 0 && shift < 24; shift += 8) share.edition |= static_cast<std::uint32_t>(in.byte()) << shift;
  share.at = in.time();
  const std::uint64_t view = in.number();
  if (share.at < 0 || share.at > kMaxUntil || view > 0x1ff) in.fail();
  share.view = {static_cast<std::uint8_t>(view & 15), static_cast<std::uint8_t>(view >> 4 & 15), (view >> 8 & 1) != 0};
  share.course = take_course(in);
  if ((parts & kBeside) != 0) share.beside = take_course(in);
  if (!in.ok() || ((parts & kOwn) == 0 && !in.at_end())) return std::nullopt;
  if ((parts & kOwn) == 0) return share;
  std::optional<std::string> text = decompressed(in.rest(), kMaxScenarioBytes);
  if (!text || text->empty()) return std::nullopt;
  share.text = std::move(*text);
  return share;
}

std::string sealed(const std::string& name, std::string bytes) {
  const std::uint32_t seal = checksum(name + ":" + bytes);
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(seal >> shift & 0xff);
  return bytes;
}

// Without its seal, if that fits.
std::optional<std::string> unsealed(const std::string& name, const std::optional<std::string>& bytes) {
  if (!bytes || bytes->size() < 6) return std::nullopt;
  std::string inside = bytes->substr(0, bytes->size() - 4);
  if (sealed(name, inside) != *bytes) return std::nullopt;
  return inside;
}

bool may_stand_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

// What chats and people put around it is taken away.
std::string stripped(std::string_view text) {
  std::string letters;
  for (char each : text) {
    if (std::string_view(" \t\r\n\"'`<>").find(each) == std::string_view::npos) letters += each;
  }
  return letters;
}

}  // namespace

std::string shareable_name(const std::string& name) {
  std::string made = name.substr(0, kMaxName);
  for (char& each : made) {
    if (!may_stand_in_name(each)) each = '-';
  }
  if (made.empty() || made.front() == '.') made.insert(0, "scenario");
  return made;
}

std::string share_code(const Share& share) {
  const std::string name = shareable_name(share.name);
  const std::string bytes = sealed(name, bytes_of(share));
  return std::string(kHead) + name + ":" + (bytes.size() <= kTypedBytes ? to_base32(bytes) : to_base64(bytes));
}

bool is_share_code(std::string_view text) {
  const std::string letters = stripped(text.substr(0, kMaxCode));
  return std::string_view(letters).substr(0, kHead.size()) == kHead;
}

ShareResult read_share_code(std::string_view text) {
  if (text.size() > kMaxCode) return {std::nullopt, "The share code is too long to be one."};
  const std::string letters = stripped(text);
  const std::size_t colon = letters.find(':', std::min(kHead.size(), letters.size()));
  if (!is_share_code(letters) || colon == std::string::npos)
    return {std::nullopt, "This is no share code: one begins with 'nutshell:', the name of a lesson, and ':'."};
  const std::string name = letters.substr(kHead.size(), colon - kHead.size()), body = letters.substr(colon + 1);
  std::optional<std::string> bytes;
  if (name == shareable_name(name)) {
    bytes = unsealed(name, from_base64(body));
    if (!bytes) bytes = unsealed(name, from_base32(body));
  }
  if (!bytes) return {std::nullopt, kDamaged};
  const auto version = static_cast<unsigned char>(bytes->front());
  if (version > kVersion) {
    return {std::nullopt, "The share code was made by a newer Nutshell: its version is " + std::to_string(version) +
                              ", and this one reads up to " + std::to_string(kVersion) + "."};
  }
  std::optional<Share> share = version == kVersion ? share_in(*bytes, name) : std::nullopt;
  if (!share) return {std::nullopt, kDamaged};
  return {std::move(share), ""};
}

}  // namespace nutshell
