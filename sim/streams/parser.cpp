#include <algorithm>
#include <charconv>

#include "sim/streams/parser_internal.h"

namespace nutshell::streams {

const Token& Parser::token(std::size_t ahead) const {
  if (complaint_.any()) return tokens_.back();
  return tokens_[std::min(next_ + ahead, tokens_.size() - 1)];
}

void Parser::advance() {
  if (next_ + 1 < tokens_.size()) ++next_;
}

bool Parser::is(std::string_view word_or_symbol, std::size_t ahead) const {
  const Token& t = token(ahead);
  if (t.kind == TokenKind::symbol) return t.text == word_or_symbol;
  return t.kind == TokenKind::word && same_word(t.text, word_or_symbol);
}

bool Parser::take(std::string_view word_or_symbol) {
  if (!is(word_or_symbol)) return false;
  advance();
  return true;
}

std::string Parser::found() const {
  const Token& t = token();
  switch (t.kind) {
    case TokenKind::end: return "the text ends";
    case TokenKind::string: return "there is the text '" + t.text + "'";
    case TokenKind::quoted: return "there is the name \"" + t.text + "\"";
    default: return "there is '" + t.text.substr(0, 60) + "'";
  }
}

void Parser::unexpected(std::string_view wanted) {
  complaint_.say("E1", token().at, "Expected " + std::string(wanted) + ", but here " + found() + ".");
}

void Parser::expect(std::string_view word_or_symbol, std::string_view where) {
  if (take(word_or_symbol)) return;
  unexpected("'" + std::string(word_or_symbol) + "' " + std::string(where));
}

bool Parser::is_name() const {
  const Token& t = token();
  return t.kind == TokenKind::quoted || (t.kind == TokenKind::word && !is_reserved(t.text));
}

std::string Parser::name(std::string_view what) {
  const Token& t = token();
  if (t.kind == TokenKind::word && is_reserved(t.text)) {
    complaint_.say("E2", t.at,
                   "Expected " + std::string(what) + ", but '" + t.text +
                       "' is a reserved word; as a name write it in backquotes: `" + upper(t.text) + "`.");
    return "";
  }
  if (t.kind != TokenKind::word && t.kind != TokenKind::quoted) {
    unexpected(what);
    return "";
  }
  std::string result = t.kind == TokenKind::word ? upper(t.text) : t.text;
  advance();
  return result;
}

std::string Parser::string(std::string_view what) {
  const Token& t = token();
  if (t.kind == TokenKind::quoted) {
    complaint_.say("E3", t.at, "\"" + t.text + "\" is read as a name; text stands in single quotes: '" + t.text + "'.");
    return "";
  }
  if (t.kind != TokenKind::string) {
    unexpected(std::string(what) + " in single quotes");
    return "";
  }
  std::string result = t.text;
  advance();
  return result;
}

std::int64_t Parser::count(std::string_view what) {
  const Token& t = token();
  std::int64_t number = 0;
  if (t.kind != TokenKind::integer) {
    unexpected(what);
    return 0;
  }
  const std::from_chars_result end = std::from_chars(t.text.data(), t.text.data() + t.text.size(), number);
  if (end.ec != std::errc() || number > 1'000'000'000'000)
    complaint_.say("E1", t.at, "The number " + t.text.substr(0, 40) + " is too large here.");
  advance();
  return number;
}

std::string Parser::text_between(std::size_t from, std::size_t to) const {
  return from < to ? std::string(script_.substr(from, to - from)) : "";
}

void Parser::end_of_statement() {
  if (take(";")) return;
  if (token().kind == TokenKind::end) {
    complaint_.say("E3", token().at, "The last statement does not end; write a semicolon after it.");
    return;
  }
  misplaced();
  unexpected("a semicolon, the end of the statement");
}

Type Parser::type(int depth) {
  if (depth > 40) {
    complaint_.say("E1", token().at, "This type is nested more than 40 deep.");
    return {};
  }
  const Place at = token().at;
  if (take("DECIMAL")) {
    expect("(", "after DECIMAL");
    const std::int64_t precision = count("the number of digits");
    expect(",", "between the digits in all and those behind the point");
    const std::int64_t scale = count("the number of digits behind the point");
    expect(")", "after DECIMAL(");
    if (precision < 1 || precision > 38 || scale > precision) {
      complaint_.say("E18", at, "DECIMAL has 1 to 38 digits, of which not more than all stand behind the point.");
      return simple(Base::decimal);
    }
    return decimal_type(static_cast<int>(precision), static_cast<int>(scale));
  }
  if (is("ARRAY") && is("<", 1)) {
    advance();
    advance();
    Type t = array_of(type(depth + 1));
    expect(">", "after the type of the elements");
    return t;
  }
  if (is("MAP") && is("<", 1)) {
    advance();
    advance();
    Type key = type(depth + 1);
    expect(",", "between the types of key and value");
    Type value = type(depth + 1);
    expect(">", "after the types of key and value");
    return map_of(std::move(key), std::move(value));
  }
  if (is("STRUCT") && (is("<", 1) || is("<>", 1))) {
    advance();
    Type t = simple(Base::structure);
    if (take("<>")) return t;
    advance();
    do {
      t.names.push_back(name("the name of a field"));
      t.of.push_back(type(depth + 1));
    } while (take(","));
    expect(">", "after the fields");
    return t;
  }
  struct Known {
    std::string_view word;
    Base base;
  };
  static constexpr Known kKnown[] = {{"BOOLEAN", Base::boolean}, {"INT", Base::integer},        {"INTEGER", Base::integer},
                                     {"BIGINT", Base::bigint},   {"DOUBLE", Base::real},        {"VARCHAR", Base::text},
                                     {"STRING", Base::text},     {"BYTES", Base::bytes},        {"DATE", Base::date},
                                     {"TIME", Base::time},       {"TIMESTAMP", Base::timestamp}};
  for (const Known& known : kKnown) {
    if (!is(known.word)) continue;
    advance();
    // VARCHAR(20) is VARCHAR.
    if (known.base == Base::text && take("(")) {
      if (!take("STRING")) count("a length");
      expect(")", "after the length");
    }
    return simple(known.base);
  }
  Type t = simple(Base::named);
  t.names.push_back(name("a type"));
  return t;
}

namespace {

// Puts what DEFINE said in place of ${name}, not within comments.
std::string with_variables(std::string_view text, const std::map<std::string, std::string>& variables) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t close = text.substr(i, 2) == "${" ? text.find('}', i) : std::string_view::npos;
    const auto found =
        close == std::string_view::npos ? variables.end() : variables.find(upper(text.substr(i + 2, close - i - 2)));
    if (found == variables.end()) {
      result += text[i++];
    } else {
      result += found->second;
      i = close + 1;
    }
  }
  return result;
}

