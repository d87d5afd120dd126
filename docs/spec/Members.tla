------------------------------- MODULE Members -------------------------------
(***************************************************************************)
(* The set of nodes is changed while the cluster is in use.                *)
(*                                                                         *)
(* An epoch is one cluster with one list of members.  It is written here   *)
(* as the sequence of all lists that led to it, so that <<M, N>> is what M *)
(* became when it was changed to N.  A node takes part in attempts of its  *)
(* own epoch only, and an attempt counts only nodes of the epoch that it   *)
(* began in: a quorum of that epoch's members.                             *)
(*                                                                         *)
(* An aim is a list of members to be, and of the lives in which the new    *)
(* ones among them wait.  From the epoch <<M>> to <<M, N>>:                *)
(*                                                                         *)
(*   Freeze     a node of <<M>> is moving to N: it takes part in nothing   *)
(*              any more, and remembers everything.  Once there was a      *)
(*              moment when a quorum of M was moving to N, as a client     *)
(*              sees that looks at all nodes twice, N is decided.  The     *)
(*              largest of the counters of such a quorum is a floor of     *)
(*              <<M, N>>, and what a node that is ready there has started  *)
(*              from is another;                                           *)
(*   Finish     a node that is moving from <<M>>, and is a member of N, is *)
(*              ready in <<M, N>>.  Its counters start from a floor, and   *)
(*              go on from what they are where they are beyond it;         *)
(*   Begin      a new node that still waits in the life that N names is    *)
(*              ready in <<M, N>>, and starts from a floor: it has never   *)
(*              been ready there.                                          *)
(*                                                                         *)
(* All other nodes join as nodes that have forgotten (module Rejoin), once *)
(* a quorum of N is ready:                                                 *)
(*                                                                         *)
(*   Outlive    a node that is still of an earlier epoch forgets it;       *)
(*   StartJoin, ReadMark, Establish, FinishJoin                            *)
(*              as in module Rejoin, among the members of one epoch.       *)
(*                                                                         *)
(* Time and the network are as in module Fencepost: a lock may expire at   *)
(* any moment, and a request may take effect late or never.  That a grant  *)
(* takes effect twice is left to that module.  Somebody always looks, and  *)
(* acts by it at any time later: what was ever to be seen is "known".      *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANTS
    Nodes,                  \* all nodes that are or will be members
    First,                  \* the members at first
    Wanted,                 \* the sets of nodes that somebody wants
    Alike,                  \* sets of nodes that differ only in their names (of nodes that are in the same of these sets, and at first)
    Attempts,               \* attempts to take the lock; each is an owner of its own
    Nobody,                 \* who holds a lock that was never granted
    Joiners,                \* clients that bring nodes back, each one node at a time
    MaxChanges,             \* how often the set may change
    MaxCrashes,             \* how often nodes may forget, in all
    MaxView                 \* the largest view that is begun by a join

(***************************************************************************)
(* All are FALSE in the protocol.  The first does no harm to tokens; with  *)
(* it, each of the others is refuted.                                      *)
(***************************************************************************)
CONSTANTS
    AnyChange,              \* sets may change so much that a quorum of the one need not meet a quorum of the other
    FewFrozen,              \* one frozen node is enough to decide
    OneLook,                \* a node counts as frozen for having been so at some time
    NoFloor,                \* nodes go on from their own counters, and not from the floor
    Thaw,                   \* a freeze may be undone
    NoEpochs,               \* nodes take part in attempts of any epoch
    BlindMember,            \* a node that waits takes part in the next epoch at once, be it new or has it forgotten
    AnyLife                 \* a node begins in the next epoch in whatever life it waits

VARIABLES
    \* What the nodes keep.
    marker,     \* marker[x]: whether x is ready or moving, of which epoch, and with which aim; or waiting
    counter,    \* counter[x]: the counter of x
    floor,      \* floor[x]: what the counter of x starts from
    view,       \* view[x]: the latest view that x knows of
    life,       \* life[x]: how often x has forgotten
    holds,      \* holds[x]: every hold of the lock on x so far, as in module Fencepost
    \* What the clients know.
    known,      \* the epochs and views that have been established: in which attempts may begin
    seen,       \* the nodes that are moving, as they are
    decided,    \* what has been decided: an epoch, an aim, and a floor and a view to start from
    epochOf,    \* epochOf[a]: the epoch that the attempt a runs in
    viewOf,     \* viewOf[a]: the view that a runs in
    reply,      \* reply[a][x]: what x has granted to a: a value, and the number of the hold; or NoReply
    token,      \* token[a]: the token that a has chosen, or 0
    raised,     \* raised[a][x]: the hold in which x was raised to the token of a, or 0
    join,       \* join[j]: what j is doing
    \* History.
    base,       \* base[a]: the largest token that was complete before a began
    crashes     \* how often nodes have forgotten

nodeVars    == <<marker, counter, floor, view, life, holds>>
attemptVars == <<epochOf, viewOf, reply, token, raised, base>>
lookVars    == <<known, seen, decided>>
vars        == <<nodeVars, lookVars, attemptVars, join, crashes>>

NoReply == [value |-> 0, hold |-> 0]
NoAim   == [members |-> {}, fresh |-> {}]
NoJoin  == [node |-> Nobody, life |-> 0, epoch |-> <<>>, view |-> 0, asked |-> {}, floor |-> 0, established |-> FALSE]

Waiting       == [is |-> "waiting", epoch |-> <<>>, to |-> NoAim]
Ready(e)      == [is |-> "ready", epoch |-> e, to |-> NoAim]
Moving(e, to) == [is |-> "moving", epoch |-> e, to |-> to]

Symmetry == UNION {Permutations(S) : S \in Alike \cup {Attempts, Joiners}}

FirstEpoch == <<[members |-> First, fresh |-> {}]>>

Init ==
    /\ marker = [x \in Nodes |-> IF x \in First THEN Ready(FirstEpoch) ELSE Waiting]
    /\ counter = [x \in Nodes |-> 0]
    /\ floor = [x \in Nodes |-> 0]
    /\ view = [x \in Nodes |-> 0]
    /\ life = [x \in Nodes |-> 0]
    /\ holds = [x \in Nodes |-> <<>>]
    /\ known = {<<FirstEpoch, 0>>}
    /\ seen = {}
    /\ decided = {}
    /\ epochOf = [a \in Attempts |-> <<>>]
    /\ viewOf = [a \in Attempts |-> 0]
    /\ reply = [a \in Attempts |-> [x \in Nodes |-> NoReply]]
    /\ token = [a \in Attempts |-> 0]
    /\ raised = [a \in Attempts |-> [x \in Nodes |-> 0]]
    /\ join = [j \in Joiners |-> NoJoin]
    /\ base = [a \in Attempts |-> 0]
    /\ crashes = 0

-----------------------------------------------------------------------------
Max(S)       == CHOOSE m \in S : \A n \in S : n <= m
Larger(m, n) == IF m > n THEN m ELSE n

Quorum(S)  == Cardinality(S) \div 2 + 1
Members(e) == e[Len(e)].members

IsReady(x, e) == marker[x].is = "ready" /\ marker[x].epoch = e

\* How far the counter of x has got, as far as x knows.
Mark(x) == Larger(counter[x], floor[x])

LatestHold(x) == Len(holds[x])

\* Whom x is locked for, if its lock has not expired.
Owner(x) == IF holds[x] = <<>> THEN Nobody ELSE holds[x][LatestHold(x)].by

Begun(a) == \E x \in Nodes : reply[a][x] # NoReply

\* The holds of x in which it has confirmed the token of a.
Confirmed(a, x) ==
    IF token[a] = 0 THEN {}
    ELSE (IF reply[a][x].value = token[a] THEN {reply[a][x].hold} ELSE {}) \cup (IF raised[a][x] # 0 THEN {raised[a][x]} ELSE {})

IsComplete(a) == token[a] # 0 /\ Cardinality({x \in Nodes : Confirmed(a, x) # {}}) >= Quorum(Members(epochOf[a]))
Complete      == {a \in Attempts : IsComplete(a)}
LargestToken  == Max({0} \cup {token[a] : a \in Complete})

-----------------------------------------------------------------------------
(***************************************************************************)
(* What clients see in the state that follows                              *)
(***************************************************************************)

EstablishedNext ==
    UNION {IF marker'[x].is = "ready"
              /\ Cardinality({y \in Nodes : marker'[y] = marker'[x] /\ view'[y] >= view'[x]}) >= Quorum(Members(marker'[x].epoch))
           THEN {<<marker'[x].epoch, view'[x]>>} ELSE {} : x \in Nodes}

MovingNext ==
    {[node |-> x, epoch |-> marker'[x].epoch, to |-> marker'[x].to, mark |-> Larger(counter'[x], floor'[x]), view |-> view'[x]] :
        x \in {y \in Nodes : marker'[y].is = "moving"}}

\* What most of these are moving to.  Among equals it is always the same one.
MostWanted(S) ==
    LET votes(to) == Cardinality({s \in S : s.to = to})
        aims      == {s.to : s \in S} IN
    CHOOSE to \in aims : \A other \in aims : votes(other) <= votes(to)

\* These nodes, all frozen at one moment, decide: if they are a quorum with one aim; or all members, for then nobody can change his aim any more, and
\* whoever sees all of them sees the same.
Decides(S) ==
    LET members == Members((CHOOSE s \in S : TRUE).epoch)
        nodes   == {s.node : s \in S} IN
    /\ Cardinality({s.epoch : s \in S}) = 1
    /\ Cardinality(nodes) = Cardinality(S)
    /\ \/ Cardinality({s.to : s \in S}) = 1 /\ Cardinality(S) = IF FewFrozen THEN 1 ELSE Quorum(members)
       \/ nodes = members

\* (To begin in a later view than any of them would make no difference here: who takes part in the new epoch takes part in none before.)
Decision(S) ==
    [epoch |-> (CHOOSE s \in S : TRUE).epoch, to |-> MostWanted(S), floor |-> Max({s.mark : s \in S}), view |-> Max({s.view : s \in S})]

Learn ==
    /\ known' = known \cup EstablishedNext
    /\ seen' = MovingNext \cup (IF OneLook THEN seen ELSE {})
    /\ decided' = IF seen' \subseteq seen THEN decided ELSE decided \cup {Decision(S) : S \in {T \in SUBSET seen' \ {{}} : Decides(T)}}

-----------------------------------------------------------------------------
(***************************************************************************)
(* Acquiring and releasing, in one epoch and view                          *)
(***************************************************************************)

\* The counter of x becomes value, and the current hold, if any, has seen it.
SetCounter(x, value) ==
    /\ counter' = [counter EXCEPT ![x] = value]
    /\ holds' = IF Owner(x) = Nobody THEN holds
                ELSE [holds EXCEPT ![x][LatestHold(x)].to = value]

\* x, whose lock is free, is locked for a, and its counter becomes value.
BeginHold(x, a, value) ==
    /\ counter' = [counter EXCEPT ![x] = value]
    /\ holds' = [holds EXCEPT ![x] = Append(@, [by |-> a, from |-> value, to |-> value])]

\* x takes part in view v of epoch e, and from now on in no older view.
TakesPart(x, e, v) ==
    /\ marker[x].is = "ready"
    /\ marker[x].epoch = e \/ NoEpochs
    /\ view[x] <= v \/ NoEpochs
    /\ view' = [view EXCEPT ![x] = Larger(@, v)]

Grant(a, x) ==
    /\ reply[a][x] = NoReply
    /\ \E k \in IF Begun(a) THEN {<<epochOf[a], viewOf[a]>>} ELSE known :
         /\ TakesPart(x, k[1], k[2])
         /\ epochOf' = [epochOf EXCEPT ![a] = k[1]]
         /\ viewOf' = [viewOf EXCEPT ![a] = k[2]]
    /\ BeginHold(x, a, Mark(x) + 1)
    /\ reply' = [reply EXCEPT ![a][x] = [value |-> counter'[x], hold |-> Len(holds'[x])]]
    /\ base' = [base EXCEPT ![a] = IF Begun(a) THEN @ ELSE LargestToken]
    /\ UNCHANGED <<marker, floor, life, token, raised, join, crashes>>
    /\ Learn

\* a fixes its token: the largest of a quorum of grants.
Choose(a) ==
    /\ token[a] = 0
    /\ \E t \in {reply[a][x].value : x \in Nodes} \ {0} :
         /\ Cardinality({x \in Nodes : reply[a][x].value \in 1..t}) >= Quorum(Members(epochOf[a]))
         /\ token' = [token EXCEPT ![a] = t]
    /\ UNCHANGED <<nodeVars, lookVars, epochOf, viewOf, reply, raised, base, join, crashes>>

Raise(a, x) ==
    /\ raised[a][x] = 0
    /\ reply[a][x].value \in 1..(token[a] - 1)
    /\ TakesPart(x, epochOf[a], viewOf[a])
    /\ Owner(x) = a
    /\ counter[x] <= token[a]
    /\ SetCounter(x, token[a])
    /\ raised' = [raised EXCEPT ![a][x] = LatestHold(x)]
    /\ UNCHANGED <<marker, floor, life, epochOf, viewOf, reply, token, base, join, crashes>>
    /\ Learn

\* In any epoch and view: it does nothing but lift a counter.
Release(a, x) ==
    /\ marker[x].is = "ready"
    /\ counter[x] < token[a]
    /\ SetCounter(x, token[a])
    /\ UNCHANGED <<marker, floor, view, life, lookVars, attemptVars, join, crashes>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Changing the set of nodes                                               *)
(***************************************************************************)

\* Enough nodes stay for the new epoch to begin at once; and each quorum of those that stay meets every quorum of before.  (N may be M: that takes back
\* a change that was given up half-way.)
Allowed(M, N) ==
    \/ Cardinality(M \cap N) >= Quorum(N) /\ Quorum(M) + Quorum(N) > Cardinality(M)
    \/ AnyChange

\* The aims that a client may have: to change the epoch e to the set N as it is now, or what it sees other nodes move to.
Aims(e) ==
    {[members |-> N, fresh |-> {<<y, life[y]>> : y \in {z \in N \ Members(e) : marker[z] = Waiting}}] :
        N \in {S \in Wanted : Allowed(Members(e), S)}}
    \cup {marker[y].to : y \in {z \in Nodes : marker[z].is = "moving" /\ marker[z].epoch = e}}

Freeze(x) ==
    /\ marker[x].is = "ready"
    /\ Len(marker[x].epoch) <= MaxChanges
    /\ \E to \in Aims(marker[x].epoch) : marker' = [marker EXCEPT ![x] = Moving(marker[x].epoch, to)]
    /\ UNCHANGED <<counter, floor, view, life, holds, attemptVars, join, crashes>>
    /\ Learn

\* What was decided, as far as a client has seen it, or is told of it by a node that is ready there: what it has started from is a floor as well.
Changes ==
    decided \cup
    {LET e == marker[y].epoch IN [epoch |-> SubSeq(e, 1, Len(e) - 1), to |-> e[Len(e)], floor |-> floor[y], view |-> view[y]] :
        y \in {z \in Nodes : marker[z].is = "ready" /\ Len(marker[z].epoch) > 1}}

\* x goes on in the new epoch.
GoOn(x, d) ==
    /\ marker' = [marker EXCEPT ![x] = Ready(Append(d.epoch, d.to))]
    /\ view' = [view EXCEPT ![x] = Larger(@, d.view)]
    /\ floor' = IF NoFloor THEN floor ELSE [floor EXCEPT ![x] = Larger(@, d.floor)]
    /\ UNCHANGED <<counter, life, holds, attemptVars, join, crashes>>
    /\ Learn

\* It was moving, wherever to: all that counts is that it remembers.  (A node that is still ready may do both at once; to freeze it first is the same.)
Finish(x) ==
    /\ marker[x].is = "moving"
    /\ \E d \in Changes : marker[x].epoch = d.epoch /\ x \in d.to.members /\ GoOn(x, d)

\* It is new.
Begin(x) ==
    /\ marker[x] = Waiting
    /\ \E d \in Changes :
         /\ <<x, life[x]>> \in d.to.fresh \/ (AnyLife /\ x \in d.to.members)
         /\ GoOn(x, d)

ThawNode(x) ==
    /\ Thaw
    /\ marker[x].is = "moving"
    /\ marker' = [marker EXCEPT ![x] = Ready(marker[x].epoch)]
    /\ UNCHANGED <<counter, floor, view, life, holds, attemptVars, join, crashes>>
    /\ Learn

-----------------------------------------------------------------------------
(***************************************************************************)
(* Forgetting and joining                                                  *)
(***************************************************************************)

Lose(x) ==
    /\ marker' = [marker EXCEPT ![x] = Waiting]
    /\ life' = [life EXCEPT ![x] = @ + 1]
    /\ view' = [view EXCEPT ![x] = 0]
    /\ floor' = [floor EXCEPT ![x] = 0]
    /\ BeginHold(x, Nobody, 0)
    /\ UNCHANGED <<attemptVars, join>>
    /\ Learn

\* x forgets everything.  It may do so again before it is back.
Forget(x) ==
    /\ crashes < MaxCrashes
    /\ crashes' = crashes + 1
    /\ Lose(x)

\* x is still of an epoch after which another one has been established.
Outlive(x) ==
    /\ marker[x].is # "waiting"
    /\ \E k \in known : Len(k[1]) > Len(marker[x].epoch) /\ x \in Members(k[1])
    /\ UNCHANGED crashes
    /\ Lose(x)

\* j sets out to bring x back into an epoch that has been established, and gives up whatever it did before.
StartJoin(j, x) ==
    /\ marker[x].is = "waiting"
    /\ \E k \in known, w \in 1..MaxView :
         /\ x \in Members(k[1])
         /\ join' = [join EXCEPT ![j] = [node |-> x, life |-> life[x], epoch |-> k[1], view |-> w, asked |-> {}, floor |-> 0, established |-> FALSE]]
    /\ UNCHANGED <<nodeVars, lookVars, attemptVars, crashes>>

ReadMark(j, y) ==
    /\ join[j] # NoJoin
    /\ y # join[j].node
    /\ \A answer \in join[j].asked : answer.node # y
    /\ IsReady(y, join[j].epoch)
    /\ view[y] < join[j].view
    /\ view' = [view EXCEPT ![y] = join[j].view]
    /\ join' = [join EXCEPT ![j].asked = @ \cup {[node |-> y, life |-> life[y]]}, ![j].floor = Larger(@, Mark(y))]
    /\ UNCHANGED <<marker, counter, floor, life, holds, attemptVars, crashes>>
    /\ Learn

\* j has marks of a quorum of nodes that have neither forgotten nor been frozen since.
Establish(j) ==
    /\ join[j] # NoJoin
    /\ ~join[j].established
    /\ Cardinality({answer \in join[j].asked : life[answer.node] = answer.life /\ IsReady(answer.node, join[j].epoch)})
         >= Quorum(Members(join[j].epoch))
    /\ join' = [join EXCEPT ![j].established = TRUE]
    /\ UNCHANGED <<nodeVars, lookVars, attemptVars, crashes>>

\* The node is ready, unless it is so already or has forgotten once more.
FinishJoin(j) ==
    LET x == join[j].node IN
    /\ join[j].established
    /\ marker[x].is = "waiting"
    /\ life[x] = join[j].life
    /\ marker' = [marker EXCEPT ![x] = Ready(join[j].epoch)]
    /\ view' = [view EXCEPT ![x] = join[j].view]
    /\ floor' = [floor EXCEPT ![x] = join[j].floor]
    /\ join' = [join EXCEPT ![j] = NoJoin]
    /\ UNCHANGED <<counter, life, holds, attemptVars, crashes>>
    /\ Learn

JoinBlindly(x) ==
    /\ BlindMember
    /\ marker[x].is = "waiting"
    /\ \E k \in known : Len(k[1]) > 1 /\ x \in Members(k[1]) /\ marker' = [marker EXCEPT ![x] = Ready(k[1])]
    /\ UNCHANGED <<counter, floor, view, life, holds, attemptVars, join, crashes>>
    /\ Learn

-----------------------------------------------------------------------------
Next ==
    \/ \E a \in Attempts : Choose(a)
    \/ \E a \in Attempts, x \in Nodes : Grant(a, x) \/ Raise(a, x) \/ Release(a, x)
    \/ \E x \in Nodes : Freeze(x) \/ Finish(x) \/ Begin(x) \/ ThawNode(x) \/ Forget(x) \/ Outlive(x) \/ JoinBlindly(x)
    \/ \E j \in Joiners, x \in Nodes : StartJoin(j, x) \/ ReadMark(j, x)
    \/ \E j \in Joiners : Establish(j) \/ FinishJoin(j)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* What must hold.  UniqueTokens, CallOrder, HoldOrder and Coverage are    *)
(* those of module Fencepost, over all epochs.                             *)
(***************************************************************************)

TypeOK ==
    /\ \A x \in Nodes :
         /\ marker[x].is \in {"waiting", "ready", "moving"}
         /\ marker[x].is = "moving" <=> marker[x].to # NoAim
         /\ marker[x].is # "waiting" => x \in Members(marker[x].epoch)
    /\ counter \in [Nodes -> Nat]
    /\ floor \in [Nodes -> Nat]
    /\ view \in [Nodes -> Nat]
    /\ \A x \in Nodes : \A i \in DOMAIN holds[x] : holds[x][i] \in [by : Attempts \cup {Nobody}, from : Nat, to : Nat]
    /\ token \in [Attempts -> Nat]
    /\ crashes \in 0..MaxCrashes

UniqueTokens ==
    \A a, b \in Complete : a # b => token[a] # token[b]

CallOrder ==
    \A a \in Complete : token[a] > base[a]

HoldOrder ==
    \A a, b \in Complete : a # b =>
      \A x \in Nodes : \A h \in Confirmed(a, x), i \in Confirmed(b, x) :
        (h < i) <=> (token[a] < token[b])

Coverage ==
    \A a \in Complete :
      Cardinality({x \in Nodes : \E h \in Confirmed(a, x) :
        LET hold == holds[x][h] IN hold.by = a /\ hold.from <= token[a] /\ token[a] <= hold.to}) >= Quorum(Members(epochOf[a]))

\* An epoch is followed by one other at most.
OneSuccessor ==
    \A d, e \in decided : d.epoch = e.epoch => d.to = e.to

\* The floor of the next epoch is beyond every token that is complete in this one, and beyond those that still will be.
FloorCovers ==
    \A d \in decided, a \in Complete : epochOf[a] = d.epoch => token[a] <= d.floor

\* Counters, floors and views never fall, except when a node forgets; nor is a node ever of an earlier epoch, or a freeze undone.
Rank(m) == 2 * Len(m.epoch) + IF m.is = "moving" THEN 1 ELSE 0
NothingFallsInALife ==
    [][\A x \in Nodes : life'[x] = life[x] =>
         counter'[x] >= counter[x] /\ floor'[x] >= floor[x] /\ view'[x] >= view[x] /\ Rank(marker'[x]) >= Rank(marker[x])]_vars
=============================================================================
