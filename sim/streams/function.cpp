#include "sim/streams/function.h"

#include <algorithm>
#include <map>

#include "sim/streams/parser.h"

namespace nutshell::streams {
namespace {

struct Signature {
  const Function* function = nullptr;
  Type result;
  std::vector<Type> takes;
  bool more = false;
};

// A type as a signature writes it: DECIMAL without size is one of any.
Type signature_type(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text == "DECIMAL") return simple(Base::decimal);
  if (text == "UNIT") return simple(Base::unit);
  if (text == "LAMBDA") return simple(Base::lambda);
  if (text == "STRUCT") return simple(Base::structure);
  Complaint nobody;
  return parse_type(text, nobody);
}

Signature read_signature(const Function& function) {
  Signature s;
  s.function = &function;
  s.result = signature_type(function.result);
  std::string_view takes = function.takes;
  if (takes.size() >= 3 && takes.substr(takes.size() - 3) == "...") {
    s.more = true;
    takes.remove_suffix(3);
  }
  int depth = 0;
  std::size_t from = 0;
  for (std::size_t i = 0; i <= takes.size() && !takes.empty(); ++i) {
    if (i < takes.size() && takes[i] == '<') ++depth;
    if (i < takes.size() && takes[i] == '>') --depth;
    if (i < takes.size() && (takes[i] != ',' || depth > 0)) continue;
    s.takes.push_back(signature_type(takes.substr(from, i - from)));
    from = i + 1;
  }
  return s;
}

using Signatures = std::map<std::string, std::vector<Signature>, std::less<>>;

const Signatures& signatures() {
  static const Signatures kAll = [] {
    Signatures all;
    for (const auto* table :
         {&text_functions(), &number_functions(), &time_functions(), &list_functions(), &json_functions(), &regex_functions()}) {
      for (const Function& f : *table) all[std::string(f.name)].push_back(read_signature(f));
    }
    return all;
  }();
  return kAll;
}

struct Binding {
  std::map<std::string, Type> named;
  int cost = 0;

  bool unify(const Type& wanted, const Type& have) {
    if (wanted.base == Base::named) {
      Type& bound = named[wanted.names[0]];
      if (bound == have || have.base == Base::none) return true;
      if (bound.base == Base::none) {
        bound = have;
        return true;
      }
      if (!is_number(bound) || !is_number(have)) return false;
      bound = wider(bound, have);
      return true;
    }
    if (have.base == Base::none) return wanted.base != Base::unit && wanted.base != Base::lambda;
    if (wanted.base == have.base) {
      if (wanted.of.size() != have.of.size()) return wanted.of.empty();
      for (std::size_t i = 0; i < wanted.of.size(); ++i) {
        if (!unify(wanted.of[i], have.of[i])) return false;
      }
      return true;
    }
    if (!is_number(wanted) || !is_number(have) || have.base > wanted.base) return false;
    cost += static_cast<int>(wanted.base) - static_cast<int>(have.base);
    return true;
  }

  // What the signature's type is with the names bound, for an argument of type `have`.
  Type filled(const Type& wanted, const Type& have) const {
    if (wanted.base == Base::named) {
      const auto found = named.find(wanted.names[0]);
      return found == named.end() ? Type() : found->second;
    }
    if (wanted.base == Base::decimal && wanted.precision == 0)
      return as_decimal(have.base == Base::none ? decimal_type(1, 0) : have);
    Type type = wanted.of.empty() && is_nested(wanted) ? have : wanted;
    for (std::size_t i = 0; i < wanted.of.size(); ++i)
      type.of[i] = filled(wanted.of[i], i < have.of.size() ? have.of[i] : Type());
    return type;
  }
};

bool try_signature(const Signature& s, const std::vector<Code>& args, Binding& binding) {
  if (args.size() < s.takes.size() - (s.more ? 1 : 0) || (args.size() > s.takes.size() && !s.more)) return false;
  if (s.more) binding.cost += 1;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (!binding.unify(s.takes[std::min(i, s.takes.size() - 1)], args[i].type)) return false;
  }
  return true;
}

}  // namespace

std::vector<const Function*> functions_named(std::string_view name) {
  std::vector<const Function*> all;
  const auto found = signatures().find(name);
  if (found == signatures().end()) return all;
  for (const Signature& s : found->second) all.push_back(s.function);
  return all;
}

std::vector<std::string> function_names() {
  std::vector<std::string> all;
  for (const auto& each : signatures()) all.push_back(each.first);
  return all;
}

std::string signature_text(const Function& function) {
  return std::string(function.name) + "(" + std::string(function.takes) + ")";
}

Fit fitting(std::string_view name, const std::vector<Code>& args) {
  Fit fit;
  const auto found = signatures().find(name);
  if (found == signatures().end()) return fit;
  int best = 1'000'000;
  for (const Signature& s : found->second) {
    Binding binding;
    if (!try_signature(s, args, binding) || binding.cost >= best) continue;
    best = binding.cost;
    fit.function = s.function;
    fit.takes.clear();
    for (std::size_t i = 0; i < args.size(); ++i)
      fit.takes.push_back(binding.filled(s.takes[std::min(i, s.takes.size() - 1)], args[i].type));
    fit.result = binding.filled(s.result, args.empty() ? Type() : fit.takes[0]);
    // Nothing is left behind the point.
    if (name == "ROUND" && args.size() == 1 && fit.result.base == Base::decimal)
      fit.result = decimal_type(std::max(fit.result.precision - fit.result.scale, 1), 0);
  }
  return fit;
}

Value Call::apply(std::size_t i, const List& locals) {
  const Code& lambda = code.args[i];
  Row room = frame.locals ? *frame.locals : Row();
  room.resize(lambda.index + locals.size());
  std::copy(locals.begin(), locals.end(), room.begin() + static_cast<std::ptrdiff_t>(lambda.index));
  Frame inner;
  inner.row = frame.row;
  inner.locals = &room;
  inner.now = frame.now;
  Value result = evaluate(lambda.args[0], inner);
  return inner.failed ? fail(inner.why) : result;
}

Value sorted_map(List pairs) {
  std::map<Value, Value> sorted;
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) sorted[pairs[i]] = pairs[i + 1];
  List list;
  for (auto& each : sorted) {
    list.push_back(each.first);
    list.push_back(std::move(each.second));
  }
  return Value(std::move(list));
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t character_at(std::string_view text, std::size_t n) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (seen++ == n) return i;
  }
  return text.size();
}

}  // namespace nutshell::streams
