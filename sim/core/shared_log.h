// An append-only vector that is a value: copies are cheap because they share everything but the end.
//
// Entries are sealed into immutable chunks, and chunks into immutable groups; both are shared between
// copies. Only the last `Chunk - 1` entries at most (the tail) belong to one copy alone. A copy of a
// million entries costs a microsecond or two, a copy of ten entries one small allocation.
//
// An index names the same entry for ever: drop_front() and release() give entries back but renumber nothing.
// The digest of a sealed chunk is worked out when it is asked for first, and kept with it, so folding a long log again costs a
// few hundred words. Copies belong to one thread. Where nobody asks for digests, `Digested` is false, and entries need not be
// foldable.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "sim/core/digest.h"
#include "sim/core/require.h"

namespace nutshell {

// T must be copyable, default constructible and, if Digested, foldable into a digest. Chunk: entries in a chunk.
template <class T, std::size_t Chunk = 256, bool Digested = true>
class SharedLog {
  static_assert(Chunk > 0 && (Chunk & (Chunk - 1)) == 0, "a power of two");

 public:
  // Walks over the entries that are held. Good until the next change of this copy.
  class const_iterator {
   public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = const T&;

    const_iterator() = default;
    reference operator*() const { return (*log_)[index_]; }
    pointer operator->() const { return &(*log_)[index_]; }
    reference operator[](difference_type by) const { return *(*this + by); }
    const_iterator& operator+=(difference_type by) {
      index_ = static_cast<std::size_t>(static_cast<difference_type>(index_) + by);
      return *this;
    }
    const_iterator& operator-=(difference_type by) { return *this += -by; }
    const_iterator& operator++() { return *this += 1; }
    const_iterator& operator--() { return *this += -1; }
    const_iterator operator++(int) { return std::exchange(*this, *this + 1); }
    const_iterator operator--(int) { return std::exchange(*this, *this - 1); }
    friend const_iterator operator+(const_iterator it, difference_type by) { return it += by; }
    friend const_iterator operator+(difference_type by, const_iterator it) { return it += by; }
    friend const_iterator operator-(const_iterator it, difference_type by) { return it -= by; }
    friend difference_type operator-(const_iterator a, const_iterator b) {
      return static_cast<difference_type>(a.index_) - static_cast<difference_type>(b.index_);
    }
    friend bool operator==(const_iterator a, const_iterator b) { return a.index_ == b.index_; }
    friend auto operator<=>(const_iterator a, const_iterator b) { return a.index_ <=> b.index_; }

   private:
    friend class SharedLog;
    const_iterator(const SharedLog* log, std::size_t index) : log_(log), index_(index) {}
    const SharedLog* log_ = nullptr;
    std::size_t index_ = 0;
  };

  const_iterator begin() const { return {this, begin_}; }
  const_iterator end() const { return {this, size()}; }

  // One above the last index. The number of entries held is size() - begin_index().
  std::size_t size() const { return sealed_ + tail_.size(); }
  // The lowest index that has not been released.
  std::size_t begin_index() const { return begin_; }
  bool empty() const { return begin_ == size(); }

  // Whether the entry was added and not given back since.
  bool holds(std::size_t index) const {
    return index >= begin_ && index < size() && (index >= sealed_ || chunk_of(index) != nullptr);
  }
  // REQUIRES holds(index). The reference lasts until the next change of this copy.
  const T& operator[](std::size_t index) const {
    if (index - sealed_ < tail_.size() && index >= begin_) return tail_[index - sealed_];  // below sealed_ it is a huge number
    NUTSHELL_REQUIRE(index >= begin_ && index < sealed_);
    const ChunkPointer& chunk = chunk_of(index);
    NUTSHELL_REQUIRE(chunk != nullptr);
    return chunk->entries[index % Chunk];
  }
  // REQUIRES !empty().
  const T& front() const { return (*this)[begin_]; }
  const T& back() const { return (*this)[size() - 1]; }

  void push_back(const T& value) {
    tail_.push_back(value);
    if (tail_.size() == Chunk) seal();
  }
  void push_back(T&& value) {
    tail_.push_back(std::move(value));
    if (tail_.size() == Chunk) seal();
  }

  // Adds what `longer` has from size() on: its chunks are shared, also the one that the end of this log is the beginning of.
  // REQUIRES longer holds all of that.
  void extend(const SharedLog& longer) requires Digested {
    while (size() < longer.size()) {
      const bool whole = sealed_ + Chunk <= longer.sealed_ && longer.begin_ <= sealed_;
      if (whole && begins_with_tail(*longer.chunk_of(sealed_))) {
        tail_.clear();
        add_chunk(longer.chunk_of(sealed_));
      } else {
        push_back(longer[size()]);
      }
    }
  }

