// Mailboxes of every kind against a slow and plain second implementation: ten milliseconds at a time, everything looked through
// each time. Windows, acknowledgements of several at once, leases, closed connections, limits, and whose turn it is.
#include <doctest/doctest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "sim/core/random.h"
#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

struct MailDice {
  std::uint64_t seed;
  std::uint64_t nth = 0;
  std::int64_t roll(std::int64_t low, std::int64_t high) { return between(draw(seed, Purpose::fuzz, 21, nth++), low, high); }
};

struct MailFigures {
  std::int64_t attempts = 0, done = 0, repeated = 0, overtaken = 0, stepped_back = 0, dead = 0, lost = 0, stuck = 0;
  std::int64_t stored = 0, idle = 0, concurrent = 0;
  Time last = 0;
  Duration noticed = -1;
  friend bool operator==(const MailFigures&, const MailFigures&) = default;
};

std::ostream& operator<<(std::ostream& out, const MailFigures& it) {
  return out << it.attempts << " attempts, done " << it.done << ", repeated " << it.repeated << ", overtaken " << it.overtaken << ", back "
             << it.stepped_back << ", dead " << it.dead << ", lost " << it.lost << ", stuck " << it.stuck << ", stored " << it.stored
             << ", idle " << it.idle << ", concurrent " << it.concurrent << ", last " << it.last / kMs << ", noticed " << it.noticed / kMs;
}

// A product as this test knows it.
struct Kind {
  ProductId product;
  Config config;
  bool pull = false, groups = false, hears_close = false, returned_first = false;
  Duration lease = kNever;
  int most = 0;              // deliveries, or receives; 0: no limit
  bool at_receive = false;   // the limit is looked at when it would be received once more
  bool has_dead = false;
  bool strict = false;       // an acknowledgement after the lease does not count
  bool single = false;
};

struct Letter {
  int message;
  std::string key;
  int order = 0;             // among the returned; 0: none of them
  int delivered = 0, receipt = 0, holder = -1;
  Time until = -1;           // of its lease
  enum { waits, out, done, gone } state = waits;
};

struct Hand {
  std::size_t letter;
  int receipt;
  bool acked = false, silent = false;
};

struct Worker {
  Consumer spec;
  int number = 0;
  bool here = false, dead = false;
  std::vector<Hand> buffer, handled;
  bool busy = false;
  Hand current{};
  Time ends = -1;
  bool began = false;
};

class PlainMailbox {
 public:
  PlainMailbox(const Workload& workload, const Kind& kind) : workload_(workload), kind_(kind) {
    for (const Consumer& each : workload.services[0].consumers) workers_.push_back({each, static_cast<int>(workers_.size())});
    silent_ = workload.services[0].on_error == OnError::silent;
  }

  MailFigures run() {
    for (now_ = 0; now_ <= workload_.until; now_ += 10 * kMs) {
      end_handlers();
      for (Worker& each : workers_)
        if (each.here && !each.dead && each.spec.crash_at == now_) crash(each);
      end_leases();
      for (Worker& each : workers_) each.here = each.here || (each.spec.from <= now_ && !each.dead);
      for (; next_ < workload_.messages.size() && workload_.messages[next_].at == now_; ++next_)
        letters_.push_back({static_cast<int>(next_), workload_.messages[next_].key});
      if (now_ < workload_.until) hand_out_all();
    }
    return count();
  }

 private:
  bool is_poison(int m) const { return !workload_.poison.empty() && workload_.poison[0].message == m; }

  void end_handlers() {
    std::vector<Worker*> ending;
    for (Worker& each : workers_)
      if (each.busy && each.ends == now_) ending.push_back(&each);
    std::stable_sort(ending.begin(), ending.end(), [&](Worker* a, Worker* b) { return message_of(*a) < message_of(*b); });
    for (Worker* each : ending) {
      each->busy = false;
      const int m = message_of(*each);
      if (is_poison(m)) fail(*each);
      else succeed(*each);
    }
  }

  int message_of(const Worker& it) const { return letters_[it.current.letter].message; }

  void fail(Worker& it) {
    Letter& letter = letters_[it.current.letter];
    if (it.current.acked) {
      throw_away(letter);
    } else if (silent_) {
      if (kind_.lease == kNever) it.handled.push_back({it.current.letter, it.current.receipt, false, true});
    } else if (letter.state == Letter::out && letter.receipt == it.current.receipt) {
      give_back(letter);
    }
  }

