package muccore

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/dataform"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// The latest messages, shown to whoever joins (XEP-0045 #enter-history, #enter-managehistory; M116–M119).

const defaultHistory = 20.0 // messages

// historyState is the bound for the history of every room.
type historyState struct {
	maxLength float64
}

// historyEntry is a message that newcomers are shown. A text takes a tenth of the memory that a stanza takes, and the collector need not go through it.
type historyEntry struct {
	text      string  // the message as XML
	from      string  // who delays it, "" if the text says so already
	timestamp float64 // seconds since 1970
}

func (s *service) loadHistory(context.Context) error {
	s.history.maxLength = s.optionNumber("max_history_messages", math.Inf(1))
	s.setting("historylength", setting{
		get: func(r *Room) any { return min(r.numberOr("history_length", defaultHistory), s.history.maxLength) },
		set: setHistoryLength,
	})
	// How many messages they get who do not say how many they want.
	s.setting("defaulthistorymessages", setting{
		get: func(r *Room) any { return r.defaultHistoryMessages() },
		set: setDefaultHistoryMessages,
	})
	s.addHistoryFields()
	// After others (0), such as an archive, had the chance to provide more than the few in memory.
	s.hook("muc-get-history", -1, getHistory)
	// After the occupant list, before the subject (20), which ends what a newcomer is sent.
	s.hook("muc-occupant-session-new", 50, func(ctx context.Context, ev roomEvent) (any, error) {
		return nil, ev.room.sendHistory(ctx, ev.Stanza)
	})
	// Last, so that others may keep a message somewhere else instead.
	s.hook("muc-add-history", -1, addHistory)
	s.hook("muc-broadcast-message", 0, keepHistoric)
	s.hook("muc-message-is-historic", -1, isHistoric)
	return nil
}

func (s *service) addHistoryFields() {
	zero := 0.0
	s.configField(configField{
		priority: 65, // under the heading "other"
		name:     "muc#roomconfig_historylength",
		typ:      dataform.TextSingle,
		datatype: "xs:integer",
		rangeMin: &zero,
		label:    "Number of messages kept for newcomers",
		desc:     "At most so many of the latest messages are shown to people who join",
		setting:  "historylength",
	})
	s.configField(configField{
		priority: 64, // after the number it is bound by
		name:     "muc#roomconfig_defaulthistorymessages",
		typ:      dataform.TextSingle,
		datatype: "xs:integer",
		rangeMin: &zero,
		label:    "Number of messages shown to newcomers",
		desc:     "So many of the latest messages are shown to people whose client does not ask for a number",
		setting:  "defaulthistorymessages",
	})
}

// numberOr is a number of room.data, or what stands for it.
func (r *Room) numberOr(key string, fallback float64) float64 {
	if n, ok := r.dataNumber(key); ok {
		return n
	}
	return fallback
}

// toNumber reads a number that may be written as a text.
func toNumber(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return n, err == nil
	}
	return 0, false
}

func setHistoryLength(_ context.Context, r *Room, value any) (bool, error) {
	if value == nil {
		return r.setData("history_length", nil), nil
	}
	length, ok := toNumber(value)
	if !ok {
		return false, errors.New("length is not a number")
	}
	if length == defaultHistory {
		return r.setData("history_length", nil), nil
	}
	return r.setData("history_length", length), nil
}

func (r *Room) defaultHistoryMessages() float64 {
	return min(r.numberOr("default_history_messages", defaultHistory), r.numberOr("history_length", defaultHistory))
}

func setDefaultHistoryMessages(_ context.Context, r *Room, value any) (bool, error) {
	number, ok := toNumber(value)
	if !ok {
		number = defaultHistory
	}
	number = min(number, r.numberOr("history_length", defaultHistory))
	if r.defaultHistoryMessages() == number {
		return false, nil
	}
	if number == defaultHistory {
		r.setData("default_history_messages", nil)
	} else {
		r.setData("default_history_messages", number)
	}
	return true, nil
}

// wishes are what a client wants: characters, messages, seconds since 1970, each nil if it does not care.
type wishes struct {
	maxChars, maxStanzas, since any
}

func wishesOf(presence *stanza.Element) (w wishes) {
	x := presence.Child("x", nsMUC)
	if x == nil {
		return w
	}
	wish := x.Child("history", nsMUC)
	if wish == nil {
		return w
	}
	if n, ok := toNumber(wish.Attr("maxchars")); ok {
		w.maxChars = n
	}
	if n, ok := toNumber(wish.Attr("maxstanzas")); ok {
		w.maxStanzas = n
	}
	since, ok := math.Inf(-1), false
	if t, err := time.Parse(time.RFC3339, wish.Attr("since")); err == nil {
		since, ok = float64(t.UnixMilli())/1000, true
	}
	if seconds, isNumber := toNumber(wish.Attr("seconds")); isNumber {
		since, ok = max(since, 0, unixNow()-seconds), true
	}
	if ok {
		w.since = since
	}
	return w
}

// unixNow is the time in whole seconds since 1970.
func unixNow() float64 { return float64(time.Now().Unix()) }

