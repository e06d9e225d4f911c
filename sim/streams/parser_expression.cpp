#include "sim/streams/parser_internal.h"

namespace nutshell::streams {
namespace {

bool is_time_unit(std::string_view word) {
  for (std::string_view each : {"DAY", "DAYS", "HOUR", "HOURS", "MINUTE", "MINUTES", "SECOND", "SECONDS", "MILLISECOND",
                                "MILLISECONDS", "MONTH", "MONTHS", "YEAR", "YEARS"}) {
    if (same_word(each, word)) return true;
  }
  return false;
}

std::size_t nodes_of(const Expression& e) {
  std::size_t all = 1;
  for (const Expression& each : e.args) all += nodes_of(each);
  return all;
}

// Counts how deep a rule has called itself, and takes it back.
class Deeper {
 public:
  explicit Deeper(int& depth) : depth_(depth) { ++depth_; }
  ~Deeper() { --depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  int& depth_;
};

}  // namespace

Expression Parser::node(Node kind, Place at, std::string text) const {
  Expression e;
  e.node = kind;
  e.at = at;
  e.text = std::move(text);
  return e;
}

void Parser::add(Expression& to, Expression&& part) {
  if (part.depth + 1 > to.depth) to.depth = part.depth + 1;
  if (to.depth > kDeepestExpression) {
    complaint_.say("E1", part.at,
                   "This expression is more than " + std::to_string(kDeepestExpression) +
                       " operators deep; split it into several columns.");
  }
  to.args.push_back(std::move(part));
}

Expression Parser::disjunction() {
  const Deeper deeper(nesting_);
  if (nesting_ > kDeepestExpression) {
    complaint_.say("E1", token().at, "Brackets are nested more than " + std::to_string(kDeepestExpression) + " deep here.");
  }
  Expression left = conjunction();
  if (!is("OR")) return left;
  Expression all = node(Node::logic, left.at, "OR");
  add(all, std::move(left));
  while (take("OR")) add(all, conjunction());
  return all;
}

Expression Parser::conjunction() {
  Expression left = inversion();
  if (!is("AND")) return left;
  Expression all = node(Node::logic, left.at, "AND");
  add(all, std::move(left));
  while (take("AND")) add(all, inversion());
  return all;
}

Expression Parser::inversion() {
  std::vector<Place> nots;
  while (is("NOT")) {
    nots.push_back(token().at);
    advance();
  }
  Expression e = predicate();
  for (; !nots.empty(); nots.pop_back()) {
    Expression outer = node(Node::negation, nots.back());
    add(outer, std::move(e));
    e = std::move(outer);
  }
  return e;
}

Expression Parser::predicate() {
  Expression left = sum();
  predicate_tail(left);
  return left;
}

void Parser::predicate_tail(Expression& left) {
  for (std::string_view sign : {"=", "<>", "!=", "<=", ">=", "<", ">"}) {
    if (!is(sign)) continue;
    Expression e = node(Node::compare, token().at, sign == "!=" ? "<>" : std::string(sign));
    advance();
    add(e, std::move(left));
    add(e, sum());
    left = std::move(e);
    return;
  }
  Expression e = node(Node::is_null, token().at);
  if (take("IS")) {
    e.negated = take("NOT");
    if (take("DISTINCT")) {
      expect("FROM", "after IS DISTINCT");
      e.node = Node::distinct;
      add(e, std::move(left));
      add(e, sum());
    } else {
      expect("NULL", "after IS");
      add(e, std::move(left));
    }
    left = std::move(e);
    return;
  }
  const bool negated = is("NOT") && (is("BETWEEN", 1) || is("IN", 1) || is("LIKE", 1));
  if (negated) advance();
  e.negated = negated;
  if (take("BETWEEN")) {
    e.node = Node::between;
    add(e, std::move(left));
    add(e, sum());
    expect("AND", "between the bounds of BETWEEN");
    add(e, sum());
  } else if (take("IN")) {
    e.node = Node::in;
    add(e, std::move(left));
    expect("(", "after IN");
    do add(e, expression());
    while (take(","));
    expect(")", "after the values of IN");
  } else if (take("LIKE")) {
    e.node = Node::like;
    add(e, std::move(left));
    add(e, sum());
    if (take("ESCAPE")) {
      Expression escape = node(Node::text_literal, token().at);
      escape.text = string("the character after ESCAPE");
      add(e, std::move(escape));
    }
  } else {
    return;
  }
  left = std::move(e);
}

Expression Parser::sum() {
  Expression left = term();
  while (is("+") || is("-") || is("||")) {
    Expression e = node(Node::binary, token().at, is("-") ? "-" : "+");
    // Whether text is wanted, "||" says.
    if (is("||")) e.negated = true;
    advance();
    add(e, std::move(left));
    add(e, term());
    left = std::move(e);
  }
  return left;
}

Expression Parser::term() {
  Expression left = unary();
  while (is("*") || is("/") || is("%")) {
    Expression e = node(Node::binary, token().at, token().text);
    advance();
    add(e, std::move(left));
    add(e, unary());
    left = std::move(e);
  }
  return left;
}

Expression Parser::unary() {
  std::vector<Place> signs;
  while (is("-") || is("+")) {
    if (is("-")) signs.push_back(token().at);
    advance();
  }
  Expression e = postfix();
  for (; !signs.empty(); signs.pop_back()) {
    const bool literal = e.node == Node::whole_literal || e.node == Node::decimal_literal || e.node == Node::real_literal;
    if (literal && e.text[0] != '-') {
      e.text.insert(0, "-");
      e.at = signs.back();
      continue;
    }
    Expression outer = node(Node::negate, signs.back());
    add(outer, std::move(e));
    e = std::move(outer);
  }
  return e;
}

Expression Parser::postfix() {
  Expression e = atom();
  while (is("[") || is("->")) {
    Expression outer = node(is("[") ? Node::subscript : Node::field, token().at);
    add(outer, std::move(e));
    if (take("[")) {
      add(outer, expression());
      expect("]", "after the index");
    } else {
      advance();
      if (take("*")) {
        outer.node = Node::all_fields;
      } else {
        outer.text = name("the name of a field after ->");
      }
    }
    e = std::move(outer);
  }
  return e;
}

Expression Parser::number_or_text() {
  const Token t = token();
  advance();
  switch (t.kind) {
    case TokenKind::integer: return node(Node::whole_literal, t.at, t.text);
    case TokenKind::decimal: return node(Node::decimal_literal, t.at, t.text);
    case TokenKind::real: return node(Node::real_literal, t.at, t.text);
    default: return node(Node::text_literal, t.at, t.text);
  }
}

Expression Parser::atom() {
  const Place at = token().at;
  switch (token().kind) {
    case TokenKind::integer:
    case TokenKind::decimal:
    case TokenKind::real:
    case TokenKind::string: return number_or_text();
    case TokenKind::word:
    case TokenKind::quoted: return atom_word();
    default: break;
  }
  if (take("(")) {
    Expression inner = expression();
    expect(")", "to close the bracket");
    return inner;
  }
  unexpected("an expression");
  return node(Node::null_literal, at);
}

Expression Parser::atom_word() {
  const Place at = token().at;
  const bool plain = token().kind == TokenKind::word;
  if (plain) {
    if (take("NULL")) return node(Node::null_literal, at);
    if (is("TRUE") || is("FALSE")) {
      Expression e = node(Node::truth_literal, at, upper(token().text));
      advance();
      return e;
    }
    if (is("CASE")) return choice();
    if (is("CAST") && is("(", 1)) return cast();
    if (is("ARRAY") && is("[", 1)) return structure_like(at, Node::array);
    if (is("MAP") && is("(", 1)) return structure_like(at, Node::map);
    if (is("STRUCT") && is("(", 1)) return structure_like(at, Node::structure);
  }
  if (is("(", 1)) {
    // Some functions are called as words of the language are.
    const std::string function = plain ? upper(token().text) : token().text;
    advance();
    return call(function, at);
  }
  Expression e = node(Node::name, at);
  e.text = name("a column or an expression");
  if (is(".") && !is("*", 1)) {
    advance();
    e.qualifier = std::move(e.text);
    e.text = name("the name of a column after the point");
  }
  return e;
}

Expression Parser::call(std::string function, Place at) {
  Expression e = node(Node::call, at, std::move(function));
  expect("(", "after the function");
  if (take(")")) return e;
  if (is("*")) {
    add(e, node(Node::star, token().at));
    advance();
  } else {
    do add(e, argument());
    while (take(","));
  }
  expect(")", "after the arguments of " + e.text);
  return e;
}

Expression Parser::argument() {
  if (is_lambda()) return lambda();
  if (token().kind == TokenKind::word && is_time_unit(token().text) && (is(",", 1) || is(")", 1))) {
    Expression e = node(Node::unit, token().at, upper(token().text));
    advance();
    return e;
  }
  return expression();
}

bool Parser::is_lambda() const {
  if (token().kind == TokenKind::word && is("=>", 1)) return true;
  if (!is("(")) return false;
  std::size_t i = 1;
  while (token(i).kind == TokenKind::word && is(",", i + 1)) i += 2;
  return token(i).kind == TokenKind::word && is(")", i + 1) && is("=>", i + 2);
}

Expression Parser::lambda() {
  Expression e = node(Node::lambda, token().at);
  if (take("(")) {
    do e.names.push_back(name("a name for an argument"));
    while (take(","));
    expect(")", "after the names");
  } else {
    e.names.push_back(name("a name for an argument"));
  }
  expect("=>", "after the names");
  add(e, expression());
  return e;
}

Expression Parser::choice() {
  Expression e = node(Node::choice, token().at);
  advance();
  const bool simple_case = !is("WHEN");
  Expression subject;
  if (simple_case) subject = expression();
  if (!is("WHEN")) unexpected("WHEN");
  while (take("WHEN")) {
    const Place at = token().at;
    Expression when = expression();
    if (simple_case) {
      // Each WHEN gets a copy: a CASE in a CASE in a CASE would grow without limit.
      copied_ += nodes_of(subject);
      if (copied_ > 20000) complaint_.say("E1", at, "CASE is nested too deep before its WHENs; write the conditions out.");
      Expression equal = node(Node::compare, at, "=");
      add(equal, Expression(subject));
      add(equal, std::move(when));
      when = std::move(equal);
    }
    add(e, std::move(when));
    expect("THEN", "after the condition of WHEN");
    add(e, expression());
  }
  if (take("ELSE")) add(e, expression());
  expect("END", "to end CASE");
  return e;
}

Expression Parser::cast() {
  Expression e = node(Node::cast, token().at);
  advance();
  expect("(", "after CAST");
  add(e, expression());
  expect("AS", "between the expression and its new type");
  e.type = type();
  expect(")", "after the type");
  return e;
}

Expression Parser::structure_like(Place at, Node kind) {
  Expression e = node(kind, at);
  advance();
  advance();
  const std::string_view close = kind == Node::array ? "]" : ")";
  if (take(close)) return e;
  do {
    if (kind == Node::structure) {
      e.names.push_back(name("the name of a field"));
      expect(":=", "between the name of a field and its value");
    }
    add(e, expression());
    if (kind == Node::map) {
      expect(":=", "between key and value");
      add(e, expression());
    }
  } while (take(","));
  expect(close, "to close the constructor");
  return e;
}

}  // namespace nutshell::streams
