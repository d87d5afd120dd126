------------------------------- MODULE Carried -------------------------------
(***************************************************************************)
(* Module Members, and what it leaves out: somebody holds the lock while   *)
(* the set of nodes is changed, extends it in the next epoch, and puts it  *)
(* back on nodes that do not have it (module Restore).                     *)
(*                                                                         *)
(* A round of extension runs in one epoch and view, and only nodes of that *)
(* epoch answer, and only from their own counters: a floor is no grant.    *)
(* What was found in one epoch is worth something in the next, as long as  *)
(* quorums of the two meet in nodes that stay; but not in the one after    *)
(* that.  So a holder extends in the epoch in which it last succeeded, or  *)
(* in the one right after it.                                              *)
(***************************************************************************)
EXTENDS Members

CONSTANTS
    Holder,                 \* the attempt that holds the lock at first, and alone extends
    MaxRounds,              \* how many rounds of extension it may begin
    SkipsEpochs             \* refuted: it extends in any later epoch

VARIABLES
    rounds,     \* how many rounds it has begun
    round,      \* the epoch and view of the latest one
    prolonged,  \* the nodes that have answered yes in it
    last,       \* the epoch in which it last succeeded before that
    late,       \* requests of earlier rounds to lock a node for it again
    since,      \* history: the largest token that was complete before the latest round
    settled     \* settled[x]: the view in which x was brought back, or 0

carryVars == <<rounds, round, prolonged, last, late, since, settled>>

\* Some quorum has granted 1 to the holder; the others may do so later.
CarryInit ==
    /\ \E S \in {T \in SUBSET First : Cardinality(T) = Quorum(First)} :
         /\ counter = [x \in Nodes |-> IF x \in S THEN 1 ELSE 0]
         /\ holds = [x \in Nodes |-> IF x \in S THEN <<[by |-> Holder, from |-> 1, to |-> 1]>> ELSE <<>>]
         /\ reply = [a \in Attempts |-> [x \in Nodes |-> IF a = Holder /\ x \in S THEN [value |-> 1, hold |-> 1] ELSE NoReply]]
    /\ marker = [x \in Nodes |-> IF x \in First THEN Ready(FirstEpoch) ELSE Waiting]
    /\ floor = [x \in Nodes |-> 0]
    /\ view = [x \in Nodes |-> 0]
    /\ life = [x \in Nodes |-> 0]
    /\ known = {<<FirstEpoch, 0>>}
    /\ seen = {}
    /\ decided = {}
    /\ epochOf = [a \in Attempts |-> IF a = Holder THEN FirstEpoch ELSE <<>>]
    /\ viewOf = [a \in Attempts |-> 0]
    /\ token = [a \in Attempts |-> IF a = Holder THEN 1 ELSE 0]
    /\ raised = [a \in Attempts |-> [x \in Nodes |-> 0]]
    /\ join = [j \in Joiners |-> NoJoin]
    /\ base = [a \in Attempts |-> 0]
    /\ crashes = 0
    /\ rounds = 0
    /\ round = <<FirstEpoch, 0>>
    /\ prolonged = {}
    /\ last = FirstEpoch
    /\ late = {}
    /\ since = 0
    /\ settled = [x \in Nodes |-> 0]

CarrySymmetry == UNION {Permutations(S) : S \in Alike \cup {Joiners}}

-----------------------------------------------------------------------------
Extended    == rounds > 0 /\ Cardinality(prolonged) >= Quorum(Members(round[1]))
LastSuccess == IF Extended THEN round[1] ELSE last

\* What the holder may ask for by what its latest round has found.
Due == IF Extended THEN {[node |-> x, epoch |-> round[1], view |-> round[2]] : x \in Members(round[1]) \ prolonged} ELSE {}

BeginRound ==
    /\ IsComplete(Holder)
    /\ rounds < MaxRounds
    /\ \E k \in known :
         /\ Len(k[1]) - Len(LastSuccess) \in (IF SkipsEpochs THEN 0..MaxChanges ELSE 0..1)
         /\ round' = k
    /\ rounds' = rounds + 1
    /\ prolonged' = {}
    /\ last' = LastSuccess
    /\ late' = late \cup Due
    /\ since' = LargestToken
    /\ UNCHANGED <<nodeVars, lookVars, attemptVars, join, crashes, settled>>

\* x prolongs the lock, and takes up the view of the round.
Prolong(x) ==
    /\ rounds > 0
    /\ IsReady(x, round[1])
    /\ x \notin prolonged
    /\ Owner(x) = Holder
    /\ counter[x] <= token[Holder]
    /\ SetCounter(x, token[Holder])
    /\ view' = [view EXCEPT ![x] = Larger(@, round[2])]
    /\ prolonged' = prolonged \cup {x}
    /\ UNCHANGED <<marker, floor, life, attemptVars, join, crashes, rounds, round, last, late, since, settled>>
    /\ Learn

\* A request to lock x for the holder again takes effect.
PutBack(x) ==
    /\ Owner(x) # Holder
    /\ counter[x] <= token[Holder]
    /\ \E request \in Due \cup late :
         /\ request.node = x
         /\ IsReady(x, request.epoch)
         /\ request.view >= settled[x] \/ floor[x] <= token[Holder]
         /\ view' = [view EXCEPT ![x] = Larger(@, request.view)]
    /\ BeginHold(x, Holder, token[Holder])
    /\ UNCHANGED <<marker, floor, life, attemptVars, join, crashes, carryVars>>
    /\ Learn

Settle(x, v) == settled' = [settled EXCEPT ![x] = v] /\ UNCHANGED <<rounds, round, prolonged, last, late, since>>

CarryNext ==
    \/ BeginRound
    \/ \E x \in Nodes : Prolong(x) \/ PutBack(x)
    \/ \E x \in Nodes : (Forget(x) \/ Outlive(x)) /\ Settle(x, 0)
    \/ \E j \in Joiners : FinishJoin(j) /\ Settle(join[j].node, join[j].view)
    \/ /\ \/ \E a \in Attempts : Choose(a)
          \/ \E a \in Attempts, x \in Nodes : Grant(a, x) \/ Raise(a, x) \/ Release(a, x)
          \/ \E x \in Nodes : Freeze(x) \/ Finish(x) \/ Begin(x)
          \/ \E j \in Joiners, x \in Nodes : StartJoin(j, x) \/ ReadMark(j, x)
          \/ \E j \in Joiners : Establish(j)
       /\ UNCHANGED carryVars

CarrySpec == CarryInit /\ [][CarryNext]_<<vars, carryVars>>

-----------------------------------------------------------------------------
\* No extension succeeds if a larger token was complete before it began, in whatever epoch.
NoRevival == Extended => since <= token[Holder]
=============================================================================
