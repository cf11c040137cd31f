package muccore

import (
	"regexp"
	"strings"

	"github.com/mtibben/confusables"
	"golang.org/x/text/secure/precis"
)

// spaces are those that are left between words when a nick has been prepared as a resource.
var spaces = regexp.MustCompile(`[ \t\n\v\f\r]+`)

// looks is what a nick looks like. Nicks that differ only in case, in the width of letters, in spaces, or by letters of the same shape are one to
// the eye, and whoever got hold of such a one could pass for its holder (RFC 8266 §2; UTS 39 §4).
//
// Nicks that have one of the two texts in common look alike. A capital may have the shape of another small letter (I, l), and letters of
// another alphabet may have small ones of another shape, so neither order of folding and comparing shapes finds all.
func looks(nick string) [2]string {
	return [2]string{confusables.Skeleton(folded(nick)), folded(confusables.Skeleton(nick))}
}

// folded has no case, width or superfluous spaces.
func folded(text string) string {
	if strings.ContainsAny(text, " \t\n\v\f\r") {
		text = strings.Trim(spaces.ReplaceAllString(text, " "), " ")
	}
	if key, err := precis.Nickname.CompareKey(text); err == nil {
		return key
	}
	return strings.ToLower(text)
}
