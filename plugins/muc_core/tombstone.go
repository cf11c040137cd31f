package muccore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// What is left of a destroyed room: for a while nobody makes it anew (XEP-0045 #destroyroom; M37–M39).

// tombstoneState is for how long destroyed rooms are remembered.
type tombstoneState struct {
	leave       bool
	expiry      time.Duration
	mayRecreate permission
}

func (s *service) loadTombstone(context.Context) error {
	s.tombstones.leave = s.optionBool("muc_tombstones", true)
	s.tombstones.expiry = s.optionPeriod("muc_tombstone_expiry", 31*24*time.Hour)
	s.tombstones.mayRecreate = s.definePermission("recreate-destroyed-room", "prosody:admin")
	// After the room itself has been deleted (0), for rooms that end in another way.
	s.hook("muc-room-destroyed", -10, buryLate)
	return nil
}

// bury puts a tombstone into the place of the room in the store. After an error the room itself is still there.
func (r *Room) bury(ctx context.Context, reason, newJID string) error {
	data := sdk.Data{"destroyed": true, "hidden": true, "persistent": true}
	if expiry := r.s.tombstones.expiry; expiry < forever {
		data["locked"] = float64(time.Now().Add(expiry).Unix())
	}
	putText(data, "reason", reason)
	putText(data, "newjid", newJID)
	tombstone := r.s.newRoom(r.jid, data)
	tombstone.isStored = r.isStored
	if err := r.s.saveRoom(ctx, tombstone, true, false); err != nil {
		return err
	}
	r.isStored, r.isBuried, r.hasLeftStore = false, true, true
	return nil
}

// isWorthTombstone: only rooms that somebody may come back to are remembered.
func (r *Room) isWorthTombstone(ctx context.Context) (bool, error) {
	if !r.s.tombstones.leave || r.dataFlag("destroyed") {
		return false, nil
	}
	return r.getFlag(ctx, "persistent")
}

// leaveStore is what a room that is to be destroyed leaves in the store. First of all: a room that everybody has been thrown out of must not
// come back. After an error the room itself is still there.
func (r *Room) leaveStore(ctx context.Context, reason, newJID string) error {
	if f := r.replaced("leave_store"); f != nil {
		results, err := f.Call(ctx, r, optional(reason), optional(newJID))
		if err == nil && !isTrue(first(results)) {
			err = errors.New(text(nth(results, 1)))
		}
		return err
	}
	return r.ownLeaveStore(ctx, reason, newJID)
}

func (r *Room) ownLeaveStore(ctx context.Context, reason, newJID string) error {
	worthIt, err := r.isWorthTombstone(ctx)
	if err != nil {
		return err
	}
	if worthIt {
		return r.bury(ctx, reason, newJID)
	}
	err = r.s.deleteRoom(ctx, r)
	r.hasLeftStore = err == nil
	return err
}

// buryLate ends the event for rooms that leave a tombstone: those after it look at the room as one that is gone for good.
func buryLate(ctx context.Context, ev roomEvent) (any, error) {
	r := ev.room
	if r.isBuried {
		return true, nil
	}
	worthIt, err := r.isWorthTombstone(ctx)
	if err != nil || !worthIt {
		return nil, err
	}
	if err := r.bury(ctx, ev.String("reason"), ev.String("newjid")); err != nil {
		r.s.log.Error("a tombstone was not saved", "jid", r.jid, "err", err)
	}
	return true, nil
}

func (r *Room) hasExpired() bool {
	locked, ok := r.dataNumber("locked")
	return ok && locked <= float64(time.Now().Unix())
}

// joinURI is the address to join a room (RFC 5122); what has a meaning of its own in addresses is written in hexadecimal.
func joinURI(jid string) string {
	var b strings.Builder
	b.WriteString("xmpp:")
	for _, c := range []byte(jid) {
		if strings.IndexByte("%?#[]\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteString("?join")
	return b.String()
}

// answerAsTombstone answers for a tombstone, and tells whether the stanza has been dealt with; otherwise there is no room any longer.
func (r *Room) answerAsTombstone(ctx context.Context, origin sdk.Session, st *stanza.Element) (bool, error) {
	s := r.s
	isAvailable := st.Name == "presence" && st.Type() == ""
	if r.hasExpired() || isAvailable && s.tombstones.mayRecreate.allows(ctx, s, st.From()) {
		s.forgetRoom(ctx, r)
		return false, s.deleteRoom(ctx, r)
	}
	if st.IsError() || st.Type() == "result" {
		return true, nil
	}
	e := refuse(stanza.Cancel, stanza.Gone, r.dataText("reason"), s.host)
	if newJID := r.dataText("newjid"); newJID != "" {
		e.URI = joinURI(newJID)
	}
	s.answer(ctx, origin, refusal(st, e))
	return true, nil
}
