package wire

import (
	"fmt"
	"slices"
	"testing"

	"quatrain/sdk/wire/pb"
)

// exchange sends a list from a to b, as casts do.
func exchangeList(t *testing.T, a *recipients, b *keeper, jids []string) *pb.Recipients {
	t.Helper()
	list := a.encode(jids)
	sent := &pb.Recipients{Jids: slices.Clone(list.Jids), Number: list.Number}
	v := &pb.Value{Kind: &pb.Value_Recipients{Recipients: list}}
	size := valueSize(v)
	if err := b.resolve(&pb.Cast{Args: []*pb.Value{v}}); err != nil {
		t.Fatal(err)
	}
	var p *Peer
	got, err := p.decode(v)
	if list, _ := got.([]string); err != nil || !slices.Equal(list, jids) {
		t.Fatalf("got %q, %v, want %q", got, err, jids)
	}
	if again := valueSize(v); again != size {
		t.Fatalf("it was %d bytes long, and is %d", size, again)
	}
	return sent
}

// A list is told once when it is new, once more when it comes again, and then only named.
func TestRecipientsAreKept(t *testing.T) {
	var a recipients
	var b keeper
	a.init()
	first, second := []string{"romeo@a/x", "juliet@b/y"}, []string{"romeo@a/x"}
	for i, want := range []struct {
		jids   []string
		text   bool
		number uint32
	}{{first, true, 0}, {second, true, 0}, {first, true, 1}, {first, false, 1}, {second, true, 2}, {first, false, 1}, {second, false, 2}, {nil, true, 0}, {nil, true, 0}, {nil, true, 0}} {
		sent := exchangeList(t, &a, &b, want.jids)
		if (len(sent.Jids) > 0) != (want.text && want.jids != nil) || sent.Number != want.number {
			t.Errorf("%d: sent %q as number %d", i, sent.Jids, sent.Number)
		}
	}
}

// A list that stands where another one was is told.
func TestRecipientsThatChange(t *testing.T) {
	var a recipients
	var b keeper
	a.init()
	jids := []string{"romeo@a/x", "juliet@b/y", "nurse@b/z"}
	for range 3 {
		exchangeList(t, &a, &b, jids)
	}
	for i := range 5 {
		jids[1] = fmt.Sprint("juliet@b/", i)
		for range 3 {
			exchangeList(t, &a, &b, jids)
			exchangeList(t, &a, &b, jids[:2])
		}
	}
	if len(a.same) > len(a.kept) {
		t.Errorf("%d places of %d lists are kept", len(a.same), len(a.kept))
	}
}

// More lists than are kept: old ones make place, and come as they are.
func TestRecipientsMakePlace(t *testing.T) {
	var a recipients
	var b keeper
	a.init()
	for range 3 {
		for i := range maxKept + maxKept/2 {
			exchangeList(t, &a, &b, []string{fmt.Sprint("nick", i), "x"})
		}
	}
	if len(b.lists) > maxKept || len(a.kept) > maxKept || len(a.same) > maxKept {
		t.Errorf("%d and %d lists are kept", len(a.kept), len(b.lists))
	}
}

func TestRecipientsRefused(t *testing.T) {
	for name, list := range map[string]*pb.Recipients{
		"never given":      {Number: 7},
		"number too large": {Number: maxKept + 1, Jids: []byte("x\x00")},
		"list too large":   {Number: 1, Jids: make([]byte, maxKeptBytes+1)},
	} {
		t.Run(name, func(t *testing.T) {
			var k keeper
			if err := k.resolve(&pb.Cast{Args: []*pb.Value{{Kind: &pb.Value_Recipients{Recipients: list}}}}); err == nil {
				t.Error("it was accepted")
			}
		})
	}
}
