// What counts as code, and where functions and globals are found.
#include "tests/tidy/source.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/tidy/scopes.h"

namespace nutshell::tidy {
namespace {

std::string code_of(std::string text) { return make_source("sim/core/x.cpp", std::move(text)).code; }

Scopes scopes_of(std::string text) { return find_scopes(make_source("sim/core/x.cpp", std::move(text))); }

}  // namespace

TEST_CASE("comments and literals are not code") {
  CHECK(code_of("a // float\nb") == "a         \nb");
  CHECK(code_of("a /* float\nx */ b") == "a         \n     b");
  CHECK(code_of("f(\"float\", 'x')") == "f(\"     \", ' ')");
  CHECK(code_of("f(\"a\\\"b\") + c") == "f(\"    \") + c");
  CHECK(code_of("R\"(a \" b)\" + c") == std::string(10, ' ') + " + c");
  CHECK(code_of("R\"x(a )\" b)x\" + c") == std::string(13, ' ') + " + c");
}

TEST_CASE("digit separators do not open a character literal") {
  CHECK(code_of("1'000'000 + float") == "1'000'000 + float");
}

TEST_CASE("an include keeps its path, and text that is not C++ is left alone") {
  CHECK(code_of("#include \"sim/core/types.h\"\n\"x\"") == "#include \"sim/core/types.h\"\n\" \"");
  CHECK(make_source("README.md", "it's // here").code == "it's // here");
}

TEST_CASE("a word is found whole") {
  CHECK(find_word("floats float", "float") == 7);
  CHECK(find_word("my_float", "float") == std::string_view::npos);
  CHECK(find_word("std::hash<int>", "std::hash") == 0);
  CHECK(find_word("static_assert(x)", "assert") == std::string_view::npos);
}

TEST_CASE("a line is counted from one") {
  const Source source = make_source("x.cpp", "a\nb\nc\n");
  CHECK(source.line_of(0) == 1);
  CHECK(source.line_of(4) == 3);
}

TEST_CASE("functions are measured from their head to their closing brace") {
  const Scopes found = scopes_of(
      "namespace a {\n"
      "template <class T = int>\n"
      "T twice(T x = 1) {\n"
      "  auto f = [&] { return x; };\n"
      "  return f() + f();\n"
      "}\n"
      "struct S {\n"
      "  int get() const { return y; }\n"
      "  int y = 0;\n"
      "};\n"
      "}\n");
  REQUIRE(found.functions.size() == 2);
  CHECK(found.functions[0].name == "twice");
  CHECK(found.functions[0].first_line == 2);
  CHECK(found.functions[0].last_line == 6);
  CHECK(found.functions[1].name == "get");
  CHECK(found.functions[1].first_line == 8);
  CHECK(found.globals.empty());
}

TEST_CASE("a constructor with braces in its list is one function") {
  const Scopes found = scopes_of("Timer::Timer(int a)\n    : a_{a}, b_(a), c_{} {\n  start();\n}\nint f() {\n}\n");
  REQUIRE(found.functions.size() == 2);
  CHECK(found.functions[0].name == "Timer");
  CHECK(found.functions[0].last_line == 4);
  CHECK(found.functions[1].name == "f");
  CHECK(found.functions[1].first_line == 5);
}

TEST_CASE("a test case is a function") {
  const Scopes found = scopes_of("TEST_CASE(\"a; b {\") {\n  CHECK(S{1}.x == 1);\n}\n");
  REQUIRE(found.functions.size() == 1);
  CHECK(found.functions[0].last_line == 3);
}

TEST_CASE("a macro over several lines is not code") {
  CHECK(scopes_of("#define A(x) \\\n  { int x; \\\n  }\nint f();\n").globals.empty());
}

TEST_CASE("variables of namespace scope are found, constants and declarations are not") {
  CHECK(scopes_of("namespace a {\nint counter = 0;\n}\n").globals.size() == 1);
  CHECK(scopes_of("std::vector<int> all;\n").globals.size() == 1);
  CHECK(scopes_of("std::vector<int> all = {1, 2};\n").globals.size() == 1);
  CHECK(scopes_of("int all{};\n").globals.size() == 1);

  CHECK(scopes_of("inline constexpr int kAll[] = {1, 2};\n").globals.empty());
  CHECK(scopes_of("const std::vector<S> kAll = {{1}, {2}};\n").globals.empty());
  CHECK(scopes_of("int f(int x = 0);\nbool operator==(A, B) = default;\n").globals.empty());
  CHECK(scopes_of("using A = int;\nenum class E { a, b };\nstruct S;\nstatic_assert(true);\n").globals.empty());
  CHECK(scopes_of("int f() { int x = 0; return x; }\n").globals.empty());
  CHECK(scopes_of("template <class T> concept C = requires(T t) { t.f(); };\n").globals.empty());
}

}  // namespace nutshell::tidy