// Where the statement that begins at `from` ends, after its semicolon.
std::size_t end_of_text(const std::vector<Token>& tokens, std::size_t& token, std::size_t length) {
  while (tokens[token].kind != TokenKind::end) {
    const Token& t = tokens[token++];
    if (t.kind == TokenKind::symbol && t.text == ";") return t.to;
  }
  return length;
}

bool is_only_end(const std::vector<Token>& tokens) { return tokens.front().kind == TokenKind::end; }

}  // namespace

std::vector<Statement> parse_script(std::string_view script, std::map<std::string, std::string>& variables,
                                    Complaint& complaint) {
  std::vector<Statement> statements;
  const std::vector<Token> all = lex(script, complaint);
  std::size_t next = 0;
  while (!complaint.any() && all[next].kind != TokenKind::end) {
    const Token& first = all[next];
    const std::size_t to = end_of_text(all, next, script.size());
    const std::string text = with_variables(script.substr(first.from, to - first.from), variables);
    std::vector<Token> tokens = lex(text, complaint, first.at);
    if (complaint.any() || is_only_end(tokens)) break;
    Parser parser(text, std::move(tokens), complaint);
    if (parser.take(";")) continue;
    Statement s = parser.statement();
    parser.end_of_statement();
    if (complaint.any()) break;
    s.text = text.substr(0, text.find_last_not_of("; \n\t\r") + 1);
    if (s.verb == Verb::define) variables[upper(s.name)] = s.word;
    if (s.verb == Verb::undefine) variables.erase(upper(s.name));
    statements.push_back(std::move(s));
  }
  return statements;
}

Type parse_type(std::string_view text, Complaint& complaint) {
  std::vector<Token> tokens = lex(text, complaint);
  Parser parser(text, std::move(tokens), complaint);
  Type type = parser.type();
  if (!parser.at_end()) complaint.say("E1", parser.token().at, "Something follows the type.");
  return type;
}

}  // namespace nutshell::streams
