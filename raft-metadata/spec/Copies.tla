------------------------------- MODULE Copies -------------------------------
(***************************************************************************)
(* Copies of ONE segment: replication, and the failover that fixes its     *)
(* count.  The leader writes its own log and pushes to the followers; an   *)
(* entry is acknowledged when AckQuorum stores hold it durably.  When the  *)
(* lease has run out: BeginSeal, fence N - AckQuorum + 1 stores, take the  *)
(* longest durable answer, copy it to AckQuorum stores, CommitSeal.        *)
(*                                                                         *)
(* One writer and no truncation, so every log is a prefix of the leader's: *)
(* a length says it all.  The old leader may live on and know nothing.     *)
(* Everything else of a segment's life is in SegmentLife.                  *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS
  Stores,           \* all that hold a copy
  FirstLeader,
  AckQuorum,
  MaxEntries,
  MaxCrashes,       \* how often a process dies and comes back
  MaxLostDisks,     \* how many stores come back empty; promises hold below AckQuorum
  \* ---- the rules
  AckNeedsQuorum,         \* the leader's own copy is not enough
  FenceEnough,            \* N - AckQuorum + 1 fenced stores: every ack quorum meets one
  FencedRefusesAppends,   \* a fenced store takes nothing more from the old epoch
  AnswerAfterForce,       \* it forces all it took before it answers: nothing may turn durable later
  PromiseIsDurable,       \* ... also after a crash
  CountIsLongest,         \* the count is the longest answer, not any
  CopyBeforeCommit,       \* the count is durable at AckQuorum stores before it is committed
  LostStoreDoesNotAnswer  \* a store that lost its directory is a new one: it knows nothing of the old

VARIABLES
  written,   \* entries in the leader's log
  taken,     \* per store: entries received, perhaps not forced yet
  dur,       \* per store: entries forced
  told,      \* per store: the durable length that the leader has heard of
  leading,   \* the old leader still believes
  acked,     \* entries acknowledged
  state,     \* the segment in the register: open, sealing, sealed
  count,     \* the count that was chosen; final when sealed
  chosen,
  promised,  \* stores that will refuse the old epoch
  answers,   \* per store: its answer to the fence, or Silent
  lost,      \* stores whose disk was lost
  crashes

vars == <<written, taken, dur, told, leading, acked, state, count, chosen, promised, answers, lost, crashes>>

Silent == MaxEntries + 1
Largest(lengths) == CHOOSE k \in lengths : \A l \in lengths : l <= k

Init ==
  /\ written = 0 /\ leading = TRUE /\ acked = 0
  /\ taken = [r \in Stores |-> 0]
  /\ dur = [r \in Stores |-> 0]
  /\ told = [r \in Stores |-> 0]
  /\ state = "open" /\ count = 0 /\ chosen = FALSE
  /\ promised = {} /\ answers = [r \in Stores |-> Silent]
  /\ lost = {} /\ crashes = 0

-----------------------------------------------------------------------------
Takes(r) == FencedRefusesAppends => r \notin promised

Append ==
  /\ leading /\ written < MaxEntries /\ Takes(FirstLeader)
  /\ written' = written + 1
  /\ taken' = [taken EXCEPT ![FirstLeader] = written + 1]
  /\ UNCHANGED <<dur, told, leading, acked, state, count, chosen, promised, answers, lost, crashes>>

\* A pushed entry arrives, now or much later.
Receive(r) ==
  /\ leading /\ r # FirstLeader /\ r \notin lost /\ Takes(r)
  /\ taken[r] < written
  /\ taken' = [taken EXCEPT ![r] = @ + 1]
  /\ UNCHANGED <<written, dur, told, leading, acked, state, count, chosen, promised, answers, lost, crashes>>

Sync(r) ==
  /\ dur[r] < taken[r]
  /\ dur' = [dur EXCEPT ![r] = taken[r]]
  /\ UNCHANGED <<written, taken, told, leading, acked, state, count, chosen, promised, answers, lost, crashes>>

\* The follower's reply reaches the leader; what it says was true when it was sent.
Hear(r) ==
  /\ leading /\ r \notin lost /\ told[r] < dur[r]
  /\ told' = [told EXCEPT ![r] = dur[r]]
  /\ UNCHANGED <<written, taken, dur, leading, acked, state, count, chosen, promised, answers, lost, crashes>>

Ack ==
  /\ leading /\ acked < written
  /\ IF AckNeedsQuorum
       THEN Cardinality({r \in Stores : acked < told[r]}) >= AckQuorum
       ELSE acked < told[FirstLeader]
  /\ acked' = acked + 1
  /\ UNCHANGED <<written, taken, dur, told, leading, state, count, chosen, promised, answers, lost, crashes>>

-----------------------------------------------------------------------------
BeginSeal ==
  /\ state = "open"
  /\ state' = "sealing"
  /\ UNCHANGED <<written, taken, dur, told, leading, acked, count, chosen, promised, answers, lost, crashes>>

MayAnswer(r) == LostStoreDoesNotAnswer => r \notin lost

\* The store promises, forces what it has taken so far, then answers with what is durable.
Fence(r) ==
  /\ state = "sealing" /\ ~chosen /\ answers[r] = Silent /\ MayAnswer(r)
  /\ AnswerAfterForce => dur[r] = taken[r]
  /\ promised' = promised \cup {r}
  /\ answers' = [answers EXCEPT ![r] = dur[r]]
  /\ UNCHANGED <<written, taken, dur, told, leading, acked, state, count, chosen, lost, crashes>>

Answered == {r \in Stores : answers[r] # Silent}
Needed   == Cardinality(Stores) - AckQuorum + (IF FenceEnough THEN 1 ELSE 0)

Choose ==
  /\ state = "sealing" /\ ~chosen
  /\ Answered # {} /\ Cardinality(Answered) >= Needed
  /\ LET lengths == {answers[r] : r \in Answered} IN
     \E k \in (IF CountIsLongest THEN {Largest(lengths)} ELSE lengths) : count' = k
  /\ chosen' = TRUE
  /\ UNCHANGED <<written, taken, dur, told, leading, acked, state, promised, answers, lost, crashes>>

\* From a store that has it to one that has not; a new store may take a copy like any other.
Copy(from, to) ==
  /\ state = "sealing" /\ chosen
  /\ count <= dur[from] /\ dur[to] < count
  /\ taken' = [taken EXCEPT ![to] = count]
  /\ dur' = [dur EXCEPT ![to] = count]
  /\ UNCHANGED <<written, told, leading, acked, state, count, chosen, promised, answers, lost, crashes>>

Holders == {r \in Stores : count <= dur[r]}

CommitSeal ==
  /\ state = "sealing" /\ chosen
  /\ CopyBeforeCommit => Cardinality(Holders) >= AckQuorum
  /\ state' = "sealed"
  /\ UNCHANGED <<written, taken, dur, told, leading, acked, count, chosen, promised, answers, lost, crashes>>

-----------------------------------------------------------------------------
\* Dies and comes back: what was not forced is kept in part, and a leader leads no more.
Crash(r) ==
  /\ crashes < MaxCrashes /\ crashes' = crashes + 1
  /\ \E kept \in dur[r]..taken[r] :
       /\ taken' = [taken EXCEPT ![r] = kept]
       /\ dur' = [dur EXCEPT ![r] = kept]
  /\ promised' = IF PromiseIsDurable THEN promised ELSE promised \ {r}
  /\ leading' = (leading /\ r # FirstLeader)
  /\ UNCHANGED <<written, told, acked, state, count, chosen, answers, lost>>

LoseDisk(r) ==
  /\ Cardinality(lost) < MaxLostDisks /\ r \notin lost
  /\ lost' = lost \cup {r}
  /\ taken' = [taken EXCEPT ![r] = 0]
  /\ dur' = [dur EXCEPT ![r] = 0]
  /\ promised' = promised \ {r}
  /\ leading' = (leading /\ r # FirstLeader)
  /\ UNCHANGED <<written, told, acked, state, count, chosen, answers, crashes>>

Next ==
  \/ Append \/ Ack \/ BeginSeal \/ Choose \/ CommitSeal
  \/ \E r \in Stores : Receive(r) \/ Sync(r) \/ Hear(r) \/ Fence(r) \/ Crash(r) \/ LoseDisk(r)
  \/ \E from, to \in Stores : Copy(from, to)

Spec == Init /\ [][Next]_vars

\* The followers are alike.
Alike == Permutations(Stores \ {FirstLeader})

-----------------------------------------------------------------------------
\* What was acknowledged is on a disk, and inside the count once that is final, whoever dies.
AckedIsNeverLost ==
  /\ \E r \in Stores : acked <= dur[r]
  /\ state = "sealed" => acked <= count

\* The count is final, and so many stores hold it that AckQuorum - 1 disks may still be lost.
SealedIsFrozen ==
  state = "sealed" => Cardinality(Holders \cup lost) >= AckQuorum

TypeOK ==
  /\ acked <= written /\ written <= MaxEntries
  /\ \A r \in Stores : dur[r] <= taken[r] /\ taken[r] <= written
=============================================================================
