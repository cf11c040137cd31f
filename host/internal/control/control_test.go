package control_test

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quatrain/host/internal/control"
)

func TestAskAndAnswer(t *testing.T) {
	for name, below := range map[string]string{"short path": "", "path longer than a socket's may be": strings.Repeat("long", 30)} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), below)
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			client := control.NewClient(dir)
			if err := client.Do(t.Context(), "GET", "/x", nil, nil); !errors.Is(err, control.ErrNoServer) {
				t.Fatalf("without a server: %v", err)
			}
			l, err := control.Listen(dir)
			if err != nil {
				t.Fatal(err)
			}
			mux := http.NewServeMux()
			mux.Handle("GET /x", control.Answer(func(r *http.Request) (any, error) {
				if name := r.FormValue("name"); name != "" {
					return []string{name}, nil
				}
				return nil, errors.New("no name")
			}))
			srv := http.Server{Handler: mux}
			go srv.Serve(l)
			defer srv.Close()
			var got []string
			if err := client.Do(t.Context(), "GET", "/x", url.Values{"name": {"Romeo"}}, &got); err != nil || len(got) != 1 || got[0] != "Romeo" {
				t.Errorf("got %q, %v", got, err)
			}
			if err := client.Do(t.Context(), "GET", "/x", nil, nil); err == nil || err.Error() != "no name" {
				t.Errorf("a refusal: %v", err)
			}
			if err := srv.Close(); err != nil {
				t.Fatal(err)
			}
			if err := client.Do(t.Context(), "GET", "/x", nil, nil); !errors.Is(err, control.ErrNoServer) {
				t.Errorf("after the server's end: %v", err)
			}
			again, err := control.Listen(dir) // where a socket is left over
			if err != nil {
				t.Fatal(err)
			}
			again.Close()
		})
	}
}
