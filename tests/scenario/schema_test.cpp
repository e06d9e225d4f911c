// The schema beside the scenarios is the one that the tables make, and the scenarios are valid by it.
#include "sim/scenario/schema.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <regex>

#include "tests/scenario/scenario_texts.h"

namespace nutshell {
namespace {

using SortedJson = nlohmann::json;

const std::string kFolder = std::string(NUTSHELL_SOURCE_DIR) + "/scenarios/";

std::string read_text_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_type(const SortedJson& value, const std::string& type) {
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

// The part of JSON Schema that the schema uses. Appends what is wrong with `value`.
class Validator {
 public:
  explicit Validator(const SortedJson& root) : root_(root) {}

  void check(const SortedJson& schema, const SortedJson& value, const std::string& path, std::vector<std::string>& wrong) const {
    if (schema.contains("$ref")) {
      const std::string name = schema["$ref"].get<std::string>().substr(std::string("#/definitions/").size());
      check(root_["definitions"].at(name), value, path, wrong);
    }
    if (schema.contains("type") && !right_type(schema["type"], value)) wrong.push_back(path + ": type");
    if (schema.contains("const") && value != schema["const"]) wrong.push_back(path + ": const");
    if (schema.contains("enum") && !contains(schema["enum"], value)) wrong.push_back(path + ": enum");
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"])
      wrong.push_back(path + ": minimum");
    if (schema.contains("maximum") && value.is_number() && value > schema["maximum"])
      wrong.push_back(path + ": maximum");
    if (schema.contains("pattern") && value.is_string() &&
        !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>()))) {
      wrong.push_back(path + ": pattern");
    }
    check_alternatives(schema, value, path, wrong);
    if (value.is_object()) check_object(schema, value, path, wrong);
    if (value.is_array() && schema.contains("items")) {
      for (const SortedJson& each : value) check(schema["items"], each, path + "[]", wrong);
    }
  }

 private:
  static bool contains(const SortedJson& list, const SortedJson& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  }
  static bool right_type(const SortedJson& types, const SortedJson& value) {
    if (types.is_string()) return is_type(value, types.get<std::string>());
    return std::any_of(types.begin(), types.end(),
                       [&](const SortedJson& type) { return is_type(value, type.get<std::string>()); });
  }
  std::size_t count_valid(const SortedJson& schemas, const SortedJson& value) const {
    std::size_t count = 0;
    for (const SortedJson& each : schemas) {
      std::vector<std::string> wrong;
      check(each, value, "", wrong);
      count += wrong.empty() ? 1 : 0;
    }
    return count;
  }
  void check_alternatives(const SortedJson& schema, const SortedJson& value, const std::string& path,
                          std::vector<std::string>& wrong) const {
    if (schema.contains("oneOf") && count_valid(schema["oneOf"], value) != 1) wrong.push_back(path + ": oneOf");
    if (schema.contains("anyOf") && count_valid(schema["anyOf"], value) == 0) wrong.push_back(path + ": anyOf");
    if (!schema.contains("allOf")) return;
    for (const SortedJson& each : schema["allOf"]) check(each, value, path, wrong);
  }
  void check_object(const SortedJson& schema, const SortedJson& value, const std::string& path,
                    std::vector<std::string>& wrong) const {
    for (const SortedJson& key : schema.value("required", SortedJson::array())) {
      if (!value.contains(key.get<std::string>())) wrong.push_back(path + ": needs " + key.dump());
    }
    const SortedJson properties = schema.value("properties", SortedJson::object());
    for (const auto& [key, each] : value.items()) {
      if (properties.contains(key)) {
        check(properties[key], each, path + "." + key, wrong);
      } else if (schema.contains("additionalProperties")) {
        wrong.push_back(path + "." + key + ": not known");
      }
    }
  }

  const SortedJson& root_;
};

std::string invalid(const SortedJson& schema, const std::string& text) {
  std::vector<std::string> wrong;
  Validator(schema).check(schema, SortedJson::parse(text, nullptr, true, true), "", wrong);
  std::string joined;
  for (const std::string& each : wrong) joined += each + "\n";
  return joined;
}

}  // namespace

TEST_CASE("scenarios/scenario.schema.json is up to date") {
  // To renew it, run this test with NUTSHELL_RENEW set.
  if (std::getenv("NUTSHELL_RENEW")) std::ofstream(kFolder + "scenario.schema.json") << scenario_schema();
  CHECK(read_text_file(kFolder + "scenario.schema.json") == scenario_schema());
}

TEST_CASE("the shipped scenarios are valid by the schema") {
  const SortedJson schema = SortedJson::parse(scenario_schema());
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string path = entry.path().string();
    if (entry.path().extension() != ".json" || path.find(".schema.") != std::string::npos) continue;
    CHECK_MESSAGE(invalid(schema, read_text_file(path)).empty(), path << "\n" << invalid(schema, read_text_file(path)));
    ++files;
  }
  CHECK(files > 0);
}

TEST_CASE("the schema refuses what the reader refuses") {
  const SortedJson schema = SortedJson::parse(scenario_schema());
  CHECK(invalid(schema, small_cluster("\"seed\": 1")).empty());
  for (const char* wrong : {R"("untill": "3s")", R"("opens": 10)", R"("opens": "10 s")", R"("seed": 1.5)",
                            R"("cluster": {"controllers": 2})", R"("cluster": {"config": {"acks": 1}})",
                            R"("script": [{"at": "1s", "do": "chrash", "node": "broker 1"}])",
                            R"("script": [{"at": "1s", "do": "crash"}])", R"("expect": [{"holds": "no_such_promise"}])",
                            R"("expect": [{"happens": "leader_elected", "where": {"no_such_field": 1}}])",
                            R"("beats": [{"on": "no_such_fact", "say": "x"}])"}) {
    CHECK_MESSAGE(!invalid(schema, small_cluster(wrong)).empty(), wrong);
    CHECK_MESSAGE(!mistakes(small_cluster(wrong)).empty(), wrong);
  }
}

}  // namespace nutshell
