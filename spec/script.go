// Package spec reads protocol scripts and plays them against an XMPP server.
//
// The format is scansion's (https://matthewwild.co.uk/projects/scansion/): a cast of clients, a line of dashes, then what each client
// does and what it receives, as stanzas. docs/spec-scripts.md describes what this player understands and how it compares stanzas; the
// one deliberate difference from scansion is that stanzas which the script does not mention are passed over, unless it has the tag
// "complete".
//
// The package speaks XMPP (RFC 6120 as a client, XEP-0077 to register accounts) to whatever a Dialer connects it with. It knows no
// server.
package spec

import (
	"fmt"
	"slices"

	"quatrain/xmpp/stanza"
)

// NSScansion is what the prefix "scansion" means in a script's stanzas.
const NSScansion = "https://matthewwild.co.uk/projects/scansion"

// Script is a parsed script. It is immutable and may be played any number of times, also at once.
type Script struct {
	Name    string    // what Parse was given: usually the file's path
	Title   string    // the first comment line, "" if there is none
	Tags    []string  // what stands behind "##" in the head of the file
	Clients []*Client // in order of appearance
	Actions []Action
}

// tagComplete is the tag of scripts that have everything their clients receive, as scansion wants it of all scripts.
const tagComplete = "complete"

func (s *Script) isComplete() bool { return slices.Contains(s.Tags, tagComplete) }

// Client is one member of the cast.
type Client struct {
	Name     string // as the actions call it
	JID      string // bare, or a host alone for an anonymous account
	Resource string // wished for, "" to let the server choose
	Password string
	Host     string // server to connect to instead of the usual one, "" for none
	Port     int    // likewise, 0 for none
	Line     int
}

// Action is one line of the play, with its stanza if it has one.
type Action struct {
	Client *Client
	Kind   ActionKind
	Stanza *stanza.Element // of Sends and Receives, may hold ${variables}; read-only
	Line   int             // of the sentence, counted from 1
}

// ActionKind says what a client does.
type ActionKind int

const (
	Connects ActionKind = iota
	OpensStream
	Disconnects
	Sends
	Receives
	ReceivesNothing
)

// String is the verb as it is written in a script.
func (k ActionKind) String() string {
	switch k {
	case Connects:
		return "connects"
	case OpensStream:
		return "opens a stream"
	case Disconnects:
		return "disconnects"
	case Sends:
		return "sends"
	case Receives:
		return "receives"
	case ReceivesNothing:
		return "receives nothing"
	}
	return fmt.Sprintf("ActionKind(%d)", int(k))
}

// ParseError is a mistake in a script.
type ParseError struct {
	Name string // the script's
	Line int    // counted from 1
	Text string
}

// Error is "name:line: text".
func (e *ParseError) Error() string { return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Text) }

var _ error = (*ParseError)(nil)
