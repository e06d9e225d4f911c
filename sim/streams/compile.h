// For compile*.cpp only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/streams/code.h"

namespace nutshell::streams {

class Compiler {
 public:
  Compiler(const Scope& scope, const Catalog& catalog, std::string_view clause, Complaint& complaint)
      : scope_(scope), catalog_(catalog), clause_(clause), complaint_(complaint) {}

  Code run(const Expression& e);

 private:
  struct Local {
    std::string name;
    Type type;
  };

  // compile.cpp
  Code leaf(Op op, Type type, Place at) const;
  Code constant(const Expression& e);
  Code name(const Expression& e);
  void unknown(const Expression& e, bool ambiguous);
  Code nary(Op op, Type type, const Expression& e);
  void want_truth(const Code& code, std::string_view where);
  Code cast(const Expression& e);
  Code minus(const Expression& e);
  Code arithmetic(const Expression& e);

  // compile_predicates.cpp
  Code comparison(const Expression& e);
  bool agree(Code& a, Code& b, std::string_view sign, Place at);
  void magic(Code& text, const Expression& time);
  Code between(const Expression& e);
  Code membership(const Expression& e);
  Code likeness(const Expression& e);

  // compile_values.cpp
  Code choice(const Expression& e);
  Code subscript(const Expression& e);
  Code field(const Expression& e);
  Code constructor(const Expression& e);
  // `literals`: what is written out is taken as what the others are, if it says such a thing: '10' beside numbers, 10 beside text.
  bool take_literal(Code& code, const Type& type);
  // Brings what is written out, ARRAY[...], MAP(...), STRUCT(...) too, to the type beside which it stands. False: it cannot be.
  bool fit_literal(Code& code, const Type& type);
  Type common(std::vector<Code>& codes, std::size_t from, std::size_t step, std::string_view what, Place at, bool literals);
  Code call(const Expression& e);
  Code call_with_lambda(const Expression& e);
  void no_such_call(const Expression& e, const std::vector<Code>& args);

  const Scope& scope_;
  const Catalog& catalog_;
  std::string clause_;
  Complaint& complaint_;
  std::vector<Local> locals_;
};

}  // namespace nutshell::streams
