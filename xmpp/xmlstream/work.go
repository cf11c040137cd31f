package xmlstream

import "sync"

const (
	bufferSize = 4 << 10
	// keepScratch is how many records a work may have to go back to the pool; larger ones are left to the collector.
	keepScratch = 256
)

// span is a piece of the current element: of its text, or if off is negative of the decoded text beside it, at ^off.
type span struct{ off, n int32 }

// uri is a namespace name: fixed if it comes from the stream tag or a constant, else a span.
type uri struct {
	fixed string
	span  span
}

type elemRec struct {
	qname, name span // as written, and its local part
	ns, def     uri  // its namespace, and the default one inside
	explicit    bool // carries xmlns
	parent      int32
	attrs       int32 // where its attributes start and
	attrN       int32 // how many there are
	nodes, tags int32 // how many children
	bindings    int32 // how many bindings were there before
}

type attrRec struct {
	name, value span
	colon       int32 // where in name, -1 for none
}

type nodeRec struct {
	parent, elem int32 // elem is -1 for text
	text         span
}

type binding struct {
	prefix span
	uri    uri
}

// What an incomplete token waits for.
type waiting uint8

const (
	forNothing waiting = iota
	forTag             // ">" outside quotes
	forText            // "<"
	forCDATA           // "]]>"
)

// work is what a decoder needs while there is input: the buffer and the records of the element being read.
type work struct {
	buf       []byte
	base, end int // the current element starts at base, input ends at end
	pos       int // read so far, from base

	elems    []elemRec
	attrs    []attrRec
	nodes    []nodeRec
	bindings []binding
	extra    []byte // text that differs from what was sent: references, line ends, CDATA, attribute names with namespace
	text     span   // character data not yet added
	cur      int32  // innermost open element, -1 for none
	depth    int
	explicit int  // elements with xmlns
	complete bool // the element has been read
	borrowed bool // it uses a prefix of the stream tag

	wait    waiting
	quote   byte // within forTag
	scanned int  // looked at in vain, from base
}

var works = sync.Pool{New: func() any { return &work{buf: make([]byte, bufferSize)} }}

func takeWork() *work {
	w := works.Get().(*work)
	w.base, w.end = 0, 0
	w.startElement()
	return w
}

// giveBack keeps what has the usual size for the next one.
func (w *work) giveBack() {
	if len(w.buf) > bufferSize || cap(w.elems) > keepScratch || cap(w.attrs) > keepScratch || cap(w.nodes) > keepScratch || cap(w.bindings) > keepScratch {
		return
	}
	if cap(w.extra) > bufferSize {
		w.extra = nil
	}
	works.Put(w)
}

// startElement prepares for the element at base.
func (w *work) startElement() {
	w.pos, w.scanned, w.depth, w.explicit = 0, 0, 0, 0
	w.elems, w.attrs, w.nodes = w.elems[:0], w.attrs[:0], w.nodes[:0]
	w.bindings, w.extra = w.bindings[:0], w.extra[:0]
	w.cur, w.text, w.wait, w.quote = -1, span{}, forNothing, 0
	w.complete, w.borrowed = false, false
}

func (w *work) raw() []byte { return w.buf[w.base:w.end] }

func (w *work) skipSpace() {
	for w.base < w.end && isSpace(w.buf[w.base]) {
		w.base++
	}
}

// room makes place for input behind what is held, moving that to the front or to a larger buffer.
func (w *work) room() []byte {
	if w.base > 0 {
		w.end = copy(w.buf, w.raw())
		w.base = 0
	}
	if len(w.buf)-w.end < bufferSize/4 {
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
	return w.buf[w.end:]
}

// bytes is what a span of the element raw stands for.
func (w *work) bytes(raw []byte, s span) []byte {
	if s.off < 0 {
		return w.extra[^s.off : ^s.off+s.n]
	}
	return raw[s.off : s.off+s.n]
}

// extraSince is the span of the decoded text added after mark.
func (w *work) extraSince(mark int) span { return span{^int32(mark), int32(len(w.extra) - mark)} }
