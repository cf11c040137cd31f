package main

import (
	"context"
	"fmt"
	"strings"
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
func login(withSCRAM bool) func(context.Context, *process, time.Duration) (result, error) {
	return func(ctx context.Context, p *process, length time.Duration) (result, error) {
		c, err := newCrowd(p)
		if err != nil {
			return result{}, err
		}
		defer c.swarm.Close()
		var done atomic.Int64
		var watch stopwatch
		accounts := make([]*scram.Client, atOnce)
		for i := range accounts {
			name := fmt.Sprint("visitor", i)
			l, err := c.account(name, "first")
			if err != nil {
				return result{}, err
			}
			l.Close()
			if accounts[i], err = scram.SHA1.NewClient(name, password(name), ""); err != nil {
				return result{}, err
			}
		}
		return measured(ctx, p, length, &done, &watch, func(ctx context.Context) error {
			return each(atOnce, func(i int) error {
				for ctx.Err() == nil {
					began := time.Now()
					if err := visit(p.address, fmt.Sprint("visitor", i), accounts[i], withSCRAM); err != nil {
						return err
					}
					watch.add(time.Since(began))
					done.Add(1)
				}
				return nil
			})
		})
	}
}

func visit(address, name string, account *scram.Client, withSCRAM bool) error {
	l, err := swarm.Dial(address, accountsHost)
	if err != nil {
		return err
	}
	defer l.Close()
	if withSCRAM {
		err = l.SCRAM(accountsHost, account, "")
	} else {
		err = l.Plain(accountsHost, name, password(name), "")
	}
	if err != nil {
		return err
	}
	if err := l.Say("</stream:stream>"); err != nil {
		return err
	}
	_, err = l.Until("</stream:stream>") // else the server would still be at it when the next one comes
	return err
}
