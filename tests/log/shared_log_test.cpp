#include "sim/core/shared_log.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "sim/core/random.h"

namespace nutshell {
namespace {

using Small = SharedLog<std::int32_t, 4>;  // a group is 256 entries

void check_equal(const Small& log, const std::vector<std::int32_t>& model, std::size_t begin) {
  REQUIRE(log.size() == model.size());
  REQUIRE(log.begin_index() == begin);
  REQUIRE(log.empty() == (begin == model.size()));
  for (std::size_t i = begin; i < model.size(); ++i) REQUIRE(log[i] == model[i]);
}

// The same value made in the straightest way.
Small made_afresh(const std::vector<std::int32_t>& model, std::size_t begin) {
  Small log;
  for (std::int32_t value : model) log.push_back(value);
  log.drop_front(begin);
  return log;
}

TEST_CASE("a shared log is a vector whose front can be dropped, and that can begin anew at any index") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Small log;
    std::vector<std::int32_t> model;
    std::size_t begin = 0;
    for (std::uint64_t nth = 0; nth < 60; ++nth) {
      const std::uint64_t kind = below(draw(seed, Purpose::fuzz, 0, nth), 9);
      const std::uint64_t amount = draw(seed, Purpose::fuzz, 1, nth);
      if (kind < 5) {
        for (std::uint64_t i = below(amount, 90); i > 0; --i) {
          model.push_back(static_cast<std::int32_t>(model.size() * 7 + nth));
          log.push_back(model.back());
        }
      } else if (kind < 7) {
        model.resize(begin + below(amount, model.size() - begin + 1));
        log.truncate(model.size());
      } else if (kind < 8) {
        begin += below(amount, (model.size() - begin) / 2 + 1);
        log.drop_front(begin);
      } else {
        begin = below(amount, 2 * model.size() + 300);
        model.assign(begin, -1);
        log.begin_at(begin);
      }
      check_equal(log, model, begin);
      REQUIRE(digest_of(log) == digest_of(made_afresh(model, begin)));
    }
  }
}

TEST_CASE("iterators walk over what is held, and find by halving") {
  struct Bare {  // nothing that a digest could be made of
    const int* value = nullptr;
  };
  static_assert(std::random_access_iterator<SharedLog<Bare, 4, false>::const_iterator>);
  Small log;
  std::vector<std::int32_t> model;
  for (std::int32_t i = 0; i < 700; ++i) log.push_back(i * 3), model.push_back(i * 3);
  log.drop_front(5);
  CHECK(std::equal(log.begin(), log.end(), model.begin() + 5, model.end()));
  CHECK(log.end() - log.begin() == 695);
  for (std::int32_t wanted : {0, 14, 15, 16, 1'000, 2'097, 5'000}) {
    const auto found = std::lower_bound(log.begin(), log.end(), wanted);
    CHECK(found - log.begin() == std::lower_bound(model.begin() + 5, model.end(), wanted) - (model.begin() + 5));
  }
}

TEST_CASE("a log that is extended by a longer one has the entries of that from its end on") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto drawn = [seed](std::uint64_t nth, std::uint64_t bound) { return below(draw(seed, Purpose::fuzz, 2, nth), bound); };
    const std::size_t size = drawn(0, 700), of_longer = size + drawn(1, 700);
    const std::size_t begin = drawn(2, size + 1);
    Small longer, log;
    std::vector<std::int32_t> model;
    for (std::size_t i = 0; i < of_longer; ++i) longer.push_back(static_cast<std::int32_t>(i));
    for (std::size_t i = 0; i < of_longer; ++i)  // sometimes another beginning, which stays
      model.push_back(static_cast<std::int32_t>(i < size && drawn(3, 2) == 0 && drawn(4 + i, 50) == 0 ? -1 : static_cast<int>(i)));
    for (std::size_t i = 0; i < size; ++i) log.push_back(model[i]);
    longer.drop_front(begin);
    log.extend(longer);
    check_equal(log, model, 0);
    CHECK(digest_of(log) == digest_of(made_afresh(model, 0)));
    log.push_back(7), model.push_back(7);
    check_equal(log, model, 0);
    CHECK(longer.size() == of_longer);
  }
}

TEST_CASE("a log grows to a longer one that begins with it, and keeps back what it has given back") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto drawn = [seed](std::uint64_t nth, std::uint64_t bound) { return below(draw(seed, Purpose::fuzz, 3, nth), bound); };
    const std::size_t size = drawn(0, 700), of_longer = size + drawn(1, 700);
    const std::size_t begin = drawn(2, size + 1), of_longer_begins = drawn(3, size + 1);
    Small longer, log;
    std::vector<std::int32_t> model;
    for (std::size_t i = 0; i < of_longer; ++i) model.push_back(static_cast<std::int32_t>(i * 5));
    for (std::size_t i = 0; i < of_longer; ++i) longer.push_back(model[i]);
    for (std::size_t i = 0; i < size; ++i) log.push_back(model[i]);
    longer.drop_front(of_longer_begins);
    log.drop_front(begin);
    log.grow_to(longer);
    check_equal(log, model, begin);
    CHECK(digest_of(log) == digest_of(made_afresh(model, begin)));
    log.push_back(7), model.push_back(7);
    check_equal(log, model, begin);
    CHECK(longer.size() == of_longer);
  }
}

