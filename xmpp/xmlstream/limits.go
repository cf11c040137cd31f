package xmlstream

import "cmp"

// Limits bound what one first-level element can make the server hold. Zero fields mean the default.
type Limits struct {
	MaxStanza   int // bytes of an element, and of the stream tag; 262144
	MaxDepth    int // nesting, the first-level element being 1; 128
	MaxAttrs    int // attributes and namespace declarations of one element; 64
	MaxElements int // elements of one first-level element, itself included; 10000
}

// DefaultLimits are those of a client that has authenticated.
var DefaultLimits = Limits{MaxStanza: 256 << 10, MaxDepth: 128, MaxAttrs: 64, MaxElements: 10000}

func (l Limits) withDefaults() Limits {
	return Limits{
		MaxStanza:   cmp.Or(l.MaxStanza, DefaultLimits.MaxStanza),
		MaxDepth:    cmp.Or(l.MaxDepth, DefaultLimits.MaxDepth),
		MaxAttrs:    cmp.Or(l.MaxAttrs, DefaultLimits.MaxAttrs),
		MaxElements: cmp.Or(l.MaxElements, DefaultLimits.MaxElements),
	}
}
