#include "sim/schema/json_schema.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace nutshell {
namespace {

constexpr std::string_view kTypes[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
constexpr int kAnyType = -1, kNoType = -2;
constexpr std::size_t kMaxJsonReasons = 50, kMaxPairs = 200'000;
constexpr int kMaxReferences = 32, kMaxCompared = 400, kMaxNots = 4;

int type_index(std::string_view name) {
  for (int i = 0; i < 7; ++i) {
    if (kTypes[i] == name) return i;
  }
  return kNoType;
}
constexpr int kInteger = 2, kNumber = 3, kString = 4, kArray = 5, kObject = 6;

bool has_any(const JsonTree& tree, std::initializer_list<std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return tree.find(key) != nullptr; });
}

// The value that "#/$defs/Money" names; nullptr: there is none.
const JsonTree* target_of(const JsonTree& root, std::string_view reference) {
  const JsonTree* to = &root;
  std::string_view path = reference.substr(1);
  while (to && !path.empty()) {
    if (path.front() != '/') return nullptr;
    path.remove_prefix(1);
    const std::size_t slash = std::min(path.find('/'), path.size());
    to = to->find(path.substr(0, slash));
    path.remove_prefix(slash);
  }
  return to;
}

// A schema, or what is looked at of it: where several demands stand beside each other, one; of a list of types, one.
struct Node {
  enum class View : std::uint8_t { whole, own, any_of, one_of };
  const JsonTree* tree = nullptr;
  std::size_t side = 0;  // 0: in the writer's file
  View view = View::whole;
  int type = kAnyType;

  auto key() const { return std::tuple(side, tree->number, view, type); }
};
using View = Node::View;

const JsonTree kEverything{JsonTree::Kind::object, false, false, 0, 0, "", {}, {}, 0};

class Comparison {
 public:
  // `nots`: how many "not" stand around it, each of which turns the two.
  Comparison(const JsonTree& writer, const JsonTree& reader, NewSide side, int nots = 0)
      : roots_{&writer, &reader}, side_(side), new_reads_(side == NewSide::reader), nots_(nots) {}

  // Places are relative to the two. Pairs that are under way are taken to fit.
  const SchemaReasons& compare(const JsonTree& writer, const JsonTree& reader) { return compare(node(writer, 0), node(reader, 1)); }

 private:
  using Key = decltype(std::tuple_cat(Node().key(), Node().key()));

  Node node(const JsonTree& tree, std::size_t side) { return {follow(tree, side), side, View::whole, kAnyType}; }

  const JsonTree* follow(const JsonTree& tree, std::size_t side) {
    const JsonTree* at = &tree;
    for (int i = 0; i < kMaxReferences; ++i) {
      const JsonTree* reference = at->find("$ref");
      if (!reference) return at;
      const JsonTree* to = reference->text.rfind('#', 0) == 0 ? target_of(*roots_[side], reference->text) : nullptr;
      if (!to) return &kEverything;  // only within what is no schema itself: the others have been looked at
      at = to;
    }
    return &kEverything;
  }

  const SchemaReasons& compare(Node writer, Node reader) {
    static const SchemaReasons kTooMany = {{"", "there are too many alternatives to be compared", "split the schema"}};
    const Key key = std::tuple_cat(writer.key(), reader.key());
    if (done_.size() > kMaxPairs && done_.count(key) == 0) return kTooMany;
    const auto [found, is_new] = done_.emplace(key, SchemaReasons());
    if (!is_new) return found->second;
    SchemaReasons reasons;
    ++depth_;
    if (depth_ > kMaxCompared) add(reasons, "", "it is nested too deeply to be compared", "nest it less");
    else differ(writer, reader, reasons);
    --depth_;
    if (reasons.size() > kMaxJsonReasons) reasons.resize(kMaxJsonReasons);
    return found->second = std::move(reasons);
  }

  static void add(SchemaReasons& to, std::string where, std::string what, std::string remedy) {
    to.push_back({std::move(where), std::move(what), std::move(remedy)});
  }
  static void inside(SchemaReasons& to, const std::string& place, const SchemaReasons& reasons) {
    for (const SchemaReason& each : reasons) {
      const bool joined = each.where.empty() || each.where.front() == '[' || place.empty();
      add(to, place + (joined ? "" : ".") + each.where, each.what, each.remedy);
    }
  }
  std::string widen_or(const std::string& keep) const {
    return new_reads_ ? keep : "readers first: upgrade them before this is written";
  }

