package wire

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"quatrain/sdk/wire/pb"
)

// maxKept is how many lists of recipients a side keeps for the other, maxKeptBytes how large one may be.
const (
	maxKept      = 1024
	maxKeptBytes = 64 << 10
)

// recipients are the lists that the other side keeps for this one. A list that is used a second time is kept, in place of the oldest.
type recipients struct {
	mu     sync.Mutex // guards the rest, and the order of the frames that name lists
	seed   maphash.Seed
	seen   map[uint64]bool // hashes of lists that were used once
	kept   map[uint64]*keptList
	same   map[*string]*keptList // by where the list began that was kept: it is often that one again
	places [maxKept]*keptList    // by number less 1
	next   int                   // index in places
}

type keptList struct {
	hash   uint64
	number uint32
	jids   []string
	began  *string
}

func (r *recipients) init() {
	r.seed, r.seen, r.kept, r.same = maphash.MakeSeed(), map[uint64]bool{}, map[uint64]*keptList{}, map[*string]*keptList{}
}

// encode is a list as it is to be sent now. Called with mu held.
func (r *recipients) encode(jids []string) *pb.Recipients {
	if len(jids) == 0 { // would look like one that is kept
		return &pb.Recipients{}
	}
	if l := r.same[&jids[0]]; l != nil && slices.Equal(l.jids, jids) { // hardly looks at the texts, which are the same
		return l.ref()
	}
	var h maphash.Hash
	h.SetSeed(r.seed)
	size := 0
	for _, jid := range jids {
		h.WriteString(jid)
		h.WriteByte(0)
		size += len(jid) + 1
	}
	hash := h.Sum64()
	if l := r.kept[hash]; l != nil && slices.Equal(l.jids, jids) {
		r.begins(l, &jids[0])
		return l.ref()
	}
	packed := make([]byte, 0, size)
	for _, jid := range jids {
		packed = append(append(packed, jid...), 0)
	}
	if !r.seen[hash] || size > maxKeptBytes {
		r.remember(hash)
		return &pb.Recipients{Jids: packed}
	}
	l := r.keep(hash, slices.Clone(jids))
	r.begins(l, &jids[0])
	return &pb.Recipients{Jids: packed, Number: l.number}
}

// ref names the list.
func (l *keptList) ref() *pb.Recipients { return &pb.Recipients{Number: l.number} }

// begins notes where the list stands that a kept one is a copy of.
func (r *recipients) begins(l *keptList, first *string) {
	if r.same[l.began] == l {
		delete(r.same, l.began)
	}
	l.began, r.same[first] = first, l
}

// remember notes that a list was used. What was used long ago is forgotten sometime.
func (r *recipients) remember(hash uint64) {
	if len(r.seen) >= 2*maxKept {
		clear(r.seen)
	}
	r.seen[hash] = true
}

// keep gives a list the number of the oldest.
func (r *recipients) keep(hash uint64, jids []string) *keptList {
	l := &keptList{hash: hash, number: uint32(r.next + 1), jids: jids}
	r.forget(r.next)
	r.places[r.next] = l
	r.kept[hash] = l
	r.next = (r.next + 1) % maxKept
	return l
}

func (r *recipients) forget(place int) {
	l := r.places[place]
	if l == nil {
		return
	}
	r.places[place] = nil
	if r.kept[l.hash] == l {
		delete(r.kept, l.hash)
	}
	if r.same[l.began] == l {
		delete(r.same, l.began)
	}
}

// CastTo is Cast with a list of recipients as the first argument. Lists that are used again are kept by the other side.
func (p *Peer) CastTo(ctx context.Context, lane string, target uint64, method string, jids []string, args ...any) error {
	one := &struct {
		cast pb.Cast
		to   pb.Value
		kind pb.Value_Recipients
		args [2]*pb.Value
	}{}
	c := &one.cast
	c.Target, c.Method, c.Args = target, method, append(one.args[:0], &one.to)
	for _, arg := range args {
		v, err := p.encode(ctx, arg)
		if err != nil {
			return err
		}
		c.Args = append(c.Args, v)
	}
	r := &p.recipients
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.encode(jids)
	one.kind.Recipients, one.to.Kind = list, &one.kind
	err := p.cast(ctx, lane, c)
	if err != nil && list.Number > 0 && len(list.Jids) > 0 {
		r.forget(int(list.Number - 1)) // the other side has not got it
	}
	return err
}

// keeper has the lists that this side keeps for the other. Only the reader of the stream uses it.
type keeper struct{ lists map[uint32]*givenList }

// givenList is a list in place of its number.
type givenList struct {
	*pb.Value_Recipients          // the number, by which its size goes
	jids                 []string // not to be changed
}

// resolve keeps the lists that a cast tells of, and puts in those that it names.
func (k *keeper) resolve(c *pb.Cast) error {
	for _, v := range c.GetArgs() {
		list := v.GetRecipients()
		if list.GetNumber() == 0 {
			continue
		}
		if len(list.Jids) == 0 {
			jids, ok := k.lists[list.Number]
			if !ok {
				return fmt.Errorf("a cast names the recipients %d, which were not given", list.Number)
			}
			v.Kind = jids
		} else if err := k.keep(list.Number, list.Jids); err != nil {
			return err
		}
	}
	return nil
}

func (k *keeper) keep(number uint32, jids []byte) error {
	if number > maxKept {
		return fmt.Errorf("recipients are to be kept under the number %d, of at most %d", number, maxKept)
	}
	if len(jids) > maxKeptBytes {
		return fmt.Errorf("recipients of %d bytes are to be kept, of at most %d", len(jids), maxKeptBytes)
	}
	if k.lists == nil {
		k.lists = map[uint32]*givenList{}
	}
	k.lists[number] = &givenList{&pb.Value_Recipients{Recipients: &pb.Recipients{Number: number}}, unpack(jids)}
	return nil
}

// unpack is the list in a value.
func unpack(jids []byte) []string {
	text := strings.TrimSuffix(string(jids), "\x00")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\x00")
}
