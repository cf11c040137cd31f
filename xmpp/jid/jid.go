// Package jid is the XMPP address (RFC 7622): local@domain/resource. A JID is prepared when it is made (PRECIS profiles and IDNA2008, by
// mellium.im/xmpp/jid), so that equal addresses are equal values. Split, Escape and the stringprep profiles are for the module API, which
// works on strings in the way of RFC 6122 and XEP-0106.
package jid

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// MaxPart is how many bytes each part may have (RFC 7622 §3.1).
const MaxPart = 1023

// JID is a prepared address. It is a small value: comparable with ==, a map key, safe for concurrent use. The zero JID is no address.
type JID struct {
	full       string
	start, end uint16 // of the domain in full
}

// Parse prepares an address. An address that is prepared already, the usual case, costs no allocation.
func Parse(s string) (JID, error) {
	if j, ok := parseASCII(s); ok {
		return j, nil
	}
	local, domain, resource, err := cut(s)
	if err != nil {
		return JID{}, fmt.Errorf("jid %q: %w", clip(s), err)
	}
	return prepare(local, domain, resource)
}

// New prepares an address given in parts; local and resource may be "".
func New(local, domain, resource string) (JID, error) {
	if j, ok := parseASCII(join(local, domain, resource)); ok && j.Local() == local && j.Resource() == resource {
		return j, nil
	}
	return prepare(local, domain, resource)
}

// MustParse is Parse for constants; it panics if s is no address.
func MustParse(s string) JID {
	j, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return j
}

// Local is the part before "@", "" if there is none.
func (j JID) Local() string {
	if j.start == 0 {
		return ""
	}
	return j.full[:j.start-1]
}

// Domain is the host name, an internationalised one in Unicode.
func (j JID) Domain() string { return j.full[j.start:j.end] }

// Resource is the part after the first "/", "" if there is none.
func (j JID) Resource() string {
	if int(j.end) == len(j.full) {
		return ""
	}
	return j.full[j.end+1:]
}

// Bare is the address without resource.
func (j JID) Bare() JID {
	j.full = j.full[:j.end]
	return j
}

// Host is the address of the domain alone.
func (j JID) Host() JID {
	return JID{full: j.Domain(), end: j.end - j.start}
}

// WithResource replaces the resource, preparing the new one; "" removes it.
func (j JID) WithResource(resource string) (JID, error) {
	if resource == "" || j.IsZero() {
		return j.Bare(), nil
	}
	if len(resource) > MaxPart || !plainResource(resource) {
		p, err := prepare("", "resource.invalid", resource)
		if err != nil {
			return JID{}, err
		}
		resource = p.Resource()
	}
	j.full = j.full[:j.end] + "/" + resource
	return j, nil
}

// String is the address as it is written, "" for the zero JID. It does not allocate.
func (j JID) String() string { return j.full }

// IsZero is whether j is no address.
func (j JID) IsZero() bool { return j.full == "" }

// IsFull is whether there is a resource.
func (j JID) IsFull() bool { return int(j.end) < len(j.full) }

// IsBare is whether there is a local part and no resource.
func (j JID) IsBare() bool { return j.start > 0 && !j.IsFull() }

// IsHost is whether there is only a domain.
func (j JID) IsHost() bool { return j.start == 0 && j.end > 0 && !j.IsFull() }

// MarshalText and UnmarshalText make a JID usable in configuration and JSON.
func (j JID) MarshalText() ([]byte, error) { return []byte(j.full), nil }

// UnmarshalText is Parse; no text gives the zero JID.
func (j *JID) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*j = JID{}
		return nil
	}
	*j, err = Parse(string(b))
	return err
}

func join(local, domain, resource string) string {
	switch {
	case local != "" && resource != "":
		return local + "@" + domain + "/" + resource
	case local != "":
		return local + "@" + domain
	case resource != "":
		return domain + "/" + resource
	}
	return domain
}

// cut divides before any preparation, as RFC 7622 §3.1 asks: the resource from the first "/", the local part up to the first "@".
func cut(s string) (local, domain, resource string, err error) {
	domain, resource, slash := strings.Cut(s, "/")
	if slash && resource == "" {
		return "", "", "", errors.New("the resource is empty")
	}
	if l, d, ok := strings.Cut(domain, "@"); ok {
		if l == "" {
			return "", "", "", errors.New("the local part is empty")
		}
		local, domain = l, d
	}
	return local, domain, resource, nil
}

// clip keeps hostile input out of the log.
func clip(s string) string {
	if len(s) > 200 {
		return s[:200] + "..."
	}
	return s
}

const _ = uint16(math.MaxUint16 - 3*MaxPart - 2) // the offsets fit
