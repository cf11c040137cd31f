package serve

import "sync"

// options remembers values of options until the configuration is read again.
type options struct {
	mu     sync.Mutex // guards the rest
	values map[string]any
	round  int // counts forgetting
}

func (o *options) get(key string, ask func() any) any {
	o.mu.Lock()
	v, known := o.values[key]
	round := o.round
	o.mu.Unlock()
	if known {
		return v
	}
	v = ask()
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.values == nil {
		o.values = map[string]any{}
	}
	if o.round == round {
		o.values[key] = v
	}
	return v
}

func (o *options) forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.values = nil
	o.round++
}
