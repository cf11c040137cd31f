package c2s

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"quatrain/sdk"
)

// overPlain lets clients log in without TLS.
var overPlain = map[string]any{"c2s_require_encryption": false, "allow_unencrypted_plain_auth": true}

// letAllRest looks at the streams until each one rests.
func (r *rig) letAllRest() {
	r.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		r.letRest()
		r.mu.Lock()
		streams := r.all()
		r.mu.Unlock()
		resting := 0
		for _, st := range streams {
			if st.state.Load() == restlessState {
				resting++
			}
		}
		if resting == len(streams) {
			return
		}
	}
	r.t.Fatal("not all streams rest")
}

func (w *wire) ask(id string) {
	w.t.Helper()
	w.send("<iq type='get' id='" + id + "'><question xmlns='urn:example:question'/></iq>")
	w.expect("id='" + id + "'")
	w.expect("</iq>")
}

func TestRest(t *testing.T) {
	for name, encrypted := range map[string]bool{"plain": false, "tls": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Options{}, overPlain)
			w := r.dial()
			if encrypted {
				w.upgrade()
			}
			w.bound()
			for i := range 3 {
				r.letAllRest()
				w.ask(fmt.Sprint("after", i))
				w.ask(fmt.Sprint("again", i))
			}
			r.letAllRest()
			w.send("<iq type='get' id='half'><question xml")
			w.send("ns='urn:example:question'/></iq></stream:stream>")
			w.expect("id='half'")
			w.expect("</stream:stream>")
			w.rest()
			r.awaitStreams(0)
		})
	}
}

// TestRestIsNoSilence calls a stream that is in the middle of a stanza, and one that has just said something.
func TestRestIsNoSilence(t *testing.T) {
	r := newRig(t, Options{}, overPlain)
	w := r.dial().bound()
	w.send("<iq type='get' id='half'><question xml")
	for range 5 {
		r.letRest()
	}
	w.send("ns='urn:example:question'/></iq>")
	w.expect("id='half'")
	w.expect("</iq>")
	for i := range 200 {
		r.letRest()
		w.ask(fmt.Sprint("q", i))
	}
}

func TestRestEnds(t *testing.T) {
	tests := map[string]func(r *rig, w *wire){
		"connection lost": func(_ *rig, w *wire) { w.conn.Close() },
		"closed by us": func(r *rig, w *wire) {
			r.CloseUser(context.Background(), "juliet", host, "", nil)
			w.send("</stream:stream>")
			w.rest()
		},
	}
	for name, end := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, Options{}, overPlain)
			w := r.dial().bound()
			r.letAllRest()
			end(r, w)
			r.awaitStreams(0)
		})
	}
}

func TestRestKeepsReadTimeout(t *testing.T) {
	r := newRig(t, Options{ReadTimeout: 200 * time.Millisecond}, overPlain)
	silent := make(chan struct{}, 100)
	r.hook(eventReadTimeout, func(context.Context, *sdk.Event) (any, error) {
		silent <- struct{}{}
		return true, nil
	})
	w := r.dial().bound()
	for range 3 {
		r.letAllRest()
		for len(silent) > 0 {
			<-silent
		}
		<-silent
	}
	w.ask("still")
}
