package jid

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	mellium "mellium.im/xmpp/jid"
)

// prepare applies RFC 7622 to the parts. What comes out is prepared once more and must stay the same: a few strings of IDNA do not,
// and an address that changes when it is stored and read is no key.
func prepare(local, domain, resource string) (JID, error) {
	j, err := prepareOnce(local, domain, resource)
	if err != nil {
		return JID{}, err
	}
	again, err := prepareOnce(j.Local(), j.Domain(), j.Resource())
	if err != nil || again != j {
		return JID{}, fmt.Errorf("jid %q: has no stable form", clip(join(local, domain, resource)))
	}
	return j, nil
}

func prepareOnce(local, domain, resource string) (JID, error) {
	fail := func(err error) (JID, error) {
		return JID{}, fmt.Errorf("jid %q: %w", clip(join(local, domain, resource)), err)
	}
	if err := checkRaw(local, domain, resource); err != nil {
		return fail(err)
	}
	m, err := mellium.New(local, domain, resource)
	if err != nil {
		return fail(err)
	}
	local, domain, resource = m.Localpart(), m.Domainpart(), m.Resourcepart()
	if strings.ContainsAny(domain, "@/ \"&'<>") {
		return fail(errors.New("the domain contains a forbidden character"))
	}
	if domain[0] == '.' || strings.Contains(domain, "..") {
		return fail(errors.New("the domain has an empty label"))
	}
	j := JID{full: join(local, domain, resource), end: uint16(len(domain))}
	if local != "" {
		j.start = uint16(len(local) + 1)
		j.end += j.start
	}
	return j, nil
}

func checkRaw(local, domain, resource string) error {
	switch {
	case domain == "":
		return errors.New("there is no domain")
	case len(local) > MaxPart:
		return fmt.Errorf("the local part is longer than %d bytes", MaxPart)
	case len(domain) > MaxPart:
		return fmt.Errorf("the domain is longer than %d bytes", MaxPart)
	case len(resource) > MaxPart:
		return fmt.Errorf("the resource is longer than %d bytes", MaxPart)
	case !utf8.ValidString(local) || !utf8.ValidString(domain) || !utf8.ValidString(resource):
		return errors.New("not valid UTF-8")
	}
	return nil
}
