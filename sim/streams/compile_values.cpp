#include <algorithm>

#include "sim/streams/aggregate.h"
#include "sim/streams/compile.h"
#include "sim/streams/function.h"
#include "sim/streams/parser.h"

namespace nutshell::streams {
namespace {

// The type that both can be brought to, none if there is not.
Type meeting(const Type& a, const Type& b) {
  if (a == b || b.base == Base::none) return a;
  if (a.base == Base::none) return b;
  if (is_number(a) && is_number(b)) return wider(a, b);
  if (a.base == Base::structure && b.base == Base::structure && a.names != b.names) {
    // All fields of both: those that one does not have are null in it.
    Type type = a;
    for (std::size_t i = 0; i < b.names.size(); ++i) {
      const auto found = std::find(type.names.begin(), type.names.end(), b.names[i]);
      if (found == type.names.end()) {
        type.names.push_back(b.names[i]);
        type.of.push_back(b.of[i]);
        continue;
      }
      Type& field = type.of[static_cast<std::size_t>(found - type.names.begin())];
      field = meeting(field, b.of[i]);
      if (field.base == Base::none && b.of[i].base != Base::none) return Type();
    }
    return type;
  }
  if (a.base == b.base && is_nested(a) && a.of.size() == b.of.size()) {
    Type type = a;
    for (std::size_t i = 0; i < a.of.size(); ++i) {
      type.of[i] = meeting(a.of[i], b.of[i]);
      if (type.of[i].base == Base::none && a.of[i].base != Base::none) return Type();
    }
    return type;
  }
  return Type();
}

}  // namespace

void complain_of_unknown_function(const Expression& e, Complaint& complaint) {
  if (!functions_named(e.text).empty()) return;
  std::vector<std::string> names = function_names();
  for (const std::string& name : aggregate_names()) names.push_back(name);
  const bool random = e.text == "RANDOM" || e.text == "UUID";
  complaint.say("E19", e.at,
                random ? e.text + " is not here: every run of a simulation gives the same rows."
                       : "There is no function " + e.text.substr(0, 80) + "." + did_you_mean(e.text, names));
}

// False: it is none, or says no such thing; then it is what it was.
bool Compiler::take_literal(Code& code, const Type& type) {
  if (code.op != Op::constant || code.type == type || code.constant.null()) return false;
  bool failed = false;
  if (code.type.base == Base::text && is_number(type)) {
    const auto number = parse_decimal(code.constant.text());
    if (!number) return false;
    const Value value = cast_value(Value(*number), decimal_type(38, number->scale), type, failed);
    if (!failed) code = constant_code(value, type);
  } else if (code.type.base == Base::text && type.base == Base::boolean) {
    const std::string word = lower(code.constant.text());
    const auto begins = [&word](std::string_view whole) { return !word.empty() && whole.substr(0, word.size()) == word; };
    const bool yes = begins("true") || begins("yes");
    failed = !yes && !begins("false") && !begins("no");
    if (!failed) code = constant_code(Value(yes), type);
  } else if (type.base == Base::text && (is_number(code.type) || code.type.base == Base::boolean)) {
    code = converted(std::move(code), type);
  } else {
    return false;
  }
  return !failed;
}

bool Compiler::fit_literal(Code& code, const Type& type) {
  const bool list = (code.op == Op::array && type.base == Base::array) || (code.op == Op::map && type.base == Base::map);
  if (list) {
    for (std::size_t i = 0; i < code.args.size(); ++i)
      if (!fit_literal(code.args[i], type.of[i % type.of.size()])) return false;
    code.type = type;
    return true;
  }
  if (code.op == Op::constant && code.constant.null()) {
    code = constant_code(Value(), type);
    return true;
  }
  if (code.op == Op::structure && type.base == Base::structure) {
    std::vector<Code> args;
    bool all_known = true;
    for (const std::string& each : code.type.names)
      all_known = all_known && std::find(type.names.begin(), type.names.end(), each) != type.names.end();
    for (std::size_t i = 0; i < type.names.size(); ++i) {
      const auto found = std::find(code.type.names.begin(), code.type.names.end(), type.names[i]);
      const bool there = found != code.type.names.end();
      args.push_back(there ? std::move(code.args[static_cast<std::size_t>(found - code.type.names.begin())])
                           : constant_code(Value(), type.of[i]));
      if (!fit_literal(args.back(), type.of[i])) return false;
    }
    // A field that the other does not have makes it another thing, whatever it holds.
    if (!all_known) code = constant_code(Value(), type);
    else code.args = std::move(args);
    code.type = type;
    return true;
  }
  if (code.type == type || code.type.base == Base::none || take_literal(code, type)) return true;
  if (widens(code.type, type)) code = converted(std::move(code), type);
  return (is_number(code.type) && is_number(type)) || (is_nested(type) && meeting(code.type, type).base != Base::none);
}

// Brings every step-th code from `from` on to one type.
Type Compiler::common(std::vector<Code>& codes, std::size_t from, std::size_t step, std::string_view what, Place at, bool literals) {
  Type type;
  const auto is_literal = [&](const Code& code) { return literals && code.op == Op::constant && code.type.base == Base::text; };
  for (std::size_t i = from; i < codes.size(); i += step)
    if (!is_literal(codes[i]) && (type.base == Base::none || meeting(type, codes[i].type).base != Base::none))
      type = meeting(type, codes[i].type);
  for (std::size_t i = from; literals && i < codes.size(); i += step) take_literal(codes[i], type);
  type = Type();
  for (std::size_t i = from; i < codes.size() && !complaint_.any(); i += step) {
    const Type both = meeting(type, codes[i].type);
    if (both.base == Base::none && codes[i].type.base != Base::none) {
      // Text that says a number, beside numbers, is one.
      if (codes[i].op == Op::constant && codes[i].type.base == Base::text && !is_nested(type)) {
        bool failed = false;
        cast_value(codes[i].constant, codes[i].type, type, failed);
        if (!failed && type.base != Base::text) {
          codes[i] = converted(std::move(codes[i]), type);
          continue;
        }
      }
      complaint_.say("E19", at,
                     std::string(what) + " of one type are wanted, but there are " + type_text(type) + " and " +
                         type_text(codes[i].type) + "; CAST one of them.");
    }
    type = both;
  }
  for (std::size_t i = from; i < codes.size() && !complaint_.any(); i += step) codes[i] = converted(std::move(codes[i]), type);
  return type;
}

Code Compiler::choice(const Expression& e) {
  Code code = nary(Op::choice, Type(), e);
  if (complaint_.any()) return code;
  std::vector<Code> results;
  for (std::size_t i = 0; i + 1 < code.args.size(); i += 2) {
    want_truth(code.args[i], "WHEN");
    results.push_back(code.args[i + 1]);
  }
  if (code.args.size() % 2 == 1) results.push_back(code.args.back());
  code.type = common(results, 0, 1, "Results of CASE", e.at, false);
  if (code.type.base == Base::none)
    complaint_.say("E19", e.at, "All results of this CASE are NULL, so that it has no type; CAST one.");
  if (complaint_.any()) return code;
  for (std::size_t i = 0; i < results.size(); ++i) code.args[std::min(2 * i + 1, code.args.size() - 1)] = results[i];
  return code;
}

Code Compiler::subscript(const Expression& e) {
  Code code = nary(Op::subscript, Type(), e);
  if (complaint_.any()) return code;
  const Type of = code.args[0].type;
  const Type index = code.args[1].type;
  if (of.base == Base::array && is_whole(index)) {
    code.type = of.of[0];
  } else if (of.base == Base::map && (index == of.of[0] || (is_number(index) && is_number(of.of[0])))) {
    code.type = of.of[1];
  } else {
    complaint_.say("E19", e.at,
                   "[ ] takes an element of an ARRAY by its number, or of a MAP by its key; this is " + type_text(of) + " by " +
                       type_text(index) + ".");
  }
  return code;
}

Code Compiler::field(const Expression& e) {
  Code code = nary(Op::field, Type(), e);
  if (complaint_.any()) return code;
  const Type of = code.args[0].type;
  const auto found = std::find(of.names.begin(), of.names.end(), e.text);
  if (of.base != Base::structure) {
    complaint_.say("E19", e.at, "-> takes a field of a STRUCT, but this is " + type_text(of) + ".");
  } else if (found == of.names.end()) {
    complaint_.say("E5", e.at,
                   clause_ + ": there is no field " + e.text + " in " + type_text(of) + "." + did_you_mean(e.text, of.names));
  } else {
    code.index = static_cast<std::size_t>(found - of.names.begin());
    code.type = of.of[code.index];
  }
  return code;
}

Code Compiler::constructor(const Expression& e) {
  const Op op = e.node == Node::array ? Op::array : e.node == Node::map ? Op::map : Op::structure;
  Code code = nary(op, Type(), e);
  if (complaint_.any()) return code;
  if (op == Op::structure) {
    code.type = simple(Base::structure);
    code.type.names = e.names;
    for (const Code& arg : code.args) code.type.of.push_back(arg.type);
    for (std::size_t i = 1; i < e.names.size(); ++i) {
      if (std::find(e.names.begin(), e.names.begin() + static_cast<std::ptrdiff_t>(i), e.names[i]) !=
          e.names.begin() + static_cast<std::ptrdiff_t>(i)) {
        complaint_.say("E11", e.args[i].at, "Two fields are named " + e.names[i] + "; name one otherwise.");
      }
    }
    return code;
  }
  const std::size_t step = op == Op::map ? 2 : 1;
  std::vector<Type> of;
  for (std::size_t i = 0; i < step; ++i)
    of.push_back(common(code.args, i, step, op == Op::map ? "Keys, and values, of a MAP" : "Elements of an ARRAY", e.at, true));
  if (!complaint_.any() && of.back().base == Base::none) {
    complaint_.say("E19", e.at, "What this holds has no type: it is empty, or all NULL; CAST one element.");
    return code;
  }
  code.type = op == Op::map ? map_of(of[0], of[1]) : array_of(of[0]);
  return code;
}

Code Compiler::call(const Expression& e) {
  if (is_aggregate(e.text)) {
    complaint_.say("E13", e.at,
                   "The aggregate " + e.text + " may not stand in " + clause_ +
                       "; aggregates stand in SELECT and HAVING of a query with GROUP BY, and not within each other.");
    return leaf(Op::constant, Type(), e.at);
  }
  const bool lambda = std::any_of(e.args.begin(), e.args.end(), [](const Expression& arg) { return arg.node == Node::lambda; });
  if (lambda) return call_with_lambda(e);
  Code code = nary(Op::call, Type(), e);
  if (complaint_.any()) return code;
  const auto has = [&code](Base base) {
    return std::any_of(code.args.begin(), code.args.end(), [base](const Code& arg) { return arg.type.base == base; });
  };
  // Text beside times is a time.
  for (const Base clock : {Base::date, Base::time, Base::timestamp}) {
    if ((e.text != "GREATEST" && e.text != "LEAST") || !has(clock)) continue;
    for (Code& arg : code.args)
      if (arg.op == Op::constant && arg.type.base == Base::text) arg = converted(std::move(arg), simple(clock));
  }
  const bool wider_exists = has(Base::real) || has(Base::decimal);
  if ((e.text == "GREATEST" || e.text == "LEAST") && has(Base::integer) && has(Base::bigint) && !wider_exists) {
    complaint_.say("E19", e.at, e.text + " is ambiguous for INTEGER and BIGINT together; CAST one, as CAST(x AS BIGINT).");
    return code;
  }
  const Fit fit = fitting(e.text, code.args);
  if (!fit.function) {
    no_such_call(e, code.args);
    return code;
  }
  code.function = fit.function;
  code.type = fit.result;
  for (std::size_t i = 0; i < code.args.size(); ++i) code.args[i] = converted(std::move(code.args[i]), fit.takes[i]);
  return code;
}

void Compiler::no_such_call(const Expression& e, const std::vector<Code>& args) {
  complain_of_unknown_function(e, complaint_);
  const std::vector<const Function*> known = functions_named(e.text);
  std::vector<std::string> have;
  for (const Code& arg : args) have.push_back(type_text(arg.type));
  std::vector<std::string> takes;
  for (const Function* each : known) takes.push_back(signature_text(*each));
  complaint_.say(
      "E19", e.at,
      e.text + " does not take (" + joined(have) + "). It is called as " + joined(takes, " or ") + "; CAST what does not fit.");
}

// TRANSFORM, FILTER and REDUCE bind the names of their lambda to the elements of what they go through.
Code Compiler::call_with_lambda(const Expression& e) {
  Code code = leaf(Op::call, Type(), e.at);
  const std::vector<const Function*> known = functions_named(e.text);
  const bool right = known.size() == 1 && known[0]->result == "LAMBDA";
  if (!right || e.args.size() < 2) {
    complaint_.say("E19", e.at, e.text + " takes no expression with =>; TRANSFORM, FILTER and REDUCE do.");
    return code;
  }
  code.function = known[0];
  code.args.push_back(run(e.args[0]));
  if (complaint_.any()) return code;
  const Type over = code.args[0].type;
  const bool reduce = e.text == "REDUCE";
  std::vector<Type> names;
  std::size_t next = 1;
  if (reduce) {
    code.args.push_back(run(e.args[next++]));
    names.push_back(code.args[1].type);
  }
  if (over.base != Base::array && over.base != Base::map) {
    complaint_.say("E19", e.at, e.text + " goes through an ARRAY or a MAP, but this is " + type_text(over) + ".");
    return code;
  }
  names.insert(names.end(), over.of.begin(), over.of.end());
  for (; next < e.args.size() && !complaint_.any(); ++next) {
    const Expression& l = e.args[next];
    if (l.node != Node::lambda || l.names.size() != names.size()) {
      complaint_.say("E19", l.at,
                     e.text + " wants an expression with " + std::to_string(names.size()) + " names before => here.");
      return code;
    }
    Code lambda = leaf(Op::lambda, Type(), l.at);
    lambda.index = locals_.size();
    for (std::size_t i = 0; i < names.size(); ++i) locals_.push_back({l.names[i], names[i]});
    lambda.args.push_back(run(l.args[0]));
    locals_.resize(lambda.index);
    lambda.type = lambda.args[0].type;
    code.args.push_back(std::move(lambda));
  }
  const std::size_t lambdas = code.args.size() - (reduce ? 2 : 1);
  const bool map = over.base == Base::map;
  if (lambdas != (map && e.text == "TRANSFORM" ? 2U : 1U))
    complaint_.say("E19", e.at, e.text + " has too many or too few expressions with =>.");
  if (complaint_.any()) return code;
  const Type made = code.args.back().type;
  if (e.text == "FILTER") {
    want_truth(code.args.back().args[0], "FILTER");
    code.type = over;
  } else if (reduce) {
    code.type = code.args[1].type;
    if (!widens(made, code.type))
      complaint_.say("E19", e.at, "REDUCE begins with " + type_text(code.type) + " but goes on with " + type_text(made) + ".");
  } else {
    code.type = map ? map_of(code.args[1].type, made) : array_of(made);
  }
  return code;
}

}  // namespace nutshell::streams
