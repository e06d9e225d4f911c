#include <algorithm>

#include "sim/streams/engine.h"
#include "sim/streams/format.h"
#include "sim/streams/lexer.h"
#include "sim/streams/parser.h"

namespace nutshell::streams {
namespace {

const std::vector<std::string>& known_properties() {
  static const std::vector<std::string> kNames = {
      "KAFKA_TOPIC",  "FORMAT",      "KEY_FORMAT",       "VALUE_FORMAT",        "PARTITIONS",      "REPLICAS",
      "RETENTION_MS", "TIMESTAMP",   "TIMESTAMP_FORMAT", "KEY_DELIMITER",       "VALUE_DELIMITER", "WRAP_SINGLE_VALUE",
      "WINDOW_TYPE",  "WINDOW_SIZE", "QUERY_ID",         "SOURCED_BY_CONNECTOR", "KEY_SCHEMA_ID", "VALUE_SCHEMA_ID",
      "KEY_SCHEMA_FULL_NAME", "VALUE_SCHEMA_FULL_NAME"};
  return kNames;
}

class Reader {
 public:
  Reader(const std::vector<Property>& properties, Complaint& complaint) : properties_(properties), complaint_(complaint) {}

  const Property* find(std::string_view name) const {
    for (const Property& p : properties_) {
      if (p.name == name) return &p;
    }
    return nullptr;
  }

  void check_names() {
    for (std::size_t i = 0; i < properties_.size(); ++i) {
      const Property& p = properties_[i];
      const auto& known = known_properties();
      if (std::find(known.begin(), known.end(), p.name) == known.end()) {
        complaint_.say("E16", p.at,
                       "WITH knows no property " + p.name.substr(0, 80) + "." + did_you_mean(p.name, known) + " It knows " +
                           joined(known) + ".");
      }
      for (std::size_t j = 0; j < i; ++j) {
        if (properties_[j].name == p.name) complaint_.say("E16", p.at, p.name + " is given twice.");
      }
    }
  }

  std::string text(std::string_view name) {
    const Property* p = find(name);
    if (!p) return "";
    if (p->value.node != Node::text_literal) {
      complaint_.say("E16", p->value.at, p->name + " is a text; write it in single quotes.");
      return "";
    }
    return p->value.text;
  }

  std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least) {
    const Property* p = find(name);
    if (!p) return otherwise;
    const bool digits = p->value.node == Node::whole_literal || p->value.node == Node::text_literal;
    const auto value = digits ? parse_whole(p->value.text) : std::nullopt;
    if (!value || *value < least || *value > 1'000'000'000'000'000) {
      complaint_.say("E16", p->value.at, p->name + " is a whole number of at least " + std::to_string(least) + ".");
      return otherwise;
    }
    return *value;
  }

  FormatKind format(std::string_view name) {
    const Property* p = find(name);
    const std::string word = upper(text(name));
    std::vector<std::string> known;
    for (const FormatKind kind : kFormatKinds) {
      if (word == format_name(kind)) return kind;
      known.emplace_back(format_name(kind));
    }
    if (!complaint_.any()) {
      complaint_.say("E16", p->value.at,
                     "There is no format '" + word.substr(0, 40) + "' here." + did_you_mean(word, known) + " Formats are " +
                         joined(known) + ".");
    }
    return FormatKind::json;
  }

  char delimiter(std::string_view name, const Format& format) {
    const Property* p = find(name);
    if (!p) return ',';
    const std::string word = text(name);
    if (format.kind != FormatKind::delimited) complaint_.say("E16", p->at, p->name + " is for the format DELIMITED only.");
    if (upper(word) == "SPACE") return ' ';
    if (upper(word) == "TAB") return '\t';
    if (word.size() == 1 && word != " ") return word[0];
    complaint_.say("E16", p->value.at, p->name + " is one character, or SPACE or TAB.");
    return ',';
  }