// messageFor is the message as it is sent to somebody, and whether it could be read.
func (e historyEntry) messageFor(jid string) (*stanza.Element, bool) {
	message, err := xmlstream.ParseElement([]byte(e.text))
	if err != nil {
		return nil, false
	}
	message.SetAttr("to", jid)
	if e.from != "" {
		message.AddChild(stanza.New("delay", nsDelay, "from", e.from, "stamp", stamp(e.timestamp)))
	}
	return message, true
}

// size is that of what messageFor gives as XML, in bytes.
func (e historyEntry) size(jid string) int {
	message, ok := e.messageFor(jid)
	if !ok {
		return 0
	}
	return len(message.String())
}

// firstToSend is the place of the oldest message to send.
func firstToSend(history []historyEntry, ev roomEvent) int {
	maxChars, hasChars := ev.number("maxchars")
	maxStanzas, hasStanzas := ev.number("maxstanzas")
	since, hasSince := ev.number("since")
	chars, first := 0, len(history)
	for i := len(history) - 1; i >= 0; i-- {
		entry := history[i]
		if hasStanzas && float64(len(history)-i) > maxStanzas || hasSince && since > entry.timestamp {
			break
		}
		if hasChars {
			chars += entry.size(ev.String("to"))
			if float64(chars) > maxChars {
				break
			}
		}
		first = i
	}
	return first
}

func getHistory(_ context.Context, ev roomEvent) (any, error) {
	if ev.room.history == nil {
		return nil, nil
	}
	left := slices.Clone(ev.room.history[firstToSend(ev.room.history, ev):]) // more may be said before all have been sent
	ev.Set("next_stanza", sdk.Func(func(context.Context, ...any) ([]any, error) {
		for len(left) > 0 {
			message, ok := left[0].messageFor(ev.String("to"))
			if left = left[1:]; ok {
				return []any{message}, nil
			}
		}
		return nil, nil
	}))
	return true, nil
}

// sendHistory shows the history to a session that joins with this presence.
func (r *Room) sendHistory(ctx context.Context, presence *stanza.Element) error {
	if f := r.replaced("send_history"); f != nil {
		_, err := f.Call(ctx, r, presence)
		return err
	}
	return r.ownSendHistory(ctx, presence)
}

func (r *Room) ownSendHistory(ctx context.Context, presence *stanza.Element) error {
	w := wishesOf(presence)
	if w == (wishes{}) {
		n, err := r.get(ctx, "defaulthistorymessages")
		if err != nil {
			return err
		}
		w.maxStanzas = n
	}
	ev := r.newEvent("muc-get-history", nil, presence,
		"to", presence.From(), "maxchars", w.maxChars, "maxstanzas", w.maxStanzas, "since", w.since,
		"next_stanza", sdk.Func(noStanza))
	if _, err := r.fire(ctx, ev); err != nil {
		return err
	}
	next, _ := ev.Get("next_stanza").(sdk.Function)
	for next != nil {
		results, err := next.Call(ctx)
		message, _ := first(results).(*stanza.Element)
		if message == nil || err != nil {
			return err
		}
		if err := r.routeStanza(ctx, message); err != nil {
			return err
		}
	}
	return nil
}

// noStanza is the iterator over no messages.
func noStanza(context.Context, ...any) ([]any, error) { return nil, nil }

// stamp is a time in seconds since 1970 as XEP-0082 writes it.
func stamp(seconds float64) string {
	return time.Unix(int64(seconds), 0).UTC().Format("2006-01-02T15:04:05Z")
}

func (r *Room) appendHistory(st *stanza.Element, length int) {
	if over := len(r.history) + 1 - length; over > 0 {
		r.history = slices.Delete(r.history, 0, over)
	}
	r.history = append(r.history, historyEntry{text: st.String(), from: r.jid, timestamp: unixNow()})
}

func addHistory(ctx context.Context, ev roomEvent) (any, error) {
	length, err := ev.room.get(ctx, "historylength")
	if err != nil {
		return nil, err
	}
	n, _ := toNumber(length)
	if n <= 0 {
		ev.room.history = nil
		return nil, nil
	}
	ev.room.appendHistory(ev.Stanza, int(min(n, math.MaxInt32)))
	return true, nil
}

// keepHistoric fires an event of its own, so that who takes care of a message does not stop the other handlers of muc-broadcast-message.
func keepHistoric(ctx context.Context, ev roomEvent) (any, error) {
	is, err := ev.room.fireStops(ctx, ev.As("muc-message-is-historic"))
	if !is || err != nil {
		return nil, err
	}
	_, err = ev.room.fire(ctx, ev.As("muc-add-history"))
	return nil, err
}

// isHistoric is what is worth keeping, unless others know better (M116). Encrypted content cannot be judged, so it counts as worth it.
func isHistoric(_ context.Context, ev roomEvent) (any, error) {
	st := ev.Stanza
	switch {
	case st.Child("no-store", nsHints) != nil, st.Child("no-permanent-store", nsHints) != nil:
		return false, nil
	case st.Child("store", nsHints) != nil, st.Child("body", "") != nil, st.Child("encryption", nsEME) != nil, st.ChildWithNS(nsMarkers) != nil:
		return true, nil
	}
	return nil, nil
}
