------------------------------ MODULE Draining ------------------------------
(***************************************************************************)
(* A node that stops as planned hands over what it leads.  Others give     *)
(* segments to it out of views that may be old, so it asks the replicated  *)
(* state first to be given nothing new; then it looks at its own view,     *)
(* gives away all that it finds there, and is gone.                        *)
(*                                                                         *)
(* The state is one register, as in SegmentLife.  A view is any state that *)
(* the register was in, and only moves on.  The leaver's commands are      *)
(* applied in their order, late, or never; an answer may be lost.          *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
  Nodes,
  Leaver,
  MaxTopics,
  MaxWishes,        \* how often the leaver changes its mind
  MaxLostAnswers,
  \* ---- the rules
  ApplyRefuses,     \* the state gives a draining node nothing
  LookWhenAgreed,   \* the leaver looks once its drain was applied, as an answer says
  WishIsAskedAnew,  \* ... and not because the state shows an earlier one
  WishIsAskedAgain  \* a command without an answer is followed by another one

Topics == 1..MaxTopics
Nobody == "nobody"
Others == Nodes \ {Leaver}

VARIABLES
  drains,     \* the register: the leaver is to be given nothing
  leads,      \* the register: who leads each topic
  view,       \* per node: the register as it was at some time
  placing,    \* proposals that give a topic to a node, chosen out of a view, not applied yet
  commands,   \* the leaver's commands that may still be applied, in their order
  wish,       \* stays, goes, gone
  agreed,     \* the last answer is one to this wish
  underWay,   \* the leaver waits for an answer to its last command
  asked,      \* it has asked for this wish
  wishes, lost

vars == <<drains, leads, view, placing, commands, wish, agreed, underWay, asked, wishes, lost>>

Now == [drains |-> drains, leads |-> leads]
Wanted == IF wish = "stays" THEN "undrain" ELSE "drain"

Init ==
  /\ drains = FALSE
  /\ leads = [t \in Topics |-> Nobody]
  /\ view = [n \in Nodes |-> [drains |-> FALSE, leads |-> [t \in Topics |-> Nobody]]]
  /\ placing = {} /\ commands = <<>>
  /\ wish = "stays" /\ agreed = TRUE /\ underWay = FALSE /\ asked = TRUE
  /\ wishes = 0 /\ lost = 0

Learn(n) ==
  /\ n # Leaver \/ wish # "gone"
  /\ view[n] # Now
  /\ view' = [view EXCEPT ![n] = Now]
  /\ UNCHANGED <<drains, leads, placing, commands, wish, agreed, underWay, asked, wishes, lost>>

\* Somebody creates a topic: out of its own view it chooses who leads it.
Choose(n, t, to) ==
  /\ n # Leaver \/ wish # "gone"
  /\ view[n].leads[t] = Nobody
  /\ to = Leaver => ~view[n].drains
  /\ ~\E p \in placing : p.topic = t
  /\ placing' = placing \cup {[topic |-> t, to |-> to]}
  /\ UNCHANGED <<drains, leads, view, commands, wish, agreed, underWay, asked, wishes, lost>>

Place(p) ==
  /\ placing' = placing \ {p}
  /\ leads' = IF leads[p.topic] # Nobody \/ (ApplyRefuses /\ drains /\ p.to = Leaver)
                THEN leads
                ELSE [leads EXCEPT ![p.topic] = p.to]
  /\ UNCHANGED <<drains, view, commands, wish, agreed, underWay, asked, wishes, lost>>

\* The leaver is told to go, or to stay after all.
Change(to) ==
  /\ wish # "gone" /\ wish # to /\ wishes < MaxWishes
  /\ wish' = to /\ wishes' = wishes + 1
  /\ agreed' = (~WishIsAskedAnew /\ view[Leaver].drains = (to = "goes"))
  /\ asked' = FALSE
  /\ UNCHANGED <<drains, leads, view, placing, commands, underWay, lost>>

Ask ==
  /\ wish # "gone" /\ ~agreed /\ ~underWay
  /\ ~asked \/ WishIsAskedAgain
  /\ commands' = Append(commands, Wanted)
  /\ underWay' = TRUE /\ asked' = TRUE
  /\ UNCHANGED <<drains, leads, view, placing, wish, agreed, wishes, lost>>

\* Only its last command is one whose answer it waits for.
Apply ==
  /\ commands # <<>>
  /\ drains' = (Head(commands) = "drain")
  /\ commands' = Tail(commands)
  /\ LET isAnswered == underWay /\ Len(commands) = 1 /\ wish # "gone"
     IN /\ underWay' = (underWay /\ ~isAnswered)
        /\ agreed' = (agreed \/ (isAnswered /\ Head(commands) = Wanted))
        /\ view' = IF isAnswered
                     THEN [view EXCEPT ![Leaver] = [drains |-> drains', leads |-> leads]]
                     ELSE view
  /\ UNCHANGED <<leads, placing, wish, asked, wishes, lost>>

\* No answer comes: the command may be applied later, or not at all.
LoseAnswer(isDropped) ==
  /\ underWay /\ commands # <<>> /\ lost < MaxLostAnswers
  /\ underWay' = FALSE /\ lost' = lost + 1
  /\ commands' = IF isDropped THEN SubSeq(commands, 1, Len(commands) - 1) ELSE commands
  /\ UNCHANGED <<drains, leads, view, placing, wish, agreed, asked, wishes>>

GiveAway(t, to) ==
  /\ wish = "goes" /\ view[Leaver].leads[t] = Leaver /\ leads[t] = Leaver
  /\ leads' = [leads EXCEPT ![t] = to]
  /\ view' = [view EXCEPT ![Leaver] = [drains |-> drains, leads |-> leads']]
  /\ UNCHANGED <<drains, placing, commands, wish, agreed, underWay, asked, wishes, lost>>

LookAndGo ==
  /\ wish = "goes"
  /\ LookWhenAgreed => agreed
  /\ \A t \in Topics : view[Leaver].leads[t] # Leaver
  /\ wish' = "gone"
  /\ UNCHANGED <<drains, leads, view, placing, commands, agreed, underWay, asked, wishes, lost>>

Next ==
  \/ \E n \in Nodes : Learn(n)
  \/ \E n \in Nodes, t \in Topics, to \in Nodes : Choose(n, t, to)
  \/ \E p \in placing : Place(p)
  \/ \E to \in {"stays", "goes"} : Change(to)
  \/ Ask
  \/ Apply
  \/ \E isDropped \in BOOLEAN : LoseAnswer(isDropped)
  \/ \E t \in Topics, to \in Others : GiveAway(t, to)
  \/ LookAndGo

Spec == Init /\ [][Next]_vars

FairSpec ==
  /\ Spec
  /\ \A n \in Nodes : WF_vars(Learn(n))
  /\ \A t \in Topics : WF_vars(\E to \in Others : GiveAway(t, to))
  /\ WF_vars(Ask)
  /\ WF_vars(Apply)
  /\ WF_vars(LookAndGo)
  /\ WF_vars(\E p \in placing : Place(p))

---------------------------------------------------------------------------
TypeOK ==
  /\ drains \in BOOLEAN
  /\ leads \in [Topics -> Nodes \cup {Nobody}]
  /\ wish \in {"stays", "goes", "gone"}
  /\ agreed \in BOOLEAN /\ underWay \in BOOLEAN /\ asked \in BOOLEAN

\* Nobody waits for the lease of a node that stopped as planned.
GoneLeadsNothing == wish = "gone" => \A t \in Topics : leads[t] # Leaver

\* Who wants to go gets away; who stays after all is given topics again.
WhoGoesIsGone == <>[](wish = "goes") => FALSE
WhoStaysIsGiven == <>[](wish = "stays") => <>[](~drains)
=============================================================================
