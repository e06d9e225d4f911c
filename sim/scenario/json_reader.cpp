#include "sim/scenario/json_reader.h"

#include <algorithm>

#include "sim/core/text.h"
#include "sim/scenario/scenario.h"

namespace nutshell {
namespace {

constexpr std::size_t kFewNames = 8;
constexpr std::size_t kMaxQuote = 60;

std::string type_name(const Json& value) {
  switch (value.type()) {
    case Json::value_t::null:
      return "null";
    case Json::value_t::boolean:
      return "true or false";
    case Json::value_t::string:
      return "text";
    case Json::value_t::array:
      return "a list";
    case Json::value_t::object:
      return "an object";
    default:
      return "a number";
  }
}

std::string instead(std::string_view wanted, const Json& value) {
  return "must be " + std::string(wanted) + ", but is " + type_name(value);
}

// Bytes that a terminal would obey: control characters other than the line end.
bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  });
}

std::string out_of(Bounds bounds, std::string (*print)(std::int64_t)) {
  if (bounds.high == Bounds{}.high) return "must be at least " + print(bounds.low);
  return "must be from " + print(bounds.low) + " to " + print(bounds.high);
}

// A name so long is no slip of the pen, and comparing it would take its time.
std::string near(std::string_view name, const std::vector<std::string_view>& known) {
  return name.size() > kMaxName ? "" : nearest_name(name, known);
}

std::string shortened(std::string_view name) {
  if (name.size() <= kMaxQuote) return std::string(name);
  std::size_t end = kMaxQuote;
  while ((static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
  return std::string(name.substr(0, end)) + "...";
}

std::string unknown(std::string_view kind, std::string_view name, const std::vector<std::string_view>& known,
                    const std::string& hint) {
  std::string what = "there is no " + std::string(kind) + " named '" + shortened(name) + "'";
  if (!hint.empty() || known.size() > kFewNames) return what;
  if (known.empty()) return what + "; there is none at all";
  what += "; there is";
  for (std::size_t i = 0; i < known.size(); ++i) {
    what += (i == 0 ? " '" : i + 1 == known.size() ? " and '" : ", '") + std::string(known[i]) + "'";
  }
  return what;
}

std::string print_integer(std::int64_t value) { return std::to_string(value); }
std::string print_duration(std::int64_t value) { return format_duration(value); }

}  // namespace

void JsonSource::report(const std::string& path, std::string what, std::string hint) {
  const TextPlace place = places.value(path);
  problems.push_back({file, place.line, place.column, path, std::move(what), std::move(hint)});
}

void JsonSource::report_key(const std::string& path, std::string what, std::string hint) {
  const TextPlace place = places.key(path);
  problems.push_back({file, place.line, place.column, path, std::move(what), std::move(hint)});
}

void JsonSource::report_unknown(const std::string& path, std::string_view kind, std::string_view name,
                                const std::vector<std::string_view>& known) {
  const std::string hint = near(name, known);
  report(path, unknown(kind, name, known, hint), hint);
}

void JsonSource::report_unknown_key(const std::string& path, std::string_view kind, std::string_view name,
                                    const std::vector<std::string_view>& known) {
  const std::string hint = near(name, known);
  report_key(path, unknown(kind, name, known, hint), hint);
}

std::string quoted(const Json& value) { return shortened(value.dump(-1, ' ', false, Json::error_handler_t::replace)); }

bool read_text(JsonSource& reading, const Json& value, const std::string& path, std::string& out) {
  if (!value.is_string()) {
    reading.report(path, instead("text", value));
    return false;
  }
  const auto& text = value.get_ref<const std::string&>();
  if (text.size() > kMaxText) {
    reading.report(path, "is longer than " + std::to_string(kMaxText) + " bytes");
    return false;
  }
  if (has_control_characters(text)) {
    reading.report(path, "holds control characters");
    return false;
  }
  out = text;
  return true;
}

bool read_bool(JsonSource& reading, const Json& value, const std::string& path, bool& out) {
  if (!value.is_boolean()) {
    reading.report(path, instead("true or false", value));
    return false;
  }
  out = value.get<bool>();
  return true;
}

bool read_integer(JsonSource& reading, const Json& value, const std::string& path, std::int64_t& out, Bounds bounds) {
  // Other numbers have been reported when their places were looked for.
  if (value.is_number_float()) return false;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(Bounds{}.high))
    return false;
  if (!value.is_number_integer()) {
    reading.report(path, instead("a whole number", value));
    return false;
  }
  const auto number = value.get<std::int64_t>();
  if (number < bounds.low || number > bounds.high) {
    reading.report(path, out_of(bounds, print_integer) + ", but is " + std::to_string(number));
    return false;
  }
  out = number;
  return true;
}

bool read_duration(JsonSource& reading, const Json& value, const std::string& path, Duration& out, Bounds bounds) {
  if (!value.is_string()) {
    reading.report(path, instead("a duration as text, such as \"500ms\" or \"9s\"", value));
    return false;
  }
  const std::optional<Duration> duration = parse_duration(value.get_ref<const std::string&>());
  if (!duration) {
    reading.report(path, "is no duration: " + quoted(value) + "; " + kDurationHelp);
    return false;
  }
  if (*duration < bounds.low || *duration > bounds.high) {
    reading.report(path, out_of(bounds, print_duration) + ", but is " + format_duration(*duration));
    return false;
  }
  out = *duration;
  return true;
}

ObjectReader::ObjectReader(JsonSource& reading, const Json& value, std::string path)
    : reading_(reading), path_(std::move(path)) {
  if (value.is_object()) {
    object_ = &value;
  } else {
    reading_.report(path_, instead("an object", value));
  }
}

const Json* ObjectReader::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  if (!object_) return nullptr;
  const auto found = object_->find(std::string(key));
  return found == object_->end() ? nullptr : &*found;
}

const Json* ObjectReader::need(std::string_view key) {
  const Json* member = find(key);
  if (!member && object_) reading_.report(path_, "needs \"" + std::string(key) + "\"");
  return member;
}

bool ObjectReader::text(std::string_view key, std::string& out) {
  const Json* member = find(key);
  return member && read_text(reading_, *member, path(key), out);
}

bool ObjectReader::boolean(std::string_view key, bool& out) {
  const Json* member = find(key);
  return member && read_bool(reading_, *member, path(key), out);
}

bool ObjectReader::duration(std::string_view key, Duration& out, Bounds bounds) {
  const Json* member = find(key);
  return member && read_duration(reading_, *member, path(key), out, bounds);
}

bool ObjectReader::is_array(const Json& value, const std::string& path, std::size_t most) {
  if (!value.is_array()) {
    reading_.report(path, instead("a list", value));
    return false;
  }
  if (value.size() > most) {
    reading_.report(
        path, "has " + std::to_string(value.size()) + " elements, at most " + std::to_string(most) + " are allowed");
    return false;
  }
  return true;
}

void ObjectReader::finish() {
  if (!object_) return;
  for (const auto& [key, value] : object_->items()) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    reading_.report_key(path(key), "is not a known key here", near(key, known_));
  }
}

}  // namespace nutshell
