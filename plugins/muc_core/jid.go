package muccore

import (
	"strings"

	"quatrain/xmpp/jid"
)

// Addresses that come with stanzas have been prepared; these take them apart.

// bareOf is an address without resource.
func bareOf(address string) string {
	bare, _, _ := strings.Cut(address, "/")
	return bare
}

// resourceOf is the resource of an address, and with it the nick of an occupant JID; "" if there is none.
func resourceOf(address string) string {
	_, resource, _ := strings.Cut(address, "/")
	return resource
}

// localOf is the part before "@", "" if there is none.
func localOf(address string) string {
	local, _, ok := strings.Cut(bareOf(address), "@")
	if !ok {
		return ""
	}
	return local
}

// domainOf is the host of an address.
func domainOf(address string) string {
	bare := bareOf(address)
	if _, domain, ok := strings.Cut(bare, "@"); ok {
		return domain
	}
	return bare
}

// prepare is an address that somebody wrote into a stanza, prepared; "" if it is none.
func prepare(address string) string {
	j, err := jid.Parse(address)
	if err != nil {
		return ""
	}
	return j.String()
}
