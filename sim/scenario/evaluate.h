// Judges the tests of expectations and choices against a finished run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/run.h"

namespace nutshell {

// Whether a test came true and, if it did not, what was seen instead.
struct TestOutcome {
  bool holds = false;
  std::string why;
  // If it holds, the moment from which on that was settled: just after the fact, the breach or the look that made it
  // true; where later facts could have spoiled it, the end of the stretch that it speaks of, or of the run.
  Step position = 0;  // steps taken by then: Timeline::seek goes there
  Time at = 0;
};

class Evaluator {
 public:
  // REQUIRES `finished` has run to scenario.until, stands there, and keeps the facts that the tests speak of.
  Evaluator(const Timeline& finished, const Scenario& scenario);

  TestOutcome evaluate(const Test& test);
  // The breaches of the whole run, those found by looking at everything at its end included.
  const Judge& judge() const { return judge_; }

 private:
  TestOutcome evaluate_test(const PromiseTest& test);
  TestOutcome evaluate_test(const FactTest& test);
  TestOutcome evaluate_test(const ValueTest& test);
  // Of what is known for all times at once: a query without a cluster, or wires.
  TestOutcome evaluate_known(const ValueTest& test);
  // The test holds, and that was settled just after the step, or at that time.
  TestOutcome settled_after(Step step, Time at, std::string why) const;
  TestOutcome settled_at(Time time, std::string why);
  // Goes to the moment; "" or why there is no such moment.
  std::string go_to(const Moment& moment);

  Timeline probe_;  // moves about; the run itself stays where it is
  Step end_ = 0;
  Time until_ = 0;
  std::shared_ptr<const streams::Film> film_;  // of a scenario without a cluster
  std::vector<WiresStep> wires_;               // likewise
  std::size_t facts_ = 0;  // of the run
  Judge judge_;
};

// The fields of a breach, as "where" of "holds" and "breaks" names them: for whom the promise was broken.
const FactShape& breach_shape();
// Whether the test speaks of the breach: it names the promise, and the breach is one of those meant.
bool speaks_of(const PromiseTest& test, const Breach& breach, const World& world);

// Index of the one choice that comes true; nullopt: none does, or several.
std::optional<std::size_t> right_choice(Evaluator& evaluator, const Beat& beat);

// "promise acked_records_survive is broken at 12.345s: ..."
std::string to_text(const Breach& breach);

}  // namespace nutshell
