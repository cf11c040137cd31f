package spec

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
)

// DefaultTimeout is how long an expectation is waited for.
const DefaultTimeout = 5 * time.Second

var (
	errTimeout  = errors.New("not in time")
	errCame     = errors.New("something came")
	errMismatch = errors.New("the answer is another one")
	errNext     = errors.New("the next stanza is another one")
)

// Player plays scripts. It keeps nothing between scripts and may play several at once.
type Player struct {
	Dial     Dialer
	Timeout  time.Duration // for each action, 0 for DefaultTimeout
	TLS      *tls.Config   // for STARTTLS; nil trusts every certificate, as servers under test need it
	Register bool          // make accounts that the server does not know, if it allows in-band registration (XEP-0077)
	AtEnd    func()        // called when the last action has succeeded, while the clients are still connected; may be nil
}

// Run plays a script with the usual settings.
func Run(ctx context.Context, s *Script, dial Dialer) error {
	p := Player{Dial: dial}
	return p.Play(ctx, s)
}

func (p *Player) timeout() time.Duration { return cmp.Or(p.Timeout, DefaultTimeout) }

// performance is one playing of a script.
type performance struct {
	player *Player
	script *Script
	actors map[*Client]*actor
	vars   variables
}

// Play runs a script to its end or to the first action that fails, which is the error: a *Failure. All clients are disconnected when it
// returns.
func (p *Player) Play(ctx context.Context, s *Script) error {
	show := &performance{player: p, script: s, actors: map[*Client]*actor{}, vars: variables{}}
	for _, c := range s.Clients {
		account, err := jid.Parse(c.JID)
		if err != nil {
			return &ParseError{Name: s.Name, Line: c.Line, Text: fmt.Sprintf("jid: %v", err)}
		}
		show.actors[c] = &actor{Client: c, player: p, account: account}
		show.vars[bareJIDOf(c.Name)] = c.JID
	}
	defer show.curtain(ctx)
	for _, a := range s.Actions {
		if err := show.act(ctx, a); err != nil {
			return show.failure(a, err)
		}
	}
	if p.AtEnd != nil {
		p.AtEnd()
	}
	return nil
}

// curtain disconnects who is still there. The script has ended, so a server that takes its time over it is no failure.
func (s *performance) curtain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.player.timeout())
	defer cancel()
	for _, c := range s.script.Clients {
		if a := s.actors[c]; a.stream != nil {
			_ = a.disconnect(ctx)
		}
	}
}

func (s *performance) act(ctx context.Context, a Action) error {
	timeout := s.player.timeout()
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("%w (%v)", errTimeout, timeout))
	defer cancel()
	who := s.actors[a.Client]
	switch a.Kind {
	case Connects:
		return s.connect(ctx, who)
	case OpensStream:
		return who.openStream(ctx)
	case Disconnects:
		return who.disconnect(ctx)
	case Sends:
		st, err := outgoing(a.Stanza, s.vars)
		if err != nil {
			return err
		}
		return who.send(st)
	case Receives:
		return s.receive(ctx, who, a.Stanza)
	case ReceivesNothing:
		return s.receiveNothing(ctx, who)
	}
	return fmt.Errorf("unknown action %v", a.Kind)
}

func (s *performance) connect(ctx context.Context, who *actor) error {
	if err := who.connect(ctx); err != nil {
		return err
	}
	s.vars = s.vars.with(fullJIDOf(who.Name), who.stream.jid)
	if full, err := jid.Parse(who.stream.jid); err == nil {
		s.vars = s.vars.with(bareJIDOf(who.Name), full.Bare().String())
	}
	return nil
}

// receive looks for the expected stanza in what comes, in order. Others are passed over, except an answer with the expected IQ's id:
// there will be no second one. In a complete script nothing is passed over.
func (s *performance) receive(ctx context.Context, who *actor, want *stanza.Element) error {
	for {
		st, err := who.inbox.next(ctx)
		if err != nil {
			return err
		}
		vars, why := match(want, st, s.vars)
		if why == "" {
			s.vars, who.came = vars, nil
			return nil
		}
		who.came = append(who.came, Arrival{st, why})
		if isSameAnswer(want, st, s.vars) {
			return errMismatch
		}
		if s.script.isComplete() {
			return errNext
		}
	}
}

func isSameAnswer(want, got *stanza.Element, v variables) bool {
	if want.Kind() != stanza.KindIQ || got.Kind() != stanza.KindIQ || want.IsRequest() || got.IsRequest() {
		return false
	}
	id, err := v.expand(want.ID())
	return err == nil && id != "" && id == got.ID()
}

// receiveNothing lets everything take effect that was sent so far, by whomever, and looks at what has come since the last match.
func (s *performance) receiveNothing(ctx context.Context, who *actor) error {
	for _, c := range s.script.Clients {
		if other := s.actors[c]; other.stream != nil {
			if err := other.flush(ctx); err != nil {
				return fmt.Errorf("waiting for what %s sent: %w", other.Name, err)
			}
		}
	}
	unseen, err := who.drain(ctx)
	who.came = nil
	for _, st := range unseen {
		who.came = append(who.came, Arrival{Stanza: st})
	}
	if err == nil && len(unseen) > 0 {
		return errCame
	}
	return err
}

func (s *performance) failure(a Action, err error) error {
	f := &Failure{Name: s.script.Name, Line: a.Line, Action: a.Client.Name + " " + a.Kind.String(), Cause: err}
	if a.Kind == Receives {
		f.Want = shown(a.Stanza, s.vars)
	}
	if a.Kind == Receives || a.Kind == ReceivesNothing {
		f.Came = s.actors[a.Client].came
	}
	return f
}
