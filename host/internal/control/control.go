// Package control is how the command line speaks to a running server: HTTP on a socket in the data directory, which only the user that the
// server runs as can open.
package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// socketFile is the socket's name in the data directory.
const socketFile = "control.sock"

// ErrNoServer tells that no server runs with a data directory.
var ErrNoServer = errors.New("no server is running with this data directory")

// Listen makes the socket; whoever calls it holds the directory's lock, so that one that is there is left over.
func Listen(dir string) (net.Listener, error) {
	name := filepath.Join(dir, socketFile)
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("removing the control socket of an earlier server: %w", err)
	}
	short, done, err := shorten(dir)
	if err != nil {
		return nil, err
	}
	defer done()
	l, err := net.Listen("unix", filepath.Join(short, socketFile))
	if err != nil {
		return nil, fmt.Errorf("making the control socket: %w", err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // it knows the socket by its short name, which is gone by then
	return l, os.Chmod(name, 0o600)
}

// Remove removes the socket.
func Remove(dir string) error { return os.Remove(filepath.Join(dir, socketFile)) }

// maxPath is how long the path of a socket may be on every system.
const maxPath = 100

// shorten gives another name to a directory whose path is too long for a socket: a link, until done is called.
func shorten(dir string) (short string, done func(), err error) {
	if len(dir)+len(socketFile) < maxPath {
		return dir, func() {}, nil
	}
	tmp, err := os.MkdirTemp("", "q")
	if err != nil {
		return "", nil, err
	}
	link := filepath.Join(tmp, "d")
	return link, func() { os.RemoveAll(tmp) }, os.Symlink(dir, link)
}

// Client speaks to a running server.
type Client struct{ http http.Client }

// NewClient makes a client of the server that runs with a data directory.
func NewClient(dir string) *Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		short, done, err := shorten(dir)
		if err != nil {
			return nil, err
		}
		defer done()
		conn, err := new(net.Dialer).DialContext(ctx, "unix", filepath.Join(short, socketFile))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
			err = ErrNoServer
		}
		return conn, err
	}
	return &Client{http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}}
}

// Do asks for something: method and path as the server knows them, with the query's values. The answer is decoded into result unless that is
// nil. What the server refuses is an error with its text.
func (c *Client) Do(ctx context.Context, method, path string, query url.Values, result any) error {
	r, err := http.NewRequestWithContext(ctx, method, "http://server"+path+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		if errors.Is(err, ErrNoServer) {
			return ErrNoServer
		}
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return fmt.Errorf("reading the server's answer: %w", err)
	case answer.StatusCode != http.StatusOK:
		return errors.New(strings.TrimSpace(string(body)))
	case result == nil:
		return nil
	}
	return json.NewDecoder(bytes.NewReader(body)).Decode(result)
}

// Answer makes a handler of a function whose result is the answer, as JSON; its error is the text of a refusal.
func Answer(f func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		result, err := f(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		body, err := json.Marshal(result)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body) // whoever asked is gone if that fails
	}
}
