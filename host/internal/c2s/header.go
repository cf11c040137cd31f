package c2s

import (
	"crypto/rand"
	"strconv"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
	"quatrain/xmpp/stanza"
	"quatrain/xmpp/xmlstream"
)

// checkHeader finds the host that a client opens its stream to. before is the host of the stream before a restart, or "".
func (srv *Server) checkHeader(h *xmlstream.Header, before string) (host string, err *stanza.StreamError) {
	if h.NS != stanza.NSClient {
		return "", &stanza.StreamError{Condition: xmlstream.InvalidNamespace, Text: "this is for clients"}
	}
	host, ok := domain(h.To)
	switch {
	case !ok:
		return "", &stanza.StreamError{Condition: xmlstream.ImproperAddressing, Text: `the stream tag needs a valid "to"`}
	case before != "" && host != before:
		return before, &stanza.StreamError{Condition: xmlstream.NotAuthorized, Text: `"to" has to stay the same when a stream restarts`}
	}
	if kind, ours := srv.cfg.Hosts.Type(host); !ours || kind != sdk.HostLocal {
		return "", &stanza.StreamError{Condition: xmlstream.HostUnknown}
	}
	if !supported(h.Version) {
		return host, &stanza.StreamError{Condition: xmlstream.UnsupportedVersion}
	}
	return host, nil
}

// domain prepares a "to" that names a host and nothing else.
func domain(to string) (string, bool) {
	j, err := jid.Parse(to)
	if err != nil || j.Local() != "" || j.Resource() != "" {
		return "", false
	}
	return j.Domain(), true
}

// supported is whether a stream's version is 1.0 or one that we may answer with 1.0 (RFC 6120 §4.7.5).
func supported(version string) bool {
	major, minor, ok := strings.Cut(version, ".")
	if !ok {
		return false
	}
	n, err := strconv.ParseUint(major, 10, 16)
	_, minorErr := strconv.ParseUint(minor, 10, 16)
	return err == nil && minorErr == nil && n >= 1
}

// appendHeader writes our side's stream tag (RFC 6120 §4.7). host and to may be "".
func appendHeader(dst []byte, id, host, to string) []byte {
	dst = append(dst, "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='"+stanza.NSStreams+"' id='"...)
	dst = append(dst, id...)
	if host != "" {
		dst = append(dst, "' from='"...)
		dst = stanza.AppendAttrValue(dst, host)
	}
	if to != "" {
		dst = append(dst, "' to='"...)
		dst = stanza.AppendAttrValue(dst, to)
	}
	return append(dst, "' version='1.0' xml:lang='en'>"...)
}

// echo is the "to" that answers a "from": RFC 6120 §4.7.2 wants it sent back, which says nothing about who the peer is.
func echo(from string) string {
	j, err := jid.Parse(from)
	if err != nil {
		return ""
	}
	return j.String()
}

// newStreamID cannot be guessed (RFC 6120 §4.7.3).
func newStreamID() string { return strings.ToLower(rand.Text()) }