  static bool is_true(const JsonTree& tree) {
    if (tree.is(JsonTree::Kind::truth)) return tree.truth;
    return !has_any(tree, {"type",
                           "enum",
                           "const",
                           "anyOf",
                           "oneOf",
                           "allOf",
                           "not",
                           "properties",
                           "required",
                           "additionalProperties",
                           "items",
                           "prefixItems",
                           "minLength",
                           "maxLength",
                           "pattern",
                           "minimum",
                           "maximum",
                           "exclusiveMinimum",
                           "exclusiveMaximum",
                           "multipleOf",
                           "minItems",
                           "maxItems",
                           "uniqueItems",
                           "minProperties",
                           "maxProperties"});
  }
  static bool is_false(const JsonTree& tree) { return tree.is(JsonTree::Kind::truth) && !tree.truth; }

  static bool has_own(const JsonTree& tree) {
    return has_any(tree, {"type", "enum", "const", "not"}) || type_of({&tree, 0, View::own, kAnyType}) != kAnyType;
  }

  // What is demanded, all of it at once.
  std::vector<Node> demands(const Node& whole) {
    if (whole.view != View::whole) return {whole};
    std::vector<Node> found;
    const JsonTree& tree = *whole.tree;
    if (has_own(tree)) found.push_back({&tree, whole.side, View::own, kAnyType});
    if (tree.find("anyOf")) found.push_back({&tree, whole.side, View::any_of, kAnyType});
    if (tree.find("oneOf")) found.push_back({&tree, whole.side, View::one_of, kAnyType});
    if (const JsonTree* list = tree.find("allOf")) {
      for (const JsonTree& each : list->items) found.push_back(node(each, whole.side));
    }
    return found;
  }

  // What it may be, one of.
  std::vector<Node> alternatives(const Node& of) {
    std::vector<Node> found;
    if (of.view == View::any_of || of.view == View::one_of) {
      for (const JsonTree& each : of.tree->find(of.view == View::any_of ? "anyOf" : "oneOf")->items)
        found.push_back(node(each, of.side));
      return found;
    }
    const JsonTree* type = of.tree->find("type");
    if (of.view == View::own && of.type == kAnyType && type && type->is(JsonTree::Kind::list)) {
      for (const JsonTree& each : type->items) found.push_back({of.tree, of.side, View::own, type_index(each.text)});
      return found;
    }
    return {of};
  }

  static int type_of(const Node& node) {
    if (node.type != kAnyType) return node.type;
    if (const JsonTree* type = node.tree->find("type"); type && type->is(JsonTree::Kind::text)) return type_index(type->text);
    if (has_any(*node.tree, {"properties", "required", "additionalProperties", "minProperties", "maxProperties"})) return kObject;
    if (has_any(*node.tree, {"items", "prefixItems", "minItems", "maxItems", "uniqueItems"})) return kArray;
    if (has_any(*node.tree, {"minLength", "maxLength", "pattern"})) return kString;
    if (has_any(*node.tree, {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})) return kNumber;
    return kAnyType;
  }
  static std::string type_word(int type) { return type < 0 ? "anything" : std::string(kTypes[type]); }

  void differ(const Node& writer, const Node& reader, SchemaReasons& out) {
    if (is_true(*reader.tree) || is_false(*writer.tree)) return;
    if (is_false(*reader.tree)) return add(out, "", "the reader allows nothing here", widen_or("allow what was allowed"));
    if (is_true(*writer.tree))
      return add(out, "", "the writer may write anything, the reader takes " + type_word(type_of(reader)) + " only",
                 widen_or("leave it open"));
    if (writer.view == View::whole || reader.view == View::whole) return products(demands(writer), demands(reader), out);
    const auto alone = [](const std::vector<Node>& nodes, const Node& of) {
      return nodes.size() == 1 && nodes.front().key() == of.key();
    };
    const std::vector<Node> from = alternatives(writer), to = alternatives(reader);
    if (!alone(from, writer) || !alone(to, reader)) return sums(from, to, out);
    const JsonTree *had = writer.tree->find("not"), *has = reader.tree->find("not");
    if (has && (!had || (nots_ < kMaxNots && !Comparison(*roots_[1], *roots_[0], side_, nots_ + 1).compare(*has, *had).empty())))
      add(out, "", "the reader excludes more by \"not\"", widen_or("exclude no more than before"));
    const auto lists = [](const Node& each) { return has_any(*each.tree, {"enum", "const"}); };
    if (lists(writer) || lists(reader)) return values(writer, reader, out);
    types(writer, reader, out);
  }

