package wire_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
	"quatrain/xmpp/stanza"
)

// sending is a pair whose plugin, when it is called, sends so many stanzas in a row and then casts "Last" in the same lane. handle is called at
// the server with the number of each, -1 for the last; what it does it does while the lane is held.
func sending(t *testing.T, count, credit int, handle func(ctx context.Context, n int) error) *pair {
	p := newPair(t, func(server, plugin *wire.Options) {
		plugin.Cork = time.Hour
		server.Credit, plugin.CreditGiven = credit, credit
	})
	p.serverRoot.invoke = func(ctx context.Context, c *wire.Invocation) ([]any, error) {
		return nil, taken(t, c, func(n int) error { return handle(ctx, n) })
	}
	p.pluginRoot.invoke = func(ctx context.Context, _ *wire.Invocation) ([]any, error) {
		for n := range count {
			st := stanza.Presence("from", "room@a.example/nick", "to", "romeo@b.example/x", "id", fmt.Sprint(n))
			if err := p.plugin.Send(ctx, 0, st); err != nil {
				return nil, err
			}
		}
		return nil, p.plugin.Cast(ctx, "room@a.example", 0, "Last")
	}
	return p
}

const listener = "romeo@b.example/x"

// taken calls handle with the numbers of the stanzas that an invocation sends, -1 if there are none.
func taken(t *testing.T, c *wire.Invocation, handle func(n int) error) error {
	switch c.Method {
	case "Send":
		n := -1
		fmt.Sscan(c.Args.Stanza(1).ID(), &n)
		if len(c.Args) != 2 || c.Args.At(0) != nil {
			t.Errorf("arguments %v", c.Args)
		}
		return handle(n)
	case "SendEach":
		list, ok := c.Args.At(1).(iter.Seq[*stanza.Printed])
		if !ok || c.Args.At(0) != listener {
			t.Errorf("arguments %v", c.Args)
			return nil
		}
		for p := range list {
			n := -1
			fmt.Sscanf(p.From(), "room@a.example/%d", &n)
			if err := handle(n); err != nil {
				return err
			}
		}
		return nil
	}
	return handle(-1)
}

// sendingEach is sending with one "SendEach".
func sendingEach(t *testing.T, count, credit int, handle func(ctx context.Context, n int) error) *pair {
	p := sending(t, count, credit, handle)
	p.pluginRoot.invoke = func(ctx context.Context, _ *wire.Invocation) ([]any, error) {
		var list []*stanza.Printed
		for n := range count {
			list = append(list, stanza.Print(stanza.Presence("from", fmt.Sprintf("room@a.example/%d", n))))
		}
		if err := p.plugin.SendEach(ctx, 0, listener, slices.Values(list)); err != nil {
			return nil, err
		}
		return nil, p.plugin.Cast(ctx, "room@a.example", 0, "Last")
	}
	return p
}

// waysToSend are the ways to send stanzas one after the other.
var waysToSend = map[string]func(t *testing.T, count, credit int, handle func(ctx context.Context, n int) error) *pair{"Send": sending, "SendEach": sendingEach}

// inOrder are the numbers that handle is called with.
func inOrder(count int) (want []int) {
	for n := range count {
		want = append(want, n)
	}
	return append(want, -1)
}

// However many travel together, each stanza arrives by itself, in order, before the answer, and costs no credit for ever.
func TestSends(t *testing.T) {
	for way, sending := range waysToSend {
		for _, count := range []int{1, 2, 31, 32, 33, 1000} {
			for _, credit := range []int{0, 3000} {
				var got []int
				p := sending(t, count, credit, func(_ context.Context, n int) error {
					got = append(got, n)
					return nil
				})
				for range 3 {
					got = nil
					if _, err := call(background(t), p.server, "talk"); err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(got, inOrder(count)) {
						t.Errorf("%s, %d stanzas, credit %d: got %v", way, count, credit, got)
					}
				}
			}
		}
	}
}

// What is wrong with one stanza is no matter of the others.
func TestSendsThatFail(t *testing.T) {
	for way, sending := range waysToSend {
		var got []int
		p := sending(t, 10, 0, func(_ context.Context, n int) error {
			got = append(got, n)
			if n == 4 {
				panic("at 4")
			}
			return errors.New("refused")
		})
		if _, err := call(background(t), p.server, "talk"); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, inOrder(10)) {
			t.Errorf("%s: got %v", way, got)
		}
	}
}

// Whoever waits in the lane lets the next stanza be sent, of the same cast too, before what comes behind them all.
func TestSendsThatWait(t *testing.T) {
	for way, sending := range waysToSend {
		t.Run(way, func(t *testing.T) { testSendsThatWait(t, sending) })
	}
}

func testSendsThatWait(t *testing.T, sending func(t *testing.T, count, credit int, handle func(ctx context.Context, n int) error) *pair) {
	const count = 10
	begun := make(chan int, count+1)
	var come [count]chan struct{}
	for n := range come {
		come[n] = make(chan struct{})
	}
	p := sending(t, count, 3000, func(ctx context.Context, n int) error {
		begun <- n
		if n < 0 {
			return nil
		}
		close(come[n])
		if n%3 == 0 && n+1 < count {
			sdk.Wait(ctx, func() { <-come[n+1] })
		}
		return nil
	})
	if _, err := call(background(t), p.server, "talk"); err != nil {
		t.Fatal(err)
	}
	for _, want := range inOrder(count) {
		if got := <-begun; got != want {
			t.Fatalf("got %d, want %d", got, want)
		}
	}
}

// One that makes no sense is no matter of the others.
func TestSendEachOfNonsense(t *testing.T) {
	gone := make(chan struct{})
	defer close(gone)
	up, down := make(chan []byte, 64), make(chan []byte, 64)
	var got []string
	last := make(chan struct{})
	server := wire.NewPeer(&pipe{out: up, in: down, gone: gone}, wire.Options{Root: &root{invoke: func(_ context.Context, c *wire.Invocation) ([]any, error) {
		if c.Method == "Last" {
			close(last)
			return nil, nil
		}
		for p := range c.Args.At(1).(iter.Seq[*stanza.Printed]) {
			got = append(got, p.From())
		}
		return nil, nil
	}}})
	go server.Run(nil)
	cast := func(method string, xml ...string) *pb.Frame {
		args := []*pb.Value{{Kind: &pb.Value_String_{String_: []byte(listener)}}}
		for _, one := range xml {
			args = append(args, &pb.Value{Kind: &pb.Value_Stanza{Stanza: []byte(one)}})
		}
		return &pb.Frame{Lane: []byte("x"), Body: &pb.Frame_Cast{Cast: &pb.Cast{Method: method, Args: append(args, &pb.Value{})}}}
	}
	frames := []*pb.Frame{cast("SendEach", "<presence from='a'/>", "<presence from='b'", "", "<presence from='c'/>"), cast("SendEach"), cast("Last")}
	if err := (&pipe{out: down, in: up, gone: gone}).Send(&pb.Batch{Frames: frames}); err != nil {
		t.Fatal(err)
	}
	<-last
	if want := []string{"a", "c"}; !slices.Equal(got, want) {
		t.Errorf("want %q, got %q", want, got)
	}
}
