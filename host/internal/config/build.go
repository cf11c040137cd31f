package config

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"quatrain/sdk"
	"quatrain/xmpp/jid"
)

// Words that sections begin with.
const (
	wordGlobal    = "global"
	wordHost      = "host"
	wordComponent = "component"
	wordPlugin    = "plugin"
)

var words = []string{wordGlobal, wordHost, wordComponent, wordPlugin}

// builder makes a Config of a document and collects what is wrong with it.
type builder struct {
	problems
	c      *Config
	blocks []*block
}

// block is a section of the document.
type block struct {
	word, name string
	line       int
	options    map[string]option
	order      []string
}

// label is the section as the file has it.
func (b *block) label() string {
	switch b.word {
	case wordGlobal:
		return "[global]"
	case wordPlugin:
		return fmt.Sprintf("[plugin.%s]", b.name)
	}
	return fmt.Sprintf("[%s.%q]", b.word, b.name)
}

func (b *builder) build(doc *document) {
	b.collect(doc)
	for _, bl := range b.blocks {
		b.place(bl)
	}
	b.addManifests()
	for _, bl := range b.blocks {
		b.check(bl)
	}
	if len(b.c.hosts) == 0 && len(b.list) == 0 {
		b.add(0, `there is no host: add a section like [host."example.org"]`)
	}
	b.resolvePlugins()
}

// collect sorts the lines of the document into blocks.
func (b *builder) collect(doc *document) {
	var wrong [][]string
	for _, h := range doc.headings {
		if problem := misplaced(h.path, true); problem != "" {
			b.add(h.line, "%s", problem)
			wrong = append(wrong, h.path)
			continue
		}
		b.block(h.path, h.line)
	}
	for _, e := range doc.entries {
		if slices.ContainsFunc(wrong, func(w []string) bool { return slices.Equal(w, e.table) }) {
			continue
		}
		path := append(slices.Clone(e.table), e.key...)
		if problem := misplaced(path, false); problem != "" {
			b.add(e.line, "%s", problem)
			continue
		}
		bl := b.block(path, e.line)
		bl.put(path[bl.depth():], e)
	}
}

// misplaced says what is wrong with a path: that of a section, or that of an option.
func misplaced(path []string, heading bool) string {
	depth := 2
	if path[0] == wordGlobal {
		depth = 1
	}
	switch {
	case !slices.Contains(words, path[0]):
		return unknownWord(path, heading)
	case len(path) < depth && heading:
		return fmt.Sprintf(`[%s] needs a name, as in [%s."example"]`, path[0], path[0])
	case len(path) <= depth && !heading:
		return fmt.Sprintf("%s: want a section of its own, in brackets", strings.Join(path, "."))
	}
	return ""
}

func unknownWord(path []string, heading bool) string {
	if !heading && len(path) == 1 {
		return fmt.Sprintf("%s: options stand in a section; put it below [global]", path[0])
	}
	text := fmt.Sprintf(`unknown section [%s]: want [global], [host."…"], [component."…"] or [plugin.…]`, quoted(path))
	meant := map[string]string{"virtualhost": wordHost, "vhost": wordHost, "*": wordGlobal, "modules": wordPlugin}[strings.ToLower(path[0])]
	if meant == "" {
		meant = nearest(path[0], words)
	}
	if meant != "" {
		text += fmt.Sprintf("; did you mean [%s]?", quoted(append([]string{meant}, path[1:]...)))
	}
	return text
}

// quoted is a path of names, the first of them bare.
func quoted(path []string) string {
	text := path[0]
	for _, name := range path[1:] {
		text += "." + strconv.Quote(name)
	}
	return text
}

// block is the block that a path leads to, made when it is seen first.
func (b *builder) block(path []string, line int) *block {
	word, name := path[0], ""
	if word != wordGlobal {
		name = path[1]
	}
	for _, bl := range b.blocks {
		if bl.word == word && bl.name == name {
			return bl
		}
	}
	bl := &block{word: word, name: name, line: line, options: map[string]option{}}
	b.blocks = append(b.blocks, bl)
	return bl
}

