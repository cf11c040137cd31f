package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// victimEnv names the database in the process that TestKill kills.
const victimEnv = "STORAGE_TEST_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victimEnv); path != "" {
		fmt.Fprintln(os.Stderr, victim(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// victim writes until it is killed, and says on its output what is durable.
func victim(path string) error {
	d, err := Open(context.Background(), path, Options{})
	if err != nil {
		return err
	}
	var out sync.Mutex
	failed := make(chan error)
	for w := range 6 {
		go func() {
			for n := 1; ; n++ {
				acknowledged, err := victimWrite(d, w, n)
				if err != nil {
					failed <- err
					return
				}
				out.Lock()
				fmt.Println(acknowledged)
				out.Unlock()
			}
		}()
	}
	return <-failed
}

// victimWrite makes one write and waits until it is durable: half of the writers on a chain.
func victimWrite(d *Driver, w, n int) (string, error) {
	ctx := context.Background()
	chain := sdk.NewChain(ctx)
	if w%2 == 0 {
		ctx = chain
	}
	user := fmt.Sprint("user", w)
	acknowledged := fmt.Sprint("table ", user, " ", n)
	err := (&table{d, "verona.lit", "s"}).Set(ctx, user, sdk.Data{"n": n, "padding": strings.Repeat("x", 300)})
	if err == nil && n%3 == 0 {
		var id string
		id, err = (&archiveStore{d, "verona.lit", "log"}).Append(ctx, user, "", stanza.Message("x"), time.Time{}, "")
		acknowledged += " " + id
	}
	if err == nil && chain.Ticket() != nil {
		err = chain.Ticket().Wait()
	}
	return acknowledged, err
}

// TestKill: whatever was acknowledged before the process was killed is there afterwards.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	for range 6 {
		lines := killAfter(t, path, 20+rand.IntN(600))
		checkKept(t, path, lines)
	}
}

func killAfter(t *testing.T, path string, lines int) (acknowledged []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	for r := bufio.NewReader(out); ; {
		line, err := r.ReadString('\n')
		if err == io.EOF {
			break // what is cut off does not count
		}
		if acknowledged = append(acknowledged, strings.TrimSpace(line)); len(acknowledged) == lines {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || len(acknowledged) < lines {
		t.Fatalf("the process ended by itself after %d lines: %v", len(acknowledged), err)
	}
	return acknowledged
}

func checkKept(t *testing.T, path string, acknowledged []string) {
	t.Helper()
	d := open(t, path, nil)
	defer d.Close()
	tab, log := &table{d, "verona.lit", "s"}, &archiveStore{d, "verona.lit", "log"}
	for _, line := range acknowledged {
		var user, id string
		var n float64
		if _, err := fmt.Sscanf(line+" ", "table %s %f %s", &user, &n, &id); n == 0 {
			t.Fatalf("%q: %v", line, err)
		}
		if got, err := tab.GetKey(t.Context(), user, "n"); err != nil || got.(float64) < n {
			t.Fatalf("%s: acknowledged %v, kept %v, %v", user, n, got, err)
		}
		if id != "" {
			if _, err := log.Get(t.Context(), user, id); err != nil {
				t.Fatalf("acknowledged entry %s: %v", id, err)
			}
		}
	}
}
