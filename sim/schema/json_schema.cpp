#include "sim/schema/json_schema.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "sim/regex/regex.h"
#include "sim/schema/json_schema_parts.h"

namespace nutshell {
namespace {

constexpr int kAnyType = -1;
constexpr std::size_t kMaxJsonReasons = 50, kMaxPairs = 200'000;
constexpr int kMaxReferences = 32, kMaxCompared = 400, kMaxNots = 4;

constexpr int kInteger = 2, kNumber = 3, kString = 4, kArray = 5, kObject = 6;

bool has_any(const JsonTree& tree, std::initializer_list<std::string_view> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](std::string_view key) { return tree.find(key) != nullptr; });
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
      const JsonTree* to = reference->text.rfind('#', 0) == 0 ? json_target(*roots_[side], reference->text) : nullptr;
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
                           "maxProperties",
                           "patternProperties",
                           "dependencies",
                           "dependentRequired",
                           "dependentSchemas",
                           "additionalItems",
                           "unevaluatedItems",
                           "unevaluatedProperties"});
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
      for (const JsonTree& each : type->items) found.push_back({of.tree, of.side, View::own, json_type_index(each.text)});
      return found;
    }
    return {of};
  }

  static int type_of(const Node& node) {
    if (node.type != kAnyType) return node.type;
    if (const JsonTree* type = node.tree->find("type"); type && type->is(JsonTree::Kind::text)) return json_type_index(type->text);
    if (has_any(*node.tree, {"properties", "required", "additionalProperties", "minProperties", "maxProperties", "patternProperties",
                             "dependencies", "dependentRequired", "dependentSchemas", "unevaluatedProperties"}))
      return kObject;
    if (has_any(*node.tree, {"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "additionalItems", "unevaluatedItems"}))
      return kArray;
    if (has_any(*node.tree, {"minLength", "maxLength", "pattern"})) return kString;
    if (has_any(*node.tree, {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})) return kNumber;
    return kAnyType;
  }
  static std::string type_word(int type) { return type < 0 ? "anything" : std::string(kJsonTypes[type]); }

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

  // Of one value: of numbers the bounds; of what has more to it, only where nothing is demanded beside its type.
  static bool is_within(const JsonTree& value, const JsonTree& tree) {
    if (value.is(JsonTree::Kind::null) || value.is(JsonTree::Kind::truth)) return true;
    if (!value.is(JsonTree::Kind::number))
      return !has_any(tree, {"minLength", "maxLength", "pattern", "properties", "required", "additionalProperties", "patternProperties",
                             "dependencies", "dependentRequired", "dependentSchemas", "items", "prefixItems", "minItems", "maxItems",
                             "uniqueItems", "minProperties", "maxProperties"});
    const auto limit = [&tree](const char* key) -> const JsonTree* {
      const JsonTree* found = tree.find(key);
      return found && found->is(JsonTree::Kind::number) ? found : nullptr;
    };
    const JsonTree *low = limit("minimum"), *high = limit("maximum");
    const JsonTree *above = limit("exclusiveMinimum"), *below = limit("exclusiveMaximum");
    return (!low || value.real >= low->real) && (!high || value.real <= high->real) && (!above || value.real > above->real) &&
           (!below || value.real < below->real) && !tree.find("multipleOf");
  }

  void values(const Node& writer, const Node& reader, SchemaReasons& out) {
    const std::vector<JsonTree> from = listed(*writer.tree), to = listed(*reader.tree);
    if (from.empty())
      return add(out, "", "the reader takes only " + std::to_string(to.size()) + " values, the writer may write others",
                 widen_or("do not narrow it to an enum"));
    std::string missing;
    for (const JsonTree& each : from) {
      const bool taken = to.empty() ? is_of_type(each, type_of(reader)) && is_within(each, *reader.tree)
                                    : std::find(to.begin(), to.end(), each) != to.end();
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
    bound(writer, reader, "maxContains", true, out);
    bound(writer, reader, "minContains", false, out);
    const Items had = items(writer), has = items(reader);
    if (had.one_by_one || has.one_by_one) return tuples(had, has, out);
    inside(out, "[]", compare(*had.rest, *has.rest));
  }

  // What stands at the first places, and what behind them.
  struct Items {
    std::vector<const JsonTree*> front;
    const JsonTree* rest = &kEverything;
    bool one_by_one = false;  // there is a list of the first ones
  };
  static Items items(const JsonTree& tree) {
    Items found;
    const auto take = [&tree](const char* key) -> const JsonTree& { return tree.find(key) ? *tree.find(key) : kEverything; };
    const JsonTree *first = tree.find("prefixItems"), *all = tree.find("items");
    const bool listed_there = !first && all && all->is(JsonTree::Kind::list);  // until draft 2019-09
    found.rest = tree.find("unevaluatedItems") ? &take("unevaluatedItems") : &kEverything;
    if (listed_there) first = all;
    const char* behind = listed_there || !all ? "additionalItems" : "items";
    if (tree.find(behind)) found.rest = &take(behind);
    if (!first || !first->is(JsonTree::Kind::list)) return found;
    found.one_by_one = true;
    for (const JsonTree& each : first->items) found.front.push_back(&each);
    return found;
  }

  void tuples(const Items& had, const Items& has, SchemaReasons& out) {
    const std::size_t both = std::min(had.front.size(), has.front.size());
    const auto place = [](std::size_t i) { return "[" + std::to_string(i) + "]"; };
    for (std::size_t i = 0; i < both; ++i) inside(out, place(i), compare(*had.front[i], *has.front[i]));
    for (std::size_t i = both; i < had.front.size(); ++i)
      if (!is_true(*follow(*has.rest, 1))) inside(out, place(i), compare(*had.front[i], *has.rest));
    for (std::size_t i = both; i < has.front.size(); ++i) {
      if (is_false(*had.rest) || is_true(*follow(*has.front[i], 1))) continue;
      if (!is_true(*follow(*had.rest, 0))) inside(out, place(i), compare(*had.rest, *has.front[i]));
      else
        add(out, place(i), "the reader describes an item that the writer may fill with anything",
            widen_or("describe it only where no further items were allowed"));
    }
    if (!is_false(*had.rest) && !is_true(*follow(*has.rest, 1))) inside(out, "[further]", compare(*had.rest, *has.rest));
  }

  // What further properties may be: anything (nullptr is not used for that: `everything`), nothing, or what fits.
  static const JsonTree& further(const JsonTree& tree) {
    const JsonTree* more = tree.find("additionalProperties");
    if (!more) more = tree.find("unevaluatedProperties");
    return more ? *more : kEverything;
  }
  // What a property that is not described may be, in objects that are not open: by its name's pattern, or as any other. nullptr:
  // it may not be there.
  static const JsonTree* further(const JsonTree& tree, const std::string& name) {
    const JsonTree* patterns = tree.find("patternProperties");
    for (std::size_t i = 0; patterns && i < patterns->items.size(); ++i) {
      std::string error;
      const std::optional<Regex> pattern = Regex::compile(patterns->keys[i], error);
      if (pattern && pattern->find(name)) return &patterns->items[i];
    }
    const JsonTree& more = further(tree);
    return is_false(more) || is_true(more) ? nullptr : &more;
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
    dependencies(writer, reader, out);
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

  // What must be there, or hold, as soon as some property is there.
  static std::map<std::string, const JsonTree*> dependencies(const JsonTree& tree) {
    std::map<std::string, const JsonTree*> found;
    for (const char* key : {"dependencies", "dependentRequired", "dependentSchemas"}) {
      const JsonTree* all = tree.find(key);
      for (std::size_t i = 0; all && i < all->items.size(); ++i)
        found[all->keys[i] + (all->items[i].is(JsonTree::Kind::list) ? " needs" : " implies")] = &all->items[i];
    }
    return found;
  }
  void dependencies(const JsonTree& writer, const JsonTree& reader, SchemaReasons& out) {
    const auto had = dependencies(writer);
    for (const auto& [name, to] : dependencies(reader)) {
      const auto from = had.find(name);
      if (from == had.end()) {
        add(out, name, "the reader demands more as soon as it is there", widen_or("demand no more than before"));
      } else if (!to->is(JsonTree::Kind::list)) {
        inside(out, name, compare(*from->second, *to));
      } else {
        for (const JsonTree& each : to->items)
          if (std::find(from->second->items.begin(), from->second->items.end(), each) == from->second->items.end())
            add(out, name, compact_json(each) + " too, which the writer may leave out", widen_or("demand no more than before"));
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
    if (const JsonTree* more = further(writer, name)) inside(out, name, compare(*more, to));
    if (demanded)
      add(out, name, "the reader requires it, the writer does not write it", widen_or("make it optional, or give it a default"));
  }

  void removed(const JsonTree& reader, const std::string& name, const JsonTree& from, SchemaReasons& out) {
    if (is_open(reader)) return;
    if (const JsonTree* more = further(reader, name)) return inside(out, name, compare(from, *more));
    if (is_false(*follow(from, 0))) return;
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

}  // namespace

SchemaReasons json_schema_reasons(const JsonTree& writer, const JsonTree& reader, NewSide side) {
  return Comparison(writer, reader, side).compare(writer, reader);
}

}  // namespace nutshell
