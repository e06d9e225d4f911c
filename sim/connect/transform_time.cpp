// TimestampConverter: a time in one form as the same in another.
#include <limits>

#include "sim/connect/table.h"
#include "sim/connect/transform.h"
#include "sim/streams/calendar.h"

namespace nutshell::connect {
namespace {

constexpr std::string_view kDateName = "org.apache.kafka.connect.data.Date", kTimeName = "org.apache.kafka.connect.data.Time";
constexpr std::int64_t kMsOfDay = 24ll * 3600 * 1000;

std::int64_t day_of(std::int64_t ms) { return (ms >= 0 ? ms : ms - (kMsOfDay - 1)) / kMsOfDay; }

SchemaPtr schema_of(TimeForm form, bool optional) {
  Schema schema;
  schema.type = form == TimeForm::string                              ? Type::string
                : form == TimeForm::date || form == TimeForm::time ? Type::int32
                                                                      : Type::int64;
  schema.optional = optional;
  const bool logical = form == TimeForm::date || form == TimeForm::time || form == TimeForm::timestamp;
  if (logical) schema.version = 1;
  if (logical) schema.name = form == TimeForm::date ? kDateName : form == TimeForm::time ? kTimeName : kTimestampName;
  return std::make_shared<const Schema>(std::move(schema));
}

// As Java's TimeUnit: what does not fit is the greatest or the least that does.
std::int64_t times(std::int64_t number, std::int64_t by) {
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(number, by, &product)) return product;
  return (number < 0) == (by < 0) ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

// What it is now, by its schema, or by the value where there is none. Nothing: no time.
std::optional<TimeForm> form_of(const Data& data) {
  if (data.schema) {
    const std::string& name = data.schema->name;
    if (name == kTimestampName) return TimeForm::timestamp;
    if (name == kDateName) return TimeForm::date;
    if (name == kTimeName) return TimeForm::time;
    if (data.schema->type == Type::string) return TimeForm::string;
    return data.schema->type == Type::int64 ? std::optional(TimeForm::unix) : std::nullopt;
  }
  if (data.value.text()) return TimeForm::string;
  return data.value.whole() ? std::optional(TimeForm::unix) : std::nullopt;
}

bool to_ms(const Transform& t, const Data& data, std::int64_t& ms, Failure& failure) {
  const auto form = form_of(data);
  if (!form) return failure.data("it is no time: a text, an int64, or a Date, Time or Timestamp");
  if (*form == TimeForm::string) {
    const auto read = streams::parse_by(t.timestamp_format, data.value.text() ? *data.value.text() : "");
    if (!read) return failure.data("\"" + text_of(data) + "\" is no time of the pattern " + t.timestamp_format);
    ms = *read;
    return true;
  }
  if (!data.value.whole()) return failure.data("the schema says that it is a time, and the value is none");
  ms = *data.value.whole();
  if (*form == TimeForm::unix) ms = times(ms, t.ms_per_unix) / t.unix_per_ms;
  if (*form == TimeForm::date) ms = times(ms, kMsOfDay);
  return true;
}

Value from_ms(const Transform& t, std::int64_t ms) {
  switch (t.time_form) {
    case TimeForm::string: return Value(streams::format_by(t.timestamp_format, ms).value_or(""));
    case TimeForm::unix: return Value(times(ms, t.unix_per_ms) / t.ms_per_unix);
    case TimeForm::date: return Value(day_of(ms));
    case TimeForm::time: return Value(ms - day_of(ms) * kMsOfDay);
    case TimeForm::timestamp: break;
  }
  return Value(ms);
}

// Null stays null, with the new schema.
bool convert_one(const Transform& t, Data& data, Failure& failure) {
  std::int64_t ms = 0;
  const bool null = data.value.null();
  if (!null && !to_ms(t, data, ms, failure)) return false;
  if (data.schema) data.schema = schema_of(t.time_form, data.schema->optional);
  if (!null) data.value = from_ms(t, ms);
  return true;
}

}  // namespace

void read_timestamp_converter(Transform& t, Settings& settings, const std::string& prefix) {
  t.fields = {settings.text(prefix + "field")};
  settings.required(prefix + "target.type");
  t.time_form = static_cast<TimeForm>(settings.one_of(prefix + "target.type", {"string", "unix", "Date", "Time", "Timestamp"}));
  t.timestamp_format = settings.text(prefix + "format");
  if (t.time_form == TimeForm::string && t.timestamp_format.empty())
    settings.wrong("\"" + prefix + "format\" is missing; a time as text wants a pattern like yyyy-MM-dd");
  if (!t.timestamp_format.empty() && !streams::format_by(t.timestamp_format, 0))
    settings.wrong("\"" + prefix + "format\" is no pattern of a date; write one like yyyy-MM-dd");
  switch (settings.one_of(prefix + "unix.precision", {"milliseconds", "seconds", "microseconds", "nanoseconds"})) {
    case 1: t.ms_per_unix = 1000; break;
    case 2: t.unix_per_ms = 1000; break;
    case 3: t.unix_per_ms = 1'000'000; break;
    default: break;
  }
}

bool convert_time(const Transform& t, Data& data, Failure& failure) {
  const std::string& name = t.fields[0];
  if (name.empty()) return convert_one(t, data, failure);
  if (data.value.null()) return true;
  if (!has_members("converting a time", data, failure)) return false;
  std::vector<Field> fields = data.schema ? data.schema->fields : std::vector<Field>{};
  Members members = *data.value.members();
  for (Member& member : members) {
    if (member.name != name) continue;
    Data one = field_of(data, name).value_or(Data{});
    if (!convert_one(t, one, failure)) return false;
    member.value = one.value;
  }
  for (Field& field : fields)
    if (field.name == name) field.schema = schema_of(t.time_form, field.schema->optional);
  data = {with_fields(data.schema, std::move(fields)), Value(std::move(members))};
  return true;
}

}  // namespace nutshell::connect