 private:
  const std::vector<Property>& properties_;
  Complaint& complaint_;
};

void read_formats(Reader& reader, Properties& result, Complaint& complaint) {
  const Property* both = reader.find("FORMAT");
  for (const char* name : {"KEY_FORMAT", "VALUE_FORMAT"}) {
    const Property* one = reader.find(name);
    if (both && one)
      complaint.say(
          "E16", one->at,
          std::string("FORMAT stands for both formats, so leave out ") + name + ", or write KEY_FORMAT and VALUE_FORMAT.");
  }
  result.key_format = both || reader.find("KEY_FORMAT");
  result.value_format = both || reader.find("VALUE_FORMAT");
  if (result.key_format) result.source.key_format.kind = reader.format(both ? "FORMAT" : "KEY_FORMAT");
  if (result.value_format) result.source.value_format.kind = reader.format(both ? "FORMAT" : "VALUE_FORMAT");
  result.source.key_format.delimiter = reader.delimiter("KEY_DELIMITER", result.source.key_format);
  if (reader.find("VALUE_DELIMITER"))
    result.source.value_format.delimiter = reader.delimiter(
        "VALUE_DELIMITER", result.value_format ? result.source.value_format : Format{FormatKind::delimited, ',', true});
  if (const Property* wrap = reader.find("WRAP_SINGLE_VALUE")) {
    result.wrap = true;
    const std::string word = upper(wrap->value.text);
    result.source.value_format.wrapped = word != "FALSE";
    if (word != "FALSE" && word != "TRUE") complaint.say("E16", wrap->value.at, "WRAP_SINGLE_VALUE is true or false.");
  }
}

void read_window(Reader& reader, Properties& result, Complaint& complaint) {
  const Property* type = reader.find("WINDOW_TYPE");
  const Property* size = reader.find("WINDOW_SIZE");
  if (!type && size) complaint.say("E16", size->at, "WINDOW_SIZE goes with WINDOW_TYPE, which is missing.");
  if (!type || complaint.any()) return;
  const std::string word = upper(reader.text("WINDOW_TYPE"));
  Source& source = result.source;
  source.window = word == "TUMBLING"  ? WindowKind::tumbling
                  : word == "HOPPING" ? WindowKind::hopping
                  : word == "SESSION" ? WindowKind::session
                                      : WindowKind::none;
  if (source.window == WindowKind::none) complaint.say("E16", type->value.at, "WINDOW_TYPE is TUMBLING, HOPPING or SESSION.");
  if (source.window == WindowKind::session && size)
    complaint.say("E16", size->at, "The windows of sessions differ in length; leave WINDOW_SIZE out.");
  if (source.window == WindowKind::session || source.window == WindowKind::none) return;
  if (!size) {
    complaint.say("E16", type->at, "A " + word + " window has a size; add WINDOW_SIZE='1 MINUTE'.");
    return;
  }
  // "30 SECONDS", as the clause of a query writes it.
  Complaint inner;
  std::map<std::string, std::string> none;
  const std::vector<Statement> probe =
      parse_script("SELECT A FROM B WINDOW SESSION (" + reader.text("WINDOW_SIZE") + ");", none, inner);
  const bool fine =
      !inner.any() && probe.size() == 1 && probe[0].select && probe[0].select->window && !probe[0].select->window->grace;
  if (!fine) complaint.say("E16", size->value.at, "WINDOW_SIZE is a number and a unit, as '30 SECONDS'.");
  else source.window_size = probe[0].select->window->size;
}

}  // namespace

Properties read_properties(const std::vector<Property>& properties, bool create, Complaint& complaint) {
  Properties result;
  Reader reader(properties, complaint);
  reader.check_names();
  Source& source = result.source;
  source.key_format.kind = FormatKind::kafka;
  result.topic = reader.find("KAFKA_TOPIC") != nullptr;
  source.topic = reader.text("KAFKA_TOPIC");
  if (result.topic && source.topic.empty())
    complaint.say("E16", reader.find("KAFKA_TOPIC")->at, "KAFKA_TOPIC must not be empty.");
  result.partitions = reader.find("PARTITIONS") != nullptr;
  source.partitions = static_cast<int>(std::min<std::int64_t>(reader.number("PARTITIONS", 1, 1), 100'000));
  reader.number("REPLICAS", 1, -1);
  source.retention_ms = reader.number("RETENTION_MS", -1, -1);
  if (complaint.any()) return result;
  read_formats(reader, result, complaint);
  if (complaint.any()) return result;
  if (create) read_window(reader, result, complaint);
  if (!create && (reader.find("WINDOW_TYPE") || reader.find("WINDOW_SIZE"))) {
    complaint.say("E16", reader.find("WINDOW_TYPE") ? reader.find("WINDOW_TYPE")->at : reader.find("WINDOW_SIZE")->at,
                  "The windows of a result come from its query; leave WINDOW_TYPE and WINDOW_SIZE out.");
  }
  for (GivenSchema* each : {&source.key_schema, &source.value_schema}) {
    const std::string side = each == &source.key_schema ? "KEY" : "VALUE";
    const std::int64_t id = reader.number(side + "_SCHEMA_ID", 0, 1);
    each->id = static_cast<std::int32_t>(std::min<std::int64_t>(id, 2'147'483'647));
    each->full_name = reader.text(side + "_SCHEMA_FULL_NAME");
  }
  if (const Property* stamp = reader.find("TIMESTAMP")) {
    result.stamp_at = stamp->value.at;
    const std::string name = reader.text("TIMESTAMP");
    // The name of a column within text: folded unless quoted.
    Complaint unread;
    const std::vector<Token> tokens = lex(name, unread);
    const bool one = !unread.any() && tokens.size() == 2;
    source.timestamp_column = !one ? upper(name) : tokens[0].kind == TokenKind::quoted ? tokens[0].text : upper(tokens[0].text);
  }
  source.timestamp_format = reader.text("TIMESTAMP_FORMAT");
  return result;
}

}  // namespace nutshell::streams