  void sums(const std::vector<Node>& from, const std::vector<Node>& to, SchemaReasons& out) {
    for (const Node& each : from) {
      const Node* alike = nullptr;
      bool fits = false;
      for (const Node& other : to) {
        fits = fits || compare(each, other).empty();
        if (type_of(each) == type_of(other)) alike = &other;
      }
      if (fits) continue;
      if (alike) inside(out, "", compare(each, *alike));
      else
        add(out, "", "the writer may write " + type_word(type_of(each)) + ", which the reader does not take",
            widen_or("keep that type"));
    }
  }

  // Each demand of the reader's must have been one of the writer's.
  void products(const std::vector<Node>& had, const std::vector<Node>& demanded, SchemaReasons& out) {
    for (const Node& demand : demanded) {
      const auto meets = [&](const Node& each) { return compare(each, demand).empty(); };
      if (std::any_of(had.begin(), had.end(), meets)) continue;
      const auto alike = [&](const Node& each) {
        return had.size() == 1 || (each.view == demand.view && type_of(each) == type_of(demand));
      };
      const auto near = std::find_if(had.begin(), had.end(), alike);
      if (near != had.end()) inside(out, "", compare(*near, demand));
      else add(out, "", "the reader demands one thing more", widen_or("demand no more than before"));
    }
  }

  static std::vector<JsonTree> listed(const JsonTree& tree) {
    if (const JsonTree* values = tree.find("enum")) return values->items;
    if (const JsonTree* one = tree.find("const")) return {*one};
    return {};
  }

  static bool is_of_type(const JsonTree& value, int type) {
    switch (type) {
      case 0: return value.is(JsonTree::Kind::null);
      case 1: return value.is(JsonTree::Kind::truth);
      case kInteger: return value.is(JsonTree::Kind::number) && value.whole;
      case kNumber: return value.is(JsonTree::Kind::number);
      case kString: return value.is(JsonTree::Kind::text);
      case kArray: return value.is(JsonTree::Kind::list);
      case kObject: return value.is(JsonTree::Kind::object);
      default: return true;
    }
  }

  void values(const Node& writer, const Node& reader, SchemaReasons& out) {
    const std::vector<JsonTree> from = listed(*writer.tree), to = listed(*reader.tree);
    if (from.empty())
      return add(out, "", "the reader takes only " + std::to_string(to.size()) + " values, the writer may write others",
                 widen_or("do not narrow it to an enum"));
    std::string missing;
    for (const JsonTree& each : from) {
      const bool taken = to.empty() ? is_of_type(each, type_of(reader)) : std::find(to.begin(), to.end(), each) != to.end();
      if (!taken) missing += (missing.empty() ? "" : ", ") + compact_json(each);
    }
    if (!missing.empty())
      add(out, "", "the writer may write " + missing + ", which the reader does not take",
          widen_or("keep the values, and add others only"));
  }

  void types(const Node& writer, const Node& reader, SchemaReasons& out) {
    const int from = type_of(writer), to = type_of(reader);
    if (to == kAnyType) return;
    const bool integer_as_number = from == kInteger && to == kNumber;
    if (from != to && !integer_as_number)
      return add(
          out, "", "the writer writes " + type_word(from) + ", the reader takes " + type_word(to),
          widen_or(from == kNumber && to == kInteger ? "keep number: integer may become number, not back"
                                                     : "keep the type, or take both: \"type\": [" + quoted_json(type_word(from)) +
                                                           ", " + quoted_json(type_word(to)) + "]"));
    const JsonTree &w = *writer.tree, &r = *reader.tree;
    switch (to) {
      case kInteger:
      case kNumber: return numbers(w, r, out);
      case kString: return strings(w, r, out);
      case kArray: return arrays(w, r, out);
      case kObject: return objects(w, r, out);
      default: return;
    }
  }

  // `upper`: a smaller number is a tighter one.
  void bound(const JsonTree& writer, const JsonTree& reader, const char* key, bool upper, SchemaReasons& out) const {
    const JsonTree *had = writer.find(key), *has = reader.find(key);
    if (!has || !has->is(JsonTree::Kind::number)) return;
    const std::string now = std::string("\"") + key + "\" " + has->text;
    if (!had || !had->is(JsonTree::Kind::number))
      return add(out, "", now + " bounds what the writer may write without", widen_or("do not add the bound"));
    if (upper ? has->real < had->real : has->real > had->real)
      add(out, "", now + " is tighter than the writer's " + had->text, widen_or("widen the range only"));
  }

