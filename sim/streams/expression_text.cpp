#include "sim/streams/lexer.h"
#include "sim/streams/parser.h"

namespace nutshell::streams {

std::string quoted_name(std::string_view name) {
  bool plain = !name.empty() && !is_reserved(name);
  for (std::size_t i = 0; i < name.size() && plain; ++i) {
    const char c = name[i];
    plain = c == '_' || (c >= 'A' && c <= 'Z') || (i > 0 && ((c >= '0' && c <= '9') || c == '@'));
  }
  return plain ? std::string(name) : "`" + std::string(name) + "`";
}

namespace {

std::string list_text(const std::vector<Expression>& args, std::size_t from = 0) {
  std::string text;
  for (std::size_t i = from; i < args.size(); ++i) text += (i > from ? ", " : "") + expression_text(args[i]);
  return text;
}

std::string choice_text(const Expression& e) {
  std::string text = "(CASE";
  std::size_t i = 0;
  for (; i + 1 < e.args.size(); i += 2)
    text += " WHEN " + expression_text(e.args[i]) + " THEN " + expression_text(e.args[i + 1]);
  if (i < e.args.size()) text += " ELSE " + expression_text(e.args[i]);
  return text + " END)";
}

std::string constructor_text(const Expression& e) {
  if (e.node == Node::array) return "ARRAY[" + list_text(e.args) + "]";
  std::string text = e.node == Node::map ? "MAP(" : "STRUCT(";
  const std::size_t step = e.node == Node::map ? 2 : 1;
  for (std::size_t i = 0; i + step <= e.args.size(); i += step) {
    const std::string left = step == 2 ? expression_text(e.args[i]) : quoted_name(e.names[i]);
    text += (i > 0 ? ", " : "") + left + ":=" + expression_text(e.args[i + step - 1]);
  }
  return text + ")";
}

}  // namespace

std::string expression_text(const Expression& e) {
  const auto arg = [&e](std::size_t i) { return expression_text(e.args[i]); };
  const std::string not_word = e.negated ? "NOT " : "";
  switch (e.node) {
    case Node::null_literal: return "NULL";
    case Node::truth_literal:
    case Node::whole_literal:
    case Node::decimal_literal:
    case Node::real_literal:
    case Node::unit: return e.text;
    case Node::text_literal: return "'" + e.text + "'";
    case Node::name: return (e.qualifier.empty() ? "" : quoted_name(e.qualifier) + ".") + quoted_name(e.text);
    case Node::star: return "*";
    case Node::call: return e.text + "(" + list_text(e.args) + ")";
    case Node::cast: return "CAST(" + arg(0) + " AS " + type_text(e.type) + ")";
    case Node::negate: return "-" + arg(0);
    case Node::binary:
    case Node::compare: return "(" + arg(0) + " " + e.text + " " + arg(1) + ")";
    case Node::distinct: return "(" + arg(0) + " IS " + not_word + "DISTINCT FROM " + arg(1) + ")";
    case Node::logic: {
      std::string text = "(" + arg(0);
      for (std::size_t i = 1; i < e.args.size(); ++i) text += " " + e.text + " " + arg(i);
      return text + ")";
    }
    case Node::negation: return "(NOT " + arg(0) + ")";
    case Node::between: return "(" + arg(0) + " " + not_word + "BETWEEN " + arg(1) + " AND " + arg(2) + ")";
    case Node::in: return "(" + arg(0) + " " + not_word + "IN (" + list_text(e.args, 1) + "))";
    case Node::like:
      return "(" + arg(0) + " " + not_word + "LIKE " + arg(1) + (e.args.size() > 2 ? " ESCAPE " + arg(2) : "") + ")";
    case Node::is_null: return "(" + arg(0) + " IS " + not_word + "NULL)";
    case Node::choice: return choice_text(e);
    case Node::subscript: return arg(0) + "[" + arg(1) + "]";
    case Node::field: return arg(0) + "->" + quoted_name(e.text);
    case Node::all_fields: return arg(0) + "->*";
    case Node::array:
    case Node::map:
    case Node::structure: return constructor_text(e);
    case Node::lambda: return "(" + joined(e.names) + ") => " + arg(0);
  }
  return "";
}

}  // namespace nutshell::streams
