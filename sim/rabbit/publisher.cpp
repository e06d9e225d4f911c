#include <algorithm>

#include "sim/core/require.h"
#include "sim/rabbit/clients.h"

namespace nutshell::rabbit {
namespace {

struct PublisherAt {
  Env& env;
  Publisher& it;
  NodeId self;
};

constexpr Duration kBetween = 50;  // ns

void publish(const PublisherAt& at, std::int32_t message) {
  const std::int32_t sequence = ++at.it.sequence;
  at.it.unconfirmed.push_back({sequence, message, at.env.now()});
  at.env.request(at.self, at.it.link.at, kAmqp, BasicPublish{at.it.link.session(at.self), sequence, message}, kNoTimeout,
                 static_cast<std::uint64_t>(at.it.link.sessions));
}

// What was not confirmed is sent again, and is another message to the broker (Q4).
void connect_anew(const PublisherAt& at) {
  ++at.it.link.sessions;
  const std::vector<Unconfirmed> again = std::move(at.it.unconfirmed);
  at.it.unconfirmed.clear();
  for (const Unconfirmed& each : again) publish(at, each.message);
}

void confirmed(const PublisherAt& at, const Unconfirmed& publication) {
  const Commons& commons = at.env.commons;
  const std::int32_t m = publication.message;
  for (const queues::Fault& each : commons.workload.faults) {
    if (each.kind != queues::Fault::Kind::lose_answer || each.message != m || std::erase(at.it.answers_to_lose, m) == 0) continue;
    at.env.tell_of({.kind = FactKind::answer_lost, .node = at.self, .message = m});
    at.env.arm(at.self, kPublishAgain, each.again_after, m);
    return;
  }
  at.env.tell_of({.kind = FactKind::confirmed, .node = at.self, .message = m, .at = publication.sent});
}

void refused(const PublisherAt& at, std::int32_t m) {
  at.env.tell_of({.kind = FactKind::refused, .node = at.self, .message = m});
  if (at.env.commons.row.on_refused == queues::OnRefused::resend) at.env.arm(at.self, kPublishAgain, at.env.commons.row.resend_after, m);
}

}  // namespace

void start_publisher(Env& env, Publisher& publisher, NodeId self) {
  const std::vector<queues::Message>& messages = env.commons.workload.messages;
  Duration after = 0;  // of messages of one time each has arrived everywhere before the next is sent, if the network takes no time
  for (std::size_t i = 0; i < messages.size(); ++i) {
    after = i > 0 && messages[i].at == messages[i - 1].at ? after + kBetween : 0;
    env.arm(self, kPublish, messages[i].at + after, static_cast<std::int32_t>(i));
  }
  for (const queues::Fault& each : env.commons.workload.faults)
    if (each.kind == queues::Fault::Kind::lose_answer) publisher.answers_to_lose.push_back(each.message);
}

void on_publisher_request(Env& env, Publisher& publisher, NodeId self, const RequestId& request, Body& body) {
  const PublisherAt at{env, publisher, self};
  env.reply(request, Taken{});
  const auto* confirm = body.get_if<PublisherConfirm>();
  if (!confirm || confirm->session != publisher.link.session(self)) return;
  publisher.link.tried = 0;
  const auto found = std::find_if(publisher.unconfirmed.begin(), publisher.unconfirmed.end(),
                                  [&](const Unconfirmed& each) { return each.sequence == confirm->sequence; });
  NUTSHELL_REQUIRE(found != publisher.unconfirmed.end());
  const Unconfirmed it = *found;
  publisher.unconfirmed.erase(found);
  switch (confirm->outcome) {
    case Confirm::ack: return confirmed(at, it);
    case Confirm::nack: return refused(at, it.message);
    case Confirm::returned: return env.tell_of({.kind = FactKind::returned, .node = self, .message = it.message});
  }
}

void on_publisher_response(Env& env, Publisher& publisher, NodeId self, const Response& response) {
  const bool of_this = response.from == publisher.link.at &&
                       (response.tag == kConnectionClosed || response.tag == static_cast<std::uint64_t>(publisher.link.sessions));
  if (response.outcome == Outcome::answered || !of_this) return;
  publisher.link.at = (publisher.link.at + 1) % env.commons.nodes;
  ++publisher.link.sessions;
  if (++publisher.link.tried < env.commons.nodes) return connect_anew({env, publisher, self});
  publisher.link.tried = 0;
  env.arm(self, kReconnect, kSecond, publisher.link.sessions);
}

void on_publisher_timer(Env& env, Publisher& publisher, NodeId self, const Event& timer) {
  const PublisherAt at{env, publisher, self};
  if (timer.timer == kReconnect) {
    if (timer.a == publisher.link.sessions) connect_anew(at);
    return;
  }
  NUTSHELL_REQUIRE(timer.timer == kPublish || timer.timer == kPublishAgain);
  env.tell_of({.kind = FactKind::published, .node = self, .message = timer.a});
  publish(at, timer.a);
}

}  // namespace nutshell::rabbit
