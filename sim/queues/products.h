// The products, and the keys of each under its own name: one row a product, one row a key.
//
// Values are whole numbers in the unit that the key has at home ("session.timeout.ms": 45000), true or false, or one of
// a few words. What is not set has the product's default.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/bounds.h"
#include "sim/core/types.h"

namespace nutshell::queues {

// Append only: the number is part of every digest.
enum class ProductId : std::uint8_t {
  kafka, kafka_share, rabbit_quorum, rabbit_classic, rabbit_stream, pubsub, pubsub_ordered, sqs, sqs_fifo, kinesis,
  rabbit_mirrored,
};

// Whether what was read stays (a log) or leaves (a mailbox for each service).
enum class Keeps : std::uint8_t { log, mailbox };

struct Product {
  ProductId id;
  std::string_view name;   // as files write it
  std::string_view title;  // as its makers do
  Keeps keeps;
  std::string_view without_nodes;  // why nobody can kill one; empty: there are nodes
};
const std::vector<Product>& products();
const Product& product(ProductId id);
// nullptr: no product has this name.
const Product* find_product(std::string_view name);

// `there`: whether the product has such a thing; files may give its name instead of true.
// `nodes`: a list of their numbers, [0, 2], kept as a bit for each.
enum class Unit : std::uint8_t { number, milliseconds, seconds, hours, days, truth, word, there, nodes };

struct ProductKey {
  std::uint32_t products;  // a bit for each ProductId
  std::string_view name;
  Unit unit;
  std::int64_t fallback;  // of a word: its place
  Bounds bounds;
  std::vector<std::string_view> words;
  std::string_view about;
};
const std::vector<ProductKey>& product_keys();
std::vector<std::string_view> key_names(ProductId id);
// nullptr: the product has no such key.
const ProductKey* find_key(ProductId id, std::string_view name);

// What a product has as a key, and a workload says in another place: where, or why there is nothing to say. Empty: it is no
// such key.
std::string_view said_elsewhere(ProductId id, std::string_view name);

// What is set of a product, by the places of its keys.
class Settings {
 public:
  void set(const ProductKey& key, std::int64_t value);
  // With all that is set in the other one.
  void take(const Settings& other);
  // REQUIRES that the product has this key.
  std::int64_t get(ProductId id, std::string_view name) const;
  bool is_on(ProductId id, std::string_view name) const { return get(id, name) != 0; }
  // Whether somebody has set it.
  bool has(ProductId id, std::string_view name) const;
  // In nanoseconds, of a key with a unit of time; kNever for one that is negative.
  Duration duration(ProductId id, std::string_view name) const;
  std::string_view word(ProductId id, std::string_view name) const;

 private:
  std::vector<std::pair<std::size_t, std::int64_t>> values_;
};

// What the product does not take together, or what does nothing without another key: a sentence about the key in `name`,
// without its name. Empty: there is no such thing.
std::string contradiction(ProductId id, const Settings& settings, std::string& name);

}  // namespace nutshell::queues
