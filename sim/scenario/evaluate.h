// Judges the tests of expectations and choices against a finished run.
#pragma once

#include <optional>
#include <string>

#include "sim/scenario/run.h"

namespace nutshell {

// Whether a test came true and, if it did not, what was seen instead.
struct TestOutcome {
  bool holds = false;
  std::string why;
};

class Evaluator {
 public:
  // REQUIRES `finished` has run to `until`, stands there, and keeps the facts that the tests speak of.
  Evaluator(const Timeline& finished, Time until);

  TestOutcome evaluate(const Test& test);
  // The breaches of the whole run, those found by looking at everything at its end included.
  const Judge& judge() const { return judge_; }

 private:
  TestOutcome evaluate_test(const PromiseTest& test);
  TestOutcome evaluate_test(const FactTest& test);
  TestOutcome evaluate_test(const ValueTest& test);
  // Goes to the moment; "" or why there is no such moment.
  std::string go_to(const Moment& moment);

  Timeline probe_;  // moves about; the run itself stays where it is
  Step end_ = 0;
  Time until_ = 0;
  std::size_t facts_ = 0;  // of the run
  Judge judge_;
};

// Index of the one choice that comes true; nullopt: none does, or several.
std::optional<std::size_t> right_choice(Evaluator& evaluator, const Beat& beat);

// "promise acked_records_survive is broken at 12.345s: ..."
std::string to_text(const Breach& breach);

}  // namespace nutshell
