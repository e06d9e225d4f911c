#include "sim/schema/protobuf.h"

#include <algorithm>
#include <set>
#include <utility>

#include "sim/core/text.h"

namespace nutshell {
namespace {

constexpr int kMaxNesting = 32;
constexpr std::size_t kMaxProtoFields = 5'000;
constexpr std::size_t kMaxText = 1 << 20;

struct Token {
  std::string_view text;
  std::size_t line = 1;
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

// Words, texts in quotes, and single signs; comments are left out.
std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t line = 1;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t from = i;
    if (text[i] == '\n') ++line;
    if (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
      ++i;
      continue;
    }
    if (text.substr(i, 2) == "//") {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (text.substr(i, 2) == "/*") {
      i = std::min(text.find("*/", i + 2), text.size() - 2) + 2;
      line += static_cast<std::size_t>(
          std::count(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(i), '\n'));
      continue;
    }
    if (text[i] == '"' || text[i] == '\'') {
      for (++i; i < text.size() && text[i] != text[from]; ++i) i += text[i] == '\\';
      i = std::min(i + 1, text.size());
    } else if (is_word(text[i])) {
      while (i < text.size() && is_word(text[i])) ++i;
    } else {
      ++i;
    }
    tokens.push_back({text.substr(from, i - from), line});
  }
  return tokens;
}

class ProtoReader {
 public:
  explicit ProtoReader(std::string_view text) : tokens_(tokens_of(text)) {}

  ProtoResult read() {
    std::int32_t messages = 0;
    while (problem_.empty() && at_ < tokens_.size()) {
      const std::string_view word = take();
      if (word == "package") file_.package = std::string(take()), expect(";");
      else if (word == "import") import();
      else if (word == "message") message("", messages++, 0);
      else if (word == "enum") enumeration("");
      else if (word == "service" || word == "extend") take(), pass_over();
      else if (word == "syntax" || word == "edition" || word == "option") statement();
      else if (word != ";")
        wrong("'" + std::string(word) + "' is no part of a .proto file; write message, enum, package, import or option");
    }
    if (problem_.empty() && file_.first.empty()) problem_ = "there is no message in it; a record needs one";
    if (!problem_.empty()) return {std::nullopt, std::move(problem_)};
    return {std::move(file_), ""};
  }

 private:
  void wrong(const std::string& what) {
    if (!problem_.empty()) return;
    const std::size_t line = tokens_.empty() ? 1 : tokens_[std::min(at_ > 0 ? at_ - 1 : 0, tokens_.size() - 1)].line;
    problem_ = "line " + std::to_string(line) + ": " + what;
  }
  std::string_view take() {
    if (at_ == tokens_.size()) {
      wrong("the file ends within a definition; close it with '}' or ';'");
      return "";
    }
    return tokens_[at_++].text;
  }
  std::string_view next() const { return at_ < tokens_.size() ? tokens_[at_].text : std::string_view(); }
  void expect(std::string_view sign) {
    const std::string_view found = take();
    if (found != sign) wrong("'" + std::string(sign) + "' is wanted before '" + std::string(found) + "'");
  }
  // To its ";", with what it has in braces.
  void statement() {
    int open = 0;
    while (problem_.empty()) {
      const std::string_view word = take();
      open += word == "{" ? 1 : word == "}" ? -1 : 0;
      if (word == ";" && open <= 0) return;
    }
  }
  // What stands in braces.
  void pass_over() {
    expect("{");
    for (int open = 1; open > 0 && problem_.empty();) {
      const std::string_view word = take();
      open += word == "{" ? 1 : word == "}" ? -1 : 0;
    }
  }
  void import() {
    std::string_view path = take();
    if (path == "public" || path == "weak") path = take();
    if (path.size() < 2 || (path.front() != '"' && path.front() != '\'')) return wrong("an import is a path in quotes");
    file_.imports.emplace_back(path.substr(1, path.size() - 2));
    expect(";");
  }

  // Behind "@": the package that an imported definition is of; what it is called here, with the package where that is another.
  std::string imported_name(std::string& home) {
    take();
    home = std::string(take());
    if (home == "@") home.clear();  // of none
    else expect("@");
    const std::string own = name("");
    return home.empty() || home == file_.package ? own : home + "." + own;
  }
  std::string name(std::string_view outer) {
    const std::string_view word = take();
    if (word.empty() || !is_word(word.front())) wrong("a name is wanted before '" + std::string(word) + "'");
    return (outer.empty() ? "" : std::string(outer) + ".") + std::string(word);
  }

  void enumeration(std::string_view outer) {
    std::string home;
    ProtoEnum& made = file_.enums[next() == "@" ? imported_name(home) : name(outer)];
    expect("{");
    while (problem_.empty()) {
      const std::string_view word = take();
      if (word == "}") return;
      if (word == ";") continue;
      if (next() == "=") {
        take();
        const std::optional<std::int64_t> number = parse_integer(take());
        if (number && *number >= INT32_MIN && *number <= INT32_MAX) made.emplace_back(word, static_cast<std::int32_t>(*number));
      }
      statement();
    }
  }

