package jid

import (
	"strings"
	"unicode/utf8"

	"github.com/xdg-go/stringprep"
	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// maxPrep is how long a string the profiles take and return, in bytes; modules know the limit as that of the parts of a JID.
const maxPrep = 1023

// profile is a stringprep profile (RFC 3454); unlike the library's it can refuse or let pass code points that Unicode 3.2 did not have.
type profile struct {
	maps      []stringprep.Mapping
	forbidden []stringprep.Set
	extra     string
}

// Nodeprep prepares a local part by the stringprep profile of RFC 6122 appendix A, which modules know as
// util.encodings.stringprep.nodeprep. strict refuses code points that Unicode 3.2 had not assigned. ok is false if s is not allowed.
func Nodeprep(s string, strict bool) (prepared string, ok bool) {
	if len(s) <= maxPrep && spanOf(s, 0, inLocal) == len(s) {
		return s, true
	}
	return profile{caseFolding, append(forbiddenSets(), stringprep.TableC1_1, stringprep.TableC2_1), `"&'/:<>@`}.prepare(s, strict)
}

// Nameprep prepares a domain name or one label of it (RFC 3491).
func Nameprep(s string, strict bool) (prepared string, ok bool) {
	return profile{caseFolding, forbiddenSets(), ""}.prepare(s, strict)
}

// Resourceprep prepares a resource, and with it a nick in a room (RFC 6122 appendix B).
func Resourceprep(s string, strict bool) (prepared string, ok bool) {
	if len(s) <= maxPrep && spanOf(s, 0, inResource) == len(s) {
		return s, true
	}
	return profile{caseKept, append(forbiddenSets(), stringprep.TableC2_1), ""}.prepare(s, strict)
}

// Saslprep prepares a user name or password (RFC 4013).
func Saslprep(s string, strict bool) (prepared string, ok bool) {
	if len(s) <= maxPrep && spanOf(s, 0, inResource) == len(s) {
		return s, true
	}
	return profile{spacesMapped, append(forbiddenSets(), stringprep.TableC2_1), ""}.prepare(s, strict)
}

var (
	// softHyphen is the one code point of RFC 3454 table B.1 that the library lacks.
	softHyphen = stringprep.Mapping{0x1806: nil}

	caseFolding  = []stringprep.Mapping{softHyphen, stringprep.TableB1, stringprep.TableB2}
	caseKept     = []stringprep.Mapping{softHyphen, stringprep.TableB1}
	spacesMapped = []stringprep.Mapping{softHyphen, {0x200B: {' '}}, stringprep.SASLprep.Mappings[0], stringprep.SASLprep.Mappings[1]}
)

// forbiddenSets are what all profiles forbid.
func forbiddenSets() []stringprep.Set {
	return []stringprep.Set{stringprep.TableC1_2, stringprep.TableC2_2, stringprep.TableC3, stringprep.TableC4,
		stringprep.TableC5, stringprep.TableC6, stringprep.TableC7, stringprep.TableC8, stringprep.TableC9}
}

func (p profile) prepare(s string, strict bool) (string, bool) {
	if len(s) > maxPrep || !utf8.ValidString(s) {
		return "", false
	}
	if strict && containsAny(s, stringprep.TableA1) {
		return "", false
	}
	s = normalized(p.mapped(s))
	if len(s) > maxPrep || !p.allowed(s) || !bidiAllowed(s) {
		return "", false
	}
	return s, true
}

func (p profile) mapped(s string) string {
	out := make([]rune, 0, len(s))
next:
	for _, r := range s {
		for _, m := range p.maps {
			if to, ok := m.Map(r); ok {
				out = append(out, to...)
				continue next
			}
		}
		out = append(out, r)
	}
	return string(out)
}

// normalized is NFKC of what Unicode 3.2 had assigned. Later code points stay: there are some that turn into upper case, which would come
// too late to be folded.
func normalized(s string) string {
	var out []byte
	rest := s
	for rest != "" {
		end := runOf(rest, false)
		out = norm.NFKC.AppendString(out, rest[:end])
		rest = rest[end:]
		end = runOf(rest, true)
		out = append(out, rest[:end]...)
		rest = rest[end:]
	}
	return string(out)
}

// runOf is how many bytes at the start of s are code points that Unicode 3.2 had not assigned, or had.
func runOf(s string, unassigned bool) int {
	for i, r := range s {
		if stringprep.TableA1.Contains(r) != unassigned {
			return i
		}
	}
	return len(s)
}

func (p profile) allowed(s string) bool {
	for _, set := range p.forbidden {
		if containsAny(s, set) {
			return false
		}
	}
	for _, r := range p.extra {
		for _, c := range s {
			if r == c {
				return false
			}
		}
	}
	return true
}

func containsAny(s string, set stringprep.Set) bool {
	for _, r := range s {
		if set.Contains(r) {
			return true
		}
	}
	return false
}

// bidiAllowed is RFC 3454 §6: text with right-to-left characters has no left-to-right ones and starts and ends with the former.
func bidiAllowed(s string) bool {
	if !strings.ContainsFunc(s, rightToLeft) {
		return true
	}
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return rightToLeft(first) && rightToLeft(last) && !strings.ContainsFunc(s, leftToRight)
}

func rightToLeft(r rune) bool {
	return stringprep.TableD1.Contains(r) || laterClass(r, bidi.R, bidi.AL)
}

func leftToRight(r rune) bool {
	return stringprep.TableD2.Contains(r) || laterClass(r, bidi.L, bidi.L)
}

// laterClass is for code points that Unicode 3.2 had not assigned, which the tables do not have.
func laterClass(r rune, a, b bidi.Class) bool {
	if !stringprep.TableA1.Contains(r) {
		return false
	}
	p, _ := bidi.LookupRune(r)
	return p.Class() == a || p.Class() == b
}
