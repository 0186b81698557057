---------------------------- MODULE SegmentLife ----------------------------
(***************************************************************************)
(* The life of the segments of ONE topic: create, append, roll over, fail  *)
(* over, restart, read.  The replicated metadata is one linearizable       *)
(* register that takes conditional commands; Raft itself is not modelled.  *)
(* Everything around the register is as bad as real life: messages are     *)
(* late, repeated or lost, nodes act on what they once learnt, a process   *)
(* pauses past its lease, a crash falls between any two steps.             *)
(*                                                                         *)
(* Each guarding rule is a switch.  With all rules on, every promise       *)
(* holds; take one out and TLC shows the history that breaks one.          *)
(* See README.md for the tables.                                           *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  \* ---- the size of the world
  Nodes,          \* the stores; the first segment is led by FirstLeader
  FirstLeader,
  MaxSegments,    \* the topic never grows beyond this many segments
  MaxEntries,     \* one producer appends the entries 1..MaxEntries, in order
  MaxRollovers,   \* how often a healthy leader starts a rollover
  MaxFaults,      \* how often a process dies (its disk stays) or a force fails
  MaxFailovers,   \* how often the granter gives up on a leader that is alive
  MaxTroubles,    \* how often any of the three, together
  \* ---- the rules of the leader
  CheckLeaseAtWrite,       \* the write gate asks for the lease
  CheckLeaseBeforeAck,     \* the lease is asked for again before the ack
  AckAfterDurable,         \* an ack waits for the force that covers the entry
  FailedForceIsFinal,      \* after a failed force the log takes and acknowledges nothing more
  SealAfterDrain,          \* a seal is proposed when nothing is in flight any more
  CursorStopsForSeal,      \* no GET moves the cursor once the seal is on its way
  CursorWaitsForAnswer,    \* nor while the proposal of that seal has no answer, however long that takes
  LookUpUnknown,           \* an unanswered proposal is looked up, not taken for refused
  NeverResumeOpenSegment,  \* a segment that an earlier life of this store opened is sealed
  CheckSegmentAtReceive,   \* a forwarded append names its segment; the leader takes no other
  \* ---- the rules of the register
  CheckEpochInSeal,        \* a seal is applied only to the segment AND epoch it expects
  CursorTravelsInSeal,     \* a seal carries the value of the shared cursor
  KeepLargestCursor,       \* an older cursor value never replaces a newer one
  \* ---- the rules of the granter
  GranterWaitsForHolder,   \* the lease ends at the holder before it ends at the granter
  NoRenewalAfterExpiry,    \* an expiry once decided is final: no renewal overtakes it
  LeaseNamesEpoch,         \* a renewal is for (segment, epoch), never for "the node"
  GranterIsLeader,         \* only the present metadata leader renews, never a deposed one
  GranterGivesAway,        \* an expired segment is given away          (progress)
  \* ---- the rules of router and reader
  HoldInOrder,             \* appends held back in a rollover leave in their order
  RouteOnce,               \* an append that has left is never sent a second time
  ReadOnlyAcked,           \* reads end at the published, acknowledged end
  CheckLeaseAtRead,        \* the owner of the cursor answers under its lease only
  CursorIsDurableFirst,    \* the cursor is on disk before the entry is handed out
  CursorWaitsForSeal,      \* the cursor rests until every earlier leader has handed it on
  WaitAtSealing,           \* a reader waits at a sealing segment, it does not skip it
  RestartedLeaderSeals     \* a restarted leader completes the exact count (progress)

VARIABLES
  \* ---- the register
  segs,        \* sequence of [leader, state, epoch, count]
  metaCursor,  \* the newest cursor value that a seal brought: <<segment, offset in it>>
  net,         \* proposals that may still be applied: once, late, or never
  \* ---- the nodes; an up node with a role is a leader in its own eyes
  up,
  role,        \* [seg, stage], stage: none, open, stopping, asked; unheard without CursorWaitsForAnswer
  lease,       \* does the node believe that it may write in its role?
  had,         \* segments whose stream exists on the disk of their leader
  \* ---- the disks; only the leader of a segment has its stream (N = 1)
  log,         \* what was written
  dur,         \* how many entries of it a force has covered
  pub,         \* how many entries of it are published to readers
  cursor,      \* the cursor file of each node
  memCursor,   \* the cursor in its memory; runs ahead only without CursorIsDurableFirst
  \* ---- the producer's router
  sent,        \* entries that have left it
  route,       \* the newest segment it has heard of
  wire,        \* appends on their way: <<entry, segment>>
  \* ---- what clients know (history, never read by a rule)
  acked,       \* entries whose append was acknowledged
  unforced,    \* entries that a failed force left behind: the next force will not write them
  delivered,   \* what GET handed out, in order: <<segment, offset, entry>>
  lied,        \* EMPTY was said while an acknowledged entry waited
  \* ---- what has gone wrong so far
  rollovers, faults, failovers

register == <<segs, metaCursor, net>>
nodes    == <<up, role, lease, had>>
streams  == <<log, dur, pub>>
cursors  == <<cursor, memCursor>>
router   == <<sent, route, wire>>
clients  == <<acked, unforced, delivered, lied>>
budgets  == <<rollovers, faults, failovers>>
vars     == <<register, nodes, streams, cursors, router, clients, budgets>>

Entries  == 1..MaxEntries
Segments == 1..MaxSegments
Given    == 1..Len(segs)               \* segments that exist
NoRole   == [seg |-> 0, stage |-> "none"]
Leader(s) == segs[s].leader

\* Places are pairs <<segment, offset in the segment>>, ordered like the topic.
Before(p, q)   == p[1] < q[1] \/ (p[1] = q[1] /\ p[2] < q[2])
AtMost(p, q)   == p = q \/ Before(p, q)
Later(p, q)    == IF Before(p, q) THEN q ELSE p
LastOf(seq)    == seq[Len(seq)]
Present(e, s)  == \E i \in 1..Len(log[s]) : log[s][i] = e
PlacesOf(e)    == {<<s, i>> \in Segments \X Entries : i <= Len(log[s]) /\ log[s][i] = e}

MoreTrouble == rollovers + faults + failovers < MaxTroubles

Init ==
  /\ segs = <<[leader |-> FirstLeader, state |-> "open", epoch |-> 1, count |-> 0]>>
  /\ metaCursor = <<1, 0>>
  /\ net = {}
  /\ up = [n \in Nodes |-> TRUE]
  /\ role = [n \in Nodes |-> NoRole]
  /\ lease = [n \in Nodes |-> FALSE]
  /\ had = {}
  /\ log = [s \in Segments |-> <<>>]
  /\ dur = [s \in Segments |-> 0]
  /\ pub = [s \in Segments |-> 0]
  /\ cursor = [n \in Nodes |-> <<1, 0>>]
  /\ memCursor = [n \in Nodes |-> <<1, 0>>]
  /\ sent = {} /\ route = 1 /\ wire = {}
  /\ acked = {} /\ unforced = {} /\ delivered = <<>> /\ lied = FALSE
  /\ rollovers = 0 /\ faults = 0 /\ failovers = 0

-----------------------------------------------------------------------------
(* The register: conditional commands.  A proposal stays in the net until   *)
(* nothing can make it acceptable again, so it may come late, twice, or     *)
(* never; its reply is whatever the proposer later finds in the state.      *)

SealCommand(s, count, at, next) ==
  [kind |-> "Seal", seg |-> s, epoch |-> segs[s].epoch, count |-> count, cursor |-> at, next |-> next]
BeginSealCommand(s, next) ==
  [kind |-> "BeginSeal", seg |-> s, epoch |-> segs[s].epoch, count |-> 0, cursor |-> <<1, 0>>, next |-> next]
CompleteSealCommand(s, count, at) ==
  [kind |-> "CompleteSeal", seg |-> s, epoch |-> segs[s].epoch, count |-> count, cursor |-> at, next |-> Leader(s)]

Accepts(c, ss) ==
  LET seg == ss[c.seg] IN
  CASE c.kind = "Seal" ->
         \/ seg.state = "open" /\ seg.epoch = c.epoch
         \/ ~CheckEpochInSeal /\ seg.state = "sealing"
    [] c.kind = "BeginSeal" -> seg.state = "open" /\ seg.epoch = c.epoch
    [] c.kind = "CompleteSeal" -> seg.state = "sealing" /\ seg.epoch = c.epoch

NewSegment(leader, epoch) == [leader |-> leader, state |-> "open", epoch |-> epoch, count |-> 0]

Applied(c) ==
  CASE c.kind = "Seal" ->
         Append([segs EXCEPT ![c.seg].state = "sealed", ![c.seg].count = c.count],
                NewSegment(c.next, c.epoch + 1))
    [] c.kind = "BeginSeal" ->
         Append([segs EXCEPT ![c.seg].state = "sealing", ![c.seg].epoch = c.epoch + 1],
                NewSegment(c.next, c.epoch + 2))
    [] c.kind = "CompleteSeal" ->
         [segs EXCEPT ![c.seg].state = "sealed", ![c.seg].count = c.count]

Apply(c) ==
  /\ Accepts(c, segs)
  /\ Len(segs) < MaxSegments \/ c.kind = "CompleteSeal"
  /\ segs' = Applied(c)
  /\ metaCursor' = IF c.kind = "BeginSeal" THEN metaCursor
                   ELSE IF KeepLargestCursor THEN Later(metaCursor, c.cursor) ELSE c.cursor
  /\ net' = {d \in net : Accepts(d, segs')}
  /\ UNCHANGED <<nodes, streams, cursors, router, clients, budgets>>