  void message(std::string_view outer, std::int32_t index, int depth) {
    if (depth > kMaxNesting) return wrong("messages are nested more than 32 deep; nest them less");
    ProtoMessage fresh;
    if (next() == "@") fresh.imported = true;
    const std::string full = fresh.imported ? imported_name(fresh.home) : name(outer);
    if (file_.messages.count(full) > 0) return wrong("the message '" + full + "' is defined twice; remove one");
    if (file_.first.empty()) file_.first = full;
    if (const auto around = file_.messages.find(std::string(outer)); around != file_.messages.end())
      fresh.home = around->second.home, fresh.imported = around->second.imported;
    fresh.index = index;
    ProtoMessage& made = file_.messages[full] = std::move(fresh);  // stays where it is while others are added
    expect("{");
    std::int32_t inner = 0;
    while (problem_.empty()) {
      const std::string_view word = next();
      if (word == "}") {
        take();
        return;
      }
      if (word == "message") take(), message(full, inner++, depth + 1);
      else if (word == "enum") take(), enumeration(full);
      else if (word == "oneof") take(), one_of(made);
      else if (word == "extend") take(), take(), pass_over();
      else if (word == "option" || word == "reserved" || word == "extensions") statement();
      else if (word == ";") take();
      else field(made, "");
    }
  }

  void one_of(ProtoMessage& into) {
    const std::string own = name("");
    expect("{");
    while (problem_.empty()) {
      if (next() == "}") {
        take();
        return;
      }
      if (next() == "option") statement();
      else field(into, own);
    }
  }

  void field(ProtoMessage& into, const std::string& one_of) {
    ProtoField made;
    made.one_of = one_of;
    std::string_view word = take();
    if (word == "optional" || word == "required" || word == "repeated") {
      made.optional = word == "optional";
      if (!made.optional) made.label = word == "required" ? ProtoField::Label::required : ProtoField::Label::repeated;
      word = take();
    }
    if (word == "map" && next() == "<") {
      take();
      made.key_type = std::string(take());
      expect(",");
      word = take();
      expect(">");
    }
    made.type = std::string(word);
    if (made.type == "group") return wrong("groups are not read; write a message and a field of it");
    if (into.fields.size() >= kMaxProtoFields) return wrong("more than 5,000 fields in one message; split it");
    if (made.type.empty() || !is_word(made.type.front()))
      return wrong("a field is a type, a name and a number, as in 'string id = 1;'");
    made.name = name("");
    expect("=");
    const std::optional<std::int64_t> number = parse_integer(take());
    if (!number || *number < 1 || *number > (1 << 29) - 1)
      return wrong("the field '" + made.name + "' needs a number from 1 to 536870911");
    made.number = static_cast<std::int32_t>(*number);
    for (const ProtoField& each : into.fields) {
      if (each.number == made.number)
        return wrong("the number " + std::to_string(made.number) + " is used by '" + each.name + "' and '" + made.name +
                     "'; give each its own");
    }
    params(made.params);
    into.fields.push_back(std::move(made));
  }
  // Options, to the ";". Of `{ key: "precision", value: "4" }` what it says.
  void params(std::map<std::string, std::string>& into) {
    const auto text_behind = [this]() -> std::string {
      if (next() != ":") return "";
      take();
      const std::string_view word = take();
      return word.size() >= 2 && word.front() == '"' ? std::string(word.substr(1, word.size() - 2)) : "";
    };
    std::string key, value;
    int open = 0;
    while (problem_.empty()) {
      const std::string_view word = take();
      open += word == "{" ? 1 : word == "}" ? -1 : 0;
      if (word == "key") key = text_behind();
      else if (word == "value") value = text_behind();
      if (!key.empty() && !value.empty()) into[std::exchange(key, "")] = std::exchange(value, "");
      if (word == ";" && open <= 0) return;
    }
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  ProtoFile file_;
  std::string problem_;
};

// Types of one group are written alike, so that one may be read as the other.
enum class Group : std::uint8_t { number, zigzag, text, fixed32, fixed64, float32, float64, message };

Group group_of(const std::string& type, bool is_enum) {
  static const std::map<std::string_view, Group> kGroups = {
      {"int32", Group::number},     {"int64", Group::number},    {"uint32", Group::number},    {"uint64", Group::number},
      {"bool", Group::number},      {"sint32", Group::zigzag},   {"sint64", Group::zigzag},    {"string", Group::text},
      {"bytes", Group::text},       {"fixed32", Group::fixed32}, {"sfixed32", Group::fixed32}, {"fixed64", Group::fixed64},
      {"sfixed64", Group::fixed64}, {"float", Group::float32},   {"double", Group::float64}};
  if (is_enum) return Group::number;
  const auto found = kGroups.find(type);
  return found == kGroups.end() ? Group::message : found->second;
}

class ProtoComparison {
 public:
  ProtoComparison(const ProtoFile& writer, const ProtoFile& reader, NewSide side)
      : writer_(writer), reader_(reader), new_reads_(side == NewSide::reader) {}

