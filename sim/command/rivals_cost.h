// Under which product's prices a system of a workload is billed.
#pragma once

#include "sim/cost/bill.h"
#include "sim/queues/products.h"

namespace nutshell {

constexpr CostProduct cost_product_of(queues::ProductId product) {
  using queues::ProductId;
  switch (product) {
    case ProductId::kafka:
    case ProductId::kafka_share: return CostProduct::kafka;
    case ProductId::rabbit_quorum:
    case ProductId::rabbit_classic:
    case ProductId::rabbit_stream:
    case ProductId::rabbit_mirrored: return CostProduct::rabbitmq;
    case ProductId::pubsub:
    case ProductId::pubsub_ordered: return CostProduct::pubsub;
    case ProductId::sqs: return CostProduct::sqs;
    case ProductId::sqs_fifo: return CostProduct::sqs_fifo;
    case ProductId::kinesis: break;
  }
  return CostProduct::kinesis;
}

}  // namespace nutshell
