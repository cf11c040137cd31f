package sasl

import (
	"quatrain/xmpp/jid"
)

// prepare makes a localpart of the name a peer gave (RFC 4013, RFC 6122 appendix A).
func prepare(name string) (string, bool) {
	name, ok := jid.Saslprep(name, true)
	if !ok || name == "" {
		return "", false
	}
	name, ok = jid.Nodeprep(name, true)
	return name, ok && name != ""
}

// checkAuthzid refuses to let a peer act for somebody else. The identity is absent, or the user's bare JID (RFC 6120 §6.3.8); the bare
// name is let pass because clients send it.
func (n *Negotiation) checkAuthzid(authzid, user string) error {
	if authzid == "" {
		return nil
	}
	local, domain, resource := jid.Split(authzid)
	if local == "" {
		local, domain = domain, n.realm
	}
	local, ok := jid.Nodeprep(local, true)
	domain, domainOK := jid.Nameprep(domain, true)
	if !ok || !domainOK || local != user || domain != n.realm || resource != "" {
		return fail(InvalidAuthzid, "", nil)
	}
	return nil
}