  void succeed(Worker& it) {
    const int m = message_of(it);
    const std::string& key = letters_[it.current.letter].key;
    const auto same_key = [&](int other) { return workload_.messages[static_cast<std::size_t>(other)].key == key; };
    const bool behind = std::any_of(successes_.begin(), successes_.end(), [&](int other) { return other > m && same_key(other); });
    const bool first = std::find(successes_.begin(), successes_.end(), m) == successes_.end();
    figures_.stepped_back += behind;
    figures_.overtaken += behind && first;
    (first ? figures_.done : figures_.repeated) += 1;
    figures_.last = now_;
    figures_.lost -= static_cast<std::int64_t>(std::erase(lost_, m));
    successes_.push_back(m);
    if (it.current.acked) return;
    it.handled.push_back(it.current);
    const auto spoken = std::count_if(it.handled.begin(), it.handled.end(), [](const Hand& each) { return !each.silent; });
    if (it.spec.every > 0 && spoken >= it.spec.every) acknowledge_all(it);
  }

  void acknowledge_all(Worker& it) {
    std::vector<Hand> kept;
    for (const Hand& each : it.handled) {
      Letter& letter = letters_[each.letter];
      if (each.silent) {
        kept.push_back(each);
      } else if (letter.receipt == each.receipt && (letter.state == Letter::out || (letter.state == Letter::waits && !kind_.strict))) {
        letter.state = Letter::done;
      }
    }
    it.handled = kept;
  }

  void crash(Worker& it) {
    it.dead = true;
    it.here = false;
    std::vector<Hand> had = it.handled;
    if (it.busy) had.push_back(it.current);
    had.insert(had.end(), it.buffer.begin(), it.buffer.end());
    for (const Hand& each : had)
      if (each.acked) throw_away(letters_[each.letter]);
    it.busy = false;
    it.buffer.clear();
    it.handled.clear();
    if (!kind_.hears_close) return;
    if (figures_.noticed < 0) figures_.noticed = 0;
    for (const Hand& each : had) {
      Letter& letter = letters_[each.letter];
      if (!each.acked && letter.state == Letter::out && letter.receipt == each.receipt) give_back(letter);
    }
  }

  void throw_away(Letter& letter) {
    letter.state = Letter::gone;
    const bool done = std::find(successes_.begin(), successes_.end(), letter.message) != successes_.end();
    if (!done) lose(letter.message);
  }

  void lose(int m) {
    ++figures_.lost;
    lost_.push_back(m);
  }

  void end_leases() {
    for (Letter& each : letters_) {
      if (each.state != Letter::out || each.until != now_) continue;
      const Worker& holder = workers_[static_cast<std::size_t>(each.holder)];
      if (holder.dead && figures_.noticed < 0) figures_.noticed = now_ - holder.spec.crash_at;
      give_back(each);
    }
  }

  void give_back(Letter& it) {
    it.state = Letter::waits;
    if (kind_.most > 0 && !kind_.at_receive && it.delivered >= kind_.most) return bury(it);
    if (kind_.returned_first) it.order = ++returned_;
  }

  void bury(Letter& it) {
    it.state = Letter::gone;
    const bool done = std::find(successes_.begin(), successes_.end(), it.message) != successes_.end();
    if (kind_.has_dead) ++figures_.dead;
    else if (!done) lose(it.message);
  }

