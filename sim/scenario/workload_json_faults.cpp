// What befalls the systems of a workload, and what is asked of them.
#include "sim/core/text.h"
#include "sim/scenario/workload_json_parts.h"

namespace nutshell::queues {
namespace {

constexpr const char* kFaults =
    "must be exactly one of \"kill\", \"restart\", \"cut\", \"heal\", \"grow\", \"shrink\", \"lose_answer\", \"refuse\", "
    "\"lose_receive\", \"unreachable\", \"detach\" and \"delete_topic\"";

class FaultReader {
 public:
  FaultReader(JsonSource& reading, const Json& value, const std::string& path, const Workload& workload)
      : object_(reading, value, path), workload_(workload) {}

  Fault read() {
    node("kill", Fault::Kind::kill);
    node("restart", Fault::Kind::restart);
    node("cut", Fault::Kind::cut);
    node("heal", Fault::Kind::heal);
    yes("grow", Fault::Kind::grow);
    yes("shrink", Fault::Kind::shrink);
    yes("delete_topic", Fault::Kind::delete_topic);
    of_message("lose_answer", Fault::Kind::lose_answer);
    of_message("refuse", Fault::Kind::refuse);
    of_service("detach", Fault::Kind::detach);
    if (of_service("unreachable", Fault::Kind::unreachable)) {
      object_.duration("lasts", it_.lasts, kAnyTime);
      object_.boolean("for_good", it_.for_good);
    }
    if (of_service("lose_receive", Fault::Kind::lose_receive) && it_.service >= 0)
      it_.consumer = need_named(object_, "of", "consumer", workload_.services[static_cast<std::size_t>(it_.service)].consumers);
    if (it_.kind == Fault::Kind::lose_answer) {
      object_.duration("again_after", it_.again_after, kAnyTime);
      object_.boolean("by_application", it_.by_application);
    } else if (it_.kind != Fault::Kind::refuse) {
      read_when();
    }
    object_.finish();
    if (kinds_ != 1 && object_.is_object()) object_.reading().report(object_.path(), kFaults);
    return it_;
  }

 private:
  void found(Fault::Kind kind) {
    ++kinds_;
    it_.kind = kind;
  }
  void node(std::string_view key, Fault::Kind kind) {
    const Json* which = object_.find(key);
    if (!which) return;
    found(kind);
    if (which->is_array()) return link(key, kind);
    if (!which->is_string()) return void(object_.integer(key, it_.node, {0, 8}));
    const std::string& text = which->get_ref<const std::string&>();
    if (text == "leader") return;
    if (text.rfind("zone ", 0) == 0) return zone(key, text.substr(5));
    object_.reading().report(object_.path(key), "must be \"leader\", the number of a node, from 0 on, or a zone: \"zone 1\"");
  }
  void zone(std::string_view key, const std::string& text) {
    const std::optional<std::int64_t> number = parse_integer(text);
    const std::string last = std::to_string(workload_.zones - 1);
    if (number && *number >= 0 && *number < workload_.zones) it_.zone = static_cast<std::int32_t>(*number);
    else object_.reading().report(object_.path(key), "names no zone: they are \"zone 0\" to \"zone " + last + "\"");
  }
  // Between two nodes alone.
  void link(std::string_view key, Fault::Kind kind) {
    std::vector<std::int32_t> ends;
    object_.each(key, 2, [&](const Json& value, const std::string& path) {
      std::int64_t node = 0;
      if (read_integer(object_.reading(), value, path, node, {0, 8})) ends.push_back(static_cast<std::int32_t>(node));
    });
    const bool links = kind == Fault::Kind::cut || kind == Fault::Kind::heal;
    if (links && ends.size() == 2 && ends[0] != ends[1]) it_.node = ends[0], it_.other = ends[1];
    else object_.reading().report(object_.path(key), "must be one node; of \"cut\" and \"heal\" also a link: two different nodes, [0, 2]");
  }
  void yes(std::string_view key, Fault::Kind kind) {
    bool so = true;
    if (!object_.boolean(key, so)) return;
    found(kind);
    if (!so) object_.reading().report(object_.path(key), "must be true; leave it out otherwise");
  }
  void of_message(std::string_view key, Fault::Kind kind) {
    if (!object_.find(key)) return;
    found(kind);
    it_.message = named(object_, key, "message", workload_.messages);
  }
  bool of_service(std::string_view key, Fault::Kind kind) {
    if (!object_.find(key)) return false;
    found(kind);
    it_.service = named(object_, key, "service", workload_.services);
    return true;
  }
  void read_when() {
    const bool at = object_.duration("at", it_.at, kAnyTime);
    it_.before = named(object_, "before", "message", workload_.messages);
    if (at == (it_.before >= 0) && object_.is_object())
      object_.reading().report(object_.path(), "must say when: either \"at\" or \"before\", a message");
  }

  ObjectReader object_;
  const Workload& workload_;
  Fault it_;
  int kinds_ = 0;
};

}  // namespace

Poison read_poison(JsonSource& reading, const Json& value, const std::string& path, const Workload& workload) {
  ObjectReader object(reading, value, path);
  Poison it;
  it.service = need_named(object, "service", "service", workload.services);
  it.message = need_named(object, "message", "message", workload.messages);
  object.integer("until_try", it.until_try, {2, 1'000'000});
  object.finish();
  return it;
}

Fault read_fault(JsonSource& reading, const Json& value, const std::string& path, const Workload& workload) {
  return FaultReader(reading, value, path, workload).read();
}

Ask read_ask(JsonSource& reading, const Json& value, const std::string& path, const Workload& workload) {
  ObjectReader object(reading, value, path);
  Ask it;
  object.need("at");
  object.duration("at", it.at, kAnyTime);
  it.service = need_named(object, "service", "service", workload.services);
  bool redrive = true;
  int kinds = object.duration("since", it.since, kAnyTime);
  if (object.duration("snapshot", it.since, kAnyTime)) it.kind = Ask::Kind::snapshot, ++kinds;
  if (object.boolean("redrive", redrive)) {
    it.kind = Ask::Kind::redrive;
    ++kinds;
    if (!redrive) reading.report(object.path("redrive"), "must be true; leave it out otherwise");
  }
  object.finish();
  if (kinds != 1 && object.is_object())
    reading.report(path, "must have exactly one of \"since\", \"snapshot\" (the time when it was taken) and \"redrive\"");
  if (it.kind == Ask::Kind::snapshot && it.since > it.at) reading.report(path, "asks for a snapshot before it was taken");
  return it;
}

}  // namespace nutshell::queues
