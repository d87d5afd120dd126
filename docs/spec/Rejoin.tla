------------------------------- MODULE Rejoin -------------------------------
(***************************************************************************)
(* The protocol of module Fencepost on nodes that may forget: a node comes *)
(* back without its data, and so without its lock, counter and view.       *)
(*                                                                         *)
(* A node that has forgotten is not ready, and takes no part, until some   *)
(* client has brought it back:                                             *)
(*                                                                         *)
(*   StartJoin   the client picks a view larger than those it knows of;    *)
(*   ReadMark    a quorum of *other* nodes move to that view and tell how  *)
(*               far their counters have got, in one atomic step each; a   *)
(*               node that is in that view or a later one refuses;         *)
(*   Establish   the client has asked these once more, and a quorum of     *)
(*               them has not forgotten since: so there was a moment when  *)
(*               a quorum was in that view or a later one;                 *)
(*   FinishJoin  the node's counter starts from the largest of those       *)
(*               marks, in the new view, and the node is ready.            *)
(*                                                                         *)
(* Every attempt runs in one view, which has been established.  A node     *)
(* grants and raises only for attempts in its own view or a later one,     *)
(* which it then takes up.  So an attempt that was under way when marks    *)
(* were read cannot be completed by the nodes whose marks did not know of  *)
(* it.                                                                     *)
(*                                                                         *)
(* Waiting until every lease that the node could have granted has run out  *)
(* is no part of this module: it keeps two leases from overlapping, which  *)
(* is a matter of time.  The tokens do not depend on it.                   *)
(***************************************************************************)
EXTENDS Fencepost

CONSTANTS
    Joiners,                \* clients that bring nodes back, each one node at a time
    MaxCrashes,             \* how often nodes may forget, in all
    MaxView                 \* the largest view

(***************************************************************************)
(* Again, each of these is refuted, and FALSE in the protocol.             *)
(***************************************************************************)
CONSTANTS
    BlindRejoin,            \* a node that has forgotten takes part at once
    NoViews,                \* a node catches up, but attempts and nodes have no views
    FloorFromMinority,      \* one other node is asked instead of a quorum
    StaleJoin,              \* a join that was begun for an earlier life of the node can be finished
    InventedViews,          \* an attempt may run in any view
    HearsayViews            \* an attempt may run in a view that some node has been in, though it was never established

VARIABLES
    ready,      \* ready[x]: whether x takes part
    view,       \* view[x]: the latest view that x knows of
    life,       \* life[x]: how often x has forgotten; a node knows it as the identity of its process
    known,      \* the views in which attempts may begin
    viewOf,     \* viewOf[a]: the view that the attempt a runs in
    join        \* join[j]: what j is doing

joinVars == <<ready, view, life, known, viewOf, join>>
allVars  == <<vars, joinVars>>

Views == 0..MaxView
NoJoin == [node |-> Nobody, life |-> 0, view |-> 0, asked |-> {}, floor |-> 0, established |-> FALSE]

JoinSymmetry == Permutations(Nodes) \cup Permutations(Attempts) \cup Permutations(Joiners)

JoinInit ==
    /\ Init
    /\ ready = [x \in Nodes |-> TRUE]
    /\ view = [x \in Nodes |-> 0]
    /\ life = [x \in Nodes |-> 0]
    /\ known = {0}
    /\ viewOf = [a \in Attempts |-> 0]
    /\ join = [j \in Joiners |-> NoJoin]

-----------------------------------------------------------------------------
(***************************************************************************)
(* The steps of Fencepost, on nodes that are ready                         *)
(***************************************************************************)

\* x takes part in view v, and from now on in no older one.
TakesPart(x, v) ==
    /\ ready[x]
    /\ view[x] <= v
    /\ view' = [view EXCEPT ![x] = v]

\* An attempt begins in some view that has been established, however long ago.
GrantInView(a, x) ==
    /\ Grant(a, x)
    /\ \E v \in IF Begun(a) THEN {viewOf[a]} ELSE IF InventedViews THEN Views ELSE known :
         TakesPart(x, v) /\ viewOf' = [viewOf EXCEPT ![a] = v]
    /\ UNCHANGED <<ready, life, known, join>>

RaiseInView(a, x) ==
    /\ Raise(a, x)
    /\ TakesPart(x, viewOf[a])
    /\ UNCHANGED <<ready, life, known, viewOf, join>>

\* No token is made by these, and so they are right in any view: that a node joined costs nobody a lease.
InAnyView(a, x) ==
    /\ ready[x]
    /\ Release(a, x) \/ Extend(a, x) \/ Reestablish(a, x)
    /\ UNCHANGED joinVars

AtTheClient(a) ==
    /\ Call(a) \/ ComeLate(a) \/ Choose(a) \/ BeginExtension(a)
    /\ UNCHANGED joinVars

-----------------------------------------------------------------------------
(***************************************************************************)
(* Forgetting and joining                                                  *)
(***************************************************************************)

\* x forgets everything.  It may do so again before it is back.
Forget(x) ==
    /\ Sum(life, Nodes) < MaxCrashes
    /\ life' = [life EXCEPT ![x] = @ + 1]
    /\ ready' = [ready EXCEPT ![x] = BlindRejoin]
    /\ view' = [view EXCEPT ![x] = 0]
    /\ BeginHold(x, Nobody, 0, 0)
    /\ UNCHANGED <<replies, token, raised, prolonged, rounds, base, since, callVars, known, viewOf, join>>

\* j sets out to bring x back, and gives up whatever it did before.
StartJoin(j, x) ==
    /\ ~ready[x]
    /\ \E w \in IF NoViews THEN {0} ELSE Views \ {0} :
         join' = [join EXCEPT ![j] = [node |-> x, life |-> life[x], view |-> w, asked |-> {}, floor |-> 0, established |-> FALSE]]
    /\ UNCHANGED <<vars, ready, view, life, known, viewOf>>

\* y tells j how far its counter has got, and takes part in no older view from then on.
ReadMark(j, y) ==
    /\ join[j] # NoJoin
    /\ y # join[j].node
    /\ \A answer \in join[j].asked : answer.node # y
    /\ ready[y]
    /\ NoViews \/ view[y] < join[j].view
    /\ view' = [view EXCEPT ![y] = join[j].view]
    /\ known' = known \cup IF HearsayViews THEN {join[j].view} ELSE {}
    /\ join' = [join EXCEPT ![j].asked = @ \cup {[node |-> y, life |-> life[y]]}, ![j].floor = Larger(@, counter[y])]
    /\ UNCHANGED <<vars, ready, life, viewOf>>

\* j has marks of a quorum of nodes that still live the life in which they told them.
Establish(j) ==
    /\ ~join[j].established
    /\ Cardinality({answer \in join[j].asked : life[answer.node] = answer.life}) >= IF FloorFromMinority THEN 1 ELSE Quorum
    /\ known' = known \cup {join[j].view}
    /\ join' = [join EXCEPT ![j].established = TRUE]
    /\ UNCHANGED <<vars, ready, view, life, viewOf>>

\* The node that j was to bring back is ready again, unless it is so already, or has forgotten once more.
FinishJoin(j) ==
    LET x == join[j].node IN
    /\ join[j].established
    /\ ~ready[x]
    /\ life[x] = join[j].life \/ StaleJoin
    /\ ready' = [ready EXCEPT ![x] = TRUE]
    /\ view' = [view EXCEPT ![x] = join[j].view]
    /\ SetCounter(x, join[j].floor)
    /\ join' = [join EXCEPT ![j] = NoJoin]
    /\ UNCHANGED <<replies, token, raised, prolonged, rounds, base, since, callVars, life, known, viewOf>>

-----------------------------------------------------------------------------
JoinNext ==
    \/ \E a \in Attempts : AtTheClient(a)
    \/ \E a \in Attempts, x \in Nodes : GrantInView(a, x) \/ RaiseInView(a, x) \/ InAnyView(a, x)
    \/ \E x \in Nodes : Forget(x)
    \/ \E j \in Joiners, x \in Nodes : StartJoin(j, x) \/ ReadMark(j, x)
    \/ \E j \in Joiners : Establish(j) \/ FinishJoin(j)

JoinSpec == JoinInit /\ [][JoinNext]_allVars

-----------------------------------------------------------------------------
(***************************************************************************)
(* What must hold: the invariants of Fencepost, and these                  *)
(***************************************************************************)

JoinTypeOK ==
    /\ ready \in [Nodes -> BOOLEAN]
    /\ view \in [Nodes -> Views]
    /\ viewOf \in [Attempts -> Views]
    /\ \A j \in Joiners : join[j].asked \subseteq [node : Nodes, life : Nat] /\ join[j].view \in Views
    /\ known \subseteq Views

\* Counters and views never fall, except when a node forgets.
NothingFallsInALife ==
    [][\A x \in Nodes : life'[x] = life[x] => counter'[x] >= counter[x] /\ view'[x] >= view[x]]_allVars
=============================================================================
