package c2s

import (
	"fmt"
	"time"

	"quatrain/sdk"
)

// requireEncryption is whether clients of a host have to use TLS before they authenticate.
func requireEncryption(m sdk.Module) (bool, error) {
	if m.Option("c2s_require_encryption") == nil {
		return optionBool(m, "require_encryption", true)
	}
	return optionBool(m, "c2s_require_encryption", true)
}

func optionBool(m sdk.Module, name string, byDefault bool) (bool, error) {
	switch v := m.Option(name).(type) {
	case nil:
		return byDefault, nil
	case bool:
		return v, nil
	default:
		return false, fmt.Errorf("%s: want true or false, got %v", name, v)
	}
}

func optionStrings(m sdk.Module, name string, byDefault []string) ([]string, error) {
	switch v := m.Option(name).(type) {
	case nil:
		return byDefault, nil
	case string:
		return []string{v}, nil
	case []any:
		list := make([]string, len(v))
		for i, entry := range v {
			s, ok := entry.(string)
			if !ok {
				return nil, fmt.Errorf("%s: want a list of names, got %v", name, v)
			}
			list[i] = s
		}
		return list, nil
	default:
		return nil, fmt.Errorf("%s: want a list of names, got %v", name, v)
	}
}

// Options are the settings of all listeners. Zero fields mean the default, negative ones none.
type Options struct {
	AuthTimeout   time.Duration // until a client has authenticated; 30 s (c2s_timeout)
	CloseTimeout  time.Duration // for a client to take the end of its stream; 5 s (c2s_close_timeout)
	UnauthedSize  int           // bytes of a stanza before authentication; 10000 (c2s_unauthed_stanza_size_limit)
	StanzaSize    int           // bytes of a stanza; 262144 (c2s_stanza_size_limit)
	MaxElements   int           // elements of a stanza; 10000 (c2s_max_child_elements)
	LoginAttempts int           // with a wrong name or password; 3 (c2s_login_attempts)
	MaxPerAddress int           // connections from one IP address; none (c2s_connections_per_address)
	MaxUnauthed   int           // connections whose clients have not logged in; none (c2s_max_unauthenticated)
	Queue         int           // bytes that wait for a client that does not read; the session's default (c2s_max_queue_size)
	QueueTotal    int           // bytes that wait for all clients together; none (c2s_max_queue_total)
	ReadTimeout   time.Duration // for a client that says nothing, where modules want to know it; 840 s (network_settings.read_timeout)
	WriteTimeout  time.Duration // for such a client; the session's default (c2s_write_timeout)
}

func (o Options) withDefaults() Options {
	o.AuthTimeout = orDefault(o.AuthTimeout, 30*time.Second)
	o.CloseTimeout = orDefault(o.CloseTimeout, 5*time.Second)
	o.ReadTimeout = orDefault(o.ReadTimeout, 14*time.Minute)
	o.UnauthedSize = orDefault(o.UnauthedSize, 10000)
	o.StanzaSize = orDefault(o.StanzaSize, 256<<10)
	o.MaxElements = orDefault(o.MaxElements, 10000)
	o.LoginAttempts = orDefault(o.LoginAttempts, 3)
	return o
}

// orDefault replaces 0 by the default and what is below by 0.
func orDefault[N int | time.Duration](n, byDefault N) N {
	if n == 0 {
		return byDefault
	}
	return max(n, 0)
}