  // In which order letters are looked at: what came back first, where that is so.
  std::vector<std::size_t> in_order() const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < letters_.size(); ++i)
      if (letters_[i].state == Letter::waits) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const auto rank = [&](std::size_t i) { return letters_[i].order > 0 ? letters_[i].order : 1'000'000; };
      return rank(a) < rank(b);
    });
    return order;
  }

  bool is_locked(const Letter& it) const {
    if (!kind_.groups) return false;
    return std::any_of(letters_.begin(), letters_.end(), [&](const Letter& other) {
      const bool before = other.state == Letter::waits && other.message < it.message;
      return other.key == it.key && (other.state == Letter::out || before);
    });
  }

  bool has_room(const Worker& it) const {
    if (!it.here || it.dead) return false;
    if (it.spec.every == 0 && !kind_.pull && kind_.hears_close) return true;
    return static_cast<int>(it.buffer.size() + it.handled.size()) + it.busy < it.spec.window;
  }

  void give(Worker& to, std::size_t i) {
    Letter& it = letters_[i];
    it.state = Letter::out;
    it.holder = to.number;
    ++it.delivered;
    ++it.receipt;
    it.until = kind_.lease == kNever ? -1 : now_ + kind_.lease;
    const bool acked = to.spec.every == 0;
    if (acked) it.state = Letter::done;
    to.buffer.push_back({i, it.receipt, acked});
  }

  bool push_one() {
    const std::vector<std::size_t> order = in_order();
    if (order.empty()) return false;
    Worker* best = nullptr;
    const auto came = [&](const Worker& it) { return std::pair(it.spec.from, it.number); };
    const auto rank = [&](const Worker& it) { return std::pair(came(it) <= served_, came(it)); };
    for (Worker& each : workers_) {
      if (kind_.single && has_come_before(each)) continue;
      if (has_room(each) && (!best || rank(each) < rank(*best))) best = &each;
    }
    if (!best) return false;
    served_ = came(*best);
    give(*best, order.front());
    return true;
  }

  // Whether one that lives came before it.
  bool has_come_before(const Worker& it) const {
    return std::any_of(workers_.begin(), workers_.end(), [&](const Worker& each) {
      return each.here && !each.dead && std::pair(each.spec.from, each.number) < std::pair(it.spec.from, it.number);
    });
  }

  bool pull_one(Worker& it) {
    if (!it.here || it.dead || it.busy || !it.buffer.empty()) return false;
    bool moved = false;
    std::string group;
    bool has_group = false;
    while (static_cast<int>(it.buffer.size()) < it.spec.window) {
      std::size_t found = letters_.size();
      for (int pass = has_group ? 0 : 1; pass < 2 && found == letters_.size(); ++pass) {
        for (std::size_t i = 0; i < letters_.size() && found == letters_.size(); ++i) {
          if (letters_[i].state != Letter::waits) continue;
          if (pass == 0 ? letters_[i].key == group : !is_locked(letters_[i])) found = i;
        }
      }
      if (found == letters_.size()) return moved;
      moved = true;
      if (kind_.most > 0 && letters_[found].delivered >= kind_.most) {
        bury(letters_[found]);
        continue;
      }
      if (kind_.groups) group = letters_[found].key, has_group = true;
      give(it, found);
    }
    return moved;
  }

  void hand_out_all() {
    for (bool moved = true; moved;) {
      moved = false;
      for (Worker& each : workers_)
        if (each.spec.every < 0 && each.here && !each.busy && each.buffer.empty()) acknowledge_all(each);
      while (!kind_.pull && push_one()) moved = true;
      for (Worker& each : workers_)
        if (kind_.pull && pull_one(each)) moved = true;
      for (Worker& each : workers_) {
        if (each.dead || each.busy || each.buffer.empty()) continue;
        each.current = each.buffer.front();
        each.buffer.erase(each.buffer.begin());
        begin(each);
        moved = true;
      }
    }
  }

  void begin(Worker& it) {
    const std::string& key = letters_[it.current.letter].key;
    const bool beside = std::any_of(workers_.begin(), workers_.end(), [&](const Worker& other) {
      return other.busy && letters_[other.current.letter].key == key && message_of(other) < message_of(it);
    });
    figures_.concurrent += beside;
    it.busy = it.began = true;
    it.ends = now_ + it.spec.handle;
    ++figures_.attempts;
  }

  MailFigures count() {
    for (const Letter& each : letters_) {
      const bool done = std::find(successes_.begin(), successes_.end(), each.message) != successes_.end();
      const bool stored = each.state == Letter::waits || each.state == Letter::out;
      bool in_hand = false;
      for (const Worker& worker : workers_) {
        const auto holds = [&](const Hand& hand) { return hand.acked && letters_[hand.letter].message == each.message; };
        in_hand = in_hand || (worker.busy && holds(worker.current)) || std::any_of(worker.buffer.begin(), worker.buffer.end(), holds);
      }
      figures_.stuck += (stored || in_hand) && !done;
    }
    figures_.stored = static_cast<std::int64_t>(letters_.size()) - figures_.lost;
    for (const Worker& each : workers_) figures_.idle += each.here && !each.dead && !each.began;
    return figures_;
  }

  const Workload& workload_;
  const Kind& kind_;
  bool silent_ = false;
  Time now_ = 0;
  std::size_t next_ = 0;
  std::vector<Letter> letters_;
  std::vector<Worker> workers_;
  std::vector<int> successes_;
  std::vector<int> lost_;
  std::pair<Time, int> served_{-1, -1};
  int returned_ = 0;
  MailFigures figures_;
};