  SchemaReasons compare() {
    if (writer_.package != reader_.package)
      add("package", "the writer's package is '" + writer_.package + "', the reader's '" + reader_.package + "'", "keep the package");
    for (const auto& [name, message] : writer_.messages) {
      if (message.imported) continue;  // only as far as fields are of it
      const auto other = reader_.messages.find(name);
      if (other == reader_.messages.end() || other->second.imported)
        add(name, "the reader has no message '" + name + "', which the writer may write",
            new_reads_ ? "keep it; a new one needs another name"
                       : "readers first: a new message is refused by FORWARD, so most use BACKWARD");
      else compare(name, message, other->second, name);
    }
    return std::move(reasons_);
  }

 private:
  void add(std::string where, std::string what, std::string remedy) {
    reasons_.push_back({std::move(where), std::move(what), std::move(remedy)});
  }

  // What a type is called in its own package.
  static std::string local(const ProtoFile& file, const std::string& name) {
    const auto found = file.messages.find(name);
    if (found == file.messages.end()) return name;
    const std::string& home = found->second.home;
    return !home.empty() && name.rfind(home + ".", 0) == 0 ? name.substr(home.size() + 1) : name;
  }

  // `other_name`: what the reader calls the message.
  void compare(const std::string& name, const ProtoMessage& writer, const ProtoMessage& reader, const std::string& other_name) {
    one_ofs(name, writer, reader);
    const auto numbered = [](const ProtoMessage& message, std::int32_t number) -> const ProtoField* {
      for (const ProtoField& each : message.fields) {
        if (each.number == number) return &each;
      }
      return nullptr;
    };
    for (const ProtoField& field : writer.fields) {
      const ProtoField* other = numbered(reader, field.number);
      if (other) types(name, other_name, field, *other);
      else if (!field.one_of.empty()) gone_from_one_of(name, field, writer, reader);
      else if (field.label == ProtoField::Label::required)
        add(name + "." + field.name, "the writer's required field has gone", "a required field stays for ever");
    }
    for (const ProtoField& field : reader.fields) {
      if (!numbered(writer, field.number) && field.label == ProtoField::Label::required)
        add(name + "." + field.name, "the reader requires it, the writer does not write it", "make it optional");
    }
  }

  void types(const std::string& message, const std::string& other_message, const ProtoField& writer, const ProtoField& reader) {
    const std::string place = message + "." + reader.name + " (number " + std::to_string(reader.number) + ")";
    if (writer.key_type.empty() != reader.key_type.empty())
      return add(place, "one of the two is a map", "keep the type; a new field gets a number of its own");
    if (!writer.key_type.empty()) scalar(message, other_message, place, writer.key_type, reader.key_type, "key ");
    const Group group = scalar(message, other_message, place, writer.type, reader.type, "");
    const bool numbers = group != Group::text && group != Group::message;
    if (numbers && writer.labelled() && reader.labelled() && writer.label != reader.label &&
        writer.label != ProtoField::Label::repeated && reader.label != ProtoField::Label::repeated)
      add(place, "one of the two is required, the other optional", "keep the label of a number");
    const bool repeated = writer.label == ProtoField::Label::repeated;
    if (repeated != (reader.label == ProtoField::Label::repeated) && numbers)
      add(place, std::string("the writer's is ") + (repeated ? "repeated, the reader's single" : "single, the reader's repeated"),
          "numbers may be packed, so their label stays; a new field gets a number of its own");
  }

  Group scalar(const std::string& message, const std::string& other_message, const std::string& place, const std::string& writer,
               const std::string& reader, const char* which) {
    const std::string from = proto_type_name(writer_, message, writer), to = proto_type_name(reader_, other_message, reader);
    const Group own = group_of(writer, writer_.enums.count(from) > 0), other = group_of(reader, reader_.enums.count(to) > 0);
    if (own != other)
      add(place, std::string(which) + "the writer writes " + writer + ", which is not written as " + reader + " is",
          "keep the type; a new field gets a number of its own");
    else if (own == Group::message && local(writer_, from) == local(reader_, to)) imported(place, from, to);
    else if (own == Group::message)
      add(place, std::string(which) + "the writer writes the message " + from + ", the reader takes " + to, "keep the message's type");
    return own;
  }

