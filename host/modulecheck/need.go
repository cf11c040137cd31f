package modulecheck

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"quatrain/host/internal/luabridge/luascan"
)

// need is what a module lacks.
type need struct {
	text   string
	at     string // "file:line", "" if that is not known
	line   int    // of that, if the file is the module's main one
	syntax bool
	// named is the option that the error speaks of.
	named *luascan.Option
}

var position = regexp.MustCompile(`^([^ :]+\.lua):(\d+): `)

// missing reads an error of loading.
func (a *attempt) missing() need {
	n := need{}
	text := strings.TrimPrefix(a.err.Error(), "module.load: ")
	if found := position.FindStringSubmatch(text); found != nil {
		n.at, text = found[1]+":"+found[2], text[len(found[0]):]
	}
	for inner := position.FindString(text); inner != ""; inner = position.FindString(text) {
		text = text[len(inner):] // an error that was raised again names where it came from, too
	}
	n.line = a.ownLine(n.at)
	if n.at == "" && n.line > 0 {
		n.at = place("mod_"+a.module+".lua", n.line)
	}
	n.text = wording(text)
	if n.named = a.ex.Scan.OptionIn(text); n.named == nil {
		n.named = optionLike(text)
	}
	if n.named == nil {
		if o := a.ex.Scan.OptionAt(n.line); o != nil {
			n.text = "option " + o.Name + " (" + n.text + ")"
		}
	}
	return n
}

// ownLine is the line of the module's main file that the error came from, by its place or by the traceback; 0 if that is not known.
func (a *attempt) ownLine(at string) int {
	file := "mod_" + a.module + ".lua:"
	if number, ok := strings.CutPrefix(at, file); ok {
		line, _ := strconv.Atoi(number)
		return line
	}
	var traced interface {
		error
		Stack() string
	}
	if !errors.As(a.err, &traced) {
		return 0
	}
	_, after, _ := strings.Cut(traced.Stack(), "\t"+file)
	number, _, _ := strings.Cut(after, ":")
	line, _ := strconv.Atoi(number)
	return line
}

var (
	aboutOptions = regexp.MustCompile(`(?i)\b(option|options|config|configured|configuration|setting|settings)\b`)
	optionName   = regexp.MustCompile(`\b[a-z][a-z0-9]*(_[a-z0-9]+)+\b`)
)

// optionLike is the option that a message seems to speak of, although the module makes its name as it runs.
func optionLike(message string) *luascan.Option {
	if name := optionName.FindString(message); name != "" && aboutOptions.MatchString(message) {
		return &luascan.Option{Name: name}
	}
	return nil
}

// wordings turn what the server says into what is needed.
var wordings = []struct {
	pattern *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`^module '([^']+)' not found:`), `library "$1"`},
	{regexp.MustCompile(`requires the feature "([^"]+)"`), `feature "$1"`},
	{regexp.MustCompile(`^module "[^"]+" has no library "([^"]+)"`), `its file "$1"`},
	{regexp.MustCompile(`module-not-found: "([^"]+)"`), `module "$1"`},
	{regexp.MustCompile(`^(\S+) is not available in this server`), `$1`},
}

// scratch are the directories that a server has for one attempt.
var scratch = regexp.MustCompile(`\S*/quatrain-check-\d+`)

// wording is the first line of a message, in words that are the same each time.
func wording(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	text = scratch.ReplaceAllString(text, "DATA")
	for _, w := range wordings {
		if found := w.pattern.FindStringSubmatchIndex(text); found != nil {
			return string(w.pattern.ExpandString(nil, w.text, text, found))
		}
	}
	return text
}

// sample is a value for an option, of the type that the module asks for; what the name says of it is kept to.
func sample(o luascan.Option) any {
	switch o.Kind {
	case "_number", "_integer", "_interval", "_period":
		return 1.0
	case "_boolean":
		return true
	case "_array", "_set", "_inherited_set":
		return []any{"example.org"}
	}
	name := "_" + strings.ToLower(o.Name) + "_"
	for _, s := range []struct{ part, value string }{
		{"_url_", "http://localhost/"}, {"_uri_", "http://localhost/"}, {"_jid_", "example.org"}, {"_host_", "example.org"},
		{"_port_", "1"}, {"_path_", "/nonexistent"}, {"_file_", "/nonexistent"}, {"_dir_", "/nonexistent"},
	} {
		if strings.Contains(name, s.part) {
			return s.value
		}
	}
	return "sample"
}
