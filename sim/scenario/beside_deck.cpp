#include "sim/scenario/beside_deck.h"

#include <fstream>

namespace nutshell {

namespace {

constexpr std::size_t kMostBytes = 1 << 20;

}  // namespace

std::optional<std::string> read_beside_deck(const std::string& path, std::vector<Problem>& problems) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(kMostBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (in.gcount() == 0 && !in.eof())) {
    problems.push_back({path, 0, 0, "", "cannot be read", ""});
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

void read_members(std::string_view text, const std::string& file, std::vector<Problem>& problems, const MembersMeant& meant,
                  const EachMember& each) {
  const auto refuse = [&](std::string what, TextPlace place = {0, 0}) {
    problems.push_back({file, place.line, place.column, "", std::move(what), ""});
  };
  if (text.size() > kMostBytes) return refuse("is larger than " + std::to_string(kMostBytes) + " bytes");
  const std::size_t invalid = find_invalid_utf8(text);
  if (invalid != std::string_view::npos) return refuse("is no UTF-8 text from here on", place_of(text, invalid));
  const JsonPlaces places(file, text, problems);
  if (places.too_deep()) return;
  const Json json = Json::parse(text, nullptr, false, true);
  if (json.is_discarded()) return refuse(std::string("is no JSON: ") + meant.example);
  if (!json.is_object()) return refuse(std::string("is no object whose members are ") + meant.members);
  JsonSource reading{file, places, problems};
  for (const auto& [key, value] : json.items()) each(reading, key, value, member_path("", key));
}

}  // namespace nutshell
