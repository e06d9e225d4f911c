#include "sim/queues/mailbox.h"

#include <tuple>

#include "sim/core/require.h"

namespace nutshell::queues {

std::int32_t Mailbox::add(Item item) {
  const auto number = static_cast<std::int32_t>(items_.size());
  if (order_ != LineOrder::one_line && item.key < 0) item.key = -2 - number;  // a line of its own
  item.place = places_++;
  items_.push_back(item);
  if (fair_) tenants_[item.key].sent = item.entered;
  if (item.state == Item::State::waiting || item.state == Item::State::delayed) enter(number);
  list_line(item.key);
  return number;
}

Mailbox::Rank Mailbox::rank_of(std::int32_t number) const {
  const Item& it = item(number);
  return {it.rank, -it.priority, it.place, number};
}

void Mailbox::enter(std::int32_t number) {
  const Item& it = item(number);
  waiting_ += it.state == Item::State::waiting;
  if (it.state == Item::State::waiting) waiting_bytes_ += it.size;
  if (order_ != LineOrder::one_line) lines_[it.key].queue.emplace(it.place, number);
  else if (it.state == Item::State::waiting) ready_.insert(rank_of(number));
  if (fair_ && it.state == Item::State::waiting) tenants_[it.key].ready.insert(rank_of(number));
}

// From where items wait, if it is there.
void Mailbox::exit(std::int32_t number) {
  const Item& it = item(number);
  if (it.state == Item::State::out) {
    --out_;
    if (fair_) --tenants_[it.key].out;
    if (order_ != LineOrder::one_line) --lines_[it.key].out;
    return;
  }
  waiting_ -= it.state == Item::State::waiting;
  if (it.state == Item::State::waiting) waiting_bytes_ -= it.size;
  const bool waits = it.state == Item::State::waiting || it.state == Item::State::delayed;
  if (order_ != LineOrder::one_line && waits) lines_[it.key].queue.erase({it.place, number});
  else if (it.state == Item::State::waiting) ready_.erase(rank_of(number));
  if (fair_ && it.state == Item::State::waiting) tenants_[it.key].ready.erase(rank_of(number));
}

// Keeps the lists of lines up to date, after anything has happened to one.
void Mailbox::list_line(std::int32_t key) {
  if (order_ == LineOrder::one_line) return;
  const auto found = lines_.find(key);
  if (found == lines_.end()) return;
  Line& line = found->second;
  if (line.listed >= 0) (line.listed_as_held ? held_ : free_).erase({static_cast<std::uint64_t>(line.listed), key});
  line.listed = -1;
  if (key < -1 && line.queue.empty() && line.out == 0) {
    lines_.erase(found);
    return;
  }
  if (line.queue.empty() || item(line.queue.begin()->second).state != Item::State::waiting) return;
  line.listed = static_cast<std::int64_t>(line.queue.begin()->first);
  line.listed_as_held = line.out > 0;
  (line.listed_as_held ? held_ : free_).emplace(line.queue.begin()->first, key);
}

std::int32_t Mailbox::next_for(std::int32_t consumer, std::int32_t only_key) const {
  if (order_ == LineOrder::one_line) return ready_.empty() ? -1 : ready_.begin()->item;
  if (only_key != -1) {
    const auto line = lines_.find(only_key);
    return line == lines_.end() || line->second.listed < 0 ? -1 : first_of(only_key);
  }
  for (const auto& [place, key] : held_) {
    if (order_ != LineOrder::key_held || lines_.find(key)->second.holder != consumer) continue;
    return !free_.empty() && free_.begin()->first < place ? first_of(free_.begin()->second) : first_of(key);
  }
  return free_.empty() ? -1 : first_of(free_.begin()->second);
}

std::int32_t Mailbox::next(const std::vector<bool>& skip, std::int32_t& must) const {
  must = -1;
  if (order_ == LineOrder::one_line) return ready_.empty() ? -1 : ready_.begin()->item;
  for (const auto& [place, key] : held_) {
    const std::int32_t holder = lines_.find(key)->second.holder;
    if (order_ == LineOrder::group_locked || skip[static_cast<std::size_t>(holder)]) continue;
    if (!free_.empty() && free_.begin()->first < place) break;
    must = holder;
    return first_of(key);
  }
  return free_.empty() ? -1 : first_of(free_.begin()->second);
}

// A key is noisy that has more than a tenth of all that is out and at least 30 messages. What has no key never is.
void Mailbox::watch_noise(std::int32_t key) {
  constexpr std::int32_t kNoisyOut = 30;
  Tenant& it = tenants_[key];
  it.noisy = it.noisy || (key >= 0 && it.out >= kNoisyOut && it.out * 10 > out_);
}

// It stays noisy until nothing of it waits, or none has come for five minutes. Of several noisy ones the one with least out is next.
std::int32_t Mailbox::next_fair(Time now) {
  constexpr Duration kQuietAfter = 5 * kMinute;
  const Tenant* best = nullptr;
  const auto standing = [](const Tenant& it) { return std::tuple(it.noisy, it.noisy ? it.out : 0, *it.ready.begin()); };
  for (auto& [key, it] : tenants_) {
    watch_noise(key);
    if (it.ready.empty() || now - it.sent >= kQuietAfter) it.noisy = false;
    if (!it.ready.empty() && (!best || standing(it) < standing(*best))) best = &it;
  }
  return best ? best->ready.begin()->item : -1;
}

std::int32_t Mailbox::last_of(std::int32_t key) const {
  const auto found = lines_.find(key);
  return found == lines_.end() ? -1 : found->second.holder;
}

bool Mailbox::is_among_first(std::int32_t number, std::int64_t most) const {
  if (number < most) return true;
  std::int64_t before = 0;
  for (const Item& each : items_) before += each.is_stored() && each.place < item(number).place;
  return before < most;
}

std::int32_t Mailbox::head() const { return ready_.empty() ? -1 : ready_.begin()->item; }

void Mailbox::hand_out(std::int32_t number, std::int32_t consumer) {
  Item& it = item(number);
  NUTSHELL_REQUIRE(it.state == Item::State::waiting);
  exit(number);
  it.state = Item::State::out;
  ++out_;
  it.consumer = consumer;
  ++it.deliveries;
  ++it.receipt;
  if (fair_) {
    ++tenants_[it.key].out;
    watch_noise(it.key);
  }
  if (order_ == LineOrder::one_line) return;
  Line& line = lines_[it.key];
  ++line.out;
  line.holder = consumer;
  list_line(it.key);
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
  list_line(it.key);
}

void Mailbox::make_available(std::int32_t number) {
  Item& it = item(number);
  NUTSHELL_REQUIRE(it.state == Item::State::delayed);
  exit(number);
  it.state = Item::State::waiting;
  enter(number);
  list_line(it.key);
}

void Mailbox::leave(std::int32_t number, Item::State state) {
  exit(number);
  Item& it = item(number);
  it.state = state;
  list_line(it.key);
}

}  // namespace nutshell::queues
