#include "sim/streams/lexer.h"

#include <algorithm>
#include <array>

namespace nutshell::streams {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_inner(char c) { return is_letter(c) || is_digit(c) || c == '@'; }

class Lexer {
 public:
  Lexer(std::string_view script, Complaint& complaint, Place from) : script_(script), complaint_(complaint), place_(from) {}

  std::vector<Token> all() {
    while (!complaint_.any()) {
      skip();
      if (complaint_.any() || at_ >= script_.size()) break;
      tokens_.push_back(next());
    }
    Token end;
    end.at = place_;
    end.from = end.to = script_.size();
    tokens_.push_back(end);
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < script_.size() ? script_[at_ + ahead] : '\0'; }

  void advance() {
    if (script_[at_++] == '\n') {
      ++place_.line;
      place_.column = 1;
    } else {
      ++place_.column;
    }
  }

  void skip() {
    while (at_ < script_.size()) {
      const char c = peek();
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        advance();
      } else if (c == '-' && peek(1) == '-') {
        while (at_ < script_.size() && peek() != '\n') advance();
      } else if (c == '/' && peek(1) == '*') {
        const Place begun = place_;
        while (at_ < script_.size() && !(peek() == '*' && peek(1) == '/')) advance();
        if (at_ >= script_.size()) {
          complaint_.say("E1", begun, "The comment that begins here with /* never ends; write */ after it.");
          return;
        }
        advance();
        advance();
      } else {
        return;
      }
    }
  }

  Token next() {
    Token token;
    token.at = place_;
    token.from = at_;
    const char c = peek();
    if (c == '\'' || c == '"' || c == '`') {
      quoted(token, c);
    } else if (is_letter(c)) {
      take_word(token);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number(token);
    } else {
      symbol(token);
    }
    token.to = at_;
    return token;
  }

  void quoted(Token& token, char quote) {
    token.kind = quote == '\'' ? TokenKind::string : TokenKind::quoted;
    token.double_quotes = quote == '"';
    advance();
    while (at_ < script_.size()) {
      if (peek() == quote) {
        if (peek(1) != quote) break;
        advance();
      }
      token.text += peek();
      advance();
    }
    if (at_ >= script_.size()) {
      complaint_.say("E3", token.at, std::string("The quote ") + quote + " that opens here is never closed.");
      return;
    }
    advance();
  }

  void take_word(Token& token) {
    token.kind = TokenKind::word;
    while (is_inner(peek())) {
      token.text += peek();
      advance();
    }
  }

  void digits(Token& token) {
    while (is_digit(peek())) {
      token.text += peek();
      advance();
    }
  }

  void number(Token& token) {
    token.kind = TokenKind::integer;
    digits(token);
    if (peek() == '.') {
      token.kind = TokenKind::decimal;
      token.text += '.';
      advance();
      digits(token);
    }
    const bool exponent = peek() == 'e' || peek() == 'E';
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (exponent && is_digit(peek(1 + sign))) {
      std::size_t last = 1 + sign;
      while (is_digit(peek(last))) ++last;
      if (!is_inner(peek(last)) || sign > 0 || token.kind == TokenKind::decimal) {
        token.kind = TokenKind::real;
        for (std::size_t i = 0; i <= sign; ++i) {
          token.text += peek();
          advance();
        }
        digits(token);
        return;
      }
    }
    // A name may begin with digits if it goes on with a letter (S1).
    if (token.kind == TokenKind::integer && is_inner(peek())) take_word(token);
  }

  void symbol(Token& token) {
    static constexpr std::array<std::string_view, 9> kPairs = {"<>", "!=", "<=", ">=", "||", "->", "=>", ":=", "${"};
    token.kind = TokenKind::symbol;
    const std::string_view two = script_.substr(at_, 2);
    const bool pair = std::find(kPairs.begin(), kPairs.end(), two) != kPairs.end();
    static constexpr std::string_view kSingles = "()[],.;=<>+-*/%:{}";
    if (!pair && kSingles.find(peek()) == std::string_view::npos) {
      complaint_.say("E1", token.at, std::string("The character '") + peek() + "' means nothing here.");
    }
    token.text += peek();
    advance();
    if (pair) {
      token.text += peek();
      advance();
    }
  }

  std::string_view script_;
  Complaint& complaint_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  Place place_;
};

// In the order of the alphabet.
constexpr std::array<std::string_view, 88> kReserved = {
    "ADVANCE",      "ALL",     "AND",        "AS",         "AT",     "BEGINNING", "BETWEEN",  "BY",           "CASE",
    "CAST",         "CATALOG", "CONNECTOR",  "CONNECTORS", "CREATE", "DAYS",      "DECIMAL",  "DELETE",       "DESCRIBE",
    "DISTINCT",     "DROP",    "ELSE",       "END",        "EXISTS", "EXPORT",    "EXTENDED", "FALSE",        "FROM",
    "FULL",         "GROUP",   "HAVING",     "HOPPING",    "HOURS",  "IN",        "INNER",    "INSERT",       "INTO",
    "IS",           "JOIN",    "LEFT",       "LIKE",       "LIMIT",  "LIST",      "LOAD",     "MATERIALIZED", "MILLISECOND",
    "MILLISECONDS", "MINUTES", "MONTHS",     "NAMESPACE",  "NOT",    "NULL",      "ON",       "OR",           "OUTER",
    "PAUSE",        "PRINT",   "PROPERTIES", "QUERIES",    "QUERY",  "RENAME",    "RESUME",   "RETENTION",    "RIGHT",
    "RUN",          "SAMPLE",  "SCRIPT",     "SECONDS",    "SELECT", "SIZE",      "STREAM",   "STREAMS",      "TABLE",
    "TERMINATE",    "THEN",    "TO",         "TOPIC",      "TOPICS", "TRUE",      "TUMBLING", "UNSET",        "VALUES",
    "VIEW",         "WHEN",    "WHERE",      "WINDOW",     "WITH",   "WITHIN",    "YEARS"};

}  // namespace

std::vector<Token> lex(std::string_view script, Complaint& complaint, Place from) {
  return Lexer(script, complaint, from).all();
}

bool is_reserved(std::string_view word) {
  return std::find(kReserved.begin(), kReserved.end(), std::string_view(upper(word))) != kReserved.end();
}

}  // namespace nutshell::streams
