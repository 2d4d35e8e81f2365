"""The proof of the queue: replay the log and judge every hand-out (R2, R3; DESIGN section 2).

Pure: takes events in the order of their numbers and the published policies, and says the first
thing that does not hold. What it checks, event by event:

- numbers follow each other without a gap, and the chain of each ticket's hashes is whole;
- the step exists from the state the ticket was in (`tickets/lifecycle.py`);
- every key in the log is what the policy of its version makes of the ticket's facts;
- every hand-out was the head of the queue at that moment. Passed over is only what the same
  technician had given back while another one was active, as the event itself names them;
- nobody was given more than the limit, and only the holder answered.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tickets.chain import GENESIS, digest_after, event_hash
from tickets.lifecycle import State, Step, StepNotAllowed, after
from tickets.log_records import Finding, Logged, Stored
from tickets.policy import Mark, Policy, QueueKey, Typology, key_for

#: What each kind of event did to the state; `closed` and `reply_undone` say it in their data.
STEP_OF: Mapping[str, Step] = {
    "taken": Step.TAKE,
    "returned": Step.RETURN,
    "asked": Step.ASK,
    "answered": Step.ANSWER,
    "resolved": Step.RESOLVE,
    "reopened": Step.REOPEN,
    "handed_over": Step.HAND_OVER,
    "merged": Step.MERGE,
    "unmerged": Step.UNMERGE,
    "resolved_with_outage": Step.RESOLVE_OUTAGE,
}
_HOLDERS_ALONE = frozenset({"replied", "asked", "resolved", "returned", "handed_over"})
_KEY_FACTS = frozenset({"affection", "mark", "policy", "typology", "effective_arrival"})


@dataclass
class _Replayed:
    opened_at: datetime
    state: State
    key: QueueKey
    affection: str
    mark: str
    policy: int
    hash: str = GENESIS
    holder: int | None = None
    merged_into: int | None = None
    given_back_by: set[int] = field(default_factory=set)


class _Broken(Exception):
    """`code` of the finding; the event under way is to blame."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Replay:
    """The queue as the log says it was, event by event."""

    def __init__(self, policies: Mapping[int, Policy]) -> None:
        self._policies = policies
        self._tickets: dict[int, _Replayed] = {}
        self._queue: list[QueueKey] = []
        self._held: dict[int, int] = {}
        self.seq = 0
        self.hand_outs = 0
        #: How many tickets the log told of.
        self.seen = 0
        self.digest = GENESIS

    def apply(self, event: Logged) -> Finding | None:
        """Take the next event; what does not hold in it, or None."""
        try:
            self._take(event)
        except _Broken as broken:
            return Finding(broken.code, event.seq, event.ticket)
        except StepNotAllowed:
            return Finding("step", event.seq, event.ticket)
        except (KeyError, TypeError, ValueError):
            # The log is data: one that lacks what an event must say is no proof.
            return Finding("altered", event.seq, event.ticket)
        return None

    def compare(self, stored: Stored) -> Finding | None:
        """Whether the table says of a ticket what its log says; after the last event."""
        known = self._tickets.pop(stored.number, None)
        if known is None:
            return Finding("unlogged", None, stored.number)
        held = {State.ACTIVE, State.WAITING}
        same = (
            stored.state == known.state
            and (known.state not in held or stored.holder == known.holder)
            and (stored.affection, stored.mark) == (known.affection, known.mark)
            and self._same_policy(stored, known)
            and stored.typology == known.key.typology
            and stored.effective_arrival == known.key.effective_arrival
            and (stored.opened_at, stored.merged_into) == (known.opened_at, known.merged_into)
            and stored.given_back_by == known.given_back_by
        )
        return None if same else Finding("state", None, stored.number)

    def _same_policy(self, stored: Stored, known: _Replayed) -> bool:
        """A new table that gives a ticket the key it had is no event of that ticket."""
        if stored.policy == known.policy:
            return True
        policy = self._policies.get(stored.policy)
        return policy is not None and known.key == self._key_under(policy, known)

    def left_over(self) -> Finding | None:
        """A ticket of the log that no table row was compared with."""
        number = min(self._tickets, default=None)
        return None if number is None else Finding("missing", None, number)

    def _take(self, event: Logged) -> None:
        if event.seq != self.seq + 1:
            raise _Broken("missing")
        known = self._tickets.get(event.ticket)
        before = known.hash if known else GENESIS
        if event.previous != before:
            raise _Broken("chain")
        hashed = event_hash(
            before,
            seq=event.seq,
            ticket=event.ticket,
            at=event.at,
            kind=event.kind,
            actor=event.actor,
            data=event.data,
        )
        if hashed != event.hash:
            raise _Broken("altered")
        if known is None:
            known = self._file(event)
        else:
            self._happen(known, event)
        known.hash = hashed
        self.seq = event.seq
        self.digest = digest_after(self.digest, hashed)

    def _file(self, event: Logged) -> _Replayed:
        if event.kind != "filed":
            raise _Broken("step")
        opened = event.data.get("opened_at")
        opened_at = datetime.fromisoformat(opened) if opened else event.at
        placeholder = QueueKey(Typology.REQUEST, opened_at, event.ticket)
        known = _Replayed(opened_at, State.QUEUED, placeholder, "", "", 0)
        self._key(known, event)
        self._tickets[event.ticket] = known
        self.seen += 1
        insort(self._queue, known.key)
        return known

    def _happen(self, known: _Replayed, event: Logged) -> None:
        if event.kind == "filed":
            raise _Broken("step")
        self._judge_person(known, event)
        state = self._state_after(known, event)
        was_queued = known.state == State.QUEUED
        if was_queued and (state != State.QUEUED or event.data.keys() >= _KEY_FACTS):
            if event.kind == "taken":
                self._judge_hand_out(known, event)
            self._remove(known.key)
            was_queued = False
        if event.data.keys() >= _KEY_FACTS:
            self._key(known, event)
        if state == State.QUEUED and not was_queued:
            insort(self._queue, known.key)
        self._hold(known, state, _holder_after(known, state, event))
        known.merged_into = event.data["into"] if event.kind == "merged" else known.merged_into
        if event.kind == "unmerged":
            known.merged_into = None
        if event.kind == "returned" and event.actor and not event.data.get("account_closed"):
            known.given_back_by.add(event.actor)

    def _state_after(self, known: _Replayed, event: Logged) -> State:
        if event.kind == "closed":
            if event.data["was"] != known.state:
                raise _Broken("step")
            ends = known.state == State.RESOLVED
            return after(known.state, Step.CLOSE if ends else Step.WITHDRAW)
        if event.kind == "reply_undone" and event.data["state"] != known.state:
            # A reply that the customer never got: the ticket is back with whoever wrote it.
            self._judge_undo(known, event)
            return after(known.state, Step.UNDO)
        step = STEP_OF.get(event.kind)
        return known.state if step is None else after(known.state, step)

    def _judge_person(self, known: _Replayed, event: Logged) -> None:
        if event.kind not in _HOLDERS_ALONE or event.data.get("account_closed"):
            return
        if known.holder is None or event.actor != known.holder:
            raise _Broken("holder")
        if event.kind == "handed_over":
            self._judge_limit(int(event.data["to"]), event)

    def _judge_undo(self, known: _Replayed, event: Logged) -> None:
        """One ticket too many is allowed to whoever undoes a reply; a second is not."""
        limit, held = event.data.get("limit"), self._held.get(known.holder or 0, 0)
        if limit is not None and held > limit:
            raise _Broken("limit")

    def _judge_hand_out(self, known: _Replayed, event: Logged) -> None:
        self.hand_outs += 1
        passed, there = event.data.get("passed", []), set(event.data.get("active", []))
        for number in passed:
            other = self._tickets[number]
            if other.state != State.QUEUED or event.actor not in other.given_back_by:
                raise _Broken("passed")
            # Somebody else must be there who could still take it.
            if not there - {event.actor} - other.given_back_by:
                raise _Broken("passed")
        ahead = self._queue[: bisect_left(self._queue, known.key)]
        if [key.number for key in ahead] != list(passed):
            raise _Broken("order")
        self._judge_limit(event.actor, event)

    def _judge_limit(self, person: int | None, event: Logged) -> None:
        limit = event.data.get("limit")
        if limit is not None and person is not None and self._held.get(person, 0) >= limit:
            raise _Broken("limit")

    def _hold(self, known: _Replayed, state: State, holder: int | None) -> None:
        if known.state == State.ACTIVE and known.holder is not None:
            self._held[known.holder] -= 1
        known.state, known.holder = state, holder
        if state == State.ACTIVE and holder is not None:
            self._held[holder] = self._held.get(holder, 0) + 1

    def _key(self, known: _Replayed, event: Logged) -> None:
        policy = self._policies.get(event.data["policy"])
        if policy is None:
            raise _Broken("unknown_policy")
        known.affection, known.mark = event.data["affection"], event.data["mark"]
        known.policy = policy.version
        known.key = self._key_under(policy, known)
        told = (
            event.data["typology"],
            datetime.fromisoformat(event.data["effective_arrival"]),
        )
        if told != (int(known.key.typology), known.key.effective_arrival):
            raise _Broken("key")

    def _key_under(self, policy: Policy, known: _Replayed) -> QueueKey:
        return key_for(
            policy,
            affection=known.affection,
            mark=Mark(known.mark),
            opened_at=known.opened_at,
            number=known.key.number,
        )

    def _remove(self, key: QueueKey) -> None:
        at = bisect_left(self._queue, key)
        if self._queue[at] != key:
            raise _Broken("order")
        del self._queue[at]


def _holder_after(known: _Replayed, state: State, event: Logged) -> int | None:
    if event.kind == "taken":
        return event.actor
    if event.kind == "handed_over":
        return int(event.data["to"])
    return known.holder if state in {State.ACTIVE, State.WAITING, State.RESOLVED} else None
