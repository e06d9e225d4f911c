// Promises of the metadata quorum: votes, leaders, and what they have committed (K1-K5).
#include <algorithm>

#include "sim/check/court.h"

namespace nutshell {

namespace {

void cast(Court& court, NodeId voter, Epoch epoch, NodeId candidate) {
  auto& votes = court.ledger.votes;
  auto last = std::find_if(votes.begin(), votes.end(), [&](const VoteCast& each) { return each.voter == voter; });
  if (last == votes.end()) last = votes.insert(votes.end(), {voter, -1, kNoNode});
  const bool again = epoch == last->epoch && candidate == last->candidate;
  court.expect(PromiseId::one_vote_per_epoch, epoch > last->epoch || again, {}, voter, [&] {
    return court.names.node(voter) + " voted for " + court.names.node(candidate) + " in epoch " + std::to_string(epoch) + ", after " +
           court.names.node(last->candidate) + " in epoch " + std::to_string(last->epoch);
  });
  if (epoch >= last->epoch) *last = {voter, epoch, candidate};
}

// Offset of the first committed entry that the log lacks or has otherwise; all of them are there: the end. What lies below its
// start is in its snapshot.
Offset first_missing(const Ledger& ledger, const Raft& raft) {
  const auto end = static_cast<Offset>(ledger.metadata.size());
  for (Offset offset = raft.start_offset(); offset < end; ++offset) {
    const auto index = static_cast<std::size_t>(offset);
    if (offset >= raft.end_offset() || digest_of(raft.log[index]) != ledger.metadata[index].digest) return offset;
  }
  return end;
}

}  // namespace

void judge(Court& court, const ElectionStarted& fact) {
  if (!fact.pre_vote) cast(court, fact.node, fact.epoch, fact.node);
}

void judge(Court& court, const VoteAnswered& fact) {
  if (fact.granted && !fact.pre_vote) cast(court, fact.voter, fact.epoch, fact.candidate);
}

void judge(Court& court, const ControllerElected& fact) {
  auto& known = court.ledger.controllers;
  const auto same = std::find_if(known.rbegin(), known.rend(), [&](const Elected& each) { return each.epoch == fact.epoch; });
  court.expect(PromiseId::one_controller_per_epoch, same == known.rend() || same->winner == fact.node, {}, fact.node, [&] {
    return court.names.node(fact.node) + " won epoch " + std::to_string(fact.epoch) + " of the metadata quorum, which " +
           court.names.node(same->winner) + " had won";
  });
  if (same == known.rend()) known.push_back({fact.epoch, fact.node});
  const Raft* raft = court.raft(fact.node);
  if (!raft) return;
  const Offset missing = first_missing(court.ledger, *raft);
  const auto end = static_cast<Offset>(court.ledger.metadata.size());
  // Who hears late of its votes may win an epoch that is over; what a later one has committed it need not have.
  const bool has_all = missing == end || court.ledger.metadata[static_cast<std::size_t>(missing)].epoch >= fact.epoch;
  court.expect(PromiseId::committed_metadata_survives, has_all, {}, fact.node, [&] {
    return court.names.node(fact.node) + " leads the metadata quorum from epoch " + std::to_string(fact.epoch) +
           " on without the committed entry at offset " + std::to_string(missing);
  });
}

void judge(Court& court, const MetadataTruncated& fact) {
  const Raft* raft = court.raft(fact.node);
  if (!raft) return;
  court.expect(PromiseId::committed_metadata_survives, fact.to >= raft->high_watermark, {}, fact.node, [&] {
    return court.names.node(fact.node) + " cut its metadata log back to " + std::to_string(fact.to) +
           ", below what it knows to be committed, " + std::to_string(raft->high_watermark);
  });
}

void judge_majority(Court& court, const MetadataCommitted& fact) {
  const Raft* leader = court.raft(fact.node);
  if (!leader || fact.high_watermark < 1 || fact.high_watermark > leader->end_offset()) return;
  const Offset last = fact.high_watermark - 1;
  std::size_t holders = 0;
  for (NodeId voter : court.world.commons.voters) {
    const Raft* raft = court.raft(voter);
    if (!raft || raft->end_offset() < fact.high_watermark) continue;
    if (last < raft->start_offset() - 1 || raft->epoch_at(last) == leader->epoch_at(last)) ++holders;
  }
  court.expect(PromiseId::committed_metadata_survives, holders > court.world.commons.voters.size() / 2, {}, fact.node, [&] {
    return court.names.node(fact.node) + " takes metadata for committed up to offset " + std::to_string(fact.high_watermark) +
           ", but only " + std::to_string(holders) + " of " + std::to_string(court.world.commons.voters.size()) + " voters have it";
  });
}

}  // namespace nutshell