func (b *block) depth() int {
	if b.word == wordGlobal {
		return 1
	}
	return 2
}

// put adds an option; one of several parts is a table.
func (b *block) put(key []string, e entry) {
	if _, ok := b.options[key[0]]; !ok {
		b.order = append(b.order, key[0])
	}
	if len(key) == 1 {
		b.options[key[0]] = option{e.value, e.line}
		return
	}
	o, ok := b.options[key[0]]
	if !ok {
		o = option{map[string]any{}, e.line}
		b.options[key[0]] = o
	}
	if t, ok := o.value.(map[string]any); ok {
		put(t, key[1:], e.value)
	}
}

// place makes a block the section of a host, or of all.
func (b *builder) place(bl *block) {
	switch bl.word {
	case wordGlobal:
		b.c.sections[Global] = bl.options
	case wordHost, wordComponent:
		b.placeHost(bl)
	}
}

func (b *builder) placeHost(bl *block) {
	j, err := jid.Parse(bl.name)
	if err != nil || !j.IsHost() {
		b.add(bl.line, "%s: %q is not a host name", bl.label(), bl.name)
		return
	}
	h := Host{Name: j.String(), Type: sdk.HostLocal, Enabled: true, Line: bl.line}
	if at := slices.IndexFunc(b.c.hosts, func(o Host) bool { return o.Name == h.Name }); at >= 0 {
		b.add(bl.line, "%s: host %q is there already, in line %d", bl.label(), h.Name, b.c.hosts[at].Line)
		return
	}
	if v, ok := bl.take("enabled"); ok {
		if h.Enabled, ok = v.value.(bool); !ok {
			b.add(v.line, "%s enabled: want true or false, got %s", bl.label(), shown(v.value))
		}
	}
	if bl.word == wordComponent {
		h.Type = sdk.HostComponent
	}
	h.Plugin = b.mainPlugin(bl)
	b.c.sections[h.Name] = bl.options
	b.c.hosts = append(b.c.hosts, h)
}

// mainPlugin is the plugin of a component, as it is written.
func (b *builder) mainPlugin(bl *block) string {
	v, ok := bl.take("plugin")
	switch {
	case bl.word == wordHost && ok:
		b.add(v.line, "%s plugin: only components have a main plugin; use modules_enabled, or [component.%q]", bl.label(), bl.name)
		return ""
	case bl.word == wordHost:
		return ""
	case !ok:
		b.add(bl.line, "%s: plugin is missing: which plugin is the component?", bl.label())
		return ""
	}
	name, ok := v.value.(string)
	if !ok || name == "" {
		b.add(v.line, "%s plugin: want the name of a plugin, got %s", bl.label(), shown(v.value))
	}
	bl.options["component_module"] = v // Prosody's name for it
	return name
}

// take removes an option that is not one of the options of modules.
func (b *block) take(name string) (option, bool) {
	o, ok := b.options[name]
	delete(b.options, name)
	b.order = slices.DeleteFunc(b.order, func(s string) bool { return s == name })
	return o, ok
}

// addManifests reads those of the operator's own plugins, whose options are then known.
func (b *builder) addManifests() {
	for _, dir := range b.c.PluginPaths() {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			b.add(b.c.sections[Global]["plugin_paths"].line, "[global] plugin_paths: there is no directory %s", dir)
			continue
		}
		if err := b.c.catalog.addAll(os.DirFS(dir)); err != nil {
			b.add(b.c.sections[Global]["plugin_paths"].line, "[global] plugin_paths: %s: %v", dir, err)
		}
	}
}

// resolvePlugins puts proper names in the place of aliases.
func (b *builder) resolvePlugins() {
	for i := range b.c.hosts {
		h := &b.c.hosts[i]
		if h.Plugin = b.c.Resolve(h.Plugin); h.Plugin != "" {
			o := b.c.sections[h.Name]["component_module"]
			o.value = h.Plugin
			b.c.sections[h.Name]["component_module"] = o
		}
	}
}