  void numbers(const JsonTree& writer, const JsonTree& reader, SchemaReasons& out) const {
    for (const char* key : {"maximum", "exclusiveMaximum"}) bound(writer, reader, key, true, out);
    for (const char* key : {"minimum", "exclusiveMinimum"}) bound(writer, reader, key, false, out);
    const JsonTree *had = writer.find("multipleOf"), *has = reader.find("multipleOf");
    if (!has) return;
    const bool divides = had && had->whole && has->whole && has->integer > 0 && had->integer % has->integer == 0;
    if (!divides && !(had && had->text == has->text))
      add(out, "", "\"multipleOf\" " + has->text + " leaves out what the writer may write", widen_or("take a divisor of the old one"));
  }

  void strings(const JsonTree& writer, const JsonTree& reader, SchemaReasons& out) const {
    bound(writer, reader, "maxLength", true, out);
    bound(writer, reader, "minLength", false, out);
    const JsonTree *had = writer.find("pattern"), *has = reader.find("pattern");
    if (has && (!had || had->text != has->text))
      add(out, "", "the pattern " + compact_json(*has) + " is not the writer's", widen_or("keep the pattern, or drop it"));
  }

  void arrays(const JsonTree& writer, const JsonTree& reader, SchemaReasons& out) {
    bound(writer, reader, "maxItems", true, out);
    bound(writer, reader, "minItems", false, out);
    const auto unique = [](const JsonTree& tree) { return tree.find("uniqueItems") && tree.find("uniqueItems")->truth; };
    if (unique(reader) && !unique(writer))
      add(out, "", "the reader wants different items, the writer may repeat one", widen_or("do not add uniqueItems"));
    const JsonTree *had = writer.find("items"), *has = reader.find("items");
    if (!has) return;
    if (has->is(JsonTree::Kind::list) || (had && had->is(JsonTree::Kind::list))) {
      const std::size_t both =
          had && had->is(JsonTree::Kind::list) && has->is(JsonTree::Kind::list) ? std::min(had->items.size(), has->items.size()) : 0;
      for (std::size_t i = 0; i < both; ++i) inside(out, "[" + std::to_string(i) + "]", compare(had->items[i], has->items[i]));
      const bool closed = writer.find("additionalItems") && is_false(*writer.find("additionalItems"));
      if (has->is(JsonTree::Kind::list) && has->items.size() > both && !closed)
        add(out, "", "the reader describes items that the writer may fill with anything",
            widen_or("describe them only where additionalItems was false"));
      return;
    }
    inside(out, "[]", compare(had ? *had : kEverything, *has));
  }

  // What further properties may be: anything (nullptr is not used for that: `everything`), nothing, or what fits.
  static const JsonTree& further(const JsonTree& tree) {
    const JsonTree* more = tree.find("additionalProperties");
    return more ? *more : kEverything;
  }
  static bool is_open(const JsonTree& tree) { return !tree.find("patternProperties") && is_true(further(tree)); }
  static std::set<std::string> required(const JsonTree& tree) {
    std::set<std::string> names;
    if (const JsonTree* list = tree.find("required"); list && list->is(JsonTree::Kind::list)) {
      for (const JsonTree& each : list->items) names.insert(each.text);
    }
    return names;
  }

  void objects(const JsonTree& writer, const JsonTree& reader, SchemaReasons& out) {
    bound(writer, reader, "maxProperties", true, out);
    bound(writer, reader, "minProperties", false, out);
    const JsonTree &old_more = further(writer), &new_more = further(reader);
    if (is_false(new_more) && !is_false(old_more))
      add(out, "", "the reader allows no further properties, the writer may write some",
          widen_or("leave additionalProperties as they were"));
    else if (!is_false(old_more) && !is_true(new_more)) inside(out, "(further)", compare(old_more, new_more));
    const std::set<std::string> was_required = required(writer), is_required = required(reader);
    std::map<std::string, std::array<const JsonTree*, 2>> properties;  // the writer's and the reader's
    for (const std::size_t side : {0U, 1U}) {
      const JsonTree* own = (side == 0 ? writer : reader).find("properties");
      for (std::size_t i = 0; own && i < own->items.size(); ++i) properties[own->keys[i]][side] = &own->items[i];
    }
    for (const auto& [name, sides] : properties) {
      const auto& [from, to] = sides;
      const bool demanded = to && is_required.count(name) > 0 && !to->find("default");
      if (from && to) {
        if (demanded && was_required.count(name) == 0)
          add(out, name, "the reader requires it, the writer may leave it out", widen_or("do not require it, or give it a default"));
        inside(out, name, compare(*from, *to));
      } else if (to) {
        added(writer, name, *to, demanded, out);
      } else {
        removed(reader, name, *from, out);
      }
    }
  }