  // The same where it is known that all of this stands in `longer`: then nothing need be compared.
  void grow_to(const SharedLog& longer) requires Digested {
    if (longer.begin_ > begin_) return extend(longer);  // it has given back more
    const std::size_t begin = begin_;
    *this = longer;
    drop_front(begin);
  }

  // Removes the entries from new_size on. REQUIRES begin_index() <= new_size <= size().
  void truncate(std::size_t new_size) {
    NUTSHELL_REQUIRE(new_size >= begin_ && new_size <= size());
    if (new_size >= sealed_) {
      tail_.erase(tail_.begin() + static_cast<std::ptrdiff_t>(new_size - sealed_), tail_.end());
    } else {
      cut_into_sealed(new_size);
    }
  }

  // Forgets everything: the next entry has this index.
  void begin_at(std::size_t index) {
    *this = SharedLog();
    begin_ = index;
    dropped_groups_ = index / kGroupEntries;
    chunks_.resize(index % kGroupEntries / Chunk);
    tail_.resize(index % Chunk);  // entries that nobody can ask for
    sealed_ = index - index % Chunk;
  }

  // Releases the entries below `first`, memory in whole chunks. REQUIRES begin_index() <= first <= size().
  void drop_front(std::size_t first) {
    NUTSHELL_REQUIRE(first >= begin_ && first <= size());
    begin_ = first;
    const std::size_t whole = begin_ / kGroupEntries - dropped_groups_;
    groups_.erase(groups_.begin(), groups_.begin() + static_cast<std::ptrdiff_t>(whole));
    dropped_groups_ += whole;
    release_chunks();
  }

  // Gives back the chunks of which `held`, by chunk number, is false; chunk n has the entries from n * Chunk on. Entries
  // behind the last whole chunk stay. REQUIRES held has a value for every whole chunk.
  void release(const std::vector<bool>& held) {
    NUTSHELL_REQUIRE(held.size() >= sealed_ / Chunk);
    std::size_t number = dropped_groups_ * kFan;
    for (std::shared_ptr<const Group>& group : groups_) {
      group = without(group, held, number);
      number += kFan;
    }
    for (ChunkPointer& chunk : chunks_)
      if (!held[number++]) chunk.reset();
  }
  static constexpr std::size_t kChunk = Chunk;

  // Depends only on begin_index() and the entries held, not on how the log came to hold them.
  void fold_into(std::uint64_t& digest) const requires Digested {
    digest = mix(digest, begin_);
    digest = mix(digest, size());
    for (std::size_t index = begin_; index < size();) {
      if (index % kGroupEntries == 0 && in_group(index)) {
        const auto& group = groups_[group_of(index)];
        digest = mix(digest, group ? digest_of_group(*group) : 0);
        index += kGroupEntries;
      } else if (index < sealed_ && (index % Chunk == 0 || !chunk_of(index))) {
        digest = mix(digest, digest_of_chunk(chunk_of(index)));
        index -= index % Chunk;
        index += Chunk;
      } else {
        digest = mix(digest, digest_of((*this)[index++]));
      }
    }
  }

  // Heap bytes that can be reached from here, shared ones included; not what entries own themselves.
  std::size_t memory_bytes() const {
    const auto held = [](const auto& chunks) {
      return static_cast<std::size_t>(chunks.end() - chunks.begin() - std::count(chunks.begin(), chunks.end(), nullptr));
    };
    std::size_t bytes = tail_.capacity() * sizeof(T) + held(chunks_) * kSealedBytes + groups_.capacity() * sizeof(groups_[0]) +
                        chunks_.capacity() * sizeof(chunks_[0]);
    for (const auto& group : groups_)
      if (group) bytes += sizeof(Group) + held(group->chunks) * kSealedBytes;
    return bytes;
  }
  // Heap bytes that a copy adds.
  std::size_t copy_bytes() const {
    return tail_.size() * sizeof(T) + groups_.size() * sizeof(groups_[0]) + chunks_.size() * sizeof(chunks_[0]);
  }

 private:
  static constexpr std::size_t kFan = 64;  // chunks in a group
  static constexpr std::size_t kGroupEntries = kFan * Chunk;

  struct Sealed {
    std::vector<T> entries;            // Chunk of them: what was the tail
    mutable std::uint64_t digest = 0;  // of all entries; 0: nobody has asked
  };
  static constexpr std::size_t kSealedBytes = sizeof(Sealed) + Chunk * sizeof(T);
  using ChunkPointer = std::shared_ptr<const Sealed>;  // null: given back
  static inline const ChunkPointer kReleased = nullptr;
  struct Group {
    std::array<ChunkPointer, kFan> chunks;
    mutable std::uint64_t digest = 0;  // of all chunks; means nothing once drop_front() has reached into it. 0: nobody has asked
  };