ApplyOne == \E c \in net : Apply(c)

-----------------------------------------------------------------------------
(* Leases.  `lease[n]` is the holder's own belief.  The granter's clock is  *)
(* seen only in what it does: it gives the segment away.                    *)

MayRenew(n) ==
  LET s == role[n].seg IN
  \/ ~GranterIsLeader
  \/ /\ LeaseNamesEpoch => segs[s].state = "open"
     /\ NoRenewalAfterExpiry => ~\E c \in net : c.kind = "BeginSeal" /\ c.seg = s

Renew(n) ==
  /\ up[n] /\ role[n].stage \in {"open", "stopping", "unheard"} /\ ~lease[n]
  /\ MayRenew(n)
  /\ lease' = [lease EXCEPT ![n] = TRUE]
  /\ UNCHANGED <<register, up, role, had, streams, cursors, router, clients, budgets>>

\* The holder's deadline passes: a pause, a lost heartbeat, a cut cable.
LeaseEnds(n) ==
  /\ lease[n]
  /\ lease' = [lease EXCEPT ![n] = FALSE]
  /\ UNCHANGED <<register, up, role, had, streams, cursors, router, clients, budgets>>

\* The granter's deadline passes; it proposes the segment to a live node.
GiveAway(s, next) ==
  LET n == Leader(s) IN
  /\ GranterGivesAway /\ s \in Given
  /\ s < MaxSegments /\ segs[s].state = "open" /\ next # n /\ up[next]
  /\ GranterWaitsForHolder => ~lease[n]
  /\ ~\E c \in net : c.kind = "BeginSeal" /\ c.seg = s
  /\ IF up[n] THEN failovers < MaxFailovers /\ MoreTrouble /\ failovers' = failovers + 1
              ELSE UNCHANGED failovers
  /\ net' = net \cup {BeginSealCommand(s, next)}
  /\ UNCHANGED <<segs, metaCursor, nodes, streams, cursors, router, clients, rollovers, faults>>

