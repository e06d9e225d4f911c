#include "sim/schema/avro_resolve.h"

#include <algorithm>
#include <set>
#include <string>

namespace nutshell {
namespace {

constexpr std::size_t kMaxAvroReasons = 50;

bool is_named(AvroKind kind) { return kind == AvroKind::record || kind == AvroKind::enumeration || kind == AvroKind::fixed; }

// Symbols that may be written and are not known, as a text: "'c', 'd'".
std::string strange_symbols(const AvroType& writer, const AvroType& reader) {
  std::string strange;
  for (const std::string& each : writer.symbols) {
    if (std::find(reader.symbols.begin(), reader.symbols.end(), each) == reader.symbols.end())
      strange += (strange.empty() ? "'" : ", '") + each + "'";
  }
  return strange;
}

}  // namespace

bool avro_promotes(AvroKind from, AvroKind to) {
  switch (to) {
    case AvroKind::int64: return from == AvroKind::int32;
    case AvroKind::float32: return from == AvroKind::int32 || from == AvroKind::int64;
    case AvroKind::float64: return from == AvroKind::int32 || from == AvroKind::int64 || from == AvroKind::float32;
    case AvroKind::bytes: return from == AvroKind::text;
    case AvroKind::text: return from == AvroKind::bytes;
    default: return false;
  }
}

bool avro_names_match(const AvroType& writer, const AvroType& reader) {
  return bare_avro_name(writer.name) == bare_avro_name(reader.name) ||
         std::find(reader.aliases.begin(), reader.aliases.end(), writer.name) != reader.aliases.end();
}

AvroResolution::AvroResolution(const AvroSchema& writer, const AvroSchema& reader) : writer_(writer), reader_(reader) {
  std::vector<Pair> open = {{writer.root, reader.root}};
  reads_[open.front()] = true;
  while (!open.empty()) {
    const Pair pair = open.back();
    open.pop_back();
    for (const Pair& each : needs(pair)) {
      if (reads_.emplace(each, true).second) open.push_back(each);
    }
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (auto& [pair, good] : reads_) {
      if (!good || holds(pair)) continue;
      good = false;
      changed = true;
    }
  }
}

bool AvroResolution::reads(std::size_t writer_type, std::size_t reader_type) const {
  const auto found = reads_.find({writer_type, reader_type});
  return found != reads_.end() && found->second;
}

std::optional<std::size_t> AvroResolution::field_for(const AvroType& writer, const AvroType& reader, std::size_t reader_field) const {
  const auto named = [](const AvroType& record, const std::string& name) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      if (record.fields[i].name == name) return i;
    }
    return std::nullopt;
  };
  const AvroField& field = reader.fields[reader_field];
  if (const auto same = named(writer, field.name)) return same;
  for (const std::string& alias : field.aliases) {
    // A name that the reader has a field of its own for is that field's.
    if (const auto other = named(writer, alias); other && !named(reader, alias)) return other;
  }
  return std::nullopt;
}

std::vector<AvroResolution::Pair> AvroResolution::needs(Pair pair) const {
  const AvroType& writer = writer_.at(pair.first);
  const AvroType& reader = reader_.at(pair.second);
  std::vector<Pair> found;
  if (writer.kind == AvroKind::one_of) {
    for (const std::size_t branch : writer.branches) found.emplace_back(branch, pair.second);
  } else if (reader.kind == AvroKind::one_of) {
    for (const std::size_t branch : reader.branches) found.emplace_back(pair.first, branch);
  } else if (writer.kind == reader.kind && (writer.kind == AvroKind::array || writer.kind == AvroKind::map)) {
    found.emplace_back(writer.element, reader.element);
  } else if (writer.kind == reader.kind && writer.kind == AvroKind::record && avro_names_match(writer, reader)) {
    for (std::size_t i = 0; i < reader.fields.size(); ++i) {
      if (const auto from = field_for(writer, reader, i)) found.emplace_back(writer.fields[*from].type, reader.fields[i].type);
    }
  }
  return found;
}