  std::size_t group_of(std::size_t index) const { return index / kGroupEntries - dropped_groups_; }
  bool in_group(std::size_t index) const { return group_of(index) < groups_.size(); }
  // REQUIRES begin_ <= index < sealed_.
  const ChunkPointer& chunk_of(std::size_t index) const {
    const std::size_t place = index / Chunk % kFan;
    if (!in_group(index)) return chunks_[place];
    const auto& group = groups_[group_of(index)];
    return group ? group->chunks[place] : kReleased;
  }
  // Each entry is digested alone, so that the processor can overlap them.
  static std::uint64_t digest_of_chunk(const ChunkPointer& chunk) {
    if (chunk && chunk->digest == 0)
      for (const T& entry : chunk->entries) chunk->digest = mix(chunk->digest, digest_of(entry));
    return chunk ? chunk->digest : 0;
  }
  static std::uint64_t digest_of_group(const Group& group) {
    if (group.digest == 0)
      for (const ChunkPointer& each : group.chunks) group.digest = mix(group.digest, digest_of_chunk(each));
    return group.digest;
  }

  // The group without the chunks that are not held; null when none is left.
  static std::shared_ptr<const Group> without(const std::shared_ptr<const Group>& group, const std::vector<bool>& held,
                                              std::size_t number) {
    const auto goes = [&](std::size_t i) { return group->chunks[i] && !held[number + i]; };
    bool some_go = false;
    for (std::size_t i = 0; group && i < kFan; ++i) some_go = some_go || goes(i);
    if (!some_go) return group;
    auto thinner = std::make_shared<Group>(*group);
    for (std::size_t i = 0; i < kFan; ++i)
      if (goes(i)) thinner->chunks[i].reset();
    thinner->digest = 0;
    if (std::count(thinner->chunks.begin(), thinner->chunks.end(), nullptr) == static_cast<std::ptrdiff_t>(kFan)) return nullptr;
    return thinner;
  }

  void seal() {
    if (tail_.capacity() > Chunk) tail_.shrink_to_fit();  // the tail of a copy has grown from another size
    add_chunk(std::make_shared<const Sealed>(Sealed{std::move(tail_)}));
    tail_ = {};
    tail_.reserve(Chunk);
  }

  void add_chunk(ChunkPointer chunk) {
    chunks_.push_back(std::move(chunk));
    sealed_ += Chunk;
    if (chunks_.size() == kFan) seal_group();
  }

  bool begins_with_tail(const Sealed& chunk) const {
    return std::equal(tail_.begin(), tail_.end(), chunk.entries.begin(),
                      [](const T& a, const T& b) { return digest_of(a) == digest_of(b); });
  }

  void seal_group() {
    auto group = std::make_shared<Group>();
    std::move(chunks_.begin(), chunks_.end(), group->chunks.begin());
    chunks_.clear();
    groups_.push_back(std::move(group));
  }

  void cut_into_sealed(std::size_t new_size) {
    if (in_group(new_size)) {
      const std::shared_ptr<const Group> opened = groups_[group_of(new_size)];
      NUTSHELL_REQUIRE(opened != nullptr);
      groups_.resize(group_of(new_size));
      chunks_.assign(opened->chunks.begin(), opened->chunks.end());
    }
    const std::size_t place = new_size / Chunk % kFan;
    const ChunkPointer cut = chunks_[place];
    NUTSHELL_REQUIRE(cut != nullptr);
    tail_.assign(cut->entries.begin(), cut->entries.begin() + static_cast<std::ptrdiff_t>(new_size % Chunk));
    chunks_.resize(place);
    sealed_ = new_size - new_size % Chunk;
  }

  // Lets go of the chunks below begin_ in the first group or, when there is none, among the loose ones.
  void release_chunks() {
    const std::size_t below = begin_ / Chunk - dropped_groups_ * kFan;
    if (groups_.empty()) {
      for (std::size_t i = 0; i < below; ++i) chunks_[i].reset();
    } else if (below > 0 && groups_.front() && groups_.front()->chunks[below - 1]) {
      auto thinner = std::make_shared<Group>(*groups_.front());
      for (std::size_t i = 0; i < below; ++i) thinner->chunks[i].reset();
      groups_.front() = std::move(thinner);
    }
  }

  std::vector<std::shared_ptr<const Group>> groups_;  // full groups, from number dropped_groups_ on; null: given back
  std::vector<ChunkPointer> chunks_;                  // fewer than kFan, those after the last full group
  std::vector<T> tail_;                               // fewer than Chunk
  std::size_t sealed_ = 0;                            // index of tail_[0], a multiple of Chunk
  std::size_t begin_ = 0;
  std::size_t dropped_groups_ = 0;
};

}  // namespace nutshell
