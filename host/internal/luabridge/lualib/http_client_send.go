package lualib

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	lua "github.com/yuin/gopher-lua"
)

// send sends the request on a goroutine of its own.
func (r *clientRequest) send(L *lua.LState) {
	ctx, cancel := context.WithCancel(r.c.alive)
	r.cancel = cancel
	r.table.RawSetString(hidden, &lua.LUserData{Value: r, Metatable: lua.LNil})
	r.table.RawSetString("cancel", L.NewFunction(cancelRequest))
	req := r.request(ctx)
	chain := r.c.l.in.Chain(L)
	ticket := chain.Ticket()
	go func() {
		defer cancel()
		if ticket != nil && ticket.Wait() != nil {
			r.fail(errNotStored)
			return
		}
		resp, err := r.roundTrip(req)
		if err == nil {
			body := newStalling(resp.Body, clientAnswerTimeout, cancel)
			defer body.Close()
			err = r.receive(resp, body)
		}
		if err != nil {
			r.fail(err)
		}
	}()
}

var errNotStored = errors.New("what the request tells of was not stored")

// request is what net/http gets to send. The target is sent as the URL has it; one that begins with two slashes would pass for another host's.
func (r *clientRequest) request(ctx context.Context) *http.Request {
	field := func(name string) string { return lua.LVAsString(r.table.RawGetString(name)) }
	target := field("path")
	if strings.HasPrefix(target, "//") {
		target = "//" + r.hostHeader() + target
	}
	u := &url.URL{Scheme: r.c.scheme(r.table), Host: r.hostHeader(), Opaque: target, RawQuery: field("query")}
	req := &http.Request{Method: r.method, URL: u, Host: r.host, Header: r.header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if r.body != "" {
		req.Body, req.ContentLength = io.NopCloser(strings.NewReader(r.body)), int64(len(r.body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(r.body)), nil }
	}
	return req.WithContext(ctx)
}

func (r *clientRequest) roundTrip(req *http.Request) (*http.Response, error) {
	if r.tls == nil {
		return r.c.transport.RoundTrip(req)
	}
	return newTransport(r.c.l.dialer(clientConnectTimeout), r.tls, false).RoundTrip(req)
}

// newTransport follows no redirections and asks no proxy.
func newTransport(dialer *net.Dialer, config *tls.Config, pool bool) *http.Transport {
	return &http.Transport{
		DialContext:           dialer.DialContext,
		TLSClientConfig:       config,
		TLSHandshakeTimeout:   clientConnectTimeout,
		ResponseHeaderTimeout: clientAnswerTimeout,

		MaxResponseHeaderBytes: clientHeadLimit,
		IdleConnTimeout:        idleTimeout,
		DisableCompression:     true,
		DisableKeepAlives:      !pool,
	}
}

var errTooLong = errors.New("content-length-limit-exceeded")

// receive hands the answer on, in pieces if the request has a streaming_handler that wants it so.
func (r *clientRequest) receive(resp *http.Response, content io.Reader) (err error) {
	var answer *lua.LTable
	var sink, finalize lua.LValue = lua.LNil, lua.LNil
	r.inLua(func(L *lua.LState) {
		answer = answerTable(L, resp)
		if r.stream == lua.LNil {
			return
		}
		L.Push(r.stream)
		L.Push(answer)
		L.Call(1, 2)
		sink, finalize = L.Get(-2), L.Get(-1)
	})
	if answer == nil {
		return errHandler
	}
	var body lua.LValue = lua.LFalse
	if sink != lua.LNil {
		err = r.pour(content, sink)
	} else {
		var data []byte
		data, err = io.ReadAll(io.LimitReader(content, r.limit+1))
		if int64(len(data)) > r.limit {
			err = errTooLong
		}
		body = lua.LString(data)
	}
	if err != nil {
		return err
	}
	r.inLua(func(L *lua.LState) {
		answer.RawSetString("body", body)
		answer.RawSetString("partial", lua.LNil)
		if lua.LVAsBool(finalize) {
			call1(L, finalize, answer)
		}
		r.finish(L, body, resp.StatusCode, answer)
	})
	return nil
}

var errHandler = errors.New("body-sink-write-failure")

func (r *clientRequest) pour(body io.Reader, sink lua.LValue) error {
	chunk := make([]byte, bodyChunk)
	for {
		n, err := body.Read(chunk)
		if n > 0 {
			more := false
			r.inLua(func(L *lua.LState) {
				more = lua.LVAsBool(call1(L, L.GetField(sink, "write"), sink, lua.LString(chunk[:n])))
			})
			if !more {
				return errHandler
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// fail tells the callback why there is no answer.
func (r *clientRequest) fail(err error) {
	r.inLua(func(L *lua.LState) {
		reason := lua.LString(clientReason(err))
		if isDialError(err) {
			r.c.fire(L, r.client, "request-connection-error", r.c.event(L, r.client, r.table, "url", r.url, "err", reason))
		}
		r.finish(L, reason, 0, r.table)
	})
}

// inLua runs f on a chain of its own; errors are logged.
func (r *clientRequest) inLua(f func(L *lua.LState)) {
	th := r.c.l.in.Enter(context.Background())
	defer th.Leave()
	th.L.Push(th.L.NewFunction(func(L *lua.LState) int {
		f(L)
		return 0
	}))
	if err := th.PCall(0, 0); err != nil {
		r.c.l.logError("callback of an HTTP request failed", err)
	}
}

func isDialError(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// clientReason is an error in Prosody's words.
func clientReason(err error) string {
	var (
		dns     *net.DNSError
		name    x509.HostnameError
		invalid *tls.CertificateVerificationError
		timeout net.Error
	)
	switch {
	case errors.Is(err, errTooLong), errors.Is(err, errHandler):
		return err.Error()
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.As(err, &dns):
		return "unable to resolve service"
	case errors.As(err, &name):
		return "certificate-verify-failed"
	case errors.As(err, &invalid):
		return "certificate-chain-invalid"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "connection timeout"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "connection-closed"
	}
	return reason(err)
}

// tlsConfig is what a request, or its client, asks of TLS (insecure, sslctx: a context of ssl.newcontext or what one is made of); nil if
// nothing. Certificates are verified whatever sslctx says, unless insecure is set.
func (c *httpClients) tlsConfig(L *lua.LState, options, client lua.LValue) (*tls.Config, error) {
	insecure := lua.LVAsBool(tableField(L, options, "insecure")) || lua.LVAsBool(tableField(L, client, "insecure"))
	given := tableField(L, options, "sslctx")
	if given == lua.LNil {
		given = tableField(L, client, "sslctx")
	}
	ctx, ok := valueOf[*tlsContext](given)
	if t, isTable := given.(*lua.LTable); isTable && !ok {
		settings := L.NewTable()
		for k, v := range fields(L, t) {
			settings.RawSet(k, v)
		}
		settings.RawSetString("mode", lua.LString("client"))
		made, err := c.l.newContext(settings, "")
		if err != nil {
			return nil, err
		}
		ctx = made
	}
	switch {
	case ctx != nil:
		config := ctx.config.Clone()
		config.InsecureSkipVerify = insecure
		return config, nil
	case insecure:
		return &tls.Config{InsecureSkipVerify: true}, nil
	}
	return nil, nil
}

func tableField(L *lua.LState, v lua.LValue, name string) lua.LValue {
	if t, ok := v.(*lua.LTable); ok {
		return L.GetField(t, name)
	}
	return lua.LNil
}