TEST_CASE("a log can be cut and continued at every size") {
  for (std::size_t size : {0u, 1u, 3u, 4u, 5u, 255u, 256u, 257u, 513u}) {
    for (std::size_t cut = 0; cut <= size; ++cut) {
      std::vector<std::int32_t> model;
      Small log;
      for (std::size_t i = 0; i < size; ++i) log.push_back(static_cast<std::int32_t>(i));
      for (std::size_t i = 0; i < cut; ++i) model.push_back(static_cast<std::int32_t>(i));
      log.truncate(cut);
      log.push_back(-1);
      model.push_back(-1);
      check_equal(log, model, 0);
      REQUIRE(digest_of(log) == digest_of(made_afresh(model, 0)));
    }
  }
}

TEST_CASE("copies live on their own") {
  Small original;
  for (std::int32_t i = 0; i < 600; ++i) original.push_back(i);
  const std::uint64_t before = digest_of(original);
  Small copy = original;
  CHECK(digest_of(copy) == before);
  copy.truncate(10);
  copy.push_back(-1);
  copy.drop_front(5);
  original.push_back(600);
  CHECK(original[10] == 10);
  CHECK(copy[10] == -1);
  original.truncate(600);
  CHECK(digest_of(original) == before);
}

TEST_CASE("the digest sees every entry") {
  Small plain;
  for (std::int32_t i = 0; i < 300; ++i) plain.push_back(0);
  for (std::int32_t odd = 0; odd < 300; ++odd) {
    Small other;
    for (std::int32_t i = 0; i < 300; ++i) other.push_back(i == odd ? 1 : 0);
    REQUIRE(digest_of(other) != digest_of(plain));
  }
}

TEST_CASE("what is dropped is given back, in chunks") {
  Small log;
  for (std::int32_t i = 0; i < 10'000; ++i) log.push_back(i);
  const std::size_t full = log.memory_bytes();
  log.drop_front(9'990);
  CHECK(log.memory_bytes() < full / 4);
  CHECK(log[9'990] == 9'990);
  CHECK(log.back() == 9'999);
}

TEST_CASE("chunks that are not held are given back, wherever they stand; the rest keeps its numbers") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Small log;
    std::vector<std::int32_t> model;
    std::vector<bool> gone;  // by chunk
    std::uint64_t nth = 0;
    const auto pick = [&](std::uint64_t limit) { return below(draw(seed, Purpose::fuzz, 2, nth++), limit); };
    for (int round = 0; round < 8; ++round) {
      for (std::uint64_t i = pick(400); i > 0; --i) {
        model.push_back(static_cast<std::int32_t>(model.size() * 3));
        log.push_back(model.back());
      }
      const Small before = log;
      const std::uint64_t digest = digest_of(before);
      const std::size_t bytes = log.memory_bytes();
      std::vector<bool> held(model.size() / 4 + 1);
      gone.resize(model.size() / 4);
      for (std::size_t i = 0; i < gone.size(); ++i) {
        held[i] = pick(100) < (i / 100 % 2 ? 2 : 70);
        gone[i] = gone[i] || !held[i];
      }
      log.release(held);
      REQUIRE(digest_of(before) == digest);
      REQUIRE(log.size() == model.size());
      for (std::size_t i = 0; i < model.size(); ++i) {
        const bool expected = i / 4 >= gone.size() || !gone[i / 4];
        REQUIRE(log.holds(i) == expected);
        if (expected) REQUIRE(log[i] == model[i]);
      }
      // The same chunks given back at once make the same value.
      Small afresh;
      for (std::int32_t each : model) afresh.push_back(each);
      std::vector<bool> kept(model.size() / 4 + 1, true);
      for (std::size_t i = 0; i < gone.size(); ++i) kept[i] = !gone[i];
      afresh.release(kept);
      REQUIRE(digest_of(afresh) == digest_of(log));
      REQUIRE(log.memory_bytes() <= bytes);
    }
    CHECK_FALSE(log.holds(model.size()));
  }
}

TEST_CASE("a copy of a long log costs little, a copy of a short one next to nothing") {
  SharedLog<std::int64_t> log;
  for (std::int64_t i = 0; i < 10; ++i) log.push_back(i);
  CHECK(log.copy_bytes() == 80);
  for (std::int64_t i = 10; i < 1'000'000; ++i) log.push_back(i);
  CHECK(log.copy_bytes() < 8'000);
  CHECK(log.memory_bytes() > 8'000'000);
}

}  // namespace
}  // namespace nutshell