bool AvroResolution::holds(Pair pair) const {
  const AvroType& writer = writer_.at(pair.first);
  const AvroType& reader = reader_.at(pair.second);
  const std::vector<Pair> parts = needs(pair);
  const auto good = [&](const Pair& each) { return reads(each.first, each.second); };
  if (writer.kind != AvroKind::one_of && reader.kind == AvroKind::one_of) return std::any_of(parts.begin(), parts.end(), good);
  if (!std::all_of(parts.begin(), parts.end(), good)) return false;
  if (writer.kind == AvroKind::one_of) return true;
  if (writer.kind != reader.kind) return avro_promotes(writer.kind, reader.kind);
  if (is_named(writer.kind) && !avro_names_match(writer, reader)) return false;
  switch (writer.kind) {
    case AvroKind::fixed: return writer.size == reader.size;
    case AvroKind::enumeration: return reader.fallback || strange_symbols(writer, reader).empty();
    case AvroKind::record:
      for (std::size_t i = 0; i < reader.fields.size(); ++i) {
        if (!field_for(writer, reader, i) && !reader.fields[i].fallback) return false;
      }
      return true;
    default: return true;
  }
}

std::optional<std::size_t> AvroResolution::branch_for(std::size_t writer_type, std::size_t reader_type) const {
  std::optional<std::size_t> first;
  const std::vector<std::size_t>& branches = reader_.at(reader_type).branches;
  for (std::size_t i = 0; i < branches.size(); ++i) {
    if (!reads(writer_type, branches[i])) continue;
    if (reader_.at(branches[i]).kind == writer_.at(writer_type).kind) return i;
    if (!first) first = i;
  }
  return first;
}

// Walks the pairs that cannot be read down to what is to blame.
class AvroExplainer {
 public:
  AvroExplainer(const AvroResolution& resolution, NewSide side) : it_(resolution), new_reads_(side == NewSide::reader) {}

  void explain(std::size_t writer_type, std::size_t reader_type, const std::string& where) {
    if (it_.reads(writer_type, reader_type) || reasons_.size() >= kMaxAvroReasons || !seen_.emplace(writer_type, reader_type).second)
      return;
    const AvroType& writer = it_.writer_.at(writer_type);
    const AvroType& reader = it_.reader_.at(reader_type);
    if (writer.kind == AvroKind::one_of) return explain_branches(writer, reader_type, where);
    if (reader.kind == AvroKind::one_of) return explain_no_branch(writer_type, reader_type, where);
    if (writer.kind != reader.kind) return explain_kinds(writer_type, reader_type, where);
    if (is_named(writer.kind) && !avro_names_match(writer, reader)) return explain_names(writer, reader, where);
    const std::string inside = where.empty() ? std::string(bare_avro_name(reader.name)) : where;
    switch (writer.kind) {
      case AvroKind::array: return explain(writer.element, reader.element, where + "[]");
      case AvroKind::map: return explain(writer.element, reader.element, where + "{}");
      case AvroKind::record: return explain_fields(writer, reader, inside);
      case AvroKind::enumeration: return explain_symbols(writer, reader, inside);
      default:
        add(inside, "the writer writes " + std::to_string(writer.size) + " bytes, the reader takes " + std::to_string(reader.size),
            "keep the size of a fixed; add a new field for another");
    }
  }

  SchemaReasons take() { return std::move(reasons_); }

 private:
  void add(std::string where, std::string what, std::string remedy) {
    reasons_.push_back({std::move(where), std::move(what), std::move(remedy)});
  }

  void explain_branches(const AvroType& writer, std::size_t reader_type, const std::string& where) {
    for (const std::size_t branch : writer.branches) explain(branch, reader_type, where);
  }