-----------------------------------------------------------------------------
(* The leader.  It learns of its segment late: by then the segment may have *)
(* been given away again.  Opening creates the stream on disk first, which  *)
(* is how a later life of the store knows that it must not resume it.       *)

Unfinished(n) == {s \in Given : Leader(s) = n /\ segs[s].state # "sealed"}

\* Oldest first: a segment that was given away before its leader even opened it still needs its count (0).
OpenSegment(n, s) ==
  /\ s \in Given /\ up[n] /\ role[n] = NoRole
  /\ s \notin had /\ Leader(s) = n
  /\ \A t \in Unfinished(n) : s <= t
  /\ had' = had \cup {s}
  /\ role' = [role EXCEPT ![n] = [seg |-> s, stage |-> "open"]]
  /\ UNCHANGED <<register, up, lease, streams, cursors, router, clients, budgets>>

Admits(n) ==
  /\ up[n] /\ role[n].stage = "open"
  /\ CheckLeaseAtWrite => lease[n]

\* The message arrives and passes the write gate.  One connection keeps its order.
Write(e, s) ==
  LET n == Leader(s)
      t == role[n].seg IN
  /\ <<e, s>> \in wire
  /\ \A m \in wire : m[2] = s => e <= m[1]
  /\ Admits(n)
  /\ CheckSegmentAtReceive => t = s
  /\ log' = [log EXCEPT ![t] = Append(@, e)]
  /\ wire' = wire \ {<<e, s>>}
  /\ UNCHANGED <<register, nodes, dur, pub, cursors, sent, route, clients, budgets>>

\* The message is lost, or definitely refused: the leader does not take it.
Drop(e, s) ==
  /\ <<e, s>> \in wire
  /\ wire' = wire \ {<<e, s>>}
  /\ UNCHANGED <<register, nodes, streams, cursors, sent, route, clients, budgets>>

\* One force covers all that was written before it (group commit).
Sync(n) ==
  LET s == role[n].seg IN
  /\ up[n] /\ s # 0 /\ dur[s] < Len(log[s])
  /\ dur' = [dur EXCEPT ![s] = Len(log[s])]
  /\ UNCHANGED <<register, nodes, log, pub, cursors, router, clients, budgets>>

\* The kernel drops what it could not write and calls the next force a success.  So the log is
\* closed: what a fresh look at the disk finds is sealed, and whoever still waited hears "unknown".
SyncFails(n) ==
  LET s == role[n].seg IN
  /\ up[n] /\ s # 0 /\ dur[s] < Len(log[s])
  /\ faults < MaxFaults /\ MoreTrouble /\ faults' = faults + 1
  /\ unforced' = unforced \cup {log[s][i] : i \in (dur[s] + 1)..Len(log[s])}
  /\ IF FailedForceIsFinal
       THEN \E kept \in dur[s]..Len(log[s]) :
              /\ log' = [log EXCEPT ![s] = SubSeq(@, 1, kept)]
              /\ dur' = [dur EXCEPT ![s] = kept]
              /\ pub' = [pub EXCEPT ![s] = kept]
              /\ role' = [role EXCEPT ![n].stage = "stopping"]
       ELSE UNCHANGED <<streams, role>>
  /\ UNCHANGED <<register, up, lease, had, cursors, router, acked, delivered, lied, rollovers, failovers>>

MayAck(n) ==
  LET s == role[n].seg IN
  /\ up[n] /\ role[n].stage \in {"open", "stopping"}
  /\ pub[s] < IF AckAfterDurable THEN dur[s] ELSE Len(log[s])
  /\ CheckLeaseBeforeAck => lease[n]

Ack(n) ==
  LET s == role[n].seg IN
  /\ MayAck(n)
  /\ pub' = [pub EXCEPT ![s] = @ + 1]
  /\ acked' = acked \cup {log[s][pub[s] + 1]}
  /\ UNCHANGED <<register, nodes, log, dur, cursors, router, unforced, delivered, lied, budgets>>

-----------------------------------------------------------------------------
(* Rollover, in the order of the design: stop, drain, seal at the exact     *)
(* count, propose, let the next leader open.  A failed-over or restarted    *)
(* leader walks the same steps and brings the count with CompleteSeal.      *)

\* Asked to, or the segment is full (counted), or the leader learns that the segment is gone.
Stop(n) ==
  LET s == role[n].seg IN
  /\ up[n] /\ role[n].stage = "open"
  /\ IF segs[s].state = "open"
       THEN s < MaxSegments /\ rollovers < MaxRollovers /\ MoreTrouble /\ rollovers' = rollovers + 1
       ELSE UNCHANGED rollovers
  /\ role' = [role EXCEPT ![n].stage = "stopping"]
  /\ UNCHANGED <<register, up, lease, had, streams, cursors, router, clients, faults, failovers>>

\* Nothing in flight: all is durable, and acknowledged or, without a lease, answered "unknown".
Drained(n) ==
  LET s == role[n].seg IN
  dur[s] = Len(log[s]) /\ (pub[s] = dur[s] \/ ~lease[n])

SealProposals(n) ==
  LET s == role[n].seg
      at == IF CursorTravelsInSeal THEN memCursor[n] ELSE <<1, 0>> IN
  CASE segs[s].state = "open" -> {SealCommand(s, dur[s], at, next) : next \in {m \in Nodes : up[m]}}
    [] segs[s].state = "sealing" -> {CompleteSealCommand(s, dur[s], at)}
    [] OTHER -> {}

Propose(n) ==
  /\ up[n] /\ role[n].stage \in {"stopping", "unheard"}
  /\ SealAfterDrain => Drained(n)
  /\ \E c \in SealProposals(n) : net' = net \cup {c}
  /\ role' = [role EXCEPT ![n].stage = "asked"]
  /\ UNCHANGED <<segs, metaCursor, up, lease, had, streams, cursors, router, clients, budgets>>

\* The reply is lost.  The state tells: sealed by us, in this life or by a late proposal of an
\* earlier one; or given away meanwhile, then bring the count.
LookUp(n) ==
  LET s == role[n].seg IN
  /\ up[n] /\ role[n].stage \in {"stopping", "asked", "unheard"}
  /\ \/ /\ segs[s].state = "sealed"
        /\ role' = [role EXCEPT ![n] = NoRole]
        /\ lease' = [lease EXCEPT ![n] = FALSE]
        /\ UNCHANGED net
     \/ /\ role[n].stage = "asked" /\ segs[s].state = "sealing"
        /\ SealProposals(n) \cap net = {}
        /\ net' = net \cup SealProposals(n)
        /\ UNCHANGED <<role, lease>>
  /\ UNCHANGED <<segs, metaCursor, up, had, streams, cursors, router, clients, budgets>>

\* Without the rule: no answer is taken for "no", and writing goes on.
ResumeAfterUnknown(n) ==
  /\ ~LookUpUnknown
  /\ up[n] /\ role[n].stage = "asked"
  /\ role' = [role EXCEPT ![n].stage = "open"]
  /\ UNCHANGED <<register, up, lease, had, streams, cursors, router, clients, budgets>>

\* Without the rule: no answer in time, so the cursor goes on while it waits for another try, which
\* will bring the newer value.  The first try may still be applied, with the older one.
GoOnUnheard(n) ==
  /\ ~CursorWaitsForAnswer
  /\ up[n] /\ role[n].stage = "asked" /\ segs[role[n].seg].state = "open"
  /\ role' = [role EXCEPT ![n].stage = "unheard"]
  /\ UNCHANGED <<register, up, lease, had, streams, cursors, router, clients, budgets>>

-----------------------------------------------------------------------------
(* Crash and restart.  The disk keeps what was forced and any part of the   *)
(* tail behind it; what recovery finds is from then on durable.             *)

Crash(n) ==
  LET s == role[n].seg IN
  /\ up[n] /\ faults < MaxFaults /\ MoreTrouble
  /\ faults' = faults + 1
  /\ up' = [up EXCEPT ![n] = FALSE]
  /\ role' = [role EXCEPT ![n] = NoRole]
  /\ lease' = [lease EXCEPT ![n] = FALSE]
  /\ memCursor' = [memCursor EXCEPT ![n] = cursor[n]]
  /\ IF s = 0 THEN UNCHANGED <<log, dur>>
     ELSE \E kept \in dur[s]..Len(log[s]) :
            /\ log' = [log EXCEPT ![s] = SubSeq(@, 1, kept)]
            /\ dur' = [dur EXCEPT ![s] = kept]
  /\ UNCHANGED <<register, had, pub, cursor, router, clients, rollovers, failovers>>

Restart(n) ==
  /\ ~up[n]
  /\ up' = [up EXCEPT ![n] = TRUE]
  /\ UNCHANGED <<register, role, lease, had, streams, cursors, router, clients, budgets>>

Recover(n, s) ==
  /\ up[n] /\ role[n] = NoRole /\ s \in Unfinished(n) \cap had
  /\ \E stage \in {"stopping"} \cup (IF NeverResumeOpenSegment THEN {} ELSE {"open"}) :
       /\ stage = "stopping" => RestartedLeaderSeals
       /\ role' = [role EXCEPT ![n] = [seg |-> s, stage |-> stage]]
  /\ pub' = [pub EXCEPT ![s] = dur[s]]
  /\ UNCHANGED <<register, up, lease, had, log, dur, cursors, router, clients, budgets>>

-----------------------------------------------------------------------------
(* The producer's router: appends wait in it while no leader is known.      *)

Send(e, s) ==
  /\ s \in Given /\ e \notin sent
  /\ HoldInOrder => \A f \in Entries : f < e => f \in sent
  /\ route <= s
  /\ sent' = sent \cup {e}
  /\ route' = s
  /\ wire' = wire \cup {<<e, s>>}
  /\ UNCHANGED <<register, nodes, streams, cursors, clients, budgets>>

\* Without the rule: no answer yet, a new leader is known, so send it there too.
SendAgain(e, s) ==
  /\ ~RouteOnce /\ s \in Given
  /\ e \in sent /\ e \notin acked /\ route < s
  /\ route' = s
  /\ wire' = wire \cup {<<e, s>>}
  /\ UNCHANGED <<register, nodes, streams, cursors, sent, clients, budgets>>

-----------------------------------------------------------------------------
(* GET: any node may be asked, the leader of the open segment answers.      *)

Finished(s) == segs[s].state = "sealed" \/ (~WaitAtSealing /\ segs[s].state = "sealing")

RECURSIVE Onward(_, _)
\* Steps over the ends of segments that the reader takes for finished.
Onward(at, last) ==
  IF /\ at[1] < last /\ Finished(at[1])
     /\ at[2] >= segs[at[1]].count      \* the count of a sealing segment is not known: 0
    THEN Onward(<<at[1] + 1, 0>>, last)
    ELSE at

AnswersGet(n) ==
  LET s == role[n].seg IN
  /\ up[n]
  /\ \/ role[n].stage \in {"open", "unheard"}
     \/ ~CursorStopsForSeal /\ role[n].stage \in {"stopping", "asked"}
  /\ CheckLeaseAtRead => lease[n]
  /\ CursorWaitsForSeal => \A t \in 1..(s - 1) : Finished(t)

NextPlace(n) == Onward(Later(memCursor[n], metaCursor), role[n].seg)

Readable(n, at) ==
  IF at[1] = role[n].seg
    THEN at[2] < IF ReadOnlyAcked THEN pub[at[1]] ELSE Len(log[at[1]])
    ELSE segs[at[1]].state = "sealed" /\ at[2] < segs[at[1]].count /\ up[Leader(at[1])]
         /\ at[2] < Len(log[at[1]])

Get(n) ==
  LET at == NextPlace(n) IN
  /\ AnswersGet(n)
  /\ Readable(n, at)
  /\ memCursor' = [memCursor EXCEPT ![n] = <<at[1], at[2] + 1>>]
  /\ cursor' = IF CursorIsDurableFirst THEN [cursor EXCEPT ![n] = <<at[1], at[2] + 1>>] ELSE cursor
  /\ delivered' = Append(delivered, <<at[1], at[2], log[at[1]][at[2] + 1]>>)
  /\ UNCHANGED <<register, nodes, streams, router, acked, unforced, lied, budgets>>

\* Only a history variable changes: an EMPTY that was a lie is remembered.
GetEmpty(n) ==
  LET at == NextPlace(n) IN
  /\ AnswersGet(n)
  /\ at[1] = role[n].seg /\ ~Readable(n, at)
  /\ ~lied /\ \E e \in acked : \A i \in 1..Len(delivered) : delivered[i][3] # e
  /\ lied' = TRUE
  /\ UNCHANGED <<register, nodes, streams, cursors, router, acked, unforced, delivered, budgets>>

-----------------------------------------------------------------------------
Next ==
  \/ ApplyOne
  \/ \E n \in Nodes :
       \/ Renew(n) \/ LeaseEnds(n)
       \/ Sync(n) \/ SyncFails(n) \/ Ack(n)
       \/ Stop(n) \/ Propose(n) \/ LookUp(n) \/ ResumeAfterUnknown(n)
       \/ GoOnUnheard(n)
       \/ Crash(n) \/ Restart(n)
       \/ Get(n) \/ GetEmpty(n)
  \/ \E n \in Nodes, s \in Segments : OpenSegment(n, s) \/ Recover(n, s) \/ GiveAway(s, n)
  \/ \E e \in Entries, s \in Segments : Send(e, s) \/ SendAgain(e, s) \/ Write(e, s) \/ Drop(e, s)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* The promises, by the names they have everywhere else.                    *)

\* Never two nodes that would take or acknowledge an append; never two open segments.
SingleWriter ==
  /\ Cardinality({n \in Nodes : Admits(n) \/ MayAck(n)}) <= 1
  /\ Cardinality({s \in Given : segs[s].state = "open"}) <= 1

\* An acknowledged entry is forced to disk, inside the count once there is one,
\* and no reader is led past it or told EMPTY in its stead.
Stored(e) == \E s \in Given : \E i \in 1..dur[s] :
  log[s][i] = e /\ (segs[s].state = "sealed" => i <= segs[s].count)
NotSkipped(e) == \A p \in PlacesOf(e) : \A i \in 1..Len(delivered) :
  Before(<<p[1], p[2] - 1>>, <<delivered[i][1], delivered[i][2]>>)
    => \E j \in 1..i : delivered[j][3] = e
AckedIsNeverLost ==
  /\ \A e \in acked : Stored(e) /\ NotSkipped(e)
  /\ ~lied

\* A sealed segment holds its count, not one entry more or less.
SealedIsFrozen == \A s \in Given : segs[s].state = "sealed" => Len(log[s]) = segs[s].count

\* Offsets count on from segment to segment: no two entries share one, none is left out,
\* and what was read at a place is still there.
RECURSIVE BaseOf(_)
BaseOf(s) == IF s = 1 THEN 0 ELSE BaseOf(s - 1) + segs[s - 1].count
BaseIsKnown(s) == \A t \in 1..(s - 1) : segs[t].state = "sealed"
TopicEnd == BaseOf(Len(segs)) + Len(log[Len(segs)])
OffsetsInUse == UNION {{BaseOf(s) + i : i \in 1..Len(log[s])} : s \in Given}
RECURSIVE Total(_)
Total(s) == IF s = 0 THEN 0 ELSE Len(log[s]) + Total(s - 1)
OffsetsAreDense ==
  /\ BaseIsKnown(Len(segs)) => OffsetsInUse = 1..Total(Len(segs))
  /\ \A i \in 1..Len(delivered) :
       LET d == delivered[i] IN d[2] < Len(log[d[1]]) /\ log[d[1]][d[2] + 1] = d[3]

\* Nothing is handed out twice.
DeliveredOnce == \A i, j \in 1..Len(delivered) :
  i # j => <<delivered[i][1], delivered[i][2]>> # <<delivered[j][1], delivered[j][2]>>

\* What is handed out was acknowledged, or is part of a sealed segment (its writer heard "unknown").
ReadsAreAcked == \A i \in 1..Len(delivered) :
  LET d == delivered[i] IN
  d[3] \in acked \/ (segs[d[1]].state = "sealed" /\ d[2] < segs[d[1]].count)

\* The producer's entries lie in the topic, and are handed out, in the order of sending.
OrderIsKept ==
  /\ \A e, f \in Entries : e < f =>
       \A p \in PlacesOf(e), q \in PlacesOf(f) : Before(p, q)
  /\ \A i, j \in 1..Len(delivered) : i < j => delivered[i][3] <= delivered[j][3]

\* However often the route changed: an entry is in the topic at most once.
RoutedOnce == \A e \in Entries : Cardinality(PlacesOf(e)) <= 1

\* An ack never rests on a force that came after a failed one.
FailedSyncIsFinal == acked \cap unforced = {}

\* From segment to segment and within one, the epoch only grows.
EpochOnlyGrows ==
  [][ /\ \A s \in Given : segs[s].epoch <= segs'[s].epoch
      /\ \A s \in 2..Len(segs') : segs'[s - 1].epoch < segs'[s].epoch ]_segs

\* Neither the register nor a cursor file ever takes back a step.
CursorNeverGoesBack ==
  [][ /\ AtMost(metaCursor, metaCursor')
      /\ \A n \in Nodes : AtMost(cursor[n], cursor'[n]) ]_<<metaCursor, cursor>>

\* Not a promise but the grammar of the state; a typo in an action shows here first.
TypeOK ==
  /\ \A s \in Given : /\ segs[s].leader \in Nodes
                      /\ segs[s].state \in {"open", "sealing", "sealed"}
  /\ \A s \in Segments : dur[s] <= Len(log[s])
  /\ \A n \in Nodes : /\ role[n].stage \in {"none", "open", "stopping", "asked", "unheard"}
                      /\ lease[n] => up[n] /\ role[n].seg # 0
                      /\ AtMost(cursor[n], memCursor[n])
  /\ \A c \in net : c.seg \in Given

-----------------------------------------------------------------------------
(* Progress: what good nodes can do, they do at last.  Nothing promises     *)
(* that a dead node comes back; what only its disk knows waits for it.      *)

FairSpec ==
  /\ Spec
  /\ WF_vars(ApplyOne)
  /\ \A n \in Nodes :
       /\ WF_vars(Renew(n)) /\ WF_vars(Sync(n)) /\ SF_vars(Ack(n))
       /\ WF_vars(Propose(n)) /\ WF_vars(LookUp(n))
       /\ WF_vars(role[n].seg # 0 /\ segs[role[n].seg].state # "open" /\ Stop(n))
       /\ SF_vars(Get(n))
       /\ WF_vars(\E s \in Segments : OpenSegment(n, s))
       /\ WF_vars(\E s \in Segments : Recover(n, s))
  /\ WF_vars(\E s \in Segments : s \in Given /\ ~up[Leader(s)] /\ \E n \in Nodes : GiveAway(s, n))

AllReturn == \A n \in Nodes : <>[]up[n]

\* Whoever died, and for how long: there is a leader that takes appends, again and again.
WritesResume == []<>(\E n \in Nodes : Admits(n))

\* Once the disks are back: each segment gets its count, and what was acknowledged is read.
SealingEnds == AllReturn => <>[](\A s \in Given : segs[s].state # "sealing")
AckedIsRead == AllReturn => <>[](\A e \in acked : \E i \in 1..Len(delivered) : delivered[i][3] = e)
=============================================================================
