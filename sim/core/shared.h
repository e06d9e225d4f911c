// A value that copies share until one of them changes: then the changer gets a value of its own.
//
// For what is large and mostly at rest. A copy costs a count, a look one indirection. An untouched one holds T() and
// takes nothing from the heap. Copies belong to one thread: whoever changes a value is not waited for by those that look.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/core/digest.h"

namespace nutshell {

// T must be copyable, default constructible and foldable into a digest.
template <class T>
class Shared {
 public:
  const T& operator*() const { return value_ ? *value_ : kUntouched; }
  const T* operator->() const { return &**this; }

  // The value, for changing it. References to it from before no longer hold.
  T& change() {
    if (!value_) value_ = std::make_shared<T>();
    else if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
    return *value_;
  }
  bool touched() const { return value_ != nullptr; }

  void fold_into(std::uint64_t& digest) const { fold(digest, **this); }

 private:
  static inline const T kUntouched{};
  std::shared_ptr<T> value_;
};

}  // namespace nutshell