  void explain_no_branch(std::size_t writer_type, std::size_t reader_type, const std::string& where) {
    // If one branch has the same kind, what is wrong is in there.
    for (const std::size_t branch : it_.reader_.at(reader_type).branches) {
      const AvroType& other = it_.reader_.at(branch);
      const AvroType& own = it_.writer_.at(writer_type);
      if (other.kind == own.kind && (!is_named(own.kind) || avro_names_match(own, other))) return explain(writer_type, branch, where);
    }
    const std::string name = avro_name(it_.writer_, writer_type);
    add(where, "the writer may write " + name + ", and no branch of the reader's " + avro_name(it_.reader_, reader_type) + " takes it",
        new_reads_ ? "keep " + name + " in the union" : "let readers learn it first: add it to the union, upgrade them, then write it");
  }

  void explain_kinds(std::size_t writer_type, std::size_t reader_type, const std::string& where) {
    const AvroKind from = it_.writer_.at(writer_type).kind, to = it_.reader_.at(reader_type).kind;
    const std::string written = avro_name(it_.writer_, writer_type), read = avro_name(it_.reader_, reader_type);
    std::string remedy = "keep the type, and add a new field for the other one";
    if (avro_promotes(to, from)) remedy = "promotion is one-way: " + read + " may become " + written + " for readers, not back";
    add(where, "the writer writes " + written + ", which a reader of " + read + " cannot take", std::move(remedy));
  }

  void explain_names(const AvroType& writer, const AvroType& reader, const std::string& where) {
    const std::string word(avro_word(writer.kind));
    const std::string name = new_reads_ ? writer.name : reader.name;
    add(where, "the writer's " + word + " is named " + writer.name + ", the reader's " + reader.name,
        new_reads_ ? "keep the name, or give the new one the alias " + name
                   : "keep the name " + name + "; an alias helps new readers only");
  }

  void explain_fields(const AvroType& writer, const AvroType& reader, const std::string& where) {
    for (std::size_t i = 0; i < reader.fields.size(); ++i) {
      const AvroField& field = reader.fields[i];
      const std::string place = where + "." + field.name;
      if (const auto from = it_.field_for(writer, reader, i)) {
        explain(writer.fields[*from].type, field.type, place);
      } else if (!field.fallback) {
        add(place, "the writer does not write it, and the reader has no default for it",
            new_reads_ ? "give the new field a default" + renamed_hint(writer, reader, field)
                       : "old readers need it: keep the field; with a default it could have gone");
      }
    }
  }

  // A field that has gone while another of its kind has come may only have another name.
  std::string renamed_hint(const AvroType& writer, const AvroType& reader, const AvroField& field) const {
    for (const AvroField& each : writer.fields) {
      const auto same = [&](const AvroField& other) { return other.name == each.name; };
      const AvroKind from = it_.writer_.at(each.type).kind, to = it_.reader_.at(field.type).kind;
      const bool fits = from == to || avro_promotes(from, to);
      if (fits && std::none_of(reader.fields.begin(), reader.fields.end(), same))
        return ", or, if it is '" + each.name + "' renamed, the alias '" + each.name + "'";
    }
    return "";
  }

  void explain_symbols(const AvroType& writer, const AvroType& reader, const std::string& where) {
    add(where,
        "the writer may write " + strange_symbols(writer, reader) + ", which the reader's enum " +
            std::string(bare_avro_name(reader.name)) + " has not, nor a default for it",
        new_reads_ ? "keep the symbols, or give the enum a default"
                   : "old readers needed a default; upgrade them before this is written");
  }

  const AvroResolution& it_;
  bool new_reads_;
  std::set<std::pair<std::size_t, std::size_t>> seen_;
  SchemaReasons reasons_;
};

SchemaReasons AvroResolution::reasons(NewSide side) const {
  AvroExplainer explainer(*this, side);
  explainer.explain(writer_.root, reader_.root, "");
  return explainer.take();
}

}  // namespace nutshell
