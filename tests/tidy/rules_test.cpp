// The tidy test is tested: each rule is fed something bad, which it must find, and something good.
#include "tests/tidy/rules.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace nutshell::tidy {
namespace {

const Graph kGraph = module_graph(
    "nutshell_module(core)\n"
    "nutshell_module(net core)\n"
    "nutshell_module(kafka net)\n"
    "nutshell_program(command kafka)\n"
    "nutshell_viz_module(ui)\n"
    "nutshell_viz_module(panels ui kafka)\n");

Source sample(std::string path, std::string text) { return make_source(std::move(path), std::move(text)); }

Findings words(std::string path, std::string text) { return check_words(sample(std::move(path), std::move(text))); }

Findings determinism(std::string text) { return check_determinism(sample("sim/net/x.cpp", std::move(text))); }

Findings includes(std::string path, std::string text) {
  static const std::set<std::string> kFiles = {"sim/core/types.h", "sim/net/link.h", "sim/kafka/isr.h",
                                               "sim/command/play.h", "tests/kafka/story.h", "viz/ui/canvas.h"};
  return check_includes(sample(std::move(path), std::move(text)), kGraph, kFiles);
}

std::string function_of(int lines) {
  return "int long_one() {\n" + std::string(static_cast<std::size_t>(lines - 2), '\n') + "}\n";
}

}  // namespace

TEST_CASE("each banned word is found in the engine, with its line") {
  for (const Ban& ban : bans()) {
    for (std::string_view word : ban.words) {
      const Findings found = words(std::string(ban.folders.front()) + "x.h", "// A sample.\n" + std::string(word) + " x;\n");
      CAPTURE(word);
      REQUIRE(!found.empty());
      CHECK(found[0].line == 2);
    }
  }
}

TEST_CASE("banned words pass in comments, in literals and as parts of names") {
  CHECK(words("sim/core/x.h", "// a float, std::hash\nint floats = f(\"double\"); /* rand() */\n").empty());
  CHECK(words("sim/core/x.h", "static_assert(true); int long_poll; x.time(now);\n").empty());
}

TEST_CASE("a ban ends with its folder") {
  CHECK(words("sim/command/x.cpp", "double x; std::chrono::seconds s;\n").empty());
  CHECK(words("sim/scenario/x.cpp", "std::filesystem::path p; throw x;\n").empty());
  CHECK(words("sim/scenario/x.cpp", "double x;\n").size() == 1);
  CHECK(words("viz/x.cpp", "float x;\n").empty());
}

TEST_CASE("a comparison of one's own must be said to be total") {
  CHECK(determinism("void f() { std::sort(a.begin(), a.end(), by_time); }\n").size() == 1);
  CHECK(determinism("void f() { std::sort(b, e,\n  [](A x, A y) { return x.t < y.t; }); }\n").size() == 1);
  CHECK(determinism("void f() { std::push_heap(b, e, later); }\n").size() == 1);

  CHECK(determinism("void f() { std::sort(a.begin(), a.end()); }\n").empty());
  CHECK(determinism("// A total order: ids differ.\nstd::sort(b, e, by_id);\n").empty());
  CHECK(determinism("std::stable_sort(b, e, by_time);\n").empty());
}

TEST_CASE("two draws may not share a statement") {
  CHECK(determinism("void f() { g(draw(s, p, e, 1), draw(s, p, e, 2)); }\n").size() == 1);
  CHECK(determinism("void f() { auto x = draw(s, p, e, 1); auto y = draw(s, p, e, 2); }\n").empty());
}

TEST_CASE("pointers are no keys") {
  CHECK(determinism("std::map<const Node*, int> a;").size() >= 1);
  CHECK(determinism("void f(const std::set<Node*>& a);\n").size() == 1);
  CHECK(determinism("void f(const std::map<NodeId, Node*>& a);\n").empty());
}

TEST_CASE("closures may be passed on, not kept") {
  CHECK(determinism("struct S { std::function<int(int)> f; };\n").size() == 1);
  CHECK(determinism("struct S { std::vector<std::function<void()>> waiting; };\n").size() == 1);
  CHECK(determinism("void f(const std::function<void()>& g, std::function<void()> h);\n").empty());
  CHECK(determinism("using Draw = std::function<int(int)>;\n").empty());
}

TEST_CASE("state outside the world is found") {
  CHECK(determinism("int f() { static int calls = 0; return ++calls; }\n").size() == 1);
  CHECK(determinism("namespace a { static int calls; }\n").size() == 1);
  CHECK(determinism("struct S { static int calls; };\n").size() == 1);
  CHECK(determinism("namespace a {\nint calls = 0;\n}\n").size() == 1);
  CHECK(determinism("struct S { static int f(); static constexpr int kX = 1; };\nstatic const int kY = 1;\n").empty());
}

TEST_CASE("an include keeps to the graph, through what a module links") {
  CHECK(includes("sim/core/x.h", "#include \"sim/net/link.h\"\n").size() == 1);
  CHECK(includes("sim/net/x.h", "#include \"sim/kafka/isr.h\"\n").size() == 1);
  CHECK(includes("sim/kafka/x.h", "#include \"sim/command/play.h\"\n").size() == 1);
  CHECK(includes("sim/unheard/x.h", "#include \"sim/core/types.h\"\n").size() == 1);
  CHECK(includes("sim/kafka/x.h", "#include \"viz/ui/canvas.h\"\n").size() == 1);
  CHECK(includes("viz/ui/x.h", "#include \"sim/core/types.h\"\n").size() == 1);
  CHECK(includes("viz/panels/x.h", "#include \"sim/command/play.h\"\n").size() == 1);
  CHECK(includes("viz/panels/x.h", "#include \"tests/kafka/story.h\"\n").size() == 1);

  CHECK(includes("sim/net/x.h", "#include \"sim/core/types.h\"\n#include \"sim/net/link.h\"\n").empty());
  CHECK(includes("sim/command/x.cpp", "#include \"sim/core/types.h\"\n").empty());
  CHECK(includes("viz/panels/x.cpp", "#include \"sim/core/types.h\"\n#include \"viz/ui/canvas.h\"\n").empty());
  CHECK(includes("tests/net/x.cpp", "#include \"sim/kafka/isr.h\"\n#include \"tests/kafka/story.h\"\n").empty());
}

