package compat

// classEnd is where the single character class that begins at pat[p] ends.
func (m *matcher) classEnd(p int) int {
	c := m.pat[p]
	p++
	switch c {
	case '%':
		if p >= len(m.pat) {
			raisef(m.L, "malformed pattern (ends with '%%')")
		}
		return p + 1
	case '[':
		if p < len(m.pat) && m.pat[p] == '^' {
			p++
		}
		for first := true; ; first = false {
			if p >= len(m.pat) {
				raisef(m.L, "malformed pattern (missing ']')")
			}
			if m.pat[p] == ']' && !first {
				return p + 1
			}
			if m.pat[p] == '%' {
				p++
			}
			p++
		}
	}
	return p
}

// single tells whether c belongs to the class pat[p:ep].
func (m *matcher) single(c byte, p, ep int) bool {
	switch m.pat[p] {
	case '.':
		return true
	case '%':
		return inClass(c, m.pat[p+1])
	case '[':
		return m.set(c, p, ep)
	}
	return c == m.pat[p]
}

// set tells whether c belongs to the set pat[p:ep], brackets included.
func (m *matcher) set(c byte, p, ep int) bool {
	p, ep = p+1, ep-1
	within := true
	if m.pat[p] == '^' {
		within = false
		p++
	}
	for ; p < ep; p++ {
		switch {
		case m.pat[p] == '%' && p+1 < ep:
			p++
			if inClass(c, m.pat[p]) {
				return within
			}
		case p+2 < ep && m.pat[p+1] == '-':
			if m.pat[p] <= c && c <= m.pat[p+2] {
				return within
			}
			p += 2
		case m.pat[p] == c:
			return within
		}
	}
	return !within
}

const (
	isAlpha = 1 << iota
	isDigit
	isLower
	isUpper
	isSpace
	isCntrl
	isPunct
	isXDigit
)

// ctype are the properties of each byte in the C locale.
var ctype = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c < 32 || c == 127:
			t[c] |= isCntrl
		case c > 127 || c == ' ':
		case '0' <= c && c <= '9':
			t[c] |= isDigit | isXDigit
		case 'a' <= c && c <= 'z':
			t[c] |= isAlpha | isLower
		case 'A' <= c && c <= 'Z':
			t[c] |= isAlpha | isUpper
		default:
			t[c] |= isPunct
		}
		if c == ' ' || 9 <= c && c <= 13 {
			t[c] |= isSpace
		}
		if 'a' <= c|0x20 && c|0x20 <= 'f' && c < 128 {
			t[c] |= isXDigit
		}
	}
	return t
}()

// inClass tells whether c belongs to %class; a class letter that is none stands for itself.
func inClass(c, class byte) bool {
	var is bool
	switch lower(class) {
	case 'a':
		is = ctype[c]&isAlpha != 0
	case 'd':
		is = ctype[c]&isDigit != 0
	case 'l':
		is = ctype[c]&isLower != 0
	case 's':
		is = ctype[c]&isSpace != 0
	case 'u':
		is = ctype[c]&isUpper != 0
	case 'w':
		is = ctype[c]&(isAlpha|isDigit) != 0
	case 'x':
		is = ctype[c]&isXDigit != 0
	case 'p':
		is = ctype[c]&isPunct != 0
	case 'c':
		is = ctype[c]&isCntrl != 0
	case 'g':
		is = ctype[c]&(isAlpha|isDigit|isPunct) != 0
	case 'z':
		is = c == 0
	default:
		return class == c
	}
	return is != (class <= 'Z')
}
