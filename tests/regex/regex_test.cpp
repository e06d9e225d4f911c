// Expected is what Java's own documentation of Pattern and Matcher says.
#include "sim/regex/regex.h"

#include <doctest/doctest.h>

using namespace nutshell;

namespace {

Regex made(std::string_view pattern) {
  std::string error;
  auto regex = Regex::compile(pattern, error);
  REQUIRE_MESSAGE(regex, error);
  return *regex;
}

}  // namespace

TEST_CASE("a match has its groups, and one that took no part is empty") {
  const Regex regex = made("(a)|(b+)");
  CHECK(regex.groups() == 2);
  const std::string_view text = "xxbbb";
  const auto match = regex.find(text);
  REQUIRE(match);
  CHECK(part_of(text, (*match)[0]) == "bbb");
  CHECK_FALSE((*match)[1]);
  CHECK(part_of(text, (*match)[2]) == "bbb");
  CHECK_FALSE(regex.find(text, 5));
  CHECK_FALSE(regex.find(text, 6));
}

TEST_CASE("matches() takes all of the text or nothing, also where a shorter alternative comes first") {
  CHECK(made("a|ab").matches("ab"));
  CHECK_FALSE(made("a|ab").matches("abc"));
  CHECK_FALSE(made("b").matches("abc"));
}

TEST_CASE("an empty match goes on by a character, not by a byte") {
  const Regex regex = made("x*");
  const std::string text = "ü" "xö";
  std::vector<std::size_t> from;
  for (const auto& match : regex.find_all(text)) from.push_back(match[0]->from);
  CHECK(from == std::vector<std::size_t>{0, 2, 3, 5});
}

TEST_CASE("a replacement names groups by number and name, as many digits as there are groups") {
  CHECK(*made("(\\w+) (\\w+)").replace_all("ab cd, ef gh", "$2-$1") == "cd-ab, gh-ef");
  CHECK(*made("(a)").replace_all("a", "$10") == "a0");
  // All of a text matches, and then the empty rest does: once, or twice.
  CHECK(*made("(.*)").replace_first("orders", "shop-$1") == "shop-orders");
  CHECK(*made("(.*)").replace_all("orders", "shop-$1") == "shop-ordersshop-");
  CHECK(*made("b").replace_first("abab", "x") == "axab");
  CHECK(*made("(?<word>\\w+)").replace_all("a b", "<${word}>") == "<a> <b>");
  CHECK(*made("a").replace_all("a", "\\$1") == "$1");
  CHECK(*made("(a)|b").replace_all("ab", "[$1]") == "[a][]");
  for (const char* wrong : {"$", "$x", "$2", "\\", "${word}", "${"}) CHECK_FALSE(made("(a)").replace_all("a", wrong));
}

TEST_CASE("what is no regular expression is refused with a place") {
  std::string error;
  for (const char* wrong : {"(", "[a", "(?<n", "\\", "a{2,1}", "*a"}) {
    error.clear();
    CHECK_FALSE(Regex::compile(wrong, error));
    CHECK(error.find(" at ") != std::string::npos);
  }
}

TEST_CASE("a pattern that would take for ever is given up, and text that is no UTF-8 matches nothing") {
  CHECK_FALSE(made("(a*)*b").find(std::string(64, 'a')));
  CHECK_FALSE(made("a").find(std::string("\xff" "a")));
}
