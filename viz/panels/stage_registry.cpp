// The card of a schema registry: what its subjects have, version by version, with the ids that stand in records.
#include <algorithm>

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

// The fields in as many words as there is room for: with types, without, or only those that the version before has not.
std::string fields_that_fit(const Canvas& canvas, const AvroSchema& schema, const AvroSchema* before, float room) {
  const std::string all = avro_fields_text(schema);
  if (canvas.width(kSmall, all) <= room) return all;
  std::string names, fresh;
  const AvroType& root = schema.at(schema.root);
  for (const AvroField& each : root.fields) {
    names += (names.empty() ? "" : ", ") + each.name;
    const std::vector<AvroField> none;
    const std::vector<AvroField>& had = before ? before->at(before->root).fields : none;
    const bool known = std::any_of(had.begin(), had.end(), [&](const AvroField& old) {
      return old.name == each.name && avro_name(*before, old.type) == avro_name(schema, each.type);
    });
    if (!known) fresh += (fresh.empty() ? "+ " : ", ") + each.name;
  }
  return canvas.width(kSmall, names) <= room || fresh.empty() ? names : fresh;
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
  const std::string level(compatibility_name(server.config.compatibility));
  if (inner.h >= step) {
    const std::string role = server.primary ? "primary, " : "";
    Rect line = inner.take_top(step);
    const std::string whole = role + level;
    canvas.text_in(line, kSmall, theme.text2, canvas.width(kSmall, whole) <= line.w ? whole : level);
  }
  for (const SchemaSubject& subject : server.registry.subjects) {
    if (inner.h < step * 2) return;
    canvas.text_in(inner.take_top(step), {Face::bold, Size::small}, theme.text, subject.name);
    // The newest where there is no room for all.
    const auto room = static_cast<std::size_t>(std::max(0.0F, inner.h / step));
    const std::size_t first = subject.versions.size() > room ? subject.versions.size() - room : 0;
    for (std::size_t i = first; i < subject.versions.size(); ++i) {
      const SubjectVersion& version = subject.versions[i];
      Rect line = inner.take_top(step);
      const float side = step * 0.86F;
      draw_schema_id(canvas, version.id, {line.x, line.center().y - side / 2, side, side});
      line.take_left(side + 7);
      const AvroResult schema = read_avro(server.registry.find(version.id)->text);
      const std::string number = "v" + std::to_string(version.version) + "  ";
      const AvroResult before = i > 0 ? read_avro(server.registry.find(subject.versions[i - 1].id)->text) : AvroResult{};
      line.take_left(canvas.text_in(line, kSmall, theme.text3, number));
      canvas.text_in(line, kSmall, theme.text, fields_that_fit(canvas, *schema.schema, before.schema ? &*before.schema : nullptr, line.w));
    }
  }
}

}  // namespace nutshell
