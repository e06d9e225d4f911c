// The card of a schema registry: what its subjects have, version by version, with the ids that stand in records.
#include <algorithm>

#include "sim/registry/server.h"
#include "sim/schema/avro_idl.h"
#include "viz/panels/plain_faces.h"
#include "viz/ui/signs.h"

namespace nutshell {

namespace {

// The id in the hue that records have which were written with it.
void draw_schema_id(Canvas& canvas, std::int32_t id, Rect box) {
  const Hue& hue = canvas.theme.epoch(id);
  canvas.fill(box, hue.fill, 4);
  canvas.text(box.center(), {Face::mono_bold, Size::small}, canvas.theme.ink, std::to_string(id), Align::center);
}

const AvroField* field_named(const AvroSchema& schema, const std::string& name) {
  for (const AvroField& each : schema.at(schema.root).fields)
    if (each.name == name) return &each;
  return nullptr;
}

// What a version changes, the whole of it or in few words: "+ currency = \"EUR\"", "cents: int \u2192 string", "- note".
std::string change_text(const AvroSchema& before, const AvroSchema& after, bool whole) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  for (const AvroField& each : after.at(after.root).fields) {
    const AvroField* old = field_named(before, each.name);
    const std::string type = avro_name(after, each.type);
    if (!old) add("+ " + each.name + (whole && each.fallback ? " = " + compact_json(*each.fallback) : ""));
    else if (avro_name(before, old->type) != type) add(each.name + (whole ? ": " + avro_name(before, old->type) : "") + " \u2192 " + type);
  }
  for (const AvroField& each : before.at(before.root).fields)
    if (!field_named(after, each.name)) add("- " + each.name);
  return text;
}

// The fields of the first version, and of a later one what it changes, in as many words as there is room for.
std::string fields_that_fit(const Canvas& canvas, const AvroSchema& schema, const AvroSchema* before, float room) {
  std::string names;
  for (const AvroField& each : schema.at(schema.root).fields) names += (names.empty() ? "" : ", ") + each.name;
  const std::string whole = before ? change_text(*before, schema, true) : avro_fields_text(schema);
  if (!whole.empty() && canvas.width(kSmall, whole) <= room) return whole;
  const std::string less = before ? change_text(*before, schema, false) : names;
  return less.empty() ? names : less;
}

// In one line: the newest ids, and whose they are.
void draw_ids(Canvas& canvas, const SchemaSubject& subject, Rect line) {
  constexpr std::size_t kShown = 3;
  const float side = line.h * 0.86F;
  const std::size_t first = subject.versions.size() > kShown ? subject.versions.size() - kShown : 0;
  for (std::size_t i = first; i < subject.versions.size(); ++i) {
    draw_schema_id(canvas, subject.versions[i].id, {line.x, line.center().y - side / 2, side, side});
    line.take_left(side + 4);
  }
  canvas.text_in(line, kSmall, canvas.theme.text, subject.name);
}

}  // namespace

void draw_registry_face(Canvas& canvas, const Scene& scene, const Node& node, Rect inner) {
  const Theme& theme = canvas.theme;
  const RegistryServer& server = scene.world.plain.of<RegistryServer>()[static_cast<std::size_t>(node.index)];
  const float step = canvas.height(kSmall) * 1.4F;
  // Where there is hardly any room, the ids come first.
  if (inner.h < step * 3) {
    for (const SchemaSubject& subject : server.registry.subjects) {
      if (inner.h < step) return;
      draw_ids(canvas, subject, inner.take_top(step));
    }
  }
  std::string level(compatibility_name(server.registry.told.value_or(server.config.compatibility)));
  if (server.registry.mode == RegistryMode::readonly) level += ", " + std::string(mode_name(RegistryMode::readonly));
  if (inner.h >= step) {
    const std::string role = server.primary ? "primary, " : "";
    Rect line = inner.take_top(step);
    const std::string whole = role + level;
    canvas.text_in(line, kSmall, theme.text2, canvas.width(kSmall, whole) <= line.w ? whole : level);
  }
  for (const SchemaSubject& subject : server.registry.subjects) {
    if (inner.h < step * 2) return;
    if (subject.versions.empty()) continue;  // something was set for it, and nothing is registered
    Rect head = inner.take_top(step);
    head.take_left(canvas.text_in(head, {Face::bold, Size::small}, theme.text, subject.name + "  "));
    const std::string own = subject.level ? std::string(compatibility_name(*subject.level)) : "";
    if (canvas.width(kSmall, own) <= head.w) canvas.text_in(head, kSmall, theme.text2, own);
    // The newest where there is no room for all.
    const auto room = static_cast<std::size_t>(std::max(0.0F, inner.h / step));
    const std::size_t first = subject.versions.size() > room ? subject.versions.size() - room : 0;
    for (std::size_t i = first; i < subject.versions.size(); ++i) {
      const SubjectVersion& version = subject.versions[i];
      Rect line = inner.take_top(step);
      const float side = step * 0.86F;
      draw_schema_id(canvas, version.id, {line.x, line.center().y - side / 2, side, side});
      line.take_left(side + 7);
      const RegisteredSchema& registered = *server.registry.find(version.id);
      const AvroResult schema = read_avro(registered.format == SchemaFormat::avro ? registered.text : "");
      const std::string number = "v" + std::to_string(version.version) + (version.deleted ? "  deleted  " : "  ");
      const AvroResult before = i > 0 ? read_avro(server.registry.find(subject.versions[i - 1].id)->text) : AvroResult{};
      line.take_left(canvas.text_in(line, kSmall, theme.text3, number));
      const std::string fields = schema.schema ? fields_that_fit(canvas, *schema.schema, before.schema ? &*before.schema : nullptr, line.w)
                                               : std::string(format_name(registered.format));
      canvas.text_in(line, canvas.width(kSmall, fields) <= line.w ? kSmall : kMicro, version.deleted ? theme.text3 : theme.text, fields);
    }
  }
}

}  // namespace nutshell
