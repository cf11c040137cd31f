package compat

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

const (
	maxCaptures = 32
	maxDepth    = 20_000 // of recursion; about one per item of the pattern

	unclosed = -1 // length of a capture that has not ended
	position = -2 // length of a position capture
)

// matcher matches one string against one pattern: Lua 5.1 §5.4.1 with %f (undocumented there) and %g (5.2). It works on bytes in the C
// locale. Matching is by backtracking, which can take exponentially long; so steps are counted.
type matcher struct {
	L        *lua.LState
	src, pat string
	steps    int // left
	depth    int
	level    int // captures so far
	capture  [maxCaptures]struct{ start, length int }
}

func (m *matcher) init(L *lua.LState, src, pat string) {
	m.L, m.src, m.pat, m.steps = L, src, pat, Of(L).opts.PatternSteps
}

// stepsPerCheck is how many steps run between two looks at the time budget.
const stepsPerCheck = 1 << 16

func (m *matcher) step() {
	m.steps--
	if m.steps%stepsPerCheck != 0 {
		return
	}
	if m.steps <= 0 {
		raisef(m.L, "pattern too complex (more than %d steps)", Of(m.L).opts.PatternSteps)
	}
	t := threadOf(m.L)
	t.it.budget.check(t)
	if err := t.it.budget.err; err != nil {
		raisef(m.L, "%s", err)
	}
}

// match is the end of the match of pat[p:] at src[s:], or -1.
func (m *matcher) match(s, p int) int {
	if m.depth++; m.depth > maxDepth {
		raisef(m.L, "pattern too complex")
	}
	e := m.run(s, p)
	m.depth--
	return e
}

func (m *matcher) run(s, p int) int {
	for {
		m.step()
		if p == len(m.pat) {
			return s
		}
		switch m.pat[p] {
		case '(':
			if p+1 < len(m.pat) && m.pat[p+1] == ')' {
				return m.open(s, p+2, position)
			}
			return m.open(s, p+1, unclosed)
		case ')':
			return m.close(s, p+1)
		case '$':
			if p+1 == len(m.pat) {
				if s == len(m.src) {
					return s
				}
				return -1
			}
		case '%':
			if p+1 < len(m.pat) {
				next, done := 0, true
				switch c := m.pat[p+1]; {
				case c == 'b':
					s, next = m.balance(s, p+2), p+4
				case c == 'f':
					s, next = m.frontier(s, p+2)
				case '0' <= c && c <= '9':
					s, next = m.back(s, c), p+2
				default:
					done = false
				}
				if done {
					if s < 0 {
						return -1
					}
					p = next
					continue
				}
			}
		}
		ep := m.classEnd(p)
		var suffix byte
		if ep < len(m.pat) {
			suffix = m.pat[ep]
		}
		switch suffix {
		case '?':
			if s < len(m.src) && m.single(m.src[s], p, ep) {
				if e := m.match(s+1, ep+1); e >= 0 {
					return e
				}
			}
			p = ep + 1
			continue
		case '+':
			if s < len(m.src) && m.single(m.src[s], p, ep) {
				return m.longest(s+1, p, ep)
			}
			return -1
		case '*':
			return m.longest(s, p, ep)
		case '-':
			return m.shortest(s, p, ep)
		}
		if s >= len(m.src) || !m.single(m.src[s], p, ep) {
			return -1
		}
		s, p = s+1, ep
	}
}

func (m *matcher) longest(s, p, ep int) int {
	i := s
	for i < len(m.src) && m.single(m.src[i], p, ep) {
		i++
		m.step()
	}
	if ep+1 == len(m.pat) {
		return i
	}
	for ; i >= s; i-- {
		if e := m.match(i, ep+1); e >= 0 {
			return e
		}
	}
	return -1
}

func (m *matcher) shortest(s, p, ep int) int {
	for {
		if e := m.match(s, ep+1); e >= 0 {
			return e
		}
		if s >= len(m.src) || !m.single(m.src[s], p, ep) {
			return -1
		}
		s++
	}
}

func (m *matcher) open(s, p, length int) int {
	if m.level >= maxCaptures {
		raisef(m.L, "too many captures")
	}
	m.capture[m.level].start, m.capture[m.level].length = s, length
	m.level++
	e := m.match(s, p)
	if e < 0 {
		m.level--
	}
	return e
}

func (m *matcher) close(s, p int) int {
	l := m.level - 1
	for l >= 0 && m.capture[l].length != unclosed {
		l--
	}
	if l < 0 {
		raisef(m.L, "invalid pattern capture")
	}
	m.capture[l].length = s - m.capture[l].start
	e := m.match(s, p)
	if e < 0 {
		m.capture[l].length = unclosed
	}
	return e
}

func (m *matcher) balance(s, p int) int {
	if p+1 >= len(m.pat) {
		raisef(m.L, "unbalanced pattern")
	}
	if s >= len(m.src) || m.src[s] != m.pat[p] {
		return -1
	}
	begin, end := m.pat[p], m.pat[p+1]
	open := 1
	for i := s + 1; i < len(m.src); i++ {
		switch m.src[i] {
		case end:
			if open--; open == 0 {
				return i + 1
			}
		case begin:
			open++
		}
		m.step()
	}
	return -1
}

func (m *matcher) frontier(s, p int) (int, int) {
	if p >= len(m.pat) || m.pat[p] != '[' {
		raisef(m.L, "missing '[' after '%%f' in pattern")
	}
	ep := m.classEnd(p)
	var before, after byte
	if s > 0 {
		before = m.src[s-1]
	}
	if s < len(m.src) {
		after = m.src[s]
	}
	if m.set(before, p, ep) || !m.set(after, p, ep) {
		return -1, ep
	}
	return s, ep
}

func (m *matcher) back(s int, digit byte) int {
	l := int(digit - '1')
	if l < 0 || l >= m.level || m.capture[l].length == unclosed {
		raisef(m.L, "invalid capture index")
	}
	c := m.capture[l]
	if c.length >= 0 && strings.HasPrefix(m.src[s:], m.src[c.start:c.start+c.length]) {
		return s + c.length
	}
	return -1
}
