#include "sim/schema/avro.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "sim/schema/avro_value.h"

namespace nutshell {
namespace {

constexpr std::string_view kWords[] = {"null",   "boolean", "int",  "long",  "float", "double", "bytes",
                                       "string", "record",  "enum", "array", "map",   "union",  "fixed"};
constexpr std::size_t kMaxTypes = 4'000, kMaxFields = 2'000, kMaxBranches = 300;
constexpr std::int64_t kMaxFixed = 1 << 20;
constexpr std::string_view kTypeHelp = "null, boolean, int, long, float, double, bytes, string, record, enum, array, map, fixed";

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto more = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), more);
}

// Names with dots between them.
bool is_full_name(std::string_view name) {
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    if (!is_name(name.substr(0, dot))) return false;
    name.remove_prefix(dot + 1);
  }
  return is_name(name);
}

std::string_view space_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

class AvroReader {
 public:
  AvroResult read(const JsonTree& tree) {
    AvroResult result;
    schema_.root = type(tree, "", "the schema");
    if (problem_.empty()) check_defaults();
    if (problem_.empty()) result.schema = std::move(schema_);
    result.problem = std::move(problem_);
    result.number = wrong_;
    return result;
  }

 private:
  // Reports the first thing that is wrong, and gives something to go on with.
  std::size_t wrong(const std::string& where, const std::string& what) {
    if (problem_.empty()) {
      problem_ = where + ": " + what;
      wrong_ = at_;
    }
    return 0;
  }

  std::size_t add(AvroType made, const std::string& where) {
    if (schema_.types.size() >= kMaxTypes) return wrong(where, "more than 4,000 types in one schema; split it");
    schema_.types.push_back(std::move(made));
    return schema_.types.size() - 1;
  }

  std::size_t type(const JsonTree& tree, const std::string& space, const std::string& where) {
    if (!problem_.empty()) return 0;
    at_ = tree.number;
    if (tree.is(JsonTree::Kind::text)) return named(tree.text, space, where);
    if (tree.is(JsonTree::Kind::list)) return one_of(tree, space, where);
    if (!tree.is(JsonTree::Kind::object))
      return wrong(where, "a type is a name, a list or an object, but this is " + std::string(json_kind_name(tree.kind)));
    const JsonTree* kind = tree.find("type");
    if (!kind) return wrong(where, "it has no \"type\"; it is one of " + std::string(kTypeHelp));
    if (!kind->is(JsonTree::Kind::text)) return type(*kind, space, where);
    if (kind->text == "record" || kind->text == "error") return record(tree, space, where);
    if (kind->text == "enum") return enumeration(tree, space, where);
    if (kind->text == "fixed") return fixed(tree, space, where);
    if (kind->text == "array") return container(tree, AvroKind::array, "items", space, where);
    if (kind->text == "map") return container(tree, AvroKind::map, "values", space, where);
    return annotated(tree, named(kind->text, space, where), where);
  }

  // A logical type is the type below it, which has its name for those who look closer.
  std::size_t annotated(const JsonTree& tree, std::size_t below, const std::string& where) {
    const JsonTree* logical = tree.find("logicalType");
    if (!logical || !logical->is(JsonTree::Kind::text) || !problem_.empty()) return below;
    AvroType made = schema_.at(below);
    made.logical = logical->text;
    const auto digits = [&tree](const char* key) {
      const JsonTree* found = tree.find(key);
      return found && found->whole && found->integer >= 0 && found->integer <= 38 ? static_cast<std::int32_t>(found->integer) : 0;
    };
    made.precision = digits("precision");
    made.scale = digits("scale");
    return made.name.empty() ? add(std::move(made), where) : below;
  }

  std::size_t named(const std::string& name, const std::string& space, const std::string& where) {
    for (std::size_t i = 0; i <= static_cast<std::size_t>(AvroKind::text); ++i) {
      if (name != kWords[i]) continue;
      const auto kind = static_cast<AvroKind>(i);
      if (const auto known = plain_.find(kind); known != plain_.end()) return known->second;
      AvroType made;
      made.kind = kind;
      return plain_[kind] = add(std::move(made), where);
    }
    if (name.find('.') == std::string::npos && !space.empty()) {
      if (const auto known = names_.find(space + "." + name); known != names_.end()) return known->second;
    }
    if (const auto known = names_.find(name); known != names_.end()) return known->second;
    return wrong(where, "there is no type '" + name + "'; define it before it is used, or write one of " + std::string(kTypeHelp));
  }

