#include "sim/cluster/process_kind.h"

#include <array>
#include <type_traits>

#include "sim/cluster/admin.h"
#include "sim/cluster/plain_processes.h"
#include "sim/cluster/processes.h"
#include "sim/core/require.h"

namespace nutshell {

namespace {

template <class Config>
ConnectSettings of_client(const Config& config) {
  return {.backoff = config.reconnect_backoff,
          .backoff_max = config.reconnect_backoff_max,
          .setup_timeout = config.connection_setup_timeout,
          .setup_timeout_max = config.connection_setup_timeout_max};
}

// Clients have keys for it; ReplicaFetcherBlockingSend has none, NodeToControllerChannelManager always the same, and
// KafkaRaftManager a shorter one (N8).
constexpr std::array kServerBackoffs = {
    ChannelBackoff{Channel::fetcher, 0, 0}, ChannelBackoff{Channel::lifecycle, 50 * kMillisecond, 50 * kMillisecond},
    ChannelBackoff{Channel::quorum, 50 * kMillisecond, 500 * kMillisecond},
    ChannelBackoff{Channel::controller, 50 * kMillisecond, 50 * kMillisecond}};

ConnectSettings of_server(const BrokerConfig& config) {
  ConnectSettings settings;
  settings.setup_timeout = config.connection_setup_timeout;
  settings.setup_timeout_max = config.connection_setup_timeout_max;
  settings.fixed = kServerBackoffs;
  return settings;
}

// The states of all processes of a kind, and of one of them.
template <class State, class WorldT>
auto& states_of(WorldT& world) {
  if constexpr (std::is_same_v<State, Broker>) return world.brokers;
  else if constexpr (std::is_same_v<State, Controller>) return world.controllers;
  else if constexpr (std::is_same_v<State, Producer>) return world.producers;
  else if constexpr (std::is_same_v<State, Consumer>) return world.consumers;
  else return world.plain.template of<State>();
}
template <class State, class WorldT>
auto& state_of(WorldT& world, [[maybe_unused]] std::size_t index) {
  if constexpr (std::is_same_v<State, Admin>) return (world.admin);
  else return states_of<State>(world)[index];
}

template <class State>
auto& config_of(State& state) {
  if constexpr (requires { state.spec.config; }) return (state.spec.config);
  else return (state.config);
}

template <class State>
ConnectSettings connects(const State& state) {
  if constexpr (std::is_same_v<State, Admin>) return {};
  else if constexpr (requires { config_of(state).reconnect_backoff; }) return of_client(config_of(state));
  else if constexpr (requires { config_of(state).connection_setup_timeout; }) return of_server(config_of(state));
  else return {};
}

bool is_stopping(const Broker& broker) { return broker.state == BrokerState::controlled_shutdown; }
bool is_stopping(const Controller& controller) { return controller.stopping; }
bool is_stopping(const Producer& producer) { return producer.closing; }
bool is_stopping(const Consumer& consumer) { return consumer.closing; }
bool is_stopping(const Admin&) { return false; }
template <class State>
bool is_stopping(const State& state) {
  return state.stopping;
}

template <class State>
constexpr ProcessKind row(NodeKind kind, std::string_view name, std::string_view plural, std::string_view about) {
  ProcessKind row;
  row.kind = kind;
  row.name = name;
  row.plural = plural;
  row.about = about;
  row.connects = [](const World& world, std::size_t i) { return connects(state_of<State>(world, i)); };
  row.start = [](Env& env, World& world, std::size_t i) { start(env, state_of<State>(world, i)); };
  row.stop = [](Env& env, World& world, std::size_t i) { stop(env, state_of<State>(world, i)); };
  row.forget = [](Env& env, World& world, std::size_t i, ProcessEnd end) { forget(env, state_of<State>(world, i), end); };
  row.is_stopping = [](const World& world, std::size_t i) { return is_stopping(state_of<State>(world, i)); };
  if constexpr (requires(Env& env, State& state, const RequestId& id, Body& body) { on_request(env, state, id, body); })
    row.on_request = [](Env& env, World& world, std::size_t i, const RequestId& id, Body& body) {
      on_request(env, state_of<State>(world, i), id, body);
    };
  row.on_response = [](Env& env, World& world, std::size_t i, const Response& response) {
    on_response(env, state_of<State>(world, i), response);
  };
  row.on_timer = [](Env& env, World& world, std::size_t i, const Event& timer) { on_timer(env, state_of<State>(world, i), timer); };
  return row;
}

// ... of a kind that has a configuration.
template <class State>
constexpr ProcessKind row(NodeKind kind, ConfigScope scope, std::string_view name, std::string_view plural, std::string_view about) {
  ProcessKind row = nutshell::row<State>(kind, name, plural, about);
  row.scope = scope;
  row.set = [](World& world, std::size_t i, std::string_view key, std::string_view text) {
    return set_config(config_of(state_of<State>(world, i)), key, text);
  };
  row.get = [](const World& world, std::size_t i, std::string_view key) { return get_config(config_of(state_of<State>(world, i)), key); };
  row.has = [](const World& world, std::size_t i, std::string_view key, std::string_view text) {
    const auto& config = config_of(state_of<State>(world, i));
    auto with = config;
    return set_config(with, key, text).empty() && digest_of(with) == digest_of(config);  // of all keys: one may move another
  };
  return row;
}

template <class State>
NodeId add_plain(World& world, const PlainSetup& setup) {
  using Kind = typename State::Kind;
  auto& all = states_of<State>(world);
  State state;
  for (const auto& [key, text] : setup.config.given) set_plain_config(plain_scope<Kind>(), &state.config, key, text);
  if constexpr (requires { state.metadata.bootstrap; }) state.metadata.bootstrap = broker_ids(world);
  if constexpr (requires { state.bootstrap; }) state.bootstrap = broker_ids(world);
  state.node = add_node(world.fabric, setup.name, plain_node_kind<Kind>(), static_cast<std::int32_t>(all.size()));
  all.push_back(std::move(state));
  return all.back().node;
}

template <class State>
constexpr ProcessKind plain_row() {
  using Kind = typename State::Kind;
  ProcessKind row = nutshell::row<State>(plain_node_kind<Kind>(), Kind::name, Kind::plural, Kind::about);
  row.plain = true;
  row.scope = plain_scope<Kind>();
  row.set = [](World& world, std::size_t i, std::string_view key, std::string_view text) {
    return set_plain_config(plain_scope<Kind>(), &state_of<State>(world, i).config, key, text);
  };
  row.get = [](const World& world, std::size_t i, std::string_view key) {
    return get_plain_config(plain_scope<Kind>(), &state_of<State>(world, i).config, key);
  };
  row.has = [](const World& world, std::size_t i, std::string_view key, std::string_view text) {
    const auto& config = state_of<State>(world, i).config;
    auto with = config;
    return set_plain_config(plain_scope<Kind>(), &with, key, text).empty() && digest_of(with) == digest_of(config);
  };
  row.add = &add_plain<State>;
  row.fields = [](const World& world, std::size_t i, const std::function<void(std::string_view, std::string)>& tell) {
    for_each_field(state_of<State>(world, i).shown, [&](std::string_view name, const auto& number) { tell(name, std::to_string(number)); });
  };
  return row;
}

constexpr auto kKinds = [] {
  std::array<ProcessKind, kOwnKinds + PlainKinds::size> all = {
      row<Broker>(NodeKind::broker, ConfigScope::broker, "broker", "brokers", "keeps copies of partitions"),
      row<Controller>(NodeKind::controller, ConfigScope::broker, "controller", "controllers", "decides who leads"),
      row<Producer>(NodeKind::producer, ConfigScope::producer, "producer", "producers", "writes records"),
      row<Consumer>(NodeKind::consumer, ConfigScope::consumer, "consumer", "consumers", "reads records"),
      row<Admin>(NodeKind::admin, "admin", "admins", "asks the controller for what hands do")};
  all[static_cast<std::size_t>(NodeKind::admin)].told = false;
  std::size_t next = kOwnKinds;
  PlainStates::each([&]<class State>() { all[next++] = plain_row<State>(); });
  return all;
}();

consteval bool in_order() {
  for (std::size_t i = 0; i < kKinds.size(); ++i)
    if (static_cast<std::size_t>(kKinds[i].kind) != i) return false;
  return true;
}
static_assert(in_order(), "each kind of process has its row, at its place");

}  // namespace

std::span<const ProcessKind> process_kinds() { return kKinds; }

const ProcessKind& process_kind(NodeKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  NUTSHELL_REQUIRE(index < kKinds.size());
  return kKinds[index];
}

const ProcessKind* plain_kind(std::string_view plural) {
  for (const ProcessKind& each : kKinds)
    if (each.plain && each.plural == plural) return &each;
  return nullptr;
}

}  // namespace nutshell
