// The kinds of process: a row each. Whatever is done to a process, or asked of it, goes through the row of its kind.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/cluster/world.h"
#include "sim/kafka/config_keys.h"

namespace nutshell {

// One process of that kind: its number among them is Node::index.
struct ProcessKind {
  NodeKind kind{};
  std::string_view name, plural;  // "producer", "producers"
  std::string_view about;         // what it is for, in a few words
  std::optional<ConfigScope> scope;  // of its configuration keys; none: it has no configuration
  bool told = true;    // facts tell of its life, and pictures show it; not the operator
  bool plain = false;  // of PlainKinds: nobody but its row knows it

  // What its system does.
  ConnectSettings (*connects)(const World& world, std::size_t index) = nullptr;
  void (*start)(Env& env, World& world, std::size_t index) = nullptr;
  void (*stop)(Env& env, World& world, std::size_t index) = nullptr;  // cleanly; the process ends when it is done
  void (*forget)(Env& env, World& world, std::size_t index, ProcessEnd end) = nullptr;  // what was volatile
  bool (*is_stopping)(const World& world, std::size_t index) = nullptr;
  void (*on_request)(Env& env, World& world, std::size_t index, const RequestId& request, Body& body) = nullptr;  // nullptr: serves nothing
  void (*on_response)(Env& env, World& world, std::size_t index, const Response& response) = nullptr;
  void (*on_timer)(Env& env, World& world, std::size_t index, const Event& timer) = nullptr;

  // Its configuration as text. REQUIRES it has one.
  std::string (*set)(World& world, std::size_t index, std::string_view key, std::string_view text) = nullptr;
  std::string (*get)(const World& world, std::size_t index, std::string_view key) = nullptr;
  // Whether the key has that value already, and whatever else moves with it. False for a value that it does not take.
  bool (*has)(const World& world, std::size_t index, std::string_view key, std::string_view text) = nullptr;

  // Of a plain kind: adds one that is down, and tells the numbers that it shows.
  NodeId (*add)(World& world, const PlainSetup& setup) = nullptr;
  void (*fields)(const World& world, std::size_t index, const std::function<void(std::string_view, std::string)>& tell) = nullptr;
};

std::span<const ProcessKind> process_kinds();
const ProcessKind& process_kind(NodeKind kind);
inline const ProcessKind& kind_of(const Node& node) { return process_kind(node.kind); }
// nullptr: no plain kind is called that.
const ProcessKind* plain_kind(std::string_view plural);

}  // namespace nutshell