  std::size_t one_of(const JsonTree& tree, const std::string& space, const std::string& where) {
    AvroType made;
    made.kind = AvroKind::one_of;
    if (tree.items.size() > kMaxBranches) return wrong(where, "more than 300 types in one union; split it");
    std::set<std::string> known;
    for (const JsonTree& each : tree.items) {
      const std::size_t branch = type(each, space, where);
      if (!problem_.empty()) return 0;
      const AvroType& there = schema_.at(branch);
      if (there.kind == AvroKind::one_of) return wrong(where, "a union stands directly in a union; put its types into the outer one");
      const std::string name = there.name.empty() ? std::string(avro_word(there.kind)) : there.name;
      if (!known.insert(name).second) return wrong(where, "the union has '" + name + "' twice; keep one");
      made.branches.push_back(branch);
    }
    if (made.branches.empty()) return wrong(where, "the union is empty, so no value fits; name its types");
    return add(std::move(made), where);
  }

  std::size_t container(const JsonTree& tree, AvroKind kind, const char* key, const std::string& space, const std::string& where) {
    const JsonTree* element = tree.find(key);
    if (!element)
      return wrong(where,
                   std::string("the ") + std::string(avro_word(kind)) + " has no \"" + key + "\"; name the type of what it holds");
    AvroType made;
    made.kind = kind;
    made.element = type(*element, space, where + (kind == AvroKind::array ? "[]" : "{}"));
    return add(std::move(made), where);
  }

  // Its place among the types is taken before its parts are read, because they may name it. False, reported: it has no name.
  bool begin(const JsonTree& tree, AvroKind kind, const std::string& space, const std::string& where, std::size_t& index) {
    const JsonTree* name = tree.find("name");
    if (!name || !name->is(JsonTree::Kind::text) || !is_full_name(name->text)) {
      wrong(where, "the " + std::string(avro_word(kind)) + " needs a \"name\" of letters, digits and _, such as \"Order\"");
      return false;
    }
    AvroType made;
    made.kind = kind;
    const JsonTree* own = tree.find("namespace");
    const std::string inside = own && own->is(JsonTree::Kind::text) ? own->text : space;
    const auto full = [&](const std::string& text, const std::string& in) {
      return text.find('.') != std::string::npos || in.empty() ? text : in + "." + text;
    };
    made.name = full(name->text, inside);
    for (const std::string& each : texts(tree, "aliases", where)) made.aliases.push_back(full(each, std::string(space_of(made.name))));
    if (names_.count(made.name) > 0) {
      wrong(where, "'" + made.name + "' is defined twice; define it once and name it the second time");
      return false;
    }
    const std::string as = made.name;
    index = add(std::move(made), where);
    names_[as] = index;
    return problem_.empty();
  }

  std::vector<std::string> texts(const JsonTree& tree, const char* key, const std::string& where) {
    std::vector<std::string> found;
    const JsonTree* list = tree.find(key);
    if (!list) return found;
    const auto is_text = [](const JsonTree& each) { return each.is(JsonTree::Kind::text); };
    if (!list->is(JsonTree::Kind::list) || !std::all_of(list->items.begin(), list->items.end(), is_text)) {
      wrong(where, std::string("\"") + key + "\" is a list of texts");
      return found;
    }
    for (const JsonTree& each : list->items) found.push_back(each.text);
    return found;
  }

