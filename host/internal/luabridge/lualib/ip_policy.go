package lualib

import "net/netip"

// policy is a row of RFC 6724 §2.1, by which addresses to connect to are sorted.
type policy struct {
	prefix            string
	precedence, label int
}

// policies are looked through in order.
var policies = []policy{
	{"::1/128", 50, 0}, {"2002::/16", 30, 2}, {"2001::/32", 5, 5}, {"fc00::/7", 3, 13}, {"fec0::/10", 1, 11}, {"3ffe::/16", 1, 12},
	{"::/96", 1, 3}, {"::ffff:0:0/96", 35, 4}, {"::/0", 40, 1},
}

func policyOf(a netip.Addr) policy {
	for _, p := range policies {
		if inPrefix(a, p.prefix) {
			return p
		}
	}
	return policies[len(policies)-1]
}

// inPrefix takes IPv4 addresses in IPv6 for what they are written as.
func inPrefix(a netip.Addr, prefix string) bool {
	p := netip.MustParsePrefix(prefix)
	return a.Is4() == p.Addr().Is4() && commonBits(a, p.Addr()) >= p.Bits()
}

func inAny(a netip.Addr, prefixes ...string) bool {
	for _, p := range prefixes {
		if inPrefix(a, p) {
			return true
		}
	}
	return false
}

// Scopes of RFC 6724 §3.1.
const (
	linkScope   = 0x2
	siteScope   = 0x5
	globalScope = 0xe
)

func scopeOf(a netip.Addr) int {
	switch {
	case a.Is4() && inAny(a, "127.0.0.0/8", "169.254.0.0/16"), !a.Is4() && inAny(a, "::1/128", "fe80::/10"):
		return linkScope
	case !a.Is4() && inPrefix(a, "fec0::/10"):
		return siteScope
	case !a.Is4() && inPrefix(a, "ff00::/10"):
		return int(a.As16()[1] & 0xf)
	}
	return globalScope
}
