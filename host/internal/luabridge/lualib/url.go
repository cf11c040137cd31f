package lualib

import (
	"fmt"
	"regexp"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// urlParts are the parts of a URL that LuaSocket knows, as the fields of a table. A part that is not there is not in the map.
type urlParts map[string]string

var urlScheme = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9+.-]*:`)

// openURL makes socket.url.
func (l *library) openURL(*lua.LState) lua.LValue {
	return l.table(map[string]lua.LGFunction{
		"parse":      urlParse,
		"build":      func(L *lua.LState) int { return pushString(L, urlFromTable(L.CheckTable(1)).build()) },
		"absolute":   urlAbsolute,
		"parse_path": urlParsePath,
		"build_path": urlBuildPath,
		"escape":     func(L *lua.LState) int { return pushString(L, escapeURL(L.CheckString(1), "_", "%%%02x")) },
		"unescape":   func(L *lua.LState) int { return pushString(L, unescapeURL(L.CheckString(1))) },
	})
}

// parseURL cuts the parts off in the order of LuaSocket: scheme, authority, fragment, query, params; the rest is the path.
func parseURL(s string) urlParts {
	u := urlParts{}
	if scheme := urlScheme.FindString(s); scheme != "" {
		u["scheme"], s = scheme[:len(scheme)-1], s[len(scheme):]
	}
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		n := strings.IndexAny(rest, "/?#")
		if n < 0 {
			n = len(rest)
		}
		u["authority"], s = rest[:n], rest[n:]
	}
	for _, part := range []struct{ mark, name string }{{"#", "fragment"}, {"?", "query"}, {";", "params"}} {
		if before, after, ok := strings.Cut(s, part.mark); ok {
			s, u[part.name] = before, after
		}
	}
	if s != "" {
		u["path"] = s
	}
	u.parseAuthority()
	return u
}

func (u urlParts) parseAuthority() {
	host, ok := u["authority"]
	if !ok {
		return
	}
	if info, rest, ok := strings.Cut(host, "@"); ok {
		host, u["userinfo"] = rest, info
		u["user"] = info
		if i := strings.LastIndexByte(info, ':'); i >= 0 {
			u["user"], u["password"] = info[:i], info[i+1:]
		}
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.Contains(host[i:], "]") {
		host, u["port"] = host[:i], host[i+1:]
	}
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		host = host[1 : len(host)-1]
	}
	if host != "" {
		u["host"] = host
	}
}

func (u urlParts) build() string {
	s := u["path"]
	for _, part := range []struct{ mark, name string }{{";", "params"}, {"?", "query"}} {
		if v, ok := u[part.name]; ok {
			s += part.mark + v
		}
	}
	if authority, ok := u.buildAuthority(); ok {
		s = "//" + authority + s
	}
	if scheme, ok := u["scheme"]; ok {
		s = scheme + ":" + s
	}
	if fragment, ok := u["fragment"]; ok {
		s += "#" + fragment
	}
	return s
}

func (u urlParts) buildAuthority() (string, bool) {
	host, ok := u["host"]
	if !ok {
		authority, ok := u["authority"]
		return authority, ok
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port, ok := u["port"]; ok {
		host += ":" + port
	}
	info, ok := u["userinfo"]
	if user, hasUser := u["user"]; hasUser {
		info, ok = user, true
		if password, has := u["password"]; has {
			info += ":" + password
		}
	}
	if ok {
		host = info + "@" + host
	}
	return host, true
}

func urlFromTable(t *lua.LTable) urlParts {
	u := urlParts{}
	t.ForEach(func(k, v lua.LValue) {
		if name, ok := k.(lua.LString); ok && lua.LVCanConvToString(v) {
			u[string(name)] = lua.LVAsString(v)
		}
	})
	return u
}

// urlParse: URL, table of defaults.
func urlParse(L *lua.LState) int {
	s, ok := L.Get(1).(lua.LString)
	if !ok || s == "" {
		return pushFailure(L, "invalid url")
	}
	t := L.NewTable()
	if defaults, ok := L.Get(2).(*lua.LTable); ok {
		defaults.ForEach(t.RawSet)
	}
	for name, v := range parseURL(string(s)) {
		t.RawSetString(name, lua.LString(v))
	}
	L.Push(t)
	return 1
}

// urlAbsolute: base (text or table), relative URL.
func urlAbsolute(L *lua.LState) int {
	var base urlParts
	if t, ok := L.Get(1).(*lua.LTable); ok {
		base = urlFromTable(t)
	} else {
		base = parseURL(L.CheckString(1))
	}
	relative := L.CheckString(2)
	u := parseURL(relative)
	if _, ok := u["scheme"]; ok {
		return pushString(L, relative)
	}
	if relative == "" {
		return pushString(L, base.build())
	}
	u.complete(base)
	return pushString(L, u.build())
}

// complete takes the parts that a relative URL lacks from its base.
func (u urlParts) complete(base urlParts) {
	take := func(name string) bool {
		_, has := u[name]
		if v, ok := base[name]; ok && !has {
			u[name] = v
		}
		return !has
	}
	take("scheme")
	if _, ok := u["authority"]; ok {
		return
	}
	for _, name := range []string{"authority", "host", "port", "userinfo", "user", "password"} {
		take(name)
	}
	if path, ok := u["path"]; ok {
		u["path"] = absolutePath(base["path"], path)
		return
	}
	if take("path"); take("params") {
		take("query")
	}
}

// absolutePath joins a path to the directory of another and resolves its dots (RFC 3986 §5.2.4).
func absolutePath(base, path string) string {
	if !strings.HasPrefix(path, "/") {
		path = base[:strings.LastIndexByte(base, '/')+1] + path
	}
	var out []string
	segments := strings.Split(path, "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".", "..":
			if s == ".." && len(out) > 1 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return strings.Join(out, "/")
}

func escapeURL(s, keep, format string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, format, c)
		}
	}
	return b.String()
}

func unescapeURL(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && hexDigit(s[i+1]) >= 0 && hexDigit(s[i+2]) >= 0 {
			b.WriteByte(byte(hexDigit(s[i+1])<<4 | hexDigit(s[i+2])))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// urlParsePath gives the segments, with is_absolute and is_directory.
func urlParsePath(L *lua.LState) int {
	path := L.OptString(1, "")
	t := L.NewTable()
	for _, s := range strings.Split(path, "/") {
		if s != "" {
			t.Append(lua.LString(unescapeURL(s)))
		}
	}
	if strings.HasPrefix(path, "/") {
		t.RawSetString("is_absolute", lua.LNumber(1))
	}
	if strings.HasSuffix(path, "/") {
		t.RawSetString("is_directory", lua.LNumber(1))
	}
	L.Push(t)
	return 1
}

// urlBuildPath: segments as urlParsePath gives them, whether to leave them unescaped.
func urlBuildPath(L *lua.LState) int {
	t := L.CheckTable(1)
	var segments []string
	for _, v := range list(L, t) {
		s := lua.LVAsString(v)
		if !isTrue(L, 2) {
			s = escapeURL(s, "-_.!~*'():@&=+$,", "%%%02X")
		}
		segments = append(segments, s)
	}
	path := strings.Join(segments, "/")
	if path != "" && lua.LVAsBool(t.RawGetString("is_directory")) {
		path += "/"
	}
	if lua.LVAsBool(t.RawGetString("is_absolute")) {
		path = "/" + path
	}
	return pushString(L, path)
}
