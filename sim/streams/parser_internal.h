// For parser*.cpp only.
#pragma once

#include <initializer_list>

#include "sim/streams/lexer.h"
#include "sim/streams/parser.h"

namespace nutshell::streams {

// After the first complaint every token is the end, so that all loops come to theirs.
class Parser {
 public:
  Parser(std::string_view script, std::vector<Token> tokens, Complaint& complaint)
      : script_(script), tokens_(std::move(tokens)), complaint_(complaint) {}

  Statement statement();
  Select select();
  Expression expression() { return disjunction(); }
  Type type(int depth = 0);

  bool at_end() const { return complaint_.any() || token().kind == TokenKind::end; }
  bool take(std::string_view word_or_symbol);
  // The semicolon that ends a statement.
  void end_of_statement();
  const Token& token(std::size_t ahead = 0) const;

 private:
  // parser.cpp
  bool is(std::string_view word_or_symbol, std::size_t ahead = 0) const;
  void expect(std::string_view word_or_symbol, std::string_view where);
  void unexpected(std::string_view wanted);
  std::string found() const;
  std::string name(std::string_view what);
  std::string string(std::string_view what);
  std::int64_t count(std::string_view what);
  void advance();
  bool is_name() const;
  std::string text_between(std::size_t from, std::size_t to) const;

  // parser_statement.cpp
  void create(Statement& s);
  void create_source(Statement& s);
  void insert(Statement& s);
  void drop(Statement& s);
  void show(Statement& s);
  void describe(Statement& s);
  void print(Statement& s);
  void setting(Statement& s);
  void alter(Statement& s);
  void columns(Statement& s);
  void properties(std::vector<Property>& into);
  void connector(Statement& s);
  void source_name(Statement& s);
  bool one_word(Statement& s);

  // parser_select.cpp
  Item item();
  SourceRef source_ref();
  bool join(Select& s);
  void within(JoinClause& j);
  WindowClause window();
  void window_options(WindowClause& w);
  Span span();
  std::vector<Expression> keys();
  std::optional<std::int64_t> grace();
  void clauses(Select& s);
  void misplaced();

  // parser_expression.cpp
  Expression disjunction();
  Expression conjunction();
  Expression inversion();
  Expression predicate();
  void predicate_tail(Expression& left);
  Expression sum();
  Expression term();
  Expression unary();
  Expression postfix();
  Expression atom();
  Expression atom_word();
  Expression number_or_text();
  Expression call(std::string function, Place at);
  Expression argument();
  Expression lambda();
  bool is_lambda() const;
  Expression choice();
  Expression cast();
  Expression structure_like(Place at, Node node);
  void add(Expression& to, Expression&& part);
  Expression node(Node kind, Place at, std::string text = "") const;

  std::string_view script_;
  std::vector<Token> tokens_;
  Complaint& complaint_;
  std::size_t next_ = 0;
  int nesting_ = 0;
  std::size_t copied_ = 0;
};

}  // namespace nutshell::streams
