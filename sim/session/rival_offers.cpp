#include "sim/session/rival_offers.h"

#include <algorithm>

#include "sim/session/session.h"

namespace nutshell {

namespace {

// Whose nodes nobody can lose, in words; empty: all have some.
std::string without_nodes(const RivalRuns& runs, bool& all) {
  std::string names;
  all = true;
  for (const RivalRun& each : runs.runs()) {
    const bool hidden = !queues::product(each.end.row.product).without_nodes.empty();
    if (hidden) names += (names.empty() ? "" : ", ") + each.title;
    all = all && hidden;
  }
  return names;
}

// Whose nodes can be cut off from each other, in words: quorum queues', and classic queues' where nodes are run one by one. Empty:
// nobody's.
std::string with_links(const RivalRuns& runs) {
  std::string names;
  for (const RivalRun& each : runs.runs()) {
    const queues::ProductId product = each.end.row.product;
    const bool nodes = !each.kept.empty() && std::holds_alternative<rabbit::Cluster>(each.kept.front());
    const bool linked = product == queues::ProductId::rabbit_quorum || (nodes && product == queues::ProductId::rabbit_classic);
    if (linked) names += (names.empty() ? "" : ", ") + each.title;
  }
  return names;
}

}  // namespace

std::vector<RivalOffer> rival_offers(const Session& session) {
  std::vector<RivalOffer> offers;
  const std::shared_ptr<const RivalRuns> runs = session.rivals();
  if (!runs) return offers;
  const World& world = session.world();
  const bool begun = session.view_time() >= kMillisecond;
  for (const RivalSetting& each : world.rivals.setup->settings) {
    RivalOffer offer{each.say, "", SetSystem{each.system, each.key, each.value}, ""};
    offer.reason = begun ? "It is declared once: go back to the beginning (Home)." : pointless(world, offer.action);
    offers.push_back(std::move(offer));
  }
  if (!world.rivals.setup->settings.empty()) return offers;
  const queues::Service& service = runs->workload().services[runs->service()];
  constexpr std::size_t kMostCrashes = 2;
  for (std::size_t i = 0; i < std::min(service.consumers.size(), kMostCrashes); ++i) {
    const queues::Consumer& each = service.consumers[i];
    RivalOffer offer{"crash " + each.name, i == 0 ? "C" : "", CrashWorker{service.name + "/" + each.name}, ""};
    offer.reason = pointless(world, offer.action);
    if (each.crash_at <= session.view_time()) offer.reason = each.name + " is gone already.";
    if (each.from > session.view_time()) offer.reason = each.name + " has not come yet.";
    offers.push_back(std::move(offer));
  }
  bool none = false;
  const std::string hidden = without_nodes(*runs, none);
  offers.push_back({"lose the node that leads", "", LoseNode{}, none ? "None of them has a node that one could lose." : ""});
  if (!none && !hidden.empty()) offers.back().label += " (not " + hidden + ")";
  const std::string cut = with_links(*runs);
  offers.push_back({"cut it off", "", LoseNode{"", true}, cut.empty() ? "None of them has a node that one could cut off." : ""});
  if (!cut.empty()) offers.back().label += " (only " + cut + ")";
  return offers;
}

}  // namespace nutshell
