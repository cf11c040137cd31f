package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xdg-go/scram"

	"quatrain/bench/swarm"
)

func isError(stanza string) bool {
	return strings.Contains(stanza, "type='error'") || strings.Contains(stanza, `type="error"`)
}

// atOnce is how many log in at the same time.
const atOnce = 8

// login lets people connect, log in, bind a resource and leave.
func login(withSCRAM bool) player {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		c, err := newCrowd(p)
		if err != nil {
			return result{}, err
		}
		defer c.swarm.Close()
		accounts := make([]*scram.Client, atOnce)
		for i := range accounts {
			name := visitorName(i)
			l, err := c.account(name, "first")
			if err != nil {
				return result{}, err
			}
			l.Close()
			if accounts[i], err = scram.SHA1.NewClient(name, password(name), ""); err != nil {
				return result{}, err
			}
		}
		v := &visitors{address: p.address, accounts: accounts, withSCRAM: withSCRAM, leaving: make(chan struct{}, mostLeaving)}
		return measured(ctx, p, length, &v.done, &v.watch, v.comeAndGo)
	}
}

// mostLeaving is how many may wait for the end of their stream: ejabberd takes a tenth of a second for it, in which it does nothing.
const mostLeaving = 400

// visitors come and go. A visit counts, and is timed, when a resource is bound; leaving is waited for besides.
type visitors struct {
	address   string
	accounts  []*scram.Client
	withSCRAM bool
	done      atomic.Int64
	watch     stopwatch
	leaving   chan struct{} // has an element for each who is
}

func (v *visitors) comeAndGo(ctx context.Context) error {
	var gone sync.WaitGroup
	failed := make(chan error, 1)
	err := each(len(v.accounts), func(i int) error {
		for ctx.Err() == nil && len(failed) == 0 {
			v.leaving <- struct{}{}
			began := time.Now()
			l, err := v.come(i)
			if err != nil {
				return err
			}
			v.watch.add(time.Since(began))
			v.done.Add(1)
			gone.Go(func() {
				if err := leave(l); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
				<-v.leaving
			})
		}
		return nil
	})
	gone.Wait()
	select {
	case leaving := <-failed:
		return errors.Join(err, leaving)
	default:
		return err
	}
}

func (v *visitors) come(i int) (*swarm.Login, error) {
	l, err := swarm.Dial(v.address, accountsHost)
	if err != nil {
		return nil, err
	}
	if v.withSCRAM {
		err = l.SCRAM(accountsHost, v.accounts[i], "")
	} else {
		err = l.Plain(accountsHost, visitorName(i), password(visitorName(i)), "")
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// leave ends a stream, and waits until the server has ended it, too: else that would be done in somebody else's time.
func leave(l *swarm.Login) error {
	defer l.Close()
	if err := l.Say("</stream:stream>"); err != nil {
		return err
	}
	_, err := l.Until("</stream:stream>")
	return err
}

func visitorName(i int) string { return fmt.Sprint("visitor", i) }
