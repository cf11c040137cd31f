package wire

import (
	"context"
	"fmt"

	"quatrain/sdk"
	"quatrain/sdk/wire/pb"
)

// Tell sends a cast that is run at once where it arrives, in order with everything else.
func (p *Peer) Tell(target uint64, method string, args ...any) error {
	values, err := p.encodeAll(context.Background(), args)
	if err != nil {
		return err
	}
	return p.send(&pb.Frame{Body: &pb.Frame_Cast{Cast: &pb.Cast{Target: target, Method: method, Args: values}}})
}

// Cast sends a cast that is run in a lane. It waits for credit.
func (p *Peer) Cast(ctx context.Context, lane string, target uint64, method string, args ...any) error {
	values, err := p.encodeAll(ctx, args)
	if err != nil {
		return err
	}
	return p.cast(ctx, lane, &pb.Cast{Target: target, Method: method, Args: values})
}

// cast sends a cast that is run in a lane, once there is credit.
func (p *Peer) cast(ctx context.Context, lane string, c *pb.Cast) error {
	chain := sdk.WithChain(ctx)
	one := &struct {
		frame pb.Frame
		body  pb.Frame_Cast
	}{}
	f := &one.frame
	f.Chain, f.Lane, f.Body, one.body.Cast = chain.ID(), []byte(lane), &one.body, c
	size := frameSize(f)
	if size > p.opts.MaxFrame {
		return fmt.Errorf("sending %d bytes: %w (%d)", size, ErrTooLarge, p.opts.MaxFrame)
	}
	if err := p.waitForCredit(ctx, chain, castSize(c)); err != nil {
		return err
	}
	_, held := chain.Batch().(corked)
	return p.sendSized(f, size, held)
}