TEST_CASE("an include is spelled in full") {
  CHECK(includes("sim/net/x.cpp", "#include \"link.h\"\n").size() == 1);
  CHECK(includes("sim/net/x.cpp", "#include \"../core/types.h\"\n").size() == 1);
  CHECK(includes("sim/net/x.cpp", "#include \"sim/net/gone.h\"\n").size() == 1);
  CHECK(includes("sim/net/x.cpp", "#include \"tests/kafka/story.h\"\n").size() == 1);
}

TEST_CASE("a library is for its folders") {
  CHECK(includes("sim/kafka/x.cpp", "#include <nlohmann/json.hpp>\n").size() == 1);
  CHECK(includes("sim/scenario/x.cpp", "#include <CLI/CLI.hpp>\n").size() == 1);
  CHECK(includes("sim/core/x.cpp", "#include <doctest/doctest.h>\n").size() == 1);
  CHECK(includes("sim/core/x.cpp", "#include <boost/any.hpp>\n").size() == 1);
  CHECK(includes("sim/core/x.cpp", "#include <stdint.h>\n").size() == 1);

  CHECK(includes("sim/scenario/x.cpp", "#include <nlohmann/json.hpp>\n#include <vector>\n").empty());
  CHECK(includes("sim/command/x.cpp", "#include <CLI/CLI.hpp>\n").size() == 1);
  CHECK(includes("sim/command/command_line.cpp", "#include <CLI/CLI.hpp>\n").empty());
  CHECK(includes("tests/x.cpp", "#include <doctest/doctest.h>\n").empty());
}

TEST_CASE("text is plain") {
  CHECK(check_text(sample("x.md", "a\tb\n")).size() == 1);
  CHECK(check_text(sample("x.md", "a \n")).size() == 1);
  CHECK(check_text(sample("x.md", "a\r\n")).size() == 1);
  CHECK(check_text(sample("x.md", "a")).size() == 1);
  CHECK(check_text(sample("x.json",
                          "\"/ho"
                          "me/me/x\"\n"))
            .size() == 1);
  CHECK(check_text(sample("x.cpp", "// " + std::string(141, 'x') + "\n")).size() == 1);

  CHECK(check_text(sample("x.md", std::string(141, 'x') + "\n")).empty());
  CHECK(check_text(sample("x.cpp", "// é" + std::string(136, 'x') + "\n")).empty());
}

TEST_CASE("a header says what it is") {
  CHECK(check_form(sample("sim/core/x.h", "#pragma once\n")).size() == 1);
  CHECK(check_form(sample("sim/core/x.h", "// A thing.\n")).size() == 1);
  CHECK(check_form(sample("sim/core/x.h", "// A thing.\n#pragma once\nusing namespace std;\n")).size() == 1);
  CHECK(check_form(sample("sim/core/x.h", "// A thing.\n#pragma once\n")).empty());
}

TEST_CASE("comments hold no banners and no work left over") {
  CHECK(check_form(sample("x.cpp", "// " + std::string(10, '-') + " helpers\n")).size() == 1);
  CHECK(check_form(sample("x.cpp", std::string("int x;  // TO") + "DO: more\n")).size() == 1);
  CHECK(check_form(sample("x.cpp", "// A -- B; todo_list\n")).empty());
}

TEST_CASE("files and functions are short, or have a reason") {
  const Source long_file = sample("sim/net/x.cpp", std::string(501, '\n'));
  CHECK(check_sizes(long_file, {}).size() == 1);
  CHECK(check_sizes(long_file, {{"sim/net/x.cpp", "", 510, "one table"}}).empty());
  CHECK(check_sizes(sample("sim/net/x.cpp", std::string(500, '\n')), {}).empty());

  const Source long_function = sample("sim/net/x.cpp", function_of(71));
  REQUIRE(check_sizes(long_function, {}).size() == 1);
  CHECK(check_sizes(long_function, {})[0].what == "`long_one`: 71 lines, at most 70");
  CHECK(check_sizes(long_function, {{"sim/net/x.cpp", "long_one", 80, "one switch"}}).empty());
  CHECK(check_sizes(sample("sim/net/x.cpp", function_of(70)), {}).empty());
}

TEST_CASE("an exception without need is found") {
  const std::vector<Source> sources = {sample("sim/net/x.cpp", function_of(71)), sample("sim/net/y.cpp", "\n")};
  CHECK(check_exceptions(sources, {{"sim/net/x.cpp", "long_one", 80, "one switch"}}).empty());
  CHECK(check_exceptions(sources, {{"sim/net/x.cpp", "other", 80, "gone"}}).size() == 1);
  CHECK(check_exceptions(sources, {{"sim/net/y.cpp", "", 600, "small now"}}).size() == 1);
  CHECK(check_exceptions(sources, {{"sim/net/z.cpp", "", 600, "gone"}}).size() == 1);
}

TEST_CASE("the graph is closed over what modules link") {
  CHECK(kGraph.at("core") == std::set<std::string>{"core"});
  CHECK(kGraph.at("kafka") == std::set<std::string>{"core", "kafka", "net"});
  CHECK(kGraph.at("command") == std::set<std::string>{"command", "core", "kafka", "net"});
}

}  // namespace nutshell::tidy
