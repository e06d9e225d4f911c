// Promises hold in runs where things go wrong, and break where Kafka does not give them.
#include <doctest/doctest.h>

#include "tests/check/judged_world.h"

namespace nutshell {
namespace {

Setup replicated_setup(Acks acks, bool idempotent) {
  Setup setup = small_setup();
  setup.topics[0].replication_factor = 3;
  setup.topics[0].partitions = 1;
  setup.producers[0].spec.config.acks = acks;
  setup.producers[0].spec.config.enable_idempotence = idempotent;
  return setup;
}

std::string name_of(BrokerId id) { return "broker " + std::to_string(id); }

BrokerId other_than(BrokerId a, BrokerId b) {
  for (BrokerId each : {1, 2, 3})
    if (each != a && each != b) return each;
  return kNoBroker;
}

const Breach& breach_of(const JudgedWorld& run, std::string_view promise) {
  for (const Breach& each : run.judge.breaches())
    if (each.promise == find_promise(promise)) return each;
  FAIL("no breach of " << promise);
  return run.judge.breaches().front();
}

}  // namespace

TEST_CASE("a quiet cluster keeps every promise, and they are put to the test") {
  JudgedWorld run(small_setup());
  run.run(40 * kSecond);
  run.examine();
  CHECK(run.all_breaches() == "");
  for (PromiseId each : {PromiseId::log_marks_in_order, PromiseId::offsets_are_dense, PromiseId::logs_agree_below_high_watermark,
                         PromiseId::isr_members_have_committed_records, PromiseId::only_the_isr_is_waited_for,
                         PromiseId::one_leader_per_epoch,
                         PromiseId::acked_records_survive, PromiseId::acks_all_is_replicated, PromiseId::send_order_kept,
                         PromiseId::no_duplicates, PromiseId::one_owner_per_generation, PromiseId::repeatable_read,
                         PromiseId::no_record_skipped, PromiseId::commits_are_fenced, PromiseId::broker_images_agree}) {
    CAPTURE(promises()[static_cast<std::size_t>(each)].name);
    CHECK(run.trials(each) > 3);
  }
  CHECK(run.trials(PromiseId::messages_conserved) >= run.world.steps());
}

TEST_CASE("acks=all loses nothing when leader, controller and consumer die and return") {
  JudgedWorld run(replicated_setup(Acks::all, true));
  run.run(15 * kSecond);
  const std::string leader = name_of(run.leader(run.orders(0)));
  run.act(16 * kSecond, Crash{leader, false});
  run.act(20 * kSecond, Crash{"c1", false});
  run.act(40 * kSecond, Start{leader});
  run.act(42 * kSecond, Start{"c1"});
  run.act(50 * kSecond, Crash{"Q1", false});
  run.act(60 * kSecond, Start{"Q1"});
  run.act(65 * kSecond, Pause{name_of(run.leader(run.orders(0))), {15 * kSecond}});
  run.act(90 * kSecond, Cut{"broker 2", "", false});
  run.act(110 * kSecond, Heal{"", ""});
  run.run(150 * kSecond);
  run.act(151 * kSecond, Stop{"c1"});  // commits, and hands over
  run.run(160 * kSecond);
  run.examine();
  CHECK(run.all_breaches() == "");
  CHECK(run.trials(PromiseId::followers_do_not_truncate_committed) + run.trials(PromiseId::epochs_increase) > 0);
  CHECK(run.trials(PromiseId::at_least_once) > 0);
  CHECK(run.trials(PromiseId::committed_offsets_survive) > 0);
  CHECK(run.judge.ledger().controllers.size() > 1);
}

TEST_CASE("acks=1 loses what only the dead leader had, and the sentence names it") {
  JudgedWorld run(replicated_setup(Acks::leader, false));
  run.run(15 * kSecond);
  const BrokerId leader = run.leader(run.orders(0));
  for (BrokerId each : {1, 2, 3})
    if (each != leader) run.act(16 * kSecond + each, Cut{name_of(leader), name_of(each), false});
  run.act(17 * kSecond, Crash{name_of(leader), false});
  run.run(40 * kSecond);
  INFO(run.all_breaches());
  CHECK(run.broken().count("acked_records_survive") == 1);
  CHECK(run.betrayed().empty());  // nobody promises it
  const std::string& why = breach_of(run, "acked_records_survive").why;
  CAPTURE(why);
  CHECK(why.find("of orders-0 (key ") != std::string::npos);
  CHECK(why.find("'p1 #") != std::string::npos);
  CHECK(why.find("acknowledged to p1 at 16.") != std::string::npos);
  CHECK(why.find("with acks=1, is not in the log of broker ") != std::string::npos);
  CHECK(why.find("which leads from epoch 1 on") != std::string::npos);
}

TEST_CASE("an unclean election may lose what was committed and confirmed: Kafka promises neither") {
  Setup setup = replicated_setup(Acks::all, true);
  setup.config.unclean_leader_election_enable = true;
  JudgedWorld run(setup);
  run.run(15 * kSecond);
  const BrokerId leader = run.leader(run.orders(0));
  const BrokerId late = other_than(leader, kNoBroker);
  const BrokerId loyal = other_than(leader, late);
  run.act(16 * kSecond, Crash{name_of(late), false});
  run.act(40 * kSecond, Crash{name_of(loyal), false});
  run.act(60 * kSecond, Crash{name_of(leader), false});
  run.act(70 * kSecond, Start{name_of(late)});
  run.run(90 * kSecond);
  REQUIRE(run.broken().count("acked_records_survive") == 1);
  REQUIRE(run.broken().count("high_watermark_never_falls") == 1);
  CHECK(run.betrayed().empty());
}

TEST_CASE("a lost answer stores records twice, unless the producer is idempotent") {
  for (bool idempotent : {false, true}) {
    CAPTURE(idempotent);
    Setup setup = replicated_setup(Acks::all, idempotent);
    setup.producers[0].spec.config.request_timeout = 2 * kSecond;
    JudgedWorld run(setup);
    run.run(15 * kSecond);
    run.act(16 * kSecond, LoseResponses{"p1", name_of(run.leader(run.orders(0))), true});
    run.run(30 * kSecond);
    run.examine();
    INFO(run.all_breaches());
    CHECK(run.broken().count("no_duplicates") == (idempotent ? 0u : 1u));
    CHECK_FALSE(run.judge.betrayed(find_promise("no_duplicates")));
    CHECK_FALSE(run.judge.betrayed(find_promise("send_order_kept")));
    CHECK(run.broken().count("acked_records_survive") == 0);
  }
}

// The followers are out of reach, so one request waits for them and four more behind it (N1).
TEST_CASE("what a dead producer had on the way may come after what its next process sends, and that is no betrayal") {
  JudgedWorld run(replicated_setup(Acks::all, true));
  run.run(15 * kSecond);
  const BrokerId leader = run.leader(run.orders(0));
  const BrokerId follower = other_than(leader, kNoBroker);
  run.act(16 * kSecond, Cut{name_of(leader), name_of(follower), false});
  run.act(19 * kSecond, Crash{"p1", false});
  run.act(20 * kSecond, Start{"p1"});
  run.act(22 * kSecond, Heal{"", ""});
  run.run(40 * kSecond);
  run.examine();
  INFO(run.all_breaches());
  REQUIRE(run.broken() == std::set<std::string>{"send_order_kept"});
  CHECK(run.betrayed().empty());
}

TEST_CASE("committing before processing skips records when the consumer dies, and that is no betrayal") {
  Setup setup = replicated_setup(Acks::all, true);
  for (ConsumerSetup& each : setup.consumers) {
    each.spec.config.enable_auto_commit = false;
    each.spec.commit = CommitMode::before_processing;
    each.spec.processing = 200 * kMillisecond;
    each.spec.config.max_poll_records = 10;
  }
  JudgedWorld run(setup);
  run.run(20 * kSecond);
  std::string owner;
  for (const Consumer& each : run.world.consumers)
    if (!each.owned.empty()) owner = each.node == run.node("c1") ? "c1" : "c2";
  REQUIRE_FALSE(owner.empty());
  run.act(21 * kSecond, Crash{owner, false});
  run.run(80 * kSecond);
  INFO(run.all_breaches());
  REQUIRE(run.broken() == std::set<std::string>{"at_least_once"});
  CHECK_FALSE(run.judge.betrayed(find_promise("at_least_once")));
  CHECK(breach_of(run, "at_least_once").why.find("nobody in the group has processed") != std::string::npos);
}

TEST_CASE("the judge is a value: a copy goes on as the original does") {
  JudgedWorld run(small_setup());
  run.run(12 * kSecond);
  JudgedWorld copy = run;
  run.run(20 * kSecond);
  CHECK(digest_of(copy.judge) != digest_of(run.judge));
  copy.run(20 * kSecond);
  CHECK(digest_of(copy.judge) == digest_of(run.judge));
}

TEST_CASE("the judge leaves the world alone") {
  JudgedWorld judged(small_setup());
  judged.run(15 * kSecond);
  World alone = make_world(small_setup());
  std::vector<Fact> facts;
  while (next_event_time(alone) <= 15 * kSecond) {
    facts.clear();
    step(alone, facts);
  }
  CHECK(state_digest(alone) == state_digest(judged.world));
}

}  // namespace nutshell
