----------------------------- MODULE Fencepost -----------------------------
(***************************************************************************)
(* How a quorum of Redis nodes that know nothing of each other hands out   *)
(* fencing tokens for one resource: unique, and growing.                   *)
(*                                                                         *)
(* Every node keeps a lock (an owner, until a time to live runs out) and a *)
(* counter that never falls.  A client that wants the lock makes an        *)
(* attempt, in these steps:                                                *)
(*                                                                         *)
(*   Grant     each node whose lock is free locks itself for the attempt,  *)
(*             adds to its counter as many as the attempt wants tokens,    *)
(*             and answers with the new value;                             *)
(*   Choose    once a quorum has granted, the token is the largest of      *)
(*             those grants; the others that the attempt wants are those   *)
(*             just below it;                                              *)
(*   Raise     a node that granted less is raised to the token, provided   *)
(*             that it is still locked for the attempt and that its        *)
(*             counter has not passed the token.                           *)
(*                                                                         *)
(* A node has confirmed the token when it granted exactly that value or    *)
(* was raised to it.  The attempt is complete, and the lock acquired, when *)
(* a quorum has confirmed.                                                 *)
(*                                                                         *)
(* CALLS.  An attempt is made for a call, and takes a token more for each  *)
(* of the calls that stand behind it in the line of its process.  They use *)
(* these tokens one after the other, the smallest first, and no node is    *)
(* told.  Here one of them is looked at, the last, which takes the largest *)
(* token: its "heir".                                                      *)
(*                                                                         *)
(* TIME.  Nothing here knows what time it is.  A lock may expire on any    *)
(* node at any moment: right after it was granted, or never.  That covers  *)
(* every clock, every pause of a client, and every lease.  No step stands  *)
(* for the expiry itself: a lock that may be free at any moment is seen to *)
(* have been free when somebody else is granted it, and a request that     *)
(* came too late for a lock is like one that was lost.                     *)
(*                                                                         *)
(* NETWORK.  It needs no variable.  A request may take effect at any time  *)
(* after it can have been sent, or never: so it may be delayed, lost, or   *)
(* overtaken by any other.  A grant may take effect again, because         *)
(* somebody sent it twice (MaxRepeats); to do any of the other steps twice *)
(* changes nothing.  Replies are late or lost because a client may act on  *)
(* any part of what the nodes have answered.  A client that stops at any   *)
(* point is one that takes no further step.                                *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANTS
    Nodes,                  \* all configured nodes, reachable or not
    Attempts,               \* attempts to take the lock; each is an owner of its own
    Nobody,                 \* who holds a lock that was never granted
    InitialCounters,        \* what counters may start from; nodes need not agree
    Widths,                 \* how many tokens an attempt may want
    MaxRepeats,             \* how many grants in all may take effect a second time
    MaxExtensions           \* how many rounds of extension there may be in all

(***************************************************************************)
(* Each of these leaves out or changes one part of the protocol, and each  *)
(* but the last is refuted.  All are FALSE in the protocol itself.         *)
(***************************************************************************)
CONSTANTS
    NoConfirm,              \* a quorum of grants is enough, whatever their values
    BlindRaise,             \* a node confirms by being raised even if it is no longer locked for the attempt
    LateLargerGrantCounts,  \* a node that granted more than the token confirms it
    OrderStatistic,         \* where all have answered, the token is a smaller one that a quorum has reached already
    RaiseIgnoresCounter,    \* a node confirms by being raised even if its counter has passed the token
    TokensUpward,           \* the tokens of an attempt are the one that is confirmed and those just above it
    NarrowGrant,            \* a node adds one to its counter, however many tokens are wanted
    LatecomersInherit,      \* a call that began after the attempt may be its heir
    ExtendIgnoresCounter,   \* a node counts for an extension even if its counter has passed the token
    RepeatAnswersCounter    \* a grant that comes again in its hold answers with the counter as it is; the one change that does no harm

Quorum == Cardinality(Nodes) \div 2 + 1

Symmetry == Permutations(Nodes) \cup Permutations(Attempts)

VARIABLES
    \* What the nodes keep.
    counter,    \* counter[x]: the counter of x
    holds,      \* holds[x]: every hold of the lock on x so far, in order: by whom, and from where to where the counter went in it.
                \* The node knows by whom the last one is; the rest is history, only to say what must hold.
    \* What the clients know.
    replies,    \* replies[a][x]: the grants of x to a: each a value, and the number of the hold that it was made in
    token,      \* token[a]: the token that a has chosen, or 0
    raised,     \* raised[a][x]: the hold in which x was raised to the token of a (a set: of none, or one)
    prolonged,  \* prolonged[a]: the nodes that have answered yes in the current round of extension
    rounds,     \* rounds[a]: how many rounds of extension a has begun
    width,      \* width[a]: how many tokens a wants, or 0 before it has begun
    \* History.
    base,       \* base[a]: the largest token that was complete before a began
    since,      \* since[a]: the largest token that was complete before the current extension of a began
    heir        \* heir[a]: the largest token of others that was complete before the call of the heir of a began (a set: of none, or one)

callVars == <<width, heir>>
vars     == <<counter, holds, replies, token, raised, prolonged, rounds, base, since, callVars>>

Init ==
    /\ counter \in [Nodes -> InitialCounters]
    /\ holds = [x \in Nodes |-> <<>>]
    /\ replies = [a \in Attempts |-> [x \in Nodes |-> {}]]
    /\ token = [a \in Attempts |-> 0]
    /\ raised = [a \in Attempts |-> [x \in Nodes |-> {}]]
    /\ prolonged = [a \in Attempts |-> {}]
    /\ rounds = [a \in Attempts |-> 0]
    /\ base = [a \in Attempts |-> 0]
    /\ since = [a \in Attempts |-> 0]
    /\ width = [a \in Attempts |-> 0]
    /\ heir = [a \in Attempts |-> {}]

-----------------------------------------------------------------------------
Max(S)       == CHOOSE m \in S : \A n \in S : n <= m
Larger(m, n) == IF m > n THEN m ELSE n
Sum(f, S)    == LET RECURSIVE Go(_)
                    Go(T) == IF T = {} THEN 0 ELSE LET e == CHOOSE e \in T : TRUE IN f[e] + Go(T \ {e})
                IN Go(S)

LatestHold(x) == Len(holds[x])

\* Whom x is locked for, if its lock has not expired.
Owner(x) == IF holds[x] = <<>> THEN Nobody ELSE holds[x][LatestHold(x)].by

Begun(a)     == \E x \in Nodes : replies[a][x] # {}
Values(a, x) == {reply.value : reply \in replies[a][x]}
AllValues(a) == UNION {Values(a, x) : x \in Nodes}

\* Whether a grant of this value confirms the token of a without another question.
Confirms(a, value) ==
    \/ value = token[a]
    \/ value > token[a] /\ (LateLargerGrantCounts \/ OrderStatistic)
    \/ NoConfirm

\* The holds of x in which it has confirmed the token of a.
Confirmed(a, x) ==
    IF token[a] = 0 THEN {}
    ELSE raised[a][x] \cup {reply.hold : reply \in {r \in replies[a][x] : Confirms(a, r.value)}}

\* An attempt is complete from the moment when a quorum has confirmed, though its client may hear of it later or never.  That is the strictest
\* way to put it: the promise is then made of every token that anybody could ever use, from the first moment on.
IsComplete(a) == token[a] # 0 /\ Cardinality({x \in Nodes : Confirmed(a, x) # {}}) >= Quorum
Complete      == {a \in Attempts : IsComplete(a)}

\* The tokens of an attempt whose token is chosen: as many as it wants, in a row.
First(a)  == IF TokensUpward THEN token[a] ELSE token[a] - width[a] + 1
Last(a)   == First(a) + width[a] - 1
Tokens(a) == First(a)..Last(a)

\* Those of an attempt are all counted from the moment when it is complete, though its calls use them later, or never.
LargestOf(S) == Max({0} \cup {Last(a) : a \in S})
LargestToken == LargestOf(Complete)

-----------------------------------------------------------------------------
(***************************************************************************)
(* What can happen to a node                                               *)
(***************************************************************************)

\* The counter of x becomes value, and the current hold, if any, has seen it.
SetCounter(x, value) ==
    /\ counter' = [counter EXCEPT ![x] = value]
    /\ holds' = IF Owner(x) = Nobody THEN holds
                ELSE [holds EXCEPT ![x][LatestHold(x)].to = value]

\* x, whose lock is free, is locked for a, with the numbers from first to last, and its counter becomes the last.
BeginHold(x, a, first, last) ==
    /\ counter' = [counter EXCEPT ![x] = last]
    /\ holds' = [holds EXCEPT ![x] = Append(@, [by |-> a, from |-> first, to |-> last])]

-----------------------------------------------------------------------------
(***************************************************************************)
(* Acquiring                                                               *)
(***************************************************************************)

Repeats == Sum([r \in Attempts \X Nodes |-> Larger(0, Cardinality(replies[r[1]][r[2]]) - 1)], Attempts \X Nodes)

\* A call comes that will be the heir of a, which has not begun.
Call(a) ==
    /\ Widths # {1}
    /\ ~Begun(a)
    /\ heir[a] = {}
    /\ heir' = [heir EXCEPT ![a] = {LargestToken}]
    /\ UNCHANGED <<counter, holds, replies, token, raised, prolonged, rounds, base, since, width>>

\* The broken alternative: the heir has gone away, and a call that comes now takes its place.
ComeLate(a) ==
    /\ LatecomersInherit
    /\ width[a] > 1
    /\ heir' = [heir EXCEPT ![a] = {LargestOf(Complete \ {a})}]
    /\ UNCHANGED <<counter, holds, replies, token, raised, prolonged, rounds, base, since, width>>

\* An attempt says with each of its grants how many tokens it wants: one, if there is no heir.
WidthsOf(a) == IF Begun(a) THEN {width[a]} ELSE IF heir[a] = {} THEN {1} ELSE Widths \ {1}

\* What a node adds for an attempt that wants w tokens.
Added(w) == IF NarrowGrant THEN 1 ELSE w

\* The grant of a takes effect on x, which is free.  If it is a repetition, it adds as many again: whether x is still locked for a (the last case), or
\* that lock has ended long since and a begins a new hold without knowing.  An attempt begins with its first grant; to say that it began earlier would
\* promise less.
Grant(a, x) ==
    /\ replies[a][x] # {} => Repeats < MaxRepeats
    /\ \E w \in WidthsOf(a) :
         /\ width' = [width EXCEPT ![a] = w]
         /\ \/ BeginHold(x, a, counter[x] + 1, counter[x] + Added(w))
            \/ Owner(x) = a /\ SetCounter(x, counter[x] + (IF RepeatAnswersCounter THEN 0 ELSE Added(w)))
    /\ replies' = [replies EXCEPT ![a][x] = @ \cup {[value |-> counter'[x], hold |-> Len(holds'[x])]}]
    /\ base' = [base EXCEPT ![a] = IF Begun(a) THEN @ ELSE LargestToken]
    /\ UNCHANGED <<token, raised, prolonged, rounds, since, heir>>

\* t is the largest of a quorum of grants to a.
LargestOfAQuorum(a, t) ==
    Cardinality({x \in Nodes : \E v \in Values(a, x) : v <= t}) >= Quorum

\* The broken alternative that saves a round trip: all nodes have granted, and a quorum of them t at least.
ReachedByAQuorum(a, t) ==
    /\ \A x \in Nodes : replies[a][x] # {}
    /\ Cardinality({x \in Nodes : \E v \in Values(a, x) : v >= t}) >= Quorum

\* a fixes its token.  It need not have heard of every grant that was made: any quorum will do.
Choose(a) ==
    /\ token[a] = 0
    /\ \E t \in AllValues(a) :
         /\ LargestOfAQuorum(a, t) \/ (OrderStatistic /\ ReachedByAQuorum(a, t))
         /\ token' = [token EXCEPT ![a] = t]
    /\ UNCHANGED <<counter, holds, replies, raised, prolonged, rounds, base, since, callVars>>

\* x is raised to the token of a.  The client asks this of a node whose grant, as far as it knows, was not too large.  The node looks at its lock and at
\* its counter, in one atomic step.
Raise(a, x) ==
    /\ token[a] # 0
    /\ raised[a][x] = {}
    /\ \E v \in Values(a, x) : v < token[a]
    /\ Owner(x) = a \/ BlindRaise
    /\ counter[x] <= token[a] \/ RaiseIgnoresCounter
    /\ SetCounter(x, Larger(counter[x], token[a]))
    /\ raised' = [raised EXCEPT ![a][x] =
         {IF Owner(x) = a THEN LatestHold(x) ELSE Max({reply.hold : reply \in replies[a][x]})}]
    /\ UNCHANGED <<replies, token, prolonged, rounds, base, since, callVars>>

-----------------------------------------------------------------------------
(***************************************************************************)
(* Releasing and extending                                                 *)
(***************************************************************************)

\* The release of an attempt that has come to a token reaches x, which is lifted to that token if it lags behind, whoever holds it.  That the lock is freed,
\* if it is still that of a, is not to be seen here: it may be free at any moment.  A release without a token does nothing else.
Release(a, x) ==
    /\ counter[x] < token[a]
    /\ SetCounter(x, token[a])
    /\ UNCHANGED <<replies, token, raised, prolonged, rounds, base, since, callVars>>

\* A holder begins a round of extension.  Nothing that was answered in one round counts in another.
BeginExtension(a) ==
    /\ IsComplete(a)
    /\ Sum(rounds, Attempts) < MaxExtensions
    /\ rounds' = [rounds EXCEPT ![a] = @ + 1]
    /\ prolonged' = [prolonged EXCEPT ![a] = {}]
    /\ since' = [since EXCEPT ![a] = LargestToken]
    /\ UNCHANGED <<counter, holds, replies, token, raised, base, callVars>>

\* x prolongs the lock of a, and is lifted to the token if it lags behind.
Extend(a, x) ==
    /\ rounds[a] > 0
    /\ x \notin prolonged[a]
    /\ Owner(x) = a
    /\ counter[x] <= token[a] \/ ExtendIgnoresCounter
    /\ SetCounter(x, Larger(counter[x], token[a]))
    /\ prolonged' = [prolonged EXCEPT ![a] = @ \cup {x}]
    /\ UNCHANGED <<replies, token, raised, rounds, base, since, callVars>>

Extended(a) == Cardinality(prolonged[a]) >= Quorum

\* A node that has no lock any more is locked again for a holder whose extension has succeeded, unless it has granted the lock to somebody else
\* meanwhile: its counter would tell.
Reestablish(a, x) ==
    /\ Extended(a)
    /\ Owner(x) # a
    /\ counter[x] <= token[a]
    /\ BeginHold(x, a, token[a], token[a])
    /\ UNCHANGED <<replies, token, raised, prolonged, rounds, base, since, callVars>>

-----------------------------------------------------------------------------
Next ==
    \/ \E a \in Attempts : Call(a) \/ ComeLate(a) \/ Choose(a) \/ BeginExtension(a)
    \/ \E a \in Attempts, x \in Nodes :
         Grant(a, x) \/ Raise(a, x) \/ Release(a, x) \/ Extend(a, x) \/ Reestablish(a, x)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(***************************************************************************)
(* What must hold                                                          *)
(***************************************************************************)

TypeOK ==
    /\ counter \in [Nodes -> Nat]
    /\ \A x \in Nodes : \A i \in DOMAIN holds[x] : holds[x][i] \in [by : Attempts \cup {Nobody}, from : Nat, to : Nat]
    /\ \A a \in Attempts, x \in Nodes :
         /\ \A reply \in replies[a][x] : reply \in [value : Nat \ {0}, hold : 1..LatestHold(x)]
         /\ raised[a][x] \subseteq 1..LatestHold(x)
    /\ token \in [Attempts -> Nat]
    /\ prolonged \in [Attempts -> SUBSET Nodes]
    /\ width \in [Attempts -> Widths \cup {0, 1}]
    /\ \A a \in Attempts : heir[a] \subseteq Nat /\ (width[a] > 1 => heir[a] # {})

\* No two holders are ever given the same token.
UniqueTokens ==
    \A a, b \in Complete : a # b => Tokens(a) \cap Tokens(b) = {}

\* A token is larger than every token that was complete before its call began: the smallest one, whose call may have begun with the attempt, and the
\* largest one, which is that of the heir.
CallOrder ==
    \A a \in Complete : First(a) > base[a] /\ \A before \in heir[a] : Last(a) > before

\* Where a node has confirmed the tokens of two holders, the one that held it first has the smaller tokens, all of them.
HoldOrder ==
    \A a, b \in Complete : a # b =>
      \A x \in Nodes : \A h \in Confirmed(a, x), i \in Confirmed(b, x) :
        (h < i) <=> (Last(a) < First(b))

\* In a quorum of nodes, the counter passed through each of the tokens while the node was locked for the attempt: it was not beyond the token when
\* that hold began, and had reached it when the hold ended.  The proof rests on this.
Coverage ==
    \A a \in Complete :
      Cardinality({x \in Nodes : \E h \in Confirmed(a, x) :
        LET hold == holds[x][h] IN hold.by = a /\ \A t \in Tokens(a) : hold.from <= t /\ t <= hold.to}) >= Quorum

\* No extension succeeds if a larger token was complete before it began.
NoRevival ==
    \A a \in Attempts : Extended(a) => since[a] <= Last(a)

\* Counters never fall.
CountersNeverFall == [][\A x \in Nodes : counter'[x] >= counter[x]]_vars
=============================================================================
