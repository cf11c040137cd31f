package interop

import (
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/spec"
	"quatrain/xmpp/jid"
)

// The scripts of Debian's modules that bring a configuration say what Prosody does with those modules: they are played there, too. A second line
// "# not on prosody: WHY" in a configuration says that Prosody goes another way.
func TestDebianModulesOnProsody(t *testing.T) {
	if _, err := exec.LookPath("prosody"); err != nil {
		missing(t, "prosody")
	}
	files, err := filepath.Glob("testdata/debian/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("configurations: %v, %v", files, err)
	}
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, file := range files {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			t.Run(strings.TrimSuffix(filepath.Base(file), ".toml"), func(t *testing.T) { debianModuleOnProsody(t, file) })
		})
	}
	all.Wait()
}

func debianModuleOnProsody(t *testing.T, file string) {
	script := strings.TrimSuffix(file, ".toml") + ".scs"
	text, _ := configOf(t, script)
	data := t.TempDir()
	for account, password := range people {
		writeAccount(t, data, jid.MustParse(account), password)
	}
	address, stop := startProsody(t, data, debianConfigForProsody(t, file, text))
	defer stop()
	_, differs := reasonAgainstProsody(text)
	player := spec.Player{Dial: spec.Only(address), Timeout: 4 * spec.DefaultTimeout, Register: true}
	if differs {
		player.Timeout = 2 * time.Second
	}
	err := player.Play(t.Context(), parseScript(t, script))
	if (err != nil) != differs {
		t.Errorf("%s says that Prosody goes another way: %v; on Prosody: %v", file, differs, err)
	}
}

func reasonAgainstProsody(config string) (why string, given bool) {
	_, rest, _ := strings.Cut(config, "\n")
	second, _, _ := strings.Cut(rest, "\n")
	return strings.CutPrefix(second, "# not on prosody: ")
}

// debianConfigForProsody is a script's configuration for Prosody, which has the modules under their own names.
func debianConfigForProsody(t *testing.T, file, text string) string {
	t.Helper()
	config := readPlugins(t, file)
	config.Global["plugin_paths"] = []any{"../modules"}
	sections := []map[string]any{config.Global}
	sections = slices.AppendSeq(sections, maps.Values(config.Host))
	sections = slices.AppendSeq(sections, maps.Values(config.Component))
	for _, options := range sections {
		delete(options, "modules_disabled") // our own, in whose place Debian's are
		for name, v := range options {
			if path, ok := v.(string); ok && strings.HasPrefix(path, "testdata/") {
				options[name] = absolutePath(t, path)
			}
		}
		for _, entry := range debianNames(t, text) {
			if link, name, renamed := cutLink(entry); renamed {
				rename(options, link, name)
			}
		}
	}
	return config.forProsody(file, "offline")
}

func rename(options map[string]any, link, name string) {
	modules, _ := options["modules_enabled"].([]any)
	if at := slices.Index(modules, any(link)); at >= 0 {
		modules[at] = name
	}
	if options["plugin"] == link {
		options["plugin"] = name
	}
	for option, prefix := range map[string]string{"storage": "storage_", "default_storage": "storage_", "authentication": "auth_"} {
		if short, ok := strings.CutPrefix(link, prefix); ok && options[option] == short {
			options[option] = strings.TrimPrefix(name, prefix)
		}
	}
	stores, _ := options["storage"].(map[string]any)
	for store, driver := range stores {
		if "storage_"+driver.(string) == link {
			stores[store] = strings.TrimPrefix(name, "storage_")
		}
	}
}
