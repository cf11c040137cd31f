package interop

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/spec"
	"quatrain/xmpp/jid"
)

// differencesFile says which scripts go otherwise on Prosody, and why.
const differencesFile = "../docs/compatibility.md"

// atOnce is how many Prosodys run beside each other: most of the time they and the scripts wait for something.
const atOnce = 6

// TestScriptsOnProsody plays all protocol scripts of the repository on Debian's Prosody. Those that the document lists go otherwise there,
// and all others go as they do here.
func TestScriptsOnProsody(t *testing.T) {
	if _, err := exec.LookPath("prosody"); err != nil {
		missing(t, "prosody")
	}
	files := protocolScripts(t)
	document := readDifferences(t)
	var mu sync.Mutex // guards counts and played
	counts, played := map[string][2]int{}, 0
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, file := range files {
		name := scriptName(file)
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			t.Run(name, func(t *testing.T) {
				err := playOnProsody(t, file, document.scripts[name])
				if differs := err != nil; differs != document.scripts[name] && !document.sometimes[name] {
					t.Errorf("%s lists it: %v; on Prosody: %v", differencesFile, document.scripts[name], err)
				}
				mu.Lock()
				defer mu.Unlock()
				played++
				count := counts[folderName(file)]
				count[asInt(document.scripts[name])]++
				counts[folderName(file)] = count
			})
		})
	}
	all.Wait()
	document.checkScripts(t, files)
	if played == len(files) { // no filter
		document.checkCounts(t, counts)
	}
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func protocolScripts(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"../spec/*.scs", "../spec/*/*.scs", "../plugins/*/spec/*.scs", "../examples/room_greeting/spec/*.scs"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Fatal("no scripts found")
	}
	return files
}

// folderName is the plugin that a script belongs to, or spec.
func folderName(file string) string {
	parts := strings.Split(filepath.ToSlash(file), "/")
	if parts[1] == "spec" {
		return "spec"
	}
	return parts[2]
}

func scriptName(file string) string {
	return folderName(file) + "/" + strings.TrimSuffix(filepath.Base(file), ".scs")
}

// playOnProsody plays a script on a Prosody of its own. One that is known to go otherwise is not waited for as long.
func playOnProsody(t *testing.T, file string, differs bool) error {
	script := parseScript(t, file)
	data := t.TempDir()
	for _, client := range script.Clients {
		writeAccount(t, data, jid.MustParse(client.JID), client.Password)
	}
	address, stop := startProsody(t, data, prosodyConfigOf(t, configurationFor(t, file)))
	defer stop()
	player := spec.Player{Dial: spec.Only(address), Timeout: 6 * spec.DefaultTimeout}
	if differs {
		player.Timeout = 2 * time.Second
	}
	return player.Play(t.Context(), script)
}

// writeAccount makes an account in Prosody's data directory.
func writeAccount(t *testing.T, data string, account jid.JID, password string) {
	t.Helper()
	if account.Local() == "" {
		return // anonymous
	}
	dir := filepath.Join(data, account.Domain(), "accounts")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("return { [\"password\"] = %q; };\n", password)
	if err := os.WriteFile(filepath.Join(dir, account.Local()+".dat"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// configurationFor is the plugins.toml beside a script or in the folder above, else that of the repository.
func configurationFor(t *testing.T, file string) string {
	t.Helper()
	dir := filepath.Dir(file)
	for _, candidate := range []string{filepath.Join(dir, "plugins.toml"), filepath.Join(filepath.Dir(dir), "plugins.toml")} {
		if _, err := os.Stat(candidate); err == nil {
			return candidate
		} else if !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return "../plugins.toml"
}

// differences is what the document says: which scripts go otherwise, which of them (marked "~") only sometimes, and its counts by folder of
// those that do not and that do.
type differences struct {
	scripts, sometimes map[string]bool
	counts             map[string][2]int
}

var (
	countsHeading = regexp.MustCompile(`^### (\w+): (\d+) as written, (\d+) not$`)
	firstCell     = regexp.MustCompile("^\\| (`[^|]*) \\|")
	quotedName    = regexp.MustCompile("`(\\w+)`( ~)?")
)

// readDifferences reads the tables below headings with counts: the first cell of a row names scripts of that plugin.
func readDifferences(t *testing.T) differences {
	t.Helper()
	text, err := os.ReadFile(differencesFile)
	if err != nil {
		t.Fatal(err)
	}
	d := differences{scripts: map[string]bool{}, sometimes: map[string]bool{}, counts: map[string][2]int{}}
	plugin := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			plugin = ""
		}
		if m := countsHeading.FindStringSubmatch(line); m != nil {
			plugin = m[1]
			var same, other int
			fmt.Sscan(m[2]+" "+m[3], &same, &other)
			d.counts[plugin] = [2]int{same, other}
		} else if m := firstCell.FindStringSubmatch(line); m != nil && plugin != "" {
			for _, name := range quotedName.FindAllStringSubmatch(m[1], -1) {
				d.scripts[plugin+"/"+name[1]] = true
				d.sometimes[plugin+"/"+name[1]] = name[2] != ""
			}
		}
	}
	return d
}

// checkScripts finds rows of scripts that are not there.
func (d differences) checkScripts(t *testing.T, files []string) {
	t.Helper()
	for name := range d.scripts {
		if !slices.ContainsFunc(files, func(file string) bool { return scriptName(file) == name }) {
			t.Errorf("%s: there is no script %s", differencesFile, name)
		}
	}
}

// checkCounts compares the headings' counts with those found. A folder without a difference needs no table.
func (d differences) checkCounts(t *testing.T, counts map[string][2]int) {
	t.Helper()
	for folder, found := range counts {
		if stated, has := d.counts[folder]; found != stated && (has || found[1] > 0) {
			t.Errorf("%s: want the heading %q", differencesFile, fmt.Sprintf("### %s: %d as written, %d not", folder, found[0], found[1]))
		}
	}
}
