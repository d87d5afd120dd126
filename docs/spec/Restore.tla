------------------------------- MODULE Restore -------------------------------
(***************************************************************************)
(* Module Rejoin, and what it leaves out: holders extend, and put their    *)
(* locks back on nodes that have lost them, where nodes forget.            *)
(*                                                                         *)
(* A node's counter shows whether somebody else was granted the lock since *)
(* (module Fencepost).  But a node that was brought back has no counter:   *)
(* it knows only that no counter had been beyond its floor.  So it keeps a *)
(* second number, "settled": the view in which it was brought back.  A     *)
(* lock is put back there only if                                          *)
(*                                                                         *)
(*   - no counter shows a larger token, and                                *)
(*   - the extension that found a quorum of other nodes holding the lock   *)
(*     began in the view "settled" or a later one, or the floor is not     *)
(*     beyond the token.                                                   *)
(***************************************************************************)
EXTENDS Rejoin

CONSTANTS
    Holder,                 \* an attempt that holds the lock at first, and alone extends; or Nobody, if there is none and all may
    RestoreForgets          \* refuted: a node looks only at its counter, whatever it has forgotten

VARIABLES
    floor,      \* floor[x]: what the counter of x has started from
    settled,    \* settled[x]: the view in which x was brought back, or 0
    from,       \* from[a]: the view in which the latest round of extension of a began
    late        \* late[a]: requests of earlier rounds to lock x for a again: each a node, and the view in which its round began

restoreVars == <<floor, settled, from, late>>

\* Some quorum has granted 1 to the holder; the others may do so later.
HeldInit == \E S \in {T \in SUBSET Nodes : Cardinality(T) = Quorum} :
    /\ counter = [x \in Nodes |-> IF x \in S THEN 1 ELSE 0]
    /\ holds = [x \in Nodes |-> IF x \in S THEN <<[by |-> Holder, from |-> 1, to |-> 1]>> ELSE <<>>]
    /\ replies = [a \in Attempts |-> [x \in Nodes |-> IF a = Holder /\ x \in S THEN {[value |-> 1, hold |-> 1]} ELSE {}]]
    /\ token = [a \in Attempts |-> IF a = Holder THEN 1 ELSE 0]
    /\ raised = [a \in Attempts |-> [x \in Nodes |-> {}]]
    /\ prolonged = [a \in Attempts |-> {}]
    /\ rounds = [a \in Attempts |-> 0]
    /\ base = [a \in Attempts |-> 0]
    /\ since = [a \in Attempts |-> 0]
    /\ width = [a \in Attempts |-> IF a = Holder THEN 1 ELSE 0]
    /\ heir = [a \in Attempts |-> {}]
    /\ ready = [x \in Nodes |-> TRUE]
    /\ view = [x \in Nodes |-> 0]
    /\ life = [x \in Nodes |-> 0]
    /\ known = {0}
    /\ viewOf = [a \in Attempts |-> 0]
    /\ join = [j \in Joiners |-> NoJoin]

RestoreInit ==
    /\ IF Holder = Nobody THEN JoinInit ELSE HeldInit
    /\ floor = [x \in Nodes |-> 0]
    /\ settled = [x \in Nodes |-> 0]
    /\ from = [a \in Attempts |-> 0]
    /\ late = [a \in Attempts |-> {}]

\* Attempts are alike only where none holds the lock at first.
RestoreSymmetry == IF Holder = Nobody THEN JoinSymmetry ELSE Permutations(Nodes) \cup Permutations(Joiners)

-----------------------------------------------------------------------------
\* What a may ask for by what its latest round of extension has found.  A node that has said yes in that round is not asked.
Due(a) == IF Extended(a) THEN {[node |-> x, view |-> from[a]] : x \in Nodes \ prolonged[a]} ELSE {}

\* The round runs in a view that has been established.
BeginRound(a) ==
    /\ Holder \in {a, Nobody}
    /\ BeginExtension(a)
    /\ \E v \in known : from' = [from EXCEPT ![a] = v]
    /\ late' = [late EXCEPT ![a] = @ \cup Due(a)]
    /\ UNCHANGED <<joinVars, floor, settled>>

\* How far the counter of x was seen by x itself; what it started from says nothing of this lock.
Seen(x) == IF counter[x] > floor[x] THEN counter[x] ELSE 0

\* x prolongs the lock of a, and takes up the view of the round.  To do so without being able to prolong would only raise the view of x.
Prolong(a, x) ==
    /\ ready[x]
    /\ rounds[a] > 0
    /\ x \notin prolonged[a]
    /\ Owner(x) = a
    /\ Seen(x) <= token[a]
    /\ SetCounter(x, Larger(counter[x], token[a]))
    /\ prolonged' = [prolonged EXCEPT ![a] = @ \cup {x}]
    /\ view' = [view EXCEPT ![x] = Larger(@, from[a])]
    /\ UNCHANGED <<replies, token, raised, rounds, base, since, callVars, ready, life, known, viewOf, join, restoreVars>>

\* A request to lock x for a again takes effect.
PutBack(a, x) ==
    /\ ready[x]
    /\ Owner(x) # a
    /\ Seen(x) <= token[a]
    /\ \E request \in Due(a) \cup late[a] :
         /\ request.node = x
         /\ request.view >= settled[x] \/ floor[x] <= token[a] \/ RestoreForgets
         /\ view' = [view EXCEPT ![x] = Larger(@, request.view)]
    /\ BeginHold(x, a, Larger(counter[x], token[a]), Larger(counter[x], token[a]))
    /\ UNCHANGED <<replies, token, raised, prolonged, rounds, base, since, callVars, ready, life, known, viewOf, join, restoreVars>>

ForgetAll(x) ==
    /\ Forget(x)
    /\ floor' = [floor EXCEPT ![x] = 0]
    /\ settled' = [settled EXCEPT ![x] = 0]
    /\ UNCHANGED <<from, late>>

SettleAndFinish(j) ==
    /\ FinishJoin(j)
    /\ floor' = [floor EXCEPT ![join[j].node] = join[j].floor]
    /\ settled' = [settled EXCEPT ![join[j].node] = join[j].view]
    /\ UNCHANGED <<from, late>>

ReleaseInAnyView(a, x) ==
    /\ ready[x]
    /\ Release(a, x)
    /\ UNCHANGED joinVars

RestoreNext ==
    \/ \E a \in Attempts : BeginRound(a)
    \/ \E a \in Attempts, x \in Nodes : Prolong(a, x) \/ PutBack(a, x)
    \/ \E x \in Nodes : ForgetAll(x)
    \/ \E j \in Joiners : SettleAndFinish(j)
    \/ /\ \/ \E a \in Attempts : (Call(a) \/ ComeLate(a) \/ Choose(a)) /\ UNCHANGED joinVars
          \/ \E a \in Attempts, x \in Nodes : GrantInView(a, x) \/ RaiseInView(a, x) \/ ReleaseInAnyView(a, x)
          \/ \E j \in Joiners, x \in Nodes : StartJoin(j, x) \/ ReadMark(j, x)
          \/ \E j \in Joiners : Establish(j)
       /\ UNCHANGED restoreVars

RestoreSpec == RestoreInit /\ [][RestoreNext]_<<allVars, restoreVars>>
=============================================================================
