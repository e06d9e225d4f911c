#include "sim/schema/reference.h"

#include <algorithm>
#include <map>
#include <set>

#include "sim/json/json_tree.h"
#include "sim/schema/protobuf.h"

namespace nutshell {
namespace {

using Named = std::map<std::string, std::string_view>;

JsonTree text_tree(std::string_view text) {
  JsonTree tree;
  tree.kind = JsonTree::Kind::text;
  tree.text = text;
  return tree;
}

// Avro: a type is defined where it is named first, as its own parser would have it.
class AvroWhole {
 public:
  explicit AvroWhole(const Named& named) : named_(named) {}

  JsonTree type(const JsonTree& tree, const std::string& space) {
    if (tree.is(JsonTree::Kind::text)) return name(tree, space);
    JsonTree whole = tree;
    if (tree.is(JsonTree::Kind::list)) {
      for (JsonTree& each : whole.items) each = type(each, space);
      return whole;
    }
    const JsonTree* kind = tree.find("type");
    if (!kind) return whole;
    const bool defines = kind->text == "record" || kind->text == "error" || kind->text == "enum" || kind->text == "fixed";
    const std::string inside = defines ? define(tree, space) : space;
    for (std::size_t i = 0; i < whole.keys.size(); ++i) {
      const std::string& key = whole.keys[i];
      if (key == "items" || key == "values" || (key == "type" && !defines)) whole.items[i] = type(tree.items[i], inside);
      if (key != "fields") continue;
      for (JsonTree& field : whole.items[i].items)
        for (std::size_t f = 0; f < field.keys.size(); ++f)
          if (field.keys[f] == "type") field.items[f] = type(JsonTree(field.items[f]), inside);
    }
    return whole;
  }

 private:
  // The namespace for what stands in it.
  std::string define(const JsonTree& tree, const std::string& space) {
    const JsonTree *own = tree.find("name"), *given = tree.find("namespace");
    const std::string name = own ? own->text : "", in = given ? given->text : space;
    const std::size_t dot = name.rfind('.');
    const std::string full = dot != std::string::npos || in.empty() ? name : in + "." + name;
    known_.insert(full);
    return full.find('.') == std::string::npos ? "" : full.substr(0, full.rfind('.'));
  }

  JsonTree name(const JsonTree& tree, const std::string& space) {
    for (const std::string& full : {space.empty() ? tree.text : space + "." + tree.text, tree.text}) {
      if (known_.count(full) > 0) return tree;
      const auto found = named_.find(full);
      if (found == named_.end()) continue;
      JsonTree put = type(*parse_json_tree(found->second).tree, "");
      // Within another namespace, what has none would be taken to be of that one.
      if (!put.find("namespace") && put.is(JsonTree::Kind::object)) {
        put.keys.push_back("namespace");
        put.items.push_back(text_tree(""));
      }
      return put;
    }
    return tree;
  }

  const Named& named_;
  std::set<std::string> known_;
};

// JSON Schema: each stands under "$defs", and references lead there.
class JsonWhole {
 public:
  explicit JsonWhole(const Named& named) : named_(named) {}

  JsonTree whole(JsonTree root) {
    lead(root, "#");
    if (places_.empty()) return root;
    std::size_t at = 0;
    while (at < root.keys.size() && root.keys[at] != "$defs") ++at;
    if (at == root.keys.size()) {
      root.keys.push_back("$defs");
      root.items.emplace_back().kind = JsonTree::Kind::object;
    }
    for (const std::string& each : order_) {
      root.items[at].keys.push_back(places_[each]);
      root.items[at].items.push_back(*made_[each]);
    }
    return root;
  }

 private:
  // `home`: where what stands in the same text begins.
  void lead(JsonTree& tree, const std::string& home) {
    for (std::size_t i = 0; i < tree.items.size(); ++i) {
      const bool reference = i < tree.keys.size() && tree.keys[i] == "$ref" && tree.items[i].is(JsonTree::Kind::text);
      if (reference) tree.items[i].text = target(tree.items[i].text, home);
      else lead(tree.items[i], home);
    }
  }