  void added(const JsonTree& writer, const std::string& name, const JsonTree& to, bool demanded, SchemaReasons& out) {
    if (is_open(writer)) {
      if (!is_true(*follow(to, 1)))
        add(out, name, "the writer's objects are open (additionalProperties), so it may hold something else there already",
            new_reads_ ? "close the schema (\"additionalProperties\": false) before it grows"
                       : "keep the property, or let it take anything");
      return;
    }
    if (const JsonTree& more = further(writer); !is_false(more)) inside(out, name, compare(more, to));
    if (demanded)
      add(out, name, "the reader requires it, the writer does not write it", widen_or("make it optional, or give it a default"));
  }

  void removed(const JsonTree& reader, const std::string& name, const JsonTree& from, SchemaReasons& out) {
    if (is_open(reader) || is_false(*follow(from, 0))) return;
    if (const JsonTree& more = further(reader); !is_false(more)) return inside(out, name, compare(from, more));
    add(out, name, "the writer may write it, and the reader's objects are closed (additionalProperties)",
        new_reads_ ? "keep the property, or open the schema" : "readers first: they refuse what they do not know");
  }

  const JsonTree* roots_[2];
  NewSide side_;
  bool new_reads_;
  int nots_;
  int depth_ = 0;
  std::map<Key, SchemaReasons> done_;
};

std::string problem_at(const JsonTree& tree, const JsonTree& root, const std::string& where, std::int32_t& number) {
  number = tree.number;
  if (tree.is(JsonTree::Kind::truth)) return "";
  if (!tree.is(JsonTree::Kind::object))
    return where + ": a schema is an object, true or false, but this is " + std::string(json_kind_name(tree.kind));
  if (const JsonTree* reference = tree.find("$ref")) {
    if (!reference->is(JsonTree::Kind::text) || reference->text.rfind('#', 0) != 0)
      return where + ": only what stands in the same file can be referred to, as {\"$ref\": \"#/$defs/Money\"}";
    if (!target_of(root, reference->text)) return where + ": there is no " + compact_json(*reference) + "; define it under \"$defs\"";
  }
  for (const char* key : {"enum", "required"}) {
    const JsonTree* list = tree.find(key);
    if (list && !list->is(JsonTree::Kind::list)) return where + "." + key + ": it is a list";
  }
  const auto known = [](const JsonTree& each) { return each.is(JsonTree::Kind::text) && type_index(each.text) >= 0; };
  if (const JsonTree* type = tree.find("type")) {
    const bool list =
        type->is(JsonTree::Kind::list) && !type->items.empty() && std::all_of(type->items.begin(), type->items.end(), known);
    if (!list && !known(*type))
      return where + ": " + compact_json(*type) + " is no type; it is one of null, boolean, integer, number, string, array, object";
  }
  for (const char* key : {"anyOf", "oneOf", "allOf"}) {
    const JsonTree* list = tree.find(key);
    if (!list) continue;
    if (!list->is(JsonTree::Kind::list) || list->items.empty()) return where + "." + key + ": it is a list of schemas";
    for (const JsonTree& each : list->items) {
      if (const std::string wrong = problem_at(each, root, where + "." + key, number); !wrong.empty()) return wrong;
    }
  }
  number = tree.number;
  for (const char* key : {"items", "additionalProperties", "not"}) {
    const JsonTree* one = tree.find(key);
    if (!one || one->is(JsonTree::Kind::list)) continue;
    if (const std::string wrong = problem_at(*one, root, where + "." + key, number); !wrong.empty()) return wrong;
  }
  for (const char* key : {"properties", "$defs", "definitions"}) {
    const JsonTree* members = tree.find(key);
    if (!members) continue;
    if (!members->is(JsonTree::Kind::object)) return where + "." + key + ": it is an object, a schema a name";
    for (std::size_t i = 0; i < members->items.size(); ++i) {
      const std::string wrong = problem_at(members->items[i], root, where + "." + members->keys[i], number);
      if (!wrong.empty()) return wrong;
    }
  }
  return "";
}

}  // namespace

std::string json_schema_problem(const JsonTree& schema, std::int32_t* number) {
  std::int32_t found = 0;
  std::string problem = problem_at(schema, schema, "the schema", found);
  if (number) *number = found;
  return problem;
}

SchemaReasons json_schema_reasons(const JsonTree& writer, const JsonTree& reader, NewSide side) {
  return Comparison(writer, reader, side).compare(writer, reader);
}

}  // namespace nutshell
