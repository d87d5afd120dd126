------------------------------ MODULE StaleJoin -----------------------------
(***************************************************************************)
(* One story of module Rejoin, told step by step: a join that was begun    *)
(* for an earlier life of a node must not be finished after the node has   *)
(* forgotten again.  To search every order of two crashes and two joins    *)
(* for it takes long; to tell it does not.                                 *)
(*                                                                         *)
(* Every step must be one that Rejoin allows.  If it allows stale joins,   *)
(* the story can be told to its end, where two holders have the same       *)
(* token.  Otherwise it breaks off before step 15.                         *)
(***************************************************************************)
EXTENDS Rejoin

CONSTANTS a, b, j, k, x, y, z

VARIABLE step

Tell ==
    CASE \* x forgets.  A client j wants to bring it back in view 1, has marks of y and z, which know of no token, and pauses.
         step = 1 -> Forget(x)
      [] step = 2 -> StartJoin(j, x) /\ join'[j].view = 1
      [] step = 3 -> ReadMark(j, y)
      [] step = 4 -> ReadMark(j, z)
      [] step = 5 -> Establish(j)
         \* A client k brings x back in view 2.
      [] step = 6 -> StartJoin(k, x) /\ join'[k].view = 2
      [] step = 7 -> ReadMark(k, y)
      [] step = 8 -> ReadMark(k, z)
      [] step = 9 -> Establish(k)
      [] step = 10 -> FinishJoin(k)
         \* x and y grant 1 to a, which is complete.
      [] step = 11 -> GrantInView(a, x) /\ viewOf'[a] = 2
      [] step = 12 -> GrantInView(a, y)
      [] step = 13 -> AtTheClient(a)
         \* x forgets again.  j goes on, with marks from before a.
      [] step = 14 -> Forget(x)
      [] step = 15 -> FinishJoin(j)
         \* x and z grant 1 to b.
      [] step = 16 -> GrantInView(b, x) /\ viewOf'[b] = 2
      [] step = 17 -> GrantInView(b, z)
      [] step = 18 -> AtTheClient(b)
      [] OTHER -> FALSE

StoryInit == JoinInit /\ step = 1
StoryNext == Tell /\ step' = step + 1
StorySpec == StoryInit /\ [][StoryNext]_<<allVars, step>>

BreaksOff == step <= 15
=============================================================================
