// A message of any family as a value: copies are its equals and apart from it, and its digest is its number's and fields'.
#include <doctest/doctest.h>

#include <string_view>
#include <utility>
#include <vector>

#include "sim/net/body.h"

namespace nutshell {
namespace {

struct Note {
  std::vector<std::int32_t> words;
  static constexpr std::string_view name = "Note";
  NUTSHELL_FIELDS(Note, words)
};
struct Nod {
  static constexpr std::string_view name = "Nod";
  NUTSHELL_FIELDS(Nod)
};

template <class T>
MessageKind kind_row(MessageNumber number, bool response) {
  MessageKind row = message_kind<T>(number, 7, response);
  row.wire_size = [](const void*) -> std::int64_t { return sizeof(T); };
  row.record_bytes = [](const void*) -> std::int64_t { return 0; };
  return row;
}
const MessageKind kNote = kind_row<Note>(0x200, false), kNod = kind_row<Nod>(0x201, true);

}  // namespace

template <>
struct MessageOf<Note> {
  static const MessageKind& kind() { return kNote; }
};
template <>
struct MessageOf<Nod> {
  static const MessageKind& kind() { return kNod; }
};

TEST_CASE("a body holds one message, and knows which") {
  const Body note = Note{{1, 2}}, nod = Nod{}, none;
  CHECK(note.number() == 0x200);
  CHECK(nod.name() == "Nod");
  CHECK(none.number() == kNoMessage);
  CHECK_FALSE(static_cast<bool>(none));
  REQUIRE(note.get_if<Note>() != nullptr);
  CHECK(note.get_if<Note>()->words == std::vector<std::int32_t>{1, 2});
  CHECK(note.get_if<Nod>() == nullptr);
  CHECK(none.get_if<Note>() == nullptr);
}

TEST_CASE("a copy of a body is its own, and a body that was moved from holds nothing") {
  Body first = Note{{1}};
  Body second = first;
  second.get_if<Note>()->words.push_back(2);
  CHECK(first.get_if<Note>()->words.size() == 1);
  const Note* place = second.get_if<Note>();
  const Body third = std::move(second);
  CHECK(third.get_if<Note>() == place);
  first = third;
  CHECK(first.get_if<Note>()->words.size() == 2);
  first = Body();
  CHECK(first.number() == kNoMessage);
}

TEST_CASE("the digest of a body is its number, then its fields") {
  std::uint64_t wanted = mix(0, 0x200);
  fold(wanted, Note{{5, 6}});
  CHECK(digest_of(Body(Note{{5, 6}})) == wanted);
  CHECK(digest_of(Body(Note{{5, 7}})) != wanted);
}

}  // namespace nutshell