Lab random_mail(MailDice& dice) {
  Lab lab;
  const auto count = static_cast<int>(dice.roll(1, 14));
  std::vector<Time> times;
  for (int i = 0; i < count; ++i) times.push_back(dice.roll(0, 40) * 50 * kMs);
  std::sort(times.begin(), times.end());
  for (const Time time : times) lab.messages(1, 0, {std::string(1, static_cast<char>('A' + dice.roll(0, 3)))}, time);
  for (int i = 0, n = static_cast<int>(dice.roll(1, 4)); i < n; ++i) {
    Consumer& it = lab.consumer(dice.roll(1, 50) * 50 * kMs, dice.roll(0, 10) * 100 * kMs);
    it.window = static_cast<std::int32_t>(dice.roll(1, 5));
    it.every = static_cast<std::int32_t>(dice.roll(-1, 3));
    it.every = std::min(it.every, it.window);
    if (dice.roll(0, 2) == 0) it.crash_at = it.from + dice.roll(1, 60) * 70 * kMs + 10 * kMs;
  }
  if (dice.roll(0, 1)) lab.poison(static_cast<int>(dice.roll(1, count)));
  lab.workload.services[0].on_error = dice.roll(0, 1) ? OnError::silent : OnError::give_back;
  lab.workload.until = 60 * kSecond;
  return lab;
}

MailFigures figures_of_run(const Simulation& run) {
  const Tally& it = run.tally(0);
  return {it.attempts, it.done, it.repeated, it.overtaken, it.stepped_back, it.dead, it.lost, it.stuck,
          it.stored,   it.idle, it.concurrent, it.last, it.noticed};
}

Kind random_kind(ProductId product, MailDice& dice) {
  using enum ProductId;
  Kind kind{product, {}};
  switch (product) {
    case sqs:
    case sqs_fifo: {
      kind.pull = kind.at_receive = true;
      kind.groups = kind.strict = product == sqs_fifo;
      kind.lease = dice.roll(1, 6) * kSecond;
      kind.most = static_cast<int>(dice.roll(0, 3));
      kind.has_dead = kind.most > 0;
      break;
    }
    case pubsub:
      kind.lease = 10 * kSecond;
      kind.has_dead = dice.roll(0, 1);
      kind.most = kind.has_dead ? 5 : 0;
      kind.strict = dice.roll(0, 1);
      break;
    case kafka_share:
      kind.pull = kind.strict = kind.hears_close = true;
      kind.has_dead = dice.roll(0, 1);
      kind.lease = dice.roll(1, 6) * kSecond;
      kind.most = static_cast<int>(dice.roll(1, 4));
      break;
    default:
      kind.hears_close = true;
      kind.single = dice.roll(0, 2) == 0;
      kind.has_dead = dice.roll(0, 1);
      if (product == rabbit_classic) break;
      kind.returned_first = true;
      kind.most = static_cast<int>(dice.roll(1, 4));
  }
  return kind;
}

void set_up(Row& row, const Kind& kind) {
  using enum ProductId;
  const auto set = [&](std::string_view key, std::int64_t value) { row.settings.set(*find_key(kind.product, key), value); };
  switch (kind.product) {
    case sqs:
    case sqs_fifo:
      set("VisibilityTimeout", kind.lease / kSecond);
      set("maxReceiveCount", kind.most);
      break;
    case pubsub:
      set("deadLetterTopic", kind.has_dead);
      set("enableExactlyOnceDelivery", kind.strict);
      break;
    case kafka_share:
      set("group.share.record.lock.duration.ms", kind.lease / kMs);
      set("group.share.delivery.count.limit", kind.most);
      set("errors.deadletterqueue.topic.name", kind.has_dead);
      break;
    default:
      set("x-single-active-consumer", kind.single);
      set("x-dead-letter-exchange", kind.has_dead);
      if (kind.product == rabbit_quorum) set("x-delivery-limit", kind.most - 1);
  }
}

}  // namespace

TEST_CASE("random workloads come out of every kind of mailbox as they do of a plain one") {
  using enum ProductId;
  for (const ProductId product : {sqs, sqs_fifo, pubsub, kafka_share, rabbit_classic, rabbit_quorum}) {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      MailDice dice{seed};
      Lab lab = random_mail(dice);
      const Kind kind = random_kind(product, dice);
      set_up(lab.row(product), kind);
      const Simulation run = lab.run();
      CAPTURE(std::string(queues::product(product).name));
      CAPTURE(seed);
      CHECK(first_breach(run) == "");
      CHECK(figures_of_run(run) == PlainMailbox(lab.workload, kind).run());
    }
  }
}

}  // namespace nutshell::queues::testing
