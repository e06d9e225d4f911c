#include "sim/scenario/value_path.h"

#include <algorithm>
#include <optional>

#include "sim/cluster/describe.h"
#include "sim/core/text.h"
#include "sim/scenario/ksql_json.h"
#include "sim/scenario/rivals.h"
#include "sim/scenario/wires_json.h"

namespace nutshell {
namespace {

// The names that may stand in a part of a path; nullopt: anything.
std::optional<std::vector<std::string_view>> names_of(PathPart part, const Vocabulary& known) {
  std::vector<std::string_view> names;
  switch (part) {
    case PathPart::topic:
      names = views(known.topics);
      names.push_back(kOffsetsTopic);
      return names;
    case PathPart::group: return views(known.groups);
    case PathPart::member: return std::nullopt;  // a client, or the id that the coordinator gave it
    case PathPart::broker: return views(known.broker_ids);
    case PathPart::voter: return views(known.quorum);
    case PathPart::zone: return views(known.zones);
    case PathPart::partition: break;
  }
  return std::nullopt;
}

std::string_view kind_of_part(PathPart part) {
  switch (part) {
    case PathPart::topic: return "topic";
    case PathPart::group: return "group";
    case PathPart::member: return "member";
    case PathPart::broker: return "broker";
    case PathPart::voter: return "controller";
    case PathPart::zone: return "zone";
    case PathPart::partition: break;
  }
  return "partition";
}

// Why the path is not of that shape; nullopt: it has another number of parts. `near` is what was meant.
std::optional<std::string> wrong_in(const PathShape& shape, const std::vector<std::string>& parts, const Vocabulary& known,
                                    std::string& near) {
  if (parts.size() != shape.parts.size() + 2) return std::nullopt;
  for (std::size_t i = 0; i < shape.parts.size(); ++i) {
    const PathPart part = shape.parts[i];
    const std::string& name = parts[i + 1];
    const std::optional<std::int64_t> number = parse_integer(name);
    if (part == PathPart::partition && (!number || *number < 0)) return "'" + name + "' is no number of a partition";
    const auto names = names_of(part, known);
    if (!names || std::find(names->begin(), names->end(), name) != names->end()) continue;
    near = nearest_name(name, *names);
    return "there is no " + std::string(kind_of_part(part)) + " named '" + name + "'";
  }
  if (std::find(shape.columns.begin(), shape.columns.end(), parts.back()) != shape.columns.end()) return "";
  near = nearest_name(parts.back(), shape.columns);
  std::string columns;
  for (std::string_view each : shape.columns) columns += (columns.empty() ? "" : ", ") + std::string(each);
  return "there is no column '" + parts.back() + "'" + (near.empty() ? "; there are " + columns : "");
}

}  // namespace

void check_value_path(ObjectReader& object, const std::string& path, const Vocabulary& known) {
  if (is_ksql_path(path)) return;  // whether there is such a thing, only its rows tell
  if (is_rival_path(path)) {
    const std::string none = "speaks of a workload on several systems; here is a cluster";
    const std::string wrong = known.rivals ? wrong_rival_path(*known.rivals, path) : none;
    if (!wrong.empty()) object.reading().report(object.path("value"), wrong);
    return;
  }
  if (is_wires_path(path)) {
    const std::string wrong = known.wires ? wrong_wires_path(path) : "speaks of wires between programs; here there are none";
    if (!wrong.empty()) object.reading().report(object.path("value"), wrong);
    return;
  }
  const std::vector<std::string_view>& subjects = describe_subjects();
  std::vector<std::string> parts;
  for (std::string_view each : split(path, '/')) parts.emplace_back(each);
  if (std::find(subjects.begin(), subjects.end(), parts.front()) == subjects.end())
    return object.reading().report_unknown(object.path("value"), "subject", parts.front(), subjects);
  std::string wrong, hint, forms;
  for (const PathShape& shape : describe_paths()) {
    if (shape.subject != parts.front()) continue;
    std::string near;
    const std::optional<std::string> what = wrong_in(shape, parts, known, near);
    if (what && what->empty()) return;
    if (what && wrong.empty()) {
      wrong = *what;
      hint = near;
    }
    forms += (forms.empty() ? "" : " or ") + shape.example();
  }
  object.reading().report(object.path("value"), wrong.empty() ? "leads to no value; write " + forms : wrong, hint);
}

}  // namespace nutshell
