// What was asked for and takes more than a frame: it is done as soon as what it asks for is known, a piece of the way a
// frame.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/session/session.h"

namespace nutshell {

// The moment of a share code, on its way to be shown: its branch, then its time, then what stands beside it.
struct Joining {
  std::size_t branch = 0;
  Time at = 0;
  std::optional<std::size_t> beside;
  std::string warning;
};

class Errands {
 public:
  // One command is awaited at a time, and none while a moment is on its way.
  void await(const Command& command) { awaited_ = command; }
  void drop_command() { awaited_.reset(); }
  void drop() {
    awaited_.reset();
    joining_.reset();
  }
  // Another session is shown. What is to be saved has been.
  void drop_all() {
    drop();
    expected_.reset();
  }
  // What was awaited, if its time has come; else it is brought nearer.
  std::optional<Command> take_due(Session& session);

  void join(Joining joining) { joining_ = std::move(joining); }
  void go_on_joining(Session& session);

  // Where scenarios are saved; "." unless said.
  void save_into(std::string folder) { folder_ = std::move(folder); }
  // What was asked to be saved is, whatever is done meanwhile.
  void save(Session& session, std::size_t branch);
  void go_on_saving(Session& session);
  void finish_saving(Session& session);

  // What was done is to break the promise, in that branch; whether it does shows when all of it is known.
  void expect(std::string promise, std::size_t branch) { expected_ = Expected{std::move(promise), branch}; }
  void check_expected(Session& session);

  // To somewhere in a session.
  bool under_way() const { return awaited_ || joining_; }
  bool any() const { return under_way() || expected_ || !saving_.empty(); }

 private:
  void write(Session& session, std::size_t branch) const;

  struct Expected {
    std::string promise;
    std::size_t branch = 0;
  };
  std::optional<Command> awaited_;
  std::optional<Joining> joining_;
  std::vector<std::size_t> saving_;  // branches
  std::optional<Expected> expected_;
  std::string folder_ = ".";
};

}  // namespace nutshell