  std::string target(const std::string& to, const std::string& home) {
    if (to.starts_with('#')) return home + to.substr(1);
    const std::size_t sign = to.find('#');
    const std::string name = to.substr(0, sign), behind = sign == std::string::npos ? "" : to.substr(sign + 1);
    const auto found = named_.find(name);
    if (found == named_.end()) return to;
    const std::string place = "referred-" + std::to_string(places_.size() + 1);
    const auto [known, is_new] = places_.emplace(name, place);
    const std::string there = "#/$defs/" + known->second;
    if (is_new) {
      order_.push_back(name);
      JsonTree tree = *parse_json_tree(found->second).tree;
      lead(tree, there);
      made_[name] = std::move(tree);
    }
    return there + behind;
  }

  const Named& named_;
  std::map<std::string, std::string> places_;
  std::map<std::string, std::optional<JsonTree>> made_;
  std::vector<std::string> order_;
};

// Protobuf: the definitions of what is imported stand behind, each with its package (protobuf.h).
class ProtoWhole {
 public:
  explicit ProtoWhole(const Named& named) : named_(named) {}

  std::string whole(std::string_view text) {
    std::string made(text);
    add(text, made);
    return made;
  }

 private:
  void add(std::string_view text, std::string& to) {
    for (const std::string& path : names_elsewhere(SchemaFormat::protobuf, text)) {
      const auto found = named_.find(path);
      if (found == named_.end() || !known_.insert(path).second) continue;
      to += definitions(found->second);
      add(found->second, to);
    }
  }

  // Without its head, and with the package in front of the names on top.
  static std::string definitions(std::string_view text) {
    const std::vector<std::string_view> words = protobuf_words(text);
    std::string package, made;
    int open = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string_view word = words[i];
      if (open == 0 && (word == "syntax" || word == "edition" || word == "import" || word == "option" || word == "package")) {
        if (word == "package" && i + 1 < words.size()) package = words[i + 1];
        while (i < words.size() && words[i] != ";") ++i;
        continue;
      }
      open += word == "{" ? 1 : word == "}" ? -1 : 0;
      made.append(word) += ' ';
      if (open == 0 && (word == "message" || word == "enum")) made += "@ " + (package.empty() ? "@ " : package + " @ ");
    }
    return "\n" + made;
  }

  const Named& named_;
  std::set<std::string> known_;
};

void note_references(const JsonTree& tree, std::vector<std::string>& names) {
  for (std::size_t i = 0; i < tree.items.size(); ++i) {
    const bool reference = i < tree.keys.size() && tree.keys[i] == "$ref" && tree.items[i].is(JsonTree::Kind::text);
    if (!reference) note_references(tree.items[i], names);
    else if (!tree.items[i].text.starts_with('#')) names.push_back(tree.items[i].text.substr(0, tree.items[i].text.find('#')));
  }
}

}  // namespace

std::vector<std::string> names_elsewhere(SchemaFormat format, std::string_view text) {
  std::vector<std::string> names;
  if (format == SchemaFormat::json) {
    if (const JsonTreeResult json = parse_json_tree(text); json.tree) note_references(*json.tree, names);
  } else if (format == SchemaFormat::protobuf) {
    const ProtoResult read = read_protobuf(text);
    for (const std::string& each : read.file ? read.file->imports : std::vector<std::string>())
      // Those every registry has.
      if (!each.starts_with("google/") && !each.starts_with("confluent/")) names.push_back(each);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string with_references(SchemaFormat format, std::string_view text, const std::vector<NamedSchema>& named) {
  if (named.empty()) return std::string(text);
  Named by_name;
  for (const NamedSchema& each : named) by_name.emplace(each.name, each.text);
  if (format == SchemaFormat::protobuf) return ProtoWhole(by_name).whole(text);
  const JsonTreeResult json = parse_json_tree(text);
  if (!json.tree) return std::string(text);
  return compact_json(format == SchemaFormat::avro ? AvroWhole(by_name).type(*json.tree, "") : JsonWhole(by_name).whole(*json.tree));
}

}  // namespace nutshell
