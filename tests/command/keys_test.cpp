#include "sim/command/keys.h"

#include <doctest/doctest.h>

#include <vector>

namespace nutshell {
namespace {

std::vector<Key> keys_in(std::string bytes, bool final = false) {
  std::vector<Key> keys;
  while (const std::optional<Key> key = take_key(bytes, final)) keys.push_back(*key);
  return keys;
}

}  // namespace

TEST_CASE("keys of both kinds of terminals are understood, the rest is dropped") {
  CHECK(keys_in(" qAb") == std::vector<Key>{Key::play_pause, Key::quit, Key::answer_a, Key::answer_b});
  CHECK(keys_in("\x1b[C\x1bOC") == std::vector<Key>{Key::forward, Key::forward});
  CHECK(keys_in("\x1b[D\x1b[A\x1b[B") == std::vector<Key>{Key::back, Key::faster, Key::slower});
  CHECK(keys_in("\x1b[5~\x1b[6~n") == std::vector<Key>{Key::previous_beat, Key::next_beat, Key::next_beat});
  CHECK(keys_in("x\x1b[15~z\xc3\xa9 ") == std::vector<Key>{Key::play_pause});
  // Control and an arrow: a sequence that is not ours.
  CHECK(keys_in("\x1b[1;5C.") == std::vector<Key>{Key::event});
}

TEST_CASE("a sequence that arrives in pieces waits for its end") {
  std::string bytes = "\x1b[";
  CHECK(!take_key(bytes, false));
  CHECK(bytes == "\x1b[");
  bytes += "C";
  CHECK(take_key(bytes, false) == Key::forward);
  CHECK(bytes.empty());
  // A lone escape key is nothing, once it is sure that nothing follows.
  bytes = "\x1b";
  CHECK(!take_key(bytes, true));
  CHECK(bytes.empty());
}

}  // namespace nutshell