  // Of a message that only one of the two files defines itself, or that both import, what it holds is looked at here.
  void imported(const std::string& place, const std::string& from, const std::string& to) {
    const auto had = writer_.messages.find(from), has = reader_.messages.find(to);
    if (had == writer_.messages.end() || has == reader_.messages.end()) return;
    if ((!had->second.imported && !has->second.imported) || !compared_.emplace(from, to).second) return;
    ProtoComparison inside(writer_, reader_, new_reads_ ? NewSide::reader : NewSide::writer);
    inside.compared_ = compared_;
    inside.compare(from, had->second, has->second, to);
    for (const SchemaReason& each : inside.reasons_) add(place + " in " + each.where, each.what, each.remedy);
  }

  // Fields of the reader's oneof that could be set together: they were alone, or of different oneofs.
  void one_ofs(const std::string& name, const ProtoMessage& writer, const ProtoMessage& reader) {
    std::map<std::string, std::set<std::string>> origins;  // by oneof: where its fields were
    for (const ProtoField& each : reader.fields) {
      if (each.one_of.empty()) continue;
      for (const ProtoField& own : writer.fields)
        if (own.number == each.number)
          origins[each.one_of].insert(own.one_of.empty() ? "field " + std::to_string(own.number) : "oneof " + own.one_of);
    }
    for (const auto& [one_of, from] : origins)
      if (from.size() > 1)
        add(name + "." + one_of, "fields that could be set together stand in one oneof, which keeps the last only",
            "leave them outside; one field alone may move into a new oneof");
  }

  // Unless the whole oneof has gone.
  void gone_from_one_of(const std::string& name, const ProtoField& field, const ProtoMessage& writer, const ProtoMessage& reader) {
    const auto named = [&](const ProtoField& each) { return each.one_of == field.one_of; };
    bool stays = std::any_of(reader.fields.begin(), reader.fields.end(), named);
    for (const ProtoField& own : writer.fields)
      for (const ProtoField& each : reader.fields) stays = stays || (named(own) && own.number == each.number);
    if (stays)
      add(name + "." + field.one_of + "." + field.name, "the writer may set it, and the reader's oneof has it no more",
          "keep the fields of a oneof");
  }

  const ProtoFile& writer_;
  const ProtoFile& reader_;
  bool new_reads_;
  std::set<std::pair<std::string, std::string>> compared_;  // imported messages, each pair once
  SchemaReasons reasons_;
};

}  // namespace

ProtoResult read_protobuf(std::string_view text) {
  if (text.size() > kMaxText) return {std::nullopt, "it is longer than a megabyte; no sensible file of this kind is"};
  return ProtoReader(text).read();
}

std::string proto_type_name(const ProtoFile& file, std::string scope, std::string type) {
  const auto known = [&file](const std::string& name) { return file.messages.count(name) > 0 || file.enums.count(name) > 0; };
  if (!type.empty() && type.front() == '.') type.erase(0, 1), scope.clear();
  if (!file.package.empty() && type.rfind(file.package + ".", 0) == 0) type.erase(0, file.package.size() + 1);
  for (std::string package = file.package;;) {
    const std::string name = scope.empty() ? type : scope + "." + type;
    if (known(name)) return name;
    if (!scope.empty()) {
      const std::size_t dot = scope.rfind('.');
      scope.erase(dot == std::string::npos ? 0 : dot);
      continue;
    }
    if (package.empty()) return type;
    if (known(package + "." + type)) return package + "." + type;
    const std::size_t dot = package.rfind('.');
    package.erase(dot == std::string::npos ? 0 : dot);
  }
}

std::string proto_message_at(const ProtoFile& file, const std::vector<std::int32_t>& indices) {
  std::string outer;
  for (const std::int32_t index : indices) {
    const auto is_it = [&](const auto& each) {
      const std::size_t dot = each.first.rfind('.');
      return !each.second.imported && each.second.index == index && (dot == std::string::npos ? "" : each.first.substr(0, dot)) == outer;
    };
    const auto found = std::find_if(file.messages.begin(), file.messages.end(), is_it);
    if (found == file.messages.end()) return "";
    outer = found->first;
  }
  return outer;
}

std::vector<std::int32_t> proto_indices_of(const ProtoFile& file, const std::string& message) {
  std::vector<std::int32_t> indices;
  for (std::string name = message; !name.empty();) {
    indices.insert(indices.begin(), file.messages.at(name).index);
    const std::size_t dot = name.rfind('.');
    name.erase(dot == std::string::npos ? 0 : dot);
  }
  return indices;
}

std::vector<std::string_view> protobuf_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (const Token& each : tokens_of(text)) words.push_back(each.text);
  return words;
}

SchemaReasons protobuf_reasons(const ProtoFile& writer, const ProtoFile& reader, NewSide side) {
  return ProtoComparison(writer, reader, side).compare();
}

}  // namespace nutshell
