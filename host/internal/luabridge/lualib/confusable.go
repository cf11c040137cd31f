package lualib

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
	"golang.org/x/text/unicode/norm"
)

// lookalikes are pairs: a letter, and the Latin one that it looks like (UTS 39 §4; the common part of its table: Cyrillic, Greek,
// digits and letters that share a shape).
const lookalikes = "аaеeоoрpсcуyхxіiјjѕsԁdһhԛqԝwАAВBЕEЗ3КKМMНHОOРPСCТTХXІlЅSЈJӀl" +
	"αaοoρpυuνvιiκkΑAΒBΕEΖZΗHΙlΚKΜMΝNΟOΡPΤTΥYΧX" + "0OIl1l|l"

var skeletonReplacer = newSkeletonReplacer()

func newSkeletonReplacer() *strings.Replacer {
	var pairs []string
	for _, r := range lookalikes {
		pairs = append(pairs, string(r))
	}
	return strings.NewReplacer(append(pairs, "m", "rn")...)
}

// confusableSkeleton gives strings that look alike the same result, which is of no other use.
func confusableSkeleton(L *lua.LState) int {
	s := norm.NFD.String(L.CheckString(1))
	return pushString(L, norm.NFD.String(skeletonReplacer.Replace(s)))
}