  std::size_t record(const JsonTree& tree, const std::string& space, const std::string& where) {
    std::size_t index = 0;
    if (!begin(tree, AvroKind::record, space, where, index)) return 0;
    const JsonTree* fields = tree.find("fields");
    const std::string name = schema_.at(index).name;
    if (!fields || !fields->is(JsonTree::Kind::list)) return wrong(where, "the record '" + name + "' needs \"fields\", a list");
    if (fields->items.size() > kMaxFields) return wrong(where, "more than 2,000 fields in one record; split it");
    const std::string inside(space_of(name)), base(bare_avro_name(name));
    std::set<std::string> known;
    for (const JsonTree& each : fields->items) {
      AvroField made;
      at_ = each.number;
      const JsonTree* own = each.find("name");
      if (!own || !own->is(JsonTree::Kind::text) || !is_name(own->text))
        return wrong(base, "each field needs a \"name\" of letters, digits and _");
      made.name = own->text;
      const std::string place = base + "." + made.name;
      if (!known.insert(made.name).second) return wrong(place, "the field stands there twice; remove one");
      const JsonTree* kind = each.find("type");
      if (!kind) return wrong(place, "the field has no \"type\"; it is one of " + std::string(kTypeHelp));
      made.aliases = texts(each, "aliases", place);
      made.type = type(*kind, inside, place);
      if (const JsonTree* fallback = each.find("default")) made.fallback = *fallback;
      if (!problem_.empty()) return 0;
      schema_.types[index].fields.push_back(std::move(made));
    }
    return index;
  }

  std::size_t enumeration(const JsonTree& tree, const std::string& space, const std::string& where) {
    std::size_t index = 0;
    if (!begin(tree, AvroKind::enumeration, space, where, index)) return 0;
    AvroType& made = schema_.types[index];
    made.symbols = texts(tree, "symbols", where);
    if (made.symbols.empty()) return wrong(where, "the enum '" + made.name + "' needs \"symbols\", a list of names");
    std::set<std::string> known;
    for (const std::string& each : made.symbols) {
      if (!is_name(each)) return wrong(where, "'" + each + "' is no symbol; it has letters, digits and _ only");
      if (!known.insert(each).second) return wrong(where, "the symbol '" + each + "' stands there twice; remove one");
    }
    const JsonTree* fallback = tree.find("default");
    if (!fallback) return index;
    if (!fallback->is(JsonTree::Kind::text) || known.count(fallback->text) == 0)
      return wrong(where, "the default of the enum '" + made.name + "' is none of its symbols; name one of them");
    made.fallback = fallback->text;
    return index;
  }

  std::size_t fixed(const JsonTree& tree, const std::string& space, const std::string& where) {
    std::size_t index = 0;
    if (!begin(tree, AvroKind::fixed, space, where, index)) return 0;
    const JsonTree* size = tree.find("size");
    if (!size || !size->whole || size->integer < 0 || size->integer > kMaxFixed)
      return wrong(where, "the fixed '" + schema_.at(index).name + "' needs a \"size\" from 0 to a megabyte, in bytes");
    schema_.types[index].size = size->integer;
    return index;
  }

  void check_defaults() {
    for (std::size_t i = 0; i < schema_.types.size(); ++i) {
      for (const AvroField& field : schema_.at(i).fields) {
        if (!field.fallback || !problem_.empty()) continue;
        at_ = field.fallback->number;
        const AvroValueResult made = avro_from_json(schema_, field.type, *field.fallback);
        if (!made.value)
          wrong(std::string(bare_avro_name(schema_.at(i).name)) + "." + field.name,
                "its default " + compact_json(*field.fallback).substr(0, 60) + " is no " + avro_name(schema_, field.type) + ": " +
                    made.problem);
      }
    }
  }

  AvroSchema schema_;
  std::string problem_;
  std::int32_t at_ = 0, wrong_ = 0;  // the value that is looked at, and that with the problem
  std::map<std::string, std::size_t> names_;
  std::map<AvroKind, std::size_t> plain_;
};

}  // namespace

std::string_view avro_word(AvroKind kind) { return kWords[static_cast<std::size_t>(kind)]; }

std::string_view bare_avro_name(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::string avro_name(const AvroSchema& schema, std::size_t type) {
  const AvroType& it = schema.at(type);
  std::string name(avro_word(it.kind));
  if (!it.name.empty()) return name + " " + std::string(bare_avro_name(it.name));
  if (it.kind != AvroKind::one_of) return name;
  name += '(';
  for (const std::size_t branch : it.branches) name += (name.back() == '(' ? "" : ", ") + avro_name(schema, branch);
  return name + ")";
}

AvroResult read_avro(std::string_view text) {
  JsonTreeResult json = parse_json_tree(text);
  if (!json.tree) return {std::nullopt, std::move(json.problem), 0};
  return AvroReader().read(*json.tree);
}

}  // namespace nutshell
