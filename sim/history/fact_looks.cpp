#include "sim/history/fact_looks.h"

#include <array>
#include <type_traits>

#include "sim/check/promises.h"

namespace nutshell {

namespace {

template <class F>
constexpr bool has_field(std::string_view wanted) {
  bool found = false;
  F::each_field([&](std::string_view name, auto) { found = found || name == wanted; });
  return found;
}

// Whether all that stands in braces is a field of the fact.
template <class F>
constexpr bool names_fields(std::string_view text) {
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos || !has_field<F>(text.substr(open + 1, close - open - 1))) return false;
  }
  return true;
}

consteval bool all_name_fields() {
  bool all = true;
  FactKinds::each([&]<class F>(const F&) {
    const FactLooks& row = kLooksOf<F>;
    all = all && names_fields<F>(row.label) && names_fields<F>(row.mark ? row.mark->text : "");
  });
  return all;
}
static_assert(all_name_fields(),
              "what a label or a mark has in braces is a field of its fact");

class Speller {
 public:
  Speller(const Namer& namer, const std::function<std::string(TopicPartition)>& partition) : namer_(namer), partition_(partition) {}

  template <class T>
  std::string operator()(const T& value) const {
    if constexpr (std::is_same_v<T, TopicPartition>) return partition_(value);
    else if constexpr (refers_to<T, Reference::node>()) return namer_.node(value);
    else if constexpr (refers_to<T, Reference::topic>() || refers_to<T, Reference::group>() || refers_to<T, Reference::name>())
      return namer_.name(value);
    else if constexpr (refers_to<T, Reference::promise>()) return std::string(promises()[static_cast<std::size_t>(value.number)].title);
    else if constexpr (IsReference<T>) return std::to_string(value.number);
    else if constexpr (std::is_integral_v<T>) return std::to_string(value);
    else return "";
  }

 private:
  const Namer& namer_;
  const std::function<std::string(TopicPartition)>& partition_;
};

struct OffsetsReader {
  std::optional<FactOffsets> operator()(const BatchAppended& f) const { return {{f.base_offset, f.base_offset + f.count}}; }
  std::optional<FactOffsets> operator()(const RecordsAcked& f) const {
    if (f.base_offset < 0) return std::nullopt;
    return {{f.base_offset, f.base_offset + f.count}};
  }
  std::optional<FactOffsets> operator()(const RecordsDelivered& f) const { return {{f.first, f.last + 1}}; }
  std::optional<FactOffsets> operator()(const HighWatermarkMoved& f) const { return {{f.from, f.to}}; }
  std::optional<FactOffsets> operator()(const LogTruncated& f) const { return {{f.from, f.to}}; }
  std::optional<FactOffsets> operator()(const LogStartRaised& f) const { return {{f.from, f.to}}; }
  std::optional<FactOffsets> operator()(const RecordCompacted& f) const { return {{f.offset, f.offset + 1}}; }
};

}  // namespace

std::string_view fact_kind_label(FactKind kind) {
  constexpr std::array<std::string_view, kFactKinds> kLabels = {"other",   "elections", "ISR",     "groups",
                                                                "clients", "faults",    "promises"};
  return kLabels[static_cast<std::size_t>(kind)];
}

std::string spell(std::string_view text, const FactBody& body, const Namer& namer,
                  const std::function<std::string(TopicPartition)>& partition) {
  const Speller speller(namer, partition);
  std::string spelt;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    spelt += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    const std::string_view wanted = text.substr(open + 1, close - open - 1);
    body.visit([&](const auto& fact) {
      for_each_field(fact, [&](std::string_view name, const auto& value) {
        if (name == wanted) spelt += speller(value);
      });
    });
    text.remove_prefix(close + 1);
  }
  return spelt;
}

std::optional<FactOffsets> offsets_of(const FactBody& body) {
  return read_fact<kOffsets>(body, OffsetsReader{}, std::optional<FactOffsets>());
}

}  // namespace nutshell
