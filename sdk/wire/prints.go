package wire

import (
	"sync"

	"quatrain/xmpp/stanza"
)

// printsBytes is how long a generation of prints is.
const printsBytes = 2 << 20

// prints are the stanzas that were received by "SendEach", by their bytes: who enters a room is shown what the last one was shown. Those that
// come again stay, and the others go when as much has come meanwhile as a generation may have. The zero value is ready.
type prints struct {
	mu         sync.Mutex // guards the rest; nothing is called under it
	young, old map[string]*stanza.Printed
	size       int // of young, in bytes
}

// of reads a stanza, or knows it.
func (c *prints) of(xml []byte) (*stanza.Printed, error) {
	if p := c.known(xml); p != nil {
		return p, nil
	}
	e, err := parse(xml)
	if err != nil {
		return nil, err
	}
	p := stanza.Print(e)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(string(xml), p)
	return p, nil
}

func (c *prints) known(xml []byte) *stanza.Printed {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.young[string(xml)]
	if p == nil {
		if p = c.old[string(xml)]; p != nil {
			c.put(string(xml), p)
		}
	}
	return p
}

// put is called with mu held.
func (c *prints) put(xml string, p *stanza.Printed) {
	if c.size += len(xml); c.size > printsBytes || c.young == nil {
		c.old, c.young, c.size = c.young, map[string]*stanza.Printed{}, len(xml)
	}
	c.young[xml] = p
}
