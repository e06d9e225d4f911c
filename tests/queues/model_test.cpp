// Random workloads against a slow and plain second implementation: a mailbox and a log, millisecond by millisecond.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <vector>

#include "sim/core/random.h"
#include "tests/queues/lab.h"

namespace nutshell::queues::testing {
namespace {

// Draws for one case, one after the other.
struct Dice {
  std::uint64_t seed;
  std::uint64_t nth = 0;
  std::int64_t roll(std::int64_t low, std::int64_t high) { return between(draw(seed, Purpose::fuzz, 0, nth++), low, high); }
};

struct Figures {
  std::int64_t attempts = 0, done = 0, repeated = 0, overtaken = 0, stepped_back = 0, dead = 0, lost = 0, stuck = 0;
  friend bool operator==(const Figures&, const Figures&) = default;
};

std::ostream& operator<<(std::ostream& out, const Figures& it) {
  return out << it.attempts << " attempts, done " << it.done << ", repeated " << it.repeated << ", overtaken " << it.overtaken << ", back "
             << it.stepped_back << ", dead " << it.dead << ", lost " << it.lost << ", stuck " << it.stuck;
}

Figures figures_of(const Tally& it) {
  return {it.attempts, it.done, it.repeated, it.overtaken, it.stepped_back, it.dead, it.lost, it.stuck};
}

// A workload whose times are whole milliseconds: messages of three keys, up to three consumers, some of which crash.
Lab random_lab(Dice& dice) {
  Lab lab;
  const auto count = static_cast<int>(dice.roll(1, 12));
  std::vector<Time> times;
  for (int i = 0; i < count; ++i) times.push_back(dice.roll(0, 40) * 50 * kMs);
  std::sort(times.begin(), times.end());
  for (const Time time : times) lab.messages(1, 0, {std::string(1, static_cast<char>('A' + dice.roll(0, 2)))}, time);
  for (int i = 0, n = static_cast<int>(dice.roll(1, 3)); i < n; ++i) {
    Consumer& it = lab.consumer(dice.roll(1, 20) * 50 * kMs, dice.roll(0, 10) * 100 * kMs);
    if (dice.roll(0, 2) == 0) it.crash_at = it.from + dice.roll(1, 60) * 70 * kMs + 10 * kMs;
  }
  if (dice.roll(0, 1)) lab.poison(static_cast<int>(dice.roll(1, count)));
  lab.workload.until = 20 * kSecond;
  return lab;
}

// Counts successes by hand, in the order in which they come.
struct Book {
  const Workload& workload;
  Figures figures;
  std::vector<int> successes;
  void success(int m) {
    const auto same_key = [&](int other) {
      return workload.messages[static_cast<std::size_t>(other)].key == workload.messages[static_cast<std::size_t>(m)].key;
    };
    const bool behind = std::any_of(successes.begin(), successes.end(), [&](int other) { return other > m && same_key(other); });
    const bool first = std::find(successes.begin(), successes.end(), m) == successes.end();
    figures.stepped_back += behind;
    figures.overtaken += behind && first;
    (first ? figures.done : figures.repeated) += 1;
    successes.push_back(m);
  }
};

struct PlainItem {
  int message;
  int received = 0;
  Time hidden_until = -1;  // out until then; -1: available
  bool gone = false;
};

struct PlainConsumer {
  Consumer spec;
  int item = -1, receipt = 0;
  Time ends = -1;
};

// A queue of SQS: `fifo` locks groups. Failures are silent, or given back.
Figures plain_queue(const Workload& workload, bool fifo, Duration visibility, int most, bool silent) {
  Book book{workload, {}, {}};
  std::vector<PlainItem> items;
  std::vector<PlainConsumer> consumers;
  for (const Consumer& each : workload.services[0].consumers) consumers.push_back({each});
  std::vector<bool> dead(workload.messages.size(), false);
  const int poison = workload.poison.empty() ? -1 : workload.poison[0].message;
  std::size_t next = 0;
  const auto key = [&](const PlainItem& it) { return workload.messages[static_cast<std::size_t>(it.message)].key; };
  for (Time now = 0; now <= workload.until; now += 10 * kMs) {
    std::vector<PlainConsumer*> ending;
    for (PlainConsumer& each : consumers)
      if (each.ends == now) ending.push_back(&each);
    std::sort(ending.begin(), ending.end(), [&](auto* a, auto* b) {  // a total order: no two hold one item with one receipt at an end
      const auto of = [&](auto* it) { return std::pair(items[static_cast<std::size_t>(it->item)].message, it->receipt); };
      return of(a) < of(b);
    });
    for (PlainConsumer* each : ending) {
      PlainItem& it = items[static_cast<std::size_t>(each->item)];
      const bool current = it.received == each->receipt && !it.gone && (!fifo || it.hidden_until > now || it.hidden_until == now);
      each->ends = -1;
      if (it.message == poison) {
        if (!silent && current && it.hidden_until >= now) it.hidden_until = -1;
        continue;
      }
      book.success(it.message);
      if (current && (!fifo || it.hidden_until >= now)) it.gone = true;
    }
    for (PlainConsumer& each : consumers)
      if (each.spec.crash_at == now) each.ends = -2;
    for (PlainItem& each : items)
      if (!each.gone && each.hidden_until == now) each.hidden_until = -1;
    for (; next < workload.messages.size() && workload.messages[next].at == now; ++next) items.push_back({static_cast<int>(next)});
    if (now == workload.until) break;
    for (PlainConsumer& each : consumers) {
      if (each.spec.from > now || each.ends != -1 || each.spec.crash_at <= now) continue;
      for (std::size_t i = 0; i < items.size() && each.ends == -1; ++i) {
        PlainItem& it = items[i];
        if (it.gone || it.hidden_until >= 0) continue;
        const bool locked = fifo && std::any_of(items.begin(), items.end(), [&](const PlainItem& other) {
                              return !other.gone && key(other) == key(it) && (other.hidden_until >= 0 || other.message < it.message);
                            });
        if (locked) continue;
        if (most > 0 && it.received >= most) {
          it.gone = dead[static_cast<std::size_t>(it.message)] = true;
          continue;
        }
        ++it.received;
        it.hidden_until = now + visibility;
        each.item = static_cast<int>(i);
        each.receipt = it.received;
        each.ends = now + each.spec.handle;
        ++book.figures.attempts;
      }
    }
  }
  for (std::size_t m = 0; m < dead.size(); ++m) book.figures.dead += dead[m];
  for (const PlainItem& each : items) {
    const bool done = std::find(book.successes.begin(), book.successes.end(), each.message) != book.successes.end();
    book.figures.stuck += !each.gone && !done;
  }
  return book.figures;
}

// A stream with one active consumer: it reads in order, says after every `every` how far it is, and when it crashes the next
// goes on from there.
Figures plain_stream(const Workload& workload, int tries) {
  Book book{workload, {}, {}};
  const std::vector<Consumer>& consumers = workload.services[0].consumers;
  const int poison = workload.poison.empty() ? -1 : workload.poison[0].message;
  std::size_t stored = 0, committed = 0, position = 0;
  int active = -1, tried = 0;
  Time ends = -1;
  std::vector<std::size_t> handled;
  for (Time now = 0; now <= workload.until; now += 10 * kMs) {
    const bool crashes = active >= 0 && consumers[static_cast<std::size_t>(active)].crash_at == now;
    if (ends == now) {
      ends = -1;
      const int m = static_cast<int>(position);
      bool through = true;
      if (m != poison) book.success(m);
      else if (tried < tries) through = false;
      else ++book.figures.dead;
      if (through) {
        handled.push_back(position++);
        tried = 0;
        if (static_cast<int>(handled.size()) >= consumers[static_cast<std::size_t>(active)].every) committed = position, handled.clear();
      }
    }
    if (crashes) active = -1, ends = -1, position = committed, tried = 0, handled.clear();
    while (stored < workload.messages.size() && workload.messages[stored].at == now) ++stored;
    if (now == workload.until) break;
    for (std::size_t i = 0; active < 0 && i < consumers.size(); ++i)
      if (consumers[i].from <= now && consumers[i].crash_at > now) active = static_cast<int>(i);
    if (active < 0 || ends >= 0 || position >= stored) continue;
    ++book.figures.attempts;
    ++tried;
    ends = now + consumers[static_cast<std::size_t>(active)].handle;
  }
  book.figures.dead = book.figures.dead > 0;
  for (std::size_t m = committed; m < stored; ++m) {
    const bool done = std::find(book.successes.begin(), book.successes.end(), static_cast<int>(m)) != book.successes.end();
    book.figures.stuck += !done && !(static_cast<int>(m) == poison && book.figures.dead > 0);
  }
  return book.figures;
}

}  // namespace

TEST_CASE("random workloads come out of a mailbox as they do of a plain queue") {
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    Dice dice{seed};
    Lab lab = random_lab(dice);
    const bool fifo = dice.roll(0, 1), silent = dice.roll(0, 1);
    const std::int64_t visibility = dice.roll(1, 3), most = dice.roll(0, 3);
    lab.workload.services[0].on_error = silent ? OnError::silent : OnError::give_back;
    const Simulation run =
        lab.on(fifo ? ProductId::sqs_fifo : ProductId::sqs, {{"VisibilityTimeout", visibility}, {"maxReceiveCount", most}});
    CAPTURE(seed);
    CHECK(first_breach(run) == "");
    CHECK(figures_of(run.tally(0)) == plain_queue(lab.workload, fifo, visibility * kSecond, static_cast<int>(most), silent));
  }
}

TEST_CASE("random workloads come out of a log as they do of a plain one") {
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    Dice dice{seed};
    Lab lab = random_lab(dice);
    for (Consumer& each : lab.workload.services[0].consumers) {
      each.every = static_cast<std::int32_t>(dice.roll(1, 4));
      each.window = static_cast<std::int32_t>(dice.roll(1, 4));
    }
    lab.workload.services[0].on_error = OnError::dead_letter;
    lab.workload.services[0].tries = static_cast<std::int32_t>(dice.roll(1, 4));
    const Simulation run = lab.on(ProductId::rabbit_stream, {{"x-stream-offset", 1}});
    CAPTURE(seed);
    CHECK(first_breach(run) == "");
    CHECK(figures_of(run.tally(0)) == plain_stream(lab.workload, lab.workload.services[0].tries));
  }
}

}  // namespace nutshell::queues::testing
