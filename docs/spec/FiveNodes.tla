------------------------------ MODULE FiveNodes -----------------------------
(***************************************************************************)
(* One story of module Rejoin, told step by step: on five nodes, of which  *)
(* two forget, attempts must not begin in a view that is known only by     *)
(* hearsay.  Three nodes are too few to see this, and five are too many to *)
(* search every order of so many events.                                   *)
(*                                                                         *)
(* Every step must be one that Rejoin allows.  If views need not be        *)
(* established (HearsayViews), the story can be told to its end, where two *)
(* holders have the same token.  Otherwise it breaks off before step 4.    *)
(***************************************************************************)
EXTENDS Rejoin

CONSTANTS a, b, j, k, n1, n2, n3, n4, n5

VARIABLE step

Tell ==
    CASE \* Node 5 forgets.  A client j wants to bring it back in view 2, asks node 1, and pauses.
         step = 1 -> Forget(n5)
      [] step = 2 -> StartJoin(j, n5) /\ join'[j].view = 2
      [] step = 3 -> ReadMark(j, n1)
         \* The attempt a hears of view 2 from node 1, and is granted 1 there.
      [] step = 4 -> GrantInView(a, n1) /\ viewOf'[a] = 2
         \* Node 1 forgets.  A client k, which has heard of no view, brings it back in view 1.  Nodes 2, 3 and 4 know of no token.
      [] step = 5 -> Forget(n1)
      [] step = 6 -> StartJoin(k, n1) /\ join'[k].view = 1
      [] step = 7 -> ReadMark(k, n2)
      [] step = 8 -> ReadMark(k, n3)
      [] step = 9 -> ReadMark(k, n4)
      [] step = 10 -> Establish(k)
      [] step = 11 -> FinishJoin(k)
         \* j goes on with nodes 2, 3 and 4.  They know of no token either, and node 5 is back.
      [] step = 12 -> ReadMark(j, n2)
      [] step = 13 -> ReadMark(j, n3)
      [] step = 14 -> ReadMark(j, n4)
      [] step = 15 -> Establish(j)
      [] step = 16 -> FinishJoin(j)
         \* Nodes 2 and 3 grant 1 to a, which is complete with what node 1 said before it forgot.
      [] step = 17 -> GrantInView(a, n2)
      [] step = 18 -> GrantInView(a, n3)
      [] step = 19 -> AtTheClient(a)
         \* Nodes 1, 4 and 5 grant 1 to b.
      [] step = 20 -> GrantInView(b, n1) /\ viewOf'[b] = 2
      [] step = 21 -> GrantInView(b, n4)
      [] step = 22 -> GrantInView(b, n5)
      [] step = 23 -> AtTheClient(b)
      [] OTHER -> FALSE

StoryInit == JoinInit /\ step = 1
StoryNext == Tell /\ step' = step + 1
StorySpec == StoryInit /\ [][StoryNext]_<<allVars, step>>

\* Where views must be established, a has nothing to begin in.
BreaksOff == step <= 4
=============================================================================
