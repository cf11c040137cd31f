package procbridge

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"quatrain/sdk/wire"
	"quatrain/sdk/wire/pb"
)

// process is one running program.
type process struct {
	cmd     *exec.Cmd
	client  *plugin.Client
	stream  pb.Plugin_ConnectClient
	cancel  context.CancelFunc // ends the stream
	output  *output
	started time.Time
	pid     int

	mu     sync.Mutex // guards reason
	reason error      // why we ended it
}

// start starts the program and opens the stream.
func (s *Source) start(program Program, log *slog.Logger) (*process, error) {
	dir, err := s.socketDir()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(program.Command[0], program.Command[1:]...), output: &output{log: log}, started: time.Now()}
	p.cmd.Dir, p.cmd.Env = program.Dir, []string{plugin.EnvUnixSocketDir + "=" + dir} // go-plugin adds the server's environment
	separate(p.cmd)
	config := &plugin.ClientConfig{
		HandshakeConfig:  wire.Handshake,
		VersionedPlugins: map[int]plugin.PluginSet{wire.Protocol: {wire.PluginName: wire.GRPC{}}},
		Cmd:              p.cmd, AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC}, AutoMTLS: true,
		StartTimeout: s.opts.StartTimeout, Logger: hclog.NewNullLogger(), Stderr: p.output, SyncStdout: p.output, SyncStderr: p.output,
		UnixSocketConfig: &plugin.UnixSocketConfig{TempDir: dir},
		GRPCDialOptions: []grpc.DialOption{grpc.WithInitialWindowSize(wire.Window), grpc.WithInitialConnWindowSize(wire.Window), grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(wire.MaxBatch(s.opts.Wire.MaxFrame)), grpc.MaxCallSendMsgSize(math.MaxInt32))},
	}
	if program.SHA256 != nil {
		config.SecureConfig = &plugin.SecureConfig{Checksum: program.SHA256, Hash: sha256.New()}
	}
	p.client = plugin.NewClient(config)
	if err := p.connect(); err != nil {
		p.kill(nil)
		if tail := p.output.tail(); tail != "" {
			err = fmt.Errorf("%w; it wrote:\n%s", err, tail)
		}
		return nil, fmt.Errorf("starting %q: %w", program.Command[0], err)
	}
	return p, nil
}

func (p *process) connect() error {
	rpc, err := p.client.Client()
	if err != nil {
		return startError(err)
	}
	p.pid = p.cmd.Process.Pid
	raw, err := rpc.Dispense(wire.PluginName)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.stream, err = raw.(pb.PluginClient).Connect(ctx)
	return err
}

// startError says what go-plugin's errors mean here.
func startError(err error) error {
	if errors.Is(err, plugin.ErrChecksumsDoNotMatch) {
		return errors.New("the program does not have the sha256 that the configuration says")
	}
	return err
}

// end lets the program end by itself, as it does with its stream, and kills it if it does not.
func (p *process) end() {
	if p.cancel != nil {
		p.cancel()
	}
	for deadline := time.Now().Add(lingering); !p.client.Exited() && time.Now().Before(deadline); {
		time.Sleep(2 * time.Millisecond)
	}
	p.kill(nil)
}

// lingering is how long a program may take to end.
const lingering = 2 * time.Second

// kill ends the process at once. go-plugin's own way waits for an answer, so it comes last.
func (p *process) kill(reason error) {
	p.mu.Lock()
	if p.reason == nil {
		p.reason = reason
	}
	p.mu.Unlock()
	if p.cancel != nil {
		p.cancel()
	}
	if p.cmd.Process != nil && !p.client.Exited() {
		killAll(p.cmd.Process.Pid)
	}
	p.client.Kill()
}

// why says why a process is gone, err being what the stream says.
func (p *process) why(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.reason != nil:
		return p.reason
	case p.client.Exited() && p.cmd.ProcessState != nil:
		return fmt.Errorf("the process has ended: %s", p.cmd.ProcessState)
	case errors.Is(err, io.EOF):
		return errors.New("the program has closed the connection")
	}
	return err
}

// killAll kills a process that leads a group, and the group.
func killAll(pid int) {
	if syscall.Kill(-pid, syscall.SIGKILL) != nil {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it is gone otherwise
	}
}
