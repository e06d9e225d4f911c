// Histories against the worlds of the same run, looked at moment by moment.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "sim/cluster/describe.h"
#include "sim/scenario/read.h"
#include "sim/scenario/run.h"
#include "sim/session/image.h"
#include "tests/viz/desk.h"

using namespace nutshell;
using namespace nutshell::testing;

namespace {

// A lesson that has run to its end, and moments of it in order.
struct Run {
  explicit Run(const std::string& file) : scenario(*load_scenario(file).scenario), timeline(timeline_of(scenario)) {
    run_to(timeline, scenario.until);
    histories = read_histories(timeline, scenario.until);
  }
  // Goes through `count` random moments; the same ones each time.
  template <class Look>
  void at_moments(std::size_t count, const Look& look) {
    std::vector<Time> times;
    for (std::size_t i = 0; i < count; ++i)
      times.push_back(static_cast<Time>(mix(i + 1) % static_cast<std::uint64_t>(scenario.until)));
    std::sort(times.begin(), times.end());
    for (Time at : times) {
      timeline.seek_time(at);
      look(at, timeline.world());
    }
  }
  static std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL + 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
  }

  Scenario scenario;
  Timeline timeline;
  Histories histories;
};

template <class Check>
void in_each_lesson(const Check& check) {
  for (const std::string& file : lesson_files()) {
    CAPTURE(file);
    Run run(file);
    if (run.scenario.setup.brokers == 0) continue;  // no cluster: nothing is read or led
    check(run);
  }
}

std::set<NodeId> owners_in(const World& world, GroupId group, TopicPartition tp) {
  std::set<NodeId> owners;
  for (const Consumer& each : world.consumers) {
    const auto owns = [&](const OwnedPartition& owned) { return owned.tp == tp; };
    if (each.spec.group == group && std::any_of(each.owned.begin(), each.owned.end(), owns)) owners.insert(each.node);
  }
  return owners;
}

std::set<NodeId> owners_at(const Readers& readers, Time at) {
  std::set<NodeId> owners;
  for (const Tenure& each : readers.tenures) {
    if (each.from <= at && at < each.to) owners.insert(each.owner);
  }
  return owners;
}

bool is_in(const std::vector<TimeSpan>& spans, Time at) {
  return std::any_of(spans.begin(), spans.end(), [&](const TimeSpan& each) { return each.from <= at && at < each.to; });
}

const Metric& metric(const Histories& histories, const std::string& name) {
  for (const Metric& each : histories.metrics) {
    if (each.name == name) return each;
  }
  FAIL("there is no metric ", name);
  return histories.metrics.front();
}

}  // namespace

namespace {

std::string in_words(const Histories& all) {
  std::string text = std::to_string(all.until);
  const auto add = [&](std::int64_t number) { text += ' ' + std::to_string(number); };
  const auto add_levels = [&](const std::vector<Level>& levels) {
    for (const Level& each : levels) add(each.at), add(each.value);
  };
  for (const GroupHistory& group : all.groups) {
    for (const Readers& readers : group.partitions) {
      for (const Tenure& each : readers.tenures) add(each.from), add(each.to), add(each.owner), add(each.generation);
      for (const TimeSpan& each : readers.gaps) add(each.from), add(each.to);
    }
    for (const GroupStretch& each : group.states) add(each.from), add(each.to), add(static_cast<int>(each.state)), add(each.generation);
    for (Time each : group.joins) add(each);
    add_levels(group.generations);
  }
  for (const PartitionHistory& partition : all.partitions) {
    for (const Leadership& each : partition.leaders) add(each.from), add(each.to), add(each.broker), add(each.leader_epoch);
    for (const ReplicaHistory& each : partition.replicas) {
      add_levels(each.log_end), add_levels(each.high_watermark);
      for (const TimeSpan& span : each.in_isr) add(span.from), add(span.to);
      for (const TimeSpan& span : each.down) add(span.from), add(span.to);
      for (const LogCut& cut : each.cuts) add(cut.at), add(cut.end), add(cut.to);
    }
  }
  for (const Metric& each : all.metrics) text += each.name, add_levels(each.levels);
  return text;
}

}  // namespace

TEST_CASE("histories and tracks that are read piece by piece are those that are read at once") {
  in_each_lesson([](Run& run) {
    // From wherever the timeline stands.
    run.timeline.seek_time(run.scenario.until / 3);
    for (const Time until : {run.scenario.until, run.scenario.until / 2}) {
      HistoriesReader histories(run.timeline, until);
      TracksReader tracks(run.timeline, until);
      const Step all = run.timeline.steps_until(until);
      Step pieces = 0;
      while (histories.go_on(all / 7)) ++pieces;
      while (tracks.go_on(all / 11)) ++pieces;
      CHECK(pieces >= 16);
      CHECK(in_words(histories.take()) == in_words(read_histories(run.timeline, until)));
      const Tracks told = tracks.take(), whole = read_tracks(run.timeline, until);
      REQUIRE(told.points.size() == whole.points.size());
      for (std::size_t i = 0; i < told.points.size(); ++i) CHECK(told.points[i].sentence == whole.points[i].sentence);
      REQUIRE(told.passages.size() == whole.passages.size());
      for (std::size_t i = 0; i < told.passages.size(); ++i) REQUIRE(told.passages[i].ended == whole.passages[i].ended);
      CHECK(whole.passages.back().ended_at <= until);
      CHECK(whole.points.back().at <= until);
    }
    CHECK(in_words(read_histories(run.timeline, run.scenario.until)) == in_words(run.histories));
  });
}

