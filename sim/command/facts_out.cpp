#include "sim/command/facts_out.h"

#include <algorithm>

#include "sim/command/json_out.h"
#include "sim/core/text.h"
#include "sim/history/fact_pattern.h"

namespace nutshell {

namespace {

constexpr std::size_t kTimeWidth = 10;  // at least

bool is_bare(FieldKind kind) {
  return kind == FieldKind::broker || kind == FieldKind::integer || kind == FieldKind::boolean;
}

}  // namespace

std::string timed(Time at, std::string_view text, Time until) {
  const std::string time = format_time(at);
  const std::size_t width = std::max(kTimeWidth, widest_time(until).size());
  return std::string(width - std::min(width, time.size()), ' ') + time + "  " + std::string(text);
}

std::string fact_json(const Fact& fact, const Namer& namer) {
  JsonObject fields;
  for (const FieldShape& field : find_fact_shape(fact_name(fact.body))->fields) {
    const std::string value = field_text(fact.body, field.name, namer);
    fields.json(field.name, is_bare(field.kind) ? value : json_string(value));
  }
  return JsonObject()
      .number("at", fact.at)
      .text("time", format_time(fact.at))
      .count("step", fact.step)
      .text("fact", fact_name(fact.body))
      .text("level", level_name(fact_level(fact.body)))
      .json("fields", fields.done())
      .text("sentence", sentence(fact.body, namer))
      .done();
}

std::string_view level_name(FactLevel level) {
  switch (level) {
    case FactLevel::story: return "story";
    case FactLevel::protocol: return "protocol";
    case FactLevel::detail: break;
  }
  return "detail";
}

}  // namespace nutshell
