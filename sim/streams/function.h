// The functions of the language that take a row's values to a value (S29).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/streams/code.h"

namespace nutshell::streams {

struct Call {
  const Code& code;
  Frame& frame;
  const List& args;

  const Value& operator[](std::size_t i) const { return args[i]; }
  std::size_t size() const { return args.size(); }
  const Type& type(std::size_t i) const { return code.args[i].type; }
  // The expression becomes null.
  Value fail(std::string why) {
    if (!frame.failed) frame.why = std::move(why);
    frame.failed = true;
    return {};
  }
  // What the lambda at place i comes to.
  Value apply(std::size_t i, const List& locals);
};

// One way of calling a function. `result` and `takes` are types as the language writes them; DECIMAL stands for one of
// any size; a single capital letter for any type, everywhere the same; "..." after the last for any number of it more.
struct Function {
  std::string_view name;
  std::string_view result;
  std::string_view takes;
  Value (*run)(Call& call);
  // Sees nulls. Otherwise one null makes the result null.
  bool takes_null = false;
};

// All of a name, in the order in which they are tried.
std::vector<const Function*> functions_named(std::string_view name);
std::vector<std::string> function_names();
// "SUBSTRING(VARCHAR, INT)"
std::string signature_text(const Function& function);

// Says so if there is no function of the name that is called.
void complain_of_unknown_function(const Expression& e, Complaint& complaint);

// The function that takes such arguments, with its type and its arguments converted. Null pointer if there is none.
struct Fit {
  const Function* function = nullptr;
  Type result;
  std::vector<Type> takes;
};
Fit fitting(std::string_view name, const std::vector<Code>& args);

// Key, value, key, value: of equal keys the last, in the order of keys.
Value sorted_map(List pairs);

// Tables of functions, one a file.
const std::vector<Function>& text_functions();
const std::vector<Function>& number_functions();
const std::vector<Function>& time_functions();
const std::vector<Function>& list_functions();
const std::vector<Function>& json_functions();
const std::vector<Function>& regex_functions();

// UTF-8 by characters: how many, and where the n-th begins (the size, if there are fewer).
std::size_t characters(std::string_view text);
std::size_t character_at(std::string_view text, std::size_t n);

}  // namespace nutshell::streams