TEST_CASE("who reads a partition is who owns it, at 50 random moments of each lesson") {
  in_each_lesson([](Run& run) {
    run.at_moments(50, [&](Time at, const World& world) {
      for (const GroupHistory& group : run.histories.groups) {
        for (const Readers& each : group.partitions) {
          CAPTURE(at);
          CAPTURE(each.tp.partition);
          CHECK(owners_at(each, at) == owners_in(world, group.group, each.tp));
        }
      }
    });
  });
}

TEST_CASE("log ends and high watermarks are the logs', at 50 random moments of each lesson") {
  in_each_lesson([](Run& run) {
    run.at_moments(50, [&](Time at, const World& world) {
      for (const PartitionHistory& partition : run.histories.partitions) {
        if (at < partition.since) continue;  // an earlier topic had its name
        for (const ReplicaHistory& each : partition.replicas) {
          const Replica* replica = world.find_broker(each.broker)->replica(partition.tp);
          if (!replica) continue;
          CAPTURE(at);
          CAPTURE(each.broker);
          CHECK(level_at(each.log_end, at).value_or(-1) == replica->log.log_end_offset());
          CHECK(level_at(each.high_watermark, at).value_or(-1) == replica->log.high_watermark());
        }
      }
    });
  });
}

TEST_CASE("the ISR and the leaders are the cluster's, at 50 random moments of each lesson") {
  in_each_lesson([](Run& run) {
    run.at_moments(50, [&](Time at, const World& world) {
      for (const PartitionHistory& partition : run.histories.partitions) {
        const PartitionRegistration* registered = committed_image(world)->partition(partition.tp);
        if (!registered || at < partition.since) continue;
        for (const ReplicaHistory& each : partition.replicas) {
          CAPTURE(at);
          CAPTURE(each.broker);
          CHECK(is_in(each.in_isr, at) == registered->isr.contains(static_cast<std::int16_t>(each.broker)));
        }
        for (const Leadership& each : partition.leaders) {
          if (at < each.from || at >= each.to || each.broker == kNoBroker) continue;
          const Replica* replica = world.find_broker(each.broker)->replica(partition.tp);
          REQUIRE(replica);
          CHECK(replica->role == ReplicaRole::leader);
          CHECK(replica->leader_epoch == each.leader_epoch);
        }
      }
    });
  });
}

// Every world between two steps lasts until the next one: a partition that nobody owns in it adds as much.
TEST_CASE("the gaps sum up to what stepping through the worlds counts") {
  for (const char* name : {"four-consumers", "five-consumers", "no-rebalance", "at-least-once"}) {
    CAPTURE(name);
    Run run(lesson(name).file);
    run.timeline.seek(0);
    for (const GroupHistory& group : run.histories.groups) {
      Duration counted = 0;
      bool began = false;
      run.timeline.seek(0);
      while (run.timeline.next_time() <= run.scenario.until || began) {
        const Time from = run.timeline.now(), to = std::min(run.timeline.next_time(), run.scenario.until);
        std::int64_t unread = 0, read = 0;
        for (const Readers& each : group.partitions) {
          const bool owned = !owners_in(run.timeline.world(), group.group, each.tp).empty();
          unread += !owned;
          read += owned;
        }
        began = began || read > 0;
        if (began) counted += unread * (to - from);
        if (!run.timeline.step(run.scenario.until)) break;
      }
      CHECK(gaps_between(group, 0, run.scenario.until).whole == counted);
    }
  }
}

TEST_CASE("the state of a group is its coordinator's, at 50 random moments of each lesson") {
  in_each_lesson([](Run& run) {
    run.at_moments(50, [&](Time at, const World& world) {
      for (const GroupHistory& group : run.histories.groups) {
        for (const GroupStretch& each : group.states) {
          if (at < each.from || at >= each.to || !each.known) continue;
          CAPTURE(at);
          const std::string path = "groups/" + world.fabric.names[group.group] + "/STATE";
          const std::string state = describe_value(world, path).value_or("-");
          if (state != "-") CHECK(state == group_state_name(each.state));
        }
      }
    });
  });
}

namespace {

// A column of the row that kafka-consumer-groups prints of a partition that the group reads; "": there is none.
std::string printed(const std::vector<Table>& tables, const std::string& group, const std::string& topic, std::int32_t partition,
                    std::string_view column) {
  for (const Table& each : tables) {
    const auto place = std::find(each.columns.begin(), each.columns.end(), column) - each.columns.begin();
    for (const auto& row : each.rows)
      if (row[0] == group && row[1] == topic && row[2] == std::to_string(partition)) return row[static_cast<std::size_t>(place)];
  }
  return "";
}

}  // namespace

