#include "sim/queues/mailbox.h"

#include "sim/core/require.h"

namespace nutshell::queues {

std::int32_t Mailbox::add(Item item) {
  const auto number = static_cast<std::int32_t>(items_.size());
  if (order_ != LineOrder::one_line && item.key < 0) item.key = -2 - number;  // a line of its own
  item.place = places_++;
  items_.push_back(item);
  if (item.state == Item::State::waiting || item.state == Item::State::delayed) enter(number);
  return number;
}

Mailbox::Rank Mailbox::rank_of(std::int32_t number) const {
  const Item& it = item(number);
  return {it.rank, -it.priority, it.place, number};
}

void Mailbox::enter(std::int32_t number) {
  const Item& it = item(number);
  waiting_ += it.state == Item::State::waiting;
  if (order_ != LineOrder::one_line) lines_[it.key].queue.emplace(it.place, number);
  else if (it.state == Item::State::waiting) ready_.insert(rank_of(number));
}

// From where items wait, if it is there.
void Mailbox::exit(std::int32_t number) {
  const Item& it = item(number);
  if (it.state == Item::State::out) {
    if (order_ != LineOrder::one_line) --lines_[it.key].out;
    return;
  }
  waiting_ -= it.state == Item::State::waiting;
  if (order_ != LineOrder::one_line) lines_[it.key].queue.erase({it.place, number});
  else if (it.state == Item::State::waiting) ready_.erase(rank_of(number));
}

std::int32_t Mailbox::next_for(std::int32_t consumer, std::int32_t only_key) const {
  if (order_ == LineOrder::one_line) return ready_.empty() ? -1 : ready_.begin()->item;
  std::int32_t best = -1;
  for (const auto& [key, line] : lines_) {
    if (line.queue.empty() || (only_key != -1 && key != only_key)) continue;
    const std::int32_t first = line.queue.begin()->second;
    const bool mine = order_ == LineOrder::key_held && line.holder == consumer;
    if (item(first).state != Item::State::waiting || (line.out > 0 && only_key == -1 && !mine)) continue;
    if (best < 0 || item(first).place < item(best).place) best = first;
  }
  return best;
}

std::int32_t Mailbox::next(const std::vector<bool>& skip, std::int32_t& must) const {
  must = -1;
  if (order_ == LineOrder::one_line) return ready_.empty() ? -1 : ready_.begin()->item;
  std::int32_t best = -1;
  for (const auto& [key, line] : lines_) {
    if (line.queue.empty()) continue;
    const std::int32_t first = line.queue.begin()->second;
    if (item(first).state != Item::State::waiting) continue;
    const bool held = line.out > 0;
    if (held && (order_ == LineOrder::group_locked || skip[static_cast<std::size_t>(line.holder)])) continue;
    if (best >= 0 && item(first).place > item(best).place) continue;
    best = first;
    must = held ? line.holder : -1;
  }
  return best;
}

std::int32_t Mailbox::last_of(std::int32_t key) const {
  const auto found = lines_.find(key);
  return found == lines_.end() ? -1 : found->second.holder;
}

std::int32_t Mailbox::head() const { return ready_.empty() ? -1 : ready_.begin()->item; }

void Mailbox::hand_out(std::int32_t number, std::int32_t consumer) {
  Item& it = item(number);
  NUTSHELL_REQUIRE(it.state == Item::State::waiting);
  exit(number);
  it.state = Item::State::out;
  it.consumer = consumer;
  ++it.deliveries;
  ++it.receipt;
  if (order_ == LineOrder::one_line) return;
  Line& line = lines_[it.key];
  ++line.out;
  line.holder = consumer;
}

void Mailbox::put_back(std::int32_t number, Back back, bool delayed) {
  exit(number);
  Item& it = item(number);
  it.state = delayed ? Item::State::delayed : Item::State::waiting;
  if (back == Back::to_front) {
    it.rank = 0;
    it.priority = 0;
    it.place = returns_++;
  } else if (back == Back::to_end) {
    it.rank = 1;
    it.place = places_++;
  }
  enter(number);
}

void Mailbox::make_available(std::int32_t number) {
  Item& it = item(number);
  NUTSHELL_REQUIRE(it.state == Item::State::delayed);
  exit(number);
  it.state = Item::State::waiting;
  enter(number);
}

void Mailbox::leave(std::int32_t number, Item::State state) {
  exit(number);
  Item& it = item(number);
  it.state = state;
  const auto line = lines_.find(it.key);
  if (it.key < -1 && line != lines_.end() && line->second.queue.empty() && line->second.out == 0) lines_.erase(line);
}

}  // namespace nutshell::queues
