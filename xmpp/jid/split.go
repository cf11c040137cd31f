package jid

import "strings"

// Split divides an address without preparing it, in the way modules expect of util.jid: "@" may not occur in the domain, and no part
// may be empty. The domain is "" if s does not have the shape of an address.
func Split(s string) (local, domain, resource string) {
	domain = s
	if i := strings.IndexByte(s, '/'); i >= 0 {
		domain, resource = s[:i], s[i+1:]
		if resource == "" {
			return "", "", ""
		}
	}
	if i := strings.IndexByte(domain, '@'); i >= 0 {
		local, domain = domain[:i], domain[i+1:]
		if local == "" {
			return "", "", ""
		}
	}
	if domain == "" || strings.IndexByte(domain, '@') >= 0 {
		return "", "", ""
	}
	return local, domain, resource
}