TEST_CASE("lag is the sum of what kafka-consumer-groups prints") {
  std::size_t compared = 0;
  in_each_lesson([&](Run& run) {
    run.at_moments(50, [&](Time at, const World& world) {
      const std::vector<Table> tables = describe(world, "groups", InternalTopics::show);
      for (const GroupHistory& group : run.histories.groups) {
        const std::string& name = world.fabric.names[group.group];
        std::int64_t sum = 0;
        bool all = true, any = false;
        for (const Readers& each : group.partitions) {
          const std::string& topic = world.fabric.names[each.tp.topic];
          const std::string current = printed(tables, name, topic, each.tp.partition, "CURRENT-OFFSET");
          const std::string lag = printed(tables, name, topic, each.tp.partition, "LAG");
          if (current.empty() || current == "-") continue;
          all = all && lag != "-";
          if (all) sum += std::stoll(lag);
          any = true;
        }
        if (!all || !any) continue;
        CAPTURE(at);
        CHECK(metric_at(metric(run.histories, "lag of " + name), at).value_or(-1) == sum);
        ++compared;
      }
    });
  });
  CHECK(compared > 200);
}

TEST_CASE("records out are what consumers count, and records in what logs grow by") {
  for (const char* name : {"one-consumer", "two-consumers", "four-consumers"}) {
    CAPTURE(name);
    Run run(lesson(name).file);
    const auto delivered = [&](Time at) {
      run.timeline.seek_time(at);
      std::int64_t sum = 0;
      for (const Consumer& each : run.timeline.world().consumers) sum += each.delivered;
      return sum;
    };
    const auto stored = [&](Time at) {
      run.timeline.seek_time(at);
      std::int64_t sum = 0;
      for (const PartitionHistory& each : run.histories.partitions) {
        for (const Broker& broker : run.timeline.world().brokers) {
          const Replica* replica = broker.replica(each.tp);
          if (replica && replica->role == ReplicaRole::leader) sum += replica->log.log_end_offset();
        }
      }
      return sum;
    };
    for (Time at = 2 * kSecond + run.scenario.opens; at < run.scenario.until; at += run.scenario.until / 9) {
      CAPTURE(at);
      CHECK(metric_at(metric(run.histories, "records out"), at) == static_cast<double>(delivered(at) - delivered(at - kSecond)));
      CHECK(metric_at(metric(run.histories, "records in"), at) == static_cast<double>(stored(at) - stored(at - kSecond)));
    }
  }
}

TEST_CASE("under-replicated partitions are as many as brokers say") {
  in_each_lesson([](Run& run) {
    run.at_moments(30, [&](Time at, const World& world) {
      std::int64_t lacking = 0;
      for (TopicPartition tp : user_partitions(world)) {
        const PartitionRegistration* partition = committed_image(world)->partition(tp);
        lacking += partition->isr.size() < partition->replicas.size();
      }
      CAPTURE(at);
      CHECK(metric_at(metric(run.histories, "under-replicated"), at) == static_cast<double>(lacking));
    });
  });
}

TEST_CASE("a cut log is a drop: the unclean election throws away what only the old leader had") {
  Run run(lesson("acks-one-loses").file);
  std::size_t cuts = 0;
  for (const PartitionHistory& partition : run.histories.partitions) {
    for (const ReplicaHistory& replica : partition.replicas) {
      for (const LogCut& each : replica.cuts) {
        CHECK(each.to < each.end);
        CHECK(level_at(replica.log_end, each.at - 1) == each.end);
        ++cuts;
      }
    }
  }
  CHECK(cuts > 0);
}

TEST_CASE("a rate counts a second back, a measurement is the mean of one, and nothing is not nought") {
  Metric rate{"", "", MetricKind::count, {{kSecond, 3}, {3 * kSecond / 2, 5}, {4 * kSecond, 6}}};
  CHECK(metric_at(rate, kSecond / 2) == 0);
  CHECK(metric_at(rate, 3 * kSecond / 2) == 5);
  CHECK(metric_at(rate, 2 * kSecond + 1) == 2);
  CHECK(metric_at(rate, 3 * kSecond) == 0);
  Metric sample{"", "", MetricKind::sample, {{kSecond, 10}, {kSecond + 1, 20}}};
  CHECK_FALSE(metric_at(sample, kSecond - 1));
  CHECK(metric_at(sample, kSecond) == 10);
  CHECK(metric_at(sample, 2 * kSecond - 1) == 15);
  CHECK(metric_at(sample, 2 * kSecond) == 20);
  CHECK_FALSE(metric_at(sample, 3 * kSecond));
  Metric level{"", "", MetricKind::level, {{kSecond, 7}}};
  CHECK_FALSE(metric_at(level, kSecond - 1));
  CHECK(metric_at(level, 9 * kSecond) == 7);
}
